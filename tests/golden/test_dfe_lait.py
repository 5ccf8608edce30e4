"""The Local Authority Interactive Tool as it stands in the edition: cells read by hand, counts, every cell again."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from moothall.core.values import scale_exactly
from tests.golden.carried import (
    MIRROR,
    carried,
    check_cell,
    check_every_value,
    load_definitions,
    needs_files,
    read_published,
)

EDITION, SHEET = "2026-04", "parquet"
FILE = "services/dfe-lait/01_data/02_prod/bds_long_0.parquet"
# The Department's numbers of councils that began, ended or changed their kind between 2016 and 2026, and their codes.
CHANGED = {815, 825, 835, 836, 837, 838, 839, 909, 928, 933, 940, 941, 942, 943}
CHANGED_CODES = {
    *("E10000002", "E10000006", "E10000009", "E10000021", "E10000023", "E10000027", "E06000028", "E06000029"),
    *("E06000058", "E06000059", "E06000060", "E06000061", "E06000062", "E06000063", "E06000064", "E06000065"),
    "E06000066",
}
ABSENCE_AND_EXCLUSIONS = "dfe-lait-absence-and-exclusions"
SPECIAL_EDUCATIONAL_NEEDS = "dfe-lait-special-educational-needs"
CHILD_PROTECTION = "dfe-lait-child-protection"
CHILDREN_LOOKED_AFTER = "dfe-lait-children-looked-after"
EARLY_YEARS = "dfe-lait-early-years"
PRIMARY_RESULTS = "dfe-lait-primary-results"
GCSE_RESULTS = "dfe-lait-gcse-results"
RESULTS_BY___ = "dfe-lait-results-by-19"
CHILD_HEALTH = "dfe-lait-child-health"
PUPILS = "dfe-lait-pupils"
CHILDRENS_SPENDING = "dfe-lait-childrens-spending"

# The source, the metric, the area, the period, the cell and what stands in it.
HAND_READ: list[tuple[str, str, str, str, str, str | float]] = [
    (ABSENCE_AND_EXCLUSIONS, "school-absence-rate", "E09000008", "2024-25-academic", "E45251", 6.59),  # Croydon
    (
        ABSENCE_AND_EXCLUSIONS,
        "school-absence-rate",
        "E10000023",
        "2021-22-academic",
        "E44804",
        7.71,
    ),  # North Yorkshire, the county
    (ABSENCE_AND_EXCLUSIONS, "school-absence-rate", "E10000006", "2021-22-academic", "E44742", 7.74),  # Cumbria
    (ABSENCE_AND_EXCLUSIONS, "school-absence-rate", "E06000063", "2022-23-academic", "E44913", "-"),  # Cumberland
    (ABSENCE_AND_EXCLUSIONS, "school-absence-rate", "E09000008", "2019-20-academic", "E44401", "-"),  # Croydon
    (
        ABSENCE_AND_EXCLUSIONS,
        "permanent-exclusion-rate",
        "E09000001",
        "2023-24-academic",
        "E48648",
        0.0,
    ),  # City of London
    (ABSENCE_AND_EXCLUSIONS, "suspension-rate", "E08000025", "2023-24-academic", "E212168", 7.91012),  # Birmingham
    (SPECIAL_EDUCATIONAL_NEEDS, "ehc-plans-issued-in-20-weeks", "E09000008", "2024", "E309601", 72.8),  # Croydon
    (
        SPECIAL_EDUCATIONAL_NEEDS,
        "ehc-plans-issued-in-20-weeks",
        "E10000021",
        "2020",
        "E308985",
        21.7,
    ),  # Northamptonshire
    (SPECIAL_EDUCATIONAL_NEEDS, "ehc-plans", "E10000016", "2025-m01", "E629578", 20635.0),  # Kent
    (SPECIAL_EDUCATIONAL_NEEDS, "ehc-plans", "E10000002", "2020-m01", "E628680", 4595.0),  # Buckinghamshire, the county
    (SPECIAL_EDUCATIONAL_NEEDS, "send-tribunal-appeal-rate", "E08000025", "2024", "E244298", 4.8),  # Birmingham
    (
        SPECIAL_EDUCATIONAL_NEEDS,
        "pupils-with-ehc-plan-share",
        "E06000053",
        "2024-25-academic",
        "E314395",
        4.0,
    ),  # Isles of Scilly
    (CHILD_PROTECTION, "child-protection-plan-rate", "E09000008", "2025-03-31", "E131441", 62.6),  # Croydon
    (
        CHILD_PROTECTION,
        "section-47-enquiry-rate",
        "E10000023",
        "2022-23",
        "E132864",
        95.7,
    ),  # North Yorkshire, the county
    (
        CHILD_PROTECTION,
        "social-care-referral-rate",
        "E09000012",
        "2020-21",
        "E280382",
        "-",
    ),  # Hackney, no data of these years
    (CHILD_PROTECTION, "child-protection-plan-rate", "E10000021", "2021-03-31", "E130825", 42.5),  # Northamptonshire
    (
        CHILD_PROTECTION,
        "child-protection-conferences-in-15-days",
        "E08000025",
        "2024-25",
        "E134818",
        82.5,
    ),  # Birmingham
    (
        CHILD_PROTECTION,
        "child-protection-plans-ended-after-two-years",
        "E09000001",
        "2024-25",
        "E71258",
        0.0,
    ),  # City of London
    (CHILDREN_LOOKED_AFTER, "unaccompanied-children", "E10000016", "2016-03-31", "E334118", 868.0),  # Kent
    (CHILDREN_LOOKED_AFTER, "children-in-foster-care", "E09000008", "2025-03-31", "E593671", 78.0),  # Croydon
    (CHILDREN_LOOKED_AFTER, "children-adopted", "E08000025", "2024-25", "E115608", 90.0),  # Birmingham
    (CHILDREN_LOOKED_AFTER, "children-placed-far-from-home", "E10000006", "2023-03-31", "E69222", 26.0),  # Cumbria
    (
        CHILDREN_LOOKED_AFTER,
        "children-leaving-care-by-child-arrangements",
        "E06000053",
        "2024-25",
        "E634675",
        "-",
    ),  # Isles of Scilly
    (EARLY_YEARS, "expected-development-at-five", "E09000008", "2024-25-academic", "E226471", 70.4),  # Croydon
    (EARLY_YEARS, "expected-development-at-five", "E09000008", "2020-21-academic", "E225791", "-"),  # Croydon
    (
        EARLY_YEARS,
        "two-year-olds-in-early-education",
        "E10000027",
        "2021-22-academic",
        "E345561",
        67.0,
    ),  # Somerset, the county
    (EARLY_YEARS, "absence-at-age-four", "E06000028", "2017-18-academic", "E291562", 4.87),  # Bournemouth (Pre LG)
    (
        PRIMARY_RESULTS,
        "pupils-meeting-the-standard-at-11",
        "E08000025",
        "2024-25-academic",
        "E349188",
        63.0,
    ),  # Birmingham
    (
        PRIMARY_RESULTS,
        "pupils-meeting-the-phonics-standard",
        "E09000008",
        "2024-25-academic",
        "E159831",
        82.0,
    ),  # Croydon, provisional
    (
        PRIMARY_RESULTS,
        "pupils-at-the-maths-standard-at-11",
        "E10000002",
        "2018-19-academic",
        "E354980",
        79.0,
    ),  # Buckinghamshire, the county
    (
        PRIMARY_RESULTS,
        "pupils-knowing-times-tables",
        "E06000053",
        "2024-25-academic",
        "E606795",
        "-",
    ),  # Isles of Scilly
    (GCSE_RESULTS, "attainment-8", "E09000008", "2024-25-academic", "E398681", 44.5),  # Croydon
    (GCSE_RESULTS, "progress-8", "E08000011", "2023-24-academic", "E400252", -0.9),  # Knowsley
    (
        GCSE_RESULTS,
        "english-and-maths-at-grade-5",
        "E10000021",
        "2019-20-academic",
        "E501255",
        46.7,
    ),  # Northamptonshire
    (
        GCSE_RESULTS,
        "pupils-in-apprenticeships-after-16",
        "E09000001",
        "2022-23-academic",
        "E395788",
        "-",
    ),  # City of London
    (RESULTS_BY___, "a-level-points", "E09000008", "2024-25-academic", "E388311", 30.93),  # Croydon, revised
    (RESULTS_BY___, "level-2-by-19", "E08000025", "2023-24-academic", "E72768", 83.06),  # Birmingham
    (RESULTS_BY___, "in-higher-education-by-19", "E10000016", "2023-24-academic", "E408068", 45.8),  # Kent
    (RESULTS_BY___, "level-3-by-19", "E09000001", "2023-24-academic", "E74318", "-"),  # City of London
    (CHILD_HEALTH, "infant-mortality-rate", "E08000025", "2023", "E26528", 8.8),  # Birmingham
    (CHILD_HEALTH, "overweight-children-in-year-6", "E09000008", "2024-25-academic", "E87241", 38.3),  # Croydon
    (CHILD_HEALTH, "youth-justice-first-entrant-rate", "E10000006", "2022", "E78572", 174.0),  # Cumbria
    (CHILD_HEALTH, "children-cautioned-or-sentenced-rate", "E09000008", "2024-25", "E580751", 37.9),  # Croydon
    (CHILD_HEALTH, "babies-breastfed-at-six-weeks", "E06000053", "2023-24", "E88805", "-"),  # Isles of Scilly
    (PUPILS, "free-meals-primary", "E08000011", "2025-m01", "E62972", 36.9),  # Knowsley
    (PUPILS, "first-language-not-english-secondary", "E06000053", "2025-m01", "E61265", 0.8),  # Isles of Scilly
    (PUPILS, "pupil-premium-pupils", "E10000027", "2020-21", "E199871", 16709.0),  # Somerset, the county
    (PUPILS, "free-meals-secondary", "E10000021", "2021-m01", "E64015", 13.5),  # Northamptonshire
    (CHILDRENS_SPENDING, "residential-care-weekly-cost", "E09000008", "2024-25", "E8701", 8665.0),  # Croydon
    (
        CHILDRENS_SPENDING,
        "fostering-weekly-cost",
        "E10000023",
        "2016-17",
        "E4344",
        480.0,
    ),  # North Yorkshire, the county
    (CHILDRENS_SPENDING, "special-needs-weekly-cost", "E09000001", "2024-25", "E11758", 560.0),  # City of London
]
# How many observations each source has, and how many of them with a value.
COUNTS = {
    ABSENCE_AND_EXCLUSIONS: (46836, 43291),
    SPECIAL_EDUCATIONAL_NEEDS: (20838, 20684),
    CHILD_PROTECTION: (29947, 29244),
    CHILDREN_LOOKED_AFTER: (21280, 17849),
    EARLY_YEARS: (29361, 24025),
    PRIMARY_RESULTS: (40013, 31666),
    GCSE_RESULTS: (59902, 55225),
    RESULTS_BY___: (35572, 34713),
    CHILD_HEALTH: (12309, 10961),
    PUPILS: (10641, 10554),
    CHILDRENS_SPENDING: (17784, 17697),
}

Row = tuple[str, str, str, str, str, str | float]


@pytest.mark.parametrize("row", HAND_READ)
def test_a_cell_read_by_hand(row: Row) -> None:
    source, metric, area, period, cell, stored = row
    check_cell(source, (EDITION, metric, area, period, SHEET, cell, stored))


@needs_files
@pytest.mark.parametrize("row", HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(row: Row) -> None:
    source, *_, cell, stored = row
    found = read_published(source, EDITION, SHEET, cell)
    assert (found if isinstance(stored, str) else float(str(found))) == stored


@pytest.mark.parametrize("source", COUNTS)
def test_counts(source: str) -> None:
    observations = carried(source)
    assert (len(observations), observations["value"].count()) == COUNTS[source]


@needs_files
@pytest.mark.parametrize("source", [source for source in COUNTS if source != CHILDRENS_SPENDING])
def test_every_value_is_in_its_cell(source: str) -> None:
    assert check_every_value(source) == COUNTS[source][1]


def test_spending_is_shown_in_millions() -> None:
    observations = carried(CHILDRENS_SPENDING).filter(pl.col("value").is_not_null())
    spending = observations.filter(pl.col("metric_key").str.ends_with("-spending-gross"))
    assert len(spending) == 10_910
    for stored, value in spending.select("stored", "value").iter_rows():
        assert value == scale_exactly(float(stored), Decimal("0.000001"))
    costs = observations.filter(pl.col("metric_key").str.ends_with("-weekly-cost"))
    assert costs["value"].to_list() == [float(stored) for stored in costs["stored"]]


@needs_files
def test_spending_is_in_its_cells() -> None:
    observations = carried(CHILDRENS_SPENDING).filter(pl.col("value").is_not_null())
    for cell, stored in observations.select("cell", "stored").iter_rows():
        assert read_published(CHILDRENS_SPENDING, EDITION, SHEET, cell) == stored


@needs_files
@pytest.mark.parametrize("source", COUNTS)
def test_nothing_of_a_council_that_did_not_change_is_left_out(source: str) -> None:
    names = [
        name for table in load_definitions().sources[source].tables if table.values for name in table.values.metrics
    ]
    number, name = pl.col("LA Number"), pl.col("Short Desc")
    rows = pl.read_parquet(MIRROR / FILE).filter(name.is_in(names), number < 960, ~number.is_in(list(CHANGED)))
    kept = carried(source).filter(~pl.col("area_code").is_in(list(CHANGED_CODES)))
    assert (len(kept), kept["value"].count()) == (len(rows), len(rows.filter(pl.col("Values") != "-")))
