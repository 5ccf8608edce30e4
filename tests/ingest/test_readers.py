"""A reader reads what no table definition can describe, and what it raises is told as a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from moothall.core.editions import EditionDefinition
from moothall.core.layouts import TableDefinition
from moothall.core.problems import ProblemsFound
from moothall.core.values import Marker
from moothall.ingest.grid import Grid
from moothall.ingest.guards import refuse
from moothall.ingest.readers import READERS, Reading, reader
from tests.ingest.county import BARCHESTER, SILVERBRIDGE, Rows, ingest, told

# One council to a column.
ROWS: Rows = [["", BARCHESTER, SILVERBRIDGE], ["Moots held", "4", "[c]"]]


def read_across(grid: Grid, table: TableDefinition, edition: EditionDefinition) -> Iterable[Reading]:
    sheet = grid.sheet("csv")
    for column in range(2, 4):
        yield Reading(
            metric=str(table.options["metric"]),
            area=str(sheet.value(1, column)),
            period=edition.period or "",
            value=sheet.value(2, column),
            sheet=sheet.name,
            row=2,
            column=column,
            area_row=1,
            area_column=column,
        )


def divide(grid: Grid, table: TableDefinition, edition: EditionDefinition) -> Iterable[Reading]:
    yield from [1 / 0]  # type: ignore[misc]


def give_up(grid: Grid, table: TableDefinition, edition: EditionDefinition) -> Iterable[Reading]:
    refuse("SHEET_MISSING", "There is no second sheet.", grid.file)


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    before = dict(READERS)
    for name, function in (("across", read_across), ("divide", divide), ("give-up", give_up)):
        reader(name)(function)
    yield
    READERS.clear()
    READERS.update(before)


CHANGES = {"columns": [], "markers": {"[c]": "suppressed"}, "edition": {"period": "2023-24"}}


def test_a_readers_readings_are_resolved_as_any(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, ROWS, reader="across", options={"metric": "moots-held"}, **CHANGES)
    assert told(ingested) == []
    assert ingested.observations.select("area_code", "value", "marker", "stored", "cell").rows() == [
        (BARCHESTER, 4.0, None, "4", "B2"),
        (SILVERBRIDGE, None, "suppressed", "[c]", "C2"),
    ]


def test_an_exception_in_a_reader(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, ROWS, reader="divide", **CHANGES)
    assert told(ingested) == [("READER_FAILED", "moots.csv")]
    message = ingested.problems.errors[0].message
    assert "'divide' stopped at test_readers.py:" in message
    assert "ZeroDivisionError" in message


def test_a_problem_in_a_reader(tmp_path: Path) -> None:
    assert told(ingest(tmp_path, ROWS, reader="give-up", **CHANGES)) == [("SHEET_MISSING", "moots.csv")]


@pytest.mark.parametrize(
    ("name", "metric", "words"), [("sideways", "moots-held", "'sideways'"), ("across", "moots-lost", "moots-lost")]
)
def test_a_reader_or_metric_that_is_not_defined(tmp_path: Path, name: str, metric: str, words: str) -> None:
    ingested = ingest(tmp_path, ROWS, reader=name, options={"metric": metric}, **CHANGES)
    assert told(ingested) == [("REFERENCE_UNKNOWN", "moots.csv")]
    assert words in ingested.problems.errors[0].message


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="two readers"):
        reader("across")(divide)


def test_refuse_raises() -> None:
    with pytest.raises(ProblemsFound):
        refuse("SHEET_MISSING", "There is no sheet.", "moots.csv")


# One council to a row, and a column for each year.
YEARS: Rows = [
    ["Code", "2022-23", "2023-24"],
    [BARCHESTER, "4", "5"],
    [SILVERBRIDGE, "[z]", "7"],
    ["E10900009", "2", "9"],
    ["Total", "6", "21"],
]


def read_down(grid: Grid, table: TableDefinition, edition: EditionDefinition) -> Iterable[Reading]:
    sheet = grid.sheet("csv")
    for row in range(2, len(sheet.rows) + 1):
        for column in (2, 3):
            yield Reading(
                metric="moots-held",
                area=str(sheet.value(row, 1)),
                period=str(sheet.value(1, column)),
                value=sheet.value(row, column),
                sheet=sheet.name,
                row=row,
                column=column,
                area_row=row,
                area_column=1,
                marker=Marker.OTHER_BASIS if sheet.value(row, column) == "5" else None,
            )


RULES = {
    "columns": [],
    "reader": "down",
    "markers": {},
    "ignore": [
        {"column": "Code", "equals": "Total", "reason": "Totals are not councils."},
        {"column": "Code", "equals": SILVERBRIDGE, "periods_until": "2022-23", "reason": "It began in April 2023."},
        {"column": "Code", "equals": "E10900009", "periods_until": "2022-23", "reason": "It is nobody's figure."},
    ],
    "corrections": [
        {
            "column": {"letter": "A"},
            "equals": "E10900009",
            "periods_from": "2023-24",
            "area": SILVERBRIDGE,
            "reason": "An old code of Silverbridge's.",
        },
    ],
    "duplicates": {"keep": "last", "reason": "The second row is the corrected one."},
}


def test_rules_are_tested_on_the_row_of_a_readings_area(tmp_path: Path) -> None:
    reader("down")(read_down)
    ingested = ingest(tmp_path, YEARS, **RULES)
    assert told(ingested) == []
    assert ingested.observations.select("area_code", "period", "value", "marker", "cell").rows() == [
        (BARCHESTER, "2022-23", 4.0, None, "B2"),
        (BARCHESTER, "2023-24", 5.0, "other_basis", "C2"),
        (SILVERBRIDGE, "2023-24", 9.0, None, "C4"),
    ]
    assert ingested.settled.select("rule", "rows", "first_cell").rows() == [
        ("ignore", 1, "A5"),
        ("ignore", 1, "A3"),
        ("ignore", 1, "A4"),
        ("correction", 1, "A4"),
        ("duplicate", 1, "C3"),
    ]


def test_a_rule_that_matches_nothing_of_a_readers_is_reported(tmp_path: Path) -> None:
    reader("down")(read_down)
    unused = {"column": "Code", "equals": "E99999999", "reason": "There is no such row."}
    ingested = ingest(tmp_path, YEARS, **{**RULES, "ignore": [*RULES["ignore"], unused]})
    assert told(ingested) == [("RULE_UNUSED", "definitions/sources/moots.yaml")]


def test_a_rule_whose_column_is_not_there(tmp_path: Path) -> None:
    reader("down")(read_down)
    missing = {"column": "Kode", "equals": "Total", "reason": "Totals are not councils."}
    ingested = ingest(tmp_path, YEARS, **{**RULES, "ignore": [missing]})
    assert [code for code, _ in told(ingested)] == ["HEADER_MISSING"]
