"""What the checks before publishing look at, from where on they speak, and what they find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from moothall.core.definitions import Metric
from moothall.core.frames import OBSERVATION_KEY, Schema, conform
from moothall.core.periods import parse_key

# What a check found in one place: a slice, or one council's value in it.
FOUND: Schema = {
    "code": pl.String,
    "severity": pl.String,
    "metric_key": pl.String,
    "breakdown": pl.String,
    "period": pl.String,
    "area_code": pl.String,  # null where it is about all councils
    "edition_key": pl.String,
    "sheet": pl.String,
    "cell": pl.String,
    "said": pl.String,
    "weight": pl.Float64,  # what is named first where there are several
}


@dataclass(frozen=True)
class Limits:
    """From where on a check speaks. Chosen on the catalogue of 51 sources: see `docs/decisions/0024`."""

    least_councils: int = 10  # fewer are not judged together
    rows_warned: float = 0.02  # share of the responsible councils that may lose their row
    rows_refused: float = 0.1
    values_warned: float = 0.2  # share of the rows that may lose their value
    values_refused: float = 0.5
    jump_mads: float = 4.0  # deviations of the median's other changes (`methods` 3.3)
    jump_councils: float = 0.25  # share of councils that jump the same way (`methods` 3.3)
    jump_spread: float = 0.5  # of the middle half of councils: smaller moves matter to nobody
    jump_refused: float = 2.0  # the median doubles or halves
    jump_together: float = 0.75  # and so many councils go the same way
    past_changes: int = 4  # fewer say nothing about what is usual
    value_mads: float = 30.0  # deviations of all changes of the metric
    value_times: float = 5.0
    revision: float = 0.25  # of the value
    revisions_refused: float = 0.1  # share of councils
    same_refused: float = 0.9  # share of councils whose values, other than zero, are those of the period before
    months_behind: int = 18  # beyond its cadence, behind the newest series of its source


LIMITS = Limits()


@dataclass(frozen=True)
class Evidence:
    """What the checks look at.

    Keys are categoricals, which are compared as numbers. `current` has the columns of observations with `kind` and
    `end` of the period and `is_eligible`, whether the council could have a value, sorted by figure key; `eligible` is
    how many could, one row for each metric and period; `noted` the periods that have a note, and those after a period
    that the pandemic affected.
    """

    observations: pl.DataFrame
    current: pl.DataFrame
    eligible: pl.DataFrame
    noted: pl.DataFrame
    metrics: Mapping[str, Metric]
    limits: Limits

    @classmethod
    def make(
        cls,
        observations: pl.DataFrame,
        current: pl.DataFrame,
        pools: pl.DataFrame,
        noted: pl.DataFrame,
        metrics: Mapping[str, Metric],
        limits: Limits,
    ) -> Evidence:
        """From observations and their current view, of which only those of `metrics` are looked at.

        `pools` is one row for each council that could have a value, `noted` one for each period that has a note.
        """
        days = {key: parse_key(key) for key in current.get_column("period").unique()}
        period, is_ours = pl.col("period"), pl.col("metric_key").is_in(list(metrics))
        needed = [*OBSERVATION_KEY, "value", "sheet", "cell", "known_on"]
        place = ["metric_key", "period", "area_code"]
        pools = compress(pools.select(place))
        return cls(
            observations=compress(observations.select(needed).filter(is_ours)),
            current=compress(
                current.select(needed)
                .filter(is_ours)
                .with_columns(
                    kind=period.replace_strict({key: str(p.kind) for key, p in days.items()}, return_dtype=pl.String),
                    end=period.replace_strict({key: p.end for key, p in days.items()}, return_dtype=pl.Date),
                )
            ).join(pools.with_columns(is_eligible=True), on=place, how="left", maintain_order="left"),
            eligible=pools.group_by("metric_key", "period").agg(eligible=pl.len()),
            noted=compress(noted),
            metrics=metrics,
            limits=limits,
        )

    @property
    def amounts(self) -> pl.Expr:
        """Whether a row is of a metric whose values are amounts."""
        keys = [key for key, metric in self.metrics.items() if metric.unit.is_amount]
        return pl.col("metric_key").is_in(pl.Series(keys, dtype=pl.Categorical).implode())


_KEYS = ("metric_key", "breakdown", "area_code", "period", "edition_key", "kind")


def compress(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with their keys as categoricals."""
    return rows.with_columns(pl.col([name for name in _KEYS if name in rows.columns]).cast(pl.Categorical))


def find(
    rows: pl.DataFrame,
    code: str,
    said: pl.Expr,
    weight: str | pl.Expr,
    is_refused: pl.Expr | None = None,
) -> pl.DataFrame:
    """`rows` as things found, errors where `is_refused`.

    They have a breakdown, and where they are about one value its area, edition and cell.
    """
    is_error = is_refused if is_refused is not None else pl.lit(value=False)
    absent = [name for name in ("area_code", "edition_key", "sheet", "cell") if name not in rows.columns]
    return conform(
        rows.with_columns(
            said=said,
            weight=pl.col(weight) if isinstance(weight, str) else weight,
            severity=pl.when(is_error).then(pl.lit("error")).otherwise(pl.lit("warning")),
            code=pl.lit(code),
            **{name: pl.lit(None, dtype=pl.String) for name in absent},
        ),
        FOUND,
    )
