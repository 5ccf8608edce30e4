"""Answers kept in memory are as if made anew: same bytes, same headers, and never anybody else's."""

from __future__ import annotations

import gzip
import sys
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.wsgi import get_wsgi_application

from moothall.release.queries import Release
from moothall.site.explorer import views
from moothall.site.kept import Answer, KeptAnswers, Shelf, accepts_gzip
from tests.release.barset import BARCHESTER, OBSERVED, build_release, make_contents


class Got(NamedTuple):
    """What a WSGI server would send on."""

    status: str
    headers: dict[str, str]
    body: bytes


class Counting:
    """Django's application, counting how often it is asked."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()
        self.times = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.times += 1
        return self.application(environ, start_response)


class Site:
    """The site behind kept answers."""

    def __init__(self) -> None:
        self.inside = Counting()
        self.shelf = Shelf()
        self.application = KeptAnswers(self.inside, self.shelf)

    def get(self, address: str, method: str = "GET", **headers: str) -> Got:
        path, _, query = address.partition("?")
        started: list[tuple[str, list[tuple[str, str]]]] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            **headers,
        }
        parts = self.application(environ, lambda *said: started.append(said))
        body = b"".join(parts)
        getattr(parts, "close", bool)()
        status, named = started[0]
        return Got(status, dict(named), body)


@pytest.fixture
def site(served: Release, django_ready: None) -> Site:
    return Site()


ADDRESSES = [
    "/",
    "/about",
    f"/areas/{BARCHESTER}/barchester",
    "/metrics/bins-missed?peers=region",
    "/api/v1/figures?metric=bins-missed",
    "/api/v1/figures?metric=bins-missed&format=csv",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("coding", ["", "gzip, deflate, br", "br, gzip;q=0"])
def test_a_kept_answer_is_as_if_made_anew(site: Site, address: str, coding: str) -> None:
    made = site.get(address, HTTP_ACCEPT_ENCODING=coding)
    kept = site.get(address, HTTP_ACCEPT_ENCODING=coding)
    assert site.inside.times == 1
    assert made.status == "200 OK"
    assert kept == made
    assert ("gzip" in made.headers.get("Content-Encoding", "")) is (coding.startswith("gzip"))
    assert made.headers["Vary"] == "Accept-Encoding"
    assert made.headers["Content-Security-Policy"]
    assert ("Access-Control-Allow-Origin" in made.headers) is address.startswith("/api/")


def test_each_gets_the_coding_it_can_read(site: Site) -> None:
    packed = site.get("/about", HTTP_ACCEPT_ENCODING="gzip, br")
    plain = site.get("/about")
    assert gzip.decompress(packed.body) == plain.body
    assert site.get("/about", HTTP_ACCEPT_ENCODING="deflate, GZIP;q=0.5") == packed
    assert site.get("/about", HTTP_ACCEPT_ENCODING="identity") == plain
    assert site.inside.times == 2


def test_head_says_what_get_does(site: Site) -> None:
    made = site.get("/about", "HEAD")
    assert len(site.shelf) == 0
    assert site.get("/about").headers == made.headers
    assert site.get("/about", "HEAD").headers == made.headers
    assert site.inside.times == 2


def test_whoever_holds_the_answer_is_told_so(site: Site) -> None:
    etag = site.get("/about").headers["ETag"]
    for held in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = site.get("/about", HTTP_IF_NONE_MATCH=held)
        assert (again.status, again.body) == ("304 Not Modified", b"")
    asked = site.inside.times
    assert site.get("/about", HTTP_IF_NONE_MATCH='"of an earlier release"').status == "200 OK"
    assert site.inside.times == asked


def test_a_host_that_is_not_ours_gets_nothing_kept(site: Site) -> None:
    etag = site.get("/about").headers["ETag"]
    assert site.get("/about", HTTP_HOST="example.org").status == "400 Bad Request"
    assert site.get("/about", HTTP_HOST="example.org", HTTP_IF_NONE_MATCH=etag).status == "400 Bad Request"
    assert site.get("/about").status == "200 OK"


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/health", "GET", "200 OK"),
        ("/nothing", "GET", "404 Not Found"),
        ("/metrics/bins-missed?peers=friends", "GET", "400 Bad Request"),
        ("/api/v1/nothing", "GET", "404 Not Found"),
        (f"/areas/{BARCHESTER.lower()}", "GET", "302 Found"),
        ("/about", "POST", "405 Method Not Allowed"),
        ("/static/icon.svg", "GET", "200 OK"),
    ],
)
def test_nothing_else_is_kept(site: Site, address: str, method: str, status: str) -> None:
    for times in (1, 2):
        assert site.get(address, method).status == status
        assert site.inside.times == times
    assert len(site.shelf) == 0


def test_nothing_of_an_earlier_release_is_given(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = site.get("/api/v1/release")
    other = build_release(tmp_path, make_contents(OBSERVED[1:]))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(other.directory))
    after = site.get("/api/v1/release")
    assert other.record.id in after.body.decode()
    assert after.headers["ETag"] != before.headers["ETag"]
    assert len(site.shelf) == 1


def test_a_page_made_while_a_release_is_published_is_given_to_nobody_else(
    site: Site, served: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = build_release(tmp_path, make_contents(OBSERVED[1:]))
    made = views.home.make_home

    def publish_meanwhile(release: Release) -> object:
        monkeypatch.setenv("MOOTHALL_RELEASE", str(other.directory))
        return made(release)

    monkeypatch.setattr(views.home, "make_home", publish_meanwhile)
    assert served.record.id in site.get("/").body.decode()
    after = site.get("/")
    assert other.record.id in after.body.decode()
    assert served.record.id not in after.body.decode()
    assert len(site.shelf) == 1


@pytest.mark.parametrize(
    "headers",
    [
        [("ETag", '"v-1"'), ("Cache-Control", "private")],
        [("ETag", '"v-1"'), ("Cache-Control", "public"), ("Set-Cookie", "who=me")],
        [("ETag", '"v-1"'), ("Cache-Control", "public"), ("Vary", "Cookie")],
        [("ETag", '"other"'), ("Cache-Control", "public")],
        [("Cache-Control", "public")],
    ],
)
def test_what_is_for_one_reader_is_not_kept(headers: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", headers)
        return [b"mine"]

    monkeypatch.setattr("moothall.site.kept.name_version", lambda: "v")
    shelf = Shelf()
    application = KeptAnswers(answer, shelf)
    assert application({"REQUEST_METHOD": "GET"}, lambda *_: None) == [b"mine"]
    assert len(shelf) == 0


def _answer(size: int) -> Answer:
    return Answer("200 OK", [], b"x" * size)


def test_those_not_asked_for_longest_make_room() -> None:
    shelf = Shelf(room=100_000)
    shelf.find("v", ("",))
    for name in "abcdefghijklmnopqrst":
        shelf.keep("v", (name,), _answer(5_000))
        assert shelf.find("v", ("a",)) is not None
        assert shelf.taken <= shelf.room
    assert shelf.find("v", ("b",)) is None
    assert shelf.find("v", ("t",)) is not None
    shelf.keep("v", ("large",), _answer(10_000))
    assert shelf.find("v", ("large",)) is None


def test_another_version_clears_the_shelf() -> None:
    shelf = Shelf()
    shelf.find("1", ("a",))
    shelf.keep("1", ("a",), _answer(1))
    shelf.find("2", ("a",))
    shelf.keep("1", ("a",), _answer(1))
    assert (shelf.find("2", ("a",)), shelf.taken, len(shelf)) == (None, 0, 0)


def test_many_threads_share_one_shelf() -> None:
    shelf = Shelf(room=200_000)
    wrong: list[str] = []

    def use(number: int) -> None:
        for turn in range(400):
            key = str((number * turn) % 97)
            found = shelf.find("v", (key,))
            if found is not None and found.body != key.encode() * 1000:
                wrong.append(key)
            shelf.keep("v", (key,), Answer("200 OK", [], key.encode() * 1000))

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert 0 < shelf.taken <= shelf.room


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", True),
        ("GZIP", True),
        ("gzip;q=0.001", True),
        ("gzip; q=0", False),
        ("gzip;q=0.000", False),
        ("xgzip", False),
        ("*", False),
        ("", False),
    ],
)
def test_accepts_gzip(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_the_site_is_served_with_kept_answers(django_ready: None) -> None:
    from moothall.site.wsgi import application

    assert isinstance(application, KeptAnswers)
