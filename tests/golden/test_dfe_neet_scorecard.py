"""What young people of 16 and 17 do, as it stands in the edition: counts and cells read by hand."""

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

SOURCE = "dfe-neet-scorecard"
EITHER, NEET, UNKNOWN = "neet-or-not-known-at-16-and-17", "neet-at-16-and-17", "activity-not-known-at-16-and-17"
LEARNING, OFFERS = "learning-at-16-and-17", "offers-of-a-place-at-16"

# Read in the files: large and small councils, some since closed, an old code, a zero, symbols.
HAND_READ: list[HandRead] = [
    ("2025", NEET, "E06000015", "2024-25", "csv", "N4", 7.6),  # Derby
    ("2025", UNKNOWN, "E06000015", "2024-25", "csv", "O4", 0.3),
    ("2025", EITHER, "E08000025", "2024-25", "csv", "M133", 6.4),  # Birmingham
    ("2025", LEARNING, "E08000038", "2024-25", "csv", "T148", 92.2),  # Barnsley, by its old code
    ("2025", OFFERS, "E09000008", "2024-25", "csv", "AB33", 94.9),  # Croydon
    ("2021", EITHER, "E10000021", "2020-21", "csv", "M12", 3.4),  # Northamptonshire, ended that April
    ("2023", UNKNOWN, "E10000023", "2022-23", "csv", "O157", 7.7),  # North Yorkshire, the county
    ("2023", OFFERS, "E10000006", "2022-23", "csv", "AB79", 97.9),  # Cumbria, ended that April
    ("2022", NEET, "E06000005", "2021-22", "csv", "N60", 2.8),  # Darlington
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 149 councils in 2020-21 (and one made up), 150 in the next two years, 151 in 2024-25.
    rows = 149 + 150 + 150 + 151
    assert count_values(SOURCE) == {
        NEET: (rows, rows),
        UNKNOWN: (rows, rows),
        OFFERS: (rows, rows - 1),
        LEARNING: (rows * 4, rows * 4 - 4),
        EITHER: (rows + (150 + 150 + 151) * 4, 2374),
    }
    assert count_markers(SOURCE, LEARNING) == {"suppressed": 4}  # Luton in 2024-25
    assert count_markers(SOURCE, OFFERS) == {"not_applicable": 1}  # Buckinghamshire in 2020-21


def test_either_is_the_sum_of_both() -> None:
    found = carried(SOURCE).filter(pl.col("metric_key").is_in([EITHER, NEET, UNKNOWN]), breakdown="all")
    wide = found.pivot(on="metric_key", index=["area_code", "period"], values="value")
    assert len(wide) == 600
    assert wide.filter((pl.col(NEET) + pl.col(UNKNOWN) - pl.col(EITHER)).abs() > 0.11).is_empty()


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
