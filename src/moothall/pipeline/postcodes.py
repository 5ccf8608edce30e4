"""The directory of postcodes: an installed package becomes the lookup that a release carries."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import polars as pl

import moothall.core.postcodes
import moothall.release.postcodes
from moothall.core.loading import Catalogue
from moothall.core.postcodes import NATIONS, NORTHERN_IRELAND, PostcodeDirectory
from moothall.core.problems import Place, Problem, ProblemsFound
from moothall.release.directory import POSTCODES, hash_file, read_manifest
from moothall.release.postcodes import NO_DISTRICT, pack_postcodes

_FILES = ".msgpack.br"
_COLUMNS = {"pcd": pl.String, "laua": pl.String}
_CODE = r"^[A-Z][0-9]{8}$"
_WHERE = Place("definitions/postcodes.yaml")
_INWARD_LENGTH = 3


def take_postcodes(catalogue: Catalogue, newest: Path | None) -> tuple[bytes, str]:
    """The lookup of postcodes and a digest of what it is made from; both empty where none is defined.

    Where the newest release has one of the same origin, it is taken from there. Raises `ProblemsFound` when the package
    is not installed, or its files are not those that the definition names.
    """
    directory = catalogue.postcodes
    if directory is None:
        return b"", ""
    origin = find_origin(directory)
    if newest is not None and read_manifest(newest).get("postcodes") == origin and (newest / POSTCODES).is_file():
        return (newest / POSTCODES).read_bytes(), origin
    return pack_postcodes(read_districts(find_package(directory))), origin


def find_origin(directory: PostcodeDirectory) -> str:
    """The sha256 of what the lookup is made from: the package's files and the code that packs them."""
    digest = hashlib.sha256(directory.sha256.encode())
    for file in (moothall.core.postcodes.__file__, moothall.release.postcodes.__file__, __file__):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def find_package(directory: PostcodeDirectory) -> list[Path]:
    """The files of the package that a definition names, by name. Raises `ProblemsFound` when they are not there."""
    said = f"{directory.package} {directory.version}"
    try:
        paths, version = list_package(directory.package), distribution(directory.package).version
    except PackageNotFoundError:
        message = f"The package {said} is not installed: install what pyproject.toml names."
        raise ProblemsFound([Problem("FILE_MISSING", message, _WHERE)]) from None
    if version != directory.version or hash_package(paths) != directory.sha256:
        message = f"The package installed is {directory.package} {version}, not the files of {said} as named."
        raise ProblemsFound([Problem("FILE_CHANGED", message, _WHERE)])
    return paths


def list_package(name: str) -> list[Path]:
    """The files of an installed package that have postcodes, by name. Raises `PackageNotFoundError`.

    They are found without importing it, which would need a library that nothing else here does.
    """
    files = distribution(name).files or ()
    return sorted(Path(str(file.locate())) for file in files if file.name.endswith(_FILES))


def hash_package(paths: list[Path]) -> str:
    """The sha256 of a package's files: of a line for each, its own sha256, two spaces and its name, by name."""
    lines = (f"{hash_file(path)}  {path.name}\n" for path in paths)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_districts(paths: list[Path]) -> pl.DataFrame:
    """A row for each postcode, as `pack_postcodes` takes them, from files with two lists of the same length each.

    These are `pcd`, a postcode in seven characters with the halves apart where there is room, and `laua`, an ONS code
    or not-a-number. Postcodes of Northern Ireland are left out: they are not under the Open Government Licence, and
    what they begin with says where they are.
    """
    import brotli  # type: ignore[import-untyped]
    import msgpack  # type: ignore[import-untyped]

    read = []
    for path in paths:
        columns = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
        read.append(pl.DataFrame({name: columns[name] for name in _COLUMNS}, schema=_COLUMNS, strict=False))
    postcode, code = pl.col("pcd"), pl.col("laua")
    return (
        pl.concat(read)
        .select(
            outward=postcode.str.head(-_INWARD_LENGTH).str.strip_chars_end(),
            inward=postcode.str.tail(_INWARD_LENGTH),
            district=pl.when(~code.str.contains(_CODE))
            .then(pl.lit(NO_DISTRICT))
            .when(code.str.head(1).is_in(list(NATIONS)))
            .then(code.str.head(1))
            .otherwise(code),
        )
        .filter(~pl.col("outward").str.starts_with(NORTHERN_IRELAND))
    )
