"""Certainty: how sure a figure of a metric's latest period is, as the release has it."""

from __future__ import annotations

from typing import NamedTuple


class CertaintyRecord(NamedTuple):
    """How sure one figure is, and what that allows to be said of it; the rules are in `docs/methods/uncertainty.md`.

    `p_*` is the chance of so large a difference from the median if there were none, `q_*` the same held against all
    councils of the metric and period. Ranks are in England, or in the council's class where it is compared only there.
    """

    error: float  # standard error, in the unit of the value
    error_basis: str  # published, wilson, byar or history
    degrees: int | None  # of freedom, of an error known from history
    cases: float | None  # people or cases a proportion is of, or events a rate is made of
    p_england: float | None
    p_class: float | None
    p_neighbours: float | None
    q_england: float | None
    q_class: float | None
    q_neighbours: float | None
    expected: float | None  # the value drawn towards the rest, as rankings use it
    rank_low: int | None
    rank_high: int | None
    chance_top: float | None  # of being among the best tenth
    chance_bottom: float | None
    funnel: float | None  # standard deviations from the pooled value, over-dispersion allowed for
