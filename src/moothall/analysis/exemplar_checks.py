"""Checks of exemplars: what their rule flags where there is nothing but chance, and what became of earlier flags."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from moothall.analysis.changes import Judged, Lists, Window, judge_windows, open_windows
from moothall.analysis.panels import Panel
from moothall.analysis.robust import take_median
from moothall.core.frames import EXEMPLAR_CHECKS, conform

SHUFFLES = 50
YEARS_LATER = 2
KEPT = 0.5  # of the gain
_RAW_SHARE = 10  # one in ten is on the list of largest changes


@dataclass(frozen=True)
class Outlasted:
    """Of one panel, how many flags had come and how many of them kept half of the gain; and of the raw list."""

    flags: int = 0
    kept: int = 0
    raw_flags: int = 0
    raw_kept: int = 0

    def __add__(self, other: Outlasted) -> Outlasted:
        return Outlasted(
            self.flags + other.flags,
            self.kept + other.kept,
            self.raw_flags + other.raw_flags,
            self.raw_kept + other.raw_kept,
        )


def check_exemplars(panels: Sequence[Panel], lists: Lists, shuffles: int = SHUFFLES) -> pl.DataFrame:
    """What was looked at of every panel, and both checks of `methods` 3.4, by the schema of `EXEMPLAR_CHECKS`.

    The same panels give the same rows: chance is seeded by the panel's own key.
    """
    windows = open_windows(panels, 0, lists)
    judged = {each.window.panel.key: each for each in judge_windows([shuffle(each, shuffles) for each in windows])}
    outlasted = look_back(panels, lists)
    rows = []
    for panel in panels:
        mixed, past = judged.get(panel.key), outlasted.get(panel.key, Outlasted())
        rows.append(
            {
                **dict(zip(("metric_key", "breakdown", "period", "pool"), panel.key, strict=True)),
                "first": panel.periods[mixed.window.years[-1]] if mixed else None,
                "levels": int(np.isfinite(panel.values[0]).sum()),
                "changes": mixed.window.councils.size if mixed else 0,
                "shuffles": shuffles if mixed else 0,
                "shuffles_flagged": int(mixed.is_flagged_alone.any(axis=-1).sum()) if mixed else 0,
                "shuffled_flags": int(mixed.is_flagged.sum()) if mixed else 0,
                "past_flags": past.flags,
                "past_kept": past.kept,
                "raw_flags": past.raw_flags,
                "raw_kept": past.raw_kept,
            }
        )
    found = conform(pl.DataFrame(rows, schema=EXEMPLAR_CHECKS, orient="row"), EXEMPLAR_CHECKS)
    return found.sort("metric_key", "breakdown", "period", "pool")


def shuffle(window: Window, times: int) -> Window:
    """The window with every council's years in an order of chance, `times` times over.

    What is shuffled is how far a council lay from the middle of all in each year: what all of them have in common
    stays where it was, or a year in which everyone moved would pass for chance.
    """
    values = window.values - take_median(window.values)
    seed = int.from_bytes(hashlib.sha256("/".join(window.panel.key).encode()).digest()[:8], "big")
    order = np.argsort(np.random.Generator(np.random.PCG64(seed)).random((times, *values.shape)), axis=-2)
    return replace(window, values=np.take_along_axis(np.broadcast_to(values, order.shape), order, axis=-2))


def look_back(panels: Sequence[Panel], lists: Lists) -> Mapping[tuple[str, str, str, str], Outlasted]:
    """By panel, what became of the flags of every earlier list by the year two years after it.

    Each list is judged on the figures of today, up to its own last year.
    """
    found: dict[tuple[str, str, str, str], Outlasted] = {}
    for end in range(YEARS_LATER, max((len(panel.periods) for panel in panels), default=0)):
        for judged in judge_windows(open_windows(panels, end, lists)):
            panel = judged.window.panel
            if panel.is_usable(end - YEARS_LATER, end):
                found[panel.key] = found.get(panel.key, Outlasted()) + _follow(judged, end - YEARS_LATER)
    return found


def _follow(judged: Judged, later: int) -> Outlasted:
    """How many flags there were, and how many councils were at least half of their gain above where they began.

    Gains are counted beyond the middle of all councils, before and after.
    """
    window = judged.window
    values = window.panel.values[later][window.councils]
    is_known = np.isfinite(values)
    sign = window.panel.sign

    def beyond(figures: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(sign * (figures - np.median(figures[is_known])))

    before = beyond(judged.before)
    kept = beyond(values) - before >= KEPT * (beyond(judged.after) - before)
    raw = np.zeros_like(is_known)
    raw[np.argsort(sign * (judged.before - judged.after), kind="stable")[: len(raw) // _RAW_SHARE]] = True
    return Outlasted(*(int(each.sum()) for each in _tally(judged.is_flagged, raw, is_known, kept)))


def _tally(
    flagged: NDArray[np.bool_], raw: NDArray[np.bool_], is_known: NDArray[np.bool_], kept: NDArray[np.bool_]
) -> Iterator[NDArray[np.bool_]]:
    for each in (flagged, raw):
        yield each & is_known
        yield each & is_known & kept
