"""Intervals made from counts: the counts that definitions name are those that the published rates are made of."""

from __future__ import annotations

from functools import cache

import polars as pl
import pytest

from moothall.analysis.counted import add_intervals, find_counts
from moothall.analysis.current import choose_current
from moothall.analysis.derive import derive
from moothall.core.counted import PER
from moothall.core.frames import FIGURE_KEY
from moothall.core.periods import parse_key
from tests.golden.carried import carried, load_definitions

CATALOGUE = load_definitions()
COUNTED = {key: metric for key, metric in CATALOGUE.metrics.items() if metric.counts}
BOTH_HELD = {key for key, metric in COUNTED.items() if metric.counts and len(metric.counts.keys) == 2}
UNROUNDED = {
    *(f"business-survival-{years}" for years in ("one-year", "three-years", "five-years")),
    "planning-decisions-delegated-share",
    "out-of-district-same-region",
}
"""Published with all their decimals."""
READ = {key for key in COUNTED if key not in CATALOGUE.derived}


@cache
def read_current() -> pl.DataFrame:
    """The current values of all that the intervals are made from, derived ones with them."""
    wanted = set(COUNTED) | {key for metric in COUNTED.values() if metric.counts for key in metric.counts.keys}
    wanted |= {key for each in wanted if each in CATALOGUE.derived for key in CATALOGUE.derived[each].inputs.values()}
    sources = {source.source for key in wanted if (source := CATALOGUE.source_of(key))}
    rows = [carried(source).filter(pl.col("metric_key").is_in(sorted(wanted))) for source in sorted(sources)]
    derived = {key: metric for key, metric in CATALOGUE.derived.items() if key in wanted}
    return derive(choose_current(pl.concat(rows)), derived)


@cache
def count() -> pl.DataFrame:
    return find_counts(read_current(), CATALOGUE.metrics)


def gather(key: str) -> pl.DataFrame:
    """A metric's values, those with counts beside their counts."""
    values = read_current().filter(pl.col("metric_key") == key, pl.col("value").is_not_null())
    return values.select(*FIGURE_KEY, "value").join(count(), on=FIGURE_KEY, how="left")


def join_on_end(rates: str, counts: str) -> pl.DataFrame:
    frame = read_current().filter(pl.col("value").is_not_null())
    ends = {key: parse_key(key).end for key in frame["period"].unique()}
    frame = frame.with_columns(end=pl.col("period").replace_strict(ends))
    place = ["breakdown", "area_code", "end"]
    return frame.filter(metric_key=rates).join(
        frame.filter(metric_key=counts).select(*place, counted="value"), on=place
    )


def test_every_metric_with_counts_has_intervals() -> None:
    assert len(COUNTED) == 50
    limited = add_intervals(read_current(), count(), CATALOGUE.metrics).filter(pl.col("lower").is_not_null())
    assert set(limited["metric_key"]) == set(COUNTED)
    beside = limited.filter((pl.col("value") < pl.col("lower") - 1e-9) | (pl.col("value") > pl.col("upper") + 1e-9))
    # 0.5 % of 152 is none of them once its numerator, one, is divided by its denominator: 0.66 %.
    assert beside.height <= 1


@pytest.mark.parametrize("key", sorted(BOTH_HELD & READ))
def test_numerator_and_denominator_give_the_published_rate(key: str) -> None:
    """Of the rates whose two counts are both held, all but one in a hundred are what these give, within rounding."""
    metric = CATALOGUE.metrics[key]
    assert metric.counts is not None
    assert metric.counts.numerator is not None
    assert metric.counts.denominator is not None
    both = (
        join_on_end(key, metric.counts.numerator)
        .rename({"counted": "above"})
        .join(join_on_end(key, metric.counts.denominator).select(*FIGURE_KEY, below="counted"), on=FIGURE_KEY)
        .filter(pl.col("below") > 0)
    )
    assert both.height >= 290
    assert gather(key)["numerator"].count() >= 0.99 * both.height


@pytest.mark.parametrize("key", sorted(key for key in READ - BOTH_HELD if COUNTED[key].interval == "wilson"))
def test_a_published_share_is_a_whole_number_of_its_denominator(key: str) -> None:
    """Wherever rounding would let one number in two or fewer pass, a whole number of cases gives the share.

    Were the denominator another number, a share would be such a number's by chance alone: a third of the time.
    """
    metric = CATALOGUE.metrics[key]
    rows = gather(key).filter(pl.col("denominator") > 0, pl.col("value").is_between(0, 100, closed="none"))
    slack = 1e-6 if key in UNROUNDED else 0.5 * 10.0**-metric.places
    rows = rows.with_columns(
        chance=(2 * slack * pl.col("denominator") / 100),
        apart=(100 * pl.col("numerator").round() / pl.col("denominator") - pl.col("value")).abs(),
    ).filter(pl.col("chance") <= 0.5)
    assert rows.height >= 10
    assert rows.filter(pl.col("apart") > slack + 1e-9).height == 0


SAME_PEOPLE = [
    ("social-care-referral-rate", "child-protection-plan-start-rate", 0.01),
    ("children-in-need-rate", "child-protection-plan-rate", 0.01),
    ("children-in-care-per-10000", "children-entering-care-per-10000", 0.05),
    ("children-entering-care-per-10000", "children-leaving-care-per-10000", 0.05),
    ("temporary-accommodation-per-1000", "prevention-duties-per-1000", 0.05),
    ("prevention-duties-per-1000", "relief-duties-per-1000", 0.05),
]


@pytest.mark.parametrize(("one", "other", "apart"), SAME_PEOPLE, ids=[one for one, _, _ in SAME_PEOPLE])
def test_rates_of_the_same_people_have_the_same_denominator(one: str, other: str, apart: float) -> None:
    """Two rates and their counts each imply how many people there are; both imply the same, but for rounding.

    Looked at where rounding hides no more than `apart` of either rate.
    """
    implied = []
    for key in (one, other):
        places, per = CATALOGUE.metrics[key].places, PER[CATALOGUE.metrics[key].unit]
        rows = gather(key).filter(pl.col("value") * apart >= 10.0**-places)
        ends = {key: parse_key(key).end for key in rows["period"].unique()}
        implied.append(
            rows.with_columns(end=pl.col("period").replace_strict(ends)).select(
                "area_code", "end", people=per * pl.col("numerator") / pl.col("value")
            )
        )
    both = implied[0].join(implied[1], on=["area_code", "end"], suffix="_other").drop_nulls()
    assert both.height >= 290
    close = (both["people"] / both["people_other"] - 1).abs() <= apart
    assert close.mean() >= 0.97  # type: ignore[operator]
