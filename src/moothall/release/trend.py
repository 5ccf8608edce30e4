"""Trends as a release has them: where an area's series goes up to its metric's latest period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from moothall.release.database import Database

if TYPE_CHECKING:
    from moothall.release.records import PeriodRecord

Areas = Sequence[str] | None
"""The codes of those asked for; none for everyone."""
Direction = Literal["rising", "falling", "none"]

_FEW = 8  # areas of which each is read with all of its trends: a page asks for the next metric of the same ones


@dataclass(frozen=True, slots=True)
class TrendRecord:
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
    """The trends of a release, read a slice or an area at a time."""

    def __init__(self, database: Database) -> None:
        """Answer from a release's database."""
        self._database = database
        self._of_slice = lru_cache(maxsize=64)(self._read_slice)
        self._of_area = lru_cache(maxsize=64)(self._read_area)

    def find(self, metric_key: str, breakdown: str, period: PeriodRecord, areas: Areas) -> Mapping[str, TrendRecord]:
        """By area the trends up to a metric's latest period, of these areas or all; none for an earlier period."""
        if not period.is_latest:
            return {}
        if areas is None or len(areas) > _FEW:
            return self._of_slice(metric_key, breakdown, period.key)
        found = ((code, self._of_area(code).get((metric_key, breakdown, period.key))) for code in areas)
        return {code: trend for code, trend in found if trend is not None}

    def _read_slice(self, metric_key: str, breakdown: str, period: str) -> dict[str, TrendRecord]:
        rows = self._database.rows(
            "SELECT * FROM trends WHERE metric_key = ? AND breakdown = ? AND period = ?",
            (metric_key, breakdown, period),
        )
        return {row["area_code"]: _read(row) for row in rows}

    def _read_area(self, area_code: str) -> dict[tuple[str, str, str], TrendRecord]:
        rows = self._database.rows("SELECT * FROM trends WHERE area_code = ?", (area_code,))
        return {(row["metric_key"], row["breakdown"], row["period"]): _read(row) for row in rows}


def _read(row: Any) -> TrendRecord:
    return TrendRecord(*(row[name] for name in TrendRecord.__slots__))
