"""Published files beside the repository, and what was read from them, for tests that look at single cells."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from moothall.core.cells import read_address
from moothall.core.loading import Catalogue, load_catalogue

ROOT = Path(__file__).parents[2]
MIRROR = ROOT.parent / "shared" / "data"
needs_files = pytest.mark.skipif(not MIRROR.is_dir(), reason="the published files are not beside the repository")


@cache
def observations_of(source: str) -> pl.DataFrame:
    """All observations of a source, with the edition's key without the source."""
    found = pl.read_parquet(ROOT / "edition" / "observations" / f"{source}.parquet")
    return found.with_columns(edition=pl.col("edition_key").str.split("/").list.last())


@cache
def catalogue() -> Catalogue:
    """Every definition of the project, which must all be right."""
    found, problems = load_catalogue(ROOT)
    problems.raise_errors()
    return found


def find_one(source: str, edition: str, metric: str, area: str, period: str) -> dict[str, object]:
    """The one observation of a figure in an edition."""
    found = observations_of(source).filter(edition=edition, metric_key=metric, area_code=area, period=period)
    assert len(found) == 1, f"{len(found)} observations of {metric}, {area}, {period} in {edition}"
    return found.row(0, named=True)


def count_rows(source: str) -> dict[tuple[str, str], tuple[int, int]]:
    """How many observations each edition and metric has, and how many of them have a value."""
    rows = (
        observations_of(source).group_by("edition", "metric_key").agg(pl.len(), pl.col("value").count().alias("some"))
    )
    return {(edition, metric): (every, some) for edition, metric, every, some in rows.iter_rows()}


def file_of(source: str, edition: str) -> Path:
    """Where the mirror has an edition's file."""
    mirror = next(each.mirror for each in catalogue().sources[source].editions if each.edition == edition)
    assert mirror is not None
    return MIRROR / mirror


def cell_of(source: str, edition: str, sheet: str, cell: str) -> object:
    """A cell of the published file, read without our reader."""
    row, column = read_address(cell)
    return _rows(file_of(source, edition), sheet)[row - 1][column - 1]


@cache
def _rows(file: Path, sheet: str) -> list[list[object]]:
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return [list(row) for row in csv.reader(lines)]
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return [list(row) for row in rows]


def as_number(cell: object) -> float:
    """A cell's number, with its thousands separators taken out."""
    return float(str(cell).replace(",", ""))
