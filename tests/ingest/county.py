"""A small register, workbooks and definitions for the tests of ingest; Barsetshire is fictional."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from moothall.core.areas import Area, AreaClass, Register, Succession
from moothall.core.definitions import Lock, SourceDefinition
from moothall.core.editions import Basis, LockedEdition
from moothall.ingest.sources import Ingested, ingest_source
from moothall.ingest.vault import Vault

Value = str | float | int | None
Rows = Sequence[Sequence[Value]]

BARCHESTER, SILVERBRIDGE, PLUMSTEAD, ULLATHORNE = "E06900001", "E06900002", "E07900001", "E07900002"
HEADER: list[Value] = ["Code", "Council", "Year", "Moots held"]


def make_register() -> Register:
    """Two unitaries, of which Silverbridge took over from the districts Plumstead and Ullathorne in April 2023."""

    def area(code: str, name: str, kind: AreaClass, opened: date | None, closed: date | None) -> Area:
        return Area(code, name, f"{name} Council", kind, "E12000009", opened, closed, name.lower())

    change = date(2023, 4, 1)
    return Register(
        [
            area(BARCHESTER, "Barchester", AreaClass.UNITARY, None, None),
            area(SILVERBRIDGE, "Silverbridge", AreaClass.UNITARY, change, None),
            area(PLUMSTEAD, "Plumstead", AreaClass.DISTRICT, None, change),
            area(ULLATHORNE, "Ullathorne", AreaClass.DISTRICT, None, change),
        ],
        [],
        [Succession(code, SILVERBRIDGE, change, "merge", "") for code in (PLUMSTEAD, ULLATHORNE)],
        [],
    )


def make_xlsx(sheets: Mapping[str, Rows]) -> bytes:
    """An Excel workbook."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                elif value is not None:
                    sheet.write_number(number, column, value)
    workbook.close()
    return buffer.getvalue()


def make_ods(sheets: Mapping[str, Rows]) -> bytes:
    """An OpenDocument workbook."""
    document = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            table_row = TableRow()
            for value in row:
                if value is None:
                    cell = TableCell()
                elif isinstance(value, str):
                    cell = TableCell(valuetype="string")
                    cell.addElement(P(text=value))
                else:
                    cell = TableCell(valuetype="float", value=repr(value))
                table_row.addElement(cell)
            table.addElement(table_row)
        document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def make_csv(rows: Rows) -> bytes:
    """A csv whose cells hold no commas."""
    return "".join(",".join("" if v is None else str(v) for v in row) + "\n" for row in rows).encode()


def make_bomb(size: int) -> bytes:
    """An xlsx that unpacks to `size` bytes of nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(size // 1_000_000):
                member.write(b" " * 1_000_000)
    return buffer.getvalue()


METRIC: dict[str, Any] = {
    "key": "moots-held",
    "title": "Moots held",
    "short": "moots held",
    "description": "How many moots were held.",
    "why": "Moots settle disputes.",
    "not_tell": "Whether anyone came.",
    "topic": "moots",
    "unit": "count",
    "places": 0,
    "polarity": "higher",
    "kind": "output",
    "functions": ["moot_keeping"],
    "lever": "direct",
    "comparable_within": "england",
    "interval": "none",
    "owner": "Moot analyst",
    "checker": "Second analyst",
    "next_review": "2027-04-01",
}
TABLE: dict[str, Any] = {
    "table": "moots",
    "area": {"column": "Code"},
    "period": {"kind": "financial_year", "column": "Year"},
    "columns": [{"metric": "moots-held", "column": "Moots held"}],
}
EDITION: dict[str, Any] = {
    "edition": "2023-24",
    "title": "Moots 2023-24",
    "published": "2024-06-01",
    "basis": "front_sheet",
    "mirror": "moots.csv",
}


def make_source(
    tables: Sequence[Mapping[str, Any]] = ({},),
    editions: Sequence[Mapping[str, Any]] = ({},),
    metrics: Sequence[Mapping[str, Any]] = ({},),
) -> SourceDefinition:
    """A source of one table, edition and metric, changed as the arguments say."""
    return SourceDefinition.model_validate(
        {
            "source": "moots",
            "title": "Moots of Barsetshire",
            "publisher": "Barsetshire Moot Office",
            "licence": "ogl-3",
            "landing_page": "https://moots.example/",
            "cadence": "yearly",
            "quality": "official_statistics",
            "editions": [EDITION | dict(edition) for edition in editions],
            "tables": [TABLE | dict(table) for table in tables],
            "metrics": [METRIC | dict(metric) for metric in metrics],
        }
    )


def make_lock(source: SourceDefinition, vault: Vault, contents: Mapping[str, bytes]) -> Lock:
    """The lock of a source whose editions are these bytes, which are put into the vault."""
    return Lock(
        source=source.source,
        editions={
            edition.edition: LockedEdition(
                published=edition.published or "2024-07-01",
                basis=edition.basis or Basis.RETRIEVED,
                sha256=vault.put(contents[edition.edition]),
                bytes=len(contents[edition.edition]),
                retrieved=date(2024, 7, 1),
            )
            for edition in source.editions
            if edition.edition in contents
        },
    )


def ingest(folder: Path, content: bytes | Rows, **changes: Any) -> Ingested:
    """What a source of one edition gives, its table changed as the keyword arguments say."""
    name = changes.pop("name", "moots.csv")
    metric = changes.pop("metric", {})
    edition = changes.pop("edition", {})
    source = make_source([changes], [{"mirror": name} | edition], [metric])
    vault = Vault(folder / "vault")
    raw = content if isinstance(content, bytes) else make_csv(content)
    return ingest_source(source, make_lock(source, vault, {"2023-24": raw}), vault, make_register())


def told(ingested: Ingested) -> list[tuple[str, str]]:
    """The code and place of every problem."""
    return [(problem.code, str(problem.where)) for problem in ingested.problems]
