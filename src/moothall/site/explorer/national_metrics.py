"""One metric nationally: how its councils lie over time, by kind and region, and how far apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import ClassVar

from moothall.charts.axes import Span
from moothall.charts.boxes import Box, draw_box, find_box_scale
from moothall.charts.trend import Line, Point, Trend, draw_trend
from moothall.core.areas import REGIONS
from moothall.core.values import format_value
from moothall.release.national import MovementRecord, SpreadRecord
from moothall.release.queries import Release
from moothall.release.records import MetricRecord, UnknownKey
from moothall.site.addresses import api_national_address, metric_address, national_address
from moothall.site.explorer.asked import Redirected
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import AboutData, HistoryCell, HistoryRow, Link, OverTime
from moothall.site.explorer.parts_national import BoxRow, BoxTable, NationalScope
from moothall.site.explorer.provenance import tell_about_data
from moothall.site.explorer.takeaway import LISTS, Download, offer
from moothall.site.explorer.trends import list_spans
from moothall.site.narrative.ages import say_old
from moothall.site.narrative.caveats import say_direction
from moothall.site.narrative.names import capitalise
from moothall.site.narrative.national import (
    list_cautions,
    say_deprivation,
    say_gap,
    say_groups,
    say_middle_half,
    say_movement,
)

COLUMNS = ("Middle", "Lower quarter", "Upper quarter", "Lower tenth", "Upper tenth", "Councils with a figure")
_EMPTY = HistoryCell("", "", False)


@dataclass(frozen=True, slots=True)
class NationalMetricPage(Page):
    """One metric: the councils of England, or of each kind where only those of a kind are alike."""

    template: ClassVar[str] = "national_metric.html"
    section: ClassVar[str] = "national"
    metric: MetricRecord
    topic_link: Link
    direction: str
    old: str  # that the figures are old, in a sentence, or empty
    scopes: tuple[NationalScope, ...]
    columns: tuple[str, ...]
    boxes: tuple[BoxTable, ...]
    why_no_boxes: str  # why kinds and regions are not set beside one another, or empty
    cautions: tuple[str, ...]
    every_council: Link
    sources: tuple[AboutData, ...]
    download: Download


def make_national_metric(release: Release, topic: str, key: str) -> NationalMetricPage:
    """One metric of a topic.

    `UnknownKey` where there is none or councils are not compared in it; `Redirected` to its own topic or present key.
    """
    release.topic(topic)
    metric = release.metric(key)
    if (topic, key) != (metric.topic, metric.key):
        raise Redirected(national_address(metric.topic, metric.key), permanent=True)
    movements = release.national.movements(metric=metric.key)
    if not movements:
        raise UnknownKey("national picture of", metric.title)
    spreads = release.national.over_time(metric.key)
    period = next(each for each in release.periods(metric.key, movements[0].breakdown) if each.is_latest)
    boxes = _list_boxes(metric, release.national.beside(metric.key))
    return NationalMetricPage(
        release_id=release.record.id,
        metric=metric,
        topic_link=Link(metric.topic_title, national_address(metric.topic)),
        direction=say_direction(metric),
        old=say_old(period.label, period.end, release.built, old_after=metric.old_after),
        scopes=tuple(_show_scope(metric, each, spreads[each.scope], len(movements) == 1) for each in movements),
        columns=COLUMNS,
        boxes=boxes,
        why_no_boxes="" if boxes else "Only councils of a kind are alike in this, so regions are not set side by side.",
        cautions=list_cautions(metric),
        every_council=Link("Every council’s figure", metric_address(metric.key)),
        sources=tell_about_data(release, metric, [], period),
        download=offer("all of this", LISTS, partial(api_national_address, "", metric.key)),
    )


def _show_scope(
    metric: MetricRecord, movement: MovementRecord, spreads: Sequence[SpreadRecord], is_alone: bool
) -> NationalScope:
    latest = next(each for each in spreads if each.period.key == movement.period)
    return NationalScope(
        title=capitalise(movement.scope_label),
        anchor=movement.scope.replace("_", "-"),
        sentence=say_middle_half(metric, latest.summary, movement.period),
        movement=say_movement(metric, movement),
        over_time=_show_over_time(metric, movement, spreads),
        gap=say_gap(metric, movement),
        deprivation=say_deprivation(metric, movement),
    )


def _show_over_time(metric: MetricRecord, movement: MovementRecord, spreads: Sequence[SpreadRecord]) -> OverTime | None:
    """The middle, the middle half and the middle eight tenths in every period; none of one period alone."""
    if len(spreads) < 2:
        return None
    spans, reasons = list_spans(metric, [each.period.key for each in spreads])
    title = f"{metric.title}: {movement.scope_label}, {spans[0].period.label} to {spans[-1].period.label}"
    key = movement.scope.replace("_", "-")
    chart = draw_trend(
        Trend(
            key=f"trend-{key}",
            title=title,
            spans=spans,
            lines=(Line(f"Middle of {movement.scope_label}", tuple(_find_point(metric, each) for each in spreads)),),
            median=None,
            middle=tuple(_pair(each.summary.lower_quartile, each.summary.upper_quartile) for each in spreads),
            country=None,
            unit=metric.unit,
            outer=tuple(_pair(each.lower_tenth, each.upper_tenth) for each in spreads),
        )
    )
    return OverTime(
        sentence="",
        title=title,
        chart=chart,
        key=(),
        remarks=_list_remarks(spans, reasons) if chart else (),
        caption=title,
        columns=COLUMNS,
        rows=tuple(
            HistoryRow(
                span.period.label,
                _note(span),
                tuple(HistoryCell(text, "", False) for text in _list_cells(metric, each)),
            )
            for span, each in reversed(list(zip(spans, spreads, strict=True)))
        ),
        download=None,
    )


def _pair(lower: float | None, upper: float | None) -> tuple[float, float] | None:
    return None if lower is None or upper is None else (lower, upper)


def _find_point(metric: MetricRecord, spread: SpreadRecord) -> Point | None:
    median = spread.summary.median
    return None if median is None else Point(median, format_value(median, metric.unit, metric.places))


def _note(span: Span) -> str:
    return ", ".join(([f"break {span.letter}"] if span.letter else []) + (["COVID-19"] if span.is_covid else []))


def _list_remarks(spans: Sequence[Span], reasons: Sequence[str]) -> tuple[str, ...]:
    said = [
        "The line is the middle council. The darker band holds the middle half, the paler one eight in ten councils.",
        "Each period has every council with a figure then, so not always the same ones.",
        *reasons,
    ]
    if any(after.period.start.toordinal() - before.period.end.toordinal() > 1 for before, after in pairwise(spans)):
        said.append("Where a period is missing, nothing is drawn.")
    return tuple(said)


def _list_cells(metric: MetricRecord, spread: SpreadRecord) -> tuple[str, ...]:
    """The five values and how many councils have a figure, as shown."""
    summary = spread.summary
    values = (summary.median, summary.lower_quartile, summary.upper_quartile, spread.lower_tenth, spread.upper_tenth)
    shown = ("" if each is None else format_value(each, metric.unit, metric.places) for each in values)
    return (*shown, f"{summary.with_value:,} of {summary.eligible:,}")


def _list_boxes(metric: MetricRecord, spreads: Sequence[SpreadRecord]) -> tuple[BoxTable, ...]:
    """The classes and the regions, each below the other on one scale."""
    boxes = {each.summary.scope: box for each in spreads if (box := _make_box(each))}
    scale = find_box_scale(boxes.values())

    def show(title: str, groups: str, chosen: Sequence[SpreadRecord]) -> BoxTable:
        rows = []
        for each in chosen:
            *cells, with_figure = _list_cells(metric, each)
            box = boxes.get(each.summary.scope)
            drawn = draw_box(box, scale) if box else None
            rows.append(BoxRow(capitalise(_name(each)), drawn, tuple(cells) if box else (), with_figure))
        middles = [(_name(each), each.summary.median) for each in chosen if each.summary.median is not None]
        said = say_groups(metric, middles, groups, chosen[0].period.key) if len(middles) > 1 else ""
        return BoxTable(title, groups.split()[0], said, tuple(rows))

    classes = [each for each in spreads if each.summary.scope not in REGIONS]
    regions = [each for each in spreads if each.summary.scope in REGIONS]
    tables = (show("By kind of council", "kinds of council", classes), show("By region", "regions", regions))
    return tuple(table for table in tables if sum(row.box is not None for row in table.rows) > 1)


def _name(spread: SpreadRecord) -> str:
    return REGIONS.get(spread.summary.scope) or spread.summary.scope_label


def _make_box(spread: SpreadRecord) -> Box | None:
    summary = spread.summary
    five = (spread.lower_tenth, summary.lower_quartile, summary.median, summary.upper_quartile, spread.upper_tenth)
    known = [each for each in five if each is not None]
    return Box(*known) if len(known) == len(five) else None
