"""The site, served by its own server and read with Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from moothall.release.queries import Release
from tests.release.barset import add_up, build_release, make_contents
from tests.release.lives import make_lived_contents
from tests.release.reading import compare_and_publish, make_earlier

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STYLE_SHEET = Path(__file__).parents[2] / "src/moothall/site/static/build/site.css"


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site of the fictional county is served; a module whose pages need another release has its own."""
    require_browser()
    releases = tmp_path_factory.mktemp("releases")
    earlier, release = (
        build_release(releases, make_earlier()),
        build_release(releases, make_contents(catalogue=add_up()), built=date(2025, 7, 1)),
    )
    for each in (earlier, release):
        compare_and_publish(releases, each.record.id)
    with serve_release(release) as address:
        yield address


@pytest.fixture(scope="session")
def lived_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a release is served in which metrics are proposed, improved and retired."""
    require_browser()
    with serve_release(build_release(tmp_path_factory.mktemp("lived"), make_lived_contents())) as address:
        yield address


def require_browser() -> None:
    """Skip where pages cannot be read as people read them."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on the PATH")
    if not STYLE_SHEET.exists():
        pytest.skip("the style sheet is not built: run `make setup`")


@contextmanager
def serve_release(release: Release) -> Iterator[str]:
    """Serve a release at a free port, and stop when done; gives its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = f"from moothall.site.serve import serve; serve({port}, 1)"
    environment = os.environ | {"MOOTHALL_RELEASE": str(release.directory), "MOOTHALL_HOSTS": "127.0.0.1"}
    server = subprocess.Popen([sys.executable, "-c", command], env=environment)
    try:
        _wait(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    require_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    """A page of a desktop browser, with JavaScript and without."""
    context = chromium.new_context(base_url=address, java_script_enabled=request.param)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(chromium: Browser, address: str) -> Iterator[Page]:
    """A page that the tests themselves may run scripts in, past the site's own policy."""
    context = chromium.new_context(base_url=address, bypass_csp=True)
    yield context.new_page()
    context.close()


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            pytest.fail(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer")
