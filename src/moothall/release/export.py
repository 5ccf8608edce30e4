"""Downloads: figures as CSV and as JSON, field for field the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from moothall.release.records import FigureRecord

_FIELDS: dict[str, Callable[[FigureRecord], Any]] = {
    "metric": lambda f: f.metric,
    "breakdown": lambda f: f.breakdown,
    "area": lambda f: f.area,
    "area_name": lambda f: f.area_name,
    "class": lambda f: str(f.area_class),
    "comparable_within": lambda f: f.comparable_within,
    "lever": lambda f: str(f.lever),
    "shared_with": lambda f: list(f.shared_with),
    "period": lambda f: f.period,
    "value": lambda f: f.value,
    "unit": lambda f: str(f.unit),
    "marker": lambda f: _key(f.marker),
    "lower": lambda f: f.lower,
    "upper": lambda f: f.upper,
    "mads_england": lambda f: f.mads_england,
    "mads_neighbours": lambda f: f.mads_neighbours,
    "median_england": lambda f: f.median_england,
    "median_neighbours": lambda f: f.median_neighbours,
    "rank": lambda f: f.rank,
    "rank_of": lambda f: f.rank_of,
    "trend": lambda f: f.trend,
    "release": lambda f: f.release,
    "source": lambda f: f.source,
    "edition": lambda f: f.edition,
    "published": lambda f: f.published,
    "known_on": lambda f: f.known_on.isoformat() if f.known_on else None,
    "metric_title": lambda f: f.metric_title,
    "period_label": lambda f: f.period_label,
    "text": lambda f: f.text,
    "places": lambda f: f.places,
    "peers": lambda f: f.peers,
    "band": lambda f: f.band,
    "mads_class": lambda f: f.mads_class,
    "median_class": lambda f: f.median_class,
    "mads_peers": lambda f: f.mads_peers,
    "median_peers": lambda f: f.median_peers,
    "neighbours_marker": lambda f: _key(f.neighbours_marker),
    "change": lambda f: f.change,
    "change_from": lambda f: f.change_from,
}
FIELDS: tuple[str, ...] = tuple(_FIELDS)
"""The fields of a downloaded figure, in order: those of the contract first."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_json(figure: FigureRecord) -> dict[str, Any]:
    """The figure as JSON takes it: numbers as numbers, what is missing as null, never as zero."""
    return {name: _plain(read(figure)) for name, read in _FIELDS.items()}


def as_csv(figures: Iterable[FigureRecord]) -> Iterator[str]:
    """The figures as the lines of a CSV file, the names of the fields first; what is missing is empty.

    Numbers are in their shortest form that reads back the same. A text that a spreadsheet would take for a formula has
    an apostrophe before it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(FIELDS)
    for figure in figures:
        yield _take(buffer)
        writer.writerow([_cell(value) for value in as_json(figure).values()])
    yield _take(buffer)


def _take(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _key(marker: object) -> str | None:
    return str(marker) if marker is not None else None


def _plain(value: Any) -> Any:
    """A whole number without its ".0", so that JSON and CSV write it alike."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case float():
            return repr(value)
        case int():
            return str(value)
        case list():
            return _guard("; ".join(value))
        case _:
            return _guard(value)


def _guard(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
