"""What pages say of councils that were merged: figures added up, where they came from, and what is left out."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from moothall.release.check import check_figure
from tests.barsetshire.pages import text_of
from tests.conftest import Barsetshire

CRABTREE, COUNTY, PARVA = "E07900005", "E10900001", "E07900003"
METRIC, BEFORE = "household-waste-collected", "2018-19"


@pytest.fixture
def client(barsetshire: Barsetshire, django_ready: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
    return Client(HTTP_HOST="localhost")


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return text_of(response.content.decode())


def test_a_merged_council_s_line_goes_back_and_says_so(client: Client) -> None:
    page = read(client, f"/metrics/{METRIC}?area={CRABTREE}")
    assert (
        "Crabtree began on 1 April 2019. Its earlier figures are added up over the councils whose place it took."
        in page
    )
    assert "Hollow points: added up." in page
    assert "17,000 tonnes" in page


def test_a_figure_of_before_it_began_says_of_what_it_is_made(client: Client) -> None:
    page = read(client, f"/figures/{METRIC}/{CRABTREE}/{BEFORE}")
    assert "From before it began: added up over the two councils that had the same ground." in page
    assert "9,000 + 8,000 = 17000, shown as 17,000 tonnes" in page
    assert "Crabtree Parva" in page
    assert "Crabtree Canonicorum" in page


def test_the_api_gives_its_marker_and_every_cell(client: Client) -> None:
    figure = client.get(f"/api/v1/figures/{METRIC}/{CRABTREE}/{BEFORE}").json()
    assert (figure["value"], figure["marker"]) == (17_000, "derived_sum")
    assert (figure["rank"], figure["mads_england"], figure["change"]) == (None, None, None)
    assert [(cell["area"], cell["value"]) for cell in figure["lineage"]["cells"]] == [
        ("E07900004", 9_000),
        ("E07900003", 8_000),
    ]
    derived = client.get(f"/api/v1/figures/recycling-rate/{CRABTREE}/{BEFORE}").json()
    assert derived["marker"] == "derived_sum"
    assert {(cell["name"], cell["area"]) for cell in derived["lineage"]["cells"]} == {
        (name, area) for name in ("recycled", "collected") for area in ("E07900003", "E07900004")
    }


def test_a_list_of_everyone_counts_no_place_twice(client: Client) -> None:
    answer = client.get(f"/api/v1/figures?metric={METRIC}&period={BEFORE}&format=csv").content.decode()
    rows = {row["area"]: row for row in csv.DictReader(io.StringIO(answer))}
    assert PARVA in rows
    assert CRABTREE not in rows
    asked = client.get(f"/api/v1/figures?metric={METRIC}&period={BEFORE}&area={CRABTREE}&format=csv").content.decode()
    [row] = csv.DictReader(io.StringIO(asked))
    assert (row["value"], row["marker"]) == ("17000", "derived_sum")


def test_medians_and_counts_are_as_without_it(barsetshire: Barsetshire) -> None:
    summary = barsetshire.release.summary(METRIC, BEFORE, scope="district")
    slice_ = barsetshire.release.slice(METRIC, BEFORE)
    assert summary.eligible == sum(figure.area_class == "district" for figure in slice_)
    assert CRABTREE not in {figure.area for figure in slice_}


def test_what_is_added_up_is_checked_against_its_parts(barsetshire: Barsetshire) -> None:
    for metric in (METRIC, "recycling-rate"):
        assert list(check_figure(barsetshire.release, barsetshire.release.trace(metric, CRABTREE, BEFORE))) == []


def test_a_closed_council_keeps_its_last_figures(client: Client) -> None:
    page = read(client, f"/areas/{PARVA}")
    assert (
        "Crabtree Parva District Council existed until 31 March 2019. Crabtree District Council took its place." in page
    )
    assert "Its last figures" in page
    assert "2018-19" in page


def test_a_county_s_own_figures_are_not_added_up(barsetshire: Barsetshire) -> None:
    figure = barsetshire.release.figure(METRIC, COUNTY, BEFORE)
    assert not figure.is_added_up
    assert figure.value is not None
