"""Fetch: published files from their addresses, or from a mirror of them, into the vault; the only network code."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

import httpx
import yaml

from moothall.core.definitions import Lock
from moothall.core.editions import Basis, EditionDefinition, LockedEdition, Publication
from moothall.core.problems import Place, Problem, Problems, ProblemsFound, Severity
from moothall.ingest.guards import BYTES_LIMIT, check_size, is_html, refuse
from moothall.ingest.sources import name_file
from moothall.ingest.vault import Vault, hash_bytes, write_atomically

PAUSES = (1.0, 4.0)
"""Seconds between one attempt and the next; there is one attempt more than there are pauses."""
_TIMEOUT = httpx.Timeout(60, connect=15)
_AGENT = {"User-Agent": "moothall fetch"}
_LOCK_HEADER = "# Written by moothall fetch; do not edit.\n"


@dataclass(frozen=True)
class PublishedFile:
    """A file to fetch: where it is, and its hash and size where they are known."""

    key: str
    name: str
    address: str | None = None
    mirror: str | None = None
    sha256: str | None = None
    size: int | None = None
    page: str = ""  # the publisher's page that leads to it


class Series(Protocol):
    """What has editions to fetch: a source, or a published set of neighbours."""

    @property
    def source(self) -> str:
        """What its lock calls it."""

    @property
    def landing_page(self) -> str:
        """The publisher's page."""

    @property
    def editions(self) -> tuple[EditionDefinition, ...]:
        """Its published files."""


def fetch_source(
    source: Series, lock: Lock | None, vault: Vault, *, mirror: Path | None, today: date
) -> tuple[Lock, Problems]:
    """Bring every edition's file into the vault; return the lock that names them, and what went wrong.

    An edition already locked keeps its hash and the day it was retrieved; other bytes are FILE_CHANGED, never a new
    line. Editions that are not held are asked for only at their address, and their absence is only a warning.
    """
    locked = dict(lock.editions) if lock else {}
    problems = Problems()
    with _open_origin(vault, mirror) as origin:
        for edition in source.editions:
            known = locked.get(edition.edition)
            if mirror is not None and not edition.held:
                continue
            try:
                page = edition.landing_page or source.landing_page
                sha256 = origin.fetch(_published_file(edition, known, page))
            except ProblemsFound as stopped:
                has_it = known is not None and vault.has(known.sha256)
                problems.extend(_weigh(problem, edition, has_it) for problem in stopped.problems)
                continue
            # Where nothing says when it was published, it was no later than the day on which it was first fetched.
            first = known or Publication(published=today.isoformat(), basis=Basis.RETRIEVED)
            dated = edition.publication or first
            locked[edition.edition] = LockedEdition(
                published=dated.published,
                basis=dated.basis,
                sha256=sha256,
                bytes=vault.path(sha256).stat().st_size,
                address=edition.address,
                retrieved=known.retrieved if known else today,
            )
    ordered = {edition.edition: locked[edition.edition] for edition in source.editions if edition.edition in locked}
    return Lock(source=source.source, editions=ordered), problems


def fetch_files(files: Iterable[PublishedFile], vault: Vault, mirror: Path | None) -> tuple[dict[str, str], Problems]:
    """Bring files into the vault; return each one's hash under its key, and what went wrong."""
    hashes: dict[str, str] = {}
    problems = Problems()
    with _open_origin(vault, mirror) as origin:
        for file in files:
            try:
                hashes[file.key] = origin.fetch(file)
            except ProblemsFound as stopped:
                problems.extend(stopped.problems)
    return hashes, problems


def write_lock(lock: Lock, path: Path) -> bool:
    """Write a lock as YAML; a file that already says the same is left alone. Returns whether it was written."""
    data = lock.model_dump(mode="json", exclude_none=True)
    content = (_LOCK_HEADER + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000)).encode()
    if path.exists() and path.read_bytes() == content:
        return False
    write_atomically(path, content)
    return True


def _published_file(edition: EditionDefinition, known: LockedEdition | None, page: str) -> PublishedFile:
    name = name_file(edition)
    if known and edition.sha256 and known.sha256 != edition.sha256:
        message = f"The definition gives the edition {edition.edition!r} another hash than the lock does."
        refuse("FILE_CHANGED", message, name)
    sha256, size = (known.sha256, known.bytes) if known else (edition.sha256, None)
    return PublishedFile(edition.edition, name, edition.address, edition.mirror, sha256, size, page)


def _weigh(problem: Problem, edition: EditionDefinition, has_it: bool) -> Problem:
    """The problem, as a warning where nothing is lost: the file is in the vault, or was never held."""
    is_unreached = problem.code in {"FETCH_FAILED", "FILE_UNREADABLE"}
    severity: Severity = "warning" if not edition.held or (has_it and is_unreached) else problem.severity
    return replace(problem, severity=severity)


@contextmanager
def _open_origin(vault: Vault, mirror: Path | None) -> Iterator[_Mirror | _Web]:
    if mirror is not None:
        yield _Mirror(vault, mirror)
        return
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=True, headers=_AGENT) as client:
        yield _Web(vault, client)


