"""What a kind of page offers to take away is what the guide says, and each file is there, of its type, with rows."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from django.test import Client

from moothall.release.downloads.formats import Format
from moothall.release.queries import Release
from tests.conftest import Barsetshire
from tests.release.barset import (
    ALLINGTON,
    BARCHESTER,
    GATHERUM,
    PLUMSTEAD_OLD,
    add_up,
    build_release,
    make_contents,
)
from tests.release.downloads import reading
from tests.release.exemplars import make_exemplary
from tests.release.movements import make_moved
from tests.release.reading import compare_and_publish, make_earlier

GUIDE = Path(__file__).parents[2] / "docs/how-to/take-figures-away.md"
PAGES = {
    "/areas/<code>": f"/areas/{BARCHESTER}/barchester",
    "/areas/<code>, closed": f"/areas/{PLUMSTEAD_OLD}",
    "/areas/<code>/topics/<topic>": f"/areas/{BARCHESTER}/topics/bins?with={GATHERUM}",
    "/areas/<code>/neighbours": "/areas/E06900001/neighbours",
    "/places/<code>, two councils": f"/places/{BARCHESTER}/barchester",
    "/topics/<topic>": "/topics/bins",
    "/outcomes/<number>": "/outcomes/1",
    "/metrics/<key>": f"/metrics/bins-missed?area={BARCHESTER}",
    "/metrics/<key>/against/<other>": "/metrics/share-missed/against/bins-emptied",
    "/maps/<key>": "/maps/bins-missed",
    "/compare": f"/compare?areas={ALLINGTON}&areas={BARCHESTER}&topic=bins",
    "/figures/<metric>/<area>/<period>": f"/figures/bins-missed/{GATHERUM}/2023-24",
    "/national": "/national",
    "/national/<topic>": "/national/care",
    "/national/<topic>/<metric>": "/national/care/carers-content",
    "/excellence": "/excellence?topic=bins&class=district",
    "/gaps": "/gaps?topic=bins",
    "/releases/<id>": "/releases/current",
}
"""An address of each kind of page in the guide's table."""
LIKENED = "/areas/<code>/neighbours"
"""The kind that only the release of Barsetshire's own project has: its lists come from models that were run."""
WITHOUT = {
    "": "leads to the others",
    "areas": "a list of names",
    "find": "leads to the others",
    "topics": "a list of names",
    "outcomes": "a list of names, and how many metrics are held",
    "metrics": "a list of names, and how far each reaches; `/api/v1/metrics` has it",
    "releases": "a list of names",
    "areas/<str:code>/report": "is taken away as a PDF, and leads to the pages of its figures",
    "embed/metrics/<str:key>": "is itself taken away, and leads to its page",
    "embed/metrics/<str:key>/against/<str:other>": "is itself taken away, and leads to its page",
    "embed/areas/<str:area>/topics/<str:key>": "is itself taken away, and leads to its page",
    "methods": "has no figures",
    "methods/neighbours": "has checks of methods, which every release's files have",
    "about": "has no figures",
    "accessibility": "has no figures",
    "contact": "has no figures",
    "api": "is about the API",
}
"""The kinds of page that offer nothing, and why."""
NO_PAGES = {
    *("find/entries.json", "metrics/<str:key>/against", "health", "api/v1", "robots.txt", "sitemap.xml"),
    *("sitemap-<int:part>.xml", "releases/<str:release_id>/files/<path:name>", "areas/<str:code>/report.pdf"),
    *("releases/feed", "areas/<str:code>/feed", "metrics/<str:key>/feed"),
    *("cards/<str:name>", "cards/<str:kind>/<str:name>", "charts/<str:kind>/<str:name>"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with all that pages tell of: movements, exemplars and what it changed."""
    releases = tmp_path_factory.mktemp("releases")
    exemplary = make_exemplary()
    contents = replace(
        make_contents(catalogue=add_up()),
        movements=make_moved().movements,
        **{name: getattr(exemplary, name) for name in ("exemplars", "topic_exemplars", "exemplar_checks")},
    )
    for each in (build_release(releases, make_earlier()), build_release(releases, contents, built=date(2025, 7, 1))):
        compare_and_publish(releases, each.record.id)
    return each


@pytest.fixture
def reader(whole: Release, monkeypatch: pytest.MonkeyPatch, django_ready: None) -> Client:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(whole.directory))
    return Client(HTTP_HOST="localhost")


def read_guide() -> dict[str, tuple[str, ...]]:
    """The formats that the guide says each kind of page offers."""
    headings, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in GUIDE.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| page", "| `/"))
    )
    formats = [heading.strip("`") for heading in headings[2:]]
    return {
        row[0].replace("`", ""): tuple(form for form, cell in zip(formats, row[2:], strict=True) if cell == "yes")
        for row in rows
    }


def list_offers(page: str) -> list[dict[Format, str]]:
    """The links of every “Download” of a page, by their format."""
    found = re.findall(r"<details[^>]*>\s*<summary[^>]*><span[^>]*>Download (.*?)</details>", page, re.DOTALL)
    links = [[html.unescape(each) for each in re.findall(r'href="(/api/[^"]+)"', offer)] for offer in found]
    return [
        {Format(parse_qs(urlsplit(link).query).get("format", ["json"])[0]): link for link in offer} for offer in links
    ]


def count_rows(form: Format, content: bytes) -> int:
    match form:
        case Format.CSV:
            return len(list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))))
        case Format.JSON:
            answer = json.loads(content)
            lists = [each for name, each in answer.items() if isinstance(each, list)]
            return 1 if "lineage" in answer else max(map(len, lists))
        case Format.PARQUET:
            return pl.read_parquet(io.BytesIO(content)).height
        case Format.XLSX | Format.ODS:
            sheet = list(reading.read_sheets(content).values())[3]
            return len(sheet) - 1 - next(place for place, row in enumerate(sheet) if row[1] != "")
        case _:
            raise ValueError(f"{form} has no rows")


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_offers_what_the_guide_says_and_every_file_has_the_same_rows(
    reader: Client, kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == LIKENED:
        barsetshire: Barsetshire = request.getfixturevalue("barsetshire")
        monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
    response = reader.get(PAGES[kind], follow=True)
    assert response.status_code == 200
    offers = list_offers(response.content.decode())
    assert offers
    for offer in offers:
        assert sorted(offer) == sorted(read_guide()[kind])
        many: dict[Format, int] = {}
        for form, link in offer.items():
            answer = reader.get(link)
            assert (answer.status_code, answer["Content-Type"]) == (200, form.media_type), link
            content = answer.getvalue()
            if form is Format.CSVW:
                assert json.loads(content)["tableSchema"]["columns"]
            elif form is Format.JSONSTAT:
                assert json.loads(content)["value"]
            else:
                many[form] = count_rows(form, content)
        assert min(many.values()) >= 1, many
        assert len(set(many.values())) == 1, many


def test_the_guide_has_every_kind_of_page(django_ready: None) -> None:
    from django.urls import URLPattern, resolve

    from moothall.site.urls import urlpatterns

    assert read_guide().keys() == PAGES.keys()
    offering = {resolve(urlsplit(address).path).route for address in PAGES.values()}
    routes = {str(each.pattern) for each in urlpatterns if isinstance(each, URLPattern)}
    slugged = {"areas/<str:code>", "places/<str:code>"}  # lead to the address with the name
    assert routes - offering - NO_PAGES - slugged == set(WITHOUT)


def test_pages_without_figures_offer_nothing(reader: Client) -> None:
    for address in ("/", "/areas", "/topics", "/outcomes", "/releases", "/methods", "/excellence?class=metropolitan"):
        assert list_offers(reader.get(address).content.decode()) == [], address


def ask(client: Client, address: str) -> Mapping[str, list[dict[str, object]]]:
    answer: Mapping[str, list[dict[str, object]]] = client.get(address).json()
    return answer


def test_excellence_from_the_api_is_the_page_with_its_filters_and_names_nobody_who_fell(
    reader: Client, whole: Release
) -> None:
    everyone = ask(reader, "/api/v1/excellence")["exemplars"]
    assert {each["kind"] for each in everyone} == {"top", "improver", "recovery"}
    shown = [each for each in whole.exemplars() if not whole.metric(each.metric).is_old]
    assert [(each["metric"], each["area"], each["kind"]) for each in everyone] == [
        (each.metric, each.area, each.kind) for each in shown
    ]
    [barchester] = ask(reader, "/api/v1/excellence?topic=bins&class=district")["exemplars"]
    assert (barchester["area_name"], barchester["class"]) == ("Barchester", "district")
    assert (barchester["before"], barchester["after"], barchester["expected"]) == (12.0, 6.0, 11.0)
    assert barchester["value"] == whole.figure("share-missed", BARCHESTER, "2023-24").value
    assert reader.get("/api/v1/excellence?topic=moots").status_code == 404
    assert reader.get("/api/v1/excellence?class=moots").status_code == 400


def test_what_a_release_changed_is_counted_metric_by_metric(reader: Client, whole: Release) -> None:
    answer = ask(reader, "/api/v1/changes")
    [bins] = [each for each in answer["changes"] if each["metric"] == "bins-missed"]
    assert (bins["lost"], bins["changed"], bins["standing"]) == (1, 2, "both")
    assert (answer["release"], bins["release"]) == (whole.record.id, whole.record.id)
    earlier = str(bins["before"])
    for form in (Format.JSON, Format.CSV, Format.XLSX, Format.ODS, Format.PARQUET):
        nothing = reader.get(f"/api/v1/changes?release={earlier}&format={form}")
        assert (nothing.status_code, count_rows(form, nothing.getvalue())) == (200, 0)
    assert list_offers(reader.get(f"/releases/{earlier}").content.decode()) == []
    assert reader.get("/api/v1/changes?release=2020-01-01-00000000").status_code == 404
