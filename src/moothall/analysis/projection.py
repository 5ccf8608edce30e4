"""Projection: what a figure comes to if its recent pattern continues, where that has been nearer than no change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from moothall.analysis.kendall import LEAST_POINTS, Numbers
from moothall.analysis.position import Breaks
from moothall.analysis.series import take_points
from moothall.core.areas import PRINCIPAL_CLASSES, Register
from moothall.core.definitions import Metric
from moothall.core.frames import ENGLAND, PROJECTION_CHECKS, PROJECTIONS, conform
from moothall.core.latest import find_latest
from moothall.core.periods import parse_key, years_after
from moothall.core.statistics import NORMAL_SCALE
from moothall.core.values import ADDITIVE, Unit

STEPS = (1, 2)
LEAST_ORIGINS = 3  # from which a metric was projected, to judge by
LEAST_NEARER = 0.75  # of them: the councils of one year have its surprises in common, so that many are not many
LEAST_PAIRS = 20  # councils projected from an origin
SHARES = (0.5, 0.8, 0.95)
_SURE = 0.975
_DRAWS = 1_000
# Amounts grow with a council, so that no one error is that of all of them; pounds stand for pay and prices, too.
_TOTALS = ADDITIVE - {Unit.POUNDS}


@dataclass(frozen=True)
class Panel:
    """The councils of one series: `values` has a row for each and a column for each period, `times` in years."""

    areas: list[str]
    times: Numbers
    values: Numbers  # not-a-number where there is none


@dataclass(frozen=True)
class Errors:
    """How far off projections, and the last values, were from one origin: by council, not-a-number where not known."""

    projected: Numbers
    last: Numbers


def find_projections(
    figures: pl.DataFrame,
    summaries: pl.DataFrame,
    metrics: Mapping[str, Metric],
    register: Register,
    breaks: Breaks,
    affected: Breaks,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Projections and their checks, by `core.frames.PROJECTIONS` and `PROJECTION_CHECKS`.

    Of principal councils, in metrics for whole years that are no totals. Checks are of every one that can be judged;
    projections only of those that pass.
    """
    long = _find_long(summaries, metrics)
    principal = [code for code, area in register.areas.items() if area.area_class in PRINCIPAL_CLASSES]
    rows: list[tuple[Any, ...]] = []
    checks: list[tuple[Any, ...]] = []
    those = figures.join(long, on=["metric_key", "breakdown"], how="semi").filter(pl.col("area_code").is_in(principal))
    for points in take_points(those, long, metrics, breaks, affected):
        for key, panel in _tabulate(points.filter(~pl.col("is_affected"))):
            latest = parse_key(key[2])
            is_used = True
            for step in STEPS:
                following = years_after(latest, step)
                found = find_errors(panel, step)
                if following is None or len(found) < LEAST_ORIGINS:
                    break
                check = judge(found)
                is_used = is_used and check[-1]
                checks.append((*key, step, *check[:-1], is_used))
                if is_used:
                    halves = np.nanquantile(np.abs(np.concatenate([each.projected for each in found])), SHARES)
                    value = _bound(project(panel, len(panel.times) - 1) * step + panel.values[:, -1], metrics[key[0]])
                    rows.extend(
                        (*key, code, step, following.key, each, *halves.tolist())
                        for code, each in zip(panel.areas, value.tolist(), strict=True)
                        if np.isfinite(each)
                    )
    return _frame(rows, PROJECTIONS), _frame(checks, PROJECTION_CHECKS)


def project(panel: Panel, origin: int) -> Numbers:
    """The change a year that each council is projected to have from the period at a place on; not-a-number for none.

    A random walk with drift. A council's own is its change from its first value to its last over the years between;
    it is drawn towards the median of all, the more the shakier the drifts are for how far they lie apart.
    """
    drift, variance = _find_drifts(panel, origin)
    known = np.isfinite(drift)
    if known.sum() < LEAST_PAIRS:
        return np.full(len(drift), np.nan)
    middle, shaky = np.median(drift[known]), np.median(variance[known])
    apart = max((NORMAL_SCALE * np.median(np.abs(drift[known] - middle))) ** 2 - shaky, 0.0)
    own: float = apart / (apart + shaky) if apart + shaky > 0 else 0.0
    drawn: Numbers = middle + own * (drift - middle)
    return drawn


def find_errors(panel: Panel, step: int) -> list[Errors]:
    """How far off projections so many years on were from each origin from which enough councils can be projected.

    A projection has only what was there at its origin to go by.
    """
    found = []
    for origin in range(LEAST_POINTS - 1, len(panel.times) - step):
        years = panel.times[origin + step] - panel.times[origin]
        if round(years) != step:  # a period was left out between
            continue
        change = panel.values[:, origin + step] - panel.values[:, origin]
        off = change - project(panel, origin) * years
        if np.isfinite(off).sum() >= LEAST_PAIRS:
            found.append(Errors(off, np.where(np.isfinite(off), change, np.nan)))
    return found


