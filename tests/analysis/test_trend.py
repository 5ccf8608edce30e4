"""Trends of series, against a recomputation in plain Python, and who has none."""

from __future__ import annotations

from itertools import combinations, permutations
from math import sqrt
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.analysis.series import count_years
from moothall.core.periods import day, financial_year, parse_key, rolling_year
from tests.analysis.pool import make_area
from tests.analysis.series import make_trends, name_years

VALUE = st.none() | st.integers(0, 12).map(float)
OTHERS = ([1.0], [3.0], [5.0], [7.0])


@given(st.lists(VALUE, min_size=2, max_size=7), st.sets(st.integers(0, 6), max_size=2))
def test_a_trend_is_what_plain_arithmetic_comes_to(values: list[float | None], affected: set[int]) -> None:
    keys = name_years(len(values))
    covid = {keys[place] for place in affected if place < len(keys)}
    found = [t for t in make_trends([values, *OTHERS], affected=covid) if t["area_code"] == make_area(1).code]
    points = [
        (place, value)
        for place, (key, value) in enumerate(zip(keys, values, strict=True))
        if value is not None and key not in covid
    ]
    if len(points) < 2 or points[-1][0] != len(values) - 1:
        assert found == []
        return
    [trend] = found
    assert (trend["first"], trend["points"], trend["period"]) == (keys[points[0][0]], len(points), keys[-1])
    assert trend["change"] == points[-1][1] - points[0][1]
    if len(points) < 5:
        assert [trend[name] for name in ("slope", "p", "method", "direction")] == [None] * 4
        return
    slope = find_slope(points)
    p = find_p([value for _, value in points])
    assert (trend["slope"], trend["p"]) == pytest.approx((slope, p))
    pool = [each for each in (values[-1], 1.0, 3.0, 5.0, 7.0) if each is not None]
    spread = median(abs(each - median(pool)) for each in pool)
    whole = find_slope([(place, value) for place, value in enumerate(values) if value is not None])
    is_clear = (
        p < 0.05
        and abs(slope) * (points[-1][0] - points[0][0]) >= spread / 2
        and slope * whole > 0
        and slope * trend["change"] > 0
    )
    assert trend["direction"] == (("rising" if slope > 0 else "falling") if is_clear else "none")


def find_slope(points: list[tuple[int, float]]) -> float:
    return median((after - before) / (late - early) for (early, before), (late, after) in combinations(points, 2))


def find_p(values: list[float]) -> float:
    """By every order, each as likely as any other."""

    def rate(order: tuple[float, ...]) -> int:
        return abs(sum((after > before) - (after < before) for before, after in combinations(order, 2)))

    least = rate(tuple(values))
    orders = set(permutations(values))
    return sum(rate(order) >= least for order in orders) / len(orders)


def test_a_council_without_a_value_in_the_latest_period_has_none() -> None:
    found = make_trends([[1, 2, 3, 4, 5, None], *([float(value)] for value in range(4))])
    assert found == []


def test_a_latest_period_that_the_pandemic_affected_says_nothing() -> None:
    assert make_trends([[1, 2, 3, 4, 5, 6], *OTHERS], affected=["2023-24"]) == []


def test_a_value_on_another_basis_is_left_out() -> None:
    [found] = make_trends([[1, 2, 9, 4, 5, 6], *OTHERS], markers={(1, "2020-21"): "other_basis"})
    assert (found["points"], found["slope"], found["direction"]) == (5, 1.0, "rising")
    without = make_trends([[1, 2, 3, 4, 5, 6], *OTHERS], markers={(1, "2023-24"): "other_basis"})
    assert without == []


def test_judgements_go_nowhere() -> None:
    judged = {"unit": "judgement", "polarity": "none", "places": 0}
    assert make_trends([[1, 2, 2, 3, 4], *OTHERS], metric=judged) == []


def test_a_series_is_measured_by_the_spread_of_its_class_where_only_a_class_is_comparable() -> None:
    [found] = make_trends([[1, 2, 3, 4, 5], *OTHERS], metric={"comparable_within": "class"})
    assert found["direction"] == "rising"


def test_waves_that_are_not_a_year_apart_are_not_taken_for_steps() -> None:
    waves = [f"{year}-{year % 100 + 1}-wave" for year in (2012, 2014, 2016, 2018, 2023)]
    [found] = make_trends([[1, 3, 5, 7, 12], [1], [20], [30]], periods=waves)
    assert found["slope"] == pytest.approx(1)


def test_years_are_counted_by_the_ends_of_periods() -> None:
    last = financial_year(2023)
    assert [count_years(financial_year(year), last) for year in (2020, 2023)] == [-3, 0]
    assert count_years(rolling_year(2023, 2), rolling_year(2024, 2)) == -1  # the leap day is not a longer year
    assert count_years(parse_key("2023-q3"), parse_key("2024-q1")) == pytest.approx(-0.5)
    latest = parse_key("2025-04-30")
    assert count_years(day(latest.end.replace(year=2020, day=15)), latest) == pytest.approx(-5 - 15 / 372)


def test_the_change_of_neighbours_is_over_the_same_years() -> None:
    series = [[5, 6, 7, 8, 9], [1, 1, 1, 1, 3], [2, 2, 2, 2, 3], [3, 3, 3, 3, 9], [None, 9, 9, 9, 9], [0, 0, 0, 0, 0]]
    lists = {1: [2, 3, 4, 5], 6: [2, 5], 4: [1, 2, 3]}
    found = {trend["area_code"]: trend for trend in make_trends(series, neighbours=lists)}
    first = found[make_area(1).code]
    assert (first["change"], first["change_neighbours"]) == (4, 2)  # of 2, 1 and 6; one had no value at first
    assert (first["change_lower"], first["change_upper"]) == (4 - 6, 4 - 1)
    scattered = found[make_area(4).code]  # 3, 3, 3, 3 and 9: no slope, and six from it once
    apart, error = 6 - 2, sqrt(2) * sqrt(36 / 3)
    assert (scattered["change_lower"], scattered["change_upper"]) == pytest.approx(
        (apart - sqrt((4 - 2) ** 2 + (1.96 * error) ** 2), apart + sqrt((2 - 1) ** 2 + (1.96 * error) ** 2)), rel=1e-4
    )
    alone = found[make_area(6).code]
    assert [alone[name] for name in ("change_neighbours", "change_lower", "change_upper")] == [None] * 3
    unlisted = found[make_area(2).code]
    assert unlisted["change_neighbours"] is None


def test_there_is_no_interval_where_nothing_is_known_of_the_own_error() -> None:
    series = [[5, 6, 7, 8], [1, 1, 1, 3], [2, 2, 2, 3], [3, 3, 3, 9]]
    [first, *_] = make_trends(series, neighbours={1: [2, 3, 4]})
    assert [first[name] for name in ("change", "change_neighbours", "change_lower", "change_upper")] == [
        3,
        2,
        None,
        None,
    ]


def test_the_error_of_the_own_change_widens_the_interval() -> None:
    series = [[5, 6, 7, 8, 9], [1, 1, 1, 1, 3], [2, 2, 2, 2, 3], [3, 3, 3, 3, 9]]
    limits = {(1, "2019-20"): (2.0, 8.0), (1, "2023-24"): (5.0, 13.0)}
    [first, *_] = make_trends(series, neighbours={1: [2, 3, 4]}, limits=limits)
    assert (first["change_lower"], first["change_upper"]) == pytest.approx(
        (2 - sqrt((6 - 2) ** 2 + 3**2 + 4**2), 2 + sqrt((2 - 1) ** 2 + 3**2 + 4**2))
    )
