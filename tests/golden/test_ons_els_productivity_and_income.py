"""Productivity and household income as they stand in the edition: counts, cells read by hand, councils of the year."""

from __future__ import annotations

import polars as pl

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

SOURCE, VALUE, INCOME = "ons-els-productivity-and-income", "value-added-per-hour", "household-income-per-head"
V, H = "productivity-2023", "income-2023"

HAND_READ: list[HandRead] = [
    (V, VALUE, "E07000092", "2023", "csv", "F4883", 84.13),  # Rushmoor, the highest
    (V, VALUE, "E08000039", "2004", "csv", "F1314", 22.6),  # Sheffield, by its old code
    (V, VALUE, "E06000053", "2010", "csv", "F5779", 27.44),  # Isles of Scilly
    (V, VALUE, "E06000063", "2023", "csv", "F403", 32.07),  # Cumberland, in its first year
    (V, VALUE, "E06000046", "2023", "csv", "F4431", 35.46),  # Isle of Wight
    (H, INCOME, "E09000001", "2023", "csv", "F5387", 129429.0),  # City of London
    (H, INCOME, "E06000016", "2023", "csv", "F2009", 16067.0),  # Leicester, the lowest
    (H, INCOME, "E10000016", "1997", "csv", "F7119", 11513.0),  # Kent
    (H, INCOME, "E06000052", "2009", "csv", "F8306", 14174.0),  # Cornwall, in its first year
    (H, INCOME, "E08000038", "2022", "csv", "F1714", 18863.0),  # Barnsley, by its old code
    (H, INCOME, "E07000223", "2021", "csv", "F7975", 20663.0),  # Adur
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 296 councils without counties, and 317 with them, less the years before some of them began.
    assert count_values(SOURCE) == {
        VALUE: (20 * 296 - 231, 20 * 296 - 231),
        INCOME: (27 * 317 - 371, 27 * 317 - 371),
    }
    assert count_markers(SOURCE, INCOME) == {"provisional": 317}


def test_of_2023_every_council_has_an_income_and_all_but_counties_a_value() -> None:
    alive = list_alive("2023")
    of_2023 = carried(SOURCE).filter(period="2023")
    assert set(of_2023.filter(metric_key=INCOME)["area_code"]) == alive
    assert set(of_2023.filter(metric_key=VALUE)["area_code"]) == {c for c in alive if not c.startswith("E10")}


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()


@needs_files
def test_incomes_lie_about_englands() -> None:
    """England's own figure, which is not read, is between those of its councils in every year, and near the middle."""
    england = {str(r[4])[:4]: float(str(r[5])) for r in read_rows(locate(SOURCE, H), "csv") if r[0] == "E92000001"}
    assert len(england) == 27
    for (period,), councils in carried(SOURCE).filter(metric_key=INCOME).group_by("period"):
        assert councils["value"].quantile(0.4) < england[str(period)] < councils["value"].quantile(0.8)
