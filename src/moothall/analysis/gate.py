"""The gate before publishing: every check run, what was accepted set apart, and the rest as problems."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from moothall.analysis.checks import (
    check_coverage,
    check_editions,
    check_jumps,
    check_keys,
    check_periods,
    check_totals,
)
from moothall.analysis.evidence import FOUND, LIMITS, Evidence, Limits
from moothall.core.definitions import Metric, NoteKind, SourceDefinition
from moothall.core.frames import FINDINGS, conform
from moothall.core.loading import Catalogue
from moothall.core.periods import parse_key
from moothall.core.problems import Place, Problem
from moothall.core.quality import Accepted

_GROUP = ["code", "severity", "metric_key", "period"]


def inspect(
    observations: pl.DataFrame,
    current: pl.DataFrame,
    catalogue: Catalogue,
    pools: pl.DataFrame,
    limits: Limits = LIMITS,
) -> tuple[pl.DataFrame, list[Problem]]:
    """What the checks find in the metrics that are read from files, by the schema of `FINDINGS`.

    `current` is one observation for each figure key, sorted by it; `pools` those of `position.find_pools`. Also the
    acceptances that nothing was found for, as warnings: a reason that is no longer needed is no longer true.
    """
    # A rebuild that keeps every figure has nothing to look at, and no periods to work with.
    found = (
        pl.DataFrame(schema=FOUND) if current.is_empty() else _check(observations, current, catalogue, pools, limits)
    )
    accepted, unused = _accept(found, catalogue)
    return _gather(accepted), unused


def _check(
    observations: pl.DataFrame, current: pl.DataFrame, catalogue: Catalogue, pools: pl.DataFrame, limits: Limits
) -> pl.DataFrame:
    """All that the checks find, by the schema of `FOUND`."""
    metrics = {metric.key: metric for source in catalogue.sources.values() for metric in source.metrics}
    periods = set(current.get_column("period").unique())
    evidence = Evidence.make(observations, current, pools, _list_noted(catalogue, metrics, periods), metrics, limits)
    cadences = {
        metric.key: (source.source, source.cadence.months)
        for source in catalogue.sources.values()
        for metric in source.metrics
    }
    return pl.concat(
        [
            pl.DataFrame(schema=FOUND),
            *check_coverage(evidence),
            *check_periods(evidence, cadences),
            *check_jumps(evidence),
            *check_editions(evidence),
            *check_keys(evidence),
            *check_totals(evidence, [total for source in catalogue.sources.values() for total in source.totals]),
        ]
    )


def list_problems(findings: pl.DataFrame) -> Iterator[Problem]:
    """Those findings that nobody accepted, errors first, as problems."""
    open_ = findings.filter(pl.col("reason").is_null()).sort("severity", "code", "metric_key", "period")
    for row in open_.iter_rows(named=True):
        message = f"{row['metric_key']}, {row['period']}: {row['said']}."
        where = Place(row["edition_key"] or "", sheet=row["sheet"], cell=row["cell"])
        yield Problem(row["code"], message, where, row["severity"])


def count_findings(findings: pl.DataFrame) -> str:
    """How many there are, in words."""
    is_open, is_error = pl.col("reason").is_null(), pl.col("severity") == "error"
    errors, warnings, accepted = (
        findings.filter(which).height for which in (is_open & is_error, is_open & ~is_error, ~is_open)
    )
    return f"{errors:,} errors, {warnings:,} warnings, {accepted:,} accepted with a reason"


def _list_noted(catalogue: Catalogue, metrics: dict[str, Metric], periods: set[str]) -> pl.DataFrame:
    """Metric and period wherever a note explains what is unusual: there, and in the period after the pandemic's."""
    after = {before.key: key for key in periods if (before := parse_key(key).previous)}
    noted: set[tuple[str, str]] = set()
    for key in metrics:
        for period, kind, _ in catalogue.period_notes(key):
            noted.add((key, period))
            if kind is NoteKind.COVID and period in after:
                noted.add((key, after[period]))
    return pl.DataFrame(sorted(noted), schema={"metric_key": pl.String, "period": pl.String}, orient="row")


def _accept(found: pl.DataFrame, catalogue: Catalogue) -> tuple[pl.DataFrame, list[Problem]]:
    """`found` with the `reason` for which each was accepted, null where none was; and acceptances not needed."""
    reason = pl.lit(None, dtype=pl.String)
    unused = []
    for source in catalogue.sources.values():
        for place, each in enumerate(source.accepted, 1):
            is_meant = _match(source, each)
            if not found.select(is_meant.any()).item():
                message = f"accepted, number {place}: nothing is found for {each.code} there any more."
                where = Place(f"definitions/sources/{source.source}.yaml")
                unused.append(Problem("RULE_UNUSED", message, where, "warning"))
            reason = pl.when(is_meant).then(pl.lit(each.reason)).otherwise(reason)
    return found.with_columns(reason=reason), unused


def _match(source: SourceDefinition, each: Accepted) -> pl.Expr:
    is_meant = (pl.col("code") == each.code) & pl.col("metric_key").is_in(
        list(each.metrics) or [metric.key for metric in source.metrics]
    )
    if each.periods:
        is_meant &= pl.col("period").is_in(list(each.periods))
    if each.areas:
        is_meant &= pl.col("area_code").is_in(list(each.areas)).fill_null(value=False)
    return is_meant


def _gather(found: pl.DataFrame) -> pl.DataFrame:
    """One row for all that a check found in one period of a metric for one reason: the weightiest, and how many."""
    order = ["weight", "breakdown", "area_code", "edition_key"]
    first = ["said", "edition_key", "sheet", "cell"]
    more = pl.when(pl.col("many") > 1).then(pl.format("; and {} more", pl.col("many") - 1)).otherwise(pl.lit(""))
    return conform(
        found.sort(order, descending=[True, False, False, False])
        .group_by(*_GROUP, "reason", maintain_order=True)
        .agg(pl.len().alias("many"), pl.col(first).first())
        .with_columns(said=pl.concat_str("said", more))
        .sort(*_GROUP, "reason"),
        FINDINGS,
    )
