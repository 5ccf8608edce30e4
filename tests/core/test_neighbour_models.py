"""Neighbour models: a mistake has its place, and nothing that councils are judged by is an input."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from moothall.core.loading import load_catalogue
from moothall.core.neighbour_models import NeighbourModel, Pool, is_fit, list_models
from moothall.core.values import Polarity
from tests.analysis.pool import make_metric
from tests.core.test_loading import SOURCE, project

__all__ = ["project"]

MODEL = """kind: ours
key: plain
title: "Plain"
description: "A model of one input."
method: balanced
k: 15
pools: [single_tier, districts]
versions:
  - key: "2024"
    day: 2024-04-01
    note: "The first version."
    domains:
      - key: size
        title: "Size"
        inputs:
          - {metric: moots-held, period: 2023-24, transform: log}
"""


@pytest.fixture
def modelled(project: Path) -> Path:
    folder = project / "definitions"
    (folder / "sources" / "moots.yaml").write_text(
        SOURCE.replace("kind: output", "kind: context").replace("lever: direct", "lever: contextual")
    )
    (folder / "neighbours").mkdir()
    (folder / "neighbours" / "plain.yaml").write_text(MODEL)
    return project


def found(root: Path) -> list[tuple[str, str]]:
    return [(problem.code, str(problem.where)) for problem in load_catalogue(root)[1]]


def test_a_model_loads(modelled: Path) -> None:
    catalogue, problems = load_catalogue(modelled)
    assert list(problems) == []
    (model,) = list_models(catalogue.neighbour_models, None)
    assert (model.key, model.pools) == ("plain", (Pool.SINGLE_TIER, Pool.DISTRICTS))
    assert list_models(catalogue.neighbour_models, date(2024, 3, 31)) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("metric: moots-held", "metric: moots-lost", "REFERENCE_UNKNOWN", "16:14"),
        ("period: 2023-24", "period: 2023-25", "DEFINITION_INVALID", "16:34"),
        ("transform: log", "transform: cube", "DEFINITION_INVALID", "16:51"),
        (", transform: log", "", "DEFINITION_INVALID", "1:1"),
        ("transform: log}", "transform: log, weight: 0}", "DEFINITION_INVALID", "16:67"),
        ("key: plain", "key: fancy", "DEFINITION_INVALID", "2:1"),
        ("[single_tier, districts]", "[single_tier, upper_tier]", "DEFINITION_INVALID", "1:1"),
        ("[single_tier, districts]", "[parishes]", "DEFINITION_INVALID", "7:9"),
        ("transform: log}", "transform: log, mean_by: {metric: no, period: 2023-24}}", "REFERENCE_UNKNOWN", "16:77"),
    ],
)
def test_a_mistake_has_a_code_and_a_place(modelled: Path, old: str, new: str, code: str, place: str) -> None:
    assert old in MODEL
    (modelled / "definitions" / "neighbours" / "plain.yaml").write_text(MODEL.replace(old, new))
    assert found(modelled) == [(code, f"definitions/neighbours/plain.yaml:{place}")]


def test_what_councils_are_judged_by_is_no_input(modelled: Path) -> None:
    (modelled / "definitions" / "sources" / "moots.yaml").write_text(SOURCE)
    assert found(modelled) == [("INPUT_JUDGED", "definitions/neighbours/plain.yaml:16:14")]


def test_a_measure_is_a_metric(modelled: Path) -> None:
    lines = (
        'rule: "Whatever there is."\nsingle_tier:\n  - {metric: moots-lost, theme: moots}\ncounty: []\ndistrict: []\n'
    )
    (modelled / "definitions" / "neighbours" / "measures.yaml").write_text(lines)
    assert found(modelled) == [("REFERENCE_UNKNOWN", "definitions/neighbours/measures.yaml:3:6")]


@pytest.mark.parametrize(
    ("more", "fit"),
    [
        ({"kind": "context", "lever": "contextual", "polarity": "none"}, True),
        ({"kind": "context", "lever": "shared", "polarity": "none"}, True),
        # Where the council has no lever, nobody is scored by it, whatever way is better.
        ({"kind": "outcome", "lever": "contextual", "polarity": "higher"}, True),
        ({"kind": "context", "lever": "shared", "polarity": "higher"}, False),
        ({"kind": "output", "lever": "direct", "polarity": "none"}, False),
        ({"kind": "context", "lever": "contextual", "polarity": "none", "unit": "date"}, False),
    ],
)
def test_only_context_that_nobody_is_scored_by_is_fit(more: dict[str, str], fit: bool) -> None:
    polarity = Polarity(more["polarity"])
    assert is_fit(make_metric(polarity, **{key: each for key, each in more.items() if key != "polarity"})) is fit


def test_versions_stand_newest_first() -> None:
    version = {
        "key": "2024",
        "day": "2024-04-01",
        "note": "The first version.",
        "domains": [
            {"key": "size", "title": "Size", "inputs": [{"metric": "a", "period": "2023", "transform": "log"}]}
        ],
    }
    newer = {**version, "key": "2025", "day": "2025-04-01"}
    plain = {
        "kind": "ours",
        "key": "plain",
        "title": "Plain",
        "description": "A model of one input.",
        "method": "balanced",
        "k": 15,
        "pools": ["districts"],
    }
    assert len(NeighbourModel.model_validate({**plain, "versions": [newer, version]}).versions) == 2
    for wrong in ([version, newer], [version, {**newer, "key": "2024"}], [newer, {**version, "day": "2025-04-01"}]):
        with pytest.raises(ValueError, match="newest first"):
            NeighbourModel.model_validate({**plain, "versions": wrong})
