"""ODS: an OpenDocument spreadsheet, written row by row.

The libraries that write it keep every cell as an object of its own and take minutes; why ours is used is in decision
40. It writes the few elements of OpenDocument 1.3 that sheets of text, numbers and days need.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

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

_MEDIA_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        *(("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("config", "config")),
        *(("fo", "xsl-fo-compatible"), ("number", "datastyle"), ("meta", "meta"), ("manifest", "manifest")),
    )
)
_OTHERS = ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a ZIP file; every file has it, so that the same table gives the same bytes
_CHARACTER = 0.2  # centimetres
_COVER_WIDTH = 100
_CONTROLS = dict.fromkeys(code for code in range(32) if code not in (9, 10))  # XML may hold few of them
_SPACES = re.compile("^ +| +$| {2,}")  # that XML would take for one, or none


def write_ods(table: Table, file: IO[bytes]) -> None:
    """Write a table's workbook; the same table gives the same bytes."""
    sheets = lay_out(table)
    about = table.about
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, "mimetype", [_MEDIA_TYPE], zipfile.ZIP_STORED)
        _put(archive, "META-INF/manifest.xml", _list_parts())
        _put(archive, "meta.xml", _describe(about.title, about.release, about.built))
        _put(archive, "settings.xml", _freeze(sheets))
        _put(archive, "styles.xml", _set_defaults())
        _put(archive, "content.xml", _write_content(sheets))


def _put(archive: zipfile.ZipFile, name: str, parts: Any, how: int = zipfile.ZIP_DEFLATED) -> None:
    info = zipfile.ZipInfo(name, _EARLIEST)
    info.compress_type = how
    with archive.open(info, "w", force_zip64=False) as entry:
        for part in parts:
            entry.write(part.encode("utf-8"))


def _list_parts() -> Iterator[str]:
    yield f'{_HEAD}<manifest:manifest {_NAMESPACES} manifest:version="1.3">'
    yield f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_MEDIA_TYPE}"/>'
    for name in ("content.xml", "styles.xml", "meta.xml", "settings.xml"):
        yield f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
    yield "</manifest:manifest>"


def _describe(title: str, release: str, built: date) -> Iterator[str]:
    yield f'{_HEAD}<office:document-meta {_NAMESPACES}{_OTHERS} office:version="1.3"><office:meta>'
    yield f"<meta:generator>Moothall</meta:generator><dc:title>{_say(title)}</dc:title>"
    yield f"<dc:description>Release {release}</dc:description><dc:language>en-GB</dc:language>"
    yield f"<meta:creation-date>{built.isoformat()}T00:00:00</meta:creation-date>"
    yield "</office:meta></office:document-meta>"


def _freeze(sheets: list[Sheet]) -> Iterator[str]:
    """The view: the cover first, and on every sheet with a table the headings stay in sight."""
    yield f'{_HEAD}<office:document-settings {_NAMESPACES} office:version="1.3"><office:settings>'
    yield '<config:config-item-set config:name="ooo:view-settings">'
    yield '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
    yield f'<config:config-item config:name="ActiveTable" config:type="string">{sheets[0].name}</config:config-item>'
    yield '<config:config-item-map-named config:name="Tables">'
    for sheet in sheets:
        yield f'<config:config-item-map-entry config:name="{sheet.name}">'
        if sheet.columns:
            below = sheet.header_row + 1
            items = (("VerticalSplitMode", "short", 2), ("VerticalSplitPosition", "int", below))
            for name, kind, value in (*items, ("ActiveSplitRange", "short", 2), ("PositionBottom", "int", below)):
                yield f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
        yield "</config:config-item-map-entry>"
    yield "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
    yield "</config:config-item-set></office:settings></office:document-settings>"


def _set_defaults() -> Iterator[str]:
    yield f'{_HEAD}<office:document-styles {_NAMESPACES} office:version="1.3"><office:styles>'
    yield '<style:default-style style:family="table-cell"><style:text-properties fo:language="en" fo:country="GB" '
    yield 'fo:font-family="Arial" fo:font-size="11pt"/></style:default-style>'
    yield '<style:style style:name="Default" style:family="table-cell"/></office:styles></office:document-styles>'


def _write_content(sheets: list[Sheet]) -> Iterator[str]:
    forms = _gather_forms(sheets)
    widths = sorted({width for sheet in sheets for width in _list_widths(sheet)})
    yield f'{_HEAD}<office:document-content {_NAMESPACES}{_OTHERS} office:version="1.3"><office:automatic-styles>'
    for width in widths:
        yield f'<style:style style:name="w{width}" style:family="table-column">'
        yield f'<style:table-column-properties style:column-width="{width * _CHARACTER:.2f}cm"/></style:style>'
    yield from _write_styles(forms)
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for sheet in sheets:
        yield from _write_sheet(sheet, forms)
    yield "<table:database-ranges>"
    for sheet in sheets:
        if sheet.columns and sheet.height:
            span = f"{sheet.name}.A{sheet.header_row + 1}:{sheet.name}.{_letter(len(sheet.columns) - 1)}"
            yield f'<table:database-range table:name="{sheet.name}" table:display-filter-buttons="true" '
            yield f'table:target-range-address="{span}{sheet.header_row + 1 + sheet.height}"/>'
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _gather_forms(sheets: list[Sheet]) -> dict[NumberForm, str]:
    found = {WHOLE_FORM: "", NUMBER_FORM: ""} | {
        form: "" for sheet in sheets for unit in sheet.units for form in choose_form(*unit)
    }
    return {form: f"n{number}" for number, form in enumerate(found)}


