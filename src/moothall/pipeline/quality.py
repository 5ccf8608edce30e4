"""The checks before publishing, run over what sources carry."""

from __future__ import annotations

import polars as pl

from moothall.analysis.gate import inspect
from moothall.analysis.position import find_pools
from moothall.core.areas import Register
from moothall.core.loading import Catalogue
from moothall.core.problems import Problem


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
