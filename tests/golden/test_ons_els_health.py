"""Health of residents as it stands in the edition: counts, cells read by hand, intervals and joint rows."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_markers,
    count_values,
    expect_cells,
    find,
    needs_files,
)

SOURCE = "ons-els-health"
OBESE, EARLY, DEATHS = "adult-obesity", "cancers-found-early", "preventable-cardiovascular-deaths"
B, C, D = "obesity-2025", "cancer-stage-2022", "cardiovascular-2024"

HAND_READ: list[HandRead] = [
    (B, OBESE, "E09000008", "to-2025-11", "csv", "F2319", 20.47911),  # Croydon
    (B, OBESE, "E07000187", "to-2022-11", "csv", "F3487", 27.28081),  # Mendip, ended in 2023
    (B, OBESE, "E10000006", "to-2016-11", "csv", "F247", 21.01355),  # Cumbria, ended in 2023
    (B, OBESE, "E06000053", "to-2016-11", "csv", "F3237", 15.05629),  # Isles of Scilly
    (B, OBESE, "E06000065", "to-2025-11", "csv", "F677", 23.65182),  # North Yorkshire, begun in 2023
    (C, EARLY, "E09000008", "2022", "csv", "F2213", 59.96759),
    (C, EARLY, "E09000001", "2014", "csv", "F2039", 67.85714),  # City of London
    (C, EARLY, "E09000001", "2022", "csv", "F2032", ""),
    (D, DEATHS, "E08000003", "2001-to-2003", "csv", "F568", 100.52463),  # Manchester, the highest
    (D, DEATHS, "E08000003", "2022-to-2024", "csv", "F559", 47.162434690209295),
    (D, DEATHS, "E08000038", "2018-to-2020", "csv", "F1282", 36.61855),  # Barnsley, by its old code
    (D, DEATHS, "E06000060", "2018-to-2020", "csv", "F5027", 18.83779),  # Buckinghamshire, begun in 2020
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # Of 3,310, 3,150 and 6,886 rows of councils, those of councils that did not exist at the end of the period are out;
    # joint rows give two markers each.
    assert count_values(SOURCE) == {OBESE: (3253, 3253), EARLY: (3063 + 20, 2761), DEATHS: (6641 + 82, 6641)}
    assert count_markers(SOURCE, EARLY) == {"not_available": 302, "reported_jointly": 20}


def test_councils_counted_together_have_no_figure_of_their_own() -> None:
    # Hackney with the City of London in 22 spans of three years; the Isles of Scilly with Cornwall, whose unitary
    # council began in 2009, so in 16.
    joint = carried(SOURCE).filter(marker="reported_jointly")
    assert joint["value"].null_count() == len(joint)
    counted = joint.filter(metric_key=DEATHS).group_by("area_code").len()
    assert dict(counted.iter_rows()) == {"E09000001": 22, "E09000012": 22, "E06000052": 16, "E06000053": 22}
    assert set(joint.filter(metric_key=EARLY)["area_code"]) == {"E06000052", "E06000053"}


def test_intervals_are_the_publishers() -> None:
    within = carried(SOURCE).filter(pl.col("value").is_not_null())
    assert within["lower"].null_count() == within["upper"].null_count() == 0
    assert within.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))).is_empty()
    croydon = find(SOURCE, B, OBESE, "E09000008", "to-2025-11")
    assert (croydon["lower"], croydon["upper"]) == (17.58242, 23.35165)


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
