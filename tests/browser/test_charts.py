"""Charts can be pointed at and walked by keyboard where there is JavaScript, and are whole where there is none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.release.barset import ALLINGTON, BARCHESTER, GATHERUM, SILVERBRIDGE

pytestmark = pytest.mark.browser

STRIP = f"/metrics/share-missed?area={ALLINGTON}&peers=england"
TREND = f"/metrics/bins-missed?area={BARCHESTER}&peers=type&with={SILVERBRIDGE}"


@pytest.fixture
def phone(chromium: Browser, address: str) -> Iterator[Page]:
    """A page of a telephone, touched and not pointed at."""
    context = chromium.new_context(base_url=address, viewport={"width": 375, "height": 700}, has_touch=True)
    yield context.new_page()
    context.close()


def find_tooltip(page: Page) -> Locator:
    return page.locator(".mh-tooltip")


def walk(page: Page, key: str, many: int) -> list[str]:
    said = []
    for _ in range(many):
        page.keyboard.press(key)
        said.append(find_tooltip(page).inner_text())
    return said


def test_pointing_near_a_mark_names_it_and_the_browser_does_not(scripted: Page) -> None:
    scripted.goto(STRIP)
    mark = scripted.locator(f'.mh-strip [data-code="{GATHERUM}"]')
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    scripted.mouse.move(box["x"] + box["width"] / 2 + 6, box["y"] + box["height"] / 2 + 6)
    expect(find_tooltip(scripted)).to_have_text(re.compile(r"^Gatherum \d"))
    assert "mh-mark--active" in (mark.get_attribute("class") or "")
    assert scripted.locator(".mh-strip title").count() == 0
    expect(scripted.get_by_role("img", name=re.compile("^Share missed: councils in England"))).to_be_visible()
    scripted.mouse.move(box["x"], box["y"] + 400)
    expect(find_tooltip(scripted)).to_have_text("")


def test_a_click_on_a_mark_goes_where_it_leads(scripted: Page) -> None:
    scripted.goto(STRIP)
    scripted.locator(f'.mh-strip [data-code="{GATHERUM}"]').click(force=True)
    expect(scripted).to_have_url(re.compile(f"area={ALLINGTON}.*with={GATHERUM}"))
    expect(scripted.get_by_role("list", name="Councils marked").get_by_role("listitem")).to_have_count(2)


def test_a_strip_is_walked_from_left_to_right(scripted: Page) -> None:
    scripted.goto(STRIP)
    chart = scripted.locator(".mh-strip")
    chart.focus()
    many = chart.locator(".mh-mark").count()
    assert many > 3
    right = walk(scripted, "ArrowRight", many)
    assert len(set(right)) == many
    assert walk(scripted, "ArrowRight", 1) == right[-1:]
    assert walk(scripted, "ArrowLeft", many - 1) == right[-2::-1]
    assert walk(scripted, "End", 1) == right[-1:]
    assert walk(scripted, "Home", 1) == right[:1]
    scripted.keyboard.press("Escape")
    expect(find_tooltip(scripted)).to_have_text("")
    expect(chart).to_be_focused()


def test_a_trend_is_walked_in_time_and_enter_leads_to_the_cell(scripted: Page) -> None:
    scripted.goto(TREND)
    scripted.locator(".mh-trend").focus()
    said = walk(scripted, "ArrowRight", scripted.locator(".mh-trend .mh-mark").count())
    periods = [each.rsplit(", ", 1)[1] for each in said]
    assert periods == sorted(periods)
    assert {"Barchester 40.0 tonnes, 2021-22", "Silverbridge 0.0 tonnes, 2023-24"} <= set(said)
    scripted.keyboard.press("Home")
    while not find_tooltip(scripted).inner_text().startswith("Barchester"):
        scripted.keyboard.press("ArrowRight")
    scripted.keyboard.press("Enter")
    expect(scripted).to_have_url(re.compile(f"/figures/bins-missed/{BARCHESTER}/2021-22$"))


def test_the_chart_that_has_the_focus_shows_it_and_says_how_to_go_on(scripted: Page) -> None:
    scripted.goto(STRIP)
    for _ in range(60):
        scripted.keyboard.press("Tab")
        if scripted.evaluate("document.activeElement.matches('.mh-strip')"):
            break
    chart = scripted.locator(".mh-strip")
    expect(chart).to_be_focused()
    expect(find_tooltip(scripted)).to_have_text("The arrow keys go from mark to mark.")
    assert chart.evaluate("chart => getComputedStyle(chart).outlineStyle") == "solid"
    assert find_tooltip(scripted).get_attribute("role") == "status"
    scripted.keyboard.press("Tab")
    expect(find_tooltip(scripted)).to_have_text("")


def test_a_first_touch_names_and_a_second_goes(phone: Page) -> None:
    phone.goto(STRIP)
    mark = phone.locator(f'.mh-strip [data-code="{SILVERBRIDGE}"]')
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box
    spot = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    phone.touchscreen.tap(*spot)
    expect(find_tooltip(phone)).to_have_text(re.compile("^Silverbridge"))
    expect(phone).to_have_url(re.compile(re.escape(STRIP)))
    phone.touchscreen.tap(*spot)
    expect(phone).to_have_url(re.compile(f"with={SILVERBRIDGE}"))


def test_a_page_of_many_small_charts_has_no_stops_in_them(scripted: Page) -> None:
    scripted.goto(f"/areas/{ALLINGTON}/allington")
    assert scripted.locator(".mh-glance").count() > 0
    assert scripted.locator(".mh-glance[tabindex]").count() == 0


@pytest.mark.parametrize("width", [1280, 700, 375, 320])
def test_names_of_lines_fit_beside_the_plot_or_stand_below_it(scripted: Page, width: int) -> None:
    scripted.set_viewport_size({"width": width, "height": 800})
    scripted.goto(TREND)
    names = scripted.locator(".mh-trend__name").filter(visible=True)
    below = scripted.get_by_role("list", name="Lines of the chart")
    expect(below).to_be_visible(visible=width < 641)
    assert (names.count() > 0) is (width >= 641)
    for name in names.all():
        box = name.bounding_box()
        assert box
        assert box["x"] + box["width"] <= width
    # What is written below the plot never runs together.
    labels = scripted.locator(".mh-trend > text[text-anchor=middle]").filter(visible=True)
    boxes = sorted((box["x"], box["x"] + box["width"]) for each in labels.all() if (box := each.bounding_box()))
    assert all(before[1] < after[0] for before, after in itertools.pairwise(boxes))


def test_the_head_of_the_table_stays_and_hides_no_focus(scripted: Page) -> None:
    scripted.set_viewport_size({"width": 1280, "height": 500})
    scripted.goto("/metrics/bins-missed?peers=england")
    scripted.add_style_tag(content=".mh-scroll--tall { max-height: 14rem }")
    frame = scripted.locator(".mh-scroll--tall")
    frame.evaluate("frame => frame.scrollTop = 200")
    head = frame.locator("thead th").first.bounding_box()
    box = frame.bounding_box()
    assert head
    assert box
    assert head["y"] == pytest.approx(box["y"], abs=1)
    link = frame.locator("tbody a").first
    link.focus()
    reached, head = link.bounding_box(), frame.locator("thead th").first.bounding_box()
    assert reached
    assert head
    assert reached["y"] >= head["y"] + head["height"] - 1


def test_without_javascript_nothing_is_missing(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(TREND)
    expect(page.get_by_role("img", name=re.compile("^Bins missed: Barchester, 2021-22 to 2023-24"))).to_be_visible()
    assert page.locator(".mh-trend[tabindex]").count() == 0
    assert page.locator(".mh-tooltip").count() == 0
    expect(page.locator(".mh-history").get_by_role("link", name="40.0 tonnes")).to_be_visible()
    context.close()


def test_a_long_table_is_narrowed_down_and_says_how_many_are_left(scripted: Page) -> None:
    scripted.goto(f"/metrics/share-missed/against/bins-emptied?area={ALLINGTON}")
    rows = scripted.locator("#pairs tbody tr")
    many = rows.count()
    field = scripted.get_by_label(re.compile("^Find in the table"))
    field.fill("gath")
    expect(scripted.locator("#pairs tbody tr:visible")).to_have_count(1)
    expect(scripted.get_by_role("status").filter(has_text="1 council is left.")).to_be_visible()
    field.fill("nowhere")
    expect(scripted.get_by_role("status").filter(has_text="0 councils are left.")).to_be_visible()
    field.fill("")
    expect(scripted.locator("#pairs tbody tr:visible")).to_have_count(many)


def test_without_scripts_the_table_is_whole_and_has_no_field(chromium: Browser, address: str) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    plain = context.new_page()
    plain.goto("/metrics/share-missed/against/bins-emptied")
    expect(plain.locator("[data-filter]")).to_be_hidden()
    assert plain.locator("#pairs tbody tr:visible").count() == plain.locator("#pairs tbody tr").count() > 1
    context.close()
