"""Grids keep every cell at its own address, and refuse what is not the file it says it is."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.cells import address, read_address
from moothall.core.problems import Problem, ProblemsFound
from moothall.ingest import guards
from moothall.ingest.grid import read_grid, stored_text
from tests.ingest.county import Rows, make_bomb, make_csv, make_ods, make_xlsx

ROWS: Rows = [[None, None, None], [None, "Code", "Moots held"], [None, "E06900001", 24000.0], [None, " x ", 0.1]]


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_addresses_round_trip(row: int, column: int) -> None:
    assert read_address(address(row, column)) == (row, column)


@pytest.mark.parametrize(
    ("row", "column", "text"), [(1, 1, "A1"), (231, 8, "H231"), (2, 27, "AA2"), (9, 16_384, "XFD9")]
)
def test_addresses_are_a_spreadsheets(row: int, column: int, text: str) -> None:
    assert address(row, column) == text


@pytest.mark.parametrize("text", ["", "1A", "A0", "a1", "A", "ABCD1"])
def test_other_texts_are_no_addresses(text: str) -> None:
    with pytest.raises(ValueError, match="not the address"):
        read_address(text)


@pytest.mark.parametrize(("make", "name"), [(make_ods, "moots.ods"), (make_xlsx, "moots.xlsx")])
def test_empty_rows_and_columns_do_not_shift_addresses(make: object, name: str) -> None:
    grid = read_grid(make({"Moots": ROWS, "Notes": [["x"]]}), name)  # type: ignore[operator]
    assert grid.sheet_names == ["Moots", "Notes"]
    sheet = grid.sheet("Moots")
    assert sheet.cell_at("C3") == 24000.0
    assert sheet.cell_at("B4") == " x "
    assert sheet.cell_at("A1") is None
    assert sheet.cell_at("Z99") is None


@given(
    st.lists(st.lists(st.none() | st.integers(-9999, 9999) | st.text("abc :[]", min_size=1), max_size=6), max_size=6)
)
def test_every_cell_of_a_workbook_is_found_again(rows: list[list[str | int | None]]) -> None:
    sheet = read_grid(make_xlsx({"S": [*rows, ["end"]]}), "moots.xlsx").sheet("S")
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            assert sheet.cell_at(address(number, column)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (24000.0, "24000"),
        (0.1, "0.1"),
        (0.0, "0"),
        (1e22, "1e+22"),
        (" x ", " x "),
        (None, ""),
        (True, "true"),
        (7, "7"),
    ],
)
def test_stored_text_is_the_shortest(value: str | float | bool | None, text: str) -> None:
    assert stored_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_stored_numbers_are_not_rounded(value: float) -> None:
    assert float(stored_text(value)) == value


def test_days_are_iso_text() -> None:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer)
    as_day = workbook.add_format({"num_format": "dd/mm/yyyy"})
    workbook.add_worksheet("S").write_datetime("A1", datetime(2024, 3, 31), as_day)  # noqa: DTZ001
    workbook.close()
    assert read_grid(buffer.getvalue(), "moots.xlsx").sheet("S").cell_at("A1") == "2024-03-31"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_of_each_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    content = f'Code{delimiter}"Café, or\ninn"\nE06900001{delimiter}0\n\nlast{delimiter}\n'
    sheet = read_grid(content.encode(encoding), "moots.csv").sheet("csv")
    assert [list(row) for row in sheet.rows] == [["Code", "Café, or\ninn"], ["E06900001", "0"], [], ["last", None]]


def test_json_of_objects_and_of_columns() -> None:
    data = {
        "year": 2023,
        "councils": [{"code": "E1", "moots": 0}, {"code": "E2", "note": "x"}],
        "by": {"code": ["E1"], "n": [None]},
    }
    grid = read_grid(json.dumps(data).encode(), "moots.json")
    assert grid.sheet_names == ["councils", "by"]
    assert [list(row) for row in grid.sheet("councils").rows] == [
        ["code", "moots", "note"],
        ["E1", 0, None],
        ["E2", None, "x"],
    ]
    assert [list(row) for row in grid.sheet("by").rows] == [["code", "n"], ["E1", None]]
    assert read_grid(b'[{"a": 1}]', "moots.json").sheet("$").cell_at("A2") == 1


def test_parquet() -> None:
    buffer = io.BytesIO()
    pl.DataFrame({"code": ["E1", None], "moots": [0.0, 2.5]}).write_parquet(buffer)
    rows = read_grid(buffer.getvalue(), "moots.parquet").sheet("parquet").rows
    assert [list(row) for row in rows] == [["code", "moots"], ["E1", 0.0], [None, 2.5]]


def refused(content: bytes | Path, name: str) -> Problem:
    """The one problem that opening the file and all its sheets gives."""

    def open_all() -> None:
        grid = read_grid(content, name)
        for sheet in grid.sheet_names:
            grid.sheet(sheet)

    with pytest.raises(ProblemsFound) as stopped:
        open_all()
    (problem,) = stopped.value.problems
    assert problem.where.file == name
    return problem


PAGE = b"\n<!DOCTYPE html>\n<html><body>503 Service Unavailable</body></html>"


@pytest.mark.parametrize("name", ["moots.ods", "moots.xlsx", "moots.csv", "moots.json", "moots"])
@pytest.mark.parametrize("page", [PAGE, b'<?xml version="1.0"?><!-- x --><html lang="en">', b"\xef\xbb\xbf<HTML>"])
def test_a_web_page_under_another_name(name: str, page: bytes) -> None:
    problem = refused(page, name)
    assert problem.code == "FILE_UNREADABLE"
    assert "web page" in problem.message


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (make_xlsx({"S": ROWS})[:-900], "moots.xlsx", "damaged or cut short"),
        (make_ods({"S": ROWS})[:-400], "moots.ods", "damaged or cut short"),
        (make_csv([["a", "b"]]), "moots.xlsx", "named as xlsx and holds plain text"),
        (make_xlsx({"S": ROWS}), "moots.csv", "named as csv and holds an xlsx workbook"),
        (b"", "moots.csv", "empty"),
        (b" \n", "moots.csv", "empty"),
        (b"\x00\x01\x02\x03", "moots.csv", "no kind that can be read"),
        (b"a,b\n\x81\x8d,2\n", "moots.csv", "neither UTF-8 nor Windows-1252, at byte 4"),
        (b'a,b\n1,"2\n', "moots.csv", "at line 2"),
        (b'{"a": [1, 2', "moots.json", "JSON cannot be read"),
        (b'{"a": 1}', "moots.json", "no list of objects"),
        (b"PAR1 and no more", "moots.parquet", "Parquet file cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "moots.xls", "workbook cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "moots.xlsx", "password"),
    ],
)
def test_damaged_and_misnamed_files(content: bytes, name: str, words: str) -> None:
    problem = refused(content, name)
    assert problem.code == "FILE_UNREADABLE"
    assert words in problem.message


def test_a_workbook_damaged_inside() -> None:
    content = bytearray(make_xlsx({"S": ROWS}))
    start = content.find(b"xl/worksheets/sheet1.xml") + 60
    content[start : start + 40] = bytes(40)
    assert refused(bytes(content), "moots.xlsx").code == "FILE_UNREADABLE"


def test_a_zip_bomb() -> None:
    bomb = make_bomb(150_000_000)
    assert len(bomb) < 1_000_000
    assert refused(bomb, "moots.xlsx").code == "FILE_TOO_LARGE"


def test_a_smaller_bomb_is_known_by_its_ratio() -> None:
    problem = refused(make_bomb(40_000_000), "moots.xlsx")
    assert (problem.code, "300 times" in problem.message) == ("FILE_TOO_LARGE", True)


def test_a_bomb_that_lies_about_its_size() -> None:
    bomb = bytearray(make_bomb(150_000_000))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        position = bomb.rfind(signature)
        bomb[position + offset : position + offset + 4] = (1000).to_bytes(4, "little")
    assert refused(bytes(bomb), "moots.xlsx").code in {"FILE_TOO_LARGE", "FILE_UNREADABLE"}


def test_a_csv_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "BYTES_LIMIT", 1000)
    assert refused(b"a,b\n" * 251, "moots.csv").code == "FILE_TOO_LARGE"
    path = tmp_path / "moots.csv"
    path.write_bytes(b"a,b\n" * 251)
    assert refused(path, "moots.csv").code == "FILE_TOO_LARGE"
    assert read_grid(b"a,b\n" * 250, "moots.csv").sheet("csv").rows


def ods_of(rows: str) -> bytes:
    content = (
        '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="m"/>')
    return buffer.getvalue()


FILLED = '<table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
BLANKS = '<table:table-cell table:number-columns-repeated="16000"/>'
ROW = "<table:table-row>{}</table:table-row>"
MANY_ROWS = '<table:table-row table:number-rows-repeated="1000000">{}</table:table-row>'


@pytest.mark.parametrize(
    "rows",
    [
        MANY_ROWS.format(FILLED * 20),
        MANY_ROWS.format(BLANKS) + ROW.format(FILLED * 20),
        ROW.format(BLANKS + FILLED) * 1000,
        ROW.format(FILLED) + MANY_ROWS.format(BLANKS + FILLED),
    ],
    ids=["filled rows repeated", "blank rows before a filled one", "far columns", "far columns repeated"],
)
def test_an_ods_of_too_many_cells(rows: str) -> None:
    assert refused(ods_of(rows), "moots.ods").code == "FILE_TOO_LARGE"


def test_blank_rows_at_the_end_of_an_ods_do_not_count() -> None:
    content = ods_of(ROW.format(FILLED + BLANKS) + MANY_ROWS.format(BLANKS))
    assert [list(row) for row in read_grid(content, "moots.ods").sheet("S").rows] == [[1.0]]


def test_an_xlsx_of_too_many_cells() -> None:
    assert (
        refused(make_xlsx({"S": [["a"], *([[]] * 1_000_000), [None] * 30 + ["z"]]}), "moots.xlsx").code
        == "FILE_TOO_LARGE"
    )
