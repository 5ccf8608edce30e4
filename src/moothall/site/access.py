"""Access: reading only, but for the search box, and the API from any other site's pages, too."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from moothall.site.addresses import API, FIND
from moothall.site.api.errors import say_wrong

_READING = {"GET", "HEAD"}
_ASKING = {"POST"}  # changes nothing either: what is asked stands in the body, so that no log has it
# What a browser asks before a script may send If-None-Match, and what the script may see besides the usual.
_ALLOWED = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_EXPOSED = "ETag, Content-Disposition, Link, X-Next-Cursor"


class ReadOnly:
    """Refuses what is not reading, and lets scripts of other sites read the API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        is_api = request.path == API or request.path.startswith(f"{API}/")
        allowed = _READING | _ASKING if request.path == FIND else _READING
        response: HttpResponseBase
        if is_api and request.method == "OPTIONS":
            response = HttpResponse(status=204, headers=_ALLOWED | {"Allow": "GET, HEAD, OPTIONS"})
        elif request.method not in allowed:
            response = (
                say_wrong(405, "method_not_allowed", "The API only reads: use GET.", request.path)
                if is_api
                else HttpResponse("Pages can only be read.", status=405, content_type="text/plain")
            )
            response.headers["Allow"] = ", ".join(sorted(allowed))
        else:
            if is_api:
                request.method = "GET"  # the API's library answers HEAD with 405; the server leaves the body out
            response = self.get_response(request)
        if is_api:
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers.setdefault("Access-Control-Expose-Headers", _EXPOSED)
        return response
