"""The sitemap: every page that has an address of its own, and what crawlers are asked to leave alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse

from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import (
    area_address,
    area_topic_address,
    map_address,
    metric_address,
    national_address,
    neighbours_address,
    outcome_address,
    place_address,
    topic_address,
)
from moothall.site.explorer.answering import answer_with
from moothall.site.explorer.comparisons import has_map
from moothall.site.origin import find_origin

MOST_ADDRESSES = 50_000
"""How many addresses one file may have, by the protocol of sitemaps."""

_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ALONE = ("/", "/areas", "/topics", "/outcomes", "/national", "/metrics", "/gaps", "/excellence", "/compare", "/find",
          "/releases", "/methods", "/methods/neighbours", "/about", "/accessibility", "/contact", "/api")  # fmt: skip
_LEFT_ALONE = ("/api/v1/figures", "/figures/", "/charts/", "/find?")
"""What crawlers are asked not to ask for: there is no end of it, and pages that they find have the same."""


def list_addresses(release: Release) -> Iterator[str]:
    """Every page with an address of its own, in the order of the site's sections."""
    yield from _ALONE
    areas = release.areas()
    metrics = [each for each in release.metrics() if each.status.has_figures and each.breakdowns]
    topics = [topic.key for topic in release.topics()]
    for area in areas:
        yield area_address(area)
        if area.is_principal:
            yield place_address(area)
        if release.has_neighbours(area.code):
            yield neighbours_address(area.code)
        for topic in topics:
            yield area_topic_address(area.code, topic)
    for topic in topics:
        yield topic_address(topic)
    for metric in metrics:
        yield metric_address(metric.key)
        if metric.unit.is_amount and has_map(release, metric):
            yield map_address(metric.key)
    for outcome in release.outcomes():
        yield outcome_address(outcome.number)
    shown = {each.metric for each in release.national.movements()}
    for topic in topics:
        yield national_address(topic)
    for metric in metrics:
        if metric.key in shown:
            yield national_address(metric.topic, metric.key)
    yield f"/releases/{release.record.id}"


def make_sitemap(release: Release, request: HttpRequest, part: int | None = None) -> str:
    """`/sitemap.xml`: one file, or a list of parts where there are more addresses than one may have."""
    origin, day = find_origin(request), release.built.isoformat()
    addresses = list(list_addresses(release))
    parts = -(-len(addresses) // MOST_ADDRESSES)
    if part is None and parts > 1:
        listed = (f"{origin}/sitemap-{number}.xml" for number in range(1, parts + 1))
        return _write("sitemapindex", "sitemap", listed, day)
    number = part or 1
    if not 1 <= number <= parts:
        raise UnknownKey("part of the sitemap", str(number))
    start = (number - 1) * MOST_ADDRESSES
    return write_addresses((origin + each for each in islice(addresses, start, start + MOST_ADDRESSES)), day)


def write_addresses(addresses: Iterable[str], day: str) -> str:
    """A sitemap of whole addresses, each as of a day."""
    return _write("urlset", "url", addresses, day)


def write_robots(sitemap: str, left_alone: Iterable[str] = _LEFT_ALONE) -> str:
    """What crawlers are asked to leave alone, and the address of the sitemap, where there is one."""
    asked = [f"Disallow: {each}" for each in left_alone] or ["Disallow:"]
    return "\n".join(["User-agent: *", *asked, *([f"Sitemap: {sitemap}"] if sitemap else []), ""])


def _write(name: str, entry: str, addresses: Iterable[str], day: str) -> str:
    lines = [f"<{entry}><loc>{escape(each)}</loc><lastmod>{day}</lastmod></{entry}>" for each in addresses]
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{_SPACE}">\n{body}\n</{name}>\n'


def send_sitemap(request: HttpRequest, made: str) -> HttpResponse:
    """The sitemap as XML."""
    return HttpResponse(made, content_type="application/xml")


show_sitemap = answer_with(make_sitemap, send_sitemap)


def show_robots(request: HttpRequest) -> HttpResponse:
    """`/robots.txt`."""
    return HttpResponse(write_robots(f"{find_origin(request)}/sitemap.xml"), content_type="text/plain; charset=utf-8")
