"""Added-up figures against published ones, wherever the publishers give both (`docs/methods/reorganisation.md`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from moothall.analysis.current import choose_current
from moothall.analysis.rollup import roll_up
from moothall.core.areas import AreaClass
from moothall.core.definitions import Metric
from moothall.core.grounds import Tier, list_parts
from moothall.core.loading import load_catalogue
from moothall.pipeline.carried import load_observations, load_register
from moothall.pipeline.project import Project

PROJECT = Project(Path(__file__).parents[2])
REGISTER = load_register(PROJECT)
CATALOGUE, _ = load_catalogue(PROJECT.root)
KEY = ["breakdown", "area_code", "period"]


@cache
def read_current(metric_key: str) -> pl.DataFrame:
    source = CATALOGUE.source_of(metric_key)
    assert source is not None
    rows = load_observations(PROJECT, source).observations.filter(pl.col("metric_key") == metric_key)
    return choose_current(rows)


def read_values(metric_key: str, name: str) -> pl.DataFrame:
    held = read_current(metric_key).filter(pl.col("value").is_not_null())
    return held.select(*KEY, pl.col("value").alias(name))


@pytest.mark.parametrize(
    ("metric_key", "compared", "equal", "furthest", "relative"),
    [
        ("active-businesses", 141, 141, 0, 0),
        ("net-additional-dwellings", 384, 233, 2, 0.0012),  # counties' were rounded by themselves
        ("council-tax-base", 50, 13, 1, 0.000004),  # every council's is rounded to a tenth or to a home
        ("firms-born", 141, 141, 0, 0),
        ("firms-closed", 141, 141, 0, 0),
        ("residents-at-census", 24, 0, 27, 0.000035),  # cells of the census are changed a little, each by itself
        ("residents-aged-85-and-over", 24, 5, 12, 0.0006),
        ("area-in-square-kilometres", 21, 9, 1, 0.0007),  # whole square kilometres
        ("short-term-let-guest-nights", 630, 264, 30, 0.0013),  # tens of nights
    ],
)
def test_sums_are_what_is_published(
    metric_key: str, compared: int, equal: int, furthest: float, relative: float
) -> None:
    """Counties and joint authorities whose own figures are published, and the sums of the councils on their ground."""
    current = read_current(metric_key)
    own = {p.area_code for p in list_parts(REGISTER)} & {
        a.code for a in REGISTER.areas.values() if a.area_class is AreaClass.COUNTY or not a.is_principal
    }
    # Without what they publish, and as if others answered for it: what would be added up for them?
    without = current.filter(~pl.col("area_code").is_in(sorted(own)))
    metric = CATALOGUE.metrics[metric_key].model_copy(update={"functions": ("council_tax_billing",)})
    summed = roll_up(without, {metric_key: metric}, list_parts(REGISTER), REGISTER, CATALOGUE.functions)
    published = current.filter(pl.col("area_code").is_in(sorted(own))).select(*KEY, published="value").drop_nulls()
    both = summed.drop_nulls("value").join(published, on=KEY)
    apart = (both["value"] - both["published"]).abs()
    assert both.height == compared
    assert int((apart < 1e-6).sum()) == equal
    assert float(apart.max() or 0) <= furthest + 1e-9  # type: ignore[arg-type]
    assert float((apart / both["published"]).max() or 0) <= relative  # type: ignore[arg-type,operator]


@pytest.mark.parametrize(
    ("metric_key", "compared", "rounding", "outside"),
    [
        ("household-waste-recycled", 3383, 0.05, 22),  # of whole tonnes; two councils' rates were not revised with them
        ("planning-decisions-granted-share", 296, 0, 0),
        ("housing-delivery-test", 292, 0.5, 0),
        ("childrens-social-worker-turnover", 1331, 0.12, 0),  # of posts that are rounded, too
        ("children-leaving-care-by-adoption", 637, 0.5, 0),
        ("business-birth-rate", 1978, 0, 0),
        ("business-death-rate", 1978, 0, 0),
    ],
)
def test_rates_are_their_numerators_over_their_denominators(
    metric_key: str, compared: int, rounding: float, outside: int
) -> None:
    rule = CATALOGUE.metrics[metric_key].adds_up
    assert rule is not None
    assert rule.numerator is not None
    assert rule.denominator is not None
    both = (
        read_values(metric_key, "rate")
        .join(read_values(rule.numerator, "above"), on=KEY)
        .join(read_values(rule.denominator, "below"), on=KEY)
        .filter(pl.col("below") > 0)
    )
    apart = (both["rate"] - rule.times * both["above"] / both["below"]).abs()
    assert both.height == compared
    far = int((apart > rounding + 1e-9).sum())
    assert far == outside
    # A hundredth of the rate, but for what its own rounding makes of a small one and for two councils' waste.
    assert int((apart > (both["rate"] * 0.01).clip(rounding + 1e-9)).sum()) <= (1 if outside else 0)


def add_up(metric_key: str, area_code: str, period: str, breakdown: str = "all") -> tuple[float | None, str] | None:
    """The figure and the marker of an area that has none of its own; None where nothing is added up."""
    current = read_current(metric_key).filter(period=period, breakdown=breakdown)
    summed = roll_up(
        current, {metric_key: CATALOGUE.metrics[metric_key]}, list_parts(REGISTER), REGISTER, CATALOGUE.functions
    )
    found = summed.filter(area_code=area_code).select("value", "marker").rows()
    return found[0] if found else None


def sum_of(metric_key: str, codes: Iterable[str], period: str, breakdown: str = "all") -> float:
    """The sum of the figures of councils named by code, each of which has one."""
    rows = read_current(metric_key).filter(period=period, breakdown=breakdown)
    values = dict(rows.select("area_code", "value").iter_rows())
    return float(sum(values[code] for code in codes))


GREATER_MANCHESTER = tuple(f"E080000{number:02}" for number in range(1, 11))
CAMBRIDGESHIRE = tuple(f"E070000{number:02}" for number in range(8, 13))
PETERBOROUGH = "E06000031"
KENT = tuple(f"E07000{number}" for number in range(105, 117))


@pytest.mark.parametrize(
    ("metric_key", "area_code", "period", "parts", "value"),
    [
        ("population", "E47000001", "2023-06-30", GREATER_MANCHESTER, 2_948_633),
        ("population", "E10000003", "2023-06-30", CAMBRIDGESHIRE, 699_573),
        ("population", "E47000008", "2023-06-30", (*CAMBRIDGESHIRE, PETERBOROUGH), 919_082),
        ("area-in-square-kilometres", "E47000008", "2023-06-30", (*CAMBRIDGESHIRE, PETERBOROUGH), 3_389),
        ("prevention-duties-owed", "E10000016", "2025-q4", KENT, 769),
        ("relief-homes-secured", "E10000016", "2025-q4", KENT, 341),
        ("homelessness-duties-by-age", "E10000003", "2025-q4", CAMBRIDGESHIRE, 704),
        ("homelessness-spending", "E10000016", "2024-25", KENT, 41.986),
        ("homes-in-band-d", "E47000001", "2025-03-31", GREATER_MANCHESTER, 125_840),
        ("planning-contravention-notices", "E10000016", "to-2025-09", KENT, 153),
        ("households-on-universal-credit", "E47000008", "2025-m05", (*CAMBRIDGESHIRE, PETERBOROUGH), 73_737),
    ],
)
def test_a_territory_is_its_councils_once_each(
    metric_key: str, area_code: str, period: str, parts: tuple[str, ...], value: float
) -> None:
    """Ten boroughs; a county's districts; and for a county beside a city the districts and the city, not the county."""
    assert sum_of(metric_key, parts, period) == pytest.approx(value, abs=1e-6)
    found = add_up(metric_key, area_code, period)
    assert found is not None
    assert found[0] == pytest.approx(value, abs=1e-6)
    assert found[1] == "derived_sum"


