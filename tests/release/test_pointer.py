"""Publishing and going back: the pointer always names a whole release."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from moothall.core.problems import ProblemsFound
from moothall.release.directory import hash_file
from moothall.release.pointer import (
    HISTORY,
    POINTER,
    current,
    find_newest,
    list_fallbacks,
    note_newest,
    publish,
    read_history,
    read_pointer,
    rollback,
)

A, B, C = "2025-06-01-aaaaaaaa", "2025-06-02-bbbbbbbb", "2025-06-03-cccccccc"


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    for release_id in (A, B, C):
        (tmp_path / release_id).mkdir()
        (tmp_path / release_id / "manifest.json").write_text("{}")
        line = f"{hash_file(tmp_path / release_id / 'manifest.json')}  manifest.json\n"
        (tmp_path / release_id / "checksums.txt").write_text(line)
    return tmp_path


def test_without_a_pointer_the_newest_is_served(releases: Path) -> None:
    (releases / ".writing-2025-07-01-dddddddd-1").mkdir()
    (releases / "2025-07-01-dddddddd").mkdir()  # no manifest: not a release
    assert current(releases, {}) == releases / C


def test_what_is_published_is_served_until_the_environment_says_otherwise(releases: Path) -> None:
    publish(releases, A)
    assert current(releases, {}) == releases / A
    assert current(releases, {"MOOTHALL_RELEASE": ""}) == releases / A
    assert current(releases, {"MOOTHALL_RELEASE": str(releases / B)}) == releases / B


def test_the_newest_is_what_the_last_build_gave(releases: Path) -> None:
    note_newest(releases, B)  # the data went back to what they were: nothing new was written
    assert find_newest(releases) == releases / B
    assert current(releases, {}) == releases / B
    note_newest(releases, "2025-06-09-99999999")  # one that is gone
    assert find_newest(releases) == releases / C


def test_a_release_as_of_an_earlier_day_is_never_the_newest(releases: Path) -> None:
    (releases / C / "manifest.json").write_text('{"as_of": "2018-01-01"}')
    assert find_newest(releases) == releases / B
    assert releases / C not in list_fallbacks(releases)


def test_a_damaged_release_is_not_published(releases: Path) -> None:
    publish(releases, A)
    (releases / B / "manifest.json").write_text("{ }")
    with pytest.raises(ProblemsFound) as caught:
        publish(releases, B)
    assert [problem.code for problem in caught.value.problems] == ["RELEASE_DAMAGED"]
    assert read_pointer(releases) == A


def test_a_pointer_that_is_no_text_names_no_release(releases: Path) -> None:
    (releases / POINTER).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProblemsFound):
        current(releases, {})
    publish(releases, A)
    assert current(releases, {}) == releases / A


def test_fallbacks_are_what_was_served_before_and_then_the_rest(releases: Path) -> None:
    for release_id in (B, A):
        publish(releases, release_id)
    assert list_fallbacks(releases) == [releases / A, releases / B, releases / C]


@pytest.mark.parametrize("release_id", ["2025-06-09-99999999", "../elsewhere", "", "current"])
def test_only_a_release_can_be_published(releases: Path, release_id: str) -> None:
    publish(releases, A)
    with pytest.raises(ProblemsFound) as caught:
        publish(releases, release_id)
    assert [problem.code for problem in caught.value.problems] == ["RELEASE_UNKNOWN"]
    assert read_pointer(releases) == A


def test_nothing_to_serve_is_a_problem(tmp_path: Path, releases: Path) -> None:
    (releases / POINTER).write_text("2025-06-09-99999999\n")
    for found, env in (
        (tmp_path / "none", {}),
        (releases, {}),
        (releases, {"MOOTHALL_RELEASE": str(releases / "none")}),
    ):
        with pytest.raises(ProblemsFound) as caught:
            current(found, env)
        assert [problem.code for problem in caught.value.problems] == ["RELEASE_UNKNOWN"]


def test_rolling_back_goes_one_back_and_then_further(releases: Path) -> None:
    for release_id in (A, B, B, C):
        publish(releases, release_id)
    assert rollback(releases) == B
    assert current(releases, {}) == releases / B
    assert rollback(releases) == A
    with pytest.raises(ProblemsFound):
        rollback(releases)
    assert current(releases, {}) == releases / A
    publish(releases, C)
    assert rollback(releases) == A
    assert [(turn.release_id, turn.how) for turn in read_history(releases)] == [
        (A, "published"),
        (B, "published"),
        (B, "published"),
        (C, "published"),
        (B, "rolled-back"),
        (A, "rolled-back"),
        (C, "published"),
        (A, "rolled-back"),
    ]


def test_rolling_back_passes_over_what_is_gone(releases: Path) -> None:
    for release_id in (A, B, C):
        publish(releases, release_id)
    (releases / B / "manifest.json").unlink()
    assert rollback(releases) == A


def test_a_publication_that_the_history_missed_is_mended(releases: Path) -> None:
    publish(releases, A)
    (releases / POINTER).write_text(f"{B}\n")  # killed between the pointer and the history
    assert rollback(releases) == A
    publish(releases, A)
    (releases / POINTER).write_text(f"{B}\n")
    publish(releases, C)
    assert rollback(releases) == B


def test_a_rollback_that_the_history_missed_is_not_undone(releases: Path) -> None:
    for release_id in (A, B, C):
        publish(releases, release_id)
    (releases / POINTER).write_text(f"{B}\n")  # a rollback killed between the pointer and the history
    assert rollback(releases) == A


def test_a_line_cut_short_harms_nothing(releases: Path) -> None:
    publish(releases, A)
    with (releases / HISTORY).open("a") as file:
        file.write("2025-06-02T00:00:00+00:00 2025-06-0")
    publish(releases, B)
    assert [turn.release_id for turn in read_history(releases)] == [A, B]
    assert rollback(releases) == A


_TURNING = """
import sys
from pathlib import Path
from moothall.release.pointer import publish
releases = Path(sys.argv[1])
print("turning", flush=True)
while True:
    for release_id in sys.argv[2:]:
        publish(releases, release_id)
"""


@pytest.mark.parametrize("delay", [0.0, 0.003, 0.011, 0.02])
def test_being_killed_while_publishing_leaves_a_release_served(releases: Path, delay: float) -> None:
    publish(releases, A)
    process = subprocess.Popen([sys.executable, "-c", _TURNING, str(releases), A, B, C], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"turning\n"
    time.sleep(delay)
    process.kill()
    process.wait()
    process.stdout.close()
    assert current(releases, {}).name in (A, B, C)
    publish(releases, B)
    publish(releases, C)
    assert rollback(releases) == B
