"""Adult social care in 2020-21 as it stands in the edition: counts and cells read by hand."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_markers,
    count_values,
    expect_cells,
    needs_files,
)

SOURCE = "nhs-ascof"
EDITION, YEAR, SHEET = "2020-21-v2", "2020-21", "in"
BUDGET, PAID, HOMES = "care-users-with-personal-budget", "care-users-paid-directly", "care-home-admissions-65-and-over"

# Read in the workbook: large and small councils, one since closed, an old code, a zero, symbols of each kind.
HAND_READ: list[HandRead] = [
    (EDITION, BUDGET, "E08000025", YEAR, SHEET, "H8761", 100.0),  # Birmingham
    (EDITION, BUDGET, "E10000021", YEAR, SHEET, "H8887", 60.3),  # Northamptonshire, ended in 2021
    (EDITION, BUDGET, "E09000012", YEAR, SHEET, "H9150", "[x]"),  # Hackney
    (EDITION, PAID, "E08000038", YEAR, SHEET, "H11906", 37.3),  # Barnsley, by its old code
    (EDITION, PAID, "E06000053", YEAR, SHEET, "H13066", 0.0),  # Isles of Scilly
    (EDITION, "carers-with-personal-budget", "E10000027", YEAR, SHEET, "H11488", "[x]"),  # Somerset
    (EDITION, "learning-disability-in-paid-work", "E09000008", YEAR, SHEET, "H16265", 5.1),  # Croydon
    (EDITION, "mental-health-in-paid-work", "E09000008", YEAR, SHEET, "H17098", 5.0),
    (EDITION, "mental-health-in-paid-work", "E06000017", YEAR, SHEET, "H16978", "[c]"),  # Rutland
    (EDITION, "mental-health-living-independently", "E10000016", YEAR, SHEET, "H19171", 65.0),  # Kent
    (EDITION, "care-home-admissions-18-to-64", "E06000053", YEAR, SHEET, "H24332", 315.0),
    (EDITION, HOMES, "E10000006", YEAR, SHEET, "H24404", 619.0),  # Cumbria, ended in 2023
    (EDITION, "at-home-91-days-after-hospital", "E09000008", YEAR, SHEET, "H26882", 84.1),
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 151 councils for each measure and each of its breakdowns.
    assert count_values(SOURCE) == {
        BUDGET: (151 * 3, 449),
        "carers-with-personal-budget": (151 * 4, 580),
        PAID: (151 * 3, 449),
        "carers-paid-directly": (151 * 4, 580),
        "learning-disability-in-paid-work": (151 * 3, 446),
        "mental-health-in-paid-work": (151 * 3, 444),
        "learning-disability-in-own-home": (151 * 3, 446),
        "mental-health-living-independently": (151 * 3, 449),
        "care-home-admissions-18-to-64": (151, 150),
        HOMES: (151, 150),
        "at-home-91-days-after-hospital": (151 * 6, 879),
        "help-to-recover-after-hospital": (151 * 6, 899),
    }
    assert count_markers(SOURCE, "mental-health-in-paid-work") == {"suppressed": 9}


def test_who_is_paid_directly_has_a_budget() -> None:
    found = carried(SOURCE).filter(pl.col("metric_key").is_in([BUDGET, PAID]))
    wide = found.pivot(on="metric_key", index=["area_code", "breakdown"], values="value").drop_nulls()
    assert len(wide) == 449
    assert wide.filter(pl.col(PAID) > pl.col(BUDGET)).is_empty()


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
