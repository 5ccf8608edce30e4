"""Build and verify: the edition becomes a release, and a release is held against the raw files."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from math import nan
from pathlib import Path
from typing import Any

from moothall.core.layouts import LongMetric, WideColumn
from moothall.core.loading import Catalogue
from moothall.core.problems import Place, Problem, ProblemsFound
from moothall.core.values import Unit, scale_exactly
from moothall.ingest.sources import name_file, read_cell, read_sheet
from moothall.ingest.vault import Vault
from moothall.pipeline.gather import gather
from moothall.pipeline.project import Outcome, Project, load
from moothall.release.changes import Difference, keep_difference
from moothall.release.check import check_figure, sample_traces, verify_release
from moothall.release.contents import Contents
from moothall.release.diff import diff
from moothall.release.directory import SHEETS, list_releases, verify_checksums
from moothall.release.downloads.figures import tabulate_figures
from moothall.release.downloads.table import Table
from moothall.release.excerpt import drop_sheets, list_sheets, write_sheets
from moothall.release.figures import Selection
from moothall.release.history import note_reading
from moothall.release.neighbour_export import list_as_json
from moothall.release.pointer import current, find_newest, find_served, note_newest
from moothall.release.queries import Release
from moothall.release.records import CellRecord, TraceRecord, UnknownKey
from moothall.release.write import Written, write_release


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


def list_neighbours(
    project: Project, release_id: str | None, area: str, model: str, version: str | None
) -> dict[str, Any]:
    """An area's neighbours as the API has them. Raises `ProblemsFound` for a key that the release has not."""
    release = find_release(project, release_id)
    try:
        found = release.neighbours(area, model, version=version)
    except UnknownKey as error:
        raise ProblemsFound([Problem("ARGUMENT_INVALID", f"{str(error).capitalize()}.")]) from error
    return list_as_json(found, release.area, release.record.id)


def tabulate(project: Project, release_id: str | None, selection: Selection, address: str) -> Table:
    """The figures asked for, to write in any format; `address` is where the API has the same.

    Raises `ProblemsFound` for a key that the release has not.
    """
    try:
        return tabulate_figures(find_release(project, release_id), selection, address)
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
