"""The release of what the repository carries, built once for all the workers of a test session."""

from __future__ import annotations

import fcntl
import os
from datetime import date
from pathlib import Path

import pytest

from moothall.pipeline.project import Project
from moothall.pipeline.release import build
from moothall.release.directory import list_releases
from moothall.release.queries import Release

ROOT = Path(__file__).parents[1]
BUILT = date(2026, 11, 1)


def open_real_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release; the first worker to ask builds it, the others wait for it."""
    scratch = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        scratch = scratch.parent
    project = Project(scratch / "carried")
    with (scratch / "carried.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        built = list_releases(project.releases)
        if not built:
            project.root.mkdir(exist_ok=True)
            for part in ("definitions", "edition"):
                link = project.root / part
                link.unlink(missing_ok=True)
                link.symlink_to(ROOT / part)
            built = [build(project, built=BUILT).path]
    return Release.open(built[0])
