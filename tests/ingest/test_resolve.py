"""Readings become observations, or a problem that says where; missing is never zero, and zero is never missing."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.values import Marker
from moothall.ingest.resolve import is_plain_number
from tests.ingest.county import (
    BARCHESTER,
    HEADER,
    PLUMSTEAD,
    SILVERBRIDGE,
    Rows,
    Value,
    ingest,
    make_ods,
    make_xlsx,
    told,
)


def one(cell: Value, code: str = BARCHESTER, year: str = "2023-24") -> bytes:
    """A workbook with one reading, in D2."""
    return make_xlsx({"S": [HEADER, [code, "Somewhere", year, cell]]})


def read_one(folder: Path, cell: Value, **changes: Any) -> tuple[float | None, str | None]:
    ingested = ingest(folder, one(cell), name="moots.xlsx", **changes)
    assert ingested.problems.errors == []
    value, marker = ingested.observations.select("value", "marker").row(0)
    return value, marker


def told_of(folder: Path, cell: Value, **changes: Any) -> str:
    ingested = ingest(folder, one(cell), name="moots.xlsx", **changes)
    assert [code for code, _ in told(ingested)] == ["VALUE_NOT_A_NUMBER"]
    assert told(ingested)[0][1] == "moots.xlsx:S!D2"
    assert len(ingested.observations.drop_nulls("value")) == 0
    return ingested.problems.errors[0].message


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (0, 0.0), (24000.0, 24000.0), ("1,234.5", 1234.5), (" 12 ", 12.0), ("-3", -3.0), ("−3", -3.0), (".5", 0.5),
        ("1e-05", 1e-05), ("0", 0.0),
    ],
)  # fmt: skip
def test_plain_numbers(tmp_path: Path, cell: Value, value: float) -> None:
    assert read_one(tmp_path, cell) == (value, None)


@pytest.mark.parametrize(
    "cell", ["£1,234", "12%", "1,23", "12*", "nan", "inf", "1e999", "(12)", "1 234", "n/a", "-", "1.2.3", "true"]
)
def test_what_is_not_plainly_a_number_is_a_problem(tmp_path: Path, cell: str) -> None:
    message = told_of(tmp_path, cell, markers={"[c]": "suppressed", ":": "not_available"})
    assert repr(cell) in message
    assert "'[c]', ':'" in message


@pytest.mark.parametrize("cell", [None, "  "])
def test_a_blank_is_a_problem_unless_the_table_says_what_it_means(tmp_path: Path, cell: Value) -> None:
    assert "blank" in told_of(tmp_path, cell)
    assert read_one(tmp_path, cell, markers={"": "not_available"}) == (None, "not_available")


ABSENT = {"[c]": Marker.SUPPRESSED, "": Marker.NOT_AVAILABLE, "..": Marker.NOT_SUBMITTED}


@given(
    st.lists(st.one_of(st.integers(-9, 9), st.just("0"), st.floats(-1e6, 1e6), st.sampled_from([*ABSENT])), min_size=1)
)
def test_missing_is_never_zero_and_zero_never_missing(cells: list[int | float | str]) -> None:
    years = [f"{year}-{(year + 1) % 100:02d}" for year in range(1920, 1920 + len(cells))]
    rows: Rows = [HEADER, *([BARCHESTER, "Barchester", year, cell] for year, cell in zip(years, cells, strict=True))]
    with TemporaryDirectory() as folder:
        ingested = ingest(Path(folder), make_ods({"S": rows}), name="moots.ods", markers=ABSENT)
    assert ingested.problems.errors == []
    for cell, row in zip(cells, ingested.observations.sort("period").iter_rows(named=True), strict=True):
        if cell in ABSENT:
            assert (row["value"], row["marker"]) == (None, ABSENT[str(cell)])
        else:
            assert (row["value"], row["marker"]) == (float(cell), None)


def test_a_marker_may_stand_behind_a_number(tmp_path: Path) -> None:
    markers = {"[p]": "provisional", "[c]": "suppressed"}
    assert read_one(tmp_path, "1,200 [p]", markers=markers) == (1200.0, "provisional")
    assert "'[p]'" in told_of(tmp_path, "[p]", markers=markers)
    assert "'12 [c]'" in told_of(tmp_path, "12 [c]", markers=markers)


def test_a_row_marker_qualifies_or_takes_away(tmp_path: Path) -> None:
    row_marker = {"column": "Council", "values": {"Somewhere": "estimated"}}
    assert read_one(tmp_path, 4, row_marker=row_marker) == (4.0, "estimated")
    row_marker = {"column": "Council", "values": {"Somewhere": "unreliable"}}
    assert read_one(tmp_path, 4, row_marker=row_marker) == (None, "unreliable")
    assert read_one(tmp_path, "x", row_marker=row_marker) == (None, "unreliable")
    assert read_one(tmp_path, "[c]", row_marker=row_marker, markers={"[c]": "suppressed"}) == (None, "suppressed")


def test_an_editions_marker_qualifies_values_only(tmp_path: Path) -> None:
    edition = {"marker": "provisional"}
    assert read_one(tmp_path, 0, edition=edition) == (0.0, "provisional")
    assert read_one(tmp_path, "[c]", edition=edition, markers={"[c]": "suppressed"}) == (None, "suppressed")


def test_values_are_scaled_in_decimal_arithmetic(tmp_path: Path) -> None:
    columns = [{"metric": "moots-held", "column": "Moots held", "scale": "100"}]
    ingested = ingest(tmp_path, one(0.367), name="moots.xlsx", columns=columns)
    assert ingested.observations.select("value", "stored").rows() == [(36.7, "0.367")]


def test_an_unknown_area(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, [HEADER, *(["E06999999", "Nowhere", year, 4] for year in ("2022-23", "2023-24"))])
    assert told(ingested) == [("AREA_UNKNOWN", "moots.csv:csv!A2")]
    assert "'E06999999' is no area of the register. Likewise in 1 more cell." in ingested.problems.errors[0].message


def test_a_closed_area(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, [HEADER, *([PLUMSTEAD, "Plumstead", year, 4] for year in ("2022-23", "2023-24"))])
    assert told(ingested) == [("AREA_NOT_ALIVE", "moots.csv:csv!A3")]
    message = ingested.problems.errors[0].message
    assert message.startswith("Plumstead (E07900001) closed on 2023-04-01 (then Silverbridge)")
    assert "2023-24" in message


def test_an_area_before_it_opened(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, [HEADER, [SILVERBRIDGE, "Silverbridge", "2021-22", 4]])
    assert told(ingested) == [("AREA_NOT_ALIVE", "moots.csv:csv!A2")]
    assert "opened on 2023-04-01" in ingested.problems.errors[0].message


def test_areas_by_name(tmp_path: Path) -> None:
    area = {"column": "Council", "scheme": "name"}
    rows: Rows = [HEADER, [None, "BARCHESTER  council", "2023-24", 4], [None, "Nowhere", "2023-24", 4]]
    ingested = ingest(tmp_path, rows, area=area)
    assert ingested.observations["area_code"].to_list() == [BARCHESTER]
    assert told(ingested) == [("AREA_UNKNOWN", "moots.csv:csv!B3")]


def test_an_unreadable_period(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, [HEADER, [BARCHESTER, "Barchester", "2023-25", 4]])
    assert told(ingested) == [("PERIOD_UNREADABLE", "moots.csv:csv!A2")]
    assert "'2023-25' is not a financial year" in ingested.problems.errors[0].message


@pytest.mark.parametrize(("cell", "is_problem"), [(0, False), (10, False), (-0.5, True), (11, True)])
def test_values_out_of_range(tmp_path: Path, cell: float, is_problem: bool) -> None:
    ingested = ingest(tmp_path, one(cell), name="moots.xlsx", metric={"range": {"min": 0, "max": 10}})
    assert told(ingested) == ([("VALUE_OUT_OF_RANGE", "moots.xlsx:S!D2")] if is_problem else [])


TWICE: Rows = [HEADER, [BARCHESTER, "Barchester", "2023-24", 4], [BARCHESTER, "Barchester", "2023-24", 5]]


def test_a_duplicate_key(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, TWICE)
    assert told(ingested) == [("KEY_DUPLICATED", "moots.csv:csv!D2")]
    assert "csv!D2 and csv!D3" in ingested.problems.errors[0].message


@pytest.mark.parametrize(("keep", "value"), [("first", 4.0), ("last", 5.0)])
def test_a_table_may_say_which_of_two_values_wins(tmp_path: Path, keep: str, value: float) -> None:
    ingested = ingest(tmp_path, TWICE, duplicates={"keep": keep, "reason": "The clerk wrote it twice."})
    assert told(ingested) == []
    assert ingested.observations["value"].to_list() == [value]
    assert ingested.settled.select("rule", "rows").rows() == [("duplicate", 1)]


def test_a_limit_that_is_no_number(tmp_path: Path) -> None:
    rows: Rows = [["Code", "Year", "Measure", "Value", "Low"], [BARCHESTER, "2023-24", "Moots", 4, "about 3"]]
    values = {"column": "Value", "metric_column": "Measure", "lower": "Low", "metrics": {"Moots": "moots-held"}}
    assert told(ingest(tmp_path, rows, columns=[], values=values)) == [("VALUE_NOT_A_NUMBER", "moots.csv:csv!D2")]


def test_trouble_that_repeats_is_one_problem_with_a_count(tmp_path: Path) -> None:
    rows: Rows = [HEADER, *([BARCHESTER, "Barchester", f"{year}-{year - 1999:02d}", "x"] for year in range(2000, 2010))]
    ingested = ingest(tmp_path, rows)
    assert len(ingested.problems) == 1
    assert "Likewise in 9 more cells." in ingested.problems.errors[0].message


@given(st.integers(-(10**9), 10**9))
def test_thousands_separators_are_plain(number: int) -> None:
    assert is_plain_number(f"{number:,}")


@given(st.text())
def test_whatever_is_plain_is_a_number(text: str) -> None:
    if is_plain_number(text):
        float(text.replace(",", "").replace("−", "-"))


JUDGED: dict[str, Any] = {"metric": {"unit": "judgement", "polarity": "none", "places": 0, "range": {}}}


@pytest.mark.parametrize(("cell", "value"), [("Good", 2.0), ("inadequate", 4.0), (1, 1.0), ("3", 3.0)])
def test_a_judgement_is_read_in_words_or_as_its_number(tmp_path: Path, cell: Value, value: float) -> None:
    assert read_one(tmp_path, cell, **JUDGED) == (value, None)


@pytest.mark.parametrize("cell", ["Requires improvement", 5, 1.5, "Good*", None])
def test_what_is_no_judgement_is_told(tmp_path: Path, cell: Value) -> None:
    assert told_of(tmp_path, cell, **JUDGED)


def test_a_marker_stands_before_a_judgement(tmp_path: Path) -> None:
    assert read_one(tmp_path, 9, markers={"9": "not_applicable"}, **JUDGED) == (None, "not_applicable")


def test_a_day_is_read_as_its_number(tmp_path: Path) -> None:
    dated = {"metric": {"unit": "date", "polarity": "none", "places": 0, "range": {}}}
    assert read_one(tmp_path, "2024-07-04", **dated) == (20240704.0, None)
    assert told_of(tmp_path, "July 2024", **dated)
