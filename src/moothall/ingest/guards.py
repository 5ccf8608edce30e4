"""Guards: what kind of file some bytes are, and whether they are safe to open."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import PurePath
from typing import NoReturn

from moothall.core.cells import column_number
from moothall.core.problems import Place, Problem, ProblemsFound

BYTES_LIMIT = 100_000_000
CELLS_LIMIT = 10_000_000
# Sheets are wordy XML and shrink to a thirtieth or so; only bombs shrink a hundred times more than that.
RATIO_LIMIT = 300
RATIO_MATTERS_FROM = 20_000_000
_CHUNK = 1 << 20


class FileKind(StrEnum):
    """The kinds of file that can be read."""

    ODS = "ods"
    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"

    @property
    def is_workbook(self) -> bool:
        """Whether it holds sheets as spreadsheets do."""
        return self in {FileKind.ODS, FileKind.XLSX, FileKind.XLS}


_SUFFIXES = {f".{kind}": kind for kind in FileKind} | {".tsv": FileKind.CSV, ".txt": FileKind.CSV}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|script)\b",
    re.IGNORECASE | re.DOTALL,
)
_PLAIN_WORDS = {FileKind.CSV: "plain text", FileKind.JSON: "JSON", FileKind.PARQUET: "a Parquet file"}


def refuse(code: str, message: str, file: str, sheet: str | None = None) -> NoReturn:
    """Stop reading a file: raise `ProblemsFound` with one problem whose place is the file, or a sheet of it."""
    raise ProblemsFound([Problem(code, message, Place(file, sheet=sheet))])


def is_html(content: bytes) -> bool:
    """Whether the bytes begin as a web page does."""
    return _HTML.match(content[:4096]) is not None


def kind_by_name(filename: str) -> FileKind | None:
    """The kind that a file's name says it is; none where the name says nothing."""
    return _SUFFIXES.get(PurePath(filename).suffix.lower())


def find_kind(content: bytes, filename: str) -> FileKind:
    """The kind of file the bytes are, by their first bytes.

    Raises `ProblemsFound` (FILE_UNREADABLE) for a web page, an empty, damaged, protected or unknown file, and where
    the name says another kind; one sort of workbook named as another can be read and is let through.
    """
    named = kind_by_name(filename)
    kind = _kind_by_content(content, filename, named)
    if named is not None and named is not kind and not (named.is_workbook and kind.is_workbook):
        words = _PLAIN_WORDS.get(kind, f"an {kind} workbook")
        refuse("FILE_UNREADABLE", f"The file is named as {named} and holds {words}.", filename)
    return kind


def _kind_by_content(content: bytes, filename: str, named: FileKind | None) -> FileKind:
    if not content.strip():
        refuse("FILE_UNREADABLE", "The file is empty.", filename)
    if is_html(content):
        refuse("FILE_UNREADABLE", "The file is a web page, most likely an error page saved under this name.", filename)
    if content.startswith(b"PK"):
        return _kind_of_archive(content, filename)
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            refuse("FILE_UNREADABLE", "The workbook is protected by a password.", filename)
        return FileKind.XLS
    if content.startswith(b"PAR1"):
        return FileKind.PARQUET
    if b"\0" in content[:8192]:
        refuse("FILE_UNREADABLE", "The file is of no kind that can be read.", filename)
    begins_as_json = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    return FileKind.JSON if begins_as_json and named is not FileKind.CSV else FileKind.CSV


def _kind_of_archive(content: bytes, filename: str) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as error:
        refuse("FILE_UNREADABLE", f"The workbook is damaged or cut short: {error}.", filename)
    if "content.xml" in members:
        return FileKind.ODS
    if "xl/workbook.xml" in members:
        return FileKind.XLSX
    refuse("FILE_UNREADABLE", "The file is an archive, but not an ods or xlsx workbook.", filename)


def check_size(size: int, filename: str) -> None:
    """Raise `ProblemsFound` (FILE_TOO_LARGE) for more bytes than the limit of 100 MB."""
    if size > BYTES_LIMIT:
        refuse("FILE_TOO_LARGE", f"The file has {size:,} bytes; the limit is {BYTES_LIMIT:,}.", filename)


