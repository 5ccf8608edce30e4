"""The tables of neighbours: models and what they rest on, lists, and how well both hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Any

import polars as pl

from moothall.core.loading import Catalogue
from moothall.core.neighbour_models import DEFAULT_MODEL, list_models
from moothall.core.neighbour_sets import PUBLISHED
from moothall.release.columns import AREA, BREAKDOWN, METRIC, PERIOD
from moothall.release.schema import Column, Table, optional, text

_MODEL = text("model_key", "The model, or the published set")
_VERSION = text("version", "Its version, or edition")
_POOL = text("pool", "Among whom neighbours are looked for")
_POSITION = Column("position", pl.Int64, "Its place in the order")
_DOMAIN = text("domain", "The side of a place that an input says something about")

NEIGHBOUR_TABLES: tuple[Table, ...] = (
    Table(
        "neighbour_models",
        "One version of one way to find a council's neighbours",
        (
            _MODEL,
            _VERSION,
            _POSITION,
            text("title", "What it is called"),
            text("description", "What it is for"),
            text("kind", "ours, or published by somebody else"),
            optional("method", pl.String, "How it is worked out: balanced or nhs_england; empty where it is published"),
            optional("k", pl.Int64, "How many neighbours a list has where there are enough"),
            Column("day", pl.Date, "The day for which its lists were made, or on which they were published"),
            text("note", "What should be known about this version"),
            Column("is_current", pl.Boolean, "Whether it is the newest version"),
            Column("is_default", pl.Boolean, "Whether it is meant where nobody says which model"),
            optional("publisher", pl.String, "Who published it; empty for our own"),
            optional("licence", pl.String, "Key of the licence it is published under"),
            optional("licence_title", pl.String, "The licence's name"),
            optional("licence_address", pl.String, "Where the licence can be read"),
            optional("attribution", pl.String, "What the licence asks to be said"),
            optional("landing_page", pl.String, "The publisher's page"),
            optional("address", pl.String, "Where the file is"),
            optional("sha256", pl.String, "The file's sha256"),
            optional("published", pl.String, "When it was published, as precisely as it is known"),
            optional("published_basis", pl.String, "How that is known"),
        ),
        ("model_key", "version"),
    ),
    Table(
        "neighbour_sets_not_held",
        "One edition of a published set of neighbours that is known and not here",
        (
            _MODEL,
            text("edition", "The edition"),
            text("title", "What the edition is called"),
            text("purpose", "What the set is for"),
            text("publisher", "Who published it"),
            text("landing_page", "The publisher's page"),
            optional("address", pl.String, "Where the file is, if that is known"),
            optional("published", pl.String, "When it was published, if that is known"),
        ),
        ("model_key", "edition"),
    ),
    Table(
        "neighbour_listed",
        "How many places a publisher's list of one authority has, and why some are not shown",
        (
            _MODEL,
            _VERSION,
            AREA,
            Column("listed", pl.Int64, "Places on the list"),
            Column("closed", pl.Int64, "Of those that no longer exist"),
            Column("outside_england", pl.Int64, "Of those outside England"),
            Column("other_kind", pl.Int64, "Of authorities of another kind"),
        ),
        ("model_key", "version", "area_code"),
    ),
    Table(
        "neighbour_inputs",
        "One thing that a version of a model likens councils by",
        (
            _MODEL,
            _VERSION,
            _POSITION,
            _DOMAIN,
            text("domain_title", "The domain's title"),
            Column("domain_weight", pl.Float64, "The domain's weight beside the others"),
            METRIC,
            BREAKDOWN,
            PERIOD,
            optional("transform", pl.String, "What is done to values first; empty where the method chooses it"),
            Column("weight", pl.Float64, "Its weight beside the others of the domain"),
            optional("mean_metric_key", pl.String, "The metric that means over an area's ground are weighted by"),
            optional("mean_breakdown", pl.String, "That metric's breakdown"),
            optional("mean_period", pl.String, "That metric's period"),
            optional("stands_for", pl.String, "What the method asks for, where this is read in its place"),
        ),
        ("model_key", "version", "position"),
    ),
    Table(
        "neighbour_missing",
        "One thing that a model's method names and no source here has",
        (_MODEL, _VERSION, _POSITION, text("title", "What it is"), text("reason", "Why it is not there")),
        ("model_key", "version", "position"),
    ),
    Table(
        "neighbour_pools",
        "The authorities among whom a version of a model looks for neighbours",
        (
            _MODEL,
            _VERSION,
            _POOL,
            text("title", "The pool in words"),
            text("classes", "The classes of authority in it, with spaces between"),
            optional("tier", pl.String, "The classes by whose middle and spread its values are scaled"),
            Column("size", pl.Int64, "How many authorities are in it"),
            Column("k", pl.Int64, "How many neighbours each has"),
            optional("farthest", pl.Float64, "The largest distance between any two"),
            optional("isolated_beyond", pl.Float64, "An area whose last neighbour is farther has few close ones"),
        ),
        ("model_key", "version", "pool"),
    ),
    Table(
        "neighbour_scales",
        "How one input of a model is scaled and weighed in one pool",
        (
            _MODEL,
            _VERSION,
            _POOL,
            METRIC,
            BREAKDOWN,
            text("transform", "What is done to values first; what is bent by Yeo and Johnson's is standardised before"),
            optional("parameter", pl.Float64, "The transform's parameter, where it has one"),
            Column("centre", pl.Float64, "z is the transformed value less this"),
            Column("spread", pl.Float64, "… over this"),
            optional("skew", pl.Float64, "How lopsided the transformed values lie"),
            Column("weight", pl.Float64, "Its weight in the squared distance"),
            Column("typical_gap", pl.Float64, "The middle gap in z over all pairs of the pool"),
        ),
        ("model_key", "version", "pool", "metric_key", "breakdown"),
    ),
    Table(
        "neighbour_domains",
        "One domain of a model in one pool",
        (
            _MODEL,
            _VERSION,
            _POOL,
            _DOMAIN,
            Column("weight", pl.Float64, "Its weight in the squared distance"),
            Column(
                "typical_gap", pl.Float64, "The middle gap over all pairs: root of its part of the squared distance"
            ),
        ),
        ("model_key", "version", "pool", "domain"),
    ),
    Table(
        "neighbour_values",
        "Where one area stands on one input of a version of a model",
        (
            _MODEL,
            _VERSION,
            AREA,
            METRIC,
            BREAKDOWN,
            optional("value", pl.Float64, "The value in the metric's unit; empty where none is known"),
            optional("basis", pl.String, "figure: the area's own; ground: a mean over the councils on its ground"),
            optional("z", pl.Float64, "The value transformed and scaled; empty for an area with too much missing"),
            Column("is_imputed", pl.Boolean, "Whether z is the pool's middle for want of a value"),
        ),
        ("model_key", "version", "area_code", "metric_key", "breakdown"),
    ),
    Table(
        "neighbour_lists",
        "One authority under a version of a model: its list of neighbours, or why it has none",
        (
            _MODEL,
            _VERSION,
            AREA,
            optional("pool", pl.String, "Among whom; empty where there is no list"),
            Column("many", pl.Int64, "How many neighbours are on it"),
            optional("stability", pl.Float64, "The mean inclusion of its neighbours"),
            optional("retention", pl.Float64, "Share of the list that stays when a domain is left out, on the mean"),
            Column("is_isolated", pl.Boolean, "Whether its last neighbour is farther than for nine of ten"),
            Column("is_all_of_kind", pl.Boolean, "Whether everybody else of the pool is on it"),
            optional("why_none", pl.String, "own_kind, not_in_model, inputs_missing, not_listed or none_of_kind"),
        ),
        ("model_key", "version", "area_code"),
    ),
    Table(
        "neighbours",
        "One council on another's list of neighbours",
        (
            _MODEL,
            _VERSION,
            AREA,
            Column("place", pl.Int64, "1 is the nearest"),
            text("neighbour_code", "ONS code of the neighbour"),
            optional(
                "distance", pl.Float64, "How far apart they are; empty in a published list that has only an order"
            ),
            optional("percentile", pl.Float64, "Of the distance among those of all pairs of the pool, 0 to 100"),
            optional("closeness", pl.String, "That in a word, the publisher's own in a published list"),
            optional("inclusion", pl.Float64, "Share of the resampled models in which it is on the list"),
        ),
        ("model_key", "version", "area_code", "place"),
    ),
    Table(
        "neighbour_churn",
        "What changed in the lists of a pool from one version of a model to the next",
        (
            _MODEL,
            _VERSION,
            text("previous", "The version before"),
            _POOL,
            Column("lists", pl.Int64, "Areas that have a list in both"),
            Column("unchanged", pl.Float64, "Share of the lists with the same members"),
            Column("overlap", pl.Float64, "Mean share of the earlier members that are still there"),
        ),
        ("model_key", "version", "pool"),
    ),
    Table(
        "neighbour_validation",
        "One result of holding lists of neighbours against measures that they were not made from",
        (
            text("test", "skill, difference, control, stability, sensitivity or overlap"),
            text("tier", "single_tier, county, district or all"),
            text("subject", "A model, a model and a variant of it, or another way to choose comparators"),
            text("against", "The other of a difference; else empty"),
            Column("measures", pl.Int64, "How many measures it rests on"),
            Column("themes", pl.Int64, "In how many themes"),
            Column("value", pl.Float64, "The result"),
            optional("lower", pl.Float64, "Lower end of its 95% interval, themes resampled"),
            optional("upper", pl.Float64, "Upper end of its 95% interval, themes resampled"),
        ),
        ("test", "tier", "subject", "against"),
    ),
)


def tabulate_models(catalogue: Catalogue, as_of: date | None) -> dict[str, Iterable[tuple[Any, ...]]]:
    """The rows of models, inputs and what is missing, by the table's name; with the versions there were on a day."""
    ordered = list_models(catalogue.neighbour_models, as_of)
    listed = [(place, model) for place, model in enumerate(ordered)]
    versions = [(model.key, version) for model in ordered for version in model.versions]
    return {
        "neighbour_sets_not_held": (
            (
                *(each.key, edition.edition, edition.title, each.purpose, each.publisher, each.landing_page),
                *(edition.address, edition.published),
            )
            for each in catalogue.neighbour_sets.values()
            for edition in each.editions
            if edition.edition not in catalogue.held_sets(each.key)
        ),
        "neighbour_models": chain(
            _tabulate_published(catalogue, as_of, len(listed)),
            (
                (
                    *(model.key, version.key, place, model.title, model.description, model.kind, model.method, model.k),
                    *(version.day, version.note, version is model.versions[0], model.key == DEFAULT_MODEL),
                    *([None] * 10),
                )
                for place, model in listed
                for version in model.versions
            ),
        ),
        "neighbour_inputs": (
            (
                *(key, version.key, place, domain.key, domain.title, domain.weight),
                *(each.metric, each.breakdown, each.period, each.transform and str(each.transform), each.weight),
                *((by.metric, by.breakdown, by.period) if (by := each.mean_by) else (None, None, None)),
                each.stands_for,
            )
            for key, version in versions
            for place, (domain, each) in enumerate((d, i) for d in version.domains for i in d.inputs)
        ),
        "neighbour_missing": (
            (key, version.key, place, each.title, each.reason)
            for key, version in versions
            for place, each in enumerate(version.missing)
        ),
    }


def _tabulate_published(catalogue: Catalogue, as_of: date | None, first: int) -> Iterator[tuple[Any, ...]]:
    """The rows of published sets, an edition a row, after our models."""
    for place, published in enumerate(catalogue.neighbour_sets.values(), first):
        locked = catalogue.held_sets(published.key, as_of)
        editions = [edition for edition in published.editions if edition.edition in locked]
        for edition in editions:
            line = locked[edition.edition]
            note = f"{edition.title}. {edition.note}".strip()
            yield (
                *(published.key, edition.edition, place, published.title, f"{published.purpose} {published.limits}"),
                *(PUBLISHED, None, published.layout.places, line.known_on, note, edition is editions[-1], False),
                *(published.publisher, str(published.licence), published.licence.label, published.licence.address),
                *(published.attribution, edition.landing_page or published.landing_page, edition.address, line.sha256),
                *(line.published, str(line.basis)),
            )
