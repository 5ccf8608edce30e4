"""Excerpts of publishers' sheets: the cells around one cell, from the optional `sheets.sqlite`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from moothall.core.cells import column_letters, read_address
from moothall.release.database import Database, placeholders
from moothall.release.records import Excerpt

_AROUND = 2  # rows and columns either side of the cell
_FIRST_COLUMNS = 6  # A to F: who and when, in most sheets


def write_sheets(path: Path, sheets: Iterable[tuple[str, str, Iterable[Sequence[object]]]]) -> None:
    """Write sheets, each as the file's sha256, the sheet's name and its rows from row 1, each row from column A."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("BEGIN")
        database.execute(
            "CREATE TABLE rows (sha256 TEXT NOT NULL, sheet TEXT NOT NULL, row INTEGER NOT NULL, cells TEXT NOT NULL,"
            " PRIMARY KEY (sha256, sheet, row)) STRICT, WITHOUT ROWID"
        )
        for sha256, sheet, rows in sheets:
            texts = ([_as_text(cell) for cell in row] for row in rows)
            database.executemany(
                "INSERT INTO rows VALUES (?, ?, ?, ?)",
                (
                    (sha256, sheet, number, json.dumps(cells, ensure_ascii=False))
                    for number, cells in enumerate(texts, start=1)
                    if any(cells)
                ),
            )
        database.execute("COMMIT")


class Sheets:
    """The sheets that a release's figures were read from."""

    def __init__(self, database: Database) -> None:
        """Read from a `sheets.sqlite`."""
        self._database = database

    def excerpt(self, sha256: str, sheet: str, cell: str, header_rows: Sequence[int] = ()) -> Excerpt | None:
        """The header rows, two rows either side of the cell, columns A to F and two either side of it.

        None when the sheet is not held. Raises ValueError when the cell is no address.
        """
        row, column = read_address(cell)
        body = [number for number in range(max(1, row - _AROUND), row + _AROUND + 1) if number not in header_rows]
        wanted = [*header_rows, *body]
        places = placeholders(wanted)
        held = {
            number: json.loads(cells)
            for number, cells in self._database.rows(
                f"SELECT row, cells FROM rows WHERE sha256 = ? AND sheet = ? AND row IN ({places})",  # noqa: S608
                (sha256, sheet, *wanted),
            )
        }
        if not held:
            return None
        width = max(column, *(len(cells) for cells in held.values()))
        columns = sorted(
            number
            for number in {*range(1, _FIRST_COLUMNS + 1), *range(column - _AROUND, column + _AROUND + 1)}
            if 1 <= number <= width
        )

        def take(numbers: Iterable[int]) -> tuple[tuple[int, tuple[str, ...]], ...]:
            return tuple(
                (number, tuple(held[number][place - 1] if place <= len(held[number]) else "" for place in columns))
                for number in numbers
                if number in held
            )

        rows = take(body)
        letters = tuple(column_letters(number) for number in columns)
        first = rows[0][0] if rows else row
        return Excerpt(first_row=first, columns=letters, header=take(sorted(header_rows)), rows=rows, cell=cell)


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        text = repr(cell)
        return format(Decimal(text), "f").removesuffix(".0")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
