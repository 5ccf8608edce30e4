"""Embeds in a real frame: the code that a page gives shows the whole chart on the narrowest phone."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import Browser

from tests.release.barset import ALLINGTON, BARCHESTER, OMNIUM

PAGES = (
    f"/metrics/bins-missed?area={BARCHESTER}&peers=england&with={OMNIUM}",
    "/metrics/bins-missed",
    "/maps/bins-missed",
    f"/areas/{ALLINGTON}/topics/bins?with={BARCHESTER}",
    f"/metrics/share-missed/against/bins-emptied?area={ALLINGTON}",
)
FRAMES = (
    f"/embed/metrics/share-missed?area={ALLINGTON}&peers=england&chart=bars",
    f"/embed/areas/{ALLINGTON}/topics/bins",
    "/embed/metrics/share-missed/against/bins-emptied",
    "/embed/metrics/bins-missed?chart=map",
)


@pytest.mark.parametrize("page", PAGES)
def test_the_snippet_shows_the_whole_chart_at_320_pixels(chromium: Browser, address: str, page: str) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 800})
    tab = context.new_page()
    try:
        tab.goto(address + page)
        snippets = tab.locator("textarea").all_text_contents()
        assert snippets
        for snippet in snippets:
            height = int(re.findall(r'height="(\d+)"', snippet)[0])
            source = unescape(re.findall(r'src="([^"]+)"', snippet)[0])
            frame = context.new_page()
            frame.set_viewport_size({"width": 320, "height": 300})
            frame.goto(source)
            assert frame.evaluate("document.documentElement.scrollWidth") <= 320
            assert frame.evaluate("document.documentElement.scrollHeight") <= height, source
            frame.close()
    finally:
        context.close()


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_fits_every_width_and_leaves_nothing_behind(chromium: Browser, address: str, frame: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    try:
        page.goto(frame)
        for width in (280, 320, 640, 1000):
            page.set_viewport_size({"width": width, "height": 600})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("svg").count() >= 1
        assert context.cookies() == []
    finally:
        context.close()


@pytest.mark.parametrize(
    "picture",
    [
        f"/charts/trend/bins-missed.svg?area={BARCHESTER}&peers=england&with={OMNIUM}",
        "/charts/scatter/share-missed.svg?other=bins-emptied",
        f"/charts/bars/share-missed.svg?area={ALLINGTON}&peers=england",
        f"/charts/topic/bins.svg?area={ALLINGTON}",
        "/charts/map/bins-missed.svg",
    ],
)
def test_a_browser_shows_the_whole_of_an_svg_with_whatever_typeface_it_has(
    chromium: Browser, address: str, picture: str
) -> None:
    """Of drawings within drawings a browser cuts off what stands beside them, such as an axis, unless it is told to."""
    page = chromium.new_page(base_url=address)
    try:
        page.goto(picture)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("text")].filter((each) => {
                 let isCut = false;
                 for (let up = each.ownerSVGElement; up.ownerSVGElement; up = up.ownerSVGElement)
                   isCut ||= getComputedStyle(up).overflow !== "visible";
                 const place = each.getBoundingClientRect();
                 return place.width > 0 && (isCut || place.right > 1200);
               }).map((each) => each.textContent)"""
        )
        assert cut == []
    finally:
        page.close()
