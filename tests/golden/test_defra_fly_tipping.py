"""Fly-tipping as it stands in the edition: counts, cells read by hand, and the reporting basis beside the value."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    check_parts,
    count_markers,
    count_values,
    expect_cells,
    find,
    needs_files,
    read_published,
)

SOURCE, EDITION = "defra-fly-tipping", "2022-23-revised"
INCIDENTS, RATE = "fly-tipping-incidents", "fly-tipping-incidents-per-1000-people"
ACTIONS, NOTICES = "fly-tipping-actions", "fly-tipping-penalty-notices"
PROSECUTIONS, FINES = "fly-tipping-prosecutions", "fly-tipping-court-fines"
WASTE, LORRIES = "fly-tipping-incidents-by-waste", "fly-tipping-lorry-loads"

# Read in the workbook: a large council, one of the smallest, one since closed, an old code, zeros, symbols.
HAND_READ: list[HandRead] = [
    (EDITION, INCIDENTS, "E09000008", "2022-23", "LA_incidents", "E3404", 22852.0),  # Croydon
    (EDITION, INCIDENTS, "E07000032", "2012-13", "LA_incidents", "E16", 219.0),  # Amber Valley
    (EDITION, INCIDENTS, "E07000190", "2018-19", "LA_incidents", "E2304", 573.0),  # Taunton Deane, ended in 2019
    (EDITION, INCIDENTS, "E06000018", "2012-13", "LA_incidents", "E205", ":"),  # Nottingham
    (EDITION, INCIDENTS, "E06000053", "2012-13", "LA_incidents", "E151", 0.0),  # Isles of Scilly, a true zero
    (EDITION, RATE, "E09000008", "2022-23", "LA_incidents", "AU3404", 58.26262543852492),
    (EDITION, RATE, "E08000038", "2022-23", "LA_incidents", "AU3346", 17.86743048173903),  # Barnsley, by its old code
    (EDITION, RATE, "E09000010", "2022-23", "LA_incidents", "AU3427", 16.823338141456617),  # Enfield
    (EDITION, ACTIONS, "E09000008", "2022-23", "LA_actions", "E3403", 986.0),
    (EDITION, ACTIONS, "E09000012", "2021-22", "LA_actions", "E3125", ":"),  # Hackney
    (EDITION, NOTICES, "E07000239", "2022-23", "LA_actions", "P3643", 85.0),  # Wyre Forest
    (EDITION, PROSECUTIONS, "E09000010", "2022-23", "LA_actions", "Z3426", 44.0),
    (EDITION, f"{INCIDENTS}/footpath-or-bridleway", "E09000008", "2022-23", "LA_incidents", "G3404", 15580.0),
    (EDITION, f"{INCIDENTS}/farmland", "E09000008", "2022-23", "LA_incidents", "K3404", 22.0),
    (EDITION, f"{WASTE}/household-black-bags", "E09000008", "2022-23", "LA_incidents", "Z3404", 3824.0),
    (EDITION, f"{WASTE}/building-waste", "E09000008", "2022-23", "LA_incidents", "X3404", 996.0),
    (EDITION, LORRIES, "E09000008", "2022-23", "LA_incidents", "AO3404", 1130.0),
    (EDITION, f"{ACTIONS}/warning-letters", "E09000008", "2022-23", "LA_actions", "H3403", 440.0),
    (EDITION, f"{NOTICES}/for-householders-duty-of-care", "E09000008", "2022-23", "LA_actions", "M3403", 2.0),
    (EDITION, FINES, "E09000008", "2022-23", "LA_actions", "AS3403", 6020.0),
]
BASES = {
    ("E09000010", "2022-23"): "Customer/public reported only",  # Enfield
    ("E09000030", "2019-20"): "Staff/contractor and pro-actively cleared only",  # Tower Hamlets
    ("E06000033", "2020-21"): "Reporting basis changed during the year",  # Southend-on-Sea
    ("E09000008", "2022-23"): "All incidents",
}


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_every_council_row_is_there() -> None:
    # 326 councils to 2018-19, 317, 314, 309 and 309 after; the rate from 2019-20.
    every = 7 * 326 + 317 + 314 + 309 + 309
    by_kind = every - 326 * 6  # kinds of notice are read from 2018-19 on
    assert count_values(SOURCE) == {
        INCIDENTS: (7 * every, 7 * every - 20 - 6 * 21 - 3),  # three blanks
        WASTE: (4 * every, 4 * every - 20 - 3 * 21),
        LORRIES: (every, every - 21),
        RATE: (1249, 1248),
        ACTIONS: (5 * every, 5 * (every - 4)),
        NOTICES: (every + 3 * by_kind, every - 4 + 3 * (by_kind - 1)),
        PROSECUTIONS: (every, every - 4),
        FINES: (every, every - 4),
    }


def test_parts_are_no_more_than_the_whole() -> None:
    check_parts(SOURCE, {})


def test_the_basis_is_a_marker_of_incidents_and_of_nothing_else() -> None:
    assert count_markers(SOURCE, INCIDENTS) == {"not_available": 20 + 6 * 21 + 3, "other_basis": 7 * 131}
    assert count_markers(SOURCE, RATE) == {"not_available": 1, "other_basis": 131}
    assert count_markers(SOURCE, ACTIONS) == {"not_available": 5 * 4}
    marked = carried(SOURCE).filter(marker="other_basis")
    assert marked["period"].min() == "2019-20"
    assert marked["value"].null_count() == 0


@needs_files
@pytest.mark.parametrize(("area", "period"), BASES)
def test_the_basis_is_the_publishers(area: str, period: str) -> None:
    found = find(SOURCE, EDITION, RATE, area, period)
    basis = read_published(SOURCE, EDITION, "LA_incidents", found["cell"].replace("AU", "AV"))
    assert basis == BASES[area, period]
    assert found["marker"] == (None if basis == "All incidents" else "other_basis")


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
