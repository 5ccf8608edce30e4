"""Figures that leave the site: in charts embedded elsewhere, in pictures of charts and in reports."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import typst
from django.http import QueryDict

from moothall.site.explorer.report_questions import AUDIENCES, Audience
from moothall.site.explorer.reports import make_report
from moothall.site.typesetting import TEMPLATE, put_in
from tests.site.sightings import Site, check_links, check_sentence, check_words_of_link, see_strip, see_trend
from tests.site.written import Told, find_pieces, make_told, read_text, write


def see_embeds(told: Told, site: Site) -> Counter[str]:
    """The sentence, key, mark and points of the metric's charts in a frame of somebody else's page."""
    seen: Counter[str] = Counter()
    strip = _take_chart(told, site, f"/embed/metrics/{told.key[0]}", chart="strip")
    if strip:
        check_sentence(told, read_text(next(find_pieces(strip, "p", "govuk-body-s"))))
        seen["sentence"] += 1
        for entry in find_pieces(strip, "li", "mh-keys__entry"):
            seen["key"] += _check_key(told, read_text(entry))
        seen += see_strip(told, strip)
    seen += see_trend(told, _take_chart(told, site, f"/embed/metrics/{told.key[0]}", chart="trend"))
    return Counter({f"embed {where}": many for where, many in seen.items()})


def see_pictures(told: Told, site: Site) -> Counter[str]:
    """The words, key, mark and points of the same charts as files."""
    seen: Counter[str] = Counter()
    strip = _take_chart(told, site, f"/charts/strip/{told.key[0]}.svg")
    if strip:
        (described,) = re.findall(r'<desc id="picture-desc">([^<]*)</desc>', strip)
        own, *_groups = re.split(r" For [^.]+ the median of ", html.unescape(described))
        check_sentence(told, own)
        seen["sentence"] += 1
        for entry in re.findall(r'class="mh-key .*?</svg></svg>(<text .*?</text>)', strip):
            seen["key"] += _check_key(told, read_text(entry))
        seen += see_strip(told, strip)
    seen += see_trend(told, _take_chart(told, site, f"/charts/trend/{told.key[0]}.svg"))
    return Counter({f"picture {where}": many for where, many in seen.items()})


def _take_chart(told: Told, site: Site, address: str, **asked: str) -> str:
    """A chart by itself; empty where the metric's page has none of its kind."""
    _, breakdown, area, period = told.key
    query = urlencode({"area": area, "peers": "type", "period": period, "breakdown": breakdown, **asked})
    response = site.client.get(f"{address}?{query}")
    assert response.status_code in {200, 404}, response.status_code
    return response.content.decode() if response.status_code == 200 else ""


def _check_key(told: Told, entry: str) -> int:
    """A council of a key has its value after its name."""
    said = [entry.removeprefix(f"{name} ") for name in told.names if entry.startswith(f"{name} ")]
    for each in said:
        assert re.fullmatch(rf"{re.escape(told.text)}( .*)?", each), entry
    return bool(said)


def see_report(site: Site, code: str, audience: Audience, peers: str) -> Counter[str]:
    """Every figure of a council's report: its rows, its table, what is to be known and its questions."""
    page = site.read(f"/areas/{code}/report?{urlencode({'audience': audience, 'peers': peers})}")
    main = page[page.find("<main") : page.find("</main")]
    rows = [*find_pieces(main, "article", "mh-report__row")]
    keys = [re.findall(r'href="/metrics/([^"?]+)', row)[0] for row in rows]
    told = ask_newest(site, code, keys, peers)
    (table,) = (each for each in find_pieces(main, "table") if "Every figure of this report" in each)
    lines = [[read_text(cell) for cell in _find_cells(line)] for line in find_pieces(table, "tr")][1:]
    seen: Counter[str] = Counter()
    for key, row, line in zip(keys, rows, lines, strict=True):
        seen += _check_row(told[key], row, line)
    for link in find_pieces(main, "a"):  # each says its figure, or leads to it from the words on it
        found = re.search(r'href="(/figures/([^/]+)/[^"]+)"', link)
        if found and "Where it comes from" not in link:
            each = told.get(found[2]) or ask_newest(site, code, [found[2]], peers)[found[2]]
            assert html.unescape(found[1]) == each.trace
            assert check_links(each, link)
            seen["link"] += 1
    (questions,) = [*find_pieces(main, "ol", "mh-report__questions")] or [""]
    for said in find_pieces(questions, "p"):
        found = re.search(r'href="(/figures/([^/]+)/[^"]+)"', said)
        if found:
            each = ask_newest(site, code, [found[2]], peers)[found[2]]
            assert html.unescape(found[1]) == each.trace
            words = read_text(said).partition(" Where it comes from")[0]
            assert each.text in words or each.is_absent, words
            seen["question"] += 1
    return seen


