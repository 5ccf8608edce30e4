"""What the API answers about lists of councils and of releases: who is worth learning from, and what changed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from moothall.core.areas import AreaClass
from moothall.core.values import Unit
from moothall.release.exemplars import ExemplarKind
from moothall.site.api.answers import AboutFigures, Answer


class Exemplar(Answer):
    """One council that a metric shows to be worth learning from; of a change, values are means of two years."""

    topic: str
    metric: str
    breakdown: str
    area: str
    area_name: str
    area_class: AreaClass = Field(serialization_alias="class", description="Kind of council.")
    kind: ExemplarKind = Field(
        description="top: among the top tenth; improver or recovery: it came much further than others."
    )
    pool: str = Field(description="Who it was compared with: england, or a class of council.")
    period: str
    value: float | None
    median: float | None = Field(description="Of those it was compared with.")
    unit: Unit
    first: str | None = Field(description="Of a change: the first period.")
    before: float | None
    after: float | None
    expected: float | None = Field(description="Of a change: what others that began there came to.")
    q: float | None = Field(description="Of a change: the chance of one so large, held against all councils.")
    chance_top: float | None = Field(description="Of a top: the chance that it is one; null where it is not known.")
    is_provisional: bool = Field(description="Whether the list a year earlier would not have had it yet.")
    release: str


class ExcellenceAnswer(Answer):
    """Who is worth learning from, by topic and name, and how far that is to be trusted."""

    exemplars: list[Exemplar]
    release: str
    about: AboutFigures


class MetricChanged(Answer):
    """How many figures of one metric differ from the release before; each is counted in one way."""

    metric: str
    metric_title: str
    standing: Literal["both", "new", "gone"] = Field(description="In both releases, only in this, or only before.")
    had: int = Field(description="Figures that had a value in the release before.")
    removed: int
    lost: int = Field(description="Had a value and have none.")
    changed: int = Field(description="Have another value.")
    marked: int = Field(description="Have another marker or interval.")
    gained: int = Field(description="Had no value and have one.")
    added: int
    new_periods: list[str]
    gone_periods: list[str]
    reworded: list[str] = Field(description="What of its definition differs.")
    before: str = Field(description="The release that it is compared with.")
    release: str


class ChangesAnswer(Answer):
    """What a release changed."""

    changes: list[MetricChanged]
    release: str
    about: AboutFigures
