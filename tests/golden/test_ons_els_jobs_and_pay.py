"""Work and pay of residents as they stand in the edition: counts, cells read by hand, intervals."""

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
    find,
    list_alive,
    needs_files,
)

SOURCE = "ons-els-jobs-and-pay"
CLAIM, WORK, INACTIVE = "claimant-rate", "employment-rate", "economic-inactivity-rate"
UNEMPLOYED, PAY = "modelled-unemployment-rate", "weekly-pay-of-residents"
C, S, U, P = "claimants-2025", "survey-2023", "modelled-2023", "pay-2025"

HAND_READ: list[HandRead] = [
    (C, CLAIM, "E08000025", "2025", "csv", "F3563", 10.1),  # Birmingham
    (C, CLAIM, "E06000053", "2011", "csv", "F8048", 0.4),  # Isles of Scilly
    (C, CLAIM, "E06000063", "2023", "csv", "F662", 2.6),  # Cumberland, in its first year
    (C, CLAIM, "E10000008", "2001", "csv", "F8246", 1.7),  # Devon
    (S, WORK, "E09000001", "2021", "csv", "F4210", ""),  # City of London
    (S, WORK, "E09000001", "2010", "csv", "F4221", 45.4),  # called unreliable
    (S, WORK, "E08000038", "2023", "csv", "F1409", 69.7),  # Barnsley, by its old code
    (S, INACTIVE, "E07000109", "2021", "csv", "F13646", 18.4),  # Gravesham, called unreliable
    (S, INACTIVE, "E10000017", "2004", "csv", "F8853", 24.7),  # Lancashire
    (U, UNEMPLOYED, "E06000059", "2019", "csv", "F6007", 2.6),  # Dorset, without a range
    (U, UNEMPLOYED, "E09000030", "2004", "csv", "F4133", 13.1),  # Tower Hamlets
    (U, UNEMPLOYED, "E09000001", "2023", "csv", "F3923", ""),
    (P, PAY, "E09000008", "2025-04-30", "csv", "F3902", 735.9),  # Croydon
    (P, PAY, "E07000032", "2024-04-17", "csv", "F1431", 591.4),  # Amber Valley
    (P, PAY, "E06000053", "2009-04-22", "csv", "F5559", 262.8),
    (P, PAY, "E09000001", "2025-04-30", "csv", "F3586", ""),
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 317 councils in each year (296 in the modelled rates, without counties), less the years before some of them began.
    assert count_values(SOURCE) == {
        CLAIM: (25 * 317 - 291, 7634),
        WORK: (20 * 317 - 231, 6081),
        INACTIVE: (20 * 317 - 231, 6074),
        UNEMPLOYED: (20 * 296 - 231, 5646),
        PAY: (18 * 317 - 151, 5516),
    }
    assert count_markers(SOURCE, WORK) == {"not_available": 28, "low_reliability": 10}
    assert count_markers(SOURCE, INACTIVE) == {"not_available": 35, "low_reliability": 41}
    assert count_markers(SOURCE, PAY) == {"not_available": 39, "revised": 315, "provisional": 315}


def test_intervals_are_the_publishers() -> None:
    barnsley = find(SOURCE, S, WORK, "E08000038", "2023")
    assert (barnsley["lower"], barnsley["upper"]) == (65.4, 74.0)
    croydon = find(SOURCE, P, PAY, "E09000008", "2025-04-30")
    assert (croydon["lower"], croydon["upper"]) == (692.6290799999999, 779.17092)
    within = carried(SOURCE).filter(pl.col("lower").is_not_null())
    assert within.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))).is_empty()
    assert carried(SOURCE).filter(marker="low_reliability")["lower"].null_count() == 51


@pytest.mark.parametrize("metric", [CLAIM, WORK, INACTIVE])
def test_from_2023_every_council_has_a_row(metric: str) -> None:
    alive = list_alive("2023")
    assert set(carried(SOURCE).filter(metric_key=metric, period="2023")["area_code"]) == alive


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
