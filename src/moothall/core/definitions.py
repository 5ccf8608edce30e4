"""Definitions: what analysts write in YAML, as Pydantic models."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from moothall.core.adding_up import AddsUp
from moothall.core.counted import PER, Counted
from moothall.core.editions import EditionDefinition, LockedEdition, Publication, WebAddress
from moothall.core.fields import Definition, FunctionKey, Key, ModelKey, PeriodKeys, Sentence, Sha256, Title
from moothall.core.layouts import TableDefinition
from moothall.core.life_cycle import LifeCycle
from moothall.core.quality import Accepted, Quality, Total
from moothall.core.values import ADDITIVE, Kind, Lever, Polarity, Unit

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Licence(StrEnum):
    """The licences that figures and boundaries come under."""

    OGL_3 = "ogl-3"
    CC_BY_4 = "cc-by-4"
    OPEN_PARLIAMENT = "open-parliament"
    MIT = "mit"

    @property
    def label(self) -> str:
        """The licence's name."""
        return {
            Licence.OGL_3: "Open Government Licence v3.0",
            Licence.CC_BY_4: "Creative Commons Attribution 4.0",
            Licence.OPEN_PARLIAMENT: "Open Parliament Licence v3.0",
            Licence.MIT: "MIT licence",
        }[self]

    @property
    def address(self) -> str:
        """Where the licence can be read."""
        return {
            Licence.OGL_3: "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            Licence.CC_BY_4: "https://creativecommons.org/licenses/by/4.0/",
            Licence.OPEN_PARLIAMENT: "https://www.parliament.uk/site-information/copyright-parliament/"
            "open-parliament-licence/",
            Licence.MIT: "https://opensource.org/license/mit",
        }[self]


class Cadence(StrEnum):
    """How often a source is published."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    EVERY_TWO_YEARS = "every_two_years"
    ONE_OFF = "one_off"

    @property
    def months(self) -> int | None:
        """The months between editions, none for a one-off."""
        return {"monthly": 1, "quarterly": 3, "yearly": 12, "every_two_years": 24, "one_off": None}[self]


class ValueRange(Definition):
    """The values that are possible."""

    min: float | None = None
    max: float | None = None


class Metric(LifeCycle):
    """What is measured, in words a councillor can read, and how it may be compared."""

    key: Key
    family: Key | None = None  # whose words and rules it shares, where it has none of its own
    title: Title
    short: Annotated[str, StringConstraints(min_length=3, max_length=60)]
    description: Sentence
    why: Sentence
    not_tell: Sentence
    topic: Key
    unit: Unit
    places: Annotated[int, Field(ge=-3, le=4)]
    polarity: Polarity
    kind: Kind
    functions: tuple[FunctionKey, ...] = Field(min_length=1)
    lever: Lever
    shared_with: tuple[str, ...] = ()
    comparable_within: Literal["england", "class"]
    interval: Literal["none", "published", "wilson", "byar"]
    counts: Counted | None = None  # what a wilson or byar interval is made from
    range: ValueRange = ValueRange()
    adds_up: AddsUp | None = None  # none: a figure of several councils together cannot be worked out
    owner: Title
    checker: Title
    next_review: date

    @model_validator(mode="after")
    def _is_not_scored(self) -> Self:
        if not self.unit.is_amount and (self.polarity is not Polarity.NONE or self.interval != "none"):
            raise ValueError(f"values of {self.unit} are not scored: polarity and interval must be none")
        if self.adds_up and not (self.unit in ADDITIVE if self.adds_up.sum else self.unit.is_amount):
            raise ValueError(f"values of {self.unit} are not added up")
        return self

    @model_validator(mode="after")
    def _has_counts_for_its_interval(self) -> Self:
        needed = {"wilson": "denominator", "byar": "numerator"}.get(self.interval)
        if needed is None:
            if self.counts is not None:
                raise ValueError("counts are for an interval that is wilson or byar")
        elif self.unit not in PER:
            raise ValueError(f"values of {self.unit} are no rate: the interval cannot be {self.interval}")
        elif self.counts is None or getattr(self.counts, needed) is None:
            raise ValueError(f"an interval that is {self.interval} names the metric with the {needed} under 'counts'")
        return self


class DerivedMetric(Metric):
    """A metric worked out from others of the same area and period."""

    adds_up: None = None  # worked out again from its inputs, added up
    formula: Annotated[str, StringConstraints(min_length=1)]
    inputs: dict[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_0-9]*$")], Key] = Field(min_length=1)


class NoteKind(StrEnum):
    """What is to be known about a period of a series."""

    DEFINITION = "definition"
    METHOD = "method"
    COVERAGE = "coverage"
    BOUNDARY = "boundary"
    COVID = "covid"

    @property
    def is_break(self) -> bool:
        """Whether the series from the period on is not to be compared with what came before."""
        return self is not NoteKind.COVID


class PeriodNote(Definition):
    """What is to be known about some periods of a source's metrics: all of them, unless some are named.

    A break stands before each of its periods: what comes from then on is not to be compared with what came before.
    """

    periods: PeriodKeys = Field(min_length=1)
    kind: NoteKind
    reason: Sentence
    metrics: tuple[Key, ...] = ()

    def is_about(self, metric_key: str) -> bool:
        """Whether it is about one of the source's metrics."""
        return not self.metrics or metric_key in self.metrics


