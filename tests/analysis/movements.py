"""Movements made up for tests: one metric, councils with a value for each year, and where they went together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from moothall.analysis.movements import find_movements
from moothall.analysis.position import position
from moothall.core.areas import Area
from moothall.core.movements import DEPRIVATION
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_metric, make_register
from tests.analysis.series import name_years

RATE = {"unit": "per_1000", "kind": "outcome"}


def make_movements(
    series: Sequence[Sequence[float | None]],
    *,
    breaks: Collection[str] = (),
    affected: Collection[str] = (),
    deprivation: Sequence[float] = (),
    markers: Mapping[tuple[int, str], str] | None = None,
    metric: Mapping[str, Any] | None = None,
    areas: Sequence[Area] = (),
    shuffled: int = 1,
) -> list[dict[str, Any]]:
    """The movements of councils 1, 2, 3 …, whose series all end in 2023-24, and whose deprivation may be given."""
    defined = make_metric(**(RATE | dict(metric or {})))
    context = make_metric(key=DEPRIVATION, unit="score", kind="context", lever="contextual", polarity="none")
    areas = areas or [make_area(number) for number in range(1, len(series) + 1)]
    rows: list[dict[str, Any]] = []
    for number, (area, values) in enumerate(zip(areas, series, strict=True), 1):
        for period, value in zip(name_years(len(values)), values, strict=True):
            marker = (markers or {}).get((number, period), None if value is not None else "not_submitted")
            rows.append({"area_code": area.code, "period": period, "value": value, "marker": marker})
    rows += [
        {"metric_key": DEPRIVATION, "area_code": area.code, "period": "2023-24", "value": value}
        for area, value in zip(areas, deprivation, strict=False)
    ]
    metrics = {defined.key: defined, DEPRIVATION: context}
    register, broken = make_register(areas), {defined.key: frozenset(breaks)}
    figures, summaries = position(make_current(rows), metrics, register, FUNCTIONS, broken)
    found = find_movements(
        figures.sample(fraction=1, shuffle=True, seed=shuffled),
        summaries,
        metrics,
        register,
        FUNCTIONS,
        broken,
        {defined.key: frozenset(affected)},
    )
    return found.filter(pl.col("metric_key") == defined.key).to_dicts()
