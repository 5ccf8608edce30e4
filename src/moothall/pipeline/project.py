"""A project: where it keeps what it authors, carries and makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from moothall.core.definitions import SourceDefinition
from moothall.core.loading import Catalogue, load_catalogue
from moothall.core.problems import Problem, Problems, ProblemsFound


@dataclass(frozen=True)
class Project:
    """Where a project keeps what it authors, carries and makes."""

    root: Path

    @property
    def definitions(self) -> Path:
        """What analysts write."""
        return self.root / "definitions"

    @property
    def areas(self) -> Path:
        """The register's tables."""
        return self.root / "edition" / "areas"

    @property
    def boundaries(self) -> Path:
        """The outlines of areas."""
        return self.root / "edition" / "boundaries"

    @property
    def neighbours(self) -> Path:
        """One CSV file per published set of neighbours."""
        return self.root / "edition" / "neighbours"

    @property
    def observations(self) -> Path:
        """One Parquet file per source."""
        return self.root / "edition" / "observations"

    @property
    def vault(self) -> Path:
        """Raw files by sha256."""
        return self.root / "vault"

    @property
    def releases(self) -> Path:
        """Immutable releases and the pointer to the current one."""
        return self.root / "releases"


def find_project(start: Path) -> Project:
    """The project that `start` is in: the nearest folder upwards with `definitions/`.

    Raises `ProblemsFound` when there is none.
    """
    for folder in (start, *start.parents):
        if (folder / "definitions").is_dir():
            return Project(folder)
    message = f"There is no 'definitions' folder in {start} or above it."
    raise ProblemsFound([Problem("PROJECT_MISSING", message)])


def read_day(text: str) -> date:
    """A day as people type it. Raises `ProblemsFound`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a day; write it as 2024-06-30."
        raise ProblemsFound([Problem("ARGUMENT_INVALID", message)]) from None


def load(project: Project) -> Catalogue:
    """The project's definitions. Raises `ProblemsFound` with every mistake in them."""
    catalogue, problems = load_catalogue(project.root)
    problems.raise_errors()
    return catalogue


AREAS = "areas"
"""What the register of areas is called among the sources."""
BOUNDARIES = "boundaries"
"""What the outlines of areas are called among the sources."""


def is_wanted(name: str, wanted: Sequence[str]) -> bool:
    """Whether something was asked for: by its name, or by asking for everything."""
    return not wanted or name in wanted


def choose_sources(catalogue: Catalogue, wanted: Sequence[str]) -> list[SourceDefinition]:
    """The sources named, or all. Raises `ProblemsFound` for a name that is none."""
    problems = Problems()
    others = [AREAS, BOUNDARIES, *catalogue.neighbour_sets]
    for name in wanted:
        if name not in catalogue.sources and name not in others:
            known = ", ".join([*others, *sorted(catalogue.sources)])
            problems.add("ARGUMENT_INVALID", f"There is no source {name!r}; there are {known}.")
    problems.raise_errors()
    return [source for key, source in catalogue.sources.items() if is_wanted(key, wanted)]


@dataclass(frozen=True)
class Outcome:
    """What a command did to each thing it worked on, and what stood in its way."""

    done: dict[str, str] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)

    def as_json(self) -> dict[str, Any]:
        """The outcome as plain data."""
        return {"done": self.done, "problems": [problem.as_json() for problem in self.problems]}
