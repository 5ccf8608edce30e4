"""Trends as a release has them: where an area's series goes up to its metric's latest period."""

from __future__ import annotations

from typing import Literal, NamedTuple

Direction = Literal["rising", "falling", "none"]


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
