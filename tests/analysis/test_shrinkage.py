"""Shrinkage: intervals of ranks that hold the truth, draws that are the same in every build, funnels."""

from __future__ import annotations

import numpy as np
import pytest

from moothall.analysis.shrinkage import (
    find_distances,
    find_spread,
    raise_errors,
    rank_with_chance,
)

RNG = np.random.default_rng(2005)


def draw_councils(count: int, between: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """True values, estimates of them, and the errors of these."""
    errors = RNG.uniform(1.0, 3.0, count)
    true = RNG.normal(50, between, count)
    return true, RNG.normal(true, errors), errors


def test_the_interval_of_a_rank_holds_the_true_rank() -> None:
    """95 % of the time, over many pools of councils whose true values are known."""
    held, top = [], []
    for _ in range(20):
        true, values, errors = draw_councils(100, between=4.0)
        ranks = rank_with_chance(values, errors, sign=1, draws=1_000)
        truth = (-true).argsort().argsort() + 1
        held.append(((ranks.low <= truth) & (truth <= ranks.high)).mean())
        top.append((ranks.chance_top.sum(), (truth <= 10).sum(), ranks.chance_top[truth <= 10].mean()))
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
    assert [each[0] for each in top] == pytest.approx([10] * 20)
    assert np.mean([each[2] for each in top]) > 0.5


def test_the_spread_between_councils_is_found() -> None:
    found = [find_spread(*draw_councils(150, between=4.0)[1:]).variance for _ in range(40)]
    assert np.mean(found) == pytest.approx(16, rel=0.1)
    assert np.mean([find_spread(*draw_councils(150, between=0.0)[1:]).variance for _ in range(40)]) < 0.5


def test_one_council_is_not_spread() -> None:
    found = find_spread(np.array([3.0]), np.array([1.0]))
    assert (found.centre, found.variance, found.heterogeneity) == (3.0, 0.0, 0.0)
    ranks = rank_with_chance(np.array([3.0]), np.array([1.0]), sign=1)
    assert (ranks.low.tolist(), ranks.high.tolist(), ranks.chance_top.tolist()) == ([1], [1], [1.0])


def test_the_draws_are_the_same_every_time_and_do_not_know_of_other_slices() -> None:
    _, values, errors = draw_councils(60, between=4.0)
    first, second = (rank_with_chance(values, errors, sign=-1) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_value_known_less_well_is_drawn_further() -> None:
    values, errors = np.array([10.0, 50, 90, 90]), np.array([1.0, 1, 1, 30])
    expected = rank_with_chance(values, errors, sign=1).expected
    assert 50 < expected[3] < expected[2] < 90


def test_the_other_direction_turns_the_ranks_round() -> None:
    """Within what the draws, which are not turned round with them, leave to chance."""
    _, values, errors = draw_councils(50, between=4.0)
    up, down = (rank_with_chance(values, errors, sign) for sign in (1, -1))
    assert np.abs(up.low - (51 - down.high)).max() <= 3
    assert np.abs(up.chance_top - down.chance_bottom).max() < 0.05


def test_an_error_near_nothing_does_not_decide() -> None:
    """A quarter of councils that reported the same for years, far from the rest, leave the others their spread."""
    _, values, errors = draw_councils(80, between=4.0)
    errors[:5], values[:5] = 0.001, 100.0
    assert raise_errors(errors).min() == pytest.approx(np.quantile(errors, 0.25))
    ranks = rank_with_chance(values, errors, sign=1)
    assert ranks.expected[5:].std() > 2


def test_distances_allow_for_the_usual_variation() -> None:
    _, values, errors = draw_councils(150, between=0.0)
    assert find_distances(values, errors, 50.0).std() == pytest.approx(1, abs=0.15)
    _, values, errors = draw_councils(150, between=8.0)
    # A winsorised normal distribution has a standard deviation of 0.82: what is allowed for is that much less.
    assert find_distances(values, errors, 50.0).std() == pytest.approx(1 / 0.82, abs=0.25)
    values[0] = 150.0
    assert find_distances(values, errors, 50.0)[0] > 8
