"""Robust statistics against other implementations, published numbers and draws of known parameters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

from moothall.analysis.robust import correct, fit_huber, moderate
from moothall.core.statistics import NORMAL_SCALE

K = 1.345


def draw(seed: int, many: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    before = random.normal(50, 8, many)
    beside = 0.5 * before + random.normal(0, 5, many)
    after = 10 + 0.7 * before + 0.2 * beside + random.normal(0, 2, many)
    after[:4] += (25, -30, 40, 18)  # councils that least squares would run after
    return before, beside, after


def sum_huber(coefficients: np.ndarray, regressors: np.ndarray, after: np.ndarray, scale: float) -> float:
    size = np.abs(after - regressors @ coefficients) / scale
    return float(np.sum(np.where(size <= K, size**2 / 2, K * size - K**2 / 2)))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("with_neighbours", [False, True])
def test_huber_is_the_least_of_hubers_loss(seed: int, with_neighbours: bool) -> None:
    before, beside, after = draw(seed)
    fit = fit_huber(before[None], after[None], beside[None] if with_neighbours else None)
    scale = NORMAL_SCALE * float(np.median(np.abs(after - fit.expected[0])))
    assert fit.scale[0, 0] == pytest.approx(scale, rel=1e-6)
    columns = [np.ones_like(before), before, *([beside] if with_neighbours else [])]
    regressors = np.stack(columns, axis=1)
    start = np.linalg.lstsq(regressors, after, rcond=None)[0]
    least = minimize(sum_huber, start, args=(regressors, after, scale), method="BFGS", options={"gtol": 1e-9})
    assert fit.expected[0] == pytest.approx(regressors @ least.x, abs=1e-4)
    assert fit.slope[0, 0] == pytest.approx(least.x[1], abs=1e-5)


def test_huber_follows_the_many_and_not_the_odd_one() -> None:
    before = np.arange(21.0)[None]
    after = 2 * before + 1 + 0.01 * (np.arange(21) % 3 - 1)
    after[0, 20] = 500.0
    fit = fit_huber(before, after)
    assert fit.slope[0, 0] == pytest.approx(2, abs=0.01)
    assert fit.expected[0, 20] == pytest.approx(41, abs=0.05)


def test_panels_are_fitted_each_by_itself() -> None:
    drawn = [draw(seed) for seed in range(3)]
    together = fit_huber(np.stack([d[0] for d in drawn]), np.stack([d[2] for d in drawn]))
    for place, (before, _, after) in enumerate(drawn):
        alone = fit_huber(before[None], after[None])
        assert together.expected[place] == pytest.approx(alone.expected[0], rel=1e-6)


def test_a_regressor_that_does_not_vary_takes_no_part() -> None:
    before, _, after = draw(1)
    without = fit_huber(before[None], after[None])
    assert fit_huber(before[None], after[None], np.full_like(before, 7.0)[None]).expected == pytest.approx(
        without.expected
    )
    assert fit_huber(before[None], after[None], 3 * before[None] + 1).expected == pytest.approx(without.expected)
    same = fit_huber(np.full_like(before, 5.0)[None], after[None])
    assert same.slope[0, 0] == 0
    assert np.ptp(same.expected) == 0


def test_nothing_is_found_where_everybody_is_alike() -> None:
    fit = fit_huber(np.full((1, 30), 4.0), np.full((1, 30), 4.0))
    assert fit.scale[0, 0] == 0
    assert fit.expected.tolist() == [[4.0] * 30]


def test_benjamini_and_hochberg_on_their_own_fifteen() -> None:
    text = ".0001 .0004 .0019 .0095 .0201 .0278 .0298 .0344 .0459 .3240 .4262 .5719 .6528 .7590 1"
    chances = np.array([float(each) for each in text.split()])
    found = correct(chances[::-1])[::-1]
    assert (found <= 0.05).sum() == 4
    assert found[:4] == pytest.approx([0.0015, 0.0030, 0.0095, 0.035625])


def test_a_missing_chance_counts_as_one() -> None:
    assert correct(np.array([0.01, np.nan, 0.5])).tolist() == pytest.approx([0.03, 1.0, 0.75])


def test_panels_are_corrected_each_by_itself() -> None:
    assert correct(np.array([[0.01, 0.02], [0.5, 0.04]])) == pytest.approx(np.array([[0.02, 0.02], [0.5, 0.08]]))


def test_moderation_finds_the_parameters_that_noise_was_drawn_with() -> None:
    random = np.random.default_rng(7)
    prior, freedom, towards = 6.0, 2, 4.0
    true = towards * prior / random.chisquare(prior, 20_000)
    variances = true * random.chisquare(freedom, 20_000) / freedom
    drawn, total = moderate(variances[None], freedom)
    assert total[0, 0] - freedom == pytest.approx(prior, rel=0.1)
    expected = (prior * towards + freedom * variances) / (prior + freedom)
    assert drawn[0] == pytest.approx(expected, rel=0.1)


def test_councils_as_noisy_as_one_another_share_one_noise() -> None:
    drawn, freedom = moderate(np.full((1, 25), 3.0), 2)
    assert np.isinf(freedom[0, 0])
    assert np.ptp(drawn) == 0


def test_a_figure_that_happens_to_be_the_same_twice_is_not_taken_for_certain() -> None:
    variances = np.linspace(1, 9, 25)[None]
    variances[0, 0] = 0.0
    drawn, _ = moderate(variances, 2)
    assert drawn[0, 0] > 0.1


def test_without_noise_in_most_councils_nothing_is_said() -> None:
    drawn, _ = moderate(np.array([[0.0] * 20 + [1.0] * 10]), 2)
    assert np.isnan(drawn).all()
