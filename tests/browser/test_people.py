"""The people whom Moothall is for get from their question to its answer, with JavaScript and without."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.release.barset import ALLINGTON, BARCHESTER

pytestmark = pytest.mark.browser


def test_a_resident_gets_from_a_postcode_to_both_councils_and_to_a_figure_and_its_cell(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Postcode, council or topic").fill("QB1 1AA")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who runs services in Barchester")
    main = page.get_by_role("main")
    for council in ("Barchester", "Barsetshire"):
        expect(main.get_by_role("link", name=re.compile(rf"^{council}( Council)?$")).first).to_be_visible()
    page.locator("#bins summary").click()
    table = page.get_by_role("table", name="Bins: both councils side by side")
    expect(table.get_by_role("columnheader")).to_have_count(3)
    value = table.get_by_role("link", name=re.compile(": where this figure comes from$")).first
    shown = value.inner_text()
    value.click()
    expect(page).to_have_url(re.compile("/figures/"))
    expect(page.locator(".mh-value")).to_have_text(shown)
    expect(page.get_by_text(re.compile(r"cell [A-Z]+\d+")).first).to_be_visible()


def test_a_councillor_chooses_comparators_in_the_address_and_prints_what_is_shown(page: Page) -> None:
    page.goto(f"/areas/{ALLINGTON}/allington")
    page.get_by_role("region", name="Every topic in one glance").get_by_role("link", name="Share missed").first.click()
    expect(page).to_have_url(re.compile(rf"/metrics/share-missed\?area={ALLINGTON}"))
    page.locator("summary", has_text="Choose the council").click()
    page.get_by_label("Compare with").select_option("All councils in England")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("peers=england"))
    lead = page.locator(".mh-sentence").inner_text()
    assert "31.0%" in lead
    assert "councils in England" in lead
    page.emulate_media(media="print")
    for seen in (page.locator(".mh-sentence"), page.locator("svg.mh-strip"), page.locator("table.mh-councils")):
        expect(seen.first).to_be_visible()
    for unseen in (page.locator("main form").first, page.get_by_role("navigation").first):
        expect(unseen).to_be_hidden()


def test_a_reporter_takes_the_same_figure_as_a_file_and_from_the_api_and_down_to_its_cell(
    page: Page, tmp_path: Path
) -> None:
    page.goto(f"/metrics/share-missed?area={ALLINGTON}&peers=england")
    page.locator("summary", has_text="Download every council’s figure").click()
    links = page.locator("details[open]", has_text="Download every council’s figure")
    with page.expect_download() as begun:
        links.get_by_role("link", name="CSV", exact=True).click()
    begun.value.save_as(tmp_path / "figures.csv")
    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        (row,) = [each for each in csv.DictReader(file) if each["area"] == ALLINGTON]
    assert (float(row["value"]), row["unit"], row["text"]) == (31.0, "percent", "31.0%")
    answer = page.request.get(links.get_by_role("link", name="JSON", exact=True).get_attribute("href") or "")
    (told,) = [each for each in json.loads(answer.text())["figures"] if each["area"] == ALLINGTON]
    assert (told["value"], told["text"]) == (31.0, "31.0%")
    page.locator("table.mh-councils").get_by_role("row").filter(has_text=ALLINGTON).get_by_role(
        "link", name="31.0%"
    ).click()
    expect(page).to_have_url(re.compile(rf"/figures/share-missed/{ALLINGTON}/2023-24$"))
    expect(page.get_by_text("100 × 31 ÷ (69 + 31) = 31, shown as 31.0%")).to_be_visible()


def test_an_official_sees_what_is_missing_of_a_topic_and_how_old_the_rest_is(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="What is missing, and why").click()
    expect(page).to_have_url(re.compile("/gaps$"))
    page.goto("/topics/bins")
    page.get_by_label("Council", exact=True).fill("Barchester")
    page.get_by_role("button", name="Compare").click()
    expect(page).to_have_url(re.compile(rf"/areas/{BARCHESTER}/topics/bins$"))
    expect(page.get_by_text(re.compile("published (about )?")).first).to_be_visible()


def test_an_analyst_gets_from_the_api_page_to_an_answer_and_to_the_files_of_the_release(page: Page) -> None:
    page.goto("/api")
    example = page.locator("#figures a[href^='/api/v1/figures']").first
    answer = page.request.get(example.get_attribute("href") or "")
    assert answer.ok
    assert json.loads(answer.text())["figures"]
    page.goto("/releases/current")
    sums = page.get_by_role("link", name=re.compile("checksums.txt")).first.get_attribute("href")
    text = page.request.get(sums or "").text()
    assert re.search(r"^[0-9a-f]{64}  moothall\.sqlite$", text, re.MULTILINE)


def test_whoever_runs_it_sees_that_it_is_well_and_that_readers_are_given_no_cookie(page: Page) -> None:
    page.goto("/health")
    assert page.context.cookies() == []
    for address in ("/", f"/areas/{ALLINGTON}/allington", "/metrics/share-missed", "/compare"):
        response = page.goto(address)
        assert response is not None
        assert response.ok
        assert "set-cookie" not in response.headers
        assert "default-src" in response.headers["content-security-policy"]
    assert page.context.cookies() == []
