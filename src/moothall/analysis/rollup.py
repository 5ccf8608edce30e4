"""Roll-up: figures of several councils added up to one of the ground they share (`methods` 2.8 and 4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from moothall.analysis.derive import derive
from moothall.core.adding_up import AddsUp
from moothall.core.areas import LOWER_TIER_CLASSES, Area, AreaClass, Register
from moothall.core.definitions import DerivedMetric, Metric
from moothall.core.frames import FIGURE_KEY, SLICE_KEY
from moothall.core.functions import NO_DUTY, Functions, Responsibility
from moothall.core.grounds import Part, Tier
from moothall.core.periods import parse_key
from moothall.core.values import UNCOMPARED, Marker

_COLUMNS = ["metric_key", "breakdown", "area_code", "period", "value", "marker", "known_on", "edition_key"]


def roll_up(
    current: pl.DataFrame,
    metrics: Mapping[str, Metric],
    parts: Sequence[Part],
    register: Register,
    functions: Functions,
) -> pl.DataFrame:
    """Figures of areas made of others, in columns of `current`: one row for each key that `current` has not.

    A sum is the sum of the figures of every council that is part of the area on the period's last day; where one of
    them has none, or one on another basis, there is no sum but the marker `part_missing`: no sum is partial, and so
    none gives away a figure that was withheld. A rate is the sum of its numerators over the sum of its denominators, a
    weighted mean the sum of weights times values over the sum of weights. Derived metrics are worked out from the sums.
    What an area answers for by statute, or publishes itself in any period, is never added up for it; residents and the
    like are nobody's duty, and a county has them summed. A council that took others' place has sums for the time before
    it began. A part without the service of its tier, as a borough
    whose waste a joint authority disposes of, has only a share of it and is as good as missing. All that has a value is
    marked `derived_sum` or `approx_weighted`.
    """
    summed = {key: metric.adds_up.sum for key, metric in metrics.items() if metric.adds_up and metric.adds_up.sum}
    if not summed or not parts or current.is_empty():
        return pl.DataFrame(schema=current.schema).select(_COLUMNS)
    ground = _lay_out(parts, current.get_column("period").unique().to_list())
    spans = functions.rows(register)
    duties = [span for span in spans if functions.definitions[span.function_key].statute != NO_DUTY]
    barred = _bar(current, metrics, parts, register, duties)
    tiers = pl.DataFrame({"metric_key": list(summed), "tier": [str(tier) for tier in summed.values()]})
    usable = _leave_out_shares(current, metrics, parts, register, spans)
    sums = _sum(usable.join(tiers, on="metric_key"), ground).join(barred, on=["metric_key", "area_code"], how="anti")
    rolled = [sums]
    whole = sums.filter(pl.col("value").is_not_null())
    for key, metric in metrics.items():
        if metric.adds_up and metric.adds_up.numerator and metric.adds_up.denominator:
            rolled.append(_divide(whole, metric, metric.adds_up))
        elif metric.adds_up and metric.adds_up.weight:
            tier = pl.lit(str(summed[metric.adds_up.weight])).alias("tier")
            own = current.filter(pl.col("metric_key") == key).with_columns(tier)
            rolled.append(_weigh(own, current.filter(pl.col("metric_key") == metric.adds_up.weight), ground))
    derived = {key: metric for key, metric in metrics.items() if isinstance(metric, DerivedMetric)}
    if derived:
        worked = derive(pl.concat([whole, *rolled[1:]]), derived)
        rolled.append(worked.filter(pl.col("metric_key").is_in(list(derived)) & pl.col("value").is_not_null()))
    return (
        pl.concat([rows.select(_COLUMNS) for rows in rolled])
        .join(barred, on=["metric_key", "area_code"], how="anti")
        .join(current.select(SLICE_KEY).unique(), on=SLICE_KEY, how="semi")
        .join(current.select(FIGURE_KEY), on=FIGURE_KEY, how="anti")
        .sort(FIGURE_KEY)
    )


def _lay_out(parts: Sequence[Part], periods: Collection[str]) -> pl.DataFrame:
    """One row per period, tier, area and part, as they were on the period's last day, with `needed`: how many parts."""
    rows = pl.DataFrame(
        [(part.area_code, str(part.tier), part.part_code, part.since, part.until) for part in parts],
        schema={"whole": pl.String, "tier": pl.String, "area_code": pl.String, "since": pl.Date, "until": pl.Date},
        orient="row",
    )
    ends = pl.DataFrame({"period": list(periods), "end": [parse_key(period).end for period in periods]})
    held = (pl.col("since").is_null() | (pl.col("since") <= pl.col("end"))) & (
        pl.col("until").is_null() | (pl.col("end") < pl.col("until"))
    )
    laid = rows.join(ends, how="cross").filter(held)
    return laid.select("period", "tier", "whole", "area_code", needed=pl.len().over("period", "tier", "whole"))


