"""Children in need as they stand in the edition: counts, cells read by hand, and England's totals as published."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.core.cells import read_address
from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_markers,
    count_values,
    expect_cells,
    locate,
    needs_files,
    read_rows,
)

SOURCE = "dfe-children-in-need"
PLANS = "child-protection-plans-on-31-march"
NEED, ASKED, FACTORS, REPEAT, LENGTHS = (
    f"{name}-2025" for name in ("need", "referrals", "factors", "repeat-plans", "plan-lengths")
)

# Read in the files: large and small councils, one since closed, an old code, zeros, symbols of each kind.
HAND_READ: list[HandRead] = [
    (NEED, "children-in-need-on-31-march", "E08000025", "2024-25", "csv", "R75", 9301.0),  # Birmingham
    (NEED, "children-in-need-during-the-year", "E06000028", "2018-19", "csv", "M1102", 2197.0),  # Bournemouth
    (NEED, "children-beginning-to-be-in-need", "E08000038", "2024-25", "csv", "O50", 1578.0),  # Barnsley
    (NEED, "children-in-need-on-31-march", "E09000012", "2021-22", "csv", "R629", "x"),  # Hackney
    (NEED, "children-ceasing-to-be-in-need", "E10000014", "2023-24", "csv", "Q269", "u"),  # Hampshire
    (NEED, "children-in-need-on-31-march", "E06000053", "2024-25", "csv", "R126", 16.0),  # Isles of Scilly
    (ASKED, "social-care-referrals", "E10000016", "2024-25", "csv", "L106", 24035.0),  # Kent
    (ASKED, "social-care-re-referrals", "E09000001", "2023-24", "csv", "N300", "c"),  # City of London
    (ASKED, "social-care-referrals-without-action", "E10000021", "2012-13", "csv", "P2037", 38.4),  # Northamptonshire
    (ASKED, "social-care-referrals-not-in-need", "E09000008", "2024-25", "csv", "R153", 17.0),  # Croydon
    (FACTORS, "assessments-with-parents-domestic-abuse", "E09000008", "2024-25", "csv", "T153", 1267.0),
    (FACTORS, "assessments-with-child-criminal-exploitation", "E10000006", "2021-22", "csv", "AX526", 0.0),  # Cumbria
    (FACTORS, "assessments-with-gangs", "E06000029", "2017-18", "csv", "AK1275", "c"),  # Poole
    (FACTORS, "assessments-with-factors", "E09000001", "2024-25", "csv", "L135", 8.0),
    (REPEAT, "child-protection-plans-started", "E08000035", "2024-25", "csv", "L57", 829.0),  # Leeds
    (REPEAT, "repeat-child-protection-plans", "E06000053", "2023-24", "csv", "N291", "z"),
    (REPEAT, "repeat-child-protection-plans", "E10000006", "2022-23", "csv", "N362", 25.8),
    (LENGTHS, PLANS, "E08000039", "2024-25", "csv", "L62", 493.0),  # Sheffield
    (LENGTHS, "child-protection-plans-of-two-years", "E10000016", "2024-25", "csv", "V106", 2.7),
    (LENGTHS, "child-protection-plans-of-two-years", "E06000017", "2024-25", "csv", "V73", 0.0),  # Rutland, none
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 152 councils in each year, but 151 in 2019-20 and 2020-21 and 153 from 2023-24.
    counts = count_values(SOURCE)
    assert counts["children-in-need-on-31-march"] == (1976, 1967)
    assert counts["social-care-referrals"] == (1976, 1968)
    assert counts["social-care-re-referrals"] == (1976, 1949)
    assert counts["repeat-child-protection-plans"] == (1976, 1936)
    assert counts["assessments-with-factors"] == (1216, 1211)
    assert counts["assessments-with-child-criminal-exploitation"] == (152 + 152 + 153 + 153, 585)
    assert counts[PLANS] == (1976 * 6, 10345)
    assert counts["child-protection-plans-of-two-years"] == (1976, 1258)
    assert count_markers(SOURCE, "children-in-need-on-31-march") == {
        "not_available": 6,
        "suppressed": 2,
        "unreliable": 1,
    }


def test_lengths_of_plans_add_up_to_the_whole() -> None:
    plans = carried(SOURCE).filter(metric_key=PLANS)
    wide = plans.pivot(on="breakdown", index=["area_code", "period"], values="value").drop_nulls()
    assert len(wide) > 1000
    parts = pl.sum_horizontal(pl.exclude("area_code", "period", "all"))
    assert wide.filter(parts != pl.col("all")).is_empty()


@needs_files
@pytest.mark.parametrize(
    "metric", ["children-in-need-on-31-march", "social-care-referrals", "assessments-with-neglect"]
)
@pytest.mark.parametrize("year", ["2019", "2025"])
def test_councils_add_up_to_england(metric: str, year: str) -> None:
    """England's figure is given to the nearest ten; a few councils' are withheld."""
    key = f"{int(year) - 1}-{int(year) % 100}"
    found = carried(SOURCE).filter(metric_key=metric, period=key)
    edition = found["edition_key"][0].split("/")[1]
    _, column = read_address(found["cell"][0])
    england = next(row for row in read_rows(locate(SOURCE, edition), "csv") if row[0] == year and row[2] == "National")
    assert abs(found["value"].sum() - float(str(england[column - 1]))) <= 20


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
