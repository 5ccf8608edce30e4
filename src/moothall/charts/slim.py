"""Slim charts: a council among its comparators, and its value over time, each as high as a line or two of a report.

They carry their colours themselves, so that the same drawing stands on a page, on paper and in a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from moothall.charts.scales import Scale, Side
from moothall.charts.strip import REACH
from moothall.charts.svg import Attribute, Svg, draw, join
from moothall.core.values import Polarity

_WIDE, _HIGH = 200, 32  # the drawings' own units: of the strip
_COURSE_WIDE, _INSET = 120, 5
_COLUMN = 3.0  # units within which the squares of comparators would cover each other
_OWN, _COMPARATOR, _BAND, _LINE, _MEDIAN = "#12436d", "#8a9299", "#e6ecf2", "#bcc1c6", "#3d3d3d"
_ALIKE = 1e-9


class Moment(NamedTuple):
    """A council's value and its comparators' median in one period, `time` in years; `is_joined` to the one before."""

    time: float
    value: float | None
    median: float | None
    is_joined: bool


def draw_slim_strip(
    own: float, others: Sequence[float], polarity: Polarity, words: str, ends: tuple[float, float] | None = None
) -> Svg:
    """One council among its comparators, by their distance from the median in median absolute deviations (not flipped).

    `ends` are those of its interval. Better is to the right, or higher where neither direction is; one beyond the axis
    stands at its end, as an arrow. `words` say the same.
    """
    scale = Scale(-REACH, REACH, flipped=polarity is Polarity.LOWER)

    def x(mads: float) -> float:
        return scale.place(mads) * _WIDE / 100

    middle = _HIGH / 2
    left, right = sorted((x(-1), x(1)))
    parts = [
        draw("rect", {"class": "mh-slim__band", "x": left, "y": 2, "width": right - left, "height": _HIGH - 4,
                      "fill": _BAND}),
        _draw_line(0, middle, _WIDE, middle, _LINE),
        _draw_line(_WIDE / 2, 2, _WIDE / 2, _HIGH - 2, _MEDIAN, dashes="3 2"),
    ]  # fmt: skip
    heights: dict[int, int] = {}
    for mads in sorted(others):
        column = round(x(mads) / _COLUMN)
        heights[column] = heights.get(column, 0) + 1
        step = heights[column] // 2 * (3.6 if heights[column] % 2 else -3.6)
        y = min(max(middle + step, 4.0), _HIGH - 4.0)
        parts.append(draw("rect", {"x": column * _COLUMN - 1.5, "y": y - 1.5, "width": 3, "height": 3,
                                   "fill": _COMPARATOR}))  # fmt: skip
    if ends is not None:
        low, high = sorted(map(x, ends))
        parts.append(_draw_line(low, middle, high, middle, _OWN, width=2))
    parts.append(_draw_own(x(own), middle, scale.beyond(own)))
    return _finish(_WIDE, words, parts)


def draw_course(moments: Sequence[Moment], words: str) -> Svg | None:
    """A value as a line, its comparators' median dashed, in order of time; none without two values to join.

    It has no axis and does not start at zero: `words` say its two ends.
    """
    held = [each for each in moments if each.value is not None]
    is_line = any(
        before.value is not None and after.value is not None and after.is_joined for before, after in pairwise(moments)
    )
    if not is_line:
        return None
    seen = [each for moment in moments for each in (moment.value, moment.median) if each is not None]
    low, high = min(seen), max(seen)
    first, span = moments[0].time, max(moments[-1].time - moments[0].time, _ALIKE)

    def place(time: float, value: float) -> tuple[float, float]:
        share = (high - value) / (high - low) if high - low > _ALIKE else 0.5
        return (
            _INSET + (_COURSE_WIDE - 2 * _INSET) * (time - first) / span,
            _INSET + (_HIGH - 2 * _INSET) * share,
        )

    parts = []
    for is_own in (False, True):
        runs: list[list[tuple[float, float]]] = [[]]
        for each in moments:
            value = each.value if is_own else each.median
            if value is None or not each.is_joined:
                runs.append([])
            if value is not None:
                runs[-1].append(place(each.time, value))
        for run in runs:
            if len(run) > 1:
                path = "M" + "L".join(f"{across:.1f} {down:.1f}" for across, down in run)
                parts.append(draw("path", {"class": None if is_own else "mh-slim__median", "d": path, "fill": "none",
                                           "stroke": _OWN if is_own else _MEDIAN, "stroke-width": 2 if is_own else 1,
                                           "stroke-dasharray": None if is_own else "3 2"}))  # fmt: skip
            elif run and is_own:
                parts.append(draw("circle", {"cx": run[0][0], "cy": run[0][1], "r": 1.5, "fill": _OWN}))
    across, down = place(held[-1].time, held[-1].value or 0.0)
    parts.append(draw("circle", {"cx": across, "cy": down, "r": 3, "fill": _OWN}))
    return _finish(_COURSE_WIDE, words, parts)


def draw_slim_sample(*, is_own: bool) -> Svg:
    """One mark by itself, for a key."""
    mark = (
        draw("circle", {"cx": 8, "cy": 8, "r": 5, "fill": _OWN})
        if is_own
        else draw("rect", {"x": 6, "y": 6, "width": 4, "height": 4, "fill": _COMPARATOR})
    )
    return draw(
        "svg",
        {"xmlns": _SVG, "class": "mh-slim__key", "aria-hidden": "true", "width": 16, "height": 16,
         "viewBox": "0 0 16 16"},
        mark,
    )  # fmt: skip


_SVG = "http://www.w3.org/2000/svg"


def _finish(width: int, words: str, parts: Sequence[Svg]) -> Svg:
    return draw(
        "svg",
        {"xmlns": _SVG, "class": "mh-slim", "role": "img", "aria-label": words, "width": width, "height": _HIGH,
         "viewBox": f"0 0 {width} {_HIGH}"},
        join(*parts),
    )  # fmt: skip


def _draw_own(x: float, y: float, beyond: Side | None) -> Svg:
    match beyond:
        case None:
            return draw("circle", {"cx": x, "cy": y, "r": 5, "fill": _OWN, "stroke": "#ffffff"})
        case "right":
            return draw("path", {"d": f"M{x - 4:.1f} {y - 6:.1f} {x + 5:.1f} {y:.1f} {x - 4:.1f} {y + 6:.1f}z",
                                 "fill": _OWN})  # fmt: skip
        case "left":
            return draw("path", {"d": f"M{x + 4:.1f} {y - 6:.1f} {x - 5:.1f} {y:.1f} {x + 4:.1f} {y + 6:.1f}z",
                                 "fill": _OWN})  # fmt: skip


def _draw_line(
    x1: float, y1: float, x2: float, y2: float, colour: str, *, dashes: str | None = None, width: float = 1
) -> Svg:
    attributes: dict[str, Attribute] = {
        "x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": colour, "stroke-width": width, "stroke-dasharray": dashes,
    }  # fmt: skip
    return draw("line", attributes)
