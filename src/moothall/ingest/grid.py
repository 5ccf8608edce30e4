"""Grid: a publisher's file as sheets of cells, each with the address a spreadsheet would give it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from moothall.core.cells import read_address
from moothall.ingest.guards import (
    FileKind,
    check_archive,
    check_cells,
    check_size,
    find_kind,
    refuse,
)

Cell = str | float | int | bool | None
Rows = Sequence[Sequence[Cell]]


def stored_text(value: Cell) -> str:
    """The stored value as text: numbers in their shortest form (24000.0 is '24000'), text as found, blank as ''."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is row 1 and its first cell column A; rows may differ in length."""

    name: str
    rows: Rows

    def value(self, row: int, column: int) -> Cell:
        """The value at a 1-based row and column; None outside the sheet."""
        if not 1 <= row <= len(self.rows) or not 1 <= column <= len(self.rows[row - 1]):
            return None
        return self.rows[row - 1][column - 1]

    def cell_at(self, cell: str) -> Cell:
        """The value at an address; None outside the sheet. Raises ValueError when it is no address."""
        return self.value(*read_address(cell))


class Grid:
    """A file's sheets, each read when it is first asked for."""

    def __init__(self, file: str, kind: FileKind, readers: Mapping[str, Callable[[], Rows]]) -> None:
        self.file = file
        self.kind = kind
        self._readers = dict(readers)
        self._sheets: dict[str, Sheet] = {}

    @property
    def sheet_names(self) -> list[str]:
        """The names of the sheets in the file's order."""
        return list(self._readers)

    def sheet(self, name: str) -> Sheet:
        """The sheet of this name. Raises KeyError where there is none, `ProblemsFound` where it cannot be read."""
        if name not in self._sheets:
            self._sheets[name] = Sheet(name, self._readers[name]())
        return self._sheets[name]


def read_grid(source: Path | bytes, filename: str) -> Grid:
    """Open a file; `filename` is what the publisher called it and what problems name it by.

    A csv or Parquet file has one sheet, called after its kind. A JSON file has one for each list of objects, and for
    each object of equally long lists, called by the path to it ('$' for the whole); row 1 holds the field names.
    Raises `ProblemsFound` (FILE_UNREADABLE, FILE_TOO_LARGE).
    """
    check_size(len(source) if isinstance(source, bytes) else source.stat().st_size, filename)
    content = source if isinstance(source, bytes) else source.read_bytes()
    kind = find_kind(content, filename)
    match kind:
        case FileKind.CSV:
            return Grid(filename, kind, {"csv": partial(_read_csv, content, filename)})
        case FileKind.JSON:
            return Grid(filename, kind, _json_sheets(content, filename))
        case FileKind.PARQUET:
            return Grid(filename, kind, {"parquet": partial(_read_parquet, content, filename)})
        case _:
            return _open_workbook(content, kind, filename)


def _open_workbook(content: bytes, kind: FileKind, filename: str) -> Grid:
    if kind is not FileKind.XLS:
        check_archive(content, kind, filename)
    workbook = _guarded(lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)), filename)

    def read(name: str) -> Rows:
        sheet = _guarded(lambda: workbook.get_sheet_by_name(name), filename, name)
        check_cells(sheet.total_height + 1, sheet.total_width + 1, filename, name)
        rows = _guarded(lambda: sheet.to_python(skip_empty_area=False), filename, name)
        return [[_plain(value) for value in row] for row in rows]

    return Grid(filename, kind, {name: partial(read, name) for name in workbook.sheet_names})


def _guarded(open_: Callable[[], Any], filename: str, sheet: str | None = None) -> Any:
    """What the workbook reader gives; its complaints, and its panics on damaged files, are about the file."""
    try:
        return open_()
    except PasswordError:
        refuse("FILE_UNREADABLE", "The workbook is protected by a password.", filename)
    except CalamineError as error:
        refuse("FILE_UNREADABLE", f"The workbook cannot be read: {error}.", filename, sheet)
    except BaseException as error:
        if type(error).__module__ != "pyo3_runtime":
            raise
        refuse("FILE_UNREADABLE", f"The workbook is damaged: {error}.", filename, sheet)


def _plain(value: Any) -> Cell:
    """A cell as text, number, true or false, or None when blank; days and times become ISO text."""
    if isinstance(value, str):
        return value or None
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() and value.tzinfo is None else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _read_csv(content: bytes, filename: str) -> Rows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            refuse("FILE_UNREADABLE", f"The text is neither UTF-8 nor Windows-1252, at byte {error.start}.", filename)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True)
    rows: list[list[Cell]] = []
    cells = 0
    try:
        for record in records:
            cells += len(record)
            if not len(rows) % 4096:
                check_cells(1, cells, filename, "csv")
            rows.append([value or None for value in record])
    except csv.Error as error:
        refuse("FILE_UNREADABLE", f"The csv cannot be read at line {records.line_num}: {error}.", filename)
    check_cells(1, cells, filename, "csv")
    return rows


def _find_delimiter(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of cells; a comma if none does."""
    lines = text[:65536].splitlines()[:50]

    def cells_agreed(delimiter: str) -> int:
        widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter))
        return max(((width - 1) * count for width, count in widths.items()), default=0)

    return max((",", ";", "\t"), key=cells_agreed)


def _json_sheets(content: bytes, filename: str) -> dict[str, Callable[[], Rows]]:
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        refuse("FILE_UNREADABLE", f"The JSON cannot be read: {error}.", filename)
    sheets: dict[str, Callable[[], Rows]] = {}
    for path, columns in _json_tables(data, "$"):
        check_cells(len(columns[next(iter(columns))]) + 1 if columns else 0, len(columns), filename, path)
        sheets[path] = partial(_rows_of_columns, columns)
    if not sheets:
        refuse("FILE_UNREADABLE", "The JSON holds no list of objects.", filename)
    return sheets


def _json_tables(data: Any, path: str) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    """Every table in the data with the path to it, as columns."""
    if isinstance(data, list) and data and all(isinstance(item, dict) for item in data):
        names = dict.fromkeys(name for item in data for name in item)
        yield path, {name: [item.get(name) for item in data] for name in names}
    elif isinstance(data, dict):
        if _is_columns(data):
            yield path, data
            return
        for name, value in data.items():
            yield from _json_tables(value, name if path == "$" else f"{path}.{name}")


def _is_columns(data: dict[str, Any]) -> bool:
    """Whether an object is a table by columns: equally long lists of plain values."""
    values = list(data.values())
    if not values or not all(isinstance(value, list) for value in values) or len({len(value) for value in values}) > 1:
        return False
    return not any(isinstance(item, dict | list) for value in values for item in value)


def _rows_of_columns(columns: Mapping[str, Sequence[Any]]) -> Rows:
    return [list(columns), *([_plain(value) for value in row] for row in zip(*columns.values(), strict=True))]


def _read_parquet(content: bytes, filename: str) -> Rows:
    try:
        count = pl.scan_parquet(content).select(pl.len()).collect().item()
        check_cells(count + 1, len(pl.read_parquet_schema(content)), filename, "parquet")
        records = pl.read_parquet(content)
    except pl.exceptions.PolarsError as error:
        refuse("FILE_UNREADABLE", f"The Parquet file cannot be read: {error}.", filename)
    return _rows_of_columns(records.to_dict(as_series=False))
