"""The page of one authority: its figures beside those of its class, and who runs what it does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from moothall.charts.strip import draw_other, draw_shape
from moothall.core.areas import AreaClass
from moothall.core.periods import parse_key
from moothall.core.values import Marker
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord, Peers
from moothall.site.addresses import api_figures_address, area_address, metric_address, trace_address
from moothall.site.explorer.areas import PROPER, say_class
from moothall.site.explorer.comparisons import ClassComparison, compare_area, draw_row, is_total
from moothall.site.explorer.pages import AreaPage
from moothall.site.explorer.parts import (
    AreaFigure,
    AreaTopic,
    AreaTotal,
    Fact,
    InShort,
    KeyEntry,
    Link,
    ServiceElsewhere,
)
from moothall.site.explorer.responsible import find_who_runs, list_members
from moothall.site.explorer.sentences import (
    Judgement,
    count_words,
    judge,
    name_day,
    name_place,
    name_span,
    say_change,
    say_coverage,
    say_direction,
    say_figure,
    say_old,
    say_position,
    say_published,
    tag_age,
)

_ALONE = {AreaClass.CITY_OF_LONDON, AreaClass.ISLES_OF_SCILLY}
_STRIP_HEIGHT = 56
_IN_SHORT: dict[Judgement, str] = {
    "better": "Better than the median",
    "similar": "Similar to the median",
    "worse": "Worse than the median",
    "far": "Very far from the median",
}


def make_area(release: Release, area: AreaRecord, was: str) -> AreaPage:
    """One authority that stands; `was` is an old code that led here, or empty."""
    peers: Peers = "england" if area.area_class in _ALONE else "type"
    metrics = {metric.key: metric for metric in release.metrics()}
    figures = [figure for figure in release.area_figures(area.code, peers=peers) if figure.breakdown == "all"]
    run = [figure for figure in figures if figure.marker is not Marker.NOT_RESPONSIBLE]
    compared: dict[str, list[AreaFigure]] = defaultdict(list)
    totals: dict[str, list[AreaTotal]] = defaultdict(list)
    newest: dict[str, str] = {}
    judged: dict[Judgement, list[Link]] = defaultdict(list)
    for figure in run:
        metric = metrics[figure.metric]
        newest[metric.topic] = max(newest.get(metric.topic, figure.period), figure.period, key=_end)
        if is_total(metric):
            totals[metric.topic].append(_show_total(release, area, metric, figure, peers))
            continue
        among = compare_area(release, metric, figure, area, peers)
        shown = _show_figure(release, area, metric, figure, peers, among)
        compared[metric.topic].append(shown)
        if figure.value is not None:
            said = f"{metric.short}: {figure.text} ({figure.period_label})"
            judged[judge(figure, metric, among.comparison if among else None)].append(
                Link(said[0].upper() + said[1:], f"#{shown.anchor}")
            )
    return AreaPage(
        release_id=release.record.id,
        area=area,
        lead=_say_lead(area),
        notice=f"The code {was} is an old one. {name_place(area.name)} has the code {area.code} now." if was else "",
        facts=_list_facts(release, area),
        compared_with=_say_compared_with(area),
        in_short=_list_in_short(area, judged),
        without_direction=_say_without_direction(judged),
        key=_make_key(area, peers) if any(each.chart for topic in compared.values() for each in topic) else (),
        topics=tuple(
            AreaTopic(
                topic.title,
                topic.key,
                say_old(parse_key(newest[topic.key]).label, _end(newest[topic.key]), _built(release)),
                tuple(compared[topic.key]),
                tuple(totals[topic.key]),
            )
            for topic in release.topics()
            if compared[topic.key] or totals[topic.key]
        ),
        elsewhere=_list_elsewhere(
            release, area, [metrics[f.metric] for f in figures if f.marker is Marker.NOT_RESPONSIBLE]
        ),
        too_new=_list_too_new(area, metrics.values(), {figure.metric for figure in figures}),
        json_address=api_figures_address([("area", area.code), ("peers", peers)]),
        csv_address=api_figures_address([("area", area.code), ("peers", peers), ("format", "csv")]),
    )


def _show_figure(
    release: Release,
    area: AreaRecord,
    metric: MetricRecord,
    figure: FigureRecord,
    peers: Peers,
    compared: ClassComparison | None,
) -> AreaFigure:
    period = next((each for each in release.periods(metric.key, figure.breakdown) if each.key == figure.period), None)
    return AreaFigure(
        anchor=f"metric-{metric.key}",
        title=metric.title,
        metric_address=metric_address(metric.key, area=area.code, peers=peers),
        trace_address=trace_address(metric.key, area.code, figure.period, figure.breakdown),
        text=figure.text,
        is_absent=figure.value is None,
        sentence=say_figure(figure, metric, compared.comparison if compared else None),
        change=say_change(figure),
        position=say_position(figure, compared.comparison.label, compared.figures) if compared else "",
        direction=say_direction(metric),
        period=name_span(period.start, period.end) if period else figure.period_label,
        age=tag_age(_end(figure.period), _built(release)),
        published=_say_published(release, figure),
        chart=draw_row(metric, compared, (area.code,), f"strip-{metric.key}", height=_STRIP_HEIGHT, is_named=False)
        if compared
        else None,
        coverage=f"{say_coverage(compared.comparison)} have a figure." if compared else "",
    )


def _say_published(release: Release, figure: FigureRecord) -> str:
    """The day of publication; of a figure from several files, the day by which all of them were public."""
    if figure.source and figure.edition:
        editions = release.source(figure.source).editions
        return say_published(next(each for each in editions if each.edition == figure.edition))
    return f"published by {name_day(figure.known_on)}" if figure.known_on else ""


def _show_total(
    release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord, peers: Peers
) -> AreaTotal:
    return AreaTotal(
        title=metric.title,
        metric_address=metric_address(metric.key, area=area.code, peers=peers),
        trace_address=trace_address(metric.key, area.code, figure.period, figure.breakdown),
        text=figure.text,
        is_absent=figure.value is None,
        period=figure.period_label,
        age=tag_age(_end(figure.period), _built(release)),
    )


def _list_in_short(area: AreaRecord, judged: dict[Judgement, list[Link]]) -> tuple[InShort, ...]:
    """The figures that have a better direction, by how they stand to the median; none without fair comparators."""
    if area.area_class in _ALONE:
        return ()
    return tuple(InShort(label, tuple(judged[each])) for each, label in _IN_SHORT.items() if judged.get(each))


def _say_without_direction(judged: dict[Judgement, list[Link]]) -> str:
    number = len(judged.get("", ()))
    if not number:
        return ""
    said = count_words(number, "other figure", "other figures")
    return f"{said[0].upper()}{said[1:]} below cannot be called better or worse."


def _end(period: str) -> date:
    return parse_key(period).end


def _built(release: Release) -> date:
    return date.fromisoformat(release.record.built)


def _say_lead(area: AreaRecord) -> str:
    place = name_place(area.name)
    if area.area_class in PROPER:
        return f"{area.official_name} is the only authority of its kind in England."
    where = "" if area.region in area.area_class.label else f" in {_name_region(area.region)}"
    lead = f"{place} is {say_class(area)}{where}."
    match area.area_class:
        case AreaClass.DISTRICT:
            return f"{lead} It runs some of the council services here."
        case AreaClass.COUNTY:
            return f"{lead} It runs some of the council services here, and its district councils run others."
        case AreaClass.UNITARY | AreaClass.LONDON_BOROUGH | AreaClass.METROPOLITAN:
            return f"{lead} It runs the services that elsewhere are split between a county and its districts."
        case _:
            return lead


def _name_region(region: str) -> str:
    return region if region in {"London", "Yorkshire and The Humber"} else f"the {region}"


def _say_compared_with(area: AreaRecord) -> str:
    if area.area_class in _ALONE:
        return (
            f"There is no other authority like {name_place(area.name)}, so its figures stand beside those of all "
            "councils in England that run the service. That is context, not a fair comparison."
        )
    if not area.is_principal:
        return ""
    return (
        f"{name_place(area.name)} is compared with other {area.area_class.plural}. "
        "The median is their middle value: half of them are above it and half below."
    )


def _make_key(area: AreaRecord, peers: Peers) -> tuple[KeyEntry, ...]:
    others = "other councils in England" if peers == "england" else f"other {area.area_class.plural}"
    return (
        KeyEntry(shape=draw_shape(0), name=name_place(area.name), address="", text="", position=""),
        KeyEntry(shape=draw_other(), name=others, address="", text="", position=""),
    )


def _list_facts(release: Release, area: AreaRecord) -> tuple[Fact, ...]:
    facts = [Fact("Full name", area.official_name), Fact("Code", area.code), Fact("Region", area.region)]
    for label, code, name in (
        ("County council", area.county_code, area.county),
        ("Combined authority", area.combined_authority_code, area.combined_authority),
        ("Waste disposal authority", area.waste_authority_code, area.waste_authority),
    ):
        if code and name:
            facts.append(Fact(label, "", (Link(name, area_address(release.area(code))),)))
    members = list_members(release, area)
    if members:
        label = "District councils" if area.area_class is AreaClass.COUNTY else "Councils in its area"
        facts.append(Fact(label, "", members))
    if area.opened:
        facts.append(Fact("Began", name_day(area.opened)))
    replaced = release.predecessors(area.code)
    if replaced:
        links = tuple(Link(each.predecessor.name, f"/areas/{each.predecessor.code}") for each in replaced)
        facts.append(Fact("Took the place of", "", links))
    return tuple(facts)


def _list_elsewhere(release: Release, area: AreaRecord, metrics: list[MetricRecord]) -> tuple[ServiceElsewhere, ...]:
    by_functions: dict[tuple[str, ...], list[MetricRecord]] = defaultdict(list)
    for metric in metrics:
        by_functions[tuple(function.title for function in metric.functions)].append(metric)
    entries = []
    for titles, members in by_functions.items():
        who, words = find_who_runs(release, area, members[0])
        services = " or ".join(titles)
        entries.append(ServiceElsewhere(services, who, words, tuple(metric.title for metric in members)))
    return tuple(entries)


def _list_too_new(area: AreaRecord, metrics: Iterable[MetricRecord], told: set[str]) -> tuple[str, ...]:
    """Which topics have only figures from before the authority existed, in sentences."""
    newest: dict[str, str] = {}
    for metric in metrics:
        if metric.key not in told and metric.latest_period is not None and area.area_class in metric.applies_to:
            newest[metric.topic_title] = max(newest.get(metric.topic_title, ""), parse_key(metric.latest_period).label)
    return tuple(
        f"{topic}: the newest figures here are about {label}, before {name_place(area.name)} began."
        for topic, label in newest.items()
    )
