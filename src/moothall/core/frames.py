"""The frames that pass between rooms: what one row is, its columns and their types."""

from __future__ import annotations

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


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The frame with the schema's columns in its order and types; raises when one is missing."""
    return frame.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
