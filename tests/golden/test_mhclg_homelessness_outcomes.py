"""How help with homelessness ended, as it stands in the edition: cells read by hand, labels, parts and wholes."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    check_labels,
    check_parts,
    expect_cells,
    needs_files,
)

SOURCE = "mhclg-homelessness-outcomes"
BEFORE, KEPT = "prevention-duties-ended", "prevention-homes-secured"
AFTER, FOUND = "relief-duties-ended", "relief-homes-secured"
DECIDED, OWED, DONE = "main-duty-decisions", "main-duties-owed", "main-duties-ended"

# Read in the workbooks.
HAND_READ: list[HandRead] = [
    ("2019-q1", BEFORE, "E09000008", "2019-q1", "P1 - Jan-Mar 19", "E88", 106.0),  # Croydon
    ("2019-q1", f"{BEFORE}/withdrew", "E09000008", "2019-q1", "P1 - Jan-Mar 19", "O88", 2.0),
    ("2025-q4", f"{BEFORE}/withdrew", "E09000008", "2025-q4", "P1", "P82", 39.0),
    ("2025-q4", f"{BEFORE}/eight-weeks-passed", "E09000008", "2025-q4", "P1", "U82", 19.0),
    ("2022-q1", KEPT, "E08000025", "2022-q1", "P2", "D38", 150.0),  # Birmingham
    ("2022-q1", f"{KEPT}/social-rented", "E08000025", "2022-q1", "P2", "K38", 64.0),
    ("2024-q1", f"{KEPT}/social-rented", "E07000111", "2024-q1", "P2", "L229", 4.0),  # Sevenoaks, a new layout
    ("2019-q1", f"{AFTER}/eight-weeks-passed", "E07000004", "2019-q1", "R1 - Jan-Mar 19", "G24", 49.0),
    ("2025-q4", AFTER, "E06000053", "2025-q4", "R1", "E147", 0.0),  # Isles of Scilly, a true zero
    ("2023-q1", f"{FOUND}/social-rented", "E08000039", "2023-q1", "R2", "L242", 133.0),  # Sheffield
    ("2020-q1", OWED, "E09000030", "2020-q1", "MD1", "F297", 37.0),  # Tower Hamlets
    ("2020-q1", f"{DECIDED}/intentionally-homeless", "E09000030", "2020-q1", "MD1", "G297", 2.0),
    ("2025-q4", f"{OWED}/dependent-children", "E08000025", "2025-q4", "MD3", "G38", 376.0),
    ("2025-q4", f"{OWED}/domestic-abuse", "E07000223", "2025-q4", "MD3", "X23", 2.0),  # Adur
    ("2024-q4", f"{DONE}/accepted-social-home", "E09000012", "2024-q4", "MD2", "G125", 144.0),  # Hackney
]
_HOMES = {
    "private-rented": "Private rented sector",
    "social-rented": "Social rented sector",
    "family": "Staying with family",
}
LABELS = {
    BEFORE: "prevention duty ended",
    f"{BEFORE}/stayed-in-own-home": "Stayed in existing accommodation",
    f"{BEFORE}/moved-home": "Moved to alternative accommodation",
    f"{BEFORE}/became-homeless": "Homeless (including intentionally homeless)",
    f"{BEFORE}/contact-lost": "Contact lost",
    f"{BEFORE}/withdrew": "Withdrew application / applicant deceased",
    f"{BEFORE}/eight-weeks-passed": "days elapsed and no further action",
    KEPT: "prevention duty ended with accommodation secured",
    FOUND: "relief duty ended with accommodation secured",
    **{f"{metric}/{part}": label for metric in (KEPT, FOUND) for part, label in _HOMES.items()},
    AFTER: "relief duty ended",
    f"{AFTER}/eight-weeks-passed": "days elapsed",
    f"{AFTER}/contact-lost": "Contact lost",
    f"{AFTER}/withdrew": "Withdrew application / applicant deceased",
    DECIDED: "main duty decisions",
    f"{DECIDED}/intentionally-homeless": "Homeless + priority need + intentionally homeless",
    f"{DECIDED}/not-in-priority-need": "Homeless + no priority need",
    f"{DECIDED}/not-homeless": "Not homeless",
    OWED: "Homeless + priority need + unintentionally homeless (acceptance)",
    f"{OWED}/dependent-children": "Household includes dependent children",
    f"{OWED}/pregnancy": "Household includes a pregnant woman",
    f"{OWED}/old-age": "Old age",
    f"{OWED}/physical-ill-health-or-disability": "Physical disability / ill health",
    f"{OWED}/mental-health": "Mental health problems",
    f"{OWED}/young-person": "Young applicant",
    f"{OWED}/domestic-abuse": "Domestic abuse",
    DONE: "main duty ended",
    f"{DONE}/accepted-social-home": "Accepted a Housing Act 1996 Pt6 social housing offer",
    f"{DONE}/accepted-private-home": "Accepted a Private Rented Sector offer",
    f"{DONE}/left-of-own-accord": "Voluntarily ceased to occupy",
}


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_every_part_has_a_row_for_every_housing_authority_in_every_quarter() -> None:
    councils = {"2019-q1": 326, "2020-q1": 317, "2021-q1": 314, "2022-q1": 309, "2023-q1": 309}
    counted = carried(SOURCE).group_by("metric_key", "breakdown", "period").len()
    for metric, breakdown, period, rows in counted.iter_rows():
        assert rows == councils.get(period, 296), f"{metric} {breakdown} {period}"
    periods = dict(counted.group_by("metric_key").agg(pl.col("period").n_unique()).iter_rows())
    assert periods == {BEFORE: 13, KEPT: 13, AFTER: 13, FOUND: 13, DECIDED: 13, OWED: 13, DONE: 8}


def test_parts_are_no_more_than_the_whole() -> None:
    check_parts(SOURCE, {})


def test_homes_secured_are_the_homes_kept_and_moved_to() -> None:
    index = ["area_code", "period"]
    ends = carried(SOURCE).filter(metric_key=BEFORE).pivot("breakdown", index=index, values="value")
    homes = carried(SOURCE).filter(metric_key=KEPT, breakdown="all").select(*index, "value")
    both = ends.join(homes, on=index).drop_nulls(["all", "value"])
    differing = both.filter((pl.col("stayed-in-own-home") + pl.col("moved-home") - pl.col("value")).abs() > 0.5)
    assert len(differing) <= 0.01 * len(both)


@needs_files
def test_every_lettered_column_has_its_label() -> None:
    assert check_labels(SOURCE, LABELS) == 400


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == 116_690
