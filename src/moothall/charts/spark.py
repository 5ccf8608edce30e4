"""Sparks: a median and its middle half over time, as small as a word; and how many series went where, mark by mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from moothall.charts.svg import Svg

_WIDE, _HIGH = 120, 32
_INSET = 4  # of the drawing's own units, so that a dot is not cut
_SMALLEST = 1e-9
_STEP, _LINE, _TALL = 12, 18, 16  # pixels from one mark to the next, from one row of them to the next, of a mark
_MARKS = {
    "better": '<path class="mh-spark__better" d="M6 3l5 10h-10z"/>',
    "unclear": '<circle class="mh-spark__unclear" cx="6" cy="8" r="3"/>',
    "worse": '<path class="mh-spark__worse" d="M6 13l5-10h-10z"/>',
}
_IN_A_ROW = 14  # marks, so that they fit the narrowest phone


class Middle(NamedTuple):
    """The middle of councils in one period, `time` in years; `is_joined` to the one before it."""

    time: float
    lower_quartile: float
    median: float
    upper_quartile: float
    is_joined: bool


def draw_spark(middles: Sequence[Middle]) -> Svg | None:
    """The median as a line over its middle half, in order of time; none without two periods.

    It has no axis and is hidden from readers: the row it stands in says its ends.
    """
    if len(middles) < 2:
        return None
    low, high = min(each.lower_quartile for each in middles), max(each.upper_quartile for each in middles)
    first, span = middles[0].time, max(middles[-1].time - middles[0].time, _SMALLEST)

    def x(each: Middle) -> float:
        return _INSET + (_WIDE - 2 * _INSET) * (each.time - first) / span

    def y(value: float) -> float:
        return _INSET + (_HIGH - 2 * _INSET) * ((high - value) / (high - low) if high - low > _SMALLEST else 0.5)

    drawn = []
    runs: list[list[Middle]] = []
    for each in middles:
        if runs and each.is_joined:
            runs[-1].append(each)
        else:
            runs.append([each])
    for run in runs:
        if len(run) > 1:
            there = [f"{x(each):.1f} {y(each.upper_quartile):.1f}" for each in run]
            back = [f"{x(each):.1f} {y(each.lower_quartile):.1f}" for each in reversed(run)]
            drawn.append(f'<path class="mh-spark__half" d="M{"L".join([*there, *back])}z"/>')
            line = "L".join(f"{x(each):.1f} {y(each.median):.1f}" for each in run)
            drawn.append(f'<path class="mh-spark__line" d="M{line}"/>')
        else:
            drawn.append(f'<circle class="mh-spark__dot" cx="{x(run[0]):.1f}" cy="{y(run[0].median):.1f}" r="1.5"/>')
    last = middles[-1]
    drawn.append(f'<circle class="mh-spark__dot" cx="{x(last):.1f}" cy="{y(last.median):.1f}" r="3"/>')
    return Svg(
        f'<svg class="mh-spark" aria-hidden="true" width="{_WIDE}" height="{_HIGH}" viewBox="0 0 {_WIDE} {_HIGH}">'
        f"{''.join(drawn)}</svg>"
    )


def draw_marks(better: int, unclear: int, worse: int) -> Svg | None:
    """A mark for each series by where it went, by shape and colour; none without any. Its row has the counts."""
    kinds = ["better"] * better + ["unclear"] * unclear + ["worse"] * worse
    if not kinds:
        return None
    drawn = [
        f'<g transform="translate({place % _IN_A_ROW * _STEP} {place // _IN_A_ROW * _LINE})">{_MARKS[kind]}</g>'
        for place, kind in enumerate(kinds)
    ]
    width, height = min(len(kinds), _IN_A_ROW) * _STEP, _TALL + (len(kinds) - 1) // _IN_A_ROW * _LINE
    return Svg(
        f'<svg class="mh-spark" aria-hidden="true" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f"{''.join(drawn)}</svg>"
    )
