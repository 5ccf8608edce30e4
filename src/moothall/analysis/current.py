"""Which of several editions' values stands, and what was known on a day."""

from __future__ import annotations

from datetime import date

import polars as pl

from moothall.core.frames import FIGURE_KEY


def as_known_on(observations: pl.DataFrame, day: date) -> pl.DataFrame:
    """The observations that were public on a day.

    This is the only door through which anything that looks back may pass: what it lets through depends on nothing
    that was published later.
    """
    return observations.filter(pl.col("known_on") <= day)


def choose_current(observations: pl.DataFrame) -> pl.DataFrame:
    """One observation for each figure key: the one from the edition published last.

    An edition that withdraws a value wins over the earlier one that gave it. Of two editions known on the same day
    the one whose key sorts last wins.
    """
    return (
        observations.sort([*FIGURE_KEY, "known_on", "edition_key"])
        .unique(subset=FIGURE_KEY, keep="last", maintain_order=True)
        .sort(FIGURE_KEY)
    )
