"""Shapes: outlines simplified, projected and written as SVG path data, once, so that a page only has to draw them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import atan2, atanh, cos, radians, sin, tan
from typing import TypeVar

import polars as pl

from moothall.core.areas import Register
from moothall.core.boundaries import Boundaries, Point, Ring
from moothall.core.frames import OUTLINE_LAYOUT, SHAPES

UNITS = 10
"""Units of a path to a kilometre of outline: a hundred metres."""

LEAST, SHARE = 2.0, 0.004
"""The least triangle a corner makes with its neighbours: so many km², or less, this share of a council's ground.

Of two councils on either side of a border the smaller decides, so that London's boroughs keep their shape.
"""

_SPECK, _PART = 3.0, 0.05  # an islet smaller than both, in km² and as a share of its council's ground, is left out
_RADIUS = 6371.0  # km
_MERIDIAN, _NORTH, _WEST = radians(-2), radians(56), -400.0  # the origin lies north-west of England
_CORNERS = ((0, -30), (26, -15), (26, 15), (0, 30), (-26, 15), (-26, -15))  # of a hexagon, within 0.1% of regular

Grid = tuple[int, int]
Held = TypeVar("Held")
Place = TypeVar("Place", Point, Grid)


def draw_shapes(boundaries: Boundaries, register: Register) -> pl.DataFrame:
    """Every area's shape in every layout that has one, as `frames.SHAPES`.

    A code that an area no longer uses stands for the area, where the area has no shape under its own. A county's
    hexagons are those of its districts.
    """
    arcs, outlines = simplify(boundaries)
    rows = [
        (OUTLINE_LAYOUT, code, [ring for each in rings if measure(ring := join_ring(arcs, each))])
        for code, rings in _resolve(outlines, register).items()
    ]
    for layout, cells in boundaries.hexagons.items():
        own = _resolve(cells, register)
        placed = {code: {cell} for code, cell in own.items()}
        for member in register.memberships:
            if member.kind == "county" and member.area_code in own:
                placed.setdefault(member.parent_code, set()).add(own[member.area_code])
        rows += [(layout, code, outline_cells(each)) for code, each in placed.items()]
    table = [(layout, code, write_path(rings), *find_box(rings)) for layout, code, rings in rows if rings]
    return pl.DataFrame(table, schema=dict(SHAPES), orient="row").sort("layout", "area_code")


def _resolve(held: Mapping[str, Held], register: Register) -> dict[str, Held]:
    own = {code: each for code, each in held.items() if code in register.areas}
    old = {area: each for code, each in held.items() if (area := register.resolve(code)) is not None}
    return old | own


def project(point: Point) -> Point:
    """Kilometres east and south of an origin north-west of England, from longitude and latitude in degrees.

    The transverse Mercator projection about 2° W, as the National Grid's, on a sphere: lengths on the ellipsoid differ
    by less than 0.5%, which no map of this size shows.
    """
    east, north = radians(point[0]) - _MERIDIAN, radians(point[1])
    x = _RADIUS * atanh(cos(north) * sin(east))
    y = _RADIUS * atan2(tan(north), cos(east))
    return x - _WEST, _RADIUS * _NORTH - y


def simplify(boundaries: Boundaries) -> tuple[list[list[Grid]], dict[str, tuple[Ring, ...]]]:
    """The arcs simplified, projected and on the grid, and the outlines without islets too small to see.

    Each arc is simplified once, so what two areas share stays shared.
    """
    arcs = [[project(point) for point in arc] for arc in boundaries.arcs]
    least = [LEAST] * len(arcs)
    for rings in boundaries.outlines.values():
        ground = abs(sum(measure(join_ring(arcs, ring)) for ring in rings))
        for i in {_plain(i) for ring in rings for i in ring}:
            least[i] = min(least[i], SHARE * ground)
    specks = _find_specks(arcs, boundaries.outlines)
    drawn = [
        [(round(x * UNITS), round(y * UNITS)) for x, y in thin(arc, size)]
        for arc, size in zip(arcs, least, strict=True)
    ]
    outlines = {
        code: tuple(ring for ring in rings if len(ring) > 1 or _plain(ring[0]) not in specks)
        for code, rings in boundaries.outlines.items()
    }
    return drawn, outlines


def _plain(i: int) -> int:
    """An arc's place, whichever way it is run."""
    return i if i >= 0 else ~i


