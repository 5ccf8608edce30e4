"""A resident and a councillor find what they came for, by mouse or keyboard, with JavaScript or without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    COUNTY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OMNIUM,
    PLUMSTEAD_OLD,
    SILVERBRIDGE,
)

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
KINDS = {
    "home": "/",
    "areas": "/areas",
    "search box": "/find",
    "search": "/find?q=bar",
    "search for a subject": "/find?q=bins+in+barchester",
    "nothing found": "/find?q=nowhere",
    "area": f"/areas/{ALLINGTON}/allington",
    "district": f"/areas/{BARCHESTER}/barchester",
    "report": f"/areas/{BARCHESTER}/report",
    "embed": f"/embed/metrics/share-missed?area={ALLINGTON}&peers=england&chart=strip",
    "embed of bars": f"/embed/metrics/share-missed?area={ALLINGTON}&peers=england&chart=bars",
    "embed of two metrics": f"/embed/metrics/share-missed/against/bins-emptied?area={ALLINGTON}",
    "embed of a topic": f"/embed/areas/{ALLINGTON}/topics/bins?with={BARCHESTER}",
    "county": f"/areas/{COUNTY}/barsetshire",
    "place without a name in its address": f"/places/{ALLINGTON}",
    "place with two councils": f"/places/{BARCHESTER}/barchester",
    "place of a county": f"/places/{COUNTY}/barsetshire",
    "place with one council": f"/places/{ALLINGTON}/allington",
    "comparison": f"/areas/{ALLINGTON}/topics/bins?with={GATHERUM}&with={OMNIUM}&with={BARCHESTER}",
    "comparison of one": f"/areas/{BARCHESTER}/topics/care",
    "compare": "/compare",
    "compare councils": f"/compare?areas={ALLINGTON}&areas={BARCHESTER}&topic=bins&metric=carers-content",
    "contact": "/contact",
    "closed": f"/areas/{PLUMSTEAD_OLD}",
    "combined authority": f"/areas/{AUTHORITY}",
    "to be replaced": f"/areas/{SILVERBRIDGE}",
    "county and what its districts add up to": f"/areas/{COUNTY}/topics/bins",
    "merged council over time": f"/metrics/bins-missed?area={GREATER_PLUMSTEAD}",
    "trace of a sum": f"/figures/bins-emptied/{AUTHORITY}/2023-24",
    "metrics": "/metrics",
    "metric": "/metrics/share-missed",
    "metric of one": f"/metrics/share-missed?area={ALLINGTON}&with={BARCHESTER}&peers=england",
    "two metrics": "/metrics/share-missed/against/bins-emptied",
    "two metrics of one": f"/metrics/share-missed/against/bins-emptied?area={ALLINGTON}",
    "map": "/maps/bins-missed",
    "map of one": f"/maps/bins-missed?area={ALLINGTON}",
    "map of a region": "/maps/bins-missed?region=E12000009",
    "map of hexagons": "/maps/bins-missed?view=hex",
    "map without a drawing": "/maps/bins-missed?view=hex&period=2022-23",
    "trace": f"/figures/share-missed/{ALLINGTON}/2023-24",
    "trace of a sheet with a long name": f"/figures/carers-content/{ALLINGTON}/2023-24",
    "metrics found": "/metrics?q=bins&age=new",
    "no metric found": "/metrics?q=dragons",
    "gaps": "/gaps",
    "nobody worth learning from": "/excellence",
    "gaps of a topic": "/gaps?topic=bins",
    "topics": "/topics",
    "topic": "/topics/bins",
    "topic without a chain": "/topics/care",
    "outcomes": "/outcomes",
    "outcome": "/outcomes/1",
    "outcome of one": f"/outcomes/1?area={ALLINGTON}",
    "outcome without metrics": "/outcomes/3",
    "releases": "/releases",
    "release": "/releases/current",
    "methods": "/methods",
    "about": "/about",
    "accessibility": "/accessibility",
    "api": "/api",
    "not found": "/nowhere",
    "bad input": "/areas?by=size",
}


def test_find_a_council_read_a_figure_and_go_down_to_its_cell(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Postcode, council or topic").fill("Allington")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(rf"/areas/{ALLINGTON}/allington$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Allington")
    topics = page.get_by_role("region", name="Every topic in one glance")
    expect(topics.get_by_role("link", name="Share missed")).to_be_visible()
    topics.get_by_role("link", name=re.compile("31.0%: where this figure comes from")).click()
    expect(page).to_have_url(re.compile(rf"/figures/share-missed/{ALLINGTON}/2023-24$"))
    expect(page.get_by_text("100 × 31 ÷ (69 + 31) = 31, shown as 31.0%")).to_be_visible()
    expect(page.get_by_text("How to check this yourself").first).to_be_visible()


def test_a_choice_is_in_the_address_and_survives_a_reload(page: Page) -> None:
    page.goto("/metrics/share-missed")
    page.get_by_label("Council", exact=True).fill("Allington")
    page.get_by_label("Compare with").select_option("All councils in England")
    page.get_by_label("Mark another council").fill("barchester")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(rf"area={ALLINGTON}.*peers=england.*with={BARCHESTER}"))
    page.reload()
    marked = page.get_by_role("list", name="Councils marked").get_by_role("listitem")
    expect(marked).to_have_count(2)
    expect(marked.nth(0)).to_contain_text("Allington 31.0%")
    expect(marked.nth(1)).to_contain_text("Barchester 6.0%")
    expect(page.get_by_role("img", name=re.compile("Share missed"))).to_be_visible()
    expect(page.locator("tr.govuk-table__row--selected")).to_have_count(2)


def test_councils_are_set_beside_one_another_on_a_topic(page: Page) -> None:
    page.goto("/topics/bins")
    page.get_by_label("Council", exact=True).fill("Allington")
    page.get_by_label("Second council").fill("Gatherum")
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(rf"/areas/{ALLINGTON}/topics/bins\?with={GATHERUM}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Bins in Allington")
    page.get_by_text("Set other councils beside it").click()
    page.get_by_label("Third council").fill("omnium")
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(rf"with={GATHERUM}&with={OMNIUM}$"))
    councils = page.get_by_role("list", name="Councils compared").get_by_role("listitem")
    expect(councils).to_have_count(3)
    row = page.get_by_role("article").filter(has_text="Share missed").first
    expect(row.get_by_role("link", name="25.6%")).to_be_visible()
    councils.nth(1).get_by_role("link", name="remove Gatherum").click()
    expect(page).to_have_url(re.compile(rf"/topics/bins\?with={OMNIUM}$"))


def test_from_a_council_to_everyone_who_runs_services_there(page: Page) -> None:
    page.goto(f"/areas/{BARCHESTER}/barchester")
    page.get_by_role("link", name="Everyone who runs services in Barchester").click()
    expect(page).to_have_url(re.compile(rf"/places/{BARCHESTER}/barchester$"))
    page.get_by_role("link", name="Figures of both councils").click()
    page.locator("#bins summary").click()
    expect(page.get_by_role("table", name="Bins: both councils side by side")).to_be_visible()
    page.locator("#services").scroll_into_view_if_needed()
    page.get_by_role("region", name="Who runs what").get_by_role("link", name="Barsetshire Council").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Barsetshire")


def test_from_a_council_to_all_its_figures_on_a_topic(page: Page) -> None:
    page.goto(f"/areas/{ALLINGTON}/allington")
    page.get_by_role("link", name=re.compile("All 4 figures on bins in Allington")).click()
    expect(page).to_have_url(re.compile(rf"/areas/{ALLINGTON}/topics/bins$"))
    expect(page.get_by_role("region", name="As a table").get_by_role("link", name="31.0 tonnes")).to_be_visible()


def test_from_a_map_to_hexagons_to_a_council_marked_on_them(page: Page) -> None:
    page.goto("/maps/bins-missed")
    drawing = page.get_by_role("img", name=re.compile("Bins missed: map of districts and single-tier councils"))
    expect(drawing).to_be_visible()
    expect(page.get_by_role("list", name="Key").get_by_role("listitem").last).to_contain_text("No figure 1 council")
    page.get_by_role("link", name="Hexagons").click()
    expect(page).to_have_url(re.compile("view=hex"))
    page.get_by_text("Mark a council or choose another period").click()
    page.get_by_label("Mark a council").select_option("Allington")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(rf"area={ALLINGTON}.*view=hex"))
    expect(page.locator(".mh-map__name")).to_have_text("Allington")
    expect(page.get_by_text("Allington’s figure for 2023-24 was 31.0 tonnes.")).to_be_visible()


def test_a_map_keeps_its_proportions_and_its_borders_their_width(scripted: Page) -> None:
    shapes = []
    for width in (320, 1280):
        scripted.set_viewport_size({"width": width, "height": 800})
        scripted.goto("/maps/bins-missed")
        box = scripted.locator("svg.mh-map").bounding_box()
        assert box is not None
        shapes.append(box["width"] / box["height"])
        mark = scripted.locator("path.mh-mark").first
        assert mark.evaluate("mark => getComputedStyle(mark).vectorEffect") == "non-scaling-stroke"
    assert shapes[0] == pytest.approx(shapes[1], rel=0.01)


def test_hatching_and_shades_stay_in_forced_colours(chromium: Browser, address: str) -> None:
    page = chromium.new_page(base_url=address, forced_colors="active")
    page.goto("/maps/bins-missed")
    fills = page.locator("path.mh-mark").evaluate_all("marks => marks.map(mark => getComputedStyle(mark).fill)")
    page.close()
    assert len(set(fills)) >= 4
    assert any("url" in fill for fill in fills)


def test_from_topics_to_an_outcome_to_a_councils_figure(page: Page) -> None:
    page.goto("/topics")
    page.get_by_role("link", name="by the government’s priority outcomes").click()
    page.get_by_role("link", name="1. Clean streets").click()
    page.get_by_label("Council", exact=True).fill("Allington")
    page.get_by_label("Council", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(rf"/outcomes/1\?area={ALLINGTON}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Clean streets in Allington")
    page.get_by_role("link", name="31.0%").first.click()
    expect(page).to_have_url(re.compile(rf"/figures/share-missed/{ALLINGTON}/2023-24"))


def test_a_chain_stands_in_columns_and_stacks_on_a_phone(scripted: Page) -> None:
    for width, columns in ((1280, 3), (375, 1)):
        scripted.set_viewport_size({"width": width, "height": 800})
        scripted.goto(f"/areas/{ALLINGTON}/topics/bins")
        lefts = scripted.locator(".mh-chain__step").evaluate_all("all => all.map(e => e.getBoundingClientRect().left)")
        assert len(lefts) == 3
        assert len(set(lefts)) == columns
    headings = scripted.locator(".mh-chain__step h3")
    expect(headings).to_have_text(["What goes in", "What is done", "What comes of it"])


def test_an_outcome_is_printed_without_its_form(scripted: Page) -> None:
    scripted.goto("/outcomes/1")
    form = scripted.locator("main form")
    expect(form).to_be_visible()
    scripted.emulate_media(media="print")
    expect(form).to_be_hidden()


def test_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Postcode, council or topic")).to_be_focused()
    page.keyboard.type("Allington")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Allington")
    trace = page.get_by_role("link", name=re.compile("31.0%: where this figure comes from"))
    for _ in range(60):
        page.keyboard.press("Tab")
        if trace.evaluate("link => link === document.activeElement"):
            break
    expect(trace).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/figures/share-missed/"))


def test_a_reporter_sees_what_changed_since_last_time(page: Page) -> None:
    page.goto("/releases")
    expect(page.get_by_role("listitem").filter(has_text="Published release").first).to_contain_text("6 revised")
    page.get_by_role("link", name=re.compile("^2025-07-01-")).first.click()
    expect(page.get_by_role("heading", name="What changed since the release before")).to_be_visible()
    page.get_by_role("link", name="Bins missed").first.click()
    expect(page).to_have_url(re.compile("#changes-bins-missed$"))
    expect(page.locator(":target").get_by_role("row").filter(has_text="Framley")).to_contain_text("58.0 tonnes")
    page.get_by_role("link", name=re.compile(r"^0\.0 tonnes\s*, where the figure of Silverbridge comes from")).click()
    expect(page).to_have_url(re.compile(f"/figures/bins-missed/{SILVERBRIDGE}/2023-24$"))
    page.go_back()
    page.get_by_role("link", name=re.compile("^release 2025-06-01-")).click()
    expect(page.get_by_text("This copy shows another release now")).to_be_visible()


def test_axe_finds_nothing_on_the_page_of_an_earlier_release(scripted: Page) -> None:
    scripted.goto("/releases")
    scripted.get_by_role("link", name=re.compile("^2025-06-01-")).click()
    expect(scripted.get_by_text("This copy shows another release now")).to_be_visible()
    check_with_axe(scripted)


def test_from_a_combined_authority_to_the_council_s_cell_that_its_sum_rests_on(page: Page) -> None:
    page.goto(f"/areas/{AUTHORITY}/topics/bins")
    words = page.locator("main").inner_text()
    assert "added up over the councils that together cover all of its area" in words
    page.get_by_role("link", name="7,402.0 tonnes").first.click()
    assert (
        "Added up over the three councils that cover its area; not the authority’s own performance."
        in page.locator("main").inner_text()
    )
    page.get_by_role("link", name="6,892.0 tonnes").click()
    assert page.url.endswith(f"/figures/bins-emptied/{BARCHESTER}/2023-24")
    assert "from cell D" in page.locator("main").inner_text()


def test_a_merged_council_s_line_goes_back_to_those_before_it(page: Page) -> None:
    page.goto(f"/areas/{PLUMSTEAD_OLD}")
    assert "Its last figures" in page.locator("main").inner_text()
    page.get_by_role("link", name="Greater Plumstead").first.click()
    page.goto(f"/metrics/bins-missed?area={GREATER_PLUMSTEAD}")
    words = page.locator("main").inner_text()
    assert "Its earlier figures are added up over the councils whose place it took." in words
    assert "70.0 tonnes" in page.content()  # in the table, which is folded away


def test_a_council_that_is_to_be_replaced_says_by_whom_and_who_says_so(page: Page) -> None:
    page.goto(f"/areas/{SILVERBRIDGE}")
    words = page.locator("main").inner_text()
    assert (
        "This council is to be replaced on 1 April 2035 by Great Barset Council. Source: The Barset Gazette." in words
    )
    assert "We have not checked this against the order that makes the change." in words


def test_a_wide_table_can_be_reached_and_scrolled_by_keyboard(scripted: Page) -> None:
    scripted.set_viewport_size({"width": 320, "height": 700})
    scripted.goto("/metrics/share-missed?peers=england")
    region = scripted.get_by_role("region", name=re.compile("Share missed"))
    region.focus()
    scripted.keyboard.press("ArrowRight")
    scripted.wait_for_function("region => region.scrollLeft > 0", arg=region.element_handle())


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(scripted: Page, kind: str) -> None:
    scripted.goto(KINDS[kind])
    check_with_axe(scripted)


@pytest.mark.parametrize("kind", ["areas", "metrics", "gaps", "gaps of a topic", "topics"])
def test_links_stand_apart_on_a_phone(scripted: Page, kind: str) -> None:
    scripted.set_viewport_size({"width": 320, "height": 800})
    scripted.goto(KINDS[kind])
    check_with_axe(scripted)


def check_with_axe(scripted: Page) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run `make setup`")
    scripted.add_script_tag(path=AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = scripted.evaluate("tags => axe.run(document, {runOnly: tags})", tags)["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_runs_over_the_side(scripted: Page, kind: str) -> None:
    scripted.goto(KINDS[kind])
    for width in (1280, 375, 320):
        scripted.set_viewport_size({"width": width, "height": 800})
        assert scripted.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_breaks_no_rule_of_its_own_policy(chromium: Browser, address: str) -> None:
    page = chromium.new_page(base_url=address)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("requestfailed", lambda request: said.append(request.url))
    for path in (KINDS["home"], KINDS["area"], KINDS["metric of one"]):
        page.goto(path, wait_until="networkidle")
    page.close()
    assert said == []


def test_charts_keep_their_text_size_on_a_phone(scripted: Page) -> None:
    sizes = []
    for width in (320, 1280):
        scripted.set_viewport_size({"width": width, "height": 800})
        scripted.goto(KINDS["metric of one"])
        label = scripted.locator(".mh-strip text").first
        sizes.append(label.evaluate("text => text.getBoundingClientRect().height"))
    assert sizes[0] == pytest.approx(sizes[1], abs=0.5)