def judge(found: list[Errors]) -> tuple[int, int, float, float, int, bool]:
    """Origins, pairs, the ratio of mean errors, its upper limit, origins that were nearer, and whether that is enough.

    The limit is the bootstrap's over councils, each with all of its errors, from a fixed seed.
    """
    projected, last = (np.abs(np.stack([getattr(each, name) for each in found])) for name in ("projected", "last"))
    nearer = int((np.nansum(projected, axis=1) < np.nansum(last, axis=1)).sum())
    ours, naive = np.nansum(projected, axis=0), np.nansum(last, axis=0)
    councils = len(ours)
    drawn = np.random.default_rng(councils).integers(0, councils, size=(_DRAWS, councils))
    if naive.sum() == 0:
        return len(found), int(np.isfinite(projected).sum()), np.inf, np.inf, nearer, False
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = ours[drawn].sum(axis=1) / naive[drawn].sum(axis=1)
    upper = float(np.quantile(np.where(np.isfinite(ratios), ratios, np.inf), _SURE, method="higher"))
    is_enough = upper < 1 and nearer >= LEAST_NEARER * len(found)
    ratio = float(ours.sum() / naive.sum())
    return len(found), int(np.isfinite(projected).sum()), ratio, upper, nearer, is_enough


def _find_long(summaries: pl.DataFrame, metrics: Mapping[str, Metric]) -> pl.DataFrame:
    """The latest periods (`SLICE_KEY`) of those metrics whose series may be long enough to judge projections by."""
    held = summaries.filter(pl.col("scope") == ENGLAND).group_by("metric_key", "breakdown").agg(many=pl.len())
    many = held.filter(pl.col("many") >= LEAST_POINTS + LEAST_ORIGINS)
    latest = find_latest(summaries).join(many, on=["metric_key", "breakdown"], how="semi")
    units = {key: metric.unit for key, metric in metrics.items()}
    is_fit = [
        units[key].is_amount and units[key] not in _TOTALS and years_after(parse_key(period), 1) is not None
        for key, period in latest.select("metric_key", "period").iter_rows()
    ]
    return latest.filter(pl.Series(is_fit, dtype=pl.Boolean))


def _find_drifts(panel: Panel, origin: int) -> tuple[Numbers, Numbers]:
    """The change a year of each council with enough values up to one at the origin, and the variance of that."""
    councils = len(panel.areas)
    first, first_time, last, last_time, squares = (np.full(councils, np.nan) for _ in range(5))
    squares[:] = 0.0
    points = np.zeros(councils, dtype=np.int64)
    for time, column in zip(panel.times[: origin + 1], panel.values.T[: origin + 1], strict=True):
        has = np.isfinite(column)
        is_next = has & (points > 0)
        squares[is_next] += (column[is_next] - last[is_next]) ** 2 / (time - last_time[is_next])
        starts = has & (points == 0)
        first[starts], first_time[starts] = column[starts], time
        last[has], last_time[has] = column[has], time
        points += has
    is_long = (points >= LEAST_POINTS) & np.isfinite(panel.values[:, origin])
    years = np.where(is_long, last_time - first_time, np.nan)
    drift = (last - first) / years
    variance = np.maximum(squares - drift**2 * years, 0.0) / (points - 2) / years if is_long.any() else years
    return drift, variance


def _tabulate(points: pl.DataFrame) -> Iterator[tuple[tuple[str, str, str], Panel]]:
    """The panel of each metric, breakdown and latest period, where it is long enough to be judged."""
    for key, those in points.group_by("metric_key", "breakdown", "latest", maintain_order=True):
        times = those.select("column", "time").unique().sort("column")
        columns = times.get_column("column").to_list()
        if len(columns) < LEAST_POINTS + LEAST_ORIGINS or times.get_column("time")[-1] != 0:
            continue
        areas = those.get_column("area_code").unique(maintain_order=True).to_list()
        line = those.get_column("area_code").replace_strict(areas, range(len(areas)), return_dtype=pl.Int64)
        place = those.get_column("column").replace_strict(columns, range(len(columns)), return_dtype=pl.Int64)
        values = np.full((len(areas), len(columns)), np.nan)
        values[line.to_numpy(), place.to_numpy()] = those.get_column("value").to_numpy()
        yield (str(key[0]), str(key[1]), str(key[2])), Panel(areas, times.get_column("time").to_numpy(), values)


def _bound(values: Numbers, metric: Metric) -> Numbers:
    """The values within what the metric can come to."""
    low = -np.inf if metric.range.min is None else metric.range.min
    high = np.inf if metric.range.max is None else metric.range.max
    return np.clip(values, low, high)


def _frame(rows: list[tuple[Any, ...]], schema: Mapping[str, Any]) -> pl.DataFrame:
    return conform(pl.DataFrame(rows, schema=dict(schema), orient="row"), dict(schema))
