"""A council's report to print: who it is, what stands out, what might be asked, every topic, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence

from django.http import QueryDict

from moothall.charts.slim import draw_slim_sample
from moothall.core.values import Marker
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord
from moothall.site.addresses import area_address
from moothall.site.explorer.compared import list_models
from moothall.site.explorer.council_names import list_peers, name_within
from moothall.site.explorer.glances import is_compared
from moothall.site.explorer.own_lists import SAY_CALLED
from moothall.site.explorer.pages_report import ReportForm, ReportPage, ReportPublisher, ReportQuestion, ReportTopic
from moothall.site.explorer.parts import Choice, Fact, KeyEntry, Link, Missing, View
from moothall.site.explorer.profiles import list_missing, say_compared_with, say_lead
from moothall.site.explorer.reorganisation import list_announced, say_whole_ground
from moothall.site.explorer.report_questions import AUDIENCES, ReportQuery, read_report
from moothall.site.explorer.report_rows import make_topic
from moothall.site.explorer.scrutiny import ask_about, choose_matters, find_matters
from moothall.site.explorer.sentences import say_published
from moothall.site.explorer.standing import Judged, judge_together, say_chance
from moothall.site.explorer.three_things import find_apart, find_things
from moothall.site.narrative.caveats import DIFFERENT_KINDS
from moothall.site.narrative.comparators import has_other_kinds
from moothall.site.narrative.names import capitalise, count_words, name_day, name_place
from moothall.site.narrative.scrutiny import say_questions_looked_at

_STANDING = (
    ("better", "Better than the median"),
    ("similar", "Similar to the median"),
    ("worse", "Worse than the median"),
    ("alone", "Differ only when looked at alone"),
    ("far", "Very far from the median"),
)


def make_report(release: Release, area: AreaRecord, asked: QueryDict, *, is_pdf: bool = False) -> ReportPage:
    """A report on one authority that stands, as it was asked for."""
    query = read_report(release, area, asked, is_pdf=is_pdf)
    figures = [
        figure
        for figure in release.area_figures(area.code, peers=query.peers)
        if figure.breakdown == "all" and (query.topic is None or release.metric(figure.metric).topic == query.topic.key)
    ]
    run = [figure for figure in figures if figure.marker is not Marker.NOT_RESPONSIBLE]
    together = judge_together(release, area, run if is_compared(area) else ())
    topics = _make_topics(release, query, run)
    things = find_things(release, area, run, together, query.peers) if area.is_principal else None
    told = {each.trace_address for each in things.entries} if things else set()
    questions, looked_at = _ask(release, query, run, together, told)
    place = name_within(area)
    return ReportPage(
        release_id=release.record.id,
        area=area,
        place=place,
        title=f"{area.name}: a report {query.extent.readers}",
        subtitle=query.topic.title if query.topic else f"Every topic in which we have figures on {place}",
        lead=say_lead(release, area),
        announced=list_announced(release, area),
        facts=_list_facts(area),
        compared_with=_say_compared_with(query),
        comparators=_list_comparators(release, query),
        notes=_list_notes(release, query, run),
        things=things,
        in_short=tuple(
            Fact(label, f"{number:,}")
            for each, label in _STANDING
            if (number := sum(judged == each for judged in together.by_metric.values()))
        ),
        by_chance=say_chance(together),
        questions=questions,
        questions_looked_at=looked_at,
        key=_make_key(place) if any(row.strip for topic in topics for row in topic.rows) else (),
        median_of=query.label if is_compared(area) else "",
        topics=topics,
        missing=_shorten(
            list_missing(release, area, figures, query.topic.key if query.topic else None), query.extent.named
        ),
        publishers=_list_publishers(
            release, [row.anchor for topic in topics for row in topic.rows], lists_series=query.extent.lists_series
        ),
        built=name_day(release.built),
        form=_make_form(release, query),
        audiences=tuple(
            View(extent.label, query.readdress(each), each == query.audience) for each, extent in AUDIENCES.items()
        ),
        address=query.address(),
        canonical=query.generalise().address(),
        pdf_address=query.address(is_pdf=True),
        area_link=Link(name_place(area.name), area_address(area)),
    )


def _make_topics(release: Release, query: ReportQuery, figures: Iterable[FigureRecord]) -> tuple[ReportTopic, ...]:
    by_topic: dict[str, list[FigureRecord]] = defaultdict(list)
    for figure in figures:
        by_topic[release.metric(figure.metric).topic].append(figure)
    made = (make_topic(release, query, topic, by_topic[topic.key]) for topic in release.topics())
    return tuple(topic for topic in made if topic is not None)


def _ask(
    release: Release, query: ReportQuery, figures: Sequence[FigureRecord], together: Judged, told: Container[str]
) -> tuple[tuple[ReportQuestion, ...], str]:
    """The questions, and how many figures were looked at for them; of an authority that is no council none."""
    if not query.area.is_principal:
        return (), ""
    own = [figure for figure in figures if not figure.is_added_up]
    matters = find_matters(release, query.area, own, find_apart(release, own, together), query.peers)
    chosen = choose_matters(matters, query.extent.questions)
    by_metric = {figure.metric: figure for figure in own}
    asked = tuple(ask_about(release, query.area, matter, by_metric, query.peers, told) for matter in chosen)
    return asked, say_questions_looked_at(len(own), len(matters), len(asked))


def _list_facts(area: AreaRecord) -> tuple[Fact, ...]:
    facts = [Fact("Full name", area.official_name), Fact("Code", area.code)]
    if area.region:
        facts.append(Fact("Region", area.region))
    return tuple(facts)


def _say_compared_with(query: ReportQuery) -> str:
    if query.peers == query.usual or not is_compared(query.area):
        return say_compared_with(query.area, query.peers)
    called = f"{SAY_CALLED} " if query.name else ""
    return (
        f"{capitalise(name_within(query.area))} is compared with {query.label}. {called}"
        "The median is their middle value: half of them are above it and half below."
    )


def _list_comparators(release: Release, query: ReportQuery) -> tuple[Link, ...]:
    if not query.peers.leaves_out_itself or not is_compared(query.area):
        return ()
    codes = release.list_comparators(query.area.code, query.peers)
    return tuple(Link(name_place(each.name), area_address(each)) for each in map(release.area, codes))


def _list_notes(release: Release, query: ReportQuery, figures: Sequence[FigureRecord]) -> tuple[str, ...]:
    notes = [each for each in (say_whole_ground(query.area, figures),) if each]
    if is_compared(query.area) and has_other_kinds(release, query.area, query.peers):
        notes.append(DIFFERENT_KINDS)
    return tuple(notes)


def _make_key(place: str) -> tuple[KeyEntry, ...]:
    return (
        KeyEntry(draw_slim_sample(is_own=True), capitalise(place), "", "", ""),
        KeyEntry(draw_slim_sample(is_own=False), "those it is compared with", "", "", ""),
    )


def _shorten(missing: Sequence[Missing], most: int) -> tuple[Missing, ...]:
    """The same with a few figures of each reason, and how many more there are."""
    return tuple(
        Missing(f"{each.reason}: {count_words(len(each.figures), 'entry', 'entries')}", each.sentence,
                each.figures[:most])
        for each in missing
    )  # fmt: skip


def _list_publishers(release: Release, metrics: Sequence[str], *, lists_series: bool) -> tuple[ReportPublisher, ...]:
    """Whose figures the report has, by name, each source's newest edition with its title."""
    keys: dict[str, None] = {}
    waiting = list(metrics)
    while waiting:
        metric = release.metric(waiting.pop())
        if metric.source:
            keys[metric.source] = None
        waiting += [key for _, key in metric.inputs]
    sources = sorted((release.source(key) for key in keys), key=lambda each: each.title.casefold())
    by_publisher: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in sources:
        edition = f" ({say_published(each.editions[0])})" if each.editions else ""
        by_publisher[each.publisher, each.licence_label].append(f"{each.title}{edition}")
    if not lists_series:
        by_licence: dict[str, list[str]] = defaultdict(list)
        for name, licence in sorted(by_publisher):
            by_licence[licence].append(name)
        return tuple(ReportPublisher("; ".join(names), licence, ()) for licence, names in by_licence.items())
    return tuple(
        ReportPublisher(name, licence, tuple(series)) for (name, licence), series in sorted(by_publisher.items())
    )


def _make_form(release: Release, query: ReportQuery) -> ReportForm:
    area = query.area
    return ReportForm(
        audiences=tuple(Choice(key, each.label, key == query.audience) for key, each in AUDIENCES.items()),
        topics=tuple(Choice(each.key, each.title, each == query.topic) for each in release.topics()),
        peers=list_peers(release, area, query.peers, has_custom=bool(query.peers.group), own=capitalise(query.label))
        if area.is_principal
        else (),
        models=list_models(release, area, query.peers),
        group=query.peers.group,
        name=query.name,
    )
