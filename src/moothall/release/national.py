"""The national picture: how the councils of each scope lie in a metric, in every period, and where they have gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import groupby
from typing import Literal

from moothall.core.areas import REGIONS
from moothall.core.movements import Measure, find_gap
from moothall.core.statistics import quantile
from moothall.core.values import UNCOMPARED
from moothall.release.database import placeholders
from moothall.release.index import Index, label_scope
from moothall.release.records import ENGLAND, MetricRecord, PeriodRecord, SummaryRecord
from moothall.release.scopes import Cut, Scopes, Values
from moothall.release.trend import Direction


@dataclass(frozen=True, slots=True)
class MovementRecord:
    """Where the councils of one scope together have gone in one metric (`docs/methods/national.md`).

    All of it is about the same `councils`: those with a value in every period looked at, from `first` to `period`.
    """

    metric: str
    breakdown: str
    period: str
    scope: str
    first: str
    councils: int
    points: int
    median_first: float
    median_last: float
    p: float | None
    q: float | None
    direction: Direction | None
    measure: Measure
    lower_tenth_first: float
    upper_tenth_first: float
    lower_tenth_last: float
    upper_tenth_last: float
    spread_p: float | None
    spread_q: float | None
    spread_direction: Literal["wider", "narrower", "none"] | None
    fifth: int | None
    most_deprived_first: float | None
    least_deprived_first: float | None
    most_deprived_last: float | None
    least_deprived_last: float | None

    @property
    def scope_label(self) -> str:
        """Whose movement it is: "councils in England", "London boroughs"."""
        return label_scope(self.scope)

    @property
    def gap_first(self) -> float | None:
        """How far the upper tenth lay from the lower in the first period; none where a ratio cannot be worked out."""
        return _find_gap(self.measure, self.lower_tenth_first, self.upper_tenth_first)

    @property
    def gap_last(self) -> float | None:
        """The same in the latest period."""
        return _find_gap(self.measure, self.lower_tenth_last, self.upper_tenth_last)


@dataclass(frozen=True, slots=True)
class SpreadRecord:
    """How the councils of one scope lie in one period, from the value that a tenth of them are below upwards."""

    period: PeriodRecord
    summary: SummaryRecord
    lower_tenth: float | None  # none where the scope has no median
    upper_tenth: float | None


class National:
    """Answers how councils together are doing."""

    def __init__(self, index: Index, scopes: Scopes) -> None:
        """Read from the index's release."""
        self._index = index
        self._scopes = scopes

    @cached_property
    def _movements(self) -> dict[str, tuple[MovementRecord, ...]]:
        columns = [each.name for each in fields(MovementRecord)]
        columns[0] = "metric_key"
        rows = self._index.database.rows(f"SELECT {', '.join(columns)} FROM movements ORDER BY metric_key, scope")  # noqa: S608 - our columns
        records = (MovementRecord(*row) for row in rows)
        return {key: tuple(own) for key, own in groupby(records, key=lambda each: each.metric)}

    def movements(self, metric: str | None = None, topic: str | None = None) -> tuple[MovementRecord, ...]:
        """By metric, in order, and scope: of all, of one metric or of those of a topic. Raises `UnknownKey`."""
        if metric is not None:
            return self._movements.get(self._index.metric(metric).key, ())
        key = self._index.topic(topic).key if topic is not None else None
        wanted = (each for each in self._index.metrics.values() if key in (None, each.topic))
        return tuple(record for each in wanted for record in self._movements.get(each.key, ()))

    def over_time(self, metric: str) -> Mapping[str, tuple[SpreadRecord, ...]]:
        """By each scope in which the metric's councils can be compared, how they lie in each period, oldest first.

        England, or each class that has a median in any period. Raises `UnknownKey`.
        """
        record = self._index.metric(metric)
        scopes = (ENGLAND,) if record.comparable_within == ENGLAND else tuple(map(str, record.applies_to))
        if not record.breakdowns or not record.unit.is_amount:
            return {}
        periods = self._index.periods(record.key, record.breakdowns[0])
        values = self._read_values(record, periods)
        found = {
            scope: tuple(
                self._spread(Cut(record, record.breakdowns[0], period), scope, values[period.key])
                for period in periods.values()
            )
            for scope in scopes
        }
        return {
            scope: tuple(each for each in spreads if each is not None)
            for scope, spreads in found.items()
            if any(each is not None and each.summary.median is not None for each in spreads)
        }

    def beside(self, metric: str) -> tuple[SpreadRecord, ...]:
        """How the councils of each class and of each region lie in the metric's latest period; classes first.

        None of a metric in which only councils of a class are alike. Raises `UnknownKey`.
        """
        record = self._index.metric(metric)
        if record.comparable_within != ENGLAND or record.latest_period is None or not record.unit.is_amount:
            return ()
        cut = Cut(
            record, record.breakdowns[0], self._index.periods(record.key, record.breakdowns[0])[record.latest_period]
        )
        values = self._read_values(record, {cut.period.key: cut.period})[cut.period.key]
        found = (self._spread(cut, scope, values) for scope in (*map(str, record.applies_to), *REGIONS))
        return tuple(each for each in found if each is not None and each.summary.eligible > 1)

    def _spread(self, cut: Cut, scope: str, values: Values) -> SpreadRecord | None:
        summed = self._scopes.summed(cut, scope)
        if summed is None:
            return None
        if summed.summary.median is None:
            return SpreadRecord(cut.period, summed.summary, None, None)
        scopes = self._scopes_of
        own = [value for code, value in values.items() if scope in scopes[code]]
        return SpreadRecord(cut.period, summed.summary, quantile(own, 0.1), quantile(own, 0.9))

    @cached_property
    def _scopes_of(self) -> dict[str, tuple[str, ...]]:
        areas = self._index.areas.values()
        return {area.code: (ENGLAND, str(area.area_class), area.region_code) for area in areas}

    def _read_values(self, metric: MetricRecord, periods: Mapping[str, PeriodRecord]) -> dict[str, dict[str, float]]:
        """The values that are compared, of councils that stood and were responsible, by period; read at one go."""
        statement = (
            "SELECT period, area_code, value FROM figures WHERE metric_key = ? AND breakdown = ?"  # noqa: S608 - our words
            f" AND value IS NOT NULL AND (marker IS NULL OR marker NOT IN ({placeholders(UNCOMPARED)}))"
        )
        parameters = [metric.key, metric.breakdowns[0], *UNCOMPARED]
        if len(periods) == 1:
            statement, parameters = f"{statement} AND period = ?", [*parameters, *periods]
        duties = tuple(function.key for function in metric.functions)
        could = {
            key: self._index.responsible(duties, period.end) & {area.code for area in self._index.alive(period.end)}
            for key, period in periods.items()
        }
        found: dict[str, dict[str, float]] = {key: {} for key in periods}
        for period, code, value in self._index.database.rows(statement, parameters):
            if code in could[period]:
                found[period][code] = value
        return found


def _find_gap(measure: Measure, lower: float, upper: float) -> float | None:
    return None if measure == "ratio" and not lower else find_gap(measure, lower, upper)
