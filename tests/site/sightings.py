"""Figures read back from pages, charts and sentences, each held against what it is to be shown as."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import date

from django.test import Client

from moothall.release.queries import Release
from moothall.site.explorer.breakdowns import add_breakdown
from tests.site.written import Key, Told, find_pieces, read_descriptions, read_text, read_titles


class Site:
    """The site, asked as a reader would, and its pages of areas, each asked for once."""

    def __init__(self, client: Client, release: Release) -> None:
        self.client, self.release = client, release
        self.pages: dict[str, str] = {}

    def take(self, address: str) -> bytes:
        response = self.client.get(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        return bytes(response.content)

    def read(self, address: str) -> str:
        return self.take(address).decode()

    def read_once(self, address: str) -> str:
        if address not in self.pages:
            self.pages[address] = self.read(address)
        return self.pages[address]

    def is_latest(self, key: Key) -> bool:
        return self.release.metric(key[0]).latest_period == key[3] and key[1] == "all"

    def stands(self, code: str) -> bool:
        closed = self.release.area(code).closed
        return closed is None or closed > date.fromisoformat(self.release.record.built)


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


def see_strip(told: Told, strips: str) -> Counter[str]:
    """The mark of the council on the strip, and what the strip is called and says to those who do not see it."""
    titles, described = read_titles(strips), read_descriptions(strips)
    if told.is_absent:
        for name in told.names:
            assert not any(re.match(rf"{re.escape(name)} [−£]?\d", each) for each in titles)
            assert not any(re.search(rf"[.] {re.escape(name)}: [−£]?\d", said) for _, said in described)
    if told.answer["mads_peers"] is None or told.answer["median_peers"] is None:
        return Counter()
    assert titles & {f"{name} {told.text}" for name in told.names}, told.text
    saying = [title for title, said in described if any(f". {name}: {told.text}." in said for name in told.names)]
    assert saying, described
    assert all(title.endswith(f", {told.answer['period_label']}") for title in saying), saying
    return Counter(mark=1, description=1)


def see_trend(told: Told, trend: str) -> Counter[str]:
    """The point of the council in the trend, and the first and last of them in the words of it."""
    ending = f", {told.answer['period_label']}"
    drawn = {
        each
        for each in read_titles(trend)
        if each.endswith(ending) and any(each.startswith(f"{name} ") for name in told.names)
    }
    assert drawn <= (set() if told.is_absent else {f"{name} {told.text}{ending}" for name in told.names})
    seen = Counter(point=len(drawn))
    found = re.search(r'<desc id="trend-desc">([^<]*)</desc>', trend)
    words = next((each for name in told.names for each in _find_clause(found, name)), "")
    for value in re.findall(rf"(?:^|, )([^,]*(?:,\d{{3}}[^,]*)*) in {re.escape(told.answer['period_label'])}", words):
        assert value == told.text, words
        seen["end of trend"] += 1
    return seen


def _find_clause(described: re.Match[str] | None, name: str) -> list[str]:
    """What a trend's description says first, of the council itself."""
    said = html.unescape(described[1]) if described else ""
    start = f"{name}: "
    return [re.split(r"[.] |[.]$|, no figure", said.removeprefix(start))[0]] if said.startswith(start) else []


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


def check_links(told: Told, page: str) -> bool:
    """Where a page of the area has the figure, it is the same; what is missing is only named. Whether it has it."""
    links = [each for each in find_pieces(page, "a") if f'href="{told.trace}"' in html.unescape(each)]
    for link in links:
        check_words_of_link(told, read_text(link))
    return bool(links)


def check_words_of_link(told: Told, said: str) -> None:
    """A link to where a figure comes from says its value; what is missing is named, with its period."""
    named = rf" \({re.escape(told.answer['period_label'])}(, .* old)?\)$"
    assert said == told.text or (told.is_absent and re.search(named, said)), said
