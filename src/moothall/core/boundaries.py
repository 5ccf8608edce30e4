"""Boundaries: the outlines of areas, and where each stands among hexagons, as the edition carries them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

OUTLINES, HEXAGONS = "outlines.json", "hexagons.csv"
HEXAGON_COLUMNS = ("layout", "area_code", "q", "r")

Point = tuple[float, float]
Arc = tuple[Point, ...]
Ring = tuple[int, ...]
"""The arcs that a closed line is put together from, in order; `~i` is the arc `i` run backwards (as in TopoJSON)."""


class BoundariesError(ValueError):
    """A file of boundaries that cannot be read; the message begins with its name."""


@dataclass(frozen=True)
class Boundaries:
    """The outlines of areas, each border once, and layouts of hexagons.

    `arcs` are lines of (longitude, latitude) in degrees. `outlines` gives each area's rings, outer ones and holes
    alike, by the code its publisher uses. `hexagons` gives each layout's cells as (column, row) by code: odd rows
    stand half a cell to the right, and rows are counted upwards ("odd-r").
    """

    arcs: tuple[Arc, ...]
    outlines: dict[str, tuple[Ring, ...]]
    hexagons: dict[str, dict[str, tuple[int, int]]]

    @classmethod
    def read(cls, directory: Path) -> Boundaries:
        """Read `outlines.json` (TopoJSON) and `hexagons.csv`.

        Raises `BoundariesError` for a file that does not fit, `OSError` for one that is missing.
        """
        text = (directory / OUTLINES).read_text(encoding="utf-8")
        try:
            topology = json.loads(text)
            arcs = tuple(decode_arcs(topology))
            outlines = {
                geometry["properties"]["areacd"]: tuple(list_rings(geometry))
                for geometry in topology["objects"]["areas"]["geometries"]
            }
            if any(not -len(arcs) <= index < len(arcs) for rings in outlines.values() for r in rings for index in r):
                raise ValueError("an outline names an arc that is not there")
        except (KeyError, TypeError, ValueError) as error:
            raise BoundariesError(f"{OUTLINES}: {error!r}") from error
        hexagons: dict[str, dict[str, tuple[int, int]]] = {}
        with (directory / HEXAGONS).open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                try:
                    cells = hexagons.setdefault(row["layout"], {})
                    cells[row["area_code"]] = int(row["q"]), int(row["r"])
                except (KeyError, TypeError, ValueError) as error:
                    raise BoundariesError(f"{HEXAGONS}:{reader.line_num}: {error!r}") from error
        return cls(arcs, outlines, hexagons)


def decode_arcs(topology: dict[str, Any]) -> Iterable[Arc]:
    """The arcs of a quantised TopoJSON topology in its own coordinates: steps from point to point, added up, scaled."""
    (scale_x, scale_y), (first_x, first_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        xs = accumulate(step[0] for step in arc)
        ys = accumulate(step[1] for step in arc)
        yield tuple((first_x + scale_x * x, first_y + scale_y * y) for x, y in zip(xs, ys, strict=True))


def list_rings(geometry: dict[str, Any]) -> Iterable[Ring]:
    """Every ring of a TopoJSON polygon or multipolygon. Raises ValueError for another kind of geometry."""
    if geometry["type"] not in {"Polygon", "MultiPolygon"}:
        raise ValueError(f"{geometry['type']} is not an outline")
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return (tuple(ring) for polygon in polygons for ring in polygon)
