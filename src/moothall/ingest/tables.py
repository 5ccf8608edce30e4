"""Tables: the declarative reader, from a sheet to readings, as a table definition says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import polars as pl

from moothall.core.cells import address, column_letters, column_number
from moothall.core.editions import EditionDefinition
from moothall.core.frames import READINGS, conform
from moothall.core.layouts import ColumnRef, LongValues, PeriodFrom, RowRule, RowTest, TableDefinition
from moothall.core.periods import PeriodUnreadable, parse_key, read_period
from moothall.core.problems import Place, Problems
from moothall.ingest.grid import Grid, Sheet, stored_text

_BRACKETED = re.compile(r"\s*\([^()]*\)\Z")

Rule = tuple[str, str]
"""One rule of a table: its sort (ignore, correction, joint, marker, metric, duplicate) and its number or text."""


@dataclass(frozen=True)
class SettledRows:
    """Rows of one edition that a rule with a reason left out or read as another area."""

    rule: str
    reason: str
    rows: int
    first_cell: str


@dataclass
class TableReadings:
    """What a table of one edition gave; `used` are the rules that matched something."""

    readings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=READINGS))
    settled: list[SettledRows] = field(default_factory=list)
    used: set[Rule] = field(default_factory=set)
    problems: Problems = field(default_factory=Problems)


def read_table(grid: Grid, table: TableDefinition, edition: EditionDefinition, file: str) -> TableReadings:
    """Read one table of an edition's file.

    Rows that fail a `keep` test, whose metric the table does not name, or whose area and values are all blank, give
    nothing; an `ignore` rule takes rows out with its reason. `file` is what problems name the file by.
    """
    read = TableReadings()
    sheet = find_sheet(grid, table.sheet, file, read.problems)
    if sheet is None:
        return read
    columns = _find_columns(sheet, _refs(table), table, file, read.problems)
    if table.period.column is None and edition.period is None:
        message = f"The table {table.table!r} has no period column, and the edition {edition.edition!r} no period."
        read.problems.add("PERIOD_UNREADABLE", message, Place(file, sheet=sheet.name))
    if read.problems.errors:
        return read
    area, period = table.area.column, table.period.column
    rows = _keep_rows(_take_rows(sheet, table, columns), table, columns)
    rows = rows.with_columns(
        area_text=_trimmed(columns[area]),
        period_text=_period_text(rows, table.period, columns[period]) if period else pl.lit(edition.period),
        area_cell=_cell(columns[area]),
        sheet=pl.lit(sheet.name),
        row_marker=_row_marker(rows, table, columns, read),
    )
    rows = _settle_rows(rows, table, columns, read)
    parts = _wide_readings(rows, table, columns)
    if table.values:
        parts.append(_long_readings(rows, table.values, columns, read))
    read.readings = conform(pl.concat(parts).sort("row", maintain_order=True), READINGS)
    return read


# Finding sheets and columns.


def find_sheet(grid: Grid, pattern: str, file: str, problems: Problems) -> Sheet | None:
    """The one sheet whose name is, or matches, the pattern; trouble is noted and gives none."""
    names = grid.sheet_names
    matching = [pattern] if pattern in names else [name for name in names if fnmatchcase(name, pattern)]
    if len(matching) == 1:
        return grid.sheet(matching[0])
    has = f"The file has {', '.join(repr(name) for name in names)}."
    if matching:
        problems.add("SHEET_MISSING", f"{len(matching)} sheets match {pattern!r}, not one. {has}", Place(file))
    else:
        near = _nearest(pattern, names)
        problems.add("SHEET_MISSING", f"There is no sheet {pattern!r}.{near} {has}", Place(file))
    return None


def _nearest(wanted: str, names: Iterable[str]) -> str:
    folded = {_folded(name): " ".join(name.split()) for name in names}
    near = difflib.get_close_matches(_folded(wanted), folded, n=3, cutoff=0.5)
    return f" Nearest: {', '.join(repr(folded[name]) for name in near)}." if near else ""


def _refs(table: TableDefinition) -> Iterable[ColumnRef]:
    yield table.area.column
    if table.period.column:
        yield table.period.column
    for test in (*table.keep, *table.ignore, *table.corrections, *table.joint):
        yield test.column
    if table.row_marker:
        yield table.row_marker.column
    for column in table.columns:
        yield column.column
    if table.values:
        yield from (table.values.column, table.values.metric_column)
        yield from (limit for limit in (table.values.lower, table.values.upper) if limit)


def _find_columns(
    sheet: Sheet, refs: Iterable[ColumnRef], table: TableDefinition, file: str, problems: Problems
) -> dict[ColumnRef, int]:
    """The 1-based number of each of the columns, which the table names."""
    headers = _header_texts(sheet, table.header_row)
    groups = _header_texts(sheet, table.group_row) if table.group_row else []
    for position in range(1, len(groups)):
        groups[position] = groups[position] or groups[position - 1]
    columns: dict[ColumnRef, int] = {}
    for ref in dict.fromkeys(refs):
        if ref.letter:
            columns[ref] = column_number(ref.letter)
            continue
        found = [
            position
            for position, header in enumerate(headers)
            if _same(header, ref.header or "")
            and (ref.group is None or _same(groups[position] if position < len(groups) else "", ref.group))
        ]
        where = Place(file, sheet=sheet.name, cell=address(table.header_row, found[0] + 1 if found else 1))
        if len(found) == 1:
            columns[ref] = found[0] + 1
        elif found:
            letters = ", ".join(column_letters(position + 1) for position in found)
            problems.add("HEADER_AMBIGUOUS", f"Columns {letters} all have the header {ref}.", where)
        else:
            near = _nearest(ref.header or "", (header for header in headers if header))
            message = f"No column has the header {ref} in row {table.header_row}.{near}"
            problems.add("HEADER_MISSING", message, where)
    return columns


def _header_texts(sheet: Sheet, row: int) -> list[str]:
    return [stored_text(value).strip() for value in sheet.rows[row - 1]] if row <= len(sheet.rows) else []


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _same(found: str, wanted: str) -> bool:
    return _folded(found) == _folded(wanted)


# Taking rows: one row of the frame is one row of the sheet, with the cells the table names.


def _text(column: int) -> str:
    return f"text_{column}"


def _number(column: int) -> str:
    return f"number_{column}"


def _trimmed(column: int) -> pl.Expr:
    return pl.col(_text(column)).str.strip_chars()


def _period_text(rows: pl.DataFrame, period: PeriodFrom, column: int) -> pl.Expr:
    """The text of the period's column, written whole where the table says how."""
    if period.written is None:
        return _trimmed(column)
    texts = rows.select(_trimmed(column).unique()).to_series()
    whole = {text: period.written.format(_BRACKETED.sub("", text)) for text in texts}
    return _trimmed(column).replace_strict(whole, default=None, return_dtype=pl.String)


