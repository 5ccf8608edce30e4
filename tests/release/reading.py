"""Publishing as a careful person does: what changes is read first."""

from __future__ import annotations

from pathlib import Path

from moothall.release.changes import Difference, keep_difference
from moothall.release.diff import diff
from moothall.release.history import note_reading
from moothall.release.pointer import find_served, publish
from moothall.release.queries import Release


def make_difference(old: str, new: str) -> Difference:
    """A difference in which nothing changed."""
    return Difference(old, new, {}, (), (), (), (), (), (), (), ())


def note_unchanged(releases: Path, old: str, new: str) -> None:
    """Have it that these two were compared, and that nothing had changed."""
    keep_difference(releases, make_difference(old, new))
    note_reading(releases, old, new)


def turn_to(releases: Path, release_id: str) -> None:
    """Publish a release that need not be a real one."""
    served = find_served(releases)
    if served is not None and served != release_id:
        note_unchanged(releases, served, release_id)
    publish(releases, release_id)


def compare_and_publish(releases: Path, release_id: str) -> None:
    """Publish a real release, after what it changes was worked out and read."""
    served = find_served(releases)
    if served is not None and served != release_id:
        keep_difference(releases, diff(*(Release.open(releases / each) for each in (served, release_id))))
        note_reading(releases, served, release_id)
    publish(releases, release_id)
