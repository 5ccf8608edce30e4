"""The tables of who is worth learning from, and of how far that can be trusted."""

from __future__ import annotations

import polars as pl

from moothall.release.columns import AREA, BREAKDOWN, METRIC, PERIOD
from moothall.release.schema import Column, Table, optional, text

_POOL = text("pool", "Among whom: england or a class")

# All metrics are held against one another: these rows are few, and written anew whole.
EXEMPLAR_TABLES: tuple[Table, ...] = (
    Table(
        "exemplars",
        "A council worth learning from in one metric, or one to ask",
        (
            METRIC,
            BREAKDOWN,
            PERIOD,
            AREA,
            text("kind", "top, improver, recovery; or setback, which prompts a question"),
            _POOL,
            optional("first", pl.String, "The first period of the window of a change"),
            optional("value_before", pl.Float64, "Mean of the two values at its beginning"),
            optional("value_after", pl.Float64, "Mean of the two values at its end"),
            optional("expected", pl.Float64, "What others that began there came to"),
            optional("residual", pl.Float64, "The change beyond that, in robust standard deviations, better positive"),
            optional("chance_top", pl.Float64, "Chance that it is among the top tenth"),
            optional("q", pl.Float64, "Share of false flags among those as strong or stronger, all metrics together"),
            Column("is_provisional", pl.Boolean, "Whether the window a year earlier did not show it yet"),
        ),
        ("metric_key", "breakdown", "period", "area_code", "kind"),
        indexes=(("area_code",),),
    ),
    Table(
        "topic_exemplars",
        "A council among the top tenth in several metrics of a topic and in the last quarter in none",
        (
            text("topic_key", "The topic"),
            AREA,
            Column("metrics", pl.Int64, "In how many of its metrics it is among the top tenth"),
            Column("outcomes", pl.Int64, "How many of these measure what comes of the service"),
            Column("judged", pl.Int64, "In how many of its metrics it stands in a quarter"),
        ),
        ("topic_key", "area_code"),
    ),
    Table(
        "exemplar_checks",
        "How many councils were looked at for exemplars in one metric, and what the rule makes of chance alone",
        (
            METRIC,
            BREAKDOWN,
            PERIOD,
            _POOL,
            optional("first", pl.String, "The first period of the window of changes; empty where there is none"),
            Column("levels", pl.Int64, "Councils whose value was looked at"),
            Column("changes", pl.Int64, "Councils whose change was looked at"),
            Column("shuffles", pl.Int64, "How often the years of every council were shuffled"),
            Column("shuffles_flagged", pl.Int64, "Of these, how many gave any flag, had this been the only metric"),
            Column("shuffled_flags", pl.Int64, "Flags that came of them all, every metric held against every other"),
            Column("past_flags", pl.Int64, "Flags of earlier years of which it is known what came two years later"),
            Column("past_kept", pl.Int64, "Of these, how many kept half of the gain or more"),
            Column("raw_flags", pl.Int64, "The same of the tenth of councils with the largest change"),
            Column("raw_kept", pl.Int64, "Of these, how many kept half of the change or more"),
        ),
        ("metric_key", "breakdown", "period", "pool"),
    ),
)
