"""What a table of a release is, and how it becomes SQLite, Parquet and a Frictionless schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl
import polars.selectors as cs

Dtype = type[pl.DataType]
_SQLITE: dict[Dtype, str] = {
    pl.String: "TEXT",
    pl.Int64: "INTEGER",
    pl.Float64: "REAL",
    pl.Date: "TEXT",
    pl.Boolean: "INTEGER",
}
_FRICTIONLESS: dict[Dtype, str] = {
    pl.String: "string",
    pl.Int64: "integer",
    pl.Float64: "number",
    pl.Date: "date",
    pl.Boolean: "boolean",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its type in Polars' terms, what it says, and whether it may be empty."""

    name: str
    dtype: Dtype
    description: str
    is_required: bool = True


def text(name: str, description: str) -> Column:
    """A column of text that is never empty."""
    return Column(name, pl.String, description)


def optional(name: str, dtype: Dtype, description: str) -> Column:
    """A column that may be empty."""
    return Column(name, dtype, description, is_required=False)


@dataclass(frozen=True, slots=True)
class Code:
    """Columns that large tables share, kept in the database once, in a table of their own, under one number."""

    name: str
    columns: tuple[Column, ...]

    @property
    def table(self) -> str:
        """The name of the table that says what each number stands for."""
        return f"{self.name}_codes"

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    @property
    def create_statement(self) -> str:
        """The SQLite statement that makes the table of numbers."""
        columns = "".join(f',\n  "{column.name}" {_SQLITE[column.dtype]} NOT NULL' for column in self.columns)
        unique = f",\n  UNIQUE ({_quote(self.column_names)})"
        return f'CREATE TABLE "{self.table}" (\n  "{self.name}" INTEGER PRIMARY KEY{columns}{unique}\n) STRICT'


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, the columns that name a row, and further indexes.

    In the database a table with `codes` is a view over rows that hold numbers in place of the columns of each code.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    codes: tuple[Code, ...] = ()

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]

    @property
    def has_primary_key(self) -> bool:
        """Whether the key is never empty, so that a database takes it as a primary key."""
        required = {column.name for column in self.columns if column.is_required}
        return required.issuperset(self.key)

    @property
    def frame_schema(self) -> dict[str, Dtype]:
        """Column → Polars type."""
        return {column.name: column.dtype for column in self.columns}

    def arrange(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the table's columns in order and type, sorted so that the order given does not matter."""
        # A negative zero becomes a plain one: SQLite does not keep the difference.
        arranged = rows.select(pl.col(column.name).cast(column.dtype) for column in self.columns).with_columns(
            pl.when(cs.float() == 0).then(0.0).otherwise(cs.float()).name.keep()
        )
        return arranged.sort(self.key if self.has_primary_key else self.column_names)

    def frame(self, rows: Iterable[tuple[Any, ...]]) -> pl.DataFrame:
        """The rows as an arranged frame."""
        return self.arrange(pl.DataFrame(list(rows), schema=dict(self.frame_schema), orient="row"))

    @property
    def stored_name(self) -> str:
        """The name of the table that holds its rows in the database."""
        return f"coded_{self.name}" if self.codes else self.name

    @property
    def stored_columns(self) -> tuple[Column, ...]:
        """The columns that its rows have in the database: a number for each code, then the columns of none."""
        coded = {name for code in self.codes for name in code.column_names}
        numbers = (Column(code.name, pl.Int64, code.table, self._has_always(code)) for code in self.codes)
        return (*numbers, *(column for column in self.columns if column.name not in coded))

    def _has_always(self, code: Code) -> bool:
        return all(column.is_required for column in self.columns if column.name in code.column_names)

    def _store_key(self, names: Iterable[str]) -> tuple[str, ...]:
        """The columns of a key as they are stored, the first of a code's standing for all of it."""
        by_column = {name: code.name for code in self.codes for name in code.column_names}
        return tuple(dict.fromkeys(by_column.get(name, name) for name in names))

    @property
    def create_statement(self) -> str:
        """The SQLite statement that makes the table of its rows, without indexes."""
        parts = [
            f'"{column.name}" {_SQLITE[column.dtype]}{" NOT NULL" if column.is_required else ""}'
            for column in self.stored_columns
        ]
        if not self.has_primary_key:
            return f'CREATE TABLE "{self.stored_name}" (\n  ' + ",\n  ".join(parts) + "\n) STRICT"
        parts.append(f"PRIMARY KEY ({_quote(self.stored_key)})")
        return f'CREATE TABLE "{self.stored_name}" (\n  ' + ",\n  ".join(parts) + "\n) STRICT, WITHOUT ROWID"

    @property
    def stored_key(self) -> tuple[str, ...]:
        """The key as it is stored."""
        return self._store_key(self.key)

    @property
    def view_statements(self) -> list[str]:
        """The SQLite statement that makes the view with the columns as they are described, where there are codes."""
        if not self.codes:
            return []
        joins = "".join(
            f'\n  {"JOIN" if self._has_always(code) else "LEFT JOIN"} "{code.table}" USING ("{code.name}")'
            for code in self.codes
        )
        columns = _quote(self.column_names)
        statement = f'CREATE VIEW "{self.name}" AS\n  SELECT {columns}\n  FROM "{self.stored_name}"{joins}'  # noqa: S608 - our own names
        return [statement]

    @property
    def index_statements(self) -> list[str]:
        """The SQLite statements that make the indexes."""
        indexes = self.indexes if self.has_primary_key else (self.key, *self.indexes)
        return [
            f'CREATE INDEX "{self.name}_by_{"_".join(columns)}" ON "{self.stored_name}" ({_quote(columns)})'
            for columns in map(self._store_key, indexes)
        ]

    @property
    def frictionless_schema(self) -> dict[str, Any]:
        """The table as a Frictionless Table Schema."""
        fields: list[dict[str, Any]] = []
        for column in self.columns:
            field: dict[str, Any] = {
                "name": column.name,
                "type": _FRICTIONLESS[column.dtype],
                "description": column.description,
            }
            if column.is_required:
                field["constraints"] = {"required": True}
            fields.append(field)
        schema: dict[str, Any] = {"fields": fields}
        if self.has_primary_key:
            schema["primaryKey"] = list(self.key)
        return schema


def _quote(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
