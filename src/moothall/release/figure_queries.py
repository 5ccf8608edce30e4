"""What a release is asked about figures: them, their comparators, their traces and who stands out by them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from moothall.release.exemplars import PUBLIC, ExemplarKind, ExemplarRecord, Exemplars, ExemplarTrust, TopicExemplar
from moothall.release.figures import Figures, Selection
from moothall.release.ground import Ground
from moothall.release.index import Index
from moothall.release.latest import LatestRecord, read_latest
from moothall.release.projection import ProjectionRecord, read_projections
from moothall.release.records import (
    ALL,
    EVERYONE,
    AreaRecord,
    CertaintyRecord,
    Comparators,
    FigureRecord,
    MetricRecord,
    SummaryRecord,
    TraceRecord,
    UnknownKey,
)
from moothall.release.scopes import Cut, Position
from moothall.release.trace import Tracer


class FigureQueries:
    """The part of `queries.Release` that answers with figures and with what is worked out from them."""

    _index: Index
    _figures: Figures
    _ground: Ground
    _exemplars: Exemplars
    _tracer: Tracer

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
        code = self._index.area(area).code
        found = self._figures.answer([self._cut(metric, breakdown, period)], [code], peers)
        if not found:
            raise UnknownKey("figure", f"{metric}/{code}/{period}")
        return found[0]

    def history(
        self, metric: str, area: str, *, breakdown: str = ALL, peers: Comparators = EVERYONE
    ) -> list[FigureRecord]:
        """The figures of every period in which the area existed, oldest first. Raises `UnknownKey`."""
        record = self._index.metric(metric)
        cuts = [Cut(record, breakdown, period) for period in self._index.periods(metric, breakdown).values()]
        return self._figures.answer(cuts, [self._index.area(area).code], peers)

    def area_figures(self, area: str, *, peers: Comparators = EVERYONE) -> list[FigureRecord]:
        """One figure of every metric that is not retired, in order, whether the area is responsible or not.

        Each is of the metric's latest period; of an area that had closed by then, the last in which it existed. Raises
        `UnknownKey`.
        """
        code = self._index.area(area).code
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
        chosen = self._index.area(area) if area is not None else None
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
        codes = None if among is None else [self._index.area(code).code for code in dict.fromkeys(among)]
        figures = self._figures.answer([self._cut(metric, breakdown, period)], codes, peers, has_sums=False)
        chosen = self._index.area(for_area) if for_area is not None else None
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

    def list_comparators(self, area: str, peers: Comparators) -> tuple[str, ...]:
        """The codes of an area's neighbours, or of the chosen group without it. Raises `UnknownKey`."""
        return self._figures.scopes.list_group(self._index.area(area), peers)

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
            self._cut(metric, breakdown, period), self._index.area(area), peers
        )
        return (scope.summary, positions) if scope is not None else None

    def compare_over_time(
        self, metric: str, area: str, periods: Sequence[str], peers: Comparators, *, breakdown: str = ALL
    ) -> list[SummaryRecord | None]:
        """An area's neighbours or chosen group summed up without it, in each period. Raises `UnknownKey`."""
        cuts = [self._cut(metric, breakdown, period) for period in periods]
        return self._figures.scopes.sum_over_time(cuts, self._index.area(area), peers)

    def parts(self, figure: FigureRecord) -> tuple[AreaRecord, ...]:
        """The councils that a figure is added up over, by name; none of a figure that is not."""
        if not figure.is_added_up:
            return ()
        day = self._cut(figure.metric, figure.breakdown, figure.period).period.end
        return self._ground.find_parts(self._index.metric(figure.metric), figure.area, day)

    def trace(
        self, metric: str, area: str, period: str, *, breakdown: str = ALL, peers: Comparators = EVERYONE
    ) -> TraceRecord:
        """Where one figure comes from. Raises `UnknownKey` as `figure` does."""
        return self._tracer.trace(self.figure(metric, area, period, breakdown=breakdown, peers=peers))

    def projections(self, metric: str, area: str, *, breakdown: str = ALL) -> tuple[ProjectionRecord, ...]:
        """What an area's figure comes to if its recent pattern continues; none where that says little.

        Raises `UnknownKey`.
        """
        return read_projections(
            self._index.database, self._index.metric(metric), self._index.area(area).code, breakdown
        )

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
            None if metric is None else self._index.metric(metric).key,
            None if area is None else self._index.area(area).code,
            None if topic is None else self._index.topic(topic).key,
            PUBLIC if kind is None else (kind,),
        )

    def topic_exemplars(self) -> tuple[TopicExemplar, ...]:
        """Councils worth learning from in a whole topic, by topic and name."""
        return self._exemplars.topics

    @property
    def exemplar_trust(self) -> ExemplarTrust:
        """How many comparisons were made for the lists of exemplars, and what the checks of them came to."""
        return self._exemplars.trust

    def _cut(self, metric: str, breakdown: str, period: str) -> Cut:
        periods = self._index.periods(metric, breakdown)
        if period not in periods:
            raise UnknownKey("period", period)
        return Cut(self._index.metric(metric), breakdown, periods[period])
