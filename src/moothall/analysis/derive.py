"""Derived metrics: worked out from other metrics of the same area, period and breakdown."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import polars as pl

from moothall.core.definitions import DerivedMetric
from moothall.core.formulas import order_by_need, read_formula
from moothall.core.values import MARKERS, UNCOMPARED, Marker

_PLACE = ["breakdown", "area_code", "period"]
_QUALIFYING = [str(marker) for marker, meaning in MARKERS.items() if meaning.has_value]


def derive(current: pl.DataFrame, metrics: Mapping[str, DerivedMetric]) -> pl.DataFrame:
    """`current` with a row added for each place where a derived metric's inputs are.

    A derived value is absent, with `not_computable`, where an input has no row or a divisor is zero; with the marker of
    the first input that is absent where any input is; and with `out_of_range` where the result is not possible. It is
    known when its last input is, and qualified when any input is: by the marker of an input that is not to be compared,
    where there is one, else by the first input's that has one. It is of the edition that all its inputs are of, or of
    none.
    """
    needed = {key for metric in metrics.values() for key in metric.inputs.values()}
    inputs = current.filter(pl.col("metric_key").is_in(needed)).partition_by("metric_key", as_dict=True)
    rows = {str(key): found for (key,), found in inputs.items()}
    for key in order_by_need({key: list(metric.inputs.values()) for key, metric in metrics.items()}):
        rows[key] = _derive_one(
            {name: rows.get(name, current.clear()) for name in metrics[key].inputs.values()}, metrics[key]
        )
    derived = (rows[key] for key in metrics)
    return pl.concat([current, *derived], how="diagonal_relaxed").sort(["metric_key", *_PLACE])


def _derive_one(inputs: Mapping[str, pl.DataFrame], metric: DerivedMetric) -> pl.DataFrame:
    """The rows of one derived metric from those of its inputs, by metric; cell is empty."""
    formula = read_formula(metric.formula, frozenset(metric.inputs))
    places = _shared_places(inputs)
    for name in formula.names:
        operand = inputs[metric.inputs[name]].select(
            *_PLACE,
            pl.col("value").alias(f"value_{name}"),
            pl.col("marker").alias(f"marker_{name}"),
            pl.col("known_on").alias(f"known_{name}"),
            pl.col("edition_key").alias(f"edition_{name}"),
        )
        places = places.join(operand, on=_PLACE, how="left")
    values = {name: pl.col(f"value_{name}") for name in formula.names}
    markers = [pl.col(f"marker_{name}") for name in formula.names]
    result = formula.apply(values)
    is_whole = pl.all_horizontal(operand.is_not_null() for operand in values.values())
    low = pl.lit(metric.range.min if metric.range.min is not None else float("-inf"))
    high = pl.lit(metric.range.max if metric.range.max is not None else float("inf"))
    has_no_row = pl.any_horizontal(pl.col(f"known_{name}").is_null() for name in formula.names)
    absent_marker = pl.coalesce(
        pl.when(has_no_row).then(pl.lit(str(Marker.NOT_COMPUTABLE))),
        *(pl.when(pl.col(f"value_{name}").is_null()).then(pl.col(f"marker_{name}")) for name in formula.names),
        pl.lit(str(Marker.NOT_COMPUTABLE)),
    )
    first, *others = (pl.col(f"edition_{name}") for name in formula.names)
    one_edition = pl.all_horizontal(first.is_not_null(), *(first == other for other in others))
    weightiest_first = (UNCOMPARED, _QUALIFYING)
    qualifying = pl.coalesce(*(pl.when(m.is_in(kind)).then(m) for kind in weightiest_first for m in markers))
    is_possible = pl.col("result").is_between(low, high)
    return (
        places.with_columns(result=result, is_whole=is_whole)
        .with_columns(
            metric_key=pl.lit(metric.key),
            marker=pl.when(~pl.col("is_whole"))
            .then(absent_marker)
            .when(~pl.col("result").is_finite())
            .then(pl.lit(str(Marker.NOT_COMPUTABLE)))
            .when(~is_possible)
            .then(pl.lit(str(Marker.OUT_OF_RANGE)))
            .otherwise(qualifying),
            value=pl.when(pl.col("is_whole") & pl.col("result").is_finite() & is_possible).then(pl.col("result")),
            edition_key=pl.when(one_edition).then(pl.col(f"edition_{formula.names[0]}")),
            known_on=pl.max_horizontal(*(pl.col(f"known_{name}") for name in formula.names)),
        )
        .select("metric_key", *_PLACE, "value", "marker", "known_on", "edition_key")
    )


def _shared_places(inputs: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every place where any of the metrics has a row, in the periods and breakdowns in which all of them have some."""
    slice_key = ["breakdown", "period"]
    full = reduce(
        lambda a, b: a.join(b, on=slice_key, how="semi"), (i.select(slice_key).unique() for i in inputs.values())
    )
    places = pl.concat(each.select(_PLACE) for each in inputs.values())
    return places.join(full, on=slice_key, how="semi").unique().sort(_PLACE)
