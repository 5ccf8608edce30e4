"""Adding up: how a metric's figures of several councils make one of their whole ground, if they do."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from moothall.core.fields import Definition, Key
from moothall.core.grounds import Tier


class AddsUp(Definition):
    """One way of adding up (`methods` 4); a metric that names none has figures that nothing is worked out from.

    `sum`: counts and amounts, over the councils of a tier. `numerator`, `denominator` and `times`: a rate, from the
    sums of two metrics. `weight`: a mean weighted by a metric that is summed; the result is approximate and marked so.
    """

    sum: Tier | None = None
    numerator: Key | None = None
    denominator: Key | None = None
    times: float = Field(100, gt=0)
    weight: Key | None = None

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        is_rate = self.numerator is not None and self.denominator is not None
        if (self.numerator is None) != (self.denominator is None):
            raise ValueError("a rate has a numerator and a denominator")
        if [self.sum is not None, is_rate, self.weight is not None].count(True) != 1:
            raise ValueError("one of: sum; numerator and denominator; weight")
        return self

    @property
    def needs(self) -> tuple[str, ...]:
        """The metrics it is worked out from; empty for a sum."""
        return tuple(key for key in (self.numerator, self.denominator, self.weight) if key is not None)
