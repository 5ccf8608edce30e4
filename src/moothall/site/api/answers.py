"""Answers: what each address of the API answers with, as its description says and as JSON has it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar

from django.http import JsonResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from moothall.core.areas import AreaClass
from moothall.core.definitions import NoteKind
from moothall.core.life_cycle import Status
from moothall.core.quality import Quality
from moothall.core.values import Kind, Lever, Marker, Polarity, Unit
from moothall.release.records import AreaRecord, FunctionRecord, Peers
from moothall.release.trend import Direction

Made = TypeVar("Made", bound="Answer")
AreaCode = Annotated[str, BeforeValidator(lambda area: area.code if isinstance(area, AreaRecord) else area)]
Function = Annotated[str, BeforeValidator(lambda each: each.key if isinstance(each, FunctionRecord) else each)]


class Answer(BaseModel):
    """One thing that the API answers with, read from the record of the same name."""

    model_config = ConfigDict(from_attributes=True)


def answer(made: Answer) -> JsonResponse:
    """The answer as JSON; what is missing is null."""
    return JsonResponse(made.model_dump(mode="json", by_alias=True))


def extend(model: type[Made], record: object, **more: object) -> Made:
    """The answer of a record with what does not stand in it."""
    names = [field.validation_alias or name for name, field in model.model_fields.items() if name not in more]
    return model.model_validate({str(name): getattr(record, str(name)) for name in names} | more)


class Edition(Answer):
    """One published file."""

    key: str
    source: str
    edition: str
    title: str
    address: str | None
    sha256: str
    bytes: int
    published: str = Field(description="The day, or no more than the month or year where no more is known.")
    published_precision: str
    published_basis: str
    known_on: date
    quality: str
    note: str


class EditionNotHeld(Answer):
    """A published file that is known and not held."""

    edition: str
    title: str
    address: str | None
    landing_page: str
    published: str | None = Field(description="null where the day is not known.")


class Source(Answer):
    """A publisher's series."""

    key: str
    title: str
    publisher: str
    licence: str
    licence_address: str
    attribution: str
    landing_page: str
    cadence: str
    quality: str
    note: str
    editions: list[Edition]
    missing: list[EditionNotHeld]


class Counted(Answer):
    """How much a release holds."""

    metrics: int
    sources: int
    observations: int
    figures: int
    areas: int


class Finding(Answer):
    """What a check before publishing found in one period of a metric."""

    code: str
    severity: str
    metric: str = Field(validation_alias="metric_key")
    period: str
    many: int
    said: str = Field(description="The weightiest of them.")
    edition: str | None = Field(validation_alias="edition_key")
    sheet: str | None
    cell: str | None
    reason: str | None = Field(description="Why it was accepted; null when it was not.")


class ReleaseAnswer(Answer):
    """What the release is, what it holds, and the editions it was made from."""

    id: str
    digest: str
    built: str
    code_revision: str | None
    definitions: str
    counts: Counted
    sources: list[Source]
    settled: list[dict[str, Any]] = Field(description="Rows left out or read as another area, with the reason.")
    findings: list[Finding] = Field(description="What the checks before publishing found.")


class Area(Answer):
    """One authority."""

    code: str
    name: str
    official_name: str
    slug: str
    area_class: AreaClass = Field(serialization_alias="class")
    region: str = Field(validation_alias="region_code")
    region_name: str = Field(validation_alias="region")
    county: str | None = Field(validation_alias="county_code")
    county_name: str | None = Field(validation_alias="county")
    combined_authority: str | None = Field(validation_alias="combined_authority_code")
    combined_authority_name: str | None = Field(validation_alias="combined_authority")
    opened: date | None = Field(description="The first day of its life; null where that is not known.")
    closed: date | None = Field(description="The first day it no longer existed.")
    is_principal: bool = Field(
        description="Whether figures are compared among it and others: combined authorities are not."
    )


class Succession(Answer):
    """What took an authority's place, or whose place it took."""

    predecessor: AreaCode
    successor: AreaCode
    day: date
    kind: str
    note: str


class AreaAnswer(Area):
    """One authority with those before and after it."""

    successors: list[Succession]
    predecessors: list[Succession]


class AreasAnswer(Answer):
    """Authorities."""

    areas: list[Area]


