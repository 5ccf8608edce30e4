"""The trace: every cell behind a figure, its earlier editions, the formula with its numbers, the sheet around it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.cells import column_letters, column_number
from moothall.core.values import Marker
from moothall.release.excerpt import write_sheets
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.release.trace import work_formula
from moothall.release.write import write_release
from tests.release.barset import (
    BARCHESTER,
    BUILT,
    COUNTY,
    FRAMLEY,
    GREATER_PLUMSTEAD,
    OMNIUM,
    build_release,
    make_contents,
    make_editions,
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def test_a_figure_rests_on_one_cell_of_its_edition_and_lists_the_earlier(release: Release) -> None:
    trace = release.trace("bins-missed", BARCHESTER, "2022-23")
    (cell,) = trace.cells
    assert (cell.edition.edition, cell.value, cell.marker, cell.stored) == (
        "2022-23-revised",
        45.0,
        Marker.REVISED,
        "45.0",
    )
    assert (cell.edition.edition, cell.value) == (trace.figure.edition, trace.figure.value)
    (earlier,) = cell.earlier
    assert (earlier.edition.edition, earlier.value, earlier.earlier) == ("2022-23", 44.0, ())
    assert (trace.formula, trace.formula_worked, cell.name, cell.excerpt) == (None, None, None, None)
    assert trace.area.code == BARCHESTER


def test_a_derived_figure_rests_on_the_cells_of_its_inputs(release: Release) -> None:
    trace = release.trace("share-missed", BARCHESTER, "2023-24")
    assert [(cell.name, cell.metric, cell.value) for cell in trace.cells] == [
        ("missed", "bins-missed", 442.0),
        ("emptied", "bins-emptied", 6892.0),
    ]
    assert trace.formula_worked == "100 × 442 ÷ (6,892 + 442)"
    nested = release.trace("share-not-missed", BARCHESTER, "2023-24")
    assert [cell.name for cell in nested.cells] == ["share.missed", "share.emptied"]
    assert [cell.cell for cell in nested.cells] == [cell.cell for cell in trace.cells]
    assert nested.formula_worked == f"100 − {trace.figure.value!r}"


def test_a_figure_without_a_value_is_traced_as_far_as_it_goes(release: Release) -> None:
    (cell,) = release.trace("bins-missed", FRAMLEY, "2023-24").cells
    assert (cell.value, cell.text, cell.stored) == (None, "no return", "[x]")
    derived = release.trace("share-missed", OMNIUM, "2023-24")
    assert (derived.formula_worked, [cell.name for cell in derived.cells]) == (None, ["missed"])
    assert release.trace("bins-missed", COUNTY, "2023-24").cells == ()
    with pytest.raises(UnknownKey):
        release.trace("bins-missed", GREATER_PLUMSTEAD, "2022-23")


@pytest.mark.parametrize(
    ("formula", "operands", "worked"),
    [
        ("100 * a / (b + a)", {"a": 442.0, "b": 6892.0}, "100 × 442 ÷ (6,892 + 442)"),
        ("a - b", {"a": -5.0, "b": -0.125}, "(−5) − (−0.125)"),
        ("-(a) + 0.5", {"a": 1234567.891}, "−1,234,567.891 + 0.5"),
        ("1000 * (rate_2 - rate)", {"rate": 1e-7, "rate_2": 0.0}, "1,000 × (0 − 0.0000001)"),
        ("(a / b) / c", {"a": 1.0, "b": 2.0, "c": 3.0}, "1 ÷ 2 ÷ 3"),
        ("a / (b / c)", {"a": 1.0, "b": 2.0, "c": 3.0}, "1 ÷ (2 ÷ 3)"),
    ],
)
def test_a_formula_is_written_with_its_numbers(formula: str, operands: dict[str, float], worked: str) -> None:
    assert work_formula(formula, operands) == worked


NUMBERS = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).filter(
    lambda number: number == 0 or abs(number) > 1e-9
)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_worked_formula_gives_the_same_result(a: float, b: float, c: float) -> None:
    worked = work_formula("100 * a - (b + c) * a", {"a": a, "b": b, "c": c})
    plain = worked.replace("×", "*").replace("÷", "/").replace("−", "-").replace(",", "")
    plain = re.sub(r"[0-9]+(\.[0-9]+)?", lambda number: repr(float(number[0])), plain)  # whole numbers would be exact
    assert eval(plain, {"__builtins__": {}}) == 100 * a - (b + c) * a  # noqa: S307 - numbers and operators of our own


def test_columns_have_letters() -> None:
    assert [column_letters(number) for number in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]
    assert all(column_number(column_letters(number)) == number for number in range(1, 2000))


SHEET = [
    ["A title that no table needs"],
    [None, None, "Bins", None, "Other", None, None, None, None, "Far"],
    ["Code", "Name", "Bins missed", "Bins emptied", "x", "y", "z", "p", "q", "r"],
    *([f"E0{row}", "", row / 4, float(row), True, date(2024, 3, 31), 7, 8, 9, 10] for row in range(4, 70)),
]


def open_with_sheets(directory: Path) -> Release:
    hashes = dict(make_editions().select("edition_key", "sha256").iter_rows())
    written = write_release(
        make_contents(),
        directory,
        code_revision=None,
        built=BUILT,
        write_extras=lambda path: write_sheets(
            path / "sheets.sqlite", [(hashes["barset-bins/2023-24"], "Table 1", SHEET)]
        ),
    )
    return Release.open(written.path)


def test_an_excerpt_shows_the_headers_and_the_cells_around(tmp_path: Path) -> None:
    release = open_with_sheets(tmp_path)
    (cell,) = release.trace("bins-missed", BARCHESTER, "2023-24").cells
    assert cell.cell == "C20"
    excerpt = cell.excerpt
    assert excerpt is not None
    assert (excerpt.cell, excerpt.first_row, excerpt.columns) == ("C20", 18, ("A", "B", "C", "D", "E", "F"))
    assert [number for number, _ in excerpt.header] == [2, 3]
    assert excerpt.header[1][1] == ("Code", "Name", "Bins missed", "Bins emptied", "x", "y")
    assert [number for number, _ in excerpt.rows] == [18, 19, 20, 21, 22]
    assert excerpt.rows[2][1] == ("E020", "", "5", "20", "TRUE", "2024-03-31")
    assert excerpt.rows[0][1][2] == "4.5"
    assert release.trace("bins-missed", BARCHESTER, "2021-22").cells[0].excerpt is None  # that file is not held


def test_an_excerpt_keeps_to_the_sheet(tmp_path: Path) -> None:
    release = open_with_sheets(tmp_path)
    sheets = release._tracer._sheets
    assert sheets is not None
    sha256 = release.source("barset-bins").editions[0].sha256
    first = sheets.excerpt(sha256, "Table 1", "I4", [2, 3])
    assert first is not None
    assert first.columns == ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J")
    assert [number for number, _ in first.rows] == [4, 5, 6]  # the headers are not shown twice
    last = sheets.excerpt(sha256, "Table 1", "A69")
    assert last is not None
    assert [number for number, _ in last.rows] == [67, 68, 69]
    over_blocks = sheets.excerpt(sha256, "Table 1", "A64")
    assert over_blocks is not None
    assert [(number, cells[0]) for number, cells in over_blocks.rows] == [(n, f"E0{n}") for n in range(62, 67)]
    assert sheets.excerpt(sha256, "Table 2", "A39") is None
