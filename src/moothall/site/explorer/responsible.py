"""Who is responsible, where an authority is not."""

from __future__ import annotations

from datetime import date

from moothall.core.areas import AreaClass
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, MetricRecord
from moothall.site.addresses import area_address
from moothall.site.explorer.parts import Link
from moothall.site.explorer.sentences import name_place

_COMBINED = {AreaClass.COMBINED_AUTHORITY, AreaClass.COMBINED_COUNTY_AUTHORITY}


def list_members(release: Release, area: AreaRecord) -> tuple[Link, ...]:
    """The councils that an authority is made of: a county's districts, a joint authority's members; else none."""
    match area.area_class:
        case AreaClass.COUNTY:
            members = [each for each in release.areas(area_class=AreaClass.DISTRICT) if each.county_code == area.code]
        case AreaClass.WASTE_AUTHORITY:
            members = [each for each in release.areas() if each.waste_authority_code == area.code]
        case kind if kind in _COMBINED:
            members = [each for each in release.areas() if each.combined_authority_code == area.code]
        case _:
            members = []
    return tuple(Link(name_place(each.name), area_address(each)) for each in members)


def find_who_runs(release: Release, area: AreaRecord, metric: MetricRecord) -> tuple[tuple[Link, ...], str]:
    """Who has the functions of a metric in the place of an authority that has not; words where none can be named."""
    runs = set(metric.applies_to)
    if area.area_class is AreaClass.DISTRICT and AreaClass.COUNTY in runs and area.county_code and area.county:
        return (_link(release, area.county_code),), ""
    if area.area_class is AreaClass.COUNTY and AreaClass.DISTRICT in runs:
        return list_members(release, area), ""
    if not area.is_principal:
        return (), f"the councils in the area of {name_place(area.name)}"
    for code in (area.waste_authority_code, area.combined_authority_code):
        if code and release.area(code).area_class in runs:
            return (_link(release, code),), ""
    return (), "another authority"


def _link(release: Release, code: str) -> Link:
    area = release.area(code)
    return Link(name_place(area.name), area_address(area))


def stood_on(area: AreaRecord, day: date) -> bool:
    """Whether the authority existed on a day."""
    return (area.opened is None or area.opened <= day) and (area.closed is None or day < area.closed)
