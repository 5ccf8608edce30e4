"""Theil and Sen's slope, and Mann and Kendall's test, of many series of equal length at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

LEAST_POINTS = 5  # of a series, for a test: with four no order of them is rare enough
MOST_EXACT = 10  # points up to which the distribution of S is counted out
_Z = 1.959963984540054  # the 97.5 % point of the normal distribution
_SHAKY = 0.3  # correlation of what is left with itself a step before, beyond which points are not taken as independent


@dataclass(frozen=True)
class Slopes:
    """The slope of each series, in the unit of its values over that of its times, and its 95 % interval.

    `scatter` is the standard deviation of what the line leaves, with two degrees of freedom less than it has points.
    """

    slope: Numbers
    lower: Numbers
    upper: Numbers
    scatter: Numbers


@dataclass(frozen=True)
class Orders:
    """Mann and Kendall's test of each series: its score, the two-sided p, and `exact`, `normal` or `hamed_rao`."""

    score: Counts
    p: Numbers
    method: NDArray[np.str_]


def fit_slopes(times: Numbers, values: Numbers) -> Slopes:
    """Theil and Sen's slope: the median slope of all pairs of points of a series.

    `times` and `values` have a row for each series and the same number of columns, in order of time, no two times
    alike. The interval is Sen's (1968), by ranks among those slopes, ties taken into account, as
    `scipy.stats.theilslopes` has it.
    """
    many = values.shape[1]
    first, second = np.triu_indices(many, 1)
    slopes = np.sort((values[:, second] - values[:, first]) / (times[:, second] - times[:, first]), axis=1)
    pairs = slopes.shape[1]
    reach = _Z * np.sqrt(_vary(values))
    upper = np.minimum(np.round((pairs + reach) / 2).astype(np.int64), pairs - 1)
    lower = np.maximum(np.round((pairs - reach) / 2).astype(np.int64) - 1, 0)
    rows = np.arange(values.shape[0])
    slope: Numbers = np.median(slopes, axis=1)
    left = (values - _middle(values)) - slope[:, None] * (times - _middle(times))
    scatter = np.sqrt((left**2).sum(axis=1) / max(many - 2, 1))
    return Slopes(slope, slopes[rows, lower], slopes[rows, upper], scatter)


def score(values: Numbers) -> Counts:
    """Kendall's S of each row: how many later points are above an earlier one, less how many are below."""
    first, second = np.triu_indices(values.shape[1], 1)
    found: Counts = np.sign(values[:, second] - values[:, first]).sum(axis=1).astype(np.int64)
    return found


def find_orders(times: Numbers, values: Numbers) -> Orders:
    """Whether the points of each row are in more of an order than chance would put them in (Mann 1945, Kendall 1975).

    Five points or more. Up to ten the distribution of S is counted out, ties or not; beyond, it is taken as normal,
    with the correction for ties and a half step of continuity. Where points hang on the ones before them, ten or more
    are tested with Hamed and Rao's (1998) variance, which is never taken to be smaller than that of independent ones.
    """
    many = values.shape[1]
    if many < LEAST_POINTS:
        raise ValueError(f"{many} points are too few to test")
    found, variance = score(values), _vary(values)
    method = np.full(len(found), "exact" if many <= MOST_EXACT else "normal", dtype="U9")
    if many >= MOST_EXACT:
        is_shaky = _correlate(_detrend(times, values))[:, 1] > _SHAKY
        method[is_shaky] = "hamed_rao"
        variance[is_shaky] *= _inflate(times[is_shaky], values[is_shaky])
    p = np.empty(len(found))
    is_exact = method == "exact"
    p[is_exact] = _look_up(values[is_exact], found[is_exact])
    excess = np.maximum(np.abs(found) - 1, 0) / np.sqrt(np.where(variance > 0, variance, 1))
    p[~is_exact] = [erfc(z / sqrt(2)) for z in excess[~is_exact].tolist()]
    return Orders(found, p, method)


@cache
def count_orders(ties: tuple[int, ...]) -> tuple[int, ...]:
    """How many orders of points have 0, 1, 2 … pairs the wrong way round; `ties` has how often each value is there.

    That is Gauss's multinomial coefficient (MacMahon 1913): its polynomial is the product of those that say in how
    many ways the points of each value are laid among those of the values before it.
    """
    counted = [1]
    for there, more in zip(accumulate(ties), ties[1:], strict=False):
        counted = _multiply(counted, _choose(there + more, more))
    return tuple(counted)


