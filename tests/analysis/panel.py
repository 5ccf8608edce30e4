"""Panels of councils made up for tests: an ordinary pool, and a council set among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from moothall.analysis.panels import Panel, PeriodNotes, make_panels
from moothall.analysis.position import position
from moothall.core.definitions import Metric
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_metric, make_register

ORDINARY = 40
WAVER = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5)


def list_ordinary(years: int) -> np.ndarray:
    """Forty councils, years × councils: they begin at 30 to 49.5, stay there, and waver by up to two points."""
    return np.array(
        [[30 + number / 2 + WAVER[(3 * number + 5 * year) % 7] for number in range(ORDINARY)] for year in range(years)]
    )


def make_panel(values: np.ndarray, **more: Any) -> Panel:
    """A panel of years × councils, newest year first, with neither breaks nor gaps."""
    years, councils = values.shape
    plain: dict[str, Any] = {
        "metric_key": "moots-held",
        "breakdown": "all",
        "pool": "england",
        "sign": 1,
        "area_codes": tuple(f"E069{number:05d}" for number in range(councils)),
        "periods": tuple(f"{2023 - year}-{(2024 - year) % 100:02d}" for year in range(years)),
        "values": values,
        "places": np.full(values.shape, 0.5),
        "stretches": (0,) * years,
        "is_left_out": (False,) * years,
        "least_spread": 0.05,
        "coverage": 1.0,
    }
    return Panel(**(plain | more))


def set_among(history: Sequence[float], **more: Any) -> Panel:
    """The ordinary pool with one council more, the last; its values oldest first."""
    newest_first = np.array(history, dtype=float)[::-1, None]
    return make_panel(np.hstack([list_ordinary(len(history)), newest_first]), **more)


def turn(panel: Panel) -> Panel:
    """The same panel where lower is better: every value as far below 100 as it was above 0."""
    return replace(panel, sign=-panel.sign, values=100 - panel.values)


def make_real_panels(
    values: Mapping[str, Sequence[float | None]],
    metric: Metric | None = None,
    notes: PeriodNotes | None = None,
    markers: Mapping[tuple[str, int], str] | None = None,
) -> tuple[list[Panel], pl.DataFrame, pl.DataFrame]:
    """Panels worked out from values by period, one for each council; and the figures and summaries they rest on."""
    metric = metric or make_metric(unit="percent")
    areas = [make_area(number) for number in range(1, max(map(len, values.values())) + 1)]
    rows = [
        {
            "metric_key": metric.key,
            "area_code": area.code,
            "period": period,
            "value": value,
            "marker": (markers or {}).get((period, place)) or (None if value is not None else "not_submitted"),
        }
        for period, own in values.items()
        for place, (area, value) in enumerate(zip(areas, own, strict=False))
    ]
    register = make_register(areas)
    figures, summaries = position(make_current(rows), {metric.key: metric}, register, FUNCTIONS)
    classes = {area.code: str(area.area_class) for area in areas}
    return make_panels(figures, summaries, {metric.key: metric}, classes, notes or {}), figures, summaries
