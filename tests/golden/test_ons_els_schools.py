"""Schools and pupils as they stand in the edition: counts, cells read by hand, councils of each year."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_markers,
    count_values,
    expect_cells,
    needs_files,
)

SOURCE = "ons-els-schools"
LANGUAGE, LITERACY, MATHS = "early-years-language", "early-years-literacy", "early-years-maths"
PRIMARY, BY_19 = "primary-pupils-at-expected-standard", "english-and-maths-by-19"
ABSENT, MEALS = "persistent-absence", "persistent-absence-free-school-meals"
CARE = "persistent-absence-children-in-care"
Y, P, G = "early-years-2025", "primary-2025-revised", "by-19-2025"
A, M, C = "absence-2025", "absence-free-meals-2025", "absence-in-care-2025"

HAND_READ: list[HandRead] = [
    (Y, LITERACY, "E08000003", "2021-22-academic", "csv", "F1544", 55.4),  # Manchester
    (Y, LITERACY, "E07000026", "2021-22-academic", "csv", "F1526", 66.1),  # Allerdale, ended in 2023
    (Y, LITERACY, "E08000038", "2022-23-academic", "csv", "F1717", 70.2),  # Barnsley, the later of its two codes
    (Y, MATHS, "E06000053", "2021-22-academic", "csv", "F4153", 100.0),  # Isles of Scilly
    (P, PRIMARY, "E09000027", "2018-19-academic", "csv", "F1245", 81.0),  # Richmond upon Thames
    (P, PRIMARY, "E09000001", "2024-25-academic", "csv", "F1092", ""),  # City of London
    (P, PRIMARY, "E10000012", "2024-25-academic", "csv", "F883", 63.0),  # Essex
    (G, BY_19, "E07000111", "2018-19-academic", "csv", "F2746", 50.126),  # Sevenoaks, the lowest
    (G, BY_19, "E07000028", "2021-22-academic", "csv", "F248", 70.506),  # Carlisle, ended in 2023
    (A, ABSENT, "E06000002", "2021-22-academic", "csv", "F103", 28.847490000000004),  # Middlesbrough, the highest
    (A, ABSENT, "E09000001", "2006-07-academic", "csv", "F1679", 0.0),
    (A, ABSENT, "E10000021", "2006-07-academic", "csv", "F1129", 18.979879999999998),  # Northamptonshire, ended in 2021
    (M, MEALS, "E06000053", "2023-24-academic", "csv", "F917", 62.5),
    (M, MEALS, "E06000058", "2023-24-academic", "csv", "F893", 35.580090000000006),  # begun in 2019
    (C, CARE, "E06000017", "2021-22", "csv", "F418", 0.0),  # Rutland
    (C, CARE, "E06000017", "2022-23", "csv", "F414", ""),
    (C, CARE, "E10000023", "2018-19", "csv", "F314", 17.6),  # North Yorkshire's county, under the code that followed
    (C, CARE, "E09000020", "2022-23", "csv", "F704", 50.0),  # Kensington and Chelsea, the highest
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # Early years: 333 councils in 2021/22 and 317 in each of the next three.
    early = dict.fromkeys((LANGUAGE, LITERACY, MATHS), (333 + 3 * 317, 1284))
    assert count_values(SOURCE) == {
        **early,
        PRIMARY: (1618, 1608),
        BY_19: (2975, 2957),
        ABSENT: (2714, 2714),
        MEALS: (908, 908),
        CARE: (913, 889),
    }
    assert count_markers(SOURCE, CARE) == {"suppressed": 13, "not_applicable": 11}


def test_absence_is_of_the_authorities_of_the_year() -> None:
    """152 or 153 of them, less those that ended in the year or began in it and have no row that is theirs alone."""
    found = carried(SOURCE)
    counted = {
        metric: dict(found.filter(metric_key=metric).group_by("period").len().iter_rows()) for metric in (ABSENT, CARE)
    }
    late = {"2018-19": 149, "2020-21": 150, "2021-22": 152, "2022-23": 151, "2023-24": 153, "2024-25": 153}
    assert {year: counted[ABSENT][f"{year}-academic"] for year in late} == late
    assert set(counted[CARE].values()) == {151, 152, 153}


def test_two_counties_that_became_one_council_each_keep_the_year() -> None:
    for area in ("E06000065", "E06000066"):
        periods = carried(SOURCE).filter(metric_key=ABSENT, area_code=area)["period"].sort().to_list()
        assert periods == ["2022-23-academic", "2023-24-academic", "2024-25-academic"]


def test_pupils_with_free_meals_are_away_more_often() -> None:
    """Everywhere but in the City of London, where few pupils are."""
    both = carried(SOURCE).filter(pl.col("metric_key").is_in([ABSENT, MEALS]))
    wide = both.pivot("metric_key", index=["area_code", "period"], values="value").drop_nulls()
    assert len(wide) == 908
    assert set(wide.filter(pl.col(ABSENT) >= pl.col(MEALS))["area_code"]) == {"E09000001"}


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
