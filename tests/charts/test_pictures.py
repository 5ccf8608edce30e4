"""A picture stands alone: valid, whole within its frame, styled, and the same bytes every time."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree as ET

import pytest

from moothall.charts.bars import Bar, draw_bars, find_scale
from moothall.charts.lettering import measure
from moothall.charts.map import Map, Shape, draw_map
from moothall.charts.pictures import (
    CARD,
    WIDTH,
    Line,
    Panel,
    Picture,
    draw_card,
    draw_picture,
    read_styles,
)
from moothall.charts.raster import draw_png
from moothall.charts.slim import draw_slim_sample
from moothall.charts.strip import Dot, Strip, draw_shape, draw_strip
from moothall.core.values import Polarity
from tests.charts.test_funnel import COUNCILS, make_funnel
from tests.charts.test_trend import make_line, make_trend

SVG = {"svg": "http://www.w3.org/2000/svg"}
STRIP = Strip(
    key="strip",
    title="Bins <missed> & found",
    dots=(Dot("A", "Barchester", -1.5, "1"), Dot("B", "Silverbridge", 0, "2"), Dot("C", "Omnium", 9, "12")),
    selected=("A",),
    polarity=Polarity.LOWER,
    peers_label="councils",
    median_text="2",
    comparators=frozenset({"B"}),
)
MAP = Map(
    key="map",
    title="Bins",
    description="Two councils.",
    shapes=(
        Shape("A", "Barchester", "1", "M0 0h400v300h-400z", (0, 0, 400, 300), shade=0),
        Shape("B", "Silverbridge", "2", "M400 0h400v300h-400z", (400, 0, 800, 300), shade=1),
    ),
    classes=2,
    address="/",
    selected="A",
)


def make_picture(*charts: Panel | Line, title: str = "Bins <missed> & found") -> Picture:
    credit = "Moothall, release 2025-06-02-00000000, http://localhost/" + "x" * 300
    return Picture(
        title, "Barchester’s figure was 1.", charts, ((draw_shape(0), "Barchester 1"),), ("A note.",), (credit,)
    )


def list_charts() -> dict[str, Picture]:
    from moothall.charts.funnel import draw_funnel
    from moothall.charts.trend import draw_trend

    trend = draw_trend(make_trend(make_line(1, 4, 2), make_line(2, 3, None, name="Omnium")))
    assert trend is not None
    drawn = {
        "strip": draw_strip(STRIP, address="/metrics/bins?area="),
        "crowd": draw_strip(STRIP, is_named=False),
        "trend": trend,
        "funnel": draw_funnel(make_funnel(COUNCILS, ("A",))),
        "map": draw_map(MAP),
    }
    return {name: make_picture(Panel(chart)) for name, chart in drawn.items()}


PICTURES = list_charts()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_needs_nothing_but_itself(name: str) -> None:
    svg = draw_picture(PICTURES[name])
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.findtext("svg:title", namespaces=SVG) == "Bins <missed> & found"
    assert root.findtext("svg:desc", namespaces=SVG) == "Barchester’s figure was 1."
    assert float(root.attrib["width"]) == WIDTH
    for outside in ("<script", 'href="http', "url(http", "@import", "data-address", "data-code", "var(", "non-scaling"):
        assert outside not in svg, outside
    assert " style=" not in svg  # a policy knows the style sheet by its digest


@pytest.mark.parametrize("name", PICTURES)
def test_every_class_that_a_chart_has_is_known_to_the_style_sheet(name: str) -> None:
    """Else it would be drawn black: what needs no style is listed."""
    plain = {"mh-chart", "mh-mark", "mh-trend", "mh-funnel", "mh-strip", "mh-trend__names", "mh-trend__name",
             "mh-trend__unit", "mh-trend__wide", "mh-picture__words", "mh-map__none", "mh-map__place"}  # fmt: skip
    svg = draw_picture(PICTURES[name])
    used = {each for found in re.findall(r'class="([^"]*)"', svg) for each in found.split()}
    styled = set(re.findall(r"\.(mh-[a-z0-9_-]+)", read_styles()))
    assert used - styled - plain == set()


@pytest.mark.parametrize("name", PICTURES)
def test_words_lie_one_below_the_other_within_the_frame(name: str) -> None:
    root = ET.fromstring(draw_picture(PICTURES[name]))  # noqa: S314 - our own
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    words = [each for each in root.findall("svg:text", SVG) if "y" in each.attrib]
    ends = [float(each.attrib["x"]) + measure(each.text or "", float(each.attrib["font-size"])) for each in words]
    assert max(ends) <= width
    lines = [float(each.attrib["y"]) for each in words]
    assert max(lines) < height
    charts = [each for each in root.findall("svg:svg", SVG) if each.find("svg:svg", SVG) is not None]
    for chart in charts:
        assert float(chart.attrib["y"]) + float(chart.attrib["height"]) < height


def test_borders_of_a_scaled_map_keep_their_width() -> None:
    svg = draw_picture(PICTURES["map"])
    scales = re.findall(r'scale\(([0-9.e-]+)\)" stroke-width="([0-9.e-]+)"', svg)
    assert scales
    assert {round(float(scale) * float(width), 1) for scale, width in scales} == {0.5, 3.0, 6.0}


def test_what_is_stretched_on_a_page_is_drawn_to_the_width() -> None:
    svg = draw_picture(PICTURES["trend"])
    assert 'preserveAspectRatio="none"' not in svg
    numbers = [
        float(each) for path in re.findall(r' d="(M[^"]*)"', svg) for each in re.findall(r"[ML](-?[0-9.]+) ", path)
    ]
    assert max(numbers) <= 900


def test_a_picture_without_a_chart_is_none() -> None:
    with pytest.raises(ValueError, match="at least one chart"):
        draw_picture(make_picture())


def read_size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_png_is_twice_as_fine_and_the_same_every_time() -> None:
    svg = draw_picture(PICTURES["strip"])
    first = draw_png(svg, WIDTH)
    assert read_size(first)[0] == 2 * WIDTH
    assert first == draw_png(svg, WIDTH)


def test_a_png_has_words_in_it() -> None:
    """Without its typeface a picture would be drawn without words, and nobody would be told."""
    picture = PICTURES["strip"]
    svg = draw_picture(picture)
    assert draw_png(svg, 600, dots=1) != draw_png(re.sub(r"<text.*?</text>", "", svg), 600, dots=1)


def test_what_is_no_svg_is_refused() -> None:
    with pytest.raises(RuntimeError, match="png was not made"):
        draw_png("not a picture", WIDTH)


def test_lines_stand_in_columns() -> None:
    bar = draw_bars([Bar(3.0)], find_scale([Bar(3.0)]), None)[0]
    slim = draw_slim_sample(is_own=True)
    lines = (
        Line("A heading"),
        Line("Barchester", (bar, slim), "3"),
        Line("Silver " * 12, (None, slim), "4", is_strong=True),
    )
    root = ET.fromstring(draw_picture(make_picture(*lines)))  # noqa: S314 - our own
    drawn = [each.attrib for each in root.findall("svg:svg", SVG) if each.attrib.get("overflow") == "visible"][1:]
    assert [each["x"] for each in drawn][1] == [each["x"] for each in drawn][2]
    texts = {(each.text or ""): each.attrib for each in root.findall("svg:text", SVG)}
    assert texts["3"]["x"] == texts["4"]["x"]
    assert float(texts["3"]["x"]) > float(drawn[1]["x"]) + float(drawn[1]["width"])
    assert "Barchester: 3." in (root.findtext("svg:desc", namespaces=SVG) or "")


def test_a_card_gives_up_sentences_before_its_chart_and_cuts_no_title() -> None:
    title = "Assessments of children where child criminal exploitation is a concern, as a share of all"
    card = draw_card(
        f"Bournemouth, Christchurch and Poole: {title}", "Said. " + "More is said here. " * 30, draw_strip(STRIP), ""
    )
    words = re.findall(r"<text[^>]*>([^<]*)</text>", card)
    assert title.split()[-1] in " ".join(words)
    assert "…" not in card
    assert "mh-strip" in card
    assert any(each.startswith("Said. More") for each in words)


@pytest.mark.parametrize("sentence", ["Short.", "A long sentence. " * 40])
def test_a_card_has_the_size_that_sites_ask_for(sentence: str) -> None:
    card = draw_card("Barchester & <others> " * 8, sentence, draw_strip(STRIP), "Release")
    root = ET.fromstring(card)  # noqa: S314 - our own
    assert (int(root.attrib["width"]), int(root.attrib["height"])) == CARD
    lowest = max(float(each.attrib["y"]) for each in root.findall("svg:text", SVG))
    assert lowest <= float(root.attrib["viewBox"].split()[3])
    assert read_size(draw_png(card, CARD[0], dots=1)) == CARD