@cache
def find_chance(ties: tuple[int, ...], least: int) -> float:
    """The chance of an S of at least `least` in size, when every order of the points is as likely as any other."""
    orders = count_orders(ties)
    most = len(orders) - 1  # S is this many pairs less twice those the wrong way round
    return sum(each for wrong, each in enumerate(orders) if abs(most - 2 * wrong) >= least) / sum(orders)


@cache
def _choose(n: int, k: int) -> tuple[int, ...]:
    """Gauss's binomial coefficient as a polynomial: in how many ways k points lie among n - k, by pairs passed."""
    if k in (0, n):
        return (1,)
    with_last, without = _choose(n - 1, k - 1), (0,) * k + _choose(n - 1, k)
    length = max(len(with_last), len(without))
    padded = [each + (0,) * (length - len(each)) for each in (with_last, without)]
    return tuple(a + b for a, b in zip(*padded, strict=True))


def _multiply(one: Sequence[int], other: Sequence[int]) -> list[int]:
    product = [0] * (len(one) + len(other) - 1)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            product[i + j] += a * b
    return product


def _look_up(values: Numbers, found: Counts) -> Numbers:
    """The exact p of each row: worked out once for all rows with the same ties and score."""
    is_new = np.diff(np.sort(values, axis=1), axis=1) > 0
    cases, case = np.unique(np.column_stack([is_new, np.abs(found)]), axis=0, return_inverse=True)
    chances = np.array([find_chance(_count_ties(row[:-1]), int(row[-1])) for row in cases])
    p: Numbers = chances[case.ravel()]
    return p


def _count_ties(is_new: Counts) -> tuple[int, ...]:
    """How often each value is there, most often first, from whether each but the first is above the one before."""
    ends = [0, *(np.flatnonzero(is_new) + 1).tolist(), len(is_new) + 1]
    return tuple(sorted((after - before for before, after in pairwise(ends)), reverse=True))


def _vary(values: Numbers) -> Numbers:
    """The variance of S when the order of the points is chance alone, with the correction for ties."""
    many = values.shape[1]
    same = (values[:, :, None] == values[:, None, :]).sum(axis=2)
    # A value that is there k times stands in k rows of `same`, so that each adds its share.
    ties = ((same - 1) * (2 * same + 5)).sum(axis=1)
    variance: Numbers = (many * (many - 1) * (2 * many + 5) - ties) / 18
    return variance


def _middle(values: Numbers) -> Numbers:
    return np.median(values, axis=1, keepdims=True)


def _detrend(times: Numbers, values: Numbers) -> Numbers:
    """What the slope leaves of each row, without what binary arithmetic leaves: ties among it are to stay ties."""
    left = values - fit_slopes(times, values).slope[:, None] * times
    step = np.abs(values).max(axis=1, keepdims=True) * 1e-10
    rounded: Numbers = np.round(left / np.where(step > 0, step, 1)) * step
    return rounded


def _correlate(values: Numbers) -> Numbers:
    """The correlation of each row with itself, 0, 1, 2 … steps apart; zero where it does not vary."""
    apart = values - values.mean(axis=1, keepdims=True)
    many = values.shape[1]
    found = np.stack([(apart[:, : many - lag] * apart[:, lag:]).sum(axis=1) for lag in range(many)], axis=1)
    whole = found[:, :1]
    correlations: Numbers = np.where(whole > 0, found / np.where(whole > 0, whole, 1.0), 0.0)
    return correlations


def _inflate(times: Numbers, values: Numbers) -> Numbers:
    """By how much dependence between points widens the variance of S (Hamed and Rao 1998), never below one."""
    many = values.shape[1]
    correlations = _correlate(_rank(_detrend(times, values)))
    counted = np.where(np.abs(correlations) > _Z / sqrt(many), correlations, 0.0)
    lags = np.arange(1, many)
    weights = (many - lags) * (many - lags - 1) * (many - lags - 2)
    inflated: Numbers = 1 + 2 / (many * (many - 1) * (many - 2)) * (weights * counted[:, 1:]).sum(axis=1)
    return np.maximum(inflated, 1.0)


def _rank(values: Numbers) -> Numbers:
    """The rank of each value in its row from 1, ties sharing the middle of theirs."""
    below = (values[:, None, :] < values[:, :, None]).sum(axis=2)
    same = (values[:, None, :] == values[:, :, None]).sum(axis=2)
    ranks: Numbers = below + (same + 1) / 2
    return ranks
