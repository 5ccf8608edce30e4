"""The page of a place: everyone who runs services on one council's ground, and what each tier's figures come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from moothall.core.periods import end_of
from moothall.core.values import Kind, Lever, Marker
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, TopicRecord
from moothall.site.addresses import metric_address, trace_address
from moothall.site.explorer.bills import list_bills, make_bill
from moothall.site.explorer.councils import note_marker
from moothall.site.explorer.glances import show_figure
from moothall.site.explorer.pages_places import PlacePage
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_areas import (
    Complaint,
    PlaceAuthority,
    PlaceCell,
    PlaceRow,
    PlaceTopic,
    SharedOutcome,
)
from moothall.site.explorer.reorganisation import Announcement, list_announced
from moothall.site.explorer.responsible import find_members
from moothall.site.explorer.services import group_services, link_authority, list_authorities
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.names import capitalise, count_words, join_words, name_official, name_place, name_within

_CAUTIONS = (
    "This is from our list of functions. Parts of it have still to be checked against the Acts and orders.",
    "A company, a trust or another council may do the work. The one named here stays responsible.",
)
_NOT_HELD = (
    "Parish and town councils, which may run halls, playgrounds and allotments. They are not in our register.",
    "Fire and rescue authorities and police and crime commissioners, where no council or mayor is one.",
    "The NHS, and the government’s own agencies, such as National Highways.",
)
_OTHER_WAYS = (
    Link("Housing Ombudsman, on social landlords", "https://www.housing-ombudsman.org.uk/"),
    Link("GOV.UK, on schools", "https://www.gov.uk/complain-about-school"),
    Link("Independent Office for Police Conduct, on the police", "https://www.policeconduct.gov.uk/"),
)
_LGSCO = Link("Local Government and Social Care Ombudsman", "https://www.lgo.org.uk/")


def make_place(release: Release, area: AreaRecord, was: str) -> PlacePage:
    """One principal council's ground; `was` is an old code that led here, or empty."""
    authorities = list_authorities(release, area)
    services = group_services(release, area, authorities)
    districts = find_members(release, area)
    councils = tuple(each for each in authorities if each.is_principal and each not in districts)
    headlines = tuple(key for topic in release.topics() for key in topic.headlines)
    figures = {
        (each.metric, each.area): each
        for each in release.figures(Selection(metric=headlines, area=tuple(each.code for each in councils)))
    } if headlines else {}  # fmt: skip
    place = name_within(area.name)
    topics = _show_topics(release, councils, figures) if len(councils) > 1 else ()
    return PlacePage(
        release_id=release.record.id,
        area=area,
        place=place,
        lead=_say_lead(area, authorities, districts),
        notice=f"The code {was} is an old one. {capitalise(place)} has the code {area.code} now." if was else "",
        announced=_list_announced(release, authorities, districts),
        authorities=tuple(_show_authority(each) for each in authorities if each not in districts),
        services=services,
        cautions=_CAUTIONS,
        councils=tuple(link_authority(each) for each in councils),
        topics=topics,
        download=offer_figures("all figures of both councils", [("area", each.code) for each in councils])
        if topics
        else None,
        shared=_list_shared(release, councils, figures),
        bill=None if districts else make_bill(release, area, authorities),
        bills=list_bills(release, districts),
        not_held=_NOT_HELD,
        complaints=_list_complaints(),
    )


def _say_lead(area: AreaRecord, authorities: Sequence[AreaRecord], districts: Sequence[AreaRecord]) -> str:
    """How many councils run services in a place, and which other authorities there are."""
    place = name_within(area.name)
    councils = [each for each in authorities if each.is_principal and each not in districts]
    others = [name_official(each.official_name) for each in authorities if not each.is_principal]
    if districts:
        lower = count_words(len(districts), "district council", "district councils")
        said = f"{capitalise(name_official(area.official_name))} and {lower} run services in {place}."
    elif len(councils) > 1:
        both = join_words([name_official(each.official_name) for each in councils])
        said = f"Two councils run services in {place}: {both}."
    else:
        said = f"One council runs nearly all council services in {place}: {name_official(area.official_name)}."
    if others:
        said += f" {capitalise(join_words(others))} {'runs' if len(others) == 1 else 'run'} some, too."
    return said


