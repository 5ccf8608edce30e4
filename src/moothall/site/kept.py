"""Finished answers kept in memory: a public page is a pure function of release, code and address, so one serves all."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, NamedTuple

from moothall.site.freshness import name_version

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Key = tuple[str, ...]

ROOM = 64 * 1024 * 1024
"""The most bytes that a process keeps."""
_LARGEST = 1 / 16  # of the room: a larger answer would push out too many others
_OVERHEAD = 1024  # bytes that an answer takes beside its body and address, roughly
# All of a request that a public answer depends on. The host is among it, so that Django has let in each that is served.
_ASKED = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING")
_NO_WEIGHT = re.compile(r"\s*q=0(\.0{0,3})?\s*")


class Answer(NamedTuple):
    """A finished answer, after compression."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class Shelf:
    """The answers of one version of release and code, in `room` bytes; those not asked for longest make room."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.taken = 0
        self._version = ""
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def largest(self) -> float:
        """The most bytes that one answer may have."""
        return self.room * _LARGEST

    def find(self, version: str, key: Key) -> Answer | None:
        """The answer kept under a key. Asked with another version than the last time, it forgets everything."""
        with self._lock:
            if version != self._version:
                self._answers.clear()
                self._version, self.taken = version, 0
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def keep(self, version: str, key: Key, answer: Answer) -> None:
        """Keep an answer, unless the version has changed since it was asked for."""
        size = _weigh(key, answer)
        if size > self.largest:
            return
        with self._lock:
            if version != self._version or key in self._answers:
                return
            self._answers[key] = answer
            self.taken += size
            while self.taken > self.room:
                self.taken -= _weigh(*self._answers.popitem(last=False))


class KeptAnswers:
    """A WSGI application that gives again what it gave before, and asks the one inside for everything else.

    The one inside must start its answer before it returns, as Django does. What is kept, and for whom, is in decision
    15.
    """

    def __init__(self, application: Application, shelf: Shelf | None = None) -> None:
        self.application = application
        self.shelf = Shelf() if shelf is None else shelf

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        version = name_version() if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else ""
        if not version:
            return self.application(environ, start_response)
        # The many ways of saying the same become one, here and for the application inside.
        environ["HTTP_ACCEPT_ENCODING"] = "gzip" if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")) else ""
        key = tuple(environ.get(name, "") for name in _ASKED)
        kept = self.shelf.find(version, key)
        # Whoever may hold this answer already is told so by `Freshness`.
        if kept is not None and not _may_hold(environ, version):
            start_response(kept.status, list(kept.headers))
            return [kept.body]
        started: list[tuple[str, list[tuple[str, str]]]] = []
        parts = self.application(environ, lambda status, headers, *_: started.append((status, headers)))
        status, headers = started[0]
        if environ["REQUEST_METHOD"] == "GET" and _is_to_be_kept(status, headers, version):
            parts = self._keep(version, key, status, headers, parts)
        start_response(status, headers)
        return parts

    def _keep(
        self, version: str, key: Key, status: str, headers: list[tuple[str, str]], parts: Iterable[bytes]
    ) -> Iterable[bytes]:
        """The parts of an answer, kept where they come to no more than the shelf takes; a longer one flows on."""
        read: list[bytes] = []
        size = 0
        flow = _Flow(read, iter(parts), parts)
        try:
            for part in flow.rest:
                read.append(part)
                size += len(part)
                if size > self.shelf.largest:
                    return flow
        except BaseException:
            flow.close()
            raise
        flow.close()
        body = b"".join(read)
        self.shelf.keep(version, key, Answer(status, list(headers), body))
        return [body]


class _Flow:
    """The parts read of an answer and those to come, closed as the answer is."""

    def __init__(self, read: list[bytes], rest: Iterator[bytes], whole: Iterable[bytes]) -> None:
        self.read, self.rest = read, rest
        self._whole = whole

    def __iter__(self) -> Iterator[bytes]:
        return chain(self.read, self.rest)

    def close(self) -> None:
        """Close the answer itself."""
        getattr(self._whole, "close", bool)()


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header names gzip, and not to refuse it."""
    for each in header.lower().split(","):
        coding, _, weight = each.partition(";")
        if coding.strip() == "gzip":
            return _NO_WEIGHT.fullmatch(weight) is None
    return False


def _may_hold(environ: Environ, version: str) -> bool:
    asked = environ.get("HTTP_IF_NONE_MATCH", "")
    return version in asked or "*" in asked


def _is_to_be_kept(status: str, headers: list[tuple[str, str]], version: str) -> bool:
    """Whether an answer is whole, for everyone, and of this version of release and code."""
    said = {name.lower(): value for name, value in headers}
    return (
        status == "200 OK"
        and version in said.get("etag", "")
        and said.get("cache-control", "").startswith("public")
        and said.get("vary", "Accept-Encoding") == "Accept-Encoding"
        and "set-cookie" not in said
    )


def _weigh(key: Key, answer: Answer) -> int:
    return _OVERHEAD + len(answer.body) + sum(map(len, key))
