"""The trend: councils over time, beside the median and the middle half of those they are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

from moothall.charts.axes import (
    HEIGHT,
    LINE,
    Plot,
    Span,
    draw_breaks,
    draw_covid,
    draw_time_axis,
    draw_values_axis,
    name_shortly,
)
from moothall.charts.fan import Ahead, describe_fan, draw_ends, draw_fan
from moothall.charts.scales import Scale, choose_ticks
from moothall.charts.strip import SHAPES
from moothall.charts.svg import Svg, draw, quote
from moothall.core.periods import PeriodKind
from moothall.core.values import Unit

MOST_LINES = 6
"""How many lines can be told apart by shape."""

_LITTLE = 0.3  # of a step
_RADIUS = 3  # pixels of a dot
_GAP = 8  # pixels from a name beside the plot to the next
_WIDE = 1000  # units across the box in which lines are drawn, whatever the width of the page
_LONGEST = 23  # characters of a name on one line beside the plot
_DAYS_OF_A_STEP = 1.5  # how much longer than the shortest step between two days or surveys a step may be


class Point(NamedTuple):
    """A value of one period, as it is shown and where it leads.

    Points of different bases are not joined. A hollow one is provisional or qualified in another way.
    """

    value: float
    text: str
    code: str = ""
    basis: str = ""
    is_hollow: bool = False
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A council or a median over time: one point, or none, for each period of the chart."""

    name: str
    points: tuple[Point | None, ...]
    is_median: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """What a trend shows; everything is in the order of `spans`, oldest first.

    `lines` have a place in the palette each, the first drawn strongest; `median` is that of the comparators, `middle`
    the lower and upper quartile around it, `country` a pale line behind both. `key` is unique on the page.
    """

    key: str
    title: str
    spans: tuple[Span, ...]
    lines: tuple[Line, ...]
    median: Line | None
    middle: tuple[tuple[float, float] | None, ...]
    country: Line | None
    unit: Unit
    address: str = ""
    ahead: tuple[Ahead, ...] = ()  # what the first line is projected to come to after its last period
    outer: tuple[tuple[float, float] | None, ...] = ()  # the lower and upper tenth around the middle half


def draw_trend(trend: Trend) -> Svg | None:
    """Draw a trend as wide as its box; none where no line has two values.

    Names stand to the right of the svg's own box, in room that the style sheet keeps free; on a narrow page it hides
    them, and a key below the chart has to name the lines. Nothing is drawn between values that do not adjoin.
    """
    lines = [*trend.lines, *(each for each in (trend.median, trend.country) if each)]
    if all(sum(point is not None for point in line.points) < 2 for line in lines):
        return None
    values = [point.value for line in lines for point in line.points if point]
    values += [each for line in lines for point in line.points if point for each in point.interval or ()]
    values += [each for band in (trend.middle, trend.outer) for ends in band if ends for each in ends]
    values += [each.value + sign * half for each in trend.ahead for half in each.halves for sign in (-1, 1)]
    spans = (*trend.spans, *(Span(each.period) for each in trend.ahead))
    ticks = choose_ticks(min(values), max(values))
    low = ticks[0]
    if low < 0 < ticks[-1] and min(values) > low * _LITTLE:  # a value just below zero needs no whole step below it
        low, ticks = min(values) * 1.5, ticks[1:]
    is_noted = any(span.letter or span.is_covid for span in trend.spans)
    first, last = trend.spans[0].period.start.toordinal(), max(each.period.end for each in spans).toordinal()
    plot = Plot(Scale(first, max(last, first + 1), inset=0), low, ticks[-1], LINE * (2 if is_noted else 1) + 10)
    joins = find_joins(trend.spans)
    starts_at_zero = plot.low == 0 or plot.high == 0 or plot.low < 0 < plot.high
    ids = (f"{trend.key}-title", f"{trend.key}-desc")
    return draw(
        "svg",
        {
            "class": "mh-chart mh-trend",
            "role": "img",
            "aria-labelledby": " ".join(ids),
            "height": plot.bottom + LINE * (1 if starts_at_zero else 2) + 8,
            "data-address": trend.address or None,
        },
        draw("title", {"id": ids[0]}, trend.title),
        draw("desc", {"id": ids[1]}, describe_trend(trend)),
        draw_covid(trend.spans, plot),
        draw_values_axis(ticks, trend.unit, plot, starts_at_zero),
        draw_time_axis(spans, plot),
        _draw_lines(trend, plot, joins),
        draw_breaks(trend.spans, plot),
        _draw_points(trend, plot, joins),
        draw_ends(trend.lines[0].name, trend.ahead, plot.x, plot.y) if trend.ahead else "",
        _draw_names(trend, plot),
    )


