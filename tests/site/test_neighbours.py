"""The page of neighbours and its API: who is like whom, why, by which list, and what cannot be asked."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from moothall import cli
from moothall.release.downloads.lists import NEIGHBOUR_COLUMNS
from moothall.release.neighbour_records import ListedRecord
from moothall.release.queries import Release
from moothall.site.explorer.neighbour_words import say_left_out, say_pairs
from tests.barsetshire.pages import text_of
from tests.conftest import Barsetshire

BARCHESTER, PLUMSTEAD, FRAMLEY, GRESHAMSBURY = "E06900001", "E06900002", "E06900003", "E06900004"
DISTRICT, COUNTY, CLOSED = "E07900007", "E10900001", "E07900003"
PAGE = f"/areas/{BARCHESTER}/neighbours"
API = f"/api/v1{PAGE}"
BANNED = re.compile(
    r"\b(good|bad|best|worst|fail\w*|excellent|average|significant\w*|because|due to|led to|thanks to|league table)\b",
    re.IGNORECASE,
)


@pytest.fixture
def client(barsetshire: Barsetshire, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def release(barsetshire: Barsetshire) -> Release:
    return barsetshire.release


def words(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return text_of(unescape(re.sub(r"<(style|script).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)))


def test_the_page_says_who_is_most_like_a_council_and_among_whom(client: Client, release: Release) -> None:
    found = release.neighbours(BARCHESTER)
    names = [release.area(each.area).name for each in found.neighbours]
    page = words(client, PAGE)
    first = f"{names[0]}, {names[1]} and {names[2]} are most like Barchester."
    assert f"Among {found.pool_size} metropolitan boroughs and unitary councils, {first}" in page
    assert f"{names[0]} is {found.neighbours[0].closeness}:" in page
    for place, (name, each) in enumerate(zip(names, found.neighbours, strict=True), 1):
        assert each.rebased is not None
        assert f"{place} {name} How close: {(each.closeness or '').capitalize()} Distance: {each.rebased:.2f}" in page


def test_the_list_leads_to_the_nearest_side_by_side(client: Client, release: Release) -> None:
    nearest = [each.area for each in release.neighbours(BARCHESTER).neighbours][:11]
    html = unescape(client.get(PAGE).content.decode())
    address = "/compare?" + "&".join(f"areas={code}" for code in (BARCHESTER, *nearest))
    assert f'href="{address}"' in html
    assert client.get(address).status_code == 200


def test_why_each_is_on_the_list_has_real_values_with_units(client: Client, release: Release) -> None:
    nearest = release.neighbours(BARCHESTER).neighbours[0].area
    said = release.explain_neighbours(BARCHESTER, nearest)
    page = words(client, PAGE)
    for gap in (*said.similar, *said.differs):
        for each in gap.inputs:
            assert each.text in page
            assert each.other_text in page
    assert "Being alike as places says nothing of how well a council does." in page
    assert "tonnes" in page


def test_the_inputs_stand_beside_the_middle_of_the_neighbours(client: Client, release: Release) -> None:
    page = words(client, PAGE)
    for each in release.neighbour_inputs(BARCHESTER):
        assert f"{each.text} Middle of its neighbours: {each.other_text} Weight: {each.weight:.1%}" in page
    assert "Distance to the sea. No source of Barsetshire has measured it." in page


def test_versions_stand_side_by_side_with_what_changed(client: Client) -> None:
    page = words(client, PAGE)
    assert "Version 2023 (shown above)" in page
    assert re.search(r"had in version 2022, \d+ in 100 stayed\. \w+ of \d+ lists ha(s|ve) the same members\.", page)
    assert "Version 2022 (shown above)" in words(client, f"{PAGE}?version=2022")


def test_a_published_list_stands_under_its_publishers_name_and_in_its_words(client: Client) -> None:
    page = words(client, f"{PAGE}?model=hospital_likeness")
    assert "On the list of the Hiram's Hospital, Greshamsbury, Framley and Plumstead are most like Barchester." in page
    assert "Its publisher calls Greshamsbury “very close”." in page
    assert "Likeness of the councils of Barsetshire (Hiram's Hospital)" in page
    assert "Distance:" not in page
    assert "Why each is on the list" not in page
    earlier = words(client, f"{PAGE}?model=hospital_likeness&version=2021")
    assert "Two of the 3 places on this list are shown. Left out: one place outside England." in earlier
    assert "3 Framley" in earlier


def test_a_set_that_is_not_held_is_named(client: Client) -> None:
    said = "The Hiram's Hospital published “Likeness, 2024” on 1 May 2024. It is known, and no copy of it is held here."
    assert said in words(client, PAGE)
    assert said in words(client, "/methods/neighbours")


def test_other_lists_say_how_many_they_share(client: Client) -> None:
    assert re.search(
        r"Likeness of the councils of Barsetshire Also on the list above: \d of its 3", words(client, PAGE)
    )


def test_who_has_no_list_is_told_so_plainly(client: Client) -> None:
    page = words(client, f"/areas/{COUNTY}/neighbours")
    assert "There is no list for Barsetshire." in page
    assert "No other authority in England is of its kind" in page
    assert "More than a fifth of what councils are likened by is not known" in words(
        client, f"/areas/{DISTRICT}/neighbours"
    )


def test_a_closed_council_leads_to_what_took_its_place(client: Client) -> None:
    assert "Crabtree" in words(client, f"/areas/{CLOSED}/neighbours")
    assert client.get("/areas/E06900009/neighbours?model=own")["Location"] == "/areas/E06900010/neighbours?model=own"


def test_weights_from_the_form_are_kept_in_the_address(client: Client, release: Release) -> None:
    form = f"{PAGE}?model=custom&weigh=1&household-waste-collected=2&care-requests=0"
    kept = f"{PAGE}?model=custom&weight=household-waste-collected%3A2"
    assert client.get(form)["Location"] == kept
    nearest = release.own_neighbours(BARCHESTER, {"household-waste-collected": 2}, 15).neighbours
    page = words(client, kept)
    assert f"1 {release.area(nearest[0].area).name} Distance: {nearest[0].rebased:.2f}" in page
    assert "Give weights of your own below" in words(client, f"{PAGE}?model=custom")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("model=cipfa", "“cipfa” is no list of neighbours. Choose one of: open_general, hospital_likeness."),
        ("version=1066", "There is no version “1066” of this list. There are: 2023, 2022."),
        ("model=custom&weigh=1&care-requests=0", "Give at least one thing a weight above 0."),
        ("model=custom&care-requests=11", "The weight of “care-requests” must be a number from 0 to 10."),
        ("model=custom&weight=recycling-rate:1", "“recycling-rate” is nothing that councils are likened by here."),
        ("model=custom&weight=care-requests:-1", "The weight of “care-requests” must be a number from 0 to 10."),
        ("model=custom&weight=care-requests:1&weight=care-requests:2", "Give “care-requests” only one weight."),
        ("model=open_general&model=custom", "Give “model” only once."),
        ("model=own&with=E00000000", "There is no council with the code “E00000000”."),
        ("model=own&with=E07900003", "Crabtree Parva closed on 1 April 2019. Type what took its place: Crabtree."),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_reason(client: Client, asked: str, said: str) -> None:
    assert said in words(client, f"{PAGE}?{asked}", 400)


def test_an_own_list_is_kept_in_the_address_and_nowhere_else(client: Client) -> None:
    typed = f"{PAGE}?model=own&list={quote('Plumstead, Barchester' + chr(10) + 'E06900009')}"
    answer = client.get(typed)
    kept = f"{PAGE}?model=own&with=E06900002&with=E06900001&with=E06900010"
    assert answer["Location"] == kept
    shown = client.get(kept)
    assert shown["Cache-Control"] == "no-store"
    page = shown.content.decode()
    assert "Your own list: Plumstead and Gatherum." in page  # without the council itself
    assert re.search(r'<link rel="canonical" href="[^"]*E06900002', page) is None
    assert "Nothing here keeps it." in page


def test_names_that_are_none_are_named_and_the_text_is_kept(client: Client) -> None:
    page = words(client, f"{PAGE}?model=own&list={quote('Plumstead' + chr(10) + 'Atlantis; Crabtree Parva')}", 400)
    assert "There is a problem with your list" in page
    assert "There is no council called “Atlantis”." in page
    assert "Crabtree Parva closed on 1 April 2019. Type what took its place: Crabtree." in page
    assert "Plumstead Atlantis; Crabtree Parva" in page
    assert "Type the names or codes of some councils." in words(client, f"{PAGE}?model=own&list=", 400)


def test_a_list_cannot_bring_marks_into_the_page(client: Client) -> None:
    answer = client.get(f"{PAGE}?model=own&list={quote('<script>alert(1)</script>')}")
    assert b"<script>alert" not in answer.content


def test_the_method_page_has_inputs_weights_and_validation(client: Client, release: Release) -> None:
    page = words(client, "/methods/neighbours")
    for model in release.neighbour_models():
        assert model.title in page
        for each in model.version.inputs:
            assert each.title in page
    assert "Hiram's Hospital . For figures on the old and the poor." in page
    assert "Open Government Licence v3.0" in page
    tests = {each.test for each in release.neighbour_validation()}
    assert not tests or "How well the lists hold" in page


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        f"{PAGE}?model=hospital_likeness",
        f"/areas/{COUNTY}/neighbours",
        f"{PAGE}?model=custom&weight=care-requests%3A1",
        "/methods/neighbours",
    ],
)
def test_words_are_plain(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    for said in re.findall(r"<p[^>]*>(.*?)</p>|<li>(.*?)</li>", main, re.DOTALL):
        text = text_of(unescape("".join(said)))
        assert BANNED.search(text) is None, text
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            assert len(sentence.split()) <= 25, sentence
    assert re.search(r"\b(None(?! of)|nan|undefined)\b", text_of(main)) is None


def test_the_api_gives_the_list_of_the_page(client: Client, release: Release) -> None:
    answer = client.get(API).json()
    found = release.neighbours(BARCHESTER)
    assert (answer["area"], answer["model"], answer["version"]) == (BARCHESTER, "open_general", "2023")
    assert (answer["pool"], answer["pool_size"], answer["why_none"]) == ("single_tier", found.pool_size, None)
    assert answer["stability"] == found.stability
    assert [(each["area"], each["distance"], each["place"]) for each in answer["neighbours"]] == [
        (each.area, each.distance, each.place) for each in found.neighbours
    ]
    none = client.get(f"/api/v1/areas/{COUNTY}/neighbours").json()
    assert none["neighbours"] == []
    assert none["why_none"]["reason"] == "own_kind"
    theirs = client.get(f"{API}?model=hospital_likeness&version=2021").json()
    assert theirs["published"] == {"listed": 3, "closed": 0, "outside_england": 1, "other_kind": 0}
    assert [(each["place"], each["closeness"], each["distance"]) for each in theirs["neighbours"]] == [
        *[(1, "very close", None), (3, "close", None)]
    ]


def test_the_api_takes_own_weights(client: Client, release: Release) -> None:
    answer = client.get(f"{API}?model=custom&weight=care-requests:2&weight=household-waste-collected:1").json()
    found = release.own_neighbours(BARCHESTER, {"care-requests": 2, "household-waste-collected": 1}, 15)
    assert [each["area"] for each in answer["neighbours"]] == [each.area for each in found.neighbours]


def test_the_download_has_a_row_for_each_neighbour(client: Client, release: Release) -> None:
    answer = client.get(f"{API}?format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith(
        f'attachment; filename="moothall-neighbours-{BARCHESTER}-open-general'
    )
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert tuple(rows[0]) == tuple(column.name for column in NEIGHBOUR_COLUMNS)
    assert [row["neighbour"] for row in rows] == [each.area for each in release.neighbours(BARCHESTER).neighbours]
    link = re.search(r'href="([^"]+format=csv)"', client.get(PAGE).content.decode())
    assert link is not None
    assert client.get(unescape(link[1])).content == answer.content


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("model=cipfa", 404, "unknown_model"),
        ("version=1066", 404, "unknown_version"),
        ("modle=open_general", 400, "unknown_parameter"),
        ("model=open_general&model=custom", 400, "repeated_parameter"),
        ("weight=care-requests:1", 400, "invalid_parameter"),
        ("model=custom", 400, "invalid_parameter"),
        ("model=custom&weight=care-requests:0", 400, "invalid_parameter"),
        ("model=custom&weight=bins:1", 400, "invalid_parameter"),
        ("model=custom&version=2023&weight=care-requests:1", 400, "invalid_parameter"),
        ("format=jsonstat", 400, "invalid_parameter"),
        ("model=", 400, "invalid_parameter"),
    ],
)
def test_the_api_is_strict(client: Client, asked: str, status: int, code: str) -> None:
    answer = client.get(f"{API}?{asked}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert client.get("/api/v1/areas/E00000000/neighbours").json()["error"]["code"] == "unknown_area"


def test_the_command_prints_the_same_list(barsetshire: Barsetshire, capsys: pytest.CaptureFixture[str]) -> None:
    named = ["--root", str(barsetshire.root), "--release", barsetshire.release.record.id]
    assert cli.main(["neighbours", BARCHESTER, "--json", *named]) == 0
    said = json.loads(capsys.readouterr().out)
    found = barsetshire.release.neighbours(BARCHESTER)
    assert [each["area"] for each in said["neighbours"]] == [each.area for each in found.neighbours]
    assert cli.main(["neighbours", BARCHESTER, "--model", "hospital_likeness", *named]) == 0
    assert " 1  E06900004  Greshamsbury  very close" in capsys.readouterr().out
    assert cli.main(["neighbours", COUNTY, *named]) == 0
    assert "There is no list. No other authority in England is of its kind" in capsys.readouterr().out
    assert cli.main(["neighbours", BARCHESTER, "--model", "cipfa", *named]) == 2
    assert "ARGUMENT_INVALID" in capsys.readouterr().err


def test_words_for_shares_and_what_is_left_out() -> None:
    assert [say_pairs(each) for each in (0.2, 0.5, 1.4, 27.3)] == [
        "fewer than 1 in 100",
        "fewer than 1 in 100",
        "1 in 100",
        "27 in 100",
    ]
    assert say_left_out(ListedRecord(20, 1, 0, 12), 7) == (
        "Seven of the 20 places on this list are shown. "
        "Left out: 12 authorities of another kind and one council that has closed."
    )


def test_a_list_of_ones_own_is_compared_with_on_metric_pages(client: Client, release: Release) -> None:
    area = next(each for each in release.areas(principal_only=True) if release.has_neighbours(each.code))
    codes = [near.area for near in release.neighbours(area.code).neighbours]
    own = client.get(f"/areas/{area.code}/neighbours", {"model": "own", "with": codes}).content.decode()
    links = [unescape(each) for each in re.findall(r'href="(/metrics/[^"]*peers=custom[^"]*)"', own)]
    assert links
    for link in links:
        assert link.endswith("".join(f"&with={code}" for code in codes))
        assert client.get(link).status_code == 200
    by_model = client.get(f"/areas/{area.code}/neighbours").content.decode()
    assert re.findall(rf'href="/metrics/[^"]*area={area.code}&amp;peers=neighbours"', by_model)
