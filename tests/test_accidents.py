"""Bad input and sudden death: each is named with its place, and the last good release is still served."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import django
import polars as pl
import pytest
from django.test import Client

from moothall import cli
from moothall.core.problems import KINDS
from moothall.release import pointer
from moothall.release.pointer import current
from moothall.release.queries import Release
from tests.barsetshire.make import write_xlsx
from tests.barsetshire.pages import find_value
from tests.conftest import Barsetshire
from tests.test_road import Answer, Moothall, codes, hash_files, moothall

__all__ = ["moothall"]

CARE, OUTTURN, WASTE = "care/care_2022-23.csv", "outturn/outturn_2022-23.xlsx", "waste/waste_2022-23.ods"


@pytest.fixture(scope="module")
def template(barsetshire: Barsetshire, tmp_path_factory: pytest.TempPathFactory) -> Barsetshire:
    """Barsetshire with its release published."""
    copied = Barsetshire(
        type(barsetshire.project)(barsetshire.copy(tmp_path_factory.mktemp("published"))), barsetshire.release
    )
    assert cli.main(["publish", "--root", str(copied.root)]) == 0
    return copied


@pytest.fixture
def project(template: Barsetshire, tmp_path: Path) -> Path:
    return template.copy(tmp_path)


@pytest.fixture(scope="module")
def whole_times() -> dict[str, float]:
    """How many seconds each command takes, once one test has measured it."""
    return {}


@pytest.fixture(scope="module")
def site() -> Client:
    django.setup()
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def served(site: Client, project: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Asks the site for a figure that every release of Barsetshire holds; gives the id of the release it came from."""
    monkeypatch.delenv("MOOTHALL_RELEASE", raising=False)
    monkeypatch.setenv("MOOTHALL_RELEASES", str(project / "releases"))

    def ask() -> str:
        page = site.get("/figures/carer-score/E06900001/2022-23")
        assert page.status_code == 200
        assert find_value(page.content.decode()) == "7.13"
        return str(site.get("/api/v1/release").json()["id"])

    return ask


def replace_in(path: Path, old: str, new: str, encoding: str = "utf-8") -> None:
    text = path.read_bytes().decode(encoding)
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode(encoding))


def care(old: str, new: str) -> Callable[[Path], None]:
    """Change the newer file of the care survey."""
    return lambda root: replace_in(root / "mirror" / CARE, old, new)


def definition(source: str, old: str, new: str) -> Callable[[Path], None]:
    """Change a source's definition."""
    return lambda root: replace_in(root / "definitions" / "sources" / f"barset-{source}.yaml", old, new)


def outturn(sheet: str, header: bytes = b"", instead: bytes = b"") -> Callable[[Path], None]:
    """Write the final outturn anew, with another name of its sheet, or one header replaced by another."""

    def write(root: Path) -> None:
        path = root / "mirror" / OUTTURN
        write_xlsx(path, sheet, [(None, "E9101", "E06900001", "Barchester", 1, 2, 3, 4)], is_in_pounds=True)
        if header:
            rezip(path, lambda name, data: data.replace(header, instead))

    return write


def rezip(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Write a workbook again with its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: change(name, old.read(name)) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)


def cut_short(root: Path) -> None:
    path = root / "mirror" / OUTTURN
    path.write_bytes(path.read_bytes()[:4000])


def save_error_page(root: Path) -> None:
    (root / "mirror" / WASTE).write_text("<!DOCTYPE html>\n<html><body><h1>503 Service Unavailable</h1></body></html>")


def set_trap(root: Path) -> None:
    """A workbook of some kilobytes that unpacks to 40 MB."""
    blank = b"<row/>" * 7_000_000
    rezip(root / "mirror" / OUTTURN, lambda name, data: data.replace(b"<sheetData>", b"<sheetData>" + blank, 1))
    assert (root / "mirror" / OUTTURN).stat().st_size < 200_000


def swell(root: Path) -> None:
    """A csv one byte over the limit; the disk holds none of it."""
    with (root / "mirror" / CARE).open("r+b") as file:
        file.truncate(100_000_001)


def add(row: str) -> Callable[[Path], None]:
    """Add a row to the care survey."""
    return care("Notes:", f"{row}\r\nNotes:")


