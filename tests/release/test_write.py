"""A release is written whole or not at all, and the same data always give the same digest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moothall.core import frames
from moothall.core.loading import Catalogue
from moothall.release.contents import digest_definitions, tabulate
from moothall.release.digest import digest_frames
from moothall.release.directory import list_releases, read_checksums, read_manifest
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.store import write_database
from moothall.release.tables import TABLES
from moothall.release.write import write_release
from tests.release.barset import BUILT, CATALOGUE, OBSERVED, build_release, make_contents, shuffle

CONTENTS = make_contents()
DIGEST = digest_frames(tabulate(CONTENTS))
ID = f"2025-06-01-{DIGEST[:8]}"


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_the_digest_does_not_depend_on_the_order_of_rows(seed: int) -> None:
    assert digest_frames(tabulate(shuffle(CONTENTS, seed))) == DIGEST


def test_the_digest_depends_on_neither_commit_nor_day(tmp_path: Path) -> None:
    first = write_release(CONTENTS, tmp_path / "one", code_revision="abc", built=BUILT)
    second = write_release(CONTENTS, tmp_path / "two", code_revision=None, built=date(2026, 1, 1))
    assert first.digest == second.digest == DIGEST
    assert (first.id, second.id) == (f"2025-06-01-{DIGEST[:8]}", f"2026-01-01-{DIGEST[:8]}")
    same = [
        p.name
        for p in (first.path / "parquet").iterdir()
        if p.read_bytes() != (second.path / "parquet" / p.name).read_bytes()
    ]
    assert same == []


@pytest.mark.parametrize("column", ["value", "marker", "stored", "cell", "known_on"])
def test_the_digest_depends_on_every_fact(column: str) -> None:
    first = pl.int_range(pl.len()) == 0
    other = {
        "value": pl.col("value") + 1e-9,
        "marker": pl.lit("provisional"),
        "stored": pl.col("stored") + "0",
        "cell": pl.lit("Z9"),
        "known_on": pl.col("known_on").dt.offset_by("1d"),
    }[column]
    observations = CONTENTS.observations.with_columns(
        pl.when(first).then(other).otherwise(pl.col(column)).alias(column)
    )
    assert digest_frames(tabulate(replace(CONTENTS, observations=observations))) != DIGEST


def test_an_empty_text_and_no_text_differ() -> None:
    empty = CONTENTS.observations.with_columns(stored=pl.lit(""))
    absent = CONTENTS.observations.with_columns(stored=pl.lit(None, dtype=pl.String))
    digests = [digest_frames(tabulate(replace(CONTENTS, observations=rows))) for rows in (empty, absent)]
    assert digests[0] != digests[1]


def test_words_change_the_digest_and_the_definitions() -> None:
    topics = {
        "bins": CATALOGUE.topics["bins"].model_copy(update={"title": "Dustbins"}),
        "care": CATALOGUE.topics["care"],
    }
    reworded = Catalogue(topics, CATALOGUE.functions, CATALOGUE.sources, CATALOGUE.locks, CATALOGUE.derived)
    assert digest_frames(tabulate(replace(CONTENTS, catalogue=reworded))) != DIGEST
    assert digest_definitions(reworded) != digest_definitions(CATALOGUE)


def test_the_same_data_are_not_written_twice(tmp_path: Path) -> None:
    first = write_release(CONTENTS, tmp_path, code_revision="abc", built=BUILT)
    before = {path: path.stat().st_mtime_ns for path in first.path.rglob("*")}
    again = write_release(shuffle(CONTENTS, 3), tmp_path, code_revision="def", built=date(2026, 1, 1))
    assert (again.id, again.path, again.is_new) == (first.id, first.path, False)
    assert {path: path.stat().st_mtime_ns for path in first.path.rglob("*")} == before
    assert [path.name for path in tmp_path.iterdir()] == [first.id]


def test_a_damaged_release_is_set_aside_and_written_anew(tmp_path: Path) -> None:
    first = write_release(CONTENTS, tmp_path, code_revision="abc", built=BUILT)
    (first.path / "parquet" / "areas.parquet").write_bytes(b"not parquet")
    again = write_release(CONTENTS, tmp_path, code_revision="abc", built=BUILT)
    assert again.is_new
    assert again.path == first.path
    assert Release.open(again.path).area("E10900001").name == "Barsetshire"
    assert list_releases(tmp_path) == [again.path]


def test_extras_are_added_before_the_rename_and_outside_the_checksums(tmp_path: Path) -> None:
    seen = []

    def write_extras(directory: Path) -> None:
        seen.append((directory.name, (directory / "moothall.sqlite").exists()))
        (directory / "sheets.sqlite").write_bytes(b"sheets")

    written = write_release(CONTENTS, tmp_path, code_revision=None, built=BUILT, write_extras=write_extras)
    assert seen == [(f".writing-{written.id}-{os.getpid()}", True)]
    assert (written.path / "sheets.sqlite").read_bytes() == b"sheets"
    assert "sheets.sqlite" not in read_checksums(written.path)


def test_sheets_are_added_to_a_release_that_had_none(tmp_path: Path) -> None:
    first = write_release(CONTENTS, tmp_path, code_revision=None, built=BUILT)
    again = write_release(
        CONTENTS,
        tmp_path,
        code_revision=None,
        built=BUILT,
        write_extras=lambda directory: (directory / "sheets.sqlite").write_bytes(b"sheets") and None,
    )
    assert not again.is_new
    assert (first.path / "sheets.sqlite").read_bytes() == b"sheets"


def test_another_process_may_be_quicker(tmp_path: Path) -> None:
    quicker = []
    written = write_release(
        CONTENTS,
        tmp_path,
        code_revision=None,
        built=BUILT,
        write_extras=lambda _: quicker.append(shutil.copytree(build_release(tmp_path / "b").directory, tmp_path / ID)),
    )
    assert not written.is_new
    assert quicker == [written.path]
    assert sorted(path.name for path in tmp_path.iterdir()) == [ID, "b"]


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(directory: Path) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        write_release(CONTENTS, tmp_path, code_revision=None, built=BUILT, write_extras=fail)
    assert list(tmp_path.iterdir()) == []


_KILLED = """
import sys, time
from datetime import date
from pathlib import Path
from moothall.release.write import write_release
from tests.release.barset import OBSERVED, make_contents

