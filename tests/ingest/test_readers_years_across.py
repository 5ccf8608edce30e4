"""A row for each council and a column for each year, with marks in the headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.ingest.county import BARCHESTER, PLUMSTEAD, Rows, ingest, told

ROWS: Rows = [
    ["Moots held by council"],
    ["Name", "Code", "2020-21", "2021-22 [note 1]", "2022-23 [r] [note 2]", "2023-24 [p]", "Change"],
    ["Barchester", BARCHESTER, "9", "4", "0", "-2", "1"],
    ["Districts", None, "6", "6", "6", "6", "6"],
    ["Plumstead", PLUMSTEAD, "9", "5", "6", "[x]", "1"],
]
TABLE: dict[str, Any] = {
    "columns": [],
    "header_row": 2,
    "area": {"column": "Code"},
    "period": {"kind": "financial_year"},
    "reader": "years-across",
    "options": {"metric": "moots-held", "from": "2021-22", "[r]": "revised", "[p]": "provisional"},
    "ignore": [{"column": "Code", "equals": PLUMSTEAD, "periods_from": "2023-24", "reason": "It ended in March 2023."}],
    "metric": {"range": {}},
}


def test_every_row_with_a_code_gives_a_reading_for_every_year_from_the_first(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, ROWS, **TABLE)
    assert told(ingested) == []
    found = ingested.observations.select("area_code", "period", "value", "marker", "cell").sort("cell").rows()
    assert found == [
        (BARCHESTER, "2021-22", 4.0, None, "D3"),
        (PLUMSTEAD, "2021-22", 5.0, None, "D5"),
        (BARCHESTER, "2022-23", 0.0, "revised", "E3"),
        (PLUMSTEAD, "2022-23", 6.0, "revised", "E5"),
        (BARCHESTER, "2023-24", -2.0, "provisional", "F3"),
    ]


def test_a_symbol_that_no_rule_settles_is_told(tmp_path: Path) -> None:
    found = told(ingest(tmp_path, ROWS, **{**TABLE, "ignore": []}))
    assert {code for code, _ in found} == {"VALUE_NOT_A_NUMBER", "AREA_NOT_ALIVE"}


def test_without_years_or_codes_there_is_no_reading(tmp_path: Path) -> None:
    renamed = [[{"Code": "ONS code"}.get(str(cell), cell) for cell in row] for row in ROWS]
    assert [code for code, _ in told(ingest(tmp_path, renamed, **TABLE))] == ["HEADER_MISSING"]
    later = {**TABLE, "options": {**TABLE["options"], "from": "2024-25"}}
    assert [code for code, _ in told(ingest(tmp_path, ROWS, **later))] == ["HEADER_MISSING"]
