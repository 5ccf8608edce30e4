"""A council's report: the same figures on the page, in the PDF and in the release, and no word taken for markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import quote_plus

import pytest
import typst
from django.http import QueryDict
from django.test import Client

from moothall.release.queries import Release
from moothall.release.records import Comparators
from moothall.site.explorer.comparisons import choose_comparators
from moothall.site.explorer.pages_report import ReportPage
from moothall.site.explorer.report_questions import AUDIENCES
from moothall.site.explorer.reports import make_report
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.scrutiny import TOLD_ABOVE
from moothall.site.typesetting import TEMPLATE, put_in, typeset
from tests.conftest import Barsetshire
from tests.release.barset import (
    AUTHORITY,
    BARCHESTER,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    OLD_BARCHESTER_CODE,
    OMNIUM,
)
from tests.site.test_pages import read, text_of
from tests.site.told import BANNED
from tests.truth.test_places import read_number

ORIGIN = "https://moothall.example"
LOOKED_AT = re.compile(
    r"We looked at (?P<figures>\S+) figures? by one rule\. (?:Not one of them raises a question\.|"
    r"(?P<raised>\S+) questions? came of it(?:\.|, and (?P<asked>\S+) (?:is|are) asked here\.))"
)


def make(release: Release, code: str = BARCHESTER, asked: str = "") -> ReportPage:
    return make_report(release, release.area(code), QueryDict(asked))


def find(page: ReportPage, selector: str) -> Any:
    """The elements of the typeset document."""
    found = typst.query(
        str(TEMPLATE), selector, root=str(TEMPLATE.parent), ignore_system_fonts=True, sys_inputs=put_in(page, ORIGIN)
    )
    return json.loads(found)


def count_sheets(page: ReportPage) -> int:
    """How many sheets the PDF has, counted as pictures of them."""
    drawn = typst.compile(
        str(TEMPLATE), root=str(TEMPLATE.parent), format="png", ppi=10.0, ignore_system_fonts=True,
        sys_inputs=put_in(page, ORIGIN),
    )  # fmt: skip
    return len(drawn) if isinstance(drawn, list) else 1


def say(content: Any) -> str:
    """The text of an element, as Typst gives it."""
    if isinstance(content, list):
        return "".join(map(say, content))
    if not isinstance(content, dict):
        return ""
    if content.get("func") == "space":
        return " "
    return content.get("text", "") if isinstance(content.get("text"), str) else say(
        content.get("children") or content.get("body") or content.get("child")
    )  # fmt: skip


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("code", [BARCHESTER, COUNTY])
def test_each_figure_is_the_releases(release: Release, code: str, audience: str) -> None:
    page = make(release, code, f"audience={audience}")
    peers = choose_comparators(release, release.area(code))
    rows = [row for topic in page.topics for row in topic.rows]
    assert rows
    for row in rows:
        metric, area, period = row.trace_address.split("?")[0].split("/")[2:]
        figure = release.figure(metric, area, period, peers=peers)
        assert (area, row.text, row.is_absent) == (code, figure.text, figure.value is None)
        told = narrate(release, figure, peers)
        assert bool(row.sentence) is AUDIENCES[audience].tells_words  # type: ignore[index]
        assert row.sentence.startswith(told.lead) or not row.sentence
        assert not row.standing or f" {row.standing} the median of" in told.comparison
    assert max(len(topic.rows) for topic in page.topics) <= AUDIENCES[audience].rows  # type: ignore[index]


def test_the_page_shows_what_the_contract_has(client: Client, release: Release) -> None:
    html = read(client, f"/areas/{BARCHESTER}/report")
    table = html.partition('id="table"')[2]
    shown = [
        [text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in re.findall(r'<tr class="govuk-table__row"><td.*?</tr>', table, re.DOTALL)
    ]
    page = make(release)
    assert shown == [
        [topic.title, row.title, row.period, row.text, row.median, row.position]
        for topic in page.topics
        for row in topic.rows
    ]
    for topic in page.topics:
        for row in topic.rows:
            assert f'href="{row.trace_address}" aria-label="{row.text}: where' in html or row.is_absent


def test_the_pdf_has_the_same_values(release: Release) -> None:
    page = make(release)
    rows = [row for topic in page.topics for row in topic.rows]
    links = {(each["dest"], say(each["body"])) for each in find(page, "link")}
    for row in rows:
        assert (ORIGIN + row.trace_address, row.text) in links
    cells = [" ".join(say(each).split()) for each in find(page, "table")[-1]["children"] if each["func"] == "cell"]
    shown = iter(cells)
    for topic in page.topics:
        assert next(shown).startswith(topic.title)
        for row in topic.rows:
            assert next(shown) == row.title
            assert next(shown).startswith(f"{row.text}{row.period}")
            median, _strip, _course = next(shown), next(shown), next(shown)
            beside = f"{row.standing or 'median'} {row.median}" if row.median else ""
            assert median == beside + (f"position {row.position}" if row.position else "")
    assert list(shown) == []
    for question in page.questions:
        for figure in question.evidence:
            assert (ORIGIN + figure.trace_address, figure.trace_address) in links
    alts = [each["alt"] for each in find(page, "image")]
    assert alts == [
        words for row in rows for words in (row.strip_words, row.course_words) if words and _is_drawn(row, words)
    ]


def _is_drawn(row: Any, words: str) -> bool:
    return (row.strip is not None and words == row.strip_words) or (
        row.course is not None and words == row.course_words
    )


def test_no_word_is_taken_for_markup(release: Release) -> None:
    page = make(release)
    odd = "#panic() *bold* $x$ _y_ `z` @ref <label> \\ https://a.example"
    first = replace(
        page.topics[0], title=odd, rows=tuple(replace(each, title=odd, text=odd) for each in page.topics[0].rows)
    )
    changed = replace(page, title=odd, lead=odd, topics=(first, *page.topics[1:]))
    assert [say(each["body"]) for each in find(changed, "heading.where(level: 1)")] == [odd]
    assert odd in {say(each["body"]) for each in find(changed, "link")}
    assert typeset(changed, ORIGIN).startswith(b"%PDF-1.7")


def test_the_pdf_is_the_same_each_time_tagged_and_titled(client: Client, release: Release) -> None:
    first = client.get(f"/areas/{BARCHESTER}/report.pdf")
    assert (first.status_code, first["Content-Type"]) == (200, "application/pdf")
    assert first["Content-Disposition"].startswith("inline; filename=")
    assert first.content == client.get(f"/areas/{BARCHESTER}/report.pdf").content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in first.content
    assert b"Barchester: a report for councillors" in first.content
    assert b"en-GB" in first.content


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_pdf_has_no_more_sheets_than_its_readers_are_given(release: Release, audience: str) -> None:
    assert count_sheets(make(release, asked=f"audience={audience}")) <= AUDIENCES[audience].pages  # type: ignore[index]


def test_words_are_told_of_what_a_topic_shows_first(release: Release) -> None:
    topic = release.topics()[0]
    (shown,) = make(release, asked=f"topic={topic.key}").topics
    told = {row.anchor for row in shown.rows if row.sentence}
    assert told == {row.anchor for row in shown.rows} & set(topic.headlines)
    assert told


@pytest.mark.parametrize("code", [BARCHESTER, COUNTY, AUTHORITY])
@pytest.mark.parametrize("audience", AUDIENCES)
def test_words_are_plain(client: Client, code: str, audience: str) -> None:
    said = text_of(
        read(client, f"/areas/{code}/report?audience={audience}").partition("<main")[2].partition("</main")[0]
    )
    assert not BANNED.findall(said)


def test_questions_rest_on_the_words_of_figures(barsetshire: Barsetshire) -> None:
    release, raised = barsetshire.release, set()
    for area in release.areas(principal_only=True):
        page = make(release, area.code, "audience=officer")
        peers = choose_comparators(release, area)
        last = [each.evidence[-1].trace_address for each in page.questions]
        assert len(last) == len(set(last)) <= AUDIENCES["officer"].questions
        for question in page.questions:
            raised.add(question.raised)
            assert not re.search(r"\d", question.question)
            for each in question.evidence:
                metric, code, period = each.trace_address.split("/")[2:]
                told = narrate(release, release.figure(metric, code, period, peers=peers), peers)
                above = {thing.trace_address for thing in page.things.entries} if page.things else set()
                assert (TOLD_ABOVE in each.sentence) is (each.trace_address in above)
                left = each.sentence.replace(TOLD_ABOVE, "")
                for slot in (told.lead, told.comparison, told.trend, told.age):
                    left = left.replace(slot, "", 1) if slot else left
                assert not left.strip(), "nothing is said but what the figure says itself"
        _check_looked_at(release, page, peers)
    assert raised, "nobody is asked anything"


def _check_looked_at(release: Release, page: ReportPage, peers: Comparators) -> None:
    """How many figures were looked at, and how many questions are asked, counted again."""
    found = LOOKED_AT.fullmatch(page.questions_looked_at)
    assert found, page.questions_looked_at
    run = [
        figure
        for figure in release.area_figures(page.area.code, peers=peers)
        if figure.breakdown == "all" and str(figure.marker) != "not_responsible" and not figure.is_added_up
    ]
    assert read_number(found["figures"]) == len(run)
    asked = found["asked"] or found["raised"]
    assert (read_number(asked.lower()) if asked else 0) == len(page.questions)
    assert not found["asked"] or read_number(found["raised"].lower()) > len(page.questions)


def test_an_authority_that_is_no_council_is_asked_nothing_and_compared_with_nobody(release: Release) -> None:
    page = make(release, AUTHORITY)
    assert (page.questions, page.questions_looked_at, page.things, page.in_short) == ((), "", None, ())
    assert not any(row.median or row.position or row.strip for topic in page.topics for row in topic.rows)


def test_one_topic_has_every_figure(release: Release) -> None:
    topic = make(release).topics[0].anchor
    page = make(release, asked=f"topic={topic}")
    assert [each.anchor for each in page.topics] == [topic]
    assert page.topics[0].more is None
    run = [
        f.metric
        for f in release.area_figures(BARCHESTER)
        if f.breakdown == "all" and str(f.marker) != "not_responsible" and release.metric(f.metric).topic == topic
    ]
    assert [row.anchor for row in page.topics[0].rows] == run
    assert page.address == f"/areas/{BARCHESTER}/report?topic={topic}"


def test_other_comparators_are_those_asked_for(release: Release) -> None:
    page = make(release, asked="peers=england")
    for topic in page.topics:
        for row in topic.rows:
            figure = release.figure(
                row.anchor, BARCHESTER, row.trace_address.split("/")[-1], peers=Comparators("england")
            )
            assert (row.median == "") or figure.median_peers is not None
    assert page.pdf_address == f"/areas/{BARCHESTER}/report.pdf?peers=england"
    assert page.median_of == "councils in England"


@pytest.mark.parametrize("name", ["Wardens of Barset", '#strong[x] <b>"1"</b>', "x" * 60])
def test_a_group_has_the_name_that_somebody_gave_it(client: Client, release: Release, name: str) -> None:
    group = f"peers=custom&with={FRAMLEY}&with={OMNIUM}&with={GATHERUM}&name={quote_plus(name)}"
    page = make(release, asked=group)
    called = f"“{name}”"
    assert page.median_of == called
    assert page.compared_with.startswith(f"Barchester is compared with {called}. That is what somebody called this")
    assert page.address == f"/areas/{BARCHESTER}/report?{group}"
    assert {each.text for each in page.form.peers if each.is_chosen} == {called}
    assert called in " ".join(say(each["body"]) for each in find(page, "par"))
    html = read(client, page.address)
    assert f"The median is that of {called}." in text_of(html)
    assert f'rel="canonical" href="/areas/{BARCHESTER}/report"' in html
    assert all(quote_plus(name) in unescape(each) for each in re.findall(r'href="([^"]*/report[^"]*with=[^"]*)"', html))
    for address in (page.address, page.pdf_address):
        assert client.get(address)["Cache-Control"] == "no-store", "nobody keeps it"
    compared = read(client, f"/compare?areas={BARCHESTER}&topic=bins&{group}")
    assert f'href="/areas/{BARCHESTER}/report?topic=bins&{group}"' in unescape(compared)


def test_a_name_of_no_group_is_left_out_of_the_address(client: Client) -> None:
    response = client.get(f"/areas/{BARCHESTER}/report?peers=england&name=Ours")
    assert (response.status_code, response["Location"]) == (302, f"/areas/{BARCHESTER}/report?peers=england")


@pytest.mark.parametrize(
    "asked",
    [
        f"peers=custom&with={OMNIUM}&name={'x' * 61}",
        "audience=mayor",
        "topic=moots",
        "peers=custom",
        "peers=all",
        "with=E99999999&peers=custom",
    ],
)
def test_what_does_not_fit_is_refused(client: Client, asked: str) -> None:
    for address in ("report", "report.pdf"):
        assert client.get(f"/areas/{BARCHESTER}/{address}?{asked}").status_code == 400


def test_an_old_code_leads_to_the_new_one(client: Client) -> None:
    response = client.get(f"/areas/{OLD_BARCHESTER_CODE}/report.pdf?audience=officer")
    assert (response.status_code, response["Location"]) == (302, f"/areas/{BARCHESTER}/report.pdf?audience=officer")
    assert client.get("/areas/E99999999/report").status_code == 404


def test_it_is_linked_from_the_council_and_its_topics(client: Client, release: Release) -> None:
    assert f'href="/areas/{BARCHESTER}/report"' in read(client, f"/areas/{BARCHESTER}")
    topic = make(release).topics[0].anchor
    said = read(client, f"/areas/{BARCHESTER}/topics/{topic}")
    assert f'href="/areas/{BARCHESTER}/report?topic={topic}"' in said


@pytest.mark.parametrize("asked", ["", "topic=bins"])
def test_nothing_is_called_too_new_but_what_the_council_is_too_new_for(release: Release, asked: str) -> None:
    """Neither what others run nor what is on other topics is taken for missing."""
    for area in release.areas(principal_only=True):
        if area.opened is None and (area.closed is None or area.closed > date.fromisoformat(release.record.built)):
            assert "Too new" not in {each.reason.partition(":")[0] for each in make(release, area.code, asked).missing}