def _check_hash(sha256: str, file: PublishedFile) -> None:
    if file.sha256 is not None and sha256 != file.sha256:
        message = f"Its hash is {sha256[:12]}…, not {file.sha256[:12]}… as the lock or the definition has it."
        refuse("FILE_CHANGED", message, file.name)


@dataclass
class _Mirror:
    """A folder with copies of published files."""

    vault: Vault
    folder: Path
    sizes: dict[Path, int] | None = None
    hashes: dict[Path, str] = field(default_factory=dict)

    def fetch(self, file: PublishedFile) -> str:
        """The hash of the file, now in the vault: the one under its path, else any with its hash."""
        if file.sha256 is not None and self.vault.has(file.sha256):
            return file.sha256
        given = self.folder / file.mirror if file.mirror else None
        if given is not None and given.is_file():
            check_size(given.stat().st_size, file.name)
            if file.sha256 is None or self._hash(given) == file.sha256:
                return self._put(given, file)
        elsewhere = self._search(file)
        if elsewhere is not None:
            return self._put(elsewhere, file)
        if given is not None and given.is_file():
            _check_hash(self._hash(given), file)
        refuse("FILE_MISSING", f"The mirror has no copy of {file.mirror or file.name}.", file.name)

    def _put(self, path: Path, file: PublishedFile) -> str:
        content = path.read_bytes()
        if is_html(content):
            refuse("FILE_UNREADABLE", "The mirror's copy is a web page.", file.name)
        return self.vault.put(content)

    def _search(self, file: PublishedFile) -> Path | None:
        if file.sha256 is None:
            return None
        if self.sizes is None:
            self.sizes = {path: path.stat().st_size for path in sorted(self.folder.rglob("*")) if path.is_file()}
        fitting = (p for p, size in self.sizes.items() if size == (file.size or size) and size <= BYTES_LIMIT)
        return next((path for path in fitting if self._hash(path) == file.sha256), None)

    def _hash(self, path: Path) -> str:
        if path not in self.hashes:
            self.hashes[path] = hash_bytes(path.read_bytes())
        return self.hashes[path]


@dataclass
class _Web:
    """Publishers' servers."""

    vault: Vault
    client: httpx.Client

    def fetch(self, file: PublishedFile) -> str:
        """The hash of the file at its address, now in the vault; asked for only if it has changed since last time."""
        if file.address is None:
            if file.sha256 is not None and self.vault.has(file.sha256):
                return file.sha256
            known = f"Only the page {file.page} is known, and a page is not a file." if file.page else ""
            refuse("ADDRESS_UNKNOWN", f"No address of the file is known. {known}".strip(), file.name)
        answer = self._ask(file, file.address, self._conditions(file))
        if answer is None:
            return file.sha256 or ""
        content, headers = answer
        if is_html(content):
            message = f"{file.address} answered with a web page, most likely an error page, where a file should be."
            refuse("FILE_UNREADABLE", message, file.name)
        _check_hash(hash_bytes(content), file)
        sha256 = self.vault.put(content)
        kept = {name: headers[name] for name in ("etag", "last-modified") if name in headers}
        write_atomically(self._headers_path(sha256), json.dumps(kept).encode())
        return sha256

    def _headers_path(self, sha256: str) -> Path:
        path = self.vault.path(sha256)
        return path.with_name(f"{path.name}.http.json")

    def _conditions(self, file: PublishedFile) -> dict[str, str]:
        """The headers that ask for the file only if it is not the one in the vault."""
        if file.sha256 is None or not self.vault.has(file.sha256):
            return {}
        path = self._headers_path(file.sha256)
        kept = json.loads(path.read_bytes()) if path.exists() else {}
        asked_as = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
        return {asked_as[name]: value for name, value in kept.items()}

    def _ask(self, file: PublishedFile, address: str, headers: dict[str, str]) -> tuple[bytes, httpx.Headers] | None:
        """The answer's body and headers; none when the file has not changed. Tries again where that may help."""
        trouble = ""
        for pause in (*PAUSES, None):
            try:
                with self.client.stream("GET", address, headers=headers) as answer:
                    if answer.status_code == httpx.codes.NOT_MODIFIED and headers:
                        return None
                    if answer.status_code == httpx.codes.OK:
                        return _take(answer, file), answer.headers
                    trouble = f"{answer.status_code} {answer.reason_phrase}".strip()
                    if answer.status_code < 500 and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                        break
            except httpx.TransportError as error:
                trouble = f"{type(error).__name__}: {error}"
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                trouble = f"{type(error).__name__}: {error}"
                break
            if pause is not None:
                time.sleep(pause)
        raise ProblemsFound([Problem("FETCH_FAILED", f"{address} gave {trouble}.", Place(file.name))])


def _take(answer: httpx.Response, file: PublishedFile) -> bytes:
    """The body, piece by piece, so that an endless one stops at the limit."""
    check_size(int(answer.headers.get("content-length") or 0), file.name)
    pieces: list[bytes] = []
    taken = 0
    for piece in answer.iter_bytes():
        taken += len(piece)
        check_size(taken, file.name)
        pieces.append(piece)
    return b"".join(pieces)
