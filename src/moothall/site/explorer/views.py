"""Views: each takes the release and an address, and gives a page."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.debug import sensitive_post_parameters

from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import (
    against_address,
    area_address,
    area_topic_address,
    neighbours_address,
    place_address,
    with_query,
)
from moothall.site.explorer import (
    against,
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
    pairs,
    papers,
    places,
    profiles,
    provenance,
    releases,
    topics,
)
from moothall.site.explorer.answering import page
from moothall.site.explorer.asked import Redirected, read_one, require_present_key
from moothall.site.explorer.pages import Page
from moothall.site.served import NothingServed, take_release

NOT_YET = {"topics"}
"""Addresses below an authority's that are promised to pages to come: never taken for its name."""


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
    require_present_key(release, key, request.GET, "/metrics/{}")
    return metrics.make_metric(release, key, request.GET)


@page
def choose_against(release: Release, request: HttpRequest, key: str) -> Page:
    """`/metrics/<key>/against?other=`: leads to the page of the two, or of the first that describes places."""
    require_present_key(release, key, request.GET, "/metrics/{}/against")
    asked = request.GET.copy()
    said = read_one(asked, "other")
    other = release.metric(said) if said else pairs.find_first_other(release, release.metric(key))
    if other is None:
        raise UnknownKey("metric to set against", key)
    kept = [(name, each) for name in asked if name != "other" for each in asked.getlist(name)]
    raise Redirected(with_query(against_address(key, other.key), kept))


@page
def show_against(release: Release, request: HttpRequest, key: str, other: str) -> Page:
    """`/metrics/<key>/against/<other>`."""
    require_present_key(release, key, request.GET, f"/metrics/{{}}/against/{quote(other)}")
    require_present_key(release, other, request.GET, f"/metrics/{quote(key)}/against/{{}}")
    return against.make_against(release, key, other, request.GET)


@page
def show_map(release: Release, request: HttpRequest, key: str) -> Page:
    """`/maps/<key>`."""
    require_present_key(release, key, request.GET, "/maps/{}")
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
    require_present_key(release, metric, request.GET, f"/figures/{{}}/{quote(area)}/{quote(period)}")
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
