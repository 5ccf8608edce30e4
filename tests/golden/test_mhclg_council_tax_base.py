"""The council tax base as it stands in `edition/`: counts, cells read by hand, headings, and England's totals."""

from __future__ import annotations

import re

import polars as pl
import pytest

from tests.golden.carried import locate, needs_files, read_published, read_rows
from tests.golden.published import count_rows, find_one, observations_of

SOURCE = "mhclg-council-tax-base"
COUNCILS = {"2015": 326, "2016": 326, "2017": 326, "2018": 326, "2019": 317}
HEADINGS = {
    "homes-on-valuation-list": "1. Total number of dwellings on the Valuation List",
    "homes-exempt-from-council-tax": "2. Number of dwellings on valuation list exempt",
    "single-adult-discount-homes": "8. Number of dwellings in line 7 entitled to a single adult",
    "second-homes": "11. Number of dwellings in line 7 classed as second homes",
    "empty-homes-premium-homes": "14. Number of dwellings in line 7 classed as empty and being charged",
    "empty-homes": "15. Total number of dwellings in line 7 classed as empty",
    "homes-empty-over-six-months": "16. Number of dwellings that are classed as empty",
    "council-tax-base-in-october": "33. Tax base after allowance for council tax support",
}
SUPPORT = {
    "pensioner-council-tax-support": "Pensioners",
    "working-age-council-tax-support": "Working age people",
    "council-tax-support": "Total council tax forgone for Council Tax Support",
}

# Councils that gave no amount of support, and those that did not split it: the file has zeros for them.
WITHOUT_SUPPORT = {"2015": (7, 12), "2016": (10, 16), "2017": (1, 8), "2018": (0, 4), "2019": (0, 1)}


def test_no_zero_stands_for_support_that_was_not_given() -> None:
    support = observations_of(SOURCE).filter(pl.col("metric_key").is_in(list(SUPPORT)))
    assert support.filter(value=0).select("metric_key", "area_code", "period").rows() == []


def test_every_billing_authority_has_every_figure() -> None:
    for (edition, metric), rows in count_rows(SOURCE).items():
        times = 9 if metric == "homes-on-valuation-list" else 1
        without = WITHOUT_SUPPORT[edition][metric != "council-tax-support"] if metric in SUPPORT else 0
        assert rows == (times * COUNCILS[edition] - without,) * 2, f"{edition} {metric}"
    assert len(count_rows(SOURCE)) == 5 * (len(HEADINGS) + len(SUPPORT))


# Year, metric, area, cell, what stands there, what is carried, its marker.
HAND_READ = [
    ("2015", "second-homes", "E06000053", "DD143", "187", 187.0, None),
    ("2015", "homes-empty-over-six-months", "E07000048", "EW65", "213", 213.0, None),
    ("2016", "empty-homes", "E09000001", "EN66", "106", 106.0, None),
    ("2016", "single-adult-discount-homes", "E09000033", "CA315", "36625", 36625.0, None),
    ("2017", "council-tax-support", "E06000034", "AH987", "8174813.949999999", 8.174813949999999, None),
    ("2018", "second-homes", "E06000052", "DD70", "14189", 14189.0, None),
    ("2018", "pensioner-council-tax-support", "E07000223", "N706", "2138793", 2.138793, None),
    ("2019", "council-tax-base-in-october", "E08000025", "JW24", "262984.9", 262984.9, None),
    ("2019", "homes-exempt-from-council-tax", "E06000059", "V82", "3613", 3613.0, None),
    ("2019", "empty-homes-premium-homes", "E09000001", "EE65", "177", 177.0, None),
    ("2019", "second-homes", "E07000224", "DD9", None, None, "revised"),
]


@pytest.mark.parametrize(("year", "metric", "area", "cell", "stored", "value", "marker"), HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    year: str, metric: str, area: str, cell: str, stored: str | None, value: float | None, marker: str | None
) -> None:
    found = find_one(SOURCE, year, metric, area, year)
    assert (found["cell"], found["marker"]) == (cell, marker)
    if stored is not None:
        assert (found["stored"], found["value"]) == (stored, value)


def test_the_bands_add_up_to_all_homes() -> None:
    homes = observations_of(SOURCE).filter(metric_key="homes-on-valuation-list")
    banded = homes.filter(pl.col("breakdown") != "all").group_by("area_code", "period").agg(pl.col("value").sum())
    whole = homes.filter(breakdown="all").select("area_code", "period", all="value")
    assert whole.join(banded, on=["area_code", "period"]).filter(pl.col("all") != pl.col("value")).is_empty()


@needs_files
@pytest.mark.parametrize("year", COUNCILS)
def test_columns_stand_under_their_headings_and_councils_add_up_to_england(year: str) -> None:
    rows = read_rows(locate(SOURCE, year), "Data")
    england = next(row for row in rows if str(row[3]).strip() == "England")
    whole = observations_of(SOURCE).filter(edition=year, breakdown="all")
    for metric, heading in HEADINGS.items():
        mine = whole.filter(metric_key=metric)
        (letters,) = {re.sub(r"\d", "", cell) for cell in mine["cell"]}
        place = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))) - 1
        if metric != "council-tax-base-in-october":
            assert rows[2][place] == "Total"
        above = next(str(cell) for cell in reversed(rows[1][: place + 1]) if cell)
        assert " ".join(above.split()).startswith(heading)
        assert mine["value"].sum() == pytest.approx(float(str(england[place])), abs=2), metric
    for metric, heading in SUPPORT.items():
        mine = whole.filter(metric_key=metric)
        first = min(int(re.sub(r"\D", "", cell)) for cell in mine["cell"])
        (letters,) = {re.sub(r"\d", "", cell) for cell in mine["cell"]}
        place = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))) - 1
        assert rows[first - 3][place] == "Total"
        assert next(str(cell) for cell in reversed(rows[first - 5][: place + 1]) if cell).strip() == heading


@needs_files
def test_every_value_is_its_cell() -> None:
    """Read again without our reader: every cell of every observation."""
    for edition, metric, sheet, cell, value in (
        observations_of(SOURCE).select("edition", "metric_key", "sheet", "cell", "value").iter_rows()
    ):
        published = float(str(read_published(SOURCE, edition, sheet, cell)))
        assert value == pytest.approx(published / (1_000_000 if metric in SUPPORT else 1)), f"{edition} {cell}"
