"""Bars: one for each row of a table, all from zero and to one scale, with the median through every row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from moothall.charts.scales import Scale
from moothall.charts.strip import SHAPES
from moothall.charts.svg import Svg

_HEIGHT = 20  # pixels of a row's drawing
_THICK = 12  # pixels of a bar
_MIDDLE = _HEIGHT // 2
_TOP = _MIDDLE - _THICK // 2
_SMALLEST = 1e-9
_MANY = 12  # bars: fewer are never cut
_LONG = 10  # times the middle bar: one longer than that may be cut
_FAR = 2  # times the bar that 19 in 20 are no longer than
_ROOM = 1.25  # times that same bar: where the scale ends then


class Bar(NamedTuple):
    """The value of one row and its interval; `place` (0 to 5) is its own in the palette when the council is marked."""

    value: float | None
    lower: float | None = None
    upper: float | None = None
    place: int | None = None
    is_compared: bool = True


def find_scale(bars: Iterable[Bar]) -> Scale:
    """The scale that every bar of a table shares: it has zero on it, every value and every end of an interval.

    Where one or a few would leave the others too short to be told apart, it ends before them, and they are cut.
    """
    numbers = [each for bar in bars for each in (bar.value, bar.lower, bar.upper) if each is not None]
    low, high = min(0.0, *numbers, 0.0), max(0.0, *numbers, 0.0)
    sizes = sorted(abs(each) for each in numbers)
    if len(sizes) >= _MANY:
        middle, usual, longest = sizes[len(sizes) // 2], sizes[(len(sizes) - 1) * 19 // 20], sizes[-1]
        if longest > _LONG * middle and longest > _FAR * usual > _SMALLEST:
            low, high = max(low, -_ROOM * usual), min(high, _ROOM * usual)
    return Scale(low, high if high - low > _SMALLEST else low + 1, inset=2.5)


def draw_bars(bars: Iterable[Bar], scale: Scale, median: float | None) -> list[Svg]:
    """A drawing for each row, as wide as its cell; it says nothing that the row does not, and is hidden from readers.

    Written by hand and not by `draw`: a table has up to 317 of them, and there is nothing in them but numbers.
    """
    zero = scale.place(0)
    frame = ""
    if scale.low < 0 < scale.high:
        frame = f'<line class="mh-bar__zero" x1="{zero:.2f}%" x2="{zero:.2f}%" y2="{_HEIGHT}"/>'
    middle = ""
    if median is not None:
        x = f"{scale.place(median):.2f}%"
        middle = f'<line class="mh-bar__median" x1="{x}" x2="{x}" y2="{_HEIGHT}"/>'
    return [_draw_bar(bar, scale, zero, frame, middle) for bar in bars]


def _draw_bar(bar: Bar, scale: Scale, zero: float, frame: str, middle: str) -> Svg:
    inside = frame
    shape = ""
    if bar.value is not None:
        end = scale.place(bar.value)
        left, width = (zero, end - zero) if end > zero else (end, zero - end)
        inside += f'<rect x="{left:.2f}%" y="{_TOP}" width="{width:.2f}%" height="{_THICK}"/>'
        if side := scale.beyond(bar.value):
            tip = f"{_THICK // 2 if side == 'right' else -_THICK // 2} {_MIDDLE}"
            inside += f'<svg x="{end:.2f}%" overflow="visible"><path d="M0 {_TOP}L{tip}L0 {_TOP + _THICK}z"/></svg>'
        if bar.lower is not None and bar.upper is not None:
            ends = f'x1="{scale.place(bar.lower):.2f}%" x2="{scale.place(bar.upper):.2f}%"'
            inside += f'<line class="mh-bar__interval" {ends} y1="{_MIDDLE}" y2="{_MIDDLE}"/>'
        if bar.place is not None:
            shape = (
                f'<svg class="mh-bar__shape" x="{end:.2f}%" y="{_MIDDLE}" overflow="visible">'
                f'<g transform="scale(.8)">{SHAPES[bar.place]}</g></svg>'
            )
    return Svg(
        f'<svg class="mh-bar{_find_style(bar)}" aria-hidden="true" height="{_HEIGHT}">{inside}{middle}{shape}</svg>'
    )


def _find_style(bar: Bar) -> str:
    if bar.place is not None:
        return f" mh-series-{bar.place + 1}"
    return "" if bar.is_compared else " mh-bar--apart"
