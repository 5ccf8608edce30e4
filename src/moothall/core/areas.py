"""The register of English authorities: who existed, when, inside which others, and what replaced them."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

MembershipKind = Literal["county", "combined_authority", "waste_authority"]
SuccessionKind = Literal["merge", "split", "transfer", "recode"]
AliasScheme = Literal["gss", "ecode", "dfe", "register"]

REGIONS: Mapping[str, str] = {
    "E12000001": "North East",
    "E12000002": "North West",
    "E12000003": "Yorkshire and The Humber",
    "E12000004": "East Midlands",
    "E12000005": "West Midlands",
    "E12000006": "East of England",
    "E12000007": "London",
    "E12000008": "South East",
    "E12000009": "South West",
}
"""ONS region code → name, in ONS order."""


class AreaClass(StrEnum):
    """What kind of authority an area is; never inferred from its name."""

    DISTRICT = "district"
    COUNTY = "county"
    UNITARY = "unitary"
    LONDON_BOROUGH = "london_borough"
    METROPOLITAN = "metropolitan"
    CITY_OF_LONDON = "city_of_london"
    ISLES_OF_SCILLY = "isles_of_scilly"
    COMBINED_AUTHORITY = "combined_authority"
    COMBINED_COUNTY_AUTHORITY = "combined_county_authority"
    GLA = "gla"
    WASTE_AUTHORITY = "waste_authority"

    @property
    def label(self) -> str:
        """The class in plain English, singular, as it reads in mid-sentence."""
        return _LABELS[self][0]

    @property
    def plural(self) -> str:
        """The class in plain English, plural, as it reads in mid-sentence."""
        return _LABELS[self][1]


_LABELS: Mapping[AreaClass, tuple[str, str]] = {
    AreaClass.DISTRICT: ("district council", "district councils"),
    AreaClass.COUNTY: ("county council", "county councils"),
    AreaClass.UNITARY: ("unitary council", "unitary councils"),
    AreaClass.LONDON_BOROUGH: ("London borough", "London boroughs"),
    AreaClass.METROPOLITAN: ("metropolitan borough", "metropolitan boroughs"),
    AreaClass.CITY_OF_LONDON: ("City of London Corporation", "City of London Corporation"),
    AreaClass.ISLES_OF_SCILLY: ("Council of the Isles of Scilly", "Council of the Isles of Scilly"),
    AreaClass.COMBINED_AUTHORITY: ("combined authority", "combined authorities"),
    AreaClass.COMBINED_COUNTY_AUTHORITY: ("combined county authority", "combined county authorities"),
    AreaClass.GLA: ("Greater London Authority", "Greater London Authority"),
    AreaClass.WASTE_AUTHORITY: ("joint waste disposal authority", "joint waste disposal authorities"),
}

PRINCIPAL_CLASSES: frozenset[AreaClass] = frozenset(
    {
        AreaClass.DISTRICT,
        AreaClass.COUNTY,
        AreaClass.UNITARY,
        AreaClass.LONDON_BOROUGH,
        AreaClass.METROPOLITAN,
        AreaClass.CITY_OF_LONDON,
        AreaClass.ISLES_OF_SCILLY,
    }
)
"""The councils that figures are compared among."""

ALONE: frozenset[AreaClass] = frozenset({AreaClass.CITY_OF_LONDON, AreaClass.ISLES_OF_SCILLY})
"""Kinds of council of which there is one, so that nobody is fairly compared with it."""

PROPER: frozenset[AreaClass] = ALONE | {AreaClass.GLA}
"""Kinds of authority of which there is one, whose name is that of the kind."""

LOWER_TIER_CLASSES: frozenset[AreaClass] = PRINCIPAL_CLASSES - {AreaClass.COUNTY}
"""Every place in England lies in exactly one of these."""

UPPER_TIER_CLASSES: frozenset[AreaClass] = PRINCIPAL_CLASSES - {AreaClass.DISTRICT}
"""Every place in England lies in exactly one of these, too."""


def is_within(since: date | None, until: date | None, day: date) -> bool:
    """Whether a day is in `[since, until)`; None means before everything, or still."""
    return (since is None or since <= day) and (until is None or day < until)


class RegisterError(ValueError):
    """A register file that cannot be read; the message begins with file and line."""


@dataclass(frozen=True, slots=True)
class Area:
    """An authority that exists for `[opened, closed)`; None means before the register begins, or still open."""

    code: str
    name: str
    official_name: str
    area_class: AreaClass
    region_code: str
    opened: date | None
    closed: date | None
    slug: str

    def is_alive(self, day: date) -> bool:
        """Whether the authority existed on the day."""
        return is_within(self.opened, self.closed, day)

    @property
    def region(self) -> str:
        """The name of the region the area lies in, or mostly lies in."""
        return REGIONS[self.region_code]

    @property
    def is_principal(self) -> bool:
        """Whether figures are compared among councils like this one."""
        return self.area_class in PRINCIPAL_CLASSES


@dataclass(frozen=True, slots=True)
class Membership:
    """An area inside another for `[since, until)`."""

    area_code: str
    parent_code: str
    kind: MembershipKind
    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether the membership held on the day."""
        return is_within(self.since, self.until, day)


