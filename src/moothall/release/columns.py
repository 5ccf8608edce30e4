"""Columns that several tables of a release share."""

from __future__ import annotations

import polars as pl

from moothall.release.schema import Code, Column, optional, text

METRIC = text("metric_key", "The metric")
BREAKDOWN = text("breakdown", "A value within the metric's own dimension; 'all' unless said")
PERIOD = text("period", "Key of the period the value is about")
SOURCE = text("source_key", "The publisher's series")
FUNCTION = text("function_key", "The function")
EDITION = text("edition_key", "The published file, '<source>/<edition>'")
AREA = text("area_code", "ONS code of the authority")
VALUE = optional("value", pl.Float64, "The value; empty where there is none, never zero for that")
MARKER = optional("marker", pl.String, "Why the value is absent or qualified")
KNOWN_ON = Column("known_on", pl.Date, "First day on which it was certainly public")
PUBLISHED = (
    text("published", "Day of publication, as precisely as it is known: 2024-03-27, 2024-03 or 2024"),
    text("published_precision", "day, month or year"),
    text("published_basis", "How the day of publication is known"),
    KNOWN_ON,
)
BOUNDS = (
    optional("lower", pl.Float64, "Lower end of the 95% confidence interval"),
    optional("upper", pl.Float64, "Upper end of the 95% confidence interval"),
)
SLICE = Code("slice", (METRIC, BREAKDOWN, PERIOD))
SOURCE_FILE = Code("edition", (EDITION,))
