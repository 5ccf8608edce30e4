"""Embeds in a real frame: the code that a page gives shows the whole chart on the narrowest phone."""

from __future__ import annotations

import re
from html import unescape

import pytest
from playwright.sync_api import Browser

from tests.release.barset import BARCHESTER, OMNIUM

PAGES = (
    f"/metrics/bins-missed?area={BARCHESTER}&peers=england&with={OMNIUM}",
    "/metrics/bins-missed",
    "/maps/bins-missed",
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
