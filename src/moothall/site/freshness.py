"""Freshness: a page is a pure function of release, code and address, so its ETag needs no page."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

import moothall
from moothall.release.changes import digest_record
from moothall.site.addresses import API
from moothall.site.served import NothingServed, hold_release, take_release

_CODE = {".py", ".html", ".css", ".scss", ".js", ".typ"}
_SECONDS = 300
_ALWAYS_MADE = {"/health"}
_NOT_SAID = {"MOOTHALL_RELEASE", "MOOTHALL_RELEASES", "MOOTHALL_SECRET_KEY", "MOOTHALL_HOSTS"}
_TOLD = "/releases"  # and below, feeds, and what changed: they tell what this copy served before


class Freshness:
    """Answers 304 before a page is made, and lets every good answer be kept for a while."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request, all of it from one release."""
        with hold_release():
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        etag = make_etag(request) if _may_be_held(request) else ""
        # What was served before can change while the release stays the same, so those pages are asked for each time.
        kept = "no-cache" if _tells_what_was_served(request) else f"public, max-age={_SECONDS}"
        if etag and _holds(request, etag):
            return _allow(HttpResponseNotModified(), etag, kept)
        response = self.get_response(request)
        # What was served before may have changed while the page was made: then nobody is to keep it.
        is_kept = "no-store" not in response.get("Cache-Control", "")
        if etag and is_kept and response.status_code == 200 and "ETag" not in response and etag == make_etag(request):
            return _allow(response, etag, kept)
        response.headers.setdefault("Cache-Control", "no-store" if response.status_code >= 500 else "no-cache")
        return response


def _may_be_held(request: HttpRequest) -> bool:
    """Whether the answer may be fresh without being made: nothing is, under the name of a host that is not ours."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return request.method in {"GET", "HEAD"} and request.path not in _ALWAYS_MADE


def make_etag(request: HttpRequest) -> str:
    """The ETag of an address: digests of the release, of the code with its templates, and of the address itself.

    Pages about releases tell what was served before, too, so theirs has a digest of that. Empty when there is no
    release.
    """
    version = name_version()
    if not version:
        return ""
    parts = [version, hashlib.sha256(request.get_full_path().encode()).hexdigest()[:16]]
    if _tells_what_was_served(request):
        parts.append(digest_record(take_release().directory.parent)[:16])
    return f'"{"-".join(parts)}"'


def name_version() -> str:
    """What every ETag begins with: the digests of the release and of the code; empty when there is no release."""
    try:
        return f"{take_release().record.digest[:16]}-{digest_code()[:12]}"
    except NothingServed:
        return ""


def _tells_what_was_served(request: HttpRequest) -> bool:
    path = request.path
    return path in {_TOLD, f"{API}/changes"} or path.startswith(f"{_TOLD}/") or path.endswith("/feed")


@cache
def digest_code() -> str:
    """The sha256 of the package's code, templates, style sheet and script, and of the settings that pages show."""
    shown = sorted(item for item in os.environ.items() if item[0].startswith("MOOTHALL_") and item[0] not in _NOT_SAID)
    digest = hashlib.sha256(repr(shown).encode())
    package = Path(moothall.__file__).parent
    for path in sorted(path for path in package.rglob("*") if path.suffix in _CODE):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _holds(request: HttpRequest, etag: str) -> bool:
    asked = request.headers.get("If-None-Match", "")
    plain = {held.removeprefix("W/") for held in parse_etags(asked)}
    return etag in plain or "*" in plain


def _allow(response: HttpResponseBase, etag: str, kept: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers.setdefault("Cache-Control", kept)
    return response
