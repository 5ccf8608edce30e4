"""The first page, and the lists of topics and metrics."""

from __future__ import annotations

from datetime import date

from moothall.release.queries import Release
from moothall.release.records import MetricRecord, SourceRecord, TopicRecord
from moothall.site.addresses import metric_address
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.pages import HomePage, MetricsPage, TopicPage, TopicsPage
from moothall.site.explorer.parts import Link, MetricEntry, SourceAge, TopicEntry
from moothall.site.explorer.sentences import count_words, name_day, name_edition_day, tag_age

_SHOWN_AT_HOME = 3


def make_home(release: Release) -> HomePage:
    """The first page."""
    return HomePage(
        release_id=release.record.id,
        topics=tuple(entry for entry in _list_topics(release, most=_SHOWN_AT_HOME) if entry.metrics),
        sources=tuple(_say_source_age(release, source) for source in release.sources() if source.editions),
        counts=release.record.counts,
        built=name_day(date.fromisoformat(release.record.built)),
    )


def make_metrics(release: Release) -> MetricsPage:
    """Every metric, by topic."""
    return MetricsPage(release.record.id, tuple(entry for entry in _list_topics(release) if entry.metrics))


def make_topics(release: Release) -> TopicsPage:
    """Every topic."""
    return TopicsPage(release.record.id, tuple(_list_topics(release)))


def make_topic(release: Release, key: str) -> TopicPage:
    """One topic; `UnknownKey` when there is no such topic."""
    topic = release.topic(key)
    metrics = tuple(_list_metric(release, metric) for metric in _with_figures(release, topic))
    return TopicPage(release.record.id, topic, metrics)


def _list_topics(release: Release, most: int | None = None) -> list[TopicEntry]:
    return [
        TopicEntry(
            title=topic.title,
            description=topic.description,
            address=topic_address(topic),
            metrics=tuple(_link_metric(metric) for metric in _choose(_with_figures(release, topic), most)),
        )
        for topic in release.topics()
    ]


def _choose(metrics: list[MetricRecord], most: int | None) -> list[MetricRecord]:
    """The first few, those that councils of every size can be compared in before plain amounts."""
    return metrics if most is None else sorted(metrics, key=is_total)[:most]


def _with_figures(release: Release, topic: TopicRecord) -> list[MetricRecord]:
    return [metric for metric in release.metrics(topic=topic.key) if metric.first_period is not None]


def topic_address(topic: TopicRecord) -> str:
    """A topic's page."""
    return f"/topics/{topic.key}"


def _link_metric(metric: MetricRecord) -> Link:
    return Link(metric.title, metric_address(metric.key))


def _list_metric(release: Release, metric: MetricRecord) -> MetricEntry:
    periods = release.periods(metric.key, metric.breakdowns[0])
    latest = next((each for each in periods if each.is_latest), periods[0])
    return MetricEntry(_link_metric(metric), metric.description, latest.label, tag_age(latest.end, _built(release)))


def _built(release: Release) -> date:
    return date.fromisoformat(release.record.built)


def _say_source_age(release: Release, source: SourceRecord) -> SourceAge:
    newest = source.editions[0]
    ends = [
        period.end
        for metric in release.metrics()
        if metric.source == source.key and metric.breakdowns
        for period in release.periods(metric.key, metric.breakdowns[0])
        if period.is_latest
    ]
    return SourceAge(
        title=source.title,
        publisher=source.publisher,
        newest=newest.title,
        age=tag_age(max(ends), _built(release)) if ends else "",
        published=name_edition_day(newest),
        newer_known=_say_newer(len(list_newer(source, newest.published))),
    )


def _say_newer(number: int) -> str:
    if not number:
        return ""
    said = count_words(number, "newer file exists and is", "newer files exist and are")
    return f"{said[0].upper()}{said[1:]} not here yet."


def list_newer(source: SourceRecord, published: str) -> tuple[int, ...]:
    """The places of the editions that are known, not held and newer than a day of publication."""
    return tuple(place for place, edition in enumerate(source.missing) if edition.published > published)
