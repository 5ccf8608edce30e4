"""Freshness: a page is a pure function of release, code and address, so its ETag needs no page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

import moothall
from moothall.site.served import NothingServed, take_release

_CODE = {".py", ".html", ".css", ".scss", ".js"}
_SECONDS = 300
_ALWAYS_MADE = {"/health"}


class Freshness:
    """Answers 304 before a page is made, and lets every good answer be kept for a while."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        etag = "" if request.path in _ALWAYS_MADE or request.method not in {"GET", "HEAD"} else make_etag(request)
        if etag and _holds(request, etag):
            return _allow(HttpResponseNotModified(), etag)
        response = self.get_response(request)
        # A release published while the page was made may be the one it shows: then nobody is to keep it.
        if etag and response.status_code == 200 and "ETag" not in response and etag == make_etag(request):
            return _allow(response, etag)
        response.headers.setdefault("Cache-Control", "no-store" if response.status_code >= 500 else "no-cache")
        return response


def make_etag(request: HttpRequest) -> str:
    """The ETag of an address: digests of the release, of the code with its templates, and of the address itself.

    Empty when there is no release.
    """
    try:
        digest = take_release().record.digest
    except NothingServed:
        return ""
    address = hashlib.sha256(request.get_full_path().encode()).hexdigest()
    return f'"{digest[:16]}-{digest_code()[:12]}-{address[:16]}"'


@cache
def digest_code() -> str:
    """The sha256 of the package's code, templates, style sheet and script."""
    digest = hashlib.sha256()
    package = Path(moothall.__file__).parent
    for path in sorted(path for path in package.rglob("*") if path.suffix in _CODE):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _holds(request: HttpRequest, etag: str) -> bool:
    asked = request.headers.get("If-None-Match", "")
    plain = {held.removeprefix("W/") for held in parse_etags(asked)}
    return etag in plain or "*" in plain


def _allow(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers.setdefault("Cache-Control", f"public, max-age={_SECONDS}")
    return response
