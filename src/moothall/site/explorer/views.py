"""Views: each takes the release and an address, and gives a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import API, area_address, area_topic_address, neighbours_address, place_address
from moothall.site.api.errors import say_wrong
from moothall.site.explorer import (
    area_topics,
    areas,
    catalogue,
    compare,
    excellence,
    find,
    gaps,
    home,
    maps,
    metrics,
    national,
    national_metrics,
    neighbour_methods,
    neighbours,
    outcomes,
    papers,
    places,
    profiles,
    provenance,
    releases,
    topics,
)
from moothall.site.explorer.asked import Redirected, Refused, read_one
from moothall.site.explorer.cards import find_card
from moothall.site.explorer.linked_data import describe_page
from moothall.site.explorer.pages import ErrorPage, Page
from moothall.site.explorer.parts import Link
from moothall.site.origin import find_origin
from moothall.site.served import NothingServed, take_release

Made = TypeVar("Made")
View = Callable[..., HttpResponse]
NOT_YET = {"topics", "report"}
"""Addresses below an authority's that are promised to pages to come: never taken for its name."""
_WAYS_ON = (
    Link("See every council", "/areas"),
    Link("See every metric", "/metrics"),
    Link("Go to the first page", "/"),
)


def page(make: Callable[..., Page]) -> View:
    """A view that takes the release, makes a page and answers with it, or says what is wrong."""
    return answer_with(make, show_page)


def answer_with(make: Callable[..., Made], show: Callable[[HttpRequest, Made], HttpResponse]) -> View:
    """A view that takes the release, makes something and shows it, or says what is wrong."""

    @wraps(make)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            release = take_release()
        except NothingServed:
            return show_nothing_served(request)
        try:
            made = make(release, request, **parts)
        except Redirected as redirected:
            status = 301 if redirected.permanent else 303 if request.method == "POST" else 302
            return HttpResponseRedirect(redirected.address, status=status)
        except Refused as refused:
            errors = tuple(Link(mistake.message, f"#{mistake.name}") for mistake in refused.mistakes)
            ways = (Link("This page without those choices", request.path), *_WAYS_ON)
            return show_error(request, 400, "There is a problem with what was asked for", errors=errors, links=ways)
        except maps.NoMap as none:
            links = (Link(none.title, none.address), *_WAYS_ON)
            return show_error(request, 404, "There is no map of this metric", none.reason, links=links)
        except UnknownKey as unknown:
            said = f"This release has no {unknown.kind} “{unknown.key}”."
            return show_error(request, 404, "Page not found", said)
        return show(request, made)

    return answer


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


@page
def show_home(release: Release, request: HttpRequest) -> Page:
    """`/`."""
    return home.make_home(release)


@sensitive_post_parameters()  # or the page about a fault, which a developer sees, would say what was typed
@page
def show_find(release: Release, request: HttpRequest) -> Page:
    """`/find`: the answer to the search box, or the page of what a text leads to."""
    return find.answer_find(release, request) if request.method == "POST" else find.make_find(release, request.GET)


def list_find_entries(request: HttpRequest) -> HttpResponse:
    """`/find/entries.json`: title, kind, address and other words of everything that the box can suggest."""
    try:
        return JsonResponse({"entries": list(find.list_entries(take_release()))})
    except NothingServed:
        return JsonResponse({"entries": []}, status=503)


@page
def show_areas(release: Release, request: HttpRequest) -> Page:
    """`/areas`."""
    return areas.make_areas(release, request.GET)


@page
def show_area(release: Release, request: HttpRequest, code: str, slug: str = "") -> Page:
    """`/areas/<code>/<slug>`: the code decides."""
    area = release.area(code)
    if area.closed is not None and area.closed <= release.built:
        return areas.make_closed_area(release, area)
    if slug in NOT_YET:
        raise UnknownKey("page", slug)
    if code != area.code or slug not in {"", area.slug}:
        was = f"?was={code}" if code.upper() != area.code else ""
        raise Redirected(area_address(area) + was)
    was = read_one(request.GET, "was").upper()
    return profiles.make_area(
        release, area, was if was and was != area.code and _leads_to(release, was, area.code) else ""
    )


@page
def show_place(release: Release, request: HttpRequest, code: str, slug: str = "") -> Page:
    """`/places/<code>/<slug>`: the ground of a principal council; of another authority its own page."""
    area = release.area(code)
    if area.closed is not None and area.closed <= release.built:
        return areas.make_closed_area(release, area, address=place_address)
    if not area.is_principal:
        raise Redirected(area_address(area))
    if code != area.code or slug not in {"", area.slug}:
        was = f"?was={code}" if code.upper() != area.code else ""
        raise Redirected(place_address(area) + was)
    was = read_one(request.GET, "was").upper()
    return places.make_place(
        release, area, was if was and was != area.code and _leads_to(release, was, area.code) else ""
    )


def _leads_to(release: Release, was: str, code: str) -> bool:
    try:
        old = release.area(was)
    except UnknownKey:
        return False
    return old.code == code or code in {each.successor.code for each in release.successors(old.code)}


