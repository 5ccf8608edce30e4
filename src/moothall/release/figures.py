"""The one query: every figure that is shown, charted, answered or downloaded is made here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Literal, NamedTuple

from moothall.core.ages import is_old
from moothall.core.areas import REGIONS
from moothall.core.statistics import (
    competition_ranks,
    has_spread,
    is_covered,
    mads_from,
    median,
    median_absolute_deviation,
    quantile,
    quarter_band,
)
from moothall.core.values import ADDED_UP, Marker, format_value, score_by
from moothall.release.certainty import NONE_KNOWN, CertaintyReader
from moothall.release.database import placeholders
from moothall.release.index import Index, label_scope
from moothall.release.records import (
    ALL,
    ENGLAND,
    AreaRecord,
    FigureRecord,
    MetricRecord,
    Peers,
    PeriodRecord,
    SummaryRecord,
    UnknownKey,
)
from moothall.release.rows import read_summary

_MOST_PARAMETERS = 500  # beyond this many areas or periods the whole slice is read and sifted


@dataclass(frozen=True, slots=True)
class Selection:
    """Which figures are asked for; an empty tuple leaves its dimension open.

    `period` names periods, or is 'latest' (of each metric and breakdown) or 'all'; `metric` and `topic` both hold.
    """

    metric: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    period: tuple[str, ...] | Literal["latest", "all"] = "latest"
    topic: tuple[str, ...] = ()
    breakdown: tuple[str, ...] = (ALL,)
    peers: Peers = ENGLAND


class Cut(NamedTuple):
    """One metric, breakdown and period."""

    metric: MetricRecord
    breakdown: str
    period: PeriodRecord


class Position(NamedTuple):
    """Where a council stands among its peers."""

    mads: float | None
    rank: int | None
    band: int | None


class Scope(NamedTuple):
    """The councils of one scope summed up, and how many of them are ranked."""

    summary: SummaryRecord
    ranked: int | None


class Stored(NamedTuple):
    """A row of the table of figures, less its metric and breakdown."""

    period: str
    area_code: str
    value: float | None
    marker: str | None
    lower: float | None
    upper: float | None
    mads_england: float | None
    mads_class: float | None
    rank_england: int | None
    rank_class: int | None
    band_england: int | None
    band_class: int | None
    change: float | None
    change_from: str | None
    edition_key: str | None
    known_on: str | None


_NOWHERE = Position(None, None, None)
# Absences that are explained when the council is not responsible; whatever else a publisher says is passed on.
_UNEXPLAINED = {Marker.NO_ROW, Marker.NOT_AVAILABLE, Marker.NOT_APPLICABLE, Marker.NOT_COMPUTABLE}


class Figures:
    """Answers with figures, whole: stored, not published, or of a council that is not responsible."""

    def __init__(self, index: Index, release_id: str) -> None:
        """Answer from the index's release."""
        self.index = index
        self.release_id = release_id
        self._certainties = CertaintyReader(index.database)
        self._summaries = lru_cache(maxsize=None)(self._read_summaries)
        self._regions = lru_cache(maxsize=2_000)(self._compare_region)
        self.count = lru_cache(maxsize=256)(self._count)  # asked again for every part of a long answer

    def select(self, selection: Selection, start: int = 0, many: int | None = None) -> list[FigureRecord]:
        """The figures selected, by metric, breakdown, period (oldest first) and the area's name.

        From `start` on, and no more than `many`: those outside are passed over without being made. Raises `UnknownKey`
        for a metric, area, period, topic or breakdown that the release does not have.
        """
        return self.answer(self._cut(selection), self._codes(selection), selection.peers, start, many)

    def _count(self, selection: Selection) -> int:
        """How many figures are selected, none of them made. Raises as `select` does."""
        places = self._places(self._cut(selection), self._codes(selection))
        return sum(len(areas) for _, areas, _ in places)

    def _codes(self, selection: Selection) -> list[str] | None:
        if not selection.area:
            return None
        return list(dict.fromkeys(self.index.area(code).code for code in selection.area))

    def _cut(self, selection: Selection) -> list[Cut]:
        for key in selection.topic:
            self.index.topic(key)
        is_latest = selection.period == "latest"  # what is retired has to be asked for by name, or with all periods
        asked = {self.index.metric(key).key for key in selection.metric}
        metrics = [
            metric
            for metric in self.index.metrics.values()
            if (metric.key in asked or not (asked or (is_latest and not metric.status.is_current)))
            and (not selection.topic or metric.topic in selection.topic)
        ]
        known = {breakdown for metric in metrics for breakdown in metric.breakdowns} | {ALL}
        for breakdown in selection.breakdown:
            if breakdown not in known:
                raise UnknownKey("breakdown", breakdown)
        cuts = [
            Cut(metric, breakdown, period)
            for metric in metrics
            for breakdown in metric.breakdowns
            if not selection.breakdown or breakdown in selection.breakdown
            for period in self.index.periods(metric.key, breakdown).values()
        ]
        if not selection.period or selection.period == "all":
            return cuts
        if selection.period == "latest":
            return [cut for cut in cuts if cut.period.is_latest]
        held = {cut.period.key for cut in cuts}
        for key in selection.period:
            if key not in held:
                raise UnknownKey("period", key)
        return [cut for cut in cuts if cut.period.key in selection.period]

    def answer(
        self,
        cuts: Iterable[Cut],
        areas: Sequence[str] | None,
        peers: Peers,
        start: int = 0,
        many: int | None = None,
    ) -> list[FigureRecord]:
        """The figures of the cuts, in their order, and within each by the area's name.

        Without areas: every principal council alive on the period's last day, and whatever else has a figure of its
        own, not one that is added up over others.
        With areas: those of them that were alive, or have a stored figure.
        """
        found: list[FigureRecord] = []
        passed = 0
        for cut, placed, rows in self._places(cuts, areas):
            first = max(start - passed, 0)
            last = None if many is None else start + many - passed
            passed += len(placed)
            if first < len(placed):
                figure = self._maker(cut, areas, peers)
                found.extend(figure(area, rows.get(area.code)) for area in placed[first:last])
            if many is not None and len(found) == many:
                break
        return found

    def _places(
        self, cuts: Iterable[Cut], areas: Sequence[str] | None
    ) -> Iterator[tuple[Cut, Sequence[AreaRecord], dict[str, Stored]]]:
        """Each cut with the areas that it answers for, in their order, and what is stored for them."""
        for (metric_key, breakdown), group in groupby(cuts, key=lambda cut: (cut.metric.key, cut.breakdown)):
            together = list(group)
            stored = self._read(metric_key, breakdown, [cut.period.key for cut in together], areas)
            for cut in together:
                rows = stored.get(cut.period.key, {})
                yield cut, self._areas(cut.period.end, areas, rows), rows

    def _areas(self, day: date, areas: Sequence[str] | None, rows: dict[str, Stored]) -> Sequence[AreaRecord]:
        if areas is not None:
            asked = [self.index.areas[code] for code in areas if code in rows or self.index.is_alive(code, day)]
            return sorted(asked, key=_by_name)
        alive = self.index.alive(day)
        others = rows.keys() - {area.code for area in alive}
        return sorted([*alive, *(self.index.areas[code] for code in others)], key=_by_name) if others else alive

    def _read(
        self, metric_key: str, breakdown: str, periods: Sequence[str], areas: Sequence[str] | None
    ) -> dict[str, dict[str, Stored]]:
        columns = ", ".join(Stored._fields)
        statement = f"SELECT {columns} FROM figures WHERE metric_key = ? AND breakdown = ?"  # noqa: S608 - our columns
        parameters = [metric_key, breakdown]
        if areas is None:
            # Whoever lists everyone would count twice what is added up over others on the list.
            statement += f" AND (marker IS NULL OR marker NOT IN ({placeholders(sorted(ADDED_UP))}))"
            parameters.extend(sorted(ADDED_UP))
        for column, wanted in (("area_code", areas), ("period", periods)):
            if wanted is not None and len(wanted) <= _MOST_PARAMETERS:
                statement += f" AND {column} IN ({placeholders(wanted)})"
                parameters.extend(wanted)
        found: dict[str, dict[str, Stored]] = {}
        for row in self.index.database.rows(statement, parameters):
            figure = Stored._make(row)
            found.setdefault(figure.period, {})[figure.area_code] = figure
        return found

    def _maker(
        self, cut: Cut, areas: Sequence[str] | None, peers: Peers
    ) -> Callable[[AreaRecord, Stored | None], FigureRecord]:
        """How a figure of this cut is made from an area and what is stored for it."""
        metric, period, index = cut.metric, cut.period, self.index
        responsible = index.responsible(tuple(function.key for function in metric.functions), period.end)
        england = self.scope(cut, ENGLAND)
        classes = {area_class: self.scope(cut, area_class) for area_class in metric.applies_to}
        median_england = _median(england)
        slice_key = (metric.key, cut.breakdown, period.key)
        sure = self._certainties.read(*slice_key, areas) if period.is_latest else NONE_KNOWN
        is_of_old_period = is_old(period.end, index.built, metric.old_after)

        def make(area: AreaRecord, row: Stored | None) -> FigureRecord:
            if row is None:
                marker: Marker | None = Marker.NO_ROW
                row = Stored(period.key, area.code, *(None,) * 14)
            else:
                marker = Marker(row.marker) if row.marker else None
            if row.value is None and marker in _UNEXPLAINED and area.code not in responsible:
                marker = Marker.NOT_RESPONSIBLE
            own_class = classes.get(area.area_class)
            among: Scope | None
            if peers == ENGLAND:
                among, position = england, Position(row.mads_england, row.rank_england, row.band_england)
            elif peers == "type":
                among, position = own_class, Position(row.mads_class, row.rank_class, row.band_class)
            else:
                among, positions = self._regions(metric.key, cut.breakdown, period.key, area.region_code)
                position = positions.get(area.code, _NOWHERE)
            edition = index.editions[row.edition_key] if row.edition_key else None
            return FigureRecord(
                metric=metric.key,
                metric_title=metric.title,
                breakdown=cut.breakdown,
                area=area.code,
                area_name=area.name,
                area_class=area.area_class,
                comparable_within=metric.comparable_within,
                lever=metric.lever,
                shared_with=metric.shared_with,
                period=period.key,
                period_label=period.label,
                value=row.value,
                text=show(row.value, marker, metric),
                unit=metric.unit,
                places=metric.places,
                marker=marker,
                lower=row.lower,
                upper=row.upper,
                peers=peers,
                mads_england=row.mads_england,
                mads_class=row.mads_class,
                mads_peers=position.mads,
                mads_neighbours=None,
                median_england=median_england,
                median_class=_median(own_class),
                median_peers=_median(among),
                median_neighbours=None,
                neighbours_marker=Marker.NO_NEIGHBOURS,
                rank=position.rank,
                rank_of=among.ranked if among is not None and position.rank is not None else None,
                band=position.band,
                change=row.change,
                change_from=row.change_from,
                trend=None,
                release=self.release_id,
                source=edition.source if edition else metric.source,
                edition=edition.edition if edition else None,
                published=edition.published if edition else None,
                known_on=_day(row.known_on) if row.known_on else None,
                is_old=is_of_old_period,
                certainty=sure.get(area.code),
            )

        return make

    def scope(self, cut: Cut, scope: str) -> Scope | None:
        """The councils of England, of a class or of a region, summed up; none where there are none."""
        if scope in REGIONS:
            return self._regions(cut.metric.key, cut.breakdown, cut.period.key, scope)[0]
        return self._summaries(cut.metric.key, cut.breakdown).get((cut.period.key, scope))

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
    ) -> tuple[Scope | None, dict[str, Position]]:
        """A region's summary, and where each of its responsible councils stands in it (`methods` 2.1, 2.2)."""
        metric, period = self.index.metric(metric_key), self.index.periods(metric_key, breakdown)[period_key]
        responsible = self.index.responsible(tuple(function.key for function in metric.functions), period.end)
        eligible = [
            area.code
            for area in self.index.alive(period.end)
            if area.region_code == region_code and area.code in responsible
        ]
        if not eligible:
            return None, {}
        rows = self._read(metric_key, breakdown, [period_key], eligible).get(period_key, {})
        values = {code: row.value for code, row in rows.items() if row.value is not None and _is_compared(row)}
        return compare(metric, region_code, len(eligible), values)


