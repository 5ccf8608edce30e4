"""Figures, metrics and comparators made up from nothing, for tests of the words about them."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import date
from types import SimpleNamespace
from typing import Any

from moothall.core.areas import AreaClass
from moothall.core.values import Kind, Lever, Marker, Polarity, Unit
from moothall.release.records import FigureRecord, MetricRecord
from moothall.site.narrative.comparison import Comparison

BANNED = re.compile(
    r"\b(average|because|led to|thanks to|due to|good|bad|fail\w*|excellent|best|worst|significant\w*|None|NaN|nan)\b"
)
"""What no sentence of ours says (`methods` 8)."""


def make_metric(**changes: Any) -> MetricRecord:
    """A share of something, of which more is better."""
    values: dict[str, Any] = {field.name: None for field in fields(MetricRecord)} | {
        "key": "moots-held",
        "title": "Moots held",
        "short": "moots held",
        "unit": Unit.PERCENT,
        "unit_words": "%",
        "places": 1,
        "polarity": Polarity.HIGHER,
        "kind": Kind.OUTCOME,
        "functions": (),
        "lever": Lever.SHARED,
        "shared_with": (),
        "comparable_within": "england",
        "interval": "none",
        "next_review": date(2027, 4, 1),
        "inputs": (),
        "period_notes": (),
        "old_after": 36,
    }
    return MetricRecord(**(values | changes))


def make_figure(value: float | None = 50.0, **changes: Any) -> FigureRecord:
    """Barchester's value, with nothing known besides."""
    values: dict[str, Any] = dict.fromkeys(FigureRecord._fields) | {
        "metric": "moots-held",
        "breakdown": "all",
        "area": "E07900001",
        "area_name": "Barchester",
        "area_class": AreaClass.DISTRICT,
        "comparable_within": "england",
        "lever": "shared",
        "shared_with": (),
        "period": "2023-24",
        "period_label": "2023-24",
        "value": value,
        "unit": Unit.PERCENT,
        "places": 1,
        "marker": Marker.SUPPRESSED if value is None else None,
        "peers": "type",
        "release": "test",
    }
    return FigureRecord(**(values | changes))


def make_comparison(median: float | None = 45.0, mads: float | None = 2.0, **changes: Any) -> Comparison:
    """London boroughs, all with a value."""
    values = {"label": "London boroughs", "with_value": 32, "eligible": 32, "median": median, "mads": mads}
    return Comparison(**(values | changes))  # type: ignore[arg-type]


def make_trend(**changes: Any) -> Any:
    """Where a series goes, since 2018-19."""
    values: dict[str, Any] = {
        "first": "2018-19",
        "direction": "rising",
        "change": 8.0,
        "change_neighbours": None,
        "change_lower": None,
        "change_upper": None,
    }
    return SimpleNamespace(**(values | changes))
