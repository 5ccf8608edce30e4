"""An official and a reporter see what moved nationally, follow it to a metric and from there to its councils."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import require_browser, serve_release
from tests.browser.test_journeys import check_with_axe
from tests.release.barset import build_release
from tests.release.movements import make_moved

pytestmark = pytest.mark.browser

KINDS = {"overview": "/national", "topic": "/national/care", "metric": "/national/care/carers-content"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a release is served in which councils went somewhere together."""
    require_browser()
    with serve_release(build_release(tmp_path_factory.mktemp("moved"), make_moved())) as address:
        yield address


def test_from_the_overview_to_a_metric_and_its_councils(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="National picture", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The national picture")
    moved = page.get_by_role("region", name="Towards better").or_(page.locator("section", has_text="Towards better"))
    moved.first.get_by_role("link", name="Carers content").click()
    expect(page.get_by_text(re.compile("Half of councils in England were between"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Carers content: councils in England"))).to_be_visible()
    expect(page.get_by_role("rowheader", name="2017-18")).to_be_visible()
    page.get_by_role("link", name="Every council’s figure").click()
    expect(page.get_by_role("rowheader", name="Allington")).to_be_visible()


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(scripted: Page, kind: str) -> None:
    scripted.goto(KINDS[kind])
    scripted.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    check_with_axe(scripted)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_runs_over_the_side(scripted: Page, kind: str) -> None:
    scripted.goto(KINDS[kind])
    scripted.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (1280, 375, 320):
        scripted.set_viewport_size({"width": width, "height": 800})
        assert scripted.evaluate("document.documentElement.scrollWidth") <= width
