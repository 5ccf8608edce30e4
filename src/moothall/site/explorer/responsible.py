"""Who is responsible, where an authority is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from moothall.core.areas import AreaClass
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, MetricRecord
from moothall.site.addresses import area_address, area_topic_address
from moothall.site.explorer.parts import Link, ServiceElsewhere
from moothall.site.explorer.sentences import name_place

_NO_SERVICE = "residents"  # the function of metrics about people and places, which nobody runs
_COMBINED = {AreaClass.COMBINED_AUTHORITY, AreaClass.COMBINED_COUNTY_AUTHORITY}


def find_members(release: Release, area: AreaRecord) -> tuple[AreaRecord, ...]:
    """The councils that an authority is made of: a county's districts, a joint authority's members; else none."""
    match area.area_class:
        case AreaClass.COUNTY:
            return tuple(e for e in release.areas(area_class=AreaClass.DISTRICT) if e.county_code == area.code)
        case AreaClass.WASTE_AUTHORITY:
            return tuple(each for each in release.areas() if each.waste_authority_code == area.code)
        case kind if kind in _COMBINED:
            return tuple(each for each in release.areas() if each.combined_authority_code == area.code)
        case _:
            return ()


def find_runners(release: Release, area: AreaRecord, metric: MetricRecord) -> tuple[tuple[AreaRecord, ...], str]:
    """Who has the functions of a metric in the place of an authority that has not; words where none can be named."""
    runs = set(metric.applies_to)
    if area.area_class is AreaClass.DISTRICT and AreaClass.COUNTY in runs and area.county_code:
        return (release.area(area.county_code),), ""
    if area.area_class is AreaClass.COUNTY and AreaClass.DISTRICT in runs:
        return find_members(release, area), ""
    if not area.is_principal:
        return (), f"the councils in the area of {name_place(area.name)}"
    for code in (area.waste_authority_code, area.combined_authority_code):
        if code and release.area(code).area_class in runs:
            return (release.area(code),), ""
    return (), "another authority"


def find_who_runs(release: Release, area: AreaRecord, metric: MetricRecord) -> tuple[tuple[Link, ...], str]:
    """As `find_runners`, with links to their pages."""
    runners, words = find_runners(release, area, metric)
    return tuple(Link(name_place(each.name), area_address(each)) for each in runners), words


def list_elsewhere(
    release: Release, area: AreaRecord, metrics: Iterable[MetricRecord], topic: str = ""
) -> tuple[ServiceElsewhere, ...]:
    """Who runs the services behind metrics that an authority is not responsible for: each of them once.

    With a topic, links lead to that topic's page of whoever runs them.
    """
    services: dict[tuple[tuple[AreaRecord, ...], str], dict[str, None]] = {}
    for metric in metrics:
        titles = [function.title for function in metric.functions if function.key != _NO_SERVICE]
        if titles:
            services.setdefault(find_runners(release, area, metric), {}).update(dict.fromkeys(titles))

    def link(who: AreaRecord) -> Link:
        return Link(name_place(who.name), area_topic_address(who.code, topic) if topic else area_address(who))

    return tuple(
        ServiceElsewhere(tuple(titles), tuple(link(each) for each in who), words)
        for (who, words), titles in services.items()
    )


def stood_on(area: AreaRecord, day: date) -> bool:
    """Whether the authority existed on a day."""
    return (area.opened is None or area.opened <= day) and (area.closed is None or day < area.closed)
