"""Tables of one metric with a row for each council and a column for each year."""

from __future__ import annotations

import re
from collections.abc import Iterable

from moothall.core.editions import EditionDefinition
from moothall.core.layouts import TableDefinition
from moothall.core.problems import Problems
from moothall.core.values import Marker
from moothall.ingest.grid import Grid, stored_text
from moothall.ingest.guards import refuse
from moothall.ingest.readers import Reading, reader
from moothall.ingest.tables import find_sheet

_YEAR = re.compile(r"(\d{4}-\d{2})((?: \[[^]]+\])*)")


@reader("years-across")
def read_years_across(grid: Grid, table: TableDefinition, edition: EditionDefinition) -> Iterable[Reading]:
    """One reading for every row with a code and every year that a header names, such as "2023-24 [r] [note 17]".

    The option `metric` names the metric and `from` the first year read. Every other option is a mark in the headers
    with the marker it gives to the whole column; other marks, such as those that lead to a note, give none.
    """
    problems = Problems()
    sheet = find_sheet(grid, table.sheet, grid.file, problems)
    problems.raise_errors()
    assert sheet is not None  # noqa: S101 - no sheet is an error, raised above
    options = {name: str(value) for name, value in table.options.items()}
    metric, first = options.pop("metric"), options.pop("from")
    header = [stored_text(value).strip() for value in sheet.rows[table.header_row - 1]]
    found = {column: _YEAR.fullmatch(text) for column, text in enumerate(header, 1)}
    years = {column: (year[1], year[2]) for column, year in found.items() if year is not None and year[1] >= first}
    area = table.area.column.header
    if not years or area not in header:
        refuse(
            "HEADER_MISSING", f"There are no columns of years, or there is no column {area!r}.", grid.file, sheet.name
        )
    area_column = header.index(area) + 1
    for row in range(table.header_row + 1, len(sheet.rows) + 1):
        code = stored_text(sheet.value(row, area_column)).strip()
        for column, (year, marks) in years.items() if code else ():
            yield Reading(
                metric=metric,
                area=code,
                period=year,
                value=sheet.value(row, column),
                sheet=sheet.name,
                row=row,
                column=column,
                area_row=row,
                area_column=area_column,
                marker=next(
                    (Marker(options[mark]) for mark in re.findall(r"\[[^]]+\]", marks) if mark in options), None
                ),
            )
