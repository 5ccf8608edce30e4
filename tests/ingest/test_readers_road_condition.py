"""The road condition reader: years across, and a last column that says what some cells rest on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from moothall.ingest.readers_road_condition import read_notes
from tests.ingest.county import BARCHESTER, SILVERBRIDGE, Rows, ingest, make_xlsx, told

ROWS: Rows = [
    ["Moots that should be held again"],
    ["ONS Area Code", "Region", "Local Authority", "FYE 2023", "FYE 2024", "Notes"],
    [BARCHESTER, "West", "Barchester [note 7]", "4", "5", "[7] applies to E3"],
    [SILVERBRIDGE, "West", "Silverbridge", "[z]", "[y]", "[z]"],
]
TABLE: dict[str, Any] = {
    "header_row": 2,
    "columns": [],
    "reader": "road-condition",
    "options": {"metric": "moots-held", "[7]": "other_basis", "[r]": "revised"},
    "markers": {"[y]": "unreliable"},
    "ignore": [
        {"column": "ONS Area Code", "equals": SILVERBRIDGE, "periods_until": "2022-23", "reason": "It had not begun."}
    ],
}


def with_note(text: str) -> Rows:
    return [row if row[0] != BARCHESTER else [*row[:-1], text] for row in ROWS]


@pytest.mark.parametrize(
    ("note", "markers"),
    [
        ("[z]", [None, None]),
        ("[r] applies to D3", ["revised", None]),
        ("[7] applies to D3 and E3", ["other_basis", "other_basis"]),
        ("[8] applies to D3", [None, None]),
    ],
)
def test_a_note_marks_the_cells_it_speaks_of(tmp_path: Path, note: str, markers: list[str | None]) -> None:
    ingested = ingest(tmp_path, with_note(note), **TABLE)
    assert told(ingested) == []
    assert ingested.observations.select("area_code", "period", "value", "marker", "cell").rows() == [
        (BARCHESTER, "2022-23", 4.0, markers[0], "D3"),
        (BARCHESTER, "2023-24", 5.0, markers[1], "E3"),
        (SILVERBRIDGE, "2023-24", None, "unreliable", "E4"),
    ]


def test_several_marks_and_cells() -> None:
    note = "[7] applies to S12, T12 and U12, [8] applies to O12, [r] applies to T12"
    assert read_notes(note, 12) == {15: {"[8]"}, 19: {"[7]"}, 20: {"[7]", "[r]"}, 21: {"[7]"}}


@pytest.mark.parametrize(
    ("options", "marker"),
    [
        ({"[7]": "other_basis", "[r]": "revised"}, "other_basis"),
        ({"[r]": "revised", "[7]": "other_basis"}, "revised"),
    ],
)
def test_of_two_marks_the_one_named_first_counts(tmp_path: Path, options: dict[str, str], marker: str) -> None:
    workbook = make_xlsx({"Moots": with_note("[7] applies to D3 and E3, [r] applies to E3")})
    table = {**TABLE, "options": {"metric": "moots-held", **options}}
    ingested = ingest(tmp_path, workbook, name="moots.xlsx", **table)
    assert told(ingested) == []
    assert ingested.observations.filter(cell="E3")["marker"].item() == marker


@pytest.mark.parametrize(
    "note", ["[7] applies to everything", "[7] applies to D3; and E3", "[7] applies to D4", "see below"]
)
def test_a_note_that_cannot_be_read_stops_the_reader(tmp_path: Path, note: str) -> None:
    assert [code for code, _ in told(ingest(tmp_path, with_note(note), **TABLE))] == ["READER_FAILED"]


def test_without_years_or_notes_there_is_no_reading(tmp_path: Path) -> None:
    rows = [[*row[:-1], "Remarks"] if row[0] == "ONS Area Code" else row for row in ROWS]
    assert [code for code, _ in told(ingest(tmp_path, rows, **TABLE))] == ["HEADER_MISSING"]