def _write_styles(forms: dict[NumberForm, str]) -> Iterator[str]:
    yield '<number:text-style style:name="fText"><number:text-content/></number:text-style>'
    yield '<number:date-style style:name="fDay"><number:year number:style="long"/><number:text>-</number:text>'
    yield '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
    yield "</number:date-style>"
    for form, name in forms.items():
        grouped = "true" if form.is_grouped else "false"
        before, after = (f"<number:text>{each}</number:text>" if each else "" for each in (form.before, form.after))
        digits = f'number:decimal-places="{form.places}" number:min-decimal-places="{form.places}"'
        yield f'<number:number-style style:name="f{name}">{before}<number:number {digits} '
        yield f'number:min-integer-digits="1" number:grouping="{grouped}"/>{after}</number:number-style>'
        yield _write_style(name, f"f{name}")
    yield _write_style("day", "fDay")
    yield _write_style("t", "fText")
    yield _write_style("wrapped", "fText", wrap=True)
    yield _write_style("column", "fText", '<style:text-properties fo:font-weight="bold"/>', wrap=True)
    yield _write_style("heading", "fText", '<style:text-properties fo:font-weight="bold" fo:font-size="15pt"/>')


def _write_style(name: str, shown: str, text: str = "", *, wrap: bool = False) -> str:
    wrapped = '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>' if wrap else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" style:parent-style-name="Default" '
        f'style:data-style-name="{shown}">{wrapped}{text}</style:style>'
    )


def _write_sheet(sheet: Sheet, forms: dict[NumberForm, str]) -> Iterator[str]:
    yield f'<table:table table:name="{sheet.name}">'
    for width in _list_widths(sheet):
        yield f'<table:table-column table:style-name="w{width}"/>'
    yield _write_line(sheet.heading, "heading")
    for line in sheet.lines:
        yield _write_line(line, "t" if sheet.columns else "wrapped")
    if sheet.columns:
        headings = "".join(_write_string(column.heading, "column") for column in sheet.columns)
        yield f"<table:table-header-rows><table:table-row>{headings}</table:table-row></table:table-header-rows>"
        yield from _write_rows(sheet, forms)
    yield "</table:table>"


def _write_line(text: str, style: str) -> str:
    return f"<table:table-row>{_write_string(text, style)}</table:table-row>"


def _write_rows(sheet: Sheet, forms: dict[NumberForm, str]) -> Iterator[str]:
    text = "t" if sheet.units else "wrapped"
    kinds = [column.kind for column in sheet.columns]
    names = [column.name for column in sheet.columns]
    unit, places = (names.index("unit"), names.index("places")) if sheet.units else (0, 0)
    by_unit = {each: _name_styles(choose_form(*each), forms) for each in sheet.units}
    plain = _name_styles(Formed(NUMBER_FORM, NUMBER_FORM), forms)
    for row in sheet.rows:
        styles = by_unit[str(row[unit]), row[places]] if sheet.units else plain
        cells = ["<table:table-row>"]
        for place, (kind, cell) in enumerate(zip(kinds, row, strict=True)):
            if cell is None:
                cells.append("<table:table-cell/>")
            elif kind in styles and type(cell) is not str:
                value = repr(cell)
                cells.append(f'<table:table-cell table:style-name="{styles[kind]}" office:value-type="float" ')
                cells.append(f'office:value="{value}"><text:p>{value}</text:p></table:table-cell>')
            elif kind is ColumnKind.TRUTH:
                word = "true" if cell else "false"
                cells.append(f'<table:table-cell office:value-type="boolean" office:boolean-value="{word}">')
                cells.append(f"<text:p>{word.upper()}</text:p></table:table-cell>")
            elif kind is ColumnKind.DAY:
                cells.append('<table:table-cell table:style-name="day" office:value-type="date" ')
                cells.append(f'office:date-value="{cell}"><text:p>{cell}</text:p></table:table-cell>')
            elif sheet.links and place == 0:
                leads = f'<text:a xlink:type="simple" xlink:href={quoteattr(f"#{cell}.A1")}>{_say(cell)}</text:a>'
                cells.append(
                    f'<table:table-cell office:value-type="string"><text:p>{leads}</text:p></table:table-cell>'
                )
            else:
                cells.append(_write_string(write_text(cell), text))
        cells.append("</table:table-row>")
        yield "".join(cells)


def _name_styles(formed: Formed, forms: dict[NumberForm, str]) -> dict[ColumnKind, str]:
    return {
        ColumnKind.AMOUNT: forms[formed.amount],
        ColumnKind.DIFFERENCE: forms[formed.difference],
        ColumnKind.NUMBER: forms[NUMBER_FORM],
        ColumnKind.WHOLE: forms[WHOLE_FORM],
    }


@lru_cache(maxsize=10_000)  # most texts stand in many rows
def _write_string(text: str, style: str) -> str:
    said = "".join(f"<text:p>{_say(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell table:style-name="{style}" office:value-type="string">{said}</table:table-cell>'


def _say(text: str) -> str:
    """A line in XML, with the tabs and spaces that XML would lose as OpenDocument has them."""
    said = escape(text.translate(_CONTROLS))
    if "\t" in said or "  " in said or said != said.strip():
        said = _SPACES.sub(lambda found: f'<text:s text:c="{len(found[0])}"/>', said).replace("\t", "<text:tab/>")
    return said


def _list_widths(sheet: Sheet) -> list[int]:
    return [choose_width(sheet, place) for place in range(len(sheet.columns))] or [_COVER_WIDTH]


def _letter(place: int) -> str:
    """The letters of a column, from 0: A, B … Z, AA."""
    return (_letter(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