FILES: dict[str, tuple[str, Callable[[Path], object], str, str]] = {
    "an unknown area": (
        "care",
        add('E06999999,Omnium,2022/23,"Satisfied, all",50,,,'),
        "AREA_UNKNOWN",
        "care_2022-23.csv:csv!A56",
    ),
    "a closed area": (
        "care",
        add('E07900006,St Ewold\'s,2022/23,"Satisfied, all",50,,,'),
        "AREA_NOT_ALIVE",
        "care_2022-23.csv:csv!A56",
    ),
    "text in a number column": (
        "care",
        care('"Satisfied, all",70.0', '"Satisfied, all",about 70'),
        "VALUE_NOT_A_NUMBER",
        "care_2022-23.csv:csv!E19",
    ),
    "a number that is not possible": (
        "care",
        care('"Satisfied, all",70.0', '"Satisfied, all",170.0'),
        "VALUE_OUT_OF_RANGE",
        "care_2022-23.csv:csv!E19",
    ),
    "a limit that is no number": (
        "care",
        care("70.0,68.0,72.0", "70.0,sixty-eight,72.0"),
        "VALUE_NOT_A_NUMBER",
        "care_2022-23.csv:csv!E19",
    ),
    "a period that is none": (
        "care",
        care('2022/23,"Satisfied, all",70.0', '2022/24,"Satisfied, all",70.0'),
        "PERIOD_UNREADABLE",
        "care_2022-23.csv:csv!A19",
    ),
    "a duplicate key": (
        "care",
        definition(
            "care",
            "    duplicates:\n      keep: last\n      reason: "
            '"The publisher adds corrected rows at the foot of the file and leaves the old ones in."\n',
            "",
        ),
        "KEY_DUPLICATED",
        "care_2022-23.csv:csv!E44",
    ),
    "a missing sheet": ("outturn", outturn("Figures 2022-23"), "SHEET_MISSING", "outturn_2022-23.xlsx"),
    "a renamed header": (
        "outturn",
        outturn("Outturn 2022-23", b"Closing", b"Year end"),
        "HEADER_MISSING",
        "outturn_2022-23.xlsx:Outturn 2022-23!A6",
    ),
    "two headers alike": (
        "outturn",
        outturn("Outturn 2022-23", b"Opening", b"Closing"),
        "HEADER_AMBIGUOUS",
        "outturn_2022-23.xlsx:Outturn 2022-23!E6",
    ),
    "a truncated xlsx": ("outturn", cut_short, "FILE_UNREADABLE", "outturn_2022-23.xlsx"),
    "an html page saved as ods": ("waste", save_error_page, "FILE_UNREADABLE", "waste_2022-23.ods"),
    "a zip bomb": ("outturn", set_trap, "FILE_TOO_LARGE", "outturn_2022-23.xlsx"),
    "a csv over the limit": ("care", swell, "FILE_TOO_LARGE", "care_2022-23.csv"),
    "an empty file": (
        "care",
        lambda root: (root / "mirror" / CARE).write_bytes(b""),
        "FILE_UNREADABLE",
        "care_2022-23.csv",
    ),
    "a table that gives nothing": (
        "care",
        lambda root: (root / "mirror" / CARE).write_text(
            "a\nb\nCouncil code,Council,Survey year,Measure,Value,Lower,Upper,Status\n"
        ),
        "TABLE_EMPTY",
        "care_2022-23.csv",
    ),
    "a file that the mirror has not": (
        "care",
        lambda root: (root / "mirror" / CARE).unlink(),
        "FILE_MISSING",
        "care_2022-23.csv",
    ),
    "a file that is not the one defined": (
        "care",
        definition("care", "    mirror: care/care_2022-23.csv\n", f"    mirror: {CARE}\n    sha256: {'0' * 64}\n"),
        "FILE_CHANGED",
        "care_2022-23.csv",
    ),
}


def fetch_and_ingest(root: Path, source: str, moothall: Moothall) -> Answer:
    """What the first of the two commands to fail says, with the source's lock forgotten; else the last."""
    (root / "definitions" / "sources" / f"barset-{source}.lock").unlink()
    fetched = moothall(root, "fetch", f"barset-{source}", "--mirror", str(root / "mirror"))
    return fetched if fetched[0] else moothall(root, "ingest", f"barset-{source}")


