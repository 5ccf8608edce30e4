"""History: how far a council's own figures move around their trend from one period to the next (`methods` 2.5)."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from moothall.core.definitions import Metric
from moothall.core.periods import parse_key
from moothall.core.values import UNCOMPARED

Periods = Mapping[str, frozenset[str]]
"""By metric, periods of which something is to be known."""

LEAST_POINTS = 5
_SERIES = ["metric_key", "breakdown", "area_code"]
_ROUNDED = 12**-0.5  # the standard deviation of what rounding hides, in units of the last place


def find_errors(
    figures: pl.DataFrame, latest: pl.DataFrame, metrics: Mapping[str, Metric], breaks: Periods, covid: Periods
) -> pl.DataFrame:
    """By series, the standard deviation of its values around a straight line, and the degrees of freedom.

    Only the stretch up to the latest period that no break stands in counts, without the periods that the pandemic
    affected, and only from five values on. No error is smaller than what rounding hides, and of a series that never
    left its line, as of a council that has had none of something for years, nothing is known. Columns: the series,
    `error` in the unit of the values, `degrees`.
    """
    ends = {key: parse_key(key).end for key in figures.get_column("period").unique()}
    day = pl.col("period").replace_strict(ends, return_dtype=pl.Date)
    reach = latest.select("metric_key", "breakdown", until=day)
    left_out = _list_periods(covid)
    broken = _list_periods(breaks).filter(pl.col("period").is_in(list(ends)))
    since = (
        broken.select("metric_key", since=day).join(reach, on="metric_key").filter(pl.col("since") <= pl.col("until"))
    )
    since = since.group_by("metric_key", "breakdown").agg(pl.col("since").max())
    places = pl.DataFrame(
        [(key, 10.0**-metric.places) for key, metric in metrics.items() if metric.unit.is_amount],
        schema={"metric_key": pl.String, "last_place": pl.Float64},
        orient="row",
    )
    x, y = pl.col("x"), pl.col("value")
    return (
        figures.filter(y.is_not_null() & ~pl.col("marker").is_in(UNCOMPARED).fill_null(False))
        .select(*_SERIES, "period", "value", day=day)
        .join(reach, on=["metric_key", "breakdown"])
        .join(since, on=["metric_key", "breakdown"], how="left")
        .filter(pl.col("day") <= pl.col("until"), (pl.col("day") >= pl.col("since")).fill_null(True))
        .join(left_out, on=["metric_key", "period"], how="anti")
        .with_columns(x=_count_years(pl.col("day")))
        .sort(*_SERIES, "x")
        .group_by(_SERIES, maintain_order=True)
        .agg(
            points=pl.len(),
            across=((x - x.mean()) ** 2).sum(),
            along=((x - x.mean()) * (y - y.mean())).sum(),
            up=((y - y.mean()) ** 2).sum(),
        )
        .filter(pl.col("points") >= LEAST_POINTS, pl.col("across") > 0)
        .with_columns(left=pl.col("up") - pl.col("along") ** 2 / pl.col("across"))
        .filter(pl.col("left") > pl.col("up").clip(1e-12) * 1e-9)
        .join(places, on="metric_key")
        .select(
            *_SERIES,
            error=pl.max_horizontal(
                (pl.col("left") / (pl.col("points") - 2)).sqrt(),
                pl.col("last_place") * _ROUNDED,
            ),
            degrees=(pl.col("points") - 2).cast(pl.Int32),
        )
    )


def _count_years(day: pl.Expr) -> pl.Expr:
    """Years, such that the same day of two years is a whole number of them apart, leap years or not."""
    return day.dt.year() + (day.dt.month() - 1) / 12 + (day.dt.day() - 1) / 372


def _list_periods(periods: Periods) -> pl.DataFrame:
    rows = [(key, period) for key, some in periods.items() for period in sorted(some)]
    return pl.DataFrame(rows, schema={"metric_key": pl.String, "period": pl.String}, orient="row")
