"""Sources: every edition of a source from the vault to one sorted file of observations."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import polars as pl

from moothall.core.areas import Register
from moothall.core.definitions import Lock, SourceDefinition
from moothall.core.editions import EditionDefinition, LockedEdition
from moothall.core.frames import (
    EDITIONS,
    FIGURE_KEY,
    OBSERVATION_KEY,
    OBSERVATIONS,
    SETTLED,
    Schema,
    conform,
)
from moothall.core.layouts import TableDefinition
from moothall.core.problems import Place, Problems, ProblemsFound
from moothall.ingest import (  # readers are known once they are imported
    readers_road_condition,  # noqa: F401
    readers_years_across,  # noqa: F401
)
from moothall.ingest.grid import Grid, Sheet, read_grid, stored_text
from moothall.ingest.readers import run_reader
from moothall.ingest.resolve import note_duplicates, resolve_readings
from moothall.ingest.tables import Rule, SettledRows, read_table
from moothall.ingest.vault import Vault, write_atomically


@dataclass(frozen=True)
class Ingested:
    """What a source's files say: frames of OBSERVATIONS, EDITIONS and SETTLED, and every problem found.

    `reading_digest` is that of the definition they were read by.
    """

    observations: pl.DataFrame
    editions: pl.DataFrame
    settled: pl.DataFrame
    reading_digest: str
    problems: Problems = field(default_factory=Problems)


@dataclass
class _Gathered:
    observations: list[pl.DataFrame] = field(default_factory=list)
    editions: list[dict[str, object]] = field(default_factory=list)
    settled: list[dict[str, object]] = field(default_factory=list)
    used: dict[str, set[Rule]] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)


def name_file(edition: EditionDefinition) -> str:
    """What the publisher's file is called: the last part of its mirror path, or of its address."""
    if edition.mirror:
        return PurePosixPath(edition.mirror).name
    return PurePosixPath(unquote(urlsplit(edition.address or "").path)).name or edition.edition


def ingest_source(source: SourceDefinition, lock: Lock | None, vault: Vault, register: Register) -> Ingested:
    """Read every edition that the lock names and the vault holds.

    An edition that the project says it does not hold (`held: false`) may be missing from the lock; any other may not.
    All problems are collected; where there are errors the frames hold what could be read and are not to be written.
    """
    gathered = _Gathered(used={table.table: set() for table in source.tables})
    locked = lock.editions if lock else {}
    for edition in source.editions:
        if edition.edition in locked:
            _ingest_edition(source, edition, locked[edition.edition], vault, register, gathered)
        elif edition.held:
            message = f"The edition {edition.edition!r} is not in the lock."
            gathered.problems.add("LOCK_MISSING", message, Place(f"definitions/sources/{source.source}.yaml"))
    if not gathered.problems.errors:
        _note_unused_rules(source, gathered, set(locked))
    observations = pl.concat([pl.DataFrame(schema=OBSERVATIONS), *gathered.observations]).sort(OBSERVATION_KEY)
    editions = pl.DataFrame(gathered.editions, schema=EDITIONS).sort("edition_key")
    settled = pl.DataFrame(gathered.settled, schema=SETTLED)
    digest = source.digest_reading(set(editions.get_column("edition")))
    return Ingested(observations, editions, settled, digest, gathered.problems)


