"""The ways to a metric in a release: chains, signposts and outcomes as tables, as rows and as records."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from moothall.core.everyday import EverydayFile
from moothall.core.loading import Catalogue
from moothall.core.navigation import STEPS, Outcome
from moothall.core.values import Kind
from moothall.release.database import Database
from moothall.release.schema import Column, Table

Listing = Literal["whole", "part", "none", "undecided"]
Holding = Literal["same", "near", "not_held", "no_measure"]
HOLDINGS: tuple[Holding, ...] = ("same", "near", "not_held", "no_measure")

_TOPIC = Column("topic_key", pl.String, "The topic")
_NUMBER = Column("number", pl.Int64, "The outcome's number in the framework")
_POSITION = Column("position", pl.Int64, "Its place in the order")
_METRIC = Column("metric_key", pl.String, "The metric")

NAVIGATION_TABLES: tuple[Table, ...] = (
    Table(
        "chain_links",
        "One metric in the chain that a topic opens with",
        (_TOPIC, Column("step", pl.String, "input, output or outcome"), _POSITION, _METRIC),
        ("topic_key", "step", "position"),
    ),
    Table(
        "signposts",
        "Another official place to look for a topic",
        (
            _TOPIC,
            _POSITION,
            Column("title", pl.String, "What it is called"),
            Column("address", pl.String, "Where it is"),
            Column("adds", pl.String, "What it has that is not here"),
        ),
        ("topic_key", "position"),
    ),
    Table(
        "everyday_words",
        "One topic or metric that people mean by words of their own",
        (
            Column("words", pl.String, "What they say"),
            _POSITION,
            Column("topic_key", pl.String, "The topic they mean", is_required=False),
            Column("metric_key", pl.String, "The metric they mean", is_required=False),
        ),
        ("words", "position"),
    ),
    Table(
        "framework_lists",
        "One place where names of outcomes or of their metrics were read",
        (
            Column("list_key", pl.String, "The list"),
            _POSITION,
            Column("title", pl.String, "Its title"),
            Column("address", pl.String, "Where it is"),
            Column("taken", pl.String, "What was taken from it, and how sure that is"),
            Column("says_outcome", pl.Boolean, "Whether it says which outcome a metric belongs to"),
        ),
        ("list_key",),
    ),
    Table(
        "outcomes",
        "One priority outcome of the government's Local Outcomes Framework",
        (
            _NUMBER,
            Column("title", pl.String, "Its title"),
            Column("description", pl.String, "What it means, in our words"),
            Column("is_contextual", pl.Boolean, "Whether the framework has it as context"),
            Column("listing", pl.String, "How much of its list of metrics was seen: whole, part, none, or undecided"),
        ),
        ("number",),
    ),
    Table(
        "outcome_metrics",
        "One metric of the framework under an outcome",
        (
            _NUMBER,
            _POSITION,
            Column("name", pl.String, "Its name in the framework"),
            Column("list_key", pl.String, "The list its name was read from"),
            Column("role", pl.String, "outcome or output; empty where the list does not say", is_required=False),
            Column("is_placeholder", pl.Boolean, "Whether the framework itself has no measure yet"),
            Column("publisher", pl.String, "Who publishes it, where that is known", is_required=False),
            Column("note", pl.String, "What should be known about it", is_required=False),
        ),
        ("number", "position"),
    ),
    Table(
        "outcome_matches",
        "One metric of ours that measures the same as one of the framework's, or something near it",
        (
            _NUMBER,
            _POSITION,
            Column("place", pl.Int64, "Its place among the matches"),
            _METRIC,
            Column("match", pl.String, "same or near"),
            Column("differs", pl.String, "How ours differs, where it is near", is_required=False),
        ),
        ("number", "position", "place"),
    ),
    Table(
        "outcome_others",
        "One metric of ours on the subject of an outcome that the framework's list, as seen, does not have",
        (_NUMBER, _POSITION, _METRIC),
        ("number", "position"),
    ),
)


@dataclass(frozen=True, slots=True)
class SignpostRecord:
    """Another official place to look, and what it has that is not here."""

    title: str
    address: str
    adds: str


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """A subject under which metrics are shown."""

    key: str
    title: str
    description: str
    headlines: tuple[str, ...]  # keys of its metrics that are shown first, in order
    chain: Mapping[Kind, tuple[str, ...]]  # keys of metrics by the steps of its chain; empty where it has none
    no_chain: str | None  # why it has none
    signposts: tuple[SignpostRecord, ...]


@dataclass(frozen=True, slots=True)
class FrameworkList:
    """Where names of outcomes or of their metrics were read."""

    key: str
    title: str
    address: str
    taken: str
    says_outcome: bool


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """A metric of ours that measures the same, or something near it."""

    metric: str
    match: Literal["same", "near"]
    differs: str | None


@dataclass(frozen=True, slots=True)
class FrameworkMetricRecord:
    """One metric of the framework, and what we have of it."""

    name: str
    role: Literal["outcome", "output"] | None
    listed_in: str
    publisher: str | None
    note: str | None
    holding: Holding
    matches: tuple[MatchRecord, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRecord:
    """One priority outcome of the government's framework."""

    number: int
    title: str
    description: str
    is_contextual: bool
    listing: Listing
    lists: tuple[FrameworkList, ...]  # where its metrics were read
    metrics: tuple[FrameworkMetricRecord, ...]
    others: tuple[str, ...]  # our own choice of metrics on the subject

    @property
    def keys(self) -> tuple[str, ...]:
        """The metrics of ours, each once, those matched first."""
        matched = (match.metric for metric in self.metrics for match in metric.matches)
        return tuple(dict.fromkeys([*matched, *self.others]))

    def count(self, holding: Holding) -> int:
        """How many of the framework's metrics we have like this."""
        return sum(metric.holding == holding for metric in self.metrics)


