"""The register is built from the published files to the same bytes as are committed."""

import hashlib
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from moothall.core.areas import RegisterError
from moothall.ingest.register import RegisterTables, build_register, write_register

ROOT = Path(__file__).parents[2]
MIRROR = ROOT.parent / "shared" / "data"
FILES = ("areas", "memberships", "successions", "aliases")


@pytest.fixture(scope="module")
def definitions() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "definitions" / "areas.yaml").read_text("utf-8"))
    return loaded


@pytest.fixture(scope="module")
def raw(definitions: dict[str, Any]) -> dict[str, bytes]:
    if not MIRROR.is_dir():
        pytest.skip("the mirror of published files is not beside the repository")
    return {source["key"]: (MIRROR / source["mirror"]).read_bytes() for source in definitions["sources"]}


def test_sources_are_the_editions_named(definitions: dict[str, Any], raw: dict[str, bytes]) -> None:
    for source in definitions["sources"]:
        assert hashlib.sha256(raw[source["key"]]).hexdigest() == source["sha256"], source["key"]


def test_building_gives_the_committed_bytes(definitions: dict[str, Any], raw: dict[str, bytes], tmp_path: Path) -> None:
    write_register(build_register(raw, definitions["corrections"]), tmp_path)
    for name in FILES:
        assert (tmp_path / f"{name}.csv").read_bytes() == (ROOT / "edition" / "areas" / f"{name}.csv").read_bytes()


def test_a_disagreement_no_correction_decides_is_refused(definitions: dict[str, Any], raw: dict[str, bytes]) -> None:
    corrections = {**definitions["corrections"], "counties": [], "dfe_names": [], "regions": []}
    with pytest.raises(RegisterError) as error:
        build_register(raw, corrections)
    assert "E07000201 Forest Heath: county E10000030" in str(error.value)
    assert "DfE 840 Durham" in str(error.value)
    assert "E10000007 Derbyshire: region E12000005, its districts E12000004" in str(error.value)


def test_every_correction_says_where_from_and_why(definitions: dict[str, Any]) -> None:
    corrections = definitions["corrections"]
    for kind in set(corrections) - {"awaiting_code", "succession_notes"}:
        for row in corrections[kind]:
            assert row["source"], (kind, row)
            assert row["reason"], (kind, row)


def test_sources_are_described(definitions: dict[str, Any]) -> None:
    for source in definitions["sources"]:
        assert {"key", "publisher", "title", "licence", "mirror", "published", "basis", "sha256"} <= set(source)
        assert source["licence"] == ("cc-by-4" if source["publisher"] == "mySociety" else "ogl-3")
    assert "mySociety" in definitions["attribution"]


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"area_code": ["E1"], "name": ["One, two"], "closed": [None]}, schema_overrides={"closed": pl.String}
    )
    tables = RegisterTables(frame, frame, frame, frame)
    assert len(write_register(tables, tmp_path)) == 4
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert write_register(tables, tmp_path) == []
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert set(before) == {f"{name}.csv" for name in FILES}
    assert (tmp_path / "areas.csv").read_bytes() == b'area_code,name,closed\nE1,"One, two",\n'