def describe_trend(trend: Trend) -> str:
    """What the trend shows, in words, for those who do not see it."""
    said = []
    for line in (*trend.lines, *(each for each in (trend.median, trend.country) if each)):
        held = [(span, point) for span, point in zip(trend.spans, line.points, strict=True) if point]
        if not held:
            said.append(f"{line.name}: no figure.")
            continue
        words = f"{line.name}: {held[0][1].text} in {held[0][0].period.label}"
        if len(held) > 1:
            words += f", {held[-1][1].text} in {held[-1][0].period.label}"
        missing = len(trend.spans) - len(held)
        said.append(words + (f", no figure in {missing} of {len(trend.spans)} periods." if missing else "."))
    broken = [f"{span.period.label} ({span.letter})" for span in trend.spans if span.letter]
    if broken:
        said.append(f"The series breaks before {', '.join(broken)}.")
    said += filter(None, [describe_fan(trend.ahead)])
    affected = [span.period.label for span in trend.spans if span.is_covid]
    if affected:
        said.append(f"Affected by COVID-19: {', '.join(affected)}.")
    return " ".join(said)


def draw_sample(kind: Literal["median", "country"]) -> Svg:
    """A piece of a line that has no shape, for a key."""
    return draw(
        "svg",
        {"class": "mh-key", "viewBox": "-11 -11 22 22", "width": 22, "height": 22, "aria-hidden": "true"},
        draw("path", {"class": f"mh-trend__line mh-trend__line--{kind}", "d": "M-11 0h22"}),
    )


def find_joins(spans: Sequence[Span]) -> list[bool]:
    """Whether each period goes on from the one before it: they adjoin in time, and the series does not break.

    Days and surveys never adjoin; there a step may be half as long again as the shortest.
    """
    periods = [span.period for span in spans]
    steps = [(after.end - before.end).days for before, after in pairwise(periods)]
    loose = min(steps, default=0) * _DAYS_OF_A_STEP
    joins = [False]
    for before, after, step in zip(spans, spans[1:], steps, strict=False):
        if after.period.kind in {PeriodKind.DAY, PeriodKind.WAVE}:
            adjoins = step < loose
        else:
            adjoins = (after.period.start - before.period.end).days <= 1
        joins.append(adjoins and not after.letter)
    return joins


def _list_runs(points: Sequence[object | None], joins: Sequence[bool]) -> Iterator[list[int]]:
    """The places of points that are joined to one another."""
    run: list[int] = []
    for place, point in enumerate(points):
        before = points[place - 1] if run else None
        if run and not (point is not None and joins[place] and _basis(before) == _basis(point)):
            yield run
            run = []
        if point is not None:
            run.append(place)
    if run:
        yield run


def _basis(point: object) -> str:
    return point.basis if isinstance(point, Point) else ""


def _draw_lines(trend: Trend, plot: Plot, joins: Sequence[bool]) -> Svg:
    """The band and the lines, in a box that is stretched to the width; the style sheet keeps strokes thin."""
    across = [round(plot.x(span.period) * _WIDE / 100, 1) for span in trend.spans]

    def trace(line: Line, style: str) -> str:
        path = "".join(
            "M" + "L".join(f"{across[place]:g} {plot.y(line.points[place].value) - plot.top:.1f}" for place in run)  # type: ignore[union-attr]
            for run in _list_runs(line.points, joins)
            if len(run) > 1
        )
        return f'<path class="mh-trend__line {style}" d="{path}"/>' if path else ""

    def shade(band: Sequence[tuple[float, float] | None], style: str) -> Iterator[str]:
        for run in _list_runs(band, joins):
            ends = [band[place] or (0.0, 0.0) for place in run]
            places = [across[place] for place in run]
            if len(run) == 1:  # one period alone is as wide as can be seen
                ends, places = ends * 2, [places[0] - 5, places[0] + 5]
            there = [f"{x:g} {plot.y(upper) - plot.top:.1f}" for x, (_, upper) in zip(places, ends, strict=True)]
            back = [f"{x:g} {plot.y(lower) - plot.top:.1f}" for x, (lower, _) in zip(places, ends, strict=True)]
            yield f'<path class="{style}" d="M{"L".join([*there, *reversed(back)])}z"/>'

    drawn = list(shade(trend.outer, "mh-chart__band mh-chart__band--outer"))
    drawn += shade(trend.middle, "mh-chart__band")
    if trend.country:
        drawn.append(trace(trend.country, "mh-trend__line--country"))
    if trend.median:
        drawn.append(trace(trend.median, "mh-trend__line--median"))
    if trend.ahead:
        start = (across[-1], plot.y(trend.lines[0].points[-1].value) - plot.top)  # type: ignore[union-attr]
        drawn.append(
            draw_fan(
                start,
                trend.ahead,
                lambda period: round(plot.x(period) * _WIDE / 100, 1),
                lambda value: plot.y(value) - plot.top,
            )
        )
    for place, line in reversed(list(enumerate(trend.lines))):
        strong = " mh-trend__line--first" if place == 0 and not line.is_median else ""
        dashed = " mh-trend__line--dashed" if line.is_median else ""
        drawn.append(trace(line, f"mh-series-{place + 1}{strong}{dashed}"))
    return Svg(
        f'<svg y="{plot.top}" width="100%" height="{HEIGHT}" viewBox="0 0 {_WIDE} {HEIGHT}"'
        f' preserveAspectRatio="none" overflow="visible">{"".join(drawn)}</svg>'
    )


