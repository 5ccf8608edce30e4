"""Together: how two figures go with each other among the same councils, in words."""

from __future__ import annotations

from collections.abc import Sequence

from moothall.core.bands import say_closeness
from moothall.core.correlation import LEAST_PAIRS, Correlation, correlate_ranks
from moothall.core.values import format_number, round_half_up
from moothall.site.narrative.names import capitalise, count_words

CAUTION = "That two figures go together does not say that one moves the other: a third thing may move both."
ABOUT_COUNCILS = "What holds among councils need not hold for the people in them."
_PLACES = 2  # decimals of a correlation, as it is shown and put into words


def correlate_shown(
    values: Sequence[float], others: Sequence[float], places: int, other_places: int
) -> Correlation | None:
    """The rank correlation of values as they are shown: what looks equal is equal (`methods` 2.2)."""
    return correlate_ranks(
        [float(round_half_up(each, places)) for each in values],
        [float(round_half_up(each, other_places)) for each in others],
    )


def say_together(found: Correlation | None, count: int, group: str, name: str, other: str) -> str:
    """How two figures go together among so many of a group of councils; `name` and `other` stand inside a sentence.

    By what is shown: of a correlation whose interval as shown has zero in it, it is said that it could be chance.
    """
    if count < LEAST_PAIRS:
        has = "has" if count == 1 else "have"
        councils = "council" if count == 1 else "councils"
        few = count_words(count, councils, councils)
        return f"{capitalise(few)} {has} both figures, too few to say how they go together."
    if found is None:
        return f"All of {count:,} {group} have the same figure for one of the two, so nothing can be said of both."
    rho, lower, upper = (round_half_up(each, _PLACES) for each in (found.rho, found.lower, found.upper))
    numbers = (
        f"The rank correlation is {format_number(found.rho, _PLACES)}, with a 95% interval from "
        f"{format_number(found.lower, _PLACES)} to {format_number(found.upper, _PLACES)}."
    )
    if lower <= 0 <= upper:
        said = f"Among {count:,} {group}, any way in which these two figures go together could be chance."
    elif closeness := say_closeness(float(rho)):
        side = "higher" if rho > 0 else "lower"
        said = (
            f"Among {count:,} {group}, these two figures go together {closeness}. "
            f"Where “{name}” is higher, “{other}” tends to be {side}."
        )
    else:
        said = f"Among {count:,} {group}, these two figures hardly go together."
    return f"{said} {numbers}"
