"""Observations with their edition apart, and what their cells hold, for tests that look at single cells."""

from __future__ import annotations

from functools import cache

import polars as pl

from tests.golden.carried import carried


@cache
def observations_of(source: str) -> pl.DataFrame:
    """All observations of a source, with the edition's key without the source."""
    return carried(source).with_columns(edition=pl.col("edition_key").str.split("/").list.last())


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


def as_number(cell: object) -> float:
    """A cell's number, with its thousands separators taken out."""
    return float(str(cell).replace(",", ""))
