"""Classes: a few round numbers that part values into groups of about the same size, for a map's colours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor

from moothall.core.values import Unit, format_value, round_half_up

MOST = 5
"""How many classes can be told apart by shade."""

_SLACK = 0.3  # how far a break may lie from its even share of the values, as a part of that share


@dataclass(frozen=True, slots=True)
class Classes:
    """Values parted at `breaks`: a class begins at its break and ends below the next.

    Values are taken as they are shown, rounded to `places`, so that two that look alike are never parted. Where
    `is_listed` there is one class for each value that occurs, and `breaks` has all of them but the least.
    """

    breaks: tuple[Decimal, ...]
    unit: Unit
    places: int
    lowest: Decimal
    is_listed: bool = False

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self.breaks) + 1

    def find(self, value: float) -> int:
        """The class of a value, from 0."""
        return bisect_right(self.breaks, round_half_up(value, self.places))

    @property
    def labels(self) -> tuple[str, ...]:
        """What each class is, in words: "Under 40%", "40% to under 45%", "45% or more"."""
        if self.is_listed:
            return tuple(self._show(each, self.places) for each in (self.lowest, *self.breaks))
        # No more decimals than the breaks need.
        places = min(self.places, max(max(0, -_exponent(each)) for each in self.breaks))
        shown = [self._show(each, places) for each in self.breaks]
        between = (f"{low.split()[0]} to under {high}" for low, high in pairwise(shown))
        # Where only one value is below the first break, it is said: "0", and not "Under 1".
        is_one = self.breaks[0] - self.lowest == Decimal(1).scaleb(-self.places)
        first = self._show(self.lowest, self.places) if is_one else f"Under {shown[0]}"
        return first, *between, f"{shown[-1]} or more"

    def _show(self, value: Decimal, places: int) -> str:
        return format_value(float(value), self.unit, places)


def part(values: Sequence[float], unit: Unit, places: int) -> Classes:
    """Part values into up to `MOST` classes of about equal counts, at the roundest numbers that do so.

    Each break is the roundest number (of the largest step among 10, 5, 2, 1, 0.5 ...) with an even share of the values
    below it, give or take three tenths of a class; where none is, because many values are alike, there is a class less.
    Where values lie on both sides of zero, zero is a break and each side is parted by itself. Up to five different
    values are a class each. Raises ValueError when there are no values.
    """
    shown = sorted(round_half_up(value, places) for value in values)
    if not shown:
        raise ValueError("there is nothing to part")
    different = sorted(set(shown))
    if len(different) <= MOST:
        return Classes(tuple(different[1:]), unit, places, different[0], is_listed=True)
    if shown[0] < 0 < shown[-1]:
        zero = bisect_left(shown, 0)
        many_below = min(MOST - 1, max(1, round(MOST * zero / len(shown))))
        below = _part_evenly(shown[:zero], many_below, places)
        breaks = (*below, Decimal(0), *_part_evenly(shown[zero:], MOST - many_below, places))
    else:
        # Where nearly all are alike there is no even share: the least are parted from the others.
        breaks = tuple(_part_evenly(shown, MOST, places)) or (different[1],)
    return Classes(breaks, unit, places, different[0])


def _part_evenly(shown: Sequence[Decimal], many: int, places: int) -> list[Decimal]:
    """The breaks of up to so many classes of sorted values, none of them empty."""
    breaks: list[Decimal] = []
    passed = 0
    for place in range(1, many):
        each = _find_break(shown, place / many, _SLACK / many, places)
        if each is not None and bisect_left(shown, each) > passed:
            breaks.append(each)
            passed = bisect_left(shown, each)
    return breaks


def _find_break(shown: Sequence[Decimal], share: float, slack: float, places: int) -> Decimal | None:
    """The roundest number with about this share of the values below it; none where too many values are alike."""
    many = len(shown)
    above = shown[max(1, floor(many * (share - slack))) - 1]
    up_to = shown[min(many - 1, ceil(many * (share + slack)))]
    middle = shown[floor(many * share)]
    for step in _list_steps(max(abs(above), abs(up_to)), places):
        first, last = int(above // step) - 1, int(up_to // step) + 1
        fitting = [step * i for i in range(first, last + 1) if above < step * i <= up_to]
        if fitting:
            return min(fitting, key=lambda each: (abs(each - middle), each))
    return None


def _list_steps(most: Decimal, places: int) -> Iterator[Decimal]:
    """From coarse to fine, 10, 5, 2, 1, 0.5 ...: the numbers that breaks may be multiples of."""
    for exponent in range(most.adjusted() + 1, -places - 1, -1):
        for digit in (1, 5, 2):
            step = Decimal(digit).scaleb(exponent if digit == 1 else exponent - 1)
            if step >= Decimal(1).scaleb(-places):
                yield step


def _exponent(number: Decimal) -> int:
    return int(number.normalize().as_tuple().exponent)
