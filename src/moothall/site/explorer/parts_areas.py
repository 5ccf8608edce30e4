"""Parts of the pages of an authority and of a place."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.charts.svg import Svg
from moothall.site.explorer.parts import Link


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """One figure of an area in a list: what it is of, its value with the way to its cell, and its period."""

    title: str
    metric_address: str
    trace_address: str
    text: str
    period: str
    age: str  # how old, where it is old enough to mislead
    note: str  # what qualifies the value, "added up", or empty


@dataclass(frozen=True, slots=True)
class AreaTopic:
    """One topic for one area in one glance: how its figures stand, counted and drawn, and those shown first."""

    title: str
    anchor: str
    address: str
    chart: Svg | None
    counted: str  # "3 better, 9 similar, 1 worse, 8 others"
    first: AreaFigure
    others: tuple[AreaFigure, ...]
    all_figures: str  # "All 20 figures"
    about: str  # "on waste and recycling in Croydon"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to know of a council: a figure in which it stands out, and in what."""

    title: str
    address: str  # of the figure on its topic's page
    text: str
    trace_address: str
    sentence: str
    exemplar: str  # that others may learn from it, or empty


@dataclass(frozen=True, slots=True)
class Things:
    """What is to be known first of a council, with how much was looked at."""

    heading: str
    entries: tuple[Thing, ...]
    looked_at: str
    why: Link


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """Services of one kind, in a resident's words."""

    title: str
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One service: what a resident calls it, and who runs it in a place."""

    title: str
    examples: str  # "bins, recycling, street cleaning", or empty
    who: tuple[Link, ...]
    words: str  # who runs it where nobody can be linked
    in_part: tuple[Link, ...]  # who has a part of it besides


@dataclass(frozen=True, slots=True)
class PlaceAuthority:
    """One authority that runs services in a place, and what kind it is."""

    link: Link
    class_label: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One headline figure of a place: its value under the authority that is responsible for it."""

    title: str
    metric_address: str
    period: str
    age: str
    cells: tuple[PlaceCell, ...]  # one for each authority


@dataclass(frozen=True, slots=True)
class PlaceCell:
    """A value under one authority, or nothing where another is responsible."""

    text: str
    trace_address: str
    is_absent: bool
    note: str = ""  # what qualifies the value, or empty


@dataclass(frozen=True, slots=True)
class PlaceTopic:
    """The headline figures of one topic in a place."""

    title: str
    anchor: str
    rows: tuple[PlaceRow, ...]


@dataclass(frozen=True, slots=True)
class SharedOutcome:
    """An outcome that others move, too: the figure with who they are."""

    figure: AreaFigure
    authority: str
    others: str  # "the NHS and police"


@dataclass(frozen=True, slots=True)
class BillPart:
    """One part of the council tax bill: who charges it, how much, and what the part does not say of itself."""

    who: str
    address: str  # of who charges it, or empty
    text: str
    trace_address: str
    note: str
    is_within: bool = False  # whether it is a part of the part before it


@dataclass(frozen=True, slots=True)
class Bill:
    """The council tax bill of a Band D home in one council's area, by who charges it, and the total published."""

    heading: str
    sentence: str
    parts: tuple[BillPart, ...]
    total: BillPart | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Whom to complain to, in the order to go."""

    title: str
    sentence: str
    links: tuple[Link, ...]
