"""Ofsted's judgements as they stand in the edition: counts, cells read by hand, and that none is missing a reason."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest

from moothall.core.values import JUDGEMENTS
from tests.golden.carried import (
    carried,
    count_markers,
    count_values,
    find,
    load_definitions,
    needs_files,
    read_published,
)

SOURCE = "ofsted-childrens-services-judgements"
FIVE, NEW = "2019-to-2023", "2025-march"
OVERALL, LEADERS = "childrens-services-judgement", "childrens-services-leaders-judgement"
PROTECTION, CARE = "childrens-help-and-protection-judgement", "children-in-care-judgement"
LEAVERS, REPORT = "care-leavers-judgement", "childrens-services-report-published"
IN_FIVE, IN_NEW = "Provider_level_data", "Inspections_as_at_31_March"

# Edition, metric, area, day, sheet, cell, what stands in it, and what it means.
CELL = ("edition", "metric", "area", "day", "sheet", "cell", "stored", "value")
HAND_READ: list[tuple[str, str, str, str, str, str, str, float | None]] = [
    (NEW, OVERALL, "E09000002", "2025-03-31", IN_NEW, "G4", "Requires improvement to be good", 3.0),  # Barking
    (NEW, LEAVERS, "E09000002", "2025-03-31", IN_NEW, "K4", "Good", 2.0),
    (NEW, REPORT, "E09000003", "2025-03-31", IN_NEW, "F5", "2024-07-23", 20240723.0),  # Barnet
    (NEW, CARE, "E09000003", "2025-03-31", IN_NEW, "J5", "Outstanding", 1.0),
    (NEW, PROTECTION, "E08000038", "2025-03-31", IN_NEW, "I6", "Requires improvement to be good", 3.0),  # Barnsley
    (NEW, LEAVERS, "E06000022", "2025-03-31", IN_NEW, "K7", "", None),  # Bath, last inspected in 2022
    (FIVE, OVERALL, "E06000047", "2023-03-31", IN_FIVE, "O41", "2", 2.0),  # "Durham"
    (FIVE, LEADERS, "E06000047", "2023-03-31", IN_FIVE, "P41", "1", 1.0),
    (FIVE, OVERALL, "E10000021", "2021-03-31", IN_FIVE, "O397", "4", 4.0),  # Northamptonshire, on its last day
    (FIVE, OVERALL, "E06000061", "2022-03-31", IN_FIVE, "O242", "", None),  # its successor, not yet inspected
    (FIVE, REPORT, "E09000008", "2019-03-31", IN_FIVE, "G638", "2017-09-04", 20170904.0),  # Croydon
    (FIVE, CARE, "E06000053", "2019-03-31", IN_FIVE, "R669", "9", None),  # Isles of Scilly
]


@pytest.mark.parametrize(CELL, HAND_READ)
def test_a_cell_read_by_hand(
    edition: str, metric: str, area: str, day: str, sheet: str, cell: str, stored: str, value: float | None
) -> None:
    found = find(SOURCE, edition, metric, area, day)
    assert (found["sheet"], found["cell"], found["stored"], found["value"]) == (sheet, cell, stored, value)
    assert found["marker"] == (None if value is not None else "not_applicable")


@needs_files
@pytest.mark.parametrize(CELL, HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(
    edition: str, metric: str, area: str, day: str, sheet: str, cell: str, stored: str, value: float | None
) -> None:
    assert str(read_published(SOURCE, edition, sheet, cell)).removesuffix(".0").removesuffix(" 00:00:00") == stored


def test_counts() -> None:
    # 758 rows in five years and 153 councils in 2025; six had not been inspected, one part was not judged.
    both, judged = 758 + 153, 752 + 153
    assert count_values(SOURCE) == {
        OVERALL: (both, judged),
        LEADERS: (both, judged),
        PROTECTION: (both, judged),
        CARE: (both, judged - 1),
        REPORT: (both, judged),
        LEAVERS: (153, 103),
    }
    assert count_markers(SOURCE, LEAVERS) == {"not_applicable": 50}


def test_judgements_of_2025_are_as_many_as_ofsted_counts() -> None:
    values = carried(SOURCE).filter(metric_key=OVERALL, period="2025-03-31")["value"]
    assert Counter(JUDGEMENTS[int(value) - 1] for value in values) == {
        "Outstanding": 36, "Good": 67, "Requires improvement to be good": 31, "Inadequate": 19,
    }  # fmt: skip


def test_reports_came_out_before_the_day_they_are_shown_for_or_a_few_months_after() -> None:
    """The inspection was before the day; 22 reports came out after it, that on Bracknell Forest of 2022 the latest."""
    reports = carried(SOURCE).filter(pl.col("value").is_not_null(), metric_key=REPORT)
    published = pl.col("value").cast(pl.Int64).cast(pl.String).str.to_date("%Y%m%d")
    late = reports.select("area_code", days=(published - pl.col("period").str.to_date()).dt.total_days())
    assert len(late.filter(pl.col("days") > 0)) == 22
    assert late.filter(pl.col("days") > 60).rows() == [("E06000036", 120)]


def test_judgements_are_not_scored() -> None:
    for metric in load_definitions().sources[SOURCE].metrics:
        assert not metric.unit.is_amount
        assert metric.polarity == "none"