def wait(directory):
    print("writing", flush=True)
    time.sleep(60)

contents = make_contents(OBSERVED[:-1])
write_release(contents, Path(sys.argv[1]), code_revision=None, built=date(2025, 7, 1), write_extras=wait)
"""


def test_being_killed_leaves_the_release_before_and_no_half_of_another(tmp_path: Path) -> None:
    before = build_release(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": "."}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    leftovers = [path for path in tmp_path.iterdir() if path.name.startswith(".writing-")]
    assert len(leftovers) == 1
    assert (leftovers[0] / "moothall.sqlite").exists()
    assert list_releases(tmp_path) == [before.directory]
    assert Release.open(before.directory).figures(Selection()) == before.figures(Selection())
    after = build_release(tmp_path, make_contents(OBSERVED[:-1]), date(2025, 7, 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([before.record.id, after.record.id])


def test_only_what_a_process_that_is_no_more_left_unfinished_is_swept(tmp_path: Path) -> None:
    """A release, a pointer, and a difference: build, publish and diff can all be killed."""
    (tmp_path / "changes").mkdir()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        written = tmp_path / f".writing-2025-06-01-00000000-{other.pid}"
        written.mkdir()
        names = (f".current-{other.pid}", f".newest-{other.pid}", f"changes/.old..new.json-{other.pid}")
        theirs = [written, *(tmp_path / name for name in names)]
        for path in theirs[1:]:
            path.touch()
        build_release(tmp_path)
        assert all(path.exists() for path in theirs)
        other.kill()
    time.sleep(0.01)
    build_release(tmp_path, make_contents(OBSERVED[:-1]))
    assert not any(path.exists() for path in theirs)


def test_a_value_that_is_absent_needs_a_marker(tmp_path: Path) -> None:
    unexplained = CONTENTS.figures.with_columns(marker=pl.lit(None, dtype=pl.String))
    with pytest.raises(ValueError, match="figures: "):
        write_release(replace(CONTENTS, figures=unexplained), tmp_path, code_revision=None, built=BUILT)
    contradicted = CONTENTS.observations.with_columns(marker=pl.lit("suppressed"))
    with pytest.raises(ValueError, match="observations: "):
        write_release(replace(CONTENTS, observations=contradicted), tmp_path, code_revision=None, built=BUILT)
    infinite = CONTENTS.figures.with_columns(value=pl.col("value") * float("inf"))
    with pytest.raises(ValueError, match="figures: "):
        write_release(replace(CONTENTS, figures=infinite), tmp_path, code_revision=None, built=BUILT)


def test_the_manifest_says_what_the_release_was_made_from(tmp_path: Path) -> None:
    release = build_release(tmp_path)
    manifest = read_manifest(release.directory)
    assert manifest["digest"] == DIGEST
    assert manifest["code_revision"] == "abc"
    assert manifest["definitions"] == digest_definitions(CATALOGUE)
    assert manifest["counts"] == {"metrics": 5, "sources": 2, "observations": 33, "figures": 43, "areas": 10}
    editions = {edition["edition_key"]: edition for edition in manifest["editions"]}
    assert editions["barset-bins/2021-22"]["published"] == "2022-11"
    assert set(editions["barset-bins/2021-22"]) == {"edition_key", "sha256", "address", "published"}
    assert [row["rule"] for row in manifest["settled"]] == ["ignore"]


def test_the_checksums_are_those_of_the_files(tmp_path: Path) -> None:
    directory = build_release(tmp_path).directory
    files = {p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file()} - {"checksums.txt"}
    assert set(read_checksums(directory)) == files
    for name, checksum in read_checksums(directory).items():
        assert hashlib.sha256((directory / name).read_bytes()).hexdigest() == checksum


def test_the_datapackage_describes_every_parquet_file(tmp_path: Path) -> None:
    directory = build_release(tmp_path).directory
    package = json.loads((directory / "datapackage.json").read_text(encoding="utf-8"))
    assert [licence["title"] for licence in package["licenses"]] == ["MIT licence", "Open Government Licence v3.0"]
    assert [source["title"] for source in package["sources"]] == [
        "Barsetshire Archive: Bins",
        "Barsetshire Archive: Care",
        "Barsetshire Archive: The ground of Barset: map",
        "Barsetshire Archive: The ground of Barset: hex-2023",
        "Barsetshire Archive: The postcodes of Barset",
    ]
    polars_types = {
        "string": pl.String,
        "integer": pl.Int64,
        "number": pl.Float64,
        "date": pl.Date,
        "boolean": pl.Boolean,
    }
    assert len(package["resources"]) == len(TABLES)
    for resource in package["resources"]:
        rows = pl.read_parquet(directory / resource["path"])
        fields = resource["schema"]["fields"]
        assert dict(rows.schema) == {field["name"]: polars_types[field["type"]] for field in fields}
        required = [field["name"] for field in fields if field.get("constraints", {}).get("required")]
        assert sum(rows.select(required).null_count().row(0)) == 0
        key = resource["schema"].get("primaryKey")
        if key:
            assert rows.select(key).is_unique().all()


@pytest.mark.parametrize("name", ["observations", "editions", "settled", "figures", "summaries"])
def test_a_table_has_every_column_of_its_frame(name: str) -> None:
    """A column that one of the two lists lacks would be lost on the way into the release."""
    columns = {table.name: table.column_names for table in TABLES}
    # What every row of an edition shares stands once, with the edition.
    with_edition = {"published", "published_precision", "published_basis"} if name == "observations" else set()
    assert with_edition <= set(columns["editions"])
    assert columns[name] == [each for each in getattr(frames, name.upper()) if each not in with_edition]


def test_series_slices_and_areas_are_reached_through_an_index(tmp_path: Path) -> None:
    [figures] = (table for table in TABLES if table.name == "figures")
    keys = [(f"m{m}", "all", f"a{a}", f"p{p}") for m in range(3) for a in range(40) for p in range(10)]
    key = ["metric_key", "breakdown", "area_code", "period"]
    rows = pl.DataFrame(keys, schema=key, orient="row").with_columns(value=1.0, known_on=date(2024, 1, 1))
    empty = [pl.lit(None).alias(name) for name in figures.column_names if name not in rows.columns]
    frames = {table.name: table.frame(()) for table in TABLES} | {"figures": figures.arrange(rows.with_columns(empty))}
    write_database(tmp_path / "moothall.sqlite", frames)
    with closing(sqlite3.connect(tmp_path / "moothall.sqlite")) as database:
        for wanted in (["metric_key", "breakdown", "area_code"], ["metric_key", "breakdown", "period"], ["area_code"]):
            condition = " AND ".join(f"{column} = 'x'" for column in wanted)
            plan = database.execute(f"EXPLAIN QUERY PLAN SELECT * FROM figures WHERE {condition}").fetchall()  # noqa: S608
            assert [row[3].split()[0] for row in plan] == ["SEARCH"] * 3
            assert "".join(row[3] for row in plan[:2]).count("=?") == len(wanted) + 1


def test_the_database_takes_only_what_the_schema_says(tmp_path: Path) -> None:
    with closing(sqlite3.connect(build_release(tmp_path).directory / "moothall.sqlite")) as database:
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("INSERT INTO topics VALUES ('dogs', 'not a number', 'Dogs', 'Dogs.', '[]', NULL)")
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("INSERT INTO topics VALUES ('bins', 7, 'Bins again', 'Bins.', '[]', NULL)")
        for table in TABLES:
            names = [row[1] for row in database.execute(f'PRAGMA table_info("{table.name}")')]
            assert names == table.column_names
