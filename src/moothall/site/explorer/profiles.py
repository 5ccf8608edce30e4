"""The page of one authority: what it is, what its figures come to, what is missing and who runs what it does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from moothall.charts.strip import draw_other, draw_shape
from moothall.core.areas import AreaClass
from moothall.core.periods import end_of, parse_key
from moothall.core.values import Marker, Polarity
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord, MetricRecord, TopicRecord
from moothall.site.addresses import (
    area_address,
    area_topic_address,
    metric_address,
    topic_address,
    trace_address,
)
from moothall.site.explorer.areas import PROPER, say_class
from moothall.site.explorer.compared import link_why
from moothall.site.explorer.comparisons import (
    choose_comparators,
    compare_area,
    draw_row,
    is_total,
    label_comparators,
)
from moothall.site.explorer.council_names import name_within
from moothall.site.explorer.excellence import list_of_area, say_looked_at
from moothall.site.explorer.pages import AreaPage
from moothall.site.explorer.parts import AreaFigure, AreaTopic, Fact, InShort, KeyEntry, Link, Missing
from moothall.site.explorer.reorganisation import list_announced, say_whole_ground
from moothall.site.explorer.responsible import find_members, list_elsewhere
from moothall.site.explorer.sentences import say_published
from moothall.site.explorer.standing import Judged, count_standing, judge_together, say_chance, say_standing
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.narrative.ages import say_old, tag_age
from moothall.site.narrative.caveats import say_direction
from moothall.site.narrative.comparison import find_polarity
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise, count_words, name_day, name_place

ALONE = {AreaClass.CITY_OF_LONDON, AreaClass.ISLES_OF_SCILLY}
"""Kinds of council of which there is one, so that nobody is fairly compared with it."""

MOST_LISTED = 8
"""How many figures that have something in common a page lists before it closes the list."""

MOST_INSTEAD = 3
"""How many figures of a topic a page shows of an authority that has none of those the topic shows first."""

_STRIP_HEIGHT = 56
_IN_SHORT: dict[str, str] = {
    "better": "Better than the median",
    "similar": "Similar to the median",
    "worse": "Worse than the median",
    "alone": "Differ only when looked at alone",
    "far": "Very far from the median",
}


def make_area(release: Release, area: AreaRecord, was: str) -> AreaPage:
    """One authority that stands; `was` is an old code that led here, or empty."""
    peers = choose_comparators(release, area)
    figures = [f for f in release.area_figures(area.code, peers=peers) if f.breakdown == "all"]
    by_topic: dict[str, list[FigureRecord]] = defaultdict(list)
    for figure in figures:
        if figure.marker is not Marker.NOT_RESPONSIBLE:
            by_topic[release.metric(figure.metric).topic].append(figure)
    topics = tuple(
        _show_topic(release, area, topic, by_topic[topic.key])
        for topic in release.topics()
        if any(figure.value is not None for figure in by_topic[topic.key])
    )
    not_run = [release.metric(f.metric) for f in figures if f.marker is Marker.NOT_RESPONSIBLE]
    shown = [figure for topic in by_topic.values() for figure in topic]
    together = judge_together(release, area, shown if is_compared(area) else ())
    judged = _link_judged(release, area, shown, together)
    return AreaPage(
        release_id=release.record.id,
        area=area,
        place=name_within(area),
        lead=_say_lead(release, area),
        other_tier=_name_other_tier(release, area),
        notice=f"The code {was} is an old one. {capitalise(name_within(area))} has the code {area.code} now."
        if was
        else "",
        announced=list_announced(release, area),
        added_up=say_whole_ground(area, shown),
        facts=_list_facts(release, area),
        compared_with=_say_compared_with(area, peers),
        why_compared=link_why(area, peers) if peers.kind == "neighbours" else None,
        in_short=tuple(_shorten(release, label, judged[each]) for each, label in _IN_SHORT.items() if judged.get(each)),
        exemplars=list_of_area(release, area),
        looked_at=say_looked_at(release.exemplar_trust),
        by_chance=say_chance(together),
        without_direction=_say_without_direction(judged),
        key=_make_key(area, peers) if any(each.chart for topic in topics for each in topic.figures) else (),
        topics=topics,
        missing=_list_missing(release, area, figures),
        elsewhere=list_elsewhere(release, area, not_run),
        download=offer_figures(f"all figures of {name_within(area)}", [("area", area.code), ("peers", peers.kind)]),
    )


def is_compared(area: AreaRecord) -> bool:
    """Whether there are others of its kind that an authority is fairly compared with."""
    return area.is_principal and area.area_class not in ALONE


def _show_topic(release: Release, area: AreaRecord, topic: TopicRecord, figures: Sequence[FigureRecord]) -> AreaTopic:
    held = {figure.metric: figure for figure in figures if figure.value is not None}
    standing = count_standing(release, area, figures)
    is_told = is_compared(area) and not (standing.judged.keys() - {""})
    newest = max(held.values(), key=lambda figure: end_of(figure.period))
    # A combined authority may have none of those shown first of a council.
    first = [key for key in topic.headlines if key in held] or list(held)[:MOST_INSTEAD]
    return AreaTopic(
        title=topic.title,
        anchor=topic.key,
        address=area_topic_address(area.code, topic.key),
        summary=say_standing(standing, label_comparators(area, choose_comparators(release, area)))
        if is_compared(area)
        else "",
        old=say_old(
            newest.period_label,
            end_of(newest.period),
            release.built,
            old_after=release.metric(newest.metric).old_after,
        ),
        figures=tuple(_show_figure(release, area, release.metric(key), held[key], is_told) for key in first),
        all_figures=_say_all(topic, area, len(held)),
    )


def _say_all(topic: TopicRecord, area: AreaRecord, number: int) -> str:
    many = "The figure" if number == 1 else "Both figures" if number == 2 else f"All {number} figures"
    return f"{many} on {name_topic(topic)} {place_topic(area)}"


def name_topic(topic: TopicRecord) -> str:
    """A topic's title inside a sentence: "waste and recycling"."""
    return topic.title[0].lower() + topic.title[1:]