@pytest.mark.parametrize("accident", FILES)
def test_a_bad_file_is_named_and_the_last_release_served(
    accident: str, project: Path, moothall: Moothall, served: Callable[[], str]
) -> None:
    source, harm, code, place = FILES[accident]
    before, kept = served(), hash_files(project / "edition") | hash_files(project / "releases")
    harm(project)
    given, answer = fetch_and_ingest(project, source, moothall)
    assert given == KINDS[code].exit_code
    problems = [problem for problem in answer["problems"] if problem["severity"] == "error"]
    assert [(problem["code"], problem["where"]) for problem in problems] == [(code, place)]
    assert problems[0]["remedy"]
    assert hash_files(project / "edition") | hash_files(project / "releases") == kept, "nothing is written by halves"
    assert served() == before


def test_every_problem_of_every_source_is_found_in_one_pass(project: Path, moothall: Moothall) -> None:
    for accident in ("an unknown area", "text in a number column", "a truncated xlsx"):
        FILES[accident][1](project)
    for path in (project / "definitions" / "sources").glob("*.lock"):
        path.unlink()
    assert moothall(project, "fetch", "--mirror", str(project / "mirror"))[0] == 0
    code, answer = moothall(project, "ingest")
    assert set(codes(answer)) == {"AREA_UNKNOWN", "VALUE_NOT_A_NUMBER", "FILE_UNREADABLE"}
    assert code == 11, "the file before its data"
    assert answer["done"]["barset-waste"].endswith("unchanged"), "a source without errors is not held up"


def test_both_places_of_a_duplicate_are_named(project: Path, moothall: Moothall) -> None:
    source, harm, *_ = FILES["a duplicate key"]
    harm(project)
    _, answer = fetch_and_ingest(project, source, moothall)
    assert "csv!E44 and csv!E55" in answer["problems"][0]["message"]


def test_a_rule_that_matches_nothing_is_a_warning(project: Path, moothall: Moothall) -> None:
    definition("care", '"[z]": not_applicable', '"[z]": not_applicable, "[q]": suppressed')(project)
    code, answer = moothall(project, "ingest", "barset-care")
    assert code == 0
    assert [(each["code"], each["severity"]) for each in answer["problems"]] == [("RULE_UNUSED", "warning")]


CARE_YAML = "sources/barset-care.yaml"
SHARE = "100 * reserves / spending"
# What is wrong: the file, what stands in it, what stands in its place, the problem's code and its line and column.
MISTAKES = {
    "no YAML": (CARE_YAML, "licence: ogl-3", "licence: [ogl-3", "YAML_UNREADABLE", "6:13"),
    "a key twice": ("topics.yaml", '    title: "Care"', '    key: a\n    title: "Care"', "YAML_DUPLICATE_KEY", "6:5"),
    "an anchor": ("topics.yaml", 'title: "Care"', 'title: &care "Care"', "YAML_ANCHOR", "6:12"),
    "an unknown word": (CARE_YAML, "licence: ogl-3", "licence: ogl-9", "DEFINITION_INVALID", "5:1"),
    "an unknown field": ("topics.yaml", "  - key: care", "  - hue: red\n    key: care", "DEFINITION_INVALID", "5:5"),
    "a missing field": (CARE_YAML, "cadence: yearly\n", "", "DEFINITION_INVALID", "2:1"),
    "a day that is none": (CARE_YAML, "2022-12-06", "2022-13-06", "DEFINITION_INVALID", "19:5"),
    "a metric twice": ("derived.yaml", "key: recycling-rate", "key: carer-score", "KEY_REUSED", "2:5"),
    "an edition twice": (CARE_YAML, "edition: 2022-23", "edition: 2021-22", "KEY_REUSED", "23:5"),
    "no such topic": ("derived.yaml", "topic: waste", "topic: wastes", "REFERENCE_UNKNOWN", "8:5"),
    "no such function": ("derived.yaml", "[waste_collection,", "[waste_creation,", "REFERENCE_UNKNOWN", "13:17"),
    "no such metric": ("derived.yaml", "spending: net-spending", "spending: net-sum", "REFERENCE_UNKNOWN", "44:46"),
    "no formula": ("derived.yaml", SHARE, "100 * reserves /", "FORMULA_INVALID", "43:5"),
    "a formula of others": ("derived.yaml", SHARE, "100 * print / spending", "FORMULA_INVALID", "43:5"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_yaml_stops_every_command(
    mistake: str, project: Path, moothall: Moothall, served: Callable[[], str]
) -> None:
    file, old, new, code, place = MISTAKES[mistake]
    before, kept = served(), hash_files(project / "edition") | hash_files(project / "releases")
    replace_in(project / "definitions" / file, old, new)
    for command in (("check",), ("fetch", "--mirror", str(project / "mirror")), ("ingest",), ("build",)):
        given, answer = moothall(project, *command)
        assert given == 10
        assert [(each["code"], each["where"]) for each in answer["problems"]] == [(code, f"definitions/{file}:{place}")]
    assert hash_files(project / "edition") | hash_files(project / "releases") == kept
    assert served() == before


def test_a_lock_that_disagrees_stops_check_and_ingest(project: Path, moothall: Moothall) -> None:
    definition("care", "2022-12-06", "2022-12-13")(project)
    for command, found in (
        ("check", ["LOCK_DIFFERS", "EDITION_STALE"]),
        ("ingest", ["LOCK_DIFFERS"]),
        ("build", ["EDITION_STALE"]),
    ):
        code, answer = moothall(project, command)
        assert (code, codes(answer)) == (10, found), command


@pytest.mark.parametrize("harm", ["missing", "cut short"])
def test_observations_that_cannot_be_read_stop_the_build(
    harm: str, project: Path, moothall: Moothall, served: Callable[[], str]
) -> None:
    before = served()
    path = project / "edition" / "observations" / "barset-care.parquet"
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:1000])
    for command in ("check", "build"):
        code, answer = moothall(project, command)
        assert (code, codes(answer)) == (10, ["EDITION_STALE"]), command
        assert answer["problems"][0]["where"] == "edition/observations/barset-care.parquet"
    assert served() == before
    assert moothall(project, "ingest", "barset-care")[0] == 0
    assert moothall(project, "build")[1]["state"] == "unchanged"


