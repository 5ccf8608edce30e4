"""The rules of `docs/methods/trends.md`, each example checked against the code."""

from __future__ import annotations

import numpy as np
import pytest

from moothall.analysis.change import find_middles
from moothall.analysis.kendall import find_chance, find_orders, fit_slopes
from moothall.analysis.series import choose_periods
from tests.analysis.series import make_trends
from tests.spec.examples import Examples, number

PAGE = Examples("trends.md")
NEAR = 5e-8  # the page has seven decimals


def words(text: str) -> list[str]:
    return [] if text == "-" else text.split()


def row(text: str) -> np.ndarray:
    return np.array([[float(part) for part in text.split()]])


def test_the_page_has_every_table() -> None:
    named = PAGE.named
    assert named == {"periods", "slope", "chance", "order", "direction", "middle"}


@pytest.mark.parametrize(("held", "breaks", "taken"), PAGE.of("periods"))
def test_periods(held: str, breaks: str, taken: str) -> None:
    assert choose_periods(held.split(), held.split()[-1], words(breaks)) == taken.split()
    assert choose_periods(held.split()[::-1], held.split()[-1], words(breaks)) == taken.split()


@pytest.mark.parametrize(("years", "values", "slope", "lower", "upper"), PAGE.of("slope"))
def test_slope(years: str, values: str, slope: str, lower: str, upper: str) -> None:
    found = fit_slopes(row(years), row(values))
    assert [found.slope[0], found.lower[0], found.upper[0]] == pytest.approx([float(slope), float(lower), float(upper)])


@pytest.mark.parametrize(("ties", "least", "chance"), PAGE.of("chance"))
def test_chance(ties: str, least: str, chance: str) -> None:
    assert find_chance(tuple(map(int, ties.split())), int(least)) == pytest.approx(float(chance), abs=NEAR)


@pytest.mark.parametrize(("values", "score", "p", "how"), PAGE.of("order"))
def test_order(values: str, score: str, p: str, how: str) -> None:
    rows = row(values)
    found = find_orders(np.arange(rows.shape[1], dtype=float)[None], rows)
    assert (found.score[0], found.p[0], found.method[0]) == (int(score), pytest.approx(float(p), abs=NEAR), how)


@pytest.mark.parametrize(
    ("values", "others", "breaks", "affected", "decimals", "points", "direction"), PAGE.of("direction")
)
def test_direction(
    values: str, others: str, breaks: str, affected: str, decimals: str, points: str, direction: str
) -> None:
    series = [[number(value) for value in values.split()], *([float(other)] for other in words(others))]
    [found] = make_trends(
        series, breaks=words(breaks), affected=words(affected), metric={"places": int(decimals)}
    )  # fmt: skip
    assert (found["points"], found["direction"] or "-") == (int(points), direction)
    assert (found["slope"] is None) is (int(points) < 5)


@pytest.mark.parametrize(("changes", "listed", "middle", "lower", "upper"), PAGE.of("middle"))
def test_middle(changes: str, listed: str, middle: str, lower: str, upper: str) -> None:
    found = find_middles(row(changes), np.array([int(listed)]))
    expected = [np.nan if text == "-" else float(text) for text in (middle, lower, upper)]
    assert [found.median[0], found.lower[0], found.upper[0]] == pytest.approx(expected, nan_ok=True)
