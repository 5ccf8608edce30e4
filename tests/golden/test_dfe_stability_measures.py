"""Stability of children in care as it stands in the edition: counts and cells read by hand."""

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

SOURCE = "dfe-stability-measures"
SCHOOLS, WORKERS = "school-moves-2024", "social-workers-2024"
ANY = "children-in-care-changing-school"
MID_YEAR = f"{ANY}-mid-year"
THREE = "children-in-care-with-three-social-workers"

# Read in the files: large and small councils, some since closed, old codes, a zero, symbols of each kind.
HAND_READ: list[HandRead] = [
    (SCHOOLS, MID_YEAR, "E09000008", "2023-24", "csv", "O1233", 13.0),  # Croydon
    (SCHOOLS, ANY, "E09000008", "2023-24", "csv", "O1231", 14.0),
    (SCHOOLS, ANY, "E10000021", "2020-21", "csv", "O4599", 10.0),  # Northamptonshire, ended in 2021
    (SCHOOLS, MID_YEAR, "E10000027", "2021-22", "csv", "O3729", 7.0),  # Somerset, the county, by a later code
    (SCHOOLS, MID_YEAR, "E10000006", "2021-22", "csv", "O3057", 8.0),  # Cumbria, ended in 2023
    (SCHOOLS, MID_YEAR, "E06000017", "2023-24", "csv", "O537", "c"),  # Rutland
    (SCHOOLS, MID_YEAR, "E06000053", "2023-24", "csv", "O1025", "z"),  # Isles of Scilly
    (SCHOOLS, ANY, "E08000038", "2023-24", "csv", "O447", 13.0),  # Barnsley, by its old code
    (WORKERS, THREE, "E08000025", "2023-24", "csv", "N157", 24.0),  # Birmingham
    (WORKERS, THREE, "E09000003", "2023-24", "csv", "N297", "x"),  # Barnet
    (WORKERS, THREE, "E06000063", "2023-24", "csv", "N63", 32.0),  # Cumberland, begun in 2023
    (WORKERS, THREE, "E09000001", "2023-24", "csv", "N267", 0.0),  # City of London
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 151, 152, 152 and 153 councils in the four years that have figures.
    rows = 151 + 152 + 152 + 153
    assert count_values(SOURCE) == {ANY: (rows, 593), MID_YEAR: (rows, 575), THREE: (153, 151)}
    assert count_markers(SOURCE, THREE) == {"not_available": 1, "not_applicable": 1}


def test_a_move_in_mid_year_is_a_move() -> None:
    keys = ["metric_key", "area_code", "period", "value"]
    moves = carried(SOURCE).filter(pl.col("metric_key").is_in([ANY, MID_YEAR])).select(keys)
    wide = moves.pivot(on="metric_key", index=["area_code", "period"], values="value").drop_nulls()
    assert len(wide) > 500
    assert wide.filter(pl.col(MID_YEAR) > pl.col(ANY)).is_empty()


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