def _find_specks(arcs: Sequence[Sequence[Point]], outlines: Mapping[str, tuple[Ring, ...]]) -> set[int]:
    """The arcs that are a small ring by themselves, for all the areas on either side of them."""
    specks: set[int] = set()
    needed: set[int] = set()
    for rings in outlines.values():
        sizes = [abs(measure(join_ring(arcs, ring))) for ring in rings]
        for ring, size in zip(rings, sizes, strict=True):
            if len(ring) == 1:
                is_small = size < min(_SPECK, _PART * max(sizes))
                (specks if is_small else needed).add(_plain(ring[0]))
    return specks - needed


def thin(arc: Sequence[Point], least: float) -> list[Point]:
    """The line without the corners that matter least: Visvalingam and Whyatt's (1993) algorithm.

    The corner whose triangle with its neighbours is smallest goes first, until every triangle left has `least` or more.
    The ends stay, and so does one corner, of a closed line two: no area between two lines collapses.
    """
    points = list(arc)
    before = [i - 1 for i in range(len(points))]
    after = [i + 1 for i in range(len(points))]
    sizes = [0.0, *(_triangle(points[i - 1], points[i], points[i + 1]) for i in range(1, len(points) - 1)), 0.0]
    queue = [(sizes[i], i) for i in range(1, len(points) - 1)]
    heapify(queue)
    removed: set[int] = set()
    spare = len(points) - (4 if points[0] == points[-1] else 3)
    while queue and queue[0][0] < least and len(removed) < spare:
        size, i = heappop(queue)
        if i in removed or size != sizes[i]:
            continue
        removed.add(i)
        left, right = before[i], after[i]
        after[left], before[right] = right, left
        for near in (left, right):
            if 0 < near < len(points) - 1:
                # Never less than what has gone: a corner that was passed over is not taken for a later, larger one.
                sizes[near] = max(size, _triangle(points[before[near]], points[near], points[after[near]]))
                heappush(queue, (sizes[near], near))
    return [point for i, point in enumerate(points) if i not in removed]


def _triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def join_ring(arcs: Sequence[Sequence[Place]], ring: Ring) -> list[Place]:
    """The points of a ring, in order and without the first again at the end; none next to its like."""
    points: list[Place] = []
    for i in ring:
        points.extend(arcs[i] if i >= 0 else reversed(arcs[~i]))
    return [point for point, last in zip(points, [points[-1], *points], strict=False) if point != last]


def measure(ring: Sequence[Place]) -> float:
    """The area a ring encloses, in the square of its unit; positive where it runs clockwise on a screen."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise([*ring, *ring[:1]])) / 2


def outline_cells(cells: Iterable[tuple[int, int]]) -> list[list[Grid]]:
    """The rings around hexagons that stand together, without the edges they share; `cells` as in `Boundaries`."""
    edges: set[tuple[Grid, Grid]] = set()
    for column, row in cells:
        x, y = 52 * column + 26 * (row % 2), -45 * row
        corners = [(x + dx, y + dy) for dx, dy in _CORNERS]
        edges.update(pairwise([*corners, corners[0]]))
    follows = {start: end for start, end in edges if (end, start) not in edges}
    rings = []
    while follows:
        ring = [min(follows)]
        while (end := follows.pop(ring[-1])) != ring[0]:
            ring.append(end)
        rings.append(ring)
    return rings


def write_path(rings: Sequence[Sequence[Grid]]) -> str:
    """The rings as SVG path data: each step from the one before, in as few characters as it takes."""
    parts = []
    at = (0, 0)
    for ring in rings:
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise([at, *ring])]
        numbers = "".join(_write_number(number, place == 0) for place, number in enumerate(sum(steps[1:], ())))
        parts.append(f"m{steps[0][0]}{_write_number(steps[0][1], False)}l{numbers}z")
        at = ring[0]
    return "".join(parts)


def _write_number(number: int, is_first: bool) -> str:
    return str(number) if is_first or number < 0 else f" {number}"


def find_box(rings: Sequence[Sequence[Grid]]) -> tuple[int, int, int, int]:
    """The box around rings: least x and y, greatest x and y."""
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)
