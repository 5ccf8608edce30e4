"""What the edition carries and what the published files hold, read without our readers, for the golden tests."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from moothall.core.cells import read_address
from moothall.core.loading import Catalogue, load_catalogue

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


def find(source: str, edition: str, metric: str, area: str, period: str) -> dict[str, Any]:
    """The one observation of an edition, metric, area and period."""
    found = carried(source).filter(
        edition_key=f"{source}/{edition}", metric_key=metric, area_code=area, period=period, breakdown="all"
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


def read_published(source: str, edition: str, sheet: str, cell: str) -> object:
    """What a cell of an edition's published file holds."""
    mirror = next(each.mirror for each in load_definitions().sources[source].editions if each.edition == edition)
    assert mirror is not None
    row, column = read_address(cell)
    return read_rows(MIRROR / mirror, sheet)[row - 1][column - 1]


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
