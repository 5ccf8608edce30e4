"""Census, population, area, deprivation, tenure and council tax bands: counts, cells read by hand, totals."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.core.areas import LOWER_TIER_CLASSES, PRINCIPAL_CLASSES, AreaClass, Register
from moothall.core.periods import parse_key
from tests.golden.carried import (
    ROOT,
    HandRead,
    carried,
    check_cell,
    check_every_value,
    check_published_cell,
    count_markers,
    count_values,
    find,
    load_definitions,
    needs_files,
    read_published,
)

CENSUS, HOMES, POPULATION, AREAS = (
    "ons-census-2021",
    "ons-census-2021-homes",
    "ons-population-mid-2023",
    "mysociety-council-areas",
)
DEPRIVATION, TENURE, BANDS = "mhclg-deprivation-2025", "ons-tenure-2023", "voa-council-tax-bands-2025"
URBAN, IN_TOWNS, JUNE = "mysociety-urban-share", "residents-in-urban-areas-share", "2025-06-25"
RESIDENTS, HOUSEHOLDS = "residents-at-census", "households-at-census"
AGES = (
    "residents-aged-0-to-4",
    "residents-aged-5-to-9",
    "residents-aged-10-to-15",
    "residents-aged-16-to-19",
    "residents-aged-20-to-24",
    "residents-aged-25-to-34",
    "residents-aged-35-to-49",
    "residents-aged-50-to-64",
    "residents-aged-65-to-74",
    "residents-aged-75-to-84",
    "residents-aged-85-and-over",
)
QUIZ = (
    "residents-born-outside-uk",
    "residents-from-abroad-within-a-year",
    "residents-asian-share",
    "residents-black-share",
    "residents-mixed-share",
    "residents-white-share",
    "one-person-households-share",
)
D, C, H, Q, M = "age-districts", "age-counties", "households", "quiz", "2021"
SUMMED, MID, JULY, DAY = "districts-of-2024", "2023-06-30", "register-2025", "2025-03-31"
OUTRIGHT, MORTGAGE = "homes-owned-outright-share", "homes-with-mortgage-share"
PRIVATE, SOCIAL, BANDED = "homes-rented-privately-share", "homes-rented-socially-share", "homes-with-a-council-tax-band"

HAND_READ: list[tuple[str, HandRead]] = [
    (CENSUS, (D, RESIDENTS, "E09000001", M, "csv", "D184", 8579.0)),  # City of London
    (CENSUS, (D, RESIDENTS, "E08000025", M, "csv", "D132", 1144916.0)),  # Birmingham, the largest
    (CENSUS, (D, "residents-aged-85-and-over", "E07000028", M, "csv", "CV22", 3107.0)),  # Carlisle, closed in 2023
    (CENSUS, (D, "residents-aged-0-to-4", "E06000061", M, "csv", "E78", 20205.0)),  # North Northamptonshire, new
    (CENSUS, (D, "residents-aged-85-and-over", "E06000053", M, "csv", "CV289", 79.0)),  # Isles of Scilly
    (CENSUS, (D, "residents-aged-25-to-34", "E09000022", M, "csv", "AI205", 81901.0)),  # Lambeth
    (CENSUS, (C, RESIDENTS, "E10000016", M, "csv", "D135", 1576069.0)),  # Kent, the largest county
    (CENSUS, (C, "residents-aged-75-to-84", "E10000006", M, "csv", "CK20", 40571.0)),  # Cumbria, closed in 2023
    (CENSUS, (C, "residents-aged-10-to-15", "E10000023", M, "csv", "Q42", 40337.0)),  # North Yorkshire county
    (CENSUS, (H, HOUSEHOLDS, "E08000025", M, "Dataset", "C265", 423456.0)),
    (CENSUS, (H, HOUSEHOLDS, "E06000053", M, "Dataset", "C51", 942.0)),
    (CENSUS, (H, HOUSEHOLDS, "E07000026", M, "Dataset", "C66", 43973.0)),  # Allerdale, closed in 2023
    (CENSUS, (Q, "residents-born-outside-uk", "E09000033", M, "csv", "R310", 113536.0)),  # Westminster
    (CENSUS, (Q, "residents-born-outside-uk", "E06000053", M, "csv", "R51", 115.0)),
    (CENSUS, (Q, "residents-from-abroad-within-a-year", "E08000003", M, "csv", "CX244", 12659.0)),  # Manchester
    (CENSUS, (Q, "residents-asian-share", "E09000025", M, "csv", "V302", 42.2)),  # Newham
    (CENSUS, (Q, "residents-white-share", "E07000031", M, "csv", "Y71", 97.7)),  # South Lakeland, closed in 2023
    (CENSUS, (Q, "residents-black-share", "E09000022", M, "csv", "W299", 24.0)),
    (CENSUS, (Q, "residents-mixed-share", "E06000061", M, "csv", "X59", 2.3)),
    (CENSUS, (Q, "one-person-households-share", "E09000001", M, "csv", "Z278", 51.0)),
    (POPULATION, ("mid-2023", "population", "E08000025", MID, "csv", "C252", 1166049.0)),
    (POPULATION, ("mid-2023", "population", "E06000053", MID, "csv", "C51", 2229.0)),
    (POPULATION, ("mid-2023", "population", "E06000063", MID, "csv", "C61", 276876.0)),  # Cumberland, three months old
    (POPULATION, ("mid-2023", "population", "E08000038", MID, "csv", "C244", 248449.0)),  # Barnsley, by its old code
    (AREAS, (JULY, "area-in-square-kilometres", "E10000016", MID, "csv", "V199", 3544.0)),
    (AREAS, (JULY, "area-in-square-kilometres", "E09000001", MID, "csv", "V220", 3.0)),
    (AREAS, (JULY, "area-in-square-kilometres", "E06000065", MID, "csv", "V301", 8037.0)),  # North Yorkshire
    (DEPRIVATION, ("2025", "deprivation-score", "E06000009", "2025", "csv", "AY10", 43.467)),  # Blackpool
    (DEPRIVATION, ("2025", "deprivation-score", "E07000089", "2025", "csv", "AY114", 5.914)),  # Hart
    (HOMES, (SUMMED, "homes-one-bedroom-short-share", "E09000025", M, "csv", "AC289", 15.865)),  # Newham
    (HOMES, (SUMMED, "homes-two-bedrooms-short-share", "E09000025", M, "csv", "AD289", 5.662)),
    (HOMES, (SUMMED, "homes-two-bedrooms-short-share", "E06000053", M, "csv", "AD51", 0.318)),
    # North Yorkshire and Somerset, read as the county councils of 2021
    (HOMES, (SUMMED, "households-with-no-deprivation-share", "E10000023", M, "csv", "AJ63", 53.317)),
    (HOMES, (SUMMED, "disabled-residents-share", "E10000027", M, "csv", "AK64", 18.639)),
    (HOMES, (SUMMED, "disabled-residents-share", "E06000009", M, "csv", "AK10", 25.141)),  # Blackpool
    (TENURE, ("2023", PRIVATE, "E09000033", "2023", "data download", "G206", 47.89)),  # Westminster
    (TENURE, ("2023", SOCIAL, "E09000028", "2023", "data download", "H201", 38.53)),  # Southwark
    (TENURE, ("2023", OUTRIGHT, "E07000067", "2023", "data download", "E141", 34.14)),  # Braintree
    (TENURE, ("2023", MORTGAGE, "E06000063", "2023", "data download", "F20", 28.4)),  # Cumberland
    (BANDS, ("2025", "homes-in-band-e", "E09000001", DAY, "csv", "I265", 2890.0)),
    (BANDS, ("2025", "homes-in-band-h", "E09000033", DAY, "csv", "L297", 17190.0)),  # Westminster
    (BANDS, ("2025", BANDED, "E08000025", DAY, "csv", "N252", 466150.0)),
    (BANDS, ("2025", "homes-in-band-h", "E06000053", DAY, "csv", "L51", 10.0)),
    (BANDS, ("2025", "homes-in-band-a", "E06000002", DAY, "csv", "E3", 33080.0)),  # Middlesbrough
    (BANDS, ("2025", "homes-in-band-a", "E09000001", DAY, "csv", "E265", "")),  # withheld
]
# The fractions that are shown as percentages: source, edition, metric, area, period, cell, what stands in it, value.
AS_PERCENT = [
    (DEPRIVATION, "2025", "most-deprived-tenth-share", "E09000001", "2025", "BG265", 0.0, 0.0),
    (DEPRIVATION, "2025", "most-deprived-tenth-share", "E06000002", "2025", "BG3", 0.5, 50.0),  # Middlesbrough
    (DEPRIVATION, "2025", "income-deprived-share", "E09000030", "2025", "AZ294", 0.401, 40.1),  # Tower Hamlets
    (DEPRIVATION, "2025", "employment-deprived-share", "E06000063", "2025", "BA61", 0.145, 14.5),  # Cumberland
    (DEPRIVATION, "2025", "employment-deprived-share", "E06000053", "2025", "BA51", 0.031, 3.1),
    (URBAN, "2025-06", IN_TOWNS, "E09000007", JUNE, "E72", 1.0, 100.0),  # Camden
    (URBAN, "2025-06", IN_TOWNS, "E06000053", JUNE, "E159", 0.0, 0.0),
    (
        URBAN,
        "2025-06",
        IN_TOWNS,
        "E06000064",
        JUNE,
        "E327",
        0.4540485380895337,
        45.40485380895337,
    ),  # Westmorland and F.
    (URBAN, "2025-06", IN_TOWNS, "E10000014", JUNE, "E369", 0.7838582842329564, 78.38582842329564),  # Hampshire
]


@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand(source: str, hand_read: HandRead) -> None:
    check_cell(source, hand_read)


@needs_files
@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(source: str, hand_read: HandRead) -> None:
    check_published_cell(source, hand_read)


@pytest.mark.parametrize(("source", "edition", "metric", "area", "period", "cell", "stored", "value"), AS_PERCENT)
def test_a_fraction_read_by_hand(
    source: str, edition: str, metric: str, area: str, period: str, cell: str, stored: float, value: float
) -> None:
    found = find(source, edition, metric, area, period)
    assert (found["cell"], float(found["stored"]), found["value"]) == (cell, stored, value)


def test_counts() -> None:
    # 309 lower-tier councils and 24 counties at the end of 2021; 296 and 21 since April 2023.
    by_age = dict.fromkeys((RESIDENTS, *AGES), (309 + 24, 309 + 24))
    assert count_values(CENSUS) == by_age | dict.fromkeys((HOUSEHOLDS, *QUIZ), (309, 309))
    assert count_values(POPULATION) == {"population": (296, 296)}
    assert count_values(AREAS) == {"area-in-square-kilometres": (296 + 21, 296 + 21)}
    assert set(count_values(DEPRIVATION).values()) == {(296, 296)}
    assert count_values(URBAN) == {IN_TOWNS: (296 + 21, 296 + 21)}
    assert set(count_values(HOMES).values()) == {(294, 294)}
    assert set(count_values(TENURE).values()) == {(295, 295)}
    assert count_values(BANDS) == {
        BANDED: (296, 296),
        "homes-in-band-a": (296, 295),
        **{f"homes-in-band-{band}": (296, 296) for band in "bcdefgh"},
    }
    assert count_markers(BANDS, "homes-in-band-a") == {"suppressed": 1}


@pytest.mark.parametrize(
    ("source", "metric", "period", "classes", "without"),
    [
        (CENSUS, RESIDENTS, M, PRINCIPAL_CLASSES, set()),
        (CENSUS, "residents-born-outside-uk", M, LOWER_TIER_CLASSES, set()),
        (POPULATION, "population", MID, LOWER_TIER_CLASSES, set()),
        (AREAS, "area-in-square-kilometres", MID, PRINCIPAL_CLASSES, set()),
        (URBAN, IN_TOWNS, JUNE, PRINCIPAL_CLASSES, set()),
        (DEPRIVATION, "deprivation-score", "2025", LOWER_TIER_CLASSES, set()),
        (TENURE, PRIVATE, "2023", LOWER_TIER_CLASSES, {"E06000053"}),
        (BANDS, BANDED, DAY, LOWER_TIER_CLASSES, set()),
    ],
)
def test_the_councils_are_those_of_the_day(
    source: str, metric: str, period: str, classes: frozenset[AreaClass], without: set[str]
) -> None:
    alive = Register.read(ROOT / "edition" / "areas").alive(parse_key(period).end, classes)
    assert (
        set(carried(source).filter(metric_key=metric, period=period)["area_code"]) == {a.code for a in alive} - without
    )


def test_ages_add_up_but_for_what_was_changed_to_protect_people() -> None:
    census = carried(CENSUS)
    total = census.filter(metric_key=RESIDENTS).select("area_code", total="value")
    summed = census.filter(pl.col("metric_key").is_in(AGES)).group_by("area_code").agg(pl.col("value").sum())
    apart = total.join(summed, on="area_code").select((pl.col("total") - pl.col("value")).abs()).to_series()
    assert len(apart) == 333
    assert apart.max() <= 12


def test_a_countys_districts_add_up_to_it_but_for_what_was_changed() -> None:
    """The tables of districts and of counties were changed each by itself, by a few people in a cell."""
    register = Register.read(ROOT / "edition" / "areas")
    residents = dict(carried(CENSUS).filter(metric_key=RESIDENTS).select("area_code", "value").iter_rows())
    counties = [code for code in residents if code.startswith("E10")]
    assert len(counties) == 24
    for county in counties:
        districts = register.territory(county, parse_key(M).end, "lower")
        assert len(districts) >= 4
        assert abs(sum(residents[code] for code in districts) - residents[county]) <= 30


def test_councils_add_up_to_the_population_the_year_was_found_by() -> None:
    """The Office for National Statistics gives 57,690,300 for England in the middle of 2023."""
    assert carried(POPULATION)["value"].sum() == 57_690_323


def test_bands_add_up_but_for_rounding_to_tens() -> None:
    bands = carried(BANDS).with_columns(is_total=pl.col("metric_key") == BANDED)
    sides = bands.group_by("area_code", "is_total").agg(pl.col("value").sum())
    apart = sides.group_by("area_code").agg((pl.col("value").max() - pl.col("value").min()).alias("apart"))["apart"]
    assert apart.max() <= 40


def test_tenures_add_up_to_all_homes() -> None:
    whole = carried(TENURE).group_by("area_code").agg(pl.col("value").sum())["value"]
    assert whole.is_between(99.97, 100.03).all()


@needs_files
def test_the_quizs_councils_add_up_to_its_england() -> None:
    england = float(str(read_published(CENSUS, Q, "csv", "R311")))
    assert read_published(CENSUS, Q, "csv", "A311") == "E92000001"
    ours = carried(CENSUS).filter(metric_key="residents-born-outside-uk")["value"].sum()
    assert abs(ours - england) <= 100


@needs_files
@pytest.mark.parametrize("source", [CENSUS, HOMES, POPULATION, AREAS, TENURE, BANDS])
def test_every_value_is_its_cell(source: str) -> None:
    assert check_every_value(source) == carried(source).select(pl.col("value").count()).item()


@needs_files
@pytest.mark.parametrize("source", [DEPRIVATION, URBAN])
def test_every_fraction_is_its_cell_times_its_scale(source: str) -> None:
    definition = load_definitions().sources[source]
    scales = {each.metric: float(each.scale) for each in definition.tables[0].columns}
    for metric, sheet, cell, value in carried(source).select("metric_key", "sheet", "cell", "value").iter_rows():
        published = float(str(read_published(source, definition.editions[0].edition, sheet, cell)))
        assert value == pytest.approx(published * scales[metric], abs=1e-9)
