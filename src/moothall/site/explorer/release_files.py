"""The files of a release, for whoever takes all of it: which there are, and where on the disk each is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from moothall.release.directory import CHECKSUMS, DATABASE, DATAPACKAGE, MANIFEST, PARQUET, hash_file, read_checksums
from moothall.release.records import UnknownKey
from moothall.site.addresses import release_file_address

_TITLES = {
    DATABASE: "Everything as one SQLite database, for Datasette and SQL",
    DATAPACKAGE: "What each table and column is (a Frictionless data package)",
    MANIFEST: "What the release was made from, and what its checks found",
    CHECKSUMS: "The SHA-256 of every file, for “sha256sum -c”",
}

_LOOKED_FOR = tuple(
    f"{PARQUET}/{name}.parquet" for name in ("figures", "observations", "metrics", "areas", "sources", "editions")
)


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file of a release."""

    name: str  # within the release: "parquet/figures.parquet"
    title: str
    address: str
    bytes: int
    size: str  # "38 MB"
    sha256: str
    is_first: bool  # of the whole, or a table that most people look for


@lru_cache(maxsize=4)
def list_files(directory: Path) -> tuple[ReleaseFile, ...]:
    """The files that a release gives away, those of the whole first; a release never changes, so they are kept.

    They are those in its checksums, and the checksums themselves: nothing else that lies in its directory.
    """
    sums = read_checksums(directory) | {CHECKSUMS: hash_file(directory / CHECKSUMS)}
    package = json.loads((directory / DATAPACKAGE).read_text(encoding="utf-8"))
    titles = _TITLES | {each["path"]: each["title"] for each in package["resources"]}
    order = {name: place for place, name in enumerate((*_TITLES, *_LOOKED_FOR))}
    return tuple(
        ReleaseFile(
            name,
            titles.get(name, name),
            release_file_address(directory.name, name),
            (size := (directory / name).stat().st_size),
            _say_size(size),
            sums[name],
            name in order,
        )
        for name in sorted(sums, key=lambda name: (order.get(name, len(order)), name))
    )


def find_file(directory: Path, name: str) -> ReleaseFile:
    """The file of a release with this name. Raises `UnknownKey` for any name that is not among its checksums."""
    found = {file.name: file for file in list_files(directory)}.get(name)
    if found is None:
        raise UnknownKey("file", name)
    return found


def _say_size(size: int) -> str:
    """A size as people say it: 1 kB is 1,000 bytes."""
    for unit, many in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= many:
            return f"{size / many:.{0 if size >= 10 * many else 1}f} {unit}"
    return f"{size} bytes"
