"""Answers that are files: a table in the format asked for, under a name that says what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from moothall.release.downloads.formats import Format, write, write_json
from moothall.release.downloads.table import Table

FigureFormat = Literal["json", "csv", "xlsx", "ods", "parquet", "jsonstat", "csvw"]
ListFormat = Literal["json", "csv", "xlsx", "ods", "parquet", "csvw"]
_AUDIENCES = {str(form): f"{form}, {form.audience}" for form in Format}
ABOUT_FIGURE_FORMATS, ABOUT_LIST_FORMATS = (
    f"Which format: {'; '.join(_AUDIENCES[form] for form in get_args(formats))}."
    for formats in (FigureFormat, ListFormat)
)
_HELD = 5_000  # rows of an answer that is made whole; a longer one is sent as it is made


def answer_table(
    request: HttpRequest, table: Table, form: str, name: str, next_cursor: int | None = None
) -> HttpResponseBase:
    """A table as a file, `name` without its ending; `next_cursor` is where to go on when these are not all its rows.

    The CSV file leads to what its columns are, and that back to the CSV file.
    """
    wanted = Format(form)
    pieces = write(table, wanted, request.build_absolute_uri(_readdress(request, Format.CSV)))
    response = _make_response(pieces, wanted.media_type, table.height)
    response["Content-Disposition"] = f'attachment; filename="{name}{wanted.ending}"'
    if wanted is Format.CSV:
        metadata = _readdress(request, Format.CSVW)
        response["Link"] = f'<{metadata}>; rel="describedby"; type="{Format.CSVW.media_type}"'
    if next_cursor is not None:
        response["X-Next-Cursor"] = str(next_cursor)
    return response


def answer_rows(table: Table, next_cursor: int | None = None) -> HttpResponseBase:
    """A table as JSON, and what is to be known of it."""
    return _make_response(write_json(table, next_cursor), Format.JSON.media_type, table.height)


def read_address(request: HttpRequest) -> str:
    """What was asked for, without host and format."""
    return _readdress(request, None)


_CUBE: dict[str, Any] = {
    "type": "object",
    "description": "With format=jsonstat: a JSON-stat 2.0 dataset.",
    "required": ["version", "class", "id", "size", "dimension", "value"],
}


def describe_contents(content: dict[str, Any], formats: Any) -> None:
    """Add answers in these formats to what the OpenAPI description says of one in JSON."""
    for form in map(Format, get_args(formats)):
        text = {"type": "string", "format": "binary"} if form.is_binary else {"type": "string"}
        if form is Format.JSONSTAT:  # which is JSON, too
            plain = content[form.media_type]
            plain["schema"] = {"anyOf": [plain["schema"], _CUBE]}
        elif form is not Format.JSON:
            content[form.media_type.partition(";")[0]] = {"schema": {"type": "object"} if form is Format.CSVW else text}


def _readdress(request: HttpRequest, form: Format | None) -> str:
    asked = request.GET.copy()
    asked.pop("format", None)
    if form is not None:
        asked["format"] = str(form)
    return f"{request.path}?{asked.urlencode()}" if asked else request.path


def _make_response(pieces: Iterator[bytes], media_type: str, height: int) -> HttpResponseBase:
    if height > _HELD:
        return StreamingHttpResponse(pieces, content_type=media_type)
    return HttpResponse(b"".join(pieces), content_type=media_type)
