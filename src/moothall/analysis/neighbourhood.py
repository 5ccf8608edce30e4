"""Neighbourhood: where each figure stands among its council's statistical neighbours."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from moothall.core.frames import SLICE_KEY
from moothall.core.statistics import LEAST_COUNCILS, LEAST_OF_LIST, LEAST_SPREAD

_SLICES_AT_ONCE = 200
_ABSENT = -1

Numbers = NDArray[np.float64]


def add_neighbourhood(rows: pl.DataFrame, neighbours: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `neighbours_with_value` and the `median`, `mads`, `rank` and `band` of each among its neighbours.

    `rows` has a slice's key, `area_code`, `value`, `shown`, `sign`, `places`, `is_amount` and `takes_part`: whether the
    value is one that is compared. `neighbours` is one model's lists (`core.frames.NEIGHBOURS`). The neighbours' own
    statistics leave the council out; its rank counts it in, from 1, the best. Where fewer than half of a list, or
    fewer than three, have a value there is only their number (`methods` 2.1).
    """
    empty = pl.DataFrame(schema={f"{name}_neighbours": dtype for name, dtype in _STATISTICS.items()})
    if neighbours.is_empty() or rows.is_empty():
        return rows.with_columns(
            pl.lit(None, pl.Int32).alias("neighbours_with_value"),
            *(pl.lit(None, dtype).alias(name) for name, dtype in empty.schema.items()),
        )
    listed = sorted({*neighbours.get_column("area_code"), *neighbours.get_column("neighbour_code")})
    place = {code: number for number, code in enumerate(listed)}
    lists = place_lists(neighbours, place)
    slices = rows.select(SLICE_KEY).unique(maintain_order=True).with_row_index("slice")
    placed = rows.with_row_index("row").join(slices, on=SLICE_KEY, how="left", maintain_order="left")
    placed = placed.with_columns(
        column=pl.col("area_code").replace_strict(place, default=_ABSENT, return_dtype=pl.Int64)
    )
    inside = placed.filter(pl.col("column") != _ABSENT)
    where = (inside.get_column("slice").to_numpy(), inside.get_column("column").to_numpy())
    values, ranked = (np.full((slices.height, len(listed) + 1), np.nan) for _ in range(2))
    counted = pl.when("takes_part").then(pl.col("value"))
    better = pl.when(pl.col("takes_part") & (pl.col("sign") != 0)).then(pl.col("shown") * pl.col("sign"))
    values[where], ranked[where] = (_to_numbers(inside, each) for each in (counted, better))
    found = [
        _compare(values[start : start + _SLICES_AT_ONCE], ranked[start : start + _SLICES_AT_ONCE], lists)
        for start in range(0, slices.height, _SLICES_AT_ONCE)
    ]
    columns = {name: np.concatenate([part[name] for part in found])[where] for name in found[0]}
    at = pl.DataFrame({"row": inside.get_column("row"), **columns}).fill_nan(None)
    joined = placed.join(at, on="row", how="left", maintain_order="left")
    return _say(joined).drop("row", "slice", "column", *(name for name in columns if name.startswith("_")))


_STATISTICS = {"median": pl.Float64, "mads": pl.Float64, "rank": pl.Int32, "band": pl.Int8}


def place_lists(neighbours: pl.DataFrame, place: dict[str, int]) -> NDArray[np.int64]:
    """Each area's neighbours as the columns they have, filled up with a column that is always empty."""
    longest = int(neighbours.group_by("area_code").len().get_column("len").max())  # type: ignore[arg-type]
    lists = np.full((len(place), longest), len(place))
    seen: dict[str, int] = {}
    for area, neighbour in neighbours.sort("area_code", "place").select("area_code", "neighbour_code").iter_rows():
        lists[place[area], seen.setdefault(area, 0)] = place[neighbour]
        seen[area] += 1
    return lists


def _to_numbers(rows: pl.DataFrame, column: pl.Expr) -> Numbers:
    return rows.select(column.cast(pl.Float64).fill_null(float("nan"))).to_series().to_numpy()


def _compare(values: Numbers, ranked: Numbers, lists: NDArray[np.int64]) -> dict[str, Numbers]:
    """The statistics of every slice (rows) and area (columns) among the area's neighbours."""
    among = np.sort(values[:, lists], axis=2)  # what is absent comes last
    count = (~np.isnan(among)).sum(axis=2)
    middle = find_quantile(among, count, 0.5)
    spread = find_quantile(np.sort(np.abs(among - middle[..., None]), axis=2), count, 0.5)
    own = ranked[:, : lists.shape[0], None]
    in_list = (lists < lists.shape[0]).sum(axis=1)
    return {
        "neighbours_with_value": np.where(in_list > 0, count, np.nan),
        "_listed": np.broadcast_to(in_list, count.shape).astype(float),
        "_middle": middle,
        "_spread": spread,
        "_lower": find_quantile(among, count, 0.25),
        "_upper": find_quantile(among, count, 0.75),
        "_before": (ranked[:, lists] > own).sum(axis=2).astype(float),
    }


def find_quantile(ordered: Numbers, count: NDArray[np.int64], share: float) -> Numbers:
    """The quantile by Hyndman and Fan's type 7 of the first `count` values in each row; nan where there are none."""
    position = np.maximum(count - 1, 0) * share
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    low, high = (np.take_along_axis(ordered, each[..., None], axis=-1)[..., 0] for each in (below, above))
    part = position - below
    # Two values a half apart are added before they are halved, as a median is.
    return np.where(part == 0.5, (low + high) / 2, low + (high - low) * part)


def _say(rows: pl.DataFrame) -> pl.DataFrame:
    """What may be said of each row: nothing among too few, no distance in a spread that cannot be seen."""
    number, value, sign = pl.col("neighbours_with_value"), pl.col("value"), pl.col("sign")
    is_enough = (number >= LEAST_COUNCILS) & (number >= LEAST_OF_LIST * pl.col("_listed")) & pl.col("is_amount")
    is_placed = is_enough & pl.col("takes_part")
    is_ranked = is_placed & (sign != 0)
    has_spread = pl.col("_spread") * pl.lit(10.0).pow(pl.col("places")) >= LEAST_SPREAD
    band = 1 + sum((value > pl.col(edge)).cast(pl.Int8) for edge in ("_lower", "_middle", "_upper"))
    return rows.with_columns(
        neighbours_with_value=number.cast(pl.Int32),
        median_neighbours=pl.when(is_enough).then(pl.col("_middle")),
        mads_neighbours=pl.when(is_placed & has_spread).then((value - pl.col("_middle")) / pl.col("_spread")),
        rank_neighbours=pl.when(is_ranked).then(1 + pl.col("_before")).cast(pl.Int32),
        band_neighbours=pl.when(is_ranked).then(pl.when(sign < 0).then(band).otherwise(5 - band)).cast(pl.Int8),
    )