@dataclass(frozen=True, slots=True)
class Framework:
    """The outcomes by their numbers, and where names were read; both empty where the release has no framework."""

    lists: tuple[FrameworkList, ...]
    outcomes: Mapping[int, OutcomeRecord]


def tabulate_navigation(catalogue: Catalogue) -> dict[str, Iterable[tuple[Any, ...]]]:
    """The rows of `NAVIGATION_TABLES` by the table's name."""
    topics = catalogue.topics.values()
    outcomes = catalogue.outcomes.outcomes if catalogue.outcomes else ()
    lists = catalogue.outcomes.lists if catalogue.outcomes else ()
    return {
        "chain_links": (
            (topic.key, str(step), place, key)
            for topic in topics
            if topic.chain is not None
            for step in STEPS
            for place, key in enumerate(topic.chain.links(step))
        ),
        "signposts": (
            (topic.key, place, each.title, each.address, each.adds)
            for topic in topics
            for place, each in enumerate(topic.signposts)
        ),
        "everyday_words": _list_everyday(catalogue.everyday) if catalogue.everyday else (),
        "framework_lists": (
            (each.key, place, each.title, each.address, each.taken, each.says_outcome)
            for place, each in enumerate(lists)
        ),
        "outcomes": ((o.number, o.title, o.description, o.is_contextual, o.listing) for o in outcomes),
        "outcome_metrics": (row for outcome in outcomes for row in _list_metrics(outcome)),
        "outcome_matches": (
            (outcome.number, place, position, match.metric, match.match, match.differs)
            for outcome in outcomes
            for place, metric in enumerate(outcome.metrics)
            for position, match in enumerate(metric.matches)
        ),
        "outcome_others": (
            (outcome.number, place, key) for outcome in outcomes for place, key in enumerate(outcome.others)
        ),
    }


