"""By breakdown: a council's value in each breakdown of a metric beside the median of those it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.charts.bars import Bar, draw_bars, find_scale
from moothall.charts.scales import Scale
from moothall.charts.svg import Svg
from moothall.core.values import Marker, format_value, round_half_up
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import ALL, ENGLAND, FigureRecord, UnknownKey
from moothall.site.addresses import trace_address
from moothall.site.explorer.breakdowns import list_in_order, name_breakdown
from moothall.site.explorer.comparisons import is_total, label_comparators
from moothall.site.explorer.parts import Link
from moothall.site.explorer.questions import MetricQuestion, list_query
from moothall.site.explorer.takeaway import Download, offer_figures
from moothall.site.narrative.names import capitalise, count_words, join_words, name_period, name_within

_NO_BAR = Bar(None)


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """One breakdown: the council's value where one is chosen, and the median of the others."""

    link: Link  # to the page that shows it
    text: str
    trace_address: str
    is_absent: bool
    bar: Svg
    median: str  # empty where there is none
    is_shown: bool  # whether it is the one that the page is about


@dataclass(frozen=True, slots=True)
class ByBreakdown:
    """What the section says and shows."""

    sentence: str
    caption: str
    council: str  # the heading of its column, or empty where none is chosen
    about_bars: str  # how they are to be read; empty where there are none
    rows: tuple[BreakdownRow, ...]
    download: Download


def show_by_breakdown(release: Release, question: MetricQuestion) -> ByBreakdown | None:
    """Every breakdown of the period asked for; none where there is but one, or nothing to set it beside.

    Without a council the medians of England stand alone, where all of its councils can be compared.
    """
    metric, area = question.metric, question.area
    if len(metric.breakdowns) < 2:
        return None
    figures: dict[str, FigureRecord] = {}
    if area is not None:
        figures = _read_figures(release, question, area.code)
        medians = {breakdown: figure.median_peers for breakdown, figure in figures.items()}
        group = label_comparators(area, question.peers)
    elif question.peers.kind == ENGLAND and metric.unit.is_amount:
        medians = _read_medians(release, question)
        group = "councils in England"
    else:
        return None
    held = [each for each in list_in_order(metric.breakdowns) if each in medians]
    if len(held) < 2 or all(medians[each] is None and _is_empty(figures.get(each)) for each in held):
        return None
    # Beside all of them together the parts of a total could hardly be seen.
    parts = [each for each in held if not (each == ALL and is_total(metric))]
    bars = {each: _make_bar(figures.get(each), medians[each], has_council=area is not None) for each in parts}
    middles = {each: medians[each] for each in parts}
    scale = find_scale([*bars.values(), *(Bar(each) for each in middles.values())]) if metric.unit.is_amount else None
    period = question.period
    council = name_within(area.name) if area else ""
    return ByBreakdown(
        sentence=_say_sides(question, figures, group) if area else
        f"For {name_period(period.label)}, the medians of {group}, one breakdown beside the other.",
        caption=f"{metric.title}, {period.label}: each breakdown beside the median of {group}",
        council=capitalise(council),
        about_bars=_say_bars(group, has_council=area is not None) if scale else "",
        rows=tuple(
            BreakdownRow(
                link=Link(capitalise(name_breakdown(each)), question.address(breakdown=each)),
                text=figures[each].text if each in figures else "",
                trace_address=trace_address(metric.key, area.code, period.key, each) if area else "",
                is_absent=_is_empty(figures.get(each)),
                bar=_draw(bars.get(each, _NO_BAR), scale, middles.get(each) if area else None),
                median=_format(question, medians[each]),
                is_shown=each == question.breakdown,
            )
            for each in held
        ),
        download=offer_figures(
            "each breakdown’s figure" if area else "every council’s figure of each breakdown",
            [
                ("metric", metric.key),
                ("period", period.key),
                *((("area", area.code),) if area else ()),
                *(("breakdown", each) for each in held),
                *list_query(question.peers),
            ],
        ),
    )  # fmt: skip


def _read_figures(release: Release, question: MetricQuestion, area: str) -> dict[str, FigureRecord]:
    """The council's figure of each breakdown that has the period, whether it has a value or not."""
    periods = (question.period.key,)
    selection = Selection((question.metric.key,), (area,), periods, breakdown=(), peers=question.peers)
    found = release.figures(selection)
    return {each.breakdown: each for each in found if each.marker is not Marker.NOT_RESPONSIBLE}


def _read_medians(release: Release, question: MetricQuestion) -> dict[str, float | None]:
    medians: dict[str, float | None] = {}
    for breakdown in question.metric.breakdowns:
        try:
            summary = release.summary(question.metric.key, question.period.key, breakdown=breakdown, scope=ENGLAND)
        except UnknownKey:
            continue
        medians[breakdown] = summary.median
    return medians


def _is_empty(figure: FigureRecord | None) -> bool:
    return figure is None or figure.value is None


def _make_bar(figure: FigureRecord | None, middle: float | None, *, has_council: bool) -> Bar:
    if not has_council:
        return Bar(middle)
    return Bar(figure.value, figure.lower, figure.upper, is_compared=figure.is_compared) if figure else Bar(None)


def _draw(bar: Bar, scale: Scale | None, middle: float | None) -> Svg:
    return draw_bars([bar], scale, middle)[0] if scale else Svg()


def _format(question: MetricQuestion, value: float | None) -> str:
    return "" if value is None else format_value(value, question.metric.unit, question.metric.places)


def _say_bars(group: str, *, has_council: bool) -> str:
    if has_council:
        return f"Each bar starts at zero, and the dashed line is the median of {group}."
    return f"Each bar is the median of {group} and starts at zero."


def _say_sides(question: MetricQuestion, figures: dict[str, FigureRecord], group: str) -> str:
    """In how many breakdowns the council's figure, as shown, is above the median and in how many below."""
    sides = {"above": 0, "below": 0, "at": 0}
    for each in figures.values():
        if each.breakdown == ALL or each.value is None or each.median_peers is None or not each.is_compared:
            continue
        value, middle = (round_half_up(number, each.places) for number in (each.value, each.median_peers))
        sides["above" if value > middle else "below" if value < middle else "at"] += 1
    period = name_period(question.period.label)
    place = name_within(question.area.name) if question.area else ""
    compared = sum(sides.values())
    if is_total(question.metric):
        said = f"{capitalise(place)} for {period}, part by part."
        return f"{said} These grow with the size of the area, so we do not call them higher or lower."
    if not compared or not question.metric.unit.is_amount:
        return f"{capitalise(place)} for {period}, one breakdown beside the other."
    found = [(side, many) for side, many in sides.items() if many]
    first, most = found[0]
    whose = "its neighbours" if question.peers.kind == "neighbours" else group
    said = f"For {period}, {place} is {first} the median of {whose} in"
    if len(found) == 1:
        said += f" all {compared} breakdowns" if most > 2 else " both breakdowns" if most == 2 else " the one breakdown"
        said += " that can be compared."
    else:
        parts = [_count(most), *(f"{side} it in {_count(many)}" for side, many in found[1:])]
        said += f" {join_words(parts)} of {compared} breakdowns."
    return f"{said} Whether a difference could be chance is not looked at here."


def _count(number: int) -> str:
    return count_words(number, "", "").strip()
