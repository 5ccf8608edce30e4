"""Feeds: what each release changed, in Atom, of everything, of one council or of one metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from itertools import pairwise
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed

from moothall.core.periods import parse_key
from moothall.release.changes import COUNT_WORDS, COUNTED, LARGEST, Change, Difference, load_difference
from moothall.release.history import list_served
from moothall.release.queries import Release
from moothall.release.records import AreaRecord
from moothall.site.addresses import area_address, metric_address, trace_address
from moothall.site.explorer.answering import answer_with
from moothall.site.explorer.asked import Redirected
from moothall.site.explorer.breakdowns import add_breakdown
from moothall.site.explorer.changes import DEFINED_BY, NOT_KEPT, sum_up
from moothall.site.narrative.names import count_words
from moothall.site.origin import find_origin

_LARGEST = count_words(LARGEST, "largest change", "largest changes")
FEED = "application/atom+xml; charset=utf-8"


class _Feed(Atom1Feed):
    """Dated by the day of the release shown where nothing has changed yet."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.feed["day"]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What one release changed: in a sentence, and in lines that may lead somewhere."""

    release_id: str
    title: str
    address: str
    lines: tuple[tuple[str, str], ...]  # words, and the address they lead to or nothing


@dataclass(frozen=True, slots=True)
class ChangeFeed:
    """A feed, its entries newest first."""

    address: str
    page: str
    title: str
    subtitle: str
    day: date  # of the release shown, when nothing has changed yet
    entries: tuple[FeedEntry, ...]


def make_release_feed(release: Release, request: HttpRequest) -> ChangeFeed:
    """`/releases/feed`: the releases that this copy published, newest first."""
    differences = {each.new: each for each in _list_differences(release)}
    served = list_served(release.directory.parent) or [release.record.id]
    entries = tuple(
        FeedEntry(
            each,
            f"Release {each}",
            f"/releases/{each}",
            ((_say_release(each, served[0], differences), ""),),
        )
        for each in reversed(served)
    )
    subtitle = "Every release of the figures, with what it changed."
    return ChangeFeed("/releases/feed", "/releases", "Moothall: releases", subtitle, release.built, entries)


def make_metric_feed(release: Release, request: HttpRequest, key: str) -> ChangeFeed:
    """`/metrics/<key>/feed`: what each release changed in one metric."""
    metric = release.metric(key)
    if metric.key != key:
        raise Redirected(f"{metric_address(metric.key)}/feed", permanent=True)
    entries = tuple(
        FeedEntry(
            each.new,
            f"{metric.title}: release {each.new}",
            f"/releases/{each.new}#changes-{key}",
            lines,
        )
        for each in _list_differences(release)
        if (lines := tuple(_say_metric(each, key, release)))
    )
    page = metric_address(key)
    title = f"Moothall: {metric.title}"
    subtitle = f"What each release changed in this metric: all of it counted, and the {_LARGEST}."
    return ChangeFeed(f"{page}/feed", page, title, subtitle, release.built, entries)


def make_area_feed(release: Release, request: HttpRequest, code: str) -> ChangeFeed:
    """`/areas/<code>/feed`: what each release changed for one council."""
    area = release.area(code)
    if area.code != code:
        raise Redirected(f"/areas/{area.code}/feed", permanent=True)
    entries = tuple(
        FeedEntry(each.new, f"{area.name}: release {each.new}", f"/releases/{each.new}", lines)
        for each in _list_differences(release)
        if (lines := tuple(_say_area(each, area, release)))
    )
    subtitle = (
        "What each release changed for this council: its new figures, and its changes that are among the "
        f"{_LARGEST} of a metric. Smaller ones are not told here. The page of the release counts them all."
    )
    return ChangeFeed(
        f"/areas/{code}/feed", area_address(area), f"Moothall: {area.name}", subtitle, release.built, entries
    )


