"""Metrics through their lives: old keys lead on, what is to come has no figures, what is retired keeps its history."""

from __future__ import annotations

import pytest
from django.test import Client

from moothall.release.figures import Selection
from moothall.release.queries import Release
from tests.release.barset import ALLINGTON, build_release
from tests.release.lives import make_lived_contents


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("lived"), make_lived_contents())


@pytest.fixture
def reader(lived: Release, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(lived.directory))
    return Client(HTTP_HOST="localhost")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/metrics/bins-forgotten", "/metrics/bins-missed"),
        ("/metrics/bins-left?area=E06900002&peers=type", "/metrics/bins-missed?area=E06900002&peers=type"),
        ("/maps/bins-forgotten", "/maps/bins-missed"),
        (f"/figures/bins-forgotten/{ALLINGTON}/2023-24", f"/figures/bins-missed/{ALLINGTON}/2023-24"),
    ],
)
def test_old_keys_lead_to_the_new_for_good(reader: Client, old: str, new: str) -> None:
    answer = reader.get(old)
    assert (answer.status_code, answer["Location"]) == (301, new)
    assert reader.get(new).status_code == 200


def test_api_answers_an_old_key_under_the_new(reader: Client) -> None:
    metric = reader.get("/api/v1/metrics/bins-forgotten").json()
    assert (metric["key"], metric["aliases"]) == ("bins-missed", ["bins-forgotten", "bins-left"])
    assert metric["periods"] == reader.get("/api/v1/metrics/bins-missed").json()["periods"] != []
    figures = reader.get(f"/api/v1/figures?metric=bins-left&area={ALLINGTON}").json()["figures"]
    assert [each["metric"] for each in figures] == ["bins-missed"]
    assert reader.get(f"/api/v1/figures/bins-left/{ALLINGTON}/2023-24").json()["metric"] == "bins-missed"
    assert reader.get("/api/v1/metrics/bins-never").status_code == 404


def test_api_says_where_a_metric_is_in_its_life(reader: Client) -> None:
    said = {each["key"]: each for each in reader.get("/api/v1/metrics").json()["metrics"]}
    retired = said["share-not-missed"]
    assert (retired["status"], retired["status_since"], retired["replacement"]) == (
        "retired",
        "2025-04-01",
        "share-missed",
    )
    assert said["bins-polished"]["status"] == "proposed"
    assert said["carers-content"] | {"status": "published", "status_since": None} == said["carers-content"]
    assert said["bins-missed"]["status_reason"] == "Bins hidden behind a hedge are counted, too."
    assert {each["quality"] for each in said.values()} == {"official_statistics"}


def test_what_is_to_come_is_in_the_catalogue_and_nowhere_else(reader: Client, lived: Release) -> None:
    page = reader.get("/metrics/bins-polished")
    assert page.status_code == 200
    assert "Proposed since 1 May 2025" in page.text
    assert "Nobody is compared by it" in page.text
    assert "In consultation since 8 May 2025" in reader.get("/metrics/bins-painted").text
    listed = reader.get("/metrics").text
    assert "Bins polished: proposed" in listed
    assert "Bins painted: in consultation" in listed
    for address in ("/topics/bins", f"/areas/{ALLINGTON}/topics/bins", f"/areas/{ALLINGTON}/allington", "/"):
        assert "polished" not in reader.get(address).text
    assert lived.figures(Selection(metric=("bins-polished",), period="all")) == []


def test_what_is_retired_keeps_its_history_and_says_what_took_its_place(reader: Client, lived: Release) -> None:
    page = reader.get("/metrics/share-not-missed").text
    assert "retired on 1 April 2025: no newer figures are added." in page
    assert 'href="/metrics/share-missed"' in page
    assert lived.figures(Selection(metric=("share-not-missed",), area=(ALLINGTON,), period="all"))
    shown = {figure.metric for figure in lived.figures(Selection(topic=("bins",), area=(ALLINGTON,)))}
    assert "share-missed" in shown
    assert "share-not-missed" not in shown
    assert "share-not-missed" not in {figure.metric for figure in lived.area_figures(ALLINGTON)}
    assert "share-not-missed" in {
        figure.metric for figure in lived.figures(Selection(topic=("bins",), area=(ALLINGTON,), period="all"))
    }
    topic = reader.get("/topics/bins").text.partition("<main")[2]
    assert topic.index("Retired: kept for their history") < topic.index("Share not missed")
    own_line = reader.get("/metrics").text.partition('href="/metrics/share-not-missed"')[2].partition("</li>")[0]
    assert ", retired, " in own_line


def test_a_retired_metric_is_not_missing_from_a_council(reader: Client, lived: Release) -> None:
    slug = lived.area(ALLINGTON).slug
    page = reader.get(f"/areas/{ALLINGTON}/{slug}").text
    assert "Share missed" in page or "share missed" in page
    assert "Too new" not in page


def test_what_was_improved_says_what_and_when(reader: Client) -> None:
    page = reader.get("/metrics/bins-missed").text
    assert "This metric was improved on 14 November 2024. Bins hidden behind a hedge are counted, too." in page


def test_metric_says_what_kind_of_statistic_it_is(reader: Client) -> None:
    page = reader.get("/metrics/bins-missed").text
    assert "Official statistics. They are published by the rules for official statistics." in page
    assert 'href="/methods#kinds-of-statistic"' in page
    methods = reader.get("/methods").text
    assert "Management information" in methods
    assert "Transcribed" in methods
