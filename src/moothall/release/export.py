"""Downloads: figures as CSV and as JSON, field for field the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from operator import attrgetter
from typing import Any

from moothall.release.gaps import Gap
from moothall.release.records import FigureRecord
from moothall.release.trend import TrendRecord

_SURE = ("error", "error_basis", "q_neighbours", "rank_low", "rank_high")
_OWN: tuple[str, ...] = (
    *("metric", "breakdown", "area", "area_name", "class", "comparable_within", "lever", "shared_with", "period"),
    *("value", "unit", "marker", "lower", "upper", "mads_england", "mads_neighbours", "median_england"),
    *("median_neighbours", "rank", "rank_of", "trend", "release", "source", "edition", "published"),
    *("known_on", "metric_title", "period_label", "text", "places", "peers", "band", "mads_class", "median_class"),
    *("mads_peers", "median_peers", "neighbours_marker", "change", "change_from", "is_old"),
)
FIELDS: tuple[str, ...] = (*_OWN, *_SURE)
"""The fields of a downloaded figure, in order, named as `FigureRecord` and `CertaintyRecord` name them."""

GAP_FIELDS: tuple[str, ...] = tuple(field.name for field in dataclass_fields(Gap))
"""The fields of a downloaded gap, in order, named as `Gap` names them."""

_read_own = attrgetter(*("area_class" if name == "class" else name for name in _OWN))
_read_sure = attrgetter(*_SURE)
_UNSURE = (None,) * len(_SURE)
_EXACT = 2.0**53  # whole numbers up to here are exact
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def _read(figure: FigureRecord) -> tuple[Any, ...]:
    sure = _UNSURE if figure.certainty is None else _read_sure(figure.certainty)
    return (*_read_own(figure), *sure)


def as_json(figure: FigureRecord) -> dict[str, Any]:
    """The figure as JSON takes it: numbers as numbers, what is missing as null, never as zero."""
    return dict(zip(FIELDS, map(_plain, _read(figure)), strict=True))


def as_csv(figures: Iterable[FigureRecord]) -> Iterator[str]:
    """The figures as the lines of a CSV file (RFC 4180), the names of the fields first; what is missing is empty.

    There is no byte order mark: most programs that read CSV would take it for a part of the first field's name. Numbers
    are in their shortest form that reads back the same. A text that a spreadsheet would take for a formula has an
    apostrophe before it.
    """
    return write_csv(FIELDS, map(_read, figures))


def gaps_as_csv(gaps: Iterable[Gap]) -> Iterator[str]:
    """The gap register as the lines of a CSV file, in the form of `as_csv`."""
    return write_csv(GAP_FIELDS, map(attrgetter(*GAP_FIELDS), gaps))


def write_csv(fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Rows as the lines of a CSV file, the names of the fields first, in the form of `as_csv`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(fields)
    for row in rows:
        yield _take(buffer)
        writer.writerow([_cell(_plain(value)) for value in row])
    yield _take(buffer)


def _take(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _plain(value: Any) -> Any:
    """A value as JSON has it; a whole number is without its ".0", so that JSON and CSV write it alike."""
    if value is None or type(value) is str or type(value) is int or type(value) is bool:
        return value
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < _EXACT else value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, TrendRecord):
        return value.direction  # the one word; the rest is in the release's table of trends
    return list(value) if isinstance(value, tuple) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float or type(value) is int:
        return repr(value)
    text = "; ".join(value) if isinstance(value, list) else value
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
