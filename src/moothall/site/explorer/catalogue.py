"""The catalogue: every metric by its topic, with what it measures, its age and its coverage, and a form to find one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.http import QueryDict

from moothall.core.values import Kind
from moothall.release.queries import Release
from moothall.release.records import MetricRecord, SourceRecord, TopicRecord
from moothall.site.addresses import catalogue_address, metric_address, topic_address
from moothall.site.explorer.asked import read_choice, read_one
from moothall.site.explorer.lives import note_quality
from moothall.site.explorer.pages import MetricsPage
from moothall.site.explorer.parts import Choice, Link
from moothall.site.explorer.parts_catalogue import CatalogueForm, CatalogueMetric, CatalogueTopic
from moothall.site.explorer.provenance import find_sources
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.names import capitalise, count_words

_KINDS = {
    Kind.INPUT: "What goes in: money or people",
    Kind.OUTPUT: "What is done",
    Kind.OUTCOME: "What comes of it",
    Kind.CONTEXT: "Background",
}
_AGES = {"new": "Not old", "old": "Old"}
_FILES = {"known": "A newer file is known and not here", "all": "No newer file is known"}


class _Asked(NamedTuple):
    """What the catalogue is narrowed down to; an empty text leaves a dimension open."""

    q: str
    topic: str
    kind: str
    source: str
    age: str
    files: str

    def wants(self, metric: MetricRecord, sources: Sequence[SourceRecord]) -> bool:
        """Whether a metric, which rests on some sources, is asked for."""
        is_newer_known = any(source.missing_newer for source in sources)
        return (
            self.topic in ("", metric.topic)
            and self.kind in ("", metric.kind)
            and (not self.source or any(source.key == self.source for source in sources))
            and self.age in ("", "old" if metric.is_old else "new")
            and self.files in ("", "known" if is_newer_known else "all")
        )


def make_metrics(release: Release, asked: QueryDict) -> MetricsPage:
    """Every metric, or those asked for; `Refused` for a choice that there is not."""
    wanted = _Asked(
        q=read_one(asked, "q"),
        topic=read_choice(asked, "topic", [topic.key for topic in release.topics()], ""),
        kind=read_choice(asked, "kind", [str(kind) for kind in _KINDS], ""),
        source=read_choice(asked, "source", [source.key for source in release.sources()], ""),
        age=read_choice(asked, "age", _AGES, ""),
        files=read_choice(asked, "files", _FILES, ""),
    )
    held = [metric for metric in release.metrics() if metric.first_period is not None]
    said = _find_said(release, wanted.q) if wanted.q else held
    found = [metric for metric in said if wanted.wants(metric, find_sources(release, metric))]
    listed = (_list_topic(release, topic, found) for topic in release.topics())
    return MetricsPage(
        release_id=release.record.id,
        sentence=_say_found(release, found, held, is_narrowed=any(wanted)),
        form=_make_form(release, wanted),
        topics=tuple(topic for topic in listed if topic.metrics),
        to_come=tuple(
            Link(f"{metric.title}: {metric.status.label.lower()}", metric_address(metric.key))
            for metric in release.metrics()
            if not metric.status.has_figures
        ),
        canonical=catalogue_address(**wanted._asdict()),
    )


def _find_said(release: Release, words: str) -> list[MetricRecord]:
    """The metrics that the search finds for these very words, those whose own words they are where there are any."""
    subjects = release.search_subjects(words, len(release.metrics()))
    return [] if subjects.instead else subjects.near_metrics


def _list_topic(release: Release, topic: TopicRecord, found: Iterable[MetricRecord]) -> CatalogueTopic:
    own = [metric for metric in found if metric.topic == topic.key]
    old = sum(metric.is_old for metric in own)
    many = f"{len(own)} metric{'s' if len(own) != 1 else ''}"
    return CatalogueTopic(
        title=topic.title,
        anchor=topic.key,
        address=topic_address(topic.key),
        count=f"{many}, {'all' if old == len(own) > 1 else old} old" if old else many,
        metrics=tuple(_list_metric(release, metric) for metric in own),
    )


def _list_metric(release: Release, metric: MetricRecord) -> CatalogueMetric:
    periods = release.periods(metric.key, metric.breakdowns[0])
    latest = next((period for period in periods if period.is_latest), periods[0])
    return CatalogueMetric(
        link=Link(metric.title, metric_address(metric.key)),
        kind=_KINDS[metric.kind].partition(":")[0],
        quality=note_quality(metric),
        latest=latest.label,
        age=tag_age(latest.end, release.built, metric.old_after),
        coverage=f"{latest.with_value:,} of {latest.eligible:,} councils",
    )


def _say_found(
    release: Release, found: Sequence[MetricRecord], held: Sequence[MetricRecord], *, is_narrowed: bool
) -> str:
    if is_narrowed and not found:
        return "No metric fits. Leave out a word or a choice."
    old = sum(metric.is_old for metric in found)
    whole = count_words(len(held), "metric", "metrics")
    many = f"{len(found):,} of {whole}" if is_narrowed else whole
    sources = {source.key for metric in found for source in find_sources(release, metric)}
    topics = {metric.topic for metric in found}
    where = f"{count_words(len(topics), 'topic', 'topics')}, from {count_words(len(sources), 'source', 'sources')}"
    return f"{capitalise(many)} in {where}.{f' Of {old:,} even the newest figures are old.' if old else ''}"


def _make_form(release: Release, wanted: _Asked) -> CatalogueForm:
    sources = sorted(release.sources(), key=lambda source: source.title.casefold())
    return CatalogueForm(
        words=wanted.q,
        topics=tuple(Choice(each.key, each.title, each.key == wanted.topic) for each in release.topics()),
        kinds=tuple(Choice(kind, text, kind == wanted.kind) for kind, text in _KINDS.items()),
        sources=tuple(Choice(each.key, each.title, each.key == wanted.source) for each in sources),
        ages=tuple(Choice(key, text, key == wanted.age) for key, text in _AGES.items()),
        missing=tuple(Choice(key, text, key == wanted.files) for key, text in _FILES.items()),
        is_used=any(wanted),
    )
