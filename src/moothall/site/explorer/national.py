"""The national picture: how councils together are doing, in every topic or in one; nobody and nothing is ranked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from moothall.charts.spark import Middle, draw_marks, draw_spark
from moothall.charts.svg import Svg
from moothall.charts.trend import find_joins
from moothall.core.periods import parse_key
from moothall.core.values import Polarity, format_value
from moothall.release.national import MovementRecord
from moothall.release.queries import Release
from moothall.release.records import MetricRecord, SummaryRecord, TopicRecord, UnknownKey
from moothall.site.addresses import api_national_address, national_address, topic_address
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_national import (
    NationalEntry,
    NationalGroup,
    NationalLine,
    NationalMove,
    NationalMoves,
    NationalTopic,
)
from moothall.site.explorer.takeaway import LISTS, Download, offer
from moothall.site.explorer.trends import list_spans, name_range
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.names import capitalise, count_words, name_period
from moothall.site.narrative.national import (
    Course,
    Courses,
    count_courses,
    find_course,
    find_gap_course,
    say_chance,
    say_courses,
    say_gaps,
    say_other_courses,
    say_when,
)

_COURSES: dict[Course, str] = {
    "better": "Towards better",
    "worse": "Towards worse",
    "up": "Rose",
    "down": "Fell",
    "unclear": "No clear change",
    "short": "Too few periods",
}
_MARKED = ("better", "worse")


@dataclass(frozen=True, slots=True)
class NationalPage(Page):
    """Every topic: how many series of its metrics went where."""

    template: ClassVar[str] = "national.html"
    section: ClassVar[str] = "national"
    sentence: str
    by_chance: str  # how many may have moved by chance, or empty
    gaps: str  # in how many series councils lie farther apart than before, or empty
    moved: tuple[NationalMoves, ...]
    topics: tuple[NationalTopic, ...]  # with metrics in which one direction is better
    other: str  # on metrics in which neither direction is better, or empty
    other_topics: tuple[NationalTopic, ...]
    download: Download | None  # none where no metric was followed


@dataclass(frozen=True, slots=True)
class NationalTopicPage(Page):
    """One topic: where half of the councils lie in each of its metrics, and where they went together."""

    template: ClassVar[str] = "national_topic.html"
    section: ClassVar[str] = "national"
    topic: TopicRecord
    sentence: str
    by_chance: str
    gaps: str
    marks: Svg | None
    groups: tuple[NationalGroup, ...]
    left_out: str  # how many of its metrics are not here, and why
    topic_link: Link
    others: tuple[Link, ...]
    download: Download | None  # none where no metric was followed


def make_national(release: Release) -> NationalPage:
    """Every topic that has anything to show."""
    movements = release.national.movements()
    scored, other = (_count(release, movements, is_scored=each) for each in (True, False))
    return NationalPage(
        release_id=release.record.id,
        sentence=say_courses(scored),
        by_chance=say_chance(scored),
        gaps=_say_gaps(release, movements),
        moved=tuple(_list_moves(release, movements, course) for course in ("better", "worse")),
        topics=_list_topics(release, movements, ("better", "worse", "unclear", "short"), is_scored=True),
        other=say_other_courses(other),
        other_topics=_list_topics(release, movements, ("up", "down", "unclear", "short"), is_scored=False),
        download=offer("every series", LISTS, partial(api_national_address, "", "")) if movements else None,
    )


def make_national_topic(release: Release, key: str) -> NationalTopicPage:
    """One topic; `UnknownKey` where there is none."""
    topic = release.topic(key)
    movements = release.national.movements(topic=key)
    scored, other = (_count(release, movements, is_scored=each) for each in (True, False))
    groups = [
        NationalGroup("One direction is better", "", tuple(_list_entries(release, movements, is_scored=True))),
        NationalGroup(
            "Neither direction is better",
            say_other_courses(other),
            tuple(_list_entries(release, movements, is_scored=False)),
        ),
    ]
    everyone = {
        each.topic for each in map(release.metric, dict.fromkeys(m.metric for m in release.national.movements()))
    }
    return NationalTopicPage(
        release_id=release.record.id,
        topic=topic,
        sentence=say_courses(scored) if scored.looked_at or scored.short else "",
        by_chance=say_chance(scored),
        gaps=_say_gaps(release, movements),
        marks=draw_marks(scored.better, scored.unclear, scored.worse),
        groups=tuple(group for group in groups if group.entries),
        left_out=_say_left_out(release, topic, {each.metric for each in movements}),
        topic_link=Link(f"What each metric of {topic.title[0].lower()}{topic.title[1:]} is", topic_address(topic.key)),
        others=tuple(
            Link(each.title, national_address(each.key))
            for each in release.topics()
            if each.key in everyone and each.key != topic.key
        ),
        download=offer("these series", LISTS, partial(api_national_address, topic.key, "")) if movements else None,
    )


def _count(release: Release, movements: Iterable[MovementRecord], *, is_scored: bool) -> Courses:
    """Where series went, of metrics in which one direction is better, or of the others."""
    own = ((release.metric(each.metric), each) for each in movements)
    return count_courses(find_course(metric, each) for metric, each in own if _is_scored(metric) is is_scored)


def _say_gaps(release: Release, movements: Iterable[MovementRecord]) -> str:
    return say_gaps(find_gap_course(release.metric(each.metric), each) for each in movements)


def _is_scored(metric: MetricRecord) -> bool:
    return find_polarity(metric) is not Polarity.NONE


def _list_topics(
    release: Release, movements: Sequence[MovementRecord], courses: Sequence[Course], *, is_scored: bool
) -> tuple[NationalTopic, ...]:
    """The topics that have series of the one sort of metric, with how many of them went where."""
    by_topic: dict[str, list[MovementRecord]] = {}
    for each in movements:
        by_topic.setdefault(release.metric(each.metric).topic, []).append(each)
    listed = []
    for topic in release.topics():
        counted = _count(release, by_topic.get(topic.key, []), is_scored=is_scored)
        if counted.looked_at or counted.short:
            counts = tuple((_COURSES[course], int(getattr(counted, course))) for course in courses)
            marks = draw_marks(counted.better, counted.unclear, counted.worse) if is_scored else None
            listed.append(NationalTopic(Link(topic.title, national_address(topic.key)), marks, counts))
    return tuple(listed)


def _list_moves(release: Release, movements: Iterable[MovementRecord], course: Course) -> NationalMoves:
    moves: dict[Link, list[NationalMove]] = {}
    for each in movements:
        metric = release.metric(each.metric)
        if find_course(metric, each) == course:
            before, after = (
                f"{format_value(value, metric.unit, metric.places)} {say_when(period)}"
                for value, period in ((each.median_first, each.first), (each.median_last, each.period))
            )
            link = Link(metric.title, national_address(metric.topic, metric.key))
            spark = _draw_spark(release, metric, each)
            scope = capitalise(each.scope_label)
            moves.setdefault(link, []).append(NationalMove(scope, f"{each.councils:,}", spark, before, after))
    return NationalMoves(_COURSES[course], course, tuple((link, tuple(own)) for link, own in moves.items()))


def _list_entries(release: Release, movements: Iterable[MovementRecord], *, is_scored: bool) -> Iterable[NationalEntry]:
    by_metric: dict[str, list[MovementRecord]] = {}
    for each in movements:
        by_metric.setdefault(each.metric, []).append(each)
    for key, own in by_metric.items():
        metric = release.metric(key)
        if _is_scored(metric) is is_scored:
            period = parse_key(own[0].period)
            yield NationalEntry(
                link=Link(metric.title, national_address(metric.topic, key)),
                period=period.label,
                age=tag_age(period.end, release.built, metric.old_after),
                lines=tuple(_list_line(release, metric, each) for each in own),
            )


def _list_line(release: Release, metric: MetricRecord, movement: MovementRecord) -> NationalLine:
    summary = release.summary(metric.key, movement.period, breakdown=movement.breakdown, scope=movement.scope)
    course = find_course(metric, movement)
    half = ""
    if summary.lower_quartile is not None and summary.upper_quartile is not None:
        half = name_range(metric, summary.lower_quartile, summary.upper_quartile)
    return NationalLine(
        scope=capitalise(summary.scope_label),
        middle=format_value(summary.median, metric.unit, metric.places) if summary.median is not None else "",
        half=half,
        with_figure=f"{summary.with_value:,} of {summary.eligible:,}",
        spark=_draw_spark(release, metric, movement),
        course=_COURSES[course],
        direction=course if course in _MARKED else "",
        since=f"since {name_period(parse_key(movement.first).label)}" if course != "short" else "",
    )


def _draw_spark(release: Release, metric: MetricRecord, movement: MovementRecord) -> Svg | None:
    """Every period that has a median, of all who had a figure then."""
    held = []
    for period in reversed(release.periods(metric.key, movement.breakdown)):
        summary = _find_summary(release, metric, period.key, movement)
        if summary is not None and summary.median is not None:
            held.append((period.key, summary))
    spans, _ = list_spans(metric, [key for key, _ in held])
    return draw_spark(
        [
            Middle(
                span.period.end.toordinal(),
                each.lower_quartile or 0.0,
                each.median or 0.0,
                each.upper_quartile or 0.0,
                is_joined,
            )
            for span, is_joined, (_, each) in zip(spans, find_joins(spans), held, strict=True)
        ]
    )


def _find_summary(
    release: Release, metric: MetricRecord, period: str, movement: MovementRecord
) -> SummaryRecord | None:
    try:
        return release.summary(metric.key, period, breakdown=movement.breakdown, scope=movement.scope)
    except UnknownKey:
        return None


def _say_left_out(release: Release, topic: TopicRecord, shown: Iterable[str]) -> str:
    """How many metrics of the topic are not shown, as councils are not alike in them."""
    left = sum(
        metric.status.is_current and metric.first_period is not None and metric.key not in set(shown)
        for metric in release.metrics(topic=topic.key)
    )
    if not left:
        return ""
    words = count_words(left, "metric of this topic is", "metrics of this topic are")
    reason = "Left out are judgements, dates, amounts that grow with an area’s size, and what few councils have."
    return f"{capitalise(words)} not here. {reason}"
