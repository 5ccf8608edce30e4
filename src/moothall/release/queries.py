"""A release as the site, the API and the commands ask it: opened once, and asked in five parts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from moothall.core.problems import Place, Problem, ProblemsFound
from moothall.release.area_queries import AreaQueries
from moothall.release.catalogue_queries import CatalogueQueries
from moothall.release.database import Database
from moothall.release.directory import DATABASE, FORMAT, MANIFEST, SHEETS, read_manifest
from moothall.release.excerpt import Sheets
from moothall.release.exemplars import Exemplars
from moothall.release.figure_queries import FigureQueries
from moothall.release.figures import Figures
from moothall.release.find import FindQueries
from moothall.release.ground import Ground
from moothall.release.index import Index
from moothall.release.lineage import Lineages
from moothall.release.national import National
from moothall.release.neighbour_queries import NeighbourQueries
from moothall.release.neighbours import Neighbours
from moothall.release.records import Counts, FindingRecord, ReleaseRecord
from moothall.release.trace import Tracer


class Release(AreaQueries, CatalogueQueries, FigureQueries, NeighbourQueries, FindQueries):
    """One release, open for reading by any number of threads."""

    def __init__(self, directory: Path, manifest: dict[str, Any]) -> None:
        """Use `Release.open`."""
        self.directory = directory
        self.record = _record(manifest)
        self.built = date.fromisoformat(self.record.built)
        self._index = Index(Database(directory / DATABASE), self.built)
        self._figures = Figures(self._index, self.record.id)
        self._exemplars = Exemplars(self._index)
        self.national = National(self._index, self._figures.scopes)
        sheets = directory / SHEETS
        self._ground = Ground(self._index)
        self.lineages = Lineages(self._index, self._ground)
        self._neighbours = Neighbours(self._index)
        excerpts = Sheets(Database(sheets)) if sheets.is_file() else None
        self._tracer = Tracer(self._index, self._ground, self._figures, excerpts)

    @classmethod
    def open(cls, directory: Path) -> Release:
        """Open the release in a directory.

        Raises `ProblemsFound` with `RELEASE_UNKNOWN` when there is none, with `RELEASE_DAMAGED` when its manifest or
        its database cannot be opened or is of another format.
        """
        where = Place(str(directory))
        if not (directory / MANIFEST).is_file():
            raise ProblemsFound([Problem("RELEASE_UNKNOWN", "There is no release here.", where)])
        try:
            manifest = read_manifest(directory)
            if manifest.get("format") != FORMAT:
                raise ValueError(f"it is of format {manifest.get('format')!r}, this program reads format {FORMAT}")
            return cls(directory, manifest)
        except (OSError, ValueError, KeyError) as error:
            raise ProblemsFound([Problem("RELEASE_DAMAGED", f"It cannot be opened: {error}.", where)]) from error


def _record(manifest: dict[str, Any]) -> ReleaseRecord:
    return ReleaseRecord(
        id=manifest["id"],
        digest=manifest["digest"],
        built=manifest["built"],
        code_revision=manifest["code_revision"],
        definitions=manifest["definitions"],
        counts=Counts(**manifest["counts"]),
        settled=tuple(manifest["settled"]),
        findings=tuple(FindingRecord(**row) for row in manifest["findings"]),
    )
