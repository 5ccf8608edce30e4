"""What tests share: Barsetshire, fetched, ingested, built and open."""

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from moothall.pipeline.edition import fetch, ingest
from moothall.pipeline.project import Project
from moothall.pipeline.release import build
from moothall.release.queries import Release
from tests.barsetshire.make import make_project
from tests.real import open_real_release
from tests.release.barset import build_release
from tests.release.movements import make_moved

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moothall.site.settings")
# How long an example takes says more about the machine's other work than about the code.
settings.register_profile("moothall", deadline=None)
settings.load_profile("moothall")
FETCHED, BUILT = date(2025, 6, 1), date(2025, 6, 2)


@dataclass(frozen=True)
class Barsetshire:
    """The fictional county's project, fetched, ingested and built once; tests that change it take a `copy`."""

    project: Project
    release: Release

    @property
    def root(self) -> Path:
        return self.project.root

    def copy(self, directory: Path) -> Path:
        """A project like it, release and all, to do harm to; returns its root."""
        return Path(shutil.copytree(self.root, directory / "barsetshire"))


@pytest.fixture(scope="session")
def barsetshire(tmp_path_factory: pytest.TempPathFactory) -> Barsetshire:
    project = Project(make_project(tmp_path_factory.mktemp("project") / "barsetshire"))
    for outcome in (fetch(project, [], project.root / "mirror", FETCHED), ingest(project, [])):
        assert list(outcome.problems) == []
    written = build(project, built=BUILT)
    return Barsetshire(project, Release.open(written.path))


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of Barset in which series moved."""
    return build_release(tmp_path_factory.mktemp("moved"), make_moved())


@pytest.fixture(scope="session")
def real_release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of all that the repository carries."""
    return open_real_release(tmp_path_factory)
