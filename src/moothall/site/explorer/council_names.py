"""Councils as readers name them: found by code or by name, and said with the article they need."""

from __future__ import annotations

from datetime import date

from moothall.release.queries import Release
from moothall.release.records import PEERS, AreaRecord, Comparators, Peers, UnknownKey
from moothall.site.explorer.asked import Mistake, Refused
from moothall.site.explorer.parts import Choice
from moothall.site.explorer.responsible import stood_on
from moothall.site.narrative import names
from moothall.site.narrative.names import capitalise

_MOST_NAMED = 4


def find_council(release: Release, name: str, said: str, day: date) -> AreaRecord:
    """The authority of a code, or of a name that is its own or leads to it alone.

    A name that went from one authority to the next belongs to the one that stood on the day. Raises `Refused` for the
    parameter `name` when there is none, or more than one.
    """
    try:
        return release.area(said)
    except UnknownKey:
        found = release.find_areas(said)
    folded = said.casefold()
    exact = [each for each in found if folded in {each.name.casefold(), each.official_name.casefold()}]
    for fitting in ([each for each in exact if stood_on(each, day)], exact, found):
        if len(fitting) == 1:
            return fitting[0]
    if not found:
        near = " or ".join(each.name for each in release.find_near(said)) or "a name such as Croydon, or its code"
        raise Refused(Mistake(name, f"There is no council called “{said}”. Type {near}."))
    names = ", ".join(dict.fromkeys(each.name for each in found[:_MOST_NAMED]))
    raise Refused(
        Mistake(name, f"“{said}” could be one of several councils. Type the whole name, for example {names}.")
    )


def name_within(area: AreaRecord) -> str:
    """The authority's name inside a sentence: "Croydon", "the City of London"."""
    return names.name_within(area.name)


def list_peers(
    release: Release, area: AreaRecord | None, chosen: Comparators, *, has_custom: bool = True, own: str = ""
) -> tuple[Choice, ...]:
    """The comparators to choose from; without a council there are no neighbours, nor a group of its own.

    `own` is what such a group is called, where it is more than the councils marked.
    """
    kinds: tuple[Peers, ...] = ("type", "region", "england")
    if area is not None:
        left_out = {"neighbours": not release.has_neighbours(area.code), "custom": not has_custom}
        kinds = tuple(each for each in PEERS if not left_out.get(each))
    named = {"custom": own}
    return tuple(Choice(each, named.get(each) or name_peers(area, each), each == chosen.kind) for each in kinds)


def name_peers(area: AreaRecord | None, peers: Peers) -> str:
    """The councils compared with an authority, or with each other, as an option to choose: "London boroughs"."""
    match peers:
        case "england":
            return "All councils in England"
        case "type":
            plural = area.area_class.plural if area else "each kind of council"
            return capitalise(plural)
        case "region":
            return f"Councils in the region {area.region}" if area else "Each region"
        case "neighbours":
            return "Its statistical neighbours"
        case "custom":
            return "Only the councils marked"
