"""Broadband and mobile coverage as it stands in the edition: counts and cells read by hand."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_values,
    expect_cells,
    needs_files,
)

SOURCE = "ons-els-connectivity"
GIGABIT, SLOW, FOUR, FIVE = "gigabit-broadband", "premises-without-30-mbps", "mobile-4g-coverage", "mobile-5g-coverage"
G, B, M4, M5 = "gigabit-2026-01", "below-30-2026-01", "4g-2026-01", "5g-2026-01"
WHEN = "2026-m01"

HAND_READ: list[HandRead] = [
    (G, GIGABIT, "E06000010", WHEN, "csv", "F64", 99.6),  # Kingston upon Hull, the highest
    (G, GIGABIT, "E06000053", WHEN, "csv", "F323", 50.2),  # Isles of Scilly, the lowest
    (G, GIGABIT, "E10000012", WHEN, "csv", "F172", 86.6),  # Essex
    (G, GIGABIT, "E09000001", WHEN, "csv", "F212", 82.6),  # City of London
    (B, SLOW, "E06000010", WHEN, "csv", "F64", 0.0),
    (B, SLOW, "E07000047", WHEN, "csv", "F339", 12.8),  # West Devon, the highest
    (B, SLOW, "E09000001", WHEN, "csv", "F212", 11.5),
    (M4, FOUR, "E07000047", WHEN, "csv", "F339", 96.85),
    (M4, FOUR, "E08000038", WHEN, "csv", "F72", 99.78),  # Barnsley
    (M4, FOUR, "E07000089", WHEN, "csv", "F270", 100.0),  # Hart
    (M5, FIVE, "E07000047", WHEN, "csv", "F339", 63.29),
    (M5, FIVE, "E06000066", WHEN, "csv", "F326", 84.89),  # Somerset
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    assert count_values(SOURCE) == dict.fromkeys((GIGABIT, SLOW, FOUR, FIVE), (317, 317))


def test_no_premises_are_both_fast_and_slow() -> None:
    wide = carried(SOURCE).pivot("metric_key", index="area_code", values="value")
    assert wide.filter(pl.col(GIGABIT) + pl.col(SLOW) > 100).is_empty()


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
