"""The national picture: what moved, half of the councils in words, and tables beside every chart."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from django.test import Client

from moothall.release.queries import Release
from tests.barsetshire.pages import text_of
from tests.site.told import BANNED

METRIC = "/national/care/carers-content"


@pytest.fixture
def reader(moved: Release, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(moved.directory))
    return Client(HTTP_HOST="localhost")


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    found = re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)
    assert found
    return found[0]


def test_the_overview_counts_and_lists_what_moved(reader: Client) -> None:
    html = read(reader, "/national")
    page = text_of(html)
    assert "We looked at one series in which one direction is better." in page
    assert "One moved towards better, none towards worse, and none showed no clear change." in page
    assert "fewer than one may have done so by chance" in page
    assert "42.0% in 2017-18" in page
    assert f'href="{METRIC}"' in html
    assert html.count("mh-spark__better") > 1


def test_a_topic_says_where_half_of_the_councils_lie(reader: Client) -> None:
    page = text_of(read(reader, "/national/care"))
    assert "Carers content" in page
    assert "50.0% to 56.0%" in page
    assert "5 of 5" in page
    assert "Towards better since 2017-18" in page


def test_a_metric_is_told_in_words_first_with_a_table_beside_each_chart(reader: Client) -> None:
    html = read(reader, METRIC)
    page = text_of(html)
    assert "Half of councils in England were between 50.0% and 56.0% in 2023-24. The middle was 52.5%." in page
    assert "All 5 have a figure." in page
    assert "We followed the same four councils between 2017-18 and 2023-24." in page
    assert "Their middle rose from 42.0% to 54.3%: towards better." in page
    assert html.count("mh-chart__band--outer") == 1
    assert html.count("<table") == 1 + html.count('id="kinds"') + html.count('id="regions"')
    for year in range(2017, 2024):
        assert f"{year}-{(year + 1) % 100:02d}" in page


def test_a_median_leads_to_the_page_that_lists_its_councils(reader: Client) -> None:
    assert 'href="/metrics/carers-content"' in read(reader, METRIC)


def test_a_metric_is_shown_below_its_own_topic_only(reader: Client) -> None:
    response = reader.get("/national/bins/carers-content")
    assert (response.status_code, response["Location"]) == (301, METRIC)


@pytest.mark.parametrize("address", ["/national/nix", "/national/care/nix", "/national/bins/bins-missed"])
def test_what_there_is_not_is_not_found(reader: Client, address: str) -> None:
    assert reader.get(address).status_code == 404


def test_a_release_without_movements_says_so(client: Client) -> None:
    assert "No series is long enough" in text_of(read(client, "/national"))
    assert "No metric of this topic has enough councils to show here." in text_of(read(client, "/national/care"))


@pytest.mark.parametrize("address", ["/national", "/national/care", "/national/bins", METRIC])
def test_nothing_says_more_than_the_numbers(reader: Client, address: str) -> None:
    page = text_of(re.sub(r"<svg.*?</svg>", "", read(reader, address), flags=re.DOTALL))
    assert not BANNED.search(page)
    assert not re.search(r"\bNone (?!moved)", page)
    assert "nan" not in page.split()


@pytest.mark.parametrize("address", ["/", "/topics", "/topics/care"])
def test_it_is_found_from_where_readers_are(reader: Client, address: str) -> None:
    assert 'href="/national' in read(reader, address)


def test_the_api_answers_with_what_the_page_shows(reader: Client, moved: Release) -> None:
    answer = json.loads(reader.get("/api/v1/national?metric=carers-content").content)
    [movement] = answer["movements"]
    assert (movement["scope"], movement["councils"], movement["direction"]) == ("england", 4, "rising")
    assert answer["release"] == moved.record.id
    [latest] = [each for each in answer["spreads"] if (each["scope"], each["period"]) == ("england", "2023-24")]
    assert (latest["lower_quartile"], latest["median"], latest["upper_quartile"]) == (50.0, 52.5, 56.0)
    rows = csv.DictReader(io.StringIO(reader.get("/api/v1/national?metric=carers-content&format=csv").content.decode()))
    listed = list(rows)
    assert [(row["scope"], row["period"]) for row in listed] == [
        (each["scope"], each["period"]) for each in answer["spreads"]
    ]
    assert all(row["release"] == moved.record.id for row in listed)


def test_the_api_gives_the_movements_of_a_topic(reader: Client) -> None:
    answer = json.loads(reader.get("/api/v1/national?topic=care").content)
    assert [each["metric"] for each in answer["movements"]] == ["carers-content"]
    assert answer["spreads"] == []
    text = reader.get("/api/v1/national?topic=care&format=csv").content.decode()
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["metric"], row["first"]) == ("carers-content", "2017-18")


@pytest.mark.parametrize(
    ("asked", "status"), [("topic=nix", 404), ("metric=nix", 404), ("area=x", 400), ("topic=", 400)]
)
def test_the_api_refuses_what_it_does_not_know(reader: Client, asked: str, status: int) -> None:
    assert reader.get(f"/api/v1/national?{asked}").status_code == status
