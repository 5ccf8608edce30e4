"""The whole road, by the commands: publishers' files to a release, and back from a figure to its cell."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import django
import httpx
import polars as pl
import pytest
from django.test import Client
from odf.element import Element  # type: ignore[import-untyped]

from moothall import cli
from tests.barsetshire.make import add_fourth_source, make_project
from tests.barsetshire.pages import find_rows
from tests.conftest import Barsetshire

Answer = tuple[int, dict[str, Any]]
Moothall = Callable[..., Answer]


@pytest.fixture
def moothall(capsys: pytest.CaptureFixture[str]) -> Moothall:
    """Run a command on a project: its exit code and its JSON."""

    def run(root: Path, *arguments: str) -> Answer:
        capsys.readouterr()
        code = cli.main([*arguments, "--json", "--root", str(root)])
        printed = capsys.readouterr().out
        return code, json.loads(printed)

    return run


@pytest.fixture
def project(barsetshire: Barsetshire, tmp_path: Path) -> Path:
    return barsetshire.copy(tmp_path)


def hash_files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def read_tables(root: Path, release: str) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_parquet(path) for path in (root / "releases" / release / "parquet").iterdir()}


def codes(answer: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in answer["problems"]]


def test_from_published_files_to_a_figure_and_back(tmp_path: Path, moothall: Moothall) -> None:
    root = make_project(tmp_path / "barsetshire")
    code, answer = moothall(root, "fetch", "--mirror", str(root / "mirror"))
    assert (code, answer["problems"]) == (0, [])
    assert answer["done"]["barset-outturn"] == "4 of 5 editions held"
    code, answer = moothall(root, "ingest")
    assert (code, answer["problems"]) == (0, [])
    code, answer = moothall(root, "check")
    assert (code, answer["problems"]) == (0, [])

    code, first = moothall(root, "build")
    assert (code, first["state"]) == (0, "built")
    code, answer = moothall(root, "publish")
    assert (code, answer["published"]) == (0, first["release"])

    code, answer = moothall(root, "verify", "--figures", "2000")
    assert (code, answer["problems"]) == (0, [])
    read, of = (int(word.replace(",", "")) for word in (answer["done"]["cells"].split()[i] for i in (0, 3)))
    assert read == of > 500, "every cell was read again"

    code, answer = moothall(root, "trace", "recycling-rate", "E06900003", "2020-21")
    assert code == 0
    assert answer["figure"]["value"] == pytest.approx(100 * 9400 / 20200)
    cells = {cell["name"]: cell for cell in answer["cells"]}
    assert cells["recycled"]["stored"] == "9,400 [r]"
    assert (cells["recycled"]["sheet"], cells["recycled"]["cell"]) == ("Table_1", "H42")
    [earlier] = cells["recycled"]["earlier"]
    assert (earlier["value"], earlier["edition"]["edition"]) == (9100, "2021-22")
    assert cells["recycled"]["edition"]["sha256"] == hash_files(root / "mirror")["waste/waste_2022-23.ods"]

    code, answer = moothall(root, "export", "--metric", "missed-collections", "--period", "2022-23")
    assert code == 0
    values = {figure["area"]: (figure["value"], figure["marker"]) for figure in answer["figures"]}
    assert values["E06900007"] == (0, None)
    assert values["E06900006"] == (None, "not_submitted")
    assert values["E10900001"] == (None, "not_responsible")


def test_a_changed_edition_is_published_compared_and_rolled_back(project: Path, moothall: Moothall) -> None:
    _, first = moothall(project, "build")
    moothall(project, "publish", first["release"])
    lock = project / "definitions" / "sources" / "barset-care.lock"
    path = project / "mirror" / "care" / "care_2022-23.csv"
    path.write_bytes(path.read_bytes().replace(b"70.0,68.0,72.0", b"71.0,68.0,72.0"))

    code, answer = moothall(project, "fetch", "barset-care", "--mirror", str(project / "mirror"))
    assert (code, codes(answer)) == (0, []), "the vault has the file that the lock names, so nothing is asked for"
    lock.unlink()
    code, answer = moothall(project, "fetch", "barset-care", "--mirror", str(project / "mirror"))
    assert (code, codes(answer)) == (0, [])
    code, answer = moothall(project, "check")
    assert (code, codes(answer)) == (10, ["EDITION_STALE"])
    assert moothall(project, "ingest", "barset-care")[0] == 0
    assert moothall(project, "check")[0] == 0

    code, second = moothall(project, "build")
    assert (code, second["state"]) == (0, "built")
    assert second["digest"] != first["digest"]
    code, answer = moothall(project, "diff", first["release"], second["release"])
    assert code == 0
    assert answer["editions_replaced"] == ["barset-care/2022-23"]
    [metric] = answer["metrics"]
    assert (metric["metric"], metric["changed"], metric["added"], metric["lost"]) == ("care-satisfaction", 1, 0, 0)
    [change] = metric["largest"]
    assert (change["area"], change["old_value"], change["new_value"]) == ("E06900004", 70, 71)

    assert "70.0" in change["old_text"]
    assert "71.0" in change["new_text"]

    assert moothall(project, "publish", second["release"])[1]["published"] == second["release"]
    assert moothall(project, "rollback")[1]["published"] == first["release"]
    assert (project / "releases" / "current").read_text().strip() == first["release"]
    code, answer = moothall(project, "rollback")
    assert (code, codes(answer)) == (2, ["RELEASE_UNKNOWN"])
    assert (project / "releases" / "current").read_text().strip() == first["release"]


def test_the_same_files_give_the_same_bytes(project: Path, moothall: Moothall) -> None:
    before = hash_files(project / "edition") | hash_files(project / "definitions")
    code, answer = moothall(project, "fetch", "--mirror", str(project / "mirror"))
    assert code == 0
    assert all("unchanged" in done for done in answer["done"].values())
    code, answer = moothall(project, "ingest")
    assert code == 0
    assert all("unchanged" in done for done in answer["done"].values())
    for part in ("observations", "boundaries"):
        for path in (project / "edition" / part).iterdir():
            path.unlink()
    assert moothall(project, "ingest")[0] == 0
    assert hash_files(project / "edition") | hash_files(project / "definitions") == before


def test_the_same_data_give_the_same_release(
    barsetshire: Barsetshire, tmp_path: Path, moothall: Moothall, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = barsetshire.copy(tmp_path)
    code, answer = moothall(project, "build")
    assert (code, answer["state"], answer["release"]) == (0, "unchanged", barsetshire.release.record.id)
    shutil.rmtree(project / "releases")
    assert moothall(project, "build")[1]["digest"] == barsetshire.release.record.digest

    monkeypatch.setitem(Element.namespaces, "https://barset.example", "barset")  # as after another spreadsheet was read
    backwards = make_project(tmp_path / "backwards")
    assert moothall(backwards, "fetch", "--mirror", str(backwards / "mirror"))[0] == 0
    for source in ("hospital_likeness", "barset-waste", "barset-outturn", "barset-care", "boundaries"):
        assert moothall(backwards, "ingest", source)[0] == 0
    assert moothall(backwards, "build")[1]["digest"] == barsetshire.release.record.digest
    _, answer = moothall(project, "build")
    for name, rows in read_tables(project, answer["release"]).items():
        assert rows.equals(read_tables(backwards, answer["release"])[name]), name


LATER = {
    "barset-waste": ["2022-23"],
    "barset-care": ["2022-23"],
    "barset-outturn": ["2022-23-final", "2023-24-provisional"],
}


def test_a_definition_changed_since_ingest_is_not_built(project: Path, moothall: Moothall) -> None:
    """A new scale without a new ingest would publish values that the definition no longer gives."""
    path = project / "definitions" / "sources" / "barset-outturn.yaml"
    text = path.read_text(encoding="utf-8")
    assert "scale:" in text
    path.write_text(re.sub(r"scale: [0-9.]+", "scale: 7", text, count=1), encoding="utf-8")
    for command in ("check", "build"):
        code, answer = moothall(project, command)
        assert (code, codes(answer)) == (10, ["EDITION_STALE"])
    assert moothall(project, "ingest")[0] == 0
    assert moothall(project, "build")[0] == 0


def test_an_edition_is_reworded_without_its_file(project: Path, moothall: Moothall) -> None:
    path = project / "definitions" / "sources" / "barset-care.yaml"
    text = path.read_text(encoding="utf-8")
    reworded, count = re.subn(r'(  - edition: 2022-23\n    title: )"[^"]*"', r'\1"Another title"', text)
    assert count == 1
    path.write_text(reworded, encoding="utf-8")
    shutil.rmtree(project / "vault")
    assert moothall(project, "check")[0] == 0
    _, built = moothall(project, "build")
    editions = read_tables(project, built["release"])["editions"]
    assert editions.filter(pl.col("title") == "Another title")["edition_key"].to_list() == ["barset-care/2022-23"]
    assert editions["edition_key"].is_sorted()


def test_what_was_not_yet_known_changes_nothing(project: Path, tmp_path: Path, moothall: Moothall) -> None:
    """A release as of a day is that of a project in which the later editions never were."""
    ignorant = Path(shutil.copytree(project, tmp_path / "ignorant"))
    for source, editions in LATER.items():
        path = ignorant / "edition" / "observations" / f"{source}.parquet"
        observations = pl.read_parquet(path)
        metadata = {key: text for key, text in pl.read_parquet_metadata(path).items() if key.startswith("moothall.")}
        keys = [f"{source}/{edition}" for edition in editions]
        assert observations.filter(pl.col("edition_key").is_in(keys)).height > 0
        kept = {
            key: json.dumps([row for row in json.loads(text) if row["edition_key"] not in keys], ensure_ascii=False)
            for key, text in metadata.items()
            if key != "moothall.reading"
        }
        kept["moothall.reading"] = metadata["moothall.reading"]
        observations.filter(~pl.col("edition_key").is_in(keys)).write_parquet(path, metadata=kept)

    code, knowing = moothall(project, "build", "--as-of", "2023-10-01")
    assert (code, knowing["state"]) == (0, "built")
    code, unknowing = moothall(ignorant, "build")
    assert (code, unknowing["state"]) == (0, "built")
    tables = read_tables(project, knowing["release"])
    others = read_tables(ignorant, unknowing["release"])
    assert tables["figures"].height > 300
    assert tables["figures"].filter(pl.col("edition_key") == "barset-outturn/2022-23-provisional").height > 0
    for name in tables.keys() - {"missing_editions"}:
        assert tables[name].equals(others[name]), name
    assert others["missing_editions"].height > 0
    assert tables["missing_editions"].height == 0, "what was published later is not even known to exist"


@pytest.mark.parametrize(
    ("day", "value", "marker"),
    [
        ("2022-11-16", None, None),
        ("2022-11-17", None, None),
        ("2023-08-24", 8.1, "provisional"),
        ("2023-12-13", 8.1, "provisional"),
        ("2023-12-14", 8.25, None),
    ],
)
def test_a_value_is_known_from_its_day(
    day: str, value: float | None, marker: str | None, project: Path, moothall: Moothall
) -> None:
    _, built = moothall(project, "build", "--as-of", day)
    if "release" not in built:
        assert (value, codes(built)) == (None, ["ARGUMENT_INVALID"]), "nothing at all was known"
        return
    asked = ("unallocated-reserves", "E06900002", "2022-23", "--release", built["release"])
    code, answer = moothall(project, "trace", *asked)
    if value is None:
        assert (code, codes(answer)) == (2, ["ARGUMENT_INVALID"])
    else:
        assert (answer["figure"]["value"], answer["figure"]["marker"]) == (value, marker)


def test_a_fourth_source_is_one_file_and_its_lock(
    project: Path, moothall: Moothall, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = hash_files(project)
    _, first = moothall(project, "build")
    add_fourth_source(project)
    code, answer = moothall(project, "check")
    assert (code, set(codes(answer))) == (10, {"LOCK_MISSING", "EDITION_STALE"})
    assert moothall(project, "build")[0] == 10
    assert moothall(project, "fetch", "barset-libraries", "--mirror", str(project / "mirror"))[0] == 0
    assert moothall(project, "ingest", "barset-libraries")[0] == 0
    assert moothall(project, "check")[0] == 0
    authored = {
        name for name in hash_files(project).keys() - before.keys() if name.startswith(("definitions", "edition"))
    }
    assert authored == {
        "definitions/sources/barset-libraries.yaml",
        "definitions/sources/barset-libraries.lock",
        "edition/observations/barset-libraries.parquet",
    }
    assert {name: before[name] for name in before} == {name: hash_files(project)[name] for name in before}

    moothall(project, "publish", first["release"])
    _, second = moothall(project, "build")
    code, answer = moothall(project, "diff")
    assert (answer["old"], answer["new"]) == (first["release"], second["release"])
    assert answer["metrics_added"] == ["library-visits"]
    assert answer["metrics_removed"] == answer["metrics_reworded"] == []
    code, answer = moothall(project, "export", "--metric", "library-visits", "--release", second["release"])
    values = {figure["area_name"]: (figure["text"], figure["marker"], figure["rank"]) for figure in answer["figures"]}
    assert values["Plumstead"] == ("3,000 per 1,000", None, 1)
    assert values["Hogglestock"] == ("2,251 per 1,000", None, 5), "2,250.5 is rounded half up"
    assert values["Greshamsbury"] == ("0 per 1,000", None, 7), "a true zero is ranked, last"
    assert values["Silverbridge"] == ("not available", "not_available", None)
    assert values["Ullathorne"] == ("not published", "no_row", None)
    assert values["Allington"] == ("not responsible", "not_responsible", None)
    assert moothall(project, "publish")[1]["published"] == second["release"]
    monkeypatch.delenv("MOOTHALL_RELEASE", raising=False)
    monkeypatch.setenv("MOOTHALL_RELEASES", str(project / "releases"))
    django.setup()
    site = Client(HTTP_HOST="localhost")
    rows = find_rows(site.get("/metrics/library-visits").content.decode())
    assert {row["Council"]: row["Value"] for row in rows.values()} == {
        name: text for name, (text, marker, _) in values.items() if marker != "not_responsible"
    }
    assert "library-visits" in site.get("/metrics").content.decode()


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["build", "--as-of", "yesterday"], 2, "ARGUMENT_INVALID"),
        (["publish", "2020-01-01-00000000"], 2, "RELEASE_UNKNOWN"),
        (["publish", "../../elsewhere"], 2, "RELEASE_UNKNOWN"),
        (["rollback"], 2, "RELEASE_UNKNOWN"),
        (["verify", "2020-01-01-00000000"], 2, "RELEASE_UNKNOWN"),
        (["diff", "2020-01-01-00000000"], 2, "RELEASE_UNKNOWN"),
        (["trace", "no-such-metric", "E06900001", "2022-23"], 2, "ARGUMENT_INVALID"),
        (["trace", "carer-score", "E99999999", "2022-23"], 2, "ARGUMENT_INVALID"),
        (["trace", "carer-score", "E06900001", "1922-23"], 2, "ARGUMENT_INVALID"),
        (["export", "--metric", "no-such-metric"], 2, "ARGUMENT_INVALID"),
        (["ingest", "no-such-source"], 2, "ARGUMENT_INVALID"),
        (["fetch", "no-such-source"], 2, "ARGUMENT_INVALID"),
        (["explain", "NO_SUCH_CODE"], 2, "ARGUMENT_INVALID"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], code: int, problem: str, project: Path, moothall: Moothall
) -> None:
    before = hash_files(project)
    given, answer = moothall(project, *arguments)
    assert (given, codes(answer)) == (code, [problem])
    assert hash_files(project) == before


@pytest.fixture
def publisher(project: Path) -> Iterator[str]:
    """The address of a server on this machine that has the publishers' files."""
    handler = partial(QuietHandler, directory=str(project / "mirror"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        pass


def test_an_edition_that_was_known_is_fetched_and_read(project: Path, moothall: Moothall, publisher: str) -> None:
    """From a gap to figures with two commands: its day is that of fetching, and its table is that of the source."""
    add_fourth_source(project)
    mirror = ["--mirror", str(project / "mirror")]
    assert moothall(project, "fetch", "barset-libraries", *mirror)[0] == 0
    assert moothall(project, "ingest", "barset-libraries")[0] == 0
    path = project / "definitions" / "sources" / "barset-libraries.yaml"
    known = "  - edition: 2023-24\n    title: Library visits 2023-24\n    period: 2023-24\n    held: false\n"
    text = path.read_text(encoding="utf-8")

    def define(more: str) -> None:
        path.write_text(text.replace("\ntables:", f"{known}{more}\ntables:", 1), encoding="utf-8")

    define("")
    assert moothall(project, "check")[0] == 0
    _, before = moothall(project, "build")
    known_of = read_tables(project, before["release"])["missing_editions"].filter(source_key="barset-libraries")
    (missing,) = known_of.rows(named=True)
    assert (missing["edition"], missing["published"], missing["address"]) == ("2023-24", None, None)
    code, answer = moothall(project, "fetch", "barset-libraries")
    assert (code, codes(answer)) == (0, ["ADDRESS_UNKNOWN"])

    define(f'    address: "{publisher}/libraries/libraries_2022-23.csv"\n')
    assert moothall(project, "fetch", "barset-libraries")[0] == 0
    assert "retrieved" in path.with_suffix(".lock").read_text(encoding="utf-8")
    code, answer = moothall(project, "check")
    assert (code, codes(answer)) == (10, ["EDITION_STALE"])
    assert moothall(project, "ingest", "barset-libraries")[0] == 0
    assert moothall(project, "check")[0] == 0
    _, after = moothall(project, "build")
    tables = read_tables(project, after["release"])
    assert "barset-libraries" not in tables["missing_editions"]["source_key"].to_list()
    periods = tables["metric_periods"].filter(metric_key="library-visits")["period"].to_list()
    assert periods == ["2022-23", "2023-24"]


def test_a_source_of_which_nothing_is_read_stands_in_the_release_as_a_gap(project: Path, moothall: Moothall) -> None:
    path = project / "definitions" / "sources" / "barset-parks.yaml"
    path.write_text(UNREAD, encoding="utf-8")
    assert moothall(project, "check")[0] == 0
    code, answer = moothall(project, "ingest", "barset-parks")
    assert (code, answer["done"]["barset-parks"]) == (0, "nothing is read of it. Nobody has asked for it.")
    _, built = moothall(project, "build")
    tables = read_tables(project, built["release"])
    assert tables["unread_sources"]["tells"].to_list() == ["How many people go to a park."]
    assert "barset-parks" not in tables["sources"]["source_key"].to_list()
    assert moothall(project, "fetch", "barset-parks", "--mirror", str(project / "mirror"))[0] == 0
    path.write_text(UNREAD.replace("[waste]", "[dragons]"), encoding="utf-8")
    code, answer = moothall(project, "check")
    assert (code, codes(answer)) == (10, ["REFERENCE_UNKNOWN"])
    path.write_text(UNREAD.partition("unread:")[0] + UNREAD[UNREAD.index("editions:") :], encoding="utf-8")
    code, answer = moothall(project, "check")
    assert (code, codes(answer)) == (10, ["DEFINITION_INVALID"])


UNREAD = """source: barset-parks
title: "Visits to parks"
publisher: "Barsetshire Parks Office"
licence: ogl-3
landing_page: "https://parks.example/"
cadence: yearly
quality: official_statistics
unread:
  why: "Nobody has asked for it."
  tells: "How many people go to a park."
  topics: [waste]
  functions: [corporate]
editions:
  - edition: 2023-24
    title: "Visits to parks 2023-24"
    held: false
"""


def test_there_must_be_a_project(tmp_path: Path, moothall: Moothall) -> None:
    for command in ("fetch", "ingest", "check", "build", "publish", "rollback", "verify"):
        code, answer = moothall(tmp_path, command)
        assert (code, codes(answer)) == (2, ["PROJECT_MISSING"])


def test_a_command_that_is_none_is_usage() -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["conjure"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("many", ["0", "-5", "some"])
def test_how_many_figures_to_verify_is_a_number_from_1(many: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["verify", "--figures", many])
    assert stopped.value.code == 2


def test_every_kind_of_problem_is_explained_wherever_one_stands(tmp_path: Path, moothall: Moothall) -> None:
    code, answer = moothall(tmp_path, "explain")
    assert code == 0
    for name in answer.keys() - {"problems"}:
        code, one = moothall(tmp_path, "explain", name)
        assert (code, one["code"]) == (0, name)
        assert one["text"].startswith(f"# {name}: ")


def test_a_file_that_was_changed_behind_the_locks_back_is_found(project: Path, moothall: Moothall) -> None:
    sha256 = hash_files(project / "mirror")["care/care_2022-23.csv"]
    path = project / "vault" / sha256[:2] / sha256
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"70.0,68.0,72.0", b"71.0,68.0,72.0"))
    code, answer = moothall(project, "verify", "--figures", "2000")
    assert (code, codes(answer)) == (11, ["FILE_CHANGED", "FILE_MISSING"])
    read, of = (int(word.replace(",", "")) for word in (answer["done"]["cells"].split()[i] for i in (0, 3)))
    assert 0 < read < of, "the other files are read all the same"


def test_a_release_whose_cells_differ_is_a_mismatch(project: Path, moothall: Moothall) -> None:
    """An edition whose observations were meddled with after they were read."""
    path = project / "edition" / "observations" / "barset-care.parquet"
    metadata = {key: text for key, text in pl.read_parquet_metadata(path).items() if key.startswith("moothall.")}
    wrong = (pl.col("area_code") == "E06900004") & (pl.col("value") == 70)
    observations = pl.read_parquet(path)
    assert observations.filter(wrong).height == 1
    value = pl.when(wrong).then(77.0).otherwise("value").alias("value")
    observations.with_columns(value).write_parquet(path, metadata=metadata)
    _, built = moothall(project, "build")
    code, answer = moothall(project, "verify", built["release"], "--figures", "2000")
    assert (code, codes(answer)) == (13, ["CELL_DIFFERS"])
    assert answer["problems"][0]["where"] == "care_2022-23.csv:csv!E19"


@pytest.mark.parametrize("name", ["moothall.sqlite", "parquet/figures.parquet", "manifest.json", "datapackage.json"])
def test_a_damaged_release_is_found(name: str, project: Path, moothall: Moothall) -> None:
    [release] = (path for path in (project / "releases").iterdir() if path.is_dir())
    path = release / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    code, answer = moothall(project, "verify")
    assert code == 13
    assert set(codes(answer)) == {"RELEASE_DAMAGED"}
    code, answer = moothall(project, "build")
    assert (code, answer["state"]) == (0, "built"), "a damaged release is not handed back"
    assert moothall(project, "verify", answer["release"])[0] == 0


def retitle(root: Path) -> None:
    """Change a word of the definitions, so that there is another release to build."""
    path = root / "definitions" / "topics.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: The ", 1), encoding="utf-8")


