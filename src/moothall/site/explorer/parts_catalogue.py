"""Parts of the pages that list what there is and what there is not: metrics, and gaps."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.site.explorer.parts import Choice, Link


@dataclass(frozen=True, slots=True)
class CatalogueMetric:
    """A metric in the catalogue: what it measures, its newest period and how many councils have a figure."""

    link: Link
    kind: str  # "Outcome"
    quality: str  # "accredited official statistics, retired", or empty where it is of the usual kind
    latest: str  # the label of the newest period
    age: str  # "8 years old", or empty
    coverage: str  # "151 of 153 councils"


@dataclass(frozen=True, slots=True)
class CatalogueTopic:
    """A topic of the catalogue with those of its metrics that were asked for."""

    title: str
    anchor: str
    address: str
    count: str  # "21 metrics, 4 of them old"
    metrics: tuple[CatalogueMetric, ...]


@dataclass(frozen=True, slots=True)
class CatalogueForm:
    """The form that narrows the catalogue down."""

    words: str
    topics: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    sources: tuple[Choice, ...]
    ages: tuple[Choice, ...]
    missing: tuple[Choice, ...]
    is_used: bool


@dataclass(frozen=True, slots=True)
class TopicGaps:
    """How much is missing of a topic."""

    link: Link
    files: int
    series: int
    old: int
    lacking: int  # metrics that some councils lack
    metrics: int


@dataclass(frozen=True, slots=True)
class FunctionGaps:
    """How many metrics there are of a function, of what goes in, what is done and what comes of it."""

    link: Link
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap in a table: what it is about, whose it is, a fact and why it is."""

    link: Link
    publisher: str
    fact: str
    reason: str


@dataclass(frozen=True, slots=True)
class GapSection:
    """The gaps of one kind; without rows where they are only counted."""

    key: str
    title: str
    count: int
    about: str
    columns: tuple[str, ...]
    rows: tuple[GapRow, ...]