@dataclass(frozen=True, slots=True)
class Succession:
    """What took an area's place on a day, or a part of it; a predecessor that only changed its code is no area."""

    predecessor_code: str
    successor_code: str
    day: date
    kind: SuccessionKind
    note: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A code somebody uses, or used, for an area."""

    scheme: AliasScheme
    alias: str
    area_code: str


class Register:
    """Every authority alive on some day since April 2010, with the links between them."""

    def __init__(
        self,
        areas: Iterable[Area],
        memberships: Iterable[Membership],
        successions: Iterable[Succession],
        aliases: Iterable[Alias],
    ) -> None:
        """Index the four tables; raise RegisterError when a row points at an area that is not there."""
        self.areas: dict[str, Area] = {area.code: area for area in sorted(areas, key=lambda area: area.code)}
        self.memberships: tuple[Membership, ...] = tuple(memberships)
        self.successions: tuple[Succession, ...] = tuple(successions)
        self.aliases: tuple[Alias, ...] = tuple(aliases)
        self._by_alias: dict[tuple[str, str], str] = {(a.scheme, a.alias.upper()): a.area_code for a in self.aliases}
        self._parents: dict[str, list[Membership]] = {}
        self._members: dict[str, list[Membership]] = {}
        self._successors: dict[str, list[Succession]] = {}
        self._predecessors: dict[str, list[Succession]] = {}
        for membership in self.memberships:
            self._require(membership.area_code, membership.parent_code)
            self._parents.setdefault(membership.area_code, []).append(membership)
            self._members.setdefault(membership.parent_code, []).append(membership)
        for succession in self.successions:
            self._require(succession.successor_code)
            self._successors.setdefault(succession.predecessor_code, []).append(succession)
            self._predecessors.setdefault(succession.successor_code, []).append(succession)
        for alias in self.aliases:
            self._require(alias.area_code)

    @classmethod
    def read(cls, directory: Path) -> Register:
        """Read `areas.csv`, `memberships.csv`, `successions.csv` and `aliases.csv` from a directory.

        Raises RegisterError naming file and line for a row that does not fit, OSError for a missing file.
        """
        return cls(
            _read_rows(directory / "areas.csv", _parse_area),
            _read_rows(directory / "memberships.csv", _parse_membership),
            _read_rows(directory / "successions.csv", _parse_succession),
            _read_rows(directory / "aliases.csv", _parse_alias),
        )

    def resolve(self, text: str, scheme: AliasScheme = "gss") -> str | None:
        """Return today's code of the area that `text` means in a code scheme, or None."""
        key = text.strip().upper()
        if scheme == "gss" and key in self.areas:
            return key
        return self._by_alias.get((scheme, key))

    def is_alive(self, code: str, day: date) -> bool:
        """Whether the area existed on the day; False for a code the register does not hold as an area."""
        area = self.areas.get(code)
        return area is not None and area.is_alive(day)

    def alive(self, day: date, classes: Collection[AreaClass] | None = None) -> list[Area]:
        """List the areas that existed on the day, of the classes given or of all, by code."""
        return [a for a in self.areas.values() if a.is_alive(day) and (classes is None or a.area_class in classes)]

    def parents(self, code: str, day: date, kind: MembershipKind | None = None) -> list[str]:
        """List the codes of the areas this one was inside on the day, of one kind or of all."""
        found = self._parents.get(code, [])
        return sorted(m.parent_code for m in found if m.holds(day) and (kind is None or m.kind == kind))

    def members(self, parent_code: str, day: date) -> list[str]:
        """List the codes of the areas that were directly inside this one on the day."""
        return sorted(m.area_code for m in self._members.get(parent_code, []) if m.holds(day))

    def territory(self, code: str, day: date, tier: Literal["lower", "upper"]) -> list[str]:
        """List the councils of one tier that together covered an area's ground on the day, each place once.

        Membership is governance; this is what a figure for a county's or a combined authority's area adds up over.
        """
        area = self.areas[code]
        wanted = LOWER_TIER_CLASSES if tier == "lower" else UPPER_TIER_CLASSES
        if area.area_class is AreaClass.GLA:
            return [a.code for a in self.alive(day, wanted) if a.region_code == area.region_code]
        if area.area_class in wanted:
            return [code]
        found: set[str] = set()
        for member in self.members(code, day):
            if self.areas[member].area_class in PRINCIPAL_CLASSES:
                found.update(self.territory(member, day, tier))
        return sorted(c for c in found if self.areas[c].area_class in wanted)

    def successors(self, code: str) -> list[str]:
        """List the codes that directly took this one's place."""
        return sorted(s.successor_code for s in self._successors.get(code, []))

    def predecessors(self, code: str) -> list[str]:
        """List the codes whose place this one directly took; recoded predecessors are not areas."""
        return sorted(s.predecessor_code for s in self._predecessors.get(code, []))

    def successors_alive(self, code: str, day: date) -> list[str]:
        """List the areas that stood in this one's place on the day, following the chain; itself while it lived."""
        found: set[str] = set()
        seen: set[str] = set()
        waiting = [code]
        while waiting:
            current = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            if self.is_alive(current, day):
                found.add(current)
            else:
                waiting.extend(self.successors(current))
        return sorted(found)

    def find(self, text: str, limit: int | None = None) -> list[Area]:
        """Search by name or code: exact names first, then open areas, councils, names that begin with the text."""
        coded = self.resolve(text) or self.resolve(text, "ecode")
        if coded is not None:
            return [self.areas[coded]]
        query = _words(text)
        if not query:
            return []
        ranked = [(rank, area) for area in self.areas.values() if (rank := _rank(query, area)) is not None]
        ranked.sort(key=_order)
        return [area for _, area in ranked][:limit]

    def _require(self, *codes: str) -> None:
        for code in codes:
            if code not in self.areas:
                raise RegisterError(f"register: {code} is not an area")


