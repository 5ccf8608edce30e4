"""Fetch brings published files into the vault, and never takes one file for another."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from moothall.core.definitions import Lock, SourceDefinition
from moothall.core.documents import read_document, validate
from moothall.core.problems import Problems
from moothall.ingest import fetch, guards
from moothall.ingest.fetch import PublishedFile, fetch_files, fetch_source, write_lock
from moothall.ingest.vault import Vault, hash_bytes
from tests.ingest.county import make_source

TODAY, LATER = date(2024, 7, 1), date(2024, 8, 1)
CONTENT = b"Code,Year,Moots held\n"
PAGE = b"<!doctype html><html><title>Sorry</title></html>"


@dataclass
class Server:
    """A publisher on this machine; `answers` are given one after another, the last for ever."""

    address: str
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append({name.lower(): value for name, value in self.headers.items()})
            status, headers, body = known.answers.pop(0) if len(known.answers) > 1 else known.answers[0]
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known = Server(f"http://127.0.0.1:{http.server_port}/moots.csv")
    thread = threading.Thread(target=http.serve_forever, args=(0.01,))
    thread.start()
    yield known
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture(autouse=True)
def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAUSES", (0.0, 0.0))


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def told(problems: Problems) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in problems]


def at(server: Server, **edition: Any) -> SourceDefinition:
    return make_source([{}], [{"address": server.address} | edition])


def test_a_file_is_fetched_and_locked(server: Server, vault: Vault) -> None:
    server.answers = [(200, {}, CONTENT)]
    lock, problems = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    assert told(problems) == []
    locked = lock.editions["2023-24"]
    assert vault.read(locked.sha256) == CONTENT
    assert (locked.bytes, locked.retrieved, locked.address) == (len(CONTENT), TODAY, server.address)
    assert (locked.published, locked.basis) == ("2024-06-01", "front_sheet")


def test_a_busy_server_is_asked_again(server: Server, vault: Vault) -> None:
    server.answers = [(503, {}, PAGE), (429, {}, b""), (200, {}, CONTENT)]
    lock, problems = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    assert told(problems) == []
    assert vault.has(lock.editions["2023-24"].sha256)
    assert len(server.asked) == 3


def test_a_server_that_stays_busy(server: Server, vault: Vault) -> None:
    server.answers = [(503, {}, b"")]
    lock, problems = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    assert told(problems) == [("FETCH_FAILED", "error")]
    assert "503" in problems.errors[0].message
    assert lock.editions == {}
    assert len(server.asked) == 3


def test_a_missing_file_is_asked_for_once(server: Server, vault: Vault) -> None:
    server.answers = [(404, {}, PAGE)]
    _, problems = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    assert told(problems) == [("FETCH_FAILED", "error")]
    assert len(server.asked) == 1


def test_no_server_at_all(vault: Vault) -> None:
    source = make_source([{}], [{"address": "http://127.0.0.1:9/moots.csv"}])
    _, problems = fetch_source(source, None, vault, mirror=None, today=TODAY)
    assert told(problems) == [("FETCH_FAILED", "error")]


def test_an_unchanged_file_is_not_sent_again(server: Server, vault: Vault) -> None:
    server.answers = [
        (200, {"ETag": '"moot1"', "Last-Modified": "Sat, 01 Jun 2024 09:30:00 GMT"}, CONTENT),
        (304, {}, b""),
    ]
    lock, _ = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    again, problems = fetch_source(at(server), lock, vault, mirror=None, today=LATER)
    assert (told(problems), again) == ([], lock)
    assert server.asked[1]["if-none-match"] == '"moot1"'
    assert server.asked[1]["if-modified-since"] == "Sat, 01 Jun 2024 09:30:00 GMT"


def test_a_changed_file_never_replaces_the_old(server: Server, vault: Vault) -> None:
    server.answers = [(200, {}, CONTENT)]
    lock, _ = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    server.answers = [(200, {}, CONTENT + b"E06900001,2023-24,4\n")]
    again, problems = fetch_source(at(server), lock, vault, mirror=None, today=LATER)
    assert told(problems) == [("FILE_CHANGED", "error")]
    assert again == lock


def test_a_file_that_is_not_the_one_its_definition_names(server: Server, vault: Vault) -> None:
    server.answers = [(200, {}, CONTENT)]
    lock, problems = fetch_source(at(server, sha256="0" * 64), None, vault, mirror=None, today=TODAY)
    assert (told(problems), lock.editions) == ([("FILE_CHANGED", "error")], {})
    lock, _ = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    again, problems = fetch_source(at(server, sha256="0" * 64), lock, vault, mirror=None, today=TODAY)
    assert (told(problems), again) == ([("FILE_CHANGED", "error")], lock)


def test_an_error_page_is_no_file(server: Server, vault: Vault) -> None:
    server.answers = [(200, {"Content-Type": "text/csv"}, PAGE)]
    lock, problems = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    assert told(problems) == [("FILE_UNREADABLE", "error")]
    assert "error page" in problems.errors[0].message
    assert lock.editions == {}


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, CONTENT * 100),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(CONTENT * 100)),
    ],
    ids=["as it says", "once unpacked"],
)
def test_a_file_over_the_limit(
    server: Server, vault: Vault, monkeypatch: pytest.MonkeyPatch, answer: tuple[int, dict[str, str], bytes]
) -> None:
    monkeypatch.setattr(guards, "BYTES_LIMIT", 1000)
    server.answers = [answer]
    _, problems = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    assert told(problems) == [("FILE_TOO_LARGE", "error")]


def test_a_body_cut_short_is_asked_for_again(server: Server, vault: Vault) -> None:
    server.answers = [(200, {"Content-Length": "9999"}, CONTENT), (200, {}, CONTENT)]
    lock, problems = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    assert told(problems) == []
    assert vault.read(lock.editions["2023-24"].sha256) == CONTENT


def test_trouble_with_what_the_vault_holds_is_a_warning(server: Server, vault: Vault) -> None:
    server.answers = [(200, {}, CONTENT)]
    lock, _ = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    server.answers = [(503, {}, b"")]
    again, problems = fetch_source(at(server), lock, vault, mirror=None, today=LATER)
    assert (told(problems), again) == ([("FETCH_FAILED", "warning")], lock)


def test_an_edition_that_is_not_held(server: Server, vault: Vault, tmp_path: Path) -> None:
    server.answers = [(404, {}, b""), (200, {}, CONTENT)]
    source = at(server, held=False)
    lock, problems = fetch_source(source, None, vault, mirror=None, today=TODAY)
    assert (told(problems), lock.editions) == ([("FETCH_FAILED", "warning")], {})
    lock, problems = fetch_source(source, None, vault, mirror=tmp_path, today=TODAY)
    assert (told(problems), lock.editions) == ([], {})
    lock, problems = fetch_source(source, None, vault, mirror=None, today=TODAY)
    assert (told(problems), list(lock.editions)) == ([], ["2023-24"])


def test_an_edition_without_an_address(vault: Vault) -> None:
    source = make_source()
    _, problems = fetch_source(source, None, vault, mirror=None, today=TODAY)
    assert told(problems) == [("ADDRESS_UNKNOWN", "error")]
    assert f"Only the page {source.landing_page} is known, and a page is not a file." in problems.errors[0].message
    source = make_source([{}], [{"sha256": vault.put(CONTENT)}])
    lock, problems = fetch_source(source, None, vault, mirror=None, today=TODAY)
    assert (told(problems), list(lock.editions)) == ([], ["2023-24"])


def test_a_page_alone_cannot_be_fetched(vault: Vault) -> None:
    page = "https://moots.example/2023-24"
    source = make_source([{}], [{"held": False, "landing_page": page, "published": None, "basis": None}])
    lock, problems = fetch_source(source, None, vault, mirror=None, today=TODAY)
    assert (told(problems), lock.editions) == ([("ADDRESS_UNKNOWN", "warning")], {})
    assert page in next(iter(problems)).message


def test_an_edition_of_an_unknown_day_was_published_by_the_day_it_is_fetched(server: Server, vault: Vault) -> None:
    server.answers = [(200, {}, CONTENT)]
    source = at(server, held=False, published=None, basis=None)
    lock, problems = fetch_source(source, None, vault, mirror=None, today=TODAY)
    locked = lock.editions["2023-24"]
    assert (told(problems), locked.published, locked.basis) == ([], TODAY.isoformat(), "retrieved")
    assert locked.fits(source.editions[0])
    again, _ = fetch_source(source, lock, vault, mirror=None, today=LATER)
    assert again == lock


def test_an_edition_not_held_is_only_taken_with_its_hash(server: Server, vault: Vault) -> None:
    server.answers = [(200, {}, CONTENT)]
    lock, problems = fetch_source(at(server, held=False, sha256="0" * 64), None, vault, mirror=None, today=TODAY)
    assert (told(problems), lock.editions) == ([("FILE_CHANGED", "warning")], {})
    lock, problems = fetch_source(
        at(server, held=False, sha256=hash_bytes(CONTENT)), None, vault, mirror=None, today=TODAY
    )
    assert (told(problems), list(lock.editions)) == ([], ["2023-24"])


# The mirror.


def place_at_path(mirror: Path) -> dict[str, str]:
    (mirror / "moots.csv").write_bytes(CONTENT)
    return {}


def place_elsewhere(mirror: Path) -> dict[str, str]:
    (mirror / "moots.csv").write_bytes(b"something else")
    (mirror / "deep" / "er").mkdir(parents=True)
    (mirror / "deep" / "er" / "renamed.bin").write_bytes(CONTENT)
    return {"sha256": hash_bytes(CONTENT)}


@pytest.mark.parametrize("place", [place_at_path, place_elsewhere])
def test_a_mirror_is_searched_by_path_and_by_hash(
    tmp_path: Path, vault: Vault, place: Callable[[Path], dict[str, str]]
) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    source = make_source([{}], [place(mirror)])
    lock, problems = fetch_source(source, None, vault, mirror=mirror, today=TODAY)
    assert told(problems) == []
    assert vault.read(lock.editions["2023-24"].sha256) == CONTENT


def test_a_mirror_without_the_file(tmp_path: Path, vault: Vault) -> None:
    assert told(fetch_source(make_source(), None, vault, mirror=tmp_path, today=TODAY)[1]) == [
        ("FILE_MISSING", "error")
    ]


def test_a_mirror_whose_file_has_changed(tmp_path: Path, vault: Vault) -> None:
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "moots.csv").write_bytes(CONTENT)
    lock, _ = fetch_source(make_source(), None, Vault(tmp_path / "other"), mirror=mirror, today=TODAY)
    (mirror / "moots.csv").write_bytes(CONTENT + b"more")
    again, problems = fetch_source(make_source(), lock, vault, mirror=mirror, today=LATER)
    assert (told(problems), again) == ([("FILE_CHANGED", "error")], lock)


def test_a_mirrors_web_page_is_no_file(tmp_path: Path, vault: Vault) -> None:
    (tmp_path / "moots.csv").write_bytes(PAGE)
    _, problems = fetch_source(make_source(), None, vault, mirror=tmp_path, today=TODAY)
    assert told(problems) == [("FILE_UNREADABLE", "error")]


def test_files_that_are_no_editions(tmp_path: Path, vault: Vault, server: Server) -> None:
    server.answers = [(200, {}, CONTENT)]
    files = [PublishedFile("areas", "areas.csv", address=server.address), PublishedFile("lost", "lost.csv")]
    hashes, problems = fetch_files(files, vault, None)
    assert hashes == {"areas": hash_bytes(CONTENT)}
    assert told(problems) == [("ADDRESS_UNKNOWN", "error")]


# The lock.


def test_a_lock_is_written_once_and_can_be_read(tmp_path: Path, vault: Vault, server: Server) -> None:
    server.answers = [(200, {}, CONTENT)]
    lock, _ = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    path = tmp_path / "moots.lock"
    assert write_lock(lock, path)
    assert path.read_text().startswith("# Written by moothall fetch; do not edit.\n")
    problems = Problems()
    document = read_document(path, tmp_path, problems)
    assert document is not None
    read = validate(document, Lock, problems)
    assert (read, told(problems)) == (lock, [])
    before = path.stat().st_mtime_ns
    again, _ = fetch_source(at(server), read, vault, mirror=None, today=LATER)
    assert not write_lock(again, path)
    assert path.stat().st_mtime_ns == before


def test_a_better_known_day_of_publication_reaches_the_lock(vault: Vault, server: Server) -> None:
    server.answers = [(200, {}, CONTENT)]
    lock, _ = fetch_source(at(server), None, vault, mirror=None, today=TODAY)
    again, _ = fetch_source(at(server, published="2024-05-30"), lock, vault, mirror=None, today=LATER)
    locked = again.editions["2023-24"]
    assert (locked.published, locked.retrieved) == ("2024-05-30", TODAY)
