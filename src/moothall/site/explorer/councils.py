"""The table of every council in one metric and period, with its bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from moothall.charts.bars import Bar, draw_bars, find_scale
from moothall.charts.scales import Scale
from moothall.charts.svg import Svg
from moothall.core.areas import AreaClass
from moothall.core.values import Lever, Marker, Polarity, format_value
from moothall.release.records import FigureRecord, MetricRecord
from moothall.site.addresses import trace_address
from moothall.site.explorer.comparisons import ClassComparison
from moothall.site.explorer.parts import Sorting, ValueGroup, ValueRow
from moothall.site.explorer.questions import MetricQuestion, list_sorts
from moothall.site.explorer.sentences import say_distance
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.names import capitalise

# What need not be said in every row: the publisher's ordinary way of bringing figures out.
_UNREMARKABLE = {Marker.PROVISIONAL, Marker.REVISED}
KIND_LABELS = {each: capitalise(each.label.removesuffix(" council")) for each in AreaClass}
"""Kinds of council as a column headed by that word has them: "District", "London borough"."""
_CODE = "CODE"  # stands for an area's in an address that is written once for all rows


def list_sorting(question: MetricQuestion) -> tuple[Sorting, ...]:
    """The headings that sort the table, as they stand."""
    is_descending = find_polarity(question.metric) is not Polarity.LOWER
    orders = {"name": "ascending", "value": "descending" if is_descending else "ascending"}
    sorts = list_sorts(question.metric)
    return tuple(
        Sorting(
            title={"name": "Council", "value": "Value"}[each],
            address=question.address(sort=None if each == sorts[0] else each) + "#table",
            order=orders[each] if question.sort == each else "none",
        )
        for each in sorted(sorts)
    )


def list_groups(
    question: MetricQuestion, groups: Sequence[ClassComparison], regions: Mapping[str, str]
) -> tuple[tuple[ValueGroup, ...], str]:
    """The rows of the table, and how their bars are to be read.

    By value each group of councils stands by itself, with its median among its rows.
    Within a group: those compared with one another, better first where one direction is better, else highest first;
    then values on another basis, then absent ones. By name everyone is in one list. `regions` has the region of each
    council by its code.
    """
    metric = question.metric
    places = {area.code: place for place, area in enumerate(question.marked)}
    bars = [
        [
            Bar(each.value, each.lower, each.upper, places.get(each.area), each.is_compared)
            for each in group.figures
        ]
        for group in groups
    ]  # fmt: skip
    # Councils of different kinds that are not to be compared would only make each other's bars short.
    is_apart = len(groups) > 1 and metric.comparable_within == "class" and question.sort == "value"
    drawn = bars if is_apart else [[bar for row in bars for bar in row]] * len(groups)
    scales = [find_scale(each) if metric.unit.is_amount else None for each in drawn]
    made = [
        list(zip(group.figures, _make_rows(metric, group, each, scale, places, regions), strict=True))
        for group, each, scale in zip(groups, bars, scales, strict=True)
    ]
    about_bars = _say_bars(bars, scales, is_apart)
    if question.sort == "name":
        together = sorted((pair for pairs in made for pair in pairs), key=lambda pair: _by_name(pair[0]))
        rows = tuple(row for _, row in together)
        return (ValueGroup(title="", rows=rows),) if rows else (), about_bars
    sign = 1 if find_polarity(metric) is Polarity.LOWER else -1

    def by_value(pair: tuple[FigureRecord, ValueRow]) -> tuple[bool, bool, float, str]:
        figure = pair[0]
        return figure.value is None, not figure.is_compared, sign * (figure.value or 0.0), _by_name(figure)

    listed = []
    for group, pairs, scale in zip(groups, made, scales, strict=True):
        pairs.sort(key=by_value)
        ordered = [row for _, row in pairs]
        middle = group.summary.median
        if middle is not None and scale is not None:
            before = sum(
                figure.value is not None and figure.is_compared and sign * figure.value <= sign * middle
                for figure, _ in pairs
            )
            ordered.insert(before, _make_median_row(metric, group, scale, middle))
        label = group.comparison.group
        if ordered:
            listed.append(ValueGroup(capitalise(label) if len(groups) > 1 else "", tuple(ordered)))
    return tuple(listed), about_bars


def _say_bars(bars: Sequence[Sequence[Bar]], scales: Sequence[Scale | None], is_apart: bool) -> str:
    """How the bars are to be read; empty where there are none."""
    drawn = [(scale, bar) for row, scale in zip(bars, scales, strict=True) if scale for bar in row]
    if not any(bar.value is not None for _, bar in drawn):
        return ""
    said = "Each bar starts at zero, and the dashed line is the median."
    if is_apart:
        said += " Each kind of council has a scale of its own."
    if any(bar.value is not None and scale.beyond(bar.value) for scale, bar in drawn):
        said += " A pointed bar is cut short, as its value is far from the others."
    return said


def show_rank(figure: FigureRecord) -> str:
    """The position as a table gives it, "7 of 32"; empty where there is none."""
    if figure.lever == Lever.CONTEXTUAL or figure.rank is None or figure.rank_of is None:
        return ""
    return f"{figure.rank} of {figure.rank_of}"


def _make_rows(
    metric: MetricRecord,
    group: ClassComparison,
    bars: Sequence[Bar],
    scale: Scale | None,
    places: dict[str, int],
    regions: Mapping[str, str],
) -> list[ValueRow]:
    figures = group.figures
    if not figures:
        return []
    before, after = trace_address(metric.key, _CODE, figures[0].period, figures[0].breakdown).split(_CODE)
    drawn = draw_bars(bars, scale, group.summary.median) if scale else [Svg()] * len(figures)
    return [
        ValueRow(
            code=figure.area,
            name=figure.area_name,
            class_label=KIND_LABELS[figure.area_class],
            region=regions[figure.area],
            text=figure.text,
            note=note_marker(figure),
            is_absent=figure.value is None,
            bar=bar,
            interval="" if figure.lower is None or figure.upper is None else " to ".join(
                format_value(bound, metric.unit, metric.places) for bound in (figure.lower, figure.upper)
            ),
            trace_address=f"{before}{figure.area}{after}",
            position=show_rank(figure),
            distance=say_distance(figure.mads_peers),
            is_selected=figure.area in places,
        )
        for figure, bar in zip(figures, drawn, strict=True)
    ]  # fmt: skip


def _make_median_row(metric: MetricRecord, group: ClassComparison, scale: Scale, median: float) -> ValueRow:
    return ValueRow(
        code="",
        name=f"Median of {group.comparison.group}",
        class_label="",
        region="",
        text=format_value(median, metric.unit, metric.places),
        note="",
        is_absent=False,
        bar=draw_bars([Bar(None)], scale, median)[0],
        interval="",
        trace_address="",
        position="",
        distance="",
        is_selected=False,
    )


def note_marker(figure: FigureRecord) -> str:
    """What qualifies a value that is shown, in a word or two."""
    if figure.value is None or figure.marker is None or figure.marker in _UNREMARKABLE:
        return ""
    return figure.marker.meaning.label


def _by_name(figure: FigureRecord) -> str:
    return figure.area_name.casefold()
