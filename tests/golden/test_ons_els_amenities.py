"""Libraries, museums and sports facilities as they stand in the edition: counts and cells read by hand."""

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

SOURCE = "ons-els-amenities"
LIBRARY, MUSEUMS, SPORTS = "library-within-walk", "museums-per-100000", "sports-facilities-per-10000"
L, M, S = "libraries-2024-05", "museums-2021-09", "sports-2023-10"

HAND_READ: list[HandRead] = [
    (L, LIBRARY, "E07000089", "2024-m05", "csv", "F265", 23.0),  # Hart, the lowest
    (L, LIBRARY, "E09000001", "2024-m05", "csv", "F207", 100.0),  # City of London
    (L, LIBRARY, "E10000012", "2024-m05", "csv", "F167", 71.0),  # Essex
    (L, LIBRARY, "E06000066", "2024-m05", "csv", "F320", 57.0),  # Somerset
    (M, MUSEUMS, "E07000089", "2021-09-30", "csv", "F285", 0.0),
    (M, MUSEUMS, "E09000001", "2021-09-30", "csv", "F227", 128.16),
    (M, MUSEUMS, "E07000026", "2021-09-30", "csv", "F30", 10.4),  # Allerdale, ended in 2023
    (M, MUSEUMS, "E08000038", "2021-09-30", "csv", "F85", 3.27),  # Barnsley, the later of its two codes
    (S, SPORTS, "E09000001", "2023-10-05", "csv", "F224", 111.85),
    (S, SPORTS, "E06000066", "2023-10-05", "csv", "F338", 22.94),
    (S, SPORTS, "E10000012", "2023-10-05", "csv", "F184", 18.08),
    (S, SPORTS, "E07000047", "2023-10-05", "csv", "F351", 26.8),  # West Devon
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # Of museums, 333 councils of 2021 less three counties without a row.
    assert count_values(SOURCE) == {LIBRARY: (317, 317), MUSEUMS: (330, 330), SPORTS: (317, 317)}


def test_councils_are_those_of_the_day() -> None:
    observations = carried(SOURCE)
    begun = ["E06000063", "E06000064", "E06000065", "E06000066"]
    held = observations.filter(pl.col("area_code").is_in(begun)).group_by("metric_key").len()
    assert dict(held.iter_rows()) == {LIBRARY: 4, SPORTS: 4}
    assert observations.filter(area_code="E07000026")["metric_key"].to_list() == [MUSEUMS]


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
