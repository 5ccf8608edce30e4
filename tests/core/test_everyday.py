"""Everyday words lead to topics and metrics that there are, and each is given once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from moothall.core.everyday import EverydayFile, EverydaySubject, check_everyday
from moothall.core.loading import load_catalogue
from tests.release.barset import CATALOGUE

Noted = list[tuple[str, tuple[str | int, ...]]]


def check(*subjects: EverydaySubject) -> Noted:
    noted: Noted = []
    check_everyday(
        EverydayFile(subjects=subjects),
        CATALOGUE.topics,
        CATALOGUE.metrics,
        lambda code, message, path: noted.append((code, path)),
    )
    return noted


def test_words_that_lead_somewhere_are_fine() -> None:
    assert check(EverydaySubject(say=("rubbish", "black bags"), topics=("bins",), metrics=("bins-missed",))) == []


def test_words_given_twice_and_keys_that_are_none_are_noted() -> None:
    rubbish = EverydaySubject(say=("rubbish",), topics=("bins", "dragons"), metrics=("dragons-fed",))
    assert check(rubbish, EverydaySubject(say=("rubbish",), topics=("care",))) == [
        ("REFERENCE_UNKNOWN", ("subjects", 0, "topics", 1)),
        ("REFERENCE_UNKNOWN", ("subjects", 0, "metrics", 0)),
        ("KEY_REUSED", ("subjects", 1, "say", 0)),
    ]


@pytest.mark.parametrize("words", ["", "Rubbish", "bins!", "a  b"])
def test_words_are_plain_and_in_lower_case(words: str) -> None:
    with pytest.raises(ValidationError):
        EverydaySubject(say=(words,), topics=("bins",))


def test_words_that_lead_nowhere_are_refused() -> None:
    with pytest.raises(ValidationError, match="find nothing"):
        EverydaySubject(say=("rubbish",))


def test_a_mistake_in_the_file_has_its_place(tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    (folder / "sources").mkdir(parents=True)
    (folder / "topics.yaml").write_text("topics: []\n")
    (folder / "functions.yaml").write_text("functions: []\n")
    (folder / "everyday.yaml").write_text("subjects:\n  - say: [bins]\n    topics: [waste]\n")
    _, problems = load_catalogue(tmp_path)
    assert [str(each.where) for each in problems if each.code == "REFERENCE_UNKNOWN"] == [
        "definitions/everyday.yaml:3:14"
    ]
