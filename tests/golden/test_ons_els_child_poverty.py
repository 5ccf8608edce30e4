"""Children in low-income families as they stand in the edition: counts and cells read by hand."""

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

SOURCE = "ons-els-child-poverty"
BEFORE, AFTER = "children-in-poverty-before-housing-costs", "children-in-poverty-after-housing-costs"
E = "to-2024-25"

HAND_READ: list[HandRead] = [
    (E, BEFORE, "E08000032", "2021-22", "csv", "F298", 40.12730663),  # Bradford
    (E, BEFORE, "E08000032", "2024-25", "csv", "F299", 39.25012318),
    (E, BEFORE, "E08000038", "2024-25", "csv", "F272", 28.16042038),  # Barnsley, the later of its two codes
    (E, BEFORE, "E06000053", "2021-22", "csv", "F1283", 8.536585366),  # Isles of Scilly
    (E, BEFORE, "E09000030", "2024-25", "csv", "F878", 26.68984577),  # Tower Hamlets
    (E, BEFORE, "E10000012", "2021-22", "csv", "F681", 13.62704368),  # Essex, worked out by ONS
    (E, BEFORE, "E06000063", "2024-25", "csv", "F97", 19.14801694),  # Cumberland, begun in 2023
    (E, AFTER, "E06000063", "2024-25", "csv", "F1696", 22.89812495),
    (E, AFTER, "E09000030", "2024-25", "csv", "F2089", 50.34144602),
    (E, AFTER, "E06000053", "2024-25", "csv", "F2290", 11.47540984),
    (E, AFTER, "E10000012", "2024-25", "csv", "F1989", 22.16974837),
    (E, AFTER, "E08000038", "2024-25", "csv", "F1785", 31.49997829),
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 313 councils in two years on the boundaries of 2023, where four had not begun, and all 317 in the other two.
    assert count_values(SOURCE) == {BEFORE: (2 * 313 + 2 * 317, 1260), AFTER: (2 * 317, 634)}


def test_all_are_provisional() -> None:
    assert count_markers(SOURCE, BEFORE) == {"provisional": 1260}
    assert count_markers(SOURCE, AFTER) == {"provisional": 634}


def test_nowhere_are_fewer_children_poor_once_housing_is_paid_for() -> None:
    both = carried(SOURCE).pivot("metric_key", index=["area_code", "period"], values="value").drop_nulls()
    assert len(both) == 634
    assert both.filter(pl.col(BEFORE) > pl.col(AFTER)).is_empty()


def test_a_countys_figure_lies_among_its_districts() -> None:
    """Essex, whose figure ONS worked out from the twelve districts."""
    found = carried(SOURCE).filter(metric_key=AFTER, period="2024-25")
    districts = found.filter(pl.col("area_code").is_between(pl.lit("E07000066"), pl.lit("E07000077")))["value"]
    essex = found.filter(area_code="E10000012")["value"].item()
    assert len(districts) == 12
    assert float(str(districts.min())) < essex < float(str(districts.max()))


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
