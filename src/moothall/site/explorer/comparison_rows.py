"""Comparison rows: one metric for the councils selected, as a strip with its sentence and as a line of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from moothall.charts.strip import MOST_SELECTED, draw_comparator, draw_other, draw_shape
from moothall.core.periods import end_of
from moothall.core.values import Lever, Marker, Polarity, format_value
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord
from moothall.site.addresses import metric_address, trace_address
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.council_names import name_within
from moothall.site.explorer.parts import KeyEntry
from moothall.site.explorer.parts_comparison import ComparisonLine, ComparisonRow, MarkedValue
from moothall.site.explorer.profiles import tell_published
from moothall.site.explorer.responsible import find_runners, list_functions, say_runners
from moothall.site.explorer.selected import Placed, SelectedCouncils, draw_placed, list_tied, place_councils
from moothall.site.explorer.sentences import say_coverage
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.caveats import say_direction
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise, name_period, name_place, name_span

_MANY = 12  # rows that are read through without looking for one

Figures = Mapping[str, FigureRecord]
"""The figures of one metric, by the code of their council."""


def make_rows(
    release: Release, selected: SelectedCouncils, by_metric: Mapping[str, Figures]
) -> tuple[ComparisonRow, ...]:
    """A row for each metric that councils are alike in and one of them runs, with the councils that have a shape.

    Where there are many, those come first that have a better direction.
    """
    return _group(
        [
            _make_row(release, selected, metric, figures)
            for key, figures in by_metric.items()
            if not is_total(metric := release.metric(key)) and not is_all_elsewhere(figures)
        ]
    )


def _group(rows: Sequence[ComparisonRow]) -> tuple[ComparisonRow, ...]:
    """Many rows with those first that have a better direction; a few, or rows all read alike, as they are."""
    if len(rows) <= _MANY or len({row.group for row in rows}) < 2:
        return tuple(replace(row, group="") for row in rows)
    return tuple(sorted(rows, key=lambda row: row.group, reverse=True))


def is_all_elsewhere(figures: Figures) -> bool:
    """Whether none of the councils is responsible for what the metric is about."""
    return all(figure.marker is Marker.NOT_RESPONSIBLE for figure in figures.values())


def make_line(release: Release, selected: SelectedCouncils, metric: MetricRecord, figures: Figures) -> ComparisonLine:
    """A metric as a line of the table, with the comparators' median unless it is an amount that grows with size."""
    shown = next(iter(figures.values()))
    first = figures.get(selected.area.code)
    median = first.median_peers if first and selected.area.is_principal and not is_total(metric) else None
    return ComparisonLine(
        title=metric.title,
        metric_address=_address(selected, metric),
        period=shown.period_label,
        age=tag_age(end_of(shown.period), release.built, metric.old_after),
        values=_list_values(release, selected, metric, figures, None),
        median="" if median is None else format_value(median, metric.unit, metric.places),
    )


def make_strip_key(selected: SelectedCouncils, label: str) -> tuple[KeyEntry, ...]:
    """What the small signs of the strips stand for; `label` is what the comparators are called."""
    if selected.peers.kind == "england":
        return (KeyEntry(draw_other(), "all other councils in England", "", "", ""),)
    return (
        KeyEntry(draw_comparator(), label, "", "", ""),
        KeyEntry(draw_other(), "other councils that can be compared", "", "", ""),
    )


def _address(selected: SelectedCouncils, metric: MetricRecord) -> str:
    """The metric's own page for the same councils and comparators."""
    peers = selected.peers
    is_group = peers.kind == "custom"
    return metric_address(
        metric.key,
        area=selected.area.code,
        peers=peers.kind,
        model=None if peers.is_stored or is_group else peers.model,
        others=peers.group if is_group else selected.codes[1:MOST_SELECTED],
    )


def _make_row(release: Release, selected: SelectedCouncils, metric: MetricRecord, figures: Figures) -> ComparisonRow:
    first = figures.get(selected.area.code)
    shown = next(iter(figures.values()))
    period = next(each for each in release.periods(metric.key) if each.key == shown.period)
    placed = place_councils(release, metric, shown.period, selected, figures)
    chart = draw_placed(metric, placed, selected, shown.period_label, f"strip-{metric.key}") if placed else None
    published = next((each for each in figures.values() if each.edition or each.known_on), shown)
    sentence, context = _say_first(release, selected, metric, shown, first, placed)
    return ComparisonRow(
        anchor=metric.key,
        title=metric.title,
        group="Neither direction is better" if find_polarity(metric) is Polarity.NONE else "One direction is better",
        metric_address=_address(selected, metric),
        sentence=sentence,
        context=context,
        chart=chart,
        values=_list_values(release, selected, metric, figures, placed.on_chart if placed and chart else None)[
            :MOST_SELECTED
        ],
        period=name_span(period.start, period.end),
        age=tag_age(period.end, release.built, metric.old_after),
        published=tell_published(release, published),
        direction="" if metric.lever is Lever.CONTEXTUAL else f"{say_direction(metric)}.",
        coverage=_say_partial(placed, metric),
        not_tell=metric.not_tell,
    )


def _say_partial(placed: Placed | None, metric: MetricRecord) -> str:
    """How many of the councils compared have a figure, where some have none."""
    if placed is None or not metric.unit.is_amount or placed.comparison.with_value == placed.comparison.eligible:
        return ""
    return f"{say_coverage(placed.comparison)} have a figure."


def _say_first(
    release: Release,
    selected: SelectedCouncils,
    metric: MetricRecord,
    shown: FigureRecord,
    first: FigureRecord | None,
    placed: Placed | None,
) -> tuple[str, str]:
    """What the row says of the first council at once, and what more there is to say."""
    if first is None:
        return f"{capitalise(name_within(selected.area))} did not exist in {name_period(shown.period_label)}.", ""
    told = narrate(release, first, selected.peers, list_tied(release, metric, placed, first))
    if first.marker is Marker.NOT_RESPONSIBLE:
        runners = say_runners(find_runners(release, selected.area, list_functions(metric)))
        return f"{told.lead} It is run by {runners}.", ""
    more = " ".join(each for each in (told.rank, told.trend, told.coverage, told.lever) if each)
    return " ".join(each for each in (told.lead, told.comparison, told.caveats) if each), more


def _list_values(
    release: Release,
    selected: SelectedCouncils,
    metric: MetricRecord,
    figures: Figures,
    on_chart: frozenset[str] | None,
) -> tuple[MarkedValue, ...]:
    """Each council's value, with its shape unless there is a chart and it is not on it."""
    return tuple(
        _show_value(release, metric, place, council, figures.get(council.code), on_chart)
        for place, council in enumerate(selected.councils)
    )


def _show_value(
    release: Release,
    metric: MetricRecord,
    place: int,
    council: AreaRecord,
    figure: FigureRecord | None,
    on_chart: frozenset[str] | None,
) -> MarkedValue:
    if figure is None:
        return MarkedValue(None, name_place(council.name), "did not exist then", True, "", "")
    note = ""
    if figure.marker is Marker.NOT_RESPONSIBLE:
        note = f"run by {say_runners(find_runners(release, council, list_functions(metric)))}"
    elif figure.marker is not None and figure.value is not None:
        note = figure.marker.meaning.label
    is_placed = figure.value is not None and (on_chart is None or council.code in on_chart)
    return MarkedValue(
        shape=draw_shape(place) if is_placed and place < MOST_SELECTED else None,
        name=name_place(council.name),
        text=figure.text,
        is_absent=figure.value is None,
        trace_address=trace_address(metric.key, council.code, figure.period),
        note=note,
    )
