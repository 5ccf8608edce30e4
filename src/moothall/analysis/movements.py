"""Movements: where the councils of a scope together have gone, how far they lie apart, and how deprived places fare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from moothall.analysis.position import Breaks, add_displayed, find_pools
from moothall.analysis.series import take_points
from moothall.analysis.trend import SURE, Spreads, find_own
from moothall.core.areas import Register
from moothall.core.definitions import Metric
from moothall.core.differences import find_tails, hold_together
from moothall.core.frames import ALL, ENGLAND, SLICE_KEY, conform
from moothall.core.functions import Functions
from moothall.core.latest import find_latest
from moothall.core.movements import DEPRIVATION, MOVEMENTS
from moothall.core.statistics import LEAST_COUNCILS, LEAST_COVERAGE
from moothall.core.values import Kind, Unit

LEAST_OF_FIFTH: Final = 5  # councils in a fifth, for its median to be given
LEAST_TESTED: Final = 10  # councils, for a test of whether they lie farther apart than before
BOUNDED: Final = frozenset({Unit.PERCENT, Unit.PER_100, Unit.SCORE, Unit.YEARS})
"""Units in which a ratio says little: shares that cannot pass 100, scores without a zero, and years of a life."""
MONEY: Final = frozenset({Unit.POUNDS, Unit.POUNDS_PER_HEAD, Unit.POUNDS_PER_HOUR})
"""Units whose differences grow with prices, so that only ratios of two periods are set beside one another."""

_SERIES = ["metric_key", "breakdown", "scope"]
_DECIMALS = 9  # to which pairs are put in order
_EDGE = 1 - 1e-12  # a rank correlation beyond it is one


def find_movements(
    figures: pl.DataFrame,
    summaries: pl.DataFrame,
    metrics: Mapping[str, Metric],
    register: Register,
    functions: Functions,
    breaks: Breaks,
    affected: Breaks,
) -> pl.DataFrame:
    """A row for each metric that can be compared and each scope in which it is, by `core.movements.MOVEMENTS`.

    `figures` and `summaries` of all metrics, by the schemas of those names. By `docs/methods/national.md`: the same
    councils in every period looked at, the rule of trends on their median, McCulloch's test on how far they lie apart,
    and fifths by `DEPRIVATION`.
    """
    shown = {
        key: metric
        for key, metric in metrics.items()
        if metric.status.is_current and metric.unit.is_amount and not metric.unit.grows_with_size
    }
    first_breakdown = pl.col("breakdown").sort_by((pl.col("breakdown") != ALL).cast(pl.Int8), pl.col("breakdown"))
    latest = find_latest(summaries).filter(pl.col("metric_key").is_in(list(shown)))
    latest = latest.filter(pl.col("breakdown") == first_breakdown.first().over("metric_key"))
    columns = [*SLICE_KEY, "area_code", "value", "marker", "lower", "upper"]
    held = figures.select(columns).filter(pl.col("metric_key").is_in(latest.get_column("metric_key").implode()))
    wanted = held.join(latest.select("metric_key", "breakdown"), on=["metric_key", "breakdown"], how="semi")
    pools = _choose_scopes(find_pools(latest, shown, register, functions), shown)
    parts = [
        points.join(pools, on=["metric_key", "area_code"])
        for points in take_points(wanted, latest, shown, breaks, affected)
    ]
    if not parts:
        return pl.DataFrame(schema=MOVEMENTS)
    points, middles = choose_councils(pl.concat(parts), summaries), _read_middles(summaries)
    ends = _add_deprivation(_take_ends(points), _read_deprivation(figures, summaries), shown)
    found = (
        _sum_up(ends, shown)
        .join(_follow(points, summaries, latest, shown), on=_SERIES, how="left")
        .join(middles, on=[*SLICE_KEY, "scope"], how="semi")
    )
    return conform(_hold_together(found), MOVEMENTS).sort([*SLICE_KEY, "scope"])


def choose_councils(points: pl.DataFrame, summaries: pl.DataFrame) -> pl.DataFrame:
    """Of `points` those of the councils of each scope that have a value in every period looked at.

    Back from the latest, as many periods as leave 60 % of the councils that could have a value, and three; those in
    which the scope has no median are passed over. Periods that the pandemic affected ask nothing of a council, and are
    looked at where so many of the same ones have a value; where the latest is one of them, it is looked at alone.
    """
    could = summaries.select(*SLICE_KEY, "scope", "eligible", has_median=pl.col("median").is_not_null())
    points = points.join(could, on=[*SLICE_KEY, "scope"]).filter("has_median")
    eligible = pl.col("eligible").sort_by("time").last().over(_SERIES)
    points = points.with_columns(need=pl.max_horizontal(pl.lit(LEAST_COUNCILS), (eligible * LEAST_COVERAGE).ceil()))
    is_last = pl.col("time") == 0
    is_alone = (is_last & pl.col("is_affected")).any().over(_SERIES)
    asked = points.filter(~pl.col("is_affected") & ~is_alone | is_last).with_columns(
        back=pl.col("time").rank("dense", descending=True).over(_SERIES).cast(pl.Int64)
    )
    own = [*_SERIES, "area_code"]
    # How many periods back from the latest a council has a value in each of.
    reach = (
        asked.sort("back")
        .group_by(own)
        .agg(pl.col("need").first(), reach=(pl.col("back") == pl.int_range(1, pl.len() + 1)).sum())
    )
    reached = pl.col("reach").sort(descending=True).get(pl.col("need").first().cast(pl.Int64) - 1, null_on_oob=True)
    same = (
        reach.with_columns(periods=reached.over(_SERIES))
        .filter((pl.col("periods") > 0) & (pl.col("reach") >= pl.col("periods")))
        .select(*own, "periods")
    )
    taken = asked.join(same, on=own).filter(pl.col("back") <= pl.col("periods"))
    since = taken.group_by(_SERIES).agg(since=pl.col("time").min())
    beside = (
        points.filter(pl.col("is_affected") & ~is_last)
        .join(same, on=own, how="semi")
        .join(since, on=_SERIES)
        .filter((pl.col("time") > pl.col("since")) & (pl.len().over([*_SERIES, "period"]) >= pl.col("need")))
    )
    return pl.concat([taken.select(points.columns), beside.select(points.columns)])


def _choose_scopes(pools: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """The councils that are looked at in each metric, with their scope: England, or their class."""
    within = {key: metric.comparable_within for key, metric in metrics.items()}
    is_england = pl.col("metric_key").replace_strict(within, return_dtype=pl.String) == ENGLAND
    scope = pl.when(is_england).then(pl.lit(ENGLAND)).otherwise(pl.col("area_class"))
    return pools.select("metric_key", "area_code", scope=scope)


def _read_middles(summaries: pl.DataFrame) -> pl.DataFrame:
    return summaries.filter(pl.col("median").is_not_null()).select(*SLICE_KEY, "scope")


def _take_ends(points: pl.DataFrame) -> pl.DataFrame:
    """Each council's value in the first and the last of the periods looked at, by scope."""
    ends = points.filter(~pl.col("is_affected") | (pl.col("time") == 0)).sort("time")
    return ends.group_by([*_SERIES, "area_code"]).agg(
        period=pl.col("latest").first(),
        first=pl.col("period").first(),
        points=pl.len(),
        before=pl.col("value").first(),
        after=pl.col("value").last(),
    )


