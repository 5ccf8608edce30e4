"""What changed from one release to another, and where that is kept for readers."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from moothall.release.directory import list_releases, sync
from moothall.release.history import HISTORY, name_difference

CHANGES = "changes"
"""The folder beside the releases that differences are kept in."""
LARGEST = 5
"""How many changes of each metric are spelled out."""
Counted = Literal["removed", "lost", "changed", "marked", "gained", "added"]
COUNTED: tuple[Counted, ...] = ("removed", "lost", "changed", "marked", "gained", "added")
"""How a figure can differ, what matters first: each figure that differs is counted in one of them."""

COUNT_WORDS: dict[Counted, str] = {
    "removed": "removed",
    "lost": "without the value they had",
    "changed": "revised",
    "marked": "with another marker or interval",
    "gained": "with a value where there was none",
    "added": "added",
}
"""What is said of so many figures."""

COUNT_HEADINGS: dict[Counted, str] = {
    "removed": "Removed",
    "lost": "Lost their value",
    "changed": "Revised",
    "marked": "Another marker or interval",
    "gained": "Have a value now",
    "added": "Added",
}
"""What a column of such counts is headed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two releases: as stored, and in the words that each release shows for it."""

    kind: Counted
    breakdown: str
    area: str
    area_name: str
    period: str
    old_value: float | None
    new_value: float | None
    old_marker: str | None
    new_marker: str | None
    old_text: str
    new_text: str


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """How many of a metric's figures differ, and the changes that matter most."""

    metric: str
    had: int  # figures with a value in the old release
    removed: int  # figures that are no more in the release
    lost: int  # had a value, have none
    changed: int  # have another value
    marked: int  # have the value they had, or still none, with another marker or interval
    gained: int  # had no value, have one
    added: int  # figures that were not in the release
    new_periods: tuple[str, ...]  # keys of periods for which only the new release has figures
    gone_periods: tuple[str, ...]  # keys of those for which only the old one had
    largest: tuple[Change, ...]  # of periods that both have: values gone first, then by the size of the change

    def count(self, kind: Counted) -> int:
        """How many of its figures differ in this way."""
        return int(getattr(self, kind))

    @property
    def total(self) -> int:
        """How many of its figures differ."""
        return sum(self.count(kind) for kind in COUNTED)


@dataclass(frozen=True, slots=True)
class Rewording:
    """A metric whose definition differs, and in which columns of the release's table of metrics."""

    metric: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from the old release to the new one.

    `metrics` has those of which any figure differs, what matters first; every other list is in the order of keys.
    """

    old: str
    new: str
    titles: dict[str, str]  # of every metric and edition that is named
    metrics_added: tuple[str, ...]
    metrics_removed: tuple[str, ...]
    metrics_reworded: tuple[Rewording, ...]
    editions_added: tuple[str, ...]
    editions_removed: tuple[str, ...]
    editions_replaced: tuple[str, ...]  # the same edition, read from another file
    tables: tuple[str, ...]  # tables that differ and of which nothing is said above
    metrics: tuple[MetricDifference, ...]
    format: Literal[1] = 1

    @property
    def kept_metrics(self) -> list[MetricDifference]:
        """Those of `metrics` that both releases have."""
        apart = {*self.metrics_added, *self.metrics_removed}
        return [each for each in self.metrics if each.metric not in apart]

    def count(self, kind: Counted) -> int:
        """How many figures of metrics that both releases have differ in this way."""
        return sum(each.count(kind) for each in self.kept_metrics)

    def count_of(self, metrics: Collection[str]) -> int:
        """How many figures of these metrics differ."""
        return sum(each.total for each in self.metrics if each.metric in metrics)

    def as_json(self) -> dict[str, Any]:
        """The difference as plain data."""
        return asdict(self)


def keep_difference(releases: Path, difference: Difference) -> Path:
    """Write a difference where the site finds it, whole or not at all; the same difference gives the same bytes."""
    folder = releases / CHANGES
    folder.mkdir(exist_ok=True)
    path = locate_difference(releases, difference.old, difference.new)
    beside = folder / f".{path.name}-{os.getpid()}"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(difference.as_json(), file, indent=1, ensure_ascii=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync(folder)
    return path


def load_difference(releases: Path, old: str, new: str) -> Difference | None:
    """The difference kept of these two releases; none when it was not kept, is damaged or is of others."""
    try:
        text = locate_difference(releases, old, new).read_bytes()
        found = _READER.validate_json(text)
    except (OSError, ValidationError):
        return None
    return found if (found.old, found.new) == (old, new) else None


def locate_difference(releases: Path, old: str, new: str) -> Path:
    """Where the difference of two releases is kept."""
    return releases / CHANGES / f"{name_difference(old, new)}.json"


def digest_record(releases: Path) -> str:
    """The sha256 of what this copy remembers: its history, the differences kept, and which releases are still here."""
    digest = hashlib.sha256()
    history = releases / HISTORY
    digest.update(history.read_bytes() if history.is_file() else b"")
    for path in sorted((releases / CHANGES).glob("*.json")):
        known = path.stat()
        digest.update(f"{path.name} {known.st_size} {known.st_mtime_ns}\n".encode())
    digest.update("\n".join(path.name for path in list_releases(releases)).encode())
    return digest.hexdigest()


_READER = TypeAdapter(Difference)
