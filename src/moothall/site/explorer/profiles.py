"""The page of one authority: what it is, what its figures come to, what is missing and who runs what it does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from moothall.charts.glance import draw_speck
from moothall.core.areas import ALONE, PROPER, AreaClass
from moothall.core.periods import end_of, parse_key
from moothall.core.values import Marker
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord
from moothall.site.addresses import (
    area_address,
    area_topic_address,
    place_address,
    topic_address,
    trace_address,
)
from moothall.site.explorer.areas import say_class
from moothall.site.explorer.compared import link_why
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.explorer.council_names import name_within
from moothall.site.explorer.excellence import list_of_area, say_looked_at
from moothall.site.explorer.glances import glance_at, is_compared
from moothall.site.explorer.pages import AreaPage
from moothall.site.explorer.parts import Fact, InShort, KeyEntry, Link, Missing
from moothall.site.explorer.reorganisation import list_announced, say_whole_ground
from moothall.site.explorer.responsible import find_members, list_elsewhere
from moothall.site.explorer.sentences import say_published
from moothall.site.explorer.standing import Judged, judge_together, say_chance
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.explorer.three_things import find_things
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.names import capitalise, count_words, name_day, name_place

MOST_NEIGHBOURS = 5
"""How many neighbours a page names; the page of neighbours has all."""

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
        glance_at(release, area, topic, by_topic[topic.key])
        for topic in release.topics()
        if any(figure.value is not None for figure in by_topic[topic.key])
    )
    not_run = [release.metric(f.metric) for f in figures if f.marker is Marker.NOT_RESPONSIBLE]
    shown = [figure for topic in by_topic.values() for figure in topic]
    together = judge_together(release, area, shown if is_compared(area) else ())
    judged = _link_judged(release, area, shown, together)
    missing = list_missing(release, area, figures)
    return AreaPage(
        release_id=release.record.id,
        area=area,
        place=name_within(area),
        lead=say_lead(release, area),
        other_tier=_name_other_tier(release, area),
        place_link=_link_place(area),
        notice=f"The code {was} is an old one. {capitalise(name_within(area))} has the code {area.code} now."
        if was
        else "",
        announced=list_announced(release, area),
        added_up=say_whole_ground(area, shown),
        facts=_list_facts(release, area),
        compared_with=say_compared_with(area, peers),
        neighbours=_list_neighbours(release, area, peers),
        why_compared=link_why(area, peers) if peers.kind == "neighbours" else None,
        things=find_things(release, area, shown, together, peers) if is_compared(area) else None,
        in_short=tuple(_shorten(label, judged[each]) for each, label in _IN_SHORT.items() if judged.get(each)),
        exemplars=list_of_area(release, area),
        looked_at=say_looked_at(release.exemplar_trust),
        by_chance=say_chance(together),
        without_direction=say_without_direction(together),
        key=_make_key() if any(topic.chart for topic in topics) else (),
        topics=topics,
        missing=missing,
        counted_missing=_count_missing(missing),
        elsewhere=list_elsewhere(release, area, not_run),
        download=offer_figures(f"all figures of {name_within(area)}", [("area", area.code), ("peers", peers.kind)]),
    )


def tell_published(release: Release, figure: FigureRecord) -> str:
    """The day of publication; of a figure from several files, the day by which all of them were public."""
    if figure.source and figure.edition:
        editions = release.source(figure.source).editions
        return say_published(next(each for each in editions if each.edition == figure.edition))
    return f"published by {name_day(figure.known_on)}" if figure.known_on else ""


def _link_judged(
    release: Release, area: AreaRecord, figures: Iterable[FigureRecord], together: Judged
) -> dict[str, list[tuple[str, Link]]]:
    """Figures that are better, similar or worse than their median: each one's metric, and where its topic has it."""
    judged: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for figure in figures:
        if not together.by_metric.get(figure.metric):
            continue
        metric = release.metric(figure.metric)
        age = tag_age(end_of(figure.period), release.built, metric.old_after)
        said = f"{metric.short}: {figure.text} ({figure.period_label}{', ' + age if age else ''})"
        address = f"{area_topic_address(area.code, metric.topic)}#{metric.key}"
        judged[together.by_metric[figure.metric]].append((metric.key, Link(capitalise(said), address)))
    return judged


