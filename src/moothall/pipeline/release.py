"""Build and verify: the edition becomes a release, and a release is held against the raw files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from math import nan
from pathlib import Path
from typing import NamedTuple

import polars as pl

from moothall.analysis.current import as_known_on, choose_current
from moothall.analysis.derive import derive
from moothall.analysis.position import position
from moothall.analysis.rollup import roll_up
from moothall.analysis.shapes import draw_shapes
from moothall.core.areas import Register
from moothall.core.frames import EDITIONS, OBSERVATION_KEY, OBSERVATIONS, SETTLED, SHAPES
from moothall.core.grounds import list_parts
from moothall.core.layouts import LongMetric, WideColumn
from moothall.core.loading import Catalogue
from moothall.core.neighbour_models import list_models
from moothall.core.problems import Place, Problem, Problems, ProblemsFound
from moothall.core.values import Unit, scale_exactly
from moothall.ingest.sources import name_file, read_cell, read_sheet
from moothall.ingest.vault import Vault
from moothall.pipeline.carried import (
    check_announced,
    check_functions,
    load_boundaries,
    load_observations,
    load_register,
)
from moothall.pipeline.neighbours import (
    choose_default,
    find_validation_origin,
    list_metrics,
    take_over,
    work_out_neighbours,
    work_out_validation,
)
from moothall.pipeline.origins import (
    close_over,
    find_kept,
    find_lists_origin,
    find_origins,
    find_whole,
    place_among,
    read_kept,
    touch_sources,
)
from moothall.pipeline.project import Outcome, Project, load
from moothall.pipeline.quality import inspect_sources
from moothall.release.changes import Difference, keep_difference
from moothall.release.check import check_figure, sample_traces, verify_release
from moothall.release.contents import Contents
from moothall.release.diff import diff
from moothall.release.directory import SHEETS, list_releases, read_manifest, verify_checksums
from moothall.release.excerpt import drop_sheets, list_sheets, write_sheets
from moothall.release.figures import Selection
from moothall.release.history import note_reading
from moothall.release.pointer import current, find_newest, find_served, note_newest
from moothall.release.queries import Release
from moothall.release.records import CellRecord, FigureRecord, TraceRecord, UnknownKey
from moothall.release.write import Written, write_release


class Carried(NamedTuple):
    """What the edition carries of publishers' files: frames by the schemas of `core.frames`."""

    observations: pl.DataFrame
    editions: pl.DataFrame
    settled: pl.DataFrame


def build(project: Project, *, built: date, as_of: date | None = None) -> Written:
    """Build a release from `definitions/` and `edition/`, with what was known on `as_of` when given.

    Nothing outside those two folders is read, but for the raw sheets that a trace may show, outside the digest.
    A release as of an earlier day is never taken for the newest. Raises `ProblemsFound`.
    """
    catalogue = load(project)
    contents = gather(project, catalogue, as_of)
    if as_of is not None and contents.observations.is_empty():
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"Nothing was known on {as_of}.")])
    written = write_release(
        contents,
        project.releases,
        code_revision=find_revision(project.root),
        built=built,
        write_extras=lambda directory: write_excerpts(project, catalogue, contents, directory),
    )
    if as_of is None:
        note_newest(project.releases, written.id)
    return written


