"""The files of a release's directory, and how to find and read those that say what it is."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from moothall.core.problems import Place, Problems

FORMAT = 7  # of the directory and its tables; a release of another format is not read
DATABASE = "moothall.sqlite"
MANIFEST = "manifest.json"
CHECKSUMS = "checksums.txt"
PARQUET = "parquet"
DATAPACKAGE = "datapackage.json"
SHEETS = "sheets.sqlite"
POSTCODES = "postcodes.bin"
DAMAGED = "RELEASE_DAMAGED"
ID = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{8}")


def read_manifest(directory: Path) -> dict[str, Any]:
    """What a release says of itself. Raises `OSError` or `ValueError` when it cannot be read."""
    manifest = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
    if not isinstance(manifest, dict):
        raise ValueError(f"{MANIFEST} is not a mapping")
    return manifest


def list_releases(releases: Path) -> list[Path]:
    """The whole releases in a directory, oldest first by their day, and within a day by when they were written."""
    if not releases.is_dir():
        return []
    whole = [path for path in releases.iterdir() if ID.fullmatch(path.name) and (path / MANIFEST).is_file()]
    return sorted(whole, key=lambda path: (path.name[:10], (path / MANIFEST).stat().st_mtime_ns, path.name))


def read_checksums(directory: Path) -> dict[str, str]:
    """File → sha256, from `checksums.txt`. Raises `OSError` or `ValueError` when it cannot be read."""
    sums: dict[str, str] = {}
    for line in (directory / CHECKSUMS).read_text(encoding="utf-8").splitlines():
        checksum, separator, name = line.partition("  ")
        if not separator or len(checksum) != 64:
            raise ValueError(f"{CHECKSUMS}: {line!r} is not a checksum and a name")
        sums[name] = checksum
    return sums


def hash_file(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have a file, or a directory's list of names, on the disk before going on."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def verify_checksums(directory: Path) -> Problems:
    """Note every file that is not what `checksums.txt` says, that is missing, or that nobody wrote."""
    problems = Problems()
    try:
        sums = read_checksums(directory)
    except (OSError, ValueError) as error:
        problems.add(DAMAGED, f"The checksums cannot be read: {error}.", Place(str(directory / CHECKSUMS)))
        return problems
    for name, expected in sums.items():
        path = directory / name
        if not path.is_file():
            problems.add(DAMAGED, "The file is missing.", Place(str(path)))
        elif hash_file(path) != expected:
            problems.add(DAMAGED, "The file is not the one that was written.", Place(str(path)))
    for path in sorted(directory.rglob("*")):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name not in sums and name not in (CHECKSUMS, SHEETS):
            problems.add(DAMAGED, "The file is not part of the release.", Place(str(path)))
    return problems
