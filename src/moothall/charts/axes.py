"""The frame of a chart over time: its two axes, the breaks of the series and the years of the pandemic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from moothall.charts.scales import Scale
from moothall.charts.svg import Svg, draw, join, percent
from moothall.core.periods import Period, PeriodKind
from moothall.core.values import Unit, format_number

HEIGHT = 280
"""Pixels from the top of the plot to its axis."""

LINE = 18
"""Pixels that a line of text takes."""

_CHARACTER, _CHARACTER_NARROW = 1.4, 4.3  # per cent of the plot's width that one takes below it, on a desk, on a phone
_MILLION = 1_000_000
_LEAST_OF_A_YEAR = 150  # days of a year that the axis must have for the year to be named below it


@dataclass(frozen=True, slots=True)
class Span:
    """One period of the chart: a letter where the series breaks before it, and whether the pandemic affected it."""

    period: Period
    letter: str = ""
    is_covid: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Where things stand: per cent across, pixels down."""

    across: Scale
    low: float
    high: float
    top: int

    def x(self, period: Period) -> float:
        """The middle of a period."""
        return self.across.place((period.start.toordinal() + period.end.toordinal()) / 2)

    def y(self, value: float) -> float:
        return self.top + HEIGHT * (self.high - value) / (self.high - self.low)

    @property
    def bottom(self) -> int:
        return self.top + HEIGHT


def draw_values_axis(ticks: Sequence[float], unit: Unit, plot: Plot, starts_at_zero: bool) -> Svg:
    texts, words = name_ticks(ticks, unit)
    drawn = []
    for tick, text in zip(ticks, texts, strict=True):
        y = round(plot.y(tick), 1)
        drawn.append(draw("line", {"class": "mh-chart__grid", "x1": "0", "x2": "100%", "y1": y, "y2": y}))
        drawn.append(draw("text", {"class": "mh-chart__label--quiet", "x": -8, "y": y + 5, "text-anchor": "end"}, text))
    if words:
        drawn.append(draw("text", {"class": "mh-chart__label--quiet mh-trend__unit", "y": 12}, words))
    if not starts_at_zero:
        note = "The scale does not start at zero."
        drawn.append(draw("text", {"class": "mh-chart__label--quiet mh-trend__unit", "y": plot.bottom + 40}, note))
    return join(*drawn)


def name_ticks(ticks: Sequence[float], unit: Unit) -> tuple[list[str], str]:
    """The numbers of an axis, in millions where they are that large, and the words for what they are in, if any."""
    scale = _MILLION if max(abs(ticks[0]), abs(ticks[-1])) >= _MILLION else 1
    step = (ticks[1] - ticks[0]) / scale
    places = next((each for each in range(4) if abs(step * 10**each - round(step * 10**each)) < 1e-9), 4)
    words = unit.words if unit.words not in {"%", "£"} else ""
    if scale > 1:
        words = f"{words}, millions".removeprefix(", ").capitalize()
    if words in {"number", "score", "tonnes"}:
        words = words.capitalize()
    return [_format_tick(tick / scale, unit, places) for tick in ticks], words


def _format_tick(value: float, unit: Unit, places: int) -> str:
    text = format_number(value, places)
    if unit is Unit.PERCENT:
        return text + "%"
    if unit.is_money:
        return f"{text[0]}£{text[1:]}" if value < 0 else f"£{text}"
    return text


def draw_time_axis(spans: Sequence[Span], plot: Plot) -> Svg:
    labels = _name_years(spans, plot) if _is_within_years(spans) else [
        (plot.x(span.period), name_shortly(span.period)) for span in spans
    ]  # fmt: skip
    wide, narrow = _pick(labels, _CHARACTER), _pick(labels, _CHARACTER_NARROW)
    y = plot.bottom + LINE + 2
    drawn = []
    for place, (x, text) in enumerate(labels):
        if place not in wide | narrow:
            continue
        style = "" if place in wide & narrow else " mh-trend__wide" if place in wide else " mh-trend__narrow"
        drawn.append(
            draw("text", {"class": f"mh-chart__label--quiet{style}", "x": percent(x), "y": y, "text-anchor": "middle"},
                 text)
        )  # fmt: skip
    return join(*drawn)


