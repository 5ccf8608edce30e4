"""People and stays in temporary accommodation, as they stand in the edition: cells read by hand, labels, rules."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import (
    HandRead,
    carried,
    check_cell,
    check_labels,
    check_parts,
    check_published_cell,
    count_markers,
    count_values,
    find,
    needs_files,
    read_published,
)

SOURCE = "mhclg-homelessness-accommodation"
TYPES, BABIES = "temporary-accommodation-by-household-type", "babies-in-temporary-accommodation"
RATE, NEAR = "out-of-district-per-1000", "out-of-district-same-region"
HOTEL, HOSTEL, COUNCIL, NIGHTLY, LEASED = (
    f"{kind}-median-stay" for kind in ("bed-and-breakfast", "hostel", "council-homes", "nightly-paid", "leased-homes")
)

# Read in the workbooks.
HAND_READ: list[HandRead] = [
    ("2025-q4", TYPES, "E09000025", "2025-q4", "TA2", "E186", 7412.0),  # Newham
    ("2025-q4", f"{TYPES}/single-mother", "E09000025", "2025-q4", "TA2", "L186", 2443.0),
    ("2025-q4", f"{TYPES}/man-alone", "E09000025", "2025-q4", "TA2", "Q186", 812.0),
    ("2025-q4", f"{TYPES}/others", "E09000025", "2025-q4", "TA2", "X186", 1608.0),
    ("2025-q4", HOTEL, "E07000032", "2025-q4", "TA7", "C6", 64.0),  # Amber Valley
    ("2025-q4", HOSTEL, "E07000032", "2025-q4", "TA7", "E6", "0"),  # nobody in a hostel
    ("2025-q2", COUNCIL, "E09000022", "2025-q2", "TA7", "G139", 2152.0),  # Lambeth
    ("2025-q2", LEASED, "E09000022", "2025-q2", "TA7", "O139", 1950.5),
    ("2025-q2", NIGHTLY, "E09000022", "2025-q2", "TA7", "I139", 1109.0),
    ("2025-q4", BABIES, "E09000003", "2025-q4", "TA8", "G14", 83.0),  # Barnet
    ("2025-q4", RATE, "E07000223", "2025-q4", "TA9", "D16", 4.13679968617382),  # Adur
    ("2025-q4", RATE, "E07000032", "2025-q4", "TA9", "D17", "-"),  # fewer than five
    ("2025-q2", RATE, "E09000008", "2025-q2", "TA9", "D78", ".."),  # Croydon sent no usable data
]
LABELS = {
    TYPES: "Total number of households in TA",
    f"{TYPES}/couple-with-children": "Couple with dependent children",
    f"{TYPES}/single-father": "Single parent with dependent children - Male",
    f"{TYPES}/single-mother": "Single parent with dependent children - Female",
    f"{TYPES}/man-alone": "Single adult - Male",
    f"{TYPES}/woman-alone": "Single adult - Female",
    f"{TYPES}/others": "All other household types",
    HOTEL: "B&B or shared annex",
    HOSTEL: "Hostel or refuge",
    COUNCIL: "LA/HA stock",
    NIGHTLY: "Other nightly paid, privately managed accommodation, self-contained",
    LEASED: "Private sector accommodation leased by your authority or leased or managed by a registered provider",
    BABIES: "0",
    RATE: "Total Sent to another Local Authority per 1000 households",
    NEAR: "Percentage sent to the same region",
}


@pytest.mark.parametrize("hand_read", HAND_READ)
def test_a_cell_read_by_hand(hand_read: HandRead) -> None:
    check_cell(SOURCE, hand_read)


@needs_files
@pytest.mark.parametrize("hand_read", [each for each in HAND_READ if each[6] != "0"])
def test_a_cell_read_by_hand_is_in_the_published_file(hand_read: HandRead) -> None:
    check_published_cell(SOURCE, hand_read)


def test_every_quarter_has_every_housing_authority() -> None:
    counts = {metric: rows for metric, (rows, _) in count_values(SOURCE).items()}
    assert counts.pop(TYPES) == 7 * 8 * 296
    assert counts == dict.fromkeys((HOTEL, HOSTEL, COUNCIL, NIGHTLY, LEASED, BABIES, RATE, NEAR), 3 * 296)


def test_parts_are_no_more_than_the_whole() -> None:
    check_parts(SOURCE, {})


def test_no_stay_is_zero_days() -> None:
    stays = carried(SOURCE).filter(pl.col("metric_key").str.ends_with("median-stay"))
    assert len(stays.filter(pl.col("value") < 1)) == 0
    assert set(count_markers(SOURCE, HOSTEL)) == {"not_applicable", "not_available"}


def test_a_share_is_stored_as_a_fraction_and_shown_as_a_percentage() -> None:
    near = carried(SOURCE).filter(pl.col("value").is_not_null(), metric_key=NEAR)
    assert near["value"].max() == 100
    found = find(SOURCE, "2025-q4", NEAR, "E07000223", "2025-q4")
    assert (found["cell"], found["stored"], found["value"]) == ("E16", "1", 100.0)


@needs_files
def test_every_lettered_column_has_its_label() -> None:
    assert check_labels(SOURCE, LABELS) == 7 * 8 + 3 * 8


@needs_files
def test_every_value_is_its_cell() -> None:
    for edition, metric, sheet, cell, value in (
        carried(SOURCE).drop_nulls("value").select("edition_key", "metric_key", "sheet", "cell", "value").iter_rows()
    ):
        published = float(str(read_published(SOURCE, edition.split("/")[1], sheet, cell)))
        assert value == pytest.approx(published * (100 if metric == NEAR else 1)), f"{edition} {sheet}!{cell}"
