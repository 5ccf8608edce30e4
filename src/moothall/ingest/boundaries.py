"""Cuts published boundaries down to what the edition carries: England's outlines, and its councils among hexagons."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from moothall.core.boundaries import HEXAGON_COLUMNS, HEXAGONS, OUTLINES
from moothall.core.frames import OUTLINE_LAYOUT
from moothall.core.problems import Place, Problem, ProblemsFound
from moothall.ingest.vault import write_atomically

_LAYERS = ("ltla", "utla")  # districts and single-tier councils; counties and single-tier councils


def build_boundaries(raw: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that the edition carries, by name, from the published files by key.

    The same published bytes give the same bytes. Raises `ProblemsFound` (FILE_UNREADABLE) naming the file that is not
    what it should be.
    """
    hexagons: list[tuple[str, str, int, int]] = []
    for key, content in raw.items():
        try:
            published = json.loads(content)
            if key == OUTLINE_LAYOUT:
                outlines = cut_topology(published)
            else:
                hexagons += ((key, *cell) for cell in list_cells(published))
        except (KeyError, TypeError, ValueError) as error:
            message = f"It is not a file of boundaries: {error!r}."
            raise ProblemsFound([Problem("FILE_UNREADABLE", message, Place(key))]) from error
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow(HEXAGON_COLUMNS)
    writer.writerows(sorted(hexagons))
    return {OUTLINES: outlines.encode(), HEXAGONS: rows.getvalue().encode()}


def write_boundaries(files: Mapping[str, bytes], directory: Path) -> list[str]:
    """Write the files whose content has changed; returns their names."""
    changed = []
    for name, content in files.items():
        path = directory / name
        if not path.is_file() or path.read_bytes() != content:
            write_atomically(path, content)
            changed.append(name)
    return changed


def cut_topology(published: Mapping[str, Any]) -> str:
    """England's districts and counties as TopoJSON, an arc a line; nothing in them is moved or left out."""
    geometries: dict[str, Mapping[str, Any]] = {}
    for layer in _LAYERS:
        for geometry in published["objects"][layer]["geometries"]:
            code = geometry["properties"]["areacd"]
            if code.startswith("E"):
                geometries.setdefault(code, geometry)
    used = sorted({index for each in geometries.values() for index in _walk(each["arcs"])})
    place = {index: new for new, index in enumerate(used)}
    areas = [
        {"type": each["type"], "properties": {"areacd": code}, "arcs": _renumber(each["arcs"], place)}
        for code, each in sorted(geometries.items())
    ]
    lines = ",\n".join(_compact(published["arcs"][index]) for index in used)
    written = ",\n".join(_compact(area) for area in areas)
    return (
        f'{{"type":"Topology","transform":{_compact(published["transform"])},\n'
        f'"objects":{{"areas":{{"type":"GeometryCollection","geometries":[\n{written}\n]}}}},\n"arcs":[\n{lines}\n]}}\n'
    )


def list_cells(published: Mapping[str, Any]) -> Iterator[tuple[str, int, int]]:
    """The English councils of a HexJSON file: code, column, row. Raises ValueError for another layout than "odd-r"."""
    if published["layout"] != "odd-r":
        raise ValueError(f"its layout is {published['layout']!r}, not 'odd-r'")
    for code, cell in published["hexes"].items():
        if code.startswith("E"):
            yield code, int(cell["q"]), int(cell["r"])


def _walk(arcs: list[Any]) -> Iterator[int]:
    for each in arcs:
        if isinstance(each, list):
            yield from _walk(each)
        else:
            yield each if each >= 0 else ~each


def _renumber(arcs: list[Any], place: Mapping[int, int]) -> list[Any]:
    return [
        _renumber(each, place) if isinstance(each, list) else place[each] if each >= 0 else ~place[~each]
        for each in arcs
    ]


def _compact(data: object) -> str:
    return json.dumps(data, separators=(",", ":"))
