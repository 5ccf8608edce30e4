"""What the API can be asked: the parameters of each operation."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import BeforeValidator, Field

from moothall.core.areas import AreaClass
from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.release.comparators import Peers
from moothall.site.api.downloads import ABOUT_FIGURE_FORMATS, ABOUT_LIST_FORMATS, FigureFormat, ListFormat

WHOLE = 100_000
"""The most figures that are answered without `limit`."""

Texts = list[Annotated[str, Field(min_length=1)]]
# Python also reads "1_000", "+5" and " 5" as numbers.
_DIGITS = BeforeValidator(lambda text: text if str(text).isdecimal() and str(text).isascii() else "")


class AreasAsked(Schema):
    """Which authorities to list."""

    area_class: AreaClass | None = Field(None, alias="class", description="Only this class of authority.")
    closed: bool = Field(False, description="true: those that no longer exist, too.")


class MetricsAsked(Schema):
    """Which metrics to list."""

    topic: str | None = Field(None, min_length=1, description="Only this topic.")


class SearchAsked(Schema):
    """What to search for."""

    q: str = Field(
        min_length=1,
        max_length=100,
        description="A name or code of an authority, words of a metric or topic, or both together; never a postcode.",
    )
    limit: Annotated[int, Field(ge=1, le=500), _DIGITS] = Field(20, description="The most to find of each kind.")


_PEERS = "Among whom rank, band, mads_peers and median_peers are: england, type, region, neighbours or custom."
_MODEL = "Key of the model that peers=neighbours takes the lists of."
_WITH = "ONS codes of the councils that peers=custom compares with."


class NeighboursAsked(Schema):
    """Which list of neighbours."""

    model: str = Field(
        DEFAULT_MODEL,
        min_length=1,
        description="Key of a model or of a published set; “custom” for weights of your own.",
    )
    version: str | None = Field(None, min_length=1, description="The newest unless given.")
    weight: Texts = Field(
        [], description="With model=custom: an input of the default model and a number from 0 to 10, as “population:2”."
    )
    format: ListFormat = Field("json", description=ABOUT_LIST_FORMATS)


class FiguresAsked(Schema):
    """Which figures to answer with."""

    metric: Texts = Field([], description="Keys of metrics; all unless given.")
    area: Texts = Field([], description="ONS codes; every council unless given.")
    period: Texts = Field(
        [], description="Keys of periods, such as 2022-23; “all” for history. The latest of each metric unless given."
    )
    topic: Texts = Field([], description="Keys of topics.")
    breakdown: Texts = Field([], description="Keys of breakdowns; “all” unless given.")
    peers: Peers = Field("england", description=_PEERS)
    model: Annotated[str, Field(min_length=1)] = Field(DEFAULT_MODEL, description=_MODEL)
    with_: Texts = Field([], alias="with", description=_WITH)
    format: FigureFormat = Field("json", description=ABOUT_FIGURE_FORMATS)
    limit: Annotated[int, Field(ge=1, le=WHOLE), _DIGITS] | None = Field(
        None, description="The most figures to answer with; with cursor, for more than 100,000."
    )
    cursor: Annotated[int, Field(ge=0), _DIGITS] | None = Field(
        None, description="Where to go on: 0 at first, then “next” of the answer before."
    )


class GapsAsked(Schema):
    """Which gaps to list."""

    topic: Texts = Field([], description="Keys of topics.")
    function: Texts = Field([], description="Keys of functions.")
    format: ListFormat = Field("json", description=ABOUT_LIST_FORMATS)


class ExcellenceAsked(Schema):
    """Of whom it is asked who is worth learning from."""

    topic: str | None = Field(None, min_length=1, description="Only the metrics of this topic.")
    area_class: AreaClass | None = Field(None, alias="class", description="Only this class of authority.")
    format: ListFormat = Field("json", description=ABOUT_LIST_FORMATS)


class ChangesAsked(Schema):
    """Of which release it is asked what it changed."""

    release: str = Field("current", min_length=1, description="A release that this copy shows or has shown.")
    format: ListFormat = Field("json", description=ABOUT_LIST_FORMATS)


class NationalAsked(Schema):
    """Of what the national picture is asked for."""

    topic: str | None = Field(None, min_length=1, description="Only the metrics of this topic.")
    metric: str | None = Field(None, min_length=1, description="Only this metric, and how its councils lie.")
    format: ListFormat = Field("json", description=ABOUT_LIST_FORMATS)


class FigureAsked(Schema):
    """Which figure of a metric, area and period."""

    breakdown: str = Field("all", min_length=1, description="Key of a breakdown.")
    peers: Peers = Field("england", description=_PEERS)
    model: Annotated[str, Field(min_length=1)] = Field(DEFAULT_MODEL, description=_MODEL)
    with_: Texts = Field([], alias="with", description=_WITH)
