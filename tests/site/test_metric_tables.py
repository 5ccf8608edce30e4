"""Tables and charts of a metric’s page: units said once, who is compared, what is cut, and whose figures they are."""

from __future__ import annotations

import re
from html import unescape
from statistics import median

import pytest
from django.test import Client

from moothall.core.values import Marker, Unit, format_value
from moothall.release.queries import Release
from tests.release.barset import BARCHESTER, COUNTY

CROYDON, OXFORD, OXFORDSHIRE, SCILLY = "E09000008", "E07000178", "E10000025", "E06000053"


@pytest.fixture
def real_site(real_release: Release, django_ready: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(real_release.directory))
    return Client(HTTP_HOST="localhost")


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def table(html: str) -> str:
    return html.partition("mh-councils")[2].partition("</table>")[0]


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit.is_amount])
def test_what_follows_a_number_is_what_is_written_after_it(unit: Unit) -> None:
    written = format_value(1234.5, unit, 1)
    assert written.endswith(unit.ending)
    assert written.removesuffix(unit.ending).strip("£%") == "1,234.5"


def test_a_unit_in_words_is_in_the_heading_and_heard_in_every_cell(client: Client) -> None:
    html = table(read(client, f"/metrics/bins-missed?area={BARCHESTER}"))
    head, _, body = html.partition("</thead>")
    assert '<span class="mh-councils__unit">tonnes</span>' in head
    values = re.findall(r'href="/figures/[^"]*">(.*?)</a>', body)
    assert values
    for value in values:
        assert re.fullmatch(r'[\d.,]+<span class="govuk-visually-hidden"> tonnes</span>', value)


def test_of_a_range_only_the_end_keeps_its_unit_for_hearing(django_ready: None) -> None:
    from django.template import engines

    parts = engines.all()[0].env.get_template("parts.html").module  # type: ignore[attr-defined]
    said = parts.bare("£304.3 million to £516.8 million", " million")
    assert said == '£304.3 to £516.8<span class="govuk-visually-hidden"> million</span>'
    assert parts.bare("not published", " million") == "not published"


def test_a_council_without_the_service_leads_to_whoever_has_it(real_site: Client) -> None:
    html = read(real_site, f"/metrics/care-user-quality-of-life?area={OXFORD}")
    sentence = html.partition("mh-sentence")[2].partition("</p>")[0]
    assert "See the figure of Oxfordshire" in text_of(sentence)
    address = unescape(re.findall(r'href="([^"]+)"', sentence)[0])
    assert f"area={OXFORDSHIRE}" in address
    assert "Oxfordshire’s figure" in read(real_site, address)


def test_a_county_without_the_service_leads_to_its_districts(client: Client) -> None:
    sentence = read(client, f"/metrics/bins-missed?area={COUNTY}").partition("mh-sentence")[2].partition("</p>")[0]
    assert sentence.count("<a ") > 1
    assert " ," not in text_of(sentence.replace("</a>", ""))


def test_one_of_a_kind_leads_to_all_of_england(real_site: Client) -> None:
    html = read(real_site, f"/metrics/household-waste-recycled?area={SCILLY}")
    assert "There is no other authority like the Isles of Scilly." in text_of(html)
    assert 'id="side-by-side"' not in html
    address = unescape(re.findall(r'<a [^>]*href="([^"]+)"[^>]*>Compare it with all of England</a>', html)[0])
    assert 'id="side-by-side"' in read(real_site, address)


def test_figures_on_another_basis_are_counted_apart(real_site: Client, real_release: Release) -> None:
    key = "fly-tipping-incidents-per-1000-people"
    period = next(each for each in real_release.periods(key) if each.is_latest)
    figures = [
        each for each in real_release.slice(key, period.key) if each.marker is not Marker.NOT_RESPONSIBLE
    ]  # fmt: skip
    apart = sum(each.marker is Marker.OTHER_BASIS for each in figures)
    held = sum(each.value is not None for each in figures)
    said = text_of(read(real_site, f"/metrics/{key}?peers=england"))
    assert apart > 1
    assert (
        f"{held - apart} of {len(figures)} councils in England have a figure that is compared, "
        f"and {apart} others have one on another basis"
    ) in said


def test_judgements_are_counted_and_not_ranked(real_site: Client, real_release: Release) -> None:
    key = "childrens-services-judgement"
    period = next(each for each in real_release.periods(key) if each.is_latest)
    texts = [each.text for each in real_release.slice(key, period.key) if each.area_class == "london_borough"]
    said = text_of(read(real_site, f"/metrics/{key}?area={CROYDON}&peers=type"))
    assert f"Outstanding: {texts.count('Outstanding')}, Good: {texts.count('Good')}," in said
    assert "nobody is compared or ranked" in said


def test_bars_far_longer_than_the_others_are_cut_and_said_to_be(real_site: Client) -> None:
    html = read(real_site, "/metrics/housing-delivery-test?peers=england")
    widths = [float(each) for each in re.findall(r'<rect x="[\d.]+%" y="\d+" width="([\d.]+)%"', table(html))]
    assert "A pointed bar is cut short" in text_of(html)
    assert median(widths) > 15
    assert "A pointed bar" not in text_of(read(real_site, f"/metrics/household-waste-recycled?area={CROYDON}"))


def test_kinds_that_are_not_to_be_compared_have_bars_of_their_own_scale(real_site: Client) -> None:
    html = read(real_site, "/metrics/own-band-d")
    assert "Each kind of council has a scale of its own." in text_of(html)
    districts = table(html).partition("<tbody")[2].partition("</tbody>")[0]
    assert max(float(each) for each in re.findall(r'<rect x="[\d.]+%" y="\d+" width="([\d.]+)%"', districts)) > 70
    by_name = text_of(read(real_site, "/metrics/own-band-d?sort=name"))
    assert "scale of its own" not in by_name


def test_charts_say_what_they_show_and_whose_figures_they_are(client: Client) -> None:
    html = read(client, f"/metrics/bins-missed?area={BARCHESTER}")
    figures = re.findall(r"<figure\b.*?</figure>", html, re.DOTALL)
    assert len(figures) == 2
    for each in figures:
        assert re.search(r'<strong class="mh-figure__title">Bins missed, [^<]+</strong>', each)
        assert re.search(r'<p class="mh-source">Source: [^<]+ Moothall, release [^<]+\.</p>', each)


def test_the_row_of_a_chosen_council_can_be_gone_to(client: Client) -> None:
    html = read(client, f"/metrics/bins-missed?area={BARCHESTER}")
    assert f'href="#row-{BARCHESTER}">Go to Barchester</a>' in html
    assert html.count(f'id="row-{BARCHESTER}"') == 1
