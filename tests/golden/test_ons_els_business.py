"""Businesses as they stand in the edition: counts, cells read by hand, rates worked out from counts again."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.core.areas import Register
from tests.golden.carried import (
    MIRROR,
    HandRead,
    carried,
    check_every_value,
    count_markers,
    count_values,
    expect_cells,
    list_alive,
    load_register,
    needs_files,
    read_rows,
)

SOURCE, E = "ons-els-business", "demography-2024"
ACTIVE, BORN, ENDED = "active-businesses", "business-birth-rate", "business-death-rate"
GROWING = "high-growth-business-share"
ONE, THREE, FIVE = "business-survival-one-year", "business-survival-three-years", "business-survival-five-years"
WORKBOOK = "services/economy/ons_business_demography_2024.xlsx"

HAND_READ: list[HandRead] = [
    (E, ACTIVE, "E08000025", "2024", "csv", "F8491", 43175.0),  # Birmingham
    (E, ACTIVE, "E06000053", "2019", "csv", "F9560", 170.0),  # Isles of Scilly
    (E, BORN, "E07000234", "2019", "csv", "F943", 44.41993824437583),  # Bromsgrove, with firms on paper
    (E, BORN, "E08000038", "2024", "csv", "F452", 11.363636363636363),  # Barnsley, by its old code
    (E, BORN, "E10000027", "2022", "csv", "F2104", 11.209813874788493),  # Somerset County, in its last year
    (E, ENDED, "E09000001", "2024", "csv", "F3835", 5.280034202650706),  # City of London
    (E, GROWING, "E07000069", "2022", "csv", "F6141", 0.0),  # Castle Point, a true zero
    (E, GROWING, "E09000022", "2024", "csv", "F6398", 8.823529411764707),  # Lambeth
    (E, ONE, "E06000053", "2023", "csv", "F15100", 100.0),
    (E, THREE, "E07000234", "2019", "csv", "F12529", 6.454816285998014),
    (E, FIVE, "E07000005", "2019", "csv", "F14138", 43.2),  # Chiltern, ended in 2020
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # Every council of 2019 to 2022 and of 2024; of 2023 those that were there before April.
    six_years = 343 + 339 + 333 + 333 + 313 + 317
    assert count_values(SOURCE) == {
        **dict.fromkeys((ACTIVE, BORN, ENDED, GROWING), (six_years, six_years)),
        ONE: (six_years - 317, six_years - 317),
        THREE: (343 + 339 + 333, 343 + 339 + 333),
        FIVE: (343, 343),
    }
    assert count_markers(SOURCE, ENDED) == {"provisional": 313 + 317}


@pytest.mark.parametrize("period", ["2019", "2020", "2021", "2022", "2024"])
def test_the_councils_are_those_of_the_year(period: str) -> None:
    alive = list_alive(period)
    assert set(carried(SOURCE).filter(metric_key=ACTIVE, period=period)["area_code"]) == alive


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()


@needs_files
def test_rates_of_2024_are_those_of_the_counts_in_the_workbook() -> None:
    register = load_register()
    count = {table: _read_counts(f"Table {table}", register) for table in ("1.1d", "2.1d", "3.1d", "7.1d", "7.3d")}
    shares = {BORN: ("1.1d", "3.1d"), ENDED: ("2.1d", "3.1d"), GROWING: ("7.1d", "7.3d")}
    rows = carried(SOURCE).filter(period="2024").select("metric_key", "area_code", "value").rows()
    assert len(rows) == 4 * 317
    for metric, area, value in rows:
        if metric == ACTIVE:
            assert value == count["3.1d"][area]
        else:
            part, whole = shares[metric]
            assert value == pytest.approx(100 * count[part][area] / count[whole][area])


def _read_counts(sheet: str, register: Register) -> dict[str, float]:
    found = {}
    for code, _, count in read_rows(MIRROR / WORKBOOK, sheet):
        area = register.resolve(str(code))
        if area is not None:
            found[area] = float(str(count))
    return found
