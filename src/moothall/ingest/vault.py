"""The vault: raw files kept under the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from moothall.core.problems import Place, Problem, ProblemsFound


def hash_bytes(content: bytes) -> str:
    """The SHA-256 of some bytes, in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file beside its place, make sure it is on disk, then move it there: never a half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).chmod(0o644)
        os.replace(beside, path)  # noqa: PTH105 - the two ends are of different types
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class Vault:
    """A directory of files at `<first two hex digits>/<sha256>`."""

    directory: Path

    def path(self, sha256: str) -> Path:
        """Where the file with this hash is, or would be."""
        return self.directory / sha256[:2] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the file is here."""
        return self.path(sha256).is_file()

    def put(self, content: bytes) -> str:
        """Keep some bytes and give their hash; bytes already here are left alone."""
        sha256 = hash_bytes(content)
        path = self.path(sha256)
        if not path.is_file() or path.stat().st_size != len(content):
            write_atomically(path, content)
        return sha256

    def read(self, sha256: str, name: str = "") -> bytes:
        """The bytes with this hash; `name` is what problems call the file by.

        Raises `ProblemsFound`: FILE_MISSING where it is not here, FILE_CHANGED where its bytes are no longer the same.
        """
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            message = f"The vault has no file with the hash {sha256[:12]}…."
            raise ProblemsFound([Problem("FILE_MISSING", message, Place(name))]) from None
        if hash_bytes(content) != sha256:
            message = f"The vault's copy no longer has the hash {sha256[:12]}…; delete it and fetch it again."
            raise ProblemsFound([Problem("FILE_CHANGED", message, Place(name or str(self.path(sha256))))])
        return content
