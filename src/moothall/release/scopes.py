"""Scopes: the councils of England, a class, a region, a list of neighbours or a chosen group, summed up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
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
ReadSeries = Callable[[str, str, Sequence[str]], Mapping[str, Values]]
"""Of a metric, breakdown and councils, such values by period."""


class Scopes:
    """Sums up councils, and places each among them."""

    def __init__(self, index: Index, read_values: Callable[[str, str, str], Values], read_series: ReadSeries) -> None:
        """Answer from the index's release.

        `read_values` has the compared values of a metric, breakdown and period, `read_series` those of some councils
        in every period.
        """
        self.index = index
        self._read_values = lru_cache(maxsize=128)(read_values)
        self._read_series = read_series
        self._summaries = lru_cache(maxsize=1_500)(self._read_summaries)
        self._groups = lru_cache(maxsize=500)(self._place_in_group)  # a page asks for its own more than once
        self._eligible = lru_cache(maxsize=None)(self._find_eligible)
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
        return self._groups(cut.metric.key, cut.breakdown, cut.period.key, area.code, comparators)

    def _place_in_group(
        self, metric_key: str, breakdown: str, period_key: str, area_code: str, comparators: Comparators
    ) -> tuple[Scope | None, Mapping[str, Position]]:
        area, period = self.index.areas[area_code], self.index.periods(metric_key, breakdown)[period_key]
        cut = Cut(self.index.metric(metric_key), breakdown, period)
        codes = self.list_group(area, comparators)
        responsible = self._list_responsible(cut)
        if not codes or area.code not in responsible:
            return None, {}
        values = self.list_values(cut)
        others = {code: values[code] for code in codes if code in values}
        scope = self._sum_up_group(cut, area, comparators, codes, responsible, others)
        placed = others | ({area.code: values[area.code]} if area.code in values else {})
        return scope, place(cut.metric, scope.summary, placed)

    def sum_over_time(
        self, cuts: Sequence[Cut], area: AreaRecord, comparators: Comparators
    ) -> list[SummaryRecord | None]:
        """A council's neighbours or chosen group summed up in each cut of one metric and breakdown.

        The same as `place_in_group` has it, read at once.
        """
        codes = self.list_group(area, comparators)
        if not codes or not cuts:
            return [None] * len(cuts)
        series = self._read_series(cuts[0].metric.key, cuts[0].breakdown, codes)
        summaries: list[SummaryRecord | None] = []
        for cut in cuts:
            responsible = self._list_responsible(cut)
            if area.code not in responsible:
                summaries.append(None)
                continue
            held = series.get(cut.period.key, {})
            others = {code: held[code] for code in codes if code in held and code in responsible}
            summaries.append(self._sum_up_group(cut, area, comparators, codes, responsible, others).summary)
        return summaries

    def _list_responsible(self, cut: Cut) -> frozenset[str]:
        """The councils that were there and responsible on the last day of a period."""
        return self._eligible(tuple(function.key for function in cut.metric.functions), cut.period.end)

    def _find_eligible(self, functions: tuple[str, ...], day: date) -> frozenset[str]:
        return frozenset(code for code in self.index.responsible(functions, day) if self.index.is_alive(code, day))

    def _sum_up_group(
        self,
        cut: Cut,
        area: AreaRecord,
        comparators: Comparators,
        codes: Sequence[str],
        responsible: Collection[str],
        others: Values,
    ) -> Scope:
        """A council's comparators, by their values of one period."""
        eligible = sum(code in responsible for code in codes)
        covered = is_enough_of_list(len(others), len(codes))
        label = f"{area.name}’s neighbours" if comparators.kind == "neighbours" else "the councils chosen"
        return sum_up(cut.metric, comparators.kind, label, eligible, others.values(), is_covered=covered)

    def _read_summaries(self, metric_key: str, breakdown: str) -> dict[tuple[str, str], Scope]:
        """What is stored of England and of each class, by period and scope."""
        columns = ", ".join(("period", "scope", *SummaryRecord._fields[2:], "ranked"))
        rows = self.index.database.tuples(
            f"SELECT {columns} FROM summaries WHERE metric_key = ? AND breakdown = ?",  # noqa: S608 - our columns
            (metric_key, breakdown),
        )
        return {
            (period, scope): Scope(
                SummaryRecord._make((scope, label_scope(scope), *numbers, Marker(marker) if marker else None)), ranked
            )
            for period, scope, *numbers, marker, ranked in rows
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
        return Scope(summary._replace(lowest=None, highest=None, marker=Marker.NOT_AN_AMOUNT), None)
    if not is_covered:
        return Scope(summary, None)
    spread = median_absolute_deviation(numbers)
    summary = summary._replace(
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
