"""Fetch, ingest and check: publishers' files become the edition the project carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from moothall.core.areas import Register
from moothall.core.definitions import Lock, SourceDefinition
from moothall.core.loading import load_catalogue
from moothall.core.problems import Place, Problem
from moothall.ingest.fetch import fetch_source, write_lock
from moothall.ingest.sources import ingest_source, read_observations, write_observations
from moothall.ingest.vault import Vault
from moothall.pipeline.project import Outcome, Project, choose_sources, load


def fetch(project: Project, wanted: Sequence[str], mirror: Path | None, today: date) -> Outcome:
    """Bring each edition's file into the vault, from its publisher or a mirror, and write the locks."""
    catalogue = load(project)
    outcome = Outcome()
    vault = Vault(project.vault)
    for source in choose_sources(catalogue, wanted):
        before = catalogue.locks.get(source.source)
        lock, problems = fetch_source(source, before, vault, mirror=mirror, today=today)
        outcome.problems.extend(problems)
        if lock.editions:
            write_lock(lock, project.definitions / "sources" / f"{source.source}.lock")
        held = f"{len(lock.editions)} of {len(source.editions)} editions held"
        outcome.done[source.source] = held if before != lock else f"{held}, unchanged"
    return outcome


def ingest(project: Project, wanted: Sequence[str]) -> Outcome:
    """Read each source's files from the vault into `edition/`; a source with errors keeps what it had."""
    catalogue = load(project)
    register = Register.read(project.areas)
    outcome = Outcome()
    vault = Vault(project.vault)
    for source in choose_sources(catalogue, wanted):
        lock = catalogue.locks.get(source.source)
        if lock is None:
            where = Place(f"definitions/sources/{source.source}.yaml")
            outcome.problems.add("LOCK_MISSING", "The source has never been fetched.", where)
            continue
        ingested = ingest_source(source, lock, vault, register)
        outcome.problems.extend(ingested.problems)
        if ingested.problems.errors:
            outcome.done[source.source] = f"not written: {len(ingested.problems.errors)} errors"
            continue
        path = project.observations / f"{source.source}.parquet"
        has_changed = write_observations(ingested, path)
        outcome.done[source.source] = (
            f"{ingested.observations.height:,} observations{'' if has_changed else ', unchanged'}"
        )
    return outcome


def check(project: Project) -> Outcome:
    """Check every definition, and that locks and observations are those the definitions ask for."""
    catalogue, problems = load_catalogue(project.root)
    outcome = Outcome(problems=problems)
    if problems.errors:
        return outcome
    try:
        catalogue.functions.rows(Register.read(project.areas))
    except ValueError as error:
        problems.add("REFERENCE_UNKNOWN", f"{error}.", Place("definitions/functions.yaml"))
    for source in catalogue.sources.values():
        lock = catalogue.locks.get(source.source)
        problems.extend(check_lock(source, lock))
        problems.extend(check_observations(project, source, lock))
    outcome.done["definitions"] = f"{len(catalogue.sources)} sources, {len(catalogue.metrics)} metrics"
    return outcome


def check_lock(source: SourceDefinition, lock: Lock | None) -> Iterator[Problem]:
    """Where the lock and the authored editions disagree."""
    authored = Place(f"definitions/sources/{source.source}.yaml")
    locked = lock.editions if lock else {}
    for edition in source.editions:
        line = locked.get(edition.edition)
        if line is None:
            if edition.held:
                yield Problem("LOCK_MISSING", f"Edition {edition.edition!r} is not in the lock.", authored)
        elif (line.published, line.basis) != (edition.published, edition.basis):
            message = f"Edition {edition.edition!r} was published {edition.published}, the lock says {line.published}."
            yield Problem("LOCK_DIFFERS", message, authored)
        elif edition.sha256 is not None and edition.sha256 != line.sha256:
            yield Problem("LOCK_DIFFERS", f"Edition {edition.edition!r} has another sha256 in the lock.", authored)
    for name in locked.keys() - {edition.edition for edition in source.editions}:
        yield Problem("LOCK_DIFFERS", f"The lock has an edition {name!r} that the source has not.", authored)


def check_observations(project: Project, source: SourceDefinition, lock: Lock | None) -> Iterator[Problem]:
    """Where the edition's observations were not read from the files that the lock names."""
    path = project.observations / f"{source.source}.parquet"
    where = Place(path.relative_to(project.root).as_posix())
    if not path.exists():
        yield Problem("EDITION_STALE", "There are no observations.", where)
        return
    _, editions, _ = read_observations(path)
    read = dict(editions.select("edition", "sha256").iter_rows())
    locked = {name: line.sha256 for name, line in (lock.editions if lock else {}).items()}
    if read != locked:
        different = sorted(name for name in read.keys() | locked.keys() if read.get(name) != locked.get(name))
        yield Problem("EDITION_STALE", f"They were not read from {', '.join(different)} as locked.", where)
