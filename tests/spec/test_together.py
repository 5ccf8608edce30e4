"""The rules of `docs/methods/together.md`, each example checked against the code."""

from __future__ import annotations

import pytest

from moothall.core.bands import say_closeness
from moothall.core.correlation import Correlation, correlate_ranks
from moothall.site.narrative.together import say_together
from tests.spec.examples import Examples, number

PAGE = Examples("together.md")


def values(text: str) -> list[float]:
    return [float(each) for each in text.split()]


def test_the_page_has_every_table() -> None:
    assert PAGE.named == {"correlation", "closeness", "words"}


@pytest.mark.parametrize(("one", "other", "rho", "lower", "upper"), PAGE.of("correlation"))
def test_correlation(one: str, other: str, rho: str, lower: str, upper: str) -> None:
    found = correlate_ranks(values(one), values(other))
    if number(rho) is None:
        assert found is None
        return
    assert found is not None
    assert [found.rho, found.lower, found.upper] == pytest.approx([float(rho), float(lower), float(upper)], abs=5e-8)


@pytest.mark.parametrize(("rho", "words"), PAGE.of("closeness"))
def test_closeness(rho: str, words: str) -> None:
    assert say_closeness(float(rho)) == ("" if words == "-" else words)


@pytest.mark.parametrize(("rho", "lower", "upper", "said"), PAGE.of("words"))
def test_words(rho: str, lower: str, upper: str, said: str) -> None:
    found = Correlation(float(rho), float(lower), float(upper), 290)
    assert say_together(found, 290, "councils in England", "bins missed", "people per mile") == said