def _read_deprivation(figures: pl.DataFrame, summaries: pl.DataFrame) -> pl.DataFrame:
    """How deprived each council is, in the newest period in which that is known."""
    is_it = (pl.col("metric_key") == DEPRIVATION) & (pl.col("breakdown") == ALL)
    known = figures.filter(is_it & pl.col("value").is_not_null())
    newest = find_latest(summaries.filter(is_it))
    return known.join(newest, on=SLICE_KEY, how="semi").select("area_code", deprivation="value")


def _add_deprivation(ends: pl.DataFrame, deprivation: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """`ends` with 1 for the councils of the most deprived fifth, -1 for those of the least, and how many each has.

    None where the metric itself describes the place, as deprivation does.
    """
    about_places = [key for key, metric in metrics.items() if metric.kind is Kind.CONTEXT]
    place = pl.struct("deprivation", "area_code").rank("ordinal").over(_SERIES)
    known = (
        ends.select(*_SERIES, "area_code")
        .filter(~pl.col("metric_key").is_in(about_places))
        .join(deprivation, on="area_code")
        .with_columns(place=place, of=pl.len().over(_SERIES))
        .with_columns(fifth=(pl.col("of") // 5).cast(pl.Int32))
        .filter(pl.col("fifth") >= LEAST_OF_FIFTH)
        .with_columns(
            side=pl.when(pl.col("place") > pl.col("of") - pl.col("fifth"))
            .then(1)
            .when(pl.col("place") <= pl.col("fifth"))
            .then(-1)
        )
    )
    return ends.join(known.select(*_SERIES, "area_code", "fifth", "side"), on=[*_SERIES, "area_code"], how="left")


def _sum_up(ends: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """The middle, the tenths and the fifths of each scope at both ends, and the test of how far councils lie apart."""
    bounded = [key for key, metric in metrics.items() if metric.unit in BOUNDED]
    is_ratio = ~pl.col("metric_key").is_in(bounded) & (
        pl.min_horizontal(pl.col("before").min(), pl.col("after").min()).over(_SERIES) > 0
    )
    ends = ends.with_columns(
        measure=pl.when(is_ratio).then(pl.lit("ratio")).otherwise(pl.lit("difference"))
    ).with_columns(
        x=pl.when(pl.col("measure") == "ratio").then(pl.col("before").log()).otherwise(pl.col("before")),
        y=pl.when(pl.col("measure") == "ratio").then(pl.col("after").log()).otherwise(pl.col("after")),
    )
    # McCulloch (1987): where spreads are alike, sums and differences of pairs have nothing to do with each other.
    # What binary arithmetic alone keeps apart is no order.
    sums, apart = (
        each.round(_DECIMALS).rank().over(_SERIES) for each in (pl.col("x") + pl.col("y"), pl.col("y") - pl.col("x"))
    )
    tenths = {
        f"{name}_tenth_{end}": pl.col(column).quantile(share, "linear")
        for end, column in (("first", "before"), ("last", "after"))
        for name, share in (("lower", 0.1), ("upper", 0.9))
    }
    fifths = {
        f"{name}_deprived_{end}": pl.col(column).filter(pl.col("side") == side).median()
        for end, column in (("first", "before"), ("last", "after"))
        for name, side in (("most", 1), ("least", -1))
    }
    found = (
        ends.with_columns(sums=sums, apart=apart)
        .sort([*_SERIES, "area_code"])  # in whose order numbers are added up, the last digit lies
        .group_by(_SERIES)
        .agg(
            *(pl.col(name).first() for name in ("period", "first", "points", "measure")),
            pl.col("fifth").max(),
            councils=pl.len(),
            median_first=pl.col("before").median(),
            median_last=pl.col("after").median(),
            agreement=pl.corr("sums", "apart"),
            **tenths,
            **fifths,
        )
    )
    priced = {key for key, metric in metrics.items() if metric.unit in MONEY}
    chances = [
        None if points < 2 or (key in priced and measure != "ratio") else find_spread_chance(agreement, councils)
        for key, measure, agreement, councils, points in found.select(
            "metric_key", "measure", "agreement", "councils", "points"
        ).iter_rows()
    ]
    return found.with_columns(pl.Series("spread_p", chances, pl.Float64), is_wider=pl.col("agreement") > 0)


def find_spread_chance(agreement: float | None, councils: int) -> float | None:
    """The chance of so large a rank correlation of sums and differences, two-sided, where spreads are alike.

    None of fewer than ten councils, or where no value moved. Source: McCulloch (1987), by Student's t.
    """
    if agreement is None or agreement != agreement or councils < LEAST_TESTED:
        return None
    if abs(agreement) > _EDGE:
        return 0.0
    size = abs(agreement) * ((councils - 2) / (1 - agreement**2)) ** 0.5
    return max(find_tails(size, councils - 2), 0.0)  # far out, binary arithmetic comes to a hair below


def _follow(
    points: pl.DataFrame, summaries: pl.DataFrame, latest: pl.DataFrame, metrics: Mapping[str, Metric]
) -> pl.DataFrame:
    """The trend of the median of the same councils, by the rule for one council's (`analysis.trend`)."""
    places = pl.DataFrame(
        [(key, metric.places) for key, metric in metrics.items()],
        schema={"metric_key": pl.String, "places": pl.Int8},
        orient="row",
    )
    medians = points.group_by([*_SERIES, "period"]).agg(
        *(pl.col(name).first() for name in ("latest", "column", "time", "is_affected")), value=pl.col("value").median()
    )
    unknown = pl.lit(None, pl.Float64)
    series = add_displayed(
        medians.with_columns(lower=unknown, upper=unknown).rename({"scope": "area_code"}).join(places, on="metric_key")
    ).sort("metric_key", "breakdown", "area_code", "time")
    scopes = {scope: scope for scope in points.get_column("scope").unique()}
    found = find_own(series, Spreads(summaries, latest, metrics, scopes))
    return found.select("metric_key", "breakdown", pl.col("area_code").alias("scope"), "p", "direction")


def _hold_together(found: pl.DataFrame) -> pl.DataFrame:
    """`found` with each chance held against those of all metrics, and what can be said by that."""
    held = found.with_columns(p=pl.when(pl.col("direction").is_not_null()).then(pl.col("p")))
    for chance, together in (("p", "q"), ("spread_p", "spread_q")):
        known = held.filter(pl.col(chance).is_not_null()).sort([*_SERIES])
        q = pl.Series(together, hold_together(known.get_column(chance).to_list()), pl.Float64)
        held = held.join(known.select(_SERIES).with_columns(q), on=_SERIES, how="left")
    is_ratio = pl.col("measure") == "ratio"
    gap = {
        end: pl.when(is_ratio)
        .then(pl.col(f"upper_tenth_{end}") / pl.col(f"lower_tenth_{end}"))
        .otherwise(pl.col(f"upper_tenth_{end}") - pl.col(f"lower_tenth_{end}"))
        for end in ("first", "last")
    }
    is_clear = (pl.col("spread_q") < SURE) & (pl.col("is_wider") == (gap["last"] > gap["first"]))
    return held.with_columns(
        direction=pl.when(pl.col("direction").is_null() | (pl.col("q") < SURE))
        .then(pl.col("direction"))
        .otherwise(pl.lit("none")),
        spread_direction=pl.when(pl.col("spread_q").is_null())
        .then(None)
        .when(is_clear & (gap["last"] > gap["first"]))
        .then(pl.lit("wider"))
        .when(is_clear & (gap["last"] < gap["first"]))
        .then(pl.lit("narrower"))
        .otherwise(pl.lit("none")),
    )
