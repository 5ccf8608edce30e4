"""What the edition carries: the register of areas and each source's observations, or what is wrong with their files."""

from __future__ import annotations

import re

import polars as pl

from moothall.core.areas import Register, RegisterError
from moothall.core.definitions import SourceDefinition
from moothall.core.problems import Place, Problem, ProblemsFound
from moothall.ingest.sources import Ingested, read_observations
from moothall.pipeline.project import Project


def load_register(project: Project) -> Register:
    """The register of areas. Raises `ProblemsFound` with the file and line that cannot be read."""
    folder = project.areas.relative_to(project.root).as_posix()
    try:
        return Register.read(project.areas)
    except OSError as error:
        where = Place(str(error.filename))
        raise ProblemsFound([Problem("DEFINITION_INVALID", f"{error.strerror}.", where)]) from error
    except RegisterError as error:
        found = re.fullmatch(r"(\w+\.csv):(\d+): (.*)", str(error))
        where = Place(f"{folder}/{found[1]}", int(found[2])) if found else Place(folder)
        raise ProblemsFound([Problem("DEFINITION_INVALID", f"{found[3] if found else error}.", where)]) from error


def load_observations(project: Project, source: SourceDefinition) -> Ingested:
    """A source's observations.

    Raises `ProblemsFound` (EDITION_STALE) where there are none, they cannot be read, or they were read by a definition
    that has changed since.
    """
    path = project.observations / f"{source.source}.parquet"
    try:
        ingested = read_observations(path)
        if ingested.reading_digest == source.reading_digest:
            return ingested
        message = "The definition's editions or tables have changed since they were read."
    except FileNotFoundError:
        message = "There are no observations."
    except (OSError, KeyError, ValueError, pl.exceptions.PolarsError) as error:
        message = f"The observations cannot be read: {error}."
    raise ProblemsFound([Problem("EDITION_STALE", message, Place(path.relative_to(project.root).as_posix()))])
