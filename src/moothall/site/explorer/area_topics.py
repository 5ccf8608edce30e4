"""The page of one topic for one council and up to three beside it: strips on a common axis, sentences and a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.http import QueryDict

from moothall.charts.strip import draw_shape
from moothall.core.periods import end_of
from moothall.core.values import Lever, Marker, Polarity, format_value
from moothall.release.queries import Release, Selection
from moothall.release.records import (
    AreaRecord,
    FigureRecord,
    MetricRecord,
)
from moothall.site.addresses import (
    api_figures_address,
    area_address,
    metric_address,
    trace_address,
)
from moothall.site.explorer.chains import show_chain
from moothall.site.explorer.compared import list_models, show_compared
from moothall.site.explorer.comparisons import (
    ClassComparison,
    compare_area,
    compare_scope,
    draw_row,
    is_total,
    read_slice,
)
from moothall.site.explorer.council_names import list_peers, name_within
from moothall.site.explorer.glances import ALONE, name_topic, place_topic
from moothall.site.explorer.pages import AreaTopicPage
from moothall.site.explorer.parts import (
    ComparisonLine,
    ComparisonRow,
    CouncilsForm,
    Link,
    MarkedCouncil,
    MarkedValue,
)
from moothall.site.explorer.profiles import tell_published
from moothall.site.explorer.questions import list_query
from moothall.site.explorer.reorganisation import say_whole_ground
from moothall.site.explorer.responsible import find_runners, list_elsewhere, list_functions, say_runners
from moothall.site.explorer.sentences import say_coverage
from moothall.site.explorer.standing import count_standing, say_standing
from moothall.site.explorer.topic_questions import MOST_BESIDE, TopicQuestion, read_question
from moothall.site.narrative.ages import say_old, tag_age
from moothall.site.narrative.caveats import DIFFERENT_KINDS, say_direction
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise, join_words, name_period, name_place, name_span

_MANY = 12  # rows that are read through without looking for one
_STRIP_HEIGHT = 56


def make_area_topic(release: Release, area: AreaRecord, topic_key: str, asked: QueryDict) -> AreaTopicPage:
    """One topic for the councils asked for: the figures that the download of the page has, and no others."""
    question = read_question(release, area, topic_key, asked)
    selection = Selection(area=question.codes, topic=(question.topic.key,), peers=question.peers)
    by_metric: dict[str, dict[str, FigureRecord]] = {}
    for figure in release.figures(selection):
        by_metric.setdefault(figure.metric, {})[figure.area] = figure
    rows: list[ComparisonRow] = []
    lines: list[ComparisonLine] = []
    amounts: list[ComparisonLine] = []
    for key, figures in by_metric.items():
        metric = release.metric(key)
        if is_total(metric):
            amounts.append(_make_line(release, question, metric, figures, has_median=False))
            continue
        lines.append(_make_line(release, question, metric, figures, has_median=True))
        if not _is_all_elsewhere([figures]):
            rows.append(_make_row(release, question, metric, figures))
    if not rows and not question.others and _is_all_elsewhere(by_metric.values()):
        lines, amounts = [], []
    own = [figures[area.code] for figures in by_metric.values() if area.code in figures]
    shown = (figure for each in by_metric.values() for figure in each.values())
    newest = max(shown, key=lambda figure: end_of(figure.period), default=None)
    query = [*(("area", code) for code in question.codes), ("topic", question.topic.key), *list_query(question.peers)]
    return AreaTopicPage(
        release_id=release.record.id,
        area=area,
        topic=question.topic,
        heading=f"{question.topic.title} {place_topic(area)}",
        summary=_say_summary(release, question, own, any(by_metric)),
        old=say_old(
            newest.period_label,
            end_of(newest.period),
            release.built,
            old_after=release.metric(newest.metric).old_after,
        )
        if newest
        else "",
        notes=_list_notes(question, [release.metric(key) for key in by_metric], own),
        chain=show_chain(release, question.topic, area, question.peers),
        form=_make_form(release, question),
        councils=_list_councils(question),
        compared_with=_say_compared_with(question),
        compared=show_compared(release, area, question.peers, question.readdress),
        rows=tuple(_group(rows)),
        has_charts=any(row.chart for row in rows),
        lines=tuple(lines),
        amounts=tuple(amounts),
        median_of=question.label if area.is_principal and any(each.median for each in lines) else "",
        breakdowns=_say_breakdowns(release.metric(key) for key in by_metric),
        elsewhere=list_elsewhere(
            release,
            area,
            [release.metric(figure.metric) for figure in own if figure.marker is Marker.NOT_RESPONSIBLE],
            question.topic.key,
        ),
        other_topics=tuple(
            Link(topic.title, question.address(topic=topic.key))
            for topic in release.topics()
            if topic.key != question.topic.key
        ),
        canonical=question.address(),
        csv_address=api_figures_address([*query, ("format", "csv")]),
        json_address=api_figures_address(query),
    )


def _is_all_elsewhere(metrics: Iterable[Mapping[str, FigureRecord]]) -> bool:
    """Whether none of the councils is responsible for any of the metrics."""
    return all(figure.marker is Marker.NOT_RESPONSIBLE for figures in metrics for figure in figures.values())


def _make_row(
    release: Release, question: TopicQuestion, metric: MetricRecord, figures: Mapping[str, FigureRecord]
) -> ComparisonRow:
    first = figures.get(question.area.code)
    shown = next(iter(figures.values()))
    period = next(each for each in release.periods(metric.key) if each.key == shown.period)
    compared = _compare(release, question, metric, shown.period, first)
    chart = (
        draw_row(metric, compared, question.codes, f"strip-{metric.key}", height=_STRIP_HEIGHT, is_named=False)
        if compared
        else None
    )
    on_chart = {f.area for f in compared.figures if f.mads_peers is not None} if compared and chart else None
    published = next((each for each in figures.values() if each.edition or each.known_on), shown)
    return ComparisonRow(
        anchor=metric.key,
        title=metric.title,
        group="Neither direction is better" if find_polarity(metric) is Polarity.NONE else "One direction is better",
        metric_address=metric_address(
            metric.key, area=question.area.code, peers=question.peers.kind, others=question.codes[1:]
        ),
        sentence=_say_first(release, question, metric, shown, first, compared),
        chart=chart,
        values=_list_values(release, question, metric, figures, on_chart),
        period=name_span(period.start, period.end),
        age=tag_age(period.end, release.built, metric.old_after),
        published=tell_published(release, published),
        direction="" if metric.lever is Lever.CONTEXTUAL else f"{say_direction(metric)}.",
        coverage=f"{say_coverage(compared.comparison)} have a figure." if compared and metric.unit.is_amount else "",
        not_tell=metric.not_tell,
    )


def _group(rows: Sequence[ComparisonRow]) -> list[ComparisonRow]:
    """Many rows with those first that have a better direction; a few, or rows all read alike, as they are."""
    if len(rows) <= _MANY or len({row.group for row in rows}) < 2:
        return [replace(row, group="") for row in rows]
    return sorted(rows, key=lambda row: row.group, reverse=True)


def _compare(
    release: Release, question: TopicQuestion, metric: MetricRecord, period: str, first: FigureRecord | None
) -> ClassComparison | None:
    if not question.area.is_principal:
        return None
    england = read_slice(release, metric.key, period, "all", question.peers)
    if question.peers.leaves_out_itself:
        own = (release, metric, first, question.area, question.peers, england, question.codes) if first else None
        return compare_area(*own) if own else None
    mads = first.mads_peers if first else None
    return compare_scope(release, metric.key, period, "all", question.scope, england, mads)


def _say_first(
    release: Release,
    question: TopicQuestion,
    metric: MetricRecord,
    shown: FigureRecord,
    first: FigureRecord | None,
    compared: ClassComparison | None,
) -> str:
    """What the row says of the first council."""
    if first is None:
        return f"{capitalise(name_within(question.area))} did not exist in {name_period(shown.period_label)}."
    told = narrate(release, first, question.peers, compared.figures if compared else ())
    if first.marker is Marker.NOT_RESPONSIBLE:
        return f"{told.lead} It is run by {say_runners(find_runners(release, question.area, list_functions(metric)))}."
    return f"{told.headline} {told.context}".strip()


def _list_values(
    release: Release,
    question: TopicQuestion,
    metric: MetricRecord,
    figures: Mapping[str, FigureRecord],
    on_chart: set[str] | None,
) -> tuple[MarkedValue, ...]:
    """Each council's value, with its shape unless there is a chart and it is not on it."""
    return tuple(
        _show_value(release, metric, place, council, figures.get(council.code), on_chart)
        for place, council in enumerate(question.councils)
    )


