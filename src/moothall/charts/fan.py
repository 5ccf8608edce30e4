"""The fan: a projection that goes on from the last point of a line, and how far such projections were off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from moothall.charts.svg import Svg, percent, quote
from moothall.core.periods import Period


@dataclass(frozen=True, slots=True)
class Ahead:
    """A value projected for one period, with the half-widths of its ranges, the narrowest first."""

    period: Period
    value: float
    text: str
    halves: tuple[float, ...]


def draw_fan(
    start: tuple[float, float], ahead: Sequence[Ahead], x: Callable[[Period], float], y: Callable[[float], float]
) -> str:
    """The ranges, the widest behind, and the dashed line over them, from a point already drawn."""
    drawn = []
    for number in reversed(range(len(ahead[0].halves))):
        upper, lower = (
            [f"{x(each.period):g} {y(each.value + sign * each.halves[number]):.1f}" for each in ahead]
            for sign in (1, -1)
        )
        corners = "L".join([f"{start[0]:g} {start[1]:.1f}", *upper, *reversed(lower)])
        drawn.append(f'<path class="mh-trend__fan mh-series-1" d="M{corners}z"/>')
    ends = [start, *((x(each.period), y(each.value)) for each in ahead)]
    steps = "".join(f"M{a:g} {b:.1f}L{c:g} {d:.1f}" for (a, b), (c, d) in pairwise(ends))
    drawn.append(f'<path class="mh-trend__line mh-trend__line--ahead mh-series-1" d="{steps}"/>')
    return "".join(drawn)


def draw_ends(name: str, ahead: Sequence[Ahead], x: Callable[[Period], float], y: Callable[[float], float]) -> Svg:
    """A hollow mark for each value projected."""
    return Svg(
        "".join(
            f'<circle class="mh-trend__point mh-trend__point--hollow mh-series-1" cx="{percent(x(each.period))}"'
            f' cy="{y(each.value):.1f}" r="3"><title>{quote(name)}, if the recent pattern continues: '
            f"{quote(each.text)}, {each.period.label}</title></circle>"
            for each in ahead
        )
    )


def describe_fan(ahead: Sequence[Ahead]) -> str:
    """What is projected, in words."""
    if not ahead:
        return ""
    said = ", ".join(f"{each.text} in {each.period.label}" for each in ahead)
    return f"If the recent pattern continues: {said}."
