"""Trends as a release has them: where an area's series goes up to its metric's latest period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from moothall.release.database import Database, placeholders

if TYPE_CHECKING:
    from moothall.release.records import PeriodRecord

Areas = Sequence[str] | None
"""The codes of those asked for; none for everyone."""
Direction = Literal["rising", "falling", "none"]

_FEW = 60  # areas: a council with its comparators; of more, the whole slice is read and kept


class TrendRecord(NamedTuple):
    """Where one area's series goes, from its first period to the metric's latest (`docs/methods/trends.md`).

    Slopes are in the metric's unit a year, changes in its unit; of rates, in points. `direction` is none where there is
    too little to say, and the rest of a test with it where there are fewer than five points.
    """

    first: str
    points: int
    slope: float | None
    slope_lower: float | None
    slope_upper: float | None
    p: float | None
    method: Literal["exact", "normal", "hamed_rao"] | None
    direction: Direction | None
    change: float | None
    change_neighbours: float | None  # the middle change of its neighbours over the same periods
    change_lower: float | None  # 95 % interval of the difference between the two
    change_upper: float | None


class Trends:
    """Reads trends: those of a few areas as they are asked for, those of a whole slice once."""

    def __init__(self, database: Database) -> None:
        """Answer from a release's database."""
        self._database = database
        self._of_slice = lru_cache(maxsize=64)(self._read_slice)

    def find(self, metric_key: str, breakdown: str, period: PeriodRecord, areas: Areas) -> Mapping[str, TrendRecord]:
        """By area the trends up to a metric's latest period, of these areas or all; none for an earlier period."""
        if not period.is_latest:
            return {}
        if areas is None or len(areas) > _FEW:
            return self._of_slice(metric_key, breakdown, period.key)
        return self._read_slice(metric_key, breakdown, period.key, tuple(areas))

    def _read_slice(
        self, metric_key: str, breakdown: str, period: str, areas: tuple[str, ...] = ()
    ) -> dict[str, TrendRecord]:
        statement = f"SELECT area_code, {_COLUMNS} FROM trends WHERE metric_key = ? AND breakdown = ? AND period = ?"  # noqa: S608 - our columns
        if areas:
            statement += f" AND area_code IN ({placeholders(areas)})"
        rows = self._database.tuples(statement, [metric_key, breakdown, period, *areas])
        return {row[0]: TrendRecord._make(row[1:]) for row in rows}


_COLUMNS = ", ".join(TrendRecord._fields)
