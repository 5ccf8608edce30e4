"""The notebook that a stranger works the lists out again with finds the lists of a release, from its Parquet alone."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from moothall.release.queries import Release
from tests.conftest import Barsetshire

NOTEBOOK = Path(__file__).parents[1] / "docs" / "notebooks" / "neighbours.py"


def run(release: Release) -> tuple[int, int]:
    """How many lists the notebook found the same, of how many."""
    found = subprocess.run(
        [sys.executable, str(NOTEBOOK), str(release.directory / "parquet")], capture_output=True, text=True, check=True
    )
    same = re.fullmatch(r"(\d+) of (\d+) lists are the same\n", found.stdout)
    assert same, found.stdout
    return int(same[1]), int(same[2])


def test_it_has_at_most_forty_lines() -> None:
    lines = NOTEBOOK.read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) and not line.startswith("#") for line in lines) <= 40
    assert "moothall" not in " ".join(line for line in lines if "import" in line)


def test_it_finds_the_lists_of_barsetshire(barsetshire: Barsetshire) -> None:
    same, many = run(barsetshire.release)
    assert same == many > 5


def test_it_finds_every_list_of_england(real_release: Release) -> None:
    same, many = run(real_release)
    assert same == many > 300
