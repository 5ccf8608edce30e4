"""A mistake in YAML, of each kind, is named with its file, line and column, all in one pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from moothall.core.loading import load_catalogue
from moothall.core.problems import Exit

TOPICS = "topics:\n  - key: moots\n    title: Moots\n    description: What moots decide.\n"
HEADLINES = "    headlines: [{}]\n"
MEETS = TOPICS.replace("moots", "meets", 1) + HEADLINES.format("moots-held")
FUNCTIONS = """functions:
  - key: moot_keeping
    title: Keeping the moot
    statute: Barsetshire custom
    statute_checked: true
    classes:
      unitary: statutory
"""
METRIC = """  - key: {key}
    title: Moots held
    short: moots held
    description: How many moots were held.
    why: Moots settle disputes.
    not_tell: Whether anyone came.
    topic: moots
    unit: count
    places: 0
    polarity: higher
    kind: output
    functions: [moot_keeping]
    lever: direct
    comparable_within: england
    interval: none
    owner: Moot analyst
    checker: Second analyst
    next_review: 2027-04-01
"""
SOURCE = """source: moots
title: Moots of Barsetshire
publisher: Barsetshire Moot Office
licence: ogl-3
landing_page: https://moots.example/
cadence: yearly
quality: official_statistics
editions:
  - edition: 2023-24
    title: Moots 2023-24
    published: 2024-06-01
    basis: front_sheet
tables:
  - table: moots
    area: {column: Code}
    period: {kind: financial_year, column: Year}
    columns:
      - {metric: moots-held, column: Held}
