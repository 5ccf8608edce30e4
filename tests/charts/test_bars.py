"""Bars are all from zero, to one scale, and hidden from those who read the row."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.bars import Bar, draw_bars, find_scale

values = st.floats(-1e6, 1e6, allow_nan=False)


def draw(bars: list[Bar], median: float | None = None) -> list[ET.Element]:
    return [ET.fromstring(each) for each in draw_bars(bars, find_scale(bars), median)]  # noqa: S314 - our own


def number(element: ET.Element, name: str) -> float:
    return float((element.get(name) or "").removesuffix("%"))


@given(st.lists(values, min_size=1, max_size=11))
def test_every_bar_starts_at_zero_and_is_as_long_as_its_value(numbers: list[float]) -> None:
    bars = [Bar(each) for each in numbers]
    zero = find_scale(bars).place(0)
    rects = [root.find("rect") for root in draw(bars)]
    longest = max(abs(each) for each in numbers)
    for value, rect in zip(numbers, rects, strict=True):
        assert rect is not None
        start = number(rect, "x") + (number(rect, "width") if value < 0 else 0)
        assert start == pytest.approx(zero, abs=0.02)
        if longest > 1e-6:
            assert number(rect, "width") == pytest.approx(
                abs(value) / longest * max(number(each, "width") for each in rects if each is not None), abs=0.05
            )


def test_a_bar_far_beyond_the_others_is_cut_and_pointed_and_the_others_stay_true() -> None:
    usual = [Bar(float(each)) for each in range(1, 40)]
    *others, far = draw([*usual, Bar(5_000.0)])
    tip = far.find("svg")
    assert tip is not None
    assert tip.find("path") is not None
    assert all(root.find("svg") is None for root in others)
    rects = [root.find("rect") for root in others]
    widths = [number(each, "width") for each in rects if each is not None]
    assert widths == pytest.approx([widths[-1] * each / 39 for each in range(1, 40)], abs=0.05)
    assert 70 < widths[-1] < number(far[0], "width") <= 97.5


def test_a_bar_far_below_zero_is_cut_too() -> None:
    *_, far = draw([*(Bar(float(each)) for each in range(1, 40)), Bar(-5_000.0)])
    tip = far.find("svg")
    assert tip is not None
    assert (tip[0].get("d") or "").startswith("M0 4L-6 10")
    assert number(tip, "x") == pytest.approx(number(far.findall("rect")[0], "x"), abs=0.01)


def test_bars_that_can_all_be_told_apart_are_not_cut() -> None:
    assert find_scale([Bar(float(each)) for each in range(1, 40)]).high == 39
    assert find_scale([*(Bar(1.0) for _ in range(5)), Bar(900.0)]).high == 900


def test_negative_values_run_to_the_left_of_a_line_at_zero() -> None:
    low, high = draw([Bar(-5.0), Bar(10.0)])
    assert low.find("line") is not None
    assert number(low[1], "x") < number(high[1], "x")
    assert all(root.find("line") is None for root in draw([Bar(5.0), Bar(10.0)]))


def test_the_median_goes_through_every_row_and_a_missing_value_has_no_bar() -> None:
    rows = draw([Bar(1.0), Bar(None), Bar(3.0)], 2.0)
    medians = [each for root in rows for each in root.iter("line") if each.get("class") == "mh-bar__median"]
    assert len({each.get("x1") for each in medians}) == 1
    assert len(medians) == 3
    assert rows[1].find("rect") is None


def test_an_interval_is_within_the_scale() -> None:
    (row,) = draw([Bar(5.0, 4.0, 9.0)])
    interval = next(each for each in row.iter("line") if each.get("class") == "mh-bar__interval")
    rect = row.find("rect")
    assert rect is not None
    end = number(rect, "x") + number(rect, "width")
    assert number(interval, "x1") < end < number(interval, "x2") < 100


def test_marked_councils_have_colour_and_shape() -> None:
    rows = draw([Bar(1.0, place=0), Bar(1.0, place=3), Bar(1.0), Bar(1.0, is_compared=False)])
    assert [root.get("class") for root in rows] == [
        "mh-bar mh-series-1", "mh-bar mh-series-4", "mh-bar", "mh-bar mh-bar--apart",
    ]  # fmt: skip
    assert [root.find("svg") is not None for root in rows] == [True, True, False, False]


def test_bars_are_not_read_out() -> None:
    assert all(root.get("aria-hidden") == "true" for root in draw([Bar(1.0), Bar(None)]))
