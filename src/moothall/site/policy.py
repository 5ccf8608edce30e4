"""What every answer says of itself, how long it lasts, and whether it is compressed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from moothall.site.jinja import asset

FOREVER = f"public, max-age={365 * 24 * 60 * 60}, immutable"
"""For what never changes under its address."""
_TEXTS = ("text/", "application/json", "application/csvm+json", "image/svg+xml", "application/atom+xml")


class ContentPolicy:
    """Sets the policy of `settings.CONTENT_SECURITY_POLICY` on every response that does not bring its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(f"{name} {sources}" for name, sources in settings.CONTENT_SECURITY_POLICY.items())

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


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
