"""Everyday words: what people say for a subject, and the topics and metrics that they mean by it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from moothall.core.definitions import Metric
from moothall.core.fields import Definition, Key
from moothall.core.navigation import Note

EVERYDAY = "everyday.yaml"
"""The file in `definitions/`."""

Words = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([ -][a-z0-9]+)*$", max_length=40)]


class EverydaySubject(Definition):
    """Ways to say one thing, and where it is to be found: topics first, and metrics in the order they are shown."""

    say: tuple[Words, ...] = Field(min_length=1)
    topics: tuple[Key, ...] = ()
    metrics: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if not self.topics and not self.metrics:
            raise ValueError("words that lead to no topic and no metric find nothing")
        return self


class EverydayFile(Definition):
    """`definitions/everyday.yaml`."""

    subjects: tuple[EverydaySubject, ...]


def check_everyday(file: EverydayFile, topics: Collection[str], metrics: Mapping[str, Metric], note: Note) -> None:
    """Note words given twice, and topics and metrics that are none, or that have nothing to show any more."""
    given: set[str] = set()
    for place, subject in enumerate(file.subjects):
        for position, words in enumerate(subject.say):
            if words in given:
                note("KEY_REUSED", f"The words {words!r} are given twice.", ("subjects", place, "say", position))
            given.add(words)
        for position, key in enumerate(subject.topics):
            if key not in topics:
                note("REFERENCE_UNKNOWN", f"There is no topic {key!r}.", ("subjects", place, "topics", position))
        for position, key in enumerate(subject.metrics):
            path = ("subjects", place, "metrics", position)
            if key not in metrics:
                note("REFERENCE_UNKNOWN", f"There is no metric {key!r}.", path)
            elif not metrics[key].status.is_current:
                message = f"The metric {key!r} is {metrics[key].status.label.lower()}: words lead to what is current."
                note("DEFINITION_INVALID", message, path)
