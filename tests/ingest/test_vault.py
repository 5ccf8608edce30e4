"""The vault keeps bytes under their hash, whole or not at all, and notices when they change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.problems import ProblemsFound
from moothall.ingest.vault import Vault, hash_bytes, write_atomically


@given(st.binary())
def test_what_is_put_in_is_read_out(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    vault = Vault(tmp_path_factory.mktemp("vault"))
    sha256 = vault.put(content)
    assert (sha256, vault.has(sha256), vault.read(sha256)) == (hash_bytes(content), True, content)
    assert vault.path(sha256) == vault.directory / sha256[:2] / sha256


def test_putting_again_changes_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    path = vault.path(vault.put(b"moots"))
    before = path.stat()
    vault.put(b"moots")
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == [path.name]


def problem_code(vault: Vault, sha256: str) -> str:
    with pytest.raises(ProblemsFound) as stopped:
        vault.read(sha256, "moots.csv")
    (problem,) = stopped.value.problems
    assert str(problem.where) == "moots.csv"
    return problem.code


def test_a_missing_file(tmp_path: Path) -> None:
    assert problem_code(Vault(tmp_path), hash_bytes(b"moots")) == "FILE_MISSING"


def test_a_changed_file(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    sha256 = vault.put(b"moots")
    vault.path(sha256).write_bytes(b"mooTs")
    assert problem_code(vault, sha256) == "FILE_CHANGED"


def test_a_file_cut_short_is_put_again(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    sha256 = vault.put(b"moots")
    vault.path(sha256).write_bytes(b"moo")
    vault.put(b"moots")
    assert vault.read(sha256) == b"moots"


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "moots.csv"
    write_atomically(path, b"old")

    def stop(descriptor: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(OSError, match="full"):
        write_atomically(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["moots.csv"]
    assert path.read_bytes() == b"old"
