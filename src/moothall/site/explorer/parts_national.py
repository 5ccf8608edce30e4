"""Parts of the pages of the national picture."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.charts.svg import Svg
from moothall.site.explorer.parts import Link, OverTime


@dataclass(frozen=True, slots=True)
class NationalTopic:
    """One topic in the overview: a mark for each series that was looked at, and how many went where."""

    link: Link
    marks: Svg | None
    counts: tuple[tuple[str, int], ...]  # in the order of the columns, with their titles


@dataclass(frozen=True, slots=True)
class NationalMove:
    """A series that moved: the middle of the same councils in the first and the latest period."""

    scope: str  # "Councils in England"
    councils: str  # "129"
    spark: Svg | None
    before: str  # "14.5% in 2012-13"
    after: str


@dataclass(frozen=True, slots=True)
class NationalMoves:
    """The series that moved one way, by topic and metric."""

    title: str
    direction: str  # "better" or "worse"
    metrics: tuple[tuple[Link, tuple[NationalMove, ...]], ...]


@dataclass(frozen=True, slots=True)
class NationalLine:
    """The councils of one scope in one metric: where half of them lie, and where they went together."""

    scope: str  # "Councils in England"
    middle: str
    half: str  # "1.23 to 2.81 per 1,000"
    with_figure: str  # "290 of 296"
    spark: Svg | None
    course: str  # "Towards better", "Rose", "No clear change", "Too few periods"
    direction: str  # "better" or "worse" where it has a mark, or empty
    since: str  # "since 2014-15", or empty


@dataclass(frozen=True, slots=True)
class NationalEntry:
    """One metric of a topic, with the councils of each scope in which they can be compared."""

    link: Link
    period: str
    age: str
    lines: tuple[NationalLine, ...]


@dataclass(frozen=True, slots=True)
class NationalGroup:
    """Metrics of a topic that are read alike."""

    title: str
    sentence: str
    entries: tuple[NationalEntry, ...]


@dataclass(frozen=True, slots=True)
class BoxRow:
    """The councils of one class or region in a metric's latest period."""

    label: str
    box: Svg | None
    cells: tuple[str, ...]  # in the order of the columns: middle, quarters, tenths; empty where too few have a figure
    with_figure: str


@dataclass(frozen=True, slots=True)
class BoxTable:
    """Classes, or regions, one below the other on one scale."""

    title: str
    anchor: str
    sentence: str
    rows: tuple[BoxRow, ...]


@dataclass(frozen=True, slots=True)
class NationalScope:
    """The councils of one scope in one metric: in words, over time and how far apart they lie."""

    title: str  # "Councils in England"
    anchor: str
    sentence: str
    movement: str
    over_time: OverTime | None
    gap: str
    deprivation: str
