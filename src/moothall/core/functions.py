"""Which authority has which function, over which ground, from when to when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise
from typing import Literal

from pydantic import Field, field_serializer, field_validator

from moothall.core.areas import Area, AreaClass, Register, is_within
from moothall.core.fields import AreaCode, Definition, FunctionKey, Title

Extent = Literal["statutory", "partial"]


class FunctionsError(ValueError):
    """Functions that do not hold together with the register; the message names the function."""


class FunctionException(Definition):
    """Areas that differ from their class for `[since, until)`.

    `delivered_by` is the area code of the authority that has the function instead, or that does the work.
    """

    areas: frozenset[AreaCode] = Field(min_length=1)
    has: Literal["statutory", "partial", "none"]
    since: date | None = None
    until: date | None = None
    delivered_by: AreaCode | None = None
    note: str = ""
    checked: bool = True

    # A set has another order in every process, and digests are made of what is written.
    @field_serializer("areas", when_used="json")
    def _write_in_order(self, areas: frozenset[str]) -> list[str]:
        return sorted(areas)

    def covers(self, area_code: str, day: date) -> bool:
        """Whether the exception is about the area on the day."""
        return area_code in self.areas and is_within(self.since, self.until, day)


NO_DUTY = "None"
"""The statute of a function that is nobody's duty: being the place that figures are about."""


class FunctionDefinition(Definition):
    """One function of local government, with who has it by class and who has it otherwise."""

    key: FunctionKey
    title: Title
    statute: Title
    statute_checked: bool
    classes: dict[AreaClass, Extent]
    since: date | None = None
    exceptions: tuple[FunctionException, ...] = ()
    note: str = ""

    @field_validator("exceptions")
    @classmethod
    def _do_not_overlap(cls, exceptions: tuple[FunctionException, ...]) -> tuple[FunctionException, ...]:
        for first, second in combinations(exceptions, 2):
            shared = first.areas & second.areas
            apart = (first.until is not None and second.since is not None and first.until <= second.since) or (
                second.until is not None and first.since is not None and second.until <= first.since
            )
            if shared and not apart:
                raise ValueError(f"two exceptions about {', '.join(sorted(shared))} overlap")
        return exceptions

    def find_exception(self, area_code: str, day: date) -> FunctionException | None:
        """Return the exception that is about the area on the day, or None."""
        return next((e for e in self.exceptions if e.covers(area_code, day)), None)


class FunctionsFile(Definition):
    """`definitions/functions.yaml`."""

    functions: tuple[FunctionDefinition, ...]

    @field_validator("functions")
    @classmethod
    def _keys_differ(cls, functions: tuple[FunctionDefinition, ...]) -> tuple[FunctionDefinition, ...]:
        keys = [function.key for function in functions]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"{key!r} is defined twice")
        return functions


@dataclass(frozen=True, slots=True)
class Responsibility:
    """An area that has a function for `[since, until)`; None means before the register begins, or still."""

    function_key: str
    area_code: str
    extent: Extent
    since: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether the area had the function on the day."""
        return is_within(self.since, self.until, day)


class Functions:
    """Every function, by key in the order of the definitions."""

    def __init__(self, definitions: Mapping[str, FunctionDefinition]) -> None:
        """Keep the definitions, by key."""
        self.definitions: dict[str, FunctionDefinition] = dict(definitions)

    @classmethod
    def from_file(cls, file: FunctionsFile) -> Functions:
        """The functions of a checked file."""
        return cls({definition.key: definition for definition in file.functions})

    def responsibility(self, function_key: str, area: Area, day: date) -> Extent | None:
        """Return how far an area has a function on a day; None if not at all, or if the area did not exist.

        Raises KeyError for a function that is not defined.
        """
        if not area.is_alive(day):
            return None
        return self._extent(self.definitions[function_key], area, day)

    def deliverer(self, function_key: str, area: Area, day: date) -> str | None:
        """Return the code of the authority that has the function instead of this area, or does its work, if named.

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
        for since, until in pairwise(edges):
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
