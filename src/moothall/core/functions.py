"""Which authority has which function, over which ground, from when to when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast, get_args

from moothall.core.areas import Area, AreaClass, Register

Extent = Literal["statutory", "partial"]
ExtentOrNone = Literal["statutory", "partial", "none"]


class FunctionsError(ValueError):
    """A definition of functions that does not hold together; the message names the function."""


@dataclass(frozen=True, slots=True)
class FunctionException:
    """Areas that differ from their class for `[since, until)`.

    `delivered_by` is the area code of the authority that has the function instead, or that does the work.
    """

    areas: frozenset[str]
    has: ExtentOrNone
    since: date | None
    until: date | None
    delivered_by: str | None
    note: str
    checked: bool

    def covers(self, area_code: str, day: date) -> bool:
        """Whether the exception is about the area on the day."""
        return (
            area_code in self.areas
            and (self.since is None or self.since <= day)
            and (self.until is None or day < self.until)
        )


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """One function of local government, with who has it by class and who has it otherwise."""

    key: str
    title: str
    statute: str
    statute_checked: bool
    classes: Mapping[AreaClass, Extent]
    since: date | None
    exceptions: tuple[FunctionException, ...]
    note: str

    def find_exception(self, area_code: str, day: date) -> FunctionException | None:
        """Return the exception that is about the area on the day, or None."""
        return next((e for e in self.exceptions if e.covers(area_code, day)), None)


@dataclass(frozen=True, slots=True)
class Responsibility:
    """An area that has a function for `[since, until)`; None means before the register begins, or still."""

    function_key: str
    area_code: str
    extent: Extent
    since: date | None
    until: date | None


class Functions:
    """Every function, by key in the order of the definitions."""

    def __init__(self, definitions: Mapping[str, FunctionDefinition]) -> None:
        """Keep the definitions, by key."""
        self.definitions: dict[str, FunctionDefinition] = dict(definitions)

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Functions:
        """Read the parsed `functions.yaml`.

        Raises FunctionsError, naming the function, for an unknown class, extent or field and for exceptions about one
        area that overlap in time.
        """
        definitions = [_parse_definition(row) for row in mapping["functions"]]
        keys = [definition.key for definition in definitions]
        for key in keys:
            if keys.count(key) > 1:
                raise FunctionsError(f"{key}: defined twice")
        return cls({definition.key: definition for definition in definitions})

    def responsibility(self, function_key: str, area: Area, day: date) -> Extent | None:
        """Return how far an area has a function on a day; None if not at all, or if the area did not exist.

        Raises KeyError for a function that is not defined.
        """
        if not area.is_alive(day):
            return None
        return self._extent(self.definitions[function_key], area, day)

    def deliverer(self, function_key: str, area: Area, day: date) -> str | None:
        """Return the code of the authority that has the function instead of this area, or does its work, if one is named.

        A district's county is not named here: see `Register.parents`.
        """
        exception = self.definitions[function_key].find_exception(area.code, day)
        return exception.delivered_by if exception is not None else None

    def rows(self, register: Register) -> list[Responsibility]:
        """List every span of responsibility of every area, by function, area and start; adjoining equal spans are one.

        Raises FunctionsError for an exception about an area that is not in the register.
        """
        found: list[Responsibility] = []
        for definition in self.definitions.values():
            for exception in definition.exceptions:
                unknown = {*exception.areas, *filter(None, [exception.delivered_by])} - set(register.areas)
                if unknown:
                    raise FunctionsError(f"{definition.key}: not in the register: {', '.join(sorted(unknown))}")
            for area in register.areas.values():
                found.extend(self._spans(definition, area))
        return found

    def _extent(self, definition: FunctionDefinition, area: Area, day: date) -> Extent | None:
        if definition.since is not None and day < definition.since:
            return None
        exception = definition.find_exception(area.code, day)
        if exception is None:
            return definition.classes.get(area.area_class)
        return None if exception.has == "none" else exception.has

    def _spans(self, definition: FunctionDefinition, area: Area) -> Iterator[Responsibility]:
        days = {definition.since}
        for exception in definition.exceptions:
            if area.code in exception.areas:
                days |= {exception.since, exception.until}
        turns = sorted(day for day in days if day is not None and _lies_inside(day, area))
        edges = [area.opened, *turns, area.closed]
        pending: Responsibility | None = None
        for since, until in zip(edges, edges[1:], strict=False):
            extent = self._extent(definition, area, since if since is not None else date.min)
            if pending is not None and extent == pending.extent:
                pending = Responsibility(definition.key, area.code, pending.extent, pending.since, until)
                continue
            if pending is not None:
                yield pending
            pending = Responsibility(definition.key, area.code, extent, since, until) if extent else None
        if pending is not None:
            yield pending


def _lies_inside(day: date, area: Area) -> bool:
    return (area.opened is None or area.opened < day) and (area.closed is None or day < area.closed)


_DEFINITION_FIELDS = {"key", "title", "statute", "statute_checked", "classes", "since", "exceptions", "note"}
_EXCEPTION_FIELDS = {"areas", "has", "since", "until", "delivered_by", "note", "checked"}


def _parse_definition(row: Mapping[str, Any]) -> FunctionDefinition:
    key = str(row.get("key", "?"))
    _refuse_unknown(key, row, _DEFINITION_FIELDS)
    try:
        definition = FunctionDefinition(
            key=key,
            title=row["title"],
            statute=row["statute"],
            statute_checked=row["statute_checked"],
            classes={AreaClass(name): _parse_extent(extent) for name, extent in row["classes"].items()},
            since=row.get("since"),
            exceptions=tuple(_parse_exception(key, e) for e in row.get("exceptions", [])),
            note=row.get("note", ""),
        )
    except (KeyError, ValueError) as error:
        raise error if isinstance(error, FunctionsError) else FunctionsError(f"{key}: {error}") from error
    _refuse_overlaps(definition)
    return definition


def _parse_extent(text: str) -> Extent:
    if text not in get_args(Extent):
        raise ValueError(f"{text!r} is neither statutory nor partial")
    return cast(Extent, text)


def _parse_exception(key: str, row: Mapping[str, Any]) -> FunctionException:
    _refuse_unknown(key, row, _EXCEPTION_FIELDS)
    has = row["has"]
    if has not in get_args(ExtentOrNone):
        raise FunctionsError(f"{key}: {has!r} is none of statutory, partial, none")
    return FunctionException(
        areas=frozenset(row["areas"]),
        has=has,
        since=row.get("since"),
        until=row.get("until"),
        delivered_by=row.get("delivered_by"),
        note=row.get("note", ""),
        checked=row.get("checked", True),
    )


def _refuse_unknown(key: str, row: Mapping[str, Any], fields: set[str]) -> None:
    unknown = set(row) - fields
    if unknown:
        raise FunctionsError(f"{key}: unknown field {', '.join(sorted(unknown))}")


def _refuse_overlaps(definition: FunctionDefinition) -> None:
    for place, first in enumerate(definition.exceptions):
        for second in definition.exceptions[place + 1 :]:
            shared = first.areas & second.areas
            apart = (first.until is not None and second.since is not None and first.until <= second.since) or (
                second.until is not None and first.since is not None and second.until <= first.since
            )
            if shared and not apart:
                raise FunctionsError(f"{definition.key}: two exceptions about {', '.join(sorted(shared))} overlap")
