"""The rules of `docs/methods/neighbours.md`, each example checked against the code."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from moothall.analysis.likened_by import read_values
from moothall.analysis.neighbours import measure
from moothall.analysis.validation import find_far, find_middle, find_skill
from moothall.core.grounds import Part, Tier
from moothall.core.likeness import (
    Gap,
    balance,
    bend,
    choose_many,
    explain,
    find_distance,
    name_closeness,
    order_by_distance,
    standardise,
    transform,
)
from moothall.core.neighbour_models import Transform
from tests.analysis.likeness import make_model
from tests.analysis.pool import make_current
from tests.spec.examples import Examples, number

PAGE = Examples("neighbours.md")
NAMED = {"ground", "transform", "standardise", "bend", "weights", "distance", "closeness", "many", "order", "explain"}


def numbers(text: str) -> list[float]:
    return [float(part) for part in text.split()]


def named(text: str) -> dict[str, float]:
    return {key: float(value) for key, value in (part.split("=") for part in text.split())}


def test_the_page_has_every_table() -> None:
    assert PAGE.named == NAMED | {"skill"}


@pytest.mark.parametrize(("values", "weights", "mean"), PAGE.of("ground"))
def test_ground(values: str, weights: str, mean: str) -> None:
    model = make_model([["identity"]])
    data = model.model_dump(mode="json")
    data["versions"][0]["domains"][0]["inputs"][0]["mean_by"] = {"metric": "weight", "period": "2023-24"}
    version = type(model).model_validate(data).versions[0]
    rows = [
        {"metric_key": key, "area_code": f"E{place}", "value": number(each)}
        for key, its in (("i0", values), ("weight", weights))
        for place, each in enumerate(its.split())
    ]
    parts = [Part("C", Tier.LOWER, f"E{place}", None, date(2025, 4, 1)) for place in range(len(values.split()))]
    found = read_values(make_current(rows), version, parts)["i0", "all"].get("C", (None, ""))
    assert found[0] == pytest.approx(number(mean))


@pytest.mark.parametrize(("by", "value", "result"), PAGE.of("transform"))
def test_transform(by: str, value: str, result: str) -> None:
    assert transform(float(value), Transform(by)) == pytest.approx(number(result), abs=1e-6)


@pytest.mark.parametrize(("value", "mean", "deviation", "z"), PAGE.of("standardise"))
def test_standardise(value: str, mean: str, deviation: str, z: str) -> None:
    assert standardise(float(value), float(mean), float(deviation)) == float(z)


@pytest.mark.parametrize(("value", "power", "result"), PAGE.of("bend"))
def test_bend(value: str, power: str, result: str) -> None:
    assert bend(float(value), float(power)) == pytest.approx(float(result), abs=1e-6)


@pytest.mark.parametrize(("domains", "domain_weights", "own", "columns", "weights"), PAGE.of("weights"))
def test_weights(domains: str, domain_weights: str, own: str, columns: str, weights: str) -> None:
    given = [numbers(column) for column in columns.split(";")]
    found = balance(domains.split(), named(domain_weights), numbers(own), given)
    assert found == pytest.approx(numbers(weights), abs=1e-6)


@pytest.mark.parametrize(("one", "other", "weights", "distance"), PAGE.of("distance"))
def test_distance(one: str, other: str, weights: str, distance: str) -> None:
    expected = pytest.approx(float(distance))
    assert find_distance(numbers(one), numbers(other), numbers(weights)) == expected
    assert measure(np.array([numbers(one), numbers(other)]), numbers(weights))[0, 1] == expected


@pytest.mark.parametrize(("percentile", "word"), PAGE.of("closeness"))
def test_closeness(percentile: str, word: str) -> None:
    assert name_closeness(float(percentile)) == word


@pytest.mark.parametrize(("k", "pool", "neighbours"), PAGE.of("many"))
def test_many(k: str, pool: str, neighbours: str) -> None:
    assert choose_many(int(k), int(pool)) == int(neighbours)


@pytest.mark.parametrize(("distances", "nearest"), PAGE.of("order"))
def test_order(distances: str, nearest: str) -> None:
    assert [code for code, _ in order_by_distance(named(distances))] == nearest.split()


@pytest.mark.parametrize(("gaps", "similar", "differs"), PAGE.of("explain"))
def test_explain(gaps: str, similar: str, differs: str) -> None:
    ordered = sorted((value, key) for key, value in named(gaps).items())
    alike, far = explain([Gap(key, value, 0.0, value) for value, key in ordered])
    assert alike == similar.split()
    assert far == [each for each in differs.split() if each != "-"]


@pytest.mark.parametrize(("values", "lists", "skill"), PAGE.of("skill"))
def test_skill(values: str, lists: str, skill: str) -> None:
    y = np.array(numbers(values))
    chosen = np.array([[int(each) - 1 for each in row.split(",")] for row in lists.split()])
    found = find_skill(np.abs(y - find_middle(y, chosen)), find_far(y, y))
    assert found == pytest.approx(np.nan if skill == "-" else float(skill), nan_ok=True)
