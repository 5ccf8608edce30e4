"""Reading what a release gives, and publishing as a careful person does: what changes is read first."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import polars as pl

from moothall.core.loading import Catalogue
from moothall.release.changes import Difference, keep_difference
from moothall.release.diff import diff
from moothall.release.downloads.delimited import write_lines
from moothall.release.downloads.figures import FIGURE_COLUMNS, read_row, tabulate_figures
from moothall.release.downloads.formats import Format, write
from moothall.release.figures import Selection
from moothall.release.history import note_reading
from moothall.release.pointer import find_served, publish
from moothall.release.queries import Release
from moothall.release.records import FigureRecord
from moothall.release.write import Contents
from tests.release.barset import (
    ALLINGTON,
    BARCHESTER,
    CATALOGUE,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OBSERVED,
    OMNIUM,
    SILVERBRIDGE,
    make_contents,
)

CARERS = (COUNTY, GREATER_PLUMSTEAD, ALLINGTON)


EARLIER_VALUES = {
    ("bins-missed", BARCHESTER, "2023-24"): (440.0, None),  # revised since
    ("bins-missed", SILVERBRIDGE, "2023-24"): (5.0, None),  # a true zero since
    ("bins-missed", FRAMLEY, "2023-24"): (58.0, None),  # without a value since
    ("bins-missed", GREATER_PLUMSTEAD, "2023-24"): (66.25, None),  # marked as estimated since
    ("bins-emptied", GATHERUM, "2023-24"): (None, "not_submitted"),  # with a value since
}
EARLIER_WITHOUT = {("bins-missed", OMNIUM, "2023-24"), *(("carers-content", each, "2023-24") for each in CARERS)}


def read_file(release: Release, selection: Selection) -> list[dict[str, str]]:
    """The rows of the CSV file of a selection."""
    content = b"".join(write(tabulate_figures(release, selection), Format.CSV)).decode("utf-8")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def write_alone(figure: FigureRecord) -> dict[str, str]:
    """The row of a figure that no release has, as a CSV file has it."""
    text = "".join(write_lines(FIGURE_COLUMNS, [read_row(figure)]))
    [row] = csv.DictReader(io.StringIO(text, newline=""))
    return row


def make_earlier() -> Contents:
    """The contents of the release before: without a new metric's figures, and with other values of some bins."""
    kept = (row for row in OBSERVED if row[:3] not in EARLIER_WITHOUT)
    return make_contents([(*row[:4], *EARLIER_VALUES.get(row[:3], row[4:])) for row in kept])


def make_without_care() -> Contents:
    """The contents of a release of bins alone."""
    sources = {key: source for key, source in CATALOGUE.sources.items() if key != "barset-care"}
    contents = make_contents(
        [row for row in OBSERVED if row[0] != "carers-content"],
        Catalogue(CATALOGUE.topics, CATALOGUE.functions, sources, derived=CATALOGUE.derived),
    )
    return replace(contents, editions=contents.editions.filter(pl.col("source_key") != "barset-care"))


def make_difference(old: str, new: str) -> Difference:
    """A difference in which nothing changed."""
    return Difference(old, new, {}, (), (), (), (), (), (), (), ())


def note_unchanged(releases: Path, old: str, new: str) -> None:
    """Have it that these two were compared, and that nothing had changed."""
    keep_difference(releases, make_difference(old, new))
    note_reading(releases, old, new)


def turn_to(releases: Path, release_id: str) -> None:
    """Publish a release that need not be a real one."""
    served = find_served(releases)
    if served is not None and served != release_id:
        note_unchanged(releases, served, release_id)
    publish(releases, release_id)


def compare_and_publish(releases: Path, release_id: str) -> None:
    """Publish a real release, after what it changes was worked out and read."""
    served = find_served(releases)
    if served is not None and served != release_id:
        keep_difference(releases, diff(*(Release.open(releases / each) for each in (served, release_id))))
        note_reading(releases, served, release_id)
    publish(releases, release_id)
