"""The council tax bill in words: what a home was charged, who set how much of it, and what was not charged apart."""

from __future__ import annotations

from collections.abc import Sequence

from moothall.site.narrative.names import capitalise, join_words, name_within


def say_bill(place: str, council: str, period: str, total: str, own: str) -> str:
    """The whole bill and the billing council's own part, in two sentences."""
    return (
        f"A Band D home in {name_within(place)} was charged {total} in {period}. "
        f"{capitalise(council)}, which sends the bill, set {own} of it."
    )


def say_bill_incomplete(place: str, period: str, missing: Sequence[str]) -> str:
    """Which parts are not held, so that no sum is made."""
    return (
        f"This is not the whole bill of a home in {name_within(place)} in {period}. "
        f"What is charged for {join_words(missing)} is not held here, so nothing is added up."
    )


def say_bill_apart(place: str, period: str) -> str:
    """That parts and the published bill differ, so that no sum is made."""
    return f"These parts do not come to the bill published for {name_within(place)} in {period}, so no sum is shown."


def say_no_charge(what: Sequence[str], holder: str = "") -> str:
    """That nothing was charged apart for some things, and who had that service."""
    has = f": it was a service of {holder}" if holder else ""
    return (
        f"There was no separate charge for {' or '.join([', '.join(what[:-1]), what[-1]] if what[1:] else what)}{has}."
    )