def test_a_difference_is_printed_for_a_person_and_then_counts_as_read(
    project: Path, moothall: Moothall, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = moothall(project, "diff")
    assert (code, codes(answer)) == (2, ["RELEASE_UNKNOWN"]), (
        "nothing was published, so there is nothing to compare with"
    )
    first = moothall(project, "build")[1]["release"]
    moothall(project, "publish")
    assert moothall(project, "diff")[1]["old"] == first
    assert not (project / "releases" / "changes").exists(), "a release does not differ from itself"
    retitle(project)
    second = moothall(project, "build")[1]["release"]
    code, answer = moothall(project, "publish")
    assert (code, codes(answer)) == (2, ["DIFF_UNREAD"])
    assert f"'moothall diff {first} {second}'" in answer["problems"][0]["message"]
    assert cli.main(["diff", "--root", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"From {first} to {second}"
    assert (
        lines[-1] == f"Noted as read, and kept in releases/changes/{first}..{second}.json: 'moothall publish {second}'"
    )
    assert moothall(project, "publish")[1]["published"] == second


def test_a_server_follows_the_pointer(project: Path, moothall: Moothall) -> None:
    """What is published or rolled back is served without starting again."""
    [first] = (path.name for path in (project / "releases").iterdir() if path.is_dir())
    moothall(project, "publish", first)
    retitle(project)
    _, second = moothall(project, "build")
    assert moothall(project, "publish")[0] == 2, "it was not compared"
    assert moothall(project, "diff")[0] == 0
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("MOOTHALL_")}
    server = subprocess.Popen(
        [Path(sys.executable).with_name("moothall"), "serve", "--port", str(port), "--root", str(project)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def served() -> str:
        deadline = time.monotonic() + 30
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/api/v1/release", timeout=5)
                return str(answer.json()["id"])
            except httpx.TransportError:
                assert time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)

    try:
        assert served() == first
        moothall(project, "publish", second["release"])
        assert served() == second["release"]
        moothall(project, "rollback")
        assert served() == first
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_the_newest_is_what_was_built_last_and_never_an_earlier_day(project: Path, moothall: Moothall) -> None:
    first = moothall(project, "build")[1]["release"]
    for day in ("2022-12-31", "2023-08-31"):
        code, back = moothall(project, "build", "--as-of", day)
        assert (code, back["state"]) == (0, "built")
        assert moothall(project, "publish")[1]["published"] == first != back["release"]
    path = project / "definitions" / "topics.yaml"
    before = path.read_text(encoding="utf-8")
    retitle(project)
    second = moothall(project, "build")[1]["release"]
    assert moothall(project, "diff")[1]["tables"] == ["topics"]
    assert moothall(project, "publish")[1]["published"] == second != first
    path.write_text(before, encoding="utf-8")
    again = moothall(project, "build")[1]
    assert (again["release"], again["state"]) == (first, "unchanged")
    assert moothall(project, "diff")[1]["tables"] == ["topics"]
    assert moothall(project, "publish")[1]["published"] == first


def test_a_day_on_which_nothing_was_known_gives_no_release(project: Path, moothall: Moothall) -> None:
    code, answer = moothall(project, "build", "--as-of", "1900-01-01")
    assert (code, codes(answer)) == (2, ["ARGUMENT_INVALID"])


def test_maps_come_with_the_edition_or_the_build_says_what_is_missing(project: Path, moothall: Moothall) -> None:
    shutil.rmtree(project / "edition" / "boundaries")
    for command in ("check", "build"):
        code, answer = moothall(project, command)
        assert (code, codes(answer)) == (10, ["EDITION_STALE"])
        assert "edition/boundaries" in str(answer["problems"][0]["where"])
    code, answer = moothall(project, "ingest", "boundaries")
    assert (code, answer["done"]) == (0, {"boundaries": "2 files written"})
    assert moothall(project, "build")[0] == 0
    (project / "edition" / "boundaries" / "outlines.json").write_text("{}")
    assert codes(moothall(project, "build")[1]) == ["EDITION_STALE"]
    (project / "definitions" / "boundaries.yaml").unlink()
    assert moothall(project, "build")[0] == 0