def ask_newest(site: Site, code: str, keys: list[str], peers: str) -> dict[str, Told]:
    """A council's figures of the newest periods, by metric, as the API tells them."""
    asked = [("metric", key) for key in dict.fromkeys(keys)] + [("area", code), ("peers", peers)]
    answers = json.loads(site.take("/api/v1/figures?" + urlencode(asked)))["figures"]
    return {answer["metric"]: make_told(answer) for answer in answers}


def _check_row(told: Told, row: str, line: list[str]) -> Counter[str]:
    """A figure's row with its charts in words, and its line of the table."""
    _topic, title, period, text, median, position = line
    assert read_text(next(find_pieces(row, "h3"))) == title
    assert (text, period) == (told.text, told.answer["period_label"])
    assert read_text(next(find_pieces(row, "p", "mh-report__value"))) == told.text
    seen = Counter(row=1, absent=told.is_absent)
    if median:
        assert median == write(told.answer["median_peers"], told.answer["unit"], told.answer["places"])
        assert re.search(rf"median,? {re.escape(median)}( |$)", read_text(row)), read_text(row)
        seen["median"] += 1
    if position:
        assert position == f"{told.answer['rank']} of {told.answer['rank_of']}"
        assert f"position {position}" in read_text(row)
        seen["position"] += 1
    for words in map(html.unescape, re.findall(r'aria-label="([^"]*)"', row)):
        if " the median of " in words:
            assert words.startswith(f"{told.text} is "), words
            assert words.endswith(f", {median}."), words
            seen["strip"] += 1
        elif words.endswith(f" in {told.answer['period_label']}."):
            assert re.search(rf", {re.escape(told.text)} in {re.escape(told.answer['period_label'])}[.]$", words), words
            seen["course"] += 1
    for sentence in find_pieces(row, "p", "govuk-body"):
        if told.answer["area_name"] in read_text(sentence):
            check_sentence(told, read_text(sentence))
            seen["sentence"] += 1
    return seen


def _find_cells(line: str) -> list[str]:
    return re.findall(r"<t[hd]\b.*?</t[hd]>", line, re.DOTALL)


def see_sheets(site: Site, code: str, audience: Audience, peers: str) -> Counter[str]:
    """The links of the same report as it is typeset, and how many sheets it takes."""
    page = make_report(site.release, site.release.area(code), QueryDict(f"audience={audience}&peers={peers}"))
    given: dict[str, Any] = {
        "root": str(TEMPLATE.parent),
        "ignore_system_fonts": True,
        "sys_inputs": put_in(page, "https://moothall.example"),
    }
    shown: dict[str, list[str]] = {}
    for link in json.loads(typst.query(str(TEMPLATE), "link", **given)):
        path = link["dest"].removeprefix("https://moothall.example")
        if path.startswith("/figures/"):
            shown.setdefault(path, []).append(_say(link["body"]))
    told = ask_newest(site, code, [path.split("/")[2] for path in shown], peers)
    for path, texts in shown.items():
        each = told[path.split("/")[2]]
        assert each.trace == path
        for text in texts:
            if text != path:
                check_words_of_link(each, text)
    drawn = typst.compile(str(TEMPLATE), format="png", ppi=10.0, **given)
    assert len(drawn) <= AUDIENCES[audience].pages, f"{code}, {audience}"
    return Counter({"typeset link": sum(len(texts) for texts in shown.values())})


def _say(content: Any) -> str:
    if isinstance(content, list):
        return "".join(map(_say, content))
    said = content.get("text", "")
    return said if isinstance(said, str) and said else _say(content.get("children") or content.get("body") or [])
