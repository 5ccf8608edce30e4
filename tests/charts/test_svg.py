"""SVG elements escape what they are given and refuse names that are none."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.scales import Scale
from moothall.charts.svg import draw

texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40).map(str.strip)


@given(texts, texts)
def test_text_and_attributes_come_back_as_given(text: str, value: str) -> None:
    element = ET.fromstring(draw("text", {"class": value}, text))  # noqa: S314 - our own drawing
    assert (element.text or "") == text
    assert element.get("class") == value


def test_attribute_that_is_none_is_left_out() -> None:
    assert draw("circle", {"r": 3.0, "cx": None}) == '<circle r="3"/>'


@pytest.mark.parametrize("name", ["on load", 'x"', "", "1x", "a>b"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name"):
        draw(name)
    with pytest.raises(ValueError, match="is not the name"):
        draw("g", {name: "x"})


@given(st.floats(-10, 10), st.floats(-10, 10))
def test_flipping_mirrors_the_axis(value: float, other: float) -> None:
    plain, flipped = Scale(-5, 5), Scale(-5, 5, flipped=True)
    assert plain.place(value) + flipped.place(value) == pytest.approx(100)
    sides = {plain.beyond(value), flipped.beyond(value)}
    assert sides == ({None} if abs(value) <= 5 else {"left", "right"})
    if value < other:
        assert plain.place(value) <= plain.place(other)
