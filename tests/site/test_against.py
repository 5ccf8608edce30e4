"""Two metrics set against each other: who is on the page, what is said of them, and what is refused."""

from __future__ import annotations

import json
import re
from statistics import median

import pytest
from django.test import Client
from scipy.stats import spearmanr

from moothall.core.values import Unit, format_number
from moothall.release.queries import Release
from moothall.release.records import Comparators
from moothall.site.explorer.comparisons import is_total, read_slice
from moothall.site.explorer.pairs import find_first_other, list_context
from moothall.site.narrative.together import ABOUT_COUNCILS, CAUTION, say_together
from tests.barsetshire.pages import text_of
from tests.release.barset import ALLINGTON, BARCHESTER, COUNTY, FRAMLEY, OMNIUM, SILVERBRIDGE
from tests.site.told import BANNED

PAGE = "/metrics/share-missed/against/bins-emptied"


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return response.content.decode()


def find_codes(page: str) -> list[str]:
    table = page.partition('id="pairs"')[2].partition("</table>")[0]
    return re.findall(r'<td class="govuk-table__cell">(E\d{8})</td>', table)


def find_marks(page: str) -> set[str]:
    return set(re.findall(r'data-code="(\w+)"', page))


@pytest.fixture
def real_site(real_release: Release, django_ready: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(real_release.directory))
    return Client(HTTP_HOST="localhost")


def test_whoever_has_both_figures_is_marked_and_listed_once(client: Client, release: Release) -> None:
    page = get(client, PAGE)
    having = {
        metric: {each.area for each in release.slice(metric, "2023-24") if each.value is not None and each.is_compared}
        for metric in ("share-missed", "bins-emptied")
    }
    both = having["share-missed"] & having["bins-emptied"]
    assert both
    assert FRAMLEY not in both
    assert find_marks(page) == set(find_codes(page)) == both
    assert len(find_codes(page)) == len(both)


def test_of_few_it_is_not_said_how_they_go_together(client: Client) -> None:
    text = text_of(get(client, PAGE))
    assert re.search(r"\w+ councils have both figures, too few to say how they go together\.", text)
    assert "rank correlation" not in text
    assert CAUTION in text
    assert ABOUT_COUNCILS in text


def test_the_chosen_council_is_named_marked_and_said_on_which_side_it_is(client: Client, release: Release) -> None:
    page = get(client, f"{PAGE}?area={BARCHESTER}")
    codes = find_codes(page)
    middle = median(release.figure("share-missed", code, "2023-24").value or 0.0 for code in codes)
    figure = release.figure("share-missed", BARCHESTER, "2023-24")
    side = "above" if (figure.value or 0.0) > middle else "below"
    assert f"Barchester has {figure.text}, {side} the median of {middle:.1f}% (share missed)" in text_of(page)
    assert '<text class="mh-scatter__name"' in page
    assert f'id="row-{BARCHESTER}"' in page


def test_one_without_both_figures_is_told_so(client: Client) -> None:
    assert "Framley is not among them: it lacks one of the two figures." in text_of(
        get(client, f"{PAGE}?area={FRAMLEY}")
    )


def test_what_goes_together_by_arithmetic_or_size_says_so(client: Client) -> None:
    assert "One of the two is worked out from the other" in get(client, PAGE)
    assert "Both are totals" in get(client, "/metrics/bins-missed/against/bins-emptied")
    assert "One is a total (bins emptied)" in get(client, PAGE)


def test_the_kind_asked_for_alone_is_shown(client: Client) -> None:
    page = get(client, f"{PAGE}?class=district")
    assert set(find_codes(page)) == {BARCHESTER, SILVERBRIDGE}
    other = text_of(get(client, f"{PAGE}?class=district&area={ALLINGTON}"))
    assert "Allington is not among them: it is of another kind." in other