def test_no_babies_are_counted_where_one_district_gives_none() -> None:
    assert add_up("babies-in-temporary-accommodation", "E10000016", "2025-q4") == (None, "part_missing")


def test_what_an_authority_publishes_is_never_added_up_for_it() -> None:
    """The county's square kilometres; the mayor's spending power; the waste of nine boroughs, which is not Wigan's."""
    assert add_up("area-in-square-kilometres", "E10000016", "2023-06-30") is None
    assert add_up("core-spending-power-without-social-care-grants", "E47000001", "2020-21") is None
    assert add_up("waste-managed", "E47000001", "2023-24") is None


def test_every_resident_is_in_one_county_or_single_tier_council() -> None:
    """The Office for National Statistics gives 57,690,300 for England in the middle of 2023."""
    day = date(2023, 6, 30)
    people = read_current("population")
    single = float(people.filter(~pl.col("area_code").str.starts_with("E07"))["value"].sum())
    counties = [a.code for a in REGISTER.areas.values() if a.area_class is AreaClass.COUNTY and a.is_alive(day)]
    summed = [add_up("population", code, "2023-06-30") for code in counties]
    assert len(counties) == 21
    assert round(single + sum(each[0] or 0 for each in summed if each), -2) == 57_690_300


def list_summed() -> list[Metric]:
    return [m for m in CATALOGUE.metrics.values() if m.adds_up and m.adds_up.sum]


def test_the_tier_fits_who_is_responsible() -> None:
    """What districts do is summed over them, what counties do over counties; money of both over neither."""
    classes = {f.key: set(f.classes) for f in CATALOGUE.functions.definitions.values()}
    for metric in list_summed():
        having = {each for function in metric.functions for each in classes[function]}
        tier = metric.adds_up.sum if metric.adds_up else None
        if metric.unit == "pounds_million" and tier is Tier.SAME:
            continue
        if AreaClass.DISTRICT not in having:
            assert tier is Tier.UPPER, metric.key
        elif AreaClass.COUNTY not in having:
            assert tier is Tier.LOWER, metric.key
        elif metric.unit == "pounds_million":
            assert tier is Tier.EVERY or metric.key == "parish-precepts", metric.key


def test_means_that_are_called_counts_are_not_summed() -> None:
    summed = {metric.key for metric in list_summed()}
    assert "childrens-social-worker-caseload" not in summed
    assert "authorised-debt-limit" not in summed
    assert len(summed) > 140
