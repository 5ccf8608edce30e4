"""Fetch, ingest and check: publishers' files become the edition the project carries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import polars as pl

from moothall.analysis.current import choose_current
from moothall.analysis.gate import count_findings, list_problems
from moothall.core.areas import Register, RegisterError
from moothall.core.definitions import BoundariesFile, Lock, RegisterFile, RegisterSource, SourceDefinition
from moothall.core.frames import OBSERVATION_KEY, OBSERVATIONS
from moothall.core.loading import Catalogue, load_catalogue
from moothall.core.neighbour_models import list_models
from moothall.core.neighbour_sets import CLOSED, OUTSIDE_ENGLAND
from moothall.core.problems import Place, Problem, Problems, ProblemsFound
from moothall.ingest.boundaries import build_boundaries, write_boundaries
from moothall.ingest.fetch import PublishedFile, Series, fetch_files, fetch_source, write_lock
from moothall.ingest.neighbours import ingest_set, write_set
from moothall.ingest.register import build_register, write_register
from moothall.ingest.sources import ingest_source, write_observations
from moothall.ingest.vault import Vault
from moothall.pipeline.carried import (
    check_announced,
    check_functions,
    load_boundaries,
    load_observations,
    load_register,
    load_set,
)
from moothall.pipeline.postcodes import find_package
from moothall.pipeline.project import AREAS, BOUNDARIES, Outcome, Project, choose_sources, is_wanted, load
from moothall.pipeline.quality import check_readings, inspect_sources


def fetch(project: Project, wanted: Sequence[str], mirror: Path | None, today: date) -> Outcome:
    """Bring each edition's file into the vault, from its publisher or a mirror, and write the locks."""
    if mirror is not None and not mirror.is_dir():
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"There is no folder {mirror}.")])
    catalogue = load(project)
    outcome = Outcome()
    vault = Vault(project.vault)
    for name, definition in ((AREAS, catalogue.register), (BOUNDARIES, catalogue.boundaries)):
        if definition and is_wanted(name, wanted):
            had_all = all(vault.has(each.sha256) for each in definition.sources)
            found, problems = fetch_files(list_files(definition.sources), vault, mirror)
            outcome.problems.extend(problems)
            held = f"{len(found)} of {len(definition.sources)} files held"
            outcome.done[name] = f"{held}, unchanged" if had_all else held
    sources = choose_sources(catalogue, wanted)
    sets = [each for key, each in catalogue.neighbour_sets.items() if is_wanted(key, wanted)]
    series: list[tuple[Series, Lock | None, str]] = [
        *((source, catalogue.locks.get(source.source), "sources") for source in sources),
        *((each, catalogue.neighbour_locks.get(each.key), "neighbours") for each in sets),
    ]
    for each, before, folder in series:
        lock, problems = fetch_source(each, before, vault, mirror=mirror, today=today)
        outcome.problems.extend(problems)
        if lock.editions:
            write_lock(lock, project.definitions / folder / f"{each.source}.lock")
        held = f"{len(lock.editions)} of {len(each.editions)} editions held"
        outcome.done[each.source] = held if before != lock else f"{held}, unchanged"
    return outcome


def ingest(project: Project, wanted: Sequence[str]) -> Outcome:
    """Read each source's files from the vault into `edition/`; a source with errors keeps what it had."""
    catalogue = load(project)
    outcome = Outcome()
    vault = Vault(project.vault)
    if catalogue.register and is_wanted(AREAS, wanted):
        outcome.done[AREAS] = ingest_register(project, catalogue.register, vault, outcome.problems)
    if catalogue.boundaries and is_wanted(BOUNDARIES, wanted):
        outcome.done[BOUNDARIES] = ingest_boundaries(project, catalogue.boundaries, vault, outcome.problems)
    register = load_register(project)
    sources = choose_sources(catalogue, wanted)
    ingest_sets(project, catalogue, wanted, vault, register, outcome)
    for source in sources:
        lock = catalogue.locks.get(source.source)
        if source.unread and lock is None:
            outcome.done[source.source] = f"nothing is read of it. {source.unread.why}"
            continue
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


def ingest_sets(
    project: Project, catalogue: Catalogue, wanted: Sequence[str], vault: Vault, register: Register, outcome: Outcome
) -> None:
    """Read the published sets of neighbours into the edition; a set with errors keeps what it had."""
    for key, published in catalogue.neighbour_sets.items():
        if not is_wanted(key, wanted):
            continue
        read = ingest_set(published, catalogue.neighbour_locks.get(key), vault, register)
        outcome.problems.extend(read.problems)
        if read.problems.errors:
            outcome.done[key] = f"not written: {len(read.problems.errors)} errors"
            continue
        if not read.listed:
            outcome.done[key] = "no edition is held"
            continue
        has_changed = write_set(read, project.neighbours / f"{key}.csv")
        lists = len({(each.edition, each.area_code) for each in read.listed})
        left_out = [f"{count} {_LEFT_OUT[why]}" for why, count in sorted(read.rows_left_out.items())]
        said = f"{lists} lists" + (f" ({' and '.join(left_out)} left out)" if left_out else "")
        outcome.done[key] = said if has_changed else f"{said}, unchanged"


_LEFT_OUT = {CLOSED: "of councils that have closed", OUTSIDE_ENGLAND: "of places outside England"}


def list_files(sources: Sequence[RegisterSource]) -> list[PublishedFile]:
    """The files that the register of areas, or the boundaries, are read from."""
    return [
        PublishedFile(source.key, Path(source.mirror).name, source.address, source.mirror, source.sha256)
        for source in sources
    ]


