"""Scales: from a value to its place across a chart in per cent of its width, and the round numbers of an axis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from typing import Literal

Side = Literal["left", "right"]

_NEAR_ZERO = 0.4  # of the highest value: from there down an axis begins at zero
_ALIKE = 1e-9  # apart by less, two values are one
_STEPS = (1, 2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight axis from `low` to `high`; flipped, `high` is at the left.

    `inset` is the room kept free at each end, in per cent of the width. Per cent, because a chart drawn in per cent
    fits every width while its text keeps its size.
    """

    low: float
    high: float
    flipped: bool = False
    inset: float = 2.5

    def place(self, value: float) -> float:
        """How far across the value stands, in per cent; one beyond the axis stands at its end."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.inset + (100 - 2 * self.inset) * (1 - share if self.flipped else share)

    def beyond(self, value: float) -> Side | None:
        """The side on which the value runs off the axis, none when it is on it."""
        if self.low <= value <= self.high:
            return None
        return "right" if (value > self.high) != self.flipped else "left"


def choose_ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Round numbers, evenly spaced and at most `most`, from one at or below `low` to one at or above `high`.

    The step is 1, 2 or 5 times a power of ten. Zero is among them where the lowest value is less than two fifths of the
    highest, so that a short axis does not make much of little.
    """
    if 0 < low < high * _NEAR_ZERO:
        low = 0.0
    elif high < 0 and high > low * _NEAR_ZERO:
        high = 0.0
    if high - low < _ALIKE:
        spare = abs(low) * 0.1 or 1.0
        low, high = low - spare, high + spare
    power = Decimal(1).scaleb(floor(log10((high - low) / most)))
    for step in (power * each for each in _STEPS):
        first, last = floor(Decimal(low) / step), ceil(Decimal(high) / step)
        if last - first < most:
            return tuple(float(step * place) for place in range(first, last + 1))
    raise AssertionError("a step of ten times the power always does")
