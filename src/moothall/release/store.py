"""Writing the tables of a release as SQLite."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import polars as pl
import polars.selectors as cs

from moothall.release.contents import Kept
from moothall.release.directory import DATABASE
from moothall.release.schema import Code, Table
from moothall.release.tables import TABLES

_MANY = 200_000  # rows of a table for which another process is worth starting
_CODES = list(dict.fromkeys(code for table in TABLES for code in table.codes))


def write_database(path: Path, frames: Mapping[str, pl.DataFrame], kept: Kept | None = None) -> None:
    """Write every table of `tables.TABLES`; nobody reads the file before it is whole, so it needs no journal.

    Where an earlier release has rows that are the same, its file is copied and the other rows are written anew.
    """
    is_copy = kept is not None and _is_laid_out_so(kept.release / DATABASE)
    known = list(kept.digests) if kept is not None and is_copy else []
    if kept is not None and is_copy:
        shutil.copyfile(kept.release / DATABASE, path)
    with closing(_open(path)) as database, ExitStack() as beside:
        database.execute("BEGIN")
        if is_copy:
            _clear(database, known)
        else:
            for code in _CODES:
                database.execute(code.create_statement)
        wanted = {t.name: frames[t.name].filter(~pl.col("metric_key").is_in(known)) for t in TABLES if t.codes}
        numbers = {code: _number(database, code, wanted) for code in _CODES}
        stored = {table: _encode(table, wanted.get(table.name, frames[table.name]), numbers) for table in TABLES}
        large = [table for table, rows in stored.items() if rows.height >= _MANY and not is_copy]
        parts = {table: beside.enter_context(_written_beside(path, table, stored[table])) for table in large[1:]}
        for table, rows in stored.items():
            is_there = is_copy and bool(table.codes)
            if not is_there:
                database.execute(table.create_statement)
            if table not in parts:
                _insert(database, table.stored_name, rows)
        database.execute("COMMIT")
        for table, part in parts.items():
            database.execute("ATTACH ? AS part", (str(part.result()),))
            database.execute(f'INSERT INTO main."{table.stored_name}" SELECT * FROM part."{table.stored_name}"')  # noqa: S608
            database.execute("DETACH part")
        for table in TABLES:
            for statement in () if is_copy and table.codes else (*table.index_statements, *table.view_statements):
                database.execute(statement)
        database.execute("PRAGMA analysis_limit=1000")
        database.execute("ANALYZE")


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("page_size=8192", "journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("PRAGMA cache_size=-65536")
    return database


def _encode(table: Table, rows: pl.DataFrame, numbers: Mapping[Code, pl.DataFrame]) -> pl.DataFrame:
    """The rows as they are stored: with the number of each code, and in the order of their key."""
    for code in table.codes:
        rows = rows.join(numbers[code], on=code.column_names, how="left", maintain_order="left")
    stored = rows.select(column.name for column in table.stored_columns)
    return stored.sort(table.stored_key) if table.codes else stored


class _Part(NamedTuple):
    """A table that a process of its own is writing into a file of its own."""

    process: subprocess.Popen[bytes]
    path: Path

    def result(self) -> Path:
        """The file, when it is written. Raises `RuntimeError` when it could not be."""
        if self.process.wait() != 0:
            raise RuntimeError(f"{self.path} could not be written")
        return self.path


@contextmanager
def _written_beside(path: Path, table: Table, rows: pl.DataFrame) -> Iterator[_Part]:
    """Write a large table while this process writes another: that is work for one processor, and most have two."""
    part, given = (path.with_name(f"{table.name}.part.{suffix}") for suffix in ("sqlite", "parquet"))
    rows.write_parquet(given, compression="uncompressed")
    program = (
        f"from moothall.release.store import write_part; write_part({table.name!r}, {str(given)!r}, {str(part)!r})"
    )
    process = subprocess.Popen([sys.executable, "-c", program])  # noqa: S603 - this program
    try:
        yield _Part(process, part)
    finally:
        process.kill()
        process.wait()
        for each in (part, given):
            each.unlink(missing_ok=True)


def write_part(name: str, given: str, path: str) -> None:
    """Write the rows of a Parquet file as a table, as they are stored, into an SQLite file of its own."""
    [table] = (table for table in TABLES if table.name == name)
    with closing(_open(Path(path))) as database:
        database.execute("BEGIN")
        database.execute(table.create_statement)
        _insert(database, table.stored_name, pl.read_parquet(given))
        database.execute("COMMIT")


def _is_laid_out_so(path: Path) -> bool:
    """Whether a file's tables with codes, their indexes and their views are as they are made today."""
    wanted = {code.create_statement for code in _CODES}
    for table in TABLES:
        if table.codes:
            wanted |= {table.create_statement, *table.index_statements, *table.view_statements}
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return wanted <= {row[0] for row in database.execute("SELECT sql FROM sqlite_schema")}
    except sqlite3.Error:
        return False


def _clear(database: sqlite3.Connection, known: list[str]) -> None:
    """Take out the tables without codes, and of the others every row of a metric that is not known."""
    database.execute("CREATE TEMP TABLE known (metric_key TEXT PRIMARY KEY)")
    database.executemany("INSERT INTO known VALUES (?)", ((key,) for key in known))
    for table in TABLES:
        if not table.codes:
            database.execute(f'DROP TABLE IF EXISTS "{table.name}"')
    for code in _CODES:
        if "metric_key" not in code.column_names:
            continue
        changed = f"SELECT {code.name} FROM {code.table} WHERE metric_key NOT IN (SELECT metric_key FROM known)"  # noqa: S608
        for table in TABLES:
            if code in table.codes:
                database.execute(f"DELETE FROM {table.stored_name} WHERE {code.name} IN ({changed})")  # noqa: S608
        database.execute(f"DELETE FROM {code.table} WHERE {code.name} IN ({changed})")  # noqa: S608
    database.execute("DROP TABLE known")


def _number(database: sqlite3.Connection, code: Code, wanted: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The columns of a code with their numbers: those that the database has, and new ones, put into it, for others."""
    columns = [code.name, *code.column_names]
    schema: dict[str, type[pl.DataType]] = {code.name: pl.Int64, **{each.name: each.dtype for each in code.columns}}
    rows = database.execute(f"SELECT {', '.join(columns)} FROM {code.table}").fetchall()  # noqa: S608 - our own names
    there = pl.DataFrame(rows, schema=schema, orient="row")
    found = [wanted[table.name].select(code.column_names) for table in TABLES if code in table.codes]
    missing = (
        pl.concat(each.unique() for each in found)
        .unique()
        .drop_nulls()
        .join(there, on=code.column_names, how="anti")
        .sort(code.column_names)
        .with_row_index(code.name, offset=1 + max((row[0] for row in rows), default=0))
        .cast({code.name: pl.Int64})
    )
    _insert(database, code.table, missing.select(columns))
    return pl.concat([there, missing.select(columns)])


def _insert(database: sqlite3.Connection, name: str, rows: pl.DataFrame) -> None:
    """Put rows into a table, with days as text and true and false as 1 and 0."""
    plain = rows.with_columns(cs.date().cast(pl.String), cs.boolean().cast(pl.Int64))
    places = ", ".join("?" * rows.width)
    database.executemany(f'INSERT INTO "{name}" VALUES ({places})', plain.iter_rows())  # noqa: S608 - our own names
