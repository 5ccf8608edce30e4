"""Chains, signposts and outcomes: what does not fit is named with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from moothall.core.loading import load_catalogue
from moothall.core.navigation import STEPS, Chain, Outcome, Topic
from moothall.core.values import Kind

BARSETSHIRE = Path(__file__).parents[1] / "barsetshire" / "project"

CHAIN = "    chain: {input: [reserves-share], output: [waste-sent-to-landfill], outcome: [missed-collections]}\n"
MATCH = "matches: [{metric: missed-collections, match: same}]"
NEAR = "matches: [{metric: missed-collections, match: near, differs: 'Ours is for a year.'}]"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(BARSETSHIRE / "definitions", tmp_path / "definitions")
    return tmp_path


def change(project: Path, file: str, old: str, new: str) -> None:
    path = project / "definitions" / file
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def find(project: Path) -> list[tuple[str, str]]:
    _, problems = load_catalogue(project)
    return [(each.code, str(each.where)) for each in problems]


def test_sound_definitions_have_chains_signposts_and_outcomes(project: Path) -> None:
    catalogue, problems = load_catalogue(project)
    assert list(problems) == []
    chain = catalogue.topics["finance"].chain
    assert chain is not None
    assert [chain.links(step) for step in STEPS] == [
        ("reserves-share",),
        ("waste-sent-to-landfill",),
        ("missed-collections",),
    ]
    assert catalogue.topics["finance"].signposts[0].address == "https://counting-house.example/"
    assert catalogue.outcomes is not None
    assert [outcome.number for outcome in catalogue.outcomes.outcomes] == [1, 2]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "place"),
    [
        ("topics.yaml", "[reserves-share]", "[reserves-shore]", "REFERENCE_UNKNOWN", "12:21"),
        ("topics.yaml", "[missed-collections]", "[reserves-share]", "DEFINITION_INVALID", "12:5"),  # twice
        (
            "topics.yaml",
            "[reserves-share]",
            "[carer-score]",
            "DEFINITION_INVALID",
            "12:21",
        ),  # an outcome does not go in
        ("topics.yaml", "[reserves-share]", "[a, b, c, d]", "DEFINITION_INVALID", "12:13"),
        ("topics.yaml", CHAIN, "    chain: {}\n", "DEFINITION_INVALID", "12:5"),
        ("topics.yaml", CHAIN, CHAIN + "    no_chain: There is none, and one.\n", "DEFINITION_INVALID", "9:5"),
        ("topics.yaml", "https://counting", "http://counting", "DEFINITION_INVALID", "15:9"),
        ("outcomes.yaml", "number: 2", "number: 3", "DEFINITION_INVALID", "21:5"),
        ("outcomes.yaml", "metric: missed-", "metric: misled-", "REFERENCE_UNKNOWN", "16:20"),
        ("outcomes.yaml", "listed_in: charter", "listed_in: chart", "REFERENCE_UNKNOWN", "14:9"),
        ("outcomes.yaml", "match: same", "match: near", "DEFINITION_INVALID", "16:19"),
        ("outcomes.yaml", MATCH, NEAR.replace("near", "same"), "DEFINITION_INVALID", "16:19"),
        ("outcomes.yaml", MATCH, MATCH + "\n        is_placeholder: true", "DEFINITION_INVALID", "13:9"),
        ("outcomes.yaml", "listing: whole", "listing: none", "DEFINITION_INVALID", "8:5"),
        ("outcomes.yaml", "listing: whole", "others: [missed-collections]\n    listing: whole", "KEY_REUSED", "11:14"),
    ],
)
def test_a_mistake_has_a_code_and_a_place(project: Path, file: str, old: str, new: str, code: str, place: str) -> None:
    change(project, file, old, new)
    assert find(project) == [(code, f"definitions/{file}:{place}")]


def test_a_near_match_may_stand_when_it_says_how_it_differs(project: Path) -> None:
    change(project, "outcomes.yaml", MATCH, NEAR)
    assert find(project) == []


def test_an_outcome_without_a_list_has_no_metrics_and_a_chain_has_steps_of_its_own() -> None:
    undecided = {"number": 1, "title": "Quiet", "description": "Nobody is woken.", "listing": "undecided"}
    assert Outcome.model_validate(undecided).metrics == ()
    assert Chain(outcome=("bells",)).links(Kind.INPUT) == ()
    assert Topic(key="bells", title="Bells", description="What is rung.").chain is None
