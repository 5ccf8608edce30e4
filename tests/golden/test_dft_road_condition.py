"""Road condition as it stands in the edition: counts, cells read by hand, and the notes on single cells."""

from __future__ import annotations

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
    needs_files,
)

SOURCE, EDITION = "dft-road-condition", "2024-25"
A_ROADS, B_ROADS = "a-roads-to-consider-for-maintenance", "b-and-c-roads-to-consider-for-maintenance"
A_SHEET, B_SHEET = "RDC0120_A_Roads_and_Motorways", "RDC0120_B_and_C_Roads"

# Read in the workbook, with the marker that the row's note or the cell's symbol means.
HAND_READ: list[tuple[HandRead, str | None]] = [
    ((EDITION, A_ROADS, "E09000008", "2024-25", A_SHEET, "U103", 9.0), None),  # Croydon
    ((EDITION, A_ROADS, "E09000008", "2021-22", A_SHEET, "R103", 8.0), "other_basis"),
    ((EDITION, A_ROADS, "E06000005", "2022-23", A_SHEET, "S7", 1.0), None),  # Darlington, before it changed method
    ((EDITION, A_ROADS, "E06000005", "2023-24", A_SHEET, "T7", 7.0), "other_basis"),
    ((EDITION, A_ROADS, "E08000021", "2021-22", A_SHEET, "R11", "[x]"), "not_available"),  # Newcastle upon Tyne
    ((EDITION, A_ROADS, "E08000021", "2023-24", A_SHEET, "T11", 6.0), "other_basis"),  # revised too
    ((EDITION, A_ROADS, "E08000038", "2023-24", A_SHEET, "T44", 3.0), "revised"),  # Barnsley, by its old code
    ((EDITION, A_ROADS, "E06000021", "2024-25", A_SHEET, "U78", "[y]"), "unreliable"),  # Stoke-on-Trent
    ((EDITION, A_ROADS, "E06000053", "2024-25", A_SHEET, "U156", "[z]"), "not_applicable"),  # Isles of Scilly
    ((EDITION, A_ROADS, "E10000027", "2022-23", A_SHEET, "S160", 2.0), None),  # the county of Somerset
    ((EDITION, A_ROADS, "E06000066", "2023-24", A_SHEET, "T160", 2.0), None),  # the unitary
    ((EDITION, A_ROADS, "E10000009", "2018-19", A_SHEET, "O154", 3.0), None),  # the county of Dorset
    ((EDITION, A_ROADS, "E06000059", "2019-20", A_SHEET, "P154", 1.0), "other_basis"),  # the unitary
    ((EDITION, B_ROADS, "E09000001", "2020-21", B_SHEET, "Q102", 5.0), None),  # City of London
    ((EDITION, B_ROADS, "E09000001", "2023-24", B_SHEET, "T102", 75.0), "other_basis"),
    ((EDITION, B_ROADS, "E06000046", "2018-19", B_SHEET, "O134", 0.0), None),  # Isle of Wight, a true zero
    ((EDITION, B_ROADS, "E06000047", "2009-10", B_SHEET, "F6", "[x]"), "not_available"),  # County Durham
]


@pytest.mark.parametrize(("hand_read", "marker"), HAND_READ)
def test_a_cell_read_by_hand(hand_read: HandRead, marker: str | None) -> None:
    check_cell(SOURCE, hand_read)
    edition, metric, area, period, *_ = hand_read
    assert find(SOURCE, edition, metric, area, period)["marker"] == marker


@needs_files
@pytest.mark.parametrize("hand_read", [hand_read for hand_read, _ in HAND_READ])
def test_a_cell_read_by_hand_is_in_the_published_file(hand_read: HandRead) -> None:
    check_published_cell(SOURCE, hand_read)


def test_every_highway_authority_of_the_register_has_its_years() -> None:
    # In each sheet 159 council rows of 18 years; left out are 36 + 8 + 10 + 12 + 12 + 4 + 28 + 2 + 32 by the rules.
    every = 159 * 18 - 144
    assert count_values(SOURCE) == {A_ROADS: (every, 2573), B_ROADS: (every, 2514)}


def test_symbols_and_notes_are_markers() -> None:
    # "[x]", "[y]" and the Isles of Scilly's "[z]", as counted in the sheets.
    assert count_markers(SOURCE, A_ROADS) == {
        "not_available": 113,
        "unreliable": 14,
        "not_applicable": 18,
        "other_basis": 161,
        "revised": 23,
    }
    assert count_markers(SOURCE, B_ROADS) == {
        "not_available": 159,
        "unreliable": 27,
        "not_applicable": 18,
        "other_basis": 201,
        "revised": 31,
    }


def test_no_council_has_a_figure_of_its_predecessor() -> None:
    observations = carried(SOURCE)
    begun = {"E06000059": "2019-20", "E06000060": "2020-21", "E06000061": "2021-22", "E06000063": "2023-24"}
    for area, first in begun.items():
        assert observations.filter(area_code=area)["period"].min() == first


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == 2573 + 2514