def test_a_register_that_cannot_be_read_has_a_place(project: Path, moothall: Moothall) -> None:
    replace_in(project / "edition" / "areas" / "areas.csv", ",unitary,", ",parish,")
    for command in ("check", "ingest", "build"):
        code, answer = moothall(project, command)
        assert code == 10
        assert [(each["code"], each["where"]) for each in answer["problems"]] == [
            ("DEFINITION_INVALID", "edition/areas/areas.csv:2")
        ]


def test_a_function_of_an_area_that_is_none_is_named(project: Path, moothall: Moothall) -> None:
    path = project / "definitions" / "functions.yaml"
    path.write_text(
        path.read_text() + "    exceptions: [{areas: [E06999999], has: none}]\n",
        encoding="utf-8",
    )
    for command in ("check", "build"):
        code, answer = moothall(project, command)
        assert (code, codes(answer)) == (10, ["REFERENCE_UNKNOWN"]), command
        assert "E06999999" in answer["problems"][0]["message"]


@pytest.mark.parametrize("harm", ["a release that cannot be read", "a pointer to nothing", "an empty pointer"])
def test_the_site_keeps_the_last_good_release(
    harm: str, project: Path, moothall: Moothall, served: Callable[[], str]
) -> None:
    before = served()
    retitle(project)
    assert moothall(project, "ingest")[0] == 0
    _, built = moothall(project, "build")
    pointer = project / "releases" / "current"
    if harm == "a release that cannot be read":
        (project / "releases" / built["release"] / "manifest.json").write_text("{")
        pointer.write_text(f"{built['release']}\n")
    else:
        pointer.write_text("2020-01-01-00000000\n" if harm == "a pointer to nothing" else "")
    assert served() == before


# Sudden death.

KILLER = """
import os, signal, sys
name, number, moment = sys.argv[1], int(sys.argv[2]), sys.argv[3]
real, calls = getattr(os, name), 0
def call(*given, **named):
    global calls
    calls += 1
    if (calls, moment) == (number, "before"):
        os.kill(os.getpid(), signal.SIGKILL)
    answer = real(*given, **named)
    if (calls, moment) == (number, "after"):
        os.kill(os.getpid(), signal.SIGKILL)
    return answer
setattr(os, name, call)
from moothall.cli import main
sys.exit(main(sys.argv[4:]))
"""


COMMANDS = ("ingest", "build", "diff", "publish")


