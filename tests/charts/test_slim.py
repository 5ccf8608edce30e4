"""Slim charts keep inside their drawing, stand alone and say in words what they show."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.slim import Moment, draw_course, draw_slim_strip
from moothall.core.values import Polarity

FAR = st.floats(-50, 50, allow_nan=False)


@given(FAR, st.lists(FAR, max_size=40), st.sampled_from(Polarity))
def test_a_strip_keeps_inside_its_drawing(own: float, others: list[float], polarity: Polarity) -> None:
    drawn = ET.fromstring(draw_slim_strip(own, others, polarity, "A < B", (own - 1, own + 1)))  # noqa: S314 - ours
    assert drawn.get("aria-label") == "A < B"
    for each in drawn.iter():
        for name, limit in (("x", 200), ("y", 32), ("cx", 200), ("cy", 32), ("x1", 200), ("x2", 200)):
            assert 0 <= float(each.get(name, 0)) <= limit
        assert "style" not in each.attrib


def test_better_is_to_the_right() -> None:
    def place(own: float, polarity: Polarity) -> float:
        found = re.search(r'cx="([\d.]+)"', draw_slim_strip(own, [], polarity, ""))
        assert found
        return float(found[1])

    assert place(2, Polarity.HIGHER) > 100 > place(2, Polarity.LOWER)
    assert place(2, Polarity.NONE) > 100
    assert 'cx="' not in draw_slim_strip(9, [], Polarity.HIGHER, ""), "beyond the axis it is an arrow"


def test_a_course_needs_two_values_to_join() -> None:
    assert draw_course([], "") is None
    assert draw_course([Moment(2000, 1.0, None, True)], "") is None
    assert draw_course([Moment(2000, 1.0, 1.0, True), Moment(2001, None, 1.0, True)], "") is None
    assert draw_course([Moment(2000, 1.0, None, True), Moment(2001, 2.0, None, False)], "") is None
    assert draw_course([Moment(2000, 1.0, None, True), Moment(2001, 2.0, None, True)], "") is not None


def test_a_gap_parts_the_line() -> None:
    values = [1.0, 2.0, None, 4.0, 5.0]
    drawn = str(draw_course([Moment(2000 + n, each, 3.0, True) for n, each in enumerate(values)], ""))
    assert drawn.count("<path") == 3, "two lines of its own, and the median's"
    assert drawn.count("stroke-dasharray") == 1
