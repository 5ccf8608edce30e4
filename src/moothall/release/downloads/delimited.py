"""CSV: a table as lines of text that any program reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from moothall.release.downloads.table import Column, ColumnKind, Row, as_plain

SEPARATOR = "; "
"""What stands between several texts in one cell."""
_FORMULA_STARTS = frozenset("=+-@＝＋－＠\t\r\n")


def write_lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180), the columns' names first; what is missing is empty.

    There is no byte order mark: most programs that read CSV would take it for a part of the first name. Numbers are in
    their shortest form that reads back the same. A text that a spreadsheet would take for a formula has an apostrophe
    before it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in columns])
    writers = [_WRITERS.get(column.kind, as_plain) for column in columns]
    for row in rows:
        yield _take(buffer)
        writer.writerow([None if cell is None else write(cell) for write, cell in zip(writers, row, strict=True)])
    yield _take(buffer)


def _take(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _write_text(text: str) -> str:
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text


_WRITERS: dict[ColumnKind, Callable[[Any], Any]] = {
    ColumnKind.TEXT: _write_text,
    ColumnKind.TEXTS: lambda texts: _write_text(SEPARATOR.join(texts)),
    ColumnKind.TRUTH: lambda is_true: "true" if is_true else "false",
}
