"""Rows written past XlsxWriter's own way are the rows that XlsxWriter writes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import xlsxwriter

from moothall.release.downloads.table import About, Column, ColumnKind, Row, Table
from moothall.release.downloads.xlsx import write_xlsx

KINDS = (ColumnKind.TEXT, ColumnKind.TEXTS, ColumnKind.NUMBER, ColumnKind.WHOLE, ColumnKind.TRUTH, ColumnKind.DAY)
ROWS: tuple[Row, ...] = (
    ("E06900001", ("health", "police"), 0.5, 7, True, date(2024, 2, 29)),
    ("a & b < c > d \"e\" 'f'", ("one",), -1234.5678, -3, False, date(1900, 3, 1)),
    ("  spaces at both ends ", (), 1e-9, 0, None, date(9999, 12, 31)),
    ("=1+1", None, 2.5e17, 10**15, True, None),
    ("<r>no rich text</r>", ("_x0041_", "\x07 bell"), 0.125, None, None, None),
    ("two\nlines and\ta tab", ("£1,000", "−5", "𝕄"), 3.0, 1, False, date(2023, 4, 1)),
    (None, None, None, None, None, None),
    ("last", None, 1.5, 2, True, date(2025, 1, 1)),
)


def read_sheet(content: bytes, sheet: int) -> tuple[str, str]:
    """The rows of a sheet in XML, without the numbers of styles, and the range that it says it has."""
    text = zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{sheet}.xml").decode()
    [rows], [span] = (
        re.findall("<sheetData>(.*)</sheetData>", text, re.DOTALL),
        re.findall('<dimension ref="(.*?)"', text),
    )
    return re.sub(r' s="\d+"', "", rows), span


def write_plainly(path: Path, first: int) -> bytes:
    """The same rows from a row on, by what XlsxWriter offers everybody."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet, day = workbook.add_worksheet(), workbook.add_format({"num_format": "yyyy-mm-dd"})
        for height, row in enumerate(ROWS, first):
            for place, (kind, cell) in enumerate(zip(KINDS, row, strict=True)):
                if cell is None:
                    continue
                if kind is ColumnKind.DAY:
                    sheet.write_datetime(height, place, cell, day)
                elif kind is ColumnKind.TRUTH:
                    sheet.write_boolean(height, place, cell)
                elif kind in (ColumnKind.NUMBER, ColumnKind.WHOLE):
                    sheet.write_number(height, place, cell)
                else:
                    # What is between these two it would take for rich text, which ours never is.
                    text = "; ".join(cell) if isinstance(cell, tuple) else cell
                    sheet.write_string(height, place, text.replace("<r>", "[r]"))
    return path.read_bytes()


def test_every_kind_of_cell_is_written_as_xlsxwriter_writes_it(tmp_path: Path) -> None:
    columns = tuple(Column(f"c{place}", f"Column {place}", "", kind) for place, kind in enumerate(KINDS))
    about = About("Odd cells", (), "2025-06-02-00000000", date(2025, 6, 2), "", ())
    file = io.BytesIO()
    write_xlsx(Table("cells", columns, ("c0",), ROWS, len(ROWS), about), file)
    written, span = read_sheet(file.getvalue(), 4)
    first = int(re.findall(r'<row r="(\d+)"', written)[0]) + 2  # a heading, a line and the columns' headings before
    plain, _ = read_sheet(write_plainly(tmp_path / "plain.xlsx", first), 1)

    def list_cells(rows: str) -> dict[str, str]:
        cells = dict(re.findall(r'<c r="(\w+)"(.*?)</c>', rows, re.DOTALL))
        return {place: re.sub(r"\.0</v>$", "</v>", cell) for place, cell in cells.items()}

    ours = {place: cell for place, cell in list_cells(written).items() if int(re.sub(r"\D", "", place)) > first}
    theirs = list_cells(plain)
    assert ours.keys() == theirs.keys()
    odd = [place for place, cell in ours.items() if cell != theirs[place]]
    assert [ours[place].count("&lt;r&gt;no rich text") for place in odd if "[r]" in theirs[place]] == [1]
    # Of numbers, ours have every digit and theirs 16.
    for place in odd:
        if "<v>" in ours[place]:
            mine, other = (float(re.findall("<v>(.*)</v>", each[place])[0]) for each in (ours, theirs))
            assert mine == other
        else:
            assert "[r]" in theirs[place]
    assert span == f"A1:F{first + len(ROWS)}"
