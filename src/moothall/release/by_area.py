"""By area: the rows that one table has of a metric, breakdown and period, as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from moothall.release.database import Database, placeholders

_FEW = 60  # areas: a council with its comparators; of more, the whole slice is read and kept
_SLICES_KEPT = 64


Record = TypeVar("Record", bound=NamedTuple)


class ByArea(Generic[Record]):
    """Reads a table with one row an area: of a few areas as they are asked for, of a whole slice at once."""

    def __init__(self, database: Database, table: str, record: type[Record]) -> None:
        """Read a release's table as records."""
        self._database = database
        self._record = record
        self._statement = (
            f"SELECT area_code, {', '.join(record._fields)} FROM {table}"  # noqa: S608 - our own table and columns
            " WHERE metric_key = ? AND breakdown = ? AND period = ?"
        )
        self._of_slice = lru_cache(maxsize=_SLICES_KEPT)(self._read)
        self._of_few = lru_cache(maxsize=_SLICES_KEPT)(self._know_nothing)

    def find(self, metric_key: str, breakdown: str, period: str, areas: Sequence[str] | None) -> Mapping[str, Record]:
        """The records of one slice by area: of these areas or of all, as far as there are any."""
        if areas is None or len(areas) > _FEW:
            return self._of_slice(metric_key, breakdown, period)
        known = self._of_few(metric_key, breakdown, period)  # a page asks for its own council again and again
        if unknown := tuple(area for area in areas if area not in known):
            found = self._read(metric_key, breakdown, period, unknown)
            known.update({area: found.get(area) for area in unknown})
        return {area: record for area in areas if (record := known[area]) is not None}

    def _read(self, metric_key: str, breakdown: str, period: str, areas: tuple[str, ...] = ()) -> dict[str, Record]:
        among = f" AND area_code IN ({placeholders(areas)})" if areas else ""
        rows = self._database.tuples(self._statement + among, [metric_key, breakdown, period, *areas])
        return {row[0]: self._record._make(row[1:]) for row in rows}

    def _know_nothing(self, metric_key: str, breakdown: str, period: str) -> dict[str, Record | None]:
        return {}
