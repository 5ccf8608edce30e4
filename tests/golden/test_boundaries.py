"""The maps of England: every council of today, and those of a county that was reorganised."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl
import pytest

from moothall.analysis.shapes import draw_shapes
from moothall.core.areas import LOWER_TIER_CLASSES, UPPER_TIER_CLASSES, AreaClass, Register
from moothall.core.boundaries import Boundaries
from moothall.ingest.boundaries import build_boundaries
from moothall.ingest.vault import hash_bytes
from tests.golden.carried import MIRROR, ROOT, load_definitions, needs_files

TODAY = date(2026, 3, 31)
CUMBRIA = {
    "E07000026": "Allerdale",
    "E07000027": "Barrow-in-Furness",
    "E07000028": "Carlisle",
    "E07000029": "Copeland",
    "E07000030": "Eden",
    "E07000031": "South Lakeland",
}


@cache
def register() -> Register:
    return Register.read(ROOT / "edition" / "areas")


@cache
def shapes(layout: str) -> pl.DataFrame:
    drawn = draw_shapes(Boundaries.read(ROOT / "edition" / "boundaries"), register())
    return drawn.filter(layout=layout)


def drawn_in(layout: str, codes: set[str]) -> set[str]:
    return codes & set(shapes(layout).get_column("area_code"))


@pytest.mark.parametrize("layout", ["map", "hex-2023"])
@pytest.mark.parametrize(("classes", "many"), [(LOWER_TIER_CLASSES, 296), (UPPER_TIER_CLASSES, 153)])
def test_every_council_of_today_is_drawn(layout: str, classes: frozenset[AreaClass], many: int) -> None:
    alive = {area.code for area in register().alive(TODAY, classes)}
    assert len(alive) == many
    assert drawn_in(layout, alive) == alive


@pytest.mark.parametrize("layout", ["map", "hex-2019", "hex-2021"])
def test_cumbria_had_six_districts_until_2023(layout: str) -> None:
    assert {register().areas[code].name for code in CUMBRIA} == set(CUMBRIA.values())
    assert drawn_in(layout, set(CUMBRIA)) == set(CUMBRIA)
    assert drawn_in(layout, {"E10000006"}) == {"E10000006"}


@pytest.mark.parametrize(
    ("layout", "first", "last"),
    [
        ("hex-2019", date(2019, 4, 1), date(2020, 3, 31)),
        ("hex-2021", date(2021, 4, 1), date(2023, 3, 31)),
        ("hex-2023", date(2023, 4, 1), TODAY),
    ],
)
def test_hexagons_fit_the_councils_of_their_time_and_no_others(layout: str, first: date, last: date) -> None:
    for day in (first, last):
        alive = {area.code for area in register().alive(day, LOWER_TIER_CLASSES)}
        assert drawn_in(layout, alive) == alive
    before = {area.code for area in register().alive(date(2018, 4, 1), LOWER_TIER_CLASSES)}
    assert drawn_in(layout, before) != before


def test_old_codes_lead_to_todays() -> None:
    drawn = set(shapes("map").get_column("area_code")) | set(shapes("hex-2019").get_column("area_code"))
    assert drawn <= set(register().areas)
    assert {"E08000038", "E08000039"} <= drawn_in("hex-2019", {"E08000038", "E08000039"})


def test_england_lies_as_it_should() -> None:
    """Northmost, eastmost, westmost and southmost, without a look at the projection."""
    today = {area.code for area in register().alive(TODAY, LOWER_TIER_CLASSES)}
    drawn = shapes("map").filter(pl.col("area_code").is_in(sorted(today)))

    def find(column: str, *, least: bool) -> str:
        return str(drawn.sort(column, descending=not least).row(0, named=True)["area_code"])

    assert register().areas[find("y_min", least=True)].name == "Northumberland"
    assert register().areas[find("x_max", least=False)].name == "East Suffolk"
    assert register().areas[find("x_min", least=True)].name == "Isles of Scilly"
    assert register().areas[find("y_max", least=False)].name == "Isles of Scilly"


@needs_files
def test_the_edition_is_cut_from_the_published_files() -> None:
    definition = load_definitions().boundaries
    assert definition is not None
    raw = {source.key: (MIRROR / source.mirror).read_bytes() for source in definition.sources}
    assert {source.key: source.sha256 for source in definition.sources} == {k: hash_bytes(v) for k, v in raw.items()}
    for name, content in build_boundaries(raw).items():
        assert (ROOT / "edition" / "boundaries" / name).read_bytes() == content
