"""The page of what is missing and why, by topic and by service, and the sentence that leads to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from django.http import QueryDict

from moothall.core.periods import parse_key
from moothall.core.values import Kind
from moothall.release.gaps import Gap, GapKind, Measured
from moothall.release.queries import Release
from moothall.site.addresses import api_gaps_address, gaps_address, metric_address
from moothall.site.explorer.asked import read_choice
from moothall.site.explorer.pages import GapsPage
from moothall.site.explorer.parts import Choice, Link
from moothall.site.explorer.parts_catalogue import FunctionGaps, GapRow, GapSection, TopicGaps
from moothall.site.explorer.sentences import name_published
from moothall.site.explorer.takeaway import LISTS, offer
from moothall.site.narrative.names import capitalise, count_words, join_words

_ABOUT = {
    GapKind.FILE: "Publishers have these files. They are known to exist and are not in this release.",
    GapKind.SERIES: "These would tell something that is not here.",
    GapKind.FUNCTION: "For each service there should be a metric of what goes in, what is done and what comes of it.",
    GapKind.AGE: "Their newest period ended longer ago than the publisher’s habit allows.",
    GapKind.COUNCILS: "These are councils that run the service and have no figure in the newest period.",
}
_COLUMNS = {
    GapKind.FILE: ("File", "Published", "What is known of it"),
    GapKind.SERIES: ("Series", "What it would tell", "Why it is not read"),
    GapKind.FUNCTION: ("Service", "What is missing", "In words"),
    GapKind.AGE: ("Metric", "Newest period", "How old it is"),
    GapKind.COUNCILS: ("Metric", "Councils with a figure", "Why the others have none"),
}
_MEASURED = {Kind.INPUT: "What goes in", Kind.OUTPUT: "What is done", Kind.OUTCOME: "What comes of it"}
_SAID: dict[GapKind, tuple[str, str]] = {
    GapKind.FILE: ("published file is not here", "published files are not here"),
    GapKind.SERIES: ("series is not read", "series are not read"),
    GapKind.AGE: ("metric is old", "metrics are old"),
    GapKind.COUNCILS: ("metric lacks some councils", "metrics lack some councils"),
    GapKind.FUNCTION: ("kind of measure of a service has no metric", "kinds of measure of a service have no metric"),
}


def make_gaps(release: Release, asked: QueryDict) -> GapsPage:
    """What is missing of everything, or of a topic or a service; `Refused` for one that the release has not."""
    topics, functions = release.topics(), release.functions()
    topic = read_choice(asked, "topic", tuple(each.key for each in topics), "")
    function = read_choice(asked, "function", tuple(each.key for each in functions), "")
    gaps = release.gaps(topics=[topic] if topic else (), functions=[function] if function else ())
    is_whole = not topic and not function
    titles = [release.topic(topic).title] if topic else []
    titles += [each.title for each in functions if each.key == function]
    return GapsPage(
        release_id=release.record.id,
        about=", ".join(titles),
        sentence=say_gaps(gaps),
        topics_form=tuple(Choice(each.key, each.title, each.key == topic) for each in topics),
        functions_form=tuple(Choice(each.key, each.title, each.key == function) for each in functions),
        by_topic=_count_by_topic(release, gaps) if is_whole else (),
        by_function=_count_by_function(release) if is_whole else (),
        measured=tuple(_MEASURED.values()),
        sections=tuple(
            section for kind in GapKind if (section := _make_section(release, kind, gaps, is_whole=is_whole)).count
        ),
        canonical=gaps_address(topic, function),
        download=offer("this list", LISTS, partial(api_gaps_address, topic, function)),
    )


def say_gaps(gaps: Sequence[Gap]) -> str:
    """What is missing, counted in a sentence; that nothing is known to be missing, where there is none."""
    counts = Counter(gap.kind for gap in gaps)
    files = (GapKind.FILE, GapKind.SERIES)
    said = [
        tuple(count_words(counts[kind], *_SAID[kind]) for kind in kinds if counts[kind])
        for kinds in (files, tuple(kind for kind in _SAID if kind not in files))
    ]
    sentences = (f"{capitalise(join_words(each))}." for each in said if each)
    return " ".join(sentences) or "Nothing is known to be missing."


def link_gaps(topic: str) -> Link:
    """The way from a topic to what is missing of it."""
    return Link("What is missing, and why", gaps_address(topic))


def _count_by_topic(release: Release, gaps: Sequence[Gap]) -> tuple[TopicGaps, ...]:
    counts = Counter((topic, gap.kind) for gap in gaps for topic in gap.topics)
    return tuple(
        TopicGaps(
            link=Link(topic.title, gaps_address(topic.key)),
            files=counts[topic.key, GapKind.FILE],
            series=counts[topic.key, GapKind.SERIES],
            old=counts[topic.key, GapKind.AGE],
            lacking=counts[topic.key, GapKind.COUNCILS],
            metrics=sum(1 for metric in release.metrics(topic=topic.key) if metric.first_period is not None),
        )
        for topic in release.topics()
    )


def _count_by_function(release: Release) -> tuple[FunctionGaps, ...]:
    return tuple(_count_function(measured) for measured in release.measured)


def _count_function(measured: Measured) -> FunctionGaps:
    return FunctionGaps(
        Link(measured.title, gaps_address("", measured.function)), tuple(number for _, number in measured.counts)
    )


def _make_section(release: Release, kind: GapKind, gaps: Sequence[Gap], *, is_whole: bool) -> GapSection:
    """The gaps of one kind; of the whole release, those that are counted by topic or service are not listed again."""
    own = [gap for gap in gaps if gap.kind is kind]
    is_listed = not is_whole or kind in {GapKind.FILE, GapKind.SERIES}
    return GapSection(
        key=str(kind),
        title=kind.label,
        count=len(own),
        about=_ABOUT[kind],
        columns=_COLUMNS[kind],
        rows=tuple(_make_row(gap) for gap in own) if is_listed else (),
    )


def _make_row(gap: Gap) -> GapRow:
    match gap.kind:
        case GapKind.FILE:
            page = gap.address or gap.landing_page or ""
            published = name_published(gap.published) if gap.published else "Not known"
            return GapRow(Link(gap.title, page), gap.publisher or "", published, gap.reason)
        case GapKind.SERIES:
            return GapRow(Link(gap.title, gap.landing_page or ""), gap.publisher or "", gap.tells or "", gap.reason)
        case GapKind.FUNCTION:
            missing = _MEASURED[gap.measures] if gap.measures else "Everything"
            return GapRow(Link(gap.title, gaps_address("", gap.functions[0])), "", missing, gap.reason)
        case GapKind.AGE:
            label = capitalise(parse_key(gap.period or "").label)
            return GapRow(Link(gap.title, metric_address(gap.metric or "")), "", label, gap.reason)
        case GapKind.COUNCILS:
            held = f"{gap.with_value:,} of {gap.eligible:,}"
            return GapRow(Link(gap.title, metric_address(gap.metric or "")), "", held, gap.reason)
