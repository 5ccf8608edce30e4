"""What is missing is said alike on a page, in the API and as CSV; a figure that is old says so wherever it stands."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape

import pytest
from django.test import Client

from moothall.release.queries import Release
from tests.barsetshire.pages import text_of
from tests.release.barset import ALLINGTON, BARCHESTER, GATHERUM, build_release

QUERIES = ("", "?topic=bins", "?topic=care", "?function=care", "?topic=bins&function=bin_emptying")


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("query", QUERIES)
def test_csv_and_json_say_the_same(client: Client, release: Release, query: str) -> None:
    gaps = client.get(f"/api/v1/gaps{query}").json()["gaps"]
    response = client.get(f"/api/v1/gaps{query}{'&' if query else '?'}format=csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert response["Content-Disposition"].endswith(f'{release.record.id}.csv"')
    assert len(rows) == len(gaps) > 0
    for row, gap in zip(rows, gaps, strict=True):
        assert list(row) == list(gap)
        for name, told in gap.items():
            said = "" if told is None else "; ".join(told) if isinstance(told, list) else str(told)
            assert row[name] == said


@pytest.mark.parametrize("query", QUERIES[1:])
def test_the_page_lists_every_gap_that_was_asked_for(client: Client, query: str) -> None:
    page = text_of(read(client, f"/gaps{query}"))
    for gap in client.get(f"/api/v1/gaps{query}").json()["gaps"]:
        assert gap["title"] in page
        assert gap["reason"] in page


def test_the_whole_page_counts_by_topic_and_by_service(client: Client) -> None:
    page = read(client, "/gaps")
    tables = [
        [[text_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in rows]
        for table in re.findall(r"<table.*?</table>", page, re.DOTALL)
        for rows in [re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)]
    ]
    by_topic, by_service, files, series = tables
    assert by_topic[1:] == [["Bins", "4", "0", "4", "1", "0"], ["Care", "1", "0", "1", "2", "1"]]
    assert by_service[1:] == [["Emptying bins", "none", "none", "4"], ["Care", "none", "none", "1"]]
    assert len(files) == 4
    assert series[1][1:] == ["What it would tell: How often carers call.", "No copy of the files could be had."]


def test_filters_are_links_and_a_form(client: Client) -> None:
    page = read(client, "/gaps")
    assert 'href="/gaps?topic=bins"' in page
    assert 'href="/gaps?function=care"' in page
    assert '<form class="mh-choices mh-no-print" method="get" action="/gaps">' in page
    assert 'href="/api/v1/gaps?format=csv"' in page
    assert 'href="/api/v1/gaps?topic=bins&amp;format=csv"' in read(client, "/gaps?topic=bins")
    assert '<link rel="canonical" href="/gaps?topic=bins">' in read(client, "/gaps?topic=bins&function=")


@pytest.mark.parametrize("address", ["/", "/topics", "/metrics", "/about", "/areas"])
def test_a_person_who_looks_finds_it(client: Client, address: str) -> None:
    assert 'href="/gaps"' in read(client, address)


def test_a_topic_says_in_a_sentence_what_is_missing_of_it(client: Client) -> None:
    page = read(client, "/topics/care")
    said = (
        "Two published files are not here and one series is not read. One metric lacks some councils "
        "and two kinds of measure of a service have no metric."
    )
    assert f"{said} What is missing, and why" in text_of(page)
    assert 'href="/gaps?topic=care"' in page


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/v1/gaps?topic=moots", 404, "unknown_topic"),
        ("/api/v1/gaps?function=moots", 404, "unknown_function"),
        ("/api/v1/gaps?topic=", 400, "invalid_parameter"),
        ("/api/v1/gaps?metric=bins-missed", 400, "unknown_parameter"),
        ("/api/v1/gaps?format=xml", 400, "invalid_parameter"),
    ],
)
def test_the_api_refuses_what_it_does_not_know(client: Client, address: str, status: int, code: str) -> None:
    response = client.get(address)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_the_page_refuses_a_topic_that_there_is_not(client: Client) -> None:
    assert client.get("/gaps?topic=moots").status_code == 400


def test_a_metric_lists_the_newer_files_that_are_known(client: Client) -> None:
    assert "Care 2024-25" in text_of(read(client, "/metrics/carers-content"))


# The catalogue.


def list_found(client: Client, query: str) -> list[str]:
    return re.findall(r'<li><a class="govuk-link" href="/metrics/([a-z-]+)">', read(client, f"/metrics{query}"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["bins-missed", "bins-emptied", "share-missed", "share-not-missed", "carers-content"]),
        ("?q=BINS+missed", ["bins-missed", "share-missed"]),  # people say "wheelie bins" for the share
        ("?q=counts", ["bins-missed", "bins-emptied", "share-missed", "share-not-missed", "carers-content"]),
        ("?q=dragons", []),
        ("?topic=care", ["carers-content"]),
        ("?source=barset-bins", ["bins-missed", "bins-emptied", "share-missed", "share-not-missed"]),
        ("?source=barset-bins&q=share", ["share-missed", "share-not-missed"]),
        ("?kind=input", []),
        ("?kind=outcome&topic=care", ["carers-content"]),
        ("?age=old", []),
        ("?age=new&topic=care", ["carers-content"]),
        ("?files=known&topic=care", ["carers-content"]),
        ("?files=all", []),
    ],
)
def test_the_catalogue_is_narrowed_down(client: Client, query: str, found: list[str]) -> None:
    assert list_found(client, query) == found


def test_the_catalogue_says_how_full_and_how_new_each_metric_is(client: Client) -> None:
    page = text_of(read(client, "/metrics"))
    assert "5 metrics" not in page
    assert "Five metrics in two topics, from two sources." in page
    assert "Bins missed What comes of it, 2023-24, 6 of 7 councils" in page
    assert "No metric fits." in text_of(read(client, "/metrics?q=dragons"))


def test_groups_are_open_once_something_was_asked_for(client: Client) -> None:
    assert '<details class="mh-group" id="bins">' in read(client, "/metrics")
    assert '<details class="mh-group" id="bins" open>' in read(client, "/metrics?q=bins")


# Age.

OLD_DAY = date(2031, 6, 1)  # seven years after the newest period
SAYS_OLD = (
    "/",
    "/topics",
    "/topics/bins",
    "/metrics",
    "/metrics?q=bins",
    "/metrics/bins-missed",
    "/metrics/share-missed",
    "/maps/bins-missed",
    f"/metrics/bins-missed?area={ALLINGTON}",
    f"/areas/{ALLINGTON}/allington",
    f"/areas/{ALLINGTON}/topics/bins",
    f"/areas/{ALLINGTON}/topics/bins?with={GATHERUM}",
    f"/areas/{BARCHESTER}/barchester",
    f"/figures/bins-missed/{ALLINGTON}/2023-24",
    f"/figures/share-missed/{ALLINGTON}/2023-24",
    "/gaps",
    "/gaps?topic=bins",
)
_SAID = re.compile(r"7 years old|old: 2023-24 ended seven years before|metrics are old|ended 7 years before")


@pytest.fixture(scope="module")
def aged(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("aged"), built=OLD_DAY)


@pytest.fixture
def later(client: Client, aged: Release, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(aged.directory))
    return client


@pytest.mark.parametrize("address", SAYS_OLD)
def test_an_old_figure_says_so_wherever_it_stands(later: Client, address: str) -> None:
    assert _SAID.search(text_of(read(later, address)))


@pytest.mark.parametrize("address", SAYS_OLD)
def test_a_figure_that_is_not_old_does_not(client: Client, address: str) -> None:
    page = text_of(read(client, address).replace("A mark such as “8 years old”", ""))
    assert not re.search(r"\d years old|(is|are) old:|one metric is old|metrics are old", page)


def test_the_api_and_downloads_say_what_is_old(later: Client) -> None:
    assert {each["is_old"] for each in later.get("/api/v1/figures?metric=bins-missed").json()["figures"]} == {True}
    rows = csv.DictReader(io.StringIO(later.get("/api/v1/figures?format=csv").content.decode()))
    assert {row["is_old"] for row in rows} == {"true"}
    assert {metric["is_old"] for metric in later.get("/api/v1/metrics").json()["metrics"]} == {True}
    assert later.get(f"/api/v1/figures/bins-missed/{ALLINGTON}/2023-24").json()["is_old"] is True


def test_only_old_periods_are_old_in_the_api(client: Client) -> None:
    answer = client.get("/api/v1/figures?metric=bins-missed&period=all").json()["figures"]
    assert {(figure["period"], figure["is_old"]) for figure in answer} == {
        ("2021-22", True),  # it ended on 31 March 2022, three years and two months before
        ("2022-23", False),
        ("2023-24", False),
    }


def test_the_sentence_in_a_page_is_the_release_s_own(later: Client) -> None:
    page = unescape(read(later, "/metrics/bins-missed"))
    assert "These figures are old: 2023-24 ended seven years before this release was made." in page
