"""Counted: which metrics hold the people, cases or events that a rate is made of."""

from __future__ import annotations

from moothall.core.fields import Definition, Key
from moothall.core.values import Unit

PER: dict[Unit, float] = {
    Unit.PERCENT: 100,
    Unit.PER_100: 100,
    Unit.PER_1000: 1_000,
    Unit.PER_10000: 10_000,
    Unit.PER_100000: 100_000,
}
"""What the units of rates multiply a numerator over a denominator by."""


class Counted(Definition):
    """The metrics that a rate is made of: of the same area and breakdown, in a period that ends on the same day.

    A proportion needs its denominator, a rate of events its numerator; the other is named where it is held, and then
    the two must give the rate. Where it is not, it follows from the rate.
    """

    numerator: Key | None = None
    denominator: Key | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The metrics named."""
        return tuple(key for key in (self.numerator, self.denominator) if key)
