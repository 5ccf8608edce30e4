"""Revised: which of the releases that this copy published changed a metric, and how."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from moothall.release.changes import COUNT_WORDS, Difference, load_difference
from moothall.release.directory import MANIFEST
from moothall.release.history import HISTORY, PUBLISHED, list_served, read_history
from moothall.release.queries import Release
from moothall.site.explorer.changes import DEFINED_BY, anchor_metric
from moothall.site.explorer.parts import Link
from moothall.site.narrative.names import capitalise, count_words, join_words, name_day

MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Revision:
    """One release that changed a metric."""

    day: str  # that it was published on, "22 November 2026"
    link: Link  # to what it changed; its address is empty where the release is no longer kept
    words: str  # "12 revised, 33 added."


def list_revisions(release: Release, metric: str) -> tuple[Revision, ...]:
    """The releases that changed a metric, newest first, up to the one shown; none where nothing is known.

    Of releases that were rolled back nothing is told, and nothing of the first, which changed nothing.
    """
    releases = release.directory.parent
    try:
        stamp = (releases / HISTORY).stat().st_mtime_ns
    except OSError:
        return ()
    return _gather(releases, release.record.id, stamp).get(metric, ())[:MOST_LISTED]


@lru_cache(maxsize=2)
def _gather(releases: Path, shown: str, stamp: int) -> dict[str, tuple[Revision, ...]]:
    """Every metric's revisions; `stamp` is when the history was written last."""
    served = list_served(releases)
    if shown not in served:
        return {}
    days = {turn.release_id: turn.when for turn in read_history(releases) if turn.how == PUBLISHED}
    found: dict[str, list[Revision]] = defaultdict(list)
    for old, new in pairwise(served[: served.index(shown) + 1]):
        difference = load_difference(releases, old, new)
        if difference is None:
            continue
        day = name_day(datetime.fromisoformat(days[new]).date()) if new in days else ""
        is_kept = (releases / new / MANIFEST).is_file()
        for metric, words in _say_changes(difference).items():
            address = f"/releases/{new}#{anchor_metric(metric)}" if is_kept else ""
            found[metric].append(Revision(day, Link(f"Release {new}", address), words))
    return {metric: tuple(reversed(revisions)) for metric, revisions in found.items()}


def _say_changes(difference: Difference) -> dict[str, str]:
    """What changed, for each metric that did: its figures counted, then what was reworded."""
    said: dict[str, list[str]] = defaultdict(list)
    for metric in difference.metrics_added:
        said[metric].append("new here")
    for each in difference.metrics:
        if each.metric in difference.metrics_added:
            said[each.metric].append(f"with {count_words(each.added, 'figure', 'figures')}")
        else:
            counts = [(each.count(kind), words) for kind, words in COUNT_WORDS.items()]
            said[each.metric].append(f"figures: {', '.join(f'{many:,} {words}' for many, words in counts if many)}")
    words = {metric: f"{capitalise(', '.join(parts))}." for metric, parts in said.items()}
    for rewording in difference.metrics_reworded:
        what = join_words([DEFINED_BY.get(column, column) for column in rewording.columns])
        words[rewording.metric] = f"{words.get(rewording.metric, '')} Reworded: {what}.".strip()
    return words