def _cell(column: int) -> pl.Expr:
    return pl.lit(column_letters(column)) + pl.col("row").cast(pl.String)


def _take_rows(sheet: Sheet, table: TableDefinition, columns: Mapping[ColumnRef, int]) -> pl.DataFrame:
    first = table.first_row or table.header_row + 1
    numbers_of_rows = _rows_to_take(sheet, first, table, columns)
    body = [sheet.rows[number - 1] for number in numbers_of_rows]
    taken: dict[str, pl.Series] = {"row": pl.Series(numbers_of_rows, dtype=pl.Int64)}
    for column in dict.fromkeys(columns.values()):
        values = [row[column - 1] if column <= len(row) else None for row in body]
        numbers = [isinstance(value, int | float) and not isinstance(value, bool) for value in values]
        taken[_text(column)] = pl.Series([stored_text(value) for value in values], dtype=pl.String)
        taken[_number(column)] = pl.Series(numbers, dtype=pl.Boolean)
    return pl.DataFrame(taken)


def _rows_to_take(sheet: Sheet, first: int, table: TableDefinition, columns: Mapping[ColumnRef, int]) -> Sequence[int]:
    """The numbers of the rows that may give readings: of a long table, those whose metric the table names."""
    every = range(first, len(sheet.rows) + 1)
    if table.values is None:
        return every
    column, wanted = columns[table.values.metric_column], {_folded(text) for text in table.values.metrics}
    texts = {number: sheet.value(number, column) for number in every}
    named = {value for value in set(texts.values()) if _folded(stored_text(value)) in wanted}
    return [number for number, value in texts.items() if value in named]


