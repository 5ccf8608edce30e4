"""What areas are likened by: the values that a version of a model reads, each as it is or as a mean over the ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import fsum

import polars as pl

from moothall.core.grounds import Part, Tier
from moothall.core.neighbour_models import Input, Reading, Version
from moothall.core.periods import parse_key
from moothall.core.values import Marker

FIGURE, GROUND = "figure", "ground"
"""The bases of a value: the area's own figure; the mean over the councils on its ground."""


def list_readings(version: Version) -> list[Reading]:
    """Everything that a version reads: its inputs, and what means over the ground are weighted by."""
    return [each for read in version.inputs for each in (read, read.mean_by) if each is not None]


def read_values(
    current: pl.DataFrame, version: Version, parts: Sequence[Part]
) -> dict[tuple[str, str], dict[str, tuple[float, str]]]:
    """By input, each area's value and its basis; areas of which nothing is known are left out.

    `current` has the current value of each key. An area without a figure has the mean of those of the lower-tier
    councils on its ground on the period's last day, weighted as the input says, where every one of them has both.
    Values on another basis than most councils' are not read.
    """
    wanted = pl.DataFrame(
        sorted({(each.metric, each.breakdown, each.period) for each in list_readings(version)}),
        schema=dict.fromkeys(["metric_key", "breakdown", "period"], pl.String),
        orient="row",
    )
    held: dict[tuple[str, str, str], dict[str, float]] = {}
    rows = current.join(wanted, on=wanted.columns, how="semi").filter(
        pl.col("value").is_not_null() & (pl.col("marker").fill_null("") != str(Marker.OTHER_BASIS))
    )
    for key, breakdown, period, code, value in rows.select(*wanted.columns, "area_code", "value").iter_rows():
        held.setdefault((key, breakdown, period), {})[code] = value
    return {
        (each.metric, each.breakdown): _read(each, held, [part for part in parts if part.tier is Tier.LOWER])
        for each in version.inputs
    }


def _read(
    wanted: Input, held: Mapping[tuple[str, str, str], Mapping[str, float]], parts: Sequence[Part]
) -> dict[str, tuple[float, str]]:
    own = held.get((wanted.metric, wanted.breakdown, wanted.period), {})
    found = {code: (value, FIGURE) for code, value in own.items()}
    by = wanted.mean_by
    if by is None:
        return found
    weights = held.get((by.metric, by.breakdown, by.period), {})
    for code, ground in _group(parts, parse_key(wanted.period).end).items():
        if code not in own and all(part in own and part in weights for part in ground):
            whole = fsum(weights[part] for part in ground)
            if whole > 0:
                found[code] = (fsum(weights[part] * own[part] for part in ground) / whole, GROUND)
    return found


def _group(parts: Sequence[Part], day: date) -> dict[str, list[str]]:
    ground: dict[str, list[str]] = {}
    for part in parts:
        if part.holds(day):
            ground.setdefault(part.area_code, []).append(part.part_code)
    return ground
