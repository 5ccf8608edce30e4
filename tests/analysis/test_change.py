"""Change beside neighbours: the bootstrap's distribution, against all that can be drawn."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest

from moothall.analysis.change import find_middles, weigh_medians


@pytest.mark.parametrize("many", range(1, 7))
def test_the_chances_of_medians_are_those_of_everything_that_can_be_drawn(many: int) -> None:
    drawn = Counter()
    for places in product(range(many), repeat=many):
        ordered = sorted(places)
        drawn[ordered[(many - 1) // 2], ordered[many // 2]] += 1
    low, high, chance = weigh_medians(many)
    found = dict(zip(zip(low.tolist(), high.tolist(), strict=True), chance.tolist(), strict=True))
    assert {pair: many_times / many**many for pair, many_times in drawn.items()} == pytest.approx(
        {pair: each for pair, each in found.items() if each}
    )


@pytest.mark.parametrize("many", [7, 8, 15, 20])
def test_the_interval_is_the_one_that_many_draws_come_near(many: int) -> None:
    random = np.random.default_rng(many)
    values = random.normal(size=(1, many))
    medians = np.median(random.choice(values[0], size=(40_000, many)), axis=1)
    found = find_middles(values, np.array([many]))
    assert found.median[0] == np.median(values)
    for end, tail in ((found.lower[0], 0.025), (found.upper[0], 0.975)):
        assert (medians < end - 1e-9).mean() <= tail + 0.004
        assert (medians <= end + 1e-9).mean() >= tail - 0.004


def test_those_without_a_value_are_left_out() -> None:
    rows = np.array([[np.nan, 3.0, 1.0, 2.0, np.nan], [1.0, 2.0, 3.0, np.nan, np.nan]])
    found = find_middles(rows, np.array([5, 5]))
    assert found.median.tolist() == [2.0, 2.0]
    assert found.lower[0] == found.lower[1]
