"""Parts of the page about the API."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiParameter:
    """One parameter of an address."""

    name: str
    text: str
    notes: tuple[str, ...]  # what it may be, what it is unless given, and whether it may be repeated or must be given


@dataclass(frozen=True, slots=True)
class ApiField:
    """One field of a thing that the API answers with."""

    name: str
    type: str
    text: str
    thing: str  # the title of the thing that it holds, or empty


@dataclass(frozen=True, slots=True)
class ApiThing:
    """One kind of thing that the API answers with, and its fields."""

    title: str
    text: str
    fields: tuple[ApiField, ...]


@dataclass(frozen=True, slots=True)
class ApiOperation:
    """One address of the API: what it takes and gives, and an example that was answered from the release served."""

    path: str
    anchor: str
    summary: str
    description: str
    parameters: tuple[ApiParameter, ...]
    gives: str  # the title of the thing it answers with, or empty
    formats: tuple[str, ...]  # media types besides JSON
    example: str
    curl: str
    python: str
    answer: str
