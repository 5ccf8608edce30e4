"""Adult skills as they stand in the edition: counts, cells read by hand, intervals, and councils of the year."""

from __future__ import annotations

from collections import Counter
from datetime import date

import polars as pl
import pytest

from tests.golden.carried import (
    HandRead,
    carried,
    check_cell,
    check_every_value,
    check_published_cell,
    count_markers,
    count_values,
    find,
    list_alive,
    load_register,
    locate,
    needs_files,
    read_rows,
)

FURTHER, QUALIFICATIONS = "ons-els-further-education", "ons-els-qualifications"
JOINED, ACHIEVED = "further-education-participation-rate", "further-education-achievement-rate"
STARTED, COMPLETED = "apprenticeship-start-rate", "apprenticeship-achievement-rate"
LEVEL_3, NONE = "residents-with-level-3-qualifications", "residents-with-no-qualifications"
P, A, R = "participation-2024-25", "achievements-2024-25-revised", "apprenticeships-2024-25"

HAND_READ: list[tuple[str, HandRead]] = [
    (FURTHER, (P, JOINED, "E09000008", "2024-25-academic", "csv", "F1383", 5832.0)),  # Croydon
    (FURTHER, (P, JOINED, "E07000187", "2019-20-academic", "csv", "F2074", 6142.0)),  # Mendip, ended in 2023
    (FURTHER, (P, JOINED, "E47000001", "2024-25-academic", "csv", "F174", 5612.0)),  # Greater Manchester
    (FURTHER, (A, ACHIEVED, "E09000008", "2023-24-academic", "csv", "F1381", 4164.0)),
    (FURTHER, (A, ACHIEVED, "E10000021", "2019-20-academic", "csv", "F674", 3244.0)),  # Northamptonshire
    (FURTHER, (R, STARTED, "E07000026", "2019-20-academic", "csv", "F155", 1301.0)),  # Allerdale
    (FURTHER, (R, STARTED, "E08000038", "2024-25-academic", "csv", "F427", 1106.0)),  # Barnsley, by its old code
    (FURTHER, (R, STARTED, "E06000053", "2020-21-academic", "csv", "F1930", "")),  # Isles of Scilly, withheld
    (FURTHER, (R, COMPLETED, "E09000001", "2024-25-academic", "csv", "F3359", 238.0)),  # City of London
    (QUALIFICATIONS, ("level-3-2023", LEVEL_3, "E09000008", "2022", "csv", "F458", 72.0)),
    (QUALIFICATIONS, ("level-3-2023", LEVEL_3, "E06000063", "2023", "csv", "F54", 63.5)),  # Cumberland
    (QUALIFICATIONS, ("level-3-2023", LEVEL_3, "E08000038", "2023", "csv", "F142", 60.5)),
    (QUALIFICATIONS, ("level-3-2023", LEVEL_3, "E06000053", "2023", "csv", "F643", "")),
    (QUALIFICATIONS, ("none-2023", NONE, "E08000025", "2023", "csv", "F286", 9.4)),  # Birmingham
    (QUALIFICATIONS, ("none-2023", NONE, "E07000117", "2022", "csv", "F85", 9.6)),  # Burnley, called unreliable
    (QUALIFICATIONS, ("none-2023", NONE, "E07000117", "2023", "csv", "F84", "")),
]


@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand(source: str, hand_read: HandRead) -> None:
    check_cell(source, hand_read)


@needs_files
@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(source: str, hand_read: HandRead) -> None:
    check_published_cell(source, hand_read)


def test_counts() -> None:
    # 2,084 rows of each indicator less the 60 of England and its regions; ten of the Isles of Scilly are withheld.
    assert count_values(FURTHER) == {
        JOINED: (2024, 2024),
        ACHIEVED: (2024, 2024),
        STARTED: (2024, 2020),
        COMPLETED: (2024, 2018),
    }
    # Rows of English councils, less the four of councils to come; 15 combined authorities' in each year, less seven.
    assert count_values(QUALIFICATIONS) == {LEVEL_3: (313 + 316 + 16, 643), NONE: (313 + 317 + 16, 560)}
    assert count_markers(FURTHER, STARTED) == {"suppressed": 4}
    assert count_markers(QUALIFICATIONS, NONE) == {"not_available": 86, "low_reliability": 252}


def test_intervals_are_the_publishers() -> None:
    croydon = find(QUALIFICATIONS, "level-3-2023", LEVEL_3, "E09000008", "2022")
    assert (croydon["lower"], croydon["upper"]) == (66.9, 77.1)
    birmingham = find(QUALIFICATIONS, "none-2023", NONE, "E08000025", "2023")
    assert (birmingham["lower"], birmingham["upper"]) == (7.2, 11.600000000000001)
    observations = carried(QUALIFICATIONS)
    within = observations.filter(pl.col("lower").is_not_null())
    assert within.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))).is_empty()
    unsure = observations.filter(marker="low_reliability")
    assert unsure["lower"].null_count() == len(unsure)
    # The City of London's estimate of 2022 has no interval in the file.
    bare = observations.filter(pl.col("value").is_not_null(), pl.col("lower").is_null(), pl.col("marker").is_null())
    assert bare.select("area_code", "period").rows() == [("E09000001", "2022")]


@pytest.mark.parametrize(
    ("metric", "periods"),
    [
        (metric, {"2019-20-academic": 339, "2020-21-academic": 333, "2021-22-academic": 333, "2022-23-academic": 317})
        for metric in (JOINED, ACHIEVED, STARTED, COMPLETED)
    ],
)
def test_the_councils_are_those_of_the_year(metric: str, periods: dict[str, int]) -> None:
    """Every principal council that existed on the year's last day has a row, and no other has."""
    register = load_register()
    for period, expected in periods.items():
        alive = list_alive(period)
        held = set(carried(FURTHER).filter(metric_key=metric, period=period)["area_code"])
        assert held & set(register.areas) == held
        assert {code for code in held if register.areas[code].is_principal} == alive
        assert len(alive) == expected


def test_councils_that_were_to_come_have_no_figure_of_2022() -> None:
    begun = ["E06000063", "E06000064", "E06000065", "E06000066"]
    found = carried(QUALIFICATIONS).filter(pl.col("area_code").is_in(begun))
    assert set(found["period"]) == {"2023"}
    assert len(found) == 8


def test_figures_made_anew_were_not_known_before() -> None:
    assert find(FURTHER, A, ACHIEVED, "E09000008", "2019-20-academic")["known_on"] == date(2026, 4, 21)
    assert find(FURTHER, P, JOINED, "E09000008", "2019-20-academic")["known_on"] == date(2025, 11, 27)


@needs_files
@pytest.mark.parametrize("source", [FURTHER, QUALIFICATIONS])
def test_every_value_is_its_cell(source: str) -> None:
    assert check_every_value(source) == carried(source).select(pl.col("value").count()).item()


@needs_files
def test_every_withheld_figure_is_called_so_in_the_file() -> None:
    rows = read_rows(locate(FURTHER, R), "csv")
    blank = [row for row in rows[1:] if row[5] == ""]
    assert len(blank) == 10
    assert Counter(row[10] for row in blank) == {"u": 10}
    assert all("suppressed" in str(row[11]) for row in blank)
