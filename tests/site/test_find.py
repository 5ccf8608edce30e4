"""The search box: what each thing typed leads to, and that a postcode is nowhere but in its form."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from moothall.release.queries import Release
from moothall.site.explorer.find import list_entries
from tests.release.barset import BARCHESTER, COUNTY, FRAMLEY, GREATER_PLUMSTEAD, PLUMSTEAD_OLD, SILVERBRIDGE

FORM = "application/x-www-form-urlencoded"


def post(client: Client, typed: str):  # type: ignore[no-untyped-def]  # Django's test response has no public type
    return client.post("/find", f"q={typed.replace(' ', '+')}", content_type=FORM)


def text_of(html: str) -> str:
    main = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main))).strip()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("QB1 1AA", f"/places/{BARCHESTER}/barchester"),
        ("qb11aa", f"/places/{BARCHESTER}/barchester"),
        ("QB1 IAA", f"/places/{BARCHESTER}/barchester"),
        ("QP1 1AA", f"/places/{GREATER_PLUMSTEAD}/greater-plumstead"),
        ("QP1", f"/places/{GREATER_PLUMSTEAD}/greater-plumstead"),
        ("Barchester", "/find?q=Barchester"),
        ("rubbish in Barchester", "/find?q=rubbish+in+Barchester"),
        ("S106", "/find?q=S106"),
    ],
)
def test_a_postcode_leads_to_its_place_and_words_to_what_is_found(client: Client, typed: str, address: str) -> None:
    response = post(client, typed)
    assert response.status_code == 303
    assert response["Location"] == address
    assert response.cookies == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("QT1 1AB", "QT1 1AB is in Scotland Moothall has councils in England only."),
        ("QW1A1AA", "QW1A 1AA is in Wales"),
        ("bt1 5gs", "BT1 5GS is in Northern Ireland"),
        ("Q1 1AA", "Q1 1AA is in the Channel Islands"),
        ("QA1 1AB", "No council is recorded for QA1 1AB The directory of February 2025 has this postcode without"),
        ("QB1 1AE", "QB1 1AE is not in the postcode directory The directory is of February 2025"),
        ("QB1", "Councils in QB1 The council with most of its postcodes comes first."),
        ("QT1", "Councils in QT1 Some of it is in Scotland, and Moothall has councils in England only."),
    ],
)
def test_what_leads_to_no_one_place_is_said(client: Client, typed: str, said: str) -> None:
    response = post(client, typed)
    html = response.content.decode()
    assert response.status_code == 200
    assert said in text_of(html)
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    compact = typed.replace(" ", "").casefold()
    for address in re.findall(r'(?:href|action|src)="([^"]*)"', html):
        assert compact not in address.replace(" ", "").replace("+", "").replace("%20", "").casefold()


def test_the_first_half_of_a_postcode_gives_both_councils_of_each_place(client: Client) -> None:
    html = post(client, "QB1").content.decode()
    for code, name in ((BARCHESTER, "barchester"), (SILVERBRIDGE, "silverbridge"), (FRAMLEY, "framley")):
        assert f'href="/areas/{code}/{name}"' in html
        assert f'href="/places/{code}/{name}"' in html
    assert html.count(f'href="/areas/{COUNTY}/barsetshire"') == 3


def test_what_begins_like_a_postcode_may_be_a_word_too(client: Client) -> None:
    said = text_of(post(client, "Q1").content.decode())
    assert "Q1 is in the Channel Islands" in said
    assert "Topics Care" in said


@pytest.mark.parametrize("address", ["/find?q=QB1+1AA", "/find?q=qb11aa", "/find?q=QB1+1"])
def test_a_postcode_in_an_address_is_not_looked_up(client: Client, address: str) -> None:
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert "a postcode in one is not looked up. Type it in the box." in text_of(html)
    assert "qb1" not in html.casefold()
    assert "Barchester" not in html
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    assert '<form class="mh-find" action="/find" method="post" role="search" aria-label="Moothall">' in html


def test_the_api_refuses_a_postcode_and_says_what_to_do(client: Client) -> None:
    response = client.get("/api/v1/search?q=QB1 1AA")
    assert response.status_code == 400
    error = response.json()["error"]
    assert (error["code"], error["where"]) == ("postcode_in_address", "q")
    assert "POST to /find" in error["message"]
    assert "QB1" not in response.content.decode()
    assert "ETag" not in response


def test_the_api_tells_councils_metrics_and_topics_apart(client: Client) -> None:
    found = client.get("/api/v1/search?q=rubbish in Barchester&limit=1").json()
    assert [area["code"] for area in found["areas"]] == [BARCHESTER]
    assert [topic["key"] for topic in found["topics"]] == ["bins"]
    assert [metric["key"] for metric in found["metrics"]] == ["share-missed"]
    assert (found["place"], found["instead"]) == (BARCHESTER, None)
    near = client.get("/api/v1/search?q=rubish").json()
    assert (near["areas"], near["place"], near["instead"]) == ([], None, "rubbish")
    nothing = client.get("/api/v1/search?q=qqqq").json()
    assert (nothing["areas"], nothing["metrics"], nothing["topics"]) == ([], [], [])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("q=", FORM), ("", FORM), ("q=a&q=b", FORM), ("q=" + "x" * 101, FORM), ("q=%00", FORM),
     ('{"q": "bins"}', "application/json"),
     ("q=bins", "text/plain"), ("q=" + "x" * 20_000, FORM)],
)  # fmt: skip
def test_a_form_that_makes_no_sense_is_refused(client: Client, body: str, content_type: str) -> None:
    response = client.post("/find", body, content_type=content_type)
    assert response.status_code == 400
    assert "xxx" not in response.content.decode()


def test_other_methods_are_refused_and_only_here_is_anything_posted(client: Client) -> None:
    refused = client.put("/find")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, POST")
    assert client.post("/find/entries.json").status_code == 405
    assert client.post("/areas")["Allow"] == "GET, HEAD"


def test_a_file_is_not_taken(client: Client) -> None:
    assert client.post("/find", {"q": "bins"}).status_code == 400  # multipart, as files are sent


def test_nothing_is_logged_of_what_was_typed(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for typed in ("QB1 1AA", "QB1 1AE", "x" * 101):
        post(client, typed)
    client.get("/find?q=QB1 1AA")
    assert "qb1" not in caplog.text.casefold()


def test_words_lead_to_a_page_that_can_be_linked_to(client: Client) -> None:
    response = client.get("/find?q=rubbish+in+Silverbridge")
    html = response.content.decode()
    assert response["Cache-Control"].startswith("public")
    assert 'href="/find?q=rubbish+in+Silverbridge"' in html  # its canonical address
    assert f'href="/areas/{SILVERBRIDGE}/topics/bins"' in html
    assert f'href="/metrics/share-missed?area={SILVERBRIDGE}"' in html
    assert f'href="/places/{SILVERBRIDGE}/silverbridge"' in html


def test_a_service_of_the_other_tier_leads_to_whoever_runs_it(client: Client) -> None:
    html = client.get("/find?q=bins+missed+in+Barsetshire").content.decode()
    assert f'href="/metrics/bins-missed?area={COUNTY}"' in html  # three districts run it: none of them alone
    html = client.get("/find?q=carers+content+Barchester").content.decode()
    assert f'href="/metrics/carers-content?area={COUNTY}"' in html
    assert "Barsetshire runs this service in Barchester." in text_of(html)


def test_a_council_that_is_no_more_comes_with_what_runs_its_area(client: Client) -> None:
    html = client.get("/find?q=Plumstead").content.decode()
    said = text_of(html)
    assert "Plumstead , district council , until 31 March 2023 Its area is now run by Greater Plumstead ." in said
    assert f'href="/places/{PLUMSTEAD_OLD}"' not in html


def test_the_box_is_on_every_page_once(client: Client) -> None:
    for address in ("/", "/areas", "/metrics", "/find", "/find?q=bins", "/nowhere", f"/areas/{BARCHESTER}/barchester"):
        html = client.get(address).content.decode()
        assert html.count('action="/find" method="post"') == 1, address


def test_suggestions_have_every_way_to_say_it_and_no_postcode(client: Client, release: Release) -> None:
    response = client.get("/find/entries.json")
    entries = json.loads(response.content)["entries"]
    assert entries == [list(entry) for entry in list_entries(release)]
    by_title = {title: (kind, address, words) for title, kind, address, words in entries}
    assert by_title["Barchester"] == ("district council", f"/areas/{BARCHESTER}/barchester", "Barchester Council")
    assert by_title["Plumstead"][0] == "until 2023"
    assert by_title["Bins"][:2] == ("topic", "/topics/bins")
    assert "wheelie bins" in by_title["Bins"][2]
    assert "rubbish" in by_title["Share missed"][2]
    assert re.search(r"\bQ[A-Z]\d", response.content.decode()) is None
    assert response["Cache-Control"].startswith("public")
    assert "ETag" in response


def test_where_postcodes_are_looked_up_is_credited(client: Client) -> None:
    said = text_of(client.get("/about").content.decode())
    assert "The postcodes of Barset , February 2025" in said
    assert "Written down by the archive." in said
