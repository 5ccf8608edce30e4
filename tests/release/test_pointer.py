"""Publishing and going back: the pointer always names a whole release."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from moothall.core.problems import ProblemsFound
from moothall.release.changes import CHANGES, keep_difference, load_difference, locate_difference
from moothall.release.directory import FORMAT, hash_file
from moothall.release.history import HISTORY, note_reading, read_history
from moothall.release.pointer import (
    POINTER,
    current,
    find_newest,
    find_served,
    list_fallbacks,
    note_newest,
    publish,
    read_pointer,
    rollback,
)
from tests.release.reading import make_difference, note_unchanged, turn_to

A, B, C = "2025-06-01-aaaaaaaa", "2025-06-02-bbbbbbbb", "2025-06-03-cccccccc"


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    for release_id in (A, B, C):
        (tmp_path / release_id).mkdir()
        (tmp_path / release_id / "manifest.json").write_text(json.dumps({"format": FORMAT}))
        line = f"{hash_file(tmp_path / release_id / 'manifest.json')}  manifest.json\n"
        (tmp_path / release_id / "checksums.txt").write_text(line)
    return tmp_path


def test_without_a_pointer_the_newest_is_served(releases: Path) -> None:
    (releases / ".writing-2025-07-01-dddddddd-1").mkdir()
    (releases / "2025-07-01-dddddddd").mkdir()  # no manifest: not a release
    assert current(releases, {}) == releases / C


def test_what_is_published_is_served_until_the_environment_says_otherwise(releases: Path) -> None:
    turn_to(releases, A)
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
    turn_to(releases, A)
    (releases / B / "manifest.json").write_text("{ }")
    with pytest.raises(ProblemsFound) as caught:
        publish(releases, B)
    assert [problem.code for problem in caught.value.problems] == ["RELEASE_DAMAGED"]
    assert read_pointer(releases) == A


def unread(releases: Path, release_id: str) -> str:
    """Why the release cannot be published."""
    before = read_pointer(releases)
    with pytest.raises(ProblemsFound) as caught:
        publish(releases, release_id)
    [problem] = caught.value.problems
    assert (problem.code, read_pointer(releases)) == ("DIFF_UNREAD", before)
    return problem.message


def test_what_changes_must_be_read_before_a_release_is_published(releases: Path) -> None:
    publish(releases, A)  # nothing was served: there is nothing to compare with
    said = unread(releases, B)
    assert f"to {B} was not read: 'moothall diff {A} {B}'" in said
    note_unchanged(releases, A, B)
    assert list(publish(releases, B)) == []
    publish(releases, B)  # what is served already
    assert read_pointer(releases) == B


def test_a_difference_from_another_release_is_not_enough(releases: Path) -> None:
    publish(releases, A)
    note_unchanged(releases, B, C)
    assert f"{C} was compared with another release" in unread(releases, C)
    note_unchanged(releases, A, B)
    publish(releases, B)
    publish(releases, C)  # as was read before


def test_two_people(releases: Path) -> None:
    publish(releases, A)
    note_unchanged(releases, A, B)  # one reads
    turn_to(releases, C)  # the other publishes something else
    assert f"'moothall diff {C} {B}'" in unread(releases, B)


def test_after_a_rollback_what_was_read_before_does_not_count(releases: Path) -> None:
    """Or whoever publishes as usual would undo the rollback of somebody else, unawares."""
    for release_id in (A, B):
        turn_to(releases, release_id)
    rollback(releases)
    assert f"was read before {B} was last served, not since" in unread(releases, B)
    note_reading(releases, A, B)
    publish(releases, B)


def test_what_was_read_while_it_was_served_does_not_count_after_a_rollback(releases: Path) -> None:
    for release_id in (A, B):
        turn_to(releases, release_id)
    note_reading(releases, A, B)
    rollback(releases)
    unread(releases, B)


def test_a_rollback_of_something_else_takes_nothing_from_what_was_read(releases: Path) -> None:
    turn_to(releases, A)
    note_unchanged(releases, A, B)
    turn_to(releases, C)
    rollback(releases)
    publish(releases, B)


def test_publishing_the_same_again_keeps_what_was_read(releases: Path) -> None:
    publish(releases, A)
    note_unchanged(releases, A, B)
    publish(releases, A)
    publish(releases, B)


def test_a_rollback_needs_nothing(releases: Path) -> None:
    for release_id in (A, B):
        turn_to(releases, release_id)
    for path in (releases / CHANGES).iterdir():
        path.unlink()
    assert rollback(releases) == A


@pytest.mark.parametrize("harm", ["gone", "cut short", "of others", "of another format", "not one at all"])
def test_a_difference_that_is_not_whole_is_to_be_read_again(harm: str, releases: Path) -> None:
    publish(releases, A)
    note_unchanged(releases, A, B)
    path = locate_difference(releases, A, B)
    text = path.read_text(encoding="utf-8")
    if harm == "gone":
        path.unlink()
    else:
        path.write_text(
            {
                "cut short": text[: len(text) // 2],
                "of others": text.replace(A, C),
                "of another format": text.replace('"format": 1', '"format": 2'),
                "not one at all": "[]",
            }[harm],
            encoding="utf-8",
        )
    assert load_difference(releases, A, B) is None
    assert "is not kept whole" in unread(releases, B)
    note_unchanged(releases, A, B)
    assert path.read_text(encoding="utf-8") == text
    publish(releases, B)


@pytest.mark.parametrize("harm", ["damaged", "of a format that this program does not read"])
def test_a_release_that_cannot_be_read_is_replaced_without_a_difference(harm: str, releases: Path) -> None:
    """There is no telling what changes from it, and it must not be served a moment longer."""
    publish(releases, A)
    manifest = releases / A / "manifest.json"
    manifest.write_text('{"format": 0}')
    if harm != "damaged":
        (releases / A / "checksums.txt").write_text(f"{hash_file(manifest)}  manifest.json\n")
    assert [(each.code, each.severity) for each in publish(releases, B)] == [("RELEASE_DAMAGED", "warning")]
    assert read_pointer(releases) == B


def test_a_release_as_of_an_earlier_day_is_not_published(releases: Path) -> None:
    manifest = releases / C / "manifest.json"
    manifest.write_text(json.dumps({"format": FORMAT, "as_of": "2018-01-01"}))
    (releases / C / "checksums.txt").write_text(f"{hash_file(manifest)}  manifest.json\n")
    with pytest.raises(ProblemsFound) as caught:
        publish(releases, C)
    assert [problem.code for problem in caught.value.problems] == ["ARGUMENT_INVALID"]
    assert read_pointer(releases) is None


def test_what_is_served_is_the_pointers_or_what_was_published_last(releases: Path) -> None:
    assert find_served(releases) is None
    for release_id in (A, B):
        turn_to(releases, release_id)
    assert find_served(releases) == B
    (releases / POINTER).write_text("2025-06-09-99999999\n")
    assert find_served(releases) == B
    (releases / POINTER).unlink()
    assert find_served(releases) == B
    (releases / POINTER).write_text(f"{A}\n")
    assert find_served(releases) == A


def test_a_pointer_that_is_no_text_names_no_release(releases: Path) -> None:
    (releases / POINTER).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProblemsFound):
        current(releases, {})
    turn_to(releases, A)
    assert current(releases, {}) == releases / A


def test_fallbacks_are_what_was_served_before_and_then_the_rest(releases: Path) -> None:
    for release_id in (B, A):
        turn_to(releases, release_id)
    assert list_fallbacks(releases) == [releases / A, releases / B, releases / C]


@pytest.mark.parametrize("release_id", ["2025-06-09-99999999", "../elsewhere", "", "current"])
def test_only_a_release_can_be_published(releases: Path, release_id: str) -> None:
    turn_to(releases, A)
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
        turn_to(releases, release_id)
    assert rollback(releases) == B
    assert current(releases, {}) == releases / B
    assert rollback(releases) == A
    with pytest.raises(ProblemsFound):
        rollback(releases)
    assert current(releases, {}) == releases / A
    turn_to(releases, C)
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
        turn_to(releases, release_id)
    (releases / B / "manifest.json").unlink()
    assert rollback(releases) == A


def test_a_publication_that_the_history_missed_is_mended(releases: Path) -> None:
    turn_to(releases, A)
    (releases / POINTER).write_text(f"{B}\n")  # killed between the pointer and the history
    assert rollback(releases) == A
    turn_to(releases, A)
    (releases / POINTER).write_text(f"{B}\n")
    turn_to(releases, C)
    assert rollback(releases) == B


def test_a_rollback_that_the_history_missed_is_not_undone(releases: Path) -> None:
    for release_id in (A, B, C):
        turn_to(releases, release_id)
    (releases / POINTER).write_text(f"{B}\n")  # a rollback killed between the pointer and the history
    assert rollback(releases) == A


def test_a_line_cut_short_harms_nothing(releases: Path) -> None:
    turn_to(releases, A)
    with (releases / HISTORY).open("a") as file:
        file.write("2025-06-02T00:00:00+00:00 2025-06-0")
    turn_to(releases, B)
    assert [turn.release_id for turn in read_history(releases)] == [A, B]
    assert rollback(releases) == A


_TURNING = """
import sys
from pathlib import Path
from moothall.release.pointer import publish
from moothall.release.history import note_reading
releases, names = Path(sys.argv[1]), sys.argv[2:]
print("turning", flush=True)
while True:
    for old, new in zip(names, names[1:] + names[:1]):
        note_reading(releases, old, new)
        publish(releases, new)
"""


@pytest.mark.parametrize("delay", [0.0, 0.003, 0.011, 0.02])
def test_being_killed_while_publishing_leaves_a_release_served(releases: Path, delay: float) -> None:
    turn_to(releases, A)
    for old, new in ((A, B), (B, C), (C, A)):
        keep_difference(releases, make_difference(old, new))
    process = subprocess.Popen([sys.executable, "-c", _TURNING, str(releases), A, B, C], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"turning\n"
    time.sleep(delay)
    process.kill()
    process.wait()
    process.stdout.close()
    assert current(releases, {}).name in (A, B, C)
    turn_to(releases, B)
    turn_to(releases, C)
    assert rollback(releases) == B