def gather(project: Project, catalogue: Catalogue, as_of: date | None = None) -> Contents:
    """Work out everything a release holds. Raises `ProblemsFound` when something of the edition cannot be read.

    What the newest release has and nothing has touched since is taken from there.
    """
    register, shapes, carried = read_edition(project, catalogue)
    observations, editions, settled = carried.observations, carried.editions, carried.settled
    del carried
    if as_of is not None:
        observations = as_known_on(observations, as_of)
        editions = as_known_on(editions, as_of)
        settled = settled.join(editions, on="edition_key", how="semi")
    models = list_models(catalogue.neighbour_models, as_of)
    of_values = find_origins(project, catalogue, as_of)
    lists_origin = find_lists_origin(models, of_values)
    newest = find_whole(project.releases)
    if newest is not None and read_manifest(newest)["neighbours"]["lists"] == lists_origin:
        neighbours = take_over(newest)
    else:
        wanted = close_over(list_metrics(models), catalogue)
        likened_by = choose_current(observations.filter(pl.col("metric_key").is_in(wanted)))
        values = work_out(likened_by, catalogue, wanted, register)
        neighbours = work_out_neighbours(values, models, register)
    origins = place_among(of_values, choose_default(neighbours, models))
    kept = find_kept(newest, origins)
    anew = {key for key in catalogue.metrics if kept is None or key not in kept.digests}
    touched = touch_sources(anew, catalogue)
    needed = close_over(anew, catalogue) | set(touched.metrics)
    read_values = choose_current(observations.filter(pl.col("metric_key").is_in(needed)))
    findings, _ = inspect_sources(touched, observations, read_values, register)
    current = work_out(read_values, catalogue, needed, register).filter(pl.col("metric_key").is_in(anew))
    del read_values
    breaks = {
        key: frozenset(period for period, kind, _ in catalogue.period_notes(key) if kind.is_break)
        for key in catalogue.metrics
    }
    figures, summaries = position(current, catalogue.metrics, register, catalogue.functions, breaks)
    if kept is not None:
        there = read_kept(kept)
        figures, summaries = pl.concat([figures, there.figures]), pl.concat([summaries, there.summaries])
        others = there.findings.filter(~pl.col("metric_key").is_in(list(touched.metrics)))
        findings = pl.concat([findings, others])
    judged_from = find_validation_origin(lists_origin, neighbours, catalogue, origins)
    if newest is None or read_manifest(newest)["neighbours"]["validation"] != judged_from:
        judged = work_out_validation(figures, summaries, neighbours, models, catalogue.measures, register)
        neighbours = {**neighbours, "neighbour_validation": judged}
    return Contents(
        catalogue=catalogue,
        register=register,
        editions=editions,
        settled=settled,
        observations=observations,
        figures=figures,
        summaries=summaries,
        shapes=shapes,
        findings=findings,
        neighbours=neighbours,
        neighbour_origins={"lists": lists_origin, "validation": judged_from},
        as_of=as_of,
        origins=origins,
        kept=kept,
    )


def read_edition(project: Project, catalogue: Catalogue) -> tuple[Register, pl.DataFrame, Carried]:
    """The register, the shapes of maps, and all that is carried of publishers' files. Raises `ProblemsFound`."""
    register = load_register(project)
    problems = Problems(check_functions(catalogue.functions, register))
    problems.extend(check_announced(catalogue.announced, register))
    read = []
    for source in catalogue.sources_read.values():
        try:
            read.append(load_observations(project, source))
        except ProblemsFound as found:
            problems.extend(found.problems)
    shapes = pl.DataFrame(schema=SHAPES)
    if catalogue.boundaries:
        try:
            shapes = draw_shapes(load_boundaries(project), register)
        except ProblemsFound as found:
            problems.extend(found.problems)
    problems.raise_errors()
    observations = pl.concat([pl.DataFrame(schema=OBSERVATIONS), *(each.observations for each in read)])
    editions = pl.concat([pl.DataFrame(schema=EDITIONS), *(each.editions for each in read)])
    settled = pl.concat([pl.DataFrame(schema=SETTLED), *(each.settled for each in read)])
    # What every row of an edition shares stands once, with the edition.
    shared = ("published", "published_precision", "published_basis")
    return (
        register,
        shapes,
        Carried(observations.drop(shared).sort(OBSERVATION_KEY), editions.sort("edition_key"), settled),
    )


def work_out(
    read_values: pl.DataFrame, catalogue: Catalogue, needed: Collection[str], register: Register
) -> pl.DataFrame:
    """The values read, those worked out from them, and those of areas made of others; of metrics that have figures."""
    shown = {key: each for key, each in catalogue.metrics.items() if key in needed and each.status.has_figures}
    derived = {key: metric for key, metric in catalogue.derived.items() if key in needed}
    current = derive(read_values.filter(pl.col("metric_key").is_in(list(shown))), derived)
    rolled = roll_up(current, shown, list_parts(register), register, catalogue.functions)
    return pl.concat([current, rolled], how="diagonal_relaxed")


