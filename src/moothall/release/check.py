"""Checking a release: that it is as it was written, and that its figures are what they rest on."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from math import fsum, isclose
from pathlib import Path

import polars as pl

from moothall.core.formulas import read_formula
from moothall.core.frames import FIGURE_KEY
from moothall.core.problems import Place, Problem, Problems
from moothall.core.values import Marker
from moothall.release.digest import digest_frames
from moothall.release.directory import (
    DAMAGED,
    DATABASE,
    MANIFEST,
    PARQUET,
    read_manifest,
    verify_checksums,
)
from moothall.release.ground import find_inputs
from moothall.release.queries import Release
from moothall.release.records import TraceRecord
from moothall.release.schema import Table
from moothall.release.tables import TABLES

_NOISE = 1e-9  # what adding decimal fractions in another order may make of them


def verify_release(directory: Path) -> Problems:
    """Note every damaged file; where there is none, work out the digest again from Parquet and from SQLite."""
    problems = verify_checksums(directory)
    if problems.errors:
        return problems
    try:
        digest = read_manifest(directory)["digest"]
    except (OSError, ValueError, KeyError) as error:
        problems.add(DAMAGED, f"The manifest cannot be read: {error}.", Place(str(directory / MANIFEST)))
        return problems
    readings = ((PARQUET, read_parquet_tables), (DATABASE, read_database_tables))
    for name, read in readings:
        try:
            found = digest_frames(read(directory))
        except (OSError, pl.exceptions.PolarsError, sqlite3.Error) as error:
            problems.add(DAMAGED, f"The tables cannot be read: {error}.", Place(str(directory / name)))
            continue
        if found != digest:
            problems.add(DAMAGED, f"Its digest is {found}; the manifest says {digest}.", Place(str(directory / name)))
    return problems


def read_parquet_tables(directory: Path) -> dict[str, pl.DataFrame]:
    """Every table of a release, from its Parquet files."""
    return {t.name: t.arrange(pl.read_parquet(directory / PARQUET / f"{t.name}.parquet")) for t in TABLES}


def read_database_tables(directory: Path) -> dict[str, pl.DataFrame]:
    """Every table of a release, from its SQLite file."""
    address = f"{(directory / DATABASE).resolve().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        return {table.name: _read_table(database, table) for table in TABLES}


def _read_table(database: sqlite3.Connection, table: Table) -> pl.DataFrame:
    stored = {pl.Date: pl.String, pl.Boolean: pl.Int64}
    columns = ", ".join(f'"{name}"' for name in table.column_names)
    schema = {column.name: stored.get(column.dtype, column.dtype) for column in table.columns}
    rows = database.execute(f'SELECT {columns} FROM "{table.name}"').fetchall()  # noqa: S608 - our own names
    days = [column.name for column in table.columns if column.dtype is pl.Date]
    return table.arrange(pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(days).str.to_date()))


def sample_traces(release: Release, many: int, seed: int) -> list[TraceRecord]:
    """So many figures with the cells they rest on; which figures is chance, but the same for the same seed.

    Every figure may be chosen, with a value or without, and all are when there are no more than `many`.
    """
    keys = pl.read_parquet(release.directory / PARQUET / "figures.parquet", columns=FIGURE_KEY).sort(FIGURE_KEY)
    places = sorted(random.Random(seed).sample(range(keys.height), min(many, keys.height)))  # noqa: S311 - not a secret
    return [
        release.trace(metric, area, period, breakdown=breakdown)
        for metric, breakdown, area, period in keys[places].iter_rows()
    ]


def check_figure(release: Release, found: TraceRecord) -> Iterator[Problem]:
    """What differs between a figure and the value of its cell, or of its formula worked out again in plain numbers."""
    figure = found.figure
    if figure.marker in (Marker.OUT_OF_RANGE, Marker.PART_MISSING):
        return
    if found.parts:
        expected = _add_up(release, found)
        is_same = expected == figure.value or (
            expected is not None and figure.value is not None and isclose(expected, figure.value, abs_tol=_NOISE)
        )
    else:
        expected = _work(release, found) if found.formula else found.cells[0].value
        is_same = expected == figure.value
    if not is_same:
        message = f"The figure is {figure.value!r}, what it rests on gives {expected!r}."
        where = Place(f"{figure.metric}/{figure.area}/{figure.period}")
        yield Problem("CELL_DIFFERS", message, where)


def _add_up(release: Release, found: TraceRecord) -> float | None:
    """The sum of the parts, or their mean by weight; none where one of them has no value to add."""
    weight = found.metric.adds_up.weight if found.metric.adds_up else None
    values = [part.value for part in found.parts if part.value is not None and part.is_compared]
    if len(values) < len(found.parts):
        return None
    if weight is None:
        return fsum(values)
    figure = found.figure
    weights = [release.figure(weight, p.area, p.period, breakdown=figure.breakdown).value or 0.0 for p in found.parts]
    return fsum(v * w for v, w in zip(values, weights, strict=True)) / fsum(weights)


def _work(release: Release, found: TraceRecord) -> float | None:
    """The formula's value; none where an input is absent or a divisor is zero."""
    figure, operands = found.figure, dict[str, float]()
    for symbol, key in find_inputs(found.metric) if figure.is_added_up else found.metric.inputs:
        value = release.figure(key, figure.area, figure.period, breakdown=figure.breakdown).value
        if value is None:
            return None
        operands[symbol] = value
    try:
        return read_formula(found.formula or "", frozenset(operands)).apply(operands)
    except ZeroDivisionError:
        return None