_FILLER = frozenset(
    {"of", "the", "and", "council", "borough", "district", "metropolitan", "royal", "upon", "authority"}
)


@lru_cache(maxsize=4096)  # every search looks at the words of every name
def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").casefold()
    plain = re.sub(r",\s*(city|county) of$", "", plain.strip())
    return tuple(re.findall(r"[a-z0-9]+", re.sub(r"['.]", "", plain.replace("&", " and "))))


def _rank(query: Sequence[str], area: Area) -> int | None:
    name, official = _words(area.name), _words(area.official_name)
    asked = " ".join(query)
    if asked in (" ".join(name), " ".join(official)):
        return 0
    if " ".join(name).startswith(asked):
        return 1
    telling = [word for word in query if word not in _FILLER] or query
    if _all_begin(telling, name):
        return 2
    return 3 if _all_begin(telling, name + official) else None


def _order(found: tuple[int, Area]) -> tuple[bool, bool, bool, bool, int, str, str]:
    rank, area = found
    # A word of the full name alone comes last: every borough's full name has "London" in it.
    return rank > 0, rank == 3, area.closed is not None, not area.is_principal, rank, area.name, area.code


def _all_begin(wanted: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in wanted)


Row = TypeVar("Row")


def _read_rows(path: Path, parse: Callable[[Mapping[str, str]], Row]) -> list[Row]:
    rows: list[Row] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for record in reader:
            try:
                rows.append(parse(record))
            except (KeyError, ValueError) as error:
                raise RegisterError(f"{path.name}:{reader.line_num}: {error}") from error
    return rows


def _parse_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _choose(text: str, choices: tuple[str, ...]) -> str:
    if text not in choices:
        raise ValueError(f"{text!r} is not one of {', '.join(choices)}")
    return text


def _parse_area(row: Mapping[str, str]) -> Area:
    if row["region_code"] not in REGIONS:
        raise ValueError(f"{row['region_code']!r} is not a region")
    return Area(
        code=row["area_code"],
        name=row["name"],
        official_name=row["official_name"],
        area_class=AreaClass(row["area_class"]),
        region_code=row["region_code"],
        opened=_parse_day(row["opened"]),
        closed=_parse_day(row["closed"]),
        slug=row["slug"],
    )


def _parse_membership(row: Mapping[str, str]) -> Membership:
    kind = cast(MembershipKind, _choose(row["kind"], get_args(MembershipKind)))
    return Membership(row["area_code"], row["parent_code"], kind, _parse_day(row["since"]), _parse_day(row["until"]))


def _parse_succession(row: Mapping[str, str]) -> Succession:
    kind = cast(SuccessionKind, _choose(row["kind"], get_args(SuccessionKind)))
    day = date.fromisoformat(row["day"])
    return Succession(row["predecessor_code"], row["successor_code"], day, kind, row["note"])


def _parse_alias(row: Mapping[str, str]) -> Alias:
    return Alias(cast(AliasScheme, _choose(row["scheme"], get_args(AliasScheme))), row["alias"], row["area_code"])
