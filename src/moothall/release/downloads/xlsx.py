"""XLSX: a workbook for Excel and its kind, written row by row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from functools import cache
from typing import IO, TYPE_CHECKING, Any

from moothall.release.downloads.sheets import (
    NUMBER_FORM,
    WHOLE_FORM,
    Formed,
    NumberForm,
    Sheet,
    choose_form,
    choose_width,
    lay_out,
    write_text,
)
from moothall.release.downloads.table import ColumnKind, Table

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_COVER_WIDTH = 100


def write_xlsx(table: Table, file: IO[bytes]) -> None:
    """Write a table's workbook; the same table gives the same bytes."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(file, {"constant_memory": True})
    about = table.about
    workbook.set_properties(
        {
            "title": about.title,
            "author": "Moothall",
            "comments": f"Release {about.release}",
            "created": datetime.combine(about.built, time()),
        }
    )
    writer = _Writer(workbook)
    for sheet in lay_out(table):
        writer.write(sheet)
    workbook.close()


@cache
def _make_exact() -> Any:
    """A kind of worksheet that writes every digit of a number: XlsxWriter's own stops after 16, and some need 17."""
    from xlsxwriter.worksheet import Worksheet

    class Exact(Worksheet):  # type: ignore[misc]  # it has no types
        def _xml_number_element(self, number: float, attributes: Iterable[tuple[str, object]] = ()) -> None:
            said = "".join(f' {name}="{value}"' for name, value in attributes)
            self.fh.write(f"<c{said}><v>{number!r}</v></c>")

    return Exact


class _Writer:
    """Writes sheets, and keeps the formats that they share."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        make = workbook.add_format
        self.heading = make({"bold": True, "font_size": 15, "num_format": "@"})
        self.line = make({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.note = make({"num_format": "@"})
        self.column = make({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": "@"})
        self.text = make({"num_format": "@"})  # a code stays a code even when its cell is edited
        self.wrapped = make({"num_format": "@", "text_wrap": True, "valign": "top"})
        self.link = make({"font_color": "#1D70B8", "underline": 1, "num_format": "@"})
        self.day = make({"num_format": "yyyy-mm-dd"})
        self.truth = make({"align": "left"})
        self.forms: dict[NumberForm, Format] = {}

    def write(self, sheet: Sheet) -> None:
        """Add one sheet."""
        worksheet = self.workbook.add_worksheet(sheet.name, _make_exact())
        if not sheet.columns:
            self._write_cover(worksheet, sheet)
            return
        for place in range(len(sheet.columns)):
            worksheet.set_column(place, place, choose_width(sheet, place))
        if sheet.height:
            _mark_table(worksheet, sheet)
        worksheet.write_string(0, 0, sheet.heading, self.heading)
        for number, line in enumerate(sheet.lines, 1):
            worksheet.write_string(number, 0, line, self.note)
        for place, column in enumerate(sheet.columns):
            worksheet.write_string(sheet.header_row, place, column.heading, self.column)
        worksheet.freeze_panes(sheet.header_row + 1, 0)
        self._write_rows(worksheet, sheet)

    def _write_cover(self, worksheet: Worksheet, sheet: Sheet) -> None:
        worksheet.set_column(0, 0, _COVER_WIDTH)
        worksheet.hide_gridlines(2)
        worksheet.write_string(0, 0, sheet.heading, self.heading)
        for number, line in enumerate(sheet.lines, 1):
            worksheet.write_string(number, 0, line, self.line)

    def _write_rows(self, worksheet: Worksheet, sheet: Sheet) -> None:
        text = self.text if sheet.units else self.wrapped
        kinds = [(place, column.kind) for place, column in enumerate(sheet.columns)]
        names = [column.name for column in sheet.columns]
        unit, places = (names.index("unit"), names.index("places")) if sheet.units else (0, 0)
        forms = {each: self._make_formats(choose_form(*each)) for each in sheet.units}
        whole, number = self._make(WHOLE_FORM), self._make(NUMBER_FORM)
        for height, row in enumerate(sheet.rows, sheet.header_row + 1):
            amount, difference = forms[str(row[unit]), row[places]] if sheet.units else (number, number)
            by_kind = {
                ColumnKind.AMOUNT: amount,
                ColumnKind.DIFFERENCE: difference,
                ColumnKind.NUMBER: number,
                ColumnKind.WHOLE: whole,
            }
            for place, kind in kinds:
                cell: Any = row[place]
                if cell is None:
                    continue
                if kind in by_kind and type(cell) is not str:
                    worksheet.write_number(height, place, cell, by_kind[kind])
                elif kind is ColumnKind.TRUTH:
                    worksheet.write_boolean(height, place, cell, self.truth)
                elif kind is ColumnKind.DAY:
                    worksheet.write_datetime(height, place, cell, self.day)
                elif sheet.links and place == 0:
                    worksheet.write_url(height, place, f"internal:'{cell}'!A1", self.link, string=cell)
                else:
                    worksheet.write_string(height, place, write_text(cell), text)

    def _make_formats(self, formed: Formed) -> tuple[Format, Format]:
        return self._make(formed.amount), self._make(formed.difference)

    def _make(self, form: NumberForm) -> Format:
        if form not in self.forms:
            digits = ("#,##0" if form.is_grouped else "0") + ("." + "0" * form.places if form.places else "")
            quoted = [f'"{each}"' if each else "" for each in (form.before, form.after)]
            self.forms[form] = self.workbook.add_format({"num_format": f"{quoted[0]}{digits}{quoted[1]}"})
        return self.forms[form]


def _mark_table(worksheet: Worksheet, sheet: Sheet) -> None:
    """Say that the rows are a table, with its headings, so that screen readers read it as one.

    XlsxWriter refuses tables where rows go straight to the disk, as it may write their cells itself, and notes every
    cell of a table in memory. It is given a table of one row instead, whose span is then set; a test reads it back.
    """
    first, last = sheet.header_row, sheet.header_row + sheet.height
    is_straight, worksheet.constant_memory = worksheet.constant_memory, False
    columns = [{"header": column.heading} for column in sheet.columns]
    width = len(sheet.columns) - 1
    options = {"name": sheet.name, "columns": columns, "style": "Table Style Light 1", "banded_rows": False}
    worksheet.add_table(first, 0, first + 1, width, options | {"autofilter": True})
    worksheet.constant_memory = is_straight
    from xlsxwriter.utility import xl_range

    table = worksheet.tables[-1]
    table["range"] = table["a_range"] = table["autofilter"] = xl_range(first, 0, last, width)
