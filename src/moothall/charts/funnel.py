"""The funnel: rates by how many they rest on, between the limits that chance and usual variation would keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from moothall.charts.axes import HEIGHT, LINE, Plot, draw_values_axis
from moothall.charts.scales import Scale, choose_ticks
from moothall.charts.strip import MOST_SELECTED, SHAPES
from moothall.charts.svg import Svg, draw, join, percent, quote
from moothall.core.values import Unit, format_number

_WIDE = 1000  # units across of the lines' own box, which is stretched to the plot
_RADIUS = 3.5
_MOST_TICKS = 5


@dataclass(frozen=True, slots=True)
class Council:
    """One council: how many its rate rests on, the rate, and that as shown."""

    key: str
    name: str
    base: float
    rate: float
    text: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What the limits are at one number: the inner and the outer, each from low to high."""

    base: float
    inner: tuple[float, float]
    outer: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Funnel:
    """What a funnel shows. `key` is unique on the page; `selected` lists councils' keys, the first six by shape."""

    key: str
    title: str
    councils: tuple[Council, ...]
    limits: tuple[Limits, ...]  # from the least number to the greatest
    centre: float
    centre_text: str  # "all together 24.5%"
    selected: tuple[str, ...]
    unit: Unit
    across: str  # what is counted below
    description: str
    address: str = ""  # that a council's key is put behind, to lead to it


def draw_funnel(funnel: Funnel) -> Svg:
    """Draw a funnel as wide as the page gives it; numbers run to the right by their logarithm.

    Raises ValueError without councils or limits.
    """
    rates = [each.rate for each in funnel.councils]
    ticks = choose_ticks(min(rates), max(rates))
    across = Scale(log10(funnel.limits[0].base), log10(funnel.limits[-1].base))
    plot = Plot(across, ticks[0], ticks[-1], top=2 * LINE)
    ids = (f"{funnel.key}-title", f"{funnel.key}-desc")
    return draw(
        "svg",
        {
            "class": "mh-chart mh-funnel",
            "role": "img",
            "aria-labelledby": " ".join(ids),
            "height": plot.bottom + 3 * LINE + 8,
            "data-address": funnel.address or None,
        },
        draw("title", {"id": ids[0]}, funnel.title),
        draw("desc", {"id": ids[1]}, funnel.description),
        draw_values_axis(ticks, funnel.unit, plot, starts_at_zero=True),
        _draw_numbers(funnel, plot),
        _draw_limits(funnel, plot),
        _draw_councils(funnel, plot),
        draw(
            "text",
            {"class": "mh-chart__label--quiet", "x": "100%", "y": plot.top - 8, "text-anchor": "end"},
            f"dashed: {funnel.centre_text}",
        ),
    )


def choose_numbers(least: float, most: float) -> list[float]:
    """Round numbers from the least to the most for an axis by logarithm, five at most."""
    powers = range(floor(log10(least)), ceil(log10(most)) + 1)
    for steps in ((1, 1.5, 2, 2.5, 3, 4, 5, 6, 8), (1, 2, 5), (1, 3), (1,)):
        found = [step * 10.0**power for power in powers for step in steps if least <= step * 10.0**power <= most]
        if len(found) <= _MOST_TICKS:
            return found
    return found[:: ceil(len(found) / _MOST_TICKS)]


def _draw_numbers(funnel: Funnel, plot: Plot) -> Svg:
    drawn = []
    for number in choose_numbers(funnel.limits[0].base, funnel.limits[-1].base):
        x = percent(plot.across.place(log10(number)))
        line = draw("line", {"class": "mh-chart__grid", "x1": x, "x2": x, "y1": plot.top, "y2": plot.bottom})
        text = format_number(number, 0 if number >= 1 else 2)
        y = plot.bottom + LINE + 2
        label = draw("text", {"class": "mh-chart__label--quiet", "x": x, "y": y, "text-anchor": "middle"}, text)
        drawn.append(join(line, label))
    y = plot.bottom + 2 * LINE + 6
    below = draw(
        "text", {"class": "mh-chart__label--quiet", "x": "100%", "y": y, "text-anchor": "end"}, f"{funnel.across} →"
    )
    return join(*drawn, below)


def _draw_limits(funnel: Funnel, plot: Plot) -> Svg:
    def trace(find: Callable[[Limits], float]) -> list[str]:
        return [
            f"{plot.across.place(log10(each.base)) * _WIDE / 100:.1f} {plot.y(find(each)) - plot.top:.1f}"
            for each in funnel.limits
        ]

    inner = [*trace(lambda each: each.inner[1]), *reversed(trace(lambda each: each.inner[0]))]
    outer = [trace(lambda each: each.outer[0]), trace(lambda each: each.outer[1])]
    y = f"{plot.y(funnel.centre) - plot.top:.1f}"
    lines = "".join(f'<path class="mh-funnel__limit" d="M{"L".join(each)}"/>' for each in outer)
    # The box cuts off what runs out of it: the limits of very few are beyond any rate.
    return Svg(
        f'<svg y="{plot.top}" width="100%" height="{HEIGHT}" viewBox="0 0 {_WIDE} {HEIGHT}" preserveAspectRatio="none">'
        f'<path class="mh-chart__band" d="M{"L".join(inner)}z"/>{lines}'
        f'<path class="mh-funnel__centre" d="M0 {y}H{_WIDE}"/></svg>'
    )


def _draw_councils(funnel: Funnel, plot: Plot) -> Svg:
    chosen = {key: place for place, key in enumerate(funnel.selected[:MOST_SELECTED])}
    others, selected = [], []
    for each in funnel.councils:
        x, y = f"{plot.across.place(log10(each.base)):.2f}%", f"{plot.y(each.rate):.1f}"
        title = f"<title>{quote(each.name)} {quote(each.text)}</title>"
        code = f'data-code="{quote(each.key)}"'
        place = chosen.get(each.key)
        if place is None:
            others.append(f'<circle class="mh-mark" {code} cx="{x}" cy="{y}" r="{_RADIUS:g}">{title}</circle>')
        else:
            style = f"mh-mark mh-strip__selected mh-series-{place + 1}"
            selected.append(
                f'<svg class="{style}" {code} x="{x}" y="{y}" overflow="visible">{title}{SHAPES[place]}</svg>'
            )
    return Svg(f'<g class="mh-chart__other">{"".join(others)}</g>{"".join(selected)}')


def space_evenly(least: float, most: float, many: int) -> Sequence[float]:
    """So many numbers from the least to the most, each as many times the one before."""
    step = (most / least) ** (1 / (many - 1))
    return [least * step**place for place in range(many)]
