"""Things to know of a council: how many there are, how many were looked at, and how many may be chance."""

from __future__ import annotations

from moothall.site.narrative.names import capitalise, count_words

LIMIT = 0.05
"""The share of what stands out that may stand out by chance (`methods` 2.7)."""

_ONE = 0.95  # below it fewer than one is to be expected


def say_heading(number: int) -> str:
    """The heading: "Three things to know"."""
    return f"{capitalise(count_words(number, 'thing', 'things'))} to know" if number else "Nothing stands out"


def say_things_looked_at(others: str, differences: int, trends: int, differing: int, moving: int, listed: int) -> str:
    """How many differences from others and trends were tested, how many passed, and what chance may account for."""
    said = [
        f"We tested {count_words(differences, 'difference', 'differences')} from {others} and "
        f"{count_words(trends, 'trend', 'trends')} for chance, leaving out figures that are old or of few cases."
        if differences or trends
        else "It has no figure that can be tested for chance."
    ]
    if passed := differing + moving:
        first, then = count_words(differing, "difference", "differences"), count_words(moving, "trend", "trends")
        which = "this one" if passed == 1 else f"these {count(passed)}"
        said.append(f"{capitalise(first)} and {then} passed.")
        said.append(f"Of {which}, {say_expected(LIMIT * passed)} may be so by chance.")
    elif differences or trends:
        said.append("Not one of them passed.")
    if listed:
        said.append(f"It is listed as worth learning from in {count_words(listed, 'metric', 'metrics')}.")
    return " ".join(said)


def say_expected(number: float) -> str:
    """A number to be expected by chance, in words."""
    return "fewer than one" if number < _ONE else f"about {count(round(number))}"


def say_exemplar(*, is_change: bool) -> str:
    """That others may learn from the council here."""
    why = "it came much further than others" if is_change else "it is among the top tenth"
    return f"Worth learning from: {why}."


def count(number: int) -> str:
    """A number by itself, in words up to nine."""
    return count_words(number, "", "").strip()
