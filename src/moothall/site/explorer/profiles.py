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
from moothall.site.explorer.comparisons import compare_area, draw_row, is_total
from moothall.site.explorer.pages import AreaPage
from moothall.site.explorer.parts import AreaFigure, AreaTopic, AreaTotal, Fact, KeyEntry, Link, ServiceElsewhere
from moothall.site.explorer.sentences import (
    name_day,
    name_place,
    name_span,
    say_change,
    say_coverage,
    say_direction,
    say_figure,
    say_position,
    say_published,
)

_ALONE = {AreaClass.CITY_OF_LONDON, AreaClass.ISLES_OF_SCILLY}
_STRIP_HEIGHT = 56
_OLD = 3
"""Years after which a figure must not be taken for today's."""


def make_area(release: Release, area: AreaRecord, was: str) -> AreaPage:
    """One authority that stands; `was` is an old code that led here, or empty."""
    peers: Peers = "england" if area.area_class in _ALONE else "type"
    metrics = {metric.key: metric for metric in release.metrics()}
    figures = [figure for figure in release.area_figures(area.code, peers=peers) if figure.breakdown == "all"]
    run = [figure for figure in figures if figure.marker is not Marker.NOT_RESPONSIBLE]
    compared: dict[str, list[AreaFigure]] = defaultdict(list)
    totals: dict[str, list[AreaTotal]] = defaultdict(list)
    for figure in run:
        metric = metrics[figure.metric]
        if is_total(metric):
            totals[metric.topic].append(_show_total(release, area, metric, figure, peers))
        else:
            compared[metric.topic].append(_show_figure(release, area, metric, figure, peers))
    return AreaPage(
        release_id=release.record.id,
        area=area,
        lead=_say_lead(area),
        notice=f"The code {was} is an old one. {name_place(area.name)} has the code {area.code} now." if was else "",
        facts=_list_facts(release, area),
        compared_with=_say_compared_with(area),
        key=_make_key(area, peers),
        topics=tuple(
            AreaTopic(topic.title, topic.key, tuple(compared[topic.key]), tuple(totals[topic.key]))
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
    release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord, peers: Peers
) -> AreaFigure:
    compared = compare_area(release, metric, figure, area, peers)
    period = next((each for each in release.periods(metric.key, figure.breakdown) if each.key == figure.period), None)
    return AreaFigure(
        title=metric.title,
        metric_address=metric_address(metric.key, area=area.code, peers=peers),
        trace_address=trace_address(metric.key, area.code, figure.period, figure.breakdown),
        text=figure.text,
        is_absent=figure.value is None,
        sentence=say_figure(figure, metric, compared.comparison if compared else None),
        change=say_change(figure),
        position=say_position(figure, compared.comparison.label) if compared else "",
        direction=say_direction(metric),
        period=name_span(period.start, period.end) if period else figure.period_label,
        age=_name_age(parse_key(figure.period).end, release),
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
        age=_name_age(parse_key(figure.period).end, release),
    )


def _name_age(period_end: date, release: Release) -> str:
    """How old a figure is when the release is made, where that is three years or more: "8 years old"."""
    built = date.fromisoformat(release.record.built)
    years = built.year - period_end.year - ((built.month, built.day) < (period_end.month, period_end.day))
    return f"{years} years old" if years >= _OLD else ""


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
    return ""


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
    ):
        if code and name:
            facts.append(Fact(label, "", (Link(name, area_address(release.area(code))),)))
    members = _list_members(release, area)
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


def _list_members(release: Release, area: AreaRecord) -> tuple[Link, ...]:
    if area.area_class is AreaClass.COUNTY:
        members = [each for each in release.areas(area_class=AreaClass.DISTRICT) if each.county_code == area.code]
    elif area.area_class in {AreaClass.COMBINED_AUTHORITY, AreaClass.COMBINED_COUNTY_AUTHORITY}:
        members = [each for each in release.areas() if each.combined_authority_code == area.code]
    else:
        return ()
    return tuple(Link(each.name, area_address(each)) for each in members)


def _list_elsewhere(release: Release, area: AreaRecord, metrics: list[MetricRecord]) -> tuple[ServiceElsewhere, ...]:
    by_functions: dict[tuple[str, ...], list[MetricRecord]] = defaultdict(list)
    for metric in metrics:
        by_functions[tuple(function.title for function in metric.functions)].append(metric)
    entries = []
    for titles, members in by_functions.items():
        who, words = _find_who_runs(release, area, members[0])
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


def _find_who_runs(release: Release, area: AreaRecord, metric: MetricRecord) -> tuple[tuple[Link, ...], str]:
    runs = set(metric.applies_to)
    if area.area_class is AreaClass.DISTRICT and AreaClass.COUNTY in runs and area.county_code and area.county:
        return (Link(area.county, area_address(release.area(area.county_code))),), ""
    if area.area_class is AreaClass.COUNTY and AreaClass.DISTRICT in runs:
        return _list_members(release, area), ""
    if not area.is_principal:
        return (), f"the councils in the area of {name_place(area.name)}"
    parent = area.combined_authority_code
    if parent and release.area(parent).area_class in runs:
        return (Link(release.area(parent).name, area_address(release.area(parent))),), ""
    if AreaClass.WASTE_AUTHORITY in runs:
        return (), "a joint waste disposal authority"
    return (), "another authority"
