"""The test of a difference from other councils in plain numbers, as the site does it while a reader waits."""

from __future__ import annotations

from collections.abc import Sequence

from moothall.core.differences import find_chance, share_spread
from moothall.core.statistics import median, median_absolute_deviation


def find_plain_chance(
    value: float, error: float, others: Sequence[float], pool_spread: float, degrees: int | None = None
) -> float | None:
    """The chance of so large a difference from the median of others, whose pool has a median absolute deviation."""
    spread = share_spread(median_absolute_deviation(others), len(others), pool_spread)
    return find_chance(value - median(others), error, spread, len(others), degrees)
