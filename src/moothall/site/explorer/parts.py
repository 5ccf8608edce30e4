"""Parts of pages: what a page contract is put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from moothall.charts.svg import Svg
from moothall.release.records import (
    CellRecord,
    EditionRecord,
    MissingEdition,
    SourceRecord,
)
from moothall.site.explorer.takeaway import Download


@dataclass(frozen=True, slots=True)
class Link:
    """Words and the address they lead to."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands beside it, with links where there are any."""

    label: str
    text: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a form."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TopicEntry:
    """A topic in a list, with its metrics."""

    title: str
    description: str
    address: str
    metrics: tuple[Link, ...]
    age: str  # "3 years old" where even its newest figures are, or empty


@dataclass(frozen=True, slots=True)
class SourceAge:
    """How old the newest edition held of a source is."""

    title: str
    publisher: str
    newest: str  # title of the edition
    age: str  # "8 years old" when its newest period was long over, or empty
    published: str
    newer_known: str  # that newer editions are known and not held, or empty


@dataclass(frozen=True, slots=True)
class AreaEntry:
    """An authority in a list."""

    name: str
    address: str
    class_label: str
    note: str  # "until 31 March 2023", or empty


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """Authorities under one heading."""

    title: str
    anchor: str
    areas: tuple[AreaEntry, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Figures of services an authority runs that are absent for one reason."""

    reason: str
    sentence: str
    figures: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class InShort:
    """An area's figures that stand alike to the median: the label says how, the links lead to each among its topic."""

    label: str
    count: str  # "21 figures"
    figures: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ServiceElsewhere:
    """Services an authority does not run, and who runs them there."""

    services: tuple[str, ...]
    who: tuple[Link, ...]
    words: str  # when there is nobody to link to


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A selected council in the key of a chart."""

    shape: Svg | None
    name: str
    address: str
    text: str
    position: str


@dataclass(frozen=True, slots=True)
class StripRow:
    """One row of a metric's chart: the councils compared with each other."""

    title: str
    sentence: str
    coverage: str
    chart: Svg | None
    why_no_chart: str


class ValueRow(NamedTuple):
    """One council in a metric's table, or their median, which has no code."""

    code: str
    name: str
    class_label: str
    region: str
    text: str
    note: str  # what qualifies the value, or empty
    is_absent: bool
    bar: Svg
    interval: str
    trace_address: str
    position: str
    distance: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """Councils that are compared with one another, in a metric's table."""

    title: str  # empty where there is one group
    rows: tuple[ValueRow, ...]


@dataclass(frozen=True, slots=True)
class Sorting:
    """A column heading that sorts the table: the address that does, or how it is sorted now."""

    title: str
    address: str
    order: str  # "ascending", "descending" or "none"


class HistoryCell(NamedTuple):
    """A value of one period, with the page it comes from where it has one."""

    text: str
    address: str
    is_absent: bool


class HistoryRow(NamedTuple):
    """One period: what is to be known about it, and a cell for each column."""

    period: str
    note: str
    cells: tuple[HistoryCell, ...]


@dataclass(frozen=True, slots=True)
class OverTime:
    """A metric over time: sentences, the chart with what is to be known about it, and the same as a table."""

    sentence: str
    title: str  # of the chart
    chart: Svg | None
    key: tuple[KeyEntry, ...]  # names of the lines, where a narrow page has no room beside them
    remarks: tuple[str, ...]
    caption: str
    columns: tuple[str, ...]
    rows: tuple[HistoryRow, ...]
    download: Download | None  # none where the page it is on has its own


@dataclass(frozen=True, slots=True)
class AboutData:
    """How old a figure is, whose it is and what newer ones are known."""

    source: SourceRecord
    age: str
    missing: tuple[MissingEdition, ...]


@dataclass(frozen=True, slots=True)
class MetricForm:
    """The form of a metric's page."""

    area: str  # the name of the council chosen, or empty
    councils: tuple[str, ...]  # names to choose from
    can_mark: bool  # whether another council can be marked
    peers: tuple[Choice, ...]
    models: tuple[Choice, ...]  # lists of neighbours
    periods: tuple[Choice, ...]
    breakdowns: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]  # hidden fields: what the form keeps as it is
    removals: tuple[Link, ...]  # councils marked besides, each with the address that unmarks it


@dataclass(frozen=True, slots=True)
class View:
    """One way of showing a page, and the address that shows it so."""

    text: str
    address: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class MapForm:
    """The form of a map's page."""

    areas: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    breakdowns: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]  # hidden fields: what the form keeps as it is


@dataclass(frozen=True, slots=True)
class MapRow:
    """One council in the table below a map."""

    code: str
    name: str
    metric_address: str
    text: str
    trace_address: str


@dataclass(frozen=True, slots=True)
class MapClass:
    """The councils of one class, for the key of a map and for the table below it; those left blank have no rows."""

    swatch: Svg
    label: str
    count: str  # "62 councils"
    is_chosen: bool  # whether the chosen council is among them
    rows: tuple[MapRow, ...]


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A metric in the list of its topic."""

    link: Link
    description: str
    latest: str  # the label of the newest period
    age: str  # "8 years old" when the release was made, or empty
    medians: tuple[Fact, ...]  # of England, or of each kind of council where only those are alike


@dataclass(frozen=True, slots=True)
class MetricGroup:
    """Metrics of a topic that are read alike."""

    title: str
    metrics: tuple[MetricEntry, ...]


@dataclass(frozen=True, slots=True)
class SettledCase:
    """Rows of published files settled by a rule: what was done, why, and where."""

    done: str
    reason: str
    rows: int
    places: tuple[str, ...]  # "Collected waste, 2010-11 to 2022-23, table “indicators”: 5 rows, the first at C3128"


@dataclass(frozen=True, slots=True)
class TracedCell:
    """One cell that a figure rests on, as its page shows it."""

    cell: CellRecord
    heading: str
    place: str  # "P3156 on sheet “Table_1”"
    column: str  # the letters of the cell's column
    read_as: str  # the number as computed with, where it is not the one stored
    earlier: tuple[tuple[EditionRecord, str, str], ...]  # edition, value as shown, place


@dataclass(frozen=True, slots=True)
class TracedFile:
    """One published file that a figure rests on, with its cells."""

    title: str
    cells: tuple[TracedCell, ...]
    facts: tuple[Fact, ...]
    steps: tuple[str, ...]  # how to check it
