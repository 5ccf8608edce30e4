"""The page of a map: what is drawn, what is said, and what is refused."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import pytest
from django.test import Client

from moothall.release.queries import Release
from moothall.site.addresses import map_address
from moothall.site.explorer.comparisons import has_map
from tests.barsetshire.pages import text_of
from tests.conftest import Barsetshire
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    CATALOGUE,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OBSERVED,
    OLD_BARCHESTER_CODE,
    OMNIUM,
    PLUMSTEAD_OLD,
    SHAPES,
    SILVERBRIDGE,
    build_release,
    define_edition,
    define_metric,
    define_source,
    make_contents,
)

PAGE = "/maps/bins-missed"
_MARK = re.compile(r'<path class="([^"]*)"([^>]*)data-code="(\w+)"[^>]*><title>([^<]*)</title>')


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def find_marks(page: str) -> dict[str, tuple[str, str]]:
    """The councils drawn: code → how it looks, what it is called."""
    found = {}
    for classes, more, code, title in _MARK.findall(page):
        look = "hatched" if "fill=" in more else classes.split("mh-map__")[1]
        assert code not in found, "a council is drawn once"
        found[code] = look, title
    return found


def find_rows(page: str) -> list[tuple[str, str]]:
    table = re.search(r"<table.*?</table>", page, re.DOTALL)
    assert table
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table[0].split("<tr")[2:]]
    return [(text_of(row[0]), text_of(row[1]) if len(row) > 1 else "") for row in cells]


def test_a_map_shows_every_council_once_and_says_so(client: Client) -> None:
    page = get(client, PAGE)
    marks = find_marks(page)
    assert set(marks) == {BARCHESTER, SILVERBRIDGE, FRAMLEY, GREATER_PLUMSTEAD, ALLINGTON, GATHERUM, OMNIUM}
    assert marks[FRAMLEY] == ("hatched", "Framley no return")
    assert marks[SILVERBRIDGE][1] == "Silverbridge 0.0 tonnes"
    text = text_of(page)
    assert (
        "For 2023-24 the figures of six councils ran from 0.0 tonnes to 442.0 tonnes. One council has no figure" in text
    )
    assert "This is a total, so a bigger council has a bigger number." in text


def test_the_key_counts_what_is_drawn_and_the_table_lists_it(client: Client) -> None:
    page = get(client, PAGE)
    key = re.search(r'<ul class="mh-map-key".*?</ul>', page, re.DOTALL)
    assert key
    counts = [int(each) for each in re.findall(r"(\d+) councils?<", key[0])]
    marks = find_marks(page)
    looks = [look for look, _ in marks.values()]
    drawn = [looks.count(each) for each in sorted(set(looks) - {"hatched"})] + [looks.count("hatched")]
    assert counts == drawn
    rows = find_rows(page)
    assert sorted(name for name, value in rows if value) == sorted(
        ["Barchester", "Silverbridge", "Framley", "Greater Plumstead", "Allington", "Gatherum", "Omnium"]
    )
    assert ("Greater Plumstead", "66.3 tonnes (estimated)") in rows
    assert f'href="/metrics/bins-missed?area={BARCHESTER}"' in page
    assert f'href="/figures/bins-missed/{BARCHESTER}/2023-24"' in page
    assert "/api/v1/figures?metric=bins-missed&amp;period=2023-24&amp;format=csv" in page


def test_values_that_look_alike_look_alike_on_the_map(client: Client) -> None:
    marks = find_marks(get(client, PAGE))
    assert marks[ALLINGTON][1] == "Allington 31.0 tonnes"
    assert marks[GATHERUM][1] == "Gatherum 31.0 tonnes"
    assert marks[ALLINGTON][0] == marks[GATHERUM][0]


def test_a_marked_council_is_named_outlined_and_told(client: Client) -> None:
    page = get(client, f"{PAGE}?area={ALLINGTON}")
    assert '<text class="mh-map__name"' in page
    assert 'id="map-chosen"' in page
    text = text_of(page)
    assert "Allington’s figure for 2023-24 was 31.0 tonnes. On the map it is in the class “" in text
    assert "<strong>" in re.search(r'<ul class="mh-map-key".*?</ul>', page, re.DOTALL)[0]  # type: ignore[index]
    assert 'data-address="/metrics/bins-missed?peers=england&amp;area="' in page


def test_each_council_is_a_hexagon_in_the_other_view(client: Client) -> None:
    page = get(client, f"{PAGE}?view=hex")
    marks = find_marks(page)
    assert len(marks) == 7
    assert "Each council has one hexagon" in text_of(page)
    paths = re.findall(r' d="m[^l]*l([^"]*)z"', page)
    assert len(set(paths)) == 1
    assert "Drawn by the archive (hex-2023)." in text_of(page)


def test_a_period_whose_councils_fit_no_hexagons_says_so(client: Client) -> None:
    page = get(client, f"{PAGE}?view=hex&period=2022-23")
    assert find_marks(page) == {}
    assert "There is no hexagon map for 2022-23" in text_of(page)
    assert ("Plumstead", "71.0 tonnes") in find_rows(page)
    assert PLUMSTEAD_OLD in find_marks(get(client, f"{PAGE}?period=2022-23"))


def test_counties_are_drawn_where_they_run_the_service(client: Client) -> None:
    marks = find_marks(get(client, "/maps/carers-content"))
    assert set(marks) == {COUNTY, GREATER_PLUMSTEAD, ALLINGTON, GATHERUM, OMNIUM}
    text = text_of(get(client, f"/maps/carers-content?area={BARCHESTER}"))
    assert "Barchester is not on this map, which shows counties and single-tier councils." in text
    assert "It lies in Barsetshire, which is on it." in text
    hexagons = get(client, "/maps/carers-content?view=hex")
    assert "Each county has a hexagon for each of its districts" in text_of(hexagons)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("area=nowhere", 400),
        ("view=globe", 400),
        ("tier=middle", 400),
        ("tier=upper", 400),
        ("period=1066", 400),
        ("breakdown=some", 400),
        ("view=map&view=hex", 400),
        (f"area={PLUMSTEAD_OLD}", 400),
    ],
)
def test_what_does_not_fit_is_refused(client: Client, query: str, status: int) -> None:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == status
    assert "There is a problem with what was asked for" in response.content.decode()


def test_an_old_code_leads_to_the_council(client: Client) -> None:
    response = client.get(f"{PAGE}?area={OLD_BARCHESTER_CODE}&view=hex")
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}?area={BARCHESTER}&view=hex")


def test_an_authority_that_is_no_council_is_not_on_the_map(client: Client) -> None:
    assert "Greater Barset is not on this map" in text_of(get(client, f"{PAGE}?area={AUTHORITY}"))


def test_an_unknown_metric_has_no_page(client: Client) -> None:
    assert client.get("/maps/nothing").status_code == 404


def test_addresses_are_those_the_page_answers_to(client: Client) -> None:
    address = map_address("bins-missed", period="2022-23", area=BARCHESTER, view="hex")
    assert address == f"/maps/bins-missed?area={BARCHESTER}&period=2022-23&view=hex"
    assert get(client, address)
    assert f'<link rel="canonical" href="{address.replace("&", "&amp;")}">' in get(client, address)


def test_a_judgement_has_no_map_and_a_reason(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, django_ready: None
) -> None:
    inspected = define_metric("inspected", "Care inspected", "judgement", "none", "care", "care")
    source = define_source("barset-care", "Care", [define_edition("2023-24", "2024")], [inspected])
    catalogue = replace(CATALOGUE, sources=CATALOGUE.sources | {"barset-care": source})
    observed = [(*each[:3], "barset-care/2023-24", 2.0, None) for each in [("inspected", COUNTY, "2023-24")]]
    bins = [each for each in OBSERVED if each[0] != "carers-content"]
    release = build_release(tmp_path_factory.mktemp("releases"), make_contents([*bins, *observed], catalogue))
    assert not has_map(release, release.metric("inspected"))
    assert has_map(release, release.metric("bins-missed"))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    response = Client(HTTP_HOST="localhost").get("/maps/inspected")
    assert response.status_code == 404
    text = text_of(response.content.decode())
    assert "There is no map of this metric" in text
    assert "It is a judgement or a date, not an amount" in text


def test_a_release_without_boundaries_says_so(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, django_ready: None
) -> None:
    contents = replace(make_contents(), shapes=SHAPES.clear())
    release = build_release(tmp_path_factory.mktemp("releases"), contents)
    assert not has_map(release, release.metric("bins-missed"))
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    response = Client(HTTP_HOST="localhost").get(PAGE)
    assert (response.status_code, "no boundaries" in response.content.decode()) == (404, True)


def test_a_council_without_an_outline_is_named_below(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, django_ready: None
) -> None:
    contents = replace(make_contents(), shapes=SHAPES.filter(SHAPES["area_code"] != OMNIUM))
    release = build_release(tmp_path_factory.mktemp("releases"), contents)
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    page = get(Client(HTTP_HOST="localhost"), PAGE)
    assert OMNIUM not in find_marks(page)
    assert "In the table and not on the map, as no outline is held: Omnium." in text_of(page)


class TestTiers:
    """Where districts and counties both have figures, one of the two is shown, and the reader says which."""

    @pytest.fixture
    def client(self, barsetshire: Barsetshire, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> Client:
        monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
        return Client(HTTP_HOST="localhost")

    def test_each_tier_has_a_map(self, client: Client) -> None:
        lower = get(client, "/maps/household-waste-collected")
        upper = get(client, "/maps/household-waste-collected?tier=upper")
        districts = {code for code in find_marks(lower) if code.startswith("E07")}
        assert districts
        assert "E10900001" not in find_marks(lower)
        assert {code for code in find_marks(upper) if not code.startswith("E06")} == {"E10900001"}
        for page in (lower, upper):
            assert "Districts and single-tier councils" in page
            assert "Counties and single-tier councils" in page

    def test_a_marked_council_decides_where_nothing_is_said(self, client: Client) -> None:
        assert "E10900001" in find_marks(get(client, "/maps/household-waste-collected?area=E10900001"))
        response = client.get("/maps/household-waste-collected?area=E10900001&tier=lower")
        assert "Barsetshire is not on this map" in text_of(response.content.decode())

    def test_who_is_not_responsible_is_blank_and_in_no_class(self, client: Client) -> None:
        page = get(client, "/maps/waste-sent-to-landfill")
        marks = find_marks(page)
        assert marks["E06900007"] == ("blank", "Hogglestock not responsible")
        assert "Not responsible for this service" in text_of(page)
        assert "Hogglestock" not in {name for name, _ in find_rows(page)}


def test_a_page_is_small(client: Client) -> None:
    assert len(gzip.compress(get(client, PAGE).encode())) < 20_000


def test_hexagons_that_fit_are_found(release: Release) -> None:
    assert release.find_hexagons({BARCHESTER, COUNTY}) == "hex-2023"
    assert release.find_hexagons({BARCHESTER, PLUMSTEAD_OLD}) is None
    assert release.shapes("hex-1066") == {}


def test_a_region_alone_is_drawn_in_the_classes_of_england(client: Client, release: Release) -> None:
    whole, part = get(client, PAGE), get(client, f"{PAGE}?region=E12000008")
    marks, all_marks = find_marks(part), find_marks(whole)
    assert set(marks) == {code for code in all_marks if release.area(code).region_code == "E12000008"}
    assert marks
    assert all(marks[code] == all_marks[code] for code in marks), "a shade means the same"
    assert "three councils in the South East ran from" in text_of(part)
    assert {name for name, _ in find_rows(part) if name in {"Allington", "Barchester"}} == {"Allington"}
    assert f'href="{PAGE}"' in part
    assert "mh-map__frame" not in part
    assert "<title>Map: Bins missed, South East, 2023-24" in part


def test_hexagons_of_a_region_and_a_council_outside_it(client: Client) -> None:
    page = get(client, f"{PAGE}?region=E12000009&view=hex&area={ALLINGTON}")
    assert ALLINGTON not in find_marks(page)
    assert "Allington is not on this map" in text_of(page)
    assert 'name="region" value="E12000009"' in page


def test_a_region_that_is_none_is_refused(client: Client) -> None:
    assert client.get(f"{PAGE}?region=E12000099").status_code == 400
