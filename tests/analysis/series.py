"""Series made up for tests: one metric, councils with a value for each year, and their trends."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from moothall.analysis.position import position
from moothall.analysis.trend import find_trends
from moothall.core.frames import NEIGHBOURS
from moothall.core.periods import financial_year
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_metric, make_register

LAST = 2023
"""The year in which the latest period begins."""


def name_years(many: int) -> list[str]:
    """The keys of so many years, the last of them the latest."""
    return [financial_year(LAST - many + 1 + place).key for place in range(many)]


def list_neighbours(lists: Mapping[int, Sequence[int]]) -> pl.DataFrame:
    """Lists of neighbours of councils, all by their numbers."""
    rows = [
        ("moot", "2023", make_area(own).code, place, make_area(other).code, None, None, None, None)
        for own, others in lists.items()
        for place, other in enumerate(others, 1)
    ]
    return pl.DataFrame(rows, schema=NEIGHBOURS, orient="row")


def make_trends(
    series: Sequence[Sequence[float | None]],
    *,
    breaks: Collection[str] = (),
    affected: Collection[str] = (),
    neighbours: Mapping[int, Sequence[int]] | None = None,
    markers: Mapping[tuple[int, str], str] | None = None,
    limits: Mapping[tuple[int, str], tuple[float, float]] | None = None,
    periods: Sequence[str] | None = None,
    metric: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """The trends of councils 1, 2, 3 …, whose series all end in the latest year; in order of their numbers."""
    defined = make_metric(**(metric or {}))
    areas = [make_area(number) for number in range(1, len(series) + 1)]
    rows = []
    for number, (area, values) in enumerate(zip(areas, series, strict=True), 1):
        keys = periods[-len(values) :] if periods else name_years(len(values))
        for period, value in zip(keys, values, strict=True):
            lower, upper = (limits or {}).get((number, period), (None, None))
            marker = (markers or {}).get((number, period), None if value is not None else "not_submitted")
            rows.append(
                {
                    "area_code": area.code,
                    "period": period,
                    "value": value,
                    "marker": marker,
                    "lower": lower,
                    "upper": upper,
                }
            )
    broken = {defined.key: frozenset(breaks)}
    register = make_register(areas)
    figures, summaries = position(make_current(rows), {defined.key: defined}, register, FUNCTIONS, broken)
    found = find_trends(
        figures.sample(fraction=1, shuffle=True, seed=1),
        summaries,
        {defined.key: defined},
        register,
        broken,
        {defined.key: frozenset(affected)},
        list_neighbours(neighbours or {}),
    )
    return found.sort("area_code").to_dicts()
