"""A model, a register and values made up for tests of neighbours: as many councils and inputs as wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from moothall.analysis.neighbours import Space, find_neighbours, group_alive, lay_out
from moothall.core.areas import Area, AreaClass, Register
from moothall.core.frames import NEIGHBOUR_FRAMES
from moothall.core.neighbour_models import NeighbourModel, Pool
from tests.analysis.pool import make_area, make_register

DAY = date(2024, 4, 1)
Values = dict[tuple[str, str], dict[str, tuple[float, str]]]


def make_model(domains: Sequence[Sequence[str]], k: int = 15, **more: Any) -> NeighbourModel:
    """A model with one version; `domains` has each domain's transforms, one an input: i0, i1 and so on."""
    number = iter(range(100))
    return NeighbourModel.model_validate(
        {
            "kind": "ours",
            "key": "open_general",
            "title": "Plain",
            "description": "A model of Barsetshire.",
            "method": "balanced",
            "k": k,
            "pools": ["single_tier"],
            "versions": [
                {
                    "key": "2024",
                    "day": DAY,
                    "note": "The first version.",
                    "domains": [
                        {
                            "key": f"d{place}",
                            "title": f"Domain {place}",
                            "inputs": [
                                {"metric": f"i{next(number)}", "period": "2023-24", "transform": each}
                                for each in inputs
                            ],
                        }
                        for place, inputs in enumerate(domains)
                    ],
                }
            ],
            **more,
        }
    )


def make_councils(many: int, **more: Any) -> list[Area]:
    """As many unitary councils."""
    return [make_area(number, AreaClass.UNITARY, **more) for number in range(1, many + 1)]


def spread_values(columns: np.ndarray, areas: Sequence[Area]) -> Values:
    """The values of a matrix, one row a council and one column an input; what is not a number is missing."""
    return {
        (f"i{v}", "all"): {
            area.code: (float(x), "figure") for area, x in zip(areas, column, strict=True) if not np.isnan(x)
        }
        for v, column in enumerate(columns.T)
    }


def make_space(model: NeighbourModel, columns: np.ndarray, areas: Sequence[Area]) -> Space:
    """Where the councils stand in the pool of single-tier councils."""
    version = model.versions[0]
    alive = group_alive(make_register(areas), version)
    return lay_out(model, version, Pool.SINGLE_TIER, spread_values(columns, areas), alive)


def list_all(model: NeighbourModel, columns: np.ndarray, areas: Sequence[Area]) -> dict[str, pl.DataFrame]:
    """Every frame of a model's lists."""
    register: Register = make_register(areas)
    values = {(model.key, version.key): spread_values(columns, areas) for version in model.versions}
    found = find_neighbours([model], values, register)
    assert set(found) == set(NEIGHBOUR_FRAMES)
    return found


def read_lists(frames: dict[str, pl.DataFrame]) -> dict[str, list[str]]:
    """Each council's neighbours, the nearest first."""
    rows = frames["neighbours"].sort("area_code", "place").select("area_code", "neighbour_code")
    found: dict[str, list[str]] = {}
    for code, near in rows.iter_rows():
        found.setdefault(code, []).append(near)
    return found
