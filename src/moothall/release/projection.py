"""Projections as a release has them: what a figure comes to if its recent pattern continues."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.core.periods import parse_key
from moothall.core.values import format_value
from moothall.release.database import Database
from moothall.release.records import MetricRecord


@dataclass(frozen=True, slots=True)
class ProjectionRecord:
    """One area's figure one or two years after the metric's latest period (`docs/methods/trends.md`).

    The halves say how far half, 80 % and 95 % of such projections were off at most, in the metric's unit.
    """

    step: int
    period: str
    period_label: str
    value: float
    text: str
    half_50: float
    half_80: float
    half_95: float


def read_projections(
    database: Database, metric: MetricRecord, area: str, breakdown: str
) -> tuple[ProjectionRecord, ...]:
    """An area's projections, the nearer first; none of a metric for which they were no nearer than the last value."""
    rows = database.rows(
        "SELECT * FROM projections WHERE metric_key = ? AND breakdown = ? AND area_code = ? ORDER BY step",
        (metric.key, breakdown, area),
    )
    return tuple(
        ProjectionRecord(
            step=row["step"],
            period=row["projected"],
            period_label=parse_key(row["projected"]).label,
            value=row["value"],
            text=format_value(row["value"], metric.unit, metric.places),
            half_50=row["half_50"],
            half_80=row["half_80"],
            half_95=row["half_95"],
        )
        for row in rows
    )
