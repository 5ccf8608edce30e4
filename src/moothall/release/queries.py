"""The query layer: a release as the site, the API and the commands ask it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from moothall.core.areas import AreaClass
from moothall.core.frames import OUTLINE_LAYOUT
from moothall.core.functions import Extent
from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.core.problems import Place, Problem, ProblemsFound
from moothall.release.database import Database
from moothall.release.directory import DATABASE, FORMAT, MANIFEST, SHEETS, read_manifest
from moothall.release.excerpt import Sheets
from moothall.release.exemplars import PUBLIC, ExemplarKind, ExemplarRecord, Exemplars, ExemplarTrust, TopicExemplar
from moothall.release.figures import Figures, Selection
from moothall.release.find import FindQueries
from moothall.release.gaps import Gap, Measured, choose_gaps, count_measured, list_gaps
from moothall.release.ground import Ground
from moothall.release.index import Index
from moothall.release.latest import LatestRecord, read_latest
from moothall.release.lineage import Lineages
from moothall.release.national import National
from moothall.release.navigation import FrameworkList
from moothall.release.neighbour_queries import NeighbourQueries
from moothall.release.neighbours import Neighbours
from moothall.release.projection import ProjectionRecord, read_projections
from moothall.release.records import (
    ALL,
    EVERYONE,
    AnnouncedRecord,
    AreaRecord,
    BoundaryFileRecord,
    CertaintyRecord,
    Comparators,
    Counts,
    FigureRecord,
    FindingRecord,
    FunctionRecord,
    MetricRecord,
    OutcomeRecord,
    PeriodRecord,
    RegisterFileRecord,
    ReleaseRecord,
    ShapeRecord,
    SourceRecord,
    SuccessionRecord,
    SummaryRecord,
    TopicRecord,
    TraceRecord,
    UnknownKey,
    UnreadSource,
)
from moothall.release.scopes import Cut, Position
from moothall.release.trace import Tracer

__all__ = ["Release", "Selection"]


class Release(NeighbourQueries, FindQueries):
    """One release, open for reading by any number of threads."""

    def __init__(self, directory: Path, manifest: dict[str, Any]) -> None:
        """Use `Release.open`."""
        self.directory = directory
        self.record = _record(manifest)
        self.built = date.fromisoformat(self.record.built)
        self._index = Index(Database(directory / DATABASE), self.built)
        self._figures = Figures(self._index, self.record.id)
        self._exemplars = Exemplars(self._index)
        self.national = National(self._index, self._figures.scopes)
        sheets = directory / SHEETS
        self._ground = Ground(self._index)
        self.lineages = Lineages(self._index, self._ground)
        self._neighbours = Neighbours(self._index)
        excerpts = Sheets(Database(sheets)) if sheets.is_file() else None
        self._tracer = Tracer(self._index, self._ground, self._figures, excerpts)

    @classmethod
    def open(cls, directory: Path) -> Release:
        """Open the release in a directory.

        Raises `ProblemsFound` with `RELEASE_UNKNOWN` when there is none, with `RELEASE_DAMAGED` when its manifest or
        its database cannot be opened or is of another format.
        """
        where = Place(str(directory))
        if not (directory / MANIFEST).is_file():
            raise ProblemsFound([Problem("RELEASE_UNKNOWN", "There is no release here.", where)])
        try:
            manifest = read_manifest(directory)
            if manifest.get("format") != FORMAT:
                raise ValueError(f"it is of format {manifest.get('format')!r}, this program reads format {FORMAT}")
            return cls(directory, manifest)
        except (OSError, ValueError, KeyError) as error:
            raise ProblemsFound([Problem("RELEASE_DAMAGED", f"It cannot be opened: {error}.", where)]) from error

    def areas(
        self, *, area_class: AreaClass | None = None, include_closed: bool = False, principal_only: bool = False
    ) -> list[AreaRecord]:
        """Areas by name: those that existed when the release was built, or all that ever did."""
        return [
            area
            for area in self._index.areas.values()
            if (area_class is None or area.area_class is area_class)
            and (include_closed or self._index.is_alive(area.code, self._index.built))
            and (area.is_principal or not principal_only)
        ]

    def area(self, code: str) -> AreaRecord:
        """The area with this code, or for which this code used to stand. Raises `UnknownKey`."""
        return self._index.area(code)

    def successors(self, code: str) -> list[SuccessionRecord]:
        """What directly took the area's place, by day. Raises `UnknownKey`."""
        return self._index.successions(predecessor=self.area(code).code)

    def predecessors(self, code: str) -> list[SuccessionRecord]:
        """Whose place the area directly took, by day; a recoded predecessor is the area itself and not listed."""
        return self._index.successions(successor=self.area(code).code)

    def parts(self, figure: FigureRecord) -> tuple[AreaRecord, ...]:
        """The councils that a figure is added up over, by name; none of a figure that is not."""
        if not figure.is_added_up:
            return ()
        day = self._cut(figure.metric, figure.breakdown, figure.period).period.end
        return self._ground.find_parts(self.metric(figure.metric), figure.area, day)

    def announced(self, code: str) -> list[AnnouncedRecord]:
        """What is to take the area's place, as sources say. Raises `UnknownKey`."""
        return self._ground.announced.get(self.area(code).code, [])

    def topics(self) -> list[TopicRecord]:
        """Every topic, in order."""
        return list(self._index.topics.values())

    def topic(self, key: str) -> TopicRecord:
        """The topic. Raises `UnknownKey`."""
        return self._index.topic(key)

    def outcomes(self) -> list[OutcomeRecord]:
        """Every outcome of the government's framework, in its order; none where the release has no framework."""
        return list(self._index.framework.outcomes.values())

    def framework_lists(self) -> tuple[FrameworkList, ...]:
        """Where the names of outcomes and of their metrics were read, in order."""
        return self._index.framework.lists

    def outcome(self, number: str) -> OutcomeRecord:
        """The outcome with this number. Raises `UnknownKey`."""
        found = {str(each.number): each for each in self.outcomes()}.get(number)
        if found is None:
            raise UnknownKey("outcome", number)
        return found

    def metrics(self, *, topic: str | None = None) -> list[MetricRecord]:
        """Every metric, or those of one topic, in order. Raises `UnknownKey` for the topic."""
        if topic is not None:
            self.topic(topic)
        return [metric for metric in self._index.metrics.values() if topic is None or metric.topic == topic]

    def metric(self, key: str) -> MetricRecord:
        """The metric. Raises `UnknownKey`."""
        return self._index.metric(key)

    def list_comparators(self, area: str, peers: Comparators) -> tuple[str, ...]:
        """The codes of an area's neighbours, or of the chosen group without it. Raises `UnknownKey`."""
        return self._figures.scopes.list_group(self.area(area), peers)

    def has_neighbours(self, area: str, model: str = DEFAULT_MODEL) -> bool:
        """Whether there is a list of an area's neighbours. Raises `UnknownKey` for a model or an area that is none."""
        return bool(self._index.neighbour_codes(model, self.area(area).code))

    def responsible(self, functions: Collection[str], day: date, extent: Extent | None = None) -> frozenset[str]:
        """The codes of the authorities that had any of these functions on a day, or had them to one extent."""
        return self._index.responsible(tuple(functions), day, extent)

    def gaps(self, *, topics: Collection[str] = (), functions: Collection[str] = ()) -> tuple[Gap, ...]:
        """What is missing and why: all of it, or what is of any of these topics and functions. Raises `UnknownKey`."""
        for topic in topics:
            self.topic(topic)
        for function in functions:
            if function not in self._index.functions:
                raise UnknownKey("function", function)
        return choose_gaps(self._gaps, topics, functions)

    @cached_property
    def _gaps(self) -> tuple[Gap, ...]:
        return list_gaps(self._index)

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """How many metrics there are of each function that is somebody's duty, by what they measure."""
        return count_measured(self._index)

    def exemplars(
        self,
        metric: str | None = None,
        area: str | None = None,
        topic: str | None = None,
        kind: ExemplarKind | None = None,
    ) -> tuple[ExemplarRecord, ...]:
        """Councils worth learning from, by topic, name and metric: all, or those of a metric, area, topic or kind.

        Setbacks, which are nobody's to learn from, only where that kind is asked for. Raises `UnknownKey`.
        """
        return self._exemplars.find(
            None if metric is None else self.metric(metric).key,
            None if area is None else self.area(area).code,
            None if topic is None else self.topic(topic).key,
            PUBLIC if kind is None else (kind,),
        )

    def topic_exemplars(self) -> tuple[TopicExemplar, ...]:
        """Councils worth learning from in a whole topic, by topic and name."""
        return self._exemplars.topics

    @property
    def exemplar_trust(self) -> ExemplarTrust:
        """How many comparisons were made for the lists of exemplars, and what the checks of them came to."""
        return self._exemplars.trust

    def functions(self) -> list[FunctionRecord]:
        """Every function, in order."""
        return list(self._index.functions.values())

    def unread_sources(self) -> tuple[UnreadSource, ...]:
        """Every source that is known and of which nothing is read, in order."""
        return self._index.unread_sources

    def register_files(self) -> tuple[RegisterFileRecord, ...]:
        """The files that the register of authorities was read from."""
        return self._index.register_files

    def boundary_files(self) -> tuple[BoundaryFileRecord, ...]:
        """The files that maps were drawn from."""
        return self._index.boundary_files

    def shapes(self, layout: str = OUTLINE_LAYOUT) -> Mapping[str, ShapeRecord]:
        """Every area's shape in a layout, by its code; empty for a layout that the release does not have."""
        return self._index.shapes.get(layout, {})

    def find_hexagons(self, codes: Collection[str]) -> str | None:
        """The newest layout of hexagons that has all of these areas; none where no layout has them all."""
        layouts = sorted(self._index.shapes.keys() - {OUTLINE_LAYOUT}, reverse=True)
        return next((layout for layout in layouts if self.shapes(layout).keys() >= set(codes)), None)

    def sources(self) -> list[SourceRecord]:
        """Every source, in order."""
        return list(self._index.sources.values())

    def source(self, key: str) -> SourceRecord:
        """The source. Raises `UnknownKey`."""
        return self._index.source(key)

    def periods(self, metric: str, breakdown: str = ALL) -> list[PeriodRecord]:
        """The periods that the metric has figures for, newest first. Raises `UnknownKey`."""
        return list(reversed(self._index.periods(metric, breakdown).values()))

    def count_figures(self, selection: Selection) -> int:
        """How many figures are selected. Raises `UnknownKey`."""
        return self._figures.count(selection)

    def figures(self, selection: Selection, start: int = 0, many: int | None = None) -> list[FigureRecord]:
        """Every figure selected, or with `start` and `many` a part of them. Raises `UnknownKey`."""
        return self._figures.select(selection, start, many)

    def iterate_figures(self, selection: Selection, start: int = 0, many: int | None = None) -> Iterator[FigureRecord]:
        """The same one by one, for more of them than are to be held at a time. Raises `UnknownKey`."""
        return self._figures.iterate(selection, start, many)

    def selected_metrics(self, selection: Selection) -> tuple[MetricRecord, ...]:
        """The metrics that have figures in a selection, in order. Raises `UnknownKey`."""
        return self._figures.list_metrics(selection)

    def figure(
        self, metric: str, area: str, period: str, *, breakdown: str = ALL, peers: Comparators = EVERYONE
    ) -> FigureRecord:
        """One figure.

        Raises `UnknownKey`, of kind "figure" when the area did not exist on the period's last day.
        """
        code = self.area(area).code
        found = self._figures.answer([self._cut(metric, breakdown, period)], [code], peers)
        if not found:
            raise UnknownKey("figure", f"{metric}/{code}/{period}")
        return found[0]

    def history(
        self, metric: str, area: str, *, breakdown: str = ALL, peers: Comparators = EVERYONE
    ) -> list[FigureRecord]:
        """The figures of every period in which the area existed, oldest first. Raises `UnknownKey`."""
        record = self.metric(metric)
        cuts = [Cut(record, breakdown, period) for period in self._index.periods(metric, breakdown).values()]
        return self._figures.answer(cuts, [self.area(area).code], peers)

    def projections(self, metric: str, area: str, *, breakdown: str = ALL) -> tuple[ProjectionRecord, ...]:
        """What an area's figure comes to if its recent pattern continues; none where that says little.

        Raises `UnknownKey`.
        """
        return read_projections(self._index.database, self.metric(metric), self.area(area).code, breakdown)

    def area_figures(self, area: str, *, peers: Comparators = EVERYONE) -> list[FigureRecord]:
        """One figure of every metric that is not retired, in order, whether the area is responsible or not.

        Each is of the metric's latest period; of an area that had closed by then, the last in which it existed. Raises
        `UnknownKey`.
        """
        code = self.area(area).code
        cuts: list[Cut] = []
        for metric in self._index.metrics.values():
            if metric.latest_period is None or not metric.status.is_current:
                continue
            breakdown = metric.breakdowns[0]
            periods = self._index.periods(metric.key, breakdown)
            latest = periods[metric.latest_period].end
            lived = [p for p in periods.values() if p.end <= latest and self._index.is_alive(code, p.end)]
            if lived:
                cuts.append(Cut(metric, breakdown, lived[-1]))
        return self._figures.answer(cuts, [code], peers)

    def latest(
        self, metrics: Iterable[str], *, area: str | None = None, peers: Comparators = EVERYONE
    ) -> list[LatestRecord]:
        """The metrics in their newest periods: how councils lie, and an area's figures. Raises `UnknownKey`."""
        chosen = self.area(area) if area is not None else None
        return read_latest(self._index, self._figures, metrics, chosen, peers)

    def slice(
        self,
        metric: str,
        period: str,
        *,
        breakdown: str = ALL,
        peers: Comparators = EVERYONE,
        for_area: str | None = None,
        among: Collection[str] | None = None,
    ) -> list[FigureRecord]:
        """Every council of the comparison in one period, by name; of all England when no area is named.

        Only those `among` some codes, where they are given: the rest is not even read.

        With an area and other peers: the councils of its class or region, its neighbours or the group, and itself.
        Raises `UnknownKey`.
        """
        codes = None if among is None else [self.area(code).code for code in dict.fromkeys(among)]
        figures = self._figures.answer([self._cut(metric, breakdown, period)], codes, peers, has_sums=False)
        chosen = self.area(for_area) if for_area is not None else None
        group = set(self._figures.scopes.list_group(chosen, peers)) if chosen and peers.leaves_out_itself else set()

        def belongs(area: AreaRecord) -> bool:
            if chosen is not None and area.code == chosen.code:
                return True
            if chosen is None or peers.kind == "england":
                return area.is_principal
            if peers.leaves_out_itself:
                return area.code in group
            if peers.kind == "type":
                return area.is_principal and area.area_class is chosen.area_class
            return area.is_principal and area.region_code == chosen.region_code

        return [figure for figure in figures if belongs(self._index.areas[figure.area])]

    def summary(self, metric: str, period: str, *, breakdown: str = ALL, scope: str) -> SummaryRecord:
        """The councils of England, of a class or of a region in one period. Raises `UnknownKey`."""
        found = self._figures.scopes.summed(self._cut(metric, breakdown, period), scope)
        if found is None:
            raise UnknownKey("scope", scope)
        return found.summary

    def values(self, metric: str, period: str, *, breakdown: str = ALL) -> Mapping[str, float]:
        """The values of one period that are compared, by the codes of their councils. Raises `UnknownKey`."""
        return self._figures.scopes.list_values(self._cut(metric, breakdown, period))

    def certainties(self, metric: str, period: str, *, breakdown: str = ALL) -> Mapping[str, CertaintyRecord]:
        """How sure the values of one period are, by the codes of their councils. Raises `UnknownKey`."""
        return self._figures.list_certainties(self._cut(metric, breakdown, period))

    def compare(
        self, metric: str, area: str, period: str, peers: Comparators, *, breakdown: str = ALL
    ) -> tuple[SummaryRecord, Mapping[str, Position]] | None:
        """An area's neighbours or chosen group summed up without it, and where it and each of them stands.

        None for an area without any. Raises `UnknownKey`.
        """
        scope, positions = self._figures.scopes.place_in_group(
            self._cut(metric, breakdown, period), self.area(area), peers
        )
        return (scope.summary, positions) if scope is not None else None

    def compare_over_time(
        self, metric: str, area: str, periods: Sequence[str], peers: Comparators, *, breakdown: str = ALL
    ) -> list[SummaryRecord | None]:
        """An area's neighbours or chosen group summed up without it, in each period. Raises `UnknownKey`."""
        cuts = [self._cut(metric, breakdown, period) for period in periods]
        return self._figures.scopes.sum_over_time(cuts, self.area(area), peers)

    def trace(
        self, metric: str, area: str, period: str, *, breakdown: str = ALL, peers: Comparators = EVERYONE
    ) -> TraceRecord:
        """Where one figure comes from. Raises `UnknownKey` as `figure` does."""
        return self._tracer.trace(self.figure(metric, area, period, breakdown=breakdown, peers=peers))

    def _cut(self, metric: str, breakdown: str, period: str) -> Cut:
        periods = self._index.periods(metric, breakdown)
        if period not in periods:
            raise UnknownKey("period", period)
        return Cut(self.metric(metric), breakdown, periods[period])


def _record(manifest: dict[str, Any]) -> ReleaseRecord:
    return ReleaseRecord(
        id=manifest["id"],
        digest=manifest["digest"],
        built=manifest["built"],
        code_revision=manifest["code_revision"],
        definitions=manifest["definitions"],
        counts=Counts(**manifest["counts"]),
        settled=tuple(manifest["settled"]),
        findings=tuple(FindingRecord(**row) for row in manifest["findings"]),
    )
