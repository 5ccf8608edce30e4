"""Charts as files, in frames of other sites and as cards: the same numbers as the page, and no more than it."""

from __future__ import annotations

import json
import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from moothall.charts import apart
from moothall.release.queries import Release
from moothall.site.explorer.linked_data import describe_page
from moothall.site.explorer.pictures import PICTURES
from tests.release.barset import (
    ALLINGTON,
    BARCHESTER,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OLD_BARCHESTER_CODE,
    OMNIUM,
    SILVERBRIDGE,
)
from tests.site.test_pages import read, text_of

SVG = "{http://www.w3.org/2000/svg}"
ASKED = f"area={BARCHESTER}&peers=england&with={OMNIUM}"
CHARTS = {
    f"/charts/strip/bins-missed?{ASKED}": f"/metrics/bins-missed?{ASKED}",
    "/charts/strip/bins-missed": "/metrics/bins-missed",
    f"/charts/trend/bins-missed?{ASKED}": f"/metrics/bins-missed?{ASKED}",
    f"/charts/map/bins-missed?area={BARCHESTER}": f"/maps/bins-missed?area={BARCHESTER}",
    "/charts/hexagons/bins-missed": "/maps/bins-missed?view=hex",
    f"/charts/topic/bins?area={ALLINGTON}&with={SILVERBRIDGE}": f"/areas/{ALLINGTON}/topics/bins?with={SILVERBRIDGE}",
}


def name_file(address: str, ending: str) -> str:
    path, mark, asked = address.partition("?")
    return f"{path}.{ending}{mark}{asked}"


def list_marks(svg: str) -> set[str]:
    """What every mark says for a pointer."""
    return {unescape(each) for each in re.findall(r"<title>([^<]+)</title>", svg) if not each.endswith("– Moothall")}


