"""What every answer says of itself: the policy that keeps pages to files of their own, and how long files last."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from moothall.site.jinja import asset

_FOREVER = f"public, max-age={365 * 24 * 60 * 60}, immutable"


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
            response.headers["Cache-Control"] = _FOREVER if request.get_full_path() == current else "no-cache"
        return response
