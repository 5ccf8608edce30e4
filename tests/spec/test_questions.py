"""The rules of `docs/methods/questions.md`, each example checked against the code."""

from __future__ import annotations

import re
from typing import cast, get_args

import pytest

from moothall.site.explorer.scrutiny import ORDER, Matter, choose_matters, is_unlike, is_wide
from moothall.site.narrative.scrutiny import Raised, ask
from tests.spec.examples import Examples, number

PAGE = Examples("questions.md")


def read_matters(text: str) -> list[Matter]:
    if text == "-":
        return []
    found = []
    for place, each in enumerate(text.split(", ")):
        raised, name, topic, chance, *first = each.split("/")
        known = None if chance == "-" else float(chance)
        found.append(Matter(cast(Raised, raised), name, topic, place, bool(first), known))
    return found


def test_the_page_has_every_table() -> None:
    assert PAGE.named == {"wide", "unlike", "turns"}


@pytest.mark.parametrize(("most", "matters", "asked"), PAGE.of("turns"))
def test_turns(most: str, matters: str, asked: str) -> None:
    expected = [] if asked == "-" else asked.split()
    given = read_matters(matters)
    assert [each.metric for each in choose_matters(given, int(most))] == expected
    assert [each.metric for each in choose_matters(given[::-1], int(most))] == expected, "the order given plays no part"


@pytest.mark.parametrize(("lower", "upper", "median", "spread", "wide"), PAGE.of("wide"))
def test_wide(lower: str, upper: str, median: str, spread: str, wide: str) -> None:
    assert is_wide(number(lower), number(upper), number(median), number(spread)) is (wide == "yes")


@pytest.mark.parametrize(("lower", "upper", "unlike"), PAGE.of("unlike"))
def test_unlike(lower: str, upper: str, unlike: str) -> None:
    assert is_unlike(number(lower), number(upper)) is (unlike == "yes")


def test_the_page_has_the_questions_as_they_are_asked_and_in_their_order() -> None:
    said = dict(re.findall(r"^\| (\w+) \| ([A-Z].*\?) \|$", PAGE.text, re.MULTILINE))
    assert said == {raised: ask(raised) for raised in ORDER}
    assert list(said) == list(ORDER)
    assert set(ORDER) == set(get_args(Raised))


def test_no_question_holds_a_number_or_a_judgement() -> None:
    for raised in ORDER:
        assert not re.search(r"\d|better|worse|good|bad|fail", ask(raised))
