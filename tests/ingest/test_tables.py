"""A table definition says which cells are readings, and is told when the sheet is not as it says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from moothall.core.layouts import PeriodFrom
from moothall.ingest.grid import read_grid
from moothall.ingest.tables import read_table
from tests.ingest.county import (
    BARCHESTER,
    HEADER,
    PLUMSTEAD,
    SILVERBRIDGE,
    ULLATHORNE,
    Rows,
    ingest,
    make_csv,
    make_ods,
    make_source,
    make_xlsx,
    told,
)

ROWS: Rows = [HEADER, [BARCHESTER, "Barchester", "2023-24", 4], [SILVERBRIDGE, "Silverbridge", "2023-24", 0]]


def test_readings_are_cells_as_found() -> None:
    source = make_source([{"header_row": 3, "sheet": "Moots"}])
    grid = read_grid(make_ods({"Notes": [["x"]], "Moots": [["A title"], [None], *ROWS]}), "moots.ods")
    read = read_table(grid, source.tables[0], source.editions[0], "moots.ods")
    assert read.problems.errors == []
    assert read.readings.select("area_text", "period_text", "stored", "is_number", "cell", "area_cell").rows() == [
        (BARCHESTER, "2023-24", "4", True, "D4", "A4"),
        (SILVERBRIDGE, "2023-24", "0", True, "D5", "A5"),
    ]


@pytest.mark.parametrize("pattern", ["Moots", "Moots*", "*2023*"])
def test_a_sheet_by_name_or_pattern(tmp_path: Path, pattern: str) -> None:
    name = "Moots 2023-24" if "*" in pattern else "Moots"
    ingested = ingest(tmp_path, make_xlsx({name: ROWS, "Notes": [["x"]]}), name="moots.xlsx", sheet=pattern)
    assert told(ingested) == []
    assert set(ingested.observations["sheet"]) == {name}


def test_a_missing_sheet(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, make_xlsx({"Moots held": ROWS, "Notes": [["x"]]}), name="moots.xlsx", sheet="Moot_held")
    assert told(ingested) == [("SHEET_MISSING", "moots.xlsx")]
    message = ingested.problems.errors[0].message
    assert "Nearest: 'Moots held'" in message
    assert "The file has 'Moots held', 'Notes'" in message


def test_a_pattern_that_matches_two_sheets(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, make_xlsx({"Moots 1": ROWS, "Moots 2": ROWS}), name="moots.xlsx", sheet="Moots *")
    assert told(ingested) == [("SHEET_MISSING", "moots.xlsx")]
    assert "2 sheets match" in ingested.problems.errors[0].message


def test_a_renamed_header(tmp_path: Path) -> None:
    rows: Rows = [["Code", "Council", "Year", "Moots held [note 1]"], *ROWS[1:]]
    ingested = ingest(tmp_path, make_xlsx({"S": rows}), name="moots.xlsx")
    assert told(ingested) == [("HEADER_MISSING", "moots.xlsx:S!A1")]
    assert "Nearest: 'Moots held [note 1]'" in ingested.problems.errors[0].message


def test_headers_are_matched_without_regard_to_case_and_space(tmp_path: Path) -> None:
    rows: Rows = [["CODE", "Council", " year", "Moots\n  held"], *ROWS[1:]]
    assert told(ingest(tmp_path, make_xlsx({"S": rows}), name="moots.xlsx")) == []


def test_two_columns_with_one_header(tmp_path: Path) -> None:
    rows: Rows = [[*HEADER, "Moots held"], [BARCHESTER, "Barchester", "2023-24", 4, 5]]
    ingested = ingest(tmp_path, rows)
    assert told(ingested) == [("HEADER_AMBIGUOUS", "moots.csv:csv!D1")]
    assert "Columns D, E" in ingested.problems.errors[0].message
    by_letter = ingest(tmp_path, rows, columns=[{"metric": "moots-held", "column": {"letter": "E"}}])
    assert by_letter.observations["value"].to_list() == [5.0]


def test_group_headers_hold_until_the_next(tmp_path: Path) -> None:
    rows: Rows = [
        [None, None, "Spring", None, "Autumn", None],
        ["Code", "Year", "Held", "Missed", "Held", "Missed"],
        [BARCHESTER, "2023-24", 1, 2, 3, 4],
    ]
    column = {"group": "autumn", "header": "Missed"}
    ingested = ingest(tmp_path, rows, header_row=2, group_row=1, columns=[{"metric": "moots-held", "column": column}])
    assert ingested.observations.select("value", "cell").rows() == [(4.0, "F3")]


def test_every_missing_header_is_told_at_once(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, [["Area", "When", "Number"], [BARCHESTER, "2023-24", 4]])
    assert [code for code, _ in told(ingested)] == ["HEADER_MISSING"] * 3


def test_blank_rows_are_skipped_and_notes_are_not(tmp_path: Path) -> None:
    rows: Rows = [*ROWS, [None] * 4, [None, "Source: the Moot Office", None, None], ["Note: moots are moots"]]
    ingested = ingest(tmp_path, rows)
    assert {place for _, place in told(ingested)} == {"moots.csv:csv!A6", "moots.csv:csv!D6"}
    rule = {"column": "Code", "matches": "^Note", "reason": "Notes below the table."}
    ingested = ingest(tmp_path, rows, ignore=[rule])
    assert told(ingested) == []
    assert ingested.settled.select("rule", "reason", "rows", "first_cell").rows() == [
        ("ignore", "Notes below the table.", 1, "A6")
    ]


@pytest.mark.parametrize(
    "test", [{"equals": "Barchester"}, {"equals": ["x", " Barchester "]}, {"matches": "^Bar"}, {"blank": False}]
)
def test_keep_leaves_rows_out_silently(tmp_path: Path, test: dict[str, Any]) -> None:
    rows: Rows = [*ROWS, ["E12000009", None, "2023-24", 4]]
    also = [] if "blank" not in test else [{"column": "Code", "equals": BARCHESTER}]
    ingested = ingest(tmp_path, rows, keep=[{"column": "Council", **test}, *also])
    assert ingested.observations["area_code"].to_list() == [BARCHESTER]
    assert len(ingested.settled) == 0


def test_an_ignore_rule_may_be_for_some_periods(tmp_path: Path) -> None:
    rows: Rows = [HEADER, *([BARCHESTER, "Barchester", year, 4] for year in ("2020-21", "2021-22", "2022-23"))]
    rule = {"column": "Code", "equals": BARCHESTER, "periods_from": "2021-22", "periods_until": "2021-22"}
    ingested = ingest(tmp_path, rows, ignore=[rule | {"reason": "No moots were counted."}])
    assert ingested.observations["period"].to_list() == ["2020-21", "2022-23"]


def test_a_correction_gives_rows_another_area(tmp_path: Path) -> None:
    rows: Rows = [HEADER, [PLUMSTEAD, "Silverbridge", "2022-23", 1], [PLUMSTEAD, "Silverbridge", "2023-24", 2]]
    rule = {"column": "Code", "equals": PLUMSTEAD, "periods_from": "2023-24", "area": SILVERBRIDGE}
    ingested = ingest(tmp_path, rows, corrections=[rule | {"reason": "The old code beside the new name."}])
    assert ingested.observations.select("area_code", "value").rows() == [(SILVERBRIDGE, 2.0), (PLUMSTEAD, 1.0)]
    assert ingested.settled.select("rule", "rows", "first_cell").rows() == [("correction", 1, "A3")]


JOINT = {
    "column": "Code",
    "equals": "X1",
    "areas": [PLUMSTEAD, ULLATHORNE, SILVERBRIDGE],
    "reason": "They moot together.",
}


def test_a_joint_row_marks_each_area_that_existed(tmp_path: Path) -> None:
    rows: Rows = [
        HEADER,
        ["X1", "Plumstead and Ullathorne", "2021-22", 7],
        ["X1", "Plumstead and Ullathorne", "2022-23", 8],
        [PLUMSTEAD, "Plumstead", "2022-23", 3],
    ]
    ingested = ingest(tmp_path, rows, joint=[JOINT])
    assert told(ingested) == []
    assert ingested.observations.select("area_code", "period", "value", "marker", "stored", "cell").rows() == [
        (PLUMSTEAD, "2021-22", None, "reported_jointly", "7", "D2"),
        (PLUMSTEAD, "2022-23", 3.0, None, "3", "D4"),
        (ULLATHORNE, "2021-22", None, "reported_jointly", "7", "D2"),
        (ULLATHORNE, "2022-23", None, "reported_jointly", "8", "D3"),
    ]


def test_a_joint_row_may_be_kept_as_an_areas_own(tmp_path: Path) -> None:
    rows: Rows = [HEADER, [SILVERBRIDGE, "Silverbridge Moot Partnership", "2023-24", 7]]
    joint = {"column": "Council", "matches": "Partnership", "areas": [BARCHESTER], "keep": True}
    ingested = ingest(tmp_path, rows, joint=[joint | {"reason": "They moot together."}])
    assert ingested.observations.select("area_code", "value", "marker").rows() == [
        (BARCHESTER, None, "reported_jointly"),
        (SILVERBRIDGE, 7.0, None),
    ]


def test_a_long_table(tmp_path: Path) -> None:
    rows: Rows = [
        ["Code", "Year", "Measure", "Value", "Low", "High"],
        [BARCHESTER, "2023-24", "Moots  HELD", 4, 3, "5.5"],
        [BARCHESTER, "2023-24", "of them by night", 2, None, None],
        [BARCHESTER, "2023-24", "Something else", "n/a", None, None],
    ]
    values = {
        "column": "Value",
        "metric_column": "Measure",
        "lower": "Low",
        "upper": "High",
        "metrics": {"Moots held": "moots-held", "of them by night": {"metric": "moots-held", "breakdown": "night"}},
    }
    ingested = ingest(tmp_path, rows, columns=[], values=values)
    assert told(ingested) == []
    assert ingested.observations.select("breakdown", "value", "lower", "upper", "cell").rows() == [
        ("all", 4.0, 3.0, 5.5, "D2"),
        ("night", 2.0, None, None, "D3"),
    ]


def test_every_rule_that_matches_nothing_is_told(tmp_path: Path) -> None:
    rule = {"column": "Code", "equals": "X9", "reason": "There is no such row."}
    ingested = ingest(
        tmp_path,
        ROWS,
        ignore=[rule],
        corrections=[rule | {"area": BARCHESTER}],
        joint=[rule | {"areas": [BARCHESTER]}],
        markers={"[c]": "suppressed"},
        row_marker={"column": "Council", "values": {"p": "provisional"}},
        duplicates={"keep": "first", "reason": "There are no duplicates."},
    )
    assert [problem.code for problem in ingested.problems] == ["RULE_UNUSED"] * 6
    assert ingested.problems.errors == []


def test_a_table_that_gives_nothing(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, ROWS, keep=[{"column": "Code", "equals": "X9"}])
    assert told(ingested) == [("TABLE_EMPTY", "moots.csv")]


def test_a_period_that_the_column_gives_a_part_of(tmp_path: Path) -> None:
    rows: Rows = [HEADER, [BARCHESTER, "Barchester", "2024", 4]]
    period = {"kind": "financial_year", "column": "Year"}
    assert told(ingest(tmp_path, rows, period=period)) == [("PERIOD_UNREADABLE", "moots.csv:csv!A2")]
    for text in ("FYE {}", "2023-24"):
        ingested = ingest(tmp_path, rows, period=period | {"written": text})
        assert ingested.observations["period"].to_list() == ["2023-24"]


def test_a_plain_period_is_written_as_before() -> None:
    periods = [PeriodFrom.model_validate({"kind": "day", **more}) for more in ({}, {"written": "{}-03-31"})]
    assert [each.model_dump(mode="json") for each in periods] == [
        {"kind": "day", "column": None},
        {"kind": "day", "column": None, "written": "{}-03-31"},
    ]


def test_the_editions_period(tmp_path: Path) -> None:
    rows: Rows = [["Code", "Moots held"], [BARCHESTER, 4]]
    period = {"kind": "financial_year"}
    assert told(ingest(tmp_path, rows, period=period)) == [("PERIOD_UNREADABLE", "moots.csv:csv")]
    ingested = ingest(tmp_path, rows, period=period, edition={"period": "2023-24"})
    assert ingested.observations["period"].to_list() == ["2023-24"]


def test_csv_and_workbooks_give_the_same(tmp_path: Path) -> None:
    raw = {"moots.csv": make_csv(ROWS), "moots.xlsx": make_xlsx({"S": ROWS}), "moots.ods": make_ods({"S": ROWS})}
    read = [ingest(tmp_path, content, name=name).observations.drop("sheet") for name, content in raw.items()]
    assert read[0].equals(read[1])
    assert read[1].equals(read[2])
