"""Bands: the words for how far a value lies from a median, as data."""

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
