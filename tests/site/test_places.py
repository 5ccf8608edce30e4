"""The page of a place: who runs what, both tiers side by side, the bill, and nobody named for what they do not run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from moothall.release.queries import Release
from moothall.site.explorer.bills import BILL, CARE, OWN, PARTS, Charges, add_up, make_bill
from moothall.site.explorer.services import GROUPS, NOT_SHOWN, find_holders, list_authorities
from moothall.site.narrative.bill import say_bill_incomplete, say_no_charge
from moothall.site.narrative.names import name_official
from tests.golden.carried import load_definitions
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    COUNTY,
    FRAMLEY,
    GREATER_PLUMSTEAD,
    OLD_BARCHESTER_CODE,
    PLUMSTEAD_OLD,
    SILVERBRIDGE,
    build_release,
    make_contents,
)
from tests.release.barset import add_up as add_up_bins
from tests.site.test_pages import read, text_of
from tests.site.told import BANNED


def test_a_district_has_both_its_councils_and_the_joint_authority(client: Client) -> None:
    said = text_of(read(client, f"/places/{BARCHESTER}"))
    assert "Who runs services in Barchester" in said
    assert "Two councils run services in Barchester: Barchester Council and Barsetshire Council." in said
    assert "Greater Barset Council runs some, too." in said


def test_each_service_names_who_runs_it_and_nobody_else(client: Client) -> None:
    html = read(client, f"/places/{BARCHESTER}").partition('id="services"')[2]
    rows = {
        text_of(title): text_of(who)
        for title, who in re.findall(
            r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html.partition("</section>\n</div>")[0], re.DOTALL
        )
    }
    assert rows["Emptying bins"] == "Barchester Council"
    assert rows["Care"] == "Barsetshire Council"
    county = text_of(read(client, f"/places/{COUNTY}"))
    assert "Emptying bins Each district council, for its own area" in county
    assert "Barsetshire Council and three district councils run services in Barsetshire." in county


def test_the_figures_of_both_stand_side_by_side_and_are_never_mixed(client: Client, release: Release) -> None:
    html = read(client, f"/places/{BARCHESTER}").partition('id="figures"')[2].partition("</section>")[0]
    found = 0
    for row in re.findall(r'<tr class="govuk-table__row"><th[^>]*scope="row">.*?</tr>', html, re.DOTALL):
        cells = re.findall(r"<td.*?</td>", row, re.DOTALL)
        assert len(cells) == 2
        for code, cell in zip((BARCHESTER, COUNTY), cells, strict=True):
            if "not its service" in cell:
                continue
            metric, area, period = re.search(r"/figures/([^/]+)/([^/]+)/([^\"?]+)", cell).groups()  # type: ignore[union-attr]
            assert area == code
            figure = release.figure(metric, code, period)
            assert text_of(cell) == figure.text
            assert not figure.is_added_up
            found += figure.value is not None
    assert found
    single = text_of(read(client, f"/places/{ALLINGTON}"))
    assert "One council runs nearly all council services in Allington: Allington Council." in single
    assert "side by side" not in single


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        (f"/places/{BARCHESTER}/wrong", f"/places/{BARCHESTER}/barchester"),
        (f"/places/{BARCHESTER.lower()}", f"/places/{BARCHESTER}/barchester"),
        (f"/places/{OLD_BARCHESTER_CODE}", f"/places/{BARCHESTER}/barchester?was={OLD_BARCHESTER_CODE}"),
        (f"/places/{AUTHORITY}", f"/areas/{AUTHORITY}/greater-barset"),
    ],
)
def test_other_addresses_lead_to_the_place(client: Client, asked: str, target: str) -> None:
    response = client.get(asked)
    assert (response.status_code, response["Location"]) == (302, target)


def test_an_old_code_leads_here_with_a_notice_and_a_closed_council_to_what_took_its_place(client: Client) -> None:
    said = text_of(read(client, f"/places/{BARCHESTER}/barchester?was={OLD_BARCHESTER_CODE}"))
    assert f"The code {OLD_BARCHESTER_CODE} is an old one." in said
    assert "is an old one" not in text_of(read(client, f"/places/{BARCHESTER}/barchester?was={FRAMLEY}"))
    closed = read(client, f"/places/{PLUMSTEAD_OLD}")
    assert f'href="/places/{GREATER_PLUMSTEAD}/greater-plumstead"' in closed
    assert client.get("/places/E99999999").status_code == 404


def test_what_is_to_come_is_said_with_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_ready: None
) -> None:
    release = build_release(tmp_path, make_contents(catalogue=add_up_bins()))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    said = text_of(read(Client(HTTP_HOST="localhost"), f"/places/{SILVERBRIDGE}/silverbridge"))
    assert "Silverbridge Council is to be replaced on 1 April 2035 by Great Barset Council." in said
    assert "We have not checked this against the order that makes the change." in said


@pytest.mark.parametrize("code", [BARCHESTER, COUNTY, ALLINGTON, GREATER_PLUMSTEAD])
def test_no_sentence_is_long_or_has_a_banned_word(client: Client, code: str) -> None:
    html = read(client, f"/places/{code}").split("<main")[1].split("</main>")[0]
    for paragraph in re.findall(r"<(?:p|li)[^>]*>(.*?)</(?:p|li)>", html, re.DOTALL):
        said = text_of(paragraph)
        assert not BANNED.search(said), said
        assert all(len(each.split()) <= 25 for each in re.split(r"(?<=\.) ", said)), said


def test_every_service_has_its_words_and_every_part_of_a_bill_is_a_metric() -> None:
    catalogue = load_definitions()
    named = [key for keys in GROUPS.values() for key in keys]
    assert sorted(named) == sorted(catalogue.functions.definitions.keys() - NOT_SHOWN)
    assert {BILL, OWN, CARE, *PARTS} <= catalogue.metrics.keys()


def test_a_joint_authority_is_named_only_where_no_council_has_it_whole(real_release: Release) -> None:
    built = real_release.built

    def names(code: str, function: str) -> tuple[list[str], list[str]]:
        authorities = list_authorities(real_release, real_release.area(code))
        holders, in_part = find_holders(real_release, authorities, function, built)
        return [each.code for each in holders], [each.code for each in in_part]

    assert names("E08000010", "waste_disposal")[0] == ["E08000010"]  # Wigan, not Greater Manchester
    assert names("E08000003", "waste_disposal")[0] == ["E47000001"]  # Manchester
    assert names("E09000002", "waste_disposal")[0] == ["E50000001"]  # Barking: East London Waste
    assert names("E07000041", "highways") == (["E10000008"], ["E47000015"])  # Devon; in part Devon and Torbay
    assert names("E09000001", "police")[0] == ["E09000001"]  # the City has its own
    assert names("E09000008", "police")[0] == ["E61000001"]
    assert names("E06000052", "fire")[0] == ["E06000052"]  # Cornwall
    assert names("E07000041", "fire") == ([], [])


def test_a_bill_is_summed_only_where_it_is_whole() -> None:
    assert add_up((1.10, 2.20, 3.30), 6.60)
    assert add_up((1.10, 2.20, 3.30), 6.61)
    assert not add_up((1.10, 2.20, 3.30), 6.70)
    assert not Charges("2024-25", {}).is_whole
    assert Charges("2024-25", {}).missing == tuple(PARTS.values())
    assert say_bill_incomplete("Barchester", "2024-25", ["the police", "parishes"]) == (
        "This is not the whole bill of a home in Barchester in 2024-25. What is charged for the police and parishes is "
        "not held here, so nothing is added up."
    )
    assert (
        say_no_charge(["fire and rescue", "parishes"])
        == "There was no separate charge for fire and rescue or parishes."
    )


def test_a_release_without_bills_has_none(release: Release) -> None:
    area = release.area(BARCHESTER)
    assert make_bill(release, area, list_authorities(release, area)) is None


def test_who_set_a_charge_is_who_had_the_service_when_the_year_began(real_release: Release) -> None:
    """South Yorkshire's mayor took the police over in May 2024: the charge of 2024-25 had been set before."""
    for code, who in (("E08000003", "Set by the Greater Manchester Combined Authority."), ("E08000039", "")):
        area = real_release.area(code)
        bill = make_bill(real_release, area, list_authorities(real_release, area))
        assert bill
        assert [part.note for part in bill.parts if part.who == "Police"] == [who]


def test_full_names_have_their_articles() -> None:
    assert name_official("Exeter City Council") == "Exeter City Council"
    assert name_official("London Borough of Croydon") == "the London Borough of Croydon"
    assert name_official("Devon and Torbay Combined County Authority").startswith("the Devon")
    assert name_official("Council of the Isles of Scilly") == "the Council of the Isles of Scilly"
