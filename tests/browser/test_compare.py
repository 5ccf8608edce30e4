"""Any councils in any metrics, by keyboard and without JavaScript; its table pastes as it reads and prints whole."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.release.barset import ALLINGTON, BARCHESTER, GATHERUM, OMNIUM

COMPARED = f"/compare?areas={ALLINGTON}&areas={BARCHESTER}&topic=bins"


def test_councils_and_metrics_are_added_and_taken_away_by_name(page: Page) -> None:
    page.goto("/compare")
    page.get_by_label("First council").fill("Allington")
    page.get_by_label("Second council").fill("gatherum")
    page.get_by_label("All metrics of a topic").select_option("Bins")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(rf"/compare\?areas={ALLINGTON}&areas={GATHERUM}&topic=bins$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare Allington and Gatherum: bins")
    page.get_by_text("Add or take away councils and metrics").click()
    page.get_by_label("Add a metric").fill("Carers content")
    page.get_by_label("Add a council").fill("Omnium")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(rf"&areas={OMNIUM}&topic=bins&metric=carers-content$"))
    page.get_by_role("link", name="remove Gatherum").click()
    expect(page).to_have_url(re.compile(rf"/compare\?areas={ALLINGTON}&areas={OMNIUM}&topic=bins&metric="))


def test_a_group_of_ones_own_is_named_in_the_address(page: Page) -> None:
    page.goto(f"/compare?areas={ALLINGTON}&topic=bins")
    page.get_by_text("Compare with a group of your own").click()
    page.get_by_label("Councils in the group").fill("Gatherum\nOmnium\nBarchester\nFramley\nSilverbridge")
    page.get_by_label("What to call it (optional)").fill("Wardens & <b>friends</b>")
    page.get_by_role("button", name="Compare with this group").click()
    expect(page).to_have_url(re.compile(r"peers=custom&with=.*&name=Wardens\+%26\+%3Cb%3Efriends%3C%2Fb%3E$"))
    expect(page.get_by_role("columnheader", name="Median of “Wardens & <b>friends</b>”")).to_be_visible()
    page.get_by_text("Add or take away councils and metrics").click()
    page.get_by_label("Median of", exact=True).select_option("All councils in England")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page).to_have_url(re.compile(r"topic=bins&peers=england$"))


def test_the_table_pastes_as_it_reads(scripted: Page) -> None:
    scripted.goto(COMPARED)
    text, html = scripted.evaluate(
        """() => {
          const table = document.querySelector(".mh-compare__table");
          const range = document.createRange();
          range.selectNode(table);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          let copied = ["", ""];
          document.addEventListener("copy", () => {
            const box = document.createElement("div");
            box.append(getSelection().getRangeAt(0).cloneContents());
            copied = [getSelection().toString(), box.innerHTML];
          }, { once: true });
          document.execCommand("copy");
          return copied;
        }"""
    )
    seen = scripted.evaluate(
        """[...document.querySelectorAll(".mh-compare__table tr")]
             .map((line) => [...line.cells].map((cell) => cell.innerText.trim()))"""
    )
    pasted = [line.split("\t") for line in text.strip("\n").splitlines()]
    assert pasted[0] == [scripted.locator(".mh-compare__table caption").inner_text()]
    assert [[cell.strip() for cell in line] for line in pasted[1:]] == seen, "cell by cell"
    assert not re.search(r"<(svg|img|button|input|details)|visually-hidden", html)
    assert not re.search(r"(col|row)span", html)


def test_it_prints_whole_on_the_long_side_of_the_paper(scripted: Page) -> None:
    scripted.goto(f"{COMPARED}&areas={GATHERUM}&areas={OMNIUM}&metric=carers-content")
    scripted.emulate_media(media="print")
    scripted.set_viewport_size({"width": 1030, "height": 700})  # A4 on its side, less its margins
    widths = scripted.evaluate(
        """() => {
          const table = document.querySelector(".mh-compare__table");
          const all = [...table.querySelectorAll("th, td")];
          return [
            Math.max(...all.map((cell) => cell.getBoundingClientRect().right)),
            all.filter((cell) => cell.scrollWidth > cell.clientWidth + 1).map((cell) => cell.innerText),
            getComputedStyle(table.tHead).display,
            getComputedStyle(document.body).page,
          ];
        }"""
    )
    assert widths[0] <= 1030
    assert widths[1:] == [[], "table-header-group", "mh-landscape"]


def test_it_needs_no_more_than_a_phone(scripted: Page) -> None:
    for width in (320, 375, 1280):
        scripted.set_viewport_size({"width": width, "height": 900})
        scripted.goto(COMPARED)
        assert scripted.evaluate("document.documentElement.scrollWidth") <= width
