"""The rules of `docs/methods/reorganisation.md`, each example checked against the roll-up."""

from __future__ import annotations

from datetime import date

import pytest

from tests.analysis.pool import make_metric
from tests.analysis.reorganised import BEFORE, PARTS, give, roll
from tests.spec.examples import Examples, number

PAGE = Examples("reorganisation.md")
FUNCTION = {"lower": "bins", "upper": "care", "every": "corporate", "same": "corporate"}


def values(text: str) -> dict[str, float | None]:
    return {code: number(value) for code, value in (each.split("=") for each in text.split())}


def test_the_page_has_every_table() -> None:
    named = PAGE.named
    assert named == {"parts", "sums", "rates", "means"}


@pytest.mark.parametrize(("area", "tier", "day", "councils"), PAGE.of("parts"))
def test_parts(area: str, tier: str, day: str, councils: str) -> None:
    held = [p.part_code for p in PARTS if (p.area_code, p.tier) == (area, tier) and p.holds(date.fromisoformat(day))]
    assert held == ([] if councils == "-" else councils.split())


@pytest.mark.parametrize(("tier", "figures", "area", "expected", "marker"), PAGE.of("sums"))
def test_sums(tier: str, figures: str, area: str, expected: str, marker: str) -> None:
    metric = make_metric(key="moots", functions=[FUNCTION[tier]], adds_up={"sum": tier})
    found = roll(give("moots", values(figures)), metric).get(("moots", area, BEFORE))
    assert found == (None if marker == "-" else (number(expected), marker))


@pytest.mark.parametrize(("numerators", "denominators", "area", "expected"), PAGE.of("rates"))
def test_rates(numerators: str, denominators: str, area: str, expected: str) -> None:
    above, below = (make_metric(key=key, functions=["bins"], adds_up={"sum": "lower"}) for key in ("above", "below"))
    rule = {"numerator": "above", "denominator": "below"}
    rate = make_metric(key="rate", functions=["bins"], unit="percent", adds_up=rule)
    # A rate is worked out in periods in which some council has one published.
    rows = give("above", values(numerators)) + give("below", values(denominators)) + give("rate", {"E1": 1})
    found = roll(rows, above, below, rate).get(("rate", area, BEFORE))
    assert found == (None if expected == "-" else (number(expected), "derived_sum"))


@pytest.mark.parametrize(("figures", "weights", "area", "expected"), PAGE.of("means"))
def test_means(figures: str, weights: str, area: str, expected: str) -> None:
    weight = make_metric(key="weight", functions=["bins"], adds_up={"sum": "lower"})
    mean = make_metric(key="mean", functions=["bins"], unit="pounds", adds_up={"weight": "weight"})
    rows = give("mean", values(figures)) + give("weight", values(weights))
    found = roll(rows, weight, mean).get(("mean", area, BEFORE))
    assert found == (None if expected == "-" else (number(expected), "approx_weighted"))
