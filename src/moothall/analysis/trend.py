"""Trend: where each area's series goes up to its metric's latest period, and beside its neighbours'."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import sqrt

import numpy as np
import polars as pl

from moothall.analysis.change import Middles, find_middles
from moothall.analysis.kendall import LEAST_POINTS, find_orders, fit_slopes
from moothall.analysis.position import Breaks
from moothall.analysis.series import SERIES_KEY, take_points
from moothall.core.areas import Register
from moothall.core.definitions import Metric
from moothall.core.frames import ENGLAND, SLICE_KEY, TRENDS, Schema, conform
from moothall.core.latest import find_latest

SURE = 0.05  # p below which an order is taken for more than chance
LEAST_MADS = 0.5  # of the councils' spread that a series must cover to be said to rise or fall
_Z = 1.959963984540054
_ENDS = ("period", "time", "column", "value", "shown")
_FITTED: Schema = {name: TRENDS[name] for name in ("slope", "slope_lower", "slope_upper", "p", "method")}


def find_trends(
    figures: pl.DataFrame,
    summaries: pl.DataFrame,
    metrics: Mapping[str, Metric],
    register: Register,
    breaks: Breaks,
    affected: Breaks,
    neighbours: pl.DataFrame,
) -> pl.DataFrame:
    """The trend of each area with two values or more that can be set beside one another, by `core.frames.TRENDS`.

    `affected` has the periods that the pandemic affected, `neighbours` (by `core.frames.NEIGHBOURS`) the lists of one
    model. A series is that of `analysis.series`, to the metric's latest period, in which the area has to have a value;
    values that are not compared are left out, as are those of affected periods (`methods` 3.1 to 3.3).
    """
    latest = find_latest(summaries)
    classes = {code: str(area.area_class) for code, area in register.areas.items()}
    spreads = Spreads(summaries, latest, metrics, classes)
    lists = _Lists(neighbours)
    parts = (
        conform(_add_neighbours(find_own(points, spreads), points, lists), TRENDS)
        for points in take_points(figures, latest, metrics, breaks, affected)
    )
    return pl.concat([pl.DataFrame(schema=TRENDS), *parts]).sort([*SLICE_KEY, "area_code"])


def _number(points: pl.DataFrame) -> pl.DataFrame:
    """`points` of the series that have two or more, the latest among them, with the number of each and its points."""
    return (
        points.with_columns(points=pl.len().over(SERIES_KEY))
        .filter((pl.col("points") >= 2) & (pl.col("time") == 0).any().over(SERIES_KEY))
        .with_columns(series=pl.struct(SERIES_KEY).rle_id())
    )


def _group(points: pl.DataFrame, least: int) -> Iterator[tuple[pl.Series, np.ndarray, np.ndarray]]:
    """The series of each length from `least` on: their numbers, and a row of times and one of values for each."""
    for many in sorted(points.get_column("points").unique()):
        if many >= least:
            those = points.filter(pl.col("points") == many)
            times, values = (those.get_column(name).to_numpy().reshape(-1, many) for name in ("time", "value"))
            yield those.get_column("series").gather_every(many), times, values


def find_own(points: pl.DataFrame, spreads: Spreads) -> pl.DataFrame:
    """The slope, test, direction and change of each series, without its neighbours, by series.

    `points` of `analysis.series.take_points`; of each series the columns of `core.frames.TRENDS` but for those about
    neighbours, and `first_value`, `last_value`, `mad` and the `error` of its change.
    """
    fitted = _number(points.filter(~pl.col("is_affected")))
    first, last = (getattr(pl.col(_ENDS), end)().name.prefix(f"{end}_") for end in ("first", "last"))
    ends = fitted.group_by("series", maintain_order=True).agg(
        *(pl.col(name).first() for name in (*SERIES_KEY, "points", "latest")), first, last, error=_find_error()
    )
    followed = ends.join(_fit(fitted), on="series", how="left", maintain_order="left").join(
        _fit_all(points), on=SERIES_KEY, how="left", maintain_order="left"
    )
    return (
        spreads.add_to(followed)
        .with_columns(
            direction=_say_direction(),
            change=pl.col("last_value") - pl.col("first_value"),
            error=pl.coalesce("error", pl.col("scatter") * sqrt(2)),  # of both ends
        )
        .rename({"first_period": "first", "latest": "period"})
    )


def _fit(points: pl.DataFrame) -> pl.DataFrame:
    """Slope and test of each series that is long enough."""
    schema = {"series": points.schema["series"], **_FITTED, "scatter": pl.Float64}
    fits = [pl.DataFrame(schema=schema)]
    for series, times, values in _group(points, LEAST_POINTS):
        slopes, orders = fit_slopes(times, values), find_orders(times, values)
        found = (series, slopes.slope, slopes.lower, slopes.upper, orders.p, orders.method, slopes.scatter)
        fits.append(pl.DataFrame(dict(zip(schema, found, strict=True)), schema=schema))
    return pl.concat(fits)


def _fit_all(points: pl.DataFrame) -> pl.DataFrame:
    """The slope of each series that the pandemic affected, with the affected periods in it."""
    whole = _number(points.filter(pl.col("is_affected").any().over(SERIES_KEY)))
    keys = whole.select("series", *SERIES_KEY).unique()
    fits = [pl.DataFrame(schema={"series": whole.schema["series"], "slope_of_all": pl.Float64})]
    for series, times, values in _group(whole, LEAST_POINTS):
        fits.append(pl.DataFrame({"series": series, "slope_of_all": fit_slopes(times, values).slope}))
    return pl.concat(fits).join(keys, on="series").drop("series")


def _find_error() -> pl.Expr:
    """The standard error of a change, from the limits of both its ends; null where they are not known."""
    errors = (pl.col("upper") - pl.col("lower")) / (2 * _Z)
    return (errors.first() ** 2 + errors.last() ** 2).sqrt()


class Spreads:
    """How far councils lie apart in the latest periods: England's, or those of a class."""

    def __init__(
        self, summaries: pl.DataFrame, latest: pl.DataFrame, metrics: Mapping[str, Metric], classes: Mapping[str, str]
    ) -> None:
        """Take those of the scope in which each metric is comparable; `classes` by the code of their area."""
        within = {key: metric.comparable_within for key, metric in metrics.items()}
        scope = pl.when(pl.col("scope") == ENGLAND).then(pl.lit(ENGLAND)).otherwise(pl.lit("class"))
        wanted = pl.col("metric_key").replace_strict(within, default=None, return_dtype=pl.String) == scope
        self.spreads = summaries.join(latest, on=SLICE_KEY, how="semi").filter(wanted)
        self.classes = classes
        self.within = within

    def add_to(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` with `mad`, the median absolute deviation that each area's series is measured by."""
        within = pl.col("metric_key").replace_strict(self.within, return_dtype=pl.String)
        own = pl.col("area_code").replace_strict(self.classes, default=None, return_dtype=pl.String)
        scoped = rows.with_columns(scope=pl.when(within == ENGLAND).then(pl.lit(ENGLAND)).otherwise(own))
        spreads = self.spreads.select("metric_key", "breakdown", "scope", "mad")
        return scoped.join(spreads, on=["metric_key", "breakdown", "scope"], how="left", maintain_order="left")


def _say_direction() -> pl.Expr:
    """Whether a series rises, falls or does neither; null where it is too short, or nobody knows how councils lie."""
    slope, moved = pl.col("slope"), pl.col("last_shown") - pl.col("first_shown")
    is_clear = (
        (pl.col("p") < SURE)
        & (slope.abs() * -pl.col("first_time") >= LEAST_MADS * pl.col("mad"))
        & (slope.sign() == moved.sign())
        & (slope.sign() == pl.col("slope_of_all").fill_null(slope).sign())
    )
    return (
        pl.when(slope.is_null() | pl.col("mad").is_null())
        .then(None)
        .when(is_clear & (slope > 0))
        .then(pl.lit("rising"))
        .when(is_clear & (slope < 0))
        .then(pl.lit("falling"))
        .otherwise(pl.lit("none"))
    )


class _Lists:
    """Lists of neighbours as numbers: `places` numbers the areas, `others` has a row for each, with −1 for none."""

    def __init__(self, neighbours: pl.DataFrame) -> None:
        """Take the lists of one model, by `core.frames.NEIGHBOURS`."""
        lists = dict(neighbours.sort("area_code", "place").group_by("area_code").agg("neighbour_code").iter_rows())
        codes = sorted({*lists, *(code for others in lists.values() for code in others)})
        self.places = {code: place for place, code in enumerate(codes)}
        self.others = np.full((len(codes) + 1, max(map(len, lists.values()), default=0)), -1)
        for code, others in lists.items():
            self.others[self.places[code], : len(others)] = [self.places[other] for other in others]

    def number(self, codes: pl.Series) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """The numbers of areas; −1 for one that is on no list."""
        numbers: np.ndarray[tuple[int], np.dtype[np.int64]] = (
            codes.replace_strict(self.places, default=-1, return_dtype=pl.Int64).to_numpy()
        )  # fmt: skip
        return numbers


def _add_neighbours(rows: pl.DataFrame, points: pl.DataFrame, lists: _Lists) -> pl.DataFrame:
    """`rows` with the middle change of each area's neighbours over the same periods, and how far its own is from it.

    The interval of the difference puts together that of the middle and the error of the area's own change, as squares
    (Zou and Donner 2008); there is none where nothing is known of that error.
    """
    middles = _compare(rows, points, lists)
    change, own = rows.get_column("change").to_numpy(), (_Z * rows.get_column("error").to_numpy()) ** 2
    apart = change - middles.median
    found = {
        "change_neighbours": middles.median,
        "change_lower": apart - np.sqrt((middles.upper - middles.median) ** 2 + own),
        "change_upper": apart + np.sqrt((middles.median - middles.lower) ** 2 + own),
    }
    return rows.with_columns(pl.Series(name, column, pl.Float64).fill_nan(None) for name, column in found.items())


def _compare(rows: pl.DataFrame, points: pl.DataFrame, lists: _Lists) -> Middles:
    """The middle change of the neighbours of each row's area from its first period to its last.

    `rows` and `points` lie by metric and breakdown, in the same order.
    """
    areas, others = lists.number(rows.get_column("area_code")), lists.others
    firsts = rows.get_column("first_column").to_numpy()
    lines, values = lists.number(points.get_column("area_code")), points.get_column("value").to_numpy()
    columns = points.get_column("column").to_numpy()
    changes = np.full((rows.height, others.shape[1]), np.nan)
    stretches = _list_stretches(points)
    for key, those in _list_stretches(rows).items():
        there = stretches[key]
        table = np.full((len(others), columns[there].max() + 1), np.nan)
        is_listed = lines[there] >= 0
        table[lines[there][is_listed], columns[there][is_listed]] = values[there][is_listed]
        table[-1] = np.nan
        asked = others[areas[those]]
        changes[those] = table[asked, -1] - table[asked, firsts[those, None]]
    return find_middles(changes, (others[areas] >= 0).sum(axis=1))


def _list_stretches(rows: pl.DataFrame) -> dict[tuple[str, str], slice]:
    """Where the rows of each metric and breakdown lie."""
    runs = rows.select(pl.struct("metric_key", "breakdown").rle()).unnest("metric_key").unnest("value")
    starts = [0, *runs.get_column("len").cum_sum()]
    keys = runs.select("metric_key", "breakdown").iter_rows()
    return {(key, breakdown): slice(a, b) for (key, breakdown), (a, b) in zip(keys, pairwise(starts), strict=True)}
