"""The rules of `docs/methods/words.md`, each example checked against the words that pages and the API have."""

from __future__ import annotations

import pytest

from moothall.core.bands import BANDS, compare_words
from moothall.core.values import Marker, Polarity
from moothall.site.narrative.change import say_trend
from moothall.site.narrative.comparison import say_comparisons, say_position, say_rank
from tests.site.told import make_comparison, make_figure, make_metric, make_trend
from tests.spec.examples import Examples, number

PAGE = Examples("words.md")


def ends(text: str) -> tuple[float | None, float | None]:
    low, high = [*text.split(), "-", "-"][:2] if text != "-" else ("-", "-")
    return number(low), number(high)


def words(text: str) -> str:
    return "" if text == "-" else text


def test_the_page_has_every_table() -> None:
    named = PAGE.named
    assert named == {"bands", "chance", "two", "trend", "rank"}


def test_every_edge_of_a_band_is_an_example() -> None:
    distances = {abs(float(row[1])) for row in PAGE.read("bands")}
    assert {band.least for band in BANDS} <= distances


@pytest.mark.parametrize(("distance", "higher", "lower", "neither"), PAGE.of("bands"))
def test_bands(distance: str, higher: str, lower: str, neither: str) -> None:
    said = [compare_words(float(distance), each) for each in (Polarity.HIGHER, Polarity.LOWER, Polarity.NONE)]
    assert said == [words(higher), words(lower), words(neither)]


@pytest.mark.parametrize(("value", "median", "distance", "p", "q", "interval", "said"), PAGE.of("chance"))
def test_chance(value: str, median: str, distance: str, p: str, q: str, interval: str, said: str) -> None:
    lower, upper = ends(interval)
    comparison = make_comparison(float(median), number(distance), p=number(p), q=number(q))
    figure = make_figure(float(value), lower=lower, upper=upper)
    assert say_comparisons(figure, make_metric(), [comparison])[0] == said


@pytest.mark.parametrize(
    ("value", "first_median", "first_distance", "second_median", "second_distance", "said"), PAGE.of("two")
)
def test_two(
    value: str, first_median: str, first_distance: str, second_median: str, second_distance: str, said: str
) -> None:
    neighbours = make_comparison(
        float(first_median), float(first_distance), label="statistical neighbours", article="its"
    )
    england = make_comparison(float(second_median), float(second_distance), label="councils in England")
    assert say_comparisons(make_figure(float(value)), make_metric(), [neighbours, england])[0] == said


@pytest.mark.parametrize(("value", "direction", "change", "better", "neighbours", "interval", "said"), PAGE.of("trend"))
def test_trend(value: str, direction: str, change: str, better: str, neighbours: str, interval: str, said: str) -> None:
    low, high = ends(interval)
    trend = make_trend(
        direction=words(direction) or None,
        change=float(change),
        change_neighbours=number(neighbours),
        change_lower=low,
        change_upper=high,
    )
    metric = make_metric(polarity=Polarity(better))
    assert say_trend(make_figure(float(value)), metric, trend) == words(said)


@pytest.mark.parametrize(("rank", "of", "joint", "interval", "said"), PAGE.of("rank"))
def test_rank(rank: str, of: str, joint: str, interval: str, said: str) -> None:
    figure = make_figure(rank=number(rank) and int(rank), rank_of=number(of) and int(of))
    position = say_position(figure, "London boroughs", is_joint=joint == "yes")
    low, high = ends(interval)
    known = None if low is None or high is None else (int(low), int(high))
    assert say_rank(position, known) == words(said)


def test_a_spread_that_cannot_be_seen_is_said() -> None:
    tied = make_comparison(45.0, None, marker=Marker.SPREAD_ZERO)
    said, _ = say_comparisons(make_figure(50.0), make_metric(), [tied])
    assert said == (
        "The median of London boroughs was 45.0%. More than half of them have that value, or one that looks the same."
    )
