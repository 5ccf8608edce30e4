"""Shrinkage: how far councils differ beyond chance, and what that leaves of a rank (`methods` 2.6)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

DRAWS = 4_000
MOST_COUNCILS = 400
TOP = 0.1  # of the councils ranked: the best tenth
_SEED = 20_050_505
_TAIL = 0.025
_WINSOR = 0.1  # of the distances from the pooled value, at either end
_LEAST_ERROR = 0.25  # the quantile of the errors that none is taken to be below


class Spread(NamedTuple):
    """What councils' true values are spread around and how widely, by DerSimonian and Laird (1986)."""

    centre: float
    centre_error: float
    variance: float  # between councils, beyond chance: tau squared
    heterogeneity: float  # Cochran's Q


class Ranks(NamedTuple):
    """What may be said of each council's rank; arrays of one length."""

    expected: Numbers
    low: NDArray[np.int64]
    high: NDArray[np.int64]
    chance_top: Numbers
    chance_bottom: Numbers


def find_spread(values: Numbers, errors: Numbers) -> Spread:
    """The spread of true values behind estimates with their standard errors, all above zero.

    Source: DerSimonian and Laird (1986), as `metafor` gives it for the trials of BCG.
    """
    weights = 1 / errors**2
    whole = weights.sum()
    fixed = (weights * values).sum() / whole
    q = float((weights * (values - fixed) ** 2).sum())
    room = whole - (weights**2).sum() / whole
    variance = max(0.0, float((q - (len(values) - 1)) / room)) if room > 0 else 0.0
    weights = 1 / (errors**2 + variance)
    centre = float((weights * values).sum() / weights.sum())
    return Spread(centre, float(weights.sum() ** -0.5), variance, q)


def raise_errors(errors: Numbers) -> Numbers:
    """The errors, none of them below their lower quartile: a few near zero would decide everything.

    Councils that have reported the same number for years are not known a hundred times better than the rest.
    """
    return np.maximum(errors, np.quantile(errors, _LEAST_ERROR))


def rank_with_chance(values: Numbers, errors: Numbers, sign: int, draws: int = DRAWS) -> Ranks:
    """Ranks from 1, the best, among councils whose values have standard errors; `sign` is +1 where higher is better.

    Each value is drawn towards the centre by as much as chance explains of its distance, and its rank is worked out in
    many draws of what all true values may be: 95 % of the draws lie from `low` to `high`. Where the error is nan it is
    taken to be the middle one. The draws are the same in every build.
    """
    known = ~np.isnan(errors)
    errors = raise_errors(np.where(known, errors, np.median(errors[known])))
    spread = find_spread(values[known], errors[known])
    kept = spread.variance / (spread.variance + errors**2)
    expected = spread.centre + kept * (values - spread.centre)
    count = len(values)
    if spread.variance == 0:  # chance explains all there is: any rank may be anybody's
        tenth = np.full(count, _count_top(count) / count)
        one = np.ones(count, dtype=np.int64)
        return Ranks(expected, one, one * count, tenth, tenth)
    scattered = (-sign * expected + np.sqrt(kept) * errors * _draw()[:draws, :count]).astype(np.float32)
    order = np.argsort(scattered, axis=1)
    ranks = np.empty(order.shape, dtype=np.int16)
    np.put_along_axis(ranks, order, np.arange(1, count + 1, dtype=np.int16)[None, :], axis=1)
    first, last = int(_TAIL * draws), int(np.ceil((1 - _TAIL) * draws)) - 1
    ends = np.partition(ranks, (first, last), axis=0)
    top = _count_top(count)
    return Ranks(
        expected,
        ends[first].astype(np.int64),
        ends[last].astype(np.int64),
        (ranks <= top).mean(axis=0),
        (ranks > count - top).mean(axis=0),
    )


def find_distances(values: Numbers, errors: Numbers, target: float) -> Numbers:
    """Standard deviations of each value from the target, the usual variation between councils allowed for.

    The plain distances are winsorised: those beyond a tenth at either end are set to where that tenth begins. Where the
    rest is spread wider than chance alone would spread it, what is left over is added to every error.
    Source: Spiegelhalter (2005), Statistics in Medicine 24: 1185-1202; Quality and Safety in Health Care 14: 347-351.
    """
    plain = (values - target) / errors
    count = len(values)
    low, high = np.quantile(plain, (_WINSOR, 1 - _WINSOR))
    excess = float((np.clip(plain, low, high) ** 2).sum()) - (count - 1)
    weights = 1 / errors**2
    room = weights.sum() - (weights**2).sum() / weights.sum()
    variance = max(0.0, excess / room) if excess > 0 and room > 0 else 0.0
    return np.asarray((values - target) / np.sqrt(errors**2 + variance))


def _count_top(count: int) -> int:
    return int(np.ceil(count * TOP))


@cache
def _draw() -> NDArray[np.float32]:
    """Standard normal draws, a row for each of the worlds that may be and a column for each council."""
    return np.random.default_rng(_SEED).standard_normal((DRAWS, MOST_COUNCILS), dtype=np.float32)
