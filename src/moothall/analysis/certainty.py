"""Certainty: how sure each figure of a metric's latest period is, and what that allows to be said (`methods` 2.5-7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from moothall.analysis.history import Periods, find_errors
from moothall.analysis.intervals import error_from_limits
from moothall.analysis.neighbourhood import find_quantile, place_lists
from moothall.analysis.position import find_pools
from moothall.analysis.robust import correct
from moothall.analysis.shrinkage import find_distances, raise_errors, rank_with_chance
from moothall.core.areas import Register
from moothall.core.definitions import Metric
from moothall.core.differences import HAIR, MEDIAN_COSTS, MOST_DEGREES, PRIOR
from moothall.core.frames import CERTAINTIES, ENGLAND, FIGURE_KEY, SLICE_KEY, conform
from moothall.core.functions import Functions
from moothall.core.latest import find_latest
from moothall.core.statistics import LEAST_COUNCILS, LEAST_COVERAGE, LEAST_OF_LIST, NORMAL_SCALE
from moothall.core.values import ADDITIVE, UNCOMPARED, score_by

Numbers = NDArray[np.float64]

HISTORY: Final = "history"
_SCOPES = (ENGLAND, "class", "neighbours")
_FOUND = ("expected", "rank_low", "rank_high", "chance_top", "chance_bottom", "funnel")


def find_certainties(
    figures: pl.DataFrame,
    summaries: pl.DataFrame,
    counts: pl.DataFrame,
    metrics: Mapping[str, Metric],
    register: Register,
    functions: Functions,
    neighbours: pl.DataFrame,
    breaks: Periods,
    covid: Periods,
) -> pl.DataFrame:
    """Certainties (`core.frames`) of the figures of each metric's latest period that are compared, by their key.

    `figures` and `summaries` are those of `position`, `counts` those of `counted.find_counts`, `neighbours` one model's
    lists. An error is of the figure's interval where it has one, else of its council's own history; a figure whose
    error is not known has no row. Judgements and dates have none. The rules are in `docs/methods/uncertainty.md`.
    """
    if figures.is_empty():
        return pl.DataFrame(schema=CERTAINTIES)
    latest = find_latest(summaries)
    amounts = {key: metric for key, metric in metrics.items() if metric.unit.is_amount}
    rules = pl.DataFrame(
        [
            (key, m.interval, score_by(m.polarity, m.lever).sign, m.comparable_within, m.unit in ADDITIVE)
            for key, m in amounts.items()
        ],
        schema={
            "metric_key": pl.String,
            "interval": pl.String,
            "sign": pl.Int8,
            "comparable_within": pl.String,
            "is_total": pl.Boolean,
        },
        orient="row",
    )
    slices = figures.join(latest, on=SLICE_KEY, how="semi")
    rows = (
        slices.filter(pl.col("value").is_not_null() & ~pl.col("marker").is_in(UNCOMPARED).fill_null(False))
        .join(rules, on="metric_key")
        .join(find_pools(slices, metrics, register, functions), on=["metric_key", "period", "area_code"])
        .join(find_errors(figures, latest, amounts, breaks, covid), on=FIGURE_KEY[:3], how="left")
        .join(counts, on=FIGURE_KEY, how="left")
        .sort(FIGURE_KEY)
    )
    if rows.is_empty():
        return pl.DataFrame(schema=CERTAINTIES)
    rows = _add_middles(_choose_errors(rows), summaries)
    rows = rows.with_columns(**_measure_neighbours(rows, neighbours))
    rows = _add_chances(rows)
    found = {name: np.full(rows.height, np.nan) for name in _FOUND}
    for start, size in _find_groups(rows):
        group = rows.slice(start, size)
        for name, values in {**_rank(group), **_place_in_funnel(group)}.items():
            found[name][start : start + size] = values
    rows = rows.with_columns(**{name: pl.Series(values).fill_nan(None) for name, values in found.items()})
    return conform(rows.filter(pl.col("error").is_not_null()), CERTAINTIES).sort([*SLICE_KEY, "area_code"])


def _choose_errors(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the error of the figure's interval, or of its history where the metric is to have no interval.

    A figure that should have an interval and has none, as of a council too small to be surveyed, is not made sure by
    having been the same for years.
    """
    has_limits = pl.col("upper") > pl.col("lower")
    has_history = (pl.col("interval") == "none") & pl.col("error").is_not_null()
    made = error_from_limits(rows["lower"].to_numpy(), rows["upper"].to_numpy())
    events = pl.when(pl.col("interval") == "wilson").then("denominator").when(pl.col("interval") == "byar")
    return rows.with_columns(
        error=pl.when(has_history).then("error").when(has_limits).then(pl.Series(made)),
        error_basis=pl.when(has_history).then(pl.lit(HISTORY)).when(has_limits).then("interval"),
        degrees=pl.when(has_history).then("degrees"),
        cases=events.then("numerator"),
    )


