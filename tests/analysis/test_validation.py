"""Validation: planted measures that the inputs decide, or that chance does, and the arithmetic of skill."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from moothall.analysis.neighbours import find_neighbours
from moothall.analysis.validation import (
    Ground,
    Scored,
    find_middle,
    lay_out_crudely,
    resample_themes,
    validate,
    weigh_equally,
    whiten_half,
)
from moothall.core.neighbour_models import Pool
from moothall.core.statistics import median
from tests.analysis.likeness import make_councils, make_model, make_space, spread_values
from tests.analysis.pool import make_register

MANY = 90
MODEL = make_model([["identity", "identity"], ["identity"]])


@pytest.fixture(scope="module")
def columns() -> np.ndarray:
    return np.random.default_rng(4).normal(10, 2, (MANY, 3))


def judge(columns: np.ndarray, measures: list[np.ndarray], themes: list[str]) -> pl.DataFrame:
    """What validation says of the model over measures of as many councils, with a set published beside it."""
    areas = make_councils(MANY)
    codes = tuple(area.code for area in areas)
    space = make_space(MODEL, columns, areas)
    values = spread_values(columns, areas)
    ground = Ground(
        codes=codes,
        classes=("unitary",) * MANY,
        spaces={"open_general": {Pool.SINGLE_TIER: space}},
        crude={Pool.SINGLE_TIER: lay_out_crudely(space, values, codes)},
        published={"elsewhere": {code: [codes[(i + 1) % MANY], codes[(i + 2) % MANY]] for i, code in enumerate(codes)}},
    )
    scored = [
        Scored(f"m{place}", theme, {c: float(y) for c, y in zip(codes, each, strict=True) if not np.isnan(y)})
        for place, (each, theme) in enumerate(zip(measures, themes, strict=True))
    ]
    lists = find_neighbours([MODEL], {("open_general", "2024"): values}, make_register(areas))["neighbour_lists"]
    return validate({"single_tier": scored, "county": [], "district": scored}, ground, lists, 7)


def read(found: pl.DataFrame, test: str, subject: str, against: str = "") -> float:
    rows = found.filter(tier="single_tier", test=test, subject=subject, against=against)
    return float(rows.get_column("value").item())


def test_neighbours_tell_what_the_inputs_decide(columns: np.ndarray) -> None:
    chance = np.random.default_rng(5)
    decided = [columns.sum(axis=1) + chance.normal(0, 1, MANY), columns[:, 0] * columns[:, 2]]
    found = judge(columns, decided, ["a", "b"])
    assert read(found, "skill", "open_general") > 0.3
    assert abs(read(found, "skill", "whole_pool")) < 0.01
    assert read(found, "skill", "random") < 0
    assert read(found, "difference", "open_general", "random") > 0.3
    assert abs(read(found, "control", "shuffled", "random")) < 0.02
    assert read(found, "sensitivity", "open_general/without-d0") < read(found, "skill", "open_general")
    assert read(found, "overlap", "open_general/k-10", "open_general") == pytest.approx(10 / 15)
    assert 0.4 < read(found, "stability", "open_general") <= 1


def test_neighbours_tell_nothing_of_chance(columns: np.ndarray) -> None:
    chance = np.random.default_rng(6)
    found = judge(columns, [chance.normal(0, 1, MANY) for _ in range(20)], ["a", "b"] * 10)
    assert read(found, "skill", "open_general") == pytest.approx(read(found, "skill", "random"), abs=0.03)
    low, high = found.filter(test="difference", tier="all", against="random").select("lower", "upper").row(0)
    assert low <= read(found, "difference", "open_general", "random") <= high


def test_an_input_that_nearly_is_the_measure_does_not_count(columns: np.ndarray) -> None:
    nearly = columns[:, 2] + np.random.default_rng(8).normal(0, 0.1, MANY)
    found = judge(columns, [nearly, nearly], ["a", "b"])
    assert read(found, "skill", "open_general") == pytest.approx(read(found, "skill", "random"), abs=0.1)
    assert read(found, "sensitivity", "open_general/equal-weights") > 0.3  # variants keep it, and say so little


def test_a_set_with_too_few_on_its_lists_is_not_scored(columns: np.ndarray) -> None:
    found = judge(columns, [columns[:, 0]], ["a"])
    assert found.filter(test="skill", subject="elsewhere").is_empty()
    assert 0 < read(found, "overlap", "elsewhere", "open_general") < 0.5
    # One theme cannot be drawn anew.
    assert found.filter(test="skill", tier="single_tier").get_column("lower").null_count() > 0


def test_middles_are_medians_of_what_is_there() -> None:
    values = np.array([1.0, 2.0, np.nan, 4.0, 50.0, 6.0])
    lists = np.array([[0, 1, 3, 4, 5], [0, 1, 2, 3, 4], [0, 1, 2, -1, -1], [5, 4, 3, -1, -1]])
    expected = [median([1, 2, 4, 50, 6]), median([1, 2, 4, 50]), np.nan, 6.0]
    assert find_middle(values, lists).tolist() == pytest.approx(expected, nan_ok=True)


def test_whole_themes_are_drawn() -> None:
    known = [(0.1, "a"), (0.1, "a"), (0.3, "b")]
    low, high = resample_themes(known, 1)
    assert (low, high) == pytest.approx((0.1, 0.3))
    assert resample_themes([(0.1, "a"), (0.2, "a")], 1) == (None, None)


def test_crude_and_equal_and_whitened_are_what_they_say(columns: np.ndarray) -> None:
    areas = make_councils(MANY)
    space = make_space(MODEL, columns, areas)
    crude = lay_out_crudely(space, spread_values(columns, areas), [area.code for area in areas])
    assert crude.z == pytest.approx((columns - columns.mean(axis=0)) / columns.std(axis=0))
    assert set(weigh_equally(space).weights) == {1 / 3}
    spreads = whiten_half(space).z.var(axis=0, ddof=1)
    assert spreads**2 == pytest.approx(np.sort(np.linalg.eigvalsh(np.cov(space.z, rowvar=False))))
