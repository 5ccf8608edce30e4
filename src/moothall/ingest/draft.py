"""Draft: a first definition of a source, guessed from one file, with what a person must write marked TO WRITE."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import yaml

from moothall.core.cells import column_letters
from moothall.core.periods import PeriodKind, PeriodUnreadable, read_period
from moothall.ingest.grid import Grid, Sheet, read_grid, stored_text
from moothall.ingest.guards import refuse
from moothall.ingest.resolve import is_plain_number
from moothall.ingest.vault import hash_bytes

_COUNCIL = re.compile(r"E(?:0[6-9]|10)\d{6}")
_AREA = re.compile(r"[EKJNSW]\d{8}")
_KINDS = (
    PeriodKind.FINANCIAL_YEAR,
    PeriodKind.CALENDAR_YEAR,
    PeriodKind.QUARTER,
    PeriodKind.MONTH,
    PeriodKind.DAY,
    PeriodKind.ROLLING_YEAR,
    PeriodKind.YEARS,
)
_YEARS_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_ /](?:20)?(\d\d)(?!\d)")


@dataclass(frozen=True)
class _Column:
    number: int
    header: str
    is_unique: bool
    texts: list[str]
    """What the cells beside councils' codes hold."""

    @property
    def ref(self) -> str:
        """How a definition names the column, as YAML."""
        return _quote(self.header) if self.header and self.is_unique else f"{{letter: {column_letters(self.number)}}}"

    @property
    def filled(self) -> list[str]:
        return [text for text in self.texts if text]

    @property
    def symbols(self) -> list[str]:
        """The texts among numbers, the commonest first; a blank is one."""
        return [text for text, _ in Counter(t for t in self.texts if not is_plain_number(t)).most_common(8)]


def draft_source(file: Path) -> str:
    """Look at a publisher's file and write a definition of its source, as far as it can be guessed, as YAML.

    Takes the sheet with the most councils' codes, the row above them for headers, and a metric for each column of
    numbers. Raises `ProblemsFound` where the file cannot be read or holds no council's code.
    """
    content = file.read_bytes()
    grid = read_grid(content, file.name)
    sheet, area_number = _find_areas(grid)
    first = next(row for row in range(1, len(sheet.rows) + 1) if _is_council(sheet, row, area_number))
    header_row = _find_header(sheet, first, area_number)
    columns = _read_columns(sheet, header_row, area_number)
    area = next(column for column in columns if column.number == area_number)
    others = [column for column in columns if column is not area]
    period, kind = _find_period(others)
    values = [column for column in others if column is not period and _holds_numbers(column)]
    named = _YEARS_IN_NAME.search(sheet.name) or _YEARS_IN_NAME.search(file.name)
    edition_period = f"{named[1]}-{named[2]}" if named else None
    keys = _choose_keys(values)
    return "".join(
        [
            _describe_source(file, content, None if period else edition_period or "TO WRITE"),
            _describe_table(sheet, header_row, area, period, kind, values, keys),
            "\nmetrics:",
            *(_describe_metric(key, column) for key, column in zip(keys, values, strict=True)),
        ]
    )


def _quote(text: str) -> str:
    return yaml.safe_dump(" ".join(text.split()), default_style='"', width=100_000, allow_unicode=True).strip()


def _is_council(sheet: Sheet, row: int, column: int) -> bool:
    return _COUNCIL.fullmatch(stored_text(sheet.value(row, column)).strip()) is not None


def _find_areas(grid: Grid) -> tuple[Sheet, int]:
    """The sheet and column with the most councils' codes."""
    found: list[tuple[int, Sheet, int]] = []
    for name in grid.sheet_names:
        sheet = grid.sheet(name)
        counts: Counter[int] = Counter()
        for row in sheet.rows:
            counts.update(
                n for n, value in enumerate(row, 1) if isinstance(value, str) and _COUNCIL.fullmatch(value.strip())
            )
        found += [(count, sheet, column) for column, count in counts.items()]
    if not found:
        refuse("TABLE_EMPTY", "No sheet has a column of councils' ONS codes (E06 to E10).", grid.file)
    _, sheet, column = max(found, key=lambda each: each[0])
    return sheet, column


def _find_header(sheet: Sheet, first: int, area: int) -> int:
    """The nearest row above the first council that has something over its code, and over most other cells."""
    width = len([value for value in sheet.rows[first - 1] if value is not None])
    for row in range(first - 1, 0, -1):
        filled = len([value for value in sheet.rows[row - 1] if isinstance(value, str)])
        over = stored_text(sheet.value(row, area)).strip()
        if over and not _AREA.fullmatch(over) and filled * 2 >= width:
            return row
    return max(first - 1, 1)


def _read_columns(sheet: Sheet, header_row: int, area: int) -> list[_Column]:
    rows = [row for row in range(header_row + 1, len(sheet.rows) + 1) if _is_council(sheet, row, area)]
    width = max(len(sheet.rows[row - 1]) for row in rows)
    headers = [stored_text(sheet.value(header_row, column)).strip() for column in range(1, width + 1)]
    counts = Counter(" ".join(header.split()).casefold() for header in headers)
    return [
        _Column(
            column,
            header,
            counts[" ".join(header.split()).casefold()] == 1,
            [stored_text(sheet.value(row, column)).strip() for row in rows],
        )
        for column, header in enumerate(headers, 1)
    ]


