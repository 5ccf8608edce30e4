"""Who is responsible, where an authority is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from moothall.core.areas import AreaClass
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, MetricRecord
from moothall.site.addresses import area_address, area_topic_address
from moothall.site.explorer.parts import Link, ServiceElsewhere
from moothall.site.narrative.names import name_place, name_within

NO_SERVICE = "residents"  # the function of metrics about people and places, which nobody runs
_COMBINED = {AreaClass.COMBINED_AUTHORITY, AreaClass.COMBINED_COUNTY_AUTHORITY}
_NOT_IN_REGISTER: dict[tuple[str, ...], str] = {
    ("fire",): "the fire and rescue authority there",
    ("police",): "the police and crime commissioner there",
    ("adult_skills",): "the Department for Education",
}
"""Who has functions that councils have only here and there, from the notes in `functions.yaml`."""

Runners = tuple[tuple[AreaRecord, ...], str]


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


def find_runners(release: Release, area: AreaRecord, functions: tuple[str, ...]) -> Runners:
    """Who has functions in the place of an authority that has not; words where none can be named."""
    having = release.responsible(functions, release.built)
    unnamed = name_outsider(functions)
    if area.is_principal:
        beside = _find_beside(release, area, having)
        return beside, "" if beside else unnamed
    if area.area_class is AreaClass.GLA:
        members = tuple(e for e in release.areas(principal_only=True) if e.region_code == area.region_code)
    else:
        members = find_members(release, area)
    runners = [(each,) if each.code in having else _find_beside(release, each, having) for each in members]
    if not all(runners):
        return (), unnamed
    named = tuple(dict.fromkeys(runner for each in runners for runner in each if runner != area))
    if not named:
        return (), unnamed
    if all(each.is_principal for each in named):
        return (), f"the councils in the area of {name_within(area.name)}"
    return named, ""


def name_outsider(functions: tuple[str, ...]) -> str:
    """Who has functions that nobody in the register has, in words."""
    return _NOT_IN_REGISTER.get(functions, "another body")


def _find_beside(release: Release, area: AreaRecord, having: frozenset[str]) -> tuple[AreaRecord, ...]:
    """Those below, above or beside a council that have what it has not: the first kind of authority that has it."""
    districts = tuple(each for each in find_members(release, area) if each.code in having)
    if districts:
        return districts
    for code in (area.county_code, area.waste_authority_code, area.combined_authority_code):
        if code and code in having:
            return (release.area(code),)
    return tuple(
        each
        for each in release.areas(area_class=AreaClass.GLA)
        if each.region_code == area.region_code and each.code in having
    )


def say_runners(runners: Runners) -> str:
    """Who runs something, in words: "Oxfordshire"."""
    named, words = runners
    return ", ".join(name_within(each.name) for each in named) if named else words


def find_who_runs(release: Release, area: AreaRecord, metric: MetricRecord) -> tuple[tuple[Link, ...], str]:
    """Who has a metric's functions in the place of an authority that has not, with links to their pages; or words."""
    named, words = find_runners(release, area, list_functions(metric))
    return tuple(Link(name_place(each.name), area_address(each)) for each in named), words


def list_functions(metric: MetricRecord) -> tuple[str, ...]:
    """The keys of the functions a metric is about."""
    return tuple(function.key for function in metric.functions)


def list_elsewhere(
    release: Release, area: AreaRecord, metrics: Iterable[MetricRecord], topic: str = ""
) -> tuple[ServiceElsewhere, ...]:
    """Who runs the services behind metrics that an authority is not responsible for: each of them once.

    With a topic, links lead to that topic's page of whoever runs them.
    """
    built = release.built
    functions = {
        each.key: each.title
        for metric in metrics
        for each in metric.functions
        if each.key != NO_SERVICE and area.code not in release.responsible((each.key,), built)
    }
    services: dict[Runners, list[str]] = {}
    for key, title in functions.items():
        services.setdefault(find_runners(release, area, (key,)), []).append(title)

    def link(who: AreaRecord) -> Link:
        return Link(name_place(who.name), area_topic_address(who.code, topic) if topic else area_address(who))

    return tuple(
        ServiceElsewhere(tuple(titles), tuple(link(each) for each in who), words)
        for (who, words), titles in services.items()
    )


@lru_cache(maxsize=1_000)
def name_responsible(release: Release, functions: tuple[str, ...], day: date) -> tuple[str, ...]:
    """The names of the councils that had any of these functions on a day, in order."""
    codes = release.responsible(functions, day)
    councils = release.areas(include_closed=True, principal_only=True)
    names = {council.name for council in councils if council.code in codes and stood_on(council, day)}
    return tuple(sorted(names, key=str.casefold))


def stood_on(area: AreaRecord, day: date) -> bool:
    """Whether the authority existed on a day."""
    return (area.opened is None or area.opened <= day) and (area.closed is None or day < area.closed)
