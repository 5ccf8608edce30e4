"""Series: the values of an area that can be set beside one another, up to a metric's latest period."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from moothall.analysis.position import Breaks, add_displayed, take_by_metric
from moothall.core.definitions import Metric
from moothall.core.frames import SLICE_KEY, Schema
from moothall.core.periods import Period, PeriodKind, parse_key
from moothall.core.values import UNCOMPARED

SERIES_KEY = ["metric_key", "breakdown", "area_code"]
_LEAST_DAYS = 300  # from the end of a period to the end of the next that is taken
_SEASONAL = {PeriodKind.QUARTER: 0, PeriodKind.MONTH: 0, PeriodKind.DAY: 1}  # months by which a season may be off


def take_points(
    figures: pl.DataFrame, latest: pl.DataFrame, metrics: Mapping[str, Metric], breaks: Breaks, affected: Breaks
) -> Iterator[pl.DataFrame]:
    """The values that series are made of, in parts that hold whole metrics, by `SERIES_KEY` and time.

    `latest` is of `core.latest.find_latest`; an area has to have a value there. Of each value: its period and the
    `latest` of its series, `column`, its place in the series' periods, `time`, years from the latest and below zero,
    `is_affected` by the pandemic, `value`, `lower`, `upper`, and `shown`, in units of its last place.
    """
    for rows in take_by_metric(figures):
        yield _take_points(rows, _choose_all(rows, latest, metrics, breaks, affected), metrics)


def choose_periods(held: Collection[str], latest: str, breaks: Collection[str]) -> list[str]:
    """Those of a series' periods that can be set beside its latest as points of their own, oldest first.

    From the last break on; of quarters and months those of the same season; and none that overlaps the next, as
    three-year periods taken every year do.
    """
    last = parse_key(latest)
    since = max((end for key in breaks if (end := parse_key(key).end) <= last.end), default=None)
    chosen = [last]
    for period in sorted((parse_key(key) for key in held), reverse=True):
        is_apart = period.end < chosen[-1].start and (chosen[-1].end - period.end).days >= _LEAST_DAYS
        if is_apart and (since is None or period.end >= since) and _is_same_season(period, last):
            chosen.append(period)
    return [period.key for period in reversed(chosen)]


def count_years(period: Period, last: Period) -> float:
    """The years from one period to another, below zero for an earlier one; a year exactly where both end alike."""
    years = (period.end.year - last.end.year) + (period.end.month - last.end.month) / 12
    # Only a day is more exact than its month: the last of February would else be now nearer and now farther.
    return years + (period.end.day - last.end.day) / 372 if period.kind is PeriodKind.DAY else years


def _is_same_season(period: Period, last: Period) -> bool:
    if last.kind not in _SEASONAL:
        return True
    apart = (period.end.month - last.end.month) % 12
    return min(apart, 12 - apart) <= _SEASONAL[last.kind]


def _choose_all(
    figures: pl.DataFrame, latest: pl.DataFrame, metrics: Mapping[str, Metric], breaks: Breaks, affected: Breaks
) -> pl.DataFrame:
    """The periods of every series: in which place, how many years from the latest, below zero, and whether affected."""
    held = figures.select(SLICE_KEY).unique().group_by("metric_key", "breakdown").agg(pl.col("period"))
    rows: list[tuple[Any, ...]] = []
    for key, breakdown, newest, periods in latest.join(held, on=["metric_key", "breakdown"]).iter_rows():
        if not metrics[key].unit.is_amount:
            continue
        for column, period in enumerate(choose_periods(periods, newest, breaks.get(key, ()))):
            time = count_years(parse_key(period), parse_key(newest))
            rows.append((key, breakdown, period, newest, column, time, period in affected.get(key, ())))
    schema: Schema = {
        **dict.fromkeys([*SLICE_KEY, "latest"], pl.String),
        "column": pl.Int64,
        "time": pl.Float64,
        "is_affected": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _take_points(figures: pl.DataFrame, chosen: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """The values that series are made of, by series and time, of those that have one in the latest period."""
    places = pl.DataFrame(
        [(key, metric.places) for key, metric in metrics.items()],
        schema={"metric_key": pl.String, "places": pl.Int8},
        orient="row",
    )
    is_compared = pl.col("value").is_not_null() & ~pl.col("marker").is_in(UNCOMPARED).fill_null(False)
    points = (
        figures.filter(is_compared)
        .select(*SLICE_KEY, "area_code", "value", "lower", "upper")
        .join(chosen, on=SLICE_KEY)
        .join(places, on="metric_key")
        .filter((pl.col("time") == 0).any().over(SERIES_KEY))
        .sort(*SERIES_KEY, "time")
    )
    return add_displayed(points).drop("places")