def _keep_rows(rows: pl.DataFrame, table: TableDefinition, columns: Mapping[ColumnRef, int]) -> pl.DataFrame:
    """The rows that are not blank, name one of the table's metrics and pass every `keep` test."""
    values = [column.column for column in table.columns] + ([table.values.column] if table.values else [])
    is_blank = pl.all_horizontal(_trimmed(columns[ref]) == "" for ref in (table.area.column, *values))
    rows = rows.filter(~is_blank)
    if table.values:
        metric = columns[table.values.metric_column]
        rows = rows.filter(pl.col(_text(metric)).is_in(list(_named_metrics(rows, table.values, metric))))
    for test in table.keep:
        rows = rows.filter(_passes(rows, test, columns))
    return rows


def _named_metrics(rows: pl.DataFrame, values: LongValues, metric: int) -> dict[str, str]:
    """The texts of the metric column that the definition names, each with the definition's own spelling."""
    spelling = {_folded(text): text for text in values.metrics}
    texts = rows.select(pl.col(_text(metric)).unique(maintain_order=True)).to_series()
    return {text: spelling[_folded(text)] for text in texts if _folded(text) in spelling}


def _passes(rows: pl.DataFrame, test: RowTest, columns: Mapping[ColumnRef, int]) -> pl.Expr:
    column = columns[test.column]
    if test.blank is not None:
        return (_trimmed(column) == "") == test.blank
    texts = rows.select(_trimmed(column).unique()).to_series()
    if test.matches is not None:
        pattern = re.compile(test.matches)
        passing = [text for text in texts if pattern.search(text)]
    else:
        wanted = {" ".join(text.split()) for text in test.equals or ()}
        passing = [text for text in texts if " ".join(text.split()) in wanted]
    return _trimmed(column).is_in(passing)


# Applying rules.


def _passes_rule(
    rows: pl.DataFrame, rule: RowRule, table: TableDefinition, columns: Mapping[ColumnRef, int]
) -> pl.Expr:
    """Whether a row passes a rule's test in a period the rule is for."""
    passes = _passes(rows, rule, columns)
    if rule.periods_from is None and rule.periods_until is None:
        return passes
    within = [text for text in rows["period_text"].unique() if _within(text, table, rule)]
    return passes & pl.col("period_text").is_in(within)


def _settle_rows(
    rows: pl.DataFrame, table: TableDefinition, columns: Mapping[ColumnRef, int], read: TableReadings
) -> pl.DataFrame:
    """Take ignored rows out; note which area a correction gives a row, and which rows stand for several areas.

    Where two corrections or two joint rules match a row, the later one counts.
    """
    for number, ignore in enumerate(table.ignore):
        matching = _note_rule(rows, "ignore", number, ignore, table, columns, read)
        rows = rows.join(matching, on="row", how="anti", maintain_order="left")
    code, joint = pl.lit(None, dtype=pl.String), pl.lit(None, dtype=pl.Int32)
    for number, correction in enumerate(table.corrections):
        matching = _note_rule(rows, "correction", number, correction, table, columns, read)
        code = pl.when(pl.col("row").is_in(matching["row"].implode())).then(pl.lit(correction.area)).otherwise(code)
    for number, joint_rule in enumerate(table.joint):
        matching = _note_rule(rows, "joint", number, joint_rule, table, columns, read)
        joint = pl.when(pl.col("row").is_in(matching["row"].implode())).then(pl.lit(number, pl.Int32)).otherwise(joint)
    return rows.with_columns(area_code=code, joint=joint)


