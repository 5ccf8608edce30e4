"""A resident and an officer see who is most like their council, why, and by which list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import require_browser, serve_release
from tests.browser.test_journeys import check_with_axe
from tests.conftest import Barsetshire

pytestmark = pytest.mark.browser

PAGE = "/areas/E06900001/neighbours"
KINDS = {
    "list": PAGE,
    "published list": f"{PAGE}?model=hospital_likeness",
    "no list": "/areas/E10900001/neighbours",
    "own weights": f"{PAGE}?model=custom",
    "own list": f"{PAGE}?model=own&with=E06900002",
    "own list with a mistake": f"{PAGE}?model=own&list=Atlantis",
    "method": "/methods/neighbours",
}


@pytest.fixture(scope="module")
def address(barsetshire: Barsetshire) -> Iterator[str]:
    """Where the release with neighbours is served."""
    require_browser()
    with serve_release(barsetshire.release) as address:
        yield address


def test_from_a_council_to_those_most_like_it_and_why(page: Page) -> None:
    page.goto("/areas/E06900001")
    page.get_by_role("link", name="Why these councils, and how sure the list is").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Councils most like Barchester")
    first = page.locator("table").first.get_by_role("rowheader").first
    name = first.get_by_role("link").inner_text()
    summary = page.locator("summary", has_text=name).first
    summary.click()
    opened = page.locator("details[open]", has_text=f"Where Barchester and {name} are most alike")
    expect(opened.get_by_text(re.compile(r"\d tonnes")).first).to_be_visible()
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Councils most like {name}")


def test_another_list_is_chosen_and_says_whose_it_is(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Which list").select_option("hospital_likeness")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile(r"model=hospital_likeness$"))
    expect(page.get_by_text("On the list of the Hiram's Hospital, Greshamsbury")).to_be_visible()
    page.get_by_role("link", name="The edition of 2021").click()
    expect(page.get_by_text("Two of the 3 places on this list are shown.")).to_be_visible()


def test_weights_of_ones_own_are_kept_in_the_address(page: Page) -> None:
    page.goto(f"{PAGE}?model=custom")
    page.get_by_label("Household waste collected").fill("3")
    page.get_by_label(re.compile("Requests")).fill("0")
    page.get_by_role("button", name="Show the list by these weights").click()
    expect(page).to_have_url(re.compile(r"model=custom&weight=household-waste-collected%3A3$"))
    expect(page.get_by_text(re.compile(r"are most like Barchester\."))).to_be_visible()
    expect(page.get_by_label("Household waste collected")).to_have_value("3")


def test_a_pasted_list_is_mended_and_shown(page: Page) -> None:
    page.goto(PAGE)
    page.locator("summary", has_text="Of councils that you name").click()
    field = page.get_by_label("Names or codes of councils")
    field.fill("Plumstead\nFramly")
    page.get_by_role("button", name="Show this list").click()
    problem = page.get_by_role("link", name="There is no council called “Framly”. Type Framley.")
    expect(problem).to_be_visible()
    expect(field).to_have_value("Plumstead\nFramly")
    problem.click()
    field.fill("Plumstead\nFramley")
    page.get_by_role("button", name="Show this list").click()
    expect(page.get_by_text("Your own list: Plumstead and Framley.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"model=own&with=E06900002&with=E06900003$"))


def test_the_list_is_reached_by_keyboard_alone(page: Page) -> None:
    page.goto(PAGE)
    page.get_by_label("Which list").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show", exact=True)).to_be_focused()
    summary = page.locator("details.mh-why summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.mh-why[open]")).to_have_count(1)


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(scripted: Page, kind: str) -> None:
    scripted.goto(KINDS[kind])
    scripted.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    check_with_axe(scripted)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_runs_over_the_side(scripted: Page, kind: str) -> None:
    scripted.goto(KINDS[kind])
    scripted.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    for width in (1280, 375, 320):
        scripted.set_viewport_size({"width": width, "height": 800})
        assert scripted.evaluate("document.documentElement.scrollWidth") <= width
