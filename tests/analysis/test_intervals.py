"""Intervals against published vectors, and what must hold of every interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.analysis.intervals import (
    byar,
    count_limits,
    difference_limits,
    error_from_limits,
    exact_poisson,
    rate_limits,
    wilson,
)

BASES = st.integers(1, 1_000_000)


@pytest.mark.parametrize(
    ("cases", "base", "lower", "upper", "places"),
    [  # Newcombe (1998), table I; then values that others' software gives for the same
        (81, 263, 0.2553, 0.3662, 4),
        (15, 148, 0.0624, 0.1605, 4),
        (0, 20, 0.0, 0.1611, 4),
        (1, 29, 0.0061, 0.1718, 4),
        (65, 100, 0.552544, 0.736358, 6),
        (1, 100, 0.001767, 0.054486, 6),
    ],
)
def test_wilson(cases: int, base: int, lower: float, upper: float, places: int) -> None:
    assert [round(float(limit), places) for limit in wilson(cases, base)] == [lower, upper]


def test_wilson_one_sided_and_wider() -> None:
    assert float(wilson(20, 360)[0]) == pytest.approx(0.0362482046, abs=5e-11)
    assert float(wilson(30, 400)[1]) == pytest.approx(0.1050477063, abs=5e-11)
    assert [round(float(limit), 6) for limit in wilson(65, 100, 0.998)] == [0.495495, 0.778354]
    assert float(wilson(550, 2400, 0.998)[0]) == pytest.approx(0.2037589221, abs=5e-11)
    assert float(wilson(76, 238, 0.998)[1]) == pytest.approx(0.4181310306, abs=5e-11)


@pytest.mark.parametrize(
    ("events", "sure", "lower", "upper"),
    [
        (65, 0.95, 50.163188, 82.849139),
        (1045, 0.95, 982.593202, 1110.331213),
        (65, 0.998, 42.880261, 94.000291),
        (10, 0.998, 2.916318, 24.193725),
        (10, 0.95, 4.787450, 18.391459),
        (100, 0.95, 81.362105, 121.627938),
        (1, 0.95, 0.013072, 5.563756),
    ],
)
def test_byar(events: int, sure: float, lower: float, upper: float) -> None:
    assert [round(float(limit), 6) for limit in byar(events, sure)] == [lower, upper]


def test_byar_of_two_hundred() -> None:
    assert float(byar(200, 0.998)[0]) == pytest.approx(159.117038, abs=5e-7)


@pytest.mark.parametrize(("events", "lower", "upper"), [(1, 0.025318, 5.571643), (5, 1.623486, 11.668332)])
def test_exact(events: int, lower: float, upper: float) -> None:
    assert [round(float(limit), 6) for limit in exact_poisson(events)] == [lower, upper]


def test_no_events() -> None:
    low, high = exact_poisson(0)
    assert float(low) == 0
    assert float(high) == pytest.approx(3.688879, abs=5e-7)
    assert next(float(limit) for limit in byar(0)) == 0


def test_few_events_are_exact_and_many_are_byars() -> None:
    limits = np.array(count_limits([0, 9, 10, 65]))
    assert limits[:, :2] == pytest.approx(np.array(exact_poisson([0, 9])))
    assert limits[:, 2:] == pytest.approx(np.array(byar([10, 65])))


def test_rates() -> None:
    low, high = rate_limits([20, 2], [100, 200])
    assert low * [100, 100_000] == pytest.approx([12.211429, 121.104639], abs=5e-7)
    assert high * [100, 100_000] == pytest.approx([30.889880, 3612.343834], abs=5e-6)


def test_a_rate_of_no_events_has_limits_where_its_base_is_known() -> None:
    (low, high), unknown = rate_limits(0, 1000), rate_limits(0, np.nan)
    assert (float(low), float(high)) == pytest.approx((0.0, 0.003688879), abs=5e-10)
    assert np.isnan(np.array(unknown)).all()


@pytest.mark.parametrize(
    ("one", "other", "lower", "upper"),
    [  # Newcombe (1998), Statistics in Medicine 17: 873-890, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_difference(one: tuple[int, int], other: tuple[int, int], lower: float, upper: float) -> None:
    assert [round(float(limit), 4) for limit in difference_limits(*one, *other)] == [lower, upper]


def test_an_error_from_limits() -> None:
    assert error_from_limits([10.0, 1.0], [13.92, 1.0]) == pytest.approx([1.0, 0.0])


@given(base=BASES, share=st.floats(0, 1))
def test_wilson_holds_the_proportion_and_stays_within_nought_and_one(base: int, share: float) -> None:
    cases = round(base * share)
    low, high = (float(limit) for limit in wilson(cases, base))
    assert 0 <= low <= cases / base <= high <= 1
    assert (low == 0) is (cases == 0)
    assert (high == 1) is (cases == base)


@given(base=st.integers(1, 100_000), share=st.floats(0.01, 0.99))
def test_wilson_shrinks_as_more_are_counted(base: int, share: float) -> None:
    few, many = (np.subtract(*reversed(wilson(base * times * share, base * times))) for times in (1, 4))
    assert many < few


@given(events=st.integers(0, 1_000_000))
def test_the_limits_of_a_count_hold_it_and_narrow(events: int) -> None:
    low, high = (float(limit) for limit in count_limits(events))
    assert low <= events < high
    if events:
        more = [float(limit) for limit in count_limits(4 * events)]
        assert (more[1] - more[0]) / (4 * events) < (high - low) / events


@pytest.mark.parametrize(("cases", "base"), [(0, 0), (3, 2), (-1, 5), (np.nan, 5), (1, np.nan)])
def test_what_is_not_possible_has_no_limits(cases: float, base: float) -> None:
    assert np.isnan(np.array(wilson(cases, base))).all()


def test_events_below_nought_have_no_limits() -> None:
    assert np.isnan(np.array(count_limits([-1.0, np.nan]))).all()
