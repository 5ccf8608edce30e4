"""Neighbours in a build: the lists of every model, worked out once for the inputs that they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from moothall.analysis.likened_by import list_readings, read_values
from moothall.analysis.neighbours import find_neighbours
from moothall.core.areas import Register
from moothall.core.frames import NEIGHBOUR_FRAMES, conform
from moothall.core.grounds import list_parts
from moothall.core.neighbour_models import DEFAULT_MODEL, NeighbourModel
from moothall.core.problems import Place, Problem, Problems
from moothall.release.contents import Kept
from moothall.release.directory import PARQUET

Frames = dict[str, pl.DataFrame]
"""By the names of `core.frames.NEIGHBOUR_FRAMES`."""


def list_metrics(models: Sequence[NeighbourModel]) -> set[str]:
    """The keys of the metrics that any version of any model reads."""
    return {each.metric for model in models for version in model.versions for each in list_readings(version)}


def work_out_neighbours(current: pl.DataFrame, models: Sequence[NeighbourModel], register: Register) -> Frames:
    """Every list of every model from the current value of each key; see `analysis.neighbours.find_neighbours`."""
    parts = list_parts(register)
    values = {
        (model.key, version.key): read_values(current, version, parts) for model in models for version in model.versions
    }
    return find_neighbours(models, values, register)


def check_readings(current: pl.DataFrame, models: Sequence[NeighbourModel]) -> Problems:
    """Note every input that a model reads in a period for which no area has a figure."""
    problems = Problems()
    there = set(current.select("metric_key", "breakdown", "period").unique().iter_rows())
    for model in models:
        for version in model.versions:
            for each in list_readings(version):
                if (each.metric, each.breakdown, each.period) not in there:
                    message = (
                        f"Version {version.key} reads {each.metric!r} ({each.breakdown}) of {each.period}: none has it."
                    )
                    where = Place(f"definitions/neighbours/{model.key}.yaml")
                    problems.extend([Problem("REFERENCE_UNKNOWN", message, where)])
    return problems


def take_over(kept: Kept) -> Frames:
    """The lists as an earlier release has them, which rest on the same inputs."""
    return {
        name: conform(pl.read_parquet(kept.release / PARQUET / f"{name}.parquet"), schema)
        for name, schema in NEIGHBOUR_FRAMES.items()
    }


def choose_default(frames: Mapping[str, pl.DataFrame], models: Sequence[NeighbourModel]) -> pl.DataFrame:
    """The lists by which figures are compared: of the default model's newest version; empty without one."""
    newest = {model.key: model.versions[0].key for model in models}
    rows = frames["neighbours"]
    return rows.filter((pl.col("model_key") == DEFAULT_MODEL) & (pl.col("version") == newest.get(DEFAULT_MODEL, "")))
