"""What the edition carries and what the published files hold, read without our readers, for the golden tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from moothall.core.areas import PRINCIPAL_CLASSES, Register
from moothall.core.cells import read_address
from moothall.core.loading import Catalogue, load_catalogue
from moothall.core.periods import parse_key

ROOT = Path(__file__).parents[2]
MIRROR = ROOT.parent / "shared" / "data"
needs_files = pytest.mark.skipif(not MIRROR.is_dir(), reason="the published files are not beside the repository")

HandRead = tuple[str, str, str, str, str, str, str | float]
"""A cell read by hand: edition, metric, area, period, sheet, cell, and what stands in it."""


@cache
def load_definitions() -> Catalogue:
    """The project's definitions."""
    catalogue, problems = load_catalogue(ROOT)
    problems.raise_errors()
    return catalogue


@cache
def carried(source: str) -> pl.DataFrame:
    """The observations of a source."""
    return pl.read_parquet(ROOT / "edition" / "observations" / f"{source}.parquet")


def locate(source: str, edition: str) -> Path:
    """Where an edition's published file is."""
    found = next(each.mirror for each in load_definitions().sources[source].editions if each.edition == edition)
    assert found is not None
    return MIRROR / found


@cache
def load_register() -> Register:
    """The register of authorities."""
    return Register.read(ROOT / "edition" / "areas")


def list_alive(period: str) -> set[str]:
    """The codes of the councils that existed on a period's last day."""
    return {area.code for area in load_register().alive(parse_key(period).end, PRINCIPAL_CLASSES)}


def find(source: str, edition: str, metric: str, area: str, period: str) -> dict[str, Any]:
    """The one observation of an edition, metric, area and period; "metric/part" names a breakdown, not the whole."""
    key, _, part = metric.partition("/")
    found = carried(source).filter(
        edition_key=f"{source}/{edition}", metric_key=key, area_code=area, period=period, breakdown=part or "all"
    )
    assert len(found) == 1, f"{len(found)} observations of {metric}, {area}, {period} in {edition}"
    return found.row(0, named=True)


def count_values(source: str) -> dict[str, tuple[int, int]]:
    """How many observations of each metric there are, and how many of them have a value."""
    counted = carried(source).group_by("metric_key").agg(pl.len(), some=pl.col("value").count())
    return {metric: (rows, some) for metric, rows, some in counted.iter_rows()}


def count_markers(source: str, metric: str) -> dict[str, int]:
    """How many observations of a metric have each marker."""
    marked = carried(source).filter(pl.col("marker").is_not_null(), metric_key=metric)
    return dict(marked.group_by("marker").len().iter_rows())


def check_cell(source: str, hand_read: HandRead) -> None:
    """Hold an observation's cell, stored text and value against what was read by hand; text in a cell is no value."""
    edition, metric, area, period, sheet, cell, stored = hand_read
    found = find(source, edition, metric, area, period)
    assert (found["sheet"], found["cell"]) == (sheet, cell)
    if isinstance(stored, str):
        assert (found["stored"], found["value"]) == (stored, None)
        assert found["marker"] is not None
    else:
        assert (float(found["stored"]), found["value"]) == (stored, stored)


def check_published_cell(source: str, hand_read: HandRead) -> None:
    """Hold what was read by hand against the published file."""
    edition, _, _, _, sheet, cell, stored = hand_read
    found = read_published(source, edition, sheet, cell)
    assert (found if isinstance(stored, str) else float(str(found))) == stored


def expect_cells(
    source: str, hand_read: Sequence[HandRead]
) -> tuple[Callable[[HandRead], None], Callable[[HandRead], None]]:
    """Two tests of cells read by hand: that each is the observation, and that it is in the published file."""
    each = pytest.mark.parametrize("hand_read", hand_read)

    @each
    def is_the_observation(hand_read: HandRead) -> None:
        check_cell(source, hand_read)

    @needs_files
    @each
    def is_in_the_published_file(hand_read: HandRead) -> None:
        check_published_cell(source, hand_read)

    return is_the_observation, is_in_the_published_file


