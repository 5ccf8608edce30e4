"""Wellbeing, healthy life expectancy and smoking in the edition: counts, cells read by hand, intervals."""

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

SOURCE = "ons-els-wellbeing"
CALM, CONTENT, WORTH = "anxiety", "life-satisfaction", "feeling-worthwhile"
WOMEN, MEN, SMOKE = "healthy-life-expectancy-women", "healthy-life-expectancy-men", "cigarette-smokers"
W, H, S = "wellbeing-2022-23", "healthy-life-2024", "smokers-2024"

HAND_READ: list[HandRead] = [
    (W, CALM, "E09000008", "2022-23", "csv", "G2786", 3.95),  # Croydon
    (W, CALM, "E07000117", "2022-23", "csv", "G507", ""),  # Burnley
    (W, CONTENT, "E09000008", "2011-12", "csv", "G17879", 7.04),
    (W, CONTENT, "E07000187", "2022-23", "csv", "G19251", 7.16),  # Mendip, whose last day was the period's
    (W, WORTH, "E09000001", "2021-22", "csv", "G7587", ""),  # City of London
    (H, MEN, "E06000009", "2022-to-2024", "csv", "F233", 50.9),  # Blackpool, the lowest
    (H, WOMEN, "E06000009", "2022-to-2024", "csv", "F3140", 51.8),
    (H, WOMEN, "E10000012", "2020-to-2022", "csv", "F4147", 65.1),  # Essex
    (H, MEN, "E06000065", "2022-to-2024", "csv", "F650", 64.5),  # North Yorkshire, begun in 2023
    (S, SMOKE, "E07000010", "2019-to-2023", "csv", "F297", 20.9),  # Fenland, the highest
    (S, SMOKE, "E07000217", "2020-to-2024", "csv", "F548", 4.2),  # Woking, the lowest
    (S, SMOKE, "E06000061", "2020-to-2024", "csv", "F154", 13.1),  # North Northamptonshire
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    wellbeing = dict.fromkeys((CALM, CONTENT, WORTH, "happiness"), (3927, 3888))
    # 308 councils, less 17 that ended in March 2023, twice.
    assert count_values(SOURCE) == {**wellbeing, WOMEN: (1737, 1737), MEN: (1737, 1737), SMOKE: (2 * 291, 582)}
    assert count_markers(SOURCE, CALM) == {"not_available": 39}


def test_no_council_has_a_figure_from_before_it_began_or_after_it_ended() -> None:
    observations = carried(SOURCE)
    assert observations.filter(metric_key=WOMEN, area_code="E06000065")["period"].sort().to_list() == [
        "2021-to-2023",
        "2022-to-2024",
    ]
    assert observations.filter(metric_key=SMOKE, area_code="E07000026").is_empty()  # Allerdale
    assert set(observations.filter(metric_key=CALM, area_code="E06000061")["period"]) == {"2021-22", "2022-23"}


def test_intervals_are_the_publishers() -> None:
    within = carried(SOURCE).filter(pl.col("value").is_not_null())
    assert within["lower"].null_count() == within["upper"].null_count() == 0
    assert within.filter((pl.col("lower") > pl.col("value")) | (pl.col("upper") < pl.col("value"))).is_empty()
    croydon = find(SOURCE, W, CALM, "E09000008", "2022-23")
    assert (croydon["lower"], croydon["upper"]) == (3.48, 4.43)


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
