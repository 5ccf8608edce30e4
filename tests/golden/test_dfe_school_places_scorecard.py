"""School places as they stand in the edition: counts and cells read by hand."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import (
    HandRead,
    carried,
    count_markers,
    count_values,
    expect_cells,
    find,
    needs_files,
    read_published,
)

SOURCE = "dfe-school-places-scorecard"
EDITION = "2023-to-2025"
CREATED = "primary-places-created"
FIRST, THREE = "first-choice-of-secondary-school", "first-three-choices-of-primary-school"
SCALED = ["spare-", "expected-growth-"]

# Read in the file: large and small councils, one begun in 2023, an old code, zeros, symbols. What is scaled is apart.
HAND_READ: list[HandRead] = [
    (EDITION, "pupils-in-primary-schools", "E08000025", "2024-25-academic", "csv", "J121", 103234.0),  # Birmingham
    (EDITION, "unfilled-primary-places", "E08000027", "2024-25-academic", "csv", "CU2", 7.976886759),  # Dudley
    (
        EDITION,
        "unfilled-secondary-places",
        "E06000053",
        "2024-25-academic",
        "csv",
        "CV151",
        14.03508772,
    ),  # Isles of Scilly
    (EDITION, "pupils-in-secondary-schools", "E09000001", "2022-23-academic", "csv", "M453", 0.0),  # City of London
    (EDITION, "pupils-in-secondary-schools", "E09000001", "2023-24-academic", "csv", "M299", "z"),
    (EDITION, "secondary-places-needed-in-three-years", "E09000008", "2024-25-academic", "csv", "CZ13", 0.0),  # Croydon
    (EDITION, "primary-places-planned", "E10000016", "2024-25-academic", "csv", "DA102", 210.0),  # Kent
    (EDITION, "secondary-places-created", "E08000038", "2024-25-academic", "csv", "CX38", 632.0),  # Barnsley
    (EDITION, CREATED, "E06000063", "2022-23-academic", "csv", "CW447", "z"),  # Cumberland
    # Offers are of the school year that children enter: those of September 2026 stand beside those of September 2025.
    (EDITION, FIRST, "E09000008", "2026-27-academic", "csv", "DN13", 71.22370937),
    (EDITION, FIRST, "E09000008", "2025-26-academic", "csv", "DF13", 70.9567971),
    (EDITION, THREE, "E09000008", "2023-24-academic", "csv", "DI321", 97.8),
    (EDITION, "first-choice-of-primary-school", "E06000053", "2025-26-academic", "csv", "DC151", "NA"),
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


@pytest.mark.parametrize(
    ("metric", "area", "cell", "stored", "value"),
    [
        ("spare-primary-places-in-three-years", "E08000027", "P2", "0.096222958", 9.6222958),
        ("expected-growth-in-primary-pupils", "E09000008", "V13", "0.011163162", 1.1163162),
    ],
)
def test_a_fraction_is_a_percentage(metric: str, area: str, cell: str, stored: str, value: float) -> None:
    found = find(SOURCE, EDITION, metric, area, "2024-25-academic")
    assert (found["cell"], found["stored"], found["value"]) == (cell, stored, value)


def test_counts() -> None:
    counts = count_values(SOURCE)
    assert len(counts) == 18
    assert counts["pupils-in-primary-schools"] == (459, 459)
    assert counts["unfilled-secondary-places"] == (459, 456)
    # Six councils begun since 2009/10 are left out in the last year.
    assert counts[CREATED] == (453, 439)
    assert counts[FIRST] == (612, 606)
    assert count_markers(SOURCE, FIRST) == {"not_applicable": 4, "not_available": 2}


@needs_files
def test_every_value_is_its_cell() -> None:
    observations = carried(SOURCE).filter(pl.col("value").is_not_null())
    for metric, sheet, cell, value in observations.select("metric_key", "sheet", "cell", "value").iter_rows():
        published = float(str(read_published(SOURCE, EDITION, sheet, cell)))
        assert value == pytest.approx(published * 100 if metric.startswith(tuple(SCALED)) else published, rel=1e-12)
