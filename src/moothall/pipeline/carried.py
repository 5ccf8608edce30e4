"""What the edition carries: register, boundaries and each source's observations, or what is wrong with their files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import polars as pl

from moothall.core.announced import AnnouncedChange
from moothall.core.areas import Register, RegisterError
from moothall.core.boundaries import Boundaries, BoundariesError
from moothall.core.definitions import SourceDefinition
from moothall.core.frames import EDITIONS, conform
from moothall.core.functions import Functions, FunctionsError
from moothall.core.neighbour_sets import Listed, NeighbourSet, NeighbourSetError, read_lists
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


def check_functions(functions: Functions, register: Register) -> Iterator[Problem]:
    """What functions say of areas that are not in the register."""
    try:
        functions.rows(register)
    except FunctionsError as error:
        yield Problem("REFERENCE_UNKNOWN", f"{error}.", Place("definitions/functions.yaml"))


def check_announced(announced: Iterable[AnnouncedChange], register: Register) -> Iterator[Problem]:
    """What announced changes say of areas that are not in the register, or that have ended."""
    for change in announced:
        for code in change.predecessors:
            area = register.areas.get(code)
            if area is None or area.closed is not None:
                said = "is no area of the register" if area is None else "has ended"
                message = f"{code}, which {change.successor} is to replace, {said}."
                yield Problem("REFERENCE_UNKNOWN", message, Place("definitions/announced.yaml"))


def load_boundaries(project: Project) -> Boundaries:
    """The outlines of areas. Raises `ProblemsFound` (EDITION_STALE) where there are none or they cannot be read."""
    where = Place(project.boundaries.relative_to(project.root).as_posix())
    try:
        return Boundaries.read(project.boundaries)
    except FileNotFoundError:
        message = "There are no boundaries."
    except (OSError, BoundariesError) as error:
        message = f"The boundaries cannot be read: {error}."
    raise ProblemsFound([Problem("EDITION_STALE", message, where)])


def load_set(project: Project, published: NeighbourSet) -> tuple[Listed, ...]:
    """The lists of a published set of neighbours; none of a set that nothing is held of.

    Raises `ProblemsFound` (EDITION_STALE) where they cannot be read, or lack an edition that is held.
    """
    path = project.neighbours / f"{published.key}.csv"
    held = {edition.edition for edition in published.editions if edition.held}
    try:
        listed = read_lists(path)
        missing = sorted(held - {each.edition for each in listed})
        if not missing:
            return listed
        message = f"There are no lists of {', '.join(missing)}."
    except FileNotFoundError:
        if not held:
            return ()
        message = "There are no lists."
    except (OSError, NeighbourSetError) as error:
        message = f"The lists cannot be read: {error}."
    raise ProblemsFound([Problem("EDITION_STALE", message, Place(path.relative_to(project.root).as_posix()))])


def load_observations(project: Project, source: SourceDefinition) -> Ingested:
    """A source's observations; the words about its editions are those of the definition as it stands.

    Raises `ProblemsFound` (EDITION_STALE) where there are none, they cannot be read, or they were read by a definition
    that has changed since.
    """
    path = project.observations / f"{source.source}.parquet"
    try:
        ingested = read_observations(path)
        if ingested.reading_digest == source.digest_reading(set(ingested.editions.get_column("edition"))):
            return replace(ingested, editions=_reword(ingested.editions, source))
        message = "The definition's editions or tables have changed since they were read."
    except FileNotFoundError:
        message = "There are no observations."
    except (OSError, KeyError, ValueError, pl.exceptions.PolarsError) as error:
        message = f"The observations cannot be read: {error}."
    raise ProblemsFound([Problem("EDITION_STALE", message, Place(path.relative_to(project.root).as_posix()))])


def _reword(editions: pl.DataFrame, source: SourceDefinition) -> pl.DataFrame:
    """The editions with what may be reworded without reading their files again."""
    words = pl.DataFrame(
        [(e.edition, e.title, e.address, str(e.quality or source.quality), e.note) for e in source.editions],
        schema={name: EDITIONS[name] for name in ("edition", "title", "address", "quality", "note")},
        orient="row",
    )
    return conform(editions.drop(words.columns[1:]).join(words, on="edition", maintain_order="left"), EDITIONS)
