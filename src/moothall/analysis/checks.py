"""Checks before publishing: what observations say beside one another, period by period and edition by edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from moothall.analysis.evidence import Evidence, compress, find
from moothall.core.frames import ALL, FIGURE_KEY, OBSERVATION_KEY, SLICE_KEY
from moothall.core.quality import Total


def check_coverage(evidence: Evidence) -> list[pl.DataFrame]:
    """Periods in which fewer councils have a row, or of those rows fewer have a value, than in the period before."""
    limits = evidence.limits
    series = ["metric_key", "breakdown", "kind"]
    is_ours = pl.col("is_eligible").fill_null(value=False)
    slices = (
        evidence.current.group_by(*SLICE_KEY, "kind", "end")
        .agg(rows=is_ours.sum(), values=(is_ours & pl.col("value").is_not_null()).sum())
        .join(evidence.eligible, on=["metric_key", "period"], how="inner")
        .with_columns(pl.col("rows", "values").cast(pl.Int64))
        .sort(*series, "end")
        .with_columns(share=pl.col("rows") / pl.col("eligible"), filled=pl.col("values") / pl.col("rows"))
        .with_columns(
            lost=pl.col("share").shift(1).over(series) - pl.col("share"),
            emptied=pl.col("filled").shift(1).over(series) - pl.col("filled"),
            rows_before=pl.col("rows").shift(1).over(series),
            values_before=pl.col("values").shift(1).over(series),
            period_before=pl.col("period").shift(1).over(series),
        )
        .filter(pl.col("eligible") >= limits.least_councils)
    )
    dropped = slices.filter(pl.col("lost") > limits.rows_warned)
    said = pl.format(
        "{} of {} councils have a row, {} had one in {}", "rows", "eligible", "rows_before", "period_before"
    )
    emptied = slices.filter(pl.col("emptied") > limits.values_warned).join(
        evidence.noted, on=["metric_key", "period"], how="anti"
    )
    said_emptied = pl.format(
        "{} of {} rows have a value, {} had one in {}", "values", "rows", "values_before", "period_before"
    )
    return [
        find(dropped, "COVERAGE_DROPPED", said, "lost", pl.col("lost") > limits.rows_refused),
        find(emptied, "VALUES_LOST", said_emptied, "emptied", pl.col("emptied") > limits.values_refused),
    ]


def check_periods(evidence: Evidence, cadences: Mapping[str, tuple[str, int | None]]) -> list[pl.DataFrame]:
    """Gaps inside a series, and series that stopped while others of their source went on.

    `cadences` has the source of each metric and the months between its editions.
    """
    series = ["metric_key", "breakdown", "kind"]
    months = (pl.col("end") - pl.col("end").shift(1).over(series)).dt.total_days() / 30.4375
    slices = (
        evidence.current.select(*SLICE_KEY, "kind", "end")
        .unique()
        .sort(*series, "end")
        .with_columns(step=months.round().cast(pl.Int32), period_before=pl.col("period").shift(1).over(series))
        .with_columns(usual=pl.col("step").drop_nulls().mode().min().over(series))
    )
    gaps = slices.filter(pl.col("step") > pl.col("usual"))
    of_source = compress(
        pl.DataFrame(
            [(key, source, count) for key, (source, count) in cadences.items()],
            schema={"metric_key": pl.String, "source_key": pl.String, "months": pl.Int32},
            orient="row",
        )
    )
    newest = (
        slices.sort("end")
        .group_by("metric_key", maintain_order=True)
        .agg(pl.col("end", "period", "breakdown").last())
        .join(of_source, on="metric_key", how="inner")
        .with_columns(source_end=pl.col("end").max().over("source_key"))
        .with_columns(behind=(pl.col("source_end") - pl.col("end")).dt.total_days() / 30.4375)
        .filter(pl.col("behind") > pl.col("months") + evidence.limits.months_behind)
    )
    said = pl.format("nothing between {} and {}, {} months apart", "period_before", "period", "step")
    stopped = pl.format("the series ends {} months before the newest of its source", pl.col("behind").round().cast(int))
    return [
        find(gaps, "PERIOD_MISSING", said, "step"),
        find(newest, "SERIES_OLD", stopped, "behind"),
    ]


def check_jumps(evidence: Evidence) -> list[pl.DataFrame]:
    """Periods in which councils together moved further than ever, single values that did, and periods repeated.

    A median's change is held against the median's other changes (`methods` 3.3), with the period it is in left out.
    """
    limits, series = evidence.limits, ["metric_key", "breakdown", "kind"]
    changes = find_changes(evidence)
    value, before, change = pl.col("value"), pl.col("before"), pl.col("change")
    rest = change - pl.col("usual")
    is_jump = rest.abs() > limits.jump_mads * pl.col("deviation")
    medians = (
        changes.group_by(*SLICE_KEY, "kind")
        .agg(
            pl.len().alias("councils"),
            value.median().alias("median"),
            before.median().alias("median_before"),
            change.median().alias("moved"),
            (before.quantile(0.75) - before.quantile(0.25)).alias("spread"),
            pl.max_horizontal((is_jump & (rest > 0)).mean(), (is_jump & (rest < 0)).mean()).alias("jumped"),
            pl.max_horizontal((change > 0).mean(), (change < 0).mean()).alias("together"),
            ((value == before) & (value != 0)).sum().alias("same"),
            ((value != 0) | (before != 0)).sum().alias("other_than_zero"),
            pl.col("period_before").max(),
        )
        .filter(pl.col("councils") >= limits.least_councils)
        .sort(*series, "period")
    )
    ratio = pl.max_horizontal(pl.col("median") / pl.col("median_before"), pl.col("median_before") / pl.col("median"))
    is_doubled = (
        (pl.min_horizontal("median", "median_before") > 0)
        & (ratio >= limits.jump_refused)
        & (pl.col("together") >= limits.jump_together)
    )
    is_far = (pl.col("moved").abs() > limits.jump_spread * pl.col("spread")) & (pl.col("moved") != 0)
    is_unusual = (pl.col("mads") > limits.jump_mads) | (pl.col("jumped") > limits.jump_councils)
    jumped = (
        _add_mads(medians, series, limits.past_changes)
        .with_columns(is_doubled=is_doubled, ratio=ratio)
        .filter(pl.col("is_doubled") | (is_far & is_unusual))
        .join(evidence.noted, on=["metric_key", "period"], how="anti")
    )
    said = pl.format(
        "the median went from {} to {}, and {}% of councils the same way",
        *(pl.col(name).round_sig_figs(6) for name in ("median_before", "median")),
        (100 * pl.col("together")).round().cast(int),
    )
    repeated = medians.filter(
        (pl.col("other_than_zero") >= limits.least_councils)
        & (pl.col("same") > limits.same_refused * pl.col("other_than_zero"))
    )
    said_repeated = pl.format(
        "{} of {} values are those of {}", pl.col("same"), pl.col("other_than_zero"), "period_before"
    )
    return [
        find(jumped, "JUMP_UNNOTED", said, pl.col("moved").abs(), pl.col("is_doubled")),
        _check_values(evidence, changes),
        find(repeated, "PERIOD_REPEATED", said_repeated, "same", pl.lit(value=True)),
    ]


def find_changes(evidence: Evidence) -> pl.DataFrame:
    """The change of each council's amount from the period before that it has: one row per figure that has one.

    With `usual` and `deviation`, the median of the metric's changes and their median absolute deviation from it.
    """
    series = ["metric_key", "breakdown", "area_code", "kind"]
    held = evidence.current.filter(pl.col("value").is_not_null() & evidence.amounts)
    # Sorted by figure key, and a period's key sorts within its kind: the row above is the period before.
    is_next = pl.all_horizontal(pl.col(name) == pl.col(name).shift(1) for name in series)
    group = ["metric_key", "breakdown"]
    return (
        held.select(*FIGURE_KEY, "kind", "end", "edition_key", "sheet", "cell", "value", "is_eligible")
        .with_columns(
            before=pl.when(is_next).then(pl.col("value").shift(1)),
            period_before=pl.when(is_next).then(pl.col("period").shift(1)),
        )
        .filter(pl.col("before").is_not_null() & pl.col("is_eligible"))
        .with_columns(change=pl.col("value") - pl.col("before"))
        .with_columns(usual=pl.col("change").median().over(group))
        .with_columns(deviation=(pl.col("change") - pl.col("usual")).abs().median().over(group))
    )


def _check_values(evidence: Evidence, changes: pl.DataFrame) -> pl.DataFrame:
    """Single values of a metric's newest period that moved far further than changes of the metric do."""
    limits = evidence.limits
    value, before = pl.col("value").abs(), pl.col("before").abs()
    newest = evidence.current.group_by("metric_key", "breakdown").agg(pl.col("end").max())
    far = (
        changes.filter(pl.col("deviation") > 0)
        .join(newest, on=["metric_key", "breakdown", "end"], how="semi")
        .with_columns(mads=(pl.col("change") - pl.col("usual")).abs() / pl.col("deviation"))
        .filter(
            (pl.col("mads") > limits.value_mads)
            & (pl.max_horizontal(value, before) > limits.value_times * pl.min_horizontal(value, before))
        )
    )
    said = pl.format(
        "{} went from {} to {}",
        "area_code",
        *(pl.col(name).round_sig_figs(6) for name in ("before", "value")),
    )
    return find(far, "VALUE_JUMPED", said, "mads")


