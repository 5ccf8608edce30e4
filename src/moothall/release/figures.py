"""The one query: every figure that is shown, charted, answered or downloaded is made here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from moothall.core.ages import is_old
from moothall.core.values import ADDED_UP, UNCOMPARED, Marker
from moothall.release.by_area import ByArea
from moothall.release.certainty import CertaintyRecord
from moothall.release.comparators import EVERYONE, Comparators
from moothall.release.database import placeholders
from moothall.release.index import Index
from moothall.release.records import (
    ALL,
    ENGLAND,
    AreaRecord,
    FigureRecord,
    MetricRecord,
    UnknownKey,
)
from moothall.release.scopes import NOWHERE, Cut, Position, Scope, Scopes
from moothall.release.trend import TrendRecord

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
    peers: Comparators = EVERYONE


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
    neighbours_with_value: int | None
    median_neighbours: float | None
    mads_neighbours: float | None
    rank_neighbours: int | None
    band_neighbours: int | None
    change: float | None
    change_from: str | None
    edition_key: str | None
    known_on: str | None


# Absences that are explained when the council is not responsible; whatever else a publisher says is passed on.
_UNEXPLAINED = {Marker.NO_ROW, Marker.NOT_AVAILABLE, Marker.NOT_APPLICABLE, Marker.NOT_COMPUTABLE}


class Figures:
    """Answers with figures, whole: stored, not published, or of a council that is not responsible."""

    def __init__(self, index: Index, release_id: str) -> None:
        """Answer from the index's release."""
        self.index = index
        self.release_id = release_id
        self.scopes = Scopes(index, self._read_values, self._read_series)
        self._trends = ByArea(index.database, "trends", TrendRecord)
        self._certainties = ByArea(index.database, "certainties", CertaintyRecord)
        self.count = lru_cache(maxsize=256)(self._count)  # asked again for every part of a long answer

    def select(self, selection: Selection, start: int = 0, many: int | None = None) -> list[FigureRecord]:
        """The figures selected, by metric, breakdown, period (oldest first) and the area's name.

        From `start` on, and no more than `many`: those outside are passed over without being made. Raises `UnknownKey`
        for a metric, area, period, topic or breakdown that the release does not have.
        """
        return list(self.iterate(selection, start, many))

    def iterate(self, selection: Selection, start: int = 0, many: int | None = None) -> Iterator[FigureRecord]:
        """The same one by one, so that no more than one metric's are held at a time. Raises as `select` does, now."""
        return self._answer(self._cut(selection), self._codes(selection), selection.peers, start, many)

    def list_metrics(self, selection: Selection) -> tuple[MetricRecord, ...]:
        """The metrics that have figures in a selection, in order. Raises as `select` does."""
        return tuple({cut.metric.key: cut.metric for cut in self._cut(selection)}.values())

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
            if not is_latest or period.is_latest
        ]
        if is_latest or not selection.period or selection.period == "all":
            return cuts
        held = {cut.period.key for cut in cuts}
        for key in selection.period:
            if key not in held:
                raise UnknownKey("period", key)
        return [cut for cut in cuts if cut.period.key in selection.period]

    def answer(
        self,
        cuts: Iterable[Cut],
        areas: Sequence[str] | None,
        peers: Comparators,
        *,
        has_sums: bool = True,
    ) -> list[FigureRecord]:
        """The figures of the cuts, in their order, and within each by the area's name.

        Without areas: every principal council alive on the period's last day, and whatever else has a figure of its
        own, not one that is added up over others.
        With areas: those of them that were alive, or have a stored figure; those added up only if it `has_sums`.
        """
        return list(self._answer(cuts, areas, peers, has_sums=has_sums))

    def _answer(
        self,
        cuts: Iterable[Cut],
        areas: Sequence[str] | None,
        peers: Comparators,
        start: int = 0,
        many: int | None = None,
        *,
        has_sums: bool = True,
    ) -> Iterator[FigureRecord]:
        passed = 0
        for cut, placed, rows in self._places(cuts, areas, has_sums=has_sums):
            first = max(start - passed, 0)
            last = None if many is None else start + many - passed
            passed += len(placed)
            if first < len(placed):
                figure = self._maker(cut, peers, areas)
                for area in placed[first:last]:
                    yield figure(area, rows.get(area.code))
            if last is not None and last <= len(placed):
                break

    def _places(
        self, cuts: Iterable[Cut], areas: Sequence[str] | None, *, has_sums: bool = True
    ) -> Iterator[tuple[Cut, Sequence[AreaRecord], dict[str, Stored]]]:
        """Each cut with the areas that it answers for, in their order, and what is stored for them."""
        for (metric_key, breakdown), group in groupby(cuts, key=lambda cut: (cut.metric.key, cut.breakdown)):
            together = list(group)
            # Whoever lists everyone would count twice what is added up over others on the list.
            keys = [cut.period.key for cut in together]
            stored = self._read(metric_key, breakdown, keys, areas, has_sums=has_sums and areas is not None)
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
        self, metric_key: str, breakdown: str, periods: Sequence[str], areas: Sequence[str] | None, *, has_sums: bool
    ) -> dict[str, dict[str, Stored]]:
        columns = ", ".join(Stored._fields)
        statement = f"SELECT {columns} FROM figures WHERE metric_key = ? AND breakdown = ?"  # noqa: S608 - our columns
        parameters = [metric_key, breakdown]
        if not has_sums:
            statement += f" AND (marker IS NULL OR marker NOT IN ({placeholders(sorted(ADDED_UP))}))"
            parameters.extend(sorted(ADDED_UP))
        for column, wanted in (("area_code", areas), ("period", periods)):
            if wanted is not None and len(wanted) <= _MOST_PARAMETERS:
                statement += f" AND {column} IN ({placeholders(wanted)})"
                parameters.extend(wanted)
        found: dict[str, dict[str, Stored]] = {}
        for row in self.index.database.tuples(statement, parameters):
            figure = Stored._make(row)
            found.setdefault(figure.period, {})[figure.area_code] = figure
        return found

    def _read_values(self, metric_key: str, breakdown: str, period_key: str) -> dict[str, float]:
        """The values of one slice that are compared, of councils that are responsible."""
        metric, day = self.index.metric(metric_key), self.index.periods(metric_key, breakdown)[period_key].end
        responsible = self.index.responsible(tuple(function.key for function in metric.functions), day)
        alive = {area.code for area in self.index.alive(day)}
        rows = self.index.database.tuples(
            "SELECT area_code, value FROM figures WHERE metric_key = ? AND breakdown = ? AND period = ?"  # noqa: S608 - our words
            f" AND value IS NOT NULL AND (marker IS NULL OR marker NOT IN ({placeholders(UNCOMPARED)}))",
            [metric_key, breakdown, period_key, *UNCOMPARED],
        )
        return {code: value for code, value in rows if code in responsible and code in alive}

    def _read_series(self, metric_key: str, breakdown: str, areas: Sequence[str]) -> dict[str, dict[str, float]]:
        """The values of some councils that are compared, by period."""
        rows = self.index.database.tuples(
            "SELECT period, area_code, value FROM figures WHERE metric_key = ? AND breakdown = ?"  # noqa: S608 - our words
            f" AND area_code IN ({placeholders(areas)})"
            f" AND value IS NOT NULL AND (marker IS NULL OR marker NOT IN ({placeholders(UNCOMPARED)}))",
            [metric_key, breakdown, *areas, *UNCOMPARED],
        )
        series: dict[str, dict[str, float]] = {}
        for period, code, value in rows:
            series.setdefault(period, {})[code] = value
        return series

    def list_certainties(self, cut: Cut, areas: Sequence[str] | None = None) -> Mapping[str, CertaintyRecord]:
        """How sure the figures of a cut are, by area: of these areas or all; nobody knows but of the latest period."""
        if not cut.period.is_latest:
            return {}
        return self._certainties.find(cut.metric.key, cut.breakdown, cut.period.key, areas)

    def _maker(
        self, cut: Cut, peers: Comparators, areas: Sequence[str] | None
    ) -> Callable[[AreaRecord, Stored | None], FigureRecord]:
        """How a figure of this cut is made from an area and what is stored for it."""
        metric, period, index = cut.metric, cut.period, self.index
        responsible = index.responsible(tuple(function.key for function in metric.functions), period.end)
        england = self.scopes.summed(cut, ENGLAND)
        classes: dict[str, Scope | None] = {}
        median_england = _median(england)
        trends = self._trends.find(metric.key, cut.breakdown, period.key, areas) if period.is_latest else {}
        certainties = self.list_certainties(cut, areas)
        is_of_old_period = is_old(period.end, index.built, metric.old_after)

        def make(area: AreaRecord, row: Stored | None) -> FigureRecord:
            if row is None:
                marker: Marker | None = Marker.NO_ROW
                row = self._fill(cut, area, is_responsible=area.code in responsible)
            else:
                marker = Marker(row.marker) if row.marker else None
            if row.value is None and marker in _UNEXPLAINED and area.code not in responsible:
                marker = Marker.NOT_RESPONSIBLE
            if area.area_class not in classes:
                applies = area.area_class in metric.applies_to
                classes[area.area_class] = self.scopes.summed(cut, area.area_class) if applies else None
            own_class = classes[area.area_class]
            place = self._place(cut, area, row, peers, england, own_class)
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
                unit=metric.unit,
                places=metric.places,
                marker=marker,
                lower=row.lower,
                upper=row.upper,
                peers=peers.kind,
                mads_england=row.mads_england,
                mads_class=row.mads_class,
                mads_peers=place.position.mads,
                mads_neighbours=row.mads_neighbours,
                median_england=median_england,
                median_class=_median(own_class),
                median_peers=place.median,
                median_neighbours=row.median_neighbours,
                neighbours_with_value=row.neighbours_with_value,
                neighbours_marker=_mark_neighbours(metric, row),
                rank=place.position.rank,
                rank_of=place.rank_of if place.position.rank is not None else None,
                band=place.position.band,
                change=row.change,
                change_from=row.change_from,
                trend=trends.get(area.code),
                release=self.release_id,
                source=edition.source if edition else metric.source,
                edition=edition.edition if edition else None,
                published=edition.published if edition else None,
                known_on=_day(row.known_on) if row.known_on else None,
                is_old=is_of_old_period,
                certainty=certainties.get(area.code),
            )

        return make

    def _fill(self, cut: Cut, area: AreaRecord, *, is_responsible: bool) -> Stored:
        """What would be stored for a council of which nothing is published: its neighbours' side alone."""
        row = Stored(cut.period.key, area.code, *(None,) * (len(Stored._fields) - 2))
        scope = self.scopes.place_in_group(cut, area, Comparators("neighbours"))[0] if is_responsible else None
        if scope is None:
            return row
        return row._replace(neighbours_with_value=scope.summary.with_value, median_neighbours=scope.summary.median)

    def _place(
        self,
        cut: Cut,
        area: AreaRecord,
        row: Stored,
        peers: Comparators,
        england: Scope | None,
        own_class: Scope | None,
    ) -> _Place:
        """Where a figure stands among the comparators asked for: as stored, or else worked out."""
        match peers.kind:
            case "england":
                stored = Position(row.mads_england, row.rank_england, row.band_england)
                return _Place(stored, _median(england), england.ranked if england else None)
            case "type":
                stored = Position(row.mads_class, row.rank_class, row.band_class)
                return _Place(stored, _median(own_class), own_class.ranked if own_class else None)
            case "region":
                scope, positions = self.scopes.place_in_region(cut, area.region_code)
                return _Place(positions.get(area.code, NOWHERE), _median(scope), scope.ranked if scope else None)
            case _ if peers.is_stored:
                stored = Position(row.mads_neighbours, row.rank_neighbours, row.band_neighbours)
                return _Place(stored, row.median_neighbours, (row.neighbours_with_value or 0) + 1)
            case _:
                scope, positions = self.scopes.place_in_group(cut, area, peers)
                return _Place(positions.get(area.code, NOWHERE), _median(scope), len(positions))


class _Place(NamedTuple):
    """Where a figure stands, among whom."""

    position: Position
    median: float | None
    rank_of: int | None


_day = lru_cache(maxsize=10_000)(date.fromisoformat)
_by_name = attrgetter("name", "code")


def _is_compared(row: Stored) -> bool:
    return row.marker is None or Marker(row.marker).meaning.is_compared


def _mark_neighbours(metric: MetricRecord, row: Stored) -> Marker | None:
    """Why a figure has no distance from its neighbours' median; none where it has one, or has no value to compare."""
    if row.neighbours_with_value is None:
        return Marker.NO_NEIGHBOURS
    if not metric.unit.is_amount:
        return Marker.NOT_AN_AMOUNT
    if row.median_neighbours is None:
        return Marker.TOO_FEW
    if row.mads_neighbours is None and row.value is not None and _is_compared(row):
        return Marker.SPREAD_ZERO
    return None


def _median(scope: Scope | None) -> float | None:
    return scope.summary.median if scope is not None else None
