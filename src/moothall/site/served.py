"""The release that is served: followed when the pointer moves, kept when the next one cannot be read."""

from __future__ import annotations

import gc
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from time import monotonic

from moothall.core.problems import ProblemsFound
from moothall.release import pointer
from moothall.release.directory import verify_checksums
from moothall.release.queries import Release

log = logging.getLogger(__name__)
_RELEASES = "releases"
_PATIENCE = 30.0  # seconds until a release that could not be opened is tried again


class NothingServed(Exception):  # noqa: N818 - a state, not a mistake
    """There is no release to make a page from."""


class _Shelf:
    """The release last opened, where it was found, and the one that could not be opened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._directory: Path | None = None
        self._release: Release | None = None
        self._refused: Path | None = None
        self._try_again = 0.0
        self._found: tuple[object, Path] | None = None

    def take(self) -> Release:
        """The current release. Raises `NothingServed` when none was ever found."""
        directory = self._find()
        if directory is not None and self._is_news(directory):
            with self._lock:
                directory = self._find()  # another may have been named while this waited
                if directory is not None and self._is_news(directory):
                    self._open(directory)
        if self._release is None:
            raise NothingServed
        return self._release

    def _find(self) -> Path | None:
        """Where the current release is; looked up again only when what names it has changed."""
        signs = _read_signs()
        if self._found is not None and self._found[0] == signs:
            return self._found[1]
        directory = _find()
        self._found = (signs, directory) if directory is not None and signs is not None else None
        return directory

    def _is_news(self, directory: Path) -> bool:
        if directory == self._refused:
            return monotonic() >= self._try_again
        return directory != self._directory

    def _open(self, directory: Path) -> None:
        release = _open_whole(directory)
        if release is not None:
            self._release, self._directory, self._refused = release, directory, None
            _set_apart()
            return
        self._refused, self._try_again = directory, monotonic() + _PATIENCE
        if self._release is None:  # just started: the last one that is whole is better than none
            others = (_open_whole(other) for other in pointer.list_fallbacks(_releases()) if other != directory)
            self._release = next((other for other in others if other is not None), None)


_shelf = _Shelf()
_held: ContextVar[Release | None] = ContextVar("the release that is held", default=None)


def take_release() -> Release:
    """The release to make this page from. Raises `NothingServed` when there is none."""
    return _held.get() or _shelf.take()


@contextmanager
def hold_release() -> Iterator[None]:
    """Take the same release until the end, whichever are published meanwhile: a page and its ETag are of one."""
    try:
        held = _held.set(_shelf.take())
    except NothingServed:
        yield
        return
    try:
        yield
    finally:
        _held.reset(held)


@lru_cache(maxsize=4)
def open_earlier(directory: Path) -> Release:
    """A release that was served before. Raises `NothingServed` when it is not whole any more."""
    release = _open_whole(directory)
    if release is None:
        raise NothingServed
    return release


def _releases() -> Path:
    return Path(os.environ.get("MOOTHALL_RELEASES", _RELEASES))


def _open_whole(directory: Path) -> Release | None:
    """The release in a directory if every file of it is as it was written."""
    try:
        verify_checksums(directory).raise_errors()
        release = Release.open(directory)
    except (OSError, ValueError, ProblemsFound):
        log.exception("the release in %s cannot be served", directory)
        return None
    log.info("opened the release in %s", directory)
    return release


def _set_apart() -> None:
    """Spare full collections, which stop every page, all there is by now: they are half as long (the slowest page)."""
    gc.unfreeze()  # or the release before would never go
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 10, 10)  # a page makes 40,000 objects, and nearly all go without a collection


def _read_signs() -> object:
    """What changes whenever another release is named; None where no file names one."""
    if named := os.environ.get("MOOTHALL_RELEASE"):
        return named
    releases = os.environ.get("MOOTHALL_RELEASES", _RELEASES)
    stamps = [_stamp(f"{releases}/{name}") for name in (pointer.POINTER, pointer.NEWEST)]
    return (releases, _stamp(releases), *stamps) if any(stamps) else None


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(path)  # noqa: PTH116 - asked on every request, and much quicker than a Path
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _find() -> Path | None:
    try:
        return pointer.current(_releases(), os.environ)
    except (OSError, ProblemsFound):
        return None
