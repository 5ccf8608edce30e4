"""Records: what the query layer answers with, the same for pages, the API and downloads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

from moothall.core.adding_up import AddsUp
from moothall.core.areas import AreaClass
from moothall.core.definitions import NoteKind
from moothall.core.frames import ALL as ALL
from moothall.core.frames import ENGLAND as ENGLAND
from moothall.core.life_cycle import Status
from moothall.core.problems import Severity
from moothall.core.quality import Quality
from moothall.core.values import ADDED_UP, Kind, Lever, Marker, Polarity, Unit, show_value
from moothall.release.certainty import CertaintyRecord as CertaintyRecord
from moothall.release.comparators import EVERYONE as EVERYONE
from moothall.release.comparators import PEERS as PEERS
from moothall.release.comparators import Comparators as Comparators
from moothall.release.comparators import Peers as Peers
from moothall.release.excerpt import Excerpt
from moothall.release.navigation import OutcomeRecord as OutcomeRecord
from moothall.release.navigation import TopicRecord as TopicRecord
from moothall.release.trend import TrendRecord


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """One authority, as it is or was."""

    code: str
    name: str
    official_name: str
    slug: str
    area_class: AreaClass
    region_code: str
    region: str
    county_code: str | None  # of a district
    county: str | None
    combined_authority_code: str | None
    combined_authority: str | None
    waste_authority_code: str | None  # the joint authority that disposes of its waste
    waste_authority: str | None
    opened: date | None
    closed: date | None  # the first day it no longer existed
    is_principal: bool


@dataclass(frozen=True, slots=True)
class SuccessionRecord:
    """What became of an authority."""

    predecessor: AreaRecord
    successor: AreaRecord
    day: date
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class FunctionRecord:
    """Something councils are responsible for."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """One published file."""

    key: str  # "<source>/<edition>"
    source: str
    edition: str
    title: str
    address: str | None
    sha256: str
    bytes: int
    published: str
    published_precision: str
    published_basis: str
    published_basis_label: str
    known_on: date
    quality: str
    note: str


@dataclass(frozen=True, slots=True)
class MissingEdition:
    """A published file that is known to exist and that this release does not hold."""

    source: str
    edition: str
    title: str
    address: str | None
    landing_page: str
    published: str | None


@dataclass(frozen=True, slots=True)
class UnreadSource:
    """A publisher's series that is known and of which nothing is read."""

    key: str
    title: str
    publisher: str
    landing_page: str
    why: str
    tells: str
    topics: tuple[str, ...]
    functions: tuple[str, ...]
    missing: tuple[MissingEdition, ...]  # newest first


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A publisher's series."""

    key: str
    title: str
    publisher: str
    licence: str
    licence_label: str
    licence_address: str
    attribution: str
    landing_page: str
    cadence: str
    cadence_months: int | None
    quality: str
    quality_label: str
    note: str
    editions: tuple[EditionRecord, ...]  # newest first
    missing: tuple[MissingEdition, ...]  # newest first

    @property
    def missing_newer(self) -> tuple[MissingEdition, ...]:
        """The missing editions newer than the newest held; one of an unknown day is taken for newer."""
        newest = self.editions[0].published if self.editions else ""
        return tuple(each for each in self.missing if each.published is None or each.published > newest)


@dataclass(frozen=True, slots=True)
class RegisterFileRecord:
    """One published file that the register of authorities was read from."""

    title: str
    publisher: str
    licence: str
    licence_label: str
    licence_address: str
    published: str
    address: str | None
    sha256: str


@dataclass(frozen=True, slots=True)
class BoundaryFileRecord(RegisterFileRecord):
    """One published file that maps were drawn from."""

    key: str  # the layout it is for
    attribution: str


@dataclass(frozen=True, slots=True)
class ShapeRecord:
    """An area's shape in one layout of a map."""

    path: str  # SVG path data
    box: tuple[int, int, int, int]  # least x, least y, greatest x, greatest y


@dataclass(frozen=True, slots=True)
class PeriodNote:
    """What is to be known about one period of a metric: a break before it, or that the pandemic affected it."""

    period: str
    kind: NoteKind
    reason: str


@dataclass(frozen=True, slots=True)
class MetricRecord:
    """One metric, in words and rules."""

    key: str
    title: str
    short: str
    description: str
    why: str
    not_tell: str
    topic: str
    topic_title: str
    source: str | None  # None for a derived metric: see `inputs`
    unit: Unit
    unit_words: str
    places: int
    polarity: Polarity
    kind: Kind
    functions: tuple[FunctionRecord, ...]
    applies_to: tuple[AreaClass, ...]  # classes that have, or had, any of the functions, in a fixed order
    lever: Lever
    shared_with: tuple[str, ...]
    comparable_within: Literal["england", "class"]
    interval: str
    owner: str
    checker: str
    next_review: date
    formula: str | None
    inputs: tuple[tuple[str, str], ...]  # (name in the formula, metric key)
    breakdowns: tuple[str, ...]
    first_period: str | None
    latest_period: str | None  # the newest in which at least half of the responsible councils have a value
    period_notes: tuple[PeriodNote, ...]  # by period
    status: Status
    status_since: date | None
    status_reason: str | None  # why it was retired, or what was improved
    replacement: str | None  # the metric that took a retired one's place
    aliases: tuple[str, ...]  # keys that it once had
    quality: Quality  # what kind of statistic it is
    old_after: int  # months from the end of a period after which its figures are old: see `core.ages`
    is_old: bool  # whether its newest figures were old when the release was made
    adds_up: AddsUp | None  # how its figures of several councils add up


