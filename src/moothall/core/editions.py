"""Editions: the published files of a source, when each became public and how that is known."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints, field_validator, model_validator

from moothall.core.fields import Definition, Key, Sha256, Title
from moothall.core.periods import parse_key
from moothall.core.quality import Quality


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
            Basis.SEARCH: "the publisher’s announcement",
            Basis.PROVENANCE: "the publisher’s page",
            Basis.UPPER_BOUND: "no later than this: the first day a copy of the file was seen",
            Basis.MEMORY: "from memory, not checked",
            Basis.HTTP: "the day the publisher’s server gives for the file",
            Basis.RETRIEVED: "no later than this: the day we fetched it",
        }[self]


def _read_published(text: str) -> str:
    date.fromisoformat((text + "-01-01")[:10] if len(text) < 10 else text)
    return text


PublishedDay = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$"), AfterValidator(_read_published)]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://")]


class Publication(Definition):
    """The day an edition was published, only as precise as it is known, and how that is known."""

    published: PublishedDay
    basis: Basis

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


class EditionDefinition(Definition):
    """One published file of a source, as its definition knows it.

    One that is not held may be known only from the publisher’s page: then it has no address, or no day.
    """

    edition: Key
    title: Title
    published: PublishedDay | None = None
    basis: Basis | None = None
    address: WebAddress | None = None
    landing_page: WebAddress | None = None  # the publisher’s page of this edition, where the source's is another
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

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if (self.published is None) != (self.basis is None):
            raise ValueError("'published' and 'basis' are given together")
        if self.published is None and self.held:
            raise ValueError("an edition that is held says when it was published, and how that is known")
        return self

    @property
    def publication(self) -> Publication | None:
        """When it was published and how that is known; none where it is not known."""
        if self.published is None or self.basis is None:
            return None
        return Publication(published=self.published, basis=self.basis)

    def dated(self, publication: Publication) -> EditionDefinition:
        """The edition with the day that its lock gives it, which is the day of fetching where no other is known."""
        return self.model_copy(update={"published": publication.published, "basis": publication.basis})


class LockedEdition(Publication):
    """One line of a lock: which bytes an edition is, where they came from and when."""

    sha256: Sha256
    bytes: int
    address: str | None = None
    retrieved: date

    def fits(self, edition: EditionDefinition) -> bool:
        """Whether the definition gives the edition the same day and basis, and the same hash, if it gives any."""
        is_same_day = (edition.published, edition.basis) in [(None, None), (self.published, self.basis)]
        return is_same_day and edition.sha256 in (None, self.sha256)
