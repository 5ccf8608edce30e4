"""Embeds: one chart of a metric by itself, for a frame on somebody else's page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from django.http import HttpRequest, QueryDict

from moothall.charts.svg import Svg
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import embed_address
from moothall.site.explorer.asked import Redirected, read_choice
from moothall.site.explorer.maps import make_map
from moothall.site.explorer.metrics import make_metric
from moothall.site.explorer.pages import MetricPage, Page
from moothall.site.explorer.parts import AboutData, KeyEntry
from moothall.site.explorer.pictures import say_boundaries

EMBEDDED = ("strip", "trend", "map")


@dataclass(frozen=True, slots=True)
class EmbeddedChart:
    """One drawing, with what stands above it."""

    title: str
    sentence: str
    svg: Svg


@dataclass(frozen=True, slots=True)
class EmbedPage(Page):
    """A chart with its title, sentence, key and source, and nothing around it."""

    template: ClassVar[str] = "embed.html"
    style: str  # of the figure, by the kind of chart
    heading: str
    sentence: str
    charts: tuple[EmbeddedChart, ...]
    key: tuple[KeyEntry, ...]
    notes: tuple[str, ...]
    sources: tuple[AboutData, ...]
    canonical: str  # of the page that it is from

    def find_canonical(self, path: str) -> str:
        """The page that it is from."""
        return self.canonical


def make_embed(release: Release, request: HttpRequest, key: str) -> EmbedPage:
    """The chart that `chart` names, for the question that the rest of the address asks of its page.

    Raises `UnknownKey` where that page has no such chart, and what the page raises.
    """
    kind = read_choice(request.GET, "chart", EMBEDDED, "strip")
    asked = request.GET.copy()
    asked.pop("chart", None)
    present = release.metric(key).key
    try:
        if present != key:
            raise Redirected(f"/metrics/{present}?{asked.urlencode()}".rstrip("?"), permanent=True)
        made = _make_map(release, key, asked) if kind == "map" else _make_from_metric(release, key, asked, kind)
    except Redirected as elsewhere:
        raise Redirected(embed_address(present, kind, elsewhere.address), permanent=elsewhere.permanent) from None
    if not made.charts:
        raise UnknownKey("chart of the metric", key)
    return made


def _make_from_metric(release: Release, key: str, asked: QueryDict, kind: str) -> EmbedPage:
    page = make_metric(release, key, asked)
    if not isinstance(page, MetricPage):
        raise UnknownKey("chart of the metric", key)
    made = EmbedPage(
        release_id=page.release_id,
        style="",
        heading=f"{page.heading}, {page.period}",
        sentence=page.sentence,
        charts=(),
        key=page.key,
        notes=(),
        sources=page.sources,
        canonical=page.canonical,
    )
    if kind == "strip":
        several = len(page.strips) > 1
        charts = tuple(
            EmbeddedChart(row.title if several else "", row.sentence if several else "", row.chart)
            for row in page.strips
            if row.chart
        )
        return replace(made, charts=charts, notes=(f"{page.direction}. The median is the middle value.",))
    shown = page.over_time
    if shown is None or shown.chart is None:
        return made
    return replace(
        made,
        style="mh-figure--trend",
        heading=shown.title,
        sentence=shown.sentence,
        charts=(EmbeddedChart("", "", shown.chart),),
        key=shown.key,
        notes=shown.remarks,
    )


def _make_map(release: Release, key: str, asked: QueryDict) -> EmbedPage:
    page = make_map(release, key, asked)
    bounds = (say_boundaries(page.boundaries),) if page.boundaries else ()
    return EmbedPage(
        release_id=page.release_id,
        style="",
        heading=f"{page.heading}, {page.period}",
        sentence=" ".join(each for each in (page.sentence, page.chosen_sentence) if each),
        charts=(EmbeddedChart("", "", page.chart),) if page.chart else (),
        key=tuple(KeyEntry(each.swatch, each.label, "", "", each.count) for each in page.classes),
        notes=(*page.notes, *bounds),
        sources=page.sources,
        canonical=page.canonical,
    )
