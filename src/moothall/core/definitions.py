"""Definitions: what analysts write in YAML, as Pydantic models."""

from __future__ import annotations

import calendar
import json
import re
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from moothall.core.adding_up import AddsUp
from moothall.core.fields import Definition, FunctionKey, Key, Sentence, Sha256, Title
from moothall.core.layouts import TableDefinition
from moothall.core.periods import parse_key
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


class Quality(StrEnum):
    """What kind of statistic a source is."""

    ACCREDITED = "accredited_official_statistics"
    OFFICIAL = "official_statistics"
    IN_DEVELOPMENT = "official_statistics_in_development"
    MANAGEMENT_INFORMATION = "management_information"
    CONVERTED = "converted"
    TRANSCRIBED = "transcribed"

    @property
    def label(self) -> str:
        """The quality in plain words."""
        return self.replace("_", " ").capitalize()


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


class Basis(StrEnum):
    """How the day of publication is known."""

    FRONT_SHEET = "front_sheet"
    FILE_METADATA = "file_metadata"
    SEARCH = "search"
    PROVENANCE = "provenance"
    UPPER_BOUND = "commit_date_upper_bound"
    MEMORY = "memory"
    HTTP = "http_last_modified"
    RETRIEVED = "retrieved"

    @property
    def label(self) -> str:
        """The basis in plain words."""
        return {
            Basis.FRONT_SHEET: "printed in the file",
            Basis.FILE_METADATA: "the day the publisher saved the file",
            Basis.SEARCH: "the publisher's announcement",
            Basis.PROVENANCE: "the publisher's page",
            Basis.UPPER_BOUND: "no later than this: the first day a copy of the file was seen",
            Basis.MEMORY: "from memory, not checked",
            Basis.HTTP: "the day the publisher's server gives for the file",
            Basis.RETRIEVED: "no later than this: the day we fetched it",
        }[self]


class Publication(Definition):
    """The day an edition was published, only as precise as it is known, and how that is known."""

    published: Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")]
    basis: Basis

    @field_validator("published")
    @classmethod
    def _is_a_day(cls, text: str) -> str:
        date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
        return text

    @property
    def precision(self) -> Literal["day", "month", "year"]:
        """How precisely the day is known."""
        return {10: "day", 7: "month", 4: "year"}[len(self.published)]  # type: ignore[return-value]

    @property
    def known_on(self) -> date:
        """The first day on which the edition was certainly public.

        A month is read as its last day, a year as 31 December; a workbook's saved day is three days early
        (release came one to three days after saving wherever both are known).
        """
        if self.precision == "year":
            return date(int(self.published), 12, 31)
        if self.precision == "month":
            year, month = int(self.published[:4]), int(self.published[5:])
            return date(year, month, calendar.monthrange(year, month)[1])
        day = date.fromisoformat(self.published)
        return day + timedelta(days=3) if self.basis is Basis.FILE_METADATA else day


class EditionDefinition(Publication):
    """One published file of a source, as its definition knows it."""

    edition: Key
    title: Title
    address: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None
    mirror: str | None = None
    sha256: Sha256 | None = None
    held: bool = True
    period: str | None = None
    marker: Literal["provisional", "revised", "estimated"] | None = None
    quality: Quality | None = None
    note: str = ""

    @field_validator("period")
    @classmethod
    def _is_a_period(cls, text: str | None) -> str | None:
        if text is not None:
            parse_key(text)
        return text


class LockedEdition(Publication):
    """One line of a lock: which bytes an edition is, where they came from and when."""

    sha256: Sha256
    bytes: int
    address: str | None = None
    retrieved: date

    def fits(self, edition: EditionDefinition) -> bool:
        """Whether the definition gives the edition the same day, the same basis of it and, if any, the same hash."""
        same_day = (self.published, self.basis) == (edition.published, edition.basis)
        return same_day and edition.sha256 in (None, self.sha256)


class ValueRange(Definition):
    """The values that are possible."""

    min: float | None = None
    max: float | None = None


class Metric(Definition):
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
    interval: Literal["none", "published", "wilson", "byar", "dobson"]
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

    periods: tuple[str, ...] = Field(min_length=1)
    kind: NoteKind
    reason: Sentence
    metrics: tuple[Key, ...] = ()

    @field_validator("periods")
    @classmethod
    def _are_periods(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for key in keys:
            parse_key(key)
        return keys

    def is_about(self, metric_key: str) -> bool:
        """Whether it is about one of the source's metrics."""
        return not self.metrics or metric_key in self.metrics


class SourceDefinition(Definition):
    """A publisher's series: its editions, how to read them, and the metrics they carry."""

    source: Key
    title: Title
    publisher: Title
    licence: Licence
    attribution: str = ""
    landing_page: Annotated[str, StringConstraints(pattern=r"^https?://")]
    cadence: Cadence
    quality: Quality
    note: str = ""
    editions: tuple[EditionDefinition, ...] = Field(min_length=1)
    tables: tuple[TableDefinition, ...] = Field(min_length=1)
    families: dict[Key, dict[str, Any]] = Field({})  # what metrics of a family have in common: see `core.families`
    metrics: tuple[Metric, ...] = Field(min_length=1)
    period_notes: tuple[PeriodNote, ...] = ()

    @property
    def reading_digest(self) -> str:
        """The sha256 of everything here that decides what is read from the files: no titles, notes or other words."""
        wordless = {"title", "note", "address", "mirror", "sha256", "held", "quality"}
        read = {
            "editions": [edition.model_dump(mode="json", exclude=wordless) for edition in self.editions],
            "tables": [table.model_dump(mode="json") for table in self.tables],
        }
        return sha256(json.dumps(read, sort_keys=True).encode()).hexdigest()

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
    """What `fetch` found: the bytes of each edition."""

    source: Key
    editions: dict[Key, LockedEdition]


class Topic(Definition):
    """A subject under which metrics are shown."""

    key: Key
    title: Title
    description: Sentence
    headlines: tuple[Key, ...] = Field(default=(), max_length=4)  # what a resident would ask for first

    @field_validator("headlines")
    @classmethod
    def _keys_differ(cls, headlines: tuple[str, ...]) -> tuple[str, ...]:
        for key in headlines:
            if headlines.count(key) > 1:
                raise ValueError(f"{key!r} is given twice")
        return headlines


class TopicsFile(Definition):
    """`definitions/topics.yaml`."""

    topics: tuple[Topic, ...]


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
    address: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None
    landing_page: Annotated[str, StringConstraints(pattern=r"^https?://")] | None = None


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
