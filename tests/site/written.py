"""How a figure is to be written, and reading it from a page: told once more, from nothing of the program."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import Any

AFTER = {
    "percent": "%", "tonnes": " tonnes", "kilograms": " kg", "kilograms_per_household": " kg per household",
    "kilograms_per_person": " kg per person", "per_100": " per 100", "per_1000": " per 1,000",
    "per_10000": " per 10,000", "per_100000": " per 100,000", "days": " days", "minutes": " minutes",
    "years": " years", "score": "", "count": "", "ratio": "", "pounds": "", "pounds_in_all": "",
    "pounds_million": " million", "pounds_per_head": " per head", "pounds_per_hour": " per hour",
    "tonnes_per_person": " tonnes per person",
    "kilowatt_hours": " kWh", "square_kilometres": " square kilometres",
    "per_square_kilometre": " per square kilometre",
}  # fmt: skip
JUDGED = {1: "Outstanding", 2: "Good", 3: "Requires improvement to be good", 4: "Inadequate"}
ABSENT = {
    "not_submitted": "no return", "suppressed": "withheld", "unreliable": "unreliable",
    "not_available": "not available", "not_applicable": "not applicable", "reported_jointly": "reported jointly",
    "not_computable": "cannot be worked out", "out_of_range": "cannot be used", "no_row": "not published",
    "part_missing": "a part is missing", "nearly_zero": "nearly zero",
    "not_responsible": "not responsible",
}  # fmt: skip
MONTHS = ("January", "February", "March", "April", "May", "June", "July",
          "August", "September", "October", "November", "December")  # fmt: skip

Key = tuple[str, str, str, str]
"""Metric, breakdown, area, period."""


def write(value: float, unit: str, places: int) -> str:
    """A value as people are to read it."""
    if unit == "judgement":
        return JUDGED[int(value)]
    if unit == "date":
        year, month, day = int(value) // 10_000, int(value) // 100 % 100, int(value) % 100
        return f"{day} {MONTHS[month - 1]} {year}"
    shift = Decimal(10) ** places
    whole = (Decimal(str(value)) * shift).quantize(Decimal(1), ROUND_HALF_UP)
    digits = str(abs(int(whole)))
    if places < 0 and whole:  # to the nearest ten, hundred ...
        digits += "0" * -places
    digits = digits.rjust(places + 1, "0")
    before, after = (digits[:-places], digits[-places:]) if places > 0 else (digits, "")
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", ",", before)
    number = f"{grouped}.{after}" if after else grouped
    return f"{'−' if whole < 0 else ''}{'£' if unit.startswith('pounds') else ''}{number}{AFTER[unit]}"


class Texts(HTMLParser):
    """The text of a piece of a page, without its tags."""

    def __init__(self, piece: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(piece)
        self.close()

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def read_text(piece: str) -> str:
    return " ".join("".join(Texts(piece).parts).split())


def find_pieces(page: str, tag: str, mark: str = "") -> Iterator[str]:
    """Every element of a tag that does not hold itself, whose opening tag has the mark."""
    for found in re.finditer(rf"<{tag}\b([^>]*)>(.*?)</{tag}>", page, re.DOTALL):
        if mark in found[1]:
            yield found[0]


@dataclass(frozen=True)
class Told:
    """A figure as the API tells it, and as it is to be shown."""

    key: Key
    answer: dict[str, Any]
    text: str

    @property
    def is_absent(self) -> bool:
        return self.answer["value"] is None

    @property
    def trace(self) -> str:
        metric, breakdown, area, period = self.key
        return f"/figures/{metric}/{area}/{period}" + (f"?breakdown={breakdown}" if breakdown != "all" else "")

    @property
    def names(self) -> list[str]:
        """What a chart may call the area."""
        name = self.answer["area_name"].removesuffix(", City of").removesuffix(", County of")
        return [f"{the}{name}" for the in ("", "the ", "The ")]


def make_told(answer: dict[str, Any]) -> Told:
    """A figure of the API with what it is to be shown as."""
    key = (answer["metric"], answer["breakdown"], answer["area"], answer["period"])
    if answer["value"] is None:
        return Told(key, answer, ABSENT[answer["marker"]])
    return Told(key, answer, write(answer["value"], answer["unit"], answer["places"]))


def read_titles(page: str) -> set[str]:
    """What the marks of charts are called."""
    return {html.unescape(each) for each in re.findall(r"<title>([^<]*)</title>", page)}


def read_descriptions(page: str) -> list[tuple[str, str]]:
    """The title and the description of each chart."""
    found = re.findall(r'<title id="[^"]*">([^<]*)</title><desc id="[^"]*">([^<]*)</desc>', page)
    return [(html.unescape(title), html.unescape(said)) for title, said in found]
