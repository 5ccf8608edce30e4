"""Greenhouse gases and electricity in homes: counts, cells read by hand, councils of the year."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_values,
    expect_cells,
    list_alive,
    locate,
    needs_files,
    read_rows,
)

SOURCE = "ons-els-environment"
GASES, POWER = "greenhouse-gases-per-person", "electricity-used-in-homes"
G, E = "greenhouse-gases-2023", "electricity-2024"

HAND_READ: list[HandRead] = [
    (G, GASES, "E09000001", "2006", "csv", "F4046", 259.59),  # City of London, the highest
    (G, GASES, "E09000015", "2023", "csv", "F4457", 2.07),  # Harrow, the lowest
    (G, GASES, "E06000053", "2005", "csv", "F6156", 6.35),  # Isles of Scilly
    (G, GASES, "E08000038", "2023", "csv", "F1341", 4.65),  # Barnsley, by its new code
    (G, GASES, "E06000063", "2023", "csv", "F497", 8.09),  # Cumberland, in its first year
    (G, GASES, "E10000028", "2023", "csv", "F2437", 6.43),  # Staffordshire
    (E, POWER, "E09000019", "to-2025-01", "csv", "F2497", 1955.1),  # Islington
    (E, POWER, "E06000053", "to-2018-01", "csv", "F3804", 5920.2),
    (E, POWER, "E07000004", "to-2015-01", "csv", "F3046", 3519.2),  # Aylesbury Vale, ended in 2020
    (E, POWER, "E06000060", "to-2021-01", "csv", "F2905", 3473.2),  # Buckinghamshire, in its first year
    (E, POWER, "E08000038", "to-2014-01", "csv", "F807", 2874.0),  # Barnsley, by its old code
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 317 councils in 19 years, less the years before some began; three years of 326 and ten of 296 without counties.
    gases, power = 19 * 317 - 211, 3 * 326 + 10 * 296 - 65
    assert count_values(SOURCE) == {GASES: (gases, gases), POWER: (power, power)}


@pytest.mark.parametrize("period", ["to-2013-01", "to-2015-01", "to-2025-01"])
def test_electricity_is_of_every_council_but_counties(period: str) -> None:
    alive = list_alive(period)
    held = set(carried(SOURCE).filter(metric_key=POWER, period=period)["area_code"])
    assert held == {code for code in alive if not code.startswith("E10")}


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()


@needs_files
def test_a_countys_gases_are_between_those_of_its_districts() -> None:
    """Which are a different part of the file: of Surrey, by the codes of its eleven districts."""
    of_2023 = {row[0]: float(str(row[5])) for row in read_rows(locate(SOURCE, G), "csv") if str(row[4])[:4] == "2023"}
    districts = [of_2023[f"E07000{number}"] for number in range(207, 218)]
    assert min(districts) < of_2023["E10000030"] < max(districts)
