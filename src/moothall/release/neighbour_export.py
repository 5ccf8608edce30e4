"""Downloads of neighbours: a council's list as JSON, with what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from moothall.release.neighbour_records import NeighbourListRecord
from moothall.release.records import AreaRecord

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
