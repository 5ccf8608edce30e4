"""Scales: from a value to its place across a chart, in per cent of the chart's width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]


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
