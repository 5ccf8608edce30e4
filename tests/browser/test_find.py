"""The search box leads on by mouse or keyboard, with suggestions or without, and keeps to itself what is typed."""

from __future__ import annotations

import re
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.test_journeys import AXE
from tests.release.barset import ALLINGTON, BARCHESTER, COUNTY

pytestmark = pytest.mark.browser
LABEL = "Postcode, council or topic"


def test_everyday_words_and_a_council_lead_to_the_service_there(page: Page) -> None:
    page.goto("/areas")
    page.get_by_label(LABEL).fill("rubbish in Barchester")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/find\?q=rubbish\+in\+Barchester$"))
    page.get_by_role("link", name="Bins in Barchester").click()
    expect(page).to_have_url(re.compile(rf"/areas/{BARCHESTER}/topics/bins$"))


def test_a_postcode_leads_to_its_place_and_stands_in_no_address(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    page.get_by_label(LABEL).press_sequentially("qb1 1aa")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/places/{BARCHESTER}/barchester$"))
    assert not [url for url in asked if "qb1" in url.casefold()]
    assert page.context.cookies() == []


def test_the_first_half_of_a_postcode_gives_both_councils(page: Page) -> None:
    page.goto("/")
    page.get_by_label(LABEL).fill("QB1")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Councils in QB1")
    expect(page).to_have_url(re.compile(r"/find$"))
    expect(page.get_by_role("link", name="Barsetshire, county council")).to_have_count(3)
    page.get_by_role("link", name="Barsetshire, county council").first.click()
    expect(page).to_have_url(re.compile(rf"/areas/{COUNTY}/barsetshire$"))


def test_suggestions_are_walked_by_keyboard(scripted: Page) -> None:
    sent: list[Request] = []
    scripted.on("request", lambda request: sent.append(request))
    scripted.goto("/topics")
    box = scripted.get_by_role("combobox", name=LABEL)
    expect(box).to_have_attribute("aria-expanded", "false")
    with scripted.expect_response(lambda response: response.url.endswith("/find/entries.json")):
        box.focus()
        box.press_sequentially("al")
    options = scripted.get_by_role("option")
    expect(options.first).to_have_text("Allington, unitary council")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(scripted.get_by_role("status").filter(has_text="suggestion")).to_have_count(1)
    scripted.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id") or "none")
    scripted.add_script_tag(path=AXE)
    assert scripted.evaluate("async () => (await axe.run()).violations.map((each) => each.id)") == []
    scripted.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(box).to_have_value("al")
    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("ArrowUp")
    scripted.keyboard.press("ArrowUp")  # back in the box
    expect(box).not_to_have_attribute("aria-activedescendant", re.compile("."))
    scripted.keyboard.press("ArrowDown")
    scripted.keyboard.press("Enter")
    expect(scripted).to_have_url(re.compile(rf"/areas/{ALLINGTON}/allington$"))
    assert {urlparse(each.url).query for each in sent if "/find" in each.url and "/static/" not in each.url} == {""}


def test_everyday_words_are_suggested_and_postcodes_are_not(scripted: Page) -> None:
    scripted.goto("/")
    box = scripted.get_by_role("combobox", name=LABEL)
    with scripted.expect_response(lambda response: response.url.endswith("/find/entries.json")):
        box.press_sequentially("wheelie")
    expect(scripted.get_by_role("option").first).to_have_text("Bins, topic")
    box.fill("qb1")
    expect(scripted.get_by_role("option")).to_have_count(0)
    box.fill("rubb")
    scripted.get_by_role("option", name="Share missed").click()
    expect(scripted).to_have_url(re.compile(r"/metrics/share-missed$"))


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_the_box_fits_every_width(scripted: Page, width: int) -> None:
    scripted.set_viewport_size({"width": width, "height": 800})
    for address in ("/", "/topics", "/find?q=bins"):
        scripted.goto(address)
        assert scripted.evaluate("document.documentElement.scrollWidth") <= width
        box = scripted.get_by_label(LABEL).bounding_box()
        assert box is not None
        assert box["width"] >= 150
