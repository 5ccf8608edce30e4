"""Excerpts of publishers' sheets: the cells around one cell, from the optional `sheets.sqlite`."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from moothall.core.cells import column_letters, read_address
from moothall.release.database import Database, placeholders

_BLOCK = 64  # rows that are kept and read together
_AROUND = 2  # rows and columns either side of the cell
_FIRST_COLUMNS = 6  # A to F: who and when, in most sheets


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The cells around one cell, from the publisher's sheet."""

    first_row: int  # 1-based number of the first body row shown
    columns: tuple[str, ...]  # letters
    header: tuple[tuple[int, tuple[str, ...]], ...]  # (row number, texts)
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    cell: str


def write_sheets(path: Path, sheets: Iterable[tuple[str, str, Iterable[Sequence[object]]]]) -> None:
    """Add sheets to a file, each as its file's sha256, its name and its rows from row 1, each row from column A.

    Rows lie in blocks, compressed: a sheet holds much that is said again and again, and few of its cells are looked at.
    """
    with closing(_open(path)) as database:
        database.execute("BEGIN")
        for sha256, sheet, rows in sheets:
            texts = ((number, [_as_text(cell) for cell in row]) for number, row in enumerate(rows, start=1))
            filled = ((number, cells) for number, cells in texts if any(cells))
            blocks = (
                (sha256, sheet, block, zlib.compress(json.dumps(dict(together), ensure_ascii=False).encode()))
                for block, together in groupby(filled, key=lambda numbered: numbered[0] // _BLOCK)
            )
            database.executemany("INSERT INTO blocks VALUES (?, ?, ?, ?)", blocks)
        database.execute("COMMIT")


def list_sheets(path: Path) -> set[tuple[str, str]]:
    """The sheets that a file holds, each as its file's sha256 and its name; none where there is no file of ours."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return set(database.execute("SELECT DISTINCT sha256, sheet FROM blocks"))
    except sqlite3.Error:
        return set()


def drop_sheets(path: Path, sheets: Iterable[tuple[str, str]]) -> None:
    """Take sheets out of a file."""
    with closing(_open(path)) as database:
        database.execute("BEGIN")
        database.executemany("DELETE FROM blocks WHERE sha256 = ? AND sheet = ?", sheets)
        database.execute("COMMIT")


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        database.execute(f"PRAGMA {pragma}")
    database.execute(
        "CREATE TABLE IF NOT EXISTS blocks (sha256 TEXT NOT NULL, sheet TEXT NOT NULL, block INTEGER NOT NULL,"
        " rows BLOB NOT NULL, PRIMARY KEY (sha256, sheet, block)) STRICT, WITHOUT ROWID"
    )
    return database


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
        blocks = sorted({number // _BLOCK for number in wanted})
        held = {
            int(number): cells
            for (packed,) in self._database.rows(
                f"SELECT rows FROM blocks WHERE sha256 = ? AND sheet = ? AND block IN ({placeholders(blocks)})",  # noqa: S608 - question marks
                (sha256, sheet, *blocks),
            )
            for number, cells in json.loads(zlib.decompress(packed)).items()
            if int(number) in wanted
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