def _find_period(columns: list[_Column]) -> tuple[_Column | None, PeriodKind]:
    for column in columns:
        for kind in _KINDS:
            if column.filled and len(column.filled) == len(column.texts) and _all_read(set(column.texts), kind):
                return column, kind
    return None, PeriodKind.FINANCIAL_YEAR


def _all_read(texts: set[str], kind: PeriodKind) -> bool:
    try:
        for text in texts:
            read_period(text, kind)
    except PeriodUnreadable:
        return False
    return True


def _holds_numbers(column: _Column) -> bool:
    numbers = [text for text in column.filled if is_plain_number(text)]
    return bool(column.header and numbers) and len(numbers) * 2 >= len(column.filled)


def _choose_keys(columns: list[_Column]) -> list[str]:
    """A key for each column, from its header; a number behind those that would be the same."""
    keys: list[str] = []
    for column in columns:
        slug = "-".join(re.findall(r"[a-z0-9]+", column.header.lower()))[:60].strip("-") or "value"
        count = sum(key == slug or re.fullmatch(re.escape(slug) + r"-\d+", key) is not None for key in keys)
        keys.append(f"{slug}-{count + 1}" if count else slug)
    return keys


def _describe_source(file: Path, content: bytes, period: str | None) -> str:
    key = "-".join(re.findall(r"[a-z0-9]+", file.stem.lower()))[:80].strip("-") or "source"
    edition = period if period and period != "TO WRITE" else "first"
    lines = f"""\
# A draft made from {file.name}. Everything that says TO WRITE must be written by a person:
# 'moothall check' names each place until it is. Everything else is a guess: compare it with the file.
source: {_quote(key)}  # and the name of this file: definitions/sources/<source>.yaml
title: "TO WRITE: what the publisher calls the series"
publisher: "TO WRITE: who publishes it"
licence: TO WRITE  # ogl-3, cc-by-4 or open-parliament
attribution: ""  # the sentence the licence asks for
landing_page: "TO WRITE: the address of the publisher's page about the series"
cadence: TO WRITE  # monthly, quarterly, yearly, every_two_years or one_off
quality: TO WRITE  # accredited_official_statistics, official_statistics, management_information ...

editions:
  - edition: {edition}
    title: "TO WRITE: what this file is called, with its years"
    published: TO WRITE  # the day it was published: 2024-03-27, or 2024-03, or 2024
    basis: TO WRITE  # how the day is known: front_sheet, file_metadata, provenance, search ...
    # address: the file's own address, if it has one
    mirror: {_quote(file.name)}  # its path in the mirror
    sha256: {hash_bytes(content)}
"""
    return lines + (f"    period: {period}  # what the figures are about\n" if period else "")


def _describe_table(
    sheet: Sheet,
    header_row: int,
    area: _Column,
    period: _Column | None,
    kind: PeriodKind,
    values: list[_Column],
    keys: list[str],
) -> str:
    period_column = f", column: {period.ref}" if period else ""
    lines = [
        "",
        "tables:",
        "  - table: main",
        f"    sheet: {_quote(sheet.name)}",
        f"    header_row: {header_row}",
        f"    area: {{column: {area.ref}}}",
        f"    period: {{kind: {kind}{period_column}}}",
        *([] if period else ["    # No column holds the period: each edition says its own, with 'period:'."]),
        "    keep:  # rows whose code is not a council's are left out",
        f"      - {{column: {area.ref}, matches: '^{_COUNCIL.pattern}$'}}",
    ]
    symbols = list(dict.fromkeys(symbol for column in values for symbol in column.symbols))[:12]
    if symbols:
        lines.append("    markers:  # what the publisher's symbols mean: not_submitted, suppressed, not_available ...")
        lines += [f"      {_quote(symbol)}: TO WRITE" for symbol in symbols]
    lines.append("    columns:  # take out what is not wanted, here and under metrics")
    lines += [f"      - {{metric: {key}, column: {column.ref}}}" for key, column in zip(keys, values, strict=True)]
    return "\n".join(lines) + "\n"


def _describe_metric(key: str, column: _Column) -> str:
    numbers = [text for text in column.filled if is_plain_number(text)]
    places = min(2, max((len(text.partition(".")[2]) for text in numbers if "e" not in text), default=0))
    return f"""
  - key: {key}
    title: "TO WRITE: what is measured, with its unit"
    short: "TO WRITE: a few words"
    description: "TO WRITE: what is measured, in words a councillor can read"
    why: "TO WRITE: why it matters"
    not_tell: "TO WRITE: what it does not tell"
    topic: "TO WRITE: a key of definitions/topics.yaml"
    unit: TO WRITE  # percent, count, pounds_million, per_1000 ...
    places: {places}
    polarity: TO WRITE  # higher, lower or none
    kind: TO WRITE  # input, output, outcome or context
    functions: ["TO WRITE: keys of definitions/functions.yaml"]
    lever: TO WRITE  # direct, shared or contextual
    comparable_within: TO WRITE  # england or class
    interval: none
    owner: "TO WRITE: a role, not a person"
    checker: "TO WRITE: a role, not a person"
    next_review: TO WRITE  # a day
"""
