"""Intervals: how far chance alone may have moved a proportion, a rate, a mean or an estimate (`methods` 2.4)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Limits = tuple[Numbers, Numbers]

SURE: Final = 0.95
WIDTH: Final = 3.92  # standard errors between the limits of a 95 % interval, as publishers work them out
_EXACT_BELOW = 10  # events; from there on Byar's approximation is as near as its decimals


def wilson(cases: ArrayLike, base: ArrayLike, sure: float = SURE) -> Limits:
    """The limits of the proportions `cases` / `base`, between 0 and 1, by Wilson's score.

    Nothing is known where the base is not above zero or holds fewer than the cases: there the limits are nan.
    Source: Wilson (1927), as Newcombe (1998) gives it.
    """
    o, n = _numbers(cases), _numbers(base)
    z = _find_z(sure)
    with np.errstate(all="ignore"):
        p = o / n
        half = z * np.sqrt(z * z + 4 * o * (1 - p))
        lower, upper = (2 * o + z * z - half) / (2 * (n + z * z)), (2 * o + z * z + half) / (2 * (n + z * z))
    is_known = (n > 0) & (o >= 0) & (o <= n)
    lower, upper = np.where(o == 0, 0.0, lower), np.where(o == n, 1.0, upper)
    return np.where(is_known, lower, np.nan), np.where(is_known, upper, np.nan)


def byar(events: ArrayLike, sure: float = SURE) -> Limits:
    """The limits of numbers of events by Byar's approximation; nan for what is below zero.

    Source: Breslow and Day (1987).
    """
    o = _numbers(events)
    z = _find_z(sure)
    with np.errstate(all="ignore"):
        lower = o * (1 - 1 / (9 * o) - z / (3 * np.sqrt(o))) ** 3
        upper = (o + 1) * (1 - 1 / (9 * (o + 1)) + z / (3 * np.sqrt(o + 1))) ** 3
    lower = np.where(o == 0, 0.0, lower)
    return np.where(o >= 0, lower, np.nan), np.where(o >= 0, upper, np.nan)


def exact_poisson(events: ArrayLike, sure: float = SURE) -> Limits:
    """The exact limits of numbers of events, by the chi-squared distribution; nan for what is below zero."""
    from scipy.special import gammaincinv  # heavy, and only a build needs it

    o = _numbers(events)
    tail = (1 - sure) / 2
    known = np.where(o >= 0, o, 0.0)
    lower = np.where(known == 0, 0.0, gammaincinv(np.where(known == 0, 1.0, known), tail))
    upper = gammaincinv(known + 1, 1 - tail)
    return np.where(o >= 0, lower, np.nan), np.where(o >= 0, upper, np.nan)


def count_limits(events: ArrayLike, sure: float = SURE) -> Limits:
    """The limits of numbers of events: exact below ten, by Byar's approximation from there on."""
    o = _numbers(events)
    is_few = o < _EXACT_BELOW
    few, many = exact_poisson(np.where(is_few, o, 0.0), sure), byar(o, sure)
    return np.where(is_few, few[0], many[0]), np.where(is_few, few[1], many[1])


def rate_limits(events: ArrayLike, base: ArrayLike, sure: float = SURE) -> Limits:
    """The limits of rates of events among so many: the base is taken as known, and nan where it is not above zero."""
    n = _numbers(base)
    lower, upper = count_limits(events, sure)
    known = np.where(n > 0, n, np.nan)
    return lower / known, upper / known


def difference_limits(
    cases: ArrayLike, base: ArrayLike, other_cases: ArrayLike, other_base: ArrayLike, sure: float = SURE
) -> Limits:
    """The limits of the difference of two proportions, first less second, between -1 and 1.

    Source: Newcombe (1998), method 10: of the two Wilson intervals.
    """
    one, other = _numbers(cases) / _numbers(base), _numbers(other_cases) / _numbers(other_base)
    (low, high), (other_low, other_high) = wilson(cases, base, sure), wilson(other_cases, other_base, sure)
    difference = one - other
    return (
        difference - np.sqrt((one - low) ** 2 + (other_high - other) ** 2),
        difference + np.sqrt((high - one) ** 2 + (other - other_low) ** 2),
    )


def error_from_limits(lower: ArrayLike, upper: ArrayLike) -> Numbers:
    """The standard errors that 95 % limits stand for (`methods` 2.4: of a survey that gives only its limits)."""
    return np.asarray((_numbers(upper) - _numbers(lower)) / WIDTH)


def _numbers(values: ArrayLike) -> Numbers:
    return np.asarray(values, dtype=np.float64)


def _find_z(sure: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(1 - (1 - sure) / 2))
