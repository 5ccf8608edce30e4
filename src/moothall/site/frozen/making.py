"""Making batches of a fixed copy: the site is asked for each address in process, and its answer written down."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from moothall.core.problems import Place, Problem
from moothall.site.frozen.links import THIS_COPY, Hosts, Links, is_file
from moothall.site.frozen.listing import NOT_FOUND, Batch

HOST = "localhost"
"""The name under which the site is asked; no page says it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a batch came to: its files with their SHA-256 and size, what they lead to that nobody listed, problems."""

    batch: str
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site says at an address."""

    status: int
    media_type: str
    body: bytes


class Maker:
    """Makes batches into a directory; one in each process."""

    def __init__(
        self, directory: Path, release: Path, hosts: Hosts, pages: frozenset[str], moved: dict[str, str]
    ) -> None:
        """Start the site on a release."""
        os.environ["MOOTHALL_RELEASE"] = str(release)
        os.environ["MOOTHALL_HOSTS"] = HOST
        os.environ["MOOTHALL_ADDRESS"] = hosts.live or hosts.base  # which what is said to machines begins with
        os.environ["DJANGO_SETTINGS_MODULE"] = "moothall.site.settings"
        from django.core.wsgi import get_wsgi_application

        self._application = get_wsgi_application()
        self._directory = directory
        self._hosts = hosts
        self._pages = pages
        self._moved = moved

    def make(self, batch: Batch) -> Made:
        """Make every page of a batch, and the tables that they offer."""
        links = Links(self._hosts, self._pages, self._moved)
        files: dict[str, tuple[str, int]] = {}
        problems: list[Problem] = []
        pages = 0
        for name, body in self._make_pages(batch, links, problems):
            files[name] = self._write(name, body)
            pages += name.endswith(".html")
        for address, file in links.tables.items():
            answer = self._ask(address)
            if answer.status == 200:
                files[file.lstrip("/")] = self._write(file.lstrip("/"), answer.body)
            else:
                problems.append(_note(address, answer.status))
        if batch.traces_of:
            for name, body in self._trace(batch.traces_of, links):
                files[name] = self._write(name, body)
        return Made(batch.name, files, frozenset(links.wanted), tuple(problems), pages)

    def _make_pages(self, batch: Batch, links: Links, problems: list[Problem]) -> Iterator[tuple[str, bytes]]:
        for address in batch.addresses:
            if address == THIS_COPY:
                yield name_file(address), links.turn_page(address, self._make_this_copy()).encode()
                continue
            answer = self._ask(address)
            if answer.status == 404 and (batch.may_lack or address == NOT_FOUND):
                if address == NOT_FOUND:
                    yield name_file(address), links.turn_page(address, answer.body.decode()).encode()
            elif answer.status != 200:
                problems.append(_note(address, answer.status))
            elif answer.media_type == "text/html":
                yield name_file(address), links.turn_page(address, answer.body.decode()).encode()
            elif address == "/find/entries.json":
                yield name_file(address), links.turn_entries(answer.body)
            else:
                yield name_file(address), answer.body

    def _ask(self, address: str) -> Answer:
        path, _, query = address.partition("?")
        environ: dict[str, Any] = {}
        setup_testing_defaults(environ)
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": HOST}
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
            said.append((status, headers))
            return bytes  # the old way to send a body, which nothing uses

        parts = self._application(environ | asked, begin)
        try:
            body = b"".join(parts)
        finally:
            parts.close()
        status, headers = said[0]
        return Answer(int(status[:3]), dict(headers).get("Content-Type", "").partition(";")[0], body)

    def _trace(self, key: str, links: Links) -> Iterator[tuple[str, bytes]]:
        from moothall.site.frozen.shards import make_lineage_page, write_traces
        from moothall.site.served import take_release

        release = take_release()
        metric = release.metric(key)
        traces, table, many = write_traces(release, metric)
        yield f"figures/{key}.json", traces
        yield f"figures/{key}.csv", table
        page = make_lineage_page(release, metric, many)
        yield name_file(f"/figures/{key}"), links.turn_page(f"/figures/{key}", _render(page)).encode()

    def _make_this_copy(self) -> str:
        from moothall.site.frozen.shards import make_this_copy
        from moothall.site.served import take_release

        return _render(make_this_copy(take_release(), self._hosts.live))

    def _write(self, name: str, body: bytes) -> tuple[str, int]:
        path = self._directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # a file linked from an earlier copy, which is not to be written into
        path.write_bytes(body)
        return hashlib.sha256(body).hexdigest(), len(body)


def name_file(address: str) -> str:
    """The file that has what is at an address: a page's is the index of a folder of that name."""
    path = address.strip("/")
    return path if is_file(address) else f"{path}/index.html".lstrip("/")


def write_turn(hosts: Hosts, there: str) -> bytes:
    """A page that leads on to another, for a code without a name or a key that a metric once had."""
    address = escape(f"{hosts.prefix}{there}/")
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>Moothall</title>'
        f'<meta http-equiv="refresh" content="0; url={address}"><link rel="canonical" href="{address}"></head>'
        f'<body><p>This page is at <a href="{address}">{escape(there)}</a>.</p></body></html>\n'
    ).encode()


def _render(page: Any) -> str:
    from django.template.loader import render_to_string

    return render_to_string(page.template, page.as_context())


def _note(address: str, status: int) -> Problem:
    return Problem("PAGE_NOT_MADE", f"The site answers {status}.", Place(address))