def _is_within_years(spans: Sequence[Span]) -> bool:
    return spans[0].period.kind in {PeriodKind.QUARTER, PeriodKind.MONTH}


def _name_years(spans: Sequence[Span], plot: Plot) -> list[tuple[float, str]]:
    """Calendar years below quarters or months, each in the middle of those of its months that the axis has."""
    first, last = spans[0].period.start, spans[-1].period.end
    labels = []
    for year in range(first.year, last.year + 1):
        start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        if (end - start).days > _LEAST_OF_A_YEAR or first.year == last.year:
            labels.append((plot.across.place((start.toordinal() + end.toordinal()) / 2), str(year)))
    return labels


def _pick(labels: Sequence[tuple[float, str]], character: float) -> set[int]:
    """The places of the labels that have room, the last of them first; a character takes so much of the width."""
    picked: list[int] = []
    for place in reversed(range(len(labels))):
        x, text = labels[place]
        if not picked or x <= labels[picked[-1]][0] - character * (len(text) + len(labels[picked[-1]][1])) / 2:
            picked.append(place)
    return set(picked)


def name_shortly(period: Period) -> str:
    """A period in as few characters as it can be told by, for an axis: "2023-24", "Sep 2025"."""
    match period.kind:
        case PeriodKind.ACADEMIC_YEAR:
            return f"{period.start.year}/{period.end.year % 100:02d}"
        case PeriodKind.WAVE:
            return f"{period.start.year}-{period.end.year % 100:02d}"
        case PeriodKind.ROLLING_YEAR | PeriodKind.MONTH:
            return f"{period.end:%b} {period.end.year}"
        case PeriodKind.QUARTER:
            return f"{period.start:%b}–{period.end:%b} {period.end.year}"
        case PeriodKind.DAY:
            return f"{period.end.day} {period.end:%b} {period.end.year}"
        case PeriodKind.YEARS:
            return f"{period.start.year}–{period.end.year % 100:02d}"
        case PeriodKind.FINANCIAL_YEAR | PeriodKind.CALENDAR_YEAR:
            return period.label


def draw_breaks(spans: Sequence[Span], plot: Plot) -> Svg:
    drawn = []
    for before, after in pairwise(spans):
        if after.letter:
            middle = (plot.x(before.period) + plot.x(after.period)) / 2
            x = percent(max(middle, plot.across.place(after.period.start.toordinal())))
            drawn.append(
                draw("line", {"class": "mh-trend__break", "x1": x, "x2": x, "y1": plot.top - 2, "y2": plot.bottom})
            )
            drawn.append(
                draw(
                    "text",
                    {"class": "mh-trend__letter", "x": x, "y": plot.top - 6, "text-anchor": "middle"},
                    after.letter,
                )
            )
    return join(*drawn)


def draw_covid(spans: Sequence[Span], plot: Plot) -> Svg:
    """The periods that the pandemic affected, shaded from their first day to their last; neighbours as one."""
    drawn = []
    runs: list[list[Span]] = []
    for place, span in enumerate(spans):
        if not span.is_covid:
            continue
        if place and spans[place - 1].is_covid:
            runs[-1].append(span)
        else:
            runs.append([span])
    for run in runs:
        left = plot.across.place(run[0].period.start.toordinal())
        right = plot.across.place(run[-1].period.end.toordinal())
        drawn.append(
            draw(
                "rect",
                {
                    "class": "mh-trend__covid",
                    "x": percent(left),
                    "y": plot.top,
                    "width": percent(right - left),
                    "height": HEIGHT,
                },
            )
        )
        # At an end of the axis a label in the middle would run over the side.
        anchor, x = ("start", left) if left < 10 else ("end", right) if right > 90 else ("middle", (left + right) / 2)
        drawn.append(
            draw(
                "text",
                {"class": "mh-chart__label--quiet", "x": percent(x), "y": plot.top - 6, "text-anchor": anchor},
                "COVID-19",
            )
        )
    return join(*drawn)
