"""The pages of topics: the list, and one of them with its metrics."""

from __future__ import annotations

from django.http import QueryDict

from moothall.core.periods import parse_key
from moothall.core.values import Polarity, format_value
from moothall.release.index import label_scope
from moothall.release.queries import Release
from moothall.release.records import ENGLAND, MetricRecord, PeriodRecord, TopicRecord, UnknownKey
from moothall.site.addresses import area_topic_address, metric_address, topic_address
from moothall.site.explorer.asked import Redirected, read_many, read_one
from moothall.site.explorer.chains import show_chain
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.gaps import link_gaps, say_gaps
from moothall.site.explorer.pages import TopicPage, TopicsPage
from moothall.site.explorer.parts import Fact, Link, MetricEntry, MetricGroup, TopicEntry
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.explorer.topic_questions import MOST_BESIDE
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.names import capitalise

_GROUPS = (
    "One direction is better",
    "Neither direction is better",
    "Judgements and dates, in the inspectorate’s words",
    "Amounts that grow with the size of an area",
    "Retired: kept for their history",
)

_MANY = 12  # metrics that are read through without looking for one


def make_topics(release: Release) -> TopicsPage:
    """Every topic."""
    return TopicsPage(release.record.id, list_topics(release))


def make_topic(release: Release, key: str, asked: QueryDict) -> TopicPage:
    """One topic; `UnknownKey` when there is no such topic, `Redirected` to a council's page of it when one is named."""
    topic = release.topic(key)
    said, beside = read_one(asked, "area"), read_many(asked, "with", MOST_BESIDE)
    built = release.built
    if said:
        area = find_council(release, "area", said, built)
        others = dict.fromkeys(find_council(release, "with", each, built).code for each in beside)
        raise Redirected(
            area_topic_address(area.code, topic.key, others=[code for code in others if code != area.code])
        )
    groups = _group(release, topic)
    return TopicPage(
        release_id=release.record.id,
        topic=topic,
        chain=show_chain(release, topic),
        groups=groups,
        is_long=sum(len(group.metrics) for group in groups) > _MANY,
        missing=say_gaps(release.gaps(topics=[topic.key])),
        missing_link=link_gaps(topic.key),
        councils=tuple(each.name for each in release.areas(principal_only=True)),
        download=offer_figures("every council’s figures on this topic", [("topic", topic.key)]) if groups else None,
    )


def list_topics(release: Release) -> tuple[TopicEntry, ...]:
    """Every topic in order, with those of its metrics that have figures."""
    return tuple(
        TopicEntry(
            title=topic.title,
            description=topic.description,
            address=topic_address(topic.key),
            metrics=tuple(Link(each.title, metric_address(each.key)) for each in _with_figures(release, topic)),
            age=_tag_newest(release, topic),
        )
        for topic in release.topics()
    )


def _with_figures(release: Release, topic: TopicRecord) -> list[MetricRecord]:
    return [metric for metric in release.metrics(topic=topic.key) if metric.first_period is not None]


def _tag_newest(release: Release, topic: TopicRecord) -> str:
    """How old the newest figures of a topic are, where they are old."""
    newest = [
        (parse_key(each.latest_period).end, each.old_after)
        for each in _with_figures(release, topic)
        if each.latest_period
    ]
    if not newest:
        return ""
    end, old_after = max(newest)
    return tag_age(end, release.built, old_after)


def _group(release: Release, topic: TopicRecord) -> tuple[MetricGroup, ...]:
    groups: dict[str, list[MetricEntry]] = {title: [] for title in _GROUPS}
    for metric in _with_figures(release, topic):
        groups[_find_group(metric)].append(_list_metric(release, metric))
    return tuple(MetricGroup(title, tuple(metrics)) for title, metrics in groups.items() if metrics)


def _find_group(metric: MetricRecord) -> str:
    if not metric.status.is_current:
        return _GROUPS[4]
    if not metric.unit.is_amount:
        return _GROUPS[2]
    if is_total(metric):
        return _GROUPS[3]
    return _GROUPS[1] if find_polarity(metric) is Polarity.NONE else _GROUPS[0]


def _list_metric(release: Release, metric: MetricRecord) -> MetricEntry:
    periods = release.periods(metric.key, metric.breakdowns[0])
    latest = next((each for each in periods if each.is_latest), periods[0])
    return MetricEntry(
        link=Link(metric.title, metric_address(metric.key)),
        description=metric.description,
        latest=latest.label,
        age=tag_age(latest.end, release.built, metric.old_after),
        medians=() if is_total(metric) else _list_medians(release, metric, latest),
    )


def _list_medians(release: Release, metric: MetricRecord, period: PeriodRecord) -> tuple[Fact, ...]:
    """The median of England, or of each kind of council where only those of a kind are alike."""
    scopes = (ENGLAND,) if metric.comparable_within == "england" else tuple(map(str, metric.applies_to))
    medians = []
    for scope in scopes:
        try:
            summary = release.summary(metric.key, period.key, breakdown=metric.breakdowns[0], scope=scope)
        except UnknownKey:
            continue
        if summary.median is not None and summary.eligible > 1:
            label = label_scope(scope)
            text = format_value(summary.median, metric.unit, metric.places)
            medians.append(Fact(capitalise(label), text))
    return tuple(medians)
