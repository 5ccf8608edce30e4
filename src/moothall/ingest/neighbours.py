"""Reads the lists of neighbours that publishers give out, with the codes and names they use, into today's councils."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from moothall.core.areas import Register
from moothall.core.cells import address
from moothall.core.definitions import Lock
from moothall.core.neighbour_sets import CLOSED, OUTSIDE_ENGLAND, PLACE, Listed, NeighbourSet, print_lists
from moothall.core.problems import Place, Problems, ProblemsFound
from moothall.ingest.grid import Sheet, read_grid, stored_text
from moothall.ingest.sources import name_file
from moothall.ingest.vault import Vault, write_atomically

_ELSEWHERE = re.compile(r"[NSW]\d{8}")  # codes of places in Northern Ireland, Scotland and Wales
UNKNOWN = ""


@dataclass
class ReadSet:
    """What a set's files say: its lists, how many rows of councils were left out and why, and every problem."""

    listed: list[Listed] = field(default_factory=list)
    rows_left_out: Counter[str] = field(default_factory=Counter)
    problems: Problems = field(default_factory=Problems)


def ingest_set(published: NeighbourSet, lock: Lock | None, vault: Vault, register: Register) -> ReadSet:
    """Read every edition that the lock names; one that is not held may be missing from it.

    Councils that have closed and places outside England are left out: as a row of their own they are counted, as a
    neighbour they keep their place with the reason. A code that is nobody's is a problem with its cell.
    """
    read = ReadSet()
    where = Place(f"definitions/neighbours/{published.key}.yaml")
    locked = lock.editions if lock else {}
    for edition in published.editions:
        line = locked.get(edition.edition)
        if line is None:
            if edition.held:
                read.problems.add("LOCK_MISSING", f"The edition {edition.edition!r} is not in the lock.", where)
            continue
        if not line.fits(edition):
            message = f"The lock gives the edition {edition.edition!r} another day or hash than its definition."
            read.problems.add("LOCK_DIFFERS", message, where)
            continue
        file = name_file(edition)
        try:
            grid = read_grid(vault.read(line.sha256, file), file)
            if published.layout.sheet not in grid.sheet_names:
                message = f"There is no sheet {published.layout.sheet!r}; there are {', '.join(grid.sheet_names)}."
                read.problems.add("SHEET_MISSING", message, Place(file))
                continue
            _Lists(published, register, file, grid.sheet(published.layout.sheet), read).take(edition.edition)
        except ProblemsFound as stopped:
            read.problems.extend(stopped.problems)
    return read


def write_set(read: ReadSet, path: Path) -> bool:
    """Write the lists as CSV; a file that already says the same is left alone. Returns whether it was written."""
    content = print_lists(read.listed)
    if path.is_file() and path.read_bytes() == content:
        return False
    write_atomically(path, content)
    return True


@dataclass
class _Lists:
    """One sheet of lists, being read."""

    published: NeighbourSet
    register: Register
    file: str
    sheet: Sheet
    read: ReadSet

    def take(self, edition: str) -> None:
        """Add the sheet's lists, or note every column that is not there."""
        layout = self.published.layout
        names = [layout.area, *(layout.neighbour.replace(PLACE, str(n)) for n in range(1, layout.places + 1))]
        columns = [self._find_column(name) for name in names]
        if None in columns:
            return
        first, *across = [column for column in columns if column]
        seen: set[str] = set()
        for row in range(layout.header_row + 1, len(self.sheet.rows) + 1):
            if not any(self._text(row, column) for column in across):
                continue  # a heading between rows, or nothing
            area = self._resolve(row, first)
            if area in {CLOSED, OUTSIDE_ENGLAND}:
                self.read.rows_left_out[area] += 1
            elif area in seen:
                self._note("KEY_DUPLICATED", f"{self._say(area)} has a second list.", row, first)
            elif area != UNKNOWN:
                seen.add(area)
                self.read.listed.extend(self._list(edition, area, row, across))
        if not seen:
            self.read.problems.add("TABLE_EMPTY", "No council has a list.", Place(self.file, sheet=self.sheet.name))

    def _list(self, edition: str, area: str, row: int, across: list[int]) -> Iterator[Listed]:
        seen = {area}
        for place, column in enumerate(across, 1):
            text = self._text(row, column)
            if not text:
                continue
            code = self._resolve(row, column)
            if code == UNKNOWN:
                continue
            if code in seen:
                self._note("KEY_DUPLICATED", f"{self._say(code)} is on the list of {self._say(area)} twice, or is it.",
                           row, column)  # fmt: skip
                continue
            closeness = self._text(row, column + 1).casefold() if self.published.layout.has_closeness else ""
            if code in {CLOSED, OUTSIDE_ENGLAND}:
                theirs = self.register.resolve(text, self.published.layout.scheme) or text
                yield Listed(edition, area, place, theirs, closeness, code)
            else:
                seen.add(code)
                yield Listed(edition, area, place, code, closeness, "")

    def _resolve(self, row: int, column: int) -> str:
        """Today's code of the council in a cell, why it is left out, or `UNKNOWN` where a problem was noted."""
        text = self._text(row, column)
        code = self.register.resolve(text, self.published.layout.scheme)
        if code is None:
            if _ELSEWHERE.fullmatch(text):
                return OUTSIDE_ENGLAND
            said = f"{text!r} is no area of the register." if text else "The cell that should say which area is blank."
            self._note("AREA_UNKNOWN", said, row, column)
            return UNKNOWN
        return CLOSED if self.register.areas[code].closed is not None else code

    def _find_column(self, name: str) -> int | None:
        header = self.published.layout.header_row
        width = len(self.sheet.rows[header - 1]) if header <= len(self.sheet.rows) else 0
        found = [
            column for column in range(1, width + 1) if stored_text(self.sheet.value(header, column)).strip() == name
        ]
        if len(found) == 1:
            return found[0]
        code, said = ("HEADER_AMBIGUOUS", "Two columns are") if found else ("HEADER_MISSING", "No column is")
        place = Place(self.file, sheet=self.sheet.name, cell=address(header, found[1] if found else 1))
        self.read.problems.add(code, f"{said} headed {name!r}.", place)
        return None

    def _text(self, row: int, column: int) -> str:
        text = stored_text(self.sheet.value(row, column)).strip()
        return "" if text in self.published.layout.blanks else text

    def _say(self, code: str) -> str:
        return self.register.areas[code].name

    def _note(self, code: str, message: str, row: int, column: int) -> None:
        place = Place(self.file, sheet=self.sheet.name, cell=address(row, column))
        self.read.problems.add(code, message, place)
