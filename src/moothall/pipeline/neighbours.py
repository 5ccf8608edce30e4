"""Neighbours in a build: the lists of every model, worked out once for the inputs that they rest on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from moothall.analysis.likened_by import list_readings, read_values
from moothall.analysis.neighbours import Space, find_neighbours, group_alive, lay_out
from moothall.analysis.validation import TIERS, Ground, Scored, lay_out_crudely, validate
from moothall.core.areas import PRINCIPAL_CLASSES, Register
from moothall.core.frames import NEIGHBOUR_FRAMES, NEIGHBOUR_VALIDATION, SLICE_KEY, conform
from moothall.core.grounds import list_parts
from moothall.core.latest import find_latest
from moothall.core.loading import Catalogue
from moothall.core.neighbour_models import DEFAULT_MODEL, Measure, MeasuresFile, NeighbourModel, Pool
from moothall.core.values import UNCOMPARED
from moothall.release.directory import PARQUET

Frames = dict[str, pl.DataFrame]
"""By the names of `core.frames.NEIGHBOUR_FRAMES`."""


def list_metrics(models: Sequence[NeighbourModel]) -> set[str]:
    """The keys of the metrics that any version of any model reads."""
    return {each.metric for model in models for version in model.versions for each in list_readings(version)}


def work_out_neighbours(current: pl.DataFrame, models: Sequence[NeighbourModel], register: Register) -> Frames:
    """Every list of every model from the current value of each key; see `analysis.neighbours.find_neighbours`."""
    parts = list_parts(register)
    read = current.filter(pl.col("metric_key").is_in(list(list_metrics(models))))
    values = {
        (model.key, version.key): read_values(read, version, parts) for model in models for version in model.versions
    }
    return find_neighbours(models, values, register)


def take_over(release: Path) -> Frames:
    """The lists and their validation as an earlier release has them."""
    return {
        name: conform(pl.read_parquet(release / PARQUET / f"{name}.parquet"), schema)
        for name, schema in NEIGHBOUR_FRAMES.items()
    }


def choose_default(frames: Mapping[str, pl.DataFrame], models: Sequence[NeighbourModel]) -> pl.DataFrame:
    """The lists by which figures are compared: of the default model's newest version; empty without one."""
    newest = {model.key: model.versions[0].key for model in models}
    rows = frames["neighbours"]
    return rows.filter((pl.col("model_key") == DEFAULT_MODEL) & (pl.col("version") == newest.get(DEFAULT_MODEL, "")))


def find_validation_origin(
    lists_origin: str, frames: Mapping[str, pl.DataFrame], catalogue: Catalogue, origins: Mapping[str, str]
) -> str:
    """The sha256 of all that validation rests on: our lists, those that others publish, and the measures."""
    measures = catalogue.measures
    keys = sorted({each.metric for tier in TIERS for each in getattr(measures, tier)}) if measures else []
    published = frames["neighbours"].filter(~pl.col("model_key").is_in(list(catalogue.neighbour_models)))
    listed = published.select("model_key", "version", "area_code", "place", "neighbour_code").sort(pl.all())
    parts = [
        lists_origin,
        measures and measures.model_dump(mode="json"),
        [origins.get(key) for key in keys],
        listed.rows(),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def work_out_validation(
    figures: pl.DataFrame,
    summaries: pl.DataFrame,
    frames: Mapping[str, pl.DataFrame],
    models: Sequence[NeighbourModel],
    measures: MeasuresFile | None,
    register: Register,
) -> pl.DataFrame:
    """How every way to choose neighbours does in each measure's newest period; see `analysis.validation.validate`."""
    default = next((model for model in models if model.key == DEFAULT_MODEL), None)
    if default is None or measures is None:
        return pl.DataFrame(schema=NEIGHBOUR_VALIDATION)
    parts = list_parts(register)
    read = figures.filter(pl.col("metric_key").is_in(list(list_metrics(models))))
    spaces: dict[str, dict[Pool, Space]] = {}
    crude: dict[Pool, Space] = {}
    for model in models:
        version = model.versions[0]
        values, alive = read_values(read, version, parts), group_alive(register, version)
        spaces[model.key] = {pool: lay_out(model, version, pool, values, alive) for pool in model.pools}
        if model.key == DEFAULT_MODEL:
            for pool, space in spaces[model.key].items():
                tier = sorted(code for each in pool.scaled_among for code in alive.get(each, ()))
                crude[pool] = lay_out_crudely(space, values, tier)
    councils = register.alive(default.versions[0].day, PRINCIPAL_CLASSES)
    newest = {model.key: model.versions[0].key for model in models}
    lists = frames["neighbour_lists"].filter(
        pl.col("version") == pl.col("model_key").replace_strict(newest, default=None, return_dtype=pl.String)
    )
    ground = Ground(
        codes=tuple(area.code for area in councils),
        classes=tuple(str(area.area_class) for area in councils),
        spaces=spaces,
        crude=crude,
        published=_read_published(frames["neighbours"], set(spaces)),
    )
    scored = {tier: list(_read_measures(getattr(measures, tier), figures, summaries)) for tier in TIERS}
    seed = sum(space.seed for space in spaces[DEFAULT_MODEL].values()) % 2**63
    return validate(scored, ground, lists, seed)


def _read_published(neighbours: pl.DataFrame, ours: set[str]) -> dict[str, dict[str, list[str]]]:
    """By published set, its newest edition's lists."""
    found: dict[str, dict[str, list[str]]] = {}
    theirs = neighbours.filter(~pl.col("model_key").is_in(list(ours)))
    newest = theirs.filter(pl.col("version") == pl.col("version").max().over("model_key"))
    for model, code, near in (
        newest.sort("model_key", "area_code", "place").select("model_key", "area_code", "neighbour_code").iter_rows()
    ):
        found.setdefault(model, {}).setdefault(code, []).append(near)
    return found


def _read_measures(measures: Sequence[Measure], figures: pl.DataFrame, summaries: pl.DataFrame) -> Iterator[Scored]:
    """Each measure in its newest period for which at least half of the councils have a value."""
    keys = pl.DataFrame(
        [(each.metric, each.breakdown) for each in measures],
        schema=dict.fromkeys(["metric_key", "breakdown"], pl.String),
        orient="row",
    )
    wanted = find_latest(summaries).join(keys, on=keys.columns, how="semi")
    rows = figures.join(wanted, on=SLICE_KEY, how="semi").filter(
        pl.col("value").is_not_null() & ~pl.col("marker").is_in(UNCOMPARED).fill_null(False)
    )
    values: dict[tuple[str, str], dict[str, float]] = {}
    for key, breakdown, code, value in rows.select("metric_key", "breakdown", "area_code", "value").iter_rows():
        values.setdefault((key, breakdown), {})[code] = value
    for each in measures:
        if (each.metric, each.breakdown) in values:
            yield Scored(each.metric, each.theme, values[each.metric, each.breakdown])
