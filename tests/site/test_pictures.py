"""Every chart of every kind of page is there as a picture that stands alone, and nothing in it differs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from django.http import QueryDict
from django.test import Client

from moothall.charts.bars import Bar, draw_bars, find_scale
from moothall.charts.boxes import Box, draw_box, find_box_scale
from moothall.charts.pictures import MOST_LINES, draw_picture, read_styles
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.explorer import metric_pictures
from moothall.site.explorer.by_breakdown import BreakdownRow, ByBreakdown
from moothall.site.explorer.embeds import OF_A_METRIC
from moothall.site.explorer.metrics import make_metric
from moothall.site.explorer.national_metrics import make_national_metric
from moothall.site.explorer.pages import MetricPage
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_national import BoxRow, BoxTable
from moothall.site.explorer.pictures import PICTURES
from tests.barsetshire.pages import text_of
from tests.browser import test_journeys, test_national

SVG = "{http://www.w3.org/2000/svg}"
PAGES = {
    name: address
    for name, address in (
        test_journeys.KINDS | {f"national {name}": each for name, each in test_national.KINDS.items()}
    ).items()
    if name not in {"not found", "bad input"} and not name.startswith("embed")
}
KINDS_OF = {
    "mh-strip": {"strip", "topic", "councils"},
    "mh-trend": {"trend", "national"},
    "mh-scatter": {"scatter"},
    "mh-funnel": {"funnel"},
    "mh-map": {"map"},
    "mh-bar": {"bars", "breakdowns"},
    "mh-box": {"boxes"},
    "mh-glance": {"glance"},
    "mh-spark": {"courses", "moves"},
    "mh-slim": {"report"},
}
"""The kinds of picture that a chart can be had as, by the class of its drawing."""
NO_CHARTS = {"mh-key", "mh-slim__key", "mh-map__swatch"}
"""Signs in keys."""
WITHOUT_STYLE = {
    *("mh-chart", "mh-mark", "mh-trend", "mh-funnel", "mh-strip", "mh-scatter", "mh-box", "mh-spark"),
    *("mh-slim", "mh-slim__band", "mh-slim__median", "mh-trend__names", "mh-trend__name", "mh-trend__unit"),
    *("mh-trend__wide", "mh-picture__words", "mh-map__none", "mh-map__place", "mh-chart__band--outer"),
}
"""What is drawn as it is without any: groups, what has its colour itself, and words."""


@pytest.fixture
def reader(moved: Release, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(moved.directory))
    return Client(HTTP_HOST="localhost")


def read(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200, address
    found = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    assert found
    return found[0]


def list_drawings(html: str) -> Iterator[tuple[set[str], str]]:
    """Every drawing that is in no other: its classes, and itself."""
    depth, start = 0, 0
    for tag in re.finditer(r"<(/?)svg\b[^>]*?(/?)>", html):
        if not tag[1]:
            if depth == 0:
                start = tag.start()
            depth += not tag[2]
        else:
            depth -= 1
        if depth == 0:
            opening = re.match(r"<svg\b[^>]*>", html[start:])
            assert opening
            said = re.search(r'class="([^"]*)"', opening[0])
            yield set(said[1].split()) if said else set(), html[start : tag.end()]


def list_charts(html: str) -> set[str]:
    """The classes of the charts of a page; a drawing that is neither chart nor sign is one that nobody thought of."""
    found = set()
    for classes, drawing in list_drawings(html):
        kinds = [each for each in KINDS_OF if each in classes]
        if classes & NO_CHARTS or ("mh-spark" in classes and "mh-spark__line" not in drawing):
            continue  # a sign; a mark for each series, whose row has the counts
        assert kinds, drawing[:200]
        found.add("mh-scatter" if "mh-scatter" in kinds else kinds[0])
    return found


def list_links(html: str) -> dict[str, str]:
    """The pictures that a page leads to: the address of each SVG and PNG, and its kind."""
    found = (unescape(each) for each in re.findall(r'href="(/charts/[^"]+)"', html))
    return {each: each.split("/")[2] for each in found}


@pytest.mark.parametrize("name", PAGES)
def test_every_chart_of_a_page_is_there_as_svg_and_png(reader: Client, moved: Release, name: str) -> None:
    html = read(reader, PAGES[name])
    links = list_links(html)
    for each in list_charts(html):
        assert KINDS_OF[each] & set(links.values()), f"no picture of {each}"
    svgs = {each for each in links if ".svg" in each}
    assert {each.replace(".svg", ".png", 1) for each in svgs} == set(links) - svgs
    shown = text_of(html) + " ".join(unescape(each) for each in re.findall(r'(?:title>|aria-label=")([^<"]+)', html))
    for address in svgs:
        check_picture(reader, address, shown, moved.record.id)


def check_picture(reader: Client, address: str, shown: str, release_id: str) -> None:
    answer = reader.get(address)
    assert answer.status_code == 200, address
    svg = answer.content.decode()
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.findtext(f"{SVG}title"), address
    assert root.findtext(f"{SVG}desc"), address
    words = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    together = " ".join(words)
    assert "Licence" in together, address
    assert re.search(r"Source: |Sources: |Publishers of the figures", together), address
    assert f"release {release_id}, " in together, address
    assert "http://localhost/" in together, address
    used = {each for found in re.findall(r'class="([^"]*)"', svg) for each in found.split()}
    assert used - set(re.findall(r"\.(mh-[a-z0-9_-]+)", read_styles())) - WITHOUT_STYLE == set(), address
    ids = re.findall(r' id="([^"]*)"', svg)
    assert len(ids) == len(set(ids)), address
    numbers = {each.strip(".,:;()") for line in words[:-8] for each in line.split() if re.search(r"\d", each)}
    assert {each for each in numbers if each not in shown} == set(), address


def test_every_kind_is_on_some_page_and_drawn_as_png(reader: Client) -> None:
    """The fictional county has no figures for three kinds (below), and hexagons are asked for as a map."""
    offered = {kind: each for address in PAGES.values() for each, kind in list_links(read(reader, address)).items()}
    assert set(PICTURES) - set(offered) == {"funnel", "breakdowns", "boxes", "hexagons"}
    for address in offered.values():
        assert reader.get(address).content.startswith(b"\x89PNG"), address


def test_a_box_is_said_by_its_middle(moved: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_national_metric(moved, "care", "carers-content")
    box = draw_box(Box(1, 2, 3, 4, 5), find_box_scale([Box(1, 2, 3, 4, 5)]))
    cells = tuple(f"{page.columns[place]} cell" for place in range(5))
    rows = (BoxRow("Dukedoms", box, cells, "5 of 5"), BoxRow("Glebes", None, (), "1 of 5"))
    made = replace(page, boxes=(BoxTable("By kind", "kinds", "Kinds differ.", rows),))
    monkeypatch.setattr(metric_pictures, "make_national_metric", lambda *_: made)
    svg = draw_picture(metric_pictures.take_boxes(moved, "carers-content", QueryDict()).picture(""))
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert "middle Middle cell" in words
    assert "too few have a figure" in words
    assert svg.count('class="mh-box"') == 1


def test_a_breakdown_is_said_with_its_median(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_metric(release, "bins-missed", QueryDict())
    bar = draw_bars([Bar(3.0)], find_scale([Bar(3.0)]), None)[0]
    rows = tuple(
        BreakdownRow(Link(name, ""), text, "", not text, bar, median, is_shown=name == "Blue")
        for name, text, median in (("Blue", "3", "4"), ("Green", "5", ""))
    )
    shown = ByBreakdown("One bin beside the other.", "Bins", "Barchester", "Bars begin at zero.", rows, "")
    assert isinstance(page, MetricPage)
    monkeypatch.setattr(metric_pictures, "make_metric", lambda *_: replace(page, by_breakdown=shown))
    svg = draw_picture(metric_pictures.take_breakdowns(release, "bins-missed", QueryDict()).picture(""))
    words = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    assert [each for each in words if each in {"3, median 4", "5"}] == ["3, median 4", "5"]
    assert svg.count("<rect x=") == len(rows)


def test_of_too_many_bars_there_is_no_picture(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    page = make_metric(release, "bins-missed", QueryDict("peers=england"))
    assert isinstance(page, MetricPage)
    few = replace(page.groups[0], rows=page.groups[0].rows[:1] * MOST_LINES)
    many = replace(few, rows=(*few.rows, few.rows[0]))
    for groups, is_drawn in (((few,), True), ((many,), False)):
        monkeypatch.setattr(metric_pictures, "make_metric", lambda *_, each=groups: replace(page, groups=each))
        with nullcontext() if is_drawn else pytest.raises(UnknownKey):
            metric_pictures.take_bars(release, "bins-missed", QueryDict())


def test_every_chart_of_a_metric_has_a_frame() -> None:
    assert set(OF_A_METRIC) <= set(PICTURES)
