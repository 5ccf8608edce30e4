"""The life of a metric: proposed, asked about, published, improved, retired; its key never changes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from moothall.core.fields import Definition, Key, Sentence


class Status(StrEnum):
    """Where a metric is in its life."""

    PROPOSED = "proposed"
    IN_CONSULTATION = "in_consultation"
    PUBLISHED = "published"
    IMPROVED = "improved"
    RETIRED = "retired"

    @property
    def label(self) -> str:
        """The status in plain words."""
        return self.replace("_", " ").capitalize()

    @property
    def has_figures(self) -> bool:
        """Whether its figures are shown: not before it is published."""
        return self not in {Status.PROPOSED, Status.IN_CONSULTATION}

    @property
    def is_current(self) -> bool:
        """Whether councils are compared by it today: a retired metric keeps its history and is asked for by name."""
        return self.has_figures and self is not Status.RETIRED


class LifeCycle(Definition):
    """Where a metric is in its life, since when and why, what took its place, and the keys it once had."""

    status: Status = Status.PUBLISHED
    since: date | None = None
    reason: Sentence | None = None  # why it was retired, or what was improved
    replacement: Key | None = None
    aliases: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _says_since_when_and_why(self) -> Self:
        if self.status is not Status.PUBLISHED and self.since is None:
            raise ValueError(f"a metric that is {self.status.label.lower()} says since when")
        if self.status in {Status.IMPROVED, Status.RETIRED} and self.reason is None:
            raise ValueError(f"a metric that is {self.status.label.lower()} says its reason")
        if self.replacement is not None and self.status is not Status.RETIRED:
            raise ValueError("only a retired metric has a replacement")
        return self