class Note(Answer):
    """What is to be known about a period: a break before it, or that the pandemic affected it."""

    period: str
    kind: NoteKind
    reason: str


class Metric(Answer):
    """One metric, in words and rules."""

    key: str
    title: str
    short: str = Field(description="The title within a sentence.")
    description: str
    why: str
    not_tell: str = Field(description="What the figures do not tell.")
    topic: str
    source: str | None = Field(description="Key of its series; null where it is worked out from others.")
    unit: Unit
    unit_words: str
    places: int = Field(description="Decimal places to show values with.")
    polarity: Polarity = Field(description="Which way is better: higher, lower or none.")
    kind: Kind
    functions: list[Function] = Field(description="Of which services a council must be responsible to have it.")
    applies_to: list[AreaClass] = Field(description="Kinds of council that have it.")
    lever: Lever
    shared_with: list[str]
    comparable_within: str = Field(
        description="Compare only councils within it: england, or class for those of one kind."
    )
    interval: str = Field(description="How its 95% intervals are made, or none.")
    owner: str = Field(description="Who wrote its definition.")
    checker: str = Field(description="Who checked it.")
    next_review: date = Field(description="The day by which it is looked at again.")
    formula: str | None
    inputs: Annotated[dict[str, str], BeforeValidator(dict)] = Field(description="Name in the formula: metric.")
    breakdowns: list[str]
    first_period: str | None
    latest_period: str | None
    period_notes: list[Note]
    status: Status
    status_since: date | None
    status_reason: str | None = Field(description="Why it was retired, or what was improved.")
    replacement: str | None = Field(description="The metric that took the place of a retired one.")
    aliases: list[str] = Field(description="Keys that it once had: asked for by one, it answers under its own.")
    quality: Quality = Field(description="What kind of statistic it is.")
    old_after: int = Field(description="Months from the end of a period after which its figures are old.")
    is_old: bool = Field(description="Whether its newest figures were old when the release was made.")


class Period(Answer):
    """One period of a metric and how full it is."""

    key: str
    label: str
    start: date
    end: date
    eligible: int = Field(description="Councils that were responsible.")
    with_value: int = Field(description="Those of them that have a value.")
    is_latest: bool = Field(description="Whether this is what period=latest gives.")


class MetricAnswer(Metric):
    """One metric with its periods, newest first, and its source."""

    periods: list[Period]
    source_detail: Source | None


class MetricsAnswer(Answer):
    """Metrics."""

    metrics: list[Metric]


class Figure(Answer):
    """One figure: a value, or the marker that says why there is none. Nothing that is missing is zero."""

    metric: str = Field(description="Key of the metric.")
    breakdown: str = Field(description="Key of the breakdown; “all” is everybody.")
    area: str = Field(description="ONS code of the area.")
    area_name: str
    area_class: AreaClass = Field(serialization_alias="class", description="Kind of council.")
    comparable_within: str = Field(
        description="Compare only councils within it: england, or class for those of its own kind."
    )
    lever: Lever = Field(
        description="How far the council can move it: direct, shared or contextual, which is never its performance."
    )
    shared_with: list[str] = Field(description="On whom else it depends.")
    period: str = Field(description="Key of the period, such as 2023-24.")
    value: float | None = Field(
        description="The value with every digit of the file; null where there is none, and never zero for that."
    )
    unit: Unit = Field(description="What the value is in.")
    marker: Marker | None = Field(
        description="Why there is no value, or what is to be known of it; null where nothing is."
    )
    lower: float | None = Field(description="Lower end of the 95% interval; null where none is known.")
    upper: float | None = Field(description="Upper end of that interval.")
    mads_england: float | None = Field(
        description="Distance from England’s median, in median absolute deviations; a plus is always higher."
    )
    mads_neighbours: float | None = Field(
        description="The same from the median of its neighbours by the default model."
    )
    median_england: float | None = Field(description="The middle value of all councils with a figure.")
    median_neighbours: float | None = Field(description="The middle value of its neighbours.")
    rank: int | None = Field(
        description="Place among the peers, 1 being the better end; null where neither way is better."
    )
    rank_of: int | None = Field(description="How many have a place.")
    trend: Direction | None = Field(description="Where its series goes; null where nothing can be said.")
    release: str = Field(description="The release that it is of.")
    source: str | None = Field(description="Key of the publisher’s series; null where it is worked out from several.")
    edition: str | None = Field(description="Key of the published file.")
    published: str | None = Field(description="Day, month or year of that file.")
    known_on: date | None = Field(description="The day it became known.")
    metric_title: str
    period_label: str = Field(description="The period in words.")
    text: str = Field(description="The value as shown, or the marker's words.")
    places: int = Field(description="Decimal places to show it with.")
    peers: Peers = Field(description="Among whom rank, band, mads_peers and median_peers are.")
    band: int | None = Field(description="Quarter of the peers that it is in, 1 being the better end.")
    mads_class: float | None = Field(description="Distance from the median of its own kind of council.")
    median_class: float | None = Field(description="That median.")
    mads_peers: float | None = Field(description="Distance from the median of the peers asked for.")
    median_peers: float | None = Field(description="That median.")
    neighbours_marker: Marker | None = Field(description="Why it is not compared with its neighbours.")
    change: float | None = Field(description="Difference from the period named in change_from, in the metric’s unit.")
    change_from: str | None = Field(description="The period before, where the two can be compared.")
    is_old: bool = Field(description="Whether newer figures should have come out by the day the release was made.")
    error: float | None = Field(description="Standard error of a figure of the latest period, where it is known.")
    error_basis: str | None = Field(description="How it is known: published, wilson, byar or history.")
    q_neighbours: float | None = Field(
        description="Chance of so large a difference from its neighbours, held against all councils."
    )
    rank_low: int | None = Field(
        description="Lower end of the 95% interval of its rank in England, or in its class where compared only there."
    )
    rank_high: int | None = Field(description="Upper end of that interval.")
    marker_meaning: str | None = Field(description="What the marker means, in a sentence.")


