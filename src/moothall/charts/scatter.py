"""The scatter: councils by two figures at once, with the median of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.charts.axes import LINE, Plot, draw_values_axis, name_ticks
from moothall.charts.scales import Scale, choose_ticks
from moothall.charts.strip import SHAPES
from moothall.charts.svg import Svg, draw, join, percent, quote
from moothall.core.statistics import quantile
from moothall.core.values import Unit

_FAR = 10  # widths of the middle half: what lies farther from it stands at the edge
_FEW = 0.03  # of the councils: where more lie as far, they are no exception, and the chart has room for them
_MOST_TICKS = 5

_FORMS = (
    draw("circle", {"r": 3.7}),
    draw("path", {"d": "M-3.5-3.5h7v7h-7z"}),
    draw("path", {"d": "M0-4.8 4.6 3.6h-9.2z"}),
    draw("path", {"d": "M0-5 5 0 0 5-5 0z"}),
    draw("path", {"d": "M-1.6-4.6h3.2v3h3v3.2h-3v3h-3.2v-3h-3v-3.2h3z"}),
    draw("path", {"d": "M-4.4-3.6h8.8L0 4.8z"}),
)
"""The forms that kinds of council are told apart by, each about 9 pixels across and around its own middle."""
MOST_FORMS = len(_FORMS)


@dataclass(frozen=True, slots=True)
class Mark:
    """One council: its two values, and both in words; `form` (from 0) is that of its kind."""

    key: str
    name: str
    across: float
    up: float
    text: str
    form: int
    is_near: bool = False  # a neighbour of the one selected


@dataclass(frozen=True, slots=True)
class Axis:
    """What one direction shows: its unit, and the median of the councils shown, also in words."""

    unit: Unit
    median: float
    median_text: str  # "median 36.1%"


@dataclass(frozen=True, slots=True)
class Scatter:
    """What a scatter shows. `key` is unique on the page; `address` is what a council's key is put behind."""

    key: str
    title: str
    description: str
    marks: tuple[Mark, ...]
    across: Axis
    up: Axis
    selected: str = ""
    address: str = ""


def draw_scatter(scatter: Scatter) -> Svg:
    """Draw a scatter as wide as the page gives it. Raises ValueError without marks.

    Values far from all others stand at the edge, hollow: see `gather_beyond`.
    """
    reach_across, reach_up = _find_reaches(scatter.marks)
    across, up = choose_ticks(*reach_across, most=_MOST_TICKS), choose_ticks(*reach_up)
    plot = Plot(Scale(across[0], across[-1]), up[0], up[-1], top=2 * LINE)
    ids = (f"{scatter.key}-title", f"{scatter.key}-desc")
    return draw(
        "svg",
        {
            "class": "mh-chart mh-funnel mh-scatter",
            "role": "img",
            "aria-labelledby": " ".join(ids),
            "height": plot.bottom + 3 * LINE,
            "data-address": scatter.address or None,
        },
        draw("title", {"id": ids[0]}, scatter.title),
        draw("desc", {"id": ids[1]}, scatter.description),
        draw("defs", None, *(draw("g", {"id": f"{scatter.key}-{i}"}, form) for i, form in enumerate(_FORMS))),
        draw_values_axis(up, scatter.up.unit, plot, starts_at_zero=True),
        _draw_across(across, scatter.across.unit, plot),
        _draw_marks(scatter, plot),
        _draw_medians(scatter, plot),
    )


def draw_form(form: int, style: str = "") -> Svg:
    """The form of a kind of council, for a key."""
    return draw(
        "svg",
        {"class": f"mh-key mh-scatter__{style or 'other'}", "viewBox": "-7 -7 14 14", "width": 22, "height": 22,
         "aria-hidden": "true"},
        _FORMS[form],
    )  # fmt: skip


def gather_beyond(marks: Sequence[Mark]) -> list[Mark]:
    """The marks that stand at the edge, as one of their values lies far from all others."""
    (left, right), (bottom, top) = _find_reaches(marks)
    return [each for each in marks if not (left <= each.across <= right and bottom <= each.up <= top)]