metrics:
""" + METRIC.format(key="moots-held")
FORMULA = "    formula: 2 * held\n    inputs:\n      held: moots-held\n"
DERIVED = "metrics:\n" + METRIC.format(key="moots-doubled") + FORMULA
ANOTHER = METRIC.format(key="moots-doubled") + FORMULA


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "definitions"
    (folder / "sources").mkdir(parents=True)
    (folder / "topics.yaml").write_text(TOPICS)
    (folder / "functions.yaml").write_text(FUNCTIONS)
    (folder / "sources" / "moots.yaml").write_text(SOURCE)
    (folder / "derived.yaml").write_text(DERIVED)
    return tmp_path


def change(project: Path, file: str, old: str, new: str) -> None:
    path = project / "definitions" / file
    text = path.read_text()
    assert text.count(old) >= 1, old
    path.write_text(text.replace(old, new, 1))


def found(project: Path) -> list[tuple[str, str]]:
    _, problems = load_catalogue(project)
    return [(problem.code, str(problem.where)) for problem in problems]


def test_sound_definitions_load(project: Path) -> None:
    catalogue, problems = load_catalogue(project)
    assert list(problems) == []
    assert set(catalogue.metrics) == {"moots-held", "moots-doubled"}
    assert catalogue.sources["moots"].editions[0].published == "2024-06-01", "a day stays the text it was"
    source = catalogue.source_of("moots-held")
    assert source is not None
    assert source.source == "moots"
    assert catalogue.source_of("moots-doubled") is None


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "place"),
    [
        ("sources/moots.yaml", "licence: ogl-3", "licence: [ogl-3", "YAML_UNREADABLE", "5:13"),
        ("sources/moots.yaml", "cadence: yearly", "cadence: yearly\ncadence: monthly", "YAML_DUPLICATE_KEY", "7:1"),
        ("sources/moots.yaml", "licence: ogl-3", "licence: &l ogl-3", "YAML_ANCHOR", "4:10"),
        ("sources/moots.yaml", "licence: ogl-3", "licence: ogl-9", "DEFINITION_INVALID", "4:1"),
        ("sources/moots.yaml", "licence: ogl-3", "colour: red\nlicence: ogl-3", "DEFINITION_INVALID", "4:1"),
        ("sources/moots.yaml", "licence: ogl-3\n", "", "DEFINITION_INVALID", "1:1"),
        ("sources/moots.yaml", "published: 2024-06-01", "published: 2024-06-31", "DEFINITION_INVALID", "11:5"),
        ("sources/moots.yaml", "published: 2024-06-01", "published: June 2024", "DEFINITION_INVALID", "11:5"),
        ("sources/moots.yaml", "places: 0", "places: zero", "DEFINITION_INVALID", "28:5"),
        ("sources/moots.yaml", "source: moots", "source: meets", "DEFINITION_INVALID", "1:1"),
        ("sources/moots.yaml", "{metric: moots-held,", "{metric: moots-hold,", "REFERENCE_UNKNOWN", "18:10"),
        ("sources/moots.yaml", "topic: moots", "topic: meets", "REFERENCE_UNKNOWN", "26:5"),
        ("sources/moots.yaml", "[moot_keeping]", "[moot_losing]", "REFERENCE_UNKNOWN", "31:17"),
        (
            "sources/moots.yaml",
            "table: moots\n",
            "table: moots\n    editions: [2020-21]\n",
            "REFERENCE_UNKNOWN",
            "14:5",
        ),
        ("derived.yaml", "metrics:\n", "metrics:\n" + ANOTHER, "KEY_REUSED", "23:5"),
        ("derived.yaml", "held: moots-held", "held: moots-lost", "REFERENCE_UNKNOWN", "22:7"),
        ("derived.yaml", "2 * held", "held.__class__", "FORMULA_INVALID", "20:5"),
        ("derived.yaml", "2 * held", "2 * hold", "FORMULA_INVALID", "20:5"),
        ("derived.yaml", "2 * held", "2 *", "FORMULA_INVALID", "20:5"),
        ("derived.yaml", "held: moots-held", "held: moots-doubled", "FORMULA_INVALID", "1:1"),
        ("functions.yaml", "unitary: statutory", "parish: statutory", "DEFINITION_INVALID", "7:7"),
        ("topics.yaml", "title: Moots", "title: M", "DEFINITION_INVALID", "3:5"),
        ("topics.yaml", TOPICS, TOPICS + HEADLINES.format("moots-lost"), "REFERENCE_UNKNOWN", "5:17"),
        ("topics.yaml", TOPICS, TOPICS + HEADLINES.format("moots-held, moots-held"), "DEFINITION_INVALID", "5:5"),
        ("topics.yaml", TOPICS, TOPICS + HEADLINES.format("a, b, c, d, e"), "DEFINITION_INVALID", "5:5"),
        ("topics.yaml", TOPICS, MEETS + TOPICS.removeprefix("topics:\n"), "DEFINITION_INVALID", "5:17"),
    ],
)
def test_a_mistake_has_a_code_and_a_place(project: Path, file: str, old: str, new: str, code: str, place: str) -> None:
    change(project, file, old, new)
    assert found(project) == [(code, f"definitions/{file}:{place}")]


@pytest.mark.parametrize(
    ("interval", "counts", "code", "place"),
    [
        ("wilson", "", "DEFINITION_INVALID", "2:5"),
        ("wilson", "{numerator: moots-held}", "DEFINITION_INVALID", "2:5"),
        ("byar", "{denominator: moots-held}", "DEFINITION_INVALID", "2:5"),
        ("none", "{denominator: moots-held}", "DEFINITION_INVALID", "2:5"),
        ("dobson", "", "DEFINITION_INVALID", "16:5"),
        ("wilson", "{denominator: moots-lost}", "REFERENCE_UNKNOWN", "17:5"),
        ("wilson", "{denominator: moots-doubled}", "DEFINITION_INVALID", "17:5"),
    ],
)
def test_an_interval_says_what_it_is_made_from(
    project: Path, interval: str, counts: str, code: str, place: str
) -> None:
    change(project, "derived.yaml", "unit: count", "unit: percent")
    change(project, "derived.yaml", "none\n", f"{interval}\n" + (f"    counts: {counts}\n" if counts else ""))
    assert found(project) == [(code, f"definitions/derived.yaml:{place}")]


@pytest.mark.parametrize(("interval", "counts"), [("wilson", "denominator"), ("byar", "numerator")])
def test_an_interval_made_from_counts_loads(project: Path, interval: str, counts: str) -> None:
    change(project, "derived.yaml", "unit: count", "unit: percent")
    change(project, "derived.yaml", "none\n", f"{interval}\n    counts: {{{counts}: moots-held}}\n")
    assert found(project) == []


def test_only_a_rate_has_an_interval_made_from_counts(project: Path) -> None:
    change(project, "derived.yaml", "none\n", "wilson\n    counts: {denominator: moots-held}\n")
    assert found(project) == [("DEFINITION_INVALID", "definitions/derived.yaml:2:5")]


def test_headlines_are_metrics_of_the_topic(project: Path) -> None:
    change(project, "topics.yaml", TOPICS, TOPICS + HEADLINES.format("moots-doubled, moots-held"))
    catalogue, problems = load_catalogue(project)
    assert list(problems) == []
    assert catalogue.topics["moots"].headlines == ("moots-doubled", "moots-held")


def test_every_mistake_is_found_in_one_pass(project: Path) -> None:
    change(project, "sources/moots.yaml", "licence: ogl-3", "licence: ogl-9")
    change(project, "sources/moots.yaml", "unit: count", "unit: moots")
    change(project, "topics.yaml", "title: Moots", "title: M")
    _, problems = load_catalogue(project)
    assert len(problems) == 3
    assert problems.exit_code is Exit.DEFINITIONS


def test_a_file_that_is_not_text_has_a_place(project: Path) -> None:
    (project / "definitions" / "topics.yaml").write_bytes(b"topics: \xff")
    assert found(project) == [("YAML_UNREADABLE", "definitions/topics.yaml:1:1")]


@pytest.mark.parametrize("text", ["yes", "on", "0x1f", "1_000", "2024-01-01", "1e3", "010"])
def test_plain_text_stays_text(project: Path, text: str) -> None:
    change(project, "topics.yaml", "title: Moots", f"title: {text} moots")
    change(project, "sources/moots.yaml", "edition: 2023-24", "note: " + text + "\n    edition: 2023-24")
    catalogue, problems = load_catalogue(project)
    assert list(problems) == []
    assert catalogue.sources["moots"].editions[0].note == text


FAMILY = """families:
  moots:
    places: 1
    owner: Keeper of moots
    range: {min: 0}
