"""What each metric's figures are worked out from, so that only those whose origin has changed are worked out again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl
from pydantic.main import IncEx

import moothall.analysis
import moothall.core
from moothall.core.definitions import DerivedMetric, Metric, SourceDefinition
from moothall.core.frames import (
    CERTAINTIES,
    FIGURES,
    FINDINGS,
    PROJECTION_CHECKS,
    PROJECTIONS,
    SUMMARIES,
    TRENDS,
    Schema,
    conform,
)
from moothall.core.loading import Catalogue
from moothall.core.neighbour_models import NeighbourModel
from moothall.pipeline.neighbours import list_metrics
from moothall.pipeline.project import Project
from moothall.release.contents import Kept
from moothall.release.directory import FORMAT, PARQUET, list_releases, read_manifest, verify_checksums

_WORDS: Final[Mapping[str, IncEx | bool]] = {
    "title": True,
    "description": True,
    "versions": {"__all__": {"note", "missing"}},
}
"""What a neighbour model says of itself and its lists do not rest on."""


def list_inputs(metric: Metric) -> tuple[str, ...]:
    """The keys of the metrics that a metric's figures are worked out from, of one council or of several together.

    Those that their intervals are made from are among them.
    """
    counts = metric.counts.keys if metric.counts else ()
    if isinstance(metric, DerivedMetric):
        return tuple(dict.fromkeys((*metric.inputs.values(), *counts)))
    return tuple(dict.fromkeys((*(metric.adds_up.needs if metric.adds_up else ()), *counts)))


def find_origins(project: Project, catalogue: Catalogue, as_of: date | None) -> dict[str, str]:
    """By metric, the sha256 of all that its values depend on.

    That is the observations of its source, its definition and the notes on its periods, the origins of its inputs, and,
    the same for all, the register, the functions, the day looked back to, and the code.
    """
    shared = _digest(
        as_of and as_of.isoformat(),
        [function.model_dump(mode="json") for function in catalogue.functions.definitions.values()],
        _hash_files(project.areas.glob("*.csv")),
        _hash_files(
            path for room in (moothall.core, moothall.analysis) for path in Path(room.__path__[0]).glob("*.py")
        ),
        pl.__version__,
    )
    files = {key: _hash_files([project.observations / f"{key}.parquet"]) for key in catalogue.sources_read}
    origins: dict[str, str] = {}

    def find(key: str) -> str:
        if key not in origins:
            metric, source = catalogue.metrics[key], catalogue.source_of(key)
            origins[key] = _digest(
                shared,
                files[source.source] if source else None,
                metric.model_dump(mode="json"),
                [[period, str(kind)] for period, kind, _ in catalogue.period_notes(key)],
                _list_rules(source) if source else None,
                [find(each) for each in list_inputs(metric)],
            )
        return origins[key]

    for key in catalogue.metrics:
        find(key)
    return origins


def find_lists_origin(models: Sequence[NeighbourModel], origins: Mapping[str, str]) -> str:
    """The sha256 of all that lists of neighbours depend on; `origins` has those of values."""
    said = [model.model_dump(mode="json", exclude=dict(_WORDS)) for model in models]
    return _digest(said, {key: origins[key] for key in sorted(list_metrics(models))})


def place_among(origins: Mapping[str, str], lists: pl.DataFrame) -> dict[str, str]:
    """By metric, the sha256 of all that its figures depend on: its values, and the lists they are placed among."""
    among = _digest(lists.select("area_code", "place", "neighbour_code").sort(pl.all()).rows())
    return {key: _digest(each, among) for key, each in origins.items()}


def find_whole(releases: Path) -> Path | None:
    """The newest release of this format that is as it was written; none where there is none."""
    for release in reversed(list_releases(releases)):
        try:
            if read_manifest(release)["format"] == FORMAT and not verify_checksums(release).errors:
                return release
        except (OSError, ValueError, KeyError):
            continue
    return None


def find_kept(release: Path | None, origins: Mapping[str, str]) -> Kept | None:
    """The release with the metrics that have the same origin there; none without any."""
    there = read_manifest(release)["metrics"] if release is not None else {}
    digests = {key: there[key]["digest"] for key, each in origins.items() if there.get(key, {}).get("origin") == each}
    return Kept(release, digests) if release is not None and digests else None


KEPT: Final[Mapping[str, Schema]] = {
    "figures": FIGURES,
    "summaries": SUMMARIES,
    "findings": FINDINGS,
    "certainties": CERTAINTIES,
    "trends": TRENDS,
    "projections": PROJECTIONS,
    "projection_checks": PROJECTION_CHECKS,
}
"""What is worked out of each metric on its own, by the names of `core.frames`."""


def read_kept(kept: Kept) -> dict[str, pl.DataFrame]:
    """What was worked out before of the metrics that are kept, by the names of `KEPT`."""
    return {
        name: conform(
            pl.scan_parquet(kept.release / PARQUET / f"{name}.parquet")
            .filter(pl.col("metric_key").is_in(list(kept.digests)))
            .collect(),
            schema,
        )
        for name, schema in KEPT.items()
    }


def touch_sources(keys: Collection[str], catalogue: Catalogue) -> Catalogue:
    """The catalogue of those sources that any of the metrics is read from, without derived metrics."""
    touched = {
        key: source for key, source in catalogue.sources.items() if any(metric.key in keys for metric in source.metrics)
    }
    return replace(catalogue, sources=touched, derived={})


def close_over(keys: Collection[str], catalogue: Catalogue) -> set[str]:
    """The metrics, and all that any of them is worked out from."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(list_inputs(catalogue.metrics[key]))
    return found


def _list_rules(source: SourceDefinition) -> list[object]:
    """What the checks before publishing go by."""
    rules = [each.model_dump(mode="json") for each in (*source.totals, *source.accepted)]
    return [str(source.cadence), *rules]


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _hash_files(paths: Iterable[Path]) -> list[list[str]]:
    return [[path.name, hashlib.sha256(path.read_bytes()).hexdigest()] for path in sorted(paths)]
