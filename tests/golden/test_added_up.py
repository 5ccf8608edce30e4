"""Added-up figures against published ones, wherever the publishers give both (`docs/methods/reorganisation.md`)."""

from __future__ import annotations

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
