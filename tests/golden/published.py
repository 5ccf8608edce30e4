"""Observations with their edition apart, and what their cells hold, for tests that look at single cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import polars as pl
import pytest

from tests.golden.carried import carried, needs_files, read_published


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


def expect_scaled_cells(
    source: str, hand_read: Sequence[tuple[str, str, str, str, str, str, float]]
) -> tuple[Callable[..., None], Callable[..., None]]:
    """Two tests of cells read by hand, each as edition, metric, area, period, cell, what stands there, and the value.

    That the value is the observation's, and that what stands there stands in the published file.
    """
    each = pytest.mark.parametrize(("edition", "metric", "area", "period", "cell", "stored", "value"), hand_read)

    @each
    def is_the_observation(
        edition: str, metric: str, area: str, period: str, cell: str, stored: str, value: float
    ) -> None:
        found = find_one(source, edition, metric, area, period)
        assert (found["cell"], found["stored"], found["value"], found["marker"]) == (cell, stored, value, None)

    @needs_files
    @each
    def is_in_the_published_file(
        edition: str, metric: str, area: str, period: str, cell: str, stored: str, value: float
    ) -> None:
        sheet = str(find_one(source, edition, metric, area, period)["sheet"])
        assert as_number(read_published(source, edition, sheet, cell)) == as_number(stored)

    return is_the_observation, is_in_the_published_file
