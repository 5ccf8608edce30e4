"""A map is drawn shade by shade, with every council a mark of its own, and London larger without a second path."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from moothall.charts.map import Map, Shape, draw_blank_swatch, draw_hatched_swatch, draw_map, draw_swatch

STYLES = Path(__file__).parents[2] / "src/moothall/site/styles/_maps.scss"
SVG = "{http://www.w3.org/2000/svg}"


def shape(code: str, x: int, **more: Any) -> Shape:
    path = f"m{x} 0l100 0 0 100-100 0z"
    return Shape(code, f"Place {code}", "45.6%", path, (x, 0, x + 100, 100), **more)


SHAPES = (
    shape("A", 0, shade=0),
    shape("B", 100, shade=1),
    shape("C", 200),
    shape("D", 300, is_blank=True),
    shape("L", 400, shade=1, is_inset=True),
    shape("M", 500, is_inset=True),
)


def draw(shapes: tuple[Shape, ...] = SHAPES, **more: Any) -> ET.Element:
    plan = Map("map", "Waste & co", "Two classes.", shapes, 2, "/metrics/waste?peers=england&area=", **more)
    named = draw_map(plan).replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return ET.fromstring(named)  # noqa: S314 - our own


def find(drawn: ET.Element, code: str) -> ET.Element:
    [mark] = [each for each in drawn.iter(f"{SVG}path") if each.get("data-code") == code]
    return mark


def test_it_is_named_and_described() -> None:
    drawn = draw()
    assert (drawn.get("role"), drawn.get("aria-labelledby")) == ("img", "map-title map-desc")
    assert [(each.get("id"), each.text) for each in list(drawn)[:2]] == [
        ("map-title", "Waste & co"),
        ("map-desc", "Two classes."),
    ]


def test_marks_keep_their_contract() -> None:
    drawn = draw()
    assert "mh-chart" in str(drawn.get("class")).split()
    assert drawn.get("data-address") == "/metrics/waste?peers=england&area="
    for code in "ABCDLM":
        mark = find(drawn, code)
        assert "mh-mark" in str(mark.get("class")).split()
        assert mark[0].tag == f"{SVG}title"
        assert mark[0].text == f"Place {code} 45.6%"


def test_classes_are_shaded_gaps_hatched_and_others_blank() -> None:
    drawn = draw()
    assert "mh-map__2" in str(find(drawn, "A").get("class"))
    assert "mh-map__4" in str(find(drawn, "B").get("class"))
    patterns = {each.get("id") for each in drawn.iter(f"{SVG}pattern")}
    for code in "CM":
        fill = find(drawn, code).get("fill")
        assert fill is not None
        assert fill.removeprefix("url(#").removesuffix(")") in patterns
    assert "mh-map__blank" in str(find(drawn, "D").get("class"))
    assert find(drawn, "D").get("fill") is None


def test_london_is_drawn_once_and_shown_twice() -> None:
    drawn = draw()
    [group] = [each for each in drawn.iter(f"{SVG}g") if each.get("id") == "map-inset"]
    assert [each.get("data-code") for each in group] == ["L", "M"]
    uses = [each.get("href") for each in drawn.iter(f"{SVG}use")]
    assert uses == ["#map-inset"]
    assert "London" in [each.text for each in drawn.iter(f"{SVG}text")]
    assert len(list(drawn.iter(f"{SVG}path"))) == len(SHAPES)


def test_a_map_without_london_has_no_inset() -> None:
    drawn = draw(SHAPES[:4])
    assert list(drawn.iter(f"{SVG}use")) == []
    assert list(drawn.iter(f"{SVG}text")) == []


def test_a_map_of_london_alone_needs_no_inset() -> None:
    drawn = draw(SHAPES[4:])
    assert find(drawn, "L") is not None
    assert list(drawn.iter(f"{SVG}use")) == []


@pytest.mark.parametrize(("code", "outlines"), [("A", 2), ("L", 4)])
def test_the_chosen_council_is_outlined_wherever_it_stands_and_named(code: str, outlines: int) -> None:
    drawn = draw(selected=code)
    uses = [each.get("href") for each in drawn.iter(f"{SVG}use")]
    assert uses.count("#map-chosen") == outlines
    assert find(drawn, code).get("id") == "map-chosen"
    [name] = [each for each in drawn.iter(f"{SVG}text") if each.get("class") == "mh-map__name"]
    assert name.text == f"Place {code}"


def test_shapes_keep_their_proportions() -> None:
    drawn = draw()
    scales = set(re.findall(r"scale\(([^)]*)\)", ET.tostring(drawn, encoding="unicode")))
    assert scales
    assert all(len(each.split()) == 1 for each in scales), "as much across as down"


def test_swatches_are_those_of_the_map() -> None:
    assert "mh-map__2" in draw_swatch(0, 2)
    assert "url(#key)" in draw_hatched_swatch("key")
    assert 'id="key"' in draw_hatched_swatch("key")
    assert "mh-map__blank" in draw_blank_swatch()


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_ramp_grows_darker_by_steps_that_can_be_seen() -> None:
    styles = STYLES.read_text(encoding="utf-8")
    found = re.search(r"\$ramp: ([^;]+);", styles)
    border = re.search(r"\$border: ([^;]+);", styles)
    assert found
    assert border
    ramp = found[1].split(", ")
    assert len(ramp) == 5
    assert ramp[-1] == "#12436d"
    lights = [luminance(colour) + 0.05 for colour in ramp]
    assert all(light / dark >= 1.5 for light, dark in pairwise(lights))
    assert 1.05 / (luminance(border[1]) + 0.05) >= 3, "the lightest is told from the page by its border"
