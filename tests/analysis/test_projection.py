"""Projections: drawn towards the rest, judged on what was not yet known, and given only where they are nearer."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from moothall.analysis.kendall import Numbers
from moothall.analysis.position import position
from moothall.analysis.projection import Errors, Panel, find_errors, find_projections, judge, project
from moothall.core.periods import calendar_year, financial_year, parse_key, rolling_year, years_after
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_metric, make_register

COUNCILS = 30
YEARS = 12
RATE = {"unit": "percent", "places": 1}


def make_panel(values: Numbers) -> Panel:
    times = np.arange(values.shape[1], dtype=float) - values.shape[1] + 1
    return Panel([make_area(number).code for number in range(1, len(values) + 1)], times, values)


def rise(slopes: Numbers, noise: float, seed: int = 1) -> Numbers:
    """Random walks with a drift each."""
    steps = np.random.default_rng(seed).normal(size=(len(slopes), YEARS)) * noise
    return 50 + (slopes[:, None] + steps).cumsum(axis=1)


def find(values: Numbers, **more: object) -> tuple[pl.DataFrame, pl.DataFrame]:
    metric = make_metric(**(RATE | more))  # type: ignore[arg-type]
    areas = [make_area(number) for number in range(1, len(values) + 1)]
    rows = [
        {"area_code": area.code, "period": financial_year(2012 + place).key, "value": float(value)}
        for area, series in zip(areas, values, strict=True)
        for place, value in enumerate(series)
        if np.isfinite(value)
    ]
    register = make_register(areas)
    figures, summaries = position(make_current(rows), {metric.key: metric}, register, FUNCTIONS)
    return find_projections(figures, summaries, {metric.key: metric}, register, {}, {})


def test_where_all_rise_alike_the_projection_goes_on_and_is_nearer() -> None:
    projections, checks = find(rise(np.full(COUNCILS, 2.0), 0.1))
    assert checks["is_used"].to_list() == [True, True]
    assert (checks["ratio_upper"] < 0.2).all()
    first = projections.filter(pl.col("area_code") == make_area(1).code).sort("step")
    assert first["projected"].to_list() == ["2024-25", "2025-26"]
    last = rise(np.full(COUNCILS, 2.0), 0.1)[0, -1]
    assert first["value"].to_list() == pytest.approx([last + 2, last + 4], abs=0.3)
    assert (first["half_50"] < first["half_80"]).all()
    assert (first["half_80"] < first["half_95"]).all()


def test_where_nothing_goes_anywhere_nothing_is_projected() -> None:
    projections, checks = find(rise(np.zeros(COUNCILS), 1.0, seed=4))
    assert not checks["is_used"].any()
    assert projections.is_empty()


def test_ranges_held_what_they_say() -> None:
    values = rise(np.full(200, 1.0), 0.5, seed=9)
    projections, _ = find(values[:, :-1])
    made = projections.filter(pl.col("step") == 1).sort("area_code")
    off = np.abs(values[:, -1] - made["value"].to_numpy())
    for share in (50, 80, 95):
        assert (off <= made[f"half_{share}"].to_numpy()).mean() == pytest.approx(share / 100, abs=0.08)


def test_totals_and_short_series_are_not_projected() -> None:
    values = rise(np.full(COUNCILS, 2.0), 0.1)
    assert find(values, unit="count")[1].is_empty()
    assert find(values[:, :6])[1].is_empty()
    assert find(values[:10])[1].is_empty(), "too few councils"


def test_a_projection_stays_within_what_the_metric_can_come_to() -> None:
    projections, _ = find(rise(np.full(COUNCILS, 4.1), 0.1), range={"min": 0, "max": 100})
    assert projections["value"].max() == 100


def test_a_council_is_drawn_to_the_rest_by_how_shaky_drifts_are() -> None:
    steady = np.linspace(0.0, 3.0, COUNCILS)
    own = project(make_panel(rise(steady, 1e-6)), YEARS - 1)
    assert own.tolist() == pytest.approx(steady.tolist(), abs=1e-3)
    shaky = project(make_panel(rise(np.zeros(COUNCILS), 1.0)), YEARS - 1)
    alone = rise(np.zeros(COUNCILS), 1.0)
    drifts = (alone[:, -1] - alone[:, 0]) / (YEARS - 1)
    assert shaky.std() < 0.7 * drifts.std()


def test_what_came_later_does_not_matter() -> None:
    values = rise(np.linspace(0.0, 3.0, COUNCILS), 0.5)
    later = values.copy()
    later[:, -2:] = 999.0
    origin = YEARS - 3
    assert project(make_panel(values), origin).tolist() == project(make_panel(later), origin).tolist()


def test_a_year_left_out_is_not_taken_for_a_step() -> None:
    values = rise(np.full(COUNCILS, 2.0), 0.1)
    panel = make_panel(values)
    gap = Panel(panel.areas, np.delete(panel.times, 8), np.delete(values, 8, axis=1))
    assert len(find_errors(gap, 1)) == len(find_errors(panel, 1)) - 2
    assert max(np.nanmax(np.abs(each.projected)) for each in find_errors(gap, 1)) < 1


def test_what_is_nearer_in_too_few_years_is_not_enough() -> None:
    good, last = np.full(COUNCILS, 0.1), np.full(COUNCILS, 1.0)
    bad = np.full(COUNCILS, 1.1)
    found = [Errors(good, last), Errors(good, last), Errors(good, last), Errors(bad, last)]
    assert judge(found)[-1]
    origins, pairs, ratio, _, nearer, is_enough = judge([*found[1:], Errors(bad, last)])
    assert (origins, pairs, nearer, is_enough) == (4, 4 * COUNCILS, 2, False)
    assert ratio == pytest.approx(0.6)


def test_councils_that_never_change_are_no_reason_to_project() -> None:
    nothing = np.zeros(COUNCILS)
    assert not judge([Errors(nothing, nothing)] * 3)[-1]


def test_the_year_after_is_of_the_same_kind() -> None:
    assert years_after(financial_year(2023), 1) == financial_year(2024)
    assert years_after(calendar_year(2023), 2) == calendar_year(2025)
    assert years_after(parse_key("2023-24-academic"), 1) == parse_key("2024-25-academic")
    assert years_after(rolling_year(2024, 2), 1) == rolling_year(2025, 2)
    assert years_after(parse_key("2024-q1"), 1) is None
    assert years_after(parse_key("2020-to-2022"), 1) is None
