"""The pages of releases say what this copy showed since when, what changed, and what it cannot tell."""

from __future__ import annotations

import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from moothall.release import pointer
from moothall.release.changes import COUNTED, load_difference, locate_difference
from moothall.release.diff import diff
from moothall.release.history import HISTORY
from moothall.release.queries import Release
from moothall.release.tables import TABLES
from moothall.site import served as serving
from moothall.site.explorer.changes import DEFINED_BY, TABLES_SAY
from tests.release.barset import BARCHESTER, FRAMLEY, SILVERBRIDGE, build_release
from tests.release.reading import compare_and_publish, make_earlier, make_without_care
from tests.site.test_pages import SPILT, read, text_of

LATER = date(2025, 7, 1)
METRICS = ("bins-missed", "bins-emptied", "carers-content", "share-missed", "share-not-missed")


class Copy:
    """A copy of the site with two releases, neither published."""

    def __init__(self, releases: Path) -> None:
        self.releases = releases
        self.earlier = build_release(releases, make_earlier())
        self.later = build_release(releases, built=LATER)
        self.client = Client(HTTP_HOST="localhost")

    def publish(self, *published: Release) -> None:
        for release in published:
            compare_and_publish(self.releases, release.record.id)

    def read(self, address: str) -> str:
        return read(self.client, address)


@pytest.fixture
def copy(tmp_path: Path, django_ready: None, monkeypatch: pytest.MonkeyPatch) -> Copy:
    monkeypatch.setattr(serving, "_shelf", serving._Shelf())
    serving.open_earlier.cache_clear()
    monkeypatch.delenv("MOOTHALL_RELEASE", raising=False)
    monkeypatch.setenv("MOOTHALL_RELEASES", str(tmp_path))
    return Copy(tmp_path)


def entries(html: str) -> list[str]:
    return [text_of(each) for each in re.findall(r'<li class="mh-row">(.*?)</li>', html, re.DOTALL)]


def section(html: str, metric: str) -> str:
    return html.partition(f'id="changes-{metric}"')[2].partition("</section>")[0]


def rows(html: str) -> list[list[str]]:
    found = [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    ]
    return [[text_of(cell) for cell in row] for row in found]


