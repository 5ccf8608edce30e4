"""The one shape in which the API says what is wrong."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from moothall.release.records import UnknownKey
from moothall.site.served import NothingServed

_LONGEST = 200  # characters of what was asked that an answer repeats


class Refusal(Exception):  # noqa: N818 - the caller's mistake, not ours
    """A request that is refused, with its code, its message and the parameter or path it is about."""

    def __init__(self, code: str, message: str, where: str, status: int = 400) -> None:
        self.code, self.message, self.where, self.status = code, message, where, status
        super().__init__(message)


def say_wrong(status: int, code: str, message: str, where: str) -> JsonResponse:
    """An answer in the error shape."""
    return JsonResponse({"error": {"code": code, "message": message, "where": where}}, status=status)


def install_handlers(api: NinjaAPI) -> None:
    """Make the API answer every expected exception in the error shape."""

    def refuse(request: HttpRequest, refusal: Any) -> JsonResponse:
        return say_wrong(refusal.status, refusal.code, refusal.message, _shorten(refusal.where))

    def refuse_invalid(request: HttpRequest, invalid: Any) -> JsonResponse:
        first = invalid.errors[0]
        where = next((str(part) for part in reversed(first["loc"]) if isinstance(part, str)), "")
        return say_wrong(400, "invalid_parameter", f"{where}: {first['msg']}.", where)

    def refuse_unknown(request: HttpRequest, unknown: Any) -> JsonResponse:
        code, key = f"unknown_{unknown.kind.replace(' ', '_')}", _shorten(unknown.key)
        return say_wrong(404, code, f"This release has no {unknown.kind} {key!r}.", key)

    def refuse_all(request: HttpRequest, nothing: Any) -> JsonResponse:
        return say_wrong(503, "no_release", "There is no release to answer from.", request.path)

    def refuse_address(request: HttpRequest, unknown: Any) -> JsonResponse:
        path = _shorten(request.path)
        return say_wrong(404, "unknown_address", f"The API has no address {path}.", path)

    api.add_exception_handler(Refusal, refuse)
    api.add_exception_handler(Http404, refuse_address)
    api.add_exception_handler(ValidationError, refuse_invalid)
    api.add_exception_handler(UnknownKey, refuse_unknown)
    api.add_exception_handler(NothingServed, refuse_all)


def _shorten(text: str) -> str:
    """What was asked, as far as it helps to find the mistake."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
