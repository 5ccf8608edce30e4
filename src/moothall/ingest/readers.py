"""Readers: functions for layouts that no table definition can describe, each named by its tables."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import PurePath

import polars as pl

from moothall.core.cells import address
from moothall.core.editions import EditionDefinition
from moothall.core.frames import READINGS, conform
from moothall.core.layouts import TableDefinition
from moothall.core.problems import Place, ProblemsFound
from moothall.core.values import Marker
from moothall.ingest.grid import Cell, Grid, stored_text
from moothall.ingest.tables import TableReadings, settle_readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A cell as found, with its row and column counted from 1, and what it is about in the file's own words."""

    metric: str
    area: str
    period: str
    value: Cell
    sheet: str
    row: int
    column: int
    area_row: int
    area_column: int
    breakdown: str = "all"
    lower: Cell = None
    upper: Cell = None
    scale: Decimal = Decimal(1)
    marker: Marker | None = None  # qualifies the value, where the file says so beside it


Reader = Callable[[Grid, TableDefinition, EditionDefinition], Iterable[Reading]]
READERS: dict[str, Reader] = {}


def reader(name: str) -> Callable[[Reader], Reader]:
    """Make a function the reader of the tables whose definition says `reader: <name>`.

    It is given the grid, the table and the edition, may look at `table.options`, and gives readings; markers, areas and
    periods are resolved afterwards as for any table, and `ignore`, `corrections` and `joint` rules are tested on the
    row that holds the reading's area. `keep` is the reader's own affair. Raises ValueError for a name already taken.
    """

    def register(function: Reader) -> Reader:
        if name in READERS:
            raise ValueError(f"there are two readers called {name!r}")
        READERS[name] = function
        return function

    return register


def run_reader(grid: Grid, table: TableDefinition, edition: EditionDefinition, file: str) -> TableReadings:
    """What the table's reader gives; its exceptions become a problem that names the line that raised them."""
    read = TableReadings()
    name = table.reader or ""
    if name not in READERS:
        known = ", ".join(sorted(READERS)) or "none"
        read.problems.add("REFERENCE_UNKNOWN", f"There is no reader {name!r}; the readers are: {known}.", Place(file))
        return read
    try:
        found = list(READERS[name](grid, table, edition))
    except ProblemsFound as stopped:
        read.problems.extend(stopped.problems)
        return read
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        at = f"{PurePath(last.filename).name}:{last.lineno}"
        message = f"The reader {name!r} stopped at {at}: {type(error).__name__}: {error}."
        read.problems.add("READER_FAILED", message, Place(file))
        return read
    rows = [_as_row(reading) for reading in found]
    read.readings = conform(pl.DataFrame(rows, schema=READINGS, orient="row"), READINGS)
    read.readings = settle_readings(read.readings, grid, table, file, read)
    return read


def _as_row(reading: Reading) -> dict[str, object]:
    given = asdict(reading)
    limits = {name: None if given[name] is None else stored_text(given[name]) for name in ("lower", "upper")}
    return {
        "metric_key": reading.metric,
        "breakdown": reading.breakdown,
        "area_text": reading.area.strip(),
        "period_text": reading.period.strip(),
        "stored": stored_text(reading.value),
        "is_number": isinstance(reading.value, int | float) and not isinstance(reading.value, bool),
        **limits,
        "scale": str(reading.scale),
        "row_marker": reading.marker,
        "area_code": None,
        "joint": None,
        "sheet": reading.sheet,
        "cell": address(reading.row, reading.column),
        "area_cell": address(reading.area_row, reading.area_column),
    }
