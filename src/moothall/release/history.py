"""The history of a copy: what it served since when, and which differences were read, one line each in order."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from moothall.release.directory import ID

HISTORY = "history.txt"
PUBLISHED, ROLLED_BACK = "published", "rolled-back"
_READ = "read"
_BETWEEN = ".."
Reads = Literal["read", "spent", "another", ""]


class Turn(NamedTuple):
    """One line of the history: when which release came to be served, and how."""

    when: str
    release_id: str
    how: str


class Reading(NamedTuple):
    """One line of the history: when somebody read what changes from one release to another."""

    when: str
    old: str
    new: str


class Span(NamedTuple):
    """A time in which one release was served without a break."""

    release_id: str
    how: str  # it came to be served
    since: str
    until: str | None  # none of the last
    before: str | None  # the release served until then; none of the first


def read_history(releases: Path) -> list[Turn]:
    """What was served since when, oldest first; a line cut short is passed over."""
    return [line for line in _read_lines(releases) if isinstance(line, Turn)]


def list_spans(releases: Path) -> list[Span]:
    """The times in which one release was served without a break, oldest first."""
    spans: list[Span] = []
    for turn in read_history(releases):
        last = spans[-1] if spans else None
        if last is None or last.release_id != turn.release_id:
            if last is not None:
                spans[-1] = last._replace(until=turn.when)
            spans.append(Span(turn.release_id, turn.how, turn.when, None, last.release_id if last else None))
    return spans


def list_served(releases: Path) -> list[str]:
    """The releases that were published one after another, without those that were rolled back."""
    served: list[str] = []
    for turn in read_history(releases):
        if turn.how == ROLLED_BACK and turn.release_id in served:
            while served[-1] != turn.release_id:
                served.pop()
        elif not served or served[-1] != turn.release_id:
            served.append(turn.release_id)
    return served


def find_reading(releases: Path, old: str, new: str) -> Reads:
    """Whether what changes from `old` to `new` was read; a reading counts until the new one is served, or taken off.

    "spent" when it was read and one of these happened since, "another" when the new one was only compared with others,
    empty when it was compared with none.
    """
    found: Reads = ""
    served = ""
    for line in _read_lines(releases):
        if isinstance(line, Turn):
            found = "spent" if found == "read" and new in (line.release_id, served) else found
            served = line.release_id
        elif line.new == new:
            found = "read" if line.old == old else found or "another"
    return found


def note_turn(releases: Path, release_id: str, how: str) -> None:
    """Add that a release is served from now on."""
    _note(releases, release_id, how)


def note_reading(releases: Path, old: str, new: str) -> None:
    """Add that what changes from one release to the other was read."""
    _note(releases, name_difference(old, new), _READ)


def name_difference(old: str, new: str) -> str:
    """What the difference of two releases is called."""
    return f"{old}{_BETWEEN}{new}"


def _read_lines(releases: Path) -> list[Turn | Reading]:
    try:
        lines = (releases / HISTORY).read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [read for line in lines if (read := _read_line(line)) is not None]


def _read_line(line: str) -> Turn | Reading | None:
    try:
        when, subject, how = line.split(" ")
        datetime.fromisoformat(when)
    except ValueError:
        return None
    if how in (PUBLISHED, ROLLED_BACK) and ID.fullmatch(subject):
        return Turn(when, subject, how)
    old, between, new = subject.partition(_BETWEEN)
    if how == _READ and between and ID.fullmatch(old) and ID.fullmatch(new):
        return Reading(when, old, new)
    return None


def _note(releases: Path, subject: str, how: str) -> None:
    line = f"{datetime.now(UTC).isoformat(timespec='seconds')} {subject} {how}\n"
    with (releases / HISTORY).open("a+b") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a line cut short keeps to itself
                line = "\n" + line
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
