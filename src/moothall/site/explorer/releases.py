"""Pages about releases: those this copy has shown, what each changed, and what it was made from."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from moothall.core.periods import parse_key
from moothall.core.problems import KINDS
from moothall.release.changes import Difference, load_difference
from moothall.release.directory import ID, MANIFEST
from moothall.release.history import PUBLISHED, ROLLED_BACK, Span, list_spans
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import api_changes_address
from moothall.site.explorer.changes import (
    NOT_KEPT,
    ReleaseChanges,
    ServedRelease,
    list_changes,
    list_nothing,
    sum_up,
)
from moothall.site.explorer.life_parts import AcceptedCase
from moothall.site.explorer.pages_about import ReleasePage, ReleasesPage
from moothall.site.explorer.parts import Link, SettledCase
from moothall.site.explorer.release_files import list_files
from moothall.site.explorer.takeaway import LISTS, offer
from moothall.site.narrative.names import count_words, name_day
from moothall.site.served import NothingServed, open_earlier

_CURRENT = "current"
_CODE = re.compile(r"E\d{8}")
_SETTLED = {
    "correction": "Read as another area",
    "ignore": "Left out",
    "joint": "Reported together",
    "duplicate": "Taken once",
}


def make_releases(release: Release) -> ReleasesPage:
    """The releases that this copy has shown, newest first."""
    record = release.record
    spans = list_spans(release.directory.parent)
    last = spans[-1] if spans and spans[-1].release_id == record.id else None
    entries = tuple(_list_entry(release, span, is_shown=span is last) for span in reversed(spans))
    shown = ServedRelease(
        link=Link(record.id, f"/releases/{record.id}"),
        day=name_day(release.built),
        since=_name_time(last.since) if last else "",
        how="",
        is_shown=True,
        words="",
    )
    return ReleasesPage(record.id, shown, entries)


def make_release(release: Release, release_id: str) -> ReleasePage:
    """What a release changed and holds: the one served, or one served before; `UnknownKey` for any other."""
    spans = list_spans(release.directory.parent)
    asked = release if release_id in {release.record.id, _CURRENT} else _find_earlier(release, release_id, spans)
    is_shown = asked is release
    notice, link = _notice(release, asked, spans)
    difference = find_difference(release, asked.record.id)
    return ReleasePage(
        release_id=release.record.id,
        release=asked.record,
        built=name_day(asked.built),
        is_shown=is_shown,
        times=tuple(
            _name_span(span, is_shown=is_shown) for span in reversed(spans) if span.release_id == asked.record.id
        ),
        notice=notice,
        notice_link=link,
        changes=_show_changes(release, asked, spans, difference),
        download=offer("what changed", LISTS, partial(api_changes_address, asked.record.id)) if difference else None,
        files=list_files(asked.directory),
        sources=tuple(asked.sources()),
        settled=_gather_settled(asked),
        accepted=_gather_accepted(asked),
    )


def _list_entry(release: Release, span: Span, *, is_shown: bool) -> ServedRelease:
    since = datetime.fromisoformat(span.since)
    return ServedRelease(
        link=_link(release, span.release_id),
        day=name_day(since.date()),
        since=_name_time(span.since),
        how="Went back to" if span.how == ROLLED_BACK else "Published",
        is_shown=is_shown,
        words=_say_turn(release, span),
    )


def _say_turn(release: Release, span: Span) -> str:
    if span.how == ROLLED_BACK:
        return f"What release {span.before} had changed no longer holds."
    if span.before is None:
        return "The first release that this copy published."
    difference = load_difference(release.directory.parent, span.before, span.release_id)
    return sum_up(difference) if difference else NOT_KEPT


def find_difference(release: Release, release_id: str) -> Difference | None:
    """What a release changed when it was published last, where that is kept; `UnknownKey` for one never shown here."""
    releases = release.directory.parent
    asked = release.record.id if release_id == _CURRENT else find_directory(release, release_id).name
    published = _list_published(list_spans(releases), asked)
    before = published[-1].before if published else None
    return load_difference(releases, before, asked) if before is not None else None


def _list_published(spans: list[Span], release_id: str) -> list[Span]:
    return [span for span in spans if span.release_id == release_id and span.how == PUBLISHED]


def _show_changes(release: Release, asked: Release, spans: list[Span], difference: Difference | None) -> ReleaseChanges:
    """What the release changed when it was published last."""
    published = _list_published(spans, asked.record.id)
    if not published:
        return list_nothing(asked, None, "This copy keeps no record of what it showed before, so it cannot say.")
    before = published[-1].before
    if before is None:
        return list_nothing(asked, None, "This is the first release that this copy published.")
    link = _link(release, before)
    if difference is None:
        return list_nothing(asked, link, NOT_KEPT)
    return list_changes(difference, asked, link, is_shown=asked is release)


def _notice(release: Release, asked: Release, spans: list[Span]) -> tuple[str, Link | None]:
    if asked is not release:
        return "This copy shows another release now:", Link(release.record.id, f"/releases/{release.record.id}")
    last = spans[-1] if spans else None
    if last is None or last.how != ROLLED_BACK or last.release_id != release.record.id or last.before is None:
        return "", None
    said = f"This copy went back to this release on {_name_time(last.since)}. This one no longer holds:"
    return said, _link(release, last.before)


def find_directory(release: Release, release_id: str) -> Path:
    """Where a release is that this copy shows or has shown; `UnknownKey` for any other."""
    if release_id == release.record.id:
        return release.directory
    if _was_shown(release, release_id, list_spans(release.directory.parent)):
        return release.directory.parent / release_id
    raise UnknownKey("release", release_id)


def _was_shown(release: Release, release_id: str, spans: list[Span]) -> bool:
    return release_id in {span.release_id for span in spans} and _is_kept(release.directory.parent, release_id)


def _find_earlier(release: Release, release_id: str, spans: list[Span]) -> Release:
    if _was_shown(release, release_id, spans):
        try:
            return open_earlier(release.directory.parent / release_id)
        except NothingServed:
            pass
    raise UnknownKey("release", release_id)


def _link(release: Release, release_id: str) -> Link:
    is_kept = release_id == release.record.id or _is_kept(release.directory.parent, release_id)
    return Link(release_id, f"/releases/{release_id}" if is_kept else "")


def _is_kept(releases: Path, release_id: str) -> bool:
    return ID.fullmatch(release_id) is not None and (releases / release_id / MANIFEST).is_file()


def _name_time(when: str) -> str:
    time = datetime.fromisoformat(when)
    return f"{name_day(time.date())}, {time:%H:%M} UTC"


def _name_span(span: Span, *, is_shown: bool) -> str:
    if span.until is None:
        return f"Since {_name_time(span.since)}" if is_shown else f"From {_name_time(span.since)}"
    return f"From {_name_time(span.since)} to {_name_time(span.until)}"


def _gather_accepted(release: Release) -> tuple[AcceptedCase, ...]:
    """What the checks found and was accepted, each reason once with every metric and period it is about."""
    titles = {metric.key: metric.title for metric in release.metrics()}
    cases: dict[tuple[str, str], list[str]] = {}
    for found in release.record.findings:
        if found.reason is not None:
            title = titles.get(found.metric_key, found.metric_key)
            said = f"{title}, {parse_key(found.period).label}: {_name_areas(release, found.said)}"
            cases.setdefault((KINDS[found.code].title, found.reason), []).append(said)
    return tuple(AcceptedCase(check, reason, tuple(places)) for (check, reason), places in cases.items())


def _name_areas(release: Release, said: str) -> str:
    """What a check said, with the names of areas for their codes."""
    names = {code: release.area(code).name for code in set(_CODE.findall(said))}
    return _CODE.sub(lambda code: names[code[0]], said)


def _gather_settled(release: Release) -> tuple[SettledCase, ...]:
    """The rows settled by a rule, each reason once with every file and table it is about."""
    titles = {edition.key: edition.title for source in release.sources() for edition in source.editions}
    cases: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in release.record.settled:
        cases.setdefault((row["rule"], row["reason"]), []).append(row)
    return tuple(
        SettledCase(
            done=_SETTLED[rule],
            reason=reason,
            rows=sum(row["rows"] for row in rows),
            places=tuple(
                f"{titles.get(row['edition_key'], row['edition_key'])}, table “{row['table']}”: "
                f"{count_words(row['rows'], 'row', 'rows')}, the first at {row['first_cell']}"
                for row in rows
            ),
        )
        for (rule, reason), rows in cases.items()
    )
