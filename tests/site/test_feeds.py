"""Feeds and the sitemap: valid, complete, and the same entry under the same id for good."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from moothall.release.diff import diff
from moothall.release.queries import Release
from moothall.site import sitemap
from tests.release.barset import BARCHESTER, COUNTY, OLD_BARCHESTER_CODE, SILVERBRIDGE
from tests.site.test_pages import read
from tests.site.test_releases import Copy, copy  # noqa: F401 - a fixture

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FEEDS = ("/releases/feed", f"/areas/{BARCHESTER}/feed", "/metrics/bins-missed/feed")


def parse(xml: str) -> ET.Element:
    return ET.fromstring(xml.encode())  # noqa: S314 - our own


def check_atom(feed: ET.Element) -> None:
    """What RFC 4287 asks of every feed and entry."""
    assert feed.tag == f"{ATOM}feed"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    ids = []
    for each in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = each.findall(f"{ATOM}{name}")
            assert found.text
        ids.append(each.findtext(f"{ATOM}id"))
        assert datetime.fromisoformat(each.findtext(f"{ATOM}updated") or "").tzinfo is not None
        assert len(each.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert len(set(ids)) == len(ids)
    assert feed.find(f"{ATOM}link[@rel='self']") is not None


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_valid_before_anything_has_changed(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    check_atom(parse(answer.content.decode()))


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_valid_and_keeps_its_ids(copy: Copy, address: str) -> None:  # noqa: F811
    copy.publish(copy.earlier)
    before = {each.text for each in parse(copy.read(address)).iter(f"{ATOM}id")}
    copy.publish(copy.later)
    feed = parse(copy.read(address))
    check_atom(feed)
    assert before <= {each.text for each in feed.iter(f"{ATOM}id")}
    newest = feed.find(f"{ATOM}entry")
    assert newest is not None
    assert (newest.findtext(f"{ATOM}updated") or "").startswith("2025-07-01")
    assert copy.later.record.id in (newest.findtext(f"{ATOM}title") or "")


def test_a_metric_feed_counts_what_the_difference_does(copy: Copy) -> None:  # noqa: F811
    copy.publish(copy.earlier, copy.later)
    (found,) = (each for each in diff(copy.earlier, copy.later).metrics if each.metric == "bins-missed")
    said = parse(copy.read("/metrics/bins-missed/feed")).findtext(f"{ATOM}entry/{ATOM}summary") or ""
    assert f"{found.changed:,} revised" in said
    for change in found.largest:
        assert f"{change.area_name}, " in unescape(said)
        assert change.old_text in unescape(said)


def test_a_council_feed_has_its_own_changes_and_no_others(copy: Copy) -> None:  # noqa: F811
    copy.publish(copy.earlier, copy.later)
    found = diff(copy.earlier, copy.later)
    for code in (BARCHESTER, SILVERBRIDGE, COUNTY):
        summary = parse(copy.read(f"/areas/{code}/feed")).findtext(f"{ATOM}entry/{ATOM}summary") or ""
        told = [each for each in re.findall(r"<li>(.*?)</li>", summary) if " before, now " in each]
        assert len(told) == sum(change.area == code for metric in found.metrics for change in metric.largest)
        for address in re.findall(r'href="http://localhost([^"]*)"', summary):
            assert copy.client.get(unescape(address)).status_code == 200


def test_feeds_say_how_many_changes_they_tell(client: Client) -> None:
    council, metric = (parse(read(client, each)).findtext(f"{ATOM}subtitle") or "" for each in FEEDS[1:])
    assert "among the five largest changes of a metric. Smaller ones are not told here." in council
    assert "the five largest changes" in metric


def test_an_old_code_leads_to_the_feed_of_the_code_it_became(client: Client) -> None:
    assert client.get(f"/areas/{OLD_BARCHESTER_CODE}/feed")["Location"] == f"/areas/{BARCHESTER}/feed"
    assert client.get("/metrics/nothing/feed").status_code == 404


@pytest.mark.parametrize(
    ("page", "feed"),
    [("/", "/releases/feed"), (f"/areas/{BARCHESTER}/barchester", FEEDS[1]), ("/metrics/bins-missed", FEEDS[2])],
)
def test_a_page_names_its_feed(client: Client, page: str, feed: str) -> None:
    found = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]*href="([^"]*)"', read(client, page))
    assert feed in found


def test_a_feed_is_asked_for_again_when_a_release_was_published(copy: Copy) -> None:  # noqa: F811
    copy.publish(copy.earlier)
    first = copy.client.get(FEEDS[2])
    assert first["Cache-Control"] == "no-cache"
    copy.publish(copy.later)
    assert copy.client.get(FEEDS[2], HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def list_locations(xml: str) -> list[str]:
    return [each.text or "" for each in parse(xml).iter(f"{MAP}loc")]


def test_the_sitemap_has_pages_that_answer_and_each_once(client: Client, release: Release) -> None:
    xml = client.get("/sitemap.xml").content.decode()
    found = [each.removeprefix("http://localhost") for each in list_locations(xml)]
    assert len(found) == len(set(found))
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200, address
        canonical = re.findall(r'<link rel="canonical" href="([^"]*)">', answer.content.decode())
        assert canonical[0].partition("?")[0] == address, address
    for expected in ("/", "/metrics/bins-missed", f"/areas/{BARCHESTER}/topics/bins", f"/releases/{release.record.id}"):
        assert expected in found
    assert not any(each.startswith(("/embed/", "/charts/", "/api/")) for each in found)
    days = {each.text for each in parse(xml).iter(f"{MAP}lastmod")}
    assert days == {release.built.isoformat()}


def test_a_long_sitemap_is_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch, release: Release) -> None:
    whole = list_locations(client.get("/sitemap.xml").content.decode())
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 40)
    index = list_locations(client.get("/sitemap.xml").content.decode())
    parts = [client.get(each.removeprefix("http://localhost")).content.decode() for each in index]
    assert [each for part in parts for each in list_locations(part)] == whole
    assert all(len(list_locations(part)) <= 40 for part in parts)
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404


def test_robots_are_told_of_the_sitemap(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /cards" not in text  # those who show a card ask for it first


def test_addresses_begin_with_the_public_one_where_it_is_named(client: Client, settings_address: str) -> None:
    assert f"{settings_address}/sitemap.xml" in client.get("/robots.txt").content.decode()
    assert f'href="{settings_address}/releases"' in client.get("/releases/feed").content.decode()


@pytest.fixture
def settings_address(monkeypatch: pytest.MonkeyPatch, django_ready: None, tmp_path: Path) -> str:
    from django.conf import settings

    monkeypatch.setattr(settings, "PUBLIC_ADDRESS", "https://moothall.example")
    return "https://moothall.example"
