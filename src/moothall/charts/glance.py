"""The glance: where the scored figures of one topic of one council stand, each as a dot on one common axis."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from moothall.charts.scales import Scale
from moothall.charts.strip import REACH
from moothall.charts.svg import Svg, draw, join, percent

HEIGHT: Final = 32
_RADIUS, _STEP = 4.5, 7  # pixels: of a dot, and how far apart those stand that would cover each other
_COLUMN = 3.0  # per cent of the width within which dots would cover each other
_TOP = 5


@dataclass(frozen=True, slots=True)
class Speck:
    """One figure: its distance from the median, positive where it is better; filled where chance is not enough."""

    better_by: float  # median absolute deviations
    is_filled: bool


def draw_glance(specks: Sequence[Speck]) -> Svg:
    """Draw a topic's figures on an axis as wide as the page gives it, better to the right.

    One beyond the axis is an arrow at its end. The drawing is hidden from those who do not see it: the words beside it
    say how many figures stand on each side.
    """
    scale = Scale(-REACH, REACH)
    left, right = scale.place(-1), scale.place(1)
    middle = HEIGHT / 2
    parts = [
        draw("rect", {"class": "mh-chart__band", "x": percent(left), "y": _TOP, "width": percent(right - left),
                      "height": HEIGHT - 2 * _TOP}),
        draw("line", {"class": "mh-chart__axis", "x1": "0", "x2": "100%", "y1": middle, "y2": middle}),
        draw("line", {"class": "mh-chart__median", "x1": "50%", "x2": "50%", "y1": _TOP, "y2": HEIGHT - _TOP}),
    ]  # fmt: skip
    columns: dict[int, int] = defaultdict(int)
    for speck in sorted(specks, key=lambda each: (not each.is_filled, each.better_by)):
        place = scale.place(speck.better_by)
        column = round(place / _COLUMN)
        parts.append(_draw_speck(scale, speck, place, middle + _find_offset(columns[column])))
        columns[column] += 1
    return draw(
        "svg", {"class": "mh-chart mh-glance", "aria-hidden": "true", "width": "100%", "height": HEIGHT}, join(*parts)
    )


def draw_speck(*, is_filled: bool) -> Svg:
    """One dot by itself, for a key."""
    return draw(
        "svg",
        {"class": "mh-key mh-glance", "viewBox": "-11 -11 22 22", "width": 22, "height": 22, "aria-hidden": "true"},
        draw("circle", {"class": _name_kind(is_filled), "r": _RADIUS}),
    )


def _draw_speck(scale: Scale, speck: Speck, place: float, y: float) -> Svg:
    kind = _name_kind(speck.is_filled)
    match scale.beyond(speck.better_by):
        case None:
            return draw("circle", {"class": kind, "cx": percent(place), "cy": y, "r": _RADIUS})
        case side:
            arrow = "M-4-5 5 0-4 5z" if side == "right" else "M4-5-5 0 4 5z"
            return draw(
                "svg",
                {"x": percent(place), "y": y, "overflow": "visible"},
                draw("path", {"class": kind, "d": arrow}),
            )


def _name_kind(is_filled: bool) -> str:
    return "mh-glance__sure" if is_filled else "mh-glance__unsure"


def _find_offset(many: int) -> float:
    """How far from the middle the next dot of a column stands: up, down, up; beyond four they cover each other."""
    step = min((many + 1) // 2, 1)
    return step * _STEP * (1 if many % 2 else -1)
