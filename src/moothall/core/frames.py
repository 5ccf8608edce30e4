"""The frames that pass between rooms: what one row is, its columns and their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

Schema = dict[str, "pl.DataType | type[pl.DataType]"]

# A cell as found: nothing resolved yet.
READINGS: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "area_text": pl.String,
    "period_text": pl.String,
    "stored": pl.String,  # the cell's stored value as text; numbers in shortest form
    "is_number": pl.Boolean,
    "lower": pl.String,  # the limits' stored values, where the table has them
    "upper": pl.String,
    "scale": pl.String,  # the decimal number that value and limits are multiplied by
    "row_marker": pl.String,
    "area_code": pl.String,  # the area, where a correction gives it
    "joint": pl.Int32,  # which of the table's joint rules the row is under
    "sheet": pl.String,
    "cell": pl.String,
    "area_cell": pl.String,
}

# A reading resolved to metric, area, period; every edition's value is kept.
OBSERVATIONS: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "area_code": pl.String,
    "period": pl.String,
    "edition_key": pl.String,
    "value": pl.Float64,
    "marker": pl.String,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "stored": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
    "published": pl.String,  # as precise as it is known: 2024-03-27, 2024-03 or 2024
    "published_precision": pl.String,
    "published_basis": pl.String,
    "known_on": pl.Date,
}
FIGURE_KEY = ["metric_key", "breakdown", "area_code", "period"]
OBSERVATION_KEY = [*FIGURE_KEY, "edition_key"]
SLICE_KEY = ["metric_key", "breakdown", "period"]  # every council's figure of one metric
ALL: Final = "all"  # the breakdown that is not broken down
ENGLAND: Final = "england"  # the scope that is every council

# One published file.
EDITIONS: Schema = {
    "edition_key": pl.String,  # "<source>/<edition>"
    "source_key": pl.String,
    "edition": pl.String,
    "title": pl.String,
    "address": pl.String,
    "sha256": pl.String,
    "bytes": pl.Int64,
    "published": pl.String,
    "published_precision": pl.String,
    "published_basis": pl.String,
    "known_on": pl.Date,
    "quality": pl.String,
    "note": pl.String,
}

# Rows of an edition that were left out or read as another area, by a rule with a reason.
SETTLED: Schema = {
    "edition_key": pl.String,
    "table": pl.String,
    "rule": pl.String,  # ignore, correction, joint or duplicate
    "reason": pl.String,
    "rows": pl.Int32,
    "first_cell": pl.String,
}

# What a check before publishing found in one period of a metric.
FINDINGS: Schema = {
    "code": pl.String,
    "severity": pl.String,
    "metric_key": pl.String,
    "period": pl.String,
    "many": pl.Int32,
    "said": pl.String,  # the weightiest, in words
    "edition_key": pl.String,  # where that stands, when it is one value
    "sheet": pl.String,
    "cell": pl.String,
    "reason": pl.String,  # for which it was accepted; null when it was not
}

# The current value of one key, with its position among the councils of England and of its class.
FIGURES: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "area_code": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "marker": pl.String,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "mads_england": pl.Float64,
    "mads_class": pl.Float64,
    "rank_england": pl.Int32,
    "rank_class": pl.Int32,
    "band_england": pl.Int8,  # 1 (best quarter) to 4; null where polarity is none
    "band_class": pl.Int8,
    "neighbours_with_value": pl.Int32,  # of its neighbours by the default model; null for an area without a list
    "median_neighbours": pl.Float64,  # theirs, without the area itself
    "mads_neighbours": pl.Float64,
    "change": pl.Float64,  # value less the value of the previous consecutive period
    "change_from": pl.String,  # that period
    "edition_key": pl.String,  # null for a derived figure whose inputs are of several
    "known_on": pl.Date,
}

# The councils of one metric, breakdown and period, summed up: one row for England and one for each class.
SUMMARIES: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "scope": pl.String,  # "england" or a class of authority
    "eligible": pl.Int32,  # councils alive on the period's last day and responsible
    "with_value": pl.Int32,
    "ranked": pl.Int32,  # with_value where polarity is not none, else null
    "median": pl.Float64,
    "mad": pl.Float64,
    "lower_quartile": pl.Float64,
    "upper_quartile": pl.Float64,
    "lowest": pl.Float64,
    "highest": pl.Float64,
    "marker": pl.String,  # why the median is absent or the spread unusable
}

# One council on another's list of neighbours, by one model.
NEIGHBOURS: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "area_code": pl.String,
    "place": pl.Int32,  # 1 is the nearest
    "neighbour_code": pl.String,
    "distance": pl.Float64,  # null in a published list that gives only an order
    "percentile": pl.Float64,  # of the distance among those of all pairs of the pool, 0 to 100
    "closeness": pl.String,  # in a word, the publisher's own in a published list; null where there is none
    "inclusion": pl.Float64,  # share of the resampled models in which it is on the list
}

# An area under one version of a model: its list, or why it has none.
NEIGHBOUR_LISTS: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "area_code": pl.String,
    "pool": pl.String,  # null where there is no list
    "many": pl.Int32,  # neighbours on it
    "stability": pl.Float64,  # the mean inclusion of its neighbours
    "retention": pl.Float64,  # the share of the list that stays when a domain is left out, the mean over domains
    "is_isolated": pl.Boolean,  # its farthest neighbour is farther than for nine of ten in the pool
    "is_all_of_kind": pl.Boolean,  # everybody else of the pool is on it
    "why_none": pl.String,
}

# How many places a publisher's list of an area has in one edition, and why some are not shown.
NEIGHBOUR_LISTED: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "area_code": pl.String,
    "listed": pl.Int32,
    "closed": pl.Int32,  # of those that no longer exist
    "outside_england": pl.Int32,
    "other_kind": pl.Int32,
}

# Among whom neighbours are looked for, under one version of a model.
NEIGHBOUR_POOLS: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "pool": pl.String,
    "title": pl.String,
    "classes": pl.String,  # of authority in it, with spaces between
    "tier": pl.String,  # the classes by whose middle and spread its values are scaled; null in a published list
    "size": pl.Int32,
    "k": pl.Int32,
    "farthest": pl.Float64,  # the largest distance of any two
    "isolated_beyond": pl.Float64,  # 90th percentile of the distances to the farthest neighbour
}

# How an input of a model is scaled and weighed in one pool.
NEIGHBOUR_SCALES: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "pool": pl.String,
    "metric_key": pl.String,
    "breakdown": pl.String,
    "transform": pl.String,
    "parameter": pl.Float64,  # of the transform, where it has one
    "centre": pl.Float64,  # z is the transformed value less the centre, over the spread
    "spread": pl.Float64,
    "skew": pl.Float64,  # of the transformed values
    "weight": pl.Float64,  # in the squared distance; all together come to one in models of domains
    "typical_gap": pl.Float64,  # median over pairs of the gap in z
}

# A domain of a model in one pool.
NEIGHBOUR_DOMAINS: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "pool": pl.String,
    "domain": pl.String,
    "weight": pl.Float64,
    "typical_gap": pl.Float64,  # median over pairs of the root of the domain's part of the squared distance
}

# Where one area stands on one input.
NEIGHBOUR_VALUES: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "area_code": pl.String,
    "metric_key": pl.String,
    "breakdown": pl.String,
    "value": pl.Float64,  # in the metric's unit; null where nothing is known
    "basis": pl.String,  # figure, or ground for a mean over the councils on its ground; null without a value
    "z": pl.Float64,  # null where too much is missing of the area for a list
    "is_imputed": pl.Boolean,  # z is the pool's median for want of a value
}

# What changed in the lists of a pool from one version of a model to the next.
NEIGHBOUR_CHURN: Schema = {
    "model_key": pl.String,
    "version": pl.String,
    "previous": pl.String,
    "pool": pl.String,
    "lists": pl.Int32,  # areas that have one in both
    "unchanged": pl.Float64,  # share of the lists with the same members
    "overlap": pl.Float64,  # mean share of the earlier members that are still there
}

# One result of holding lists of neighbours against measures that they were not made from.
NEIGHBOUR_VALIDATION: Schema = {
    "test": pl.String,  # skill, difference, control, stability, sensitivity or overlap
    "tier": pl.String,  # single_tier, county, district or all
    "subject": pl.String,  # a model, "<model>/<variant>", or another way to choose comparators
    "against": pl.String,  # the other of a difference
    "measures": pl.Int32,  # how many it rests on
    "themes": pl.Int32,
    "value": pl.Float64,
    "lower": pl.Float64,  # 95 % interval, themes resampled
    "upper": pl.Float64,
}

# The frames of neighbours by the table that holds them.
NEIGHBOUR_FRAMES: dict[str, Schema] = {
    "neighbours": NEIGHBOURS,
    "neighbour_lists": NEIGHBOUR_LISTS,
    "neighbour_listed": NEIGHBOUR_LISTED,
    "neighbour_pools": NEIGHBOUR_POOLS,
    "neighbour_scales": NEIGHBOUR_SCALES,
    "neighbour_domains": NEIGHBOUR_DOMAINS,
    "neighbour_values": NEIGHBOUR_VALUES,
    "neighbour_churn": NEIGHBOUR_CHURN,
    "neighbour_validation": NEIGHBOUR_VALIDATION,
}

# How sure an area's figure of a metric's latest period is, and what that allows to be said of it.
CERTAINTIES: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "area_code": pl.String,
    "error": pl.Float64,  # standard error of the value, in its unit
    "error_basis": pl.String,  # how that is known: published, wilson, byar, dobson or history
    "p_england": pl.Float64,  # of the difference from the median, by chance alone (`methods` 2.5)
    "p_class": pl.Float64,
    "p_neighbours": pl.Float64,
    "q_england": pl.Float64,  # the same among all councils of the slice, by Benjamini and Hochberg (`methods` 2.7)
    "q_class": pl.Float64,
    "q_neighbours": pl.Float64,
    "expected": pl.Float64,  # the value drawn towards the rest, as rankings use it (`methods` 2.6)
    "rank_low": pl.Int32,  # 95 % interval of the rank in England, or in its class where comparable only there
    "rank_high": pl.Int32,
    "chance_top": pl.Float64,  # of being among the best tenth
    "chance_bottom": pl.Float64,
    "funnel": pl.Float64,  # standard deviations from the pooled value, over-dispersion allowed for (`methods` 2.6)
}

# Where a series of an area goes up to the metric's latest period (`methods` 3.1, 3.2).
TRENDS: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "area_code": pl.String,
    "first": pl.String,  # the first period of the unbroken stretch looked at
    "points": pl.Int32,  # values in it, without those left out for the pandemic
    "slope": pl.Float64,  # Theil and Sen's, in the unit a year
    "slope_lower": pl.Float64,
    "slope_upper": pl.Float64,
    "p": pl.Float64,  # Mann and Kendall's, two-sided
    "method": pl.String,  # exact, normal or hamed_rao
    "direction": pl.String,  # rising, falling or none; null where there are too few points to say
    "change": pl.Float64,  # from the first period to the last
    "change_neighbours": pl.Float64,  # the middle change of the neighbours over the same periods
    "change_lower": pl.Float64,  # 95 % interval of the difference between the two
    "change_upper": pl.Float64,
}

# A council worth learning from in one metric, or one to ask; see `methods` 3.4.
EXEMPLARS: Schema = {
    "metric_key": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "area_code": pl.String,
    "kind": pl.String,  # top, improver, recovery; or setback, which prompts a question
    "pool": pl.String,  # england or a class
    "first": pl.String,  # the first year of the window of a change
    "value_before": pl.Float64,  # the means of the two years at either end
    "value_after": pl.Float64,
    "expected": pl.Float64,  # what others that began there came to
    "residual": pl.Float64,  # of the change beyond that, in robust standard deviations; better is positive
    "chance_top": pl.Float64,
    "q": pl.Float64,
    "is_provisional": pl.Boolean,  # until a second release confirms it
}

# An area's shape in one layout of a map.
SHAPES: Schema = {
    "layout": pl.String,  # "map" for outlines, else a layout of hexagons
    "area_code": pl.String,
    "path": pl.String,  # SVG path data, y downwards
    "x_min": pl.Int64,  # the box around it, in the units of the path
    "y_min": pl.Int64,
    "x_max": pl.Int64,
    "y_max": pl.Int64,
}
OUTLINE_LAYOUT: Final = "map"


def empty_frames(schemas: Mapping[str, Schema]) -> dict[str, pl.DataFrame]:
    """A frame without rows for each schema, by its name."""
    return {name: pl.DataFrame(schema=schema) for name, schema in schemas.items()}


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The frame with the schema's columns in its order and types; raises when one is missing."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
