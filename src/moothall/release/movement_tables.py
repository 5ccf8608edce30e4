"""The table of where councils together have gone."""

from __future__ import annotations

import polars as pl

from moothall.release.columns import BREAKDOWN, METRIC, PERIOD
from moothall.release.schema import Column, Table, optional, text

# All metrics are held against one another: these rows are few, and written anew whole.
MOVEMENT_TABLES: tuple[Table, ...] = (
    Table(
        "movements",
        "Where the councils of one scope together have gone in one metric, and how far they lie apart",
        (
            METRIC,
            BREAKDOWN,
            PERIOD,
            text("scope", "'england'; or a class of authority, where only councils of a class are alike"),
            text("first", "The first period looked at"),
            Column("councils", pl.Int64, "Councils with a value in every period looked at: all that follows is theirs"),
            Column("points", pl.Int64, "Those periods, without any that the pandemic affected"),
            Column("median_first", pl.Float64, "The middle value in the first"),
            Column("median_last", pl.Float64, "The middle value in the latest"),
            optional("p", pl.Float64, "Chance of so much of an order of their medians, where there is none"),
            optional("q", pl.Float64, "That, held against all metrics"),
            optional("direction", pl.String, "rising, falling or none; empty where there are too few periods"),
            text("measure", "ratio or difference: how the two tenths are set beside one another"),
            Column("lower_tenth_first", pl.Float64, "A tenth of them lay below, in the first"),
            Column("upper_tenth_first", pl.Float64, "A tenth of them lay above, in the first"),
            Column("lower_tenth_last", pl.Float64, "A tenth of them lie below, in the latest"),
            Column("upper_tenth_last", pl.Float64, "A tenth of them lie above, in the latest"),
            optional("spread_p", pl.Float64, "Chance of as much of a change of how far they lie apart"),
            optional("spread_q", pl.Float64, "That, held against all metrics"),
            optional("spread_direction", pl.String, "wider, narrower or none; empty where that cannot be told"),
            optional("fifth", pl.Int64, "Councils in the most deprived fifth of them, and in the least"),
            optional("most_deprived_first", pl.Float64, "The middle of the most deprived fifth, in the first"),
            optional("least_deprived_first", pl.Float64, "The middle of the least deprived fifth, in the first"),
            optional("most_deprived_last", pl.Float64, "The middle of the most deprived fifth, in the latest"),
            optional("least_deprived_last", pl.Float64, "The middle of the least deprived fifth, in the latest"),
        ),
        ("metric_key", "breakdown", "period", "scope"),
    ),
)
