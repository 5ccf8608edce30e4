"""Bands: the words for how far a value lies from a median, and for how closely two go together, as data."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

from moothall.core.values import Polarity


@dataclass(frozen=True, slots=True)
class Band:
    """Distances of one size, from `least` up to and without `limit`, in median absolute deviations, and their words."""

    least: float
    limit: float
    words: str  # {direction} stands for better, worse, higher or lower; empty where only the numbers speak


BANDS: Final = (
    Band(0.0, 0.5, "similar to"),
    Band(0.5, 1.5, "slightly {direction} than"),
    Band(1.5, 3.0, "{direction} than"),
    Band(3.0, 7.5, "much {direction} than"),
    Band(7.5, inf, ""),
)
"""Every band, nearest first (`methods` 8; the cuts are those of Oflog's prototype)."""

SIMILAR, FAR = BANDS[0], BANDS[-1]


def find_band(mads: float) -> Band:
    """The band that a distance of either sign is in."""
    return next(band for band in BANDS if abs(mads) < band.limit)


def compare_words(mads: float, polarity: Polarity) -> str:
    """The words for a distance from a median, for example "slightly better than"; empty where only the numbers speak.

    Where neither direction is better they are "higher" and "lower".
    """
    if polarity is Polarity.NONE:
        direction = "higher" if mads > 0 else "lower"
    else:
        direction = "better" if mads * polarity.sign > 0 else "worse"
    return find_band(mads).words.format(direction=direction)


@dataclass(frozen=True, slots=True)
class Closeness:
    """Rank correlations of one size, from `least` up to and without `limit`, and how closely two things then go."""

    least: float
    limit: float
    words: str  # empty where the two hardly go together


CLOSENESS: Final = (
    Closeness(0.0, 0.2, ""),
    Closeness(0.2, 0.4, "loosely"),
    Closeness(0.4, 0.6, "fairly closely"),
    Closeness(0.6, 0.8, "closely"),
    Closeness(0.8, inf, "very closely"),
)
"""Every closeness, the least first; the tests hold them to `docs/methods/together.md`."""


def say_closeness(rho: float) -> str:
    """How closely two things go together by their rank correlation, of either sign; empty where they hardly do."""
    return next(each for each in CLOSENESS if abs(rho) < each.limit).words
