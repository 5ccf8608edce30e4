"""Traffic, charging points, journeys to jobs and walks to stations: counts, cells read by hand, councils."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import (
    HandRead,
    carried,
    check_cell,
    check_every_value,
    check_published_cell,
    count_values,
    list_alive,
    needs_files,
)

SOURCE, STATIONS = "ons-els-travel", "ons-els-station-walk"
TRAFFIC, CHARGERS = "traffic-on-a-mile-of-road", "public-vehicle-chargers-per-100000"
JOURNEY, WALK = "journey-to-jobs-by-public-transport", "residents-near-a-railway-station"
T, C, J, W = "traffic-2025", "chargers-2026-q1", "journeys-2019", "walk-2024"

HAND_READ: list[tuple[str, HandRead]] = [
    (SOURCE, (T, TRAFFIC, "E09000001", "1998", "csv", "F3457", 10200.0)),  # City of London, the highest
    (SOURCE, (T, TRAFFIC, "E06000053", "2020", "csv", "F5423", 100.0)),  # Isles of Scilly, the lowest
    (SOURCE, (T, TRAFFIC, "E06000028", "2018", "csv", "F5263", 4600.0)),  # Bournemouth, in its last year
    (SOURCE, (T, TRAFFIC, "E06000058", "2019", "csv", "F5224", 4600.0)),  # and the council that took its place
    (SOURCE, (T, TRAFFIC, "E10000009", "2018", "csv", "F5725", 2900.0)),  # Dorset County
    (SOURCE, (T, TRAFFIC, "E08000038", "2024", "csv", "F1729", 4800.0)),  # Barnsley, by its old code
    (SOURCE, (C, CHARGERS, "E09000013", "2026-04-01", "csv", "F426", 1380.0632793992168)),  # Hammersmith and Fulham
    (SOURCE, (C, CHARGERS, "E07000038", "2026-01-01", "csv", "F193", 38.44494870881233)),  # North East Derbyshire
    (SOURCE, (C, CHARGERS, "E10000014", "2026-04-01", "csv", "F527", 124.65329937383137)),  # Hampshire
    (SOURCE, (J, JOURNEY, "E07000030", "2019", "csv", "F3851", 33.1795463245949)),  # Eden
    (SOURCE, (J, JOURNEY, "E09000020", "2019", "csv", "F4846", 3.22467965616833)),  # Kensington and Chelsea
    (SOURCE, (J, JOURNEY, "E07000242", "2014", "csv", "F4683", 15.6445161744646)),  # East Hertfordshire, old code
    (SOURCE, (J, JOURNEY, "E07000048", "2017", "csv", "F5473", 12.0708708975059)),  # Christchurch, ended in 2019
    (STATIONS, (W, WALK, "E07000088", "2024-06-15", "csv", "F264", 0.0)),  # Gosport
    (STATIONS, (W, WALK, "E09000033", "2024-06-15", "csv", "F219", 100.0)),  # Westminster
    (STATIONS, (W, WALK, "E08000039", "2024-06-15", "csv", "F70", 63.0)),  # Sheffield, by its old code
]


@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand(source: str, hand_read: HandRead) -> None:
    check_cell(source, hand_read)


@needs_files
@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(source: str, hand_read: HandRead) -> None:
    check_published_cell(source, hand_read)


def test_counts() -> None:
    # Highway authorities: 140 to 2008, 149 for ten years, then 148, 149, 150, 150 and 153.
    traffic = 16 * 140 + 10 * 149 + 148 + 149 + 2 * 150 + 3 * 153
    assert count_values(SOURCE) == {
        TRAFFIC: (traffic, traffic),
        CHARGERS: (2 * 317, 2 * 317),
        JOURNEY: (4 * 353 + 338, 4 * 353 + 338),
    }
    assert count_values(STATIONS) == {WALK: (317, 317)}


@pytest.mark.parametrize(
    ("period", "counties_without"),
    [
        ("2009", {"E10000002", "E10000023", "E10000027"}),  # Buckinghamshire, North Yorkshire and Somerset as counties
        ("2018", {"E10000002", "E10000023", "E10000027"}),
        ("2021", {"E10000023", "E10000027"}),
        ("2023", set()),
        ("2025", set()),
    ],
)
def test_traffic_is_of_every_council_but_districts(period: str, counties_without: set[str]) -> None:
    """Save counties that became one council each: the file has their early years under that council's code alone."""
    expected = {code for code in _alive(period) if not code.startswith("E07")}
    assert expected - _held(SOURCE, TRAFFIC, period) == counties_without
    assert expected >= _held(SOURCE, TRAFFIC, period)


@pytest.mark.parametrize(
    ("source", "metric", "period"),
    [
        (SOURCE, CHARGERS, "2026-04-01"),
        (SOURCE, JOURNEY, "2014"),
        (SOURCE, JOURNEY, "2017"),
        (STATIONS, WALK, "2024-06-15"),
    ],
)
def test_the_councils_are_those_of_the_day(source: str, metric: str, period: str) -> None:
    assert _held(source, metric, period) == _alive(period)


def _held(source: str, metric: str, period: str) -> set[str]:
    return set(carried(source).filter(metric_key=metric, period=period)["area_code"])


def _alive(period: str) -> set[str]:
    return list_alive(period)


@needs_files
@pytest.mark.parametrize("source", [SOURCE, STATIONS])
def test_every_value_is_its_cell(source: str) -> None:
    assert check_every_value(source) == carried(source).select(pl.col("value").count()).item()
