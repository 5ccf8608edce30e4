"""The test of a difference in plain numbers: its tails, its limits, its speed."""

from __future__ import annotations

import random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri, stdtr

from moothall.core.differences import find_chance, find_tails, hold_together
from moothall.core.statistics import NORMAL_SCALE
from tests.differing import find_plain_chance

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


def test_a_median_absolute_deviation_in_standard_deviations() -> None:
    assert pytest.approx(1 / float(ndtri(0.75)), abs=1e-15) == NORMAL_SCALE


@given(size=st.floats(0, 50), degrees=st.integers(1, 200))
def test_the_tails_of_students_t(size: float, degrees: int) -> None:
    # Near nothing SciPy is a few hundred-thousand-millionths off: of one degree the tails are 1 - 2 atan(size) / pi.
    assert find_tails(size, degrees) == pytest.approx(2 * float(stdtr(degrees, -size)), abs=1e-9)


def test_a_longer_history_is_surer_and_the_longest_is_normal() -> None:
    chances = [find_chance(2.0, 1.0, 0.0, 15, degrees) or 0.0 for degrees in (3, 10, 100, 201)]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == find_chance(2.0, 1.0, 0.0, 15) == pytest.approx(0.0455, abs=5e-5)


@given(values=VALUES, value=st.floats(-1e6, 1e6), error=st.floats(1e-3, 1e6), pool=st.floats(0, 1e6))
def test_a_chance_is_one_and_does_not_depend_on_the_side(
    values: list[float], value: float, error: float, pool: float
) -> None:
    found = find_plain_chance(value, error, values, pool)
    assert found is not None
    assert 0 <= found <= 1
    assert find_plain_chance(-value, error, [-each for each in values], pool) == pytest.approx(found)


@given(st.lists(st.floats(0, 1), max_size=50))
def test_q_is_no_less_than_p_and_in_its_order(chances: list[float]) -> None:
    held = hold_together(chances)
    assert all(q >= p * (1 - 1e-12) for p, q in zip(chances, held, strict=True))
    assert [q for _, q in sorted(zip(chances, held, strict=True))] == sorted(held)


def test_nobody_is_nothing_to_compare_with() -> None:
    with pytest.raises(ValueError, match="no values"):
        find_plain_chance(1.0, 1.0, [], 1.0)


def test_a_group_of_comparators_is_compared_while_one_waits() -> None:
    numbers = random.Random(5)  # noqa: S311 - not a secret
    values = [numbers.gauss(50, 10) for _ in range(317)]
    start = perf_counter()
    find_plain_chance(60.0, 2.0, values, 7.0, degrees=6)
    assert perf_counter() - start < 0.05  # a fiftieth of it on a machine that does nothing else
