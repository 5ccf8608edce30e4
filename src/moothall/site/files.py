"""Files of a release over HTTP: in parts where asked, kept for good, and none but those that its checksums name."""

from __future__ import annotations

import re
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from whitenoise.responders import SlicedFile

from moothall.release.records import UnknownKey
from moothall.site.explorer.answering import not_found, show_nothing_served
from moothall.site.explorer.release_files import find_file
from moothall.site.explorer.releases import find_directory
from moothall.site.policy import FOREVER
from moothall.site.served import NothingServed, take_release

_MEDIA_TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
}
_PART = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class _Flowing(FileResponse):
    """A file sent in pieces larger than Django's."""

    block_size = 256 * 1024


def serve_file(request: HttpRequest, release_id: str, name: str) -> HttpResponseBase:
    """`/releases/<id>/files/<name>`: whole, or the part that a Range header asks for.

    The ETag is the file's SHA-256, so that a copy from anywhere is known by it.
    """
    try:
        directory = find_directory(take_release(), release_id)
        file = find_file(directory, name)
    except NothingServed:
        return show_nothing_served(request)
    except UnknownKey:
        return not_found(request)
    path, etag = directory / file.name, f'"{file.sha256}"'
    held = parse_etags(request.headers.get("If-None-Match", ""))
    start, end = _choose_part(request, etag, file.bytes)
    if etag in held or "*" in held:
        response: HttpResponseBase = HttpResponse(status=304)
    elif start > end:
        response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.bytes}"})
    else:
        response = _send(path, start, end, is_wanted=request.method != "HEAD")
        if end - start + 1 < file.bytes:
            response.status_code = 206
            response["Content-Range"] = f"bytes {start}-{end}/{file.bytes}"
        response["Content-Type"] = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="{directory.name}-{path.name}"'
    response["Accept-Ranges"] = "bytes"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = FOREVER
    response["ETag"] = etag
    return response


def _choose_part(request: HttpRequest, etag: str, size: int) -> tuple[int, int]:
    """The first and last byte asked for, of which the first is past the last where there is no such part.

    A header that asks for several parts, or for one of another version, is passed over, as HTTP lets a server do.
    """
    whole = (0, size - 1)
    asked = _PART.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or request.headers.get("If-Range", etag) != etag:
        return whole
    first, last = asked.groups()
    if not first:
        return (max(size - int(last), 0), size - 1) if last else whole
    if last and int(last) < int(first):
        return whole
    return int(first), min(int(last), size - 1) if last else size - 1


def _send(path: Path, start: int, end: int, *, is_wanted: bool) -> HttpResponseBase:
    length = end - start + 1
    if not is_wanted:
        return HttpResponse(headers={"Content-Length": str(length)})
    response = _Flowing(SlicedFile(path.open("rb"), start, end))
    response["Content-Length"] = str(length)
    return response
