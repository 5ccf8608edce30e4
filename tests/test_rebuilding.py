"""A build takes over from the newest release what has not changed, and what it writes is what it would write anew."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from moothall.pipeline import gather as pipeline
from moothall.pipeline.project import Project, load
from moothall.pipeline.release import build
from moothall.release.check import read_database_tables, read_parquet_tables, verify_release
from moothall.release.directory import DATABASE, SHEETS, read_manifest
from moothall.release.excerpt import list_sheets
from moothall.release.write import Written
from tests.conftest import BUILT, Barsetshire

Change = Callable[[Path], None]


def reword(path: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def rekey(root: Path) -> None:
    """A metric's key is another wherever it is named, and the old one an alias."""
    for path in ("derived.yaml", "topics.yaml", "outcomes.yaml"):
        text = (root / "definitions" / path).read_text(encoding="utf-8")
        renamed = re.sub(r"(?<=[ [])reserves-share(?=[\n,}\]])", "reserves-as-a-share", text)
        renamed = renamed.replace(
            "- key: reserves-as-a-share\n", "- key: reserves-as-a-share\n    aliases: [reserves-share]\n"
        )
        (root / "definitions" / path).write_text(renamed, encoding="utf-8")


def lose_a_row(root: Path) -> None:
    """An observation fewer, as when a publisher takes one back."""
    path = root / "edition" / "observations" / "barset-care.parquet"
    metadata = {k: v for k, v in pl.read_parquet_metadata(path).items() if not k.startswith("ARROW")}
    pl.read_parquet(path).slice(1).write_parquet(path, metadata=metadata)


def add_an_alias(root: Path) -> None:
    """The register is another: any figure could be."""
    areas = root / "edition" / "areas"
    code = (areas / "areas.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    with (areas / "aliases.csv").open("a", encoding="utf-8") as aliases:
        aliases.write(f"gss,E06990099,{code}\n")


WASTE, DERIVED = "definitions/sources/barset-waste.yaml", "definitions/derived.yaml"
CHANGES: dict[str, tuple[Change, set[str] | None]] = {
    "the words of a topic": (reword("definitions/topics.yaml", "description: ", "description: Now "), set()),
    "a direction": (reword(WASTE, "polarity: lower", "polarity: none"), {"missed-collections"}),
    "an input's places": (
        reword(WASTE, "places: 0", "places: 1"),
        {"household-waste-collected", "recycling-rate"},
    ),
    "a formula": (reword(DERIVED, "100 * recycled / collected", "99 * recycled / collected"), {"recycling-rate"}),
    "a key": (rekey, {"reserves-as-a-share"}),
    "an observation": (lose_a_row, {"care-satisfaction", "carer-score", "care-requests"}),
    "the register": (add_an_alias, None),
}


@pytest.fixture
def project(barsetshire: Barsetshire, tmp_path: Path) -> Project:
    return Project(barsetshire.copy(tmp_path))


def watch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The metrics whose positions are worked out from now on."""
    seen: list[str] = []
    position = pipeline.position

    def note(current: pl.DataFrame, *more: object) -> object:
        seen.extend(current.get_column("metric_key").unique())
        return position(current, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "position", note)
    return seen


def assert_same(one: Written, other: Written) -> None:
    assert one.digest == other.digest
    for read in (read_parquet_tables, read_database_tables):
        first, second = read(one.path), read(other.path)
        assert first.keys() == second.keys()
        assert all(rows.equals(second[name]) for name, rows in first.items())
    assert read_manifest(one.path)["metrics"] == read_manifest(other.path)["metrics"]


@pytest.mark.parametrize("what", CHANGES)
def test_only_what_changed_is_worked_out_and_the_release_is_the_same(
    what: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, expected = CHANGES[what]
    change(project.root)
    anew = Project(Path(shutil.copytree(project.root, tmp_path / "anew")))
    shutil.rmtree(anew.releases)
    whole = build(anew, built=BUILT)
    seen = watch(monkeypatch)
    written = build(project, built=BUILT)
    assert written.is_new
    assert_same(written, whole)
    assert set(seen) == (set(read_manifest(whole.path)["metrics"]) if expected is None else expected)
    assert list(verify_release(written.path)) == []


def test_one_change_after_another_leaves_nothing_behind(project: Project, tmp_path: Path) -> None:
    for what in ("a direction", "an observation", "a key"):
        CHANGES[what][0](project.root)
        last = build(project, built=BUILT)
    anew = Project(Path(shutil.copytree(project.root, tmp_path / "anew")))
    shutil.rmtree(anew.releases)
    whole = build(anew, built=BUILT)
    assert_same(last, whole)
    assert list_sheets(last.path / SHEETS) == list_sheets(whole.path / SHEETS) != set()
    assert list(verify_release(last.path)) == []


def test_nothing_is_taken_over_from_a_release_that_is_damaged(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    [release] = [path for path in project.releases.iterdir() if (path / DATABASE).is_file()]
    with (release / DATABASE).open("ab") as database:
        database.write(b"\0")
    seen = watch(monkeypatch)
    written = build(project, built=BUILT)
    assert set(seen) == set(read_manifest(written.path)["metrics"])
    assert list(verify_release(written.path)) == []


def test_origins_are_the_same_in_every_process(project: Project) -> None:
    """Python orders sets anew in each; what hung on that order would never be taken over."""
    program = (
        "import json, sys; from pathlib import Path; from moothall.pipeline.origins import find_origins;"
        "from moothall.pipeline.project import Project, load; project = Project(Path(sys.argv[1]));"
        "print(json.dumps(find_origins(project, load(project), None)))"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", program, project.root],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert len(json.loads(found[0])) == len(load(project).metrics)
    assert found[0] == found[1] == found[2]
