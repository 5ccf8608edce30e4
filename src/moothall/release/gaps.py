"""The gap register: what is missing of a release and why, worked out from what it holds and never written twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from moothall.core.ages import count_months
from moothall.core.areas import PROPER, AreaClass
from moothall.core.frames import ENGLAND
from moothall.core.functions import NO_DUTY
from moothall.core.periods import parse_key
from moothall.core.values import Kind, Marker
from moothall.release.index import Index
from moothall.release.records import MetricRecord, MissingEdition, PeriodRecord, SourceRecord, UnreadSource

MEASURED = (Kind.INPUT, Kind.OUTPUT, Kind.OUTCOME)
"""What there should be a metric of for each function: what goes in, what is done, and what comes of it."""

_SAY_MEASURED = {
    Kind.INPUT: "No metric says what goes into this: money or people.",
    Kind.OUTPUT: "No metric says how much of this is done.",
    Kind.OUTCOME: "No metric says what comes of this for people or places.",
}


class GapKind(StrEnum):
    """The kinds of gap, in the order in which they are listed."""

    FILE = "file"
    SERIES = "series"
    FUNCTION = "function"
    AGE = "age"
    COUNCILS = "councils"

    @property
    def label(self) -> str:
        """The kind in plain words."""
        return {
            GapKind.FILE: "Published files that are not here",
            GapKind.SERIES: "Series of which nothing is read",
            GapKind.FUNCTION: "Services that nothing here measures",
            GapKind.AGE: "Figures that are old",
            GapKind.COUNCILS: "Figures that some councils lack",
        }[self]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing, of which topics and functions, and why.

    `tells` is what a series that is not read would tell; `metric` the metric that is old or lacks councils; `source`
    the source whose file or series is missing; `measures` what no metric of a function measures; `period` the newest
    there is; `eligible` and `with_value` count the councils that are responsible in it, and those with a figure.
    """

    kind: GapKind
    title: str
    reason: str
    topics: tuple[str, ...]
    functions: tuple[str, ...]
    tells: str | None = None
    metric: str | None = None
    source: str | None = None
    publisher: str | None = None
    edition: str | None = None
    published: str | None = None
    address: str | None = None
    landing_page: str | None = None
    measures: Kind | None = None
    period: str | None = None
    eligible: int | None = None
    with_value: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """How many metrics with figures there are of one function, by what they measure."""

    function: str
    title: str
    counts: tuple[tuple[Kind, int], ...]  # in the order of MEASURED


def list_gaps(index: Index) -> tuple[Gap, ...]:
    """Every gap of a release: by kind, and within a kind in the order of topics, metrics, sources and functions."""
    held = [metric for metric in index.metrics.values() if metric.latest_period is not None]
    return (
        *_list_files(index),
        *_list_series(index.unread_sources),
        *_list_functions(index),
        *(gap for metric in held for gap in _list_old(index, metric)),
        *(gap for metric in held for gap in _list_councils(index, metric)),
    )


def choose_gaps(gaps: Iterable[Gap], topics: Collection[str], functions: Collection[str]) -> tuple[Gap, ...]:
    """The gaps of any of these topics and of any of these functions; an empty collection leaves it open."""
    return tuple(
        gap
        for gap in gaps
        if (not topics or not set(topics).isdisjoint(gap.topics))
        and (not functions or not set(functions).isdisjoint(gap.functions))
    )


def count_measured(index: Index) -> tuple[Measured, ...]:
    """Each function that is somebody's duty, with how many of its metrics have figures, by what they measure."""
    counts = Counter(
        (function.key, metric.kind)
        for metric in index.metrics.values()
        if metric.first_period is not None
        for function in metric.functions
    )
    rows = index.database.rows(
        "SELECT function_key, title FROM functions WHERE statute != ? ORDER BY position", [NO_DUTY]
    )
    return tuple(Measured(key, title, tuple((kind, counts[key, kind]) for kind in MEASURED)) for key, title in rows)


def _list_files(index: Index) -> Iterator[Gap]:
    for source in index.sources.values():
        metrics = [metric for metric in index.metrics.values() if _rests_on(index, metric, source.key)]
        topics = tuple(dict.fromkeys(metric.topic for metric in metrics))
        functions = tuple(dict.fromkeys(each.key for metric in metrics for each in metric.functions))
        newer = set(source.missing_newer)
        for edition in source.missing:
            age = "newer" if edition in newer else "no newer"
            yield _of_file(source, edition, f"It is {age} than the files that are here.", topics, functions)
    for unread in index.unread_sources:
        for edition in unread.missing:
            yield _of_file(unread, edition, "Nothing of its series is read.", unread.topics, unread.functions)


