"""Writing the tables of a release as SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import polars as pl
import polars.selectors as cs

from moothall.release.schema import Code
from moothall.release.tables import TABLES


def write_database(path: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """Write every table of `tables.TABLES`; nobody reads the file before it is whole, so it needs no journal."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("page_size=8192", "journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("PRAGMA cache_size=-65536")
        database.execute("BEGIN")
        numbers = {code: _number(code, frames) for code in {code: None for table in TABLES for code in table.codes}}
        for code, rows in numbers.items():
            database.execute(code.create_statement)
            _insert(database, code.table, rows)
        for table in TABLES:
            database.execute(table.create_statement)
            rows = frames[table.name]
            for code in table.codes:
                rows = rows.join(numbers[code], on=code.column_names, how="left", maintain_order="left")
            stored = rows.select(column.name for column in table.stored_columns)
            _insert(database, table.stored_name, stored.sort(table.stored_key) if table.codes else stored)
            for statement in (*table.index_statements, *table.view_statements):
                database.execute(statement)
        database.execute("COMMIT")
        database.execute("ANALYZE")


def _number(code: Code, frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The columns of a code, each row of them once and in order, with its number."""
    found = [frames[table.name].select(code.column_names) for table in TABLES if code in table.codes]
    rows = pl.concat(each.unique() for each in found).unique().drop_nulls().sort(code.column_names)
    return rows.with_row_index(code.name, offset=1)


def _insert(database: sqlite3.Connection, name: str, rows: pl.DataFrame) -> None:
    """Put rows into a table, with days as text and true and false as 1 and 0."""
    plain = rows.with_columns(cs.date().cast(pl.String), cs.boolean().cast(pl.Int64))
    places = ", ".join("?" * rows.width)
    database.executemany(f'INSERT INTO "{name}" VALUES ({places})', plain.iter_rows())  # noqa: S608 - our own names
