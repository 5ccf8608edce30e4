"""A release of everything the project carries, built once for all tests of a session."""

from __future__ import annotations

import fcntl
import os
from datetime import date

import pytest

from moothall.pipeline.project import Project
from moothall.pipeline.release import gather
from moothall.release.directory import list_releases
from moothall.release.queries import Release
from moothall.release.write import write_release
from tests.golden.carried import ROOT, load_definitions


@pytest.fixture(scope="session")
def real_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the carried edition, in a temporary directory that workers of one session share."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    directory = shared / "real-releases"
    with (shared / "real-releases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not list_releases(directory):
            contents = gather(Project(ROOT), load_definitions())
            built: date = contents.editions.get_column("known_on").max()  # type: ignore[assignment]
            write_release(contents, directory, code_revision=None, built=built)
    return Release.open(list_releases(directory)[0])