def find_revision(root: Path) -> str | None:
    """The commit that the project stands at; none outside a checkout."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - the git of whoever builds
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return found.stdout.strip()


def write_excerpts(project: Project, catalogue: Catalogue, contents: Contents, directory: Path) -> None:
    """Put the sheets that figures rest on beside the release, as far as the vault has their files.

    Sheets that stand beside the release from which figures were taken over are taken over with them.
    """
    kept = contents.kept
    vault, files = Vault(project.vault), find_files(project, catalogue)
    used = contents.observations.select("edition_key", "sheet").unique().sort("edition_key", "sheet").rows()
    # Two editions may be the same bytes, where a file has two years side by side.
    held = {
        (files[edition_key][0], sheet): files[edition_key][1] for edition_key, sheet in used if edition_key in files
    }
    if not held:
        return
    there = set[tuple[str, str]]()
    if kept is not None and (there := list_sheets(kept.release / SHEETS)):
        shutil.copyfile(kept.release / SHEETS, directory / SHEETS)
        drop_sheets(directory / SHEETS, there - held.keys())
    missing = {key: name for key, name in held.items() if key not in there}
    sheets = ((sha256, sheet, read_sheet(vault, sha256, sheet, name).rows) for (sha256, sheet), name in missing.items())
    write_sheets(directory / SHEETS, sheets)


def find_files(project: Project, catalogue: Catalogue) -> dict[str, tuple[str, str]]:
    """The files that the vault holds, as sha256 and the publisher's name for it, by edition key."""
    vault = Vault(project.vault)
    found = {}
    for source, lock in catalogue.locks.items():
        editions = {edition.edition: edition for edition in catalogue.sources[source].editions}
        for name, line in lock.editions.items():
            if name in editions and vault.has(line.sha256):
                found[f"{source}/{name}"] = (line.sha256, name_file(editions[name]))
    return found


def find_release(project: Project, release_id: str | None) -> Release:
    """The release of an id, or the one that is served. Raises `ProblemsFound`."""
    if release_id is None:
        return Release.open(current(project.releases, os.environ))
    directory = project.releases / release_id
    if directory not in list_releases(project.releases):
        raise ProblemsFound([Problem("RELEASE_UNKNOWN", f"There is no release {release_id!r}.")])
    return Release.open(directory)


def verify(project: Project, release_id: str | None, many: int, seed: int) -> Outcome:
    """Hold a release against its checksums and digest, and `many` of its figures against the cells they rest on.

    Each cell is read again from the raw file, its text compared with the text stored, and its value worked out again,
    as are the formulas of derived figures. Which figures is chance, by `seed`.
    """
    catalogue = load(project)
    release = find_release(project, release_id)
    outcome = Outcome(problems=verify_release(release.directory))
    if outcome.problems.errors:
        return outcome
    outcome.done["release"] = f"{release.record.id} is as it was written"
    vault, files = Vault(project.vault), find_files(project, catalogue)
    traces = sample_traces(release, many, seed)
    for found in traces:
        outcome.problems.extend(check_figure(release, found))
    # Edition by edition, so that each file is opened once.
    cells = sorted((cell for found in traces for cell in found.cells), key=lambda cell: cell.edition.key)
    read = 0
    for edition, together in groupby(cells, key=lambda cell: cell.edition):
        sha256, name = files.get(edition.key, ("", ""))
        if sha256 != edition.sha256:
            continue
        try:
            for cell in together:
                outcome.problems.extend(check_cell(cell, catalogue, vault, name))
                read += 1
        except ProblemsFound as stopped:
            outcome.problems.extend(stopped.problems)
    outcome.done["cells"] = f"{read:,} of the {len(cells):,} that {many:,} figures rest on were read again"
    if read < len(cells):
        outcome.problems.add(
            "FILE_MISSING",
            f"{len(cells) - read:,} cells are in files that the vault does not hold, or that cannot be read.",
            severity="warning",
        )
    return outcome


