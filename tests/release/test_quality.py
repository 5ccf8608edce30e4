"""Publishing asks that what the checks found was mended or accepted; a release says what was accepted, and why."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from moothall.core.problems import Exit, ProblemsFound
from moothall.pipeline.edition import check
from moothall.pipeline.project import Project
from moothall.pipeline.release import build
from moothall.release.directory import read_manifest
from moothall.release.pointer import publish, read_pointer
from tests.conftest import Barsetshire

OUTTURN = Path("definitions/sources/barset-outturn.yaml")
REASON = "The Exchequer of Barsetshire allows no council to spend more than the year before."


@pytest.fixture
def unaccepted(barsetshire: Barsetshire, tmp_path: Path) -> Project:
    """Barsetshire without the reason for which its spending stays the same."""
    project = Project(barsetshire.copy(tmp_path))
    path = project.root / OUTTURN
    text = path.read_text(encoding="utf-8")
    start, end = text.index("accepted:\n"), text.index("\neditions:\n")
    path.write_text(text[:start] + text[end + 1 :], encoding="utf-8")
    return project


def test_what_was_accepted_stands_in_the_release_with_its_reason(barsetshire: Barsetshire, tmp_path: Path) -> None:
    accepted = [
        each for each in barsetshire.release.record.findings if each.reason and each.metric_key == "net-spending"
    ]
    assert [(each.code, each.metric_key, each.period, each.reason) for each in accepted] == [
        ("PERIOD_REPEATED", "net-spending", "2022-23", REASON),
        ("PERIOD_REPEATED", "net-spending", "2023-24", REASON),
    ]
    stored = pl.read_parquet(barsetshire.release.directory / "parquet" / "findings.parquet")
    assert stored.to_dicts() == read_manifest(barsetshire.release.directory)["findings"]
    own = Project(barsetshire.copy(tmp_path))
    assert publish(own.releases, barsetshire.release.record.id).errors == []


def test_publish_refuses_what_nobody_accepted(unaccepted: Project) -> None:
    before = read_pointer(unaccepted.releases)
    written = build(unaccepted, built=date(2025, 6, 2))
    assert written.is_new, "another reason is another release"
    with pytest.raises(ProblemsFound) as caught:
        publish(unaccepted.releases, written.id)
    found = list(caught.value.problems)
    assert {problem.code for problem in found} == {"QUALITY_UNACCEPTED"}
    assert caught.value.problems.exit_code == Exit.DATA == 12
    assert len(found) == 2
    assert "PERIOD_REPEATED: net-spending, 2022-23: 14 of 14 values are those of 2021-22." in str(found[0])
    assert read_pointer(unaccepted.releases) == before


def test_check_ends_by_it_and_build_says_it(unaccepted: Project) -> None:
    outcome = check(unaccepted)
    assert outcome.problems.exit_code == Exit.DATA
    assert outcome.done["quality"].startswith("2 errors, ")
    command = [sys.executable, "-m", "moothall.cli", "build", "--json", "--root", str(unaccepted.root)]
    script = "import sys; from moothall.cli import main; raise SystemExit(main(sys.argv[1:]))"
    command[1:3] = ["-c", script]
    built = subprocess.run(command, capture_output=True, text=True, check=True)
    said = json.loads(built.stdout)
    assert said["quality"] == outcome.done["quality"]
    assert [each["code"] for each in said["problems"] if each["severity"] == "error"] == ["PERIOD_REPEATED"] * 2