def _add_mads(medians: pl.DataFrame, series: Sequence[str], past_changes: int) -> pl.DataFrame:
    """`medians` with `mads`: how far each one's move is from the series' other moves, in their deviations."""
    found: list[float | None] = []
    for (moves,) in medians.group_by(series, maintain_order=True).agg("moved").select("moved").iter_rows():
        every = pl.Series(moves)
        for place, move in enumerate(moves):
            others = pl.concat([every[:place], every[place + 1 :]])
            middle = others.median() if len(others) >= past_changes else None
            if not isinstance(middle, float):
                found.append(None)
                continue
            deviation = (others - middle).abs().median()
            found.append(abs(move - middle) / deviation if isinstance(deviation, float) and deviation else float("inf"))
    return medians.with_columns(mads=pl.Series(found, dtype=pl.Float64))


def check_editions(evidence: Evidence) -> list[pl.DataFrame]:
    """Rows that a later edition lacks, and values that it changes by a quarter or more."""
    limits = evidence.limits
    several = (
        evidence.observations.select(*SLICE_KEY, "edition_key")
        .unique()
        .filter(pl.len().over(SLICE_KEY) > 1)
        .select(SLICE_KEY)
        .unique()
    )
    again = evidence.observations.join(several, on=SLICE_KEY, how="semi").with_columns(
        turn=pl.struct("known_on", "edition_key").rank("dense").over(SLICE_KEY).cast(pl.Int64)
    )
    key = [*FIGURE_KEY, "turn"]
    follows = pl.col("turn") + 1
    later = again.select(*SLICE_KEY, turn=pl.col("turn"), later="edition_key").unique()
    gone = (
        again.with_columns(turn=follows)
        .join(later, on=[*SLICE_KEY, "turn"], how="inner")
        .join(again, on=key, how="anti")
    )
    said_gone = pl.format("{} has a row in {}, none in {}", "area_code", "edition_key", "later")
    earlier = again.select(*FIGURE_KEY, turn=follows, before="value")
    both = again.join(earlier, on=key, how="inner").filter(
        pl.col("value").is_not_null() & pl.col("before").is_not_null()
    )
    largest = pl.max_horizontal(pl.col("value").abs(), pl.col("before").abs())
    revised = (
        both.filter(evidence.amounts)
        .with_columns(by=pl.when(largest > 0).then((pl.col("value") - pl.col("before")).abs() / largest).otherwise(0.0))
        .with_columns(is_large=pl.col("by") >= limits.revision)
        .with_columns(
            share=pl.col("is_large").mean().over(*SLICE_KEY, "turn"), councils=pl.len().over(*SLICE_KEY, "turn")
        )
        .filter(pl.col("is_large"))
    )
    said = pl.format(
        "{} went from {} to {}", "area_code", *(pl.col(name).round_sig_figs(6) for name in ("before", "value"))
    )
    is_refused = (pl.col("share") > limits.revisions_refused) & (pl.col("councils") >= limits.least_councils)
    return [
        find(gone, "ROWS_GONE", said_gone, "turn"),
        find(revised, "REVISION_LARGE", said, "by", is_refused),
    ]