@pytest.mark.parametrize(("chart", "page"), CHARTS.items())
def test_a_chart_says_what_its_page_does(client: Client, release: Release, chart: str, page: str) -> None:
    answer = client.get(name_file(chart, "svg"))
    if answer.status_code == 404 and "hexagons" in chart:
        pytest.skip("the fictional county has no hexagons for this period")
    assert answer.status_code == 200, answer.content[:300]
    assert answer["Content-Type"] == "image/svg+xml"
    svg, html = answer.content.decode(), read(client, page)
    root = ET.fromstring(svg)  # noqa: S314 - our own
    marks = list_marks(svg)
    assert marks
    assert marks <= list_marks(html)
    words = " ".join("".join(each.itertext()) for each in root.iter(f"{SVG}text"))
    assert f"release {release.record.id}" in words
    assert "http://localhost/" in words
    assert "Licence" in words


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_of_chart_says_when_there_is_none(client: Client, kind: str) -> None:
    assert client.get(f"/charts/{kind}/nothing.svg?area={BARCHESTER}").status_code == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/charts/pie/bins-missed.svg", 404),
        ("/charts/strip/bins-missed.gif", 404),
        ("/charts/strip/bins-missed", 404),
        ("/charts/strip/bins-missed.svg?peers=everyone", 400),
        ("/charts/topic/bins.svg", 400),
        ("/cards/pies/x.png", 404),
        ("/cards/other.png", 404),
        ("/cards/areas/E99999999.png", 404),
        ("/embed/metrics/nothing", 404),
        ("/embed/metrics/bins-missed?chart=pie", 400),
    ],
)
def test_what_there_is_not_is_said(client: Client, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize("start", ["/charts/strip/bins-missed.png?", "/embed/metrics/bins-missed?chart=strip&"])
def test_a_council_by_its_old_code_leads_to_the_same_chart(client: Client, start: str) -> None:
    answer = client.get(f"{start}area={OLD_BARCHESTER_CODE}&peers=england")
    assert answer.status_code == 302
    assert answer["Location"].startswith(start.partition("?")[0])
    assert f"area={BARCHESTER}" in answer["Location"]
    assert client.get(answer["Location"]).status_code == 200


def test_a_png_is_a_picture_with_a_name_and_kept_like_a_page(client: Client) -> None:
    answer = client.get(name_file(f"/charts/strip/bins-missed?{ASKED}", "png"))
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert answer["Content-Disposition"] == 'inline; filename="moothall-bins-missed-strip.png"'
    assert answer["ETag"]
    assert "Content-Encoding" not in answer


@pytest.mark.parametrize(
    "address",
    [f"/charts/strip/bins-missed.png?{ASKED}", "/cards/topics/bins.png", f"/areas/{BARCHESTER}/report.pdf"],
)
def test_a_flood_is_told_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    turns = apart.Turns(at_once=1, waiting=0, patience=30)
    monkeypatch.setattr(apart, "_turns", turns)
    with turns.take():
        answer = client.get(address)
        assert client.get(f"/charts/strip/bins-missed.svg?{ASKED}").status_code == 200
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
    assert "try again in 5 seconds" in answer.content.decode()
    assert client.get(address).status_code == 200


def test_a_picture_is_allowed_its_own_style_sheet_and_nothing_else(client: Client) -> None:
    address = "/charts/strip/bins-missed.svg"
    policy = client.get(address)["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert re.search(r"style-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
    again = client.get(address, HTTP_IF_NONE_MATCH=client.get(address)["ETag"])
    assert again.status_code == 304
    assert again["Content-Security-Policy"] == policy


def test_only_an_embed_may_stand_in_a_frame_of_another_site(client: Client) -> None:
    address = f"/embed/metrics/bins-missed?{ASKED}&chart=trend"
    answer = client.get(address)
    again = client.get(address, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304
    for each in (answer, again):
        assert "frame-ancestors *" in each["Content-Security-Policy"]
        assert "X-Frame-Options" not in each
        assert not each.cookies
    for other in ("/", "/metrics/bins-missed", "/charts/strip/bins-missed.svg", "/releases/feed", "/nowhere"):
        response = client.get(other)
        assert response["X-Frame-Options"] == "DENY", other
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"], other


@pytest.mark.parametrize(
    ("chart", "page"),
    [("strip", f"/metrics/bins-missed?{ASKED}"), ("trend", f"/metrics/bins-missed?{ASKED}"),
     ("map", f"/maps/bins-missed?area={BARCHESTER}")],
)  # fmt: skip
def test_an_embed_is_the_chart_of_its_page_and_leads_there(client: Client, chart: str, page: str) -> None:
    asked = page.partition("?")[2]
    html = read(client, f"/embed/metrics/bins-missed?{asked}&chart={chart}")
    assert html.count("<h1") == 1
    assert list_marks(html) <= list_marks(read(client, page))
    assert '<meta name="robots" content="noindex">' in html
    assert f'<link rel="canonical" href="{page.replace("&", "&amp;")}">' in html
    assert 'target="_top"' in html
    assert "<script" not in html
    assert " style=" not in html
    assert "<nav" not in html


@pytest.mark.parametrize(
    ("embed", "page"),
    [
        (
            f"/embed/areas/{ALLINGTON}/topics/bins?with={SILVERBRIDGE}",
            f"/areas/{ALLINGTON}/topics/bins?with={SILVERBRIDGE}",
        ),
        ("/embed/metrics/share-missed/against/bins-emptied", "/metrics/share-missed/against/bins-emptied"),
        (f"/embed/metrics/bins-missed?{ASKED}&chart=bars", f"/metrics/bins-missed?{ASKED}"),
    ],
)
def test_other_charts_have_frames_too(client: Client, embed: str, page: str) -> None:
    html = read(client, embed)
    assert list_marks(html) <= list_marks(read(client, page))
    assert f'<link rel="canonical" href="{page.replace("&", "&amp;")}">' in html
    assert "<script" not in html
    assert " style=" not in html
    assert "frame-ancestors *" in client.get(embed)["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("address", "present"),
    [
        (f"/charts/topic/bins.svg?area={OLD_BARCHESTER_CODE}", f"/charts/topic/bins.svg?area={BARCHESTER}"),
        (f"/charts/glance/{OLD_BARCHESTER_CODE}.png", f"/charts/glance/{BARCHESTER}.png"),
        (f"/embed/areas/{OLD_BARCHESTER_CODE}/topics/bins", f"/embed/areas/{BARCHESTER}/topics/bins?chart=topic"),
    ],
)
def test_an_old_code_leads_to_the_picture_of_the_page_it_leads_to(client: Client, address: str, present: str) -> None:
    assert client.get(address)["Location"] == present


def test_nobody_keeps_the_picture_of_a_group_that_a_reader_brought(client: Client) -> None:
    given = "&".join(f"with={each}" for each in (OMNIUM, GATHERUM, GREATER_PLUMSTEAD, BARCHESTER, FRAMLEY))
    group = f"areas={ALLINGTON}&topic=bins&peers=custom&{given}&name=Mine"
    html = client.get(f"/compare?{group}").content.decode()
    (address,) = (unescape(each) for each in re.findall(r'href="(/charts/councils/[^"]*svg[^"]*)"', html))
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Mine" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer


def test_the_code_to_copy_is_of_the_chart_beside_it_and_works(client: Client) -> None:
    html = read(client, f"/metrics/bins-missed?{ASKED}")
    snippets = [unescape(each) for each in re.findall(r"<textarea[^>]*>(.*?)</textarea>", html)]
    assert len(snippets) == 2
    for snippet in snippets:
        frame = ET.fromstring(snippet)  # noqa: S314 - our own
        assert frame.tag == "iframe"
        assert frame.attrib["title"]
        assert int(frame.attrib["height"]) >= 400
        assert frame.attrib["src"].startswith("http://localhost/embed/metrics/bins-missed?")
        assert client.get(frame.attrib["src"].removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/",
        f"/areas/{BARCHESTER}/barchester",
        f"/places/{BARCHESTER}/barchester",
        f"/areas/{ALLINGTON}/topics/bins?with={SILVERBRIDGE}",
        f"/metrics/bins-missed?{ASKED}",
        "/metrics/share-missed/against/bins-emptied",
        f"/maps/bins-missed?area={BARCHESTER}",
        f"/compare?areas={ALLINGTON}&areas={BARCHESTER}&topic=bins",
        "/topics/bins",
    ],
)
def test_a_page_that_is_shared_has_a_card(client: Client, address: str) -> None:
    html = read(client, address)
    said = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[a-z:]+)" content="([^"]*)">', html))
    assert said["og:title"] == re.findall(r"<title>([^<]*)</title>", html)[0]
    assert said["og:description"]
    assert said["og:url"].startswith("http://localhost/")
    assert said["twitter:card"] == "summary_large_image"
    card = client.get(unescape(said["og:image"]).removeprefix("http://localhost"))
    assert card.status_code == 200
    assert card["Content-Type"] == "image/png"
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    assert card.content[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big")
    assert len(card.content) <= 100_000
    assert card["ETag"]
    assert ("moothall.png" in said["og:image"]) == (address == "/")


def find_linked_data(html: str) -> dict[str, object]:
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("address", [f"/metrics/bins-missed?{ASKED}", "/topics/bins"])
def test_data_is_described_for_machines(client: Client, release: Release, address: str) -> None:
    said = find_linked_data(read(client, address))
    assert said["@type"] == "Dataset"
    for name in ("name", "description", "license", "creator", "publisher", "temporalCoverage", "variableMeasured"):
        assert said[name], name
    assert said["version"] == release.record.id
    files = said["distribution"]
    assert isinstance(files, list)
    assert len(files) == 7
    for file in files:
        answer = client.get(file["contentUrl"].removeprefix("http://localhost"))
        assert answer["Content-Type"].partition(";")[0] == file["encodingFormat"]


def test_the_first_page_is_a_catalogue_of_every_topic(client: Client, release: Release) -> None:
    said = find_linked_data(read(client, "/"))
    datasets = said["dataset"]
    assert said["@type"] == "DataCatalog"
    assert isinstance(datasets, list)
    assert [each["url"].rpartition("/")[2] for each in datasets] == [topic.key for topic in release.topics()]


def test_linked_data_cannot_leave_its_element(release: Release) -> None:
    from dataclasses import replace

    from django.http import QueryDict

    from moothall.site.explorer.metrics import make_metric

    page = make_metric(release, "bins-missed", QueryDict())
    harm = "</script><script>alert(1)</script><!--\u2028&"
    text = str(describe_page(release, replace(page, metric=replace(page.metric, description=harm)), "http://h/"))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["description"] == harm


def test_the_way_here_is_marked_for_machines(client: Client) -> None:
    html = read(client, "/metrics/bins-missed")
    trail = html.partition("https://schema.org/BreadcrumbList")[2].partition("</ol>")[0]
    assert re.findall(r'itemprop="position" content="(\d)"', trail) == ["1", "2", "3"]
    assert [text_of(each) for each in re.findall(r'itemprop="name">(.*?)</span>', trail)] == ["Home", "Metrics", "Bins"]
