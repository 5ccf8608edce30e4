"""Charts over HTTP: as SVG and as PNG, each at an address of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from moothall.charts.pictures import WIDTH, draw_picture
from moothall.charts.raster import draw_png
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.explorer.pictures import ChartFile, make_chart_file
from moothall.site.explorer.views import answer_with


def make_chart(release: Release, request: HttpRequest, kind: str, name: str) -> ChartFile:
    """`/charts/<kind>/<key>.svg` or `.png`."""
    key, _, ending = name.rpartition(".")
    if ending not in {"svg", "png"}:
        raise UnknownKey("chart", name)
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
    return response


show_chart = answer_with(make_chart, send_chart)
