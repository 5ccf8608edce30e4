"""What changed from one release to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from moothall.core.frames import FIGURE_KEY
from moothall.release.directory import PARQUET
from moothall.release.queries import Release
from moothall.release.records import ALL

_WORDS = ["position", "applies_to", "breakdowns", "first_period", "latest_period"]  # all that is not authored words


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two releases."""

    breakdown: str
    area: str
    area_name: str
    period: str
    old_value: float | None
    new_value: float | None
    old_marker: str | None
    new_marker: str | None


@dataclass(frozen=True, slots=True)
class MetricDifference:
    """How many of a metric's figures differ; `changed` counts values that differ where both releases have one."""

    metric: str
    added: int
    removed: int
    changed: int
    gained: int  # had no value, has one
    lost: int  # had a value, has none
    markers: int  # whose marker differs
    largest: tuple[Change, ...]  # values lost first, then by the size of the change


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from the old release to the new one; every list is in the order of keys."""

    old: str
    new: str
    metrics_added: tuple[str, ...]
    metrics_removed: tuple[str, ...]
    metrics_reworded: tuple[str, ...]
    editions_added: tuple[str, ...]
    editions_removed: tuple[str, ...]
    editions_replaced: tuple[str, ...]  # the same edition, read from another file
    metrics: tuple[MetricDifference, ...]  # only those with a difference

    def as_json(self) -> dict[str, Any]:
        """The difference as plain data."""
        return asdict(self)

    def as_text(self) -> str:
        """The difference in words, a line for each part of it."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"From {self.old} to {self.new}"
        parts = (
            ("Metrics added", self.metrics_added),
            ("Metrics removed", self.metrics_removed),
            ("Metrics reworded", self.metrics_reworded),
            ("Editions added", self.editions_added),
            ("Editions removed", self.editions_removed),
            ("Editions read from another file", self.editions_replaced),
        )
        for label, keys in parts:
            if keys:
                yield f"{label}: {', '.join(keys)}"
        for metric in self.metrics:
            counts = (
                (metric.added, "added"),
                (metric.removed, "removed"),
                (metric.changed, "changed"),
                (metric.gained, "with a value where there was none"),
                (metric.lost, "without the value they had"),
                (metric.markers, "with another marker"),
            )
            yield f"{metric.metric}: " + ", ".join(f"{many:,} {what}" for many, what in counts if many)
            for change in metric.largest:
                key = f"{change.area_name}, {change.period}" + (
                    "" if change.breakdown == ALL else f", {change.breakdown}"
                )
                old, new = _show(change.old_value, change.old_marker), _show(change.new_value, change.new_marker)
                yield f"  {key}: {old} → {new}"
        if not any(keys for _, keys in parts) and not self.metrics:
            yield "Nothing changed."


def diff(old: Release, new: Release, *, largest: int = 5) -> Difference:
    """Compare two releases, with at most `largest` changes of each metric spelled out."""
    old_metrics, new_metrics = _read(old, "metrics").drop(_WORDS), _read(new, "metrics").drop(_WORDS)
    editions = _read(old, "editions").join(_read(new, "editions"), on="edition_key", suffix="_new")
    reworded = new_metrics.join(old_metrics, on="metric_key", how="semi").join(
        old_metrics, on=new_metrics.columns, how="anti", nulls_equal=True
    )
    replaced = editions.filter(pl.col("sha256") != pl.col("sha256_new"))
    return Difference(
        old=old.record.id,
        new=new.record.id,
        metrics_added=_only(new, old, "metrics", "metric_key"),
        metrics_removed=_only(old, new, "metrics", "metric_key"),
        metrics_reworded=tuple(reworded.get_column("metric_key").sort()),
        editions_added=_only(new, old, "editions", "edition_key"),
        editions_removed=_only(old, new, "editions", "edition_key"),
        editions_replaced=tuple(replaced.get_column("edition_key").sort()),
        metrics=tuple(_compare_figures(old, new, largest)),
    )


def _read(release: Release, table: str) -> pl.DataFrame:
    return pl.read_parquet(release.directory / PARQUET / f"{table}.parquet")


def _only(first: Release, second: Release, table: str, key: str) -> tuple[str, ...]:
    rows = _read(first, table).join(_read(second, table), on=key, how="anti")
    return tuple(rows.get_column(key).sort())


def _compare_figures(old: Release, new: Release, largest: int) -> Iterator[MetricDifference]:
    columns = [*FIGURE_KEY, "value", "marker"]
    sides = [_read(release, "figures").select(*columns, pl.lit(True).alias("is_there")) for release in (old, new)]
    names = dict(pl.concat([_read(release, "areas").select("area_code", "name") for release in (old, new)]).iter_rows())
    had, has = pl.col("value").is_not_null(), pl.col("value_new").is_not_null()
    was, now = pl.col("is_there").is_not_null(), pl.col("is_there_new").is_not_null()
    rows = (
        sides[0]
        .join(sides[1], on=FIGURE_KEY, how="full", coalesce=True, suffix="_new")
        .with_columns(
            added=now & was.not_(),
            removed=was & now.not_(),
            changed=(had & has & (pl.col("value") != pl.col("value_new"))).fill_null(False),
            gained=was & now & has & had.not_(),
            lost=was & now & had & has.not_(),
            markers=was & now & pl.col("marker").ne_missing(pl.col("marker_new")),
        )
        .filter(pl.any_horizontal("added", "removed", "changed", "gained", "lost", "markers"))
        .with_columns(size=(pl.col("value_new") - pl.col("value")).abs())
        .sort(
            ["metric_key", "lost", "size", *FIGURE_KEY[1:]],
            descending=[False, True, True, *[False] * 3],
            nulls_last=True,
        )
    )
    for (metric,), part in rows.group_by("metric_key", maintain_order=True):
        counts = {
            name: int(part.get_column(name).sum())
            for name in ("added", "removed", "changed", "gained", "lost", "markers")
        }
        shown = part.filter(pl.any_horizontal("changed", "lost", "gained", "markers")).head(largest)
        changes = tuple(
            Change(
                breakdown=row["breakdown"],
                area=row["area_code"],
                area_name=names[row["area_code"]],
                period=row["period"],
                old_value=row["value"],
                new_value=row["value_new"],
                old_marker=row["marker"],
                new_marker=row["marker_new"],
            )
            for row in shown.iter_rows(named=True)
        )
        yield MetricDifference(metric=str(metric), **counts, largest=changes)


def _show(value: float | None, marker: str | None) -> str:
    if value is None:
        return f"[{marker}]"
    return f"{value:.15g}" + (f" [{marker}]" if marker else "")