def _list_everyday(file: EverydayFile) -> Iterable[tuple[Any, ...]]:
    for subject in file.subjects:
        meant = [*((key, None) for key in subject.topics), *((None, key) for key in subject.metrics)]
        yield from ((words, place, *each) for words in subject.say for place, each in enumerate(meant))


def _list_metrics(outcome: Outcome) -> Iterable[tuple[Any, ...]]:
    for place, each in enumerate(outcome.metrics):
        said = (each.name, each.listed_in, each.role, each.is_placeholder, each.publisher, each.note)
        yield (outcome.number, place, *said)


def read_topics(database: Database) -> dict[str, TopicRecord]:
    """Every topic by its key, in the order of the definitions."""
    chains: dict[str, dict[Kind, tuple[str, ...]]] = {}
    for row in database.rows("SELECT * FROM chain_links ORDER BY topic_key, step, position"):
        steps = chains.setdefault(row["topic_key"], dict.fromkeys(STEPS, ()))
        steps[Kind(row["step"])] += (row["metric_key"],)
    signposts: dict[str, list[SignpostRecord]] = {}
    for row in database.rows("SELECT * FROM signposts ORDER BY topic_key, position"):
        signposts.setdefault(row["topic_key"], []).append(SignpostRecord(row["title"], row["address"], row["adds"]))
    return {
        key: TopicRecord(
            key=key,
            title=row["title"],
            description=row["description"],
            headlines=tuple(json.loads(row["headlines"])),
            chain=chains.get(key, {}),
            no_chain=row["no_chain"],
            signposts=tuple(signposts.get(key, ())),
        )
        for row in database.rows("SELECT * FROM topics ORDER BY position")
        for key in (row["topic_key"],)
    }


def read_framework(database: Database) -> Framework:
    """The outcomes in the framework's order, and where their names were read."""
    lists = tuple(
        FrameworkList(row["list_key"], row["title"], row["address"], row["taken"], bool(row["says_outcome"]))
        for row in database.rows("SELECT * FROM framework_lists ORDER BY position")
    )
    matches: dict[tuple[int, int], list[MatchRecord]] = {}
    for row in database.rows("SELECT * FROM outcome_matches ORDER BY number, position, place"):
        made = MatchRecord(row["metric_key"], row["match"], row["differs"])
        matches.setdefault((row["number"], row["position"]), []).append(made)
    metrics: dict[int, list[FrameworkMetricRecord]] = {}
    for row in database.rows("SELECT * FROM outcome_metrics ORDER BY number, position"):
        found = tuple(matches.get((row["number"], row["position"]), ()))
        metrics.setdefault(row["number"], []).append(
            FrameworkMetricRecord(
                name=row["name"],
                role=row["role"],
                listed_in=row["list_key"],
                publisher=row["publisher"],
                note=row["note"],
                holding=_find_holding(found, bool(row["is_placeholder"])),
                matches=found,
            )
        )
    others: dict[int, tuple[str, ...]] = {}
    for row in database.rows("SELECT * FROM outcome_others ORDER BY number, position"):
        others[row["number"]] = (*others.get(row["number"], ()), row["metric_key"])
    outcomes = {
        row["number"]: OutcomeRecord(
            number=row["number"],
            title=row["title"],
            description=row["description"],
            is_contextual=bool(row["is_contextual"]),
            listing=row["listing"],
            lists=tuple(each for each in lists if any(m.listed_in == each.key for m in metrics.get(row["number"], ()))),
            metrics=tuple(metrics.get(row["number"], ())),
            others=others.get(row["number"], ()),
        )
        for row in database.rows("SELECT * FROM outcomes ORDER BY number")
    }
    return Framework(lists, outcomes)


def _find_holding(matches: tuple[MatchRecord, ...], is_placeholder: bool) -> Holding:
    if is_placeholder:
        return "no_measure"
    if not matches:
        return "not_held"
    return "same" if any(each.match == "same" for each in matches) else "near"
