"""Who is responsible for what and who is instead, decided by hand from the Acts and orders before any code was run."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from moothall.analysis.position import find_pools
from moothall.core.areas import PRINCIPAL_CLASSES, AreaClass, Register
from moothall.core.functions import Functions
from moothall.core.periods import parse_key
from moothall.core.values import Lever, Polarity
from moothall.release.queries import Release
from moothall.site.explorer.responsible import find_runners
from tests.golden.carried import ROOT, carried, load_definitions

NOW = date(2026, 11, 1)

SALFORD, WIGAN, GREATER_MANCHESTER, MANCHESTER_WASTE = "E08000006", "E08000010", "E47000001", "E50000005"
LIVERPOOL, HALTON, LIVERPOOL_REGION, MERSEYSIDE_WASTE = "E08000012", "E06000006", "E47000004", "E50000006"
LEEDS, WEST_YORKSHIRE, BIRMINGHAM, WEST_MIDLANDS = "E08000035", "E47000003", "E08000025", "E47000007"
BARNSLEY, SOUTH_YORKSHIRE = "E08000038", "E47000002"
CAMDEN, CROYDON, HILLINGDON, LAMBETH, NEWHAM, SUTTON = (f"E090000{n}" for n in ("07", "08", "17", "22", "25", "29"))
WESTMINSTER, CITY, GLA = "E09000033", "E09000001", "E61000001"
EAST_LONDON_WASTE, NORTH_LONDON_WASTE, WEST_LONDON_WASTE, RIVERSIDE_WASTE = (f"E5000000{n}" for n in "1234")
CAMBRIDGESHIRE, CAMBRIDGE, PETERBOROUGH, CAMBRIDGESHIRE_CA = "E10000003", "E07000008", "E06000031", "E47000008"
DERBYSHIRE, NOTTINGHAM, EAST_MIDLANDS = "E10000007", "E06000018", "E47000013"
DURHAM, NORTH_EAST_OLD, NORTH_EAST = "E06000047", "E47000010", "E47000014"
SCILLY, CORNWALL, ISLE_OF_WIGHT = "E06000053", "E06000052", "E06000046"
OXFORDSHIRE, SOUTH_OXFORDSHIRE, DEVON, DEVON_AND_TORBAY = "E10000025", "E07000179", "E10000008", "E47000015"
YORK, NORTH_YORKSHIRE, NORTH_YORKSHIRE_COUNTY, YORK_CA = "E06000014", "E06000065", "E10000023", "E47000012"
NORTHAMPTONSHIRE, NORTH_NORTHANTS, WEST_NORTHANTS = "E10000021", "E06000061", "E06000062"
CUMBRIA, CUMBERLAND, WESTMORLAND = "E10000006", "E06000063", "E06000064"
BUCKINGHAMSHIRE, BUCKINGHAMSHIRE_COUNTY, WYCOMBE = "E06000060", "E10000002", "E07000007"
HAMPSHIRE, KENT, WEST_SUSSEX = "E10000014", "E10000016", "E10000032"

ITS_DISTRICTS = "its districts"
NONE_HELD = ""
"""Nobody in the register: a fire authority, a commissioner, a ministry or trust, or a transport authority gone by."""

# Authority, function, day, how far it has it ("none" for not at all), and who has it instead.
PAIRS: list[tuple[str, str, date, str, str]] = [
    # Metropolitan boroughs: all services but transport; in Greater Manchester the waste of all but Wigan is the
    # combined authority's, the waste disposal authority's until April 2018.
    (SALFORD, "adult_social_care", NOW, "statutory", ""),
    (SALFORD, "waste_collection", NOW, "statutory", ""),
    (SALFORD, "waste_disposal", NOW, "none", GREATER_MANCHESTER),
    (SALFORD, "waste_disposal", date(2018, 3, 31), "none", MANCHESTER_WASTE),
    (SALFORD, "waste_disposal", date(2015, 3, 31), "none", MANCHESTER_WASTE),
    (SALFORD, "local_transport", NOW, "none", GREATER_MANCHESTER),
    (SALFORD, "local_transport", date(2010, 6, 1), "none", NONE_HELD),
    (SALFORD, "fire", NOW, "none", GREATER_MANCHESTER),
    (SALFORD, "fire", date(2015, 3, 31), "none", NONE_HELD),
    (SALFORD, "police", NOW, "none", GREATER_MANCHESTER),
    (SALFORD, "adult_skills", NOW, "none", GREATER_MANCHESTER),
    (SALFORD, "adult_skills", date(2019, 7, 31), "none", NONE_HELD),
    (WIGAN, "waste_disposal", NOW, "statutory", ""),
    (WIGAN, "waste_disposal", date(2015, 3, 31), "statutory", ""),
    (WIGAN, "local_transport", NOW, "none", GREATER_MANCHESTER),
    (GREATER_MANCHESTER, "waste_disposal", date(2018, 3, 31), "none", NONE_HELD),
    (GREATER_MANCHESTER, "waste_disposal", date(2018, 4, 1), "statutory", ""),
    (GREATER_MANCHESTER, "police", date(2017, 5, 7), "none", NONE_HELD),
    (GREATER_MANCHESTER, "police", date(2017, 5, 8), "statutory", ""),
    (GREATER_MANCHESTER, "fire", NOW, "statutory", ""),
    (GREATER_MANCHESTER, "adult_skills", date(2019, 8, 1), "statutory", ""),
    (GREATER_MANCHESTER, "adult_skills", date(2019, 7, 31), "none", NONE_HELD),
    (GREATER_MANCHESTER, "highways", NOW, "partial", ""),
    (GREATER_MANCHESTER, "local_transport", date(2010, 6, 1), "none", NONE_HELD),
    (GREATER_MANCHESTER, "planning_applications", NOW, "none", NONE_HELD),
    (GREATER_MANCHESTER, "corporate", NOW, "statutory", ""),
    (MANCHESTER_WASTE, "waste_disposal", date(2018, 3, 31), "statutory", ""),
    (MANCHESTER_WASTE, "waste_disposal", date(2018, 4, 1), "none", GREATER_MANCHESTER),
    (LIVERPOOL, "waste_disposal", NOW, "none", MERSEYSIDE_WASTE),
    (LIVERPOOL, "waste_collection", NOW, "statutory", ""),
    (LIVERPOOL, "highways", NOW, "statutory", ""),
    (LIVERPOOL, "local_transport", NOW, "none", LIVERPOOL_REGION),
    (MERSEYSIDE_WASTE, "waste_disposal", NOW, "statutory", ""),
    (MERSEYSIDE_WASTE, "waste_collection", NOW, "none", NONE_HELD),
    (MERSEYSIDE_WASTE, "corporate", NOW, "none", NONE_HELD),
    (LEEDS, "waste_disposal", NOW, "statutory", ""),
    (LEEDS, "planning_applications", NOW, "statutory", ""),
    (LEEDS, "local_transport", NOW, "none", WEST_YORKSHIRE),
    (LEEDS, "police", NOW, "none", WEST_YORKSHIRE),
    (LEEDS, "police", date(2021, 5, 9), "none", NONE_HELD),
    (WEST_YORKSHIRE, "police", NOW, "statutory", ""),
    (BIRMINGHAM, "local_transport", NOW, "none", WEST_MIDLANDS),
    (BIRMINGHAM, "police", NOW, "none", NONE_HELD),
    (WEST_MIDLANDS, "police", NOW, "none", NONE_HELD),
    (BARNSLEY, "childrens_services", date(2025, 3, 31), "statutory", ""),
    (BARNSLEY, "childrens_services", date(2025, 4, 1), "statutory", ""),
    (BARNSLEY, "local_transport", NOW, "none", SOUTH_YORKSHIRE),
    (BARNSLEY, "police", date(2024, 5, 6), "none", NONE_HELD),
    (BARNSLEY, "police", NOW, "none", SOUTH_YORKSHIRE),
    # London: buses, fire and police are the Greater London Authority's; 21 boroughs dispose of waste together.
    (CAMDEN, "waste_disposal", NOW, "none", NORTH_LONDON_WASTE),
    (CAMDEN, "waste_collection", NOW, "statutory", ""),
    (CAMDEN, "local_transport", NOW, "none", GLA),
    (CAMDEN, "fire", NOW, "none", GLA),
    (CAMDEN, "homelessness", NOW, "statutory", ""),
    (CAMDEN, "council_tax_billing", NOW, "statutory", ""),
    (CAMDEN, "public_health", date(2013, 3, 31), "none", NONE_HELD),
    (CAMDEN, "public_health", date(2013, 4, 1), "statutory", ""),
    (HILLINGDON, "waste_disposal", NOW, "none", WEST_LONDON_WASTE),
    (LAMBETH, "waste_disposal", NOW, "none", RIVERSIDE_WASTE),
    (NEWHAM, "waste_disposal", NOW, "none", EAST_LONDON_WASTE),
    (CROYDON, "waste_disposal", NOW, "statutory", ""),
    (CROYDON, "local_transport", NOW, "none", GLA),
    (CROYDON, "police", NOW, "none", GLA),
    (CROYDON, "highways", NOW, "statutory", ""),
    (SUTTON, "waste_disposal", NOW, "statutory", ""),
    (WESTMINSTER, "waste_disposal", NOW, "statutory", ""),
    (CITY, "police", NOW, "statutory", ""),
    (CITY, "childrens_services", NOW, "statutory", ""),
    (CITY, "waste_disposal", NOW, "statutory", ""),
    (CITY, "fire", NOW, "none", GLA),
    (CITY, "local_transport", NOW, "none", GLA),
    (GLA, "police", NOW, "statutory", ""),
    (GLA, "fire", NOW, "statutory", ""),
    (GLA, "local_transport", NOW, "statutory", ""),
    (GLA, "planning_applications", NOW, "partial", ""),
    (GLA, "housing", NOW, "partial", ""),
    (GLA, "waste_disposal", NOW, "none", NONE_HELD),
    (GLA, "adult_social_care", NOW, "none", NONE_HELD),
    (GLA, "council_tax_billing", NOW, "none", NONE_HELD),
    # Counties and their districts, and the combined authorities that are the transport authority in their place.
    (CAMBRIDGESHIRE, "adult_social_care", NOW, "statutory", ""),
    (CAMBRIDGESHIRE, "waste_disposal", NOW, "statutory", ""),
    (CAMBRIDGESHIRE, "minerals_waste_planning", NOW, "statutory", ""),
    (CAMBRIDGESHIRE, "local_transport", date(2017, 3, 2), "statutory", ""),
    (CAMBRIDGESHIRE, "local_transport", date(2017, 3, 3), "none", CAMBRIDGESHIRE_CA),
    (CAMBRIDGESHIRE, "waste_collection", NOW, "none", ITS_DISTRICTS),
    (CAMBRIDGESHIRE, "planning_applications", NOW, "none", ITS_DISTRICTS),
    (CAMBRIDGESHIRE, "housing", NOW, "none", ITS_DISTRICTS),
    (CAMBRIDGESHIRE, "council_tax_billing", NOW, "none", ITS_DISTRICTS),
    (CAMBRIDGESHIRE, "fire", NOW, "none", NONE_HELD),
    (CAMBRIDGE, "planning_applications", NOW, "statutory", ""),
    (CAMBRIDGE, "leisure_culture", NOW, "partial", ""),
    (CAMBRIDGE, "minerals_waste_planning", NOW, "none", CAMBRIDGESHIRE),
    (CAMBRIDGE, "waste_disposal", NOW, "none", CAMBRIDGESHIRE),
    (CAMBRIDGE, "education", NOW, "none", CAMBRIDGESHIRE),
    (CAMBRIDGE, "local_transport", date(2017, 3, 2), "none", CAMBRIDGESHIRE),
    (CAMBRIDGE, "local_transport", NOW, "none", CAMBRIDGESHIRE_CA),
    (PETERBOROUGH, "local_transport", date(2017, 3, 2), "statutory", ""),
    (PETERBOROUGH, "local_transport", NOW, "none", CAMBRIDGESHIRE_CA),
    (CAMBRIDGESHIRE_CA, "local_transport", NOW, "statutory", ""),
    (CAMBRIDGESHIRE_CA, "police", NOW, "none", NONE_HELD),
    (SOUTH_OXFORDSHIRE, "adult_social_care", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "childrens_services", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "highways", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "local_transport", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "libraries", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "trading_standards", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "fire", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "public_health", date(2013, 3, 31), "none", NONE_HELD),
    (SOUTH_OXFORDSHIRE, "public_health", NOW, "none", OXFORDSHIRE),
    (SOUTH_OXFORDSHIRE, "waste_collection", NOW, "statutory", ""),
    (SOUTH_OXFORDSHIRE, "planning_applications", NOW, "statutory", ""),
    (SOUTH_OXFORDSHIRE, "homelessness", NOW, "statutory", ""),
    (SOUTH_OXFORDSHIRE, "environmental_health", NOW, "statutory", ""),
    (OXFORDSHIRE, "public_health", date(2013, 3, 31), "none", NONE_HELD),
    (OXFORDSHIRE, "public_health", date(2013, 4, 1), "statutory", ""),
    (OXFORDSHIRE, "fire", NOW, "statutory", ""),
    (OXFORDSHIRE, "environmental_health", NOW, "none", ITS_DISTRICTS),
    (WEST_SUSSEX, "fire", NOW, "statutory", ""),
    (KENT, "fire", NOW, "none", NONE_HELD),
    (HAMPSHIRE, "fire", NOW, "none", NONE_HELD),
    (DERBYSHIRE, "local_transport", date(2024, 2, 27), "statutory", ""),
    (DERBYSHIRE, "local_transport", NOW, "none", EAST_MIDLANDS),
    (NOTTINGHAM, "local_transport", NOW, "none", EAST_MIDLANDS),
    (EAST_MIDLANDS, "local_transport", NOW, "statutory", ""),
    (EAST_MIDLANDS, "adult_skills", date(2025, 4, 1), "none", NONE_HELD),
    (EAST_MIDLANDS, "adult_skills", NOW, "statutory", ""),
    (EAST_MIDLANDS, "adult_social_care", NOW, "none", NONE_HELD),
    (EAST_MIDLANDS, "corporate", NOW, "statutory", ""),
    (DEVON, "local_transport", date(2025, 2, 4), "statutory", ""),
    (DEVON, "local_transport", NOW, "none", DEVON_AND_TORBAY),
    # Unitary councils, one of them named a county, and the islands.
    (DURHAM, "housing", NOW, "statutory", ""),
    (DURHAM, "adult_social_care", NOW, "statutory", ""),
    (DURHAM, "waste_collection", NOW, "statutory", ""),
    (DURHAM, "waste_disposal", NOW, "statutory", ""),
    (DURHAM, "local_transport", date(2014, 4, 14), "statutory", ""),
    (DURHAM, "local_transport", date(2020, 1, 1), "none", NORTH_EAST_OLD),
    (DURHAM, "local_transport", NOW, "none", NORTH_EAST),
    (DURHAM, "fire", NOW, "none", NONE_HELD),
    (HALTON, "waste_disposal", NOW, "statutory", ""),
    (HALTON, "local_transport", date(2014, 3, 31), "statutory", ""),
    (HALTON, "local_transport", NOW, "none", LIVERPOOL_REGION),
    (SCILLY, "adult_social_care", NOW, "statutory", ""),
    (SCILLY, "planning_applications", NOW, "statutory", ""),
    (SCILLY, "waste_disposal", NOW, "statutory", ""),
    (SCILLY, "local_transport", NOW, "statutory", ""),
    (SCILLY, "fire", NOW, "statutory", ""),
    (SCILLY, "police", NOW, "none", NONE_HELD),
    (CORNWALL, "fire", NOW, "statutory", ""),
    (CORNWALL, "adult_skills", NOW, "statutory", ""),
    (ISLE_OF_WIGHT, "fire", date(2021, 3, 31), "statutory", ""),
    (ISLE_OF_WIGHT, "fire", NOW, "none", NONE_HELD),
    # York and North Yorkshire: fire and police came to the mayor on taking office in May 2024.
    (YORK_CA, "fire", date(2024, 5, 6), "none", NONE_HELD),
    (YORK_CA, "fire", date(2024, 5, 7), "statutory", ""),
    (YORK_CA, "police", date(2024, 5, 6), "none", NONE_HELD),
    (YORK_CA, "police", date(2024, 5, 7), "statutory", ""),
    (YORK, "fire", NOW, "none", YORK_CA),
    (NORTH_YORKSHIRE, "police", NOW, "none", YORK_CA),
    (NORTH_YORKSHIRE, "local_transport", date(2024, 1, 31), "statutory", ""),
    (NORTH_YORKSHIRE, "local_transport", NOW, "none", YORK_CA),
    (NORTH_YORKSHIRE_COUNTY, "fire", date(2020, 1, 1), "none", NONE_HELD),
    # Councils before and after their end: the successors have what they had.
    (NORTHAMPTONSHIRE, "adult_social_care", date(2021, 3, 31), "statutory", ""),
    (NORTHAMPTONSHIRE, "adult_social_care", date(2021, 4, 1), "none", f"{NORTH_NORTHANTS} {WEST_NORTHANTS}"),
    (NORTHAMPTONSHIRE, "planning_applications", date(2015, 1, 1), "none", ITS_DISTRICTS),
    (NORTHAMPTONSHIRE, "fire", date(2018, 12, 31), "statutory", ""),
    (NORTHAMPTONSHIRE, "fire", date(2019, 1, 1), "none", NONE_HELD),
    (WEST_NORTHANTS, "planning_applications", date(2021, 4, 1), "statutory", ""),
    (WEST_NORTHANTS, "fire", date(2021, 4, 1), "none", NONE_HELD),
    (CUMBRIA, "education", date(2023, 3, 31), "statutory", ""),
    (CUMBRIA, "education", date(2023, 4, 1), "none", f"{CUMBERLAND} {WESTMORLAND}"),
    (CUMBRIA, "fire", date(2023, 3, 31), "statutory", ""),
    (CUMBERLAND, "education", date(2023, 4, 1), "statutory", ""),
    (CUMBERLAND, "fire", date(2023, 4, 1), "none", NONE_HELD),
    (BUCKINGHAMSHIRE_COUNTY, "adult_social_care", date(2020, 3, 31), "statutory", ""),
    (BUCKINGHAMSHIRE_COUNTY, "adult_social_care", date(2020, 4, 1), "none", BUCKINGHAMSHIRE),
    (WYCOMBE, "planning_applications", date(2020, 3, 31), "statutory", ""),
    (WYCOMBE, "planning_applications", date(2020, 4, 1), "none", BUCKINGHAMSHIRE),
    (BUCKINGHAMSHIRE, "planning_applications", NOW, "statutory", ""),
    (BUCKINGHAMSHIRE_COUNTY, "planning_applications", date(2015, 1, 1), "none", ITS_DISTRICTS),
    (BUCKINGHAMSHIRE, "local_transport", NOW, "statutory", ""),
]


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.read(ROOT / "edition" / "areas")


@pytest.fixture(scope="module")
def functions() -> Functions:
    return load_definitions().functions


def find_holders(register: Register, functions: Functions, code: str, function: str, day: date) -> set[str]:
    """Who has a function as a duty in an area that has not: whom it names, its parents and theirs, or its districts."""
    area = register.areas[code]
    if not area.is_alive(day):
        return set(register.successors_alive(code, day))
    parents = register.parents(code, day)
    near = {functions.deliverer(function, area, day), *parents}
    near.update(above for parent in parents for above in register.parents(parent, day))
    if area.area_class is AreaClass.COUNTY:
        near.update(register.members(code, day))
    if area.is_principal and area.region == "London":
        near.add(GLA)
    return {
        each for each in near if each and functions.responsibility(function, register.areas[each], day) == "statutory"
    }


def expect_holders(register: Register, code: str, day: date, instead: str) -> set[str]:
    return set(register.members(code, day)) if instead == ITS_DISTRICTS else set(instead.split())


@pytest.mark.parametrize(("code", "function", "day", "expected", "instead"), PAIRS)
def test_responsibility_is_as_decided_by_hand(
    register: Register, functions: Functions, code: str, function: str, day: date, expected: str, instead: str
) -> None:
    assert (functions.responsibility(function, register.areas[code], day) or "none") == expected
    if expected == "none":
        holders = find_holders(register, functions, code, function, day)
        assert holders == expect_holders(register, code, day, instead)


def test_barnsley_is_one_council_under_both_its_codes(register: Register) -> None:
    assert register.resolve("E08000016") == BARNSLEY


TODAY = [
    (code, function, instead)
    for code, function, day, expected, instead in PAIRS
    if (day, expected) == (NOW, "none") and instead
]


@pytest.mark.parametrize(("code", "function", "instead"), TODAY)
def test_a_page_leads_to_whoever_has_the_function_today(
    register: Register, real_release: Release, code: str, function: str, instead: str
) -> None:
    named, words = find_runners(real_release, real_release.area(code), (function,))
    assert ({area.code for area in named}, words) == (expect_holders(register, code, NOW, instead), "")


# Every metric, by the table of functions and classes.

DISTRICTS_HAVE = {
    "waste_collection",
    "planning_applications",
    "housing",
    "homelessness",
    "council_tax_billing",
    "leisure_culture",
    "environmental_health",
    "corporate",
    "residents",
}
COUNTIES_LACK = {
    "waste_collection",
    "planning_applications",
    "housing",
    "homelessness",
    "council_tax_billing",
    "environmental_health",
}


def test_no_district_is_compared_on_a_county_s_service_nor_a_county_on_a_district_s(
    register: Register, functions: Functions
) -> None:
    metrics = load_definitions().metrics
    asked = pl.DataFrame(
        [(key, period) for key in metrics for period in ("2018-19", "2024-25")],
        schema=["metric_key", "period"],
        orient="row",
    )
    pools: dict[str, set[str]] = {}
    found = find_pools(asked, metrics, register, functions)
    for key, area_class in found.select("metric_key", "area_class").unique().iter_rows():
        pools.setdefault(key, set()).add(area_class)
    for key, metric in metrics.items():
        assert ("district" in pools[key]) == bool(DISTRICTS_HAVE.intersection(metric.functions)), key
        if COUNTIES_LACK.issuperset(metric.functions):
            assert "county" not in pools[key], key


def test_no_council_has_a_figure_of_a_service_that_was_not_its_own(register: Register, functions: Functions) -> None:
    """All that was read: what a publisher gives a district of a county's service is settled when it is read."""
    metrics = load_definitions().metrics
    needed = pl.DataFrame(
        [(key, " ".join(each.functions)) for key, each in metrics.items()],
        schema=["metric_key", "any_of"],
        orient="row",
    )
    held = pl.concat(
        carried(source).filter(pl.col("value").is_not_null()).select("metric_key", "area_code", "period").unique()
        for source in load_definitions().sources_read
    ).join(needed, on="metric_key")
    days = {period: parse_key(period).end for period in held["period"].unique()}
    found = []
    districts = 0
    for any_of, code, period, metric_keys in (
        held.group_by("any_of", "area_code", "period").agg("metric_key").iter_rows()
    ):
        area = register.areas[code]
        if area.area_class in PRINCIPAL_CLASSES:
            if not any(functions.responsibility(each, area, days[period]) for each in any_of.split()):
                found += [(key, area.name, period) for key in metric_keys]
            districts += area.area_class is AreaClass.DISTRICT
    assert not found
    assert districts > 10_000, "few districts have figures: was the edition read?"


def test_nobody_is_ranked_on_its_residents() -> None:
    about = {key: each for key, each in load_definitions().metrics.items() if "residents" in each.functions}
    assert len(about) > 40
    ranked = [key for key, each in about.items() if (each.lever, each.polarity) != (Lever.CONTEXTUAL, Polarity.NONE)]
    assert not ranked
