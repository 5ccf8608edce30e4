"""Layouts: how the tables of a publisher's file are read, as analysts declare it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from moothall.core.fields import AreaCode, Definition, Key, Sentence
from moothall.core.periods import PeriodKind, parse_key
from moothall.core.values import READABLE_MARKERS, Marker


class ColumnRef(Definition):
    """A column, by the text of its header (and of the group header above it), or by its letter."""

    header: str | None = None
    group: str | None = None
    letter: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: object) -> object:
        return {"header": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if (self.header is None) == (self.letter is None):
            raise ValueError("give a header or a letter")
        return self

    def __str__(self) -> str:
        if self.letter:
            return f"column {self.letter}"
        return f"{self.group!r} / {self.header!r}" if self.group else repr(self.header)


class RowTest(Definition):
    """A test of one cell of a row: equal to one of some texts, matching a pattern, or blank."""

    column: ColumnRef
    equals: tuple[str, ...] | None = None
    matches: str | None = None
    blank: bool | None = None

    @field_validator("equals", mode="before")
    @classmethod
    def _one_or_many(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @field_validator("matches")
    @classmethod
    def _is_a_pattern(cls, text: str | None) -> str | None:
        try:
            re.compile(text or "")
        except re.error as error:
            raise ValueError(f"{text!r} is no pattern: {error}") from error
        return text

    @model_validator(mode="after")
    def _has_one_test(self) -> Self:
        if [self.equals is not None, self.matches is not None, self.blank is not None].count(True) != 1:
            raise ValueError("give exactly one of equals, matches, blank")
        return self


class RowRule(RowTest):
    """What to do with some rows, with the reason; the periods are keys, both included, and open where not given."""

    periods_from: str | None = None
    periods_until: str | None = None
    reason: Sentence

    @field_validator("periods_from", "periods_until")
    @classmethod
    def _is_a_period(cls, text: str | None) -> str | None:
        if text is not None:
            parse_key(text)
        return text


class IgnoreRule(RowRule):
    """Rows that are not observations."""


class Correction(RowRule):
    """Rows whose area is not the one their code says."""

    area: AreaCode


class JointRule(RowRule):
    """A row in which several authorities report together: each that existed is marked as reporting jointly.

    Where the joint body is itself an area of the register, if need be by a correction, `keep` also keeps the row as
    that area's own.
    """

    areas: tuple[AreaCode, ...]
    keep: bool = False


class AreaColumn(Definition):
    """Where a row says which area it is about."""

    column: ColumnRef
    scheme: Literal["gss", "ecode", "dfe", "register", "name"] = "gss"


class PeriodFrom(Definition):
    """Where a row's period comes from: a column, or the edition.

    Where a column says less than a period, `written` says it whole: "{}-03-31" makes the day 2025-03-31 of 2025. What
    stands after a column's year in brackets, such as "(provisional)", is then left out. Without {} it is the period
    itself, where the column names another year than the one the value is about.
    """

    kind: PeriodKind
    column: ColumnRef | None = None
    written: Annotated[str, StringConstraints(pattern=r"^[^{}]*(\{\}[^{}]*)?$")] | None = Field(
        default=None, exclude_if=lambda text: text is None
    )


class RowMarker(Definition):
    """A column that qualifies a whole row."""

    column: ColumnRef
    values: dict[str, Marker]


class WideColumn(Definition):
    """One column that is one metric."""

    metric: Key
    column: ColumnRef
    breakdown: Key = "all"
    scale: Decimal = Decimal(1)


class LongMetric(Definition):
    """A metric among the rows of a long table."""

    metric: Key
    breakdown: Key = "all"
    scale: Decimal = Decimal(1)


class LongValues(Definition):
    """A value column whose metric is named by another column."""

    column: ColumnRef
    metric_column: ColumnRef
    metrics: dict[str, LongMetric]
    lower: ColumnRef | None = None
    upper: ColumnRef | None = None

    @field_validator("metrics", mode="before")
    @classmethod
    def _short_form(cls, given: object) -> object:
        if isinstance(given, dict):
            return {text: {"metric": value} if isinstance(value, str) else value for text, value in given.items()}
        return given


class DuplicateRule(Definition):
    """Which of two values for one key wins, and why."""

    keep: Literal["first", "last"]
    reason: Sentence


class TableDefinition(Definition):
    """How one table of a source's editions is read."""

    table: Key
    editions: tuple[Key, ...] | None = None
    editions_from: Key | None = None
    sheet: str = "*"
    header_row: Annotated[int, Field(ge=1)] = 1
    group_row: Annotated[int, Field(ge=1)] | None = None
    first_row: Annotated[int, Field(ge=1)] | None = None
    area: AreaColumn
    period: PeriodFrom
    keep: tuple[RowTest, ...] = ()
    ignore: tuple[IgnoreRule, ...] = ()
    corrections: tuple[Correction, ...] = ()
    joint: tuple[JointRule, ...] = ()
    markers: dict[str, Marker] = Field(default_factory=dict)
    row_marker: RowMarker | None = None
    duplicates: DuplicateRule | None = None
    columns: tuple[WideColumn, ...] = ()
    values: LongValues | None = None
    reader: str | None = None
    options: dict[str, str | int | float | bool] = Field(default_factory=dict)

    @field_validator("markers")
    @classmethod
    def _readable(cls, markers: dict[str, Marker]) -> dict[str, Marker]:
        for text, marker in markers.items():
            if marker not in READABLE_MARKERS:
                raise ValueError(f"{text!r}: {marker} is computed, a file cannot carry it")
        return markers

    @model_validator(mode="after")
    def _gives_values(self) -> Self:
        if [bool(self.columns), self.values is not None, self.reader is not None].count(True) != 1:
            raise ValueError("give exactly one of columns, values, reader")
        if self.editions is not None and self.editions_from is not None:
            raise ValueError("give editions or editions_from, not both")
        return self
