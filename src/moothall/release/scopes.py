"""Scopes: the councils of England, a class, a region, a list of neighbours or a chosen group, summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from moothall.core.areas import REGIONS
from moothall.core.statistics import (
    competition_ranks,
    has_spread,
    is_covered,
    is_enough_of_list,
    mads_from,
    median,
    median_absolute_deviation,
    quantile,
    quarter_band,
)
from moothall.core.values import Marker, score_by
from moothall.release.comparators import Comparators
from moothall.release.index import Index, label_scope
from moothall.release.records import AreaRecord, MetricRecord, PeriodRecord, SummaryRecord
from moothall.release.rows import read_summary


class Cut(NamedTuple):
    """One metric, breakdown and period."""

    metric: MetricRecord
    breakdown: str
    period: PeriodRecord


class Position(NamedTuple):
    """Where a council stands among its comparators."""

    mads: float | None
    rank: int | None
    band: int | None


class Scope(NamedTuple):
    """The councils of one scope summed up, and how many of them are ranked."""

    summary: SummaryRecord
    ranked: int | None


NOWHERE = Position(None, None, None)
Values = Mapping[str, float]
"""Values that are compared, by the code of their council."""


class Scopes:
    """Sums up councils, and places each among them."""

    def __init__(self, index: Index, read_values: Callable[[str, str, str], Values]) -> None:
        """Answer from the index's release; `read_values` has the compared values of a metric, breakdown and period."""
        self.index = index
        self._read_values = lru_cache(maxsize=128)(read_values)
        self._summaries = lru_cache(maxsize=None)(self._read_summaries)
        self._regions = lru_cache(maxsize=2_000)(self._compare_region)

    def summed(self, cut: Cut, scope: str) -> Scope | None:
        """The councils of England, of a class or of a region; none where there are none."""
        if scope in REGIONS:
            return self.place_in_region(cut, scope)[0]
        return self._summaries(cut.metric.key, cut.breakdown).get((cut.period.key, scope))

    def list_values(self, cut: Cut) -> Values:
        """The values of one period that are compared, of the councils that were responsible then."""
        return self._read_values(cut.metric.key, cut.breakdown, cut.period.key)

    def place_in_region(self, cut: Cut, region_code: str) -> tuple[Scope | None, Mapping[str, Position]]:
        """A region's responsible councils summed up, and where each of them stands (`methods` 2.1, 2.2)."""
        return self._regions(cut.metric.key, cut.breakdown, cut.period.key, region_code)

    def list_group(self, area: AreaRecord, comparators: Comparators) -> tuple[str, ...]:
        """The codes of the neighbours, or of the chosen group, that a council is compared with, itself left out."""
        if comparators.kind == "neighbours":
            return self.index.neighbour_codes(comparators.model, area.code)
        return tuple(code for code in comparators.group if code != area.code)

    def place_in_group(
        self, cut: Cut, area: AreaRecord, comparators: Comparators
    ) -> tuple[Scope | None, Mapping[str, Position]]:
        """A council's neighbours or chosen group summed up without it, and where it and each of them stands.

        None for a council without a list, or that is not responsible. The distances are all from the middle of the
        group; ranks count the council in, and quarters are the group's.
        """
        codes = self.list_group(area, comparators)
        functions = tuple(function.key for function in cut.metric.functions)
        responsible = self.index.responsible(functions, cut.period.end)
        if not codes or area.code not in responsible:
            return None, {}
        values = self._read_values(cut.metric.key, cut.breakdown, cut.period.key)
        eligible = sum(code in responsible and self.index.is_alive(code, cut.period.end) for code in codes)
        others = {code: values[code] for code in codes if code in values}
        covered = is_enough_of_list(len(others), len(codes))
        label = f"{area.name}’s neighbours" if comparators.kind == "neighbours" else "the councils chosen"
        scope = sum_up(cut.metric, comparators.kind, label, eligible, others.values(), is_covered=covered)
        placed = others | ({area.code: values[area.code]} if area.code in values else {})
        return scope, place(cut.metric, scope.summary, placed)

    def _read_summaries(self, metric_key: str, breakdown: str) -> dict[tuple[str, str], Scope]:
        rows = self.index.database.rows(
            "SELECT * FROM summaries WHERE metric_key = ? AND breakdown = ?", (metric_key, breakdown)
        )
        return {
            (row["period"], row["scope"]): Scope(read_summary(row, label_scope(row["scope"])), row["ranked"])
            for row in rows
        }

    def _compare_region(
        self, metric_key: str, breakdown: str, period_key: str, region_code: str
    ) -> tuple[Scope | None, Mapping[str, Position]]:
        metric, period = self.index.metric(metric_key), self.index.periods(metric_key, breakdown)[period_key]
        responsible = self.index.responsible(tuple(function.key for function in metric.functions), period.end)
        eligible = [
            area.code
            for area in self.index.alive(period.end)
            if area.region_code == region_code and area.code in responsible
        ]
        if not eligible:
            return None, {}
        everyone = self._read_values(metric_key, breakdown, period_key)
        values = {code: everyone[code] for code in eligible if code in everyone}
        covered = is_covered(len(values), len(eligible))
        label = label_scope(region_code)
        scope = sum_up(metric, region_code, label, len(eligible), values.values(), is_covered=covered)
        return scope, place(metric, scope.summary, values)


def sum_up(
    metric: MetricRecord, scope: str, label: str, eligible: int, values: Iterable[float], *, is_covered: bool
) -> Scope:
    """Councils summed up by their values; without a middle where too few of them have one."""
    numbers = list(values)
    summary = SummaryRecord(
        scope=scope,
        scope_label=label,
        eligible=eligible,
        with_value=len(numbers),
        median=None,
        mad=None,
        lower_quartile=None,
        upper_quartile=None,
        lowest=min(numbers, default=None),
        highest=max(numbers, default=None),
        marker=Marker.TOO_FEW,
    )
    if not metric.unit.is_amount:
        return Scope(replace(summary, lowest=None, highest=None, marker=Marker.NOT_AN_AMOUNT), None)
    if not is_covered:
        return Scope(summary, None)
    spread = median_absolute_deviation(numbers)
    summary = replace(
        summary,
        median=median(numbers),
        mad=spread,
        lower_quartile=quantile(numbers, 0.25),
        upper_quartile=quantile(numbers, 0.75),
        marker=None if has_spread(spread, metric.places) else Marker.SPREAD_ZERO,
    )
    return Scope(summary, len(numbers) if _is_ranked(metric) else None)


def place(metric: MetricRecord, summary: SummaryRecord, values: Values) -> dict[str, Position]:
    """Where each council stands by its value, ranked among those given; nobody where there is no middle."""
    middle, spread = summary.median, summary.mad
    lower, upper = summary.lower_quartile, summary.upper_quartile
    if middle is None or spread is None or lower is None or upper is None:
        return {}
    polarity = score_by(metric.polarity, metric.lever)
    ranks: Sequence[int] | None = competition_ranks(list(values.values()), polarity, metric.places)
    return {
        code: Position(
            mads_from(value, middle, spread, metric.places),
            ranks[number] if ranks else None,
            quarter_band(value, lower, middle, upper, polarity),
        )
        for number, (code, value) in enumerate(values.items())
    }


def _is_ranked(metric: MetricRecord) -> bool:
    return score_by(metric.polarity, metric.lever).sign != 0
