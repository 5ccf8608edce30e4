"""Writing a release: whole or not at all, and never the same data twice."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from moothall.core.loading import Catalogue
from moothall.release.changes import CHANGES
from moothall.release.contents import Contents, count, digest_definitions, tabulate
from moothall.release.digest import digest_frames, digest_metrics
from moothall.release.directory import (
    CHECKSUMS,
    DATABASE,
    DATAPACKAGE,
    FORMAT,
    MANIFEST,
    PARQUET,
    POSTCODES,
    SHEETS,
    hash_file,
    list_releases,
    read_checksums,
    read_manifest,
    sync,
)
from moothall.release.store import write_database
from moothall.release.tables import TABLES

__all__ = ["Contents", "Written", "write_release"]

_UNFINISHED = re.compile(r"\.(?:writing-.*|current|newest|.*\.json)-(\d+)")


@dataclass(frozen=True)
class Written:
    """Where a release is; `is_new` is False when the same data had been written before."""

    id: str
    digest: str
    path: Path
    is_new: bool
    findings: pl.DataFrame  # of the checks before publishing, by the schema of `core.frames`


def write_release(
    contents: Contents,
    releases: Path,
    *,
    code_revision: str | None,
    built: date,
    write_extras: Callable[[Path], None] | None = None,
) -> Written:
    """Write a release under `releases`, or find the one that holds the same data.

    The release is written beside and renamed when it is whole and on the disk, so that whoever looks finds all of it or
    nothing. `write_extras` is given the directory before that, to add files that are outside the digest and the
    checksums; a release found again takes on the `sheets.sqlite` it had not.
    """
    frames = tabulate(contents)
    by_metric = digest_metrics(frames, contents.kept.digests if contents.kept else {})
    digest = digest_frames(frames, by_metric)
    releases.mkdir(parents=True, exist_ok=True)
    _sweep(releases)
    release_id = f"{built.isoformat()}-{digest[:8]}"
    beside = releases / f".writing-{release_id}-{os.getpid()}"
    found = _find_same(releases, digest)
    try:
        beside.mkdir()
        if found is not None:
            if write_extras is not None and not (found / SHEETS).exists():
                write_extras(beside)
                _adopt_sheets(beside, found)
            return Written(found.name, digest, found, False, contents.findings)
        manifest = _describe(contents, frames, release_id, digest, by_metric, built, code_revision)
        _write_files(beside, frames, manifest, contents)
        if write_extras is not None:
            write_extras(beside)
        for path in [*(p for p in beside.rglob("*") if p.is_file()), beside / PARQUET, beside]:
            sync(path)
        target = releases / release_id
        if target.exists():
            if _is_whole(target, digest):  # somebody else was quicker
                return Written(release_id, digest, target, False, contents.findings)
            target.rename(releases / f".damaged-{release_id}-{os.getpid()}")
        beside.rename(target)
        sync(releases)
        return Written(release_id, digest, target, True, contents.findings)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _find_same(releases: Path, digest: str) -> Path | None:
    return next((path for path in reversed(list_releases(releases)) if _is_whole(path, digest)), None)


def _is_whole(release: Path, digest: str) -> bool:
    """Whether the release holds these data, in files as they were written."""
    try:
        manifest = read_manifest(release)
        if (manifest.get("digest"), manifest.get("format")) != (digest, FORMAT):
            return False
        return all(hash_file(release / name) == checksum for name, checksum in read_checksums(release).items())
    except (OSError, ValueError):
        return False


def _adopt_sheets(beside: Path, release: Path) -> None:
    sheets = beside / SHEETS
    if sheets.is_file():
        sync(sheets)
        sheets.replace(release / SHEETS)
        sync(release)


def _sweep(releases: Path) -> None:
    """Remove what processes that are no more left half written."""
    for path in (*releases.iterdir(), *(releases / CHANGES).glob(".*")):
        unfinished = _UNFINISHED.fullmatch(path.name)
        if not unfinished or _is_running(int(unfinished[1])):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()  # in a container the next run may well have the number of the one that was killed


def _describe(
    contents: Contents,
    frames: Mapping[str, pl.DataFrame],
    release_id: str,
    digest: str,
    by_metric: Mapping[str, str],
    built: date,
    code_revision: str | None,
) -> dict[str, Any]:
    editions = frames["editions"].select("edition_key", "sha256", "address", "published")
    return {
        "format": FORMAT,
        "id": release_id,
        "digest": digest,
        "built": built.isoformat(),
        "as_of": contents.as_of.isoformat() if contents.as_of else None,
        "code_revision": code_revision,
        "definitions": digest_definitions(contents.catalogue),
        "counts": count(frames),
        "editions": editions.to_dicts(),
        "settled": frames["settled"].to_dicts(),
        "metrics": {key: {"origin": contents.origins.get(key), "digest": each} for key, each in by_metric.items()},
        "neighbours": dict(contents.neighbour_origins),
        "postcodes": contents.postcodes_origin,
        "findings": frames["findings"].to_dicts(),
    }


def _write_files(
    directory: Path, frames: Mapping[str, pl.DataFrame], manifest: Mapping[str, Any], contents: Contents
) -> None:
    (directory / PARQUET).mkdir()
    for table in TABLES:
        frames[table.name].write_parquet(directory / PARQUET / f"{table.name}.parquet", compression="zstd")
    write_database(directory / DATABASE, frames, contents.kept)
    if contents.postcodes:
        (directory / POSTCODES).write_bytes(contents.postcodes)
    _write_json(directory / DATAPACKAGE, _package(directory, manifest, contents.catalogue))
    _write_json(directory / MANIFEST, manifest)
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    lines = [f"{hash_file(path)}  {path.relative_to(directory).as_posix()}\n" for path in files]
    (directory / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def _write_json(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _package(directory: Path, manifest: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """The release as a Frictionless Tabular Data Package of its Parquet files."""
    files = [
        *(file for each in (catalogue.register, catalogue.boundaries) if each for file in each.sources),
        *([catalogue.postcodes] if catalogue.postcodes else []),
    ]
    sources = [source for source in catalogue.sources.values() if source.unread is None]
    licences = {source.licence for source in sources} | {file.licence for file in files}
    resources = []
    for table in TABLES:
        path = directory / PARQUET / f"{table.name}.parquet"
        resources.append(
            {
                "name": table.name.replace("_", "-"),
                "title": table.description,
                "path": f"{PARQUET}/{table.name}.parquet",
                "profile": "tabular-data-resource",
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": path.stat().st_size,
                "hash": f"sha256:{hash_file(path)}",
                "schema": table.frictionless_schema,
            }
        )
    return {
        "profile": "tabular-data-package",
        "name": "moothall",
        "id": manifest["id"],
        "version": manifest["id"],
        "title": "Moothall: comparable figures on every English council",
        "created": f"{manifest['built']}T00:00:00Z",
        "licenses": [
            {"name": str(licence), "title": licence.label, "path": licence.address} for licence in sorted(licences)
        ],
        "sources": [{"title": f"{source.publisher}: {source.title}", "path": source.landing_page} for source in sources]
        + [{"title": f"{file.publisher}: {file.title}", "path": file.address or file.mirror} for file in files],
        "resources": resources,
    }