def _find_reaches(marks: Sequence[Mark]) -> tuple[tuple[float, float], tuple[float, float]]:
    return _find_reach([each.across for each in marks]), _find_reach([each.up for each in marks])


def _find_reach(values: Sequence[float]) -> tuple[float, float]:
    """The least and the greatest value that are not far from the middle half."""
    low, high = quantile(values, 0.25), quantile(values, 0.75)
    room = _FAR * (high - low)
    if room == 0:
        return min(values), max(values)
    near = [each for each in values if low - room <= each <= high + room]
    if len(values) - len(near) > max(1, _FEW * len(values)):
        near = list(values)
    return min(near), max(near)


def _draw_across(ticks: Sequence[float], unit: Unit, plot: Plot) -> Svg:
    texts, words = name_ticks(ticks, unit)
    drawn = []
    for place, (tick, text) in enumerate(zip(ticks, texts, strict=True)):
        x = percent(plot.across.place(tick))
        is_last = place == len(ticks) - 1
        drawn.append(draw("line", {"class": "mh-chart__grid", "x1": x, "x2": x, "y1": plot.top, "y2": plot.bottom}))
        anchor = "end" if is_last else "middle"
        y = plot.bottom + LINE + 2
        at = "100%" if is_last else x
        drawn.append(draw("text", {"class": "mh-chart__label--quiet", "x": at, "y": y, "text-anchor": anchor}, text))
    if words:
        y = plot.bottom + 2 * LINE + 4
        drawn.append(
            draw("text", {"class": "mh-chart__label--quiet", "x": "100%", "y": y, "text-anchor": "end"}, words)
        )
    return join(*drawn)


def _draw_medians(scatter: Scatter, plot: Plot) -> Svg:
    place = plot.across.place(scatter.across.median)
    x, y = percent(place), round(plot.y(scatter.up.median), 1)
    # The words keep off the edges, where they would be cut.
    anchor = "start" if place < 20 else "end" if place > 80 else "middle"
    return join(
        draw("line", {"class": "mh-chart__median", "x1": x, "x2": x, "y1": plot.top, "y2": plot.bottom}),
        draw("text", {"x": x, "y": plot.top - 8, "text-anchor": anchor}, scatter.across.median_text),
        draw("line", {"class": "mh-chart__median", "x1": "0", "x2": "100%", "y1": y, "y2": y}),
        draw("text", {"x": "100%", "y": y - 6, "text-anchor": "end"}, scatter.up.median_text),
    )


def _draw_marks(scatter: Scatter, plot: Plot) -> Svg:
    others: list[str] = []
    near: list[str] = []
    selected: list[str] = []
    beyond = {each.key for each in gather_beyond(scatter.marks)}
    for each in scatter.marks:
        place = plot.across.place(each.across)
        height = plot.y(min(max(each.up, plot.low), plot.high))
        at = f'x="{place:.2f}%" y="{height:.1f}"'
        code = f'data-code="{quote(each.key)}"'
        title = f"<title>{quote(each.name)} {quote(each.text)}</title>"
        if each.key == scatter.selected:
            style = "mh-mark mh-strip__selected mh-series-1"
            shift = "end" if place > 50 else "start"
            selected.append(
                f'<svg class="{style}" {code} {at} overflow="visible">{title}{SHAPES[0]}</svg>'
                f'<svg {at} overflow="visible">'
                f'<text class="mh-scatter__name" x="{-14 if place > 50 else 14}" y="5" text-anchor="{shift}">'
                f"{quote(each.name)}</text></svg>"
            )
            continue
        style = "mh-mark mh-scatter__beyond" if each.key in beyond else "mh-mark"
        (near if each.is_near else others).append(
            f'<use class="{style}" {code} href="#{scatter.key}-{each.form}" {at}>{title}</use>'
        )
    return Svg(
        f'<g class="mh-scatter__other">{"".join(others)}</g><g class="mh-scatter__near">{"".join(near)}</g>'
        + "".join(selected)
    )
