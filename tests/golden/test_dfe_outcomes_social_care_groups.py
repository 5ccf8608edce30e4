"""School outcomes of children in need and in care as they stand in the edition: counts and cells read by hand."""

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

SOURCE = "dfe-outcomes-social-care-groups"
ABSENCE, ELEVEN, SIXTEEN = "absence-2024-25", "age-11-2024-25", "age-16-2024-25"

# Read in the files: large and small councils, some since closed, codes of before and after a change, symbols.
HAND_READ: list[HandRead] = [
    (ABSENCE, "absence-of-children-in-need", "E09000008", "2024-25-academic", "csv", "Q757", 16.1),  # Croydon
    (
        ABSENCE,
        "absence-of-children-in-care",
        "E10000027",
        "2018-19-academic",
        "csv",
        "Q16212",
        6.0,
    ),  # Somerset, the county
    (
        ABSENCE,
        "absence-of-children-on-plans",
        "E10000002",
        "2018-19-academic",
        "csv",
        "Q16892",
        14.4,
    ),  # Buckinghamshire
    (ABSENCE, "absence-of-children-in-need", "E09000012", "2021-22-academic", "csv", "Q8077", "x"),  # Hackney
    (ABSENCE, "persistent-absence-of-children-on-plans", "E08000025", "2024-25-academic", "csv", "W2017", 55.3),
    (ABSENCE, "severe-absence-of-children-in-care", "E06000017", "2024-25-academic", "csv", "Y1182", "c"),  # Rutland
    (ELEVEN, "results-at-11-of-children-in-care", "E10000016", "2024-25-academic", "csv", "X271", 27.0),  # Kent
    (
        ELEVEN,
        "results-at-11-of-children-in-care",
        "E09000001",
        "2024-25-academic",
        "csv",
        "X300",
        "z",
    ),  # City of London
    (ELEVEN, "results-at-11-of-children-in-need", "E10000006", "2021-22-academic", "csv", "X1514", 28.0),  # Cumbria
    (SIXTEEN, "attainment-8-of-children-in-care", "E08000038", "2024-25-academic", "csv", "O215", 13.5),  # Barnsley
    (
        SIXTEEN,
        "attainment-8-of-children-on-plans",
        "E10000021",
        "2019-20-academic",
        "csv",
        "O2858",
        19.9,
    ),  # Northamptonshire
    (SIXTEEN, "english-and-maths-of-children-in-need", "E08000035", "2024-25-academic", "csv", "S57", 23.6),  # Leeds
    (SIXTEEN, "english-and-maths-of-children-in-care", "E06000017", "2024-25-academic", "csv", "S238", "c"),
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 152 councils in 2018/19 less three, 151 and 151 less one, 152, 152 less one, 153, 153.
    rows = 149 + 151 + 150 + 152 + 151 + 153 + 153
    counts = count_values(SOURCE)
    assert len(counts) == 16
    assert counts["attainment-8-of-children-in-care"] == (rows, 1020)
    assert counts["english-and-maths-of-children-in-need"] == (rows, 960)
    assert counts["absence-of-children-in-need"] == (rows - 151, 904)
    assert counts["severe-absence-of-children-in-care"] == (rows - 151, 597)
    assert counts["results-at-11-of-children-in-care"] == (rows - 151 - 150, 385)
    assert count_markers(SOURCE, "absence-of-children-in-need") == {"not_available": 3, "suppressed": 1}


def test_severe_absence_is_persistent_absence_too() -> None:
    for group in ("in-need", "on-plans", "in-care"):
        keys = [f"{name}-absence-of-children-{group}" for name in ("persistent", "severe")]
        found = carried(SOURCE).filter(pl.col("metric_key").is_in(keys))
        wide = found.pivot(on="metric_key", index=["area_code", "period"], values="value").drop_nulls()
        assert len(wide) > 500
        assert wide.filter(pl.col(keys[1]) > pl.col(keys[0])).is_empty()


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
