"""Charts over HTTP: as SVG and as PNG, each at an address of its own."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse

from moothall.charts.apart import require_room
from moothall.charts.pictures import CARD, WIDTH, draw_picture
from moothall.charts.raster import draw_png
from moothall.charts.svg import Svg
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import card_address
from moothall.site.explorer.answering import answer_with, page
from moothall.site.explorer.asked import Redirected
from moothall.site.explorer.cards import make_card
from moothall.site.explorer.embeds import OF_A_METRIC, make_embed
from moothall.site.explorer.pictures import ChartFile, make_chart_file


def make_chart(release: Release, request: HttpRequest, kind: str, name: str) -> ChartFile:
    """`/charts/<kind>/<key>.svg` or `.png`."""
    key, _, ending = name.rpartition(".")
    if ending not in {"svg", "png"}:
        raise UnknownKey("chart", name)
    if ending == "png":
        require_room()
    return make_chart_file(release, request, kind, key)


def send_chart(request: HttpRequest, made: ChartFile) -> HttpResponse:
    """The file, named so that it can be told from others where it is saved."""
    svg = draw_picture(made.picture)
    if request.path.endswith(".svg"):
        response = HttpResponse(svg, content_type="image/svg+xml")
    else:
        response = HttpResponse(draw_png(svg, WIDTH), content_type="image/png")
    ending = request.path.rpartition(".")[2]
    response["Content-Disposition"] = f'inline; filename="{made.name}.{ending}"'
    if not made.is_kept:
        response["Cache-Control"] = "no-store"
    return response


show_chart = answer_with(make_chart, send_chart)


def make_card_file(release: Release, request: HttpRequest, name: str, kind: str = "") -> Svg:
    """`/cards/<kind>/<key>.png`: what stands for a page where it is shared."""
    key, _, ending = name.rpartition(".")
    if ending != "png":
        raise UnknownKey("card", name)
    require_room()
    try:
        return make_card(release, kind, key, request.GET)
    except Redirected as elsewhere:
        raise Redirected(card_address(kind, elsewhere.address), permanent=elsewhere.permanent) from None


def send_card(request: HttpRequest, made: Svg) -> HttpResponse:
    """The card as PNG."""
    return HttpResponse(draw_png(made, CARD[0], dots=1), content_type="image/png")


show_metric_embed = page(partial(make_embed, kinds=OF_A_METRIC))
"""`/embed/metrics/<key>?chart=`."""

show_against_embed = page(partial(make_embed, kinds=("scatter",)))
"""`/embed/metrics/<key>/against/<other>`."""

show_topic_embed = page(partial(make_embed, kinds=("topic",)))
"""`/embed/areas/<code>/topics/<topic>`."""

show_card = answer_with(make_card_file, send_card)
