"""Statistics of one slice: a handful of numbers in plain Python, as `docs/methods/comparison.md` states them."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from moothall.core.values import Polarity, round_half_up

NORMAL_SCALE = 1.482602218505602  # standard deviations in a median absolute deviation, of normal values
LEAST_COVERAGE = 0.6  # of the councils that could have a value
LEAST_SPREAD = 0.5 - 1e-6  # units of the last place shown; the hair is for binary arithmetic
LEAST_COUNCILS = 3  # one council, or two, are not a comparison
LEAST_OF_LIST = 0.5  # of a council's neighbours, or of a group that somebody chose: 8 of 15


def quantile(values: Sequence[float], share: float) -> float:
    """The quantile by Hyndman and Fan's type 7; the median when `share` is 0.5.

    Raises `ValueError` when there are no values.
    """
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = floor(position)
    if below + 1 >= len(ordered):
        return ordered[-1]
    if position == below:
        return ordered[below]
    if position - below == 0.5:
        return (ordered[below] + ordered[below + 1]) / 2
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (position - below)


def median(values: Sequence[float]) -> float:
    """The middle value; of an even number, the mean of the middle two."""
    return quantile(values, 0.5)


def median_absolute_deviation(values: Sequence[float]) -> float:
    """The median distance from the median, not scaled by 1.4826 (`methods` 0.1)."""
    middle = median(values)
    return median([abs(value - middle) for value in values])


def has_spread(spread: float, places: int) -> bool:
    """Whether a spread can be seen: it is at least half a unit of the last place shown.

    Below that most values look the same, and a distance counted in such spreads would say thousands of hairs.
    """
    return spread * 10.0**places >= LEAST_SPREAD


def mads_from(value: float, middle: float, spread: float, places: int) -> float | None:
    """How many median absolute deviations a value lies above the median; none when the spread cannot be seen.

    Never flipped for polarity.
    """
    return (value - middle) / spread if has_spread(spread, places) else None


def is_covered(with_value: int, eligible: int) -> bool:
    """Whether enough of the councils that could have a value have one (`methods` 2.1)."""
    return with_value >= LEAST_COUNCILS and with_value >= LEAST_COVERAGE * eligible


def is_enough_of_list(with_value: int, listed: int) -> bool:
    """Whether enough of a council's neighbours, or of a chosen group, have a value (`methods` 2.1: 8 of 15)."""
    return with_value >= LEAST_COUNCILS and with_value >= LEAST_OF_LIST * listed


def competition_ranks(values: Sequence[float], polarity: Polarity, places: int) -> list[int] | None:
    """Each value's rank from 1, best first; equal displayed values share the better rank (1, 2, 2, 4).

    None when neither direction is better.
    """
    if polarity is Polarity.NONE:
        return None
    shown = [polarity.sign * round_half_up(value, places) for value in values]
    ordered = sorted(shown, reverse=True)
    first = {value: len(ordered) - position for position, value in enumerate(reversed(ordered))}
    return [first[value] for value in shown]


def quarter_band(value: float, lower: float, middle: float, upper: float, polarity: Polarity) -> int | None:
    """The quarter that a value is in, 1 the best to 4; none when neither direction is better.

    With the quartiles q1, q2, q3 the quarters are up to q1, up to q2, up to q3 and above, counted from the other end
    when higher is better (the convention of the Department for Education's LAIT).
    """
    if polarity is Polarity.NONE:
        return None
    position = 1 + (value > lower) + (value > middle) + (value > upper)
    return position if polarity is Polarity.LOWER else 5 - position
