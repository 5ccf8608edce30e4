"""The page of councils worth learning from: by topic and name, with what it may be trusted for, and no setback."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from moothall.core.areas import ALONE, AreaClass
from moothall.core.periods import parse_key
from moothall.release.exemplars import ExemplarRecord
from moothall.release.queries import Release
from moothall.site.explorer.excellence import say_change_of, say_top
from moothall.site.explorer.profiles import make_area
from tests.barsetshire.pages import text_of
from tests.release.barset import ALLINGTON, BARCHESTER, GATHERUM, SILVERBRIDGE, build_release
from tests.release.exemplars import make_exemplary

BANNED = re.compile(
    r"\b(because|led to|thanks to|due to|good|bad|worst|average|significant\w*|fail\w*|league)\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def exemplary(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("exemplary"), make_exemplary())


@pytest.fixture
def reader(exemplary: Release, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(exemplary.directory))
    return Client(HTTP_HOST="localhost")


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def main_of(html: str) -> str:
    found = re.search(r"<main.*?</main>", html, re.DOTALL)
    assert found
    return text_of(found[0])


def test_every_entry_says_from_what_to_what_and_what_others_came_to(reader: Client) -> None:
    page = main_of(read(reader, "/excellence"))
    assert "Barchester went from 12.0% to 6.0% between 2019-20 and 2023-24." in page
    assert "Councils in England that began there came to 11.0%." in page
    assert page.index("Barchester went") < page.index("Gatherum went")
    assert page.count("It left the last quarter.") == 1
    assert page.count("Provisional") == 2  # the one entry, and what it means


def test_an_entry_leads_to_the_metric_for_that_council(reader: Client) -> None:
    html = read(reader, "/excellence")
    assert f'href="/metrics/share-missed?area={BARCHESTER}&amp;peers=england"' in html
    assert reader.get(f"/metrics/share-missed?area={BARCHESTER}&peers=england").status_code == 200
    assert f'href="/areas/{GATHERUM}/topics/bins"' in html


def test_the_best_tenth_is_counted_first_and_listed_by_topic(reader: Client, exemplary: Release) -> None:
    whole = main_of(read(reader, "/excellence"))
    assert "Two councils are among the top tenth in at least one metric." in whole
    assert "Allington had" not in whole
    page = main_of(read(reader, "/excellence?topic=bins"))
    figure = exemplary.figure("share-missed", ALLINGTON, "2023-24")
    assert f"Allington had {figure.text} in 2023-24. The median of councils in England was" in page
    assert "Carers content" not in page
    assert page.index("Allington had") < page.index("Gatherum had")


def test_it_can_be_asked_for_one_kind_of_council(reader: Client) -> None:
    page = main_of(read(reader, "/excellence?class=district"))
    assert "Barchester went" in page
    assert "Gatherum" not in page
    nobody = main_of(read(reader, "/excellence?class=metropolitan"))
    assert "No council is on this list." in nobody


@pytest.mark.parametrize("query", ["?topic=moots", "?class=combined_authority", "?topic=bins&topic=care"])
def test_what_cannot_be_chosen_is_refused(reader: Client, query: str) -> None:
    assert reader.get(f"/excellence{query}").status_code == 400


@pytest.mark.parametrize("query", ["", "?topic=bins", "?class=district", "?topic=bins&class=unitary"])
def test_every_list_says_how_much_was_looked_at_and_how_much_may_be_chance(reader: Client, query: str) -> None:
    page = main_of(read(reader, f"/excellence{query}"))
    assert "We looked at 13 values and 9 changes of councils, in two metrics." in page
    # Forty flags in fifty shuffled lists are more than the rule itself promises.
    assert "Of the two changes listed, fewer than one may be chance alone." in page
    assert "Of the one place among the top tenth whose chance is known, fewer than one may be chance alone." in page
    assert "6.0% of 50 shuffles" in page
    assert "0.8, beside 2 in the real list" in page
    assert "90% of 10" in page
    assert "60% of 20" in page


def test_nobody_who_fell_is_named(reader: Client, exemplary: Release) -> None:
    assert exemplary.exemplars(kind="setback")
    for address in ("/excellence", "/excellence?topic=bins", "/excellence?class=district"):
        assert "Silverbridge" not in main_of(read(reader, address))
    html = read(reader, f"/areas/{SILVERBRIDGE}/silverbridge")
    assert "Worth learning from" not in html


def test_nothing_is_ranked_and_no_banned_word_is_used(reader: Client) -> None:
    for address in ("/excellence", "/excellence?topic=bins"):
        html = read(reader, address)
        page = main_of(html)
        assert BANNED.findall(page) == []
        assert "<ol" not in html.split("<main")[1]
        assert re.findall(r"\b\d+(?:st|nd|rd|th) of\b", page) == []


def test_a_councils_page_has_what_others_may_learn_from_it(reader: Client) -> None:
    page = main_of(read(reader, f"/areas/{GATHERUM}/gatherum"))
    assert "Others may want to ask Gatherum how it does these." in page
    assert page.index("Came much further than others") < page.index("Among the top tenth:")
    assert "We looked at 13 values and 9 changes of councils" in page


def test_a_council_like_no_other_is_told_apart_from_nobody(exemplary: Release) -> None:
    gatherum = exemplary.area(GATHERUM)
    beside_others = make_area(exemplary, gatherum, "")
    assert beside_others.exemplars
    assert beside_others.things is not None
    alone = make_area(exemplary, replace(gatherum, area_class=AreaClass.ISLES_OF_SCILLY), "")
    assert "compares it with nobody" in alone.compared_with
    assert alone.things is None


def test_nobody_learns_from_a_council_like_no_other(real_release: Release) -> None:
    listed = real_release.exemplars()
    assert len(listed) > 300
    assert not ALONE & {each.area_class for each in listed}
    assert not ALONE & {each.area_class for each in real_release.topic_exemplars()}


def test_a_councils_page_counts_what_it_keeps_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_ready: None
) -> None:
    contents = make_exemplary()
    own = contents.exemplars.filter(pl.col("area_code") == GATHERUM)
    more = own.filter(pl.col("kind") == "recovery").with_columns(metric_key=pl.lit("share-not-missed"))
    tops = own.filter(pl.col("kind") == "top").with_columns(metric_key=pl.lit("share-missed"))
    release = build_release(tmp_path, make_exemplary(exemplars=pl.concat([own, more, tops])))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    html = read(Client(HTTP_HOST="localhost"), f"/areas/{GATHERUM}/gatherum")
    section = html.split('id="worth-learning-from"')[1].split("</section>")[0]
    before, behind = section.split("<details")
    assert (before.count("<li>"), behind.count("<li>")) == (0, 4)
    assert "4 metrics in which it stands out" in behind


def test_a_release_without_exemplars_says_so(client: Client) -> None:
    page = main_of(read(client, "/excellence"))
    assert "No council is on this list." in page
    assert "No metric has enough councils and years to look at." in page


def test_old_figures_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> None:
    release = build_release(tmp_path, make_exemplary(), date(2031, 6, 1))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    page = main_of(read(Client(HTTP_HOST="localhost"), "/excellence"))
    assert "Five entries rest on old figures and are left out." in page
    assert "No council is on this list." in page


def make_record(release: Release, **more: object) -> ExemplarRecord:
    [record] = release.exemplars(area=BARCHESTER)
    return replace(record, **more)  # type: ignore[arg-type]


def test_values_that_would_look_the_same_have_a_decimal_more(exemplary: Release) -> None:
    metric = exemplary.metric("share-missed")
    said = say_change_of(make_record(exemplary, before=6.04, after=5.96), metric)
    assert "from 6.04% to 5.96%" in said
    assert len(said.split(".")[0].split()) <= 25


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2023-24", "had 6.0% in 2023-24."),
        ("2024-03-31", "had 6.0% on 31 March 2024."),
        ("2023-24-academic", "had 6.0% in the academic year 2023/24."),
        ("2024-q4", "had 6.0% in October to December 2024."),
        ("to-2024-03", "had 6.0% in the year to March 2024."),
    ],
)
def test_the_period_reads_as_people_say_it(exemplary: Release, period: str, words: str) -> None:
    record = make_record(exemplary, period=period, period_label=parse_key(period).label, value=6.0)
    assert words in say_top(record, exemplary.metric("share-missed"))
