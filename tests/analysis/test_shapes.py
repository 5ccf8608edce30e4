"""Outlines are simplified border by border: what was shared stays shared, and no area is lost."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from math import hypot
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.analysis.shapes import (
    UNITS,
    draw_shapes,
    find_box,
    join_ring,
    measure,
    outline_cells,
    project,
    simplify,
    thin,
    write_path,
)
from moothall.core.areas import LOWER_TIER_CLASSES, UPPER_TIER_CLASSES, Register
from moothall.core.boundaries import Boundaries
from tests.release.barset import BARCHESTER, COUNTY, FRAMLEY, OLD_BARCHESTER_CODE, SHAPES, SILVERBRIDGE

EDITION = Path(__file__).parents[2] / "edition"
REGISTER = Register.read(EDITION / "areas")
BOUNDARIES = Boundaries.read(EDITION / "boundaries")
DRAWN = {(layout, code): path for layout, code, path, *_ in draw_shapes(BOUNDARIES, REGISTER).iter_rows()}

points = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=40)


def read_path(path: str) -> list[list[tuple[int, int]]]:
    """The rings of our own path data, read by its grammar."""
    at = (0, 0)
    rings = []
    for start, steps in re.findall(r"m([^lz]*)l([^z]*)z", path):
        dx, dy = map(int, re.findall(r"-?\d+", start))
        at = (at[0] + dx, at[1] + dy)
        ring = [at]
        numbers = list(map(int, re.findall(r"-?\d+", steps)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            ring.append((ring[-1][0] + dx, ring[-1][1] + dy))
        rings.append(ring)
    return rings


def list_sides(ring: list[tuple[int, int]]) -> list[frozenset[tuple[int, int]]]:
    return [frozenset(side) for side in pairwise([*ring, ring[0]])]


@given(points, st.floats(0, 400))
def test_a_thinned_line_keeps_its_ends_and_only_its_own_points(line: list[tuple[int, int]], least: float) -> None:
    arc = [(float(x), float(y)) for x, y in line]
    kept = thin(arc, least)
    assert (kept[0], kept[-1]) == (arc[0], arc[-1])
    remaining = iter(arc)
    assert all(point in remaining for point in kept), "in another order, or not of the line"
    assert len(kept) >= min(len(arc), 4 if arc[0] == arc[-1] else 3)


@given(points)
def test_nothing_is_left_out_where_every_corner_counts(line: list[tuple[int, int]]) -> None:
    arc = [(float(x), float(y)) for x, y in line]
    assert thin(arc, 0.0) == arc


def test_what_matters_least_goes_first() -> None:
    line = [(0.0, 0.0), (5.0, 0.1), (10.0, 0.0), (15.0, 6.0), (20.0, 0.0)]
    assert thin(line, 1.0) == [(0.0, 0.0), (10.0, 0.0), (15.0, 6.0), (20.0, 0.0)]
    assert thin(line, 1000.0) == [(0.0, 0.0), (15.0, 6.0), (20.0, 0.0)], "one corner stays"


@pytest.mark.parametrize(
    ("a", "b", "kilometres"),
    [
        ((-0.1281, 51.5080), (-2.2446, 53.4794), 261.9),  # Charing Cross to Manchester's town hall
        ((-5.7157, 50.0657), (-2.0055, 55.8112), 685.2),  # Land's End to Marshall Meadows
        ((1.7629, 52.4812), (-0.1281, 51.5080), 169.2),  # Ness Point to Charing Cross
    ],
)
def test_lengths_are_those_on_the_ground(a: tuple[float, float], b: tuple[float, float], kilometres: float) -> None:
    """Against the great circle, worked out by the haversine formula; a map of England is not squashed."""
    (ax, ay), (bx, by) = project(a), project(b)
    assert hypot(ax - bx, ay - by) == pytest.approx(kilometres, rel=0.005)


def test_paths_can_be_read_back_and_are_short() -> None:
    rings = [[(10, 20), (13, 18), (13, 25)], [(0, 0), (5, 0), (0, 5)]]
    assert write_path(rings) == "m10 20l3-2 0 7zm-10-20l5 0-5 5z"
    assert read_path(write_path(rings)) == rings
    assert find_box(rings) == (0, 0, 13, 25)


def test_hexagons_that_stand_together_have_one_outline() -> None:
    [one] = outline_cells([(0, 0)])
    assert len(one) == 6
    [two] = outline_cells([(0, 0), (1, 0)])
    assert len(two) == 10
    assert abs(measure(two)) == 2 * abs(measure(one))
    assert len(outline_cells([(0, 0), (5, 5)])) == 2
    around = [(1, 0), (0, 1), (1, 1), (0, -1), (1, -1), (-1, 0)]
    assert sorted(len(ring) for ring in outline_cells(around)) == [6, 18], "a hole is a ring, too"


def test_rows_go_upwards_and_odd_ones_to_the_right() -> None:
    lower, upper = find_box(outline_cells([(0, 0)])), find_box(outline_cells([(0, 1)]))
    assert upper[1] < lower[1]
    assert upper[0] - lower[0] == (lower[2] - lower[0]) / 2


def test_an_old_code_stands_for_its_area_and_a_county_has_its_districts_hexagons() -> None:
    drawn = {(layout, code): path for layout, code, path, *_ in SHAPES.iter_rows()}
    assert ("map", BARCHESTER) in drawn
    assert ("map", OLD_BARCHESTER_CODE) not in drawn
    county = sum(abs(measure(ring)) for ring in read_path(drawn["hex-2023", COUNTY]))
    one = sum(abs(measure(ring)) for ring in read_path(drawn["hex-2023", FRAMLEY]))
    assert county == 3 * one
    county_sides = {side for ring in read_path(drawn["map", COUNTY]) for side in list_sides(ring)}
    for code in (BARCHESTER, SILVERBRIDGE, FRAMLEY):
        assert county_sides & {side for ring in read_path(drawn["map", code]) for side in list_sides(ring)}


@pytest.mark.parametrize("classes", [LOWER_TIER_CLASSES, UPPER_TIER_CLASSES], ids=["lower", "upper"])
@pytest.mark.parametrize("day", [date(2015, 3, 31), date(2019, 3, 31), date(2023, 3, 31), date(2026, 3, 31)])
def test_every_council_there_was_has_a_shape(classes: frozenset[object], day: date) -> None:
    alive = {area.code for area in REGISTER.alive(day) if area.area_class in classes}
    assert {code for code in alive if ("map", code) not in DRAWN} == set()


@pytest.mark.parametrize("classes", [LOWER_TIER_CLASSES, UPPER_TIER_CLASSES], ids=["lower", "upper"])
def test_councils_beside_one_another_share_their_border_to_the_point(classes: frozenset[object]) -> None:
    """Every side of every outline is the coast's or the frontier's, or two councils'; it is never three councils'."""
    alive = [area.code for area in REGISTER.alive(date(2026, 3, 31)) if area.area_class in classes]
    sides = Counter(
        side for code in alive for side in {each for ring in read_path(DRAWN["map", code]) for each in list_sides(ring)}
    )
    assert set(sides.values()) == {1, 2}
    # Simplified council by council, hardly a side would be shared.
    assert Counter(sides.values())[2] > 0.5 * len(sides)


def test_rings_are_closed_and_no_area_vanishes() -> None:
    arcs, outlines = simplify(BOUNDARIES)
    exact = [[project(point) for point in arc] for arc in BOUNDARIES.arcs]
    for code, rings in outlines.items():
        for ring in rings:
            ends = [(arcs[i][0], arcs[i][-1]) if i >= 0 else (arcs[~i][-1], arcs[~i][0]) for i in ring]
            assert all(a[1] == b[0] for a, b in zip(ends, [*ends[1:], ends[0]], strict=True)), code
        drawn = abs(sum(measure(join_ring(arcs, ring)) for ring in rings)) / UNITS**2
        published = abs(sum(measure(join_ring(exact, ring)) for ring in BOUNDARIES.outlines[code]))
        assert drawn == pytest.approx(published, rel=0.03 if published > 20 else 0.15), code


def test_england_is_as_large_as_england_is() -> None:
    alive = [area.code for area in REGISTER.alive(date(2026, 3, 31), LOWER_TIER_CLASSES)]
    area = sum(abs(sum(measure(ring) for ring in read_path(DRAWN["map", code]))) for code in alive) / UNITS**2
    assert area == pytest.approx(130_300, rel=0.02)  # square kilometres to the low-water mark, ONS