def _ingest_edition(
    source: SourceDefinition,
    edition: EditionDefinition,
    locked: LockedEdition,
    vault: Vault,
    register: Register,
    gathered: _Gathered,
) -> None:
    file = name_file(edition)
    if not locked.fits(edition):
        message = f"The lock gives the edition {edition.edition!r} another day or hash than its definition."
        gathered.problems.add("LOCK_DIFFERS", message, Place(f"definitions/sources/{source.source}.yaml"))
        return
    edition = edition.dated(locked)
    if not source.tables_of(edition.edition):
        message = f"No table of the source reads the edition {edition.edition!r}."
        gathered.problems.add("TABLE_MISSING", message, Place(f"definitions/sources/{source.source}.yaml"))
        return
    try:
        grid = read_grid(vault.read(locked.sha256, file), file)
        parts = [
            _ingest_table(source, table, edition, grid, register, gathered)
            for table in source.tables_of(edition.edition)
        ]
    except ProblemsFound as stopped:
        gathered.problems.extend(stopped.problems)
        return
    observations = pl.concat([pl.DataFrame(schema=OBSERVATIONS), *parts])
    note_duplicates(observations.filter(pl.struct(FIGURE_KEY).is_duplicated()), file, gathered.problems)
    gathered.observations.append(observations)
    gathered.editions.append(_describe_edition(source, edition, locked))


def _describe_edition(source: SourceDefinition, edition: EditionDefinition, locked: LockedEdition) -> dict[str, object]:
    return {
        "edition_key": f"{source.source}/{edition.edition}",
        "source_key": source.source,
        "edition": edition.edition,
        "title": edition.title,
        "address": edition.address,
        "sha256": locked.sha256,
        "bytes": locked.bytes,
        "published": locked.published,
        "published_precision": locked.precision,
        "published_basis": str(locked.basis),
        "known_on": locked.known_on,
        "quality": str(edition.quality or source.quality),
        "note": edition.note,
    }


def _ingest_table(
    source: SourceDefinition,
    table: TableDefinition,
    edition: EditionDefinition,
    grid: Grid,
    register: Register,
    gathered: _Gathered,
) -> pl.DataFrame:
    file = grid.file
    read = (run_reader if table.reader else read_table)(grid, table, edition, file)
    gathered.problems.extend(read.problems)
    unknown = set(read.readings["metric_key"]) - {metric.key for metric in source.metrics}
    if unknown:
        message = (
            f"The table {table.table!r} gave metrics that the source does not define: {', '.join(sorted(unknown))}."
        )
        gathered.problems.add("REFERENCE_UNKNOWN", message, Place(file))
    if unknown or read.problems.errors:
        return pl.DataFrame(schema=OBSERVATIONS)
    resolved = resolve_readings(read.readings, table, source, edition, register, file)
    gathered.problems.extend(resolved.problems)
    gathered.used[table.table] |= read.used | resolved.used
    settled: list[SettledRows] = [*read.settled, *resolved.settled]
    gathered.settled += [
        {
            "edition_key": f"{source.source}/{edition.edition}",
            "table": table.table,
            "rule": rows.rule,
            "reason": rows.reason,
            "rows": rows.rows,
            "first_cell": rows.first_cell,
        }
        for rows in settled
    ]
    if not len(resolved.observations) and not resolved.problems.errors:
        message = f"The table {table.table!r} gave nothing in the edition {edition.edition!r}."
        gathered.problems.add("TABLE_EMPTY", message, Place(file))
    return resolved.observations


def _note_unused_rules(source: SourceDefinition, gathered: _Gathered, locked: set[str]) -> None:
    """Warn of every rule that matched nothing in any edition its table reads."""
    where = Place(f"definitions/sources/{source.source}.yaml")
    for table in source.tables:
        if not any(table in source.tables_of(edition) for edition in locked):
            continue
        for rule, words in _rules(table):
            if rule not in gathered.used[table.table]:
                message = f"In the table {table.table!r}, {words} matches nothing in any edition."
                gathered.problems.add("RULE_UNUSED", message, where, "warning")


def _rules(table: TableDefinition) -> Iterator[tuple[Rule, str]]:
    """Every rule of the table that should match something, and what to call it."""
    for sort, rules in (("ignore", table.ignore), ("correction", table.corrections), ("joint", table.joint)):
        for number, rule in enumerate(rules):
            yield (sort, str(number)), f"the {sort} rule {number + 1} ({rule.reason!r})"
    for text in table.markers:
        yield ("marker", text), f"the marker {text!r}"
    for text in table.row_marker.values if table.row_marker else ():
        yield ("row_marker", text), f"the row marker {text!r}"
    for text in table.values.metrics if table.values else ():
        yield ("metric", text), f"the metric text {text!r}"
    if table.duplicates:
        yield ("duplicate", "0"), "the rule on duplicates"


