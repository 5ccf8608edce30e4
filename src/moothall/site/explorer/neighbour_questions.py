"""Questions about neighbours: which model, version, weights or list of their own a reader asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict

from moothall.release.neighbour_records import NeighbourInputRecord, NeighbourModelRecord
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, UnknownKey
from moothall.site.addresses import neighbours_address
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_many, read_one
from moothall.site.explorer.own_lists import MOST_LISTED, OwnList, check_open, read_own_list

CUSTOM: Final = "custom"
"""The model of a reader's own weights, as the address calls it."""
OWN: Final = "own"
"""A list that a reader brought."""
LARGEST_WEIGHT = 10.0
MOST_OWN = 15  # neighbours on a list by a reader's own weights
_MOST_WEIGHTS = 60


@dataclass(frozen=True, slots=True)
class NeighbourQuestion:
    """What a reader asks, checked against the release."""

    area: AreaRecord
    models: tuple[NeighbourModelRecord, ...]
    model: str  # a key of one of them, or CUSTOM, or OWN
    version: str | None  # where it is not the newest
    weights: dict[str, float]  # by input, of CUSTOM
    own: OwnList
    text: str  # of a list with mistakes, as it was typed

    @property
    def chosen(self) -> NeighbourModelRecord | None:
        """The model asked for; none where the reader brings weights or a list."""
        return next((model for model in self.models if model.key == self.model), None)

    @property
    def inputs(self) -> tuple[NeighbourInputRecord, ...]:
        """What a reader may give weights to: the inputs of the default model."""
        default = next((model for model in self.models if model.is_default), None)
        return default.version.inputs if default else ()

    def address(self, **changes: object) -> str:
        """The address of this question, or of one that differs in some ways."""
        asked: dict[str, object] = {
            "model": None if self.chosen is not None and self.chosen.is_default else self.model,
            "version": self.version,
            "weights": write_weights(self.weights) if self.model == CUSTOM else (),
            "others": tuple(area.code for area in self.own.councils) if self.model == OWN else (),
        }
        return neighbours_address(self.area.code, **(asked | changes))  # type: ignore[arg-type]


def list_inputs(release: Release) -> tuple[str, ...]:
    """The keys of the metrics that a reader may give weights to: the default model's inputs."""
    default = next((model for model in release.neighbour_models() if model.is_default), None)
    return tuple(dict.fromkeys(each.metric for each in default.version.inputs)) if default else ()


def write_weights(weights: dict[str, float]) -> tuple[str, ...]:
    """Weights as an address has them: "population:2", without those that weigh nothing."""
    return tuple(f"{key}:{weight:g}" for key, weight in weights.items() if weight)


def read_neighbour_question(release: Release, area: AreaRecord, asked: QueryDict) -> NeighbourQuestion:
    """Read and check the parameters of the page.

    Raises `UnknownKey` where the release has no models, `Refused` for parameters that do not fit, and `Redirected`
    where weights or a list were typed into a form: to the address that keeps them.
    """
    models = tuple(release.neighbour_models())
    if not models:
        raise UnknownKey("model of neighbours", "open_general")
    default = next((model.key for model in models if model.is_default), models[0].key)
    known = {model.key: model for model in models}
    model = read_one(asked, "model") or default
    if model not in known and model not in {CUSTOM, OWN}:
        raise Refused(Mistake("model", f"“{model}” is no list of neighbours. Choose one of: {', '.join(known)}."))
    version = read_one(asked, "version") or None
    versions = [each.key for each in known[model].versions] if model in known else []
    if version is not None and version not in versions:
        there = ", ".join(versions) or "none"
        raise Refused(Mistake("version", f"There is no version “{version}” of this list. There are: {there}."))
    if version == next(iter(versions), None):
        version = None
    question = NeighbourQuestion(area, models, model, version, {}, OwnList((), ()), "")
    if model == CUSTOM:
        return _read_custom(release, question, asked)
    return _read_own(release, question, asked) if model == OWN else question


def _read_custom(release: Release, question: NeighbourQuestion, asked: QueryDict) -> NeighbourQuestion:
    inputs = list_inputs(release)
    typed = {key: text for key in inputs if (text := read_one(asked, key))}
    if typed or "weigh" in asked:  # the form was sent
        weights = {key: read_weight(key, text) for key, text in typed.items()}
    else:
        weights = read_weights(read_many(asked, "weight", _MOST_WEIGHTS), inputs)
    if any(weights.values()):
        question = replace(question, weights={key: weights[key] for key in inputs if weights.get(key)})
    elif weights or "weigh" in asked:
        raise Refused(Mistake("weight", "Give at least one thing a weight above 0."))
    if typed or "weigh" in asked:
        raise Redirected(question.address())
    return question


def read_weights(given: tuple[str, ...], inputs: tuple[str, ...]) -> dict[str, float]:
    """Weights from "metric:weight" texts; raises `Refused` for one that does not fit."""
    weights: dict[str, float] = {}
    for text in given:
        key, _, number = text.partition(":")
        if key not in inputs:
            raise Refused(Mistake("weight", f"“{key}” is nothing that councils are likened by here."))
        if key in weights:
            raise Refused(Mistake("weight", f"Give “{key}” only one weight."))
        weights[key] = read_weight(key, number)
    return weights


def read_weight(key: str, text: str) -> float:
    """A weight from 0 to 10, written with digits and at most a point; raises `Refused`."""
    is_plain = text.replace(".", "", 1).isdecimal() and text.isascii()
    if not is_plain or float(text) > LARGEST_WEIGHT:
        raise Refused(Mistake("weight", f"The weight of “{key}” must be a number from 0 to {LARGEST_WEIGHT:g}."))
    return float(text)


def _read_own(release: Release, question: NeighbourQuestion, asked: QueryDict) -> NeighbourQuestion:
    area = question.area
    typed = asked.getlist("list")
    if len(typed) > 1:
        raise Refused(Mistake("list", "Give “list” only once."))
    if typed:
        own = read_own_list(release, typed[0])
        if own.mistakes or not own.councils:
            mistakes = own.mistakes or ("Type the names or codes of some councils.",)
            return replace(question, own=OwnList((), mistakes), text=typed[0])
        raise Redirected(replace(question, own=own).address())
    codes = read_many(asked, "with", MOST_LISTED)
    try:
        councils = tuple(dict.fromkeys(release.area(code) for code in codes))
    except UnknownKey as unknown:
        raise Refused(Mistake("with", f"There is no council with the code “{unknown.key}”.")) from unknown
    gone = tuple(check_open(release, councils))
    if gone:
        raise Refused(*(Mistake("with", sentence) for sentence in gone))
    others = tuple(each for each in councils if each.code != area.code)
    return replace(question, own=OwnList(others, ()))