def settle_readings(
    readings: pl.DataFrame, grid: Grid, table: TableDefinition, file: str, read: TableReadings
) -> pl.DataFrame:
    """Apply a table's rules to READINGS that its reader gave: each is tested on the row that holds its area.

    Columns are found by the header row of that reading's sheet. Trouble is noted and leaves none.
    """
    rules = (*table.ignore, *table.corrections, *table.joint)
    settled = []
    for part in readings.partition_by("sheet", maintain_order=True) if rules else ():
        sheet = grid.sheet(part["sheet"][0])
        columns = _find_columns(sheet, [rule.column for rule in rules], table, file, read.problems)
        if read.problems.errors:
            return readings.clear()
        cells = _take_rows(sheet, table, columns).rename({"row": "sheet_row"})
        number = pl.col("area_cell").str.extract(r"(\d+)$").cast(pl.Int64)
        rows = part.drop("area_code", "joint").with_columns(sheet_row=number).with_row_index("row")
        rows = rows.join(cells, on="sheet_row", how="left", maintain_order="left")
        settled.append(_settle_rows(rows, table, columns, read))
    return conform(pl.concat(settled), READINGS) if settled else readings


def _note_rule(
    rows: pl.DataFrame,
    sort: str,
    number: int,
    rule: RowRule,
    table: TableDefinition,
    columns: Mapping[ColumnRef, int],
    read: TableReadings,
) -> pl.DataFrame:
    """The rows that a rule matches, noted with its reason."""
    matching = rows.filter(_passes_rule(rows, rule, table, columns))
    if len(matching):
        read.used.add((sort, str(number)))
        cells = matching["area_cell"]
        read.settled.append(SettledRows(sort, rule.reason, cells.n_unique(), cells[0]))
    return matching


def _within(text: str, table: TableDefinition, rule: RowRule) -> bool:
    try:
        period = read_period(text, table.period.kind)
    except PeriodUnreadable:
        return False  # noted where periods are resolved
    starts_in_time = rule.periods_from is None or parse_key(rule.periods_from).start <= period.start
    return starts_in_time and (rule.periods_until is None or period.end <= parse_key(rule.periods_until).end)


def _row_marker(
    rows: pl.DataFrame, table: TableDefinition, columns: Mapping[ColumnRef, int], read: TableReadings
) -> pl.Expr:
    if table.row_marker is None:
        return pl.lit(None, dtype=pl.String)
    text = _trimmed(columns[table.row_marker.column])
    present = set(rows.select(text.unique()).to_series())
    markers = {found.strip(): str(marker) for found, marker in table.row_marker.values.items()}
    read.used |= {("row_marker", found) for found in table.row_marker.values if found.strip() in present}
    return text.replace_strict(markers, default=None, return_dtype=pl.String)


# Giving readings.


_COMMON = ["row", "area_text", "period_text", "row_marker", "area_code", "joint", "sheet", "area_cell"]


def _wide_readings(rows: pl.DataFrame, table: TableDefinition, columns: Mapping[ColumnRef, int]) -> list[pl.DataFrame]:
    return [
        rows.select(
            *_COMMON,
            metric_key=pl.lit(wide.metric),
            breakdown=pl.lit(wide.breakdown),
            stored=pl.col(_text(columns[wide.column])),
            is_number=pl.col(_number(columns[wide.column])),
            lower=pl.lit(None, dtype=pl.String),
            upper=pl.lit(None, dtype=pl.String),
            scale=pl.lit(str(wide.scale)),
            cell=_cell(columns[wide.column]),
        )
        for wide in table.columns
    ]


def _long_readings(
    rows: pl.DataFrame, values: LongValues, columns: Mapping[ColumnRef, int], read: TableReadings
) -> pl.DataFrame:
    value, metric = columns[values.column], columns[values.metric_column]
    named = _named_metrics(rows, values, metric)
    read.used |= {("metric", found) for found in named.values()}

    def field_of(name: str) -> pl.Expr:
        fields = {text: str(getattr(values.metrics[found], name)) for text, found in named.items()}
        return pl.col(_text(metric)).replace_strict(fields, default=None, return_dtype=pl.String)

    def limit(ref: ColumnRef | None) -> pl.Expr:
        return pl.col(_text(columns[ref])) if ref else pl.lit(None, dtype=pl.String)

    return rows.select(
        *_COMMON,
        metric_key=field_of("metric"),
        breakdown=field_of("breakdown"),
        stored=pl.col(_text(value)),
        is_number=pl.col(_number(value)),
        lower=limit(values.lower),
        upper=limit(values.upper),
        scale=field_of("scale"),
        cell=_cell(value),
    )