def _of_file(
    source: SourceRecord | UnreadSource,
    edition: MissingEdition,
    reason: str,
    topics: tuple[str, ...],
    functions: tuple[str, ...],
) -> Gap:
    way = "It can be fetched from its address." if edition.address else "Only the publisher’s page is known."
    return Gap(
        GapKind.FILE,
        edition.title,
        f"{reason} {way}",
        topics=topics,
        functions=functions,
        source=source.key,
        publisher=source.publisher,
        edition=edition.edition,
        published=edition.published,
        address=edition.address,
        landing_page=edition.landing_page,
    )


def _rests_on(index: Index, metric: MetricRecord, source: str) -> bool:
    if metric.source is not None:
        return metric.source == source
    return any(_rests_on(index, index.metrics[key], source) for _, key in metric.inputs)


def _list_series(sources: Iterable[UnreadSource]) -> Iterator[Gap]:
    for source in sources:
        yield Gap(
            GapKind.SERIES,
            source.title,
            source.why,
            topics=source.topics,
            functions=source.functions,
            tells=source.tells,
            source=source.key,
            publisher=source.publisher,
            landing_page=source.landing_page,
        )


def _list_functions(index: Index) -> Iterator[Gap]:
    topics: dict[str, dict[str, None]] = {}
    for metric in index.metrics.values():
        for function in metric.functions:
            topics.setdefault(function.key, {})[metric.topic] = None
    for measured in count_measured(index):
        own = tuple(topics.get(measured.function, ()))
        absent = [kind for kind, number in measured.counts if not number]
        for kind in absent if own else (None,):
            yield Gap(
                GapKind.FUNCTION,
                measured.title,
                _SAY_MEASURED[kind] if kind else "No metric is about this at all.",
                topics=own,
                functions=(measured.function,),
                measures=kind,
            )


def _list_old(index: Index, metric: MetricRecord) -> Iterator[Gap]:
    if not metric.is_old or metric.latest_period is None:
        return
    period = parse_key(metric.latest_period)
    months = count_months(period.end, index.built)
    ago = f"{months // 12} years" if months >= 24 else f"{months} months"
    yield _of_metric(
        GapKind.AGE,
        metric,
        f"The newest period is {period.label}. It ended {ago} before this release was made.",
        index.periods(metric.key, metric.breakdowns[0])[metric.latest_period],
    )


def _list_councils(index: Index, metric: MetricRecord) -> Iterator[Gap]:
    """A metric whose newest period lacks councils that are responsible: how many, and why by the marker of each."""
    if metric.latest_period is None:
        return
    breakdown = metric.breakdowns[0]
    period = index.periods(metric.key, breakdown)[metric.latest_period]
    if period.with_value == period.eligible:
        return
    responsible = index.responsible(tuple(function.key for function in metric.functions), period.end)
    councils = {area.code for area in index.alive(period.end)} & responsible
    markers = Counter(
        Marker(marker)
        for code, marker in index.database.rows(
            "SELECT area_code, marker FROM figures"
            " WHERE metric_key = ? AND breakdown = ? AND period = ? AND value IS NULL",
            [metric.key, breakdown, period.key],
        )
        if code in councils
    )
    no_row = period.eligible - period.with_value - markers.total()
    if no_row:
        markers[Marker.NO_ROW] += no_row
    said = [f"{number} {marker.meaning.label}" for marker, number in markers.most_common()]
    lacking = [
        f"{'the ' if AreaClass(scope) in PROPER else ''}{AreaClass(scope).plural}"
        for (scope,) in index.database.rows(
            "SELECT scope FROM summaries WHERE metric_key = ? AND breakdown = ? AND period = ?"
            " AND scope != ? AND eligible > 0 AND with_value = 0 ORDER BY scope",
            [metric.key, breakdown, period.key, ENGLAND],
        )
    ]
    classes = f" There is none for {' or '.join(lacking)}." if lacking else ""
    without = period.eligible - period.with_value
    who = "One council has" if without == 1 else f"{without} councils have"
    reason = f"{who} no figure: {', '.join(said)}.{classes}"
    yield _of_metric(GapKind.COUNCILS, metric, reason, period)


def _of_metric(kind: GapKind, metric: MetricRecord, reason: str, period: PeriodRecord) -> Gap:
    return Gap(
        kind,
        metric.title,
        reason,
        topics=(metric.topic,),
        functions=tuple(function.key for function in metric.functions),
        metric=metric.key,
        source=metric.source,
        period=period.key,
        eligible=period.eligible,
        with_value=period.with_value,
    )
