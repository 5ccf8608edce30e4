"""Parts of the pages that set councils side by side."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.charts.svg import Svg
from moothall.site.explorer.parts import Choice


@dataclass(frozen=True, slots=True)
class MarkedValue:
    """What one selected council has in one metric; `shape` where it is found on the chart by it."""

    shape: Svg | None
    name: str
    text: str
    is_absent: bool
    trace_address: str
    note: str  # "provisional", "run by Oxfordshire", or empty


@dataclass(frozen=True, slots=True)
class MarkedCouncil:
    """A selected council in the key of a page, with the address of the page without it where it can be left out."""

    shape: Svg | None
    name: str
    address: str
    without: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One metric for the councils selected: a sentence on the first, the strip, and each one's value."""

    anchor: str
    title: str
    group: str  # of metrics read alike, whose heading stands above where it changes; empty where there is one
    metric_address: str
    sentence: str
    context: str  # what more there is to say of the first, or empty
    chart: Svg | None
    values: tuple[MarkedValue, ...]
    period: str
    age: str
    published: str
    direction: str
    coverage: str  # how many of the councils compared have a figure, where some have none
    not_tell: str


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """One metric in the table of the councils selected: their values in the order of the columns."""

    title: str
    metric_address: str
    period: str
    age: str
    values: tuple[MarkedValue, ...]
    median: str


@dataclass(frozen=True, slots=True)
class CouncilsForm:
    """The form that chooses the councils of a comparison, by their names."""

    others: tuple[str, ...]  # what stands in each field for one more council
    councils: tuple[str, ...]  # names to choose from
    peers: tuple[Choice, ...]
    models: tuple[Choice, ...]  # lists of neighbours
    kept: tuple[str, ...]  # codes of a group too large for the fields, which the form keeps
