"""House prices in years of earnings and first-time buyers: counts, cells read by hand, councils of the year."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_markers,
    count_values,
    expect_cells,
    list_alive,
    locate,
    needs_files,
    read_rows,
)

SOURCE = "ons-els-housing-affordability"
RATIO, BUYERS = "house-price-to-earnings-ratio", "first-time-buyer-mortgages-per-1000"
A, F = "affordability-2025", "first-time-buyers-2024"

HAND_READ: list[HandRead] = [
    (A, RATIO, "E09000020", "2025-04-01", "csv", "F4810", 21.87),  # Kensington and Chelsea, the highest
    (A, RATIO, "E07000117", "2003-04-01", "csv", "F856", 1.59),  # Burnley, the lowest of all
    (A, RATIO, "E09000001", "2025-04-01", "csv", "F4690", ""),  # City of London
    (A, RATIO, "E08000039", "2025-04-01", "csv", "F1498", 5.75),  # Sheffield
    (A, RATIO, "E06000047", "2009-04-01", "csv", "F94", 4.68),  # County Durham, on its first day
    (A, RATIO, "E10000030", "2002-04-01", "csv", "F6688", 7.17),  # Surrey
    (F, BUYERS, "E07000107", "2017", "csv", "F3357", 29.614236193002053),  # Dartford
    (F, BUYERS, "E09000001", "2019", "csv", "F2551", 2.3472800891966434),
    (F, BUYERS, "E06000053", "2024", "csv", "F3878", ""),  # Isles of Scilly
    (F, BUYERS, "E10000030", "2024", "csv", "F3542", 10.11817988003388),
    (F, BUYERS, "E06000065", "2023", "csv", "F822", 6.625288589199406),  # North Yorkshire, in its first year
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 317 councils in each year, less the years before some of them began.
    rows = 24 * 317 - 271, 12 * 317 - 87
    blanks = 18 + 22 + 4, 12  # City of London, Isles of Scilly, four districts once; Isles of Scilly
    assert count_values(SOURCE) == {RATIO: (rows[0], rows[0] - blanks[0]), BUYERS: (rows[1], rows[1] - blanks[1])}
    assert count_markers(SOURCE, RATIO) == {"not_available": blanks[0]}
    assert count_markers(SOURCE, BUYERS) == {"not_available": blanks[1]}


@pytest.mark.parametrize(("metric", "period"), [(RATIO, "2025-04-01"), (BUYERS, "2023"), (BUYERS, "2024")])
def test_every_council_has_a_row(metric: str, period: str) -> None:
    alive = list_alive(period)
    assert set(carried(SOURCE).filter(metric_key=metric, period=period)["area_code"]) == alive


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()


@needs_files
def test_what_is_in_the_file_twice_is_the_same() -> None:
    rows = {(row[0], row[4]): row[5] for row in read_rows(locate(SOURCE, F), "csv")}
    for old, new in (("E08000016", "E08000038"), ("E08000019", "E08000039")):
        both = [(rows[code, period], rows[new, period]) for code, period in rows if code == old]
        assert len(both) == 12
        assert all(first == second for first, second in both)