def place_topic(area: AreaRecord) -> str:
    """Where, or for whom, figures are: "in Croydon", "for Greater Manchester"."""
    return f"{'in' if area.is_principal else 'for'} {name_within(area)}"


def _show_figure(
    release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord, is_told: bool
) -> AreaFigure:
    """One of the figures shown first; `is_told` where the topic's summary says that no direction is better."""
    is_fair = is_compared(area) and not is_total(metric) and not figure.is_added_up
    peers = choose_comparators(release, area)
    compared = compare_area(release, metric, figure, area, peers) if is_fair else None
    told = narrate(release, figure, peers, compared.figures if compared else ())
    return AreaFigure(
        title=capitalise(metric.short),
        metric_address=metric_address(metric.key, area=area.code, peers=peers.kind if compared else None),
        trace_address=trace_address(metric.key, area.code, figure.period),
        text=figure.text,
        sentence=told.brief,
        note=_say_note(metric, compared is not None, is_told),
        age=tag_age(end_of(figure.period), release.built, metric.old_after),
        chart=draw_row(metric, compared, (area.code,), f"strip-{metric.key}", height=_STRIP_HEIGHT, is_named=False)
        if compared
        else None,
    )


def _say_note(metric: MetricRecord, is_compared: bool, is_told: bool) -> str:
    """How to read the figure, where neither the axis of its chart nor the topic's summary says so."""
    if is_told or is_total(metric) or (is_compared and find_polarity(metric) is not Polarity.NONE):
        return ""
    return f"{say_direction(metric)}."


def tell_published(release: Release, figure: FigureRecord) -> str:
    """The day of publication; of a figure from several files, the day by which all of them were public."""
    if figure.source and figure.edition:
        editions = release.source(figure.source).editions
        return say_published(next(each for each in editions if each.edition == figure.edition))
    return f"published by {name_day(figure.known_on)}" if figure.known_on else ""


def _link_judged(
    release: Release, area: AreaRecord, figures: Iterable[FigureRecord], together: Judged
) -> dict[str, list[tuple[str, Link]]]:
    """Figures with a value by how they stand to their median: each one's metric, and its place on its topic's page."""
    judged: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for figure in figures:
        if figure.metric not in together.by_metric:
            continue
        metric = release.metric(figure.metric)
        age = tag_age(end_of(figure.period), release.built, metric.old_after)
        said = f"{metric.short}: {figure.text} ({figure.period_label}{', ' + age if age else ''})"
        address = f"{area_topic_address(area.code, metric.topic)}#{metric.key}"
        judged[together.by_metric[figure.metric]].append((metric.key, Link(capitalise(said), address)))
    return judged


def _shorten(release: Release, label: str, judged: Sequence[tuple[str, Link]]) -> InShort:
    """Figures that stand alike: where there are many, first those that their topics show first, the rest behind."""
    first = {key for topic in release.topics() for key in topic.headlines} if len(judged) > MOST_LISTED else None
    return InShort(
        label=label,
        count=count_words(len(judged), "figure", "figures"),
        figures=tuple(link for key, link in judged if first is None or key in first),
        others=tuple(link for key, link in judged if first is not None and key not in first),
    )


def _say_without_direction(judged: Mapping[str, list[tuple[str, Link]]]) -> str:
    number = len(judged.get("", ()))
    if not number:
        return ""
    said = count_words(number, "other figure", "other figures")
    return f"{capitalise(said)} cannot be called better or worse."