def test_releases_are_listed_newest_first_with_what_changed(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    first, second = entries(copy.read("/releases"))
    assert re.match(r"\d+ \w+ \d{4}, \d\d:\d\d UTC Shown now Published release " + copy.later.record.id, first)
    assert "3 without the value they had, 6 revised" in first
    assert f"Published release {copy.earlier.record.id} The first release that this copy published." in second
    assert "Shown now" not in second


def test_what_changed_is_said_in_words_and_counts_first(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    said = text_of(copy.read("/releases/current"))
    assert f"Compared with release {copy.earlier.record.id} , which was shown until then." in said
    for sentence in (
        "Three figures no longer have a value, in three metrics.",
        "Six figures were revised, in three metrics.",
        "Three figures have a value where there was none, in three metrics.",
        "Six figures were added, in four metrics.",
    ):
        assert sentence in said


def test_the_table_counts_what_the_difference_does(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    found = diff(copy.earlier, copy.later)
    html = copy.read("/releases/current").partition('id="changes"')[2].partition("</table>")[0]
    head, *body = rows(html)
    assert head == [
        "Metric", "Lost their value", "Revised", "Another marker or interval", "Have a value now", "Added",
    ]  # fmt: skip
    shown = {row[0].partition(" New: ")[0]: row[1:] for row in body}
    assert shown == {
        found.titles[each.metric]: [f"{each.count(kind):,}" for kind in COUNTED if kind != "removed"]
        for each in found.metrics
    }
    assert "Carers content New: 2023-24." in [row[0] for row in body]


def test_a_figure_is_shown_as_both_releases_show_it_and_leads_to_its_cells(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    html = copy.read("/releases/current")
    listed = {row[0]: row for row in rows(section(html, "bins-missed"))}
    assert listed["Framley"][1:3] == ["2023-24", "58.0 tonnes"]
    assert listed["Framley"][3].startswith("no figure: no return")
    assert listed["Silverbridge"][2:4][1].startswith("0.0 tonnes"), "a true zero"
    for area in (FRAMLEY, SILVERBRIDGE, BARCHESTER):
        assert f'href="/figures/bins-missed/{area}/2023-24"' in section(html, "bins-missed")
        for release, place in ((copy.earlier, 2), (copy.later, 3)):
            figure = release.figure("bins-missed", area, "2023-24")
            assert figure.text in listed[figure.area_name][place]


@pytest.mark.parametrize("state", ["compared", "first", "unpublished", "not kept"])
def test_every_metric_has_a_place_that_its_page_can_link_to(state: str, copy: Copy) -> None:
    if state != "unpublished":
        copy.publish(*((copy.later,) if state == "first" else (copy.earlier, copy.later)))
    if state == "not kept":
        locate_difference(copy.releases, copy.earlier.record.id, copy.later.record.id).unlink()
    html = copy.read("/releases/current")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert {f"changes-{metric}" for metric in METRICS} <= set(ids)


def test_metrics_that_are_new_or_gone_are_named(copy: Copy) -> None:
    bins = build_release(copy.releases, make_without_care(), date(2025, 8, 1))
    copy.publish(bins, copy.later)
    html = copy.read("/releases/current")
    assert "One metric is new, with three figures." in text_of(html)
    assert 'id="changes-carers-content"' in html.partition("Metrics that are new")[2]
    assert '<a class="govuk-link" href="/metrics/carers-content">Carers content</a>, three figures' in html
    assert "No figure changed in 4 other metrics." in text_of(html)
    assert "Files added Bins 2023-24" in text_of(html)
    copy.publish(bins)
    said = text_of(copy.read("/releases/current"))
    assert "One metric was removed." in said
    assert "Metrics removed Carers content" in said
    assert "No figure of the other metrics was revised or removed, and none lost its value." in said


def test_an_earlier_release_keeps_its_page_and_says_what_is_shown_now(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    html = copy.read(f"/releases/{copy.earlier.record.id}")
    said = text_of(html)
    assert f"This copy shows another release now: release {copy.later.record.id}" in said
    assert "This is the first release that this copy published." in said
    assert copy.earlier.record.digest in said
    assert "Shown From " in said
    assert "Shown now" not in said
    assert f'<link rel="canonical" href="/releases/{copy.earlier.record.id}">' in html
    current = copy.read("/releases/current")
    assert f'<link rel="canonical" href="/releases/{copy.later.record.id}">' in current


def test_figures_of_a_release_that_is_not_shown_lead_nowhere(copy: Copy) -> None:
    """The trace is of the release shown, which may say something else."""
    copy.publish(copy.earlier, copy.later, copy.earlier)
    html = copy.read(f"/releases/{copy.later.record.id}")
    assert "58.0 tonnes" in section(html, "bins-missed")
    assert 'href="/figures/' not in html
    assert 'href="/metrics/' not in html


def test_after_a_rollback_the_pages_say_so(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    pointer.rollback(copy.releases)
    first, *_ = entries(copy.read("/releases"))
    assert f"Went back to release {copy.earlier.record.id}" in first
    assert f"What release {copy.later.record.id} had changed no longer holds." in first
    said = text_of(copy.read("/releases/current"))
    assert "This copy went back to this release on " in said
    assert "This is the first release that this copy published." in said
    assert "Three figures no longer have a value" in text_of(copy.read(f"/releases/{copy.later.record.id}"))


def test_a_draft_that_was_never_published_has_no_page(copy: Copy) -> None:
    copy.publish(copy.earlier)
    assert copy.client.get(f"/releases/{copy.later.record.id}").status_code == 404
    copy.publish(copy.later)
    assert copy.client.get(f"/releases/{copy.later.record.id}").status_code == 200


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_an_earlier_release_that_cannot_be_read_has_no_page(harm: str, copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    if harm == "gone":
        shutil.rmtree(copy.earlier.directory)
    else:
        (copy.earlier.directory / "manifest.json").write_text("{", encoding="utf-8")
    assert copy.client.get(f"/releases/{copy.earlier.record.id}").status_code == 404
    listed = text_of(copy.read("/releases"))
    assert ("no longer kept here" in listed) is (harm == "gone")
    said = text_of(copy.read("/releases/current"))
    assert "Six figures were revised" in said, "the difference is kept all the same"


@pytest.mark.parametrize("harm", ["gone", "cut short", "of others"])
def test_a_difference_that_was_not_kept_is_said_to_be_missing(harm: str, copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    path = locate_difference(copy.releases, copy.earlier.record.id, copy.later.record.id)
    text = path.read_text(encoding="utf-8")
    path.unlink()
    if harm != "gone":
        changed = text[:500] if harm == "cut short" else text.replace(copy.earlier.record.id, "2024-01-01-00000000")
        path.write_text(changed, encoding="utf-8")
    assert load_difference(copy.releases, copy.earlier.record.id, copy.later.record.id) is None
    for address in ("/releases", "/releases/current"):
        assert "What changed was not kept, so it cannot be shown." in text_of(copy.read(address))


def test_a_copy_without_a_history_says_so(copy: Copy) -> None:
    assert "This copy keeps no record of what it showed before." in text_of(copy.read("/releases"))
    said = text_of(copy.read("/releases/current"))
    assert "This copy keeps no record of what it showed before, so it cannot say." in said
    assert (copy.releases / HISTORY).exists() is False


def test_a_release_named_by_the_environment_is_the_one_shown(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    copy.publish(copy.earlier, copy.later)
    monkeypatch.setenv("MOOTHALL_RELEASE", str(copy.earlier.directory))
    html = copy.read("/releases")
    assert f"Shown now: {copy.earlier.record.id} , made on 1 June 2025." in text_of(html)
    assert all("Shown now" not in entry for entry in entries(html))
    assert "another release now" not in text_of(copy.read("/releases/current"))


def test_an_etag_changes_with_what_the_pages_tell(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    pages = ("/releases", "/releases/current", f"/releases/{copy.later.record.id}")
    before = {page: copy.client.get(page)["ETag"] for page in (*pages, "/metrics")}
    for page, etag in before.items():
        assert copy.client.get(page, HTTP_IF_NONE_MATCH=etag).status_code == 304
    locate_difference(copy.releases, copy.earlier.record.id, copy.later.record.id).unlink()
    for page in pages:
        assert copy.client.get(page, HTTP_IF_NONE_MATCH=before[page]).status_code == 200
    again = {page: copy.client.get(page)["ETag"] for page in pages}
    copy.publish(copy.later)
    assert all(copy.client.get(page)["ETag"] != again[page] for page in pages)
    assert copy.client.get("/metrics")["ETag"] == before["/metrics"]


def test_pages_are_whole_and_their_links_lead_somewhere(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    for address in ("/releases", "/releases/current", f"/releases/{copy.earlier.record.id}"):
        html = copy.read(address)
        assert html.count("<h1") == 1
        assert SPILT.search(text_of(html)) is None
        assert " style=" not in html
        ids = set(re.findall(r'\bid="([^"]+)"', html))
        for target in set(re.findall(r'href="([^"]+)"', html)):
            if target.startswith("#"):
                assert target[1:] in ids, target
            elif target.startswith("/") and not target.startswith(("/static/", "/favicon")):
                assert copy.client.get(unescape(target).partition("#")[0]).status_code in {200, 302}, target


def test_every_table_and_column_that_can_differ_has_words() -> None:
    columns = {table.name: table.column_names for table in TABLES}
    left_out = {"metric_key", "position", "applies_to", "breakdowns", "first_period", "latest_period"}
    of_a_metric = {"metric_functions", "metric_inputs", "metric_period_notes"}
    assert set(DEFINED_BY) == set(columns["metrics"]) - left_out | of_a_metric
    elsewhere = {"figures", "metrics", *of_a_metric, "metric_periods", "summaries"}
    assert set(TABLES_SAY) == set(columns) - elsewhere


def about(html: str) -> str:
    return text_of(html.partition(">Releases that changed it<")[2].partition("</dd>")[0])


def test_a_metrics_page_says_which_releases_changed_it(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    found = about(copy.read("/metrics/bins-missed"))
    assert re.search(r"\d+ \w+ \d{4}: Release " + copy.later.record.id + r" ?\. Figures: .*revised", found)
    assert copy.earlier.record.id not in found
    assert f'href="/releases/{copy.later.record.id}#changes-bins-missed"' in copy.read("/metrics/bins-missed")


def test_where_no_change_is_known_a_metrics_page_is_silent(copy: Copy) -> None:
    copy.publish(copy.earlier)
    assert "Releases that changed it" not in copy.read("/metrics/bins-missed")


def test_what_was_rolled_back_is_not_said_to_have_changed_a_metric(copy: Copy) -> None:
    copy.publish(copy.earlier, copy.later)
    pointer.rollback(copy.releases)
    assert "Releases that changed it" not in copy.read("/metrics/bins-missed")
