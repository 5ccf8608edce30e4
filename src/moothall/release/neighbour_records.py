"""Records of neighbours: what the query layer says of models, lists and why two places are alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from moothall.core.neighbour_models import WhyNone


@dataclass(frozen=True, slots=True)
class NeighbourInputRecord:
    """One thing that councils are likened by."""

    metric: str
    breakdown: str
    title: str  # the metric's
    period: str
    period_label: str
    domain: str
    domain_title: str
    domain_weight: float
    weight: float  # beside the others of its domain
    transform: str | None  # none where the method chooses it
    stands_for: str | None


@dataclass(frozen=True, slots=True)
class ChurnRecord:
    """What changed in the lists of a pool since the version before."""

    pool: str
    pool_label: str
    lists: int
    unchanged: float  # share of the lists with the same members
    overlap: float  # mean share of the earlier members that are still there


@dataclass(frozen=True, slots=True)
class NeighbourVersionRecord:
    """One version of a model, or edition of a published set."""

    key: str
    day: date
    note: str
    is_current: bool
    inputs: tuple[NeighbourInputRecord, ...]
    missing: tuple[tuple[str, str], ...]  # what the method names and is not held, and why
    previous: str | None  # the version that churn is counted from
    churn: tuple[ChurnRecord, ...]
    address: str | None  # of a published edition's file, and so on
    sha256: str | None
    published: str | None
    published_basis: str | None


@dataclass(frozen=True, slots=True)
class NeighbourModelRecord:
    """One way to find a council's neighbours: ours, or a set that somebody publishes."""

    key: str
    title: str
    description: str
    kind: str  # ours or published
    method: str | None
    k: int | None
    is_default: bool
    publisher: str | None
    licence: str | None
    licence_label: str | None
    licence_address: str | None
    attribution: str | None
    landing_page: str | None
    versions: tuple[NeighbourVersionRecord, ...]  # newest first

    @property
    def version(self) -> NeighbourVersionRecord:
        """The newest version."""
        return self.versions[0]


@dataclass(frozen=True, slots=True)
class SetNotHeldRecord:
    """An edition of a published set that is known and not here."""

    model: str
    edition: str
    title: str
    purpose: str
    publisher: str
    landing_page: str
    address: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class ListedRecord:
    """How many places a publisher's list has, and why some are not shown."""

    listed: int
    closed: int
    outside_england: int
    other_kind: int


@dataclass(frozen=True, slots=True)
class NeighbourRecord:
    """One neighbour on a list."""

    area: str
    place: int
    distance: float | None
    rebased: float | None  # of the largest distance of any two in the pool
    percentile: float | None
    closeness: str | None
    inclusion: float | None


@dataclass(frozen=True, slots=True)
class NeighbourListRecord:
    """An area's neighbours by one version of a model, the nearest first, or why it has none."""

    area: str
    model: str
    version: str
    pool: str | None = None
    pool_label: str | None = None
    pool_size: int | None = None
    neighbours: tuple[NeighbourRecord, ...] = ()
    stability: float | None = None  # the mean inclusion of its neighbours
    retention: float | None = None  # share of the list that stays when a domain is left out, on the mean
    is_isolated: bool = False
    is_all_of_kind: bool = False
    why_none: WhyNone | None = None
    published: ListedRecord | None = None  # of a published list: what it has


@dataclass(frozen=True, slots=True)
class LikenedRecord:
    """One input of two places, or of one and the middle of its neighbours."""

    input: NeighbourInputRecord
    value: float | None
    text: str
    other: float | None
    other_text: str
    share: float | None  # of the squared distance of the two places
    is_estimated: bool  # either is the pool's middle, or a mean over the ground, for want of a figure
    weight: float  # its share of all weights


@dataclass(frozen=True, slots=True)
class DomainGapRecord:
    """How far apart two places are in one domain."""

    domain: str
    title: str
    share: float  # of the squared distance
    relative: float  # 1 is what is usual between two of the pool
    inputs: tuple[LikenedRecord, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """In what two places are most alike, and in what they differ most."""

    area: str
    neighbour: str
    model: str
    similar: tuple[DomainGapRecord, ...]  # the most alike first
    differs: tuple[DomainGapRecord, ...]  # the largest difference first


@dataclass(frozen=True, slots=True)
class ValidationRecord:
    """One result of holding lists of neighbours against measures that they were not made from."""

    test: str
    tier: str
    subject: str
    against: str
    measures: int
    themes: int
    value: float
    lower: float | None
    upper: float | None