class Unread(Definition):
    """Why nothing of a source is read, what it would tell, and of which topics and functions."""

    why: Sentence
    tells: Sentence
    topics: tuple[Key, ...] = Field(min_length=1)
    functions: tuple[FunctionKey, ...] = Field(min_length=1)


class SourceDefinition(Definition):
    """A publisher's series: its editions, how to read them, and the metrics they carry.

    A source of which nothing is read has neither tables nor metrics, and says why under `unread`.
    """

    source: Key
    title: Title
    publisher: Title
    licence: Licence
    attribution: str = ""
    landing_page: WebAddress
    cadence: Cadence
    quality: Quality
    note: str = ""
    editions: tuple[EditionDefinition, ...] = Field(min_length=1)
    unread: Unread | None = None
    tables: tuple[TableDefinition, ...] = ()
    families: dict[Key, dict[str, Any]] = Field({})  # what metrics of a family have in common: see `core.families`
    metrics: tuple[Metric, ...] = ()
    period_notes: tuple[PeriodNote, ...] = ()
    totals: tuple[Total, ...] = ()
    accepted: tuple[Accepted, ...] = ()

    @field_validator("quality")
    @classmethod
    def _is_a_kind_of_statistic(cls, quality: Quality) -> Quality:
        if quality.is_of_the_file:
            raise ValueError(f"{quality.label.lower()} is said of an edition, not of a source")
        return quality

    @model_validator(mode="after")
    def _is_read_or_says_why_not(self) -> Self:
        if self.unread is None and not (self.tables and self.metrics):
            raise ValueError("a source has tables and metrics, or says under 'unread' why nothing of it is read")
        if self.unread is not None and (self.tables or self.metrics or self.period_notes):
            raise ValueError("a source with 'unread' has no tables, metrics or notes on periods")
        return self

    def digest_reading(self, read: Collection[str]) -> str:
        """The sha256 of everything here that decides what is read from the files: no titles, notes or other words.

        `read` names the editions that were read: those that are known and neither held nor read decide nothing.
        """
        wordless = {"title", "note", "address", "landing_page", "mirror", "sha256", "held", "quality"}
        editions = [edition for edition in self.editions if edition.held or edition.edition in read]
        decisive = {
            "editions": [edition.model_dump(mode="json", exclude=wordless) for edition in editions],
            "tables": [table.model_dump(mode="json") for table in self.tables],
        }
        return sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()

    def tables_of(self, edition: str) -> list[TableDefinition]:
        """The tables that the edition is read by, in order."""
        order = [each.edition for each in self.editions]
        return [
            table
            for table in self.tables
            if (table.editions is None or edition in table.editions)
            and (table.editions_from is None or order.index(edition) >= order.index(table.editions_from))
        ]


class Lock(Definition):
    """What `fetch` found: the bytes of each edition of a source, or of a published set of neighbours."""

    source: Key | ModelKey
    editions: dict[Key, LockedEdition]


class DerivedFile(Definition):
    """`definitions/derived.yaml`."""

    families: dict[Key, dict[str, Any]] = Field({})
    metrics: tuple[DerivedMetric, ...]


class RegisterSource(Publication):
    """One published file that the register of areas is read from."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
    title: Title
    publisher: Title
    edition: str
    licence: Licence
    mirror: str
    sha256: Sha256
    address: WebAddress | None = None
    landing_page: WebAddress | None = None


class RegisterFile(Definition):
    """`definitions/areas.yaml`: the register's files, and corrections made by hand, each with its source and reason."""

    attribution: Sentence
    sources: tuple[RegisterSource, ...] = Field(min_length=1)
    corrections: dict[str, tuple[dict[str, Any], ...]]

    @field_validator("corrections", mode="after")
    @classmethod
    def _read_days(cls, corrections: dict[str, tuple[dict[str, Any], ...]]) -> dict[str, tuple[dict[str, Any], ...]]:
        def read(value: object) -> object:
            return date.fromisoformat(value) if isinstance(value, str) and _DAY.fullmatch(value) else value

        return {
            kind: tuple({key: read(v) for key, v in row.items()} for row in rows) for kind, rows in corrections.items()
        }


class BoundarySource(RegisterSource):
    """One published file that maps are drawn from; its key is the layout of map it is for."""

    key: Key
    attribution: Sentence


class BoundariesFile(Definition):
    """`definitions/boundaries.yaml`: the files with the outlines of areas (`map`) and with layouts of hexagons."""

    sources: tuple[BoundarySource, ...]

    @field_validator("sources")
    @classmethod
    def _have_outlines_once(cls, sources: tuple[BoundarySource, ...]) -> tuple[BoundarySource, ...]:
        keys = [source.key for source in sources]
        if "map" not in keys or len(set(keys)) < len(keys):
            raise ValueError("each layout has one file, and one of them is 'map'")
        return sources