def ingest_register(project: Project, register: RegisterFile, vault: Vault, problems: Problems) -> str:
    """Build the register's tables from its files in the vault, or leave them as they are; says which."""
    raw = read_files(register.sources, vault, problems, Place("definitions/areas.yaml"))
    if raw is None:
        return "not read again"
    try:
        changed = write_register(build_register(raw, register.corrections), project.areas)
    except RegisterError as error:
        problems.add("AREAS_DISAGREE", f"{error}.", Place("definitions/areas.yaml"))
        return "not written"
    return f"{len(changed)} tables written" if changed else "unchanged"


def ingest_boundaries(project: Project, boundaries: BoundariesFile, vault: Vault, problems: Problems) -> str:
    """Cut the outlines down to what the edition carries, or leave it as it is; says which."""
    raw = read_files(boundaries.sources, vault, problems, Place("definitions/boundaries.yaml"))
    if raw is None:
        return "not read again"
    try:
        changed = write_boundaries(build_boundaries(raw), project.boundaries)
    except ProblemsFound as found:
        problems.extend(found.problems)
        return "not written"
    return f"{len(changed)} files written" if changed else "unchanged"


def read_files(
    sources: Sequence[RegisterSource], vault: Vault, problems: Problems, where: Place
) -> dict[str, bytes] | None:
    """The files by key; nothing, with a warning for each that the vault lacks, where they are not all there."""
    absent = [source for source in sources if not vault.has(source.sha256)]
    for source in absent:
        message = f"{source.title} is not in the vault; what was made from it stays as it is."
        problems.add("FILE_MISSING", message, where, "warning")
    return None if absent else {each.key: vault.read(each.sha256, Path(each.mirror).name) for each in sources}


def check(project: Project) -> Outcome:
    """Check every definition, and that locks and observations are those the definitions ask for."""
    catalogue, problems = load_catalogue(project.root)
    outcome = Outcome(problems=problems)
    if problems.errors:
        return outcome
    try:
        register = load_register(project)
        problems.extend(check_functions(catalogue.functions, register))
        problems.extend(check_announced(catalogue.announced, register))
    except ProblemsFound as found:
        problems.extend(found.problems)
    if catalogue.boundaries:
        try:
            load_boundaries(project)
        except ProblemsFound as found:
            problems.extend(found.problems)
    if catalogue.postcodes:
        try:
            find_package(catalogue.postcodes)
        except ProblemsFound as found:
            problems.extend(found.problems)
    for source in catalogue.sources.values():
        lock = catalogue.locks.get(source.source)
        problems.extend(check_lock(source, lock))
        if source.unread is None:
            problems.extend(check_observations(project, source, lock))
    for key, published in catalogue.neighbour_sets.items():
        problems.extend(check_lock(published, catalogue.neighbour_locks.get(key), "neighbours"))
        try:
            load_set(project, published)
        except ProblemsFound as found:
            problems.extend(found.problems)
    outcome.done["definitions"] = f"{len(catalogue.sources_read)} sources, {len(catalogue.metrics)} metrics"
    if not problems.errors:
        outcome.done["quality"] = check_quality(project, catalogue, problems)
    return outcome


def check_quality(project: Project, catalogue: Catalogue, problems: Problems) -> str:
    """Note what the checks before publishing find and nobody accepted; says how much, accepted or not."""
    read = [load_observations(project, source).observations for source in catalogue.sources_read.values()]
    observations = pl.concat([pl.DataFrame(schema=OBSERVATIONS), *read]).sort(OBSERVATION_KEY)
    findings, unused = inspect_sources(catalogue, observations, choose_current(observations), load_register(project))
    problems.extend([*unused, *list_problems(findings)])
    problems.extend(check_readings(observations, list_models(catalogue.neighbour_models, None), catalogue))
    return count_findings(findings)


def check_lock(source: Series, lock: Lock | None, folder: str = "sources") -> Iterator[Problem]:
    """Where the lock and the authored editions disagree."""
    authored = Place(f"definitions/{folder}/{source.source}.yaml")
    locked = lock.editions if lock else {}
    for edition in source.editions:
        line = locked.get(edition.edition)
        if line is None:
            if edition.held:
                yield Problem("LOCK_MISSING", f"Edition {edition.edition!r} is not in the lock.", authored)
        elif not line.fits(edition):
            message = f"The lock gives the edition {edition.edition!r} another day or hash than its definition."
            yield Problem("LOCK_DIFFERS", message, authored)
    for name in sorted(locked.keys() - {edition.edition for edition in source.editions}):
        yield Problem("LOCK_DIFFERS", f"The lock has an edition {name!r} that the source has not.", authored)


def check_observations(project: Project, source: SourceDefinition, lock: Lock | None) -> Iterator[Problem]:
    """Where the edition's observations were not read from the files that the lock names."""
    try:
        editions = load_observations(project, source).editions
    except ProblemsFound as found:
        yield from found.problems
        return
    where = Place((project.observations / f"{source.source}.parquet").relative_to(project.root).as_posix())
    read = dict(editions.select("edition", "sha256").iter_rows())
    locked = {name: line.sha256 for name, line in (lock.editions if lock else {}).items()}
    if read != locked:
        different = sorted(name for name in read.keys() | locked.keys() if read.get(name) != locked.get(name))
        yield Problem("EDITION_STALE", f"They were not read from {', '.join(different)} as locked.", where)
