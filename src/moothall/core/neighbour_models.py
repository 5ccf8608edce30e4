"""Neighbour models as analysts write them: what councils are likened by, with which weights, in which version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from moothall.core.areas import AreaClass
from moothall.core.fields import Definition, Key, ModelKey, Sentence, Title
from moothall.core.frames import ALL
from moothall.core.navigation import Note
from moothall.core.periods import parse_key
from moothall.core.values import Kind, Lever, Polarity, score_by

if TYPE_CHECKING:
    from moothall.core.definitions import Metric

DEFAULT_MODEL = "open_general"
"""The model whose lists are meant wherever nobody says which."""
MEASURES = "measures.yaml"
"""The file beside the models with what they are judged by."""


class Transform(StrEnum):
    """What is done to a value before it is scaled, so that a few extremes do not decide everything."""

    IDENTITY = "identity"
    LOG = "log"
    LOG1P = "log1p"
    SQRT = "sqrt"
    LOGIT = "logit"  # of percentages


class Pool(StrEnum):
    """Among whom a council's neighbours are looked for."""

    LONDON_BOROUGHS = "london_boroughs"
    SINGLE_TIER = "single_tier"
    COUNTIES = "counties"
    DISTRICTS = "districts"
    COMBINED_AUTHORITIES = "combined_authorities"
    UPPER_TIER = "upper_tier"

    @property
    def label(self) -> str:
        """The pool in plain English, as it reads in mid-sentence."""
        return {
            Pool.LONDON_BOROUGHS: "London boroughs",
            Pool.SINGLE_TIER: "metropolitan boroughs and unitary councils",
            Pool.COUNTIES: "county councils",
            Pool.DISTRICTS: "district councils",
            Pool.COMBINED_AUTHORITIES: "combined and combined county authorities",
            Pool.UPPER_TIER: "county councils and all single-tier councils",
        }[self]

    @property
    def classes(self) -> frozenset[AreaClass]:
        """The classes of authority in it."""
        single = {AreaClass.UNITARY, AreaClass.METROPOLITAN}
        return frozenset(
            {
                Pool.LONDON_BOROUGHS: {AreaClass.LONDON_BOROUGH},
                Pool.SINGLE_TIER: single,
                Pool.COUNTIES: {AreaClass.COUNTY},
                Pool.DISTRICTS: {AreaClass.DISTRICT},
                Pool.COMBINED_AUTHORITIES: {AreaClass.COMBINED_AUTHORITY, AreaClass.COMBINED_COUNTY_AUTHORITY},
                Pool.UPPER_TIER: {AreaClass.COUNTY, AreaClass.LONDON_BOROUGH, *single},
            }[self]
        )

    @property
    def scaled_among(self) -> frozenset[AreaClass]:
        """The classes of authority of its tier, by whose middle and spread its values are scaled (`methods` 1.2)."""
        if self is Pool.COMBINED_AUTHORITIES:
            return self.classes
        single = {AreaClass.UNITARY, AreaClass.METROPOLITAN, AreaClass.LONDON_BOROUGH}
        return frozenset({*single, AreaClass.DISTRICT if self is Pool.DISTRICTS else AreaClass.COUNTY})


class WhyNone(StrEnum):
    """Why an authority has no list of neighbours."""

    OWN_KIND = "own_kind"
    NOT_IN_MODEL = "not_in_model"
    INPUTS_MISSING = "inputs_missing"
    CLOSED = "closed"
    NOT_LISTED = "not_listed"
    NONE_OF_KIND = "none_of_kind"
    NO_LISTS = "no_lists"

    @property
    def sentence(self) -> str:
        """The reason in plain English."""
        return {
            WhyNone.OWN_KIND: "No other authority in England is of its kind, so nobody is a fair comparison.",
            WhyNone.NOT_IN_MODEL: "This list is not made for authorities of its kind.",
            WhyNone.INPUTS_MISSING: "More than a fifth of what councils are likened by is not known of it.",
            WhyNone.CLOSED: "It did not exist on the day for which this list was made.",
            WhyNone.NOT_LISTED: "Its publisher gives no list for it.",
            WhyNone.NO_LISTS: "This release has no lists of neighbours.",
            WhyNone.NONE_OF_KIND: "Nobody on its publisher’s list is of the same kind and still there.",
        }[self]


class Reading(Definition):
    """Which figure of an area is read: of one period for good, so that a list does not change behind its version."""

    metric: Key
    breakdown: str = ALL
    period: str

    @field_validator("period")
    @classmethod
    def _is_a_period(cls, period: str) -> str:
        parse_key(period)
        return period


class Input(Reading):
    """Something that councils are likened by."""

    transform: Transform | None = None  # none where the method chooses it
    weight: Annotated[float, Field(gt=0)] = 1.0  # beside the others of its domain
    mean_by: Reading | None = None  # weight of the mean over an area's ground, where it has no figure of its own
    stands_for: Sentence | None = None  # what the method asks for, and why this is read in its place


