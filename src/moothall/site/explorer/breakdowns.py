"""Breakdowns: a value within a metric's own dimension, named in words wherever its figures stand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from moothall.release.records import ALL

_NUMBER = re.compile(r"\d+")
_BAND = re.compile(r"^band-([a-z])$")
_PROPER = {
    "asian": "Asian",
    "black": "Black",
    "childrens-social-care": "children’s social care",
    "chinese": "Chinese",
    "jobcentre": "Jobcentre",
    "white": "White",
}


def name_breakdown(breakdown: str) -> str:
    """A breakdown inside a sentence: "domestic abuse", "band A", "Asian"."""
    band = _BAND.match(breakdown)
    if band:
        return f"band {band[1].upper()}"
    return _PROPER.get(breakdown, breakdown.replace("-", " "))


def name_metric(title: str, breakdown: str) -> str:
    """A metric's title with the breakdown shown: "Homeless households owed help: domestic abuse"."""
    if breakdown == ALL:
        return title
    return f"{title}{', ' if ': ' in title else ': '}{name_breakdown(breakdown)}"


def add_breakdown(words: str, breakdown: str) -> str:
    """Words inside a sentence with the breakdown that it is about behind them: "2024-25 (domestic abuse)"."""
    return words if breakdown == ALL else f"{words} ({name_breakdown(breakdown)})"


def list_in_order(breakdowns: Iterable[str]) -> list[str]:
    """Breakdowns as people read them: all first, ages and lengths of time from the least, the others by name."""
    return sorted(breakdowns, key=_find_place)


def _find_place(breakdown: str) -> tuple[bool, float, bool, str]:
    number = _NUMBER.search(breakdown)
    if number is None:
        return breakdown != ALL, 0, False, breakdown
    # Months and years of waiting stand in one list; what is "up to" a number comes before what begins at it.
    times = 1 if "month" in breakdown else 12
    return True, times * int(number[0]), not ("up-to-" in breakdown or "under-" in breakdown), breakdown
