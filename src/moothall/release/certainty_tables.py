"""The tables of how sure figures are, where they go, and who is worth learning from."""

from __future__ import annotations

import polars as pl

from moothall.release.columns import AREA, BREAKDOWN, METRIC, SLICE
from moothall.release.schema import Column, Table, optional, text

_LATEST = text("period", "Key of the metric's latest period")
_KEY = ("metric_key", "breakdown", "period", "area_code")

CERTAINTY_TABLES: tuple[Table, ...] = (
    Table(
        "certainties",
        "How sure one area's figure of a metric's latest period is, and what that allows to be said",
        (
            METRIC,
            BREAKDOWN,
            _LATEST,
            AREA,
            optional("error", pl.Float64, "Standard error of the value, in its unit"),
            optional("error_basis", pl.String, "How it is known: published, wilson, byar or history"),
            optional("degrees", pl.Int64, "Degrees of freedom behind it, where it is known from history"),
            optional("cases", pl.Float64, "People or cases that a proportion is of, or events that a rate is made of"),
            *(
                optional(f"p_{scope}", pl.Float64, f"Chance of so large a difference from the median of {words}")
                for scope, words in (("england", "England"), ("class", "its class"), ("neighbours", "its neighbours"))
            ),
            *(
                optional(f"q_{scope}", pl.Float64, f"That, held against all councils at once, for {words}")
                for scope, words in (("england", "England"), ("class", "its class"), ("neighbours", "its neighbours"))
            ),
            optional("expected", pl.Float64, "The value drawn towards the rest, as rankings use it"),
            optional("rank_low", pl.Int64, "Lower end of the 95% interval of its rank"),
            optional("rank_high", pl.Int64, "Upper end of the 95% interval of its rank"),
            optional("chance_top", pl.Float64, "Chance that it is among the best tenth"),
            optional("chance_bottom", pl.Float64, "Chance that it is among the last tenth"),
            optional("funnel", pl.Float64, "Standard deviations from the pooled value, over-dispersion allowed for"),
        ),
        _KEY,
        indexes=(("area_code", *_KEY[:3]),),
        codes=(SLICE,),
    ),
    Table(
        "trends",
        "Where one area's series of a metric goes up to the metric's latest period",
        (
            METRIC,
            BREAKDOWN,
            _LATEST,
            AREA,
            text("first", "The first of the periods looked at, which no break, overlap or season sets apart"),
            Column("points", pl.Int64, "Values in them, without those that the pandemic affected"),
            optional("slope", pl.Float64, "Theil and Sen's slope, in the unit a year"),
            optional("slope_lower", pl.Float64, "Lower end of its 95% confidence interval"),
            optional("slope_upper", pl.Float64, "Upper end of its 95% confidence interval"),
            optional("p", pl.Float64, "Chance of so much order without a trend, by Mann and Kendall"),
            optional("method", pl.String, "How that was worked out: exact, normal or hamed_rao"),
            optional("direction", pl.String, "rising, falling or none; empty where there is too little to say"),
            optional("change", pl.Float64, "Change from the first period to the last"),
            optional("change_neighbours", pl.Float64, "The middle change of its neighbours over the same periods"),
            optional("change_lower", pl.Float64, "Lower end of the 95% interval of the difference between the two"),
            optional("change_upper", pl.Float64, "Upper end of the 95% interval of the difference between the two"),
        ),
        _KEY,
        indexes=(("area_code", *_KEY[:3]),),
        codes=(SLICE,),
    ),
    Table(
        "projections",
        "What an area's figure comes to if its recent pattern continues, where that was nearer than no change",
        (
            METRIC,
            BREAKDOWN,
            _LATEST,
            AREA,
            Column("step", pl.Int64, "Years after the latest period, 1 or 2"),
            text("projected", "Key of the period projected"),
            Column("value", pl.Float64, "The value projected, if the recent pattern continues"),
            Column("half_50", pl.Float64, "How far half of such projections were off at most"),
            Column("half_80", pl.Float64, "How far 80% of them were off at most"),
            Column("half_95", pl.Float64, "How far 95% of them were off at most"),
        ),
        (*_KEY, "step"),
        indexes=(("area_code", *_KEY[:3]),),
        codes=(SLICE,),
    ),
    Table(
        "projection_checks",
        "How near projections of a metric were to what came, beside the last value before",
        (
            METRIC,
            BREAKDOWN,
            _LATEST,
            Column("step", pl.Int64, "Years projected"),
            Column("origins", pl.Int64, "Periods projected from"),
            Column("pairs", pl.Int64, "Projections compared with what came"),
            Column("ratio", pl.Float64, "Their mean error, in parts of that of the last value"),
            Column("ratio_upper", pl.Float64, "Upper limit of that over councils (97.5%, one-sided)"),
            Column("nearer", pl.Int64, "Origins from which projections were nearer than the last value"),
            Column("is_used", pl.Boolean, "Whether projections are given"),
        ),
        ("metric_key", "breakdown", "period", "step"),
        codes=(SLICE,),
    ),
)