class Domain(Definition):
    """Inputs that say something about the same side of a place."""

    key: Key
    title: Title
    weight: Annotated[float, Field(gt=0)] = 1.0
    inputs: tuple[Input, ...] = Field(min_length=1)


class Missing(Definition):
    """Something that the method names and no source here has."""

    title: Title
    reason: Sentence


class Version(Definition):
    """A model as it stood from a day on: its lists are never worked out anew from later figures."""

    key: Key
    day: date  # on which the authorities compared existed, and by which the inputs had been published
    note: Sentence
    domains: tuple[Domain, ...] = Field(min_length=1)
    missing: tuple[Missing, ...] = ()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The inputs of all domains, in order."""
        return tuple(each for domain in self.domains for each in domain.inputs)

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        keys = [(each.metric, each.breakdown) for each in self.inputs]
        domains = [domain.key for domain in self.domains]
        if len(set(keys)) < len(keys) or len(set(domains)) < len(domains):
            raise ValueError("each domain and each input is given once")
        return self


class NeighbourModel(Definition):
    """`definitions/neighbours/<model>.yaml`, of the kind `ours`."""

    kind: Literal["ours"]
    key: ModelKey
    title: Title
    description: Sentence
    method: Literal["balanced", "nhs_england"]
    k: Annotated[int, Field(ge=1, le=30)]
    pools: tuple[Pool, ...] = Field(min_length=1)
    versions: tuple[Version, ...] = Field(min_length=1)  # newest first

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        days = [version.day for version in self.versions]
        keys = [version.key for version in self.versions]
        if days != sorted(days, reverse=True) or len(set(days)) < len(days) or len(set(keys)) < len(keys):
            raise ValueError("versions stand newest first, each with a key and a day of its own")
        classes = [each for pool in self.pools for each in pool.classes]
        if len(set(classes)) < len(classes):
            raise ValueError("an authority is in one pool only")
        is_chosen = self.method == "nhs_england"
        if any((each.transform is None) is not is_chosen for version in self.versions for each in version.inputs):
            raise ValueError("every input has a transform, and none where the method chooses it")
        return self


def list_models(models: Mapping[str, NeighbourModel], as_of: date | None) -> list[NeighbourModel]:
    """The models in order, the default one first, with the versions that there were on a day, or all."""
    found = []
    for model in sorted(models.values(), key=lambda model: (model.key != DEFAULT_MODEL, model.key)):
        versions = tuple(version for version in model.versions if as_of is None or version.day <= as_of)
        if versions:
            found.append(model.model_copy(update={"versions": versions}))
    return found


class Measure(Definition):
    """A metric that lists of neighbours are judged by: how near the middle of the neighbours comes to each council."""

    metric: Key
    breakdown: str = ALL
    theme: Key  # measures of one theme rise and fall together, so they are resampled together


class MeasuresFile(Definition):
    """`definitions/neighbours/measures.yaml`: what models are judged by, chosen by rule before they were."""

    rule: Sentence
    single_tier: tuple[Measure, ...]
    county: tuple[Measure, ...]
    district: tuple[Measure, ...]


def check_models(
    models: Mapping[str, NeighbourModel], metrics: Mapping[str, Metric], notes: Mapping[str, Note]
) -> None:
    """Note every metric that is none, and every input by which councils are judged; `notes` has each model's."""
    for key, model in models.items():
        for path, reading in _place_readings(model):
            metric = metrics.get(reading.metric)
            if metric is None:
                notes[key]("REFERENCE_UNKNOWN", f"There is no metric {reading.metric!r}.", (*path, "metric"))
            elif not is_fit(metric):
                message = f"{reading.metric!r} is not context: councils answer for it, or are scored by it."
                notes[key]("INPUT_JUDGED", message, (*path, "metric"))


def check_measures(file: MeasuresFile, kinds: Mapping[str, Kind], note: Note) -> None:
    """Note every measure that is no metric; `kinds` has every metric's."""
    for tier in ("single_tier", "county", "district"):
        for place, measure in enumerate(getattr(file, tier)):
            if measure.metric not in kinds:
                note("REFERENCE_UNKNOWN", f"There is no metric {measure.metric!r}.", (tier, place, "metric"))


def is_fit(metric: Metric) -> bool:
    """Whether councils may be likened by the metric: it says what a place is like, not what its council does."""
    is_context = metric.kind is Kind.CONTEXT or metric.lever is Lever.CONTEXTUAL
    return metric.unit.is_amount and is_context and score_by(metric.polarity, metric.lever) is Polarity.NONE


def _place_readings(model: NeighbourModel) -> Iterator[tuple[tuple[str | int, ...], Reading]]:
    for place, version in enumerate(model.versions):
        for position, domain in enumerate(version.domains):
            for number, each in enumerate(domain.inputs):
                path: tuple[str | int, ...] = ("versions", place, "domains", position, "inputs", number)
                yield path, each
                if each.mean_by is not None:
                    yield (*path, "mean_by"), each.mean_by
