"""Services as a resident calls them, in groups, and who runs each in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from moothall.core.areas import AreaClass
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FunctionRecord
from moothall.site.addresses import area_address
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_areas import Service, ServiceGroup
from moothall.site.explorer.responsible import NO_SERVICE, find_members, name_outsider
from moothall.site.narrative.names import name_place

NOT_SHOWN = frozenset({NO_SERVICE, "corporate"})
"""Functions that are no service: being the place that figures are about, and running a budget."""

GROUPS: dict[str, dict[str, str]] = {
    "Streets, bins and getting about": {
        "waste_collection": "bins, recycling, street cleaning and dumped rubbish",
        "waste_disposal": "tips, and what becomes of the waste",
        "highways": "potholes, pavements, street lights",
        "local_transport": "buses, bus passes, transport plans",
    },
    "Homes and planning": {
        "planning_applications": "planning permission, the local plan",
        "minerals_waste_planning": "quarries, landfill and incinerators",
        "housing": "council homes, housing lists, standards in rented homes",
        "homelessness": "help when you lose your home",
    },
    "Care, children and schools": {
        "adult_social_care": "care at home, care homes, help for carers",
        "childrens_services": "child protection, children in care, fostering",
        "education": "school places, school transport, special needs",
        "public_health": "stopping smoking, sexual health, health visitors",
    },
    "Council tax and benefits": {"council_tax_billing": "bills, discounts and council tax support"},
    "Libraries, parks and safety": {
        "libraries": "",
        "leisure_culture": "sports centres, parks, museums",
        "environmental_health": "food hygiene, noise, pests, licences",
        "trading_standards": "rogue traders, unsafe goods",
        "fire": "",
        "police": "who holds the police to account",
    },
    "Work and skills": {"adult_skills": "courses for adults"},
}
"""By what a resident would look under: functions by key, with what they are in everyday words."""

_OTHER = "Other services"


def list_authorities(release: Release, area: AreaRecord) -> tuple[AreaRecord, ...]:
    """Who has functions on a council's ground: itself, its county, its districts and joint authorities, in that order.

    A district is in the combined county authority that its county is in.
    """
    codes = [area.code, area.county_code]
    if area.area_class is AreaClass.COUNTY:
        codes += [each.code for each in find_members(release, area)]
    county = release.area(area.county_code) if area.county_code else None
    codes += [area.combined_authority_code, county.combined_authority_code if county else None]
    codes += [area.waste_authority_code]
    codes += [each.code for each in release.areas(area_class=AreaClass.GLA) if each.region_code == area.region_code]
    return tuple(release.area(code) for code in dict.fromkeys(filter(None, codes)))


def group_services(release: Release, area: AreaRecord, authorities: Sequence[AreaRecord]) -> tuple[ServiceGroup, ...]:
    """Every service that is somebody's duty, in groups, each with who runs it on a council's ground."""
    functions = {each.key: each for each in release.functions() if each.key not in NOT_SHOWN}
    named = {key for keys in GROUPS.values() for key in keys}
    others = dict.fromkeys((key for key in functions if key not in named), "")
    return tuple(
        ServiceGroup(
            title,
            tuple(
                _find_service(release, area, authorities, functions[key], examples)
                for key, examples in keys.items()
                if key in functions
            ),
        )
        for title, keys in {**GROUPS, _OTHER: others}.items()
        if keys.keys() & functions.keys()
    )


def find_holders(
    release: Release, authorities: Iterable[AreaRecord], function: str, day: date
) -> tuple[tuple[AreaRecord, ...], tuple[AreaRecord, ...]]:
    """Of the authorities of one place those that had a function on a day, and those that had a part of it.

    A joint authority that has it somewhere else than here is left out: where a council of the place has it whole.
    """
    whole = release.responsible((function,), day, extent="statutory")
    having = [each for each in authorities if each.code in whole]
    holders = tuple(each for each in having if each.is_principal) or tuple(having)
    partly = release.responsible((function,), day, extent="partial")
    in_part = tuple(each for each in authorities if each.code in partly)
    return (holders, in_part) if holders else (in_part, ())


def _find_service(
    release: Release, area: AreaRecord, authorities: Sequence[AreaRecord], function: FunctionRecord, examples: str
) -> Service:
    holders, in_part = find_holders(release, authorities, function.key, release.built)
    districts = [each for each in holders if each.area_class is AreaClass.DISTRICT]
    is_each = area.area_class is AreaClass.COUNTY and bool(districts)
    linked = [each for each in holders if each not in districts] if is_each else list(holders)
    words = ""
    if is_each:
        words = "each district council, for its own area"
    elif not holders:
        words = name_outsider((function.key,)).removesuffix(" there")
    return Service(
        title=function.title,
        examples=examples,
        who=tuple(link_authority(each) for each in linked),
        words=words,
        in_part=tuple(link_authority(each) for each in in_part if each.area_class is not AreaClass.DISTRICT),
    )


def link_authority(area: AreaRecord) -> Link:
    """To an authority's page, by the name it goes by."""
    return Link(name_place(area.official_name), area_address(area))
