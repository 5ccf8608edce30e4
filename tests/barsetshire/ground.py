"""The ground of a county of fiction: councils on a board of squares, with borders as crooked as real ones."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import sin
from pathlib import Path
from typing import Any

from moothall.core.boundaries import Boundaries
from moothall.ingest.boundaries import build_boundaries, write_boundaries

Square = tuple[int, int]
Squares = Mapping[str, Iterable[Square]]
STEPS = 24  # from one corner of a square to the next


def make_topology(lower: Squares, upper: Squares) -> bytes:
    """A TopoJSON file with the layers of the published one; every side of a square is an arc of its own."""
    arcs: list[list[list[int]]] = []
    known: dict[tuple[Square, Square], int] = {}

    def find_arc(start: Square, end: Square) -> int:
        if (end, start) in known:
            return ~known[end, start]
        if (start, end) not in known:
            known[start, end] = len(arcs)
            arcs.append(_draw_side(start, end))
        return known[start, end]

    def outline(code: str, squares: Iterable[Square]) -> dict[str, Any]:
        sides = {side for square in squares for side in _list_sides(square)}
        follows = {start: end for start, end in sides if (end, start) not in sides}
        rings = []
        while follows:
            corners = [min(follows)]
            while (end := follows.pop(corners[-1])) != corners[0]:
                corners.append(end)
            rings.append([[find_arc(a, b) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)]])
        return {"type": "MultiPolygon", "properties": {"areacd": code, "areanm": code}, "arcs": rings}

    layers = {
        name: {"type": "GeometryCollection", "geometries": [outline(*each) for each in layer.items()]}
        for name, layer in (("ltla", lower), ("utla", upper))
    }
    transform = {"scale": [0.0003, 0.0002], "translate": [-4.0, 50.0]}
    return json.dumps({"type": "Topology", "transform": transform, "objects": layers, "arcs": arcs}).encode()


def make_hexagons(cells: Mapping[str, Square]) -> bytes:
    """A HexJSON file like the published ones, with a Welsh cell among the English."""
    hexes = {code: {"n": code, "q": q, "r": r} for code, (q, r) in cells.items()}
    return json.dumps({"layout": "odd-r", "hexes": hexes | {"W06000001": {"n": "Wales", "q": 90, "r": 90}}}).encode()


def make_boundaries(raw: Mapping[str, bytes]) -> Boundaries:
    """Published files as the edition carries them."""
    with tempfile.TemporaryDirectory() as directory:
        write_boundaries(build_boundaries(raw), Path(directory))
        return Boundaries.read(Path(directory))


def _list_sides(square: Square) -> list[tuple[Square, Square]]:
    x, y = square
    corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)]
    return list(zip(corners, [*corners[1:], corners[0]], strict=True))


def _draw_side(start: Square, end: Square) -> list[list[int]]:
    """The first point and the steps from one to the next, in thousandths of a square, crooked between the corners."""
    points = []
    for step in range(STEPS + 1):
        share = step / STEPS
        bend = 60 * sin(9 * share + sum(start)) * sin(3.14159265 * share)
        x = 1000 * (start[0] + (end[0] - start[0]) * share) + bend * abs(end[1] - start[1])
        y = 1000 * (start[1] + (end[1] - start[1]) * share) + bend * abs(end[0] - start[0])
        points.append([round(x), round(y)])
    return [points[0], *([b[0] - a[0], b[1] - a[1]] for a, b in pairwise(points))]
