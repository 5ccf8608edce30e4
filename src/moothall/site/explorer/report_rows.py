"""Report rows: the figures that a report has room for, each with its strip, its course over time and its words."""

from __future__ import annotations

from collections.abc import Sequence

from moothall.charts.slim import Moment, draw_course, draw_slim_strip
from moothall.charts.svg import Svg
from moothall.core.periods import end_of
from moothall.core.values import format_value
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord, MetricRecord, TopicRecord
from moothall.site.addresses import area_topic_address, metric_address, trace_address
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.councils import note_marker, show_rank
from moothall.site.explorer.glances import count_in_short, is_compared
from moothall.site.explorer.pages_report import ReportRow, ReportTopic
from moothall.site.explorer.parts import Link
from moothall.site.explorer.report_questions import ReportQuery
from moothall.site.explorer.selected import SelectedCouncils, place_councils
from moothall.site.explorer.standing import count_standing
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.comparators import find_comparison
from moothall.site.narrative.comparison import find_polarity, find_stand
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise, count_words, name_period

_DAYS = 365.25
_LONGEST = 12  # years that a course goes back


def make_topic(
    release: Release, query: ReportQuery, topic: TopicRecord, figures: Sequence[FigureRecord]
) -> ReportTopic | None:
    """One topic of a report; none where not one of its figures has a value."""
    held = [figure for figure in figures if figure.value is not None]
    if not held:
        return None
    shown = choose_figures(release, topic, figures, None if query.topic else query.extent.rows)
    left = len(figures) - len(shown)
    return ReportTopic(
        title=topic.title,
        anchor=topic.key,
        address=area_topic_address(query.area.code, topic.key),
        counted=count_in_short(count_standing(release, query.area, figures)) if is_compared(query.area) else "",
        rows=tuple(_make_row(release, query, figure) for figure in shown),
        more=Link(
            f"{capitalise(count_words(left, 'more figure', 'more figures'))} on this topic",
            area_topic_address(query.area.code, topic.key),
        )
        if left
        else None,
    )


def choose_figures(
    release: Release, topic: TopicRecord, figures: Sequence[FigureRecord], most: int | None
) -> list[FigureRecord]:
    """Those that the topic shows first, then those in which one direction is better, then the rest that are no totals.

    Without `most` all, totals too. One without a value is shown only where the topic shows it first.
    """
    if most is None:
        return list(figures)
    by_metric = {figure.metric: figure for figure in figures}
    first = [by_metric[key] for key in topic.headlines if key in by_metric]
    rest = [
        figure
        for figure in figures
        if figure.metric not in topic.headlines
        and figure.value is not None
        and not is_total(release.metric(figure.metric))
    ]
    rest.sort(key=lambda figure: not find_polarity(release.metric(figure.metric)).sign)
    return [*first, *rest][:most] or [figure for figure in figures if figure.value is not None][:most]


def _make_row(release: Release, query: ReportQuery, figure: FigureRecord) -> ReportRow:
    metric, area = release.metric(figure.metric), query.area
    beside = find_comparison(release, area, figure, query.peers)
    words: tuple[str, ...] = ()
    if query.tells_words_of(metric.key):
        told = narrate(release, figure, query.peers)
        words = (told.lead, told.comparison, told.trend, told.coverage, told.caveats, told.lever)
    has_median = is_compared(area) and not is_total(metric) and figure.median_peers is not None
    median = (
        format_value(figure.median_peers, metric.unit, metric.places)
        if has_median and figure.median_peers is not None
        else ""
    )
    strip = _draw_strip(release, query, metric, figure) if has_median else None
    course, course_words = _draw_course(release, area, metric, figure, query.peers if has_median else None)
    return ReportRow(
        title=capitalise(metric.short),
        anchor=metric.key,
        address=metric_address(
            metric.key, area=area.code, peers=None if query.peers == query.usual else query.peers.kind
        ),
        trace_address=trace_address(metric.key, area.code, figure.period),
        text=figure.text,
        is_absent=figure.value is None,
        note=note_marker(figure),
        standing=find_stand(figure, metric, beside).words if median and beside else "",
        median=median,
        position=show_rank(figure) if has_median else "",
        period=figure.period_label,
        age=tag_age(end_of(figure.period), release.built, metric.old_after),
        strip=strip[0] if strip else None,
        strip_words=strip[1] if strip else "",
        course=course,
        course_words=course_words,
        sentence=" ".join(each for each in words if each),
        not_tell=metric.not_tell if words else "",
    )


def _draw_strip(
    release: Release, query: ReportQuery, metric: MetricRecord, figure: FigureRecord
) -> tuple[Svg, str] | None:
    """The figure among its comparators, and the same in words; none where there is no spread to place it by."""
    selected = SelectedCouncils(query.area, (), query.peers)
    placed = place_councils(release, metric, figure.period, selected, {figure.area: figure})
    own = next((dot for dot in placed.dots if dot.key == figure.area), None) if placed else None
    if placed is None or own is None or placed.summary.median is None:
        return None
    others = [
        dot.mads
        for dot in placed.dots
        if dot.key != figure.area and (not placed.comparators or dot.key in placed.comparators)
    ]
    median = format_value(placed.summary.median, metric.unit, metric.places)
    side = "higher" if own.mads > 0 else "lower"
    where = "at" if not own.mads else f"{side} than"
    words = f"{own.text} is {where} the median of {placed.comparison.group}, {median}."
    return draw_slim_strip(own.mads, others, find_polarity(metric), words, own.ends), words


def _draw_course(
    release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord, peers: Comparators | None
) -> tuple[Svg | None, str]:
    """The figure's own course up to its period beside its comparators' median, and its two ends in words."""
    if not metric.unit.is_amount or figure.value is None:
        return None, ""
    history = release.history(metric.key, area.code, peers=peers) if peers else release.history(metric.key, area.code)
    until = end_of(figure.period)
    shown = [
        each
        for each in history
        if (until - end_of(each.period)).days <= _LONGEST * _DAYS and end_of(each.period) <= until
    ]
    breaks = {note.period for note in metric.period_notes if note.kind.is_break}
    held = [each for each in shown if each.value is not None and each.is_compared == figure.is_compared]
    if len(held) < 2:
        return None, ""
    keys = {each.period for each in held}
    moments = [
        Moment(
            end_of(each.period).toordinal() / _DAYS,
            each.value if each.period in keys else None,
            each.median_peers if peers else None,
            each.period not in breaks,
        )
        for each in shown
    ]
    first, last = (f"{each.text} in {name_period(each.period_label)}" for each in (held[0], held[-1]))
    words = f"{first}, {last}."
    return draw_course(moments, words), words
