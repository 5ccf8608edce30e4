"""Quality: what kind of statistic something is, which totals must add up, and what a check found and was accepted."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator

from moothall.core.fields import Definition, Key, PeriodKeys, Sentence
from moothall.core.problems import KINDS


class Quality(StrEnum):
    """What kind of statistic a source is, and how the file of an edition came to us."""

    ACCREDITED = "accredited_official_statistics"
    OFFICIAL = "official_statistics"
    IN_DEVELOPMENT = "official_statistics_in_development"
    MANAGEMENT_INFORMATION = "management_information"
    CONVERTED = "converted"
    TRANSCRIBED = "transcribed"

    @property
    def label(self) -> str:
        """The quality in a few plain words."""
        return self.replace("_", " ").capitalize()

    @property
    def meaning(self) -> str:
        """What that means, in plain sentences."""
        return _MEANINGS[self]

    @property
    def is_of_the_file(self) -> bool:
        """Whether it says how a file was made, not what kind of statistic is in it."""
        return self in {Quality.CONVERTED, Quality.TRANSCRIBED}


_MEANINGS = {
    Quality.ACCREDITED: "The independent regulator has checked that they meet its code of practice.",
    Quality.OFFICIAL: "They are published by the rules for official statistics. The regulator has not accredited them.",
    Quality.IN_DEVELOPMENT: "They are official statistics that are still being tested. How they are made may change.",
    Quality.MANAGEMENT_INFORMATION: "They were gathered to run a service. They are not official statistics.",
    Quality.CONVERTED: "The figures were first published in another file. "
    "The file that we read has them in another layout, or was saved again.",
    Quality.TRANSCRIBED: "The figures were first published in another file. "
    "The file that we read was typed or copied from it by somebody else.",
}
STANDINGS = (Quality.ACCREDITED, Quality.OFFICIAL, Quality.IN_DEVELOPMENT, Quality.MANAGEMENT_INFORMATION)
"""The kinds of statistic, those under the strictest rules first."""


class Accepted(Definition):
    """What checks find in some metrics and is let through, and why: all of the source's, unless some are named."""

    code: str
    metrics: tuple[Key, ...] = ()
    periods: PeriodKeys = ()
    areas: tuple[str, ...] = ()
    reason: Sentence

    @field_validator("code")
    @classmethod
    def _is_a_code(cls, code: str) -> str:
        if code not in KINDS:
            raise ValueError(f"there is no problem code {code!r}")
        return code


class Total(Definition):
    """A metric that others of the source, or its own breakdowns, add up to for every area and period.

    `tolerance` is in the metric's unit: what rounding may make of the parts.
    """

    metric: Key
    parts: tuple[Key, ...] = ()
    breakdowns: tuple[Key, ...] = ()
    tolerance: float = Field(0, ge=0)

    @model_validator(mode="after")
    def _has_parts_of_one_kind(self) -> Self:
        if len(self.parts or self.breakdowns) < 2 or (self.parts and self.breakdowns):
            raise ValueError("give two or more parts, or two or more breakdowns, not both")
        return self
