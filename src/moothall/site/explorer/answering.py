"""Answering: a page made of the release and an address, or a page that says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from moothall.charts.apart import Busy
from moothall.release.records import UnknownKey
from moothall.site.addresses import API
from moothall.site.api.errors import say_wrong
from moothall.site.explorer.asked import NotDrawn, Redirected, Refused
from moothall.site.explorer.cards import find_card
from moothall.site.explorer.linked_data import describe_page
from moothall.site.explorer.pages import ErrorPage, Page
from moothall.site.explorer.parts import Link
from moothall.site.origin import find_origin
from moothall.site.served import NothingServed, take_release

Made = TypeVar("Made")
View = Callable[..., HttpResponse]
_WAYS_ON = (
    Link("See every council", "/areas"),
    Link("See every metric", "/metrics"),
    Link("Go to the first page", "/"),
)


def show_page(request: HttpRequest, made: Page) -> HttpResponse:
    """A page in its template."""
    canonical, origin = made.find_canonical(request.path), find_origin(request)
    context = made.as_context() | {
        "canonical": canonical,
        "origin": origin,
        "card": find_card(made, canonical),
        "linked_data": describe_page(take_release(), made, origin + canonical),
    }
    response = render(request, made.template, context, status=made.http_status)
    if not made.is_kept:
        response.headers["Cache-Control"] = "no-store"
    return response


def answer_with(make: Callable[..., Made], show: Callable[[HttpRequest, Made], HttpResponse]) -> View:
    """A view that takes the release, makes something and shows it, or says what is wrong."""

    @wraps(make)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            release = take_release()
        except NothingServed:
            return show_nothing_served(request)
        try:
            return show(request, make(release, request, **parts))
        except Redirected as redirected:
            status = 301 if redirected.permanent else 303 if request.method == "POST" else 302
            return HttpResponseRedirect(redirected.address, status=status)
        except Refused as refused:
            errors = tuple(Link(mistake.message, f"#{mistake.name}") for mistake in refused.mistakes)
            ways = (Link("This page without those choices", request.path), *_WAYS_ON)
            return show_error(request, 400, "There is a problem with what was asked for", errors=errors, links=ways)
        except NotDrawn as none:
            links = (Link(none.title, none.address), *_WAYS_ON)
            return show_error(request, 404, none.heading, none.reason, links=links)
        except UnknownKey as unknown:
            said = f"This release has no {unknown.kind} “{unknown.key}”."
            return show_error(request, 404, "Page not found", said)
        except Busy as busy:
            return show_busy(request, busy)

    return answer


def page(make: Callable[..., Page]) -> View:
    """A view that takes the release, makes a page and answers with it, or says what is wrong."""
    return answer_with(make, show_page)


def show_busy(request: HttpRequest, busy: Busy) -> HttpResponse:
    """That a picture or a PDF has to wait, and for how long."""
    said = (
        f"Pictures and PDFs are made a few at a time. Others are being made now: try again in {busy.seconds} seconds."
    )
    response = show_error(request, 503, "This file has to wait", said, links=())
    response["Retry-After"] = str(busy.seconds)
    return response


def show_nothing_served(request: HttpRequest) -> HttpResponse:
    """What to do when there is no release."""
    return show_error(
        request,
        503,
        "There are no figures here yet",
        "This copy of Moothall has no release to show.",
        "Whoever runs it can make one with “moothall build”, or set MOOTHALL_RELEASE to the directory of one.",
        links=(),
    )


def show_error(
    request: HttpRequest,
    status: int,
    title: str,
    *paragraphs: str,
    errors: tuple[Link, ...] = (),
    links: tuple[Link, ...] = _WAYS_ON,
) -> HttpResponse:
    """A page that says what went wrong and where to go on."""
    try:
        release_id = take_release().record.id
    except NothingServed:
        release_id = ""
    made = ErrorPage(release_id, title, errors, paragraphs, links)
    return render(request, made.template, made.as_context(), status=status)


def refuse(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for a request that makes no sense."""
    if request.path.startswith(f"{API}/"):
        return say_wrong(400, "bad_request", "The request cannot be understood.", request.path)
    return show_error(request, 400, "This request cannot be understood", "Check the address and try again.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler for an address that is none."""
    if request.path.startswith(f"{API}/"):
        return say_wrong(404, "unknown_address", f"The API has no address {request.path}.", request.path)
    if request.path.endswith("/") and request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(request.get_full_path().replace(request.path, request.path.rstrip("/"), 1) or "/")
    return show_error(
        request,
        404,
        "Page not found",
        "If you typed the address, check it. If you followed a link, it may be out of date.",
    )


def fail(request: HttpRequest) -> HttpResponse:
    """Django's handler for a fault of ours."""
    if request.path.startswith(f"{API}/"):
        return say_wrong(500, "fault", "The fault is ours and has been written down.", request.path)
    return show_error(
        request,
        500,
        "Sorry, there is a fault",
        "The fault is ours and has been written down. Try again later.",
        links=(),
    )
