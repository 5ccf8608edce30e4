"""A councillor's way to a report the night before scrutiny: from the council's page to its questions and to paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import check_with_axe
from tests.release.barset import ALLINGTON, AUTHORITY, BARCHESTER, COUNTY, GATHERUM, PLUMSTEAD_OLD

pytestmark = pytest.mark.browser

REPORT = f"/areas/{GATHERUM}/report"
KINDS = {
    "councillor": REPORT,
    "resident": f"/areas/{BARCHESTER}/report?audience=resident",
    "officer": f"/areas/{COUNTY}/report?audience=officer",
    "one topic": f"/areas/{ALLINGTON}/report?topic=bins&peers=england",
    "no council": f"/areas/{AUTHORITY}/report",
}


def count_sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_councillor_gets_from_a_council_to_questions_and_to_paper(page: Page) -> None:
    page.goto(f"/areas/{GATHERUM}/gatherum")
    page.get_by_role("link", name=re.compile("report", re.IGNORECASE)).first.click()
    expect(page).to_have_url(re.compile(rf"{REPORT}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Gatherum: a report for councillors")
    page.locator("summary", has_text="Make another report").click()
    page.get_by_label("For", exact=True).select_option("Officer")
    page.get_by_label("Median of", exact=True).select_option("All councils in England")
    page.get_by_role("button", name="Make the report").click()
    expect(page).to_have_url(re.compile(r"audience=officer&.*peers=england"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Gatherum: a report for officers")
    questions = page.locator(".mh-report__questions > li")
    asked = questions.count()
    assert asked
    for number in range(asked):
        expect(questions.nth(number).locator("em")).to_have_text(re.compile(r"^[A-Z][^0-9]*\?$"))
    page.get_by_role("button", name="Download as PDF").focus()
    address = page.locator(":focus").get_attribute("href") or ""
    taken = page.request.get(address)
    assert (taken.status, taken.headers["content-type"]) == (200, "application/pdf")
    assert taken.body().startswith(b"%PDF-1.7")
    shown = page.locator(".mh-report__value a").first
    value = shown.inner_text()
    first = questions.first
    first.get_by_role("link", name=re.compile("^Where it comes from")).first.click()
    expect(page).to_have_url(re.compile("/figures/"))
    page.go_back()
    shown.click()
    expect(page.locator(".mh-value")).to_have_text(value)


def test_the_report_of_a_council_that_has_gone_says_so(page: Page) -> None:
    page.goto(f"/areas/{PLUMSTEAD_OLD}/report")
    expect(page.get_by_role("main")).to_contain_text("Greater Plumstead")


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_on_any_screen(scripted: Page, kind: str) -> None:
    for width in (320, 375, 1280):
        scripted.set_viewport_size({"width": width, "height": 900})
        scripted.goto(KINDS[kind])
        scripted.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert scripted.evaluate("document.documentElement.scrollWidth") <= width
        if width != 375:
            check_with_axe(scripted)


@pytest.mark.parametrize("kind", KINDS)
def test_it_prints_what_is_read_and_nothing_else(scripted: Page, kind: str) -> None:
    scripted.goto(KINDS[kind])
    scripted.emulate_media(media="print")
    scripted.set_viewport_size({"width": 700, "height": 1000})  # A4 less its margins
    for unseen in ("main form", "main nav", "#table", ".govuk-button"):
        assert not scripted.locator(unseen).first.is_visible(), unseen
    rows = scripted.locator(".mh-report__row")
    assert rows.count()
    cut = scripted.evaluate(
        """() => [...document.querySelectorAll(".mh-report *")]
             .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > 701)
             .map((each) => each.outerHTML.slice(0, 100))"""
    )
    assert cut == []
    parted = scripted.evaluate(
        """() => [...document.querySelectorAll(".mh-report__row, .mh-report__questions > li")]
             .filter((each) => getComputedStyle(each).breakInside !== "avoid").length"""
    )
    assert parted == 0
    ends = scripted.evaluate(
        """() => [...document.querySelectorAll(".mh-report__row *")]
             .filter((each) => getComputedStyle(each).breakAfter !== "auto").length"""
    )
    assert ends == 0, "a row that may not part from the next makes one block of all"
    sheets = count_sheets(scripted.pdf(format="A4"))
    assert 1 <= sheets <= 2 + rows.count() // 4


def test_its_table_pastes_as_plain_cells(scripted: Page) -> None:
    scripted.goto(REPORT)
    scripted.locator("summary", has_text="Show the table").click()
    table = scripted.get_by_role("table", name="Every figure of this report")
    expect(table).to_be_visible()
    markup = table.inner_html()
    assert not re.search(r"<(svg|img|button|input|details|a)\b|(col|row)span", markup)
    heads = table.locator("thead th")
    assert heads.all_inner_texts()[:4] == ["Topic", "Figure", "Period", "Value"]
    widths = {len(row.locator("th, td").all()) for row in table.locator("tbody tr").all()}
    assert widths == {heads.count()}
    assert table.locator("tbody tr").count() == scripted.locator(".mh-report__row").count()
