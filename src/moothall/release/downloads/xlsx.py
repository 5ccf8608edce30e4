"""XLSX: a workbook for Excel and its kind, written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
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

Cell = str
"""A cell in XML, from after its reference on."""
_COVER_WIDTH = 100
_DAY_NOUGHT = date(1899, 12, 30)  # from which spreadsheets count days
_TEXTS_KEPT = 10_000  # most texts stand in many rows


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
def _make_direct() -> Any:
    """A kind of worksheet that writes rows as text, past XlsxWriter's own way, which takes five times as long.

    Numbers have every digit: XlsxWriter's own stop after 16, and some need 17. A test holds what it writes to what
    XlsxWriter writes.
    """
    from xlsxwriter.utility import xl_col_to_name
    from xlsxwriter.worksheet import Worksheet

    class Direct(Worksheet):  # type: ignore[misc]  # it has no types
        def write_rows(self, first: int, height: int, width: int, rows: Iterable[Sequence[Cell | None]]) -> None:
            """Write rows of cells below all that was written before."""
            self._write_single_row(first)  # what is still held
            letters = [xl_col_to_name(place) for place in range(width)]
            for number, row in enumerate(rows, first + 1):
                placed = zip(letters, row, strict=True)
                cells = [f'<c r="{letter}{number}"{cell}' for letter, cell in placed if cell is not None]
                self.fh.write(f'<row r="{number}">{"".join(cells)}</row>')
            self._check_dimensions(first + height - 1, width - 1)

        def form_text(self, text: str, style: str) -> Cell:
            """A text in a style, as a cell."""
            kept = ' xml:space="preserve"' if text != text.strip() else ""
            said = self._escape_data(self._escape_control_characters(text))
            return f'{style} t="inlineStr"><is><t{kept}>{said}</t></is></c>'

    return Direct


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
        worksheet = self.workbook.add_worksheet(sheet.name, _make_direct())
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
        if sheet.links:
            for height, (name, *texts) in enumerate(sheet.rows, sheet.header_row + 1):
                worksheet.write_url(height, 0, f"internal:'{name}'!A1", self.link, string=name)
                for place, text in enumerate(texts, 1):
                    worksheet.write_string(height, place, text, self.wrapped)
            return
        first, width = sheet.header_row + 1, len(sheet.columns)
        worksheet.write_rows(first, sheet.height, width, self._form_rows(worksheet, sheet))

    def _form_rows(self, worksheet: Worksheet, sheet: Sheet) -> Iterator[list[Cell | None]]:
        """The rows of a sheet, each cell as its XML after its reference."""
        text = _name_style(self.text if sheet.units else self.wrapped)
        form_text = lru_cache(maxsize=_TEXTS_KEPT)(lambda said: worksheet.form_text(said, text))
        kinds = [column.kind for column in sheet.columns]
        names = [column.name for column in sheet.columns]
        unit, places = (names.index("unit"), names.index("places")) if sheet.units else (0, 0)
        by_unit = {each: self._name_styles(choose_form(*each)) for each in sheet.units}
        plain = self._name_styles(Formed(NUMBER_FORM, NUMBER_FORM))
        day, truth = _name_style(self.day), _name_style(self.truth)
        for row in sheet.rows:
            styles = by_unit[str(row[unit]), row[places]] if sheet.units else plain
            cells: list[Cell | None] = []
            for kind, cell in zip(kinds, row, strict=True):
                if cell is None:
                    cells.append(None)
                elif kind in styles and type(cell) is not str:
                    cells.append(f"{styles[kind]}><v>{cell!r}</v></c>")
                elif kind is ColumnKind.TRUTH:
                    cells.append(f'{truth} t="b"><v>{int(cell)}</v></c>')
                elif kind is ColumnKind.DAY:
                    cells.append(f"{day}><v>{(cell - _DAY_NOUGHT).days}</v></c>")
                else:
                    cells.append(form_text(write_text(cell)))
            yield cells

    def _name_styles(self, formed: Formed) -> dict[ColumnKind, str]:
        forms = {
            ColumnKind.AMOUNT: formed.amount,
            ColumnKind.DIFFERENCE: formed.difference,
            ColumnKind.NUMBER: NUMBER_FORM,
            ColumnKind.WHOLE: WHOLE_FORM,
        }
        return {kind: _name_style(self._make(form)) for kind, form in forms.items()}

    def _make(self, form: NumberForm) -> Format:
        if form not in self.forms:
            digits = ("#,##0" if form.is_grouped else "0") + ("." + "0" * form.places if form.places else "")
            quoted = [f'"{each}"' if each else "" for each in (form.before, form.after)]
            self.forms[form] = self.workbook.add_format({"num_format": f"{quoted[0]}{digits}{quoted[1]}"})
        return self.forms[form]


def _name_style(format: Format) -> str:  # noqa: A002 - the library's word
    """What a cell says of its format."""
    return f' s="{format._get_xf_index()}"'  # noqa: SLF001 - as the library's own cells say it


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
