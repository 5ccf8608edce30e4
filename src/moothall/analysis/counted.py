"""Counted: the people, cases or events behind each rate, and the interval that follows from them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from moothall.analysis.intervals import rate_limits, wilson
from moothall.core.counted import PER
from moothall.core.definitions import Metric
from moothall.core.frames import FIGURE_KEY, Schema
from moothall.core.periods import parse_key

COUNTS: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "area_code": pl.String,
    "period": pl.String,
    "numerator": pl.Float64,
    "denominator": pl.Float64,  # null for a rate of no events whose denominator is not held
}
"""What one figure is made of, in people, cases or events."""

_PLACE = ["breakdown", "area_code", "end"]
_NOISE = 1e-9


def find_counts(current: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """What each figure is made of (`COUNTS`), for the metrics whose definitions say where that is counted.

    Counts are of the same area and breakdown and of a period that ends on the same day: a rate on 31 March is made of a
    count on 31 March, whether the count is filed under the day or the year. Where both numerator and denominator are
    held, a figure that they do not give, within what rounding hides of the three, has no row. `current` has the columns
    of figures up to `value`.
    """
    counted = {key: metric for key, metric in metrics.items() if metric.counts is not None}
    wanted = {*counted, *(key for metric in counted.values() if metric.counts for key in metric.counts.keys)}
    present = current.filter(pl.col("metric_key").is_in(sorted(wanted)) & pl.col("value").is_not_null())
    ends = {key: parse_key(key).end for key in present.get_column("period").unique()}
    present = present.select(
        "metric_key", *FIGURE_KEY[1:], "value", end=pl.col("period").replace_strict(ends, return_dtype=pl.Date)
    )
    by_metric = {str(key): rows for (key,), rows in present.partition_by("metric_key", as_dict=True).items()}
    nothing = present.clear()
    found = [
        _count(by_metric.get(key, nothing), metric, {k: by_metric.get(k, nothing) for k in metric.counts.keys}, metrics)
        for key, metric in counted.items()
        if metric.counts is not None
    ]
    return pl.concat([pl.DataFrame(schema=COUNTS), *found])


def _count(
    rates: pl.DataFrame, metric: Metric, counts: Mapping[str, pl.DataFrame], metrics: Mapping[str, Metric]
) -> pl.DataFrame:
    if metric.counts is None:
        raise ValueError(f"{metric.key} names no counts")
    joined = rates
    times = PER[metric.unit]
    for name, key in (("numerator", metric.counts.numerator), ("denominator", metric.counts.denominator)):
        if key is None:
            joined = joined.with_columns(pl.lit(None, pl.Float64).alias(name))
        else:
            # Of two periods that end on one day, the rate's own goes before the other.
            held = counts[key].select(*_PLACE, pl.col("value").alias(name), counted_in="period")
            joined = (
                joined.join(held, on=_PLACE)
                .sort((pl.col("counted_in") != pl.col("period")), "counted_in")
                .unique(FIGURE_KEY, keep="first", maintain_order=True)
                .drop("counted_in")
            )
    value, above, below = pl.col("value"), pl.col("numerator"), pl.col("denominator")
    if metric.counts.numerator and metric.counts.denominator:
        hidden = [0.5 * 10.0 ** -metrics[key].places for key in metric.counts.keys]
        slack = 0.5 * 10.0**-metric.places + (times * hidden[0] + value.abs() * hidden[1]) / below + _NOISE
        joined = joined.filter((times * above / below - value).abs() <= slack)
    elif metric.counts.denominator:
        joined = joined.with_columns(numerator=value * below / times)
    else:
        joined = joined.with_columns(denominator=pl.when(value > 0).then(times * above / value))
    return joined.select(pl.col(name).cast(dtype) for name, dtype in COUNTS.items()).sort(FIGURE_KEY)


def add_intervals(current: pl.DataFrame, counts: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """`current` with the limits of every figure whose interval is made from counts (`methods` 2.4).

    Limits that a publisher gives stay as they are.
    """
    parts = []
    for (key,), rows in counts.partition_by("metric_key", as_dict=True).items():
        metric = metrics[str(key)]
        times = PER[metric.unit]
        above, below = rows.get_column("numerator").to_numpy(), rows.get_column("denominator").to_numpy()
        if metric.interval == "wilson":
            lower, upper = (times * limit for limit in wilson(above, below))
        else:
            lower, upper = (times * limit for limit in rate_limits(above, below))
        parts.append(rows.select(FIGURE_KEY).with_columns(made_lower=pl.Series(lower), made_upper=pl.Series(upper)))
    if not parts:
        return current
    made = pl.concat(parts).fill_nan(None)
    return (
        current.join(made, on=FIGURE_KEY, how="left", maintain_order="left")
        .with_columns(lower=pl.coalesce("made_lower", "lower"), upper=pl.coalesce("made_upper", "upper"))
        .drop("made_lower", "made_upper")
    )
