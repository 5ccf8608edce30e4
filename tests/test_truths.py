"""Every truth planted in Barsetshire comes out of observations, figures, pages, CSV and JSON as it went in."""

from __future__ import annotations

import csv
import io
import re
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import django
import polars as pl
import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from moothall.core.values import Marker
from moothall.pipeline.edition import fetch, ingest
from moothall.pipeline.project import Project
from moothall.pipeline.release import build
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.barsetshire.make import add_fourth_source, make_project, write_csv
from tests.barsetshire.pages import find_rows, find_value, text_of
from tests.barsetshire.truths import Planted, Together, read_planted, read_together
from tests.conftest import BUILT, FETCHED, Barsetshire

COMPUTED = {Marker.NO_ROW, Marker.NOT_RESPONSIBLE}
ADDED_UP = {Marker.DERIVED_SUM}
planted = pytest.mark.parametrize("truth", read_planted(), ids=lambda truth: truth.truth)


@pytest.fixture(scope="module")
def site() -> Client:
    django.setup()
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def client(site: Client, barsetshire: Barsetshire, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
    return site


@pytest.fixture(scope="module")
def observations(barsetshire: Barsetshire) -> pl.DataFrame:
    return pl.read_parquet(barsetshire.release.directory / "parquet" / "observations.parquet")


def get_json(client: Client, path: str, asked: dict[str, Any] | None = None) -> Any:
    response = client.get(path, asked or {})
    assert response.status_code == 200, response.content
    return response.json()


def get_csv(client: Client, asked: dict[str, Any]) -> list[dict[str, str]]:
    response = client.get("/api/v1/figures", asked | {"format": "csv"})
    assert response.status_code == 200, response.content
    return list(csv.DictReader(io.StringIO(response.content.decode())))


@planted
def test_observations_hold_it(truth: Planted, barsetshire: Barsetshire, observations: pl.DataFrame) -> None:
    rows = observations.filter(
        metric_key=truth.metric, breakdown=truth.breakdown, area_code=truth.area, period=truth.period
    ).sort("known_on")
    is_derived = barsetshire.release.metric(truth.metric).source is None
    if truth.marker in COMPUTED | ADDED_UP or is_derived:
        assert rows.is_empty(), "it is worked out, never stored"
        return
    newest = rows.row(-1, named=True)
    assert (newest["value"], newest["marker"]) == (truth.value, truth.marker)


@planted
def test_the_figure_is_it(truth: Planted, barsetshire: Barsetshire) -> None:
    figure = barsetshire.release.figure(truth.metric, truth.area, truth.period, breakdown=truth.breakdown)
    assert figure.value == pytest.approx(truth.value, abs=1e-12) if truth.value is not None else figure.value is None
    assert (figure.marker, figure.text) == (truth.marker, truth.shown)
    if figure.value is None:
        assert (figure.rank, figure.mads_england, figure.band, figure.change) == (None,) * 4


@planted
def test_the_page_shows_it(truth: Planted, client: Client) -> None:
    asked = {} if truth.breakdown == "all" else {"breakdown": truth.breakdown}
    response = client.get(f"/figures/{truth.metric}/{truth.area}/{truth.period}", asked)
    assert response.status_code == 200
    assert find_value(response.content.decode()) == truth.shown
    if truth.marker in COMPUTED:
        assert "No cell of a published file stands behind this." in response.content.decode()
    if truth.marker in ADDED_UP:
        assert "It rests on the figures below." in response.content.decode()


@planted
def test_the_table_shows_it(truth: Planted, client: Client, barsetshire: Barsetshire) -> None:
    """Among all councils of England: whoever is not responsible is not among them."""
    asked = {"period": truth.period, "peers": "england"}
    response = client.get(
        f"/metrics/{truth.metric}", asked | ({"breakdown": truth.breakdown} if truth.breakdown != "all" else {})
    )
    assert response.status_code == 200
    rows = find_rows(response.content.decode())
    is_elsewhere = truth.marker in {Marker.NOT_RESPONSIBLE, *ADDED_UP}  # it would be counted twice
    if is_elsewhere or not barsetshire.release.area(truth.area).is_principal:
        assert truth.area not in rows
    else:
        note = " estimated" if truth.marker == Marker.ESTIMATED else ""
        assert rows[truth.area]["Value"] == truth.shown + note
        if truth.value is None:
            assert not any(character.isdigit() for character in rows[truth.area]["Distance from median"])


@planted
def test_downloads_hold_it(truth: Planted, client: Client) -> None:
    [row] = get_csv(client, truth.key)
    [figure] = get_json(client, "/api/v1/figures", truth.key)["figures"]
    one = get_json(
        client, f"/api/v1/figures/{truth.metric}/{truth.area}/{truth.period}", {"breakdown": truth.breakdown}
    )
    assert {name: one[name] for name in figure} == figure
    assert (figure["marker"], figure["text"]) == (truth.marker, truth.shown)
    assert (row["marker"], row["text"]) == (truth.marker or "", truth.shown)
    if truth.value is None:
        assert figure["value"] is None
        assert row["value"] == ""
    else:
        assert figure["value"] == pytest.approx(truth.value, abs=1e-12)
        assert float(row["value"]) == figure["value"]


@pytest.mark.parametrize("truth", read_together(), ids=lambda truth: truth.truth)
def test_councils_together(truth: Together, barsetshire: Barsetshire) -> None:
    summary = barsetshire.release.summary(truth.metric, truth.period, scope=truth.scope)
    assert (summary.eligible, summary.with_value) == (truth.eligible, truth.with_value)
    assert summary.median == (pytest.approx(truth.median, abs=1e-12) if truth.median is not None else None)
    assert summary.marker == truth.marker


def test_ties_are_decided_on_what_is_shown(barsetshire: Barsetshire) -> None:
    """7.125 and 7.13 are both shown as 7.13, so they share a rank."""
    figures = barsetshire.release.slice("carer-score", "2022-23")
    ranks = {figure.area_name: figure.rank for figure in figures if figure.rank}
    assert ranks == {
        "Courcy": 1,
        "Plumstead": 2,
        "Barchester": 3,
        "Gatherum": 3,
        "Framley": 5,
        "Ullathorne": 6,
        "Greshamsbury": 7,
    }


def test_limits_are_read_and_carried(barsetshire: Barsetshire, client: Client) -> None:
    figure = barsetshire.release.figure("care-satisfaction", "E06900010", "2022-23")
    assert (figure.lower, figure.upper) == (64.0, 68.0), "those of the row that won"
    [row] = get_csv(client, {"metric": "care-satisfaction", "area": "E06900010", "period": "2022-23"})
    assert (row["lower"], row["upper"]) == ("64", "68")
    withheld = barsetshire.release.figure("care-satisfaction", "E06900006", "2022-23")
    assert (withheld.lower, withheld.upper) == (None, None)


def test_no_two_regions_of_a_trace_have_one_label(client: Client) -> None:
    """A figure worked out from two cells, each of them in earlier files, too."""
    page = client.get("/figures/recycling-rate/E06900001/2020-21").content.decode()
    labels = re.findall(r'role="region" aria-label="([^"]+)"', page)
    assert sum("in earlier files" in label for label in labels) == 2
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize(
    ("area", "period"), [("E07900003", "2019-20"), ("E07900005", "2018-19"), ("E06900008", "2019-20")]
)
def test_a_council_has_no_figure_when_it_does_not_exist(
    area: str, period: str, barsetshire: Barsetshire, client: Client
) -> None:
    with pytest.raises(UnknownKey):
        barsetshire.release.figure("missed-collections", area, period)
    assert client.get(f"/api/v1/figures/missed-collections/{area}/{period}").status_code == 404
    assert get_csv(client, {"metric": "missed-collections", "area": area, "period": period}) == []


def test_an_old_code_leads_to_the_council(barsetshire: Barsetshire, client: Client) -> None:
    assert barsetshire.release.area("E06900009").code == "E06900010"
    assert client.get("/areas/E06900009").headers["Location"].startswith("/areas/E06900010/gatherum")
    [row] = get_csv(client, {"metric": "missed-collections", "area": "E06900009", "period": "2018-19"})
    assert (row["area"], row["value"]) == ("E06900010", "40")


def test_a_merged_council_leads_to_its_successor(client: Client) -> None:
    page = client.get("/areas/E07900003/crabtree-parva").content.decode()
    assert "/areas/E07900005/crabtree" in page
    areas = get_json(client, "/api/v1/areas/E07900005")
    assert {each["predecessor"] for each in areas["predecessors"]} == {"E07900003", "E07900004"}


def test_an_apostrophe_is_a_letter(client: Client) -> None:
    page = client.get("/areas/E07900006/st-ewolds").content.decode()
    assert "St Ewold" in page
    assert "St Ewold&amp;" not in page
    assert "St Ewold's" in text_of(page)


def test_nobody_is_left_out_and_nobody_is_there_twice(barsetshire: Barsetshire, client: Client) -> None:
    """Every principal council alive has a figure, a marker, or is not responsible, in every metric and period."""
    figures = barsetshire.release.figures(Selection(period="all"))
    keys = [(figure.metric, figure.breakdown, figure.area, figure.period) for figure in figures]
    assert len(keys) == len(set(keys))
    councils = {area.code for area in barsetshire.release.areas(principal_only=True)}
    for metric in barsetshire.release.metrics():
        assert councils <= {
            figure.area for figure in figures if (figure.metric, figure.period) == (metric.key, "2022-23")
        }
    rows = get_csv(client, {"period": "all"})
    assert [(row["metric"], row["breakdown"], row["area"], row["period"]) for row in rows] == keys
    for figure, row in zip(figures, rows, strict=True):
        assert (row["value"] == "") == (figure.value is None)
        assert figure.value is not None or figure.marker is not None, "an absence says why"
        assert row["marker"] == (figure.marker or "")


def test_not_responsible_is_a_third_state(barsetshire: Barsetshire, client: Client) -> None:
    """On the area's own page the service is among those that others run, and no figure stands for it."""
    page = text_of(client.get("/areas/E06900006/silverbridge").content.decode())
    assert "Services that others run here" in page
    elsewhere = page.split("Services that others run here")[1]
    assert re.search(r"Run by East Barsetshire Waste Authority (?:(?!Run by).)*Waste disposal", elsewhere)
    assert "landfill" not in page.split("Services that others run here")[0]
    stored = pl.read_parquet(barsetshire.release.directory / "parquet" / "figures.parquet")
    assert stored.filter(pl.col("marker").is_in(["not_responsible", "no_row"])).is_empty()
    figures = barsetshire.release.slice("waste-sent-to-landfill", "2022-23")
    markers = {figure.area: figure.marker for figure in figures}
    districts = {area.code for area in barsetshire.release.areas() if area.area_class == "district"}
    assert {code for code, marker in markers.items() if marker is Marker.NOT_RESPONSIBLE} == districts | {
        "E06900006",
        "E06900007",
    }


# Any file of zeros, numbers and gaps.

NAMES = (
    *("Barchester", "Plumstead", "Framley", "Greshamsbury", "Courcy", "Silverbridge", "Hogglestock"),
    *("Ullathorne", "Gatherum", "Barsetshire"),
)
GAPS = (":", "[c]", "")
CELLS = st.one_of(
    st.sampled_from(GAPS),
    st.sampled_from(("0", "0.0", "0.00", "-0", 0, 0.0)),
    st.integers(1, 9999),
    st.floats(0.001, 9999, allow_nan=False).map(lambda number: round(number, 3)),
)


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of one source, whose file each example writes."""
    root = make_project(tmp_path_factory.mktemp("libraries") / "barsetshire")
    for name in ("derived", "outcomes"):
        (root / "definitions" / f"{name}.yaml").unlink()
    shutil.rmtree(root / "definitions" / "neighbours")
    topics = root / "definitions" / "topics.yaml"
    topics.write_text(re.sub(r"    chain: .*\n", "", topics.read_text()))
    for path in (root / "definitions" / "sources").glob("*.yaml"):
        path.unlink()
    add_fourth_source(root)
    path = root / "definitions" / "sources" / "barset-libraries.yaml"
    markers = '{"n/a": not_available, ":": not_submitted, "[c]": suppressed, "": not_applicable}'
    path.write_text(path.read_text().replace('{"n/a": not_available}', markers))
    return Project(root)


@pytest.fixture(scope="module")
def environment() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@settings(max_examples=25)
@given(cells=st.lists(CELLS, min_size=len(NAMES), max_size=len(NAMES)))
def test_missing_is_never_zero_and_zero_is_never_missing(
    cells: list[str | float], libraries: Project, environment: pytest.MonkeyPatch, site: Client
) -> None:
    write_csv(
        libraries.root / "mirror" / "libraries" / "libraries_2022-23.csv",
        [("Council", "Visits per 1000"), *zip(NAMES, cells, strict=True)],
    )
    (libraries.definitions / "sources" / "barset-libraries.lock").unlink(missing_ok=True)
    for outcome in (fetch(libraries, [], libraries.root / "mirror", FETCHED), ingest(libraries, [])):
        assert outcome.problems.errors == []
    with tempfile.TemporaryDirectory() as elsewhere:
        written = build(replace_releases(libraries, Path(elsewhere)), built=BUILT)
        release = Release.open(written.path)
        environment.setenv("MOOTHALL_RELEASE", str(written.path))
        check_everywhere(dict(zip(NAMES, cells, strict=True)), release, site)


def replace_releases(project: Project, elsewhere: Path) -> Project:
    """The project with its releases in another place."""
    for name in ("definitions", "edition", "vault"):
        (elsewhere / name).symlink_to(project.root / name)
    return replace(project, root=elsewhere)


def check_everywhere(cells: dict[str, str | float], release: Release, site: Client) -> None:
    values = [float(cell) for cell in cells.values() if cell not in GAPS]
    if not values:
        return
    key = {"metric": "library-visits", "period": "2022-23"}
    summary = release.summary("library-visits", "2022-23", scope="england")
    is_covered = len(values) >= 6
    assert (summary.eligible, summary.with_value) == (10, len(values))
    assert summary.median == (pytest.approx(statistics.median(values)) if is_covered else None)
    csv_rows = {row["area_name"]: row for row in get_csv(site, key)}
    json_rows = {row["area_name"]: row for row in get_json(site, "/api/v1/figures", key)["figures"]}
    page = find_rows(site.get("/metrics/library-visits", {"period": "2022-23"}).content.decode())
    shown = {row["Council"]: row["Value"] for row in page.values()}
    for name, cell in cells.items():
        if cell in GAPS:
            assert csv_rows[name]["value"] == ""
            assert json_rows[name]["value"] is None
            assert csv_rows[name]["marker"] == json_rows[name]["marker"] != ""
            assert not any(character.isdigit() for character in shown[name])
        else:
            assert float(csv_rows[name]["value"]) == json_rows[name]["value"] == float(cell)
            assert csv_rows[name]["marker"] == ""
            assert json_rows[name]["marker"] is None
            assert shown[name][0].isdigit()
    for name in csv_rows.keys() - cells.keys():
        assert (csv_rows[name]["value"], csv_rows[name]["marker"]) == ("", "not_responsible")
        assert name not in shown
