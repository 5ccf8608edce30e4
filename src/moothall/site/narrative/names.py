"""Names: places, periods, days and numbers as they stand inside a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_TURNED = re.compile(r"^(?P<place>.+), (?:City|County|Borough) of$")
_WITH_ARTICLE = {
    "City of London", "Isles of Scilly", "Greater London Authority", "East Midlands", "West Midlands", "North East",
    "West of England", "Liverpool City Region",
}  # fmt: skip
_OFFICIAL_WITH_ARTICLE = ("London Borough", "Royal Borough", "Borough Council of", "City of", "Council of")
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def capitalise(text: str) -> str:
    """The text with a capital at its beginning, and nothing else changed."""
    return text[:1].upper() + text[1:]


def join_words(parts: Sequence[str]) -> str:
    """The parts as they are listed in a sentence: "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def name_place(name: str) -> str:
    """A council's name as it reads in a sentence: "Bristol, City of" is "Bristol"."""
    turned = _TURNED.match(name)
    return turned["place"] if turned else name


def name_within(name: str) -> str:
    """A council's name inside a sentence, with the article it needs: "Croydon", "the Isles of Scilly"."""
    place = name_place(name)
    return f"the {place}" if place in _WITH_ARTICLE or place.endswith(" Waste Authority") else place


def name_official(official_name: str) -> str:
    """A full name inside a sentence, with its article: "Exeter City Council", "the London Borough of Bexley"."""
    needs = official_name.endswith("Authority") or official_name.startswith(_OFFICIAL_WITH_ARTICLE)
    return f"the {official_name}" if needs else official_name


def possessive(name: str, *, is_first: bool = True) -> str:
    """The name with its apostrophe, at the head of a sentence or in it: "Croydon’s", "The Isles of Scilly’s"."""
    place = capitalise(name_within(name)) if is_first else name_within(name)
    return f"{place}’" if place.endswith("s") else f"{place}’s"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ... 11th, 12th, 13th."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def count_words(number: int, singular: str, plural: str) -> str:
    """A number and its noun: one to nine in words, larger ones in figures."""
    said = _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else f"{number:,}"
    return f"{said} {singular if number == 1 else plural}"


def name_day(day: date) -> str:
    """A day as people write it: 27 March 2025."""
    return f"{day.day} {day:%B %Y}"


def name_span(start: date, end: date) -> str:
    """The months that a period is about: "April 2023 to March 2024"; a single day is that day."""
    if start == end:
        return name_day(start)
    first, last = f"{start:%B %Y}", f"{end:%B %Y}"
    return first if first == last else f"{first} to {last}"


def name_period(label: str) -> str:
    """The period as it follows "for": "2023-24", "the year to September 2025"."""
    return f"the {label}" if label.startswith(("academic year", "year to", "survey of")) else label
