"""The same number everywhere: 1,000 random figures of the real release, in each place that shows them."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from django.test import Client

from moothall.release.queries import Release
from moothall.site.explorer.breakdowns import add_breakdown, name_metric

SEED = 2026
PARTS, STORED, NOT_STORED = 10, 92, 8  # ten parts of a hundred figures, so that two workers share them

# How a number is written, said here once more and on its own: nothing of this is read from the program.
AFTER = {
    "percent": "%", "tonnes": " tonnes", "kilograms": " kg", "kilograms_per_household": " kg per household",
    "kilograms_per_person": " kg per person", "per_100": " per 100", "per_1000": " per 1,000",
    "per_10000": " per 10,000", "per_100000": " per 100,000", "days": " days", "minutes": " minutes",
    "years": " years", "score": "", "count": "", "ratio": "", "pounds": "", "pounds_million": " million",
    "pounds_per_head": " per head", "pounds_per_hour": " per hour", "tonnes_per_person": " tonnes per person",
    "kilowatt_hours": " kWh", "square_kilometres": " square kilometres",
    "per_square_kilometre": " per square kilometre",
}  # fmt: skip
JUDGED = {1: "Outstanding", 2: "Good", 3: "Requires improvement to be good", 4: "Inadequate"}
ABSENT = {
    "not_submitted": "no return", "suppressed": "withheld", "unreliable": "unreliable",
    "not_available": "not available", "not_applicable": "not applicable", "reported_jointly": "reported jointly",
    "not_computable": "cannot be worked out", "out_of_range": "cannot be used", "no_row": "not published",
    "part_missing": "a part is missing",
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


def test_numbers_are_written_by_the_rule() -> None:
    assert write(0.5, "percent", 0) == "1%"
    assert write(-0.5, "percent", 0) == "−1%"
    assert write(-0.04, "percent", 1) == "0.0%"
    assert write(2.675, "pounds", 2) == "£2.68"
    assert write(-1234567.891, "pounds_per_head", 2) == "−£1,234,567.89 per head"
    assert write(999, "count", 0) == "999"
    assert (write(117549, "count", -2), write(49, "count", -2)) == ("117,500", "0")
    assert write(1000, "per_1000", 1) == "1,000.0 per 1,000"
    assert write(20230401, "date", 0) == "1 April 2023"


@pytest.fixture
def site(real_release: Release, django_ready: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(real_release.directory))
    return Client(HTTP_HOST="localhost")


@cache
def draw_keys(release: Release) -> list[list[Key]]:
    """The figures: most of them stored, some of councils that stood in a metric's period and have no row."""
    stored = pl.read_parquet(release.directory / "parquet" / "figures.parquet")
    names = ["metric_key", "breakdown", "area_code", "period"]
    drawn = stored.select(names).sample(PARTS * STORED, seed=SEED, shuffle=True).rows()
    held = set(stored.select(names).iter_rows())
    chance = random.Random(SEED)  # noqa: S311 - to draw, not to hide
    slices = sorted({(metric, breakdown, period) for metric, breakdown, _, period in held})
    standing = [area for area in release.areas(principal_only=True) if area.opened is None]
    absent: dict[Key, None] = {}
    while len(absent) < PARTS * NOT_STORED:
        metric, breakdown, period = chance.choice(slices)
        key = (metric, breakdown, chance.choice(standing).code, period)
        if key not in held:
            absent[key] = None
    keys = [*drawn, *absent]
    assert len(set(keys)) == PARTS * (STORED + NOT_STORED) == 1000
    return [keys[part::PARTS] for part in range(PARTS)]


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


def fetch(site: Client, address: str) -> str:
    response = site.get(address)
    assert response.status_code == 200, f"{address}: {response.status_code}"
    return str(response.content.decode())


def tell(site: Client, key: Key) -> Told:
    """Ask the API twice, for the figure and in a list, and as CSV; they agree in every field."""
    metric, breakdown, area, period = key
    query = urlencode({"metric": metric, "breakdown": breakdown, "area": area, "period": period, "peers": "type"})
    (answer,) = json.loads(fetch(site, f"/api/v1/figures?{query}"))["figures"]
    (row,) = csv.DictReader(io.StringIO(fetch(site, f"/api/v1/figures?{query}&format=csv")))
    assert set(row) == set(answer)
    for name, told in answer.items():
        if told is None:
            assert row[name] == "", name
        elif isinstance(told, bool):
            assert row[name] == json.dumps(told), name
        elif isinstance(told, list):
            assert row[name] == "; ".join(told), name
        elif isinstance(told, str):
            assert row[name].removeprefix("'") == told, name
        else:
            assert float(row[name]) == told, name
    one = urlencode({"breakdown": breakdown, "peers": "type"})
    alone = json.loads(fetch(site, f"/api/v1/figures/{metric}/{area}/{period}?{one}"))
    assert {name: alone[name] for name in answer} == answer
    if answer["value"] is None:
        return Told(key, answer, ABSENT[answer["marker"]])
    return Told(key, answer, write(answer["value"], answer["unit"], answer["places"]))