def _add_middles(rows: pl.DataFrame, summaries: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the middle, the spread and the number of England's and of their class's values, and who is ranked."""
    among = summaries.select(
        *SLICE_KEY, "scope", middle="median", spread="mad", count=pl.col("with_value"), ranked="ranked"
    )
    for name in (ENGLAND, "class"):
        scope = pl.lit(ENGLAND) if name == ENGLAND else pl.col("area_class")
        named = among.rename({each: f"{each}_{name}" for each in ("middle", "spread", "count", "ranked")})
        rows = rows.with_columns(scope=scope).join(named, on=[*SLICE_KEY, "scope"], how="left", maintain_order="left")
    is_england = pl.col("comparable_within") == ENGLAND
    pooled = {
        f"{each}_pool": pl.when(is_england).then(f"{each}_{ENGLAND}").otherwise(f"{each}_class")
        for each in ("middle", "spread", "ranked")
    }
    return rows.with_columns(**pooled, scope=pl.when(is_england).then(pl.lit(ENGLAND)).otherwise("area_class")).sort(
        *SLICE_KEY, "scope", "area_code"
    )


def _measure_neighbours(rows: pl.DataFrame, neighbours: pl.DataFrame) -> dict[str, pl.Series]:
    """The middle, the spread and the number of each figure's neighbours' values; nan among too few (`methods` 2.1).

    The spread is drawn towards that of all that the figure is compared with.
    """
    codes = sorted({*rows["area_code"], *neighbours["area_code"], *neighbours["neighbour_code"]})
    place = {code: number for number, code in enumerate(codes)}
    lists = np.full((len(codes), 1), len(codes)) if neighbours.is_empty() else place_lists(neighbours, place)
    listed = (lists < len(codes)).sum(axis=1)
    values, pool = (rows[name].to_numpy() for name in ("value", "spread_pool"))
    columns = rows["area_code"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    middle, spread, count = (np.full(rows.height, np.nan) for _ in range(3))
    for _, group in rows.with_row_index("row").group_by(SLICE_KEY):
        at = group["row"].to_numpy()
        known = np.full(len(codes) + 1, np.nan)
        known[columns[at]] = values[at]
        among = np.sort(known[lists[columns[at]]], axis=1)
        many = (~np.isnan(among)).sum(axis=1)
        half = find_quantile(among, many, 0.5)
        own = find_quantile(np.sort(np.abs(among - half[:, None]), axis=1), many, 0.5)
        is_enough = (many >= LEAST_COUNCILS) & (many >= LEAST_OF_LIST * listed[columns[at]])
        middle[at] = np.where(is_enough, half, np.nan)
        spread[at] = np.sqrt((many * own**2 + PRIOR * pool[at] ** 2) / (many + PRIOR))
        count[at] = many
    found = {"middle_neighbours": middle, "spread_neighbours": spread, "count_neighbours": count}
    return {name: pl.Series(values) for name, values in found.items()}


def _add_chances(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the chance of each difference, alone (p) and among all councils of its slice (q)."""
    value, error, degrees = (rows[name].cast(pl.Float64).to_numpy() for name in ("value", "error", "degrees"))
    sizes = rows.group_by(SLICE_KEY, maintain_order=True).len()["len"].to_numpy()
    ends = np.cumsum(sizes)
    for name in _SCOPES:
        middle, spread, count = (
            rows[f"{each}_{name}"].cast(pl.Float64).to_numpy() for each in ("middle", "spread", "count")
        )
        p = find_chances(value - middle, error, spread, count, degrees)
        q = np.concatenate([hold_together(p[end - size : end]) for end, size in zip(ends, sizes, strict=True)])
        rows = rows.with_columns(pl.Series(f"p_{name}", p).fill_nan(None), pl.Series(f"q_{name}", q).fill_nan(None))
    return rows


def find_chances(difference: Numbers, error: Numbers, spread: Numbers, count: Numbers, degrees: Numbers) -> Numbers:
    """`core.differences.find_chance` of many at once; what is nan stays so, and without degrees errors are normal."""
    from scipy.special import erfc, stdtr

    with np.errstate(all="ignore"):
        whole = error**2 + MEDIAN_COSTS * (NORMAL_SCALE * spread) ** 2 / count
        size = np.where(whole > 0, np.abs(difference) / np.sqrt(whole), np.nan)
        freedom = degrees * (whole / error**2) ** 2
        by_t = freedom <= MOST_DEGREES
    chances = erfc(size / np.sqrt(2))
    chances[by_t] = 2 * stdtr(np.floor(freedom[by_t] + HAIR), -size[by_t])
    return np.asarray(chances)


def hold_together(chances: Numbers) -> Numbers:
    """`core.differences.hold_together` of many at once; what is nan stays so and does not count."""
    held = np.full(len(chances), np.nan)
    known = ~np.isnan(chances)
    held[known] = correct(chances[known])
    return held


def _find_groups(rows: pl.DataFrame) -> list[tuple[int, int]]:
    """The start and the size of each run of rows that are ranked together."""
    sizes = rows.group_by(*SLICE_KEY, "scope", maintain_order=True).len()["len"].to_numpy()
    return list(zip((np.cumsum(sizes) - sizes).tolist(), sizes.tolist(), strict=True))


def _is_known(known: NDArray[np.bool_]) -> bool:
    return bool(known.sum() >= max(LEAST_COUNCILS, LEAST_COVERAGE * len(known)))


def _rank(group: pl.DataFrame) -> dict[str, Numbers]:
    """What may be said of the ranks of councils that are compared; nothing where errors are known of too few."""
    errors = group["error"].to_numpy()
    sign, ranked = group.row(0, named=True)["sign"], group.row(0, named=True)["ranked_pool"]
    if not sign or ranked is None or not _is_known(~np.isnan(errors)):
        return {}
    ranks = rank_with_chance(group["value"].to_numpy(), errors, sign)
    found = {
        "expected": ranks.expected,
        "rank_low": ranks.low.astype(np.float64),
        "rank_high": ranks.high.astype(np.float64),
        "chance_top": ranks.chance_top,
        "chance_bottom": ranks.chance_bottom,
    }
    return {name: np.where(np.isnan(errors), np.nan, values) for name, values in found.items()}


def _place_in_funnel(group: pl.DataFrame) -> dict[str, Numbers]:
    """How far each value lies from the pooled value: on a scale that makes variances alike where counts are held.

    Totals have no place in it: a large council's is far from the middle for being large.
    """
    first = group.row(0, named=True)
    if first["middle_pool"] is None or first["is_total"]:
        return {}
    if first["interval"] in {"wilson", "byar"}:
        above, below = (group[name].cast(pl.Float64).to_numpy() for name in ("numerator", "denominator"))
        known = ~np.isnan(above) & ~np.isnan(below) & (below > 0)
        if not _is_known(known):
            return {}
        pooled = np.array([above[known].sum() / below[known].sum()])
        shares = np.concatenate([above[known] / below[known], pooled])
        even = np.arcsin(np.sqrt(np.clip(shares, 0, 1))) if first["interval"] == "wilson" else np.sqrt(shares)
        values, target, errors = even[:-1], float(even[-1]), 0.5 / np.sqrt(below[known])
    else:
        known = ~np.isnan(group["error"].to_numpy())
        if not _is_known(known):
            return {}
        values, target = group["value"].to_numpy()[known], float(first["middle_pool"])
        errors = raise_errors(group["error"].to_numpy()[known])
    placed = np.full(group.height, np.nan)
    placed[known] = find_distances(values, errors, target)
    return {"funnel": placed}
