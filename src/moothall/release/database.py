"""A SQLite file that never changes, read by many threads at once."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_STATEMENTS = 512  # kept ready: the same questions come with longer and shorter lists of councils


class Database:
    """A read-only, immutable SQLite file; each thread of each process has a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Remember the file; raise `FileNotFoundError` when there is none."""
        if not path.is_file():
            raise FileNotFoundError(path)
        self.path = path
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Every row that the statement selects."""
        return self._connection().execute(statement, parameters).fetchall()

    def tuples(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The same as plain tuples, which are quicker to make and to take apart."""
        cursor = self._connection().cursor()
        cursor.row_factory = None
        return cursor.execute(statement, parameters).fetchall()

    def _connection(self) -> sqlite3.Connection:
        # A connection must not be carried over a fork, so it is kept with the number of the process that made it.
        kept: tuple[int, sqlite3.Connection] | None = getattr(self._local, "kept", None)
        if kept is None or kept[0] != os.getpid():
            connection = sqlite3.connect(
                self._address, uri=True, check_same_thread=False, cached_statements=_STATEMENTS
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA query_only=1")
            connection.execute(f"PRAGMA mmap_size={1 << 30}")
            kept = self._local.kept = (os.getpid(), connection)
        return kept[1]


def placeholders(items: Sequence[Any]) -> str:
    """As many question marks as there are items, for an IN (...)."""
    return ", ".join("?" * len(items))
