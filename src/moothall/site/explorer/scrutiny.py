"""Scrutiny: the questions that a council's figures raise, chosen by a rule that never asks which way they point.

The rule and its examples are in `docs/methods/questions.md`.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from moothall.core.values import Kind, Lever, Marker, Polarity
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord, MetricRecord
from moothall.site.addresses import metric_address, trace_address
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.council_names import name_within
from moothall.site.explorer.pages_report import Evidence, ReportQuestion
from moothall.site.explorer.three_things import Apart
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise
from moothall.site.narrative.scrutiny import TOLD_ABOVE, Raised, ask, say_wide, title_raised

ORDER: tuple[Raised, ...] = ("chain", "difference", "trend", "wide", "old", "missing")
_ASKED_FOR = {Marker.NOT_SUBMITTED, Marker.NOT_AVAILABLE, Marker.NO_ROW}  # not what protects people, or does not apply
FAR_APART = 1.5
"""Median absolute deviations from which what goes in is set beside what comes of it: "higher than", not "slightly"."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that a question can be asked about: what raises it, a metric, and its place in the catalogue.

    `chance` is that of the test it passed, none where it is no matter of chance; `beside` is what goes in, of a chain.
    """

    raised: Raised
    metric: str
    topic: str
    place: int
    is_shown_first: bool
    chance: float | None = None
    beside: str | None = None


def choose_matters(matters: Sequence[Matter], most: int) -> list[Matter]:
    """Those that are asked about, in order.

    Kinds take turns in the order of `ORDER`. Within a kind come first those that topics show first, then the surest,
    then the catalogue's order. No metric is asked about twice; a topic gives a second question of a kind only when
    every other topic has given one.
    """
    waiting = {kind: _order([each for each in matters if each.raised == kind]) for kind in ORDER}
    chosen: list[Matter] = []
    asked: set[str] = set()
    while len(chosen) < most and any(waiting.values()):
        for kind in ORDER:
            while waiting[kind] and waiting[kind][0].metric in asked:
                waiting[kind].pop(0)
            if waiting[kind] and len(chosen) < most:
                chosen.append(waiting[kind].pop(0))
                asked.add(chosen[-1].metric)
    return chosen


def _order(matters: Sequence[Matter]) -> list[Matter]:
    """Matters of one kind as they wait for their turn."""
    ordered = sorted(
        matters, key=lambda each: (not each.is_shown_first, each.chance is None, each.chance or 0.0, each.place)
    )
    seen: set[str] = set()
    first: list[Matter] = []
    later: list[Matter] = []
    for each in ordered:
        (later if each.topic in seen else first).append(each)
        seen.add(each.topic)
    return [*first, *later]


def find_matters(
    release: Release, area: AreaRecord, figures: Sequence[FigureRecord], apart: Apart, peers: Comparators
) -> list[Matter]:
    """Everything that a question can be asked about, of a council's figures of the latest periods."""
    by_metric = {figure.metric: figure for figure in figures}
    first = {key for topic in release.topics() for key in topic.headlines}
    places = {metric.key: place for place, metric in enumerate(release.metrics())}
    linked = dict(_find_links(release, by_metric, apart))
    found = []
    for figure in figures:
        metric = release.metric(figure.metric)
        for raised, chance in _list_raised(release, area, metric, figure, apart, peers):
            beside = None
            if raised == "difference" and metric.key in linked:
                raised, beside = "chain", linked[metric.key]
            is_first = metric.key in first
            found.append(Matter(raised, metric.key, metric.topic, places[metric.key], is_first, chance, beside))
    return found


def _list_raised(
    release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord, apart: Apart, peers: Comparators
) -> Iterator[tuple[Raised, float | None]]:
    if metric.key in apart.differing:
        yield "difference", apart.differing[metric.key]
    trend = figure.trend
    if metric.key in apart.moving and trend is not None and is_unlike(trend.change_lower, trend.change_upper):
        yield "trend", apart.moving[metric.key]
    if not is_of_the_council(metric) or figure.is_added_up:
        return
    if figure.value is None:
        if figure.marker in _ASKED_FOR:
            yield "missing", None
    elif figure.is_old:
        yield "old", None
    elif figure.is_compared and find_polarity(metric) is not Polarity.NONE:
        found = release.compare(metric.key, area.code, figure.period, peers) if peers.leaves_out_itself else None
        if found is not None and is_wide(figure.lower, figure.upper, found[0].median, found[0].mad):
            yield "wide", None


def is_of_the_council(metric: MetricRecord) -> bool:
    """Whether a metric is about what a council does, and not about the place, and does not grow with its size."""
    return metric.lever is not Lever.CONTEXTUAL and not is_total(metric)


def is_unlike(lower: float | None, upper: float | None) -> bool:
    """Whether a change is told apart from its neighbours': the interval of the difference leaves out none at all."""
    return lower is not None and upper is not None and not lower <= 0 <= upper


def is_wide(lower: float | None, upper: float | None, median: float | None, mad: float | None) -> bool:
    """Whether an interval covers the whole usual range, the median less and more one median absolute deviation."""
    if lower is None or upper is None or median is None or not mad:
        return False
    return lower <= median - mad and upper >= median + mad


def _find_links(release: Release, figures: Mapping[str, FigureRecord], apart: Apart) -> Iterator[tuple[str, str]]:
    """Of each chain the outcome that stands apart most surely, with the first of what goes in far from its median."""
    for topic in release.topics():
        goes_in = [key for key in topic.chain.get(Kind.INPUT, ()) if key in figures and _is_far(figures[key])]
        outcomes = [key for key in topic.chain.get(Kind.OUTCOME, ()) if key in apart.differing]
        if goes_in and outcomes:
            yield min(outcomes, key=apart.differing.__getitem__), goes_in[0]


def _is_far(figure: FigureRecord) -> bool:
    return figure.is_compared and figure.mads_peers is not None and abs(figure.mads_peers) >= FAR_APART


def ask_about(
    release: Release,
    area: AreaRecord,
    matter: Matter,
    figures: Mapping[str, FigureRecord],
    peers: Comparators,
    told: Container[str] = (),
) -> ReportQuestion:
    """One question as a report has it, with the figures that raise it in their own words.

    `told` are the addresses of the traces of figures of which the report has said the rest above.
    """
    keys = (matter.beside, matter.metric) if matter.beside else (matter.metric,)
    return ReportQuestion(
        raised=title_raised(matter.raised),
        question=ask(matter.raised),
        why=say_wide(name_within(area)) if matter.raised == "wide" else "",
        evidence=tuple(_show_evidence(release, figures[key], matter.raised, peers, told) for key in keys),
    )


def _show_evidence(
    release: Release, figure: FigureRecord, raised: Raised, peers: Comparators, above: Container[str]
) -> Evidence:
    metric = release.metric(figure.metric)
    address = trace_address(metric.key, figure.area, figure.period)
    told = narrate(release, figure, peers)
    said = (
        (told.lead, TOLD_ABOVE)
        if address in above
        else {
            "trend": (told.trend,),
            "old": (told.lead, told.age),
            "missing": (told.lead,),
        }.get(raised, (told.lead, told.comparison))
    )
    return Evidence(
        title=capitalise(metric.short),
        address=metric_address(metric.key, area=figure.area, peers=peers.kind),
        trace_address=address,
        sentence=" ".join(each for each in said if each),
    )
