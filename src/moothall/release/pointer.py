"""The pointer to the release that is served: publishing one, and going back to the one before."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from moothall.core.problems import Place, Problem, ProblemsFound
from moothall.release.directory import ID, MANIFEST, list_releases, read_manifest, sync, verify_checksums

POINTER = "current"
NEWEST = "newest"  # names the release that the last build gave, whether it was new or had been written before
HISTORY = "history.txt"
_PUBLISHED, _ROLLED_BACK = "published", "rolled-back"


class Turn(NamedTuple):
    """One line of the history: when which release came to be served, and how."""

    when: str
    release_id: str
    how: str


def current(releases: Path, env: Mapping[str, str]) -> Path:
    """The directory of the release to serve.

    The one that `MOOTHALL_RELEASE` in `env` names; else the one the pointer names; else, where there is no pointer, the
    newest. Raises `ProblemsFound` with `RELEASE_UNKNOWN` when there is none.
    """
    named = env.get("MOOTHALL_RELEASE")
    if named:
        directory = Path(named)
        if not (directory / MANIFEST).is_file():
            raise _unknown("MOOTHALL_RELEASE does not name a release.", directory)
        return directory
    pointed = read_pointer(releases)
    if pointed is not None:
        return _find(releases, pointed)
    return find_newest(releases)


def find_newest(releases: Path) -> Path:
    """The release that the last build gave; where nothing says which that was, the one written last.

    A release built as of an earlier day is never the newest. Raises `ProblemsFound` (`RELEASE_UNKNOWN`) when there is
    none.
    """
    named = _read_id(releases / NEWEST)
    if named is not None and _exists(releases, named):
        return releases / named
    written = [directory for directory in list_releases(releases) if not _looks_back(directory)]
    if not written:
        raise _unknown("There is no release; 'moothall build' makes one.", releases)
    return written[-1]


def note_newest(releases: Path, release_id: str) -> None:
    """Remember which release the last build gave."""
    if _read_id(releases / NEWEST) != release_id:
        _point(releases, NEWEST, release_id)


def list_fallbacks(releases: Path) -> list[Path]:
    """Whole releases to serve where the pointer's cannot be: those served before, the last first, then the others."""
    served = [releases / name for name in reversed(_list_served(releases)) if _exists(releases, name)]
    others = [path for path in reversed(list_releases(releases)) if not _looks_back(path)]
    return list(dict.fromkeys([*served, *others]))


def publish(releases: Path, release_id: str) -> None:
    """Serve a release from now on.

    Raises `ProblemsFound`: RELEASE_UNKNOWN when there is none of that id, RELEASE_DAMAGED when it is not as it was
    written.

    The pointer changes in one step and before the history, which is mended the next time if it was left a line short.
    """
    verify_checksums(_find(releases, release_id)).raise_errors()
    _turn(releases, release_id, _PUBLISHED)


def rollback(releases: Path) -> str:
    """Serve the release that was published before the present one, and return its id.

    Rolling back again goes further back. Raises `ProblemsFound` with `RELEASE_UNKNOWN` when there is nothing before.
    """
    served, present = _list_served(releases), read_pointer(releases)
    if present in served:
        while served.pop() != present:
            pass
    while served and not _exists(releases, served[-1]):
        served.pop()
    if not served:
        raise _unknown("No release was published before the present one.", releases / HISTORY)
    _turn(releases, served[-1], _ROLLED_BACK)
    return served[-1]


def read_pointer(releases: Path) -> str | None:
    """The id that the pointer names; none where there is no pointer."""
    return _read_id(releases / POINTER)


def read_history(releases: Path) -> list[Turn]:
    """What was served since when, oldest first; a line cut short is passed over."""
    try:
        lines = (releases / HISTORY).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    turns = [Turn(*parts) for line in lines if len(parts := line.split(" ")) == 3]
    return [turn for turn in turns if ID.fullmatch(turn.release_id) and turn.how in (_PUBLISHED, _ROLLED_BACK)]


def _list_served(releases: Path) -> list[str]:
    """The releases that were published one after another, without those that were rolled back."""
    served: list[str] = []
    for turn in read_history(releases):
        if turn.how == _ROLLED_BACK and turn.release_id in served:
            while served[-1] != turn.release_id:
                served.pop()
        elif not served or served[-1] != turn.release_id:
            served.append(turn.release_id)
    return served


def _turn(releases: Path, release_id: str, how: str) -> None:
    before, served = read_pointer(releases), _list_served(releases)
    if before is not None and (not served or served[-1] != before):
        _note(releases, before, _ROLLED_BACK if before in served else _PUBLISHED)
    _point(releases, POINTER, release_id)
    _note(releases, release_id, how)


def _read_id(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None


def _looks_back(directory: Path) -> bool:
    """Whether a release was built as of an earlier day, or its manifest cannot be read: neither is to be served."""
    try:
        return read_manifest(directory).get("as_of") is not None
    except (OSError, ValueError):
        return True


def _point(releases: Path, name: str, release_id: str) -> None:
    beside = releases / f".{name}-{os.getpid()}"
    with beside.open("w", encoding="utf-8") as file:
        file.write(f"{release_id}\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(releases / name)
    sync(releases)


def _note(releases: Path, release_id: str, how: str) -> None:
    line = f"{datetime.now(UTC).isoformat(timespec='seconds')} {release_id} {how}\n"
    with (releases / HISTORY).open("a+b") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a line cut short keeps to itself
                line = "\n" + line
        file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())


def _exists(releases: Path, release_id: str) -> bool:
    return ID.fullmatch(release_id) is not None and (releases / release_id / MANIFEST).is_file()


def _find(releases: Path, release_id: str) -> Path:
    if not _exists(releases, release_id):
        raise _unknown(f"There is no release {release_id!r}.", releases)
    return releases / release_id


def _unknown(message: str, where: Path) -> ProblemsFound:
    return ProblemsFound([Problem("RELEASE_UNKNOWN", message, Place(str(where)))])
