"""The page of one topic for one council and up to five beside it: strips on a common axis, sentences and a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import QueryDict

from moothall.charts.strip import draw_shape
from moothall.core.areas import ALONE
from moothall.core.periods import end_of
from moothall.core.values import Marker
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord
from moothall.site.addresses import area_address, compare_address
from moothall.site.explorer.chains import show_chain
from moothall.site.explorer.compared import list_models, show_compared
from moothall.site.explorer.comparison_rows import is_all_elsewhere, make_line, make_rows, make_strip_key
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.council_names import list_peers, name_within
from moothall.site.explorer.glances import name_topic, place_topic
from moothall.site.explorer.pages import AreaTopicPage
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_comparison import CouncilsForm, MarkedCouncil
from moothall.site.explorer.questions import list_query
from moothall.site.explorer.reorganisation import say_whole_ground
from moothall.site.explorer.responsible import list_elsewhere
from moothall.site.explorer.standing import count_standing, say_standing
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.explorer.topic_questions import MOST_BESIDE, TopicQuestion, read_question
from moothall.site.narrative.ages import say_old
from moothall.site.narrative.caveats import DIFFERENT_KINDS
from moothall.site.narrative.comparators import has_other_kinds
from moothall.site.narrative.names import capitalise, name_place


def make_area_topic(release: Release, area: AreaRecord, topic_key: str, asked: QueryDict) -> AreaTopicPage:
    """One topic for the councils asked for: the figures that the download of the page has, and no others."""
    question = read_question(release, area, topic_key, asked)
    selection = Selection(area=question.codes, topic=(question.topic.key,), peers=question.peers)
    by_metric: dict[str, dict[str, FigureRecord]] = {}
    for figure in release.figures(selection):
        by_metric.setdefault(figure.metric, {})[figure.area] = figure
    metrics = [release.metric(key) for key in by_metric]
    rows = make_rows(release, question, by_metric)
    drawn = [make_line(release, question, metric, by_metric[metric.key]) for metric in metrics if not is_total(metric)]
    amounts = [make_line(release, question, metric, by_metric[metric.key]) for metric in metrics if is_total(metric)]
    if not rows and not question.others and all(map(is_all_elsewhere, by_metric.values())):
        drawn, amounts = [], []
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
        notes=_list_notes(release, question, metrics, own),
        chain=show_chain(release, question.topic, area, question.peers),
        form=_make_form(release, question),
        councils=_list_councils(question),
        compared_with=_say_compared_with(question),
        compared=show_compared(release, area, question.peers, question.readdress),
        rows=rows,
        strip_key=make_strip_key(question, question.label) if any(row.chart for row in rows) else (),
        lines=tuple(drawn),
        amounts=tuple(amounts),
        median_of=question.label if area.is_principal and any(each.median for each in drawn) else "",
        breakdowns=_say_breakdowns(metrics),
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
        compare_address=compare_address(question.codes, topic=question.topic.key, peers=question.peers),
        canonical=question.address(),
        download=offer_figures("these figures", query),
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
    release: Release, question: TopicQuestion, metrics: Sequence[MetricRecord], own: Sequence[FigureRecord]
) -> tuple[str, ...]:
    """What must be known before councils are compared."""
    together = say_whole_ground(question.area, own)
    notes = [together] if together and any(f.value is not None and not f.is_added_up for f in own) else []
    if not question.area.is_principal:
        return tuple(notes)
    is_across = question.area.area_class not in ALONE and has_other_kinds(release, question.area, question.peers)
    if (is_across or question.has_other_kinds) and any(metric.comparable_within == "class" for metric in metrics):
        notes.append(DIFFERENT_KINDS)
    return tuple(notes)


def _make_form(release: Release, question: TopicQuestion) -> CouncilsForm:
    area = question.area
    choices = release.areas(principal_only=True) if area.is_principal else release.areas(area_class=area.area_class)
    names = tuple(other.name for other in question.others)
    return CouncilsForm(
        others=names + ("",) * (MOST_BESIDE - len(names)),
        councils=tuple(each.name for each in choices if each.code != area.code),
        peers=list_peers(release, area, question.peers) if area.is_principal else (),
        models=list_models(release, area, question.peers),
        kept=() if question.others else question.peers.group,
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
    return (
        f"Every row has the same axis: the distance from the median of {question.label}. "
        "Each council’s own value stands beside its shape."
    )


def _say_breakdowns(metrics: Iterable[MetricRecord]) -> str:
    if not any(len(metric.breakdowns) > 1 for metric in metrics):
        return ""
    return "Figures here are for all together. The metric’s own page has breakdowns where the publisher gives them."
