"""What is carried is enough: every council has figures in at least six topics, and its pages say what is not there."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from html import unescape

import pytest
from django.test import Client

from moothall.release.figures import Selection
from moothall.release.queries import Release

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.site.settings")

LEAST_TOPICS = 6
LARGEST = 60_000
"""The most bytes of an authority's page, compressed."""

KINDS = {
    "London borough": "E09000008",
    "district": "E07000178",
    "county": "E10000025",
    "unitary of 2023": "E06000063",
    "Isles of Scilly": "E06000053",
    "City of London": "E09000001",
    "combined authority": "E47000001",
    "waste authority": "E50000001",
    "Greater London Authority": "E61000001",
}
SPILT = re.compile(r"\b(?:None|nan|undefined|inf)\b|\{\{|\{%|\bobject at 0x")


@pytest.fixture
def client(real_release: Release, monkeypatch: pytest.MonkeyPatch) -> Client:
    import django

    django.setup()
    monkeypatch.setenv("MOOTHALL_RELEASE", str(real_release.directory))
    return Client(HTTP_HOST="localhost")


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_every_council_has_figures_in_six_topics(real_release: Release) -> None:
    topics = {metric.key: metric.topic for metric in real_release.metrics()}
    councils = real_release.areas(principal_only=True)
    assert len(councils) > 300
    having: dict[str, set[str]] = defaultdict(set)
    for figure in real_release.figures(Selection(period="latest")):
        if figure.value is not None:
            having[figure.area].add(topics[figure.metric])
    counted = {council.name: len(having[council.code]) for council in councils}
    assert {name: many for name, many in counted.items() if many < LEAST_TOPICS} == {}


def test_every_topic_with_figures_has_headlines(real_release: Release) -> None:
    for topic in real_release.topics():
        assert topic.headlines, topic.key
        for key in topic.headlines:
            assert real_release.metric(key).latest_period is not None, key


@pytest.mark.parametrize("code", KINDS.values(), ids=KINDS)
def test_pages_of_every_kind_of_authority(client: Client, real_release: Release, code: str) -> None:
    area = real_release.area(code)
    page = client.get(f"/areas/{code}/{area.slug}", HTTP_ACCEPT_ENCODING="gzip")
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < LARGEST
    for address in (f"/areas/{code}", *(f"/areas/{code}/topics/{topic.key}" for topic in real_release.topics())):
        response = client.get(address)
        assert response.status_code == 200, address
        assert not SPILT.search(text_of(response.content.decode())), address


@pytest.mark.parametrize("code", [KINDS["Isles of Scilly"], KINDS["City of London"]])
def test_a_council_like_no_other_says_what_exists_and_why_the_rest_does_not(
    client: Client, real_release: Release, code: str
) -> None:
    html = client.get(f"/areas/{code}").content.decode()
    said = text_of(html)
    assert "There is no other authority like the" in said
    assert "mh-strip" not in html
    absent = [
        figure
        for figure in real_release.area_figures(code)
        if figure.breakdown == "all" and figure.value is None and str(figure.marker) != "not_responsible"
    ]
    assert absent
    missing = html.partition('id="missing"')[2].partition("</section>")[0]
    assert missing.count("<li>") == len(absent)
    for figure in absent:
        assert figure.marker is not None
        assert figure.marker.meaning.sentence in text_of(missing)
