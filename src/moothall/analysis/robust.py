"""Robust statistics of many panels of councils at once: Huber's regression, moderated noise, false discoveries."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from moothall.core.statistics import NORMAL_SCALE

Floats = NDArray[np.float64]
"""Numbers whose last axis is the councils of a panel; the axes before it are panels."""

_HUBER_K = 1.345  # 95 % as efficient as least squares where errors are normal
_ROUNDS = 100
_SETTLED = 1e-9  # of the scale: no fitted value moves by more
_LEAST_NOISE = 1e-5  # of the pool's median variance, below which noise is a figure that happens to be the same twice


class Fit(NamedTuple):
    """What a regression expects of each council, in the unit of the figures, and how far the rest lies from it."""

    expected: Floats
    scale: Floats  # robust standard deviation of the residuals, one for each panel
    slope: Floats  # of the value before, one for each panel


def take_median(values: Floats) -> Floats:
    """The median of each panel, with its last axis kept."""
    return np.asarray(np.median(values, axis=-1, keepdims=True), dtype=np.float64)


def fit_huber(before: Floats, after: Floats, beside: Floats | None = None) -> Fit:
    """Regress `after` on `before` and, where given, `beside`, by Huber's M-estimator in each panel.

    Reweighted least squares, k = 1.345, with the scale 1.4826 times the median absolute residual, worked out anew in
    every round (Huber 1981, chapter 7). All of the shape panels × councils and without gaps. A regressor that does
    not vary, or only as another does, takes no part. No sum is left to a library of linear algebra, whose last digits
    depend on the machine.
    """
    weights = np.ones_like(after)
    expected, scale, slope = after, np.zeros_like(after[..., :1]), np.zeros_like(after[..., :1])
    for _ in range(_ROUNDS):
        last = expected
        expected, slope = _fit_weighted(before, after, beside, weights)
        residuals = np.abs(after - expected)
        scale = NORMAL_SCALE * take_median(residuals)
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = np.minimum(1.0, _HUBER_K * scale / residuals)
        weights = np.where(residuals > 0, weights, 1.0)
        # With more than half of the residuals nought there is no scale, and nothing to go on by.
        weights = np.where(scale > 0, weights, 1.0)
        if np.all(np.abs(expected - last) <= _SETTLED * scale):
            break
    return Fit(expected, scale, slope)


def _fit_weighted(before: Floats, after: Floats, beside: Floats | None, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted least squares: what is expected of each council, and the slope of the value before."""
    whole = np.sum(weights, axis=-1, keepdims=True)

    def centre(values: Floats) -> tuple[Floats, Floats]:
        middle = np.sum(weights * values, axis=-1, keepdims=True) / whole
        # What is left of values that are all the same is the hair of binary arithmetic.
        is_same = np.ptp(values, axis=-1, keepdims=True) == 0
        return middle, np.where(is_same, 0.0, values - middle)

    def multiply(first: Floats, second: Floats) -> Floats:
        return np.asarray(np.sum(weights * first * second, axis=-1, keepdims=True))

    (_, x), (mean, y) = centre(before), centre(after)
    xx, xy = multiply(x, x), multiply(x, y)
    alone = _divide(xy, xx)
    if beside is None:
        return mean + alone * x, alone
    _, z = centre(beside)
    zz, xz, zy = multiply(z, z), multiply(x, z), multiply(z, y)
    determinant = xx * zz - xz * xz
    is_apart = determinant > 1e-9 * xx * zz
    slope = np.where(is_apart, _divide(xy * zz - zy * xz, determinant), alone)
    other = np.where(is_apart, _divide(zy * xx - xy * xz, determinant), 0.0)
    return mean + slope * x + other * z, slope


def _divide(numerator: Floats, denominator: Floats) -> Floats:
    """The quotient, nought where there is nothing to divide by."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)


def moderate(variances: Floats, freedom: int) -> tuple[Floats, Floats]:
    """Each council's variance drawn towards those of its panel, and the degrees of freedom it then has.

    The variances, of `freedom` degrees each, are taken for draws from a scaled F distribution, whose two parameters
    are fitted to the mean and variance of their logarithms (Smyth 2004, section 6.2): where councils are about as
    noisy as one another a council's own variance counts for little, else for much. Not a number where more than half
    of the variances are nought.
    """
    from scipy.special import digamma, polygamma

    middle = take_median(variances)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(np.maximum(variances, _LEAST_NOISE * middle)) - digamma(freedom / 2) + np.log(freedom / 2)
        spread = np.var(logs, axis=-1, ddof=1, keepdims=True) - polygamma(1, freedom / 2)
        prior = np.where(spread > 0, 2 * _invert_trigamma(np.where(spread > 0, spread, 1.0)), np.inf)
        finite = np.where(np.isfinite(prior), prior, 1.0)
        shift = np.where(np.isfinite(prior), digamma(finite / 2) - np.log(finite / 2), 0.0)
        towards = np.exp(np.mean(logs, axis=-1, keepdims=True) + shift)
        drawn = np.where(
            np.isfinite(prior), (finite * towards + freedom * variances) / (finite + freedom), towards + 0 * variances
        )
    return np.where(middle > 0, drawn, np.nan), prior + freedom


def _invert_trigamma(values: Floats) -> Floats:
    """Where the trigamma function has each of these positive values, by Newton (Smyth 2004, appendix)."""
    from scipy.special import polygamma

    found = 0.5 + 1 / values
    for _ in range(50):
        at = polygamma(1, found)
        step = at * (1 - at / values) / polygamma(2, found)
        found = found + step
        if np.all(np.abs(step) <= 1e-12 * found):
            break
    return np.asarray(found, dtype=np.float64)


def correct(chances: Floats) -> Floats:
    """Benjamini and Hochberg's q of each chance among all of its panel (`methods` 2.7); a missing chance is one."""
    known = np.where(np.isnan(chances), 1.0, chances)
    order = np.argsort(known, axis=-1, kind="stable")
    many = known.shape[-1]
    ordered = np.take_along_axis(known, order, -1) * many / np.arange(1, many + 1)
    least = np.minimum.accumulate(ordered[..., ::-1], axis=-1)[..., ::-1]
    found = np.empty_like(known)
    np.put_along_axis(found, order, np.minimum(least, 1.0), -1)
    return found
