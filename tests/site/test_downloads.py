"""Downloads over HTTP: pages lead to every format of their own figures; files have names, ETags and limits."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.test import Client

from moothall.release.downloads.figures import tabulate_figures
from moothall.release.downloads.formats import Format
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.site.api import downloads, endpoints
from moothall.site.freshness import name_version
from moothall.site.kept import KeptAnswers, Shelf, StartResponse
from tests.release.barset import BARCHESTER
from tests.release.downloads import reading

FILES = [form for form in Format if form is not Format.JSON]
ASKED = f"/api/v1/figures?metric=bins-missed&area={BARCHESTER}&period=all"


@pytest.mark.parametrize("form", FILES)
def test_a_file_has_a_name_a_type_and_an_etag(client: Client, release: Release, form: Format) -> None:
    address = f"{ASKED}&format={form}"
    response = client.get(address, HTTP_ACCEPT_ENCODING="gzip")
    assert response.status_code == 200
    assert response["Content-Type"] == form.media_type
    named = f"moothall-bins-missed-{BARCHESTER}-all-{release.record.id}{form.ending}"
    assert response["Content-Disposition"] == f'attachment; filename="{named}"'
    assert ("Content-Encoding" in response) is not form.is_binary
    again = client.get(address, HTTP_IF_NONE_MATCH=response["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address).content == client.get(address).content
    head = client.head(address)
    assert (head.status_code, head["Content-Disposition"]) == (200, response["Content-Disposition"])


def test_the_csv_file_and_its_description_lead_to_each_other(client: Client) -> None:
    csv = client.get(f"{ASKED}&format=csv")
    link = re.fullmatch(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', csv["Link"])
    assert link is not None
    metadata = client.get(link[1])
    described = json.loads(metadata.content)
    assert described["url"] == f"http://localhost{ASKED}&format=csv"
    figures = client.get(ASKED).json()["figures"]
    read = reading.read_described(csv.content, metadata.content)
    assert [{name: cell or None for name, cell in row.items()} for row in read] == [
        {name: cell or None for name, cell in row.items()} for row in figures
    ]
    assert client.get(described["url"].removeprefix("http://localhost")).content == csv.content


def test_json_says_what_is_to_be_known_of_its_figures(client: Client, release: Release) -> None:
    about = client.get(ASKED).json()["about"]
    assert about["title"] == "Bins missed, Barchester, every period"
    assert about["asked"]["Compared with"] == "Councils in England"
    assert [each["publisher"] for each in about["sources"]] == ["Barsetshire Archive"]
    assert about["built"] == release.record.built
    assert set(about["markers"]) >= {"not_responsible", "no_row"}


@pytest.mark.parametrize("form", Format)
def test_too_many_are_refused_in_every_format_and_can_be_read_in_parts(
    client: Client, monkeypatch: pytest.MonkeyPatch, form: Format
) -> None:
    monkeypatch.setattr(endpoints, "WHOLE", 10)
    refused = client.get(f"/api/v1/figures?period=all&format={form}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "too_many")
    part = client.get(f"/api/v1/figures?period=all&limit=3&cursor=3&format={form}")
    assert part.status_code == 200
    assert part.get("X-Next-Cursor") == (None if form is Format.JSON else "6")


def test_a_long_answer_flows_and_is_the_same(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in Format:
        whole = client.get(f"/api/v1/figures?period=all&format={form}").content
        with monkeypatch.context() as patched:
            patched.setattr(downloads, "_HELD", 3)
            flowing = client.get(f"/api/v1/figures?period=all&format={form}")
            assert flowing.streaming
            assert b"".join(flowing.streaming_content) == whole


def test_an_answer_too_large_to_keep_flows_through_the_shelf_and_is_closed(
    served: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[bool] = []

    class Long:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"x" * 100] * 50)

        def close(self) -> None:
            closed.append(True)

    def application(environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [("ETag", f'"{name_version()}-x"'), ("Cache-Control", "public, max-age=1")])
        return Long()

    for room, kept in ((16 * 250, 0), (16 * 25_000, 1)):
        closed.clear()
        shelf = Shelf(room)
        parts = KeptAnswers(application, shelf)({"REQUEST_METHOD": "GET"}, lambda *_: None)
        assert closed == [True] * kept
        assert b"".join(parts) == b"x" * 5000
        getattr(parts, "close", bool)()
        assert (len(shelf), closed) == (kept, [True])


def test_one_page_and_its_files_say_the_same(client: Client, release: Release) -> None:
    selection = Selection(metric=("bins-missed",), area=(BARCHESTER,), period="all")
    kinds = reading.kinds_of(tabulate_figures(release, selection))
    texts = {figure.text for figure in release.figures(selection)}
    page = client.get(f"/metrics/bins-missed?area={BARCHESTER}").content.decode()
    workbook = client.get(f"{ASKED}&format=xlsx").content
    rows = reading.read_workbook(workbook, "Figures", kinds)
    assert {row["text"] for row in rows} == texts
    assert rows[-1]["text"] in page
    assert io.BytesIO(workbook).read(2) == b"PK"
