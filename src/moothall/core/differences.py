"""Differences: whether a figure differs from the middle of others by more than chance, in plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan, cos, erfc, pi, sin, sqrt
from typing import Final

from moothall.core.statistics import NORMAL_SCALE

MOST_DEGREES: Final = 200  # of freedom: from there on Student's t is as good as normal
PRIOR: Final = 10  # values that the spread of the whole pool counts as, beside those of a few comparators
MEDIAN_COSTS: Final = 1.57  # how much more a median varies than a mean: pi / 2, as `methods` 2.5 gives it


HAIR: Final = 1e-9  # for binary arithmetic


def share_spread(spread: float, count: int, pool_spread: float) -> float:
    """A median absolute deviation of few values drawn towards that of the pool (`methods` 2.1)."""
    return sqrt((count * spread**2 + PRIOR * pool_spread**2) / (count + PRIOR))


def find_chance(difference: float, error: float, spread: float, count: int, degrees: int | None = None) -> float | None:
    """The chance of so large a difference from a median of `count` values with a spread, where there is none.

    Two-sided: by the normal distribution, or by Student's t where the error has degrees of freedom: as many more than
    it has as the whole is wider than it (Satterthwaite 1946). None where neither the figure nor the median can vary.
    """
    own = error**2
    whole = own + MEDIAN_COSTS * (NORMAL_SCALE * spread) ** 2 / count
    if whole == 0:
        return None
    size = abs(difference) / sqrt(whole)
    if degrees is None or own == 0 or (freedom := degrees * (whole / own) ** 2) > MOST_DEGREES:
        return erfc(size / sqrt(2))
    return find_tails(size, int(freedom + HAIR))


def find_tails(size: float, degrees: int) -> float:
    """The two-sided tails of Student's t beyond `size`, for whole degrees of freedom from 1.

    Source: Abramowitz and Stegun (1964), 26.7.3 and 26.7.4.
    """
    angle = atan(size / sqrt(degrees))
    across, up = cos(angle), sin(angle)
    term = inside = across if degrees % 2 else 1.0
    for step in range(2 + degrees % 2, degrees - 1, 2):
        term *= across**2 * (step - 1) / step
        inside += term
    if degrees % 2 == 0:
        return 1 - up * inside
    return 1 - 2 / pi * (angle + (up * inside if degrees > 1 else 0.0))


def hold_together(chances: Sequence[float]) -> list[float]:
    """The chances, held against one another: q by Benjamini and Hochberg (1995), in the order given (`methods` 2.7).

    Of what is called different at q below 0.05, one in twenty is expected to be so by chance.
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place], reverse=True)
    held, least = [1.0] * len(chances), 1.0
    for rank, place in zip(range(len(chances), 0, -1), order, strict=True):
        least = min(least, chances[place] * len(chances) / rank)
        held[place] = least
    return held
