"""Parts of the pages that say who is worth learning from."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.site.explorer.parts import Link


@dataclass(frozen=True, slots=True)
class ExemplarEntry:
    """One thing that a council is worth learning from for: the metric, what is said, and whether it is provisional."""

    metric: Link
    reason: str  # why it is listed, where a page does not say so above
    sentence: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class ExemplarCouncil:
    """A council with what it is worth learning from for, in the order of metrics."""

    name: str
    class_label: str
    entries: tuple[ExemplarEntry, ...]


@dataclass(frozen=True, slots=True)
class ExemplarTopic:
    """The councils worth learning from in one topic, by name."""

    title: str
    anchor: str
    several: tuple[Link, ...]  # among the top tenth in several metrics, each to its page of the topic
    changes: tuple[ExemplarCouncil, ...]
    tops: tuple[ExemplarCouncil, ...]  # empty where they are only counted
    counted: str  # how many are among the top tenth
    whole: Link | None  # to the topic by itself, where its top tenth is only counted


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of the list: what was asked, what came out, and what is wanted."""

    asked: str
    found: str
    wanted: str
