"""A reader reads what no table definition can describe, and what it raises is told as a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from moothall.core.definitions import EditionDefinition
from moothall.core.layouts import TableDefinition
from moothall.core.problems import ProblemsFound
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