@page
def show_area_topic(release: Release, request: HttpRequest, code: str, topic: str) -> Page:
    """`/areas/<code>/topics/<topic>`."""
    area = release.area(code)
    if area.closed is not None and area.closed <= release.built:
        return areas.make_closed_area(release, area, release.topic(topic).key)
    if code != area.code:
        raise Redirected(area_topic_address(area.code, release.topic(topic).key))
    return area_topics.make_area_topic(release, area, topic, request.GET)


@page
def show_neighbours(release: Release, request: HttpRequest, code: str) -> Page:
    """`/areas/<code>/neighbours`."""
    area = release.area(code)
    if area.closed is not None and area.closed <= release.built:
        return areas.make_closed_area(release, area)
    if code != area.code:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        raise Redirected(neighbours_address(area.code) + asked)
    return neighbours.make_neighbours(release, area, request.GET)


@page
def show_neighbour_methods(release: Release, request: HttpRequest) -> Page:
    """`/methods/neighbours`."""
    return neighbour_methods.make_neighbour_methods(release)


def _require_present_key(release: Release, request: HttpRequest, key: str, address: str) -> None:
    """Raise `Redirected` to the same page of a metric under the key it has, where it was asked for by one it had."""
    present = release.metric(key).key
    if present != key:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        raise Redirected(address.format(quote(present)) + asked, permanent=True)


@page
def show_metrics(release: Release, request: HttpRequest) -> Page:
    """`/metrics`."""
    return catalogue.make_metrics(release, request.GET)


@page
def show_gaps(release: Release, request: HttpRequest) -> Page:
    """`/gaps`."""
    return gaps.make_gaps(release, request.GET)


@page
def show_excellence(release: Release, request: HttpRequest) -> Page:
    """`/excellence`."""
    return excellence.make_excellence(release, request.GET)


@page
def show_national(release: Release, request: HttpRequest) -> Page:
    """`/national`."""
    return national.make_national(release)


@page
def show_national_topic(release: Release, request: HttpRequest, topic: str) -> Page:
    """`/national/<topic>`."""
    return national.make_national_topic(release, topic)


@page
def show_national_metric(release: Release, request: HttpRequest, topic: str, key: str) -> Page:
    """`/national/<topic>/<metric>`: a key that a metric once had leads to the one it has."""
    return national_metrics.make_national_metric(release, topic, key)


@page
def show_metric(release: Release, request: HttpRequest, key: str) -> Page:
    """`/metrics/<key>`: a key that a metric once had leads to the one it has."""
    _require_present_key(release, request, key, "/metrics/{}")
    return metrics.make_metric(release, key, request.GET)


@page
def show_map(release: Release, request: HttpRequest, key: str) -> Page:
    """`/maps/<key>`."""
    _require_present_key(release, request, key, "/maps/{}")
    return maps.make_map(release, key, request.GET)


@page
def show_compare(release: Release, request: HttpRequest) -> Page:
    """`/compare`."""
    return compare.make_compare(release, request.GET)


@page
def show_topics(release: Release, request: HttpRequest) -> Page:
    """`/topics`."""
    return topics.make_topics(release)


@page
def show_topic(release: Release, request: HttpRequest, key: str) -> Page:
    """`/topics/<key>`."""
    return topics.make_topic(release, key, request.GET)


@page
def show_outcomes(release: Release, request: HttpRequest) -> Page:
    """`/outcomes`."""
    return outcomes.make_outcomes(release, request.GET)


@page
def show_outcome(release: Release, request: HttpRequest, number: str) -> Page:
    """`/outcomes/<number>`."""
    return outcomes.make_outcome(release, number, request.GET)


@page
def show_trace(release: Release, request: HttpRequest, metric: str, area: str, period: str) -> Page:
    """`/figures/<metric>/<area>/<period>`."""
    _require_present_key(release, request, metric, f"/figures/{{}}/{quote(area)}/{quote(period)}")
    return provenance.make_trace(release, metric, area, period, request.GET)


@page
def show_releases(release: Release, request: HttpRequest) -> Page:
    """`/releases`."""
    return releases.make_releases(release)


@page
def show_release(release: Release, request: HttpRequest, release_id: str) -> Page:
    """`/releases/<id>`."""
    return releases.make_release(release, release_id)


@page
def show_methods(release: Release, request: HttpRequest) -> Page:
    """`/methods`."""
    return papers.make_methods(release)


@page
def show_about(release: Release, request: HttpRequest) -> Page:
    """`/about`."""
    return papers.make_about(release)


@page
def show_accessibility(release: Release, request: HttpRequest) -> Page:
    """`/accessibility`."""
    return papers.make_accessibility(release)


@page
def show_contact(release: Release, request: HttpRequest) -> Page:
    """`/contact`."""
    return papers.make_contact(release)


@page
def show_api(release: Release, request: HttpRequest) -> Page:
    """`/api`."""
    from moothall.site.api.documentation import make_api

    return make_api(release, request)


def show_health(request: HttpRequest) -> HttpResponse:
    """`/health`: whether there is a release to serve, and which."""
    try:
        record = take_release().record
    except NothingServed:
        return JsonResponse({"ok": False, "release": None, "digest": None}, status=503)
    return JsonResponse({"ok": True, "release": record.id, "digest": record.digest})


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
