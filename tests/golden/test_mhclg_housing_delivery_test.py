"""The Housing Delivery Test as it stands in the edition: counts, cells read by hand, and who is measured together."""

from __future__ import annotations

import pytest

from tests.golden.carried import HandRead, carried, check_published_cell, count_markers, count_values, find, needs_files

SOURCE, EDITION, PERIOD = "mhclg-housing-delivery-test", "2023-measurement", "2022-23"
RESULT, REQUIRED, DELIVERED = "housing-delivery-test", "homes-required", "homes-delivered"

# What stands in the workbook, and what it is: results are published as a fraction of one.
HAND_READ: list[tuple[HandRead, float | None]] = [
    ((EDITION, metric, area, PERIOD, "Sheet1", cell, stored), value)
    for metric, area, cell, stored, value in (
        (RESULT, "E07000223", "K7", 0.81, 81.0),  # Adur
        (REQUIRED, "E07000223", "F7", 492.96506849315074, 492.96506849315074),
        (DELIVERED, "E07000223", "J7", 399.0578947368421, 399.0578947368421),
        (RESULT, "E07000166", "K197", 61.24, 6124.0),  # Richmondshire: 1,469 homes against 24
        (RESULT, "E07000148", "K308", 1.11, 111.0),  # Norwich, measured with two others
        (RESULT, "E06000060", "K330", 1.27, 127.0),  # Buckinghamshire, in a table of its own
        (RESULT, "E06000053", "K135", "-", None),  # Isles of Scilly: no requirement
        (REQUIRED, "E06000053", "F135", "-", None),
        (DELIVERED, "E06000053", "J135", -12.8, -12.8),
    )
]


@pytest.mark.parametrize(("hand_read", "value"), HAND_READ)
def test_a_cell_read_by_hand(hand_read: HandRead, value: float | None) -> None:
    edition, metric, area, period, sheet, cell, stored = hand_read
    found = find(SOURCE, edition, metric, area, period)
    assert (found["sheet"], found["cell"], found["value"]) == (sheet, cell, value)
    assert found["stored"] == (stored if isinstance(stored, str) else repr(stored))
    assert found["marker"] == (None if value is not None else "not_applicable")


@needs_files
@pytest.mark.parametrize("hand_read", [hand_read for hand_read, _ in HAND_READ])
def test_a_cell_read_by_hand_is_in_the_published_file(hand_read: HandRead) -> None:
    check_published_cell(SOURCE, hand_read)


def test_counts() -> None:
    # 309 councils on 31 March 2023, less Bournemouth, Christchurch and Poole.
    assert count_values(SOURCE) == {RESULT: (308, 306), REQUIRED: (308, 292), DELIVERED: (308, 294)}
    assert carried(SOURCE).filter(area_code="E06000058").is_empty()


def test_homes_of_councils_measured_together_are_nobodys_own() -> None:
    assert count_markers(SOURCE, RESULT) == {"not_applicable": 2}
    assert count_markers(SOURCE, REQUIRED) == {"not_applicable": 2, "reported_jointly": 14}
    for area in ("E07000144", "E07000138", "E07000046", "E07000235", "E06000026"):
        assert find(SOURCE, EDITION, DELIVERED, area, PERIOD)["marker"] == "reported_jointly"
        assert find(SOURCE, EDITION, RESULT, area, PERIOD)["value"] is not None
