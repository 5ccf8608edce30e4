"""The first page, and how old the figures of each source are."""

from __future__ import annotations

from moothall.core.ages import find_old_after
from moothall.release.queries import Release
from moothall.release.records import SourceRecord
from moothall.site.explorer.pages import HomePage
from moothall.site.explorer.parts import SourceAge
from moothall.site.explorer.sentences import name_edition_day
from moothall.site.explorer.topics import list_topics
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.names import capitalise, count_words, name_day


def make_home(release: Release) -> HomePage:
    """The first page."""
    return HomePage(
        release_id=release.record.id,
        topics=tuple(entry for entry in list_topics(release) if entry.metrics),
        sources=tuple(_say_source_age(release, source) for source in release.sources() if source.editions),
        counts=release.record.counts,
        built=name_day(release.built),
    )


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
        age=tag_age(max(ends), release.built, find_old_after(source.cadence_months)) if ends else "",
        published=name_edition_day(newest),
        newer_known=_say_newer(len(source.missing_newer)),
    )


def _say_newer(number: int) -> str:
    if not number:
        return ""
    said = count_words(number, "newer file exists and is", "newer files exist and are")
    return f"{capitalise(said)} not here yet."
