"""Reading every format back as the same rows, with readers that share nothing with what wrote them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from itertools import product
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from moothall.release.downloads.table import Table

Rows = list[dict[str, Any]]
NUMBERS = {"amount", "difference", "number", "whole"}


def kinds_of(table: Table) -> dict[str, str]:
    """What the cells of each column are."""
    return {column.name: str(column.kind) for column in table.columns}


def read_csv(content: bytes, kinds: Mapping[str, str]) -> Rows:
    """The rows of a CSV file, by what its columns are said to hold."""

    def read(kind: str, text: str) -> Any:
        if text == "":
            return None
        if kind in NUMBERS:
            return float(text)
        if kind == "truth":
            return {"true": True, "false": False}[text]
        return text.split("; ") if kind == "texts" else text

    rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
    return [{name: read(kinds[name], text) for name, text in row.items()} for row in rows]


def read_sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """The cells of every sheet of a workbook, XLSX or ODS."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def read_workbook(content: bytes, name: str, kinds: Mapping[str, str]) -> Rows:
    """The rows of a workbook's table: its headings are told apart by the sheet that says what columns are."""
    sheets = read_sheets(content)
    named = {row[0]: row[1] for row in sheets["Columns"][3:]}
    sheet = sheets[name]
    at = next(place for place, row in enumerate(sheet) if row[1] != "" and row[0] in named)
    names = [named[heading] for heading in sheet[at]]
    assert len(set(names)) == len(names) == len(kinds)

    def read(kind: str, cell: Any) -> Any:
        if cell == "" or (kind in NUMBERS and isinstance(cell, str)):
            assert cell == "" or (cell[0], cell[-1]) == ("[", "]"), cell
            return None
        if kind in NUMBERS:
            assert isinstance(cell, float | int), cell
            return float(cell)
        if kind == "truth":
            assert isinstance(cell, bool)
            return cell
        if kind == "day":
            assert isinstance(cell, date), cell
            return cell.isoformat()
        assert isinstance(cell, str), cell
        return cell.split("; ") if kind == "texts" else cell

    return [{name: read(kinds[name], cell) for name, cell in zip(names, row, strict=True)} for row in sheet[at + 1 :]]


def read_parquet(content: bytes) -> Rows:
    """The rows of a Parquet file."""
    return [
        {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in row.items()}
        for row in pl.read_parquet(io.BytesIO(content)).to_dicts()
    ]


def read_json(content: bytes, name: str) -> Rows:
    """The rows of the API's JSON."""
    rows: Rows = json.loads(content)[name]
    return rows


def read_cube(content: bytes) -> Rows:
    """The figures of a JSON-stat 2.0 dataset: key, value, interval and marker of every cell that has any of these."""
    cube = json.loads(content)
    keys = [cube["dimension"][name]["category"]["index"] for name in cube["id"]]
    assert [len(each) for each in keys] == cube["size"]
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for number, cell in enumerate(product(*keys)):
        *key, measure = cell
        value, status = cube["value"].get(str(number)), cube["status"].get(str(number))
        if value is None and status is None:
            continue
        row = rows.setdefault(tuple(key), dict.fromkeys(("value", "lower", "upper", "marker")))
        row[measure] = value
        if status is not None:
            assert measure == "value"
            row["marker"] = status
    return [dict(zip(cube["id"], key, strict=False)) | row for key, row in rows.items()]


def read_described(content: bytes, metadata: bytes) -> Rows:
    """The rows of a CSV file as its CSV on the Web metadata says to read them (W3C, 2015)."""
    schema = json.loads(metadata)["tableSchema"]
    columns = {column["name"]: column for column in schema["columns"]}
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    assert header == [column["titles"] for column in schema["columns"]]

    def read(column: Mapping[str, Any], text: str) -> Any:
        kind = column["datatype"] if isinstance(column["datatype"], str) else column["datatype"]["base"]
        if text == "":
            assert not column["required"]
            return None
        if "separator" in column:
            return text.split(column["separator"])
        match kind:
            case "number":
                return float(text)
            case "integer":
                return int(text)
            case "boolean":
                true, false = column["datatype"]["format"].split("|")
                return {true: True, false: False}[text]
            case "date":
                return date.fromisoformat(text).isoformat()
            case _:
                assert kind == "string"
                return text

    made = [{name: read(columns[name], text) for name, text in zip(header, row, strict=True)} for row in rows]
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in made]
    assert len(set(keys)) == len(keys)
    return made
