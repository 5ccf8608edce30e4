"""The small release's metrics later in their lives: one renamed, one proposed, one asked about, improved, retired."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from moothall.core.definitions import Metric
from moothall.release.contents import Contents
from tests.release.barset import CATALOGUE, define_metric, make_contents

Changed = TypeVar("Changed", bound=Metric)
_TO_COME = (
    {"key": "bins-polished", "title": "Bins polished", "status": "proposed", "since": "2025-05-01"},
    {"key": "bins-painted", "title": "Bins painted", "status": "in_consultation", "since": "2025-05-08"},
)


def make_lived_contents() -> Contents:
    """As `make_contents`, with `bins-missed` once called `bins-forgotten` and improved, two metrics to come, and
    `share-not-missed` retired in favour of `share-missed`.
    """
    bins = CATALOGUE.sources["barset-bins"]
    missed, emptied = bins.metrics
    improved = {
        "aliases": ("bins-forgotten", "bins-left"),
        "status": "improved",
        "since": "2024-11-14",
        "reason": "Bins hidden behind a hedge are counted, too.",
    }
    retired = {
        "status": "retired",
        "since": "2025-04-01",
        "reason": "It said the same as another metric, the other way round.",
        "replacement": "share-missed",
    }
    to_come = [
        Metric(**(define_metric(each["key"], each["title"], "tonnes", "none", "bin_emptying", "bins") | each))
        for each in _TO_COME
    ]
    share = CATALOGUE.derived["share-not-missed"]
    catalogue = replace(
        CATALOGUE,
        sources=CATALOGUE.sources
        | {"barset-bins": bins.model_copy(update={"metrics": (_change(missed, improved), emptied, *to_come)})},
        derived=CATALOGUE.derived | {"share-not-missed": _change(share, retired)},
    )
    return make_contents(catalogue=catalogue)


def _change(metric: Changed, changes: dict[str, object]) -> Changed:
    return type(metric).model_validate(metric.model_dump() | changes)
