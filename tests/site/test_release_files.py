"""The files of a release over HTTP: whole and in parts, and never another file than those its checksums name."""

from __future__ import annotations

import hashlib
import html
import re
from urllib.parse import quote

import pytest
from django.test import Client

from moothall.release.directory import CHECKSUMS, DATABASE, read_checksums
from moothall.release.queries import Release


def address(release: Release, name: str) -> str:
    return f"/releases/{release.record.id}/files/{name}"


def take(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def test_the_page_lists_every_file_with_its_size_and_digest(client: Client, release: Release) -> None:
    page = html.unescape(client.get(f"/releases/{release.record.id}").content.decode())
    listed = re.findall(r'href="/releases/[^/"]+/files/([^"]+)"', page)
    sums = read_checksums(release.directory)
    assert set(listed) == {*sums, CHECKSUMS}
    assert listed[0] == DATABASE
    for name in listed:
        content = take(client.get(address(release, name)))
        assert content == (release.directory / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() in page


def test_a_file_is_kept_for_good_and_known_by_its_digest(client: Client, release: Release) -> None:
    name = "parquet/areas.parquet"
    response = client.get(address(release, name), HTTP_ACCEPT_ENCODING="gzip")
    digest = read_checksums(release.directory)[name]
    assert response["ETag"] == f'"{digest}"'
    assert "immutable" in response["Cache-Control"]
    assert "Content-Encoding" not in response
    assert response["Content-Type"] == "application/vnd.apache.parquet"
    assert response["Content-Disposition"] == f'attachment; filename="{release.record.id}-areas.parquet"'
    assert int(response["Content-Length"]) == len(take(response))
    again = client.get(address(release, name), HTTP_IF_NONE_MATCH=response["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])


def test_head_says_what_get_would_send(client: Client, release: Release) -> None:
    got, head = (ask(address(release, DATABASE)) for ask in (client.get, client.head))
    assert head.status_code == 200
    names = ("Content-Length", "ETag", "Accept-Ranges", "Content-Type", "Content-Disposition")
    assert {name: head[name] for name in names} == {name: got[name] for name in names}
    assert head.content == b""
    take(got)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=0-15", slice(0, 16)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-8", slice(-8, None)),
        ("bytes=10-99999999999", slice(10, None)),
        ("bytes=-99999999999", None),
        ("bytes=5-2", None),
        ("bytes=0-1,5-6", None),
        ("bytes=-", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
    ],
)
def test_parts_are_as_asked_for(client: Client, release: Release, asked: str, part: slice | None) -> None:
    whole = (release.directory / DATABASE).read_bytes()
    response = client.get(address(release, DATABASE), HTTP_RANGE=asked, HTTP_ACCEPT_ENCODING="gzip")
    content = take(response)
    if part is None:
        assert (response.status_code, content) == (200, whole)
        return
    assert (response.status_code, content) == (206, whole[part])
    start, end, _ = part.indices(len(whole))
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{len(whole)}"
    assert int(response["Content-Length"]) == len(content)


def test_a_part_past_the_end_is_refused_and_one_of_another_version_is_the_whole(
    client: Client, release: Release
) -> None:
    size = (release.directory / DATABASE).stat().st_size
    past = client.get(address(release, DATABASE), HTTP_RANGE=f"bytes={size}-")
    assert (past.status_code, past["Content-Range"]) == (416, f"bytes */{size}")
    other = client.get(address(release, DATABASE), HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE='"another"')
    assert other.status_code == 200
    assert len(take(other)) == size
    same = client.get(address(release, DATABASE), HTTP_RANGE="bytes=0-1", HTTP_IF_RANGE=other["ETag"])
    assert (same.status_code, len(take(same))) == (206, 2)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "parquet",
        "parquet/",
        "nothing.parquet",
        "sheets.sqlite",
        "moothall.sqlite-wal",
        "../current",
        "../../etc/passwd",
        "parquet/../manifest.json",
        "./manifest.json",
        "//etc/passwd",
        "parquet//areas.parquet",
        "MANIFEST.JSON",
        "manifest.json\x00",
        "..\\current",
        "%2e%2e/current",
    ],
)
def test_nothing_else_is_served(client: Client, release: Release, name: str) -> None:
    (release.directory.parent / "current").write_text(release.record.id)
    (release.directory / "sheets.sqlite").write_bytes(b"outside the checksums")
    try:
        for each in (name, quote(name, safe="")):
            response = client.get(address(release, each))
            assert response.status_code in {404, 302}, each  # 302: without the slash at its end
            assert b"outside" not in response.content
    finally:
        (release.directory / "sheets.sqlite").unlink()
        (release.directory.parent / "current").unlink()


@pytest.mark.parametrize("release_id", ["2020-01-01-00000000", "current", "..", ".", "%2e%2e"])
def test_no_other_directory_is_a_release(client: Client, release: Release, release_id: str) -> None:
    assert client.get(f"/releases/{release_id}/files/manifest.json").status_code == 404
