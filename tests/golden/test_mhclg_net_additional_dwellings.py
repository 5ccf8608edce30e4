"""Net additional dwellings as they stand in the edition: counts, cells read by hand, and what the headers mark."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    expect_cells,
    find,
    needs_files,
    read_published,
)

SOURCE, EDITION, METRIC = "mhclg-net-additional-dwellings", "2024-25", "net-additional-dwellings"

HAND_READ: list[HandRead] = [
    (EDITION, METRIC, area, period, "LT_122", cell, value)
    for area, period, cell, value in (
        ("E09000008", "2010-11", "N81", 850.0),  # Croydon
        ("E09000008", "2020-21", "X81", 1782.0),
        ("E09000008", "2024-25", "AB81", 893.0),
        ("E06000053", "2020-21", "X32", -11.0),  # Isles of Scilly, more lost than gained
        ("E06000053", "2023-24", "AA32", 1.0),
        ("E10000003", "2024-25", "AB160", 4410.0),  # the county of Cambridgeshire
        ("E07000004", "2010-11", "N156", 631.0),  # Aylesbury Vale, until it ended
        ("E06000060", "2020-21", "X17", 2031.0),  # Buckinghamshire, in its first year
    )
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_every_council_of_the_year_has_a_number() -> None:
    counted = (
        carried(SOURCE)
        .group_by("period")
        .agg(
            districts=(pl.col("area_code").str.slice(0, 3) != "E10").sum(), some=pl.col("value").count(), every=pl.len()
        )
    )
    found = {period: districts for period, districts, _, _ in counted.iter_rows()}
    early = {f"{year}-{(year + 1) % 100:02d}": 326 for year in range(2010, 2019)}
    assert found == early | {
        "2019-20": 317, "2020-21": 314, "2021-22": 309, "2022-23": 309, "2023-24": 296, "2024-25": 296,
    }  # fmt: skip
    assert (counted["some"] == counted["every"]).all()


def test_whole_years_are_marked_as_their_header_says() -> None:
    for period, marker in (("2022-23", None), ("2023-24", "revised"), ("2024-25", "provisional")):
        assert set(carried(SOURCE).filter(period=period)["marker"]) == {marker}
    assert find(SOURCE, EDITION, METRIC, "E09000008", "2024-25")["marker"] == "provisional"


@needs_files
def test_years_stand_over_their_columns() -> None:
    for column, year in (("N", "2010-11"), ("X", "2020-21"), ("AA", "2023-24"), ("AB", "2024-25")):
        assert str(read_published(SOURCE, EDITION, "LT_122", f"{column}5")).startswith(year)


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == 5159