@dataclass(frozen=True, slots=True)
class PeriodRecord:
    """One period of a metric and how full it is."""

    key: str
    label: str
    start: date
    end: date
    eligible: int
    with_value: int
    is_latest: bool


class SummaryRecord(NamedTuple):
    """The councils of one scope in one metric and period."""

    scope: str  # "england", a class, or a region code
    scope_label: str  # "councils in England", "London boroughs", "councils in the North West"
    eligible: int
    with_value: int
    median: float | None
    mad: float | None
    lower_quartile: float | None
    upper_quartile: float | None
    lowest: float | None
    highest: float | None
    marker: Marker | None


class FigureRecord(NamedTuple):
    """One figure: a value or the marker that says why there is none, with its position.

    `rank`, `rank_of` and `band` are among the peers asked for; `mads_*` are never flipped for polarity.
    """

    metric: str
    metric_title: str
    breakdown: str
    area: str
    area_name: str
    area_class: AreaClass
    comparable_within: str
    lever: str
    shared_with: tuple[str, ...]
    period: str
    period_label: str
    value: float | None
    unit: Unit
    places: int
    marker: Marker | None
    lower: float | None
    upper: float | None
    peers: Peers
    mads_england: float | None
    mads_class: float | None
    mads_peers: float | None
    mads_neighbours: float | None
    median_england: float | None
    median_class: float | None
    median_peers: float | None
    median_neighbours: float | None
    neighbours_with_value: int | None  # of its neighbours by the default model; none without a list
    neighbours_marker: Marker | None
    rank: int | None
    rank_of: int | None
    band: int | None  # 1 (best quarter) to 4
    change: float | None
    change_from: str | None
    trend: TrendRecord | None  # of the metric's latest period, where its series can be looked at
    release: str
    source: str | None
    edition: str | None
    published: str | None
    known_on: date | None
    is_old: bool  # whether the publisher should have brought out newer ones when the release was made
    certainty: CertaintyRecord | None  # of the latest period, where anything is known of it

    @property
    def text(self) -> str:
        """The value as shown, or the marker's label."""
        return show_value(self.value, self.marker, self.unit, self.places)

    @property
    def is_compared(self) -> bool:
        """Whether its value, where it has one, may be compared: nothing about it says that it is on another basis."""
        return self.marker is None or self.marker.meaning.is_compared

    @property
    def is_added_up(self) -> bool:
        """Whether it is, or would be, worked out over the figures of several councils."""
        return self.marker in ADDED_UP


@dataclass(frozen=True, slots=True)
class CellRecord:
    """One cell that a figure rests on."""

    metric: str
    metric_title: str
    name: str | None  # its name in the formula
    breakdown: str
    area: str
    period: str
    value: float | None
    text: str
    marker: Marker | None
    stored: str
    sheet: str
    cell: str
    edition: EditionRecord
    earlier: tuple[CellRecord, ...]  # the same key in earlier editions, newest first
    excerpt: Excerpt | None


@dataclass(frozen=True, slots=True)
class TraceRecord:
    """Where a figure comes from."""

    figure: FigureRecord
    metric: MetricRecord
    area: AreaRecord
    formula: str | None
    formula_worked: str | None  # the formula with the numbers in it
    cells: tuple[CellRecord, ...]
    parts: tuple[FigureRecord, ...]  # of a figure added up: those of each council, by name


@dataclass(frozen=True, slots=True)
class AnnouncedRecord:
    """An authority that is to take another's place."""

    successor: str
    day: date
    source: str
    address: str
    is_checked: bool  # against the order that makes the change


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a release holds."""

    metrics: int
    sources: int
    observations: int
    figures: int
    areas: int


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """What a check before publishing found in one period of a metric."""

    code: str
    severity: Severity
    metric_key: str
    period: str
    many: int
    said: str  # the weightiest of them
    edition_key: str | None  # where that stands, when it is one value
    sheet: str | None
    cell: str | None
    reason: str | None  # for which it was accepted; none when it was not


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A release: what it is, what it holds and what it was made from."""

    id: str
    digest: str
    built: str  # a day
    code_revision: str | None
    definitions: str  # sha256 of the definitions
    counts: Counts
    settled: tuple[dict[str, Any], ...]  # rows left out or read as another area, with the reason
    findings: tuple[FindingRecord, ...]  # of the checks before publishing, accepted or not


class UnknownKey(KeyError):  # noqa: N818 - the word the site uses
    """A key that the release does not have; says of what kind."""

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(key)
        self.kind = kind
        self.key = key

    def __str__(self) -> str:
        return f"there is no {self.kind} {self.key!r}"
