"""A figure of a breakdown is never taken for one of all together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from moothall.site.explorer.breakdowns import add_breakdown, name_breakdown, name_metric
from tests.barsetshire.pages import text_of
from tests.release.barset import BARCHESTER, build_release, make_contents

TITLE = "Bins missed: bins brown"


@pytest.fixture
def client(tmp_path: Path, django_ready: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    release = build_release(tmp_path, make_contents(breakdowns=("all", "bins-brown")))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    return Client(HTTP_HOST="localhost")


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def find_heading(page: str) -> str:
    return text_of(re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[0])


@pytest.mark.parametrize("chosen", ["", f"&area={BARCHESTER}"])
def test_a_metrics_page_names_the_breakdown_everywhere(client: Client, chosen: str) -> None:
    page = read(client, f"/metrics/bins-missed?breakdown=bins-brown{chosen}")
    assert find_heading(page) == TITLE
    sentence, over_time = (
        re.search(found, page, re.DOTALL)
        for found in (r'<p class="[^"]*mh-sentence">(.*?)</p>', r'id="over-time">.*?<p class="govuk-body">(.*?)</p>')
    )
    assert sentence
    assert "(bins brown)" in sentence[1]
    assert over_time
    assert "(bins brown)" in over_time[1]
    captions = [text_of(each) for each in re.findall(r"<caption[^>]*>(.*?)</caption>", page, re.DOTALL)]
    charts = [text_of(each) for each in re.findall(r"<svg[^>]*mh-chart[^>]*>.*?<title[^>]*>(.*?)</title>", page)]
    titles = [text_of(each) for each in re.findall(r'<strong class="mh-figure__title">(.*?)</strong>', page)]
    together = captions.pop(1)
    assert together.startswith("Bins missed, 2023-24: each breakdown"), "this one is of all of them"
    assert len(captions) == 2
    assert charts
    assert titles
    assert all(each.startswith(TITLE) for each in [*captions, *charts, *titles])


def test_a_trace_names_the_breakdown(client: Client) -> None:
    page = read(client, f"/figures/bins-missed/{BARCHESTER}/2023-24?breakdown=bins-brown")
    assert find_heading(page).startswith(f"{TITLE}, Barchester")
    assert "(bins brown)" in page


def test_nothing_is_named_where_all_are_together(client: Client) -> None:
    assert find_heading(read(client, "/metrics/bins-missed")) == "Bins missed"
    assert "(all)" not in read(client, f"/metrics/bins-missed?area={BARCHESTER}")


@pytest.mark.parametrize(
    ("breakdown", "words"),
    [
        ("domestic-abuse", "domestic abuse"),
        ("band-a", "band A"),
        ("asian", "Asian"),
        ("household-black-bags", "household black bags"),
        ("childrens-social-care", "children’s social care"),
    ],
)
def test_a_breakdown_is_named_in_words(breakdown: str, words: str) -> None:
    assert name_breakdown(breakdown) == words


def test_all_together_need_no_name() -> None:
    assert name_metric("Households owed help", "all") == "Households owed help"
    assert add_breakdown("2024-25", "all") == "2024-25"


def test_a_title_has_one_colon() -> None:
    assert name_metric("Households owed help", "domestic-abuse") == "Households owed help: domestic abuse"
    assert name_metric("Progress 8: from 11 to 16", "free-meals") == "Progress 8: from 11 to 16, free meals"
