"""Movements: what a release says of where councils together have gone, and how far apart they lie."""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

from moothall.core.frames import Schema

Measure = Literal["ratio", "difference"]
"""How the tenths are set beside one another: the upper over the lower, or the upper less the lower."""

DEPRIVATION: Final = "deprivation-score"
"""The metric by which councils are put into fifths; higher is more deprived."""

# Where the councils of one scope together have gone in one metric, and how far they lie apart.
MOVEMENTS: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "period": pl.String,  # the metric's latest
    "scope": pl.String,  # "england"; or a class, where only councils of a class are alike
    "first": pl.String,  # the first period looked at; the latest itself where there is no earlier one
    "councils": pl.Int32,  # those with a value in every period looked at
    "points": pl.Int32,  # such periods, without those left out for the pandemic
    "median_first": pl.Float64,  # of those councils, like all that follows
    "median_last": pl.Float64,
    "p": pl.Float64,  # Mann and Kendall's, of their median
    "q": pl.Float64,  # held against all metrics
    "direction": pl.String,  # rising, falling or none; null where there are too few points
    "measure": pl.String,  # ratio or difference: how tenths are set beside one another
    "lower_tenth_first": pl.Float64,
    "upper_tenth_first": pl.Float64,
    "lower_tenth_last": pl.Float64,
    "upper_tenth_last": pl.Float64,
    "spread_p": pl.Float64,  # of as much of a change of how far they lie apart, where there is none
    "spread_q": pl.Float64,
    "spread_direction": pl.String,  # wider, narrower or none; null where there is no earlier period
    "fifth": pl.Int32,  # councils in the most deprived fifth, and in the least; null where they are not set apart
    "most_deprived_first": pl.Float64,  # median of the most deprived fifth
    "least_deprived_first": pl.Float64,
    "most_deprived_last": pl.Float64,
    "least_deprived_last": pl.Float64,
}


def find_gap(measure: Measure, lower: float, upper: float) -> float:
    """How far the upper tenth lies from the lower: how many times as high, or how much higher, in the unit."""
    return upper / lower if measure == "ratio" else upper - lower