def read_published(source: str, edition: str, sheet: str, cell: str) -> object:
    """What a cell of an edition's published file holds."""
    row, column = read_address(cell)
    return read_rows(locate(source, edition), sheet)[row - 1][column - 1]


@cache
def read_rows(file: Path, sheet: str) -> list[list[object]]:
    """The rows of a sheet of a published file."""
    if file.suffix == ".csv":
        content = file.read_bytes()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252")
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    if file.suffix == ".parquet":
        records = pl.read_parquet(file)
        return [list(records.columns), *(list(row) for row in records.iter_rows())]
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [list(row) for row in rows]


def check_every_value(source: str) -> int:
    """Read every cell with a value again from the published files; how many there were. Nothing may be scaled."""
    observations = carried(source).filter(pl.col("value").is_not_null())
    columns = observations.select("edition_key", "sheet", "cell", "value")
    for edition_key, sheet, cell, value in columns.iter_rows():
        published = read_published(source, edition_key.split("/")[1], sheet, cell)
        assert value == float(str(published)), f"{edition_key} {sheet}!{cell}"
    return len(observations)


def check_labels(source: str, labels: dict[str, str]) -> int:
    """Find, above every lettered column of every edition, the label that "metric/part" has; how many were looked at.

    Footnote numbers, spaces and line ends in the published labels do not count.
    """
    checked = 0
    for table in load_definitions().sources[source].tables:
        lettered = [column for column in table.columns if column.column.letter]
        for edition in (table.editions or ()) if lettered else ():
            key = f"{source}/{edition}"
            for sheet in sorted(name for name in _sheets_of(key, source) if fnmatchcase(name, table.sheet)):
                for column in lettered:
                    label = labels[f"{column.metric}/{column.breakdown}".removesuffix("/all")]
                    rows = range(1, table.header_row + 2)  # some labels stand a row lower
                    cells = [read_published(source, edition, sheet, f"{column.column.letter}{row}") for row in rows]
                    above = " ".join(str(cell) for cell in cells)
                    assert _plain(label, label) in _plain(above, label), f"{edition} {sheet} {column}: {above}"
                    checked += 1
    return checked


@cache
def _sheets_of(edition_key: str, source: str) -> frozenset[str]:
    return frozenset(carried(source).filter(edition_key=edition_key)["sheet"])


def _plain(text: str, label: str) -> str:
    """The letters of a text, and its digits too where the label has some."""
    has_digits = any(character.isdigit() for character in label)
    return "".join(each for each in text.casefold() if each.isalpha() or (has_digits and each.isdigit()))


def check_parts(source: str, exact: dict[str, float], overlapping: frozenset[str] = frozenset()) -> None:
    """Hold the parts of each metric against the whole: no more, in all but two rows of a thousand.

    `exact` has metrics whose parts are everything, and the share of rows in which the publisher lacks some.
    """
    for metric in sorted(set(carried(source).filter(pl.col("breakdown") != "all")["metric_key"]) - overlapping):
        rows = carried(source).filter(metric_key=metric)
        parts = rows.filter(pl.col("breakdown") != "all").group_by("area_code", "period").agg(pl.col("value").sum())
        wholes = rows.filter(breakdown="all").select("area_code", "period", whole="value").drop_nulls("whole")
        both = parts.join(wholes, on=["area_code", "period"])
        over = both.filter(pl.col("value") > pl.col("whole") + 0.5)
        assert len(over) <= 0.002 * len(both), f"{metric}: {over}"
        if metric in exact:
            short = both.filter(pl.col("value") < pl.col("whole") - 0.5)
            assert len(short) <= exact[metric] * len(both), f"{metric}: {len(short)} of {len(both)}"