def check_cells(rows: int, columns: int, filename: str, sheet: str) -> None:
    """Raise `ProblemsFound` (FILE_TOO_LARGE) for a sheet of more cells than the limit of ten million."""
    if rows * columns > CELLS_LIMIT:
        message = f"The sheet has {rows:,} rows and {columns:,} columns; the limit is {CELLS_LIMIT:,} cells."
        refuse("FILE_TOO_LARGE", message, filename, sheet)


def check_archive(content: bytes, kind: FileKind, filename: str) -> None:
    """Unpack an ods or xlsx piece by piece, and refuse one that would fill the memory once opened.

    Sizes are first taken as declared and then counted, because a bomb may lie. Raises `ProblemsFound`: FILE_TOO_LARGE,
    or FILE_UNREADABLE where a piece cannot be unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_unpacked(sum(member.file_size for member in archive.infolist()), len(content), filename)
            unpacked = 0
            for member in archive.infolist():
                part = _unpack(archive, member, unpacked, len(content), filename)
                unpacked += len(part)
                if _is_sheet(member.filename, kind):
                    check_cells(*_extent(part, kind), filename, member.filename)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        refuse("FILE_UNREADABLE", f"The workbook is damaged or cut short: {error}.", filename)
    except RuntimeError as error:
        if "password" not in str(error) and "encrypted" not in str(error):
            raise
        refuse("FILE_UNREADABLE", "The workbook is protected by a password.", filename)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, before: int, packed: int, filename: str) -> bytes:
    """One part of an archive of `packed` bytes, of which `before` bytes have been unpacked already."""
    pieces = bytearray()
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            pieces += piece
            _check_unpacked(before + len(pieces), packed, filename)
    return bytes(pieces)


def _check_unpacked(unpacked: int, packed: int, filename: str) -> None:
    if unpacked > BYTES_LIMIT:
        message = f"The workbook unpacks to more than {BYTES_LIMIT:,} bytes."
        refuse("FILE_TOO_LARGE", message, filename)
    if unpacked > RATIO_MATTERS_FROM and unpacked > packed * RATIO_LIMIT:
        message = f"The workbook unpacks to more than {RATIO_LIMIT} times its size, as only a trap does."
        refuse("FILE_TOO_LARGE", message, filename)


def _is_sheet(member: str, kind: FileKind) -> bool:
    if kind is FileKind.ODS:
        return member == "content.xml"
    return member.startswith("xl/worksheets/") and member.endswith(".xml")


def _extent(xml: bytes, kind: FileKind) -> tuple[int, int]:
    """The last row and column that hold something: what the reader will make room for."""
    return _extent_of_ods(xml) if kind is FileKind.ODS else _extent_of_xlsx(xml)


_XLSX_CELL = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


def _extent_of_xlsx(xml: bytes) -> tuple[int, int]:
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    for found in _XLSX_CELL.finditer(xml):
        columns.add(found[1])
        rows.add(found[2])
    width = max((column_number(letters.decode()) for letters in columns), default=0)
    return max((int(row) for row in rows), default=0), width


_ODS_ROW = re.compile(rb"<table:table-row\b[^>]*>")
_ODS_ROWS_REPEATED = re.compile(rb'table:number-rows-repeated="(\d+)"')
_ODS_COLUMNS_REPEATED = re.compile(rb'table:number-columns-repeated="(\d+)"')


def _extent_of_ods(xml: bytes) -> tuple[int, int]:
    """The largest sheet's rows and columns; a row or cell may stand for many, and blank ones at the end for none."""
    largest = (0, 0)
    for table in xml.split(b"<table:table ")[1:]:
        row = last_row = width = 0
        starts = [found.span() for found in _ODS_ROW.finditer(table)]
        ends = [start for start, _ in starts[1:]] + [len(table)]
        for (start, tag_end), end in zip(starts, ends, strict=True):
            repeated = _ODS_ROWS_REPEATED.search(table, start, tag_end)
            row += int(repeated[1]) if repeated else 1
            filled = table.rfind(b"office:value-type", tag_end, end)
            if filled < 0:
                continue
            last_row = row
            cells = table[tag_end : table.find(b">", filled) + 1]
            repeats = sum(int(found) - 1 for found in _ODS_COLUMNS_REPEATED.findall(cells))
            width = max(width, cells.count(b"<table:table-cell") + cells.count(b"<table:covered-table-cell") + repeats)
        largest = max(largest, (last_row, width), key=lambda extent: extent[0] * extent[1])
    return largest
