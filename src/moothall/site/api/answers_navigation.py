"""What the API answers about ways into the figures: topics, the framework's outcomes, and what is missing."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from moothall.core.values import Kind
from moothall.release.gaps import GapKind
from moothall.release.navigation import Holding, Listing
from moothall.site.api.answers import Answer, Area, AreaCode, Metric


class Signpost(Answer):
    """Another official place to look for a topic, and what it has that is not here."""

    title: str
    address: str
    adds: str


class Topic(Answer):
    """One topic."""

    key: str
    title: str
    description: str
    headlines: list[str] = Field(description="The metrics that are shown first.")
    chain: dict[Kind, list[str]] = Field(description="Metrics side by side, by what they measure; empty where none.")
    no_chain: str | None = Field(description="Why there is no chain.")
    signposts: list[Signpost]


class TopicsAnswer(Answer):
    """Topics."""

    topics: list[Topic]


class SearchAnswer(Answer):
    """What a search found, each kind on its own, the nearest first."""

    areas: list[Area]
    metrics: list[Metric]
    topics: list[Topic]
    place: AreaCode | None = Field(description="The authority that the words name, where the rest is looked for in it.")
    instead: str | None = Field(description="What was searched for in place of words that nothing has.")
    release: str


class OutcomeMatch(Answer):
    """A metric here that measures the same as one of the framework's, or something near it."""

    metric: str
    match: Literal["same", "near"]
    differs: str | None


class OutcomeMetric(Answer):
    """One metric of the framework, and what is held of it."""

    name: str
    role: Literal["outcome", "output"] | None = Field(description="Null where the list it was read from does not say.")
    listed_in: str = Field(description="Key of the list that its name was read from.")
    publisher: str | None
    note: str | None
    holding: Holding
    matches: list[OutcomeMatch]


class FrameworkList(Answer):
    """Where names of the framework were read: transcribed, and not checked against the ministry's own file."""

    key: str
    title: str
    address: str
    taken: str
    says_outcome: bool = Field(description="False: we placed each metric under an outcome by its subject.")


class Outcome(Answer):
    """One priority outcome of the government's Local Outcomes Framework."""

    number: int
    title: str
    description: str
    is_contextual: bool
    listing: Listing = Field(description="How much of the framework's list of metrics was seen.")
    metrics: list[OutcomeMetric]
    others: list[str] = Field(description="Metrics on the subject that we chose.")


class OutcomesAnswer(Answer):
    """Outcomes."""

    outcomes: list[Outcome]
    lists: list[FrameworkList]


class MissingThing(Answer):
    """One thing that is missing of the release, and why."""

    kind: GapKind = Field(description="file, series, function, age or councils.")
    title: str
    reason: str
    topics: list[str]
    functions: list[str]
    tells: str | None = Field(description="What a series that is not read would tell.")
    metric: str | None = Field(description="The metric that is old or that some councils lack.")
    source: str | None
    publisher: str | None
    edition: str | None
    published: str | None = Field(description="The day of the file; null where it is not known.")
    address: str | None = Field(description="Where the publisher has the file; null where only its page is known.")
    landing_page: str | None
    measures: Kind | None = Field(description="Of a function: input, output or outcome; null where it has no metric.")
    period: str | None = Field(description="The newest period of the metric.")
    eligible: int | None = Field(description="Councils that are responsible in that period.")
    with_value: int | None = Field(description="Those of them that have a figure.")


class GapsAnswer(Answer):
    """The gap register."""

    gaps: list[MissingThing]
    release: str