def check_keys(evidence: Evidence) -> list[pl.DataFrame]:
    """Two values for one key, one cell read as two things, and values outside their metric's range."""
    observations = evidence.observations
    # Hashes first: whole keys of a million rows take seconds to compare.
    twice = observations.filter(_hash(OBSERVATION_KEY).is_duplicated())
    twice = twice.filter(pl.struct(OBSERVATION_KEY).is_duplicated())
    place, thing = ["edition_key", "sheet", "cell"], ["metric_key", "breakdown", "period"]
    hashed = observations.select(place=_hash(place), thing=_hash(thing))
    several = hashed.unique().filter(pl.col("place").is_duplicated()).get_column("place").unique()
    shared = observations.filter(hashed["place"].is_in(several.implode()))
    shared = shared.filter(pl.struct(thing).n_unique().over(place) > 1)
    ranges = pl.DataFrame(
        [(key, metric.range.min, metric.range.max) for key, metric in evidence.metrics.items()],
        schema={"metric_key": pl.String, "least": pl.Float64, "most": pl.Float64},
        orient="row",
    )
    outside = observations.join(compress(ranges), on="metric_key", how="inner").filter(
        (pl.col("value") < pl.col("least")) | (pl.col("value") > pl.col("most"))
    )
    said = pl.format("{} has {}", "area_code", "value")
    said_shared = pl.format("{} is read from a cell that is read as something else, too", "area_code")
    return [
        find(twice, "KEY_DUPLICATED", said, pl.lit(1.0), pl.lit(value=True)),
        find(shared, "CELL_SHARED", said_shared, pl.lit(1.0), pl.lit(value=True)),
        find(outside, "VALUE_OUT_OF_RANGE", said, pl.col("value").abs(), pl.lit(value=True)),
    ]


