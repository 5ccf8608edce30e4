"""What is served stays right while releases come, go and break, and says how long it may be kept."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from moothall.release import pointer
from moothall.release.history import PUBLISHED, note_turn
from moothall.release.queries import Release
from moothall.site import freshness
from moothall.site import served as serving
from moothall.site.explorer import views
from moothall.site.freshness import digest_code
from moothall.site.jinja import asset
from moothall.site.serve import warm
from tests.release.barset import BARCHESTER, OBSERVED, build_release, make_contents
from tests.release.reading import compare_and_publish


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has not opened any release yet."""
    monkeypatch.setattr(serving, "_shelf", serving._Shelf())
    monkeypatch.delenv("MOOTHALL_RELEASE", raising=False)


def test_health(client: Client, release: Release) -> None:
    response = client.get("/health")
    assert response.json() == {"ok": True, "release": release.record.id, "digest": release.record.digest}
    assert "ETag" not in response
    assert "public" not in response["Cache-Control"]


def test_without_a_release_every_page_is_503(
    shelf: None, django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOOTHALL_RELEASES", str(tmp_path))
    client = Client(HTTP_HOST="localhost")
    page = client.get("/areas")
    assert page.status_code == 503
    assert "moothall build" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert client.get("/health").json() == {"ok": False, "release": None, "digest": None}
    assert client.get("/health").status_code == 503
    answer = client.get("/api/v1/areas")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "no_release"


def test_the_pointer_is_followed_and_the_last_good_release_kept(
    shelf: None, django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOOTHALL_RELEASES", str(tmp_path))
    client = Client(HTTP_HOST="localhost")
    first = build_release(tmp_path)
    second = build_release(tmp_path, make_contents(OBSERVED[1:]))

    def served() -> str:
        return str(client.get("/health").json()["release"])

    compare_and_publish(tmp_path, first.record.id)
    assert served() == first.record.id
    compare_and_publish(tmp_path, second.record.id)
    assert served() == second.record.id
    pointer.rollback(tmp_path)
    assert served() == first.record.id
    (second.directory / "manifest.json").write_text("{", encoding="utf-8")
    (tmp_path / "current").write_text(second.record.id + "\n", encoding="utf-8")
    assert served() == first.record.id
    assert client.get(f"/areas/{BARCHESTER}/barchester").status_code == 200
    shutil.rmtree(second.directory)
    assert served() == first.record.id


@pytest.mark.parametrize("address", ["/", f"/areas/{BARCHESTER}/barchester", "/api/v1/figures", "/metrics/bins-missed"])
def test_an_etag_saves_the_page(client: Client, address: str) -> None:
    response = client.get(address)
    etag = response["ETag"]
    assert "public" in response["Cache-Control"]
    for held in (etag, f"W/{etag}", f'"other", {etag}'):
        again = client.get(address, HTTP_IF_NONE_MATCH=held)
        assert again.status_code == 304
        assert again.content == b""
        assert again["ETag"] == etag
    assert client.get(address, HTTP_IF_NONE_MATCH='"other"').status_code == 200


def test_an_etag_is_of_release_code_and_address(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = client.get("/metrics")["ETag"]
    assert client.get("/metrics?x=1")["ETag"] != etag
    assert client.get("/metrics")["ETag"] == etag
    other = build_release(tmp_path, make_contents(OBSERVED[1:]))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(other.directory))
    assert client.get("/metrics")["ETag"] != etag
    assert digest_code()[:12] in etag


def test_a_file_lasts_only_under_the_digest_of_its_content(client: Client) -> None:
    address = asset("icon.svg")
    assert client.get(address)["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/icon.svg?v=0123456789ab")["Cache-Control"] == "no-cache"
    assert "max-age=86400" in client.get("/static/icon.svg")["Cache-Control"]
    assert "immutable" not in client.get("/static/nothing.svg?v=0123456789ab")["Cache-Control"]
    assert f'href="{address}"' in client.get("/").content.decode()


def test_a_host_that_is_not_ours_is_refused_even_what_it_holds(client: Client) -> None:
    etag = client.get("/about")["ETag"]
    for held in (etag, "*", ""):
        assert client.get("/about", HTTP_HOST="example.org", HTTP_IF_NONE_MATCH=held).status_code == 400


def test_a_setting_that_pages_show_changes_every_etag(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = digest_code.__wrapped__()
    monkeypatch.setenv("MOOTHALL_HOSTS", "example.org")
    assert digest_code.__wrapped__() == plain
    monkeypatch.setenv("MOOTHALL_OPERATOR", "Barsetshire County Council")
    assert digest_code.__wrapped__() != plain


def test_headers_keep_a_page_to_itself(client: Client) -> None:
    response = client.get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_only_reading_is_allowed(client: Client, method: str) -> None:
    page = getattr(client, method)("/areas")
    assert page.status_code == 405
    answer = getattr(client, method)("/api/v1/areas")
    assert answer.status_code == 405
    assert answer.json()["error"]["code"] == "method_not_allowed"


def test_head_answers_as_get_does(client: Client) -> None:
    for address in ("/areas", "/api/v1/areas"):
        assert client.head(address).status_code == 200
        assert client.head(address)["ETag"] == client.get(address)["ETag"]


@pytest.mark.parametrize("harm", ["cut short", "overwritten"])
def test_a_damaged_release_is_never_served(
    harm: str, shelf: None, django_ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that starts beside a damaged release serves the last one that is whole."""
    monkeypatch.setenv("MOOTHALL_RELEASES", str(tmp_path))
    first = build_release(tmp_path)
    second = build_release(tmp_path, make_contents(OBSERVED[1:]))
    for release in (first, second):
        compare_and_publish(tmp_path, release.record.id)
    database = second.directory / "moothall.sqlite"
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 2] if harm == "cut short" else content[:-8192] + bytes(8192))
    client = Client(HTTP_HOST="localhost")
    assert client.get("/health").json()["release"] == first.record.id
    assert client.get(f"/areas/{BARCHESTER}").status_code == 200


def test_a_page_and_its_etag_are_of_one_release_whatever_is_published_meanwhile(
    client: Client, release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when another is published before the page is made, and rolled back before it is sent."""
    first = client.get("/about")
    other = build_release(tmp_path, make_contents(OBSERVED[1:]))
    made = views.papers.make_about
    monkeypatch.setattr(freshness, "digest_code", lambda: publish(other) or digest_code())

    def publish(published: Release) -> None:
        monkeypatch.setenv("MOOTHALL_RELEASE", str(published.directory))

    def roll_back_meanwhile(shown: Release) -> object:
        publish(release)
        return made(shown)

    monkeypatch.setattr(views.papers, "make_about", roll_back_meanwhile)
    response = client.get("/about")
    assert response["ETag"] == first["ETag"]
    assert response.content == first.content


def test_a_page_that_tells_what_was_served_is_not_kept_when_that_changes_meanwhile(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its ETag would name one history and its body show another."""
    release = build_release(tmp_path)
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    made = views.releases.make_releases

    def publish_meanwhile(shown: Release) -> object:
        note_turn(tmp_path, release.record.id, PUBLISHED)
        return made(shown)

    monkeypatch.setattr(views.releases, "make_releases", publish_meanwhile)
    response = client.get("/releases")
    assert response.status_code == 200
    assert "ETag" not in response
    assert response["Cache-Control"] == "no-cache"


def test_a_worker_makes_a_page_of_each_main_kind_before_it_listens(
    client: Client, shelf: None, release: Release, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def application(environ: dict[str, Any], _: object) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        assert client.get(environ["PATH_INFO"], QUERY_STRING=environ["QUERY_STRING"]).status_code == 200
        if environ["PATH_INFO"] == "/topics":
            raise RuntimeError("a page that cannot be made stops nothing")
        return [b""]

    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    assert warm(application) == len(asked) - 1
    assert {path.split("/")[1] for path in asked} == {"", "areas", "topics", "metrics"}
    monkeypatch.setattr(serving, "_shelf", serving._Shelf())
    monkeypatch.setenv("MOOTHALL_RELEASE", str(tmp_path / "none"))
    assert warm(application) == 0


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="processes are found under /proc")
def test_ctrl_c_is_the_parents_to_hear(release: Release) -> None:
    """The terminal tells every process of `make run` to end; a worker told by it and by its parent never would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    health = f"http://127.0.0.1:{port}/health"
    server = subprocess.Popen(
        [sys.executable, "-c", f"from moothall.site.serve import serve; serve({port}, 1)"],
        env=os.environ | {"MOOTHALL_RELEASE": str(release.directory)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(health, server)
        worker = int(Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text())
        os.kill(worker, signal.SIGINT)
        time.sleep(0.5)
        _wait(health, server)
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(20) == 0
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer")
