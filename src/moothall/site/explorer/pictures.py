"""Pictures: the charts of a page as a file, made from the very page that shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from moothall.charts.pictures import Picture
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import picture_address
from moothall.site.explorer import area_pictures, metric_pictures
from moothall.site.explorer.asked import Redirected
from moothall.site.explorer.picture_parts import ChartAlone
from moothall.site.origin import find_origin

PICTURES: dict[str, Callable[[Release, str, QueryDict], ChartAlone]] = {
    "strip": metric_pictures.take_strips,
    "trend": metric_pictures.take_trend,
    "funnel": metric_pictures.take_funnel,
    "bars": metric_pictures.take_bars,
    "breakdowns": metric_pictures.take_breakdowns,
    "map": metric_pictures.take_map,
    "hexagons": metric_pictures.take_hexagons,
    "scatter": metric_pictures.take_scatter,
    "national": metric_pictures.take_national,
    "boxes": metric_pictures.take_boxes,
    "topic": area_pictures.take_topic,
    "glance": area_pictures.take_glance,
    "report": area_pictures.take_report,
    "councils": area_pictures.take_councils,
    "courses": area_pictures.take_courses,
    "moves": area_pictures.take_moves,
}
"""Every kind of chart that there is by itself, by the name it has in addresses."""


@dataclass(frozen=True, slots=True)
class ChartFile:
    """A picture and what its file is called, without an ending."""

    picture: Picture
    name: str
    is_kept: bool


def make_chart_file(release: Release, request: HttpRequest, kind: str, key: str) -> ChartFile:
    """The chart of a kind, for what the address asks as it would ask the page.

    Raises `UnknownKey` for a kind, a metric or a chart that there is not, and what the page raises.
    """
    if kind not in PICTURES:
        raise UnknownKey("kind of chart", kind)
    try:
        taken = PICTURES[kind](release, key, request.GET)
    except Redirected as elsewhere:
        ending = request.path.rpartition(".")[2]
        address = picture_address(kind, ending, elsewhere.address)
        raise Redirected(address, permanent=elsewhere.permanent) from None
    return ChartFile(taken.picture(find_origin(request)), f"moothall-{key}-{kind}", taken.is_kept)
