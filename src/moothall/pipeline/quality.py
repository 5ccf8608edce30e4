"""The checks before publishing, run over what sources carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from moothall.analysis.gate import inspect
from moothall.analysis.likened_by import list_readings
from moothall.analysis.position import find_pools
from moothall.core.areas import Register
from moothall.core.loading import Catalogue
from moothall.core.neighbour_models import NeighbourModel
from moothall.core.problems import Place, Problem
from moothall.pipeline.origins import close_over


def inspect_sources(
    catalogue: Catalogue, observations: pl.DataFrame, read_values: pl.DataFrame, register: Register
) -> tuple[pl.DataFrame, list[Problem]]:
    """What the checks find in the metrics of a catalogue's sources, and the acceptances that nothing was found for.

    `read_values` is one observation for each figure key, by `analysis.current.choose_current`.
    """
    is_theirs = pl.col("metric_key").is_in(list(catalogue.metrics))
    current = read_values.filter(is_theirs)
    pools = find_pools(current, catalogue.metrics, register, catalogue.functions)
    return inspect(observations.filter(is_theirs), current, catalogue, pools)


def check_readings(
    observations: pl.DataFrame, models: Sequence[NeighbourModel], catalogue: Catalogue
) -> Iterator[Problem]:
    """Every input that a model reads in a period of which nothing is carried.

    A build makes no list for whom too much is missing, and says so there; that nobody has an input is a mistake.
    """
    there = set(observations.select("metric_key", "breakdown", "period").unique().iter_rows())
    for model in models:
        where = Place(f"definitions/neighbours/{model.key}.yaml")
        for version in model.versions:
            for each in list_readings(version):
                read = close_over({each.metric}, catalogue) - catalogue.derived.keys()
                if any((key, each.breakdown, each.period) not in there for key in read):
                    said = f"{each.metric!r} ({each.breakdown}) of {each.period}"
                    yield Problem("REFERENCE_UNKNOWN", f"Version {version.key} reads {said}, which nobody has.", where)