metrics:
  - key: moots-adjourned
    family: moots
    title: Moots adjourned
    short: moots adjourned
    description: How many moots were put off.
    why: Putting off a moot leaves a dispute open.
    not_tell: Whether it was held later.
    topic: moots
    unit: count
    polarity: none
    kind: output
    functions: [moot_keeping]
    lever: direct
    comparable_within: england
    interval: none
    checker: Second analyst
    next_review: 2027-04-01
"""


def test_a_metric_has_what_its_family_has_and_it_does_not_say_itself(project: Path) -> None:
    change(project, "sources/moots.yaml", "metrics:\n", FAMILY)
    catalogue, problems = load_catalogue(project)
    assert list(problems) == []
    adjourned = catalogue.metrics["moots-adjourned"]
    assert (adjourned.places, adjourned.owner, adjourned.range.min) == (1, "Keeper of moots", 0)
    assert catalogue.metrics["moots-held"].owner == "Moot analyst"
    change(project, "sources/moots.yaml", "    family: moots\n", "    family: moots\n    places: 2\n")
    assert load_catalogue(project)[0].metrics["moots-adjourned"].places == 2


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("family: moots", "family: meets", "REFERENCE_UNKNOWN", "26:5"),
        ("    places: 1", "    places: one", "DEFINITION_INVALID", "21:5"),
        ("    places: 1", "    colour: red\n    places: 1", "DEFINITION_INVALID", "21:5"),
        ("    places: 1", "    title: Moots\n    places: 1", "DEFINITION_INVALID", "21:5"),
    ],
)
def test_a_mistake_in_a_family_is_found_where_it_stands(
    project: Path, old: str, new: str, code: str, place: str
) -> None:
    change(project, "sources/moots.yaml", "metrics:\n", FAMILY.replace(old, new, 1))
    assert found(project) == [(code, f"definitions/sources/moots.yaml:{place}")]


NOTE = """period_notes:
  - {periods: [2021-22, 2020-21], kind: covid, reason: Nobody could meet.}
  - {periods: [2022-23], kind: definition, reason: Small moots count too., metrics: [moots-held]}
editions:"""


def test_a_derived_metric_has_the_notes_of_what_it_is_worked_out_from(project: Path) -> None:
    change(project, "sources/moots.yaml", "editions:", NOTE)
    catalogue, problems = load_catalogue(project)
    assert list(problems) == []
    notes = catalogue.period_notes("moots-doubled")
    assert notes == catalogue.period_notes("moots-held")
    assert [(period, str(kind), kind.is_break) for period, kind, _ in notes] == [
        ("2020-21", "covid", False),
        ("2021-22", "covid", False),
        ("2022-23", "definition", True),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("[moots-held]", "[moots-lost]", "REFERENCE_UNKNOWN", "10:86"),
        ("[2022-23]", "[2022-24]", "DEFINITION_INVALID", "10:6"),
        ("kind: covid", "kind: plague", "DEFINITION_INVALID", "9:35"),
    ],
)
def test_a_note_on_periods_names_what_there_is(project: Path, old: str, new: str, code: str, place: str) -> None:
    change(project, "sources/moots.yaml", "editions:", NOTE.replace(old, new))
    assert found(project) == [(code, f"definitions/sources/moots.yaml:{place}")]


def test_nothing_is_worked_out_from_a_judgement(project: Path) -> None:
    source = project / "definitions" / "sources" / "moots.yaml"
    source.write_text(
        source.read_text().replace("unit: count", "unit: judgement").replace("polarity: higher", "polarity: none")
    )
    _, problems = load_catalogue(project)
    told = [(problem.code, str(problem.where)) for problem in problems]
    assert told == [("FORMULA_INVALID", "definitions/derived.yaml:22:7")]


def test_a_judgement_has_no_direction(project: Path) -> None:
    source = project / "definitions" / "sources" / "moots.yaml"
    source.write_text(source.read_text().replace("unit: count", "unit: judgement"))
    _, problems = load_catalogue(project)
    assert [problem.code for problem in problems] == ["DEFINITION_INVALID"]
