"""A fixed copy, served by Python's own server of files: a reader finds their way, with JavaScript or without."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from moothall.site.frozen.freeze import freeze
from moothall.site.frozen.links import Hosts
from tests.browser.conftest import require_browser
from tests.release.barset import BARCHESTER, build_release

pytestmark = pytest.mark.browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture(scope="module")
def frozen_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    require_browser()
    directory = tmp_path_factory.mktemp("frozen") / "site"
    assert list(freeze(build_release(tmp_path_factory.mktemp("releases")), directory, Hosts()).problems) == []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(directory)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def frozen(request: pytest.FixtureRequest, chromium: Browser, frozen_address: str) -> Iterator[Page]:
    context = chromium.new_context(base_url=frozen_address, java_script_enabled=request.param)
    page = context.new_page()
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    yield page
    assert missing == []
    context.close()


def test_a_resident_goes_from_the_first_page_to_a_topic_of_their_council(frozen: Page) -> None:
    frozen.goto("/")
    menu = frozen.get_by_role("navigation", name="Menu")
    menu.get_by_role("link", name="Areas").click()
    frozen.get_by_role("link", name="Barchester", exact=True).first.click()
    expect(frozen).to_have_url(re.compile(rf"/areas/{BARCHESTER}/barchester/$"))
    frozen.goto(f"/areas/{BARCHESTER}/topics/bins")
    expect(frozen.get_by_role("heading", level=1)).to_contain_text("Bins")
    expect(frozen.locator("form")).to_have_count(1)  # the search box, which leads to suggestions or to what works here


def test_a_number_leads_to_where_its_cell_is_said(frozen: Page) -> None:
    frozen.goto("/metrics/bins-missed")
    frozen.locator("#table a[href*='/figures/'], a[href='/figures/bins-missed/']").first.click()
    expect(frozen.get_by_role("heading", level=1)).to_have_text("Where the figures come from")
    with frozen.expect_download() as waiting:
        frozen.get_by_role("link", name="All figures as CSV").click()
    lines = waiting.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("breakdown,area,period,value,marker,edition,sheet,cell")
    assert any(BARCHESTER in line for line in lines)


def test_a_code_alone_leads_on_to_the_page(frozen: Page) -> None:
    frozen.goto(f"/areas/{BARCHESTER}")
    expect(frozen).to_have_url(re.compile(rf"/areas/{BARCHESTER}/barchester/$"))


def test_what_needs_the_live_service_is_said_in_one_place(frozen: Page) -> None:
    frozen.goto("/metrics/bins-missed")
    frozen.get_by_role("link", name="what works here").click()
    expect(frozen.get_by_role("heading", level=1)).to_have_text("What works in this copy")
    expect(frozen.get_by_text("This copy does not name a live service.")).to_be_visible()


def test_the_search_box_suggests_pages_of_the_copy(chromium: Browser, frozen_address: str) -> None:
    context = chromium.new_context(base_url=frozen_address)
    page = context.new_page()
    page.goto("/topics/")
    box = page.get_by_role("combobox", name="Council, topic or metric")
    box.press_sequentially("alling")
    expect(page.get_by_role("option").first).to_have_text("Allington, unitary council")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/areas/E06900002/allington/$"))
    context.close()


def test_the_search_box_without_a_suggestion_sends_nothing(frozen: Page) -> None:
    frozen.goto("/topics/")
    frozen.get_by_label("Council, topic or metric").fill("QB1 1AA")
    frozen.get_by_role("button", name="Search").click()
    expect(frozen).to_have_url(re.compile(r"/this-copy/\??$"))


@pytest.mark.parametrize("path", ["/this-copy/", "/figures/bins-missed/", "/metrics/bins-missed/"])
def test_nothing_is_wider_than_a_small_phone(chromium: Browser, frozen_address: str, path: str) -> None:
    context = chromium.new_context(base_url=frozen_address, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
