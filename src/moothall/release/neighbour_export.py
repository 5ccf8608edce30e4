"""Downloads of neighbours: a council's list as JSON and as CSV, with what is known of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from moothall.release.export import write_csv
from moothall.release.neighbour_records import NeighbourListRecord
from moothall.release.records import AreaRecord

NEIGHBOUR_FIELDS = (
    *("area", "area_name", "model", "version", "place", "neighbour", "neighbour_name", "neighbour_class", "distance"),
    *("rebased", "percentile", "closeness", "inclusion", "release"),
)
"""The columns of a downloaded list, in order."""
Named = Callable[[str], AreaRecord]
"""What gives the area of a code."""


def list_as_json(found: NeighbourListRecord, named: Named, release_id: str) -> dict[str, Any]:
    """The list as JSON takes it: neighbours the nearest first, what is missing as null."""
    return {
        "area": found.area,
        "area_name": named(found.area).name,
        "model": found.model,
        "version": found.version,
        "pool": found.pool,
        "pool_label": found.pool_label,
        "pool_size": found.pool_size,
        "stability": found.stability,
        "retention": found.retention,
        "is_isolated": found.is_isolated,
        "is_all_of_kind": found.is_all_of_kind,
        "why_none": {"reason": str(found.why_none), "sentence": found.why_none.sentence} if found.why_none else None,
        "published": asdict(found.published) if found.published else None,
        "neighbours": [
            {
                "area": each.area,
                "area_name": named(each.area).name,
                "class": str(named(each.area).area_class),
                "place": each.place,
                "distance": each.distance,
                "rebased": each.rebased,
                "percentile": each.percentile,
                "closeness": each.closeness,
                "inclusion": each.inclusion,
            }
            for each in found.neighbours
        ],
        "release": release_id,
    }


def list_as_csv(found: NeighbourListRecord, named: Named, release_id: str) -> Iterator[str]:
    """The list as the lines of a CSV file, a neighbour a row, in the form of `release.export`."""
    first = (found.area, named(found.area).name, found.model, found.version)
    rows = (
        (
            *(*first, each.place, each.area, named(each.area).name, named(each.area).area_class, each.distance),
            *(each.rebased, each.percentile, each.closeness, each.inclusion, release_id),
        )
        for each in found.neighbours
    )
    return write_csv(NEIGHBOUR_FIELDS, rows)