def send_feed(request: HttpRequest, made: ChangeFeed) -> HttpResponse:
    """The feed as Atom: every entry keeps its id for good, and is dated by the day of its release."""
    origin = find_origin(request)
    feed = _Feed(
        title=made.title,
        link=origin + made.page,
        description=made.subtitle,
        subtitle=made.subtitle,
        language="en-GB",
        author_name="Moothall",
        feed_url=origin + made.address,
        feed_guid=_name(made.address),
        day=_at_midnight(made.day),
    )
    for entry in made.entries:
        feed.add_item(
            title=entry.title,
            link=origin + entry.address,
            description=_write_list(entry.lines, origin),
            unique_id=_name(f"{made.address}#{entry.release_id}"),
            updateddate=_find_day(entry.release_id),
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=FEED)


def _say_release(release_id: str, first: str, differences: Mapping[str, Difference]) -> str:
    if release_id in differences:
        return sum_up(differences[release_id])
    return "The first release in the record of this copy." if release_id == first else NOT_KEPT


def _list_differences(release: Release) -> list[Difference]:
    """What one release after another changed, newest first, as far as it is kept."""
    releases = release.directory.parent
    found = (load_difference(releases, old, new) for old, new in pairwise(list_served(releases)))
    return [each for each in reversed(list(found)) if each is not None]


def _say_metric(difference: Difference, key: str, release: Release) -> Iterator[tuple[str, str]]:
    counted = next((each for each in difference.metrics if each.metric == key), None)
    if key in difference.metrics_added:
        yield "This metric is new.", metric_address(key)
    if counted is not None:
        said = [f"{counted.count(kind):,} {COUNT_WORDS[kind]}" for kind in COUNTED if counted.count(kind)]
        yield f"Figures: {', '.join(said)}.", ""
        for label, periods in (("New", counted.new_periods), ("Gone", counted.gone_periods)):
            if periods:
                yield f"{label}: {', '.join(parse_key(each).label for each in periods)}.", ""
        for change in counted.largest:
            yield f"{change.area_name}, {_say_change(change)}", _trace(key, change, difference, release)
    reworded = next((each for each in difference.metrics_reworded if each.metric == key), None)
    if reworded is not None:
        yield f"Described otherwise: {', '.join(DEFINED_BY.get(name, name) for name in reworded.columns)}.", ""


def _say_area(difference: Difference, area: AreaRecord, release: Release) -> Iterator[tuple[str, str]]:
    """Changes that the record spells out, and figures of new periods that the release shown has."""
    held = {(each.metric, each.period) for each in release.area_figures(area.code) if each.value is not None}
    for metric in difference.metrics:
        title = difference.titles.get(metric.metric, metric.metric)
        is_known = metric.metric not in difference.metrics_removed
        for period in metric.new_periods:
            if (metric.metric, period) in held:
                yield (
                    f"New: {title}, {parse_key(period).label}.",
                    metric_address(metric.metric, area=area.code),
                )
        for change in metric.largest:
            if change.area == area.code:
                address = _trace(metric.metric, change, difference, release) if is_known else ""
                yield f"{title}, {_say_change(change)}", address


def _say_change(change: Change) -> str:
    period = add_breakdown(parse_key(change.period).label, change.breakdown)
    return f"{period}: {change.old_text or 'no figure'} before, now {change.new_text or 'no figure'}."


def _trace(metric: str, change: Change, difference: Difference, release: Release) -> str:
    if change.kind == "removed" or difference.new != release.record.id:
        return ""
    return trace_address(metric, change.area, change.period, change.breakdown)


def _write_list(lines: tuple[tuple[str, str], ...], origin: str) -> str:
    def write(words: str, address: str) -> str:
        said = escape(words)
        return f'<li><a href="{escape(origin + address)}">{said}</a></li>' if address else f"<li>{said}</li>"

    return f"<ul>{''.join(write(*line) for line in lines)}</ul>"


def _name(address: str) -> str:
    """An id that stays the same wherever the copy is served."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'moothall:{address}')}"


def _find_day(release_id: str) -> datetime:
    """The day of a release, with which its id begins."""
    return _at_midnight(date.fromisoformat(release_id[:10]))


def _at_midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


show_release_feed = answer_with(make_release_feed, send_feed)
show_metric_feed = answer_with(make_metric_feed, send_feed)
show_area_feed = answer_with(make_area_feed, send_feed)