def test_the_form_leads_by_name_to_the_page_of_the_two(client: Client) -> None:
    first = client.get("/metrics/share-missed/against", {"other": "bins-missed", "area": "Allington", "period": ""})
    assert first.status_code == 302
    second = client.get(first.headers["Location"])
    assert second.headers["Location"] == f"/metrics/share-missed/against/bins-missed?area={ALLINGTON}"
    assert find_codes(get(client, second.headers["Location"]))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/metrics/share-missed/against/nothing", 404),
        ("/metrics/nothing/against/share-missed", 404),
        ("/metrics/share-missed/against/share-missed", 400),
        (f"{PAGE}?class=duchy", 400),
        (f"{PAGE}?area=Atlantis", 400),
        (f"{PAGE}?period=1999", 400),
        ("/metrics/share-missed/against?other=nothing", 404),
    ],
)
def test_what_does_not_fit_is_refused_in_words(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert "<h1" in response.content.decode()


def test_the_metrics_page_leads_here_where_there_is_something_to_set_it_against(real_site: Client) -> None:
    page = get(real_site, "/metrics/household-waste-recycled?area=E09000008")
    assert 'href="/metrics/household-waste-recycled/against/deprivation-score?area=E09000008"' in page
    assert "/against/" not in get(real_site, "/metrics/childrens-services-judgement")
    assert real_site.get("/metrics/childrens-services-judgement/against/population").status_code == 404


def test_context_is_offered_first_by_topic(real_release: Release) -> None:
    title, group = list_context(real_release)[0]
    assert title == "People and place"
    assert all(each.kind == "context" for _, metrics in list_context(real_release) for each in metrics)
    for metric in real_release.metrics()[:40]:
        other = find_first_other(real_release, metric)
        if metric.unit.is_amount and metric.status.is_current and metric.latest_period:
            assert other is not None
            assert other != metric
            assert not is_total(other)
    assert group[0].unit is not Unit.JUDGEMENT


PAIRS = (
    ("school-absence-rate", "deprivation-score"),
    ("household-waste-recycled", "people-per-square-kilometre"),
    ("temporary-accommodation-per-1000", "homes-rented-privately-share"),
)


@pytest.mark.parametrize(("key", "other"), PAIRS)
def test_the_sentence_is_what_scipy_makes_of_the_table(real_site: Client, key: str, other: str) -> None:
    page = get(real_site, f"/metrics/{key}/against/{other}")
    table = page.partition('id="pairs"')[2].partition("</table>")[0]
    values = [
        [float(re.sub(r"[^\d.−]", "", text_of(each).split(" ")[0]).replace("−", "-")) for each in row]
        for row in re.findall(
            r'<td class="govuk-table__cell govuk-table__cell--numeric">(.*?)</td>'
            r'<td class="govuk-table__cell govuk-table__cell--numeric">(.*?)</td>',
            table,
        )
    ]
    rho = float(spearmanr(*zip(*values, strict=True)).statistic)
    assert f"Among {len(values)} " in page
    assert f"The rank correlation is {format_number(rho, 2)}," in text_of(page)
    assert len(find_marks(page)) == len(values)


def test_where_only_one_kind_is_alike_only_one_is_shown(real_site: Client) -> None:
    address = "/metrics/adult-social-care-spending-per-head/against/population"
    for council, kind in (("E10000014", "E10"), ("E09000008", "E09")):
        page = get(real_site, f"{address}?area={council}")
        assert {code[:3] for code in find_codes(page)} == {kind}
        assert "Only councils of one kind are shown" in page
    assert len({code[:3] for code in find_codes(get(real_site, address))}) == 1


def test_different_periods_are_said(real_site: Client) -> None:
    text = text_of(get(real_site, "/metrics/household-waste-recycled/against/deprivation-score"))
    assert "The two are of different periods: the first is for 2023-24, and the second for 2025." in text
    same = "/metrics/household-waste-recycled/against/dry-recycling-share"
    assert "different periods" not in get(real_site, same)


def test_the_download_has_what_is_shown(real_site: Client) -> None:
    page = get(real_site, "/metrics/school-absence-rate/against/deprivation-score")
    address = re.search(r'href="(/api/v1/figures[^"]+)"[^>]*>JSON<', page)
    assert address
    answer = json.loads(real_site.get(address[1].replace("&amp;", "&")).content)
    held = {(each["metric"], each["area"]) for each in answer["figures"] if each["value"] is not None}
    for code in find_codes(page):
        assert ("school-absence-rate", code) in held
    assert {metric for metric, _ in held} == {"school-absence-rate", "deprivation-score"}


def test_a_countys_added_up_figure_stands_beside_its_own(real_site: Client, real_release: Release) -> None:
    page = get(real_site, "/metrics/school-absence-rate/against/population?area=E10000014")
    latest = real_release.metric("population").latest_period or ""
    slice_ = read_slice(real_release, "population", latest, "all", Comparators("england"))
    assert not any(each.area == "E10000014" and each.value is not None for each in slice_)
    assert "is added up over the councils on its ground" in page
    assert "E10000014" in find_codes(page)


@pytest.mark.parametrize("count", [0, 1, 3, 9])
def test_few_are_counted_in_words(count: int) -> None:
    said = say_together(None, count, "councils in England", "bins", "moots")
    assert said[0].isupper()
    assert ("has both" in said) is (count == 1)


def test_nothing_said_is_banned(client: Client) -> None:
    text = text_of(get(client, f"{PAGE}?area={OMNIUM}").partition("<main")[2].partition("</main>")[0])
    assert not BANNED.search(text)


def test_a_county_that_has_neither_is_not_among_them(client: Client) -> None:
    assert client.get(f"{PAGE}?area={COUNTY}").status_code == 200
