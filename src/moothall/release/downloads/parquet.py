"""Parquet: a table with the type of every column, and what is to be known of it among the file's own keys."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moothall.release.downloads.table import Column, ColumnKind, Table

if TYPE_CHECKING:
    import polars as pl

_AT_ONCE = 1_000  # rows that are Python's before they are Polars's
_TOGETHER = 20_000  # rows of one group of the file


def write_parquet(table: Table, path: Path) -> None:
    """Write a table as a Parquet file."""
    from polars.io.plugins import register_io_source

    schema = {column.name: _choose_type(column) for column in table.columns}
    about = {"title": table.about.title, "release": table.about.release, "moothall": json.dumps(table.about.as_json())}
    # As a source that is drawn from, so that the rows go to the disk part by part.
    rows = register_io_source(lambda *_: _gather(table, schema), schema=schema)
    rows.sink_parquet(path, compression="zstd", row_group_size=_TOGETHER, metadata=about)


def _gather(table: Table, schema: dict[str, Any]) -> Iterator[pl.DataFrame]:
    import polars as pl

    rows = iter(table.rows)
    kinds = [column.kind for column in table.columns]
    yield pl.DataFrame(schema=schema)
    while part := list(islice(rows, _AT_ONCE)):
        cells = zip(kinds, schema.items(), zip(*part, strict=True), strict=True)
        yield pl.DataFrame([pl.Series(name, _convert(kind, each), dtype) for kind, (name, dtype), each in cells])


def _convert(kind: ColumnKind, cells: tuple[Any, ...]) -> list[Any]:
    if kind is ColumnKind.TEXT:
        return [None if cell is None else str(cell) for cell in cells]
    return [list(cell) if cell is not None else None for cell in cells] if kind is ColumnKind.TEXTS else list(cells)


def _choose_type(column: Column) -> Any:
    import polars as pl

    return {
        ColumnKind.TEXT: pl.String(),
        ColumnKind.TEXTS: pl.List(pl.String),
        ColumnKind.WHOLE: pl.Int64(),
        ColumnKind.TRUTH: pl.Boolean(),
        ColumnKind.DAY: pl.Date(),
    }.get(column.kind, pl.Float64())
