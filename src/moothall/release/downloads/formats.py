"""The formats in which a table is taken away: who each is for, and its bytes."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from moothall.release.downloads.csvw import describe_csv
from moothall.release.downloads.delimited import write_lines
from moothall.release.downloads.table import Table, as_plain

_BLOCK = 64 * 1024
_ROWS_TOGETHER = 200  # lines of CSV in one piece


class Format(StrEnum):
    """A format, as it is asked for."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    PARQUET = "parquet"
    JSONSTAT = "jsonstat"
    CSVW = "csvw"

    @property
    def label(self) -> str:
        """What it is called."""
        return _WORDS[self].label

    @property
    def audience(self) -> str:
        """Who it is for, in a few words."""
        return _WORDS[self].audience

    @property
    def ending(self) -> str:
        """How the name of such a file ends."""
        return _WORDS[self].ending

    @property
    def media_type(self) -> str:
        """What HTTP calls it."""
        return _WORDS[self].media_type

    @property
    def is_binary(self) -> bool:
        """Whether it is no text that a terminal can show."""
        return self in {Format.XLSX, Format.ODS, Format.PARQUET}


class _Words(NamedTuple):
    label: str
    audience: str
    ending: str
    media_type: str


_WORDS = {
    Format.JSON: _Words("JSON", "for programs and web pages", ".json", "application/json"),
    Format.CSV: _Words("CSV", "for any program that reads tables", ".csv", "text/csv; charset=utf-8"),
    Format.XLSX: _Words(
        "Excel (XLSX)",
        "for reading in Excel, with notes and codes",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Format.ODS: _Words(
        "OpenDocument (ODS)",
        "for LibreOffice and Google Sheets, with the same",
        ".ods",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    Format.PARQUET: _Words(
        "Parquet", "for analysts, with types: Python, R and DuckDB", ".parquet", "application/vnd.apache.parquet"
    ),
    Format.JSONSTAT: _Words("JSON-stat", "for statistical programs, as a cube", ".jsonstat.json", "application/json"),
    Format.CSVW: _Words(
        "CSVW", "for programs: what each column of the CSV is", ".csv-metadata.json", "application/csvm+json"
    ),
}
SPREADSHEETS_FIRST = (
    *(Format.XLSX, Format.ODS, Format.CSV, Format.JSON, Format.PARQUET, Format.JSONSTAT),
    Format.CSVW,
)
"""The formats in the order in which pages offer them."""


def write(table: Table, form: Format, csv_address: str = "") -> Iterator[bytes]:
    """The bytes of a table in a format, piece by piece; `csv_address` is where its CSV file is, for CSVW.

    Spreadsheets and Parquet are written to the disk first, so that no more than a few rows are held.
    """
    match form:
        case Format.CSV:
            return _join(write_lines(table.columns, table.rows))
        case Format.CSVW:
            return iter([_dump(describe_csv(table, csv_address), indent=2)])
        case Format.JSONSTAT:
            from moothall.release.downloads.jsonstat import gather_cube

            return iter([_dump(gather_cube(table))])
        case Format.XLSX | Format.ODS | Format.PARQUET:
            return _write_file(table, form)
        case Format.JSON:
            return write_json(table)


def write_json(table: Table, next_cursor: int | None = None) -> Iterator[bytes]:
    """A table as JSON: its rows under its name, its release, what is to be known of it, and where to go on."""
    names = [column.name for column in table.columns]
    between = f'{{"{table.name}": ['
    for row in table.rows:
        yield f"{between}{json.dumps(dict(zip(names, map(as_plain, row), strict=True)))}".encode()
        between = ", "
    rest: dict[str, Any] = {"release": table.about.release, "about": table.about.as_json()}
    if next_cursor is not None:
        rest["next"] = next_cursor
    yield f"{'' if table.height else between}], {json.dumps(rest)[1:]}".encode()


def _dump(made: object, indent: int | None = None) -> bytes:
    return json.dumps(made, ensure_ascii=False, indent=indent).encode()


def _join(lines: Iterator[str]) -> Iterator[bytes]:
    together: list[str] = []
    for line in lines:
        together.append(line)
        if len(together) == _ROWS_TOGETHER:
            yield "".join(together).encode()
            together.clear()
    yield "".join(together).encode()


def _write_file(table: Table, form: Format) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="moothall-") as folder:
        path = Path(folder) / f"table{form.ending}"
        if form is Format.PARQUET:
            from moothall.release.downloads.parquet import write_parquet

            write_parquet(table, path)
        else:
            with path.open("wb") as file:
                if form is Format.XLSX:
                    from moothall.release.downloads.xlsx import write_xlsx

                    write_xlsx(table, file)
                else:
                    from moothall.release.downloads.ods import write_ods

                    write_ods(table, file)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
