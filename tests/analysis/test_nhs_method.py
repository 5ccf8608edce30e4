"""NHS England's method, against its published steps written once more in plain NumPy and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from moothall.core.areas import AreaClass
from tests.analysis.likeness import list_all, make_model, make_space, read_lists
from tests.analysis.pool import make_area

MANY, FEATURES = 150, 15
WEIGHTS = [1.0] * 8 + [0.5] * 7


@pytest.fixture(scope="module")
def columns() -> np.ndarray:
    """Features of every shape: normal, long-tailed, with zeros, shares, whole numbers."""
    chance = np.random.default_rng(150)
    made = [chance.normal(50, 8, MANY) for _ in range(3)]
    made += [chance.lognormal(2, 1, MANY) for _ in range(4)]
    made += [np.maximum(chance.exponential(3, MANY) - 0.5, 0) for _ in range(3)]
    made += [chance.beta(2, 9, MANY) * 100 for _ in range(3)]
    made += [chance.poisson(4, MANY).astype(float), 1 / chance.normal(10, 1, MANY)]
    return np.array(made).T


def replicate(columns: np.ndarray) -> np.ndarray:
    """The distances as the published code has them: best transform, min-max to the weight, Euclidean."""
    scaled = []
    for x, weight in zip(columns.T, WEIGHTS, strict=True):
        ways = [x, stats.yeojohnson(x)[0], np.sqrt(x), np.log(1 + x), x**2]
        if x.min() > 0:
            ways += [stats.boxcox(x)[0], 1 / np.sqrt(x), 1 / x]
        best = max(ways, key=lambda way: stats.shapiro(way)[1])
        scaled.append((best - best.min()) / (best.max() - best.min()) * weight)
    points = np.array(scaled).T
    return np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))


def make_nhs_model() -> object:
    plain = make_model([["identity"] * FEATURES])
    data = plain.model_dump(mode="json") | {"method": "nhs_england"}
    for each, weight in zip(data["versions"][0]["domains"][0]["inputs"], WEIGHTS, strict=True):
        each["transform"], each["weight"] = None, weight
    return type(plain).model_validate(data)


def test_distances_and_peers_are_those_of_the_published_method(columns: np.ndarray) -> None:
    areas = [make_area(number, AreaClass.UNITARY) for number in range(1, MANY + 1)]
    model = make_nhs_model()
    space = make_space(model, columns, areas)  # type: ignore[arg-type]
    expected = replicate(columns)
    assert np.abs(space.distances - expected).max() < 1e-9
    np.fill_diagonal(expected, np.inf)
    peers = {
        areas[i].code: [areas[j].code for j in sorted(range(MANY), key=lambda j: (row[j], areas[j].code))[:15]]
        for i, row in enumerate(expected)
    }
    assert read_lists(list_all(model, columns, areas)) == peers  # type: ignore[arg-type]


def test_several_transforms_are_chosen(columns: np.ndarray) -> None:
    areas = [make_area(number, AreaClass.UNITARY) for number in range(1, MANY + 1)]
    space = make_space(make_nhs_model(), columns, areas)  # type: ignore[arg-type]
    assert len({scale.transform for scale in space.scales}) >= 3