def _bar(
    current: pl.DataFrame,
    metrics: Mapping[str, Metric],
    parts: Sequence[Part],
    register: Register,
    spans: Sequence[Responsibility],
) -> pl.DataFrame:
    """The metrics and areas that nothing is added up for: what an area answers for or publishes is its own.

    A council that took others' place has figures of its own from the day it began, and none of those before.
    """
    authorities = {p.area_code for p in parts if register.areas[p.area_code].area_class not in LOWER_TIER_CLASSES}
    having: dict[str, set[str]] = {}
    for span in spans:
        if span.area_code in authorities and span.extent == "statutory":
            having.setdefault(span.function_key, set()).add(span.area_code)
    answering = {(key, code) for key, m in metrics.items() for each in m.functions for code in having.get(each, ())}
    publishing = current.filter(pl.col("area_code").is_in(sorted(authorities)) & pl.col("value").is_not_null())
    return pl.concat(
        [
            pl.DataFrame(sorted(answering), schema={"metric_key": pl.String, "area_code": pl.String}, orient="row"),
            publishing.select("metric_key", "area_code"),
        ]
    ).unique()


_TIER_CLASSES = {Tier.LOWER: AreaClass.DISTRICT, Tier.UPPER: AreaClass.COUNTY}


def _leave_out_shares(
    current: pl.DataFrame,
    metrics: Mapping[str, Metric],
    parts: Sequence[Part],
    register: Register,
    spans: Sequence[Responsibility],
) -> pl.DataFrame:
    """The rows of the metrics, less those of parts without any function that the metric's tier of councils has."""
    of_class: dict[str, set[AreaClass]] = {}
    lives: dict[tuple[str, str], list[Responsibility]] = {}
    for span in spans:
        of_class.setdefault(span.function_key, set()).add(register.areas[span.area_code].area_class)
        lives.setdefault((span.function_key, span.area_code), []).append(span)
    duties: dict[str, str] = {}  # of each metric: its tier and the functions that count there
    for key, metric in metrics.items():
        if metric.adds_up and metric.adds_up.sum:
            tier = _TIER_CLASSES.get(metric.adds_up.sum)
            wanted = [f for f in metric.functions if tier is None or tier in of_class.get(f, ())]
            duties[key] = " ".join([metric.adds_up.sum, *wanted])
    rows = current.join(pl.DataFrame({"metric_key": list(duties), "duty": list(duties.values())}), on="metric_key")
    ends = {period: parse_key(period).end for period in rows.get_column("period").unique()}
    lacking: list[tuple[str, str, str]] = []
    for duty in set(duties.values()):
        tier_key, *wanted = duty.split(" ")
        areas = {register.areas[part.part_code] for part in parts if part.tier == tier_key}
        lacking.extend((duty, period, code) for period, code in _find_lacking(areas, lives, wanted, ends))
    out = pl.DataFrame(lacking, schema=dict.fromkeys(["duty", "period", "area_code"], pl.String), orient="row")
    return rows.join(out, on=["duty", "period", "area_code"], how="anti").drop("duty")


