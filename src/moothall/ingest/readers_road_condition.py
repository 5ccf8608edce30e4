"""The Department for Transport's road condition tables: years across, and in a last column what some cells rest on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from moothall.core.cells import read_address
from moothall.core.editions import EditionDefinition
from moothall.core.layouts import TableDefinition
from moothall.core.problems import Problems
from moothall.core.values import Marker
from moothall.ingest.grid import Grid, Sheet, stored_text
from moothall.ingest.guards import refuse
from moothall.ingest.readers import Reading, reader
from moothall.ingest.tables import find_sheet

_YEAR = re.compile(r"FYE \d{4}")
_NOTE = re.compile(r"(\[\w+\]) applies to ([A-Z]+\d+(?:(?:, | and )[A-Z]+\d+)*)")


@reader("road-condition")
def read_road_condition(grid: Grid, table: TableDefinition, edition: EditionDefinition) -> Iterable[Reading]:
    """One reading for every council and year of a sheet.

    The option `metric` names the metric. Every other option is a mark of the Notes column with the marker it means,
    the weightiest first: a cell has the first of those whose mark the note of its row gives it. Raises ValueError
    where a note cannot be read or speaks of a cell of another row.
    """
    problems = Problems()
    sheet = find_sheet(grid, table.sheet, grid.file, problems)
    problems.raise_errors()
    assert sheet is not None  # noqa: S101 - no sheet is an error, raised above
    header = [stored_text(value).strip() for value in sheet.rows[table.header_row - 1]]
    years = {column: text for column, text in enumerate(header, 1) if _YEAR.fullmatch(text)}
    if not years or "Notes" not in header:
        refuse("HEADER_MISSING", "There are no columns 'FYE <year>', or there is no column 'Notes'.", grid.file)
    marks = {mark: Marker(str(meaning)) for mark, meaning in table.options.items() if mark != "metric"}
    return _read_rows(sheet, table, years, header.index("Notes") + 1, marks)


def _read_rows(
    sheet: Sheet, table: TableDefinition, years: Mapping[int, str], notes: int, marks: Mapping[str, Marker]
) -> Iterator[Reading]:
    for row in range(table.header_row + 1, len(sheet.rows) + 1):
        area = stored_text(sheet.value(row, 1)).strip()
        marked = read_notes(stored_text(sheet.value(row, notes)), row)
        for column, year in years.items():
            found = marked.get(column, set())
            yield Reading(
                metric=str(table.options["metric"]),
                area=area,
                period=year,
                value=sheet.value(row, column),
                sheet=sheet.name,
                row=row,
                column=column,
                area_row=row,
                area_column=1,
                marker=next((marker for mark, marker in marks.items() if mark in found), None),
            )


def read_notes(text: str, row: int) -> dict[int, set[str]]:
    """The marks of each column that a row's note speaks of, such as "[7] applies to T7 and U7, [r] applies to T7".

    "[z]" and a blank are no note. Raises ValueError where the note says anything else, or speaks of another row.
    """
    marked: dict[int, set[str]] = {}
    text = text.strip()
    if text in ("", "[z]"):
        return marked
    if ", ".join(note[0] for note in _NOTE.finditer(text)) != text:
        raise ValueError(f"the note {text!r} in row {row} cannot be read")
    for mark, cells in _NOTE.findall(text):
        for cell in re.split(r", | and ", cells):
            at_row, column = read_address(cell)
            if at_row != row:
                raise ValueError(f"the note in row {row} speaks of {cell}")
            marked.setdefault(column, set()).add(mark)
    return marked
