"""Correlation: how far two lists of values are in the same order, and how sure that is, in plain numbers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import Final

LEAST_PAIRS: Final = 10
"""Fewer pairs are not looked at."""

_Z: Final = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Correlation:
    """A rank correlation, from -1 to 1, and its 95 % interval."""

    rho: float
    lower: float
    upper: float
    count: int  # pairs it rests on


def correlate_ranks(values: Sequence[float], others: Sequence[float]) -> Correlation | None:
    """Spearman's rank correlation of pairs, with equal values sharing the middle of their ranks.

    The interval is Bonett and Wright's (2000): that of Fisher's z, with (1 + rho² / 2) / (n - 3) for its variance. None
    of fewer than `LEAST_PAIRS`, and where all values of one side are equal. Raises ValueError where the two differ in
    length.
    """
    if len(values) != len(others):
        raise ValueError("every value needs its other")
    count = len(values)
    if count < LEAST_PAIRS:
        return None
    first, second = rank_in_the_middle(values), rank_in_the_middle(others)
    middle = (count + 1) / 2
    spread = sum((each - middle) ** 2 for each in first) * sum((each - middle) ** 2 for each in second)
    if spread == 0:
        return None
    together = sum((one - middle) * (other - middle) for one, other in zip(first, second, strict=True))
    rho = max(-1.0, min(1.0, together / sqrt(spread)))
    if abs(rho) == 1:
        return Correlation(rho, rho, rho, count)
    half = _Z * sqrt((1 + rho**2 / 2) / (count - 3))
    return Correlation(rho, tanh(atanh(rho) - half), tanh(atanh(rho) + half), count)


def rank_in_the_middle(values: Sequence[float]) -> list[float]:
    """Each value's rank from 1, least first; equal values share the middle of the ranks that they take up."""
    places: dict[Hashable, list[int]] = {}
    for rank, value in enumerate(sorted(values), 1):
        places.setdefault(value, []).append(rank)
    middles = {value: (ranks[0] + ranks[-1]) / 2 for value, ranks in places.items()}
    return [middles[value] for value in values]
