"""The ways to a metric: topics with their chains and signposts, and the outcomes of the government's framework."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from moothall.core.fields import Definition, Key, Sentence, Title
from moothall.core.values import Kind

STEPS = (Kind.INPUT, Kind.OUTPUT, Kind.OUTCOME)
"""The steps of a chain, in order: what goes in, what is done, what comes of it."""

Links = Annotated[tuple[Key, ...], Field(max_length=3)]
Path = tuple[str | int, ...]
Note = Callable[[str, str, Path], None]
"""Takes a problem's code, its message and where in the file it stands."""


def _require_once(keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"{key!r} is given twice")
        seen.add(key)


class Chain(Definition):
    """A few metrics of a service side by side, by what they measure: never blended, and none proves another."""

    input: Links = ()
    output: Links = ()
    outcome: Links = ()

    @model_validator(mode="after")
    def _has_links_once(self) -> Self:
        links = [key for step in STEPS for key in self.links(step)]
        if not links:
            raise ValueError("a chain without a metric is none: say in 'no_chain' why there is none")
        _require_once(links)
        return self

    def links(self, step: Kind) -> tuple[str, ...]:
        """The keys of the metrics of one of the `STEPS`, in order."""
        return {Kind.INPUT: self.input, Kind.OUTPUT: self.output, Kind.OUTCOME: self.outcome}[step]


class Signpost(Definition):
    """Another official place to look, and what it has that is not here."""

    title: Title
    address: Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+/")]
    adds: Sentence


class Topic(Definition):
    """A subject under which metrics are shown."""

    key: Key
    title: Title
    description: Sentence
    headlines: tuple[Key, ...] = Field(default=(), max_length=4)  # what a resident would ask for first
    chain: Chain | None = None
    no_chain: Sentence | None = None  # why there is none
    signposts: tuple[Signpost, ...] = ()

    @field_validator("headlines")
    @classmethod
    def _keys_differ(cls, headlines: tuple[str, ...]) -> tuple[str, ...]:
        _require_once(headlines)
        return headlines

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.chain is not None and self.no_chain is not None:
            raise ValueError("a topic has a chain or says why it has none, not both")
        _require_once(signpost.address for signpost in self.signposts)
        return self


class TopicsFile(Definition):
    """`definitions/topics.yaml`."""

    topics: tuple[Topic, ...]


class Match(Definition):
    """A metric of ours that measures what the framework asks for, or something near it."""

    metric: Key
    match: Literal["same", "near"]
    differs: Sentence | None = None

    @model_validator(mode="after")
    def _says_how_it_differs(self) -> Self:
        if (self.match == "near") != (self.differs is not None):
            raise ValueError("a near match says in 'differs' how ours differs, the same one has nothing to say")
        return self


class FrameworkMetric(Definition):
    """One thing that the framework measures an outcome by, and what we have of it."""

    name: Annotated[str, StringConstraints(min_length=10, max_length=300, strip_whitespace=True)]
    listed_in: Key  # the list its name was read from
    role: Literal["outcome", "output"] | None = None  # none where the list does not say
    is_placeholder: bool = False  # the framework itself has no measure yet
    publisher: Title | None = None
    note: Sentence | None = None
    matches: tuple[Match, ...] = ()

    @model_validator(mode="after")
    def _is_not_both(self) -> Self:
        if self.is_placeholder and self.matches:
            raise ValueError("what the framework has no measure for cannot be matched")
        return self


class Outcome(Definition):
    """One priority outcome of the framework."""

    number: Annotated[int, Field(ge=1)]
    title: Title
    description: Sentence
    is_contextual: bool = False
    listing: Literal["whole", "part", "none", "undecided"]  # how much of the framework's list of metrics we have seen
    metrics: tuple[FrameworkMetric, ...] = ()
    others: tuple[Key, ...] = ()  # metrics on the subject that we chose and the framework's list, as seen, has not

    @model_validator(mode="after")
    def _has_what_its_listing_says(self) -> Self:
        if bool(self.metrics) != (self.listing in ("whole", "part")):
            raise ValueError(f"the listing is {self.listing!r} and there are {len(self.metrics)} metrics")
        return self


class FrameworkList(Definition):
    """Where names of outcomes or metrics were read, since the framework's own file is not held."""

    key: Key
    title: Title
    address: Annotated[str, StringConstraints(pattern=r"^https://")]
    taken: Sentence  # what was taken from it, and how sure that is
    says_outcome: bool  # whether it says which outcome a metric belongs to


class OutcomesFile(Definition):
    """`definitions/outcomes.yaml`."""

    lists: tuple[FrameworkList, ...] = Field(min_length=1)
    outcomes: tuple[Outcome, ...] = Field(min_length=1)


def check_chains(topics: Iterable[Topic], kinds: Mapping[str, Kind], note: Note) -> None:
    """Note every link of a chain that is no metric, or not of the kind of its step; `kinds` has every metric's."""
    for place, topic in enumerate(topics):
        for step in STEPS if topic.chain else ():
            for position, key in enumerate(topic.chain.links(step) if topic.chain else ()):
                path = ("topics", place, "chain", str(step), position)
                if key not in kinds:
                    note("REFERENCE_UNKNOWN", f"There is no metric {key!r}.", path)
                elif kinds[key] is not step:
                    note("DEFINITION_INVALID", f"The metric {key!r} is of the kind {kinds[key]}.", path)


def check_outcomes(file: OutcomesFile, kinds: Mapping[str, Kind], note: Note) -> None:
    """Note outcomes out of number, lists and metrics that are none, and a metric given twice for one outcome."""
    lists = [each.key for each in file.lists]
    for place, key in enumerate(lists):
        if key in lists[:place]:
            note("KEY_REUSED", f"The list {key!r} is given twice.", ("lists", place, "key"))
    for place, outcome in enumerate(file.outcomes):
        path: Path = ("outcomes", place)
        if outcome.number != place + 1:
            note("DEFINITION_INVALID", f"This is outcome {place + 1}, not {outcome.number}.", (*path, "number"))
        for position, metric in enumerate(outcome.metrics):
            if metric.listed_in not in lists:
                message = f"There is no list {metric.listed_in!r}."
                note("REFERENCE_UNKNOWN", message, (*path, "metrics", position, "listed_in"))
        given: set[str] = set()
        for key, where in _place_metrics(outcome):
            if key not in kinds:
                note("REFERENCE_UNKNOWN", f"There is no metric {key!r}.", (*path, *where))
            if key in given:
                note("KEY_REUSED", f"The outcome has {key!r} already.", (*path, *where))
            given.add(key)


def _place_metrics(outcome: Outcome) -> Iterable[tuple[str, Path]]:
    """Every metric of ours that an outcome names, and where."""
    for position, metric in enumerate(outcome.metrics):
        for place, match in enumerate(metric.matches):
            yield match.metric, ("metrics", position, "matches", place, "metric")
    for place, key in enumerate(outcome.others):
        yield key, ("others", place)
