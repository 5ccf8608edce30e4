"""Taking part in culture as it stands in the edition: counts, cells read by hand and intervals."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_values,
    expect_cells,
    find,
    needs_files,
)

SOURCE = "ons-els-culture"
LIBRARY, MUSEUM, ARTS, HERITAGE = "library-visits", "museum-visits", "arts-engagement", "heritage-visits"
E, Y = "2023-24", "2023-24"

HAND_READ: list[HandRead] = [
    (E, LIBRARY, "E07000136", Y, "csv", "F1140", 12.0),  # Boston, the lowest
    (E, LIBRARY, "E09000027", Y, "csv", "F1261", 35.0),  # Richmond upon Thames
    (E, LIBRARY, "E06000063", Y, "csv", "F1071", 20.0),  # Cumberland
    (E, LIBRARY, "E09000001", Y, "csv", "F1232", 26.0),  # City of London
    (E, MUSEUM, "E07000136", Y, "csv", "F791", 28.0),
    (E, MUSEUM, "E09000027", Y, "csv", "F912", 76.0),
    (E, MUSEUM, "E09000001", Y, "csv", "F883", 72.0),
    (E, ARTS, "E07000136", Y, "csv", "F93", 87.0),
    (E, ARTS, "E09000001", Y, "csv", "F185", 97.0),
    (E, ARTS, "E06000063", Y, "csv", "F24", 90.0),
    (E, HERITAGE, "E09000001", Y, "csv", "F534", 44.0),
    (E, HERITAGE, "E09000027", Y, "csv", "F563", 86.0),
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # Every lower-tier and single-tier council: 317 less the 21 counties.
    assert count_values(SOURCE) == dict.fromkeys((LIBRARY, MUSEUM, ARTS, HERITAGE), (296, 296))
    assert carried(SOURCE).filter(pl.col("area_code").str.starts_with("E10")).is_empty()


def test_intervals_are_the_publishers() -> None:
    within = carried(SOURCE).filter(pl.col("value").is_not_null())
    assert within["lower"].null_count() == within["upper"].null_count() == 0
    assert within.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))).is_empty()
    boston = find(SOURCE, E, LIBRARY, "E07000136", Y)
    assert (boston["lower"], boston["upper"]) == (9, 15)


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
