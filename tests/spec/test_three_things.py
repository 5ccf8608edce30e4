"""The rules of `docs/methods/three-things.md`, each example checked against the code."""

from __future__ import annotations

import pytest

from moothall.site.explorer.three_things import Candidate, choose_things, hold_trends
from tests.spec.examples import Examples

PAGE = Examples("three-things.md")


def read_candidates(text: str) -> list[Candidate]:
    if text == "-":
        return []
    found = []
    for place, each in enumerate(text.split(", ")):
        name, topic, chance, *first = each.split("/")
        found.append(Candidate(name, topic, place, bool(first), None if chance == "-" else float(chance)))
    return found


def test_the_page_has_every_table() -> None:
    assert PAGE.named == {"trends together", "choice"}


@pytest.mark.parametrize(("candidates", "told"), PAGE.of("choice"))
def test_choice(candidates: str, told: str) -> None:
    expected = [] if told == "-" else told.split()
    given = read_candidates(candidates)
    assert [each.metric for each in choose_things(given)] == expected
    assert [each.metric for each in choose_things(reversed(given))] == expected, "the order given plays no part"


@pytest.mark.parametrize(("chances", "passing"), PAGE.of("trends together"))
def test_trends_together(chances: str, passing: str) -> None:
    given = {f"metric-{place}": float(each) for place, each in enumerate(chances.split())}
    expected = [] if passing == "-" else [float(each) for each in passing.split()]
    assert list(hold_trends(given).values()) == expected