def _hash(columns: Sequence[str]) -> pl.Expr:
    """A number for each row by which rows are told apart, save by the rarest chance."""
    return pl.sum_horizontal(pl.col(name).hash(seed) // len(columns) for seed, name in enumerate(columns))


def check_totals(evidence: Evidence, totals: Sequence[Total]) -> list[pl.DataFrame]:
    """Places where the parts of a total, all of which have a value, do not add up to it."""
    return [_check_total(evidence.current, total) for total in totals]


def _check_total(current: pl.DataFrame, total: Total) -> pl.DataFrame:
    place = ["area_code", "period"] if total.breakdowns else ["area_code", "period", "breakdown"]
    if total.breakdowns:
        of_metric = current.filter(pl.col("metric_key") == total.metric)
        whole = of_metric.filter(pl.col("breakdown") == ALL)
        parts, name, many = of_metric, "breakdown", total.breakdowns
    else:
        whole = current.filter(pl.col("metric_key") == total.metric)
        parts, name, many = current, "metric_key", total.parts
    summed = (
        parts.filter(pl.col(name).is_in(many) & pl.col("value").is_not_null())
        .group_by(place)
        .agg(summed=pl.col("value").sum(), parts=pl.len())
        .filter(pl.col("parts") == len(many))
    )
    # Binary sums of decimals are out by a hair.
    off = (pl.col("value") - pl.col("summed")).abs()
    wrong = (
        whole.filter(pl.col("value").is_not_null())
        .join(summed, on=place, how="inner")
        .with_columns(off=off)
        .filter(pl.col("off") > total.tolerance + 1e-9 * pl.col("value").abs() + 1e-9)
    )
    said = pl.format(
        "{} has {}, its parts add up to {}",
        "area_code",
        *(pl.col(name).round_sig_figs(9) for name in ("value", "summed")),
    )
    return find(wrong, "TOTAL_DIFFERS", said, "off", pl.lit(value=True))
