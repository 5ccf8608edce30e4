"""Position: where each figure stands among the councils of England and of its class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import polars as pl

from moothall.analysis.neighbourhood import add_neighbourhood
from moothall.core.areas import PRINCIPAL_CLASSES, Register
from moothall.core.definitions import Metric
from moothall.core.frames import ENGLAND, FIGURE_KEY, FIGURES, NEIGHBOURS, SLICE_KEY, SUMMARIES, conform
from moothall.core.functions import Functions, Responsibility
from moothall.core.periods import parse_key
from moothall.core.statistics import LEAST_COUNCILS, LEAST_COVERAGE, LEAST_SPREAD
from moothall.core.values import UNCOMPARED, Marker, round_half_up, score_by

Breaks = Mapping[str, frozenset[str]]
"""By metric, the periods before which its series is broken (`methods` 3.3)."""

_UNBROKEN: Breaks = MappingProxyType({})
_ROWS_AT_ONCE = 150_000


def position(
    current: pl.DataFrame,
    metrics: Mapping[str, Metric],
    register: Register,
    functions: Functions,
    breaks: Breaks = _UNBROKEN,
    neighbours: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Figures and summaries (`core.frames`) from the current value of each key.

    Councils are compared that are principal councils, alive on the period's last day and responsible for any of the
    metric's functions; a value whose marker is not compared takes no part and has no position. Medians are the plain
    median; spreads the plain median absolute deviation (`methods` 0.1, 2.1); ranks and quarters by `methods` 2.2 on
    displayed and full precision; all absent where fewer than 60 % of the councils that could have a value have one
    that is compared. No change is given over a break. `neighbours` are the lists of one model, if any, among whom each
    figure is placed, too.
    """
    neighbours = pl.DataFrame(schema=NEIGHBOURS) if neighbours is None else neighbours
    asked, pools = _pool_by_duty(current, metrics, register, functions)
    rules = pl.DataFrame(
        [(key, score_by(m.polarity, m.lever).sign, m.places, m.unit.is_amount) for key, m in metrics.items()],
        schema={"metric_key": pl.String, "sign": pl.Int8, "places": pl.Int8, "is_amount": pl.Boolean},
        orient="row",
    )
    parts = [
        _position(rows, _spread_pools(asked.join(rows, on="metric_key", how="semi"), pools), rules, breaks, neighbours)
        for rows in take_by_metric(current)
    ]
    figures = pl.concat([pl.DataFrame(schema=FIGURES), *(figures for figures, _ in parts)])
    summaries = pl.concat([pl.DataFrame(schema=SUMMARIES), *(summaries for _, summaries in parts)])
    return figures.sort(FIGURE_KEY), summaries.sort([*SLICE_KEY, "scope"])


