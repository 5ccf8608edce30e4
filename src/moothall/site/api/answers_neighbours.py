"""What the API answers about neighbours."""

from __future__ import annotations

from pydantic import Field

from moothall.core.areas import AreaClass
from moothall.core.neighbour_models import Pool, WhyNone
from moothall.site.api.answers import Answer


class Neighbour(Answer):
    """One council on the list."""

    area: str
    area_name: str
    area_class: AreaClass = Field(alias="class")
    place: int = Field(description="1 is the nearest; a published list has its publisher’s places.")
    distance: float | None = Field(description="null in a published list, which has only an order.")
    rebased: float | None = Field(description="The distance, over the largest of any two in the pool.")
    percentile: float | None = Field(description="Of all pairs of the pool, how many of 100 are as close or closer.")
    closeness: str | None = Field(description="That in a word; a published list has its publisher’s.")
    inclusion: float | None = Field(description="Share of 500 re-runs in which it is on the list.")


class NoList(Answer):
    """Why there is no list."""

    reason: WhyNone
    sentence: str


class PublishedList(Answer):
    """How many places the publisher’s list has, and how many are not shown, by reason."""

    listed: int
    closed: int
    outside_england: int
    other_kind: int


class NeighboursAnswer(Answer):
    """An authority’s neighbours by one version of a model or published set."""

    area: str
    area_name: str
    model: str
    version: str
    pool: Pool | None = Field(description="Among whom neighbours are looked for; null where there is no list.")
    pool_label: str | None
    pool_size: int | None
    stability: float | None = Field(description="The mean inclusion of the neighbours.")
    retention: float | None = Field(description="Share of the list that stays when a domain is left out, on the mean.")
    is_isolated: bool = Field(description="Its last neighbour is farther away than on nine lists in ten of the pool.")
    is_all_of_kind: bool = Field(description="Everybody else of the pool is on the list.")
    why_none: NoList | None
    published: PublishedList | None = Field(description="Of a published list: what it has.")
    neighbours: list[Neighbour]
    release: str
