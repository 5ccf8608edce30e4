"""Raster: an SVG picture as a PNG, the same bytes for the same picture on every machine."""

from __future__ import annotations

from pathlib import Path

from moothall.charts.apart import make_apart

_HERE = Path(__file__).parent
_POINT = 72  # dots to the inch at which a point is a pixel


def draw_png(svg: str, width: int, *, dots: int = 2) -> bytes:
    """The picture `width` pixels wide, with `dots` times as many across and down for sharp screens and print.

    The typefaces are those carried here and no others. Raises what `make_apart` does.
    """
    inputs = {"svg": svg, "width": str(width)}
    return make_apart(_HERE / "picture.typ", inputs, "png", fonts=_HERE / "fonts", dots=_POINT * dots)
