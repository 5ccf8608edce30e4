"""Panels: one metric's councils over years, a year apart, as the numbers that changes are judged on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from moothall.analysis.robust import Floats
from moothall.core.areas import ALONE
from moothall.core.definitions import Metric, NoteKind
from moothall.core.frames import ALL, ENGLAND
from moothall.core.latest import find_latest
from moothall.core.periods import Period, parse_key
from moothall.core.statistics import LEAST_SPREAD
from moothall.core.values import ADDITIVE, score_by

PeriodNotes = Mapping[str, list[tuple[str, NoteKind, str]]]
"""By metric, what is to be known about its periods: period, kind and reason."""

LONGEST_WINDOW = 4  # years between the first and the last period of a window
LEAST_PERIODS = 4  # two at either end


@dataclass(frozen=True)
class Panel:
    """The councils of one pool in one metric: newest year first, each a whole number of years before the latest.

    `values` and `places` are of the shape years × councils, not a number where a council has no value that is
    compared, or a year has no period; `places` is the rank that a council and all that tie with it keep within, as a
    share of those ranked. `stretches` numbers the unbroken stretches of the series; `is_left_out` marks years that the
    pandemic affected.
    """

    metric_key: str
    breakdown: str
    pool: str  # england or a class
    sign: int  # 1 where higher is better, -1 where lower is
    area_codes: tuple[str, ...]
    periods: tuple[str | None, ...]
    values: Floats
    places: Floats
    stretches: tuple[int, ...]
    is_left_out: tuple[bool, ...]
    least_spread: float  # of councils, in the unit of the values: below it most of them look the same
    coverage: float  # share of the councils that could have a value in the latest year that have one

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Metric, breakdown, latest period and pool."""
        return self.metric_key, self.breakdown, self.periods[0] or "", self.pool

    def choose_window(self, end: int = 0) -> tuple[int, ...] | None:
        """The years that a change up to one of them is judged on, newest first; none where they are too few.

        Those within four years of it, of the same unbroken stretch and not affected by the pandemic.
        """
        within = range(end, min(end + LONGEST_WINDOW + 1, len(self.periods)))
        years = tuple(year for year in within if self.is_usable(year, end))
        return years if len(years) >= LEAST_PERIODS and years[0] == end else None

    def is_usable(self, year: int, beside: int) -> bool:
        """Whether a year has values that may be held beside another year's."""
        is_there = self.periods[year] is not None and not self.is_left_out[year]
        return is_there and self.stretches[year] == self.stretches[beside]


def is_scored(metric: Metric) -> bool:
    """Whether councils can be called better in a metric that shows figures: and it is no total that grows with size."""
    is_shown = metric.status.has_figures and metric.status.is_current
    return is_shown and score_by(metric.polarity, metric.lever).sign != 0 and metric.unit not in ADDITIVE


def make_panels(
    figures: pl.DataFrame,
    summaries: pl.DataFrame,
    metrics: Mapping[str, Metric],
    classes: Mapping[str, str],
    notes: PeriodNotes,
) -> list[Panel]:
    """The panels of every metric that is scored, in its main breakdown; by metric and pool.

    `figures` and `summaries` by `core.frames`; `classes` each area's class. Councils take part where
    `analysis.position` ranks them, so that who is compared with whom is decided in one place; those that are the
    only one of their kind do not, as nobody is fairly compared with them.
    """
    scored = {key: metric for key, metric in sorted(metrics.items()) if is_scored(metric)}
    rows = figures.filter(pl.col("metric_key").is_in(list(scored)))
    newest = {(key, breakdown): parse_key(period) for key, breakdown, period in find_latest(summaries).iter_rows()}
    by_metric = {key: own for (key,), own in rows.partition_by("metric_key", as_dict=True).items()}
    shares = {
        row[:4]: row[4] / row[5]
        for row in summaries.filter(pl.col("metric_key").is_in(list(scored)) & (pl.col("eligible") > 0))
        .select("metric_key", "breakdown", "period", "scope", "with_value", "eligible")
        .iter_rows()
    }
    return [
        panel
        for key, metric in scored.items()
        if key in by_metric
        for panel in _make_of_metric(metric, by_metric[key], newest, classes, notes.get(key, []), shares)
    ]


