"""The life of a metric in the definitions: what must be said, and keys that never vanish, each mistake at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from moothall.core.keys import KEYS
from moothall.core.loading import Catalogue, load_catalogue
from moothall.core.problems import Problems
from tests.conftest import Barsetshire

WASTE = Path("definitions/sources/barset-waste.yaml")
ROOT = Path(__file__).parents[2]
RETIRED = "    status: retired\n    since: 2024-04-01\n    reason: Nobody asked for it.\n"


@pytest.fixture
def root(barsetshire: Barsetshire, tmp_path: Path) -> Path:
    return barsetshire.copy(tmp_path)


def write(root: Path, key: str, words: str) -> None:
    """Say something more of a metric of the waste source, right below its key."""
    path = root / WASTE
    text = path.read_text(encoding="utf-8")
    assert text.count(f"  - key: {key}\n") == 1
    path.write_text(text.replace(f"  - key: {key}\n", f"  - key: {key}\n{words}"), encoding="utf-8")


def say_of_source(root: Path, words: str) -> None:
    """Say something more of the waste source, which accepts something already."""
    path = root / WASTE
    text = path.read_text(encoding="utf-8")
    field = words.partition("\n")[0] + "\n"
    written = (
        text.replace(field, words, 1) if field in text else text.replace("\neditions:\n", f"\n{words}\neditions:\n")
    )
    path.write_text(written, encoding="utf-8")


def say(problems: Problems, root: Path) -> list[str]:
    """Each problem as its code and the text of the line it is at."""
    lines = {
        file: (root / file).read_text(encoding="utf-8").splitlines() for file in {each.where.file for each in problems}
    }
    return [f"{each.code} {lines[each.where.file][(each.where.line or 1) - 1].strip()}" for each in problems]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("    status: retired\n    since: 2024-04-01\n", "a metric that is retired says its reason"),
        ("    status: improved\n    reason: Bins by night count, too.\n", "a metric that is improved says since when"),
        ("    status: proposed\n", "a metric that is proposed says since when"),
        ("    replacement: recycling-rate\n", "only a retired metric has a replacement"),
        ("    status: forgotten\n", "Input should be"),
    ],
)
def test_life_must_be_told_whole(root: Path, words: str, message: str) -> None:
    write(root, "missed-collections", words)
    _, problems = load_catalogue(root)
    (problem,) = problems
    assert problem.code == "DEFINITION_INVALID"
    assert message in problem.message
    assert problem.where.file == str(WASTE)
    assert problem.where.line is not None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("    aliases: [recycling-rate]\n", "KEY_REUSED aliases: [recycling-rate]"),
        ("    aliases: [bins-left, bins-left]\n", "KEY_REUSED aliases: [bins-left, bins-left]"),
        (
            f"{RETIRED}    replacement: bins-left\n",
            "REFERENCE_UNKNOWN replacement: bins-left",
        ),
        (
            f"{RETIRED}    replacement: missed-collections\n",
            "REFERENCE_UNKNOWN replacement: missed-collections",
        ),
    ],
)
def test_keys_lead_to_one_metric(root: Path, words: str, expected: str) -> None:
    write(root, "missed-collections", words)
    assert say(load_catalogue(root)[1], root) == [expected]


def test_nothing_is_worked_out_from_what_has_no_figures(root: Path) -> None:
    write(root, "household-waste-recycled", "    status: proposed\n    since: 2024-04-01\n")
    assert [line.split()[0] for line in say(load_catalogue(root)[1], root)] == ["FORMULA_INVALID"]


@pytest.mark.parametrize("status", ["proposed", "retired"])
def test_headline_is_a_metric_of_today(root: Path, status: str) -> None:
    write(
        root, "missed-collections", f"    status: {status}\n    since: 2024-04-01\n    reason: Nobody asked for it.\n"
    )
    topics = root / "definitions/topics.yaml"
    topics.write_text(
        topics.read_text().replace("  - key: care\n", "    headlines: [missed-collections]\n  - key: care\n")
    )
    assert say(load_catalogue(root)[1], root) == ["DEFINITION_INVALID headlines: [missed-collections]"]


def test_key_that_was_listed_never_vanishes(root: Path) -> None:
    catalogue, _ = load_catalogue(root)
    listed = root / "definitions" / KEYS
    listed.write_text("# Every key.\n" + "".join(f"{key}\n" for key in [*sorted(catalogue.metrics), "bins-left"]))
    _, problems = load_catalogue(root)
    assert say(problems, root) == ["KEY_VANISHED bins-left"]
    write(root, "missed-collections", "    aliases: [bins-left]\n")
    assert not list(load_catalogue(root)[1])
    listed.write_text(listed.read_text().replace("missed-collections\n", ""))
    _, problems = load_catalogue(root)
    assert [(each.code, each.severity) for each in problems] == [("KEY_UNLISTED", "warning")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("totals:\n  - metric: bins-left\n    parts: [missed-collections, recycling]\n", 2),
        ("accepted:\n  - code: JUMP_UNNOTED\n    metrics: [bins-left]\n    reason: Nobody knows.\n", 1),
    ],
)
def test_what_totals_and_acceptances_name_must_be_the_sources(root: Path, words: str, expected: int) -> None:
    say_of_source(root, words)
    _, problems = load_catalogue(root)
    assert [each.code for each in problems] == ["REFERENCE_UNKNOWN"] * expected
    assert all(each.where.line for each in problems)


@pytest.mark.parametrize(
    "words",
    [
        "accepted:\n  - code: JUMP_FORGOTTEN\n    reason: Nobody knows.\n",
        "totals:\n  - metric: missed-collections\n    parts: [household-waste-recycled]\n",
        "totals:\n  - metric: missed-collections\n    parts: [a, b]\n    breakdowns: [c, d]\n",
    ],
)
def test_totals_and_acceptances_must_make_sense(root: Path, words: str) -> None:
    say_of_source(root, words)
    assert {each.code for each in load_catalogue(root)[1]} == {"DEFINITION_INVALID"}


def test_converted_is_said_of_editions_not_of_sources(root: Path) -> None:
    path = root / WASTE
    path.write_text(path.read_text(encoding="utf-8").replace("quality: official_statistics", "quality: converted"))
    (problem,) = load_catalogue(root)[1]
    assert "converted is said of an edition" in problem.message


@pytest.fixture(scope="module")
def real() -> Catalogue:
    catalogue, problems = load_catalogue(ROOT)
    assert not problems.errors
    return catalogue


def test_every_key_ever_published_is_listed_and_leads_somewhere(real: Catalogue) -> None:
    lines = (ROOT / "definitions" / KEYS).read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert listed == sorted(set(listed))
    metrics = real.metrics.values()
    known = {key for metric in metrics for key in (metric.key, *metric.aliases)}
    assert set(listed) <= known, "a key that was published is gone"
    published = {metric.key for metric in metrics if metric.status.has_figures}
    assert published <= set(listed), f"add to definitions/{KEYS}: {sorted(published - set(listed))}"