def take_by_metric(current: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows in parts that hold whole metrics and some `_ROWS_AT_ONCE` rows: the rest would lie idle in memory."""
    sizes = current.group_by("metric_key").len().sort("metric_key")
    part = (sizes.get_column("len").cum_sum() - 1) // _ROWS_AT_ONCE
    for _, keys in sizes.group_by(part, maintain_order=True):
        yield current.filter(pl.col("metric_key").is_in(keys.get_column("metric_key").implode()))


def _position(
    current: pl.DataFrame, pools: pl.DataFrame, rules: pl.DataFrame, breaks: Breaks, neighbours: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = add_displayed(
        current.join(rules, on="metric_key", how="inner").join(
            pools, on=["metric_key", "period", "area_code"], how="left"
        )
    ).with_columns(is_compared=pl.col("value").is_not_null() & ~pl.col("marker").is_in(UNCOMPARED).fill_null(False))
    compared = rows.filter(pl.col("area_class").is_not_null() & pl.col("is_compared"))
    slices = current.select(SLICE_KEY).unique()
    england = _summarise(compared, slices, pools, pl.lit(ENGLAND))
    classes = _summarise(compared, slices, pools, pl.col("area_class"))
    takes_part = pl.col("area_class").is_not_null() & pl.col("is_compared")
    rows = add_neighbourhood(rows.with_columns(takes_part=takes_part), neighbours)
    placed = _place(_place(rows, england, pl.lit(ENGLAND), "england"), classes, pl.col("area_class"), "class")
    return conform(_add_change(placed, breaks), FIGURES), conform(pl.concat([england, classes]), SUMMARIES)


def find_pools(
    current: pl.DataFrame, metrics: Mapping[str, Metric], register: Register, functions: Functions
) -> pl.DataFrame:
    """The councils that could have a value: one row per metric, period and area, with the area's class."""
    return _spread_pools(*_pool_by_duty(current, metrics, register, functions))


def _spread_pools(asked: pl.DataFrame, pools: pl.DataFrame) -> pl.DataFrame:
    return asked.join(pools, on=["duty", "period"]).select("metric_key", "period", "area_code", "area_class")


def _pool_by_duty(
    current: pl.DataFrame, metrics: Mapping[str, Metric], register: Register, functions: Functions
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The metrics and periods with their duty, the functions of the metric; and each duty's councils by period.

    Many metrics share a duty: what is a row for each metric in `find_pools` is one for all of them here.
    """
    duties = pl.DataFrame(
        [(key, " ".join(metric.functions)) for key, metric in metrics.items()],
        schema={"metric_key": pl.String, "duty": pl.String},
        orient="row",
    )
    asked = current.select("metric_key", "period").unique().join(duties, on="metric_key")
    principal = {code: area for code, area in register.areas.items() if area.area_class in PRINCIPAL_CLASSES}
    spans: dict[str, list[Responsibility]] = {}
    for span in functions.rows(register):
        if span.area_code in principal:
            spans.setdefault(span.function_key, []).append(span)
    pools: list[tuple[str, str, str, str]] = []
    for duty, period in asked.select("duty", "period").unique().iter_rows():
        day = parse_key(period).end
        held = (span for function in duty.split(" ") for span in spans.get(function, ()) if span.holds(day))
        codes = {span.area_code for span in held if register.is_alive(span.area_code, day)}
        pools.extend((duty, period, code, str(principal[code].area_class)) for code in codes)
    columns = ["duty", "period", "area_code", "area_class"]
    return asked, pl.DataFrame(pools, schema=dict.fromkeys(columns, pl.String), orient="row")


def add_displayed(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `shown`: the value in units of its last displayed place, rounded half-up as people round.

    Binary arithmetic decides all but the values within a hair of a half, which are rounded on their decimal form; a
    hair is far more than the binary error of any value shown.
    """
    scaled = pl.col("value") * pl.lit(10.0).pow(pl.col("places"))
    rows = rows.with_columns(
        shown=scaled.sign() * (scaled.abs() + 0.5).floor(),
        is_near_half=(scaled.abs() % 1 - 0.5).abs().le(1e-6 + scaled.abs() * 1e-14).fill_null(False),
    )
    near = rows.get_column("is_near_half").arg_true()
    if near.len():
        exact = [
            float(round_half_up(value, places).scaleb(places))
            for value, places in rows.select("value", "places")[near].iter_rows()
        ]
        rows = rows.with_columns(shown=rows.get_column("shown").scatter(near, exact))
    return rows.drop("is_near_half")


def _summarise(compared: pl.DataFrame, slices: pl.DataFrame, pools: pl.DataFrame, scope: pl.Expr) -> pl.DataFrame:
    """One row per slice and scope: how many could and do have a value, the middle, the spread and the ends."""
    group = [*SLICE_KEY, "scope"]
    could = pools.with_columns(scope=scope).group_by("metric_key", "period", "scope").agg(pl.len().alias("eligible"))
    value = pl.col("value")
    have = (
        compared.with_columns(scope=scope)
        .with_columns(middle=value.median().over(group))
        .group_by(group)
        .agg(
            pl.len().alias("with_value"),
            pl.col("middle").first().alias("median"),
            (value - pl.col("middle")).abs().median().alias("mad"),
            value.quantile(0.25, "linear").alias("lower_quartile"),
            value.quantile(0.75, "linear").alias("upper_quartile"),
            value.min().alias("lowest"),
            value.max().alias("highest"),
            pl.col("sign").first().alias("sign"),
            pl.col("is_amount").first().alias("is_amount"),
            pl.col("places").first().alias("places"),
        )
    )
    is_covered = (pl.col("with_value") >= LEAST_COUNCILS) & (
        pl.col("with_value") >= LEAST_COVERAGE * pl.col("eligible")
    )
    is_summed = is_covered & pl.col("is_amount")
    middle, ends = ["median", "mad", "lower_quartile", "upper_quartile"], ["lowest", "highest"]
    return (
        slices.join(could, on=["metric_key", "period"])
        .join(have, on=group, how="left")
        .with_columns(pl.col("with_value").fill_null(0))
        .with_columns(
            marker=pl.when(~pl.col("is_amount"))
            .then(pl.lit(str(Marker.NOT_AN_AMOUNT)))
            .when(~is_covered)
            .then(pl.lit(str(Marker.TOO_FEW)))
            .when(pl.col("mad") * pl.lit(10.0).pow(pl.col("places")) < LEAST_SPREAD)
            .then(pl.lit(str(Marker.SPREAD_ZERO))),
            ranked=pl.when(is_covered & (pl.col("sign") != 0)).then(pl.col("with_value")),
            **{name: pl.when(is_summed).then(pl.col(name)) for name in middle},
            **{name: pl.when(pl.col("is_amount")).then(pl.col(name)) for name in ends},
        )
        .select(*group, "eligible", "with_value", "ranked", *middle, *ends, "marker")
    )


def _place(rows: pl.DataFrame, summaries: pl.DataFrame, scope: pl.Expr, name: str) -> pl.DataFrame:
    """`rows` with their distance, rank and quarter among the councils of one scope."""
    middles = summaries.select(*SLICE_KEY, "scope", "median", "mad", "lower_quartile", "upper_quartile", "marker")
    joined = rows.with_columns(scope=scope).join(middles, on=[*SLICE_KEY, "scope"], how="left", suffix="_of_scope")
    value, sign = pl.col("value"), pl.col("sign")
    is_placed = pl.col("is_compared") & pl.col("area_class").is_not_null() & pl.col("median").is_not_null()
    is_ranked = is_placed & (sign != 0)
    has_spread = pl.col("marker_of_scope").is_null()
    better = pl.when(is_ranked).then(pl.col("shown") * sign)
    band = 1 + (value > pl.col("lower_quartile")).cast(pl.Int8) + (value > pl.col("median")).cast(pl.Int8)
    band = band + (value > pl.col("upper_quartile")).cast(pl.Int8)
    return joined.with_columns(
        pl.when(is_placed & has_spread).then((value - pl.col("median")) / pl.col("mad")).alias(f"mads_{name}"),
        better.rank("min", descending=True).over([*SLICE_KEY, "scope"]).alias(f"rank_{name}"),
        pl.when(is_ranked).then(pl.when(sign < 0).then(band).otherwise(5 - band)).alias(f"band_{name}"),
    ).drop("scope", "median", "mad", "lower_quartile", "upper_quartile", "marker_of_scope")


def _add_change(rows: pl.DataFrame, breaks: Breaks) -> pl.DataFrame:
    """`rows` with the change since the previous consecutive period.

    Only where both have a value that is compared, and no break stands between them.
    """
    broken = pl.DataFrame(
        [(key, period, True) for key, periods in breaks.items() for period in sorted(periods)],
        schema={"metric_key": pl.String, "period": pl.String, "is_broken": pl.Boolean},
        orient="row",
    )
    periods = rows.get_column("period").unique().sort().to_list()
    previous = {key: before.key if (before := parse_key(key).previous) else None for key in periods}
    key = ["metric_key", "breakdown", "area_code"]
    earlier = rows.filter(pl.col("is_compared")).select(*key, change_from="period", value_before="value")
    return (
        rows.with_columns(change_from=pl.col("period").replace_strict(previous, return_dtype=pl.String))
        .join(earlier, on=[*key, "change_from"], how="left")
        .join(broken, on=["metric_key", "period"], how="left")
        .with_columns(
            change=pl.when(pl.col("is_compared") & pl.col("is_amount") & pl.col("is_broken").is_null()).then(
                pl.col("value") - pl.col("value_before")
            )
        )
        .with_columns(change_from=pl.when(pl.col("change").is_not_null()).then(pl.col("change_from")))
    )