def compare(
    metric: MetricRecord, scope: str, eligible: int, values: dict[str, float]
) -> tuple[Scope, dict[str, Position]]:
    """Councils summed up and placed among one another; nobody is placed where too few have a value."""
    numbers = list(values.values())
    summary = SummaryRecord(
        scope=scope,
        scope_label=label_scope(scope),
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
        return Scope(replace(summary, lowest=None, highest=None, marker=Marker.NOT_AN_AMOUNT), None), {}
    if not is_covered(len(numbers), eligible):
        return Scope(summary, None), {}
    middle, spread = median(numbers), median_absolute_deviation(numbers)
    lower, upper = quantile(numbers, 0.25), quantile(numbers, 0.75)
    summary = replace(
        summary,
        median=middle,
        mad=spread,
        lower_quartile=lower,
        upper_quartile=upper,
        marker=None if has_spread(spread, metric.places) else Marker.SPREAD_ZERO,
    )
    polarity = score_by(metric.polarity, metric.lever)
    ranks = competition_ranks(numbers, polarity, metric.places)
    positions = {
        code: Position(
            mads_from(value, middle, spread, metric.places),
            ranks[place] if ranks else None,
            quarter_band(value, lower, middle, upper, polarity),
        )
        for place, (code, value) in enumerate(values.items())
    }
    return Scope(summary, len(numbers) if ranks else None), positions


def show(value: float | None, marker: Marker | None, metric: MetricRecord) -> str:
    """The value as shown, or else the marker's label."""
    if value is not None:
        return _format(value, metric.unit, metric.places)
    return (marker or Marker.NOT_AVAILABLE).meaning.label


_format = lru_cache(maxsize=100_000)(format_value)  # published values repeat
_day = lru_cache(maxsize=10_000)(date.fromisoformat)


def _is_compared(row: Stored) -> bool:
    return row.marker is None or Marker(row.marker).meaning.is_compared


def _median(scope: Scope | None) -> float | None:
    return scope.summary.median if scope is not None else None


def _by_name(area: AreaRecord) -> tuple[str, str]:
    return area.name, area.code
