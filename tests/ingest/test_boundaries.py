"""Published boundaries are cut down to England, and to nothing less."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moothall.core.boundaries import HEXAGONS, OUTLINES, Boundaries, BoundariesError
from moothall.core.problems import ProblemsFound
from moothall.ingest.boundaries import build_boundaries, write_boundaries
from tests.barsetshire.ground import STEPS, make_hexagons, make_topology

RAW = {
    "map": make_topology(
        {"E07000001": [(0, 0)], "E07000002": [(1, 0)], "W06000001": [(2, 0)]}, {"E10000001": [(0, 0), (1, 0)]}
    ),
    "hex-2023": make_hexagons({"E07000001": (3, 4), "E07000002": (4, 4)}),
}


def test_only_england_is_carried_and_every_border_once(tmp_path: Path) -> None:
    write_boundaries(build_boundaries(RAW), tmp_path)
    read = Boundaries.read(tmp_path)
    assert set(read.outlines) == {"E07000001", "E07000002", "E10000001"}
    assert read.hexagons == {"hex-2023": {"E07000001": (3, 4), "E07000002": (4, 4)}}
    assert len(read.arcs) == 7  # two squares side by side
    assert {len(arc) for arc in read.arcs} == {STEPS + 1}
    [one], [other] = read.outlines["E07000001"], read.outlines["E07000002"]
    assert len(set(one) & {~i for i in other}) == 1


def test_coordinates_are_the_publishers(tmp_path: Path) -> None:
    write_boundaries(build_boundaries(RAW), tmp_path)
    corners = {arc[0] for arc in Boundaries.read(tmp_path).arcs}
    assert min(corners) == (-4.0, 50.0)
    assert max(x for x, _ in corners) == pytest.approx(-4.0 + 2000 * 0.0003)


def test_the_same_files_give_the_same_bytes_and_are_not_written_again(tmp_path: Path) -> None:
    assert write_boundaries(build_boundaries(RAW), tmp_path) == [OUTLINES, HEXAGONS]
    assert write_boundaries(build_boundaries(dict(reversed(RAW.items()))), tmp_path) == []


@pytest.mark.parametrize(
    ("key", "content"),
    [
        ("map", b"<html>"),
        ("map", b"{}"),
        ("hex-2023", b'{"layout": "even-q", "hexes": {}}'),
        ("hex-2023", b'{"layout": "odd-r", "hexes": {"E07000001": {"q": "?", "r": 1}}}'),
    ],
)
def test_a_file_that_is_something_else_is_a_problem_with_its_name(key: str, content: bytes) -> None:
    with pytest.raises(ProblemsFound) as found:
        build_boundaries(RAW | {key: content})
    [problem] = found.value.problems
    assert (problem.code, problem.where.file if problem.where else "") == ("FILE_UNREADABLE", key)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (OUTLINES, "{", "outlines.json"),
        (OUTLINES, json.dumps({"arcs": []}), "outlines.json"),
        (HEXAGONS, "layout,area_code,q,r\nhex-2023,E07000001,left,1\n", "hexagons.csv:2"),
    ],
)
def test_a_carried_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: str, said: str) -> None:
    write_boundaries(build_boundaries(RAW), tmp_path)
    (tmp_path / name).write_text(content)
    with pytest.raises(BoundariesError, match=said):
        Boundaries.read(tmp_path)


def test_an_outline_of_an_arc_that_is_not_there_is_refused(tmp_path: Path) -> None:
    write_boundaries(build_boundaries(RAW), tmp_path)
    topology = json.loads((tmp_path / OUTLINES).read_text())
    del topology["arcs"][-1]
    (tmp_path / OUTLINES).write_text(json.dumps(topology))
    with pytest.raises(BoundariesError, match="an arc that is not there"):
        Boundaries.read(tmp_path)
