"""Homes by year of the Housing Delivery Test: counts, cells read by hand, and the publisher's own last workbook."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    MIRROR,
    HandRead,
    carried,
    check_every_value,
    expect_cells,
    needs_files,
    read_rows,
)

SOURCE = "mhclg-housing-delivery-test-years"
REQUIRED, DELIVERED = "homes-required-in-year", "homes-delivered-in-year"
MADE_OF_OTHERS = {"E06000060", "E06000061", "E06000062", "E07000244", "E07000245", "E07000246"}

# Read in the lists.
HAND_READ: list[HandRead] = [
    ("required", REQUIRED, "E09000008", "2015-16", "csv", "D1205", 1331.0),  # Croydon
    ("required", REQUIRED, "E09000008", "2022-23", "csv", "D1222", 1685.0),
    ("delivered", DELIVERED, "E09000008", "2022-23", "csv", "D1222", 3086.0),
    ("delivered", DELIVERED, "E06000023", "2022-23", "csv", "D601", 1567.0),  # Bristol, written back to front
    ("required", REQUIRED, "E06000053", "2015-16", "csv", "D2393", -8.0),  # Isles of Scilly, below zero
    ("delivered", DELIVERED, "E08000014", "2015-16", "csv", "D3887", -181.0),  # Sefton
    ("delivered", DELIVERED, "E07000112", "2018-19", "csv", "D1748", 432.0),
    ("delivered", DELIVERED, "E07000112", "2016-17", "csv", "D3959", 658.0),  # Folkestone and Hythe, as Shepway
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_every_year_has_the_councils_of_its_newest_measurement() -> None:
    councils = {"2015-16": 308, "2016-17": 308, "2017-18": 308, "2018-19": 308,
                "2019-20": 301, "2020-21": 298, "2021-22": 293, "2022-23": 287}  # fmt: skip
    for metric in (REQUIRED, DELIVERED):
        rows = carried(SOURCE).filter(metric_key=metric)
        assert dict(rows.group_by("period").len().iter_rows()) == councils
        assert rows["value"].null_count() == 0
    assert set(carried(SOURCE)["area_code"].str.slice(0, 3)) == {"E06", "E07", "E08", "E09"}  # and no county


@needs_files
def test_the_last_three_years_are_the_publishers_own_rounded() -> None:
    workbook = MIRROR / "services" / "housing" / "mhclg_housing_delivery_test_2023.ods"
    years, published = ("2020-21", "2021-22", "2022-23"), {}
    for row in read_rows(workbook, "Sheet1")[6:]:
        for position, year in enumerate(years):
            published[REQUIRED, row[0], year], published[DELIVERED, row[0], year] = row[2 + position], row[6 + position]
    rows = carried(SOURCE).filter(pl.col("period") >= "2020-21").select("metric_key", "area_code", "period", "value")
    both = {tuple(key): (value, published[tuple(key)]) for *key, value in rows.iter_rows() if tuple(key) in published}
    assert len(both) == 1730
    differing = {key for key, (value, cell) in both.items() if abs(value - float(str(cell))) > 0.5001}
    assert len(differing) == 11
    assert {area for _, area, _ in differing} == MADE_OF_OTHERS


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == 4822
