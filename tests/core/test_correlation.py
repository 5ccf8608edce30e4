"""Rank correlation: the same as SciPy's, and an interval that holds what it promises."""

from __future__ import annotations

import random
from math import asin, pi, sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import rankdata, spearmanr

from moothall.core.correlation import correlate_ranks, rank_in_the_middle

PAIRS = st.lists(st.tuples(st.integers(-9, 9), st.floats(-1e6, 1e6)), min_size=10, max_size=60)


@given(pairs=PAIRS)
def test_it_is_scipys(pairs: list[tuple[float, float]]) -> None:
    one, other = (list(each) for each in zip(*pairs, strict=True))
    assert rank_in_the_middle(one) == rankdata(one).tolist()
    assume(len(set(one)) > 1 and len(set(other)) > 1)
    found = correlate_ranks(one, other)
    assert found is not None
    assert found.rho == pytest.approx(float(spearmanr(one, other).statistic), abs=1e-12)
    assert -1 <= found.lower <= found.rho <= found.upper <= 1


@given(pairs=PAIRS)
def test_turned_over_it_is_the_same_the_other_way(pairs: list[tuple[float, float]]) -> None:
    one, other = (list(each) for each in zip(*pairs, strict=True))
    found, turned = correlate_ranks(one, other), correlate_ranks(one, [-each for each in other])
    assume(found is not None and turned is not None)
    assert found is not None
    assert turned is not None
    assert [turned.rho, turned.lower, turned.upper] == pytest.approx([-found.rho, -found.upper, -found.lower])
    assert correlate_ranks(other, one) == found


def test_pairs_have_two_sides() -> None:
    with pytest.raises(ValueError, match="every value needs its other"):
        correlate_ranks([1.0] * 10, [1.0] * 11)


@pytest.mark.parametrize(("normal", "count"), [(0.0, 12), (0.5, 30), (-0.8, 150)])
def test_nineteen_in_twenty_intervals_hold_the_truth(normal: float, count: int) -> None:
    drawn = random.Random(20)  # noqa: S311 - not for secrets
    truth, held = 6 / pi * asin(normal / 2), 0
    for _ in range(600):
        one = [drawn.gauss(0, 1) for _ in range(count)]
        other = [normal * each + sqrt(1 - normal**2) * drawn.gauss(0, 1) for each in one]
        found = correlate_ranks(one, other)
        assert found is not None
        held += found.lower <= truth <= found.upper
    assert 0.93 <= held / 600 <= 0.98
