"""The pointer to the release that is served: publishing one, and going back to the one before."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from moothall.core.problems import Place, Problem, Problems, ProblemsFound
from moothall.release.changes import load_difference
from moothall.release.directory import (
    DAMAGED,
    FORMAT,
    ID,
    MANIFEST,
    list_releases,
    read_manifest,
    sync,
    verify_checksums,
)
from moothall.release.history import HISTORY, PUBLISHED, ROLLED_BACK, find_reading, list_served, note_turn

POINTER = "current"
NEWEST = "newest"  # names the release that the last build gave, whether it was new or had been written before


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
    served = [releases / name for name in reversed(list_served(releases)) if _exists(releases, name)]
    others = [path for path in reversed(list_releases(releases)) if not _looks_back(path)]
    return list(dict.fromkeys([*served, *others]))


def publish(releases: Path, release_id: str) -> Problems:
    """Serve a release from now on.

    Raises `ProblemsFound`: RELEASE_UNKNOWN when there is none of that id, RELEASE_DAMAGED when it is not as it was
    written, ARGUMENT_INVALID when it looks back, QUALITY_UNACCEPTED when a check found an error that nobody accepted,
    DIFF_UNREAD when another release is served and what changes from that one was not read. Returns warnings of what is
    damaged in the release served until now: a damaged release has to be replaceable, and there is no telling what
    changes from it.

    The pointer changes in one step and before the history, which is mended the next time if it was left a line short.
    """
    directory = _find(releases, release_id)
    verify_checksums(directory).raise_errors()
    if _looks_back(directory):
        message = f"{release_id} was built as of an earlier day: such a release is for looking back, never published."
        raise ProblemsFound([Problem("ARGUMENT_INVALID", message)])
    _require_quality(directory)
    with _alone(releases):
        served = find_served(releases)
        damage = Problems()
        if served is not None and served != release_id:
            damage = _require_reading(releases, served, release_id)
        _turn(releases, release_id, PUBLISHED)
    return damage


def rollback(releases: Path) -> str:
    """Serve the release that was published before the present one, at once, and return its id.

    Nothing need be read for that. Rolling back again goes further back. Raises `ProblemsFound` with `RELEASE_UNKNOWN`
    when there is nothing before.
    """
    if not releases.is_dir():
        raise _unknown("There is no release.", releases)
    with _alone(releases):
        served, present = list_served(releases), read_pointer(releases)
        if present in served:
            while served.pop() != present:
                pass
        while served and not _exists(releases, served[-1]):
            served.pop()
        if not served:
            raise _unknown("No release was published before the present one.", releases / HISTORY)
        _turn(releases, served[-1], ROLLED_BACK)
        return served[-1]


def find_served(releases: Path) -> str | None:
    """The release that was published last and is still here; none where nothing was ever published."""
    published = [*list_served(releases), read_pointer(releases) or ""]
    return next((name for name in reversed(published) if _exists(releases, name)), None)


def _require_quality(release: Path) -> None:
    """Raise `ProblemsFound` (QUALITY_UNACCEPTED) with every error of the checks that nobody accepted."""
    unaccepted = [
        row
        for row in read_manifest(release).get("findings", ())
        if row["severity"] == "error" and row["reason"] is None
    ]
    if unaccepted:
        raise ProblemsFound(
            Problem(
                "QUALITY_UNACCEPTED",
                f"{row['code']}: {row['metric_key']}, {row['period']}: {row['said']}.",
                Place(row["edition_key"] or "", sheet=row["sheet"], cell=row["cell"]),
            )
            for row in unaccepted
        )


def _require_reading(releases: Path, served: str, release_id: str) -> Problems:
    reading = find_reading(releases, served, release_id)
    if reading == "read" and load_difference(releases, served, release_id) is not None:
        return Problems()
    damage = _find_damage(releases / served)
    if damage.errors:
        return Problems(replace(problem, severity="warning") for problem in damage)
    said = {
        "read": "is not kept whole",
        "spent": f"was read before {release_id} was last served, not since",
        "another": f"was not read: {release_id} was compared with another release",
        "": "was not read",
    }[reading]
    message = f"What changes from {served}, served now, to {release_id} {said}: 'moothall diff {served} {release_id}'."
    raise ProblemsFound([Problem("DIFF_UNREAD", message)])


def _find_damage(directory: Path) -> Problems:
    """Why nothing can be compared with a release: its files are not as they were written, or are of another format."""
    problems = verify_checksums(directory)
    if not problems.errors and (found := read_manifest(directory).get("format")) != FORMAT:
        problems.add(DAMAGED, f"It is of format {found!r}, this program reads {FORMAT}.", Place(str(directory)))
    return problems


@contextmanager
def _alone(releases: Path) -> Iterator[None]:
    """Keep others from turning the pointer meanwhile; the lock goes with the process that holds it."""
    descriptor = os.open(releases, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def read_pointer(releases: Path) -> str | None:
    """The id that the pointer names; none where there is no pointer."""
    return _read_id(releases / POINTER)


def _turn(releases: Path, release_id: str, how: str) -> None:
    before, served = read_pointer(releases), list_served(releases)
    if before is not None and (not served or served[-1] != before):
        note_turn(releases, before, ROLLED_BACK if before in served else PUBLISHED)
    _point(releases, POINTER, release_id)
    note_turn(releases, release_id, how)


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


def _exists(releases: Path, release_id: str) -> bool:
    return ID.fullmatch(release_id) is not None and (releases / release_id / MANIFEST).is_file()


def _find(releases: Path, release_id: str) -> Path:
    if not _exists(releases, release_id):
        raise _unknown(f"There is no release {release_id!r}.", releases)
    return releases / release_id


def _unknown(message: str, where: Path) -> ProblemsFound:
    return ProblemsFound([Problem("RELEASE_UNKNOWN", message, Place(str(where)))])