class Credit(Answer):
    """A publisher's series that figures rest on, and under which licence."""

    key: str
    title: str
    publisher: str
    licence: str
    licence_address: str
    attribution: str


class AboutFigures(Answer):
    """What is to be known of figures wherever they go."""

    title: str
    asked: dict[str, str] = Field(description="What was asked for, in words.")
    built: date = Field(description="The day on which the release was made.")
    notes: list[str] = Field(description="How to read them, and what is not to be done with them.")
    sources: list[Credit]
    markers: dict[str, str] = Field(description="What each marker means.")


class FiguresAnswer(Answer):
    """Figures, and where to go on when these are not all."""

    figures: list[Figure]
    release: str
    about: AboutFigures
    next: int = Field(0, description="The cursor to go on with; not there when these were the last.")


class EarlierCell(Answer):
    """A cell of a published file, and what it was read as."""

    metric: str
    name: str | None = Field(description="Its name in the formula.")
    breakdown: str
    area: str
    period: str
    value: float | None
    marker: Marker | None
    stored: str = Field(description="What the cell holds.")
    sheet: str
    cell: str
    edition: Edition


class Cell(EarlierCell):
    """A cell that a figure rests on, with the same of earlier editions."""

    earlier: list[EarlierCell]


class Lineage(Answer):
    """The formula and every cell that a figure rests on."""

    formula: str | None
    formula_worked: str | None
    cells: list[Cell]


class TrendDetail(Answer):
    """Where a series goes, from the first period that can be looked at to the metric's latest."""

    first: str
    points: int = Field(description="Values looked at, without those of periods that the pandemic affected.")
    slope: float | None = Field(description="In the metric's unit a year; null where there are fewer than five.")
    slope_lower: float | None
    slope_upper: float | None
    p: float | None = Field(description="The chance of so much order in a series without a trend.")
    method: str | None
    direction: Direction | None
    change: float | None = Field(description="From the first period to the last.")
    change_neighbours: float | None = Field(description="The middle change of its neighbours.")
    change_lower: float | None = Field(description="95% interval of the difference between the two.")
    change_upper: float | None


class FigureAnswer(Figure):
    """One figure with where it goes and where it comes from."""

    sentence: str = Field(description="What it says in plain English, beside the comparators asked for.")
    trend_detail: TrendDetail | None
    lineage: Lineage


class Wrong(Answer):
    """What is wrong, and about which parameter, key or path."""

    code: str
    message: str
    where: str


class WrongAnswer(Answer):
    """The one shape in which something is wrong."""

    error: Wrong