def _draw_points(trend: Trend, plot: Plot, joins: Sequence[bool]) -> Svg:
    """A mark for each value: a dot, and where nothing is joined to it the shape of its line."""
    across = [f"{plot.x(span.period):.2f}%" for span in trend.spans]
    drawn: list[str] = []

    def spread(line: Line, style: str, radius: float, shape: int | None) -> None:
        alone = {run[0] for run in _list_runs(line.points, joins) if len(run) == 1}
        name = quote(line.name)
        for place, point in enumerate(line.points):
            if point is None:
                continue
            x, y = across[place], f"{plot.y(point.value):.1f}"
            if point.interval:
                y1, y2 = (f"{plot.y(each):.1f}" for each in point.interval)
                drawn.append(f'<line class="mh-interval {style}" x1="{x}" x2="{x}" y1="{y1}" y2="{y2}"/>')
            hollow = " mh-trend__point--hollow" if point.is_hollow else ""
            title = f"<title>{name} {quote(point.text)}, {trend.spans[place].period.label}</title>"
            mark = f'data-code="{quote(point.code)}"'
            if shape is not None and (place in alone or place == _find_last(line)):
                drawn.append(
                    f'<svg class="mh-mark mh-trend__end {style}{hollow}" {mark} x="{x}" y="{y}" overflow="visible">'
                    f'{title}<g transform="scale({0.8 if radius > _RADIUS else 0.65})">{SHAPES[shape]}</g></svg>'
                )
            else:
                look = style if shape is not None or place in alone else "mh-trend__spot"
                drawn.append(
                    f'<circle class="mh-mark mh-trend__point {look}{hollow}" {mark} cx="{x}" cy="{y}" r="{radius:g}">'
                    f"{title}</circle>"
                )

    if trend.country:
        spread(trend.country, "mh-trend__point--country", _RADIUS, None)
    if trend.median:
        spread(trend.median, "mh-trend__point--median", _RADIUS, None)
    for place, line in reversed(list(enumerate(trend.lines))):
        is_strong = place == 0 and not line.is_median
        spread(line, f"mh-series-{place + 1}", _RADIUS + 0.5 * is_strong, place)
    return Svg("".join(drawn))


def _find_last(line: Line) -> int | None:
    return max((place for place, point in enumerate(line.points) if point), default=None)


def _draw_names(trend: Trend, plot: Plot) -> Svg:
    """The names of the lines to the right of the plot, beside their last points."""
    named = [
        *((line, "mh-trend__name--first" if place == 0 and not line.is_median else "")
          for place, line in enumerate(trend.lines)),
        *(((trend.median, "mh-trend__name--median"),) if trend.median else ()),
        *(((trend.country, "mh-trend__name--country"),) if trend.country else ()),
    ]  # fmt: skip
    labels = []
    for line, style in named:
        last = _find_last(line)
        point = line.points[last] if last is not None else None
        if last is None or point is None:
            continue
        until = "" if last == len(trend.spans) - 1 else f", to {name_shortly(trend.spans[last].period)}"
        value = trend.ahead[-1].value if trend.ahead and line is trend.lines[0] else point.value
        labels.append((plot.y(value), _wrap(line.name + until), style))
    return _place_labels(labels, plot)


def _place_labels(labels: list[tuple[float, list[str], str]], plot: Plot) -> Svg:
    """Names beside their line ends: moved apart where they would overlap, and tied to their ends by a thin line."""
    labels.sort(key=lambda label: label[0])
    # A name on two lines is not to be taken for two names, where there is room.
    gap = _GAP if sum(LINE * len(texts) + _GAP for _, texts, _ in labels) < plot.bottom else 2
    heights = [LINE * len(texts) + gap for _, texts, _ in labels]
    tops = [y - height / 2 for (y, _, _), height in zip(labels, heights, strict=True)]
    for i in range(1, len(tops)):
        tops[i] = max(tops[i], tops[i - 1] + heights[i - 1])
    limit = float(plot.bottom + LINE)
    for i in reversed(range(len(tops))):
        tops[i] = min(tops[i], limit - heights[i])
        limit = tops[i]
    drawn = []
    for (y, texts, style), top, height in zip(labels, tops, heights, strict=True):
        lines = [
            draw("text", {"x": 22, "y": round(top + LINE * (i + 1) - 5 + gap / 2, 1)}, text)
            for i, text in enumerate(texts)
        ]
        tie = draw("path", {"class": "mh-trend__tie", "d": f"M8 {y:.1f}L19 {top + height / 2:.1f}"})
        drawn.append(draw("g", {"class": f"mh-trend__name {style}".strip()}, tie, *lines))
    return draw("svg", {"class": "mh-trend__names", "x": "100%", "overflow": "visible"}, *drawn)


def _wrap(words: str) -> list[str]:
    lines = [""]
    for word in words.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > _LONGEST:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
