"""A build reads the package of postcodes that the definition names, and no other, and only when it has changed."""

from __future__ import annotations

import shutil
import sys
from datetime import date
from math import nan
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import msgpack  # type: ignore[import-untyped]
import pytest

from moothall.core.loading import load_catalogue
from moothall.core.postcodes import read_postcodes
from moothall.core.problems import ProblemsFound
from moothall.pipeline import postcodes as of_package
from moothall.pipeline.edition import check
from moothall.pipeline.postcodes import find_package, hash_package, read_districts
from moothall.pipeline.project import Project
from moothall.pipeline.release import build
from moothall.release.check import verify_release
from moothall.release.directory import POSTCODES, read_manifest
from moothall.release.queries import Release
from tests.conftest import Barsetshire

DIRECTORY = """\
key: barset
package: barset-postcodes
version: "{version}"
title: The postcodes of Barset
publisher: Barsetshire Archive
edition: "2025-02"
licence: ogl-3
attribution: Written down by the archive.
mirror: barset-postcodes
published: 2025-02
basis: provenance
sha256: {sha256}
"""
ROOT = Path(__file__).parents[1]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of fictional postcodes as the real one is laid out, installed for one test."""
    site = tmp_path / "site"
    (site / "barset_postcodes").mkdir(parents=True)
    info = site / "barset_postcodes-1.2.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: barset-postcodes\nVersion: 1.2\n")
    info.joinpath("RECORD").write_text("barset_postcodes/q.msgpack.br,,\nbarset_postcodes/z.msgpack.br,,\n")
    rows = {
        "q": [("QB1 1AA", "E06900001"), ("QB1 1AB", "E06900002"), ("QB101AA", "S12000001"), ("QB101AB", nan)],
        "z": [("BT1 1AA", "N09000001"), ("BT991AA", nan)],
    }
    for name, listed in rows.items():
        columns = {"pcd": [pcd for pcd, _ in listed], "laua": [laua for _, laua in listed], "oseast1m": [nan]}
        packed = msgpack.packb({"columns": list(columns), "data": columns})
        (site / "barset_postcodes" / f"{name}.msgpack.br").write_bytes(brotli.compress(packed))
    monkeypatch.syspath_prepend(site)
    return site


@pytest.fixture
def project(installed: Path, barsetshire: Barsetshire, tmp_path: Path) -> Project:
    project = Project(barsetshire.copy(tmp_path))
    paths = sorted((installed / "barset_postcodes").glob("*.br"))
    define(project, hash_package(paths))
    return project


def define(project: Project, sha256: str, version: str = "1.2") -> None:
    text = DIRECTORY.format(sha256=sha256, version=version)
    (project.definitions / "postcodes.yaml").write_text(text, encoding="utf-8")


def test_the_package_becomes_the_lookup_of_a_release(project: Project) -> None:
    written = build(project, built=date(2025, 6, 3))
    release = Release.open(written.path)
    assert verify_release(written.path).errors == []
    led = {}
    for typed in ("QB1 1AA", "qb10 1aa", "QB10 1AB", "QB1 1AX", "BT1 1AA"):
        found = release.find_postcode(typed)
        assert found is not None
        led[typed] = (found.is_known, [area.code for area in found.areas], found.nations)
    assert led == {
        "QB1 1AA": (True, ["E06900001"], ()),
        "qb10 1aa": (True, [], ("Scotland",)),
        "QB10 1AB": (True, [], ()),
        "QB1 1AX": (False, [], ()),
        "BT1 1AA": (True, [], ("Northern Ireland",)),
    }
    assert b"N09" not in (written.path / POSTCODES).read_bytes()


def test_northern_ireland_is_left_out(installed: Path) -> None:
    rows = read_districts(sorted((installed / "barset_postcodes").glob("*.br")))
    assert rows.rows() == [
        ("QB1", "1AA", "E06900001"), ("QB1", "1AB", "E06900002"), ("QB10", "1AA", "S"), ("QB10", "1AB", "")
    ]  # fmt: skip


def test_a_build_takes_over_a_lookup_of_the_same_origin(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    first = build(project, built=date(2025, 6, 3))
    path = project.definitions / "topics.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("description: ", "description: Now, ", 1), encoding="utf-8")
    monkeypatch.setattr(of_package, "read_districts", lambda paths: pytest.fail("the package was read again"))
    second = build(project, built=date(2025, 6, 4))
    assert second.id != first.id
    assert (second.path / POSTCODES).read_bytes() == (first.path / POSTCODES).read_bytes()
    assert read_manifest(second.path)["postcodes"] == read_manifest(first.path)["postcodes"] != ""


def test_another_directory_is_another_release(project: Project, installed: Path) -> None:
    first = build(project, built=date(2025, 6, 3))
    shutil.copy(installed / "barset_postcodes" / "q.msgpack.br", installed / "barset_postcodes" / "z.msgpack.br")
    define(project, hash_package(sorted((installed / "barset_postcodes").glob("*.br"))))
    assert build(project, built=date(2025, 6, 3)).digest != first.digest


@pytest.mark.parametrize(
    ("harm", "code"), [("version", "FILE_CHANGED"), ("bytes", "FILE_CHANGED"), ("gone", "FILE_MISSING")]
)
def test_another_package_is_refused(project: Project, installed: Path, harm: str, code: str) -> None:
    if harm == "gone":
        sys.path.remove(str(installed))
    elif harm == "bytes":
        (installed / "barset_postcodes" / "q.msgpack.br").write_bytes(b"")
    else:
        define(project, "0" * 64, "1.3")
    with pytest.raises(ProblemsFound) as found:
        build(project, built=date(2025, 6, 3))
    assert [problem.code for problem in found.value.problems] == [code]
    assert code in [problem.code for problem in check(project).problems.errors]


def test_the_directory_that_is_defined_is_the_one_installed() -> None:
    catalogue, _ = load_catalogue(ROOT)
    assert catalogue.postcodes is not None
    rows = read_districts(find_package(catalogue.postcodes)[:1])
    assert rows.height > 10_000
    assert all(read_postcodes(f"{outward} {inward}") for outward, inward, _ in rows.sample(500, seed=1).iter_rows())