def check_cell(cell: CellRecord, catalogue: Catalogue, vault: Vault, file: str) -> Iterator[Problem]:
    """What differs between a cell of the raw file and what the release says of it."""
    where = Place(file, sheet=cell.sheet, cell=cell.cell)
    found = read_cell(vault, cell.edition.sha256, cell.sheet, cell.cell, file)
    if found != cell.stored:
        yield Problem("CELL_DIFFERS", f"The release says {cell.stored!r}, the cell {found!r}.", where)
    elif cell.value is not None:
        unit = catalogue.metrics[cell.metric].unit
        value = scale_exactly(read_number(found, unit), find_scale(catalogue, cell))
        if value != cell.value:
            yield Problem("CELL_DIFFERS", f"The release says {cell.value!r}, the cell gives {value!r}.", where)


def read_number(text: str, unit: Unit) -> float:
    """The number that a cell's text begins with, or that its words stand for; nan where there is none.

    Read on its own account: not by the code that ingested it.
    """
    if unit is Unit.JUDGEMENT:
        text = {"outst": "1", "good": "2", "requi": "3", "inade": "4"}.get(text.strip().lower()[:5], text)
    elif unit is Unit.DATE:
        text = text.replace("-", "")
    found = re.match(r"\s*([-+]?[0-9][0-9,]*\.?[0-9]*|[-+]?\.[0-9]+)([eE][-+]?[0-9]+)?", text.replace("\u2212", "-"))
    return float(found[0].replace(",", "")) if found else nan


def find_scale(catalogue: Catalogue, cell: CellRecord) -> Decimal:
    """What the definitions multiply a cell by."""
    source, edition = cell.edition.source, cell.edition.edition
    for table in catalogue.sources[source].tables_of(edition):
        long_metrics = table.values.metrics.values() if table.values else ()
        columns: tuple[WideColumn | LongMetric, ...] = (*table.columns, *long_metrics)
        for column in columns:
            if (column.metric, column.breakdown) == (cell.metric, cell.breakdown):
                return column.scale
    return Decimal(1)


def trace(project: Project, release_id: str | None, metric: str, area: str, period: str, breakdown: str) -> TraceRecord:
    """Where a figure comes from. Raises `ProblemsFound` for a key that the release has not."""
    try:
        return find_release(project, release_id).trace(metric, area, period, breakdown=breakdown)
    except UnknownKey as error:
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"{str(error).capitalize()}.")]) from error


def select_figures(project: Project, release_id: str | None, selection: Selection) -> list[FigureRecord]:
    """The figures asked for. Raises `ProblemsFound` for a key that the release has not."""
    try:
        return find_release(project, release_id).figures(selection)
    except UnknownKey as error:
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"{str(error).capitalize()}.")]) from error


def compare_releases(project: Project, old_id: str | None, new_id: str | None) -> Difference:
    """What changes from one release to another: by default from the one published last to the newest.

    Raises `ProblemsFound` when there is no such release, or one is not as it was written.
    """
    old_id = old_id or find_served(project.releases)
    if old_id is None:
        message = "Nothing has been published here: there is nothing to compare with unless you name it."
        raise ProblemsFound([Problem("RELEASE_UNKNOWN", message)])
    old, new = (find_release(project, each) for each in (old_id, new_id or find_newest(project.releases).name))
    for release in (old, new):
        verify_checksums(release.directory).raise_errors()
    return diff(old, new)


def note_read(project: Project, difference: Difference) -> Path | None:
    """Keep a difference for readers of the site and note that it was read; where, unless it is of one with itself."""
    if difference.old == difference.new:
        return None
    kept = keep_difference(project.releases, difference)
    note_reading(project.releases, difference.old, difference.new)
    return kept