# The file of observations.

_EDITIONS_NAME, _SETTLED_NAME, _READING_NAME = "moothall.editions", "moothall.settled", "moothall.reading"


def write_observations(ingested: Ingested, path: Path) -> bool:
    """Write observations, sorted by their key, with editions and settled rows in the Parquet metadata.

    The file is whole or not there at all; where it already says the same it is left as it is. Returns whether it
    was written. Raises `ProblemsFound` where there were errors, and then leaves the file as it was.
    """
    ingested.problems.raise_errors()
    observations = conform(ingested.observations, OBSERVATIONS).sort(OBSERVATION_KEY)
    if path.exists() and _says_the_same(path, replace(ingested, observations=observations)):
        return False
    metadata = {
        _EDITIONS_NAME: _to_json(ingested.editions),
        _SETTLED_NAME: _to_json(ingested.settled),
        _READING_NAME: ingested.reading_digest,
    }
    buffer = io.BytesIO()
    observations.write_parquet(buffer, compression="zstd", metadata=metadata)
    write_atomically(path, buffer.getvalue())
    return True


def read_observations(path: Path) -> Ingested:
    """Read a source's file.

    Raises OSError where there is none, and KeyError or polars' errors where it is no Parquet file of ours.
    """
    content = path.read_bytes()
    metadata = pl.read_parquet_metadata(io.BytesIO(content))
    observations = conform(pl.read_parquet(io.BytesIO(content)), OBSERVATIONS)
    editions, settled = _from_json(metadata[_EDITIONS_NAME], EDITIONS), _from_json(metadata[_SETTLED_NAME], SETTLED)
    return Ingested(observations, editions, settled, metadata[_READING_NAME])


def _says_the_same(path: Path, ingested: Ingested) -> bool:
    try:
        written = read_observations(path)
    except (pl.exceptions.PolarsError, KeyError, ValueError):
        return False
    return written.reading_digest == ingested.reading_digest and all(
        getattr(written, name).equals(getattr(ingested, name)) for name in ("observations", "editions", "settled")
    )


def _to_json(frame: pl.DataFrame) -> str:
    return json.dumps(frame.rows(named=True), ensure_ascii=False, default=str)


def _from_json(text: str, schema: Schema) -> pl.DataFrame:
    as_text = {name: pl.String if dtype is pl.Date else dtype for name, dtype in schema.items()}
    days = [pl.col(name).str.to_date() for name, dtype in schema.items() if dtype is pl.Date]
    return conform(pl.DataFrame(json.loads(text), schema=as_text).with_columns(days), schema)


# Going back to a cell.


@lru_cache(maxsize=2)
def _open_grid(vault: Vault, sha256: str, filename: str) -> Grid:
    return read_grid(vault.read(sha256, filename), filename)


def read_sheet(vault: Vault, sha256: str, sheet: str, filename: str = "") -> Sheet:
    """A sheet of a file in the vault; the last two files stay in memory, so ask for one file's sheets together.

    Raises `ProblemsFound`: FILE_MISSING, FILE_CHANGED, FILE_UNREADABLE, SHEET_MISSING.
    """
    grid = _open_grid(vault, sha256, filename)
    if sheet not in grid.sheet_names:
        problems = Problems()
        problems.add("SHEET_MISSING", f"There is no sheet {sheet!r}.", Place(filename or sha256))
        raise ProblemsFound(problems)
    return grid.sheet(sheet)


def read_cell(vault: Vault, sha256: str, sheet: str, cell: str, filename: str = "") -> str:
    """What a cell stores, as text; '' for a blank one or one outside the sheet. Raises as `read_sheet` does."""
    return stored_text(read_sheet(vault, sha256, sheet, filename).cell_at(cell))
