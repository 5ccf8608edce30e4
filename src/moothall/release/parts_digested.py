"""What a release rests on, part by part, each in one digest: the same digest, the same rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from moothall.core.ages import count_months
from moothall.release.directory import PARQUET, read_manifest
from moothall.release.queries import Release
from moothall.release.tables import TABLES

SHARED = "shared"
"""The register, functions, topics, neighbours and words: what any page may show."""
EXEMPLARS = "exemplars"
_OF_EXEMPLARS = {"exemplars", "topic_exemplars", "exemplar_checks"}
_OF_EDITIONS = {"editions", "missing_editions", "edition_tables", "settled", "sources"}
_SAID_ELSEWHERE = ("metric_key", "position", "title", "short", "topic_key", "status", "replacement", "aliases")


@dataclass(frozen=True, slots=True)
class PartDigests:
    """The digests of a release's parts, and which metrics each metric's figures are worked out from."""

    parts: dict[str, str]
    """`SHARED`, `EXEMPLARS` and every metric by its key → sha256."""
    needs: dict[str, frozenset[str]]
    """Metric → itself and all that it is worked out from."""

    def combine(self, metrics: Iterable[str] | None, *, has_exemplars: bool = False) -> str:
        """One digest of what is shared and of some metrics with all they rest on; of everything for none named."""
        keys = set(self.parts) if metrics is None else {each for key in metrics for each in self.needs[key]}
        keys |= {SHARED, *([EXEMPLARS] if has_exemplars else [])}
        return _digest([[key, self.parts[key]] for key in sorted(keys)])


def digest_parts(release: Release) -> PartDigests:
    """Read a release's manifest and its smaller tables, and give the digest of each part."""
    tables = {
        table.name: pl.read_parquet(release.directory / PARQUET / f"{table.name}.parquet")
        for table in TABLES
        if not table.codes and table.name != "findings" and table.name != "shapes"
    }
    by_metric: dict[str, list[object]] = {
        key: [each["digest"]] for key, each in read_manifest(release.directory)["metrics"].items()
    }
    shared: list[object] = [pl.__version__, _describe_ground(release)]
    by_source = _split(
        {name: rows.rename({"source_key": "of"}) for name, rows in tables.items() if name in {"editions", "sources"}}
    )
    of_exemplars: list[object] = []
    for name, rows in tables.items():
        if name in _OF_EXEMPLARS:
            of_exemplars.append([name, _write(rows)])
        elif name == "metrics":
            shared.append([name, _write(rows.select(_SAID_ELSEWHERE))])
        elif name not in _OF_EDITIONS and ("metric_key" not in rows.columns or name.startswith("neighbour")):
            shared.append([name, _write(rows)])
    own = {
        name: rows.rename({"metric_key": "of"})
        for name, rows in tables.items()
        if "metric_key" in rows.columns and not name.startswith("neighbour") and name not in _OF_EXEMPLARS
    }
    for key, said in _split(own).items():
        by_metric.setdefault(key, []).append(said)
    for metric in release.metrics():
        its = by_metric.setdefault(metric.key, [])
        its.append(by_source.get(metric.source or "", ""))
        its.append([[p.key, count_months(p.end, release.built)] for p in release.periods(metric.key)])
    parts = {key: _digest(said) for key, said in by_metric.items()}
    return PartDigests(
        parts | {SHARED: _digest(shared), EXEMPLARS: _digest(of_exemplars)}, _find_needs(release, list(parts))
    )


def _describe_ground(release: Release) -> list[object]:
    """Which authorities stood when the release was built, and which changes were still to come: its day alone, not."""
    standing = [area.code for area in release.areas()]
    to_come = [
        [area.code, each.successor, each.day > release.built]
        for area in release.areas(include_closed=True)
        for each in release.announced(area.code)
    ]
    return [standing, to_come]


def _find_needs(release: Release, keys: list[str]) -> dict[str, frozenset[str]]:
    direct: dict[str, set[str]] = {key: set() for key in keys}
    for metric in release.metrics():
        needs = {key for _, key in metric.inputs} | set(metric.adds_up.needs if metric.adds_up else ())
        direct.setdefault(metric.key, set()).update(needs)
    found: dict[str, frozenset[str]] = {}
    for key in direct:
        known, waiting = {key}, list(direct[key])
        while waiting:
            each = waiting.pop()
            if each not in known:
                known.add(each)
                waiting.extend(direct.get(each, ()))
        found[key] = frozenset(each for each in known if each in direct)
    return found


def _split(tables: dict[str, pl.DataFrame]) -> dict[str, list[object]]:
    """The rows of tables by their column `of`, as text."""
    found: dict[str, list[object]] = {}
    for name, rows in sorted(tables.items()):
        for (key,), its in rows.filter(pl.col("of").is_not_null()).partition_by("of", as_dict=True).items():
            found.setdefault(str(key), []).append([name, _write(its)])
    return found


def _write(rows: pl.DataFrame) -> str:
    return rows.write_csv(float_precision=None)


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
