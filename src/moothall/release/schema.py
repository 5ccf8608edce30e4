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


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a row is, its columns, the columns that name a row, and further indexes."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()

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
    def create_statement(self) -> str:
        """The SQLite statement that makes the table, without its indexes."""
        parts = [
            f'"{column.name}" {_SQLITE[column.dtype]}{" NOT NULL" if column.is_required else ""}'
            for column in self.columns
        ]
        if not self.has_primary_key:
            return f'CREATE TABLE "{self.name}" (\n  ' + ",\n  ".join(parts) + "\n) STRICT"
        parts.append(f"PRIMARY KEY ({_quote(self.key)})")
        return f'CREATE TABLE "{self.name}" (\n  ' + ",\n  ".join(parts) + "\n) STRICT, WITHOUT ROWID"

    @property
    def index_statements(self) -> list[str]:
        """The SQLite statements that make the indexes."""
        indexes = self.indexes if self.has_primary_key else (self.key, *self.indexes)
        return [
            f'CREATE INDEX "{self.name}_by_{"_".join(columns)}" ON "{self.name}" ({_quote(columns)})'
            for columns in indexes
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
