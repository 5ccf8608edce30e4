"""Slopes and the test of order: against SciPy, against every order counted out, and what must not matter."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, norm, theilslopes

from moothall.analysis.kendall import count_orders, find_chance, find_orders, fit_slopes, score

Row = list[float]
EIGHTHS = st.integers(-50, 50).map(lambda number: number / 8)  # eighths are exact in binary, so that ties stay ties
SERIES = st.integers(5, 13).flatmap(
    lambda many: st.lists(st.lists(EIGHTHS, min_size=many, max_size=many), min_size=1, max_size=8)
)


def steps(many: int) -> np.ndarray:
    return np.arange(many, dtype=float)


def spread_times(values: np.ndarray) -> np.ndarray:
    return np.tile(steps(values.shape[1]), (len(values), 1))


@pytest.mark.parametrize("many", [2, 3, 5, 8, 11, 24])
def test_slopes_are_those_of_scipy(many: int) -> None:
    random = np.random.default_rng(many)
    values = np.round(random.normal(size=(60, many)), 1)
    times = np.sort(random.uniform(0, 20, size=(60, many)), axis=1)
    found = fit_slopes(times, values)
    for place in range(60):
        expected = theilslopes(values[place], times[place])
        assert (found.slope[place], found.lower[place], found.upper[place]) == pytest.approx(
            (expected.slope, expected.low_slope, expected.high_slope)
        )


def list_ties(many: int, most: int | None = None) -> list[tuple[int, ...]]:
    """Every way in which so many points can be tied."""
    if many == 0:
        return [()]
    return [
        (first, *rest) for first in range(min(many, most or many), 0, -1) for rest in list_ties(many - first, first)
    ]


@pytest.mark.parametrize("ties", [ties for many in range(1, 8) for ties in list_ties(many)])
def test_the_exact_chance_is_that_of_every_order_counted_out(ties: tuple[int, ...]) -> None:
    points = [float(value) for value, times in enumerate(ties) for _ in range(times)]
    orders = Counter(score(np.array([*set(permutations(points))])).tolist())
    assert sum(orders.values()) == factorial(len(points)) // prod(map(factorial, ties)) == sum(count_orders(ties))
    for least in range(max(orders) + 2):
        expected = sum(many for found, many in orders.items() if abs(found) >= least) / sum(orders.values())
        assert find_chance(ties, least) == pytest.approx(expected)


@given(st.lists(st.integers(0, 30), min_size=5, max_size=10, unique=True))
def test_without_ties_the_exact_chance_is_that_of_scipy(values: Row) -> None:
    expected = kendalltau(steps(len(values)), values, method="exact").pvalue
    found = find_orders(spread_times(np.array([values])), np.array([values], dtype=float))
    if found.method[0] == "exact":
        assert found.p[0] == pytest.approx(expected)


@given(SERIES)
def test_negating_negates_slope_and_score_and_leaves_the_chance(rows: list[Row]) -> None:
    values = np.array(rows)
    times = spread_times(values)
    slopes, turned = fit_slopes(times, values), fit_slopes(times, -values)
    assert (-turned.slope).tolist() == pytest.approx(slopes.slope.tolist())
    assert (-score(-values)).tolist() == score(values).tolist()
    assert find_orders(times, -values).p.tolist() == pytest.approx(find_orders(times, values).p.tolist())


@given(SERIES, st.integers(-40, 40))
def test_adding_a_constant_changes_nothing(rows: list[Row], constant: int) -> None:
    values = np.array(rows)
    times = spread_times(values)
    orders, moved = find_orders(times, values), find_orders(times, values + constant)
    assert fit_slopes(times, values + constant).slope.tolist() == fit_slopes(times, values).slope.tolist()
    assert (moved.score.tolist(), moved.method.tolist()) == (orders.score.tolist(), orders.method.tolist())
    assert moved.p.tolist() == pytest.approx(orders.p.tolist())


@given(SERIES)
def test_each_series_is_alone_as_it_is_among_others(rows: list[Row]) -> None:
    values = np.array(rows)
    times = spread_times(values)
    slopes, orders = fit_slopes(times, values), find_orders(times, values)
    for place in range(len(values)):
        alone = slice(place, place + 1)
        assert fit_slopes(times[alone], values[alone]).slope[0] == slopes.slope[place]
        assert find_orders(times[alone], values[alone]).p[0] == orders.p[place]


def test_hanging_together_never_makes_more_sure() -> None:
    values = np.random.default_rng(5).normal(size=(400, 12)).cumsum(axis=1)
    found = find_orders(spread_times(values), values)
    is_shaky = found.method == "hamed_rao"
    z = np.maximum(np.abs(found.score[is_shaky]) - 1, 0) / np.sqrt(12 * 11 * (2 * 12 + 5) / 18)
    independent = 2 * norm.sf(z)
    assert is_shaky.sum() > 50
    assert (found.p[is_shaky] >= independent - 1e-12).all()
    assert (found.p[is_shaky] > independent + 1e-6).sum() > 10


def test_four_points_are_refused() -> None:
    with pytest.raises(ValueError, match="4 points are too few"):
        find_orders(steps(4)[None], steps(4)[None])