def _list_announced(
    release: Release, authorities: Sequence[AreaRecord], districts: Sequence[AreaRecord]
) -> tuple[Announcement, ...]:
    """What is to take a place’s councils’ place: each announcement with the council that it is of."""
    councils = [each for each in authorities if each.is_principal and each not in districts]
    return tuple(
        replace(each, sentence=each.sentence.replace("This council", name_place(council.official_name), 1))
        for council in councils
        for each in list_announced(release, council)
    )


def _show_authority(area: AreaRecord) -> PlaceAuthority:
    return PlaceAuthority(link_authority(area), area.area_class.label)


def _show_topics(
    release: Release, councils: Sequence[AreaRecord], figures: Mapping[tuple[str, str], FigureRecord]
) -> tuple[PlaceTopic, ...]:
    topics = (
        PlaceTopic(topic.title, topic.key, tuple(_show_rows(release, topic, councils, figures)))
        for topic in release.topics()
    )
    return tuple(each for each in topics if each.rows)


def _show_rows(
    release: Release,
    topic: TopicRecord,
    councils: Sequence[AreaRecord],
    figures: Mapping[tuple[str, str], FigureRecord],
) -> Iterator[PlaceRow]:
    """The figures that a topic shows first, each under the council that is responsible for it."""
    for key in topic.headlines:
        metric = release.metric(key)
        held = {each.code: figures[key, each.code] for each in councils if (key, each.code) in figures}
        own = [each for each in held.values() if each.marker is not Marker.NOT_RESPONSIBLE and not each.is_added_up]
        if not own:
            continue
        yield PlaceRow(
            title=capitalise(metric.short),
            metric_address=metric_address(key, area=own[0].area),
            period=own[0].period_label,
            age=tag_age(end_of(own[0].period), release.built, metric.old_after),
            cells=tuple(_show_cell(held.get(each.code), own) for each in councils),
        )


def _show_cell(figure: FigureRecord | None, own: Sequence[FigureRecord]) -> PlaceCell:
    if figure is None or figure not in own:
        return PlaceCell("", "", is_absent=True)
    address = trace_address(figure.metric, figure.area, figure.period)
    return PlaceCell(figure.text, address, figure.value is None, note_marker(figure))


def _list_shared(
    release: Release, councils: Sequence[AreaRecord], figures: Mapping[tuple[str, str], FigureRecord]
) -> tuple[SharedOutcome, ...]:
    """The outcomes among the figures shown first that others move, too."""
    by_code = {each.code: each for each in councils}
    found = []
    for figure in figures.values():
        metric = release.metric(figure.metric)
        is_shared = metric.kind is Kind.OUTCOME and metric.lever is Lever.SHARED and bool(metric.shared_with)
        if is_shared and figure.value is not None and not figure.is_added_up:
            council = by_code[figure.area]
            found.append(
                SharedOutcome(
                    show_figure(release, council, metric, figure),
                    name_place(council.official_name),
                    join_words(metric.shared_with),
                )
            )
    return tuple(found)


def _list_complaints() -> tuple[Complaint, ...]:
    """Whom to go to, in order; of what is not on the contact page, where it is explained."""
    return (
        Complaint(
            "First, whoever runs the service",
            "The list above says who that is. Each council has a complaints procedure on its own website.",
            (),
        ),
        Complaint(
            "Then the Ombudsman",
            "If the final answer does not settle the matter, you can ask the Ombudsman to look at it. "
            "It is independent, and its service is free.",
            (_LGSCO,),
        ),
        Complaint(
            "Other places to go",
            "Landlords, schools and the police have other ways to complain. Each of these says itself which complaints "
            "it takes; we have not checked them.",
            _OTHER_WAYS,
        ),
    )
