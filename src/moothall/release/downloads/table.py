"""What a download is before it has a format: named columns, rows, and what is said about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from moothall.core.values import MARKERS
from moothall.release.records import MetricRecord, SourceRecord

Row = Sequence[Any]
"""A cell for each column: a text, a number, true or false, a day, a tuple of texts, or None where there is none."""
_EXACT = 2.0**53  # whole numbers up to here are exact


class ColumnKind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    TEXTS = "texts"  # several, in an order
    AMOUNT = "amount"  # a number in the unit of its row
    DIFFERENCE = "difference"  # between two of those
    NUMBER = "number"
    WHOLE = "whole"
    TRUTH = "truth"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name for programs, its heading for people, and what stands in it."""

    name: str
    heading: str
    description: str
    kind: ColumnKind = ColumnKind.TEXT


@dataclass(frozen=True, slots=True)
class About:
    """What is to be known about a table wherever it goes.

    `asked` is what was asked for, label by label; `notes` are how to read it and what is not to be done with it;
    `address` is where the API has it, without host and format.
    """

    title: str
    asked: tuple[tuple[str, str], ...]
    release: str
    built: date
    address: str
    notes: tuple[str, ...]
    sources: tuple[SourceRecord, ...] = ()
    metrics: tuple[MetricRecord, ...] = ()
    has_markers: bool = False

    def as_json(self) -> dict[str, Any]:
        """As JSON takes it, with each source's licence and each marker's meaning."""
        return {
            "title": self.title,
            "asked": dict(self.asked),
            "built": self.built.isoformat(),
            "notes": list(self.notes),
            "sources": [
                {
                    "key": source.key,
                    "title": source.title,
                    "publisher": source.publisher,
                    "licence": source.licence_label,
                    "licence_address": source.licence_address,
                    "attribution": source.attribution,
                }
                for source in self.sources
            ],
            "markers": {str(key): meaning.sentence for key, meaning in MARKERS.items()} if self.has_markers else {},
        }


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that can be gone through once, and what they are.

    `name` is what one row is, in the plural; `key` the columns that tell a row from all others; `first` those that
    people read first, where the order for programs is another.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Iterable[Row]
    height: int
    about: About
    first: tuple[str, ...] = ()

    def place(self, name: str) -> int:
        """The place of a column, from 0. Raises `ValueError` where there is none."""
        return [column.name for column in self.columns].index(name)

    @property
    def has_amounts(self) -> bool:
        """Whether its rows have units of their own, in the columns "unit" and "places", and text for what is absent."""
        return any(column.kind is ColumnKind.AMOUNT for column in self.columns)


def as_plain(value: Any) -> Any:
    """A cell as JSON has it; a whole number is without its ".0", so that JSON and CSV write it alike."""
    kind = type(value)
    if value is None or kind is str or kind is int or kind is bool:
        return value
    if kind is float:
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if kind is date:
        return value.isoformat()
    return list(value) if kind is tuple else str(value)
