"""Every kind of page is looked at with axe, and stays whole when enlarged and in forced colours."""

from __future__ import annotations

from urllib.parse import urlsplit

import django
import pytest
from django.urls import URLPattern, resolve
from playwright.sync_api import Browser

from tests.browser import test_journeys, test_national, test_neighbours

pytestmark = pytest.mark.browser

# Each has a test of its own that runs axe on every one of these.
WITH_AXE = [*test_journeys.KINDS.values(), *test_national.KINDS.values(), *test_neighbours.KINDS.values()]
NO_PAGES = {
    *("find/entries.json", "releases/<str:release_id>/files/<path:name>", "health", "api/v1"),
    *("releases/feed", "areas/<str:code>/feed", "metrics/<str:key>/feed"),
    *("areas/<str:code>/report.pdf", "cards/<str:name>", "cards/<str:kind>/<str:name>", "charts/<str:kind>/<str:name>"),
    *("sitemap.xml", "sitemap-<int:part>.xml", "robots.txt"),
    "metrics/<str:key>/against",  # leads on
}
ENLARGED = {
    name: test_journeys.KINDS[name]
    for name in (
        "home", "search for a subject", "district", "place with two councils", "comparison", "compare councils",
        "metric of one", "map", "trace", "outcome", "release", "api",
    )
}  # fmt: skip


def test_every_kind_of_page_is_looked_at_with_axe() -> None:
    django.setup()
    from moothall.site.urls import urlpatterns

    looked_at = {resolve(urlsplit(address).path).route for address in WITH_AXE if address != "/nowhere"}
    pages = {str(each.pattern) for each in urlpatterns if isinstance(each, URLPattern)} - NO_PAGES
    assert pages - looked_at == set()
    assert NO_PAGES.isdisjoint(looked_at)


@pytest.mark.parametrize("kind", ENLARGED)
def test_a_page_at_four_times_its_size_is_read_downwards_only(chromium: Browser, address: str, kind: str) -> None:
    """A window of 1280 by 1024 enlarged to 400 % is one of 320 by 256 with four points to each (WCAG 1.4.10)."""
    context = chromium.new_context(
        base_url=address, viewport={"width": 320, "height": 256}, device_scale_factor=4, bypass_csp=True
    )
    page = context.new_page()
    page.goto(ENLARGED[kind])
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    fixed = page.evaluate(
        """[...document.querySelectorAll("body *")].filter((each) => {
             const style = getComputedStyle(each);
             return style.position === "fixed" && style.visibility !== "hidden" && each.offsetHeight > 60;
           }).map((each) => each.outerHTML.slice(0, 80))"""
    )
    context.close()
    assert fixed == [], "what stays in place would cover what is read"


@pytest.mark.parametrize("kind", ["district", "comparison", "metric of one", "compare councils", "trace"])
def test_charts_and_words_stay_apart_from_the_ground_in_forced_colours(
    chromium: Browser, address: str, kind: str
) -> None:
    context = chromium.new_context(base_url=address, forced_colors="active", bypass_csp=True)
    page = context.new_page()
    page.goto(test_journeys.KINDS[kind])
    lost = page.evaluate(
        """() => {
          const ground = getComputedStyle(document.body).backgroundColor;
          const hides = (each) => {
            const style = getComputedStyle(each);
            return style.fill === ground && (style.stroke === "none" || style.stroke === ground);
          };
          const marks = [...document.querySelectorAll("svg .mh-mark, svg text, .mh-key > *")];
          const words = [...document.querySelectorAll("main p, main a, main th, main td")];
          return [
            ...marks.filter((each) => each.checkVisibility() && hides(each)),
            ...words.filter((each) => getComputedStyle(each).color === ground),
          ].map((each) => each.outerHTML.slice(0, 120));
        }"""
    )
    context.close()
    assert lost == []
