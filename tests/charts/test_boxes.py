"""Boxes lie on one scale, in the order of their five values, and are hidden from those who read the row."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.boxes import Box, draw_box, find_box_scale

FIVE = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=5, max_size=5).map(lambda five: Box(*sorted(five)))


def number(element: ET.Element, name: str) -> float:
    return float((element.get(name) or "").removesuffix("%"))


@given(st.lists(FIVE, min_size=1, max_size=6))
def test_every_box_is_in_order_and_on_the_scale(boxes: list[Box]) -> None:
    scale = find_box_scale(boxes)
    for box in boxes:
        root = ET.fromstring(draw_box(box, scale))  # noqa: S314 - our own
        assert root.get("aria-hidden") == "true"
        [half] = root.findall("rect")
        line = root.find("line")
        assert line is not None
        left = number(half, "x")
        ends = [number(line, "x1"), left, left + number(half, "width"), number(line, "x2")]
        assert all(after >= before - 0.02 for before, after in pairwise(ends))
        assert min(ends) >= 0
        assert max(ends) <= 100


def test_boxes_that_are_all_alike_stand_where_the_scale_begins() -> None:
    box = Box(2, 2, 2, 2, 2)
    assert 'width="0.00%"' in draw_box(box, find_box_scale([box]))
