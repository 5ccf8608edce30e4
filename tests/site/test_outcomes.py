"""The pages of outcomes and of chains: what is held, what is not, and that a figure there is the figure everywhere."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from moothall.release.comparators import Comparators
from moothall.release.queries import Release
from tests.barsetshire.pages import text_of
from tests.release.barset import ALLINGTON, AUTHORITY, BARCHESTER, COUNTY, OLD_BARCHESTER_CODE


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def find_step(html: str, title: str) -> str:
    """The words of one step of a chain."""
    steps = re.findall(r'<section class="mh-chain__step">(.*?)</section>', html, re.DOTALL)
    (found,) = [text_of(step) for step in steps if title in step]
    return found


def test_the_list_counts_what_is_held(client: Client) -> None:
    html = read(client, "/outcomes")
    first, second, third = re.findall(r'<li class="mh-entry">(.*?)</li>', html, re.DOTALL)
    assert "1. Clean streets" in first
    for said in ("measured here 1", "near match here 1", "not held 1", "no measure yet 1"):
        assert said in text_of(first)
    assert "1 metric of ours is on its subject" in text_of(first)
    assert "We have seen part of its list." in text_of(second)
    assert "Context" in text_of(second)
    assert "The framework has no metrics for it yet." in text_of(third)
    assert "not checked against the ministry’s own file" in text_of(html)
    assert 'href="/outcomes"' in read(client, "/topics")


def test_an_outcome_says_what_is_held_near_and_missing(client: Client, release: Release) -> None:
    page = text_of(read(client, "/outcomes/1"))
    median = release.summary("share-missed", "2023-24", scope="england").median
    assert f"Share missed Median of councils in England {median:.1f}%" in page
    assert "How ours differs: Ours is for a year, not a month." in page
    assert "Not held Output metric. Publisher: The bailiff" in page
    assert "The duke is still thinking about it." in page
    assert "Share not missed" in page.partition("Other metrics here on this subject")[2]
    assert "we placed each by its subject" not in page
    assert "we placed each by its subject" in text_of(read(client, "/outcomes/2"))
    assert "no metrics for this outcome yet" in text_of(read(client, "/outcomes/3"))


@pytest.mark.parametrize("area", [BARCHESTER, ALLINGTON, COUNTY, AUTHORITY])
def test_an_outcome_shows_the_figure_that_the_api_has(client: Client, area: str) -> None:
    html = read(client, f"/outcomes/1?area={area}")
    shown = dict(re.findall(r'href="/figures/([\w-]+)/[^"]*">([^<]*)</a>', html))
    figures = client.get(f"/api/v1/figures?area={area}&metric=share-missed&metric=share-not-missed").json()["figures"]
    assert shown.items() >= {each["metric"]: each["text"] for each in figures if each["value"] is not None}.items()
    assert f'href="/outcomes/2?area={area}"' in html
    assert f'href="/outcomes?area={area}"' in html


def test_a_council_is_found_by_name_or_old_code(client: Client) -> None:
    for said in ("Barchester", OLD_BARCHESTER_CODE, BARCHESTER.lower()):
        for path in ("/outcomes", "/outcomes/1"):
            response = client.get(path, {"area": said})
            assert (response.status_code, response["Location"]) == (302, f"{path}?area={BARCHESTER}")
    assert client.get("/outcomes/1?area=nowhere").status_code == 400
    assert client.get("/outcomes/1?area=").status_code == 200
    for number in ("0", "4", "x", "01"):
        assert client.get(f"/outcomes/{number}").status_code == 404


def test_a_metric_says_which_outcomes_it_bears_on(client: Client) -> None:
    html = read(client, f"/metrics/share-missed?area={BARCHESTER}")
    assert "Outcomes it bears on 1. Clean streets" in text_of(html)
    assert f'href="/outcomes/1?area={BARCHESTER}"' in html
    assert "Outcomes it bears on" not in read(client, "/metrics/bins-emptied")


def test_a_topic_opens_with_its_chain(client: Client, release: Release) -> None:
    html = read(client, "/topics/bins")
    for title in ("What goes in", "What is done"):
        assert find_step(html, title) == f"{title} Nothing held here measures this."
    outcome = find_step(html, "What comes of it")
    summary = release.summary("share-missed", "2023-24", scope="england")
    assert summary.lower_quartile is not None
    assert summary.upper_quartile is not None
    half = f"middle half {summary.lower_quartile:.1f}% to {summary.upper_quartile:.1f}%"
    assert f"Share missed Median of councils in England {summary.median:.1f}% {half} 2023-24" in outcome
    assert "Bins missed An amount that grows with the size of a council" in outcome
    assert "one does not prove or explain another" in html
    assert "The archive of Barset . It has the bins of other counties." in text_of(html).replace("Barset.", "Barset .")


def test_a_topic_without_a_chain_says_why(client: Client) -> None:
    html = read(client, "/topics/care")
    assert "Care has no chain in Barsetshire." in html
    assert "mh-chain" not in html
    assert "Elsewhere" not in html


def test_a_councils_chain_has_its_values_and_its_peers(client: Client, release: Release) -> None:
    outcome = find_step(read(client, f"/areas/{ALLINGTON}/topics/bins"), "What comes of it")
    figure = release.figure("share-missed", ALLINGTON, "2023-24", peers=Comparators("type"))
    assert f"Allington: {figure.text}" in outcome
    assert f"Median of unitary councils {figure.median_peers:.1f}%" in outcome
    wider = find_step(read(client, f"/areas/{ALLINGTON}/topics/bins?peers=england"), "What comes of it")
    assert "Median of councils in England" in wider


def test_a_council_that_runs_one_service_of_a_chain_is_told_who_runs_the_other(client: Client) -> None:
    outcome = find_step(read(client, f"/areas/{BARCHESTER}/topics/bins"), "What comes of it")
    assert "run by Barsetshire" in outcome.partition("Carers content")[2]


def test_the_api_has_the_outcomes_and_the_chains(client: Client) -> None:
    answer = client.get("/api/v1/outcomes").json()
    assert [each["number"] for each in answer["outcomes"]] == [1, 2, 3]
    first = answer["outcomes"][0]
    assert first["metrics"][1]["matches"] == [
        {"metric": "bins-missed", "match": "near", "differs": "Ours is for a year, not a month."}
    ]
    assert [each["holding"] for each in first["metrics"]] == ["same", "near", "not_held", "no_measure"]
    assert [each["says_outcome"] for each in answer["lists"]] == [True, False]
    bins, care = client.get("/api/v1/topics").json()["topics"]
    assert bins["chain"]["outcome"] == ["share-missed", "bins-missed", "carers-content"]
    assert care["chain"] == {}
    assert client.get("/api/v1/outcomes?topic=bins").status_code == 400
