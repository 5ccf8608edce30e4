"""Which period of a metric is its latest."""

from __future__ import annotations

import polars as pl

from moothall.core.frames import ENGLAND, SLICE_KEY
from moothall.core.periods import parse_key


def find_latest(summaries: pl.DataFrame) -> pl.DataFrame:
    """By metric and breakdown the newest period in which half of the councils that could have a value have one.

    `summaries` by `core.frames.SUMMARIES`; a row for each metric and breakdown that has such a period: `SLICE_KEY`.
    """
    full = summaries.filter(
        (pl.col("scope") == ENGLAND) & (pl.col("eligible") > 0) & (pl.col("with_value") * 2 >= pl.col("eligible"))
    ).select(SLICE_KEY)
    in_time = sorted(
        full.get_column("period").unique(), key=lambda key: (parse_key(key).end, parse_key(key).start, key)
    )
    order = pl.Series(in_time, dtype=pl.String)
    place = pl.col("period").replace_strict(order, range(len(in_time)), return_dtype=pl.Int64)
    newest = pl.col("period").sort_by(place).last()
    return full.group_by("metric_key", "breakdown").agg(newest).select(SLICE_KEY).sort(SLICE_KEY)
