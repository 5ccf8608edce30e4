"""Budgets (RA) as they stand in `edition/`: counts, cells read by hand, and the publisher's totals of classes."""

from __future__ import annotations

import re

import polars as pl
import pytest

from tests.golden.carried import MIRROR, load_definitions, needs_files, read_published, read_rows
from tests.golden.published import as_number, count_rows, find_one, observations_of

SOURCE = "mhclg-revenue-account-budget"
YEARS = ("2016-17", "2021-22", "2023-24")
# Rows and values by year, of the metrics about everyone, about upper-tier, lower-tier and landlord councils.
GROUPS = {
    "budgeted-service-spending": ((353, 353), (333, 329), (317, 305)),
    "budgeted-education-spending": ((152, 152), (152, 150), (153, 148)),
    "budgeted-homelessness-spending": ((326, 326), (309, 305), (296, 284)),
    "budgeted-council-home-rents": ((165, 165), (165, 161)),
    "expected-unallocated-reserves": ((353, 353), (333, 329)),
}
SIZES = {353: 20, 152: 16, 326: 11, 165: 5}  # how many metrics are about that many councils, in 2016-17


def test_every_metric_has_the_rows_counted_in_the_files() -> None:
    counts = count_rows(SOURCE)
    for metric, by_year in GROUPS.items():
        for year, each in zip(YEARS, by_year, strict=False):
            assert counts[year, metric] == each, f"{metric} {year}"
    first = [rows for (year, _), (rows, _) in counts.items() if year == "2016-17"]
    assert {size: first.count(size) for size in set(first)} == SIZES


HAND_READ = [
    ("2016-17", "budgeted-service-spending", "E06000025", "ES10", "328221", 328.221),
    ("2016-17", "expected-unallocated-reserves", "E09000008", "GY346", "11597", 11.597),
    ("2016-17", "budgeted-council-home-rents", "E08000025", "HO316", "264044", 264.044),
    ("2016-17", "budgeted-parking-spending", "E09000033", "U340", "-57191", -57.191),
    ("2016-17", "budgeted-retained-business-rates", "E06000053", "GO291", "-1341", 1.341),
    ("2021-22", "budgeted-service-spending", "E06000022", "EX8", "221,210", 221.21),
    ("2021-22", "budgeted-interest-paid", "E07000217", "FX254", "50,440", 50.44),
    ("2021-22", "expected-other-earmarked-reserves", "E06000022", "HF8", "32,315", 32.315),
    ("2021-22", "budgeted-council-home-interest", "E09000022", "IK315", "0", 0.0),
    ("2023-24", "budgeted-addition-to-earmarked-reserves", "E07000223", "HA11", "-480", -0.48),
    ("2023-24", "budgeted-adult-social-care-spending", "E10000016", "BG187", "623,684", 623.684),
    ("2023-24", "budgeted-council-tax-requirement", "E08000025", "HH31", "431,078", 431.078),
    ("2023-24", "budgeted-revenue-expenditure", "E07000223", "GU11", "10,817", 10.817),
]
READ = ("year", "metric", "area", "cell", "stored", "value")


@pytest.mark.parametrize(READ, HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    year: str, metric: str, area: str, cell: str, stored: str, value: float
) -> None:
    found = find_one(SOURCE, year, metric, area, year)
    assert (found["cell"], found["stored"], found["value"], found["marker"]) == (cell, stored, value, None)


@needs_files
@pytest.mark.parametrize(READ, HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(
    year: str, metric: str, area: str, cell: str, stored: str, value: float
) -> None:
    sheet = str(find_one(SOURCE, year, metric, area, year)["sheet"])
    assert as_number(read_published(SOURCE, year, sheet, cell)) == as_number(stored)


@pytest.mark.parametrize(
    ("year", "metric", "area", "stored"),
    [
        ("2021-22", "budgeted-library-spending", "E06000035", "..."),
        ("2023-24", "budgeted-service-spending", "E07000217", "..."),
        ("2023-24", "budgeted-specific-grants", "E07000217", "É"),
    ],
)
def test_a_budget_that_had_not_arrived_is_no_zero(year: str, metric: str, area: str, stored: str) -> None:
    found = find_one(SOURCE, year, metric, area, year)
    assert (found["stored"], found["value"], found["marker"]) == (stored, None, "not_submitted")


CLASSES = {"L": "E09", "MD": "E08", "UA": "E06", "SC": "E10", "SD": "E07"}


@needs_files
@pytest.mark.parametrize("year", YEARS[:2])
def test_councils_add_up_to_the_totals_of_their_classes(year: str) -> None:
    """Where every council of the class has a value: the totals of 2021-22 hold estimates for four late ones."""
    observations = observations_of(SOURCE).filter(edition=year)
    edition = next(each for each in load_definitions().sources[SOURCE].editions if each.edition == year)
    rows = read_rows(MIRROR / str(edition.mirror), str(observations["sheet"][0]))
    by_class = {str(row[place]): row for place in (3, 4) for row in rows[7:] if not re.match(r"E\d{4}", str(row[0]))}
    checked = 0
    for metric, cell in observations.group_by("metric_key").agg(pl.col("cell").first()).iter_rows():
        letters = cell.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = 26 * column + ord(letter) - 64
        for name, prefix in CLASSES.items():
            mine = observations.filter(pl.col("area_code").str.starts_with(prefix), metric_key=metric)
            if mine.is_empty() or mine["value"].null_count():
                continue
            total = abs(as_number(by_class[name][column - 1]))
            assert abs(mine["value"].sum() * 1000) == pytest.approx(total, abs=2.5), f"{metric} {name}"
            checked += 1
    assert checked > 100