def _shorten(label: str, judged: Sequence[tuple[str, Link]]) -> InShort:
    return InShort(
        label=label,
        count=count_words(len(judged), "figure", "figures"),
        figures=tuple(link for _, link in judged),
    )


def say_without_direction(together: Judged) -> str:
    number = sum(not judged for judged in together.by_metric.values())
    if not number:
        return ""
    said = count_words(number, "other figure", "other figures")
    return f"{capitalise(said)} cannot be called better or worse."


def list_missing(
    release: Release, area: AreaRecord, figures: Sequence[FigureRecord], topic: str | None = None
) -> tuple[Missing, ...]:
    """Figures of services it runs that are absent, by the reason; last the topics that are older than it is.

    `topic` is the one that the figures are of, where they are not of all.
    """
    by_marker: dict[Marker, list[Link]] = defaultdict(list)
    for figure in figures:
        if figure.value is None and figure.marker is not None and figure.marker is not Marker.NOT_RESPONSIBLE:
            metric = release.metric(figure.metric)
            short, age = metric.short, tag_age(end_of(figure.period), release.built, metric.old_after)
            said = f"{short} ({figure.period_label}{', ' + age if age else ''})"
            address = trace_address(figure.metric, area.code, figure.period)
            by_marker[figure.marker].append(Link(capitalise(said), address))
    missing = [
        Missing(marker.meaning.label.capitalize(), marker.meaning.sentence, tuple(links))
        for marker, links in by_marker.items()
    ]
    too_new = _list_too_new(release, area, {figure.metric for figure in figures}, topic)
    if too_new:
        sentence = f"The newest figures are from before {name_within(area)} began."
        missing.append(Missing("Too new", sentence, too_new))
    return tuple(missing)


def _count_missing(missing: Sequence[Missing]) -> str:
    many = count_words(sum(len(each.figures) for each in missing), "entry", "entries")
    return f"{capitalise(many)}, for {count_words(len(missing), 'reason', 'reasons')}"


def _list_too_new(release: Release, area: AreaRecord, told: set[str], only: str | None) -> tuple[Link, ...]:
    """Topics of which some figures are only from before the authority existed, with the newest period of those."""
    newest: dict[str, str] = {}
    current = [
        metric
        for metric in release.metrics()
        if metric.status.is_current and metric.key not in told and only in (None, metric.topic)
    ]
    for metric in current:
        if metric.latest_period is not None and area.area_class in metric.applies_to:
            newest[metric.topic] = max(newest.get(metric.topic, metric.latest_period), metric.latest_period, key=end_of)
    return tuple(
        Link(f"{release.topic(topic).title} ({parse_key(period).label})", topic_address(topic))
        for topic, period in newest.items()
    )


def say_lead(release: Release, area: AreaRecord) -> str:
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


def say_compared_with(area: AreaRecord, peers: Comparators) -> str:
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


def _link_place(area: AreaRecord) -> Link | None:
    if not area.is_principal:
        return None
    return Link(f"Everyone who runs services in {name_within(area)}, and the council tax bill", place_address(area))


def _list_neighbours(release: Release, area: AreaRecord, peers: Comparators) -> tuple[Link, ...]:
    if peers.kind != "neighbours":
        return ()
    nearest = map(release.area, release.list_comparators(area.code, peers)[:MOST_NEIGHBOURS])
    return tuple(Link(name_place(each.name), area_address(each)) for each in nearest)


def _make_key() -> tuple[KeyEntry, ...]:
    return tuple(
        KeyEntry(shape=draw_speck(is_filled=is_filled), name=name, address="", text="", position="")
        for is_filled, name in (
            (True, "a figure that differs from the median"),
            (False, "one that is similar, or whose difference could be chance"),
        )
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