def _find_lacking(
    areas: Collection[Area],
    lives: Mapping[tuple[str, str], Sequence[Responsibility]],
    functions: Sequence[str],
    ends: Mapping[str, date],
) -> Iterator[tuple[str, str]]:
    """The periods and councils in which a council stood and had none of the functions."""
    for area in areas:
        held = [span for function in functions for span in lives.get((function, area.code), ())]
        if any((span.since, span.until) == (area.opened, area.closed) for span in held):
            continue
        for period, end in ends.items():
            if area.is_alive(end) and not any(span.holds(end) for span in held):
                yield period, area.code


def _gather(rows: pl.DataFrame, ground: pl.DataFrame) -> pl.DataFrame:
    """`rows` of parts, each beside the area it is part of in `whole`; `is_usable` where its value can be added."""
    is_usable = pl.col("value").is_not_null() & ~pl.col("marker").is_in(UNCOMPARED).fill_null(False)
    return (
        rows.join(ground, on=["period", "tier", "area_code"])
        .with_columns(is_usable=is_usable)
        # The order of adding decides the last bit of a sum.
        .sort("metric_key", "breakdown", "period", "whole", "area_code")
    )


def _total(gathered: pl.DataFrame, value: pl.Expr, marker: Marker) -> pl.DataFrame:
    """One row per metric, breakdown, period and area, with a value where every part has one."""
    one_edition = (pl.col("edition_key").n_unique() == 1) & pl.col("edition_key").is_not_null().all()
    return (
        gathered.group_by("metric_key", "breakdown", "period", "whole", maintain_order=True)
        .agg(
            # Sums of decimal fractions carry noise of binary arithmetic in the last places.
            total=value.round(9),
            is_whole=pl.col("is_usable").sum() == pl.col("needed").first(),
            known_on=pl.col("known_on").max(),
            edition_key=pl.when(one_edition).then(pl.col("edition_key").first()),
        )
        .with_columns(
            value=pl.when("is_whole").then(pl.col("total")),
            marker=pl.when("is_whole").then(pl.lit(str(marker))).otherwise(pl.lit(str(Marker.PART_MISSING))),
        )
        .rename({"whole": "area_code"})
        .select(_COLUMNS)
    )


def _sum(rows: pl.DataFrame, ground: pl.DataFrame) -> pl.DataFrame:
    return _total(_gather(rows, ground), pl.col("value").sum(), Marker.DERIVED_SUM)


def _divide(sums: pl.DataFrame, metric: Metric, rule: AddsUp) -> pl.DataFrame:
    """The rate of a metric wherever both of its sums are; nothing where the result is not possible."""
    place = ["breakdown", "area_code", "period"]
    below = sums.filter(pl.col("metric_key") == rule.denominator).select(
        *place, below="value", below_on="known_on", below_edition="edition_key"
    )
    low = metric.range.min if metric.range.min is not None else float("-inf")
    high = metric.range.max if metric.range.max is not None else float("inf")
    return (
        sums.filter(pl.col("metric_key") == rule.numerator)
        .join(below, on=place)
        .with_columns(
            metric_key=pl.lit(metric.key),
            value=rule.times * pl.col("value") / pl.col("below"),
            known_on=pl.max_horizontal("known_on", "below_on"),
            edition_key=pl.when(pl.col("edition_key") == pl.col("below_edition")).then("edition_key"),
        )
        .filter(pl.col("value").is_finite() & pl.col("value").is_between(low, high))
        .select(_COLUMNS)
    )


def _weigh(rows: pl.DataFrame, weights: pl.DataFrame, ground: pl.DataFrame) -> pl.DataFrame:
    """The mean of the parts' values by weight; nothing where a value or a weight is missing."""
    place = ["breakdown", "area_code", "period"]
    weighed = rows.join(
        weights.filter(~pl.col("marker").is_in(UNCOMPARED).fill_null(False)).select(*place, weight="value"), on=place
    )
    mean = (pl.col("value") * pl.col("weight")).sum() / pl.col("weight").sum()
    found = _total(_gather(weighed.filter(pl.col("weight") > 0), ground), mean, Marker.APPROX_WEIGHTED)
    return found.filter(pl.col("value").is_finite().fill_null(False))