def check_sentence(told: Told, sentence: str) -> None:
    """The value is in the sentence, and its breakdown; without a value there is no number but those of its key."""
    named = add_breakdown("", told.key[1])
    if "not responsible" not in sentence:
        assert named in sentence, sentence
    if told.is_absent:
        assert "no figure for" in sentence or "not responsible" in sentence
        for told_of in (told.answer["area_name"], told.answer["period_label"], named):  # a name may have years in it
            sentence = sentence.replace(told_of, "")
        assert re.search(r"\d", sentence) is None, sentence
    else:
        assert re.search(rf"\b(was|estimated at) {re.escape(told.text)}", sentence), sentence


def check_metric_page(told: Told, site: Client) -> Counter[str]:
    """Sentence, key, mark on the strip, point of the trend and row of the council's metric page."""
    metric, breakdown, area, period = told.key
    query = urlencode({"area": area, "peers": "type", "period": period, "breakdown": breakdown})
    page = fetch(site, f"/metrics/{metric}?{query}")
    assert html.unescape(page).partition("</h1>")[0].endswith(name_metric("", breakdown).removeprefix(": "))
    (sentence,) = find_pieces(page, "p", "mh-sentence")
    check_sentence(told, read_text(sentence))
    seen: Counter[str] = Counter(sentence=1)
    for entry in find_pieces(page, "li", "mh-keys__entry"):
        if f"/areas/{area}" in entry:
            assert re.search(rf"(^| ){re.escape(told.text)}( |$)", read_text(entry)), read_text(entry)
            seen["key"] += 1
    strips, _, trend = page[page.find("<body") :].partition("mh-chart mh-trend")
    titles, points = read_titles(strips), read_titles(trend)
    name = told.answer["area_name"].removesuffix(", City of").removesuffix(", County of")
    names = [f"{the}{name}" for the in ("", "the ", "The ")]
    if told.answer["mads_peers"] is not None and told.answer["median_peers"] is not None:
        assert titles & {f"{name} {told.text}" for name in names}, told.text
        seen["mark"] += 1
    if told.is_absent:
        assert [each for each in titles if any(re.match(rf"{re.escape(name)} [−£]?\d", each) for name in names)] == []
    ending = f", {told.answer['period_label']}"
    drawn = {each for each in points if each.endswith(ending) and any(each.startswith(f"{name} ") for name in names)}
    assert drawn <= (set() if told.is_absent else {f"{name} {told.text}{ending}" for name in names})
    seen["point"] += len(drawn)
    for row in find_pieces(page, "tr"):
        if 'scope="row"' in row and area in row and any(read_text(cell) == area for cell in find_pieces(row, "td")):
            check_row(told, row)
            seen["row"] += 1
    return seen


def read_titles(page: str) -> set[str]:
    """What the marks of charts are called."""
    return {html.unescape(each) for each in re.findall(r"<title>([^<]*)</title>", page)}


def check_row(told: Told, row: str) -> None:
    """A value leads to where it comes from; what is absent is said in words and leads nowhere."""
    linked = [read_text(each) for each in find_pieces(row, "a") if "/figures/" in each]
    if told.is_absent:
        assert linked == []
        assert told.text in [read_text(cell) for cell in find_pieces(row, "td")]
    else:
        (link,) = linked
        assert link == told.text
        assert html.unescape(row).find(f'href="{told.trace}"') >= 0


def check_trace(told: Told, site: Client) -> None:
    """The page of where the figure comes from: its large value and its sentence."""
    page = fetch(site, told.trace)
    main = page[page.find("<main") :]
    (shown,) = find_pieces(main, "p", "mh-value")
    assert read_text(shown) == told.text
    check_sentence(told, read_text(next(find_pieces(main, "p", "govuk-body-l"))))


def check_links(told: Told, page: str) -> bool:
    """Where a page of the area has the figure, it is the same; what is missing is only named. Whether it has it."""
    links = [each for each in find_pieces(page, "a") if f'href="{told.trace}"' in html.unescape(each)]
    for link in links:
        said = read_text(link)
        named = rf" \({re.escape(told.answer['period_label'])}(, .* old)?\)$"
        assert said == told.text or (told.is_absent and re.search(named, said)), said
    return bool(links)


@pytest.mark.parametrize("part", range(PARTS))
def test_a_figure_is_the_same_everywhere(part: int, site: Client, real_release: Release) -> None:
    seen: Counter[str] = Counter()
    pages: dict[str, str] = {}
    for key in draw_keys(real_release)[part]:
        told = tell(site, key)
        assert told.answer["text"] == told.text
        seen["absent"] += told.is_absent
        seen += check_metric_page(told, site)
        check_trace(told, site)
        area = real_release.area(key[2])
        latest = real_release.metric(key[0]).latest_period == key[3] and key[1] == "all"
        if latest and (area.closed is None or area.closed > date.fromisoformat(real_release.record.built)):
            topic = f"/areas/{area.code}/topics/{real_release.metric(key[0]).topic}"
            for kind, address in (("area page", f"/areas/{area.code}/{area.slug}"), ("topic page", topic)):
                if address not in pages:
                    pages[address] = fetch(site, address)
                seen[kind] += check_links(told, pages[address])
    # Neither a page that was made anew nor a chance that fell badly may leave a place unlooked at.
    assert seen["sentence"] == STORED + NOT_STORED
    assert seen["key"] == seen["sentence"], seen
    assert seen["row"] >= 60, seen
    assert seen["mark"] >= 40, seen
    assert seen["point"] >= 40, seen
    assert seen["topic page"] >= 3, seen
    assert seen["absent"] >= NOT_STORED, seen