def _show_value(
    release: Release,
    metric: MetricRecord,
    place: int,
    council: AreaRecord,
    figure: FigureRecord | None,
    on_chart: set[str] | None,
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
        shape=draw_shape(place) if is_placed else None,
        name=name_place(council.name),
        text=figure.text,
        is_absent=figure.value is None,
        trace_address=trace_address(metric.key, council.code, figure.period),
        note=note,
    )


def _make_line(
    release: Release,
    question: TopicQuestion,
    metric: MetricRecord,
    figures: Mapping[str, FigureRecord],
    *,
    has_median: bool,
) -> ComparisonLine:
    shown = next(iter(figures.values()))
    first = figures.get(question.area.code)
    median = first.median_peers if first and has_median and question.area.is_principal else None
    return ComparisonLine(
        title=metric.title,
        metric_address=metric_address(
            metric.key, area=question.area.code, peers=question.peers.kind, others=question.codes[1:]
        ),
        period=shown.period_label,
        age=tag_age(end_of(shown.period), release.built, metric.old_after),
        values=_list_values(release, question, metric, figures, None),
        median="" if median is None else format_value(median, metric.unit, metric.places),
    )


def _say_summary(release: Release, question: TopicQuestion, own: Sequence[FigureRecord], has_figures: bool) -> str:
    """How the first council's figures stand, counted."""
    place = name_within(question.area)
    topic = name_topic(question.topic)
    if not has_figures:
        return f"This release has no figures on {topic} from the time since {place} began."
    if not own:
        return f"The newest figures on {topic} are from before {place} began."
    standing = count_standing(release, question.area, own)
    together = say_whole_ground(question.area, own)
    if together and not standing.with_value:
        return together
    if not standing.with_value and not standing.absent:
        return f"{capitalise(place)} is not responsible for these services."
    if not standing.with_value:
        return f"There are no figures on {topic} for {place}."
    if not question.area.is_principal:
        return ""
    if question.area.area_class in ALONE:
        return f"There is no other authority like {place}: this is context, not a fair comparison."
    return say_standing(standing, question.label)


