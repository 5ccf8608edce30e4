"""A source's editions become one sorted file, the same bytes when the facts are the same, or nothing at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from moothall.core.areas import Register
from moothall.core.definitions import Lock
from moothall.core.editions import LockedEdition
from moothall.core.frames import EDITIONS, OBSERVATION_KEY, OBSERVATIONS, SETTLED
from moothall.core.loading import load_catalogue
from moothall.core.problems import Exit, ProblemsFound
from moothall.ingest.grid import stored_text
from moothall.ingest.sources import ingest_source, read_cell, read_observations, read_sheet, write_observations
from moothall.ingest.vault import Vault
from tests.ingest.county import (
    BARCHESTER,
    HEADER,
    PLUMSTEAD,
    SILVERBRIDGE,
    Rows,
    ingest,
    make_bomb,
    make_csv,
    make_lock,
    make_register,
    make_source,
    make_xlsx,
    told,
)

ROOT = Path(__file__).parents[2]
OBSERVED = ROOT / "edition" / "observations"
MIRROR = ROOT.parent / "shared" / "data"
GOOD: Rows = [HEADER, [SILVERBRIDGE, "Silverbridge", "2023-24", 0], [BARCHESTER, "Barchester", "2023-24", 4]]
IGNORE = {"column": "Code", "equals": "E92000001", "reason": "England is no council."}


def test_two_editions_of_one_source(tmp_path: Path) -> None:
    source = make_source(
        [{}],
        [{"edition": "first", "published": "2024", "basis": "memory"}, {"edition": "second", "marker": "revised"}],
    )
    vault = Vault(tmp_path)
    lock = make_lock(source, vault, {"first": make_csv(GOOD), "second": make_csv(GOOD[:2])})
    ingested = ingest_source(source, lock, vault, make_register())
    assert told(ingested) == []
    columns = ["area_code", "edition_key", "value", "marker", "published", "published_precision", "known_on"]
    assert ingested.observations.select(columns).rows() == [
        (BARCHESTER, "moots/first", 4.0, None, "2024", "year", date(2024, 12, 31)),
        (SILVERBRIDGE, "moots/first", 0.0, None, "2024", "year", date(2024, 12, 31)),
        (SILVERBRIDGE, "moots/second", 0.0, "revised", "2024-06-01", "day", date(2024, 6, 1)),
    ]
    assert ingested.editions["sha256"].to_list() == [lock.editions[name].sha256 for name in ("first", "second")]
    assert ingested.observations.schema == pl.Schema(OBSERVATIONS)


def test_writing_is_exact_and_sorted(tmp_path: Path) -> None:
    ingested = ingest(tmp_path, [*GOOD, ["E92000001", "England", "2023-24", 9]], ignore=[IGNORE])
    path = tmp_path / "edition" / "moots.parquet"
    assert write_observations(ingested, path)
    written = read_observations(path)
    observations, editions, settled = written.observations, written.editions, written.settled
    assert observations.equals(ingested.observations)
    assert editions.equals(ingested.editions)
    assert settled.equals(ingested.settled)
    assert (editions.schema, settled.schema) == (pl.Schema(EDITIONS), pl.Schema(SETTLED))
    assert observations.equals(observations.sort(OBSERVATION_KEY))
    assert [p.name for p in path.parent.iterdir()] == ["moots.parquet"]


def test_the_same_facts_leave_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "moots.parquet"
    write_observations(ingest(tmp_path, GOOD), path)
    before = path.stat()
    assert not write_observations(ingest(tmp_path, GOOD), path)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert write_observations(ingest(tmp_path, [*GOOD[:2], [BARCHESTER, "Barchester", "2023-24", 5]]), path)


def test_new_words_about_an_edition_are_written(tmp_path: Path) -> None:
    path = tmp_path / "moots.parquet"
    write_observations(ingest(tmp_path, GOOD), path)
    assert write_observations(ingest(tmp_path, GOOD, edition={"note": "A note."}), path)
    assert read_observations(path).editions["note"].to_list() == ["A note."]


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "moots.parquet"
    path.write_bytes(b"PAR1 cut short")
    assert write_observations(ingest(tmp_path, GOOD), path)


PAGE = b"<!doctype html><html><title>Page not found</title></html>"
SHEET = make_xlsx({"S": GOOD})
BAD = {
    "unknown area": (make_csv([*GOOD, ["E06999999", "Nowhere", "2023-24", 1]]), "moots.csv", "AREA_UNKNOWN", "csv!A4"),
    "closed area": (make_csv([*GOOD, [PLUMSTEAD, "Plumstead", "2023-24", 1]]), "moots.csv", "AREA_NOT_ALIVE", "csv!A4"),
    "text for a number": (
        make_csv([*GOOD, [BARCHESTER, "", "2022-23", "lots"]]), "moots.csv", "VALUE_NOT_A_NUMBER", "csv!D4",
    ),
    "missing sheet": (make_xlsx({"Other": GOOD}), "moots.xlsx", "SHEET_MISSING", ""),
    "renamed header": (make_xlsx({"S": [["Code", "", "Year", "Held"]]}), "moots.xlsx", "HEADER_MISSING", "S!A1"),
    "duplicate key": (make_csv([*GOOD, GOOD[1]]), "moots.csv", "KEY_DUPLICATED", "csv!D2"),
    "truncated xlsx": (SHEET[: len(SHEET) // 2], "moots.xlsx", "FILE_UNREADABLE", ""),
    "html as ods": (PAGE, "moots.ods", "FILE_UNREADABLE", ""),
    "zip bomb": (make_bomb(120_000_000), "moots.xlsx", "FILE_TOO_LARGE", ""),
    "csv over the limit": (b"Code,Council,Year,Moots held\n" * 3_500_000, "moots.csv", "FILE_TOO_LARGE", ""),
}  # fmt: skip


@pytest.mark.parametrize(("content", "name", "code", "cell"), BAD.values(), ids=BAD)
def test_bad_input_is_told_with_its_place_and_nothing_is_written(
    tmp_path: Path, content: bytes, name: str, code: str, cell: str
) -> None:
    path = tmp_path / "moots.parquet"
    write_observations(ingest(tmp_path, GOOD), path)
    before = path.read_bytes()
    ingested = ingest(tmp_path, content, name=name, sheet="S" if name == "moots.xlsx" else "*")
    assert told(ingested) == [(code, f"{name}:{cell}" if cell else name)]
    assert ingested.problems.exit_code in {Exit.SOURCE_FILE, Exit.DATA}
    with pytest.raises(ProblemsFound):
        write_observations(ingested, path)
    assert path.read_bytes() == before


def test_all_problems_of_all_editions_are_told_at_once(tmp_path: Path) -> None:
    source = make_source([{}], [{"edition": name, "mirror": f"{name}.csv"} for name in ("a", "b", "c")])
    vault = Vault(tmp_path)
    contents = {"a": PAGE, "b": make_csv([HEADER, ["E06999999", "Nowhere", "2023-24", "x"]]), "c": make_csv(GOOD)}
    ingested = ingest_source(source, make_lock(source, vault, contents), vault, make_register())
    assert told(ingested) == [
        ("FILE_UNREADABLE", "a.csv"),
        ("AREA_UNKNOWN", "b.csv:csv!A2"),
        ("VALUE_NOT_A_NUMBER", "b.csv:csv!D2"),
    ]


def test_one_key_in_two_tables(tmp_path: Path) -> None:
    source = make_source([{}, {"table": "again"}])
    vault = Vault(tmp_path)
    ingested = ingest_source(source, make_lock(source, vault, {"2023-24": make_csv(GOOD)}), vault, make_register())
    assert [code for code, _ in told(ingested)] == ["KEY_DUPLICATED"]


def test_editions_without_a_lock_or_a_file(tmp_path: Path) -> None:
    source = make_source([{}], [{}, {"edition": "known", "held": False}])
    vault = Vault(tmp_path)
    assert told(ingest_source(source, None, vault, make_register())) == [
        ("LOCK_MISSING", "definitions/sources/moots.yaml")
    ]
    lock = make_lock(source, vault, {"2023-24": make_csv(GOOD)})
    vault.path(lock.editions["2023-24"].sha256).unlink()
    assert told(ingest_source(source, lock, vault, make_register())) == [("FILE_MISSING", "moots.csv")]


KNOWN = {"edition": "2024-25", "held": False, "published": None, "basis": None}
LATER: Rows = [HEADER, [BARCHESTER, "Barchester", "2024-25", 5]]


def test_an_edition_that_was_known_is_read_once_it_is_fetched(tmp_path: Path) -> None:
    source = make_source([{"editions_from": "2023-24"}], [{}, KNOWN])
    vault = Vault(tmp_path)
    contents = {"2023-24": make_csv(GOOD), "2024-25": make_csv(LATER)}
    before = ingest_source(source, make_lock(source, vault, {"2023-24": contents["2023-24"]}), vault, make_register())
    after = ingest_source(source, make_lock(source, vault, contents), vault, make_register())
    assert (told(before), told(after)) == ([], [])
    columns = ["edition", "published", "published_basis", "known_on"]
    assert after.editions.select(columns).row(1) == ("2024-25", "2024-07-01", "retrieved", date(2024, 7, 1))
    assert after.observations.filter(edition_key="moots/2024-25")["value"].to_list() == [5.0]
    assert after.reading_digest != before.reading_digest


def test_what_is_only_known_does_not_change_what_was_read(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    lock = make_lock(make_source(), vault, {"2023-24": make_csv(GOOD)})
    digests = {
        ingest_source(make_source([{}], editions), lock, vault, make_register()).reading_digest
        for editions in ([{}], [{}, KNOWN], [KNOWN, {}])
    }
    assert len(digests) == 1


@pytest.mark.parametrize("table", [{"editions": ["2023-24"]}, {"editions_from": "2025-26"}])
def test_an_edition_that_no_table_reads_asks_for_one(tmp_path: Path, table: dict[str, object]) -> None:
    source = make_source([table], [{}, KNOWN, KNOWN | {"edition": "2025-26"}])
    vault = Vault(tmp_path)
    lock = make_lock(source, vault, {"2024-25": make_csv(LATER)})
    ingested = ingest_source(source, lock, vault, make_register())
    assert ("TABLE_MISSING", "definitions/sources/moots.yaml") in told(ingested)
    assert ingested.problems.exit_code is Exit.DEFINITIONS


@pytest.mark.parametrize(
    "edition", [{"published": None, "basis": None}, KNOWN | {"published": "2025"}, KNOWN | {"basis": "memory"}]
)
def test_a_day_is_left_out_only_where_nothing_is_held_and_together_with_its_basis(edition: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        make_source([{}], [edition])


@pytest.mark.parametrize("change", [{"published": "2024-05-31"}, {"basis": "memory"}, {"sha256": "0" * 64}])
def test_a_lock_that_differs_from_the_definition(tmp_path: Path, change: dict[str, str]) -> None:
    vault = Vault(tmp_path)
    lock = make_lock(make_source(), vault, {"2023-24": make_csv(GOOD)})
    ingested = ingest_source(make_source([{}], [change]), lock, vault, make_register())
    assert told(ingested) == [("LOCK_DIFFERS", "definitions/sources/moots.yaml")]


def test_a_cell_is_read_again_from_the_vault(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    sha256 = vault.put(SHEET)
    assert read_cell(vault, sha256, "S", "D3") == "4"
    assert read_cell(vault, sha256, "S", "Z99") == ""
    assert [stored_text(value) for value in read_sheet(vault, sha256, "S").rows[0]] == HEADER
    with pytest.raises(ProblemsFound, match="SHEET_MISSING"):
        read_cell(vault, sha256, "T", "D3")


def lock_from_mirror(vault: Vault) -> dict[str, Lock]:
    catalogue, problems = load_catalogue(ROOT)
    assert problems.errors == []
    locks = {}
    for key, source in catalogue.sources_read.items():
        held = {e.edition: (e, MIRROR / e.mirror) for e in source.editions if e.held and e.mirror}
        locks[key] = Lock(
            source=key,
            editions={
                name: LockedEdition(
                    published=edition.published,
                    basis=edition.basis,
                    sha256=vault.put(path.read_bytes()),
                    bytes=path.stat().st_size,
                    retrieved=date(2026, 11, 21),
                )
                for name, (edition, path) in held.items()
            },
        )
    return locks


def test_the_projects_own_sources(tmp_path: Path) -> None:
    if not MIRROR.is_dir():
        pytest.skip("the mirror of published files is not beside the repository")
    catalogue, _ = load_catalogue(ROOT)
    register = Register.read(ROOT / "edition" / "areas")
    vault = Vault(tmp_path / "vault")
    for key, lock in lock_from_mirror(vault).items():
        ingested = ingest_source(catalogue.sources[key], lock, vault, register)
        assert [str(problem) for problem in ingested.problems] == [], key
        assert len(ingested.observations) == pl.read_parquet(OBSERVED / f"{key}.parquet").height > 0
        cells = (
            ingested.observations.sample(min(100, len(ingested.observations)), seed=2)
            .join(ingested.editions, on="edition_key")
            .sort("sha256")
        )
        for row in cells.iter_rows(named=True):
            assert read_cell(vault, row["sha256"], row["sheet"], row["cell"]) == row["stored"]