def _list_missing(release: Release, area: AreaRecord, figures: Sequence[FigureRecord]) -> tuple[Missing, ...]:
    """Figures of services it runs that are absent, by the reason; last the topics that are older than it is."""
    by_marker: dict[Marker, list[Link]] = defaultdict(list)
    for figure in figures:
        if figure.value is None and figure.marker is not None and figure.marker is not Marker.NOT_RESPONSIBLE:
            metric = release.metric(figure.metric)
            short, age = metric.short, tag_age(end_of(figure.period), release.built, metric.old_after)
            said = f"{short} ({figure.period_label}{', ' + age if age else ''})"
            address = trace_address(figure.metric, area.code, figure.period)
            by_marker[figure.marker].append(Link(capitalise(said), address))
    missing = [
        Missing(marker.meaning.label.capitalize(), marker.meaning.sentence, tuple(links), len(links) > MOST_LISTED)
        for marker, links in by_marker.items()
    ]
    too_new = _list_too_new(release, area, {figure.metric for figure in figures})
    if too_new:
        sentence = f"The newest figures are from before {name_within(area)} began."
        missing.append(Missing("Too new", sentence, too_new, len(too_new) > MOST_LISTED))
    return tuple(missing)


def _list_too_new(release: Release, area: AreaRecord, told: set[str]) -> tuple[Link, ...]:
    """Topics of which some figures are only from before the authority existed, with the newest period of those."""
    newest: dict[str, str] = {}
    current = [metric for metric in release.metrics() if metric.status.is_current and metric.key not in told]
    for metric in current:
        if metric.latest_period is not None and area.area_class in metric.applies_to:
            newest[metric.topic] = max(newest.get(metric.topic, metric.latest_period), metric.latest_period, key=end_of)
    return tuple(
        Link(f"{release.topic(topic).title} ({parse_key(period).label})", topic_address(topic))
        for topic, period in newest.items()
    )


def _say_lead(release: Release, area: AreaRecord) -> str:
    place = capitalise(name_within(area))
    if area.area_class in PROPER:
        lead = f"The {area.official_name} is the only authority of its kind in England."
    else:
        where = "" if area.region in area.area_class.label else f" in {_name_region(area.region)}"
        lead = f"{place} is {say_class(area)}{where}."
    members = len(find_members(release, area))
    match area.area_class:
        case AreaClass.DISTRICT:
            return f"{lead} It runs some of the council services here, such as bins, planning and help with housing."
        case AreaClass.COUNTY:
            return f"{lead} It runs services such as social care, schools and roads. {_count(members)} run others."
        case AreaClass.UNITARY | AreaClass.LONDON_BOROUGH | AreaClass.METROPOLITAN:
            return f"{lead} It runs the services that elsewhere are split between a county and its districts."
        case AreaClass.WASTE_AUTHORITY:
            return f"{lead} It disposes of the waste that {count_words(members, 'council', 'councils')} collect."
        case AreaClass.COMBINED_AUTHORITY | AreaClass.COMBINED_COUNTY_AUTHORITY:
            councils = count_words(members, "council", "councils")
            return f"{lead} It joins {councils}, which run most council services themselves."
        case AreaClass.GLA:
            return f"{lead} The London boroughs and the City of London run most council services there."
        case _:
            return lead


def _name_other_tier(release: Release, area: AreaRecord) -> Fact | None:
    """The county council of a district, or the districts of a county, with the services that they run."""
    if area.county_code and area.county:
        county = Link(area.county, area_address(release.area(area.county_code)))
        return Fact("For social care, schools and roads see", "", (county,))
    if area.area_class is AreaClass.COUNTY:
        districts = tuple(Link(name_place(each.name), area_address(each)) for each in find_members(release, area))
        return Fact("For bins, planning and help with housing see", "", districts)
    return None


def _count(districts: int) -> str:
    return capitalise(count_words(districts, "district council", "district councils"))


def _name_region(region: str) -> str:
    return region if region in {"London", "Yorkshire and The Humber"} else f"the {region}"


def _say_compared_with(area: AreaRecord, peers: Comparators) -> str:
    place = name_within(area)
    if area.area_class in ALONE:
        return (
            f"There is no other authority like {place}, so this page compares it with nobody. The page of each topic "
            "sets its figures beside those of all councils in England: that is context, not a fair comparison."
        )
    if not area.is_principal:
        return f"Medians here are of councils, and {place} is not one. So its figures are not compared with any."
    if peers.kind == "neighbours":
        return (
            f"{capitalise(place)} is compared with its neighbours: the councils of its kind most like it as places. "
            "The median is their middle value: half of them are above it and half below."
        )
    return (
        f"{capitalise(place)} is compared with other {area.area_class.plural}. "
        "The median is their middle value: half of them are above it and half below."
    )


def _make_key(area: AreaRecord, peers: Comparators) -> tuple[KeyEntry, ...]:
    others = "its neighbours" if peers.kind == "neighbours" else f"other {area.area_class.plural}"
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
    members = find_members(release, area)
    if members:
        label = "District councils" if area.area_class is AreaClass.COUNTY else "Councils in its area"
        facts.append(Fact(label, "", tuple(Link(name_place(each.name), area_address(each)) for each in members)))
    if area.opened:
        facts.append(Fact("Began", name_day(area.opened)))
    replaced = release.predecessors(area.code)
    if replaced:
        links = tuple(Link(each.predecessor.name, f"/areas/{each.predecessor.code}") for each in replaced)
        facts.append(Fact("Took the place of", "", links))
    return tuple(facts)