def retitle(root: Path) -> None:
    """Change a word in every source, so that every file of observations and the release are to be written anew."""
    for path in (root / "definitions" / "sources").glob("*.yaml"):
        text = path.read_text()
        path.write_text(re.sub(r'(editions:\n  - edition: .*\n    title: "[^"]*)"', r'\1, retitled"', text))
        assert path.read_text() != text


def prepare(root: Path, command: str, moothall: Moothall) -> None:
    """Bring a project to where `command` has everything to do."""
    retitle(root)
    for earlier in COMMANDS:
        if earlier == command:
            return
        assert moothall(root, earlier)[0] == 0


def check_survival(root: Path, command: str, old: str, served: Callable[[], str], moothall: Moothall) -> None:
    """The site answers, nothing is half written, and the same command and those after it succeed."""
    now = Release.open(current(root / "releases", {})).record.id  # as a site that starts after the death finds it
    assert served() == now
    assert now == old or (command == "publish" and now == find_newest(root))
    for path in (root / "edition" / "observations").glob("*.parquet"):
        assert pl.read_parquet(path).height > 0
    for later in COMMANDS[COMMANDS.index(command) :]:
        code, answer = moothall(root, later)
        assert (code, answer["problems"]) == (0, [])
    assert served() == find_newest(root) != old
    assert moothall(root, "verify", "--figures", "5")[0] == 0
    assert moothall(root, "rollback")[1]["published"] == old
    assert served() == old
    assert moothall(root, "build")[0] == 0
    left = [path.name for path in (root / "releases").rglob(".*")]
    assert left == [], "the next build sweeps up"


def find_newest(root: Path) -> str:
    return pointer.find_newest(root / "releases").name


@pytest.mark.parametrize(
    ("command", "name", "number", "moment"),
    [
        # Every source's file is written, put on the disk and moved to its place.
        ("ingest", "replace", 1, "before"),
        ("ingest", "replace", 2, "after"),
        ("ingest", "replace", 3, "after"),
        ("ingest", "fsync", 2, "before"),
        # A release is written beside, put on the disk file by file, and moved to its place as a whole.
        ("build", "mkdir", 3, "after"),
        ("build", "fsync", 1, "before"),
        ("build", "fsync", 10, "before"),
        ("build", "rename", 1, "before"),
        ("build", "rename", 1, "after"),
        # What changes is written beside and moved; then the history gets its line.
        ("diff", "fsync", 1, "before"),
        ("diff", "replace", 1, "before"),
        ("diff", "replace", 1, "after"),
        ("diff", "fsync", 3, "before"),
        ("diff", "fsync", 3, "after"),
        # The pointer is written beside and moved; then the history gets its line.
        ("publish", "fsync", 1, "after"),
        ("publish", "replace", 1, "before"),
        ("publish", "replace", 1, "after"),
        ("publish", "fsync", 3, "before"),
        ("publish", "fsync", 3, "after"),
    ],
)
def test_killed_at_a_turning_point(
    command: str, name: str, number: int, moment: str, project: Path, moothall: Moothall, served: Callable[[], str]
) -> None:
    old = served()
    prepare(project, command, moothall)
    died = subprocess.run(
        [sys.executable, "-c", KILLER, name, str(number), moment, command, "--root", str(project)],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    check_survival(project, command, old, served, moothall)


@pytest.mark.parametrize(
    ("command", "share"),
    [
        *(("ingest", share) for share in (0.8, 0.95)),
        *(("build", share) for share in (0.6, 0.75, 0.85, 0.95)),
        ("diff", 0.9),
        ("publish", 0.9),
    ],
)
def test_killed_at_any_moment(
    command: str,
    share: float,
    project: Path,
    tmp_path: Path,
    whole_times: dict[str, float],
    moothall: Moothall,
    served: Callable[[], str],
) -> None:
    """The real command, killed after a share of the time that it takes."""
    old = served()
    prepare(project, command, moothall)
    line = [str(Path(sys.executable).with_name("moothall")), command, "--root"]
    if command not in whole_times:
        rehearsal = shutil.copytree(project, tmp_path / "rehearsal")
        start = time.monotonic()
        subprocess.run([*line, str(rehearsal)], check=True, capture_output=True, timeout=60)
        whole_times[command] = time.monotonic() - start
    victim = subprocess.Popen([*line, str(project)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(whole_times[command] * share)
    victim.kill()
    assert victim.wait(timeout=60) in (-signal.SIGKILL, 0)
    check_survival(project, command, old, served, moothall)
