"""What a fixed copy has: every public page with an address of its own, in batches that rest on the same parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from moothall.release.queries import Release
from moothall.release.records import AreaRecord
from moothall.site.addresses import area_address, national_address, place_address, report_address
from moothall.site.frozen.links import THIS_COPY

Each = TypeVar("Each")
NOT_FOUND = "/404.html"
_AREAS, _AREA_TOPICS = 20, 65
"""Authorities in a batch of their own pages, and of their pages on a topic: a second or two of work each."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages that are made, or kept from an earlier copy, together."""

    name: str
    addresses: tuple[str, ...]
    metrics: frozenset[str] | None = None
    """The metrics that the pages show; None for all."""
    traces_of: str = ""
    """The metric whose figures' lineage is written with them."""
    has_exemplars: bool = False
    may_lack: bool = False
    """Whether a page may be missing there: not every metric has a map or a national picture."""
    is_always_made: bool = False
    """Whether the pages tell what was served, or of the release as a whole."""


def list_batches(release: Release) -> list[Batch]:
    """Every batch, the longest work first; one topic's pages follow one another, as they share what they read."""
    return [
        Batch(
            "releases", ("/", "/releases", "/releases/current", f"/releases/{release.record.id}"), is_always_made=True
        ),
        Batch("lists", tuple(_list_single(release)), is_always_made=True),
        *_list_area_topics(release),
        *_list_areas(release),
        *_list_metrics(release),
        *_list_topics(release),
    ]


def cut(items: Sequence[Each], many: int) -> Iterator[Sequence[Each]]:
    """The items in order, so many at a time."""
    return (items[start : start + many] for start in range(0, len(items), many))


def list_moved(release: Release) -> dict[str, str]:
    """Addresses that lead on to a page's one address: codes without names, and keys that metrics once had."""
    moved: dict[str, str] = {}
    for area in release.areas(include_closed=True):
        moved[f"/areas/{area.code}"] = area_address(area)
        moved[f"/places/{area.code}"] = place_address(area) if _has_place(release, area) else area_address(area)
    for metric in release.metrics():
        for old in metric.aliases:
            for kind in ("metrics", "maps"):
                moved[f"/{kind}/{old}"] = f"/{kind}/{metric.key}"
    return moved


def _list_single(release: Release) -> Iterator[str]:
    yield from ("/areas", "/topics", "/outcomes", "/national", "/metrics", "/gaps", "/excellence")
    yield from ("/methods", "/methods/neighbours", "/about", "/accessibility", "/contact", "/api")
    yield from ("/api/v1/openapi.json", "/find/entries.json", NOT_FOUND, THIS_COPY)
    yield from (f"/outcomes/{each.number}" for each in release.outcomes())


def _list_area_topics(release: Release) -> Iterator[Batch]:
    areas = release.areas(include_closed=True)
    for topic in release.topics():
        metrics = _show_topic(release, topic.key)
        for place, some in enumerate(cut(areas, _AREA_TOPICS)):
            addresses = tuple(f"/areas/{area.code}/topics/{topic.key}" for area in some)
            yield Batch(f"topics/{topic.key}/{place}", addresses, metrics)


def _list_areas(release: Release) -> Iterator[Batch]:
    for place, some in enumerate(cut(release.areas(include_closed=True), _AREAS)):
        yield Batch(
            f"areas/{place}", tuple(each for area in some for each in _list_area(release, area)), None, "", True
        )


def _list_area(release: Release, area: AreaRecord) -> Iterator[str]:
    yield area_address(area)
    if _has_place(release, area):
        yield place_address(area)
    if area.closed is None or area.closed > release.built:
        yield report_address(area.code)
    if release.neighbour_models():
        yield f"/areas/{area.code}/neighbours"


def _list_metrics(release: Release) -> Iterator[Batch]:
    for metric in release.metrics():
        addresses = (f"/metrics/{metric.key}", f"/maps/{metric.key}", national_address(metric.topic, metric.key))
        yield Batch(f"metrics/{metric.key}", addresses, frozenset([metric.key]), metric.key, may_lack=True)


def _list_topics(release: Release) -> Iterator[Batch]:
    for topic in release.topics():
        addresses = (f"/topics/{topic.key}", national_address(topic.key))
        yield Batch(f"topics/{topic.key}", addresses, _show_topic(release, topic.key))


def _show_topic(release: Release, topic: str) -> frozenset[str]:
    """The metrics that a topic's pages show: its own, and those of its chain that are another's."""
    chain = (key for keys in release.topic(topic).chain.values() for key in keys)
    return frozenset([*chain, *(metric.key for metric in release.metrics(topic=topic))])


def _has_place(release: Release, area: AreaRecord) -> bool:
    return area.is_principal or (area.closed is not None and area.closed <= release.built)
