"""What every answer says of itself, how long it lasts, and whether it is compressed."""

import base64
import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from moothall.charts.pictures import read_styles
from moothall.site.addresses import CHARTS, EMBED
from moothall.site.jinja import asset

FOREVER = f"public, max-age={365 * 24 * 60 * 60}, immutable"
"""For what never changes under its address."""
_TEXTS = (
    "text/",
    "application/json",
    "application/csvm+json",
    "image/svg+xml",
    "application/atom+xml",
    "application/xml",
)


class ContentPolicy:
    """Sets the policy of `settings.CONTENT_SECURITY_POLICY` on every response that does not bring its own.

    A chart for other sites' pages may stand in a frame of any of them, and a picture brings one style sheet, known by
    its digest. By address and not by view: what is answered 304 has to say the same.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = _write_policy()
        self.framed = _write_policy(**{"frame-ancestors": "*"})
        digest = base64.b64encode(hashlib.sha256(read_styles().encode()).digest()).decode()
        self.picture = _write_policy(**{"default-src": "'none'", "style-src": f"'sha256-{digest}'"})

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = self.policy
        if request.path.startswith(f"{EMBED}/"):
            policy = self.framed
            response.xframe_options_exempt = True  # type: ignore[attr-defined] # Django's name for it
        elif request.path.startswith(f"{CHARTS}/"):
            policy = self.picture if response.status_code in {200, 304} else policy
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


def _write_policy(**instead: str) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in (settings.CONTENT_SECURITY_POLICY | instead).items())


class LastingFiles:
    """Lets a file asked for by the digest of its content be kept for good, and by any other not at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(settings.STATIC_URL) and response.status_code in {200, 304} and "v" in request.GET:
            current = asset(request.path.removeprefix(settings.STATIC_URL))
            response.headers["Cache-Control"] = FOREVER if request.get_full_path() == current else "no-cache"
        return response


class Compression(GZipMiddleware):
    """Compresses texts; files that are compressed already, and parts of files, go as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress one answer, where that makes it smaller."""
        if "Accept-Ranges" in response or not response.get("Content-Type", "").startswith(_TEXTS):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
