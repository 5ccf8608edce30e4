"""The section of breakdowns: every breakdown of a council beside the median of its comparators."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.values import round_half_up
from moothall.release.downloads.formats import SPREADSHEETS_FIRST
from moothall.release.queries import Release
from moothall.release.records import Comparators
from moothall.site.explorer.breakdowns import list_in_order
from moothall.site.explorer.by_breakdown import ByBreakdown, show_by_breakdown
from moothall.site.explorer.questions import read_question
from tests.barsetshire.pages import text_of

CROYDON, EXETER = "E09000008", "E07000041"


def show(release: Release, key: str, query: str) -> ByBreakdown | None:
    return show_by_breakdown(release, read_question(release, key, QueryDict(query)))


@pytest.mark.parametrize("peers", ["neighbours", "type", "england", "region"])
def test_each_value_and_median_is_that_of_its_own_page(real_release: Release, peers: str) -> None:
    found = show(real_release, "attainment-8", f"area={CROYDON}&peers={peers}")
    assert found is not None
    metric = real_release.metric("attainment-8")
    assert len(found.rows) == len(metric.breakdowns)
    above = 0
    for row, breakdown in zip(found.rows, list_in_order(metric.breakdowns), strict=True):
        figure = real_release.figure(
            metric.key,
            CROYDON,
            metric.latest_period or "",
            breakdown=breakdown,
            peers=Comparators(peers),  # type: ignore[arg-type]
        )
        assert row.text == figure.text
        middle = figure.median_peers
        assert row.median == ("" if middle is None else f"{round_half_up(middle, figure.places):.1f}")
        if breakdown != "all" and middle is not None and figure.value is not None:
            above += round_half_up(figure.value, figure.places) > round_half_up(middle, figure.places)
    assert (" above " in found.sentence) is (above > 0)


@pytest.mark.parametrize("area", [CROYDON, ""])
def test_every_format_has_the_breakdowns_that_are_shown(real_release: Release, area: str) -> None:
    found = show(real_release, "attainment-8", f"area={area}" if area else "")
    assert found is not None
    assert [each.label for each in found.download.formats] == [each.label for each in SPREADSHEETS_FIRST]
    metric = real_release.metric("attainment-8")
    for each in found.download.formats:
        asked = parse_qs(urlsplit(each.address).query)
        assert asked.pop("format", ["json"]) == [next(f for f in SPREADSHEETS_FIRST if f.label == each.label)]
        assert asked.pop("breakdown") == list(list_in_order(metric.breakdowns))
        assert asked.pop("area", []) == [area][: len(area)]
        peers = "neighbours" if area else "england"
        assert asked == {"metric": [metric.key], "period": [metric.latest_period], "peers": [peers]}


def test_totals_are_not_compared_and_their_sum_is_not_drawn(real_release: Release) -> None:
    found = show(real_release, "homelessness-duties-by-age", f"area={EXETER}")
    assert found is not None
    assert found.sentence.endswith("These grow with the size of the area, so we do not call them higher or lower.")
    assert [("<rect" in row.bar) for row in found.rows[:2]] == [False, True]


def test_without_a_council_the_medians_stand_alone(real_release: Release) -> None:
    found = show(real_release, "attainment-8", "")
    assert found is not None
    assert found.council == ""
    summary = real_release.summary(
        "attainment-8", real_release.metric("attainment-8").latest_period or "", scope="england"
    )
    assert found.rows[0].median == f"{summary.median:.1f}"


def test_a_metric_of_one_breakdown_has_no_such_section(client: Client, real_release: Release) -> None:
    assert show(real_release, "household-waste-recycled", f"area={CROYDON}") is None
    assert "By breakdown" not in client.get("/metrics/share-missed").content.decode()


def test_the_page_shows_it_with_the_one_it_is_about_marked(
    real_release: Release, django_ready: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(real_release.directory))
    address = f"/metrics/attainment-8?area={CROYDON}&breakdown=free-meals"
    page = Client(HTTP_HOST="localhost").get(address).content.decode()
    section = page.partition('id="by-breakdown"')[2].partition("</section>")[0]
    marked = re.findall(r'row--selected">(.*?)</th>', section)
    assert [text_of(each) for each in marked] == ["Free meals"]
    assert section.count("mh-bar__median") == len(real_release.metric("attainment-8").breakdowns)


@pytest.mark.parametrize(
    "ordered",
    [
        "all up-to-3-months 3-to-6-months 6-to-12-months 1-to-2-years 2-years-or-more",
        "all aged-under-65 aged-65-to-84 aged-85-and-over",
        "all female male aged-65-to-74",
        "all band-a band-b band-h",
    ],
)
def test_ages_and_times_are_in_their_order_and_all_comes_first(ordered: str) -> None:
    assert list_in_order(sorted(ordered.split())) == ordered.split()


@given(st.lists(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), unique=True))
def test_none_is_lost(breakdowns: list[str]) -> None:
    assert sorted(list_in_order(breakdowns)) == sorted(breakdowns)
