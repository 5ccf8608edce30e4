"""Boxes: one for each row of a table, from the lower to the upper tenth of councils, all to one scale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from moothall.charts.scales import Scale
from moothall.charts.svg import Svg

_HEIGHT = 20  # pixels of a row's drawing
_THICK = 12  # pixels of a box
_MIDDLE = _HEIGHT // 2
_TOP = _MIDDLE - _THICK // 2
_SMALLEST = 1e-9


class Box(NamedTuple):
    """How the councils of one row lie, from the value that a tenth of them are below to that a tenth are above."""

    lower_tenth: float
    lower_quartile: float
    median: float
    upper_quartile: float
    upper_tenth: float


def find_box_scale(boxes: Iterable[Box]) -> Scale:
    """The scale that every box of a table shares, from the lowest tenth to the highest; it need not start at zero."""
    numbers = [each for box in boxes for each in box] or [0.0]
    low, high = min(numbers), max(numbers)
    return Scale(low, high if high - low > _SMALLEST else low + 1, inset=3)


def draw_box(box: Box, scale: Scale) -> Svg:
    """One row's drawing, as wide as its cell; it says nothing that the row does not, and is hidden from readers."""
    lower, left, middle, right, upper = (scale.place(each) for each in box)
    width = right - left
    ends = "".join(
        f'<line class="mh-box__line" x1="{x:.2f}%" x2="{x:.2f}%" y1="{_TOP + 2}" y2="{_TOP + _THICK - 2}"/>'
        for x in (lower, upper)
    )
    return Svg(
        f'<svg class="mh-box" aria-hidden="true" height="{_HEIGHT}">'
        f'<line class="mh-box__line" x1="{lower:.2f}%" x2="{upper:.2f}%" y1="{_MIDDLE}" y2="{_MIDDLE}"/>{ends}'
        f'<rect class="mh-box__half" x="{left:.2f}%" y="{_TOP}" width="{width:.2f}%" height="{_THICK}"/>'
        f'<line class="mh-box__middle" x1="{middle:.2f}%" x2="{middle:.2f}%" y1="1" y2="{_HEIGHT - 1}"/></svg>'
    )
