"""Change against neighbours: what theirs came to over the same periods, and how sure the difference is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np

from moothall.analysis.kendall import Numbers
from moothall.core.statistics import LEAST_COUNCILS

LEAST_SHARE = 0.5  # of a list of neighbours that must have a change
_TAIL = 0.025
_HAIR = 1e-12
_ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Middles:
    """The median of each row, and its 95 % interval; not-a-number where too few have a value."""

    median: Numbers
    lower: Numbers
    upper: Numbers


def find_middles(values: Numbers, listed: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Middles:
    """The median of the values of each row, and its interval if those who have one were others like them.

    `values` has not-a-number for who has none; `listed` is how many were asked. Half of them and three at least must
    have one. The interval is the bootstrap's (Efron 1979, percentiles): of the median of as many drawn from them with
    replacement, whose distribution is known, so that nothing is drawn.
    """
    ordered = np.sort(values, axis=1)
    have = np.isfinite(ordered).sum(axis=1)
    found = Middles(*(np.full(len(values), np.nan) for _ in range(3)))
    enough = (have >= LEAST_COUNCILS) & (have >= LEAST_SHARE * listed)
    for many in np.unique(have[enough]).tolist():
        rows = np.flatnonzero(enough & (have == many))
        for part in np.array_split(rows, 1 + len(rows) // _ROWS_AT_ONCE):
            there = ordered[part, :many]
            found.median[part] = np.median(there, axis=1)
            found.lower[part], found.upper[part] = _resample(there)
    return found


def _resample(ordered: Numbers) -> tuple[Numbers, Numbers]:
    """The 2.5 % and the 97.5 % point of the median of as many drawn from each row."""
    low, high, chance = weigh_medians(ordered.shape[1])
    medians = (ordered[:, low] + ordered[:, high]) / 2
    order = np.argsort(medians, axis=1, kind="stable")
    reached = np.cumsum(chance[order], axis=1)
    rows = np.arange(len(ordered))
    ends = [medians[rows, order[rows, np.argmax(reached >= tail - _HAIR, axis=1)]] for tail in (_TAIL, 1 - _TAIL)]
    return ends[0], ends[1]


@cache
def weigh_medians(many: int) -> tuple[np.ndarray, np.ndarray, Numbers]:
    """The chance of each median of `many` drawn with replacement from as many values.

    Places, from 0 in order of size, of the two values whose mean it is, which are one where the number is odd.
    """
    below = (many + 1) // 2  # as many of those drawn are up to the lower of the middle two
    up_to = [
        sum(comb(many, k) * a**k * (many - a) ** (many - k) for k in range(below, many + 1)) for a in range(many + 1)
    ]
    ways: dict[tuple[int, int], int] = {}
    for a in range(many):
        alone = up_to[a + 1] - up_to[a]
        if many % 2 == 0:
            for b in range(a + 1, many):
                # The lower half lies up to a with one at least on it, the upper half from b on with one on it.
                lower = (a + 1) ** below - a**below
                upper = (many - b) ** below - (many - b - 1) ** below
                ways[a, b] = comb(many, below) * lower * upper
                alone -= ways[a, b]
        ways[a, a] = alone
    places = np.array(list(ways))
    whole = many**many
    return places[:, 0], places[:, 1], np.array([each / whole for each in ways.values()])
