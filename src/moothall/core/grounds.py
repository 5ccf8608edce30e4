"""Grounds: the councils whose figures together are those of another authority's area, and when they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from moothall.core.areas import (
    LOWER_TIER_CLASSES,
    PRINCIPAL_CLASSES,
    UPPER_TIER_CLASSES,
    Area,
    AreaClass,
    Register,
    is_within,
)


class Tier(StrEnum):
    """Which councils of a place have figures that add up without counting anything twice."""

    LOWER = "lower"  # districts and single-tier councils: what counties do not do, or publish over again
    UPPER = "upper"  # counties and single-tier councils
    EVERY = "every"  # counties, their districts and single-tier councils: each has a share of its own, as of reserves
    SAME = "same"  # only where all are of one tier: money that a county and its districts may pay one another

    @property
    def councils(self) -> str:
        """The councils of the tier in words."""
        return {
            Tier.LOWER: "district and single-tier councils",
            Tier.UPPER: "county and single-tier councils",
            Tier.EVERY: "county, district and single-tier councils",
            Tier.SAME: "councils, where all are of one tier",
        }[self]


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A council whose figures are part of an area's for `[since, until)`; None means before the register, or still."""

    area_code: str
    tier: Tier
    part_code: str
    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether it was a part on the day."""
        return is_within(self.since, self.until, day)


def list_parts(register: Register) -> list[Part]:
    """Every part of every area that has figures added up, by area, tier, part and day.

    A county and a joint authority are made of the councils on their ground while they stand, and a joint authority
    before it began of those that its first ground had. A council that took others' place is made of them until the day
    it began (`methods` 4). A tier is left out where its councils do not cover exactly the same ground: the figures of a
    county that was divided are nobody's.
    """
    events = sorted(_list_events(register))
    edges = [None, *events, None]
    parts: list[Part] = []
    for area in register.areas.values():
        if not _is_made_of_others(area, register):
            continue
        open_spans: dict[tuple[Tier, str], date | None] = {}
        for since, until in pairwise(edges):
            day = since if since is not None else events[0] - timedelta(days=1) if events else date.max
            held = set(_divide(register, area, day))
            ended = open_spans.keys() - held
            parts.extend(Part(area.code, *key, open_spans.pop(key), since) for key in ended)
            open_spans |= dict.fromkeys(held - open_spans.keys(), since)
            if until is None:
                parts.extend(Part(area.code, *key, begun, None) for key, begun in open_spans.items())
    return sorted(parts, key=lambda part: (part.area_code, part.tier, part.part_code, part.since or date.min))


def find_ground(register: Register, code: str, day: date) -> list[str] | None:
    """The districts and single-tier councils of a day whose ground an area has, had or was to have.

    None after its end, before the beginning of a joint authority that has ended, and where what a council took the
    place of was divided.
    """
    area = register.areas[code]
    if area.closed is not None and day >= area.closed:
        return None
    if area.closed is not None and not area.is_principal and not area.is_alive(day):
        return None
    first = max(day, area.opened) if area.opened else day
    found: set[str] = set()
    for council in register.territory(code, first, "lower"):
        earlier = _go_back(register, council, day)
        if earlier is None:
            return None
        found |= earlier
    return sorted(found) or None


def _list_events(register: Register) -> set[date]:
    days = {day for area in register.areas.values() for day in (area.opened, area.closed)}
    days |= {day for each in register.memberships for day in (each.since, each.until)}
    return {day for day in days if day is not None}


def _is_made_of_others(area: Area, register: Register) -> bool:
    if area.area_class in LOWER_TIER_CLASSES:
        return any(code in register.areas for code in register.predecessors(area.code))
    return area.area_class is not AreaClass.WASTE_AUTHORITY


def _go_back(register: Register, code: str, day: date) -> set[str] | None:
    """The councils that had the ground of a district or single-tier council on an earlier day, each of them whole."""
    area = register.areas[code]
    if area.opened is None or area.opened <= day:
        return {code}
    found: set[str] = set()
    for before in register.predecessors(code):
        if before not in register.areas or register.areas[before].area_class not in LOWER_TIER_CLASSES:
            continue
        earlier = _go_back(register, before, day)
        if earlier is None or register.successors(before) != [code]:
            return None
        found |= earlier
    return found or None


def _divide(register: Register, area: Area, day: date) -> Iterator[tuple[Tier, str]]:
    """The parts of an area on a day, by tier."""
    is_council = area.area_class in LOWER_TIER_CLASSES
    if is_council and area.is_alive(day):
        return
    lower = find_ground(register, area.code, day)
    if lower is None:
        return
    yield from _each(Tier.LOWER, lower)
    if area.area_class is AreaClass.COUNTY:
        return
    if area.area_class is AreaClass.DISTRICT:
        yield from _each(Tier.EVERY, lower)
        yield from _each(Tier.SAME, lower)
        return
    upper = _find_upper(register, lower, day)
    if upper is None:
        return
    yield from _each(Tier.UPPER, upper)
    yield from _each(Tier.EVERY, {*lower, *upper})
    if lower == upper:
        yield from _each(Tier.SAME, lower)


def _each(tier: Tier, codes: Iterable[str]) -> Iterator[tuple[Tier, str]]:
    return ((tier, code) for code in codes)


def _find_upper(register: Register, lower: list[str], day: date) -> list[str] | None:
    """The counties and single-tier councils with exactly the ground of these councils; None where there are none."""
    found: set[str] = set()
    for code in lower:
        if register.areas[code].area_class in UPPER_TIER_CLASSES & PRINCIPAL_CLASSES:
            found.add(code)
            continue
        counties = register.parents(code, day, "county")
        if not counties or not set(register.territory(counties[0], day, "lower")) <= set(lower):
            return None
        found.add(counties[0])
    return sorted(found)
