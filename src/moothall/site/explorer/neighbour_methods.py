"""The page on how neighbours are found: models, published sets, and what came of holding them against measures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from moothall.core.likeness import CLOSENESS, NOT_CLOSE
from moothall.core.values import format_number
from moothall.release.neighbour_records import (
    NeighbourInputRecord,
    NeighbourModelRecord,
    NeighbourVersionRecord,
    ValidationRecord,
)
from moothall.release.queries import Release
from moothall.site.explorer import neighbour_words as words
from moothall.site.explorer.neighbours import link_input
from moothall.site.explorer.pages_neighbours import (
    ModelDomain,
    ModelInput,
    ModelPart,
    ModelVersionPart,
    NeighbourMethodsPage,
    PublishedPart,
    ValidationRow,
    ValidationTable,
)
from moothall.site.explorer.parts import Link
from moothall.site.narrative.names import capitalise


class Told(NamedTuple):
    """What is said above the results of a test."""

    title: str
    about: str


_TESTS = {
    "skill": Told(
        "How near lists come to what they were not made from",
        "How much nearer the middle of a list is to each council’s figure than England’s, over many measures. "
        "0 is no nearer, and 1 would be exact. Below is the range that chance allows, at 95%.",
    ),
    "difference": Told(
        "Our general model beside other ways",
        "By how much our general model is nearer than each of these on the same measures. Below 0 it is farther.",
    ),
    "control": Told(
        "The same with values dealt out by lot",
        "With every input shuffled among councils a list should come no nearer than councils drawn by lot.",
    ),
    "stability": Told(
        "How much of a list stays",
        "The share of neighbours that stay on a list when its inputs are drawn by lot 500 times.",
    ),
    "sensitivity": Told(
        "What else might have been chosen",
        "The same measure of nearness with one choice of the method changed at a time.",
    ),
    "overlap": Told(
        "How much of a list stays when one choice changes",
        "The share of neighbours by our general model that are still there with one choice of the method changed.",
    ),
    "fairness": Told(
        "Whether poorer places have neighbours as close as others",
        "How closely the distance to neighbours goes with deprivation. 0 is not at all.",
    ),
}
_TIERS = {"single_tier": "Single-tier", "county": "County", "district": "District", "all": "All"}
_TRANSFORMS = {
    "identity": "as it is",
    "log": "logarithm",
    "log1p": "logarithm of one more",
    "sqrt": "square root",
    "logit": "logit of the share",
}
_METHODS = {
    "balanced": "Each side of a place has the weight given, and inputs that say the same thing are weighed down. "
    "Values are transformed as named, scaled by all councils of the tier, and cut off at three standard deviations.",
    "nhs_england": "Each input is transformed in the way that makes it most like a normal curve. "
    "It is put on a scale from 0 to its weight, and the distance is the straight line between two councils.",
}
_SUBJECTS = {
    "crude": "The same inputs, untransformed and all of one weight",
    "same_class": "All councils of the same class",
    "whole_pool": "The whole pool",
    "shuffled": "Our general model on shuffled values",
    "random": "15 of the pool drawn by lot",
}
_FIRST = ("skill", "difference", "control", "stability")
"""The tests whose results are to be looked at first."""


def make_neighbour_methods(release: Release) -> NeighbourMethodsPage:
    """The page; without models it says only what is known of sets that are not held."""
    models = release.neighbour_models()
    return NeighbourMethodsPage(
        release_id=release.record.id,
        closeness=_list_closeness(),
        models=tuple(_make_model(model) for model in models if model.kind == "ours"),
        published=tuple(_make_published(model) for model in models if model.kind != "ours"),
        not_held=tuple(words.say_not_held(known) for known in release.neighbour_sets_not_held()),
        tables=tuple(list_validation(release.neighbour_validation(), models)),
    )


def _list_closeness() -> tuple[tuple[str, str], ...]:
    named = [(f"among the closest {limit:g} in 100", word) for limit, word in CLOSENESS]
    return (*named, ("farther than those", NOT_CLOSE))


def _make_model(model: NeighbourModelRecord) -> ModelPart:
    return ModelPart(
        key=model.key,
        title=model.title,
        description=model.description,
        method=_METHODS.get(model.method or "", ""),
        versions=tuple(_make_version(model, version) for version in model.versions),
    )


def _make_version(model: NeighbourModelRecord, version: NeighbourVersionRecord) -> ModelVersionPart:
    return ModelVersionPart(
        title=capitalise(words.name_version(model, version.key)),
        note=version.note,
        domains=tuple(_group_domains(version)),
        missing=tuple(f"{title}. {reason}" for title, reason in version.missing),
        churn=tuple(
            words.say_churn(each, words.name_version(model, version.previous))
            for each in version.churn
            if version.previous
        ),
    )


def _group_domains(version: NeighbourVersionRecord) -> Iterator[ModelDomain]:
    for (title, weight), group in groupby(version.inputs, key=lambda each: (each.domain_title, each.domain_weight)):
        yield ModelDomain(title, f"{weight:g}", tuple(map(_make_input, group)))


def _make_input(each: NeighbourInputRecord) -> ModelInput:
    return ModelInput(
        link=Link(each.title, link_input(each)),
        period=each.period_label,
        transform=_TRANSFORMS.get(each.transform or "", "chosen by the method"),
        weight=f"{each.weight:g}",
        note=each.stands_for or "",
    )


def _make_published(model: NeighbourModelRecord) -> PublishedPart:
    editions = tuple(f"{each.note} {words.say_edition(each)}" for each in model.versions)
    return PublishedPart(
        title=model.title,
        publisher=model.publisher or "",
        about=(model.description,),
        landing_page=model.landing_page or "",
        licence=model.licence_label or "",
        licence_address=model.licence_address or "",
        attribution=model.attribution or "",
        editions=editions,
    )


def list_validation(
    results: Sequence[ValidationRecord], models: Iterable[NeighbourModelRecord]
) -> Iterable[ValidationTable]:
    """The results of each test as a table: a row for each way to choose comparators, a column for each tier."""
    titles = {model.key: words.name_model(model) for model in models}
    order = [*titles, *_SUBJECTS]

    def by_place(named: tuple[str, str]) -> tuple[list[int], tuple[str, str]]:
        keys = [key.partition("/")[0] for key in named if key]
        return [order.index(key) if key in order else len(order) for key in keys], named

    for test in dict.fromkeys([*_TESTS, *(each.test for each in results)]):
        own = [each for each in results if each.test == test]
        if not own:
            continue
        there = {each.tier for each in own}
        tiers = [*(tier for tier in _TIERS if tier in there), *sorted(there - _TIERS.keys())]
        known = {(each.subject, each.against, each.tier): each for each in own}
        subjects = {each.subject for each in own}
        rows = [
            ValidationRow(
                _name_subject(subject, against if len(subjects) == 1 else "", titles),
                tuple(say_result(known.get((subject, against, tier))) for tier in tiers),
            )
            for subject, against in sorted({(each.subject, each.against) for each in own}, key=by_place)
        ]
        told = _TESTS.get(test, Told(capitalise(test), ""))
        columns = tuple(_TIERS.get(tier, tier) for tier in tiers)
        yield ValidationTable(*told, columns, (*rows, *_count_measures(own, tiers)), test in _FIRST)


def _name_subject(subject: str, against: str, titles: dict[str, str]) -> str:
    """Of whom a result is: where all are of one way to choose, the other that it is held against."""
    model, _, variant = (against or subject).partition("/")
    if variant:
        return capitalise(_name_variant(variant))
    return titles.get(model) or _SUBJECTS.get(model) or capitalise(model.replace("_", " "))


def _name_variant(variant: str) -> str:
    """What was chosen otherwise: "k-10" is "10 neighbours", "without-age" is "without age"."""
    kind, _, rest = variant.partition("-")
    return f"{rest} neighbours" if kind == "k" else variant.replace("-", " ")


def _count_measures(results: Sequence[ValidationRecord], tiers: Sequence[str]) -> Iterator[ValidationRow]:
    """A last row with the most measures that any result of the tier rests on."""
    many = {tier: max(((r.measures, r.themes) for r in results if r.tier == tier), default=(0, 0)) for tier in tiers}
    if any(measures for measures, _ in many.values()):
        said = ((f"{measures} in {themes}" if measures else "–", "") for measures, themes in many.values())
        yield ValidationRow("How many measures, in how many themes", tuple(said))


def say_result(result: ValidationRecord | None) -> tuple[str, str]:
    """A result, and its interval: "0.163", "0.140 to 0.186"; a dash where there is none."""
    if result is None:
        return "–", ""
    if result.lower is None or result.upper is None:
        return _number(result.value), ""
    return _number(result.value), f"{_number(result.lower)} to {_number(result.upper)}"


def _number(value: float) -> str:
    return format_number(value, 3)