def _list_notes(
    question: TopicQuestion, metrics: Sequence[MetricRecord], own: Sequence[FigureRecord]
) -> tuple[str, ...]:
    """What must be known before councils are compared."""
    together = say_whole_ground(question.area, own)
    notes = [together] if together and any(f.value is not None and not f.is_added_up for f in own) else []
    if not question.area.is_principal:
        return tuple(notes)
    if (
        question.area.area_class not in ALONE
        and question.peers.kind in {"england", "region"}
        and any(metric.comparable_within == "class" for metric in metrics)
    ):
        notes.append(DIFFERENT_KINDS)
    outside = [name_within(other) for other in question.others if not question.is_among(other)]
    if outside:
        verb = "is" if len(outside) == 1 else "are"
        notes.append(
            f"{capitalise(join_words(outside))} {verb} not among the {question.label}, "
            "so not on the charts. Compare with all councils in England to see every council there."
        )
    return tuple(notes)


def _make_form(release: Release, question: TopicQuestion) -> CouncilsForm:
    area = question.area
    choices = release.areas(principal_only=True) if area.is_principal else release.areas(area_class=area.area_class)
    names = tuple(other.name for other in question.others)
    return CouncilsForm(
        others=names + ("",) * (MOST_BESIDE - len(names)),
        councils=tuple(each.name for each in choices if each.code != area.code),
        peers=list_peers(release, area, question.peers, has_custom=False) if area.is_principal else (),
        models=list_models(release, area, question.peers),
    )


def _list_councils(question: TopicQuestion) -> tuple[MarkedCouncil, ...]:
    return tuple(
        MarkedCouncil(
            shape=draw_shape(place),
            name=name_place(council.name),
            address=area_address(council),
            without=question.address(without=council) if place else "",
        )
        for place, council in enumerate(question.councils)
    )


def _say_compared_with(question: TopicQuestion) -> str:
    if not question.area.is_principal:
        return ""
    return f"Each chart places councils by their distance from the median of {question.label}."


def _say_breakdowns(metrics: Iterable[MetricRecord]) -> str:
    if not any(len(metric.breakdowns) > 1 for metric in metrics):
        return ""
    return "Figures here are for all together. The metric’s own page has breakdowns where the publisher gives them."