def _make_of_metric(
    metric: Metric,
    figures: pl.DataFrame,
    newest: Mapping[tuple[str, str], Period],
    classes: Mapping[str, str],
    notes: list[tuple[str, NoteKind, str]],
    shares: Mapping[tuple[str, str, str, str], float],
) -> Iterator[Panel]:
    breakdown = min(figures.get_column("breakdown").unique(), key=lambda each: (each != ALL, each))
    latest = newest.get((metric.key, breakdown))
    if latest is None:
        return
    years = _count_years(figures.get_column("period").unique().to_list(), latest)
    is_within_class = metric.comparable_within == "class"
    rank = "rank_class" if is_within_class else "rank_england"
    alone = [code for code, kind in classes.items() if kind in ALONE]
    rows = (
        figures.filter(
            (pl.col("breakdown") == breakdown) & pl.col(rank).is_not_null() & pl.col("period").is_in(list(years))
        )
        .select("area_code", "value", rank=rank, year=pl.col("period").replace_strict(years, return_dtype=pl.Int64))
        .with_columns(
            pool=pl.col("area_code").replace_strict(classes, return_dtype=pl.String)
            if is_within_class
            else pl.lit(ENGLAND)
        )
        # Who ties keeps within the same number of places: all of them or none.
        .with_columns(
            place=(pl.col("rank") + pl.len().over("pool", "year", "rank") - 1) / pl.len().over("pool", "year")
        )
        .filter(~pl.col("area_code").is_in(alone))
        .sort("pool", "area_code", "year")
    )
    for (pool,), own in rows.partition_by("pool", as_dict=True, maintain_order=True).items():
        if own.get_column("year").min() == 0:
            yield _fill(metric, breakdown, str(pool), own, years, notes, shares)


def _fill(
    metric: Metric,
    breakdown: str,
    pool: str,
    rows: pl.DataFrame,
    years: Mapping[str, int],
    notes: list[tuple[str, NoteKind, str]],
    shares: Mapping[tuple[str, str, str, str], float],
) -> Panel:
    codes = rows.get_column("area_code").unique().sort().to_list()
    present = set(rows.get_column("year"))
    named = {year: key for key, year in years.items() if year in present}
    periods = tuple(named.get(year) for year in range(max(named) + 1))
    at = rows.get_column("year").to_numpy(), np.searchsorted(codes, rows.get_column("area_code").to_list())
    values, places = np.full((2, len(periods), len(codes)), np.nan)
    values[at] = rows.get_column("value").to_numpy()
    places[at] = rows.get_column("place").to_numpy()
    broken = sorted(parse_key(period).end for period, kind, _ in notes if kind.is_break)
    pandemic = {period for period, kind, _ in notes if kind is NoteKind.COVID}
    ends = [parse_key(period).end if period else date.min for period in periods]
    return Panel(
        metric_key=metric.key,
        breakdown=breakdown,
        pool=pool,
        sign=score_by(metric.polarity, metric.lever).sign,
        area_codes=tuple(codes),
        periods=periods,
        values=values,
        places=places,
        stretches=tuple(sum(each <= end for each in broken) for end in ends),
        is_left_out=tuple(period in pandemic for period in periods),
        least_spread=LEAST_SPREAD * 10.0**-metric.places,
        coverage=shares.get((metric.key, breakdown, periods[0] or "", pool), 0.0),
    )


def _count_years(periods: list[str], latest: Period) -> dict[str, int]:
    """The periods of the latest one's kind and length that ended a whole number of years before it, with that number.

    Of quarters these are the same quarter of each year, so that no season is held beside another. Of years pooled in
    several, those that would overlap are left out.
    """
    length = latest.end.year - latest.start.year
    found = {}
    for key in periods:
        period = parse_key(key)
        is_alike = period.kind is latest.kind and period.end.year - period.start.year == length
        is_same_season = period.end.month == latest.end.month
        years = latest.end.year - period.end.year
        if is_alike and is_same_season and years >= 0 and years % _count_span(latest) == 0:
            found[key] = years
    return found


def _count_span(period: Period) -> int:
    """The whole years that a period lasts, at least one."""
    return max(1, round((period.end - period.start).days / 365.25))
