"""Spending on homelessness (RO4) as it stands in `edition/`: counts, cells read by hand, and totals by kind of area."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import MIRROR, load_definitions, needs_files, read_rows
from tests.golden.published import count_rows, expect_scaled_cells, observations_of

SOURCE = "mhclg-revenue-outturn-housing"
EDITION = "2024-25-first-release"

# Edition, metric, area, period, cell, what stands there, £ million: looked up in the published file by a person.
HAND_READ = [
    (EDITION, "homelessness-spending", "E09000008", "2024-25", "M63", "43030.32", 43.03032),
    (EDITION, "homelessness-gross-spending", "E09000025", "2024-25", "L164", "156801.0", 156.801),
    (EDITION, "nightly-paid-temporary-homes-spending", "E09000033", "2024-25", "F282", "47995.57", 47.99557),
    (EDITION, "hostel-spending", "E07000095", "2024-25", "H36", "-255.0", -0.255),
    (EDITION, "bed-and-breakfast-spending", "E07000129", "2024-25", "J18", "1.0", 0.001),
    (EDITION, "homelessness-spending", "E06000053", "2024-25", "M128", "0.0", 0.0),
    (EDITION, "homelessness-spending", "E07000086", "2024-25", "M85", "-203.0", -0.203),
]


test_a_cell_read_by_hand_is_the_observation, test_a_cell_read_by_hand_is_in_the_published_file = expect_scaled_cells(
    SOURCE, HAND_READ
)


def test_all_housing_authorities_have_a_row() -> None:
    assert set(count_rows(SOURCE).values()) == {(296, 287)}


def test_a_return_that_had_not_arrived_is_no_zero() -> None:
    absent = observations_of(SOURCE).filter(pl.col("value").is_null(), metric_key="homelessness-spending")
    assert set(absent["marker"]) == {"not_submitted"}
    assert {"E08000025", "E06000039", "E07000032"} < set(absent["area_code"])  # Birmingham, Slough, Amber Valley


@needs_files
def test_councils_add_up_to_the_totals_of_their_kind() -> None:
    """But for the nine late ones, for which the totals hold something too: never less, and the same for London."""
    edition = next(each for each in load_definitions().sources[SOURCE].editions if each.held)
    header, *rows = read_rows(MIRROR / str(edition.mirror), "csv")
    column = header.index("total_homelessness_net_exp_000")
    total = next(float(str(row[column])) for row in rows if row[0] == "E09")
    ours = observations_of(SOURCE).filter(
        pl.col("area_code").str.starts_with("E09"), metric_key="homelessness-spending"
    )
    assert ours["value"].sum() * 1000 == pytest.approx(total, rel=1e-6)
