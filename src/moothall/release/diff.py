"""Comparing two releases, and saying what changed to a person at a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import polars as pl

from moothall.core.frames import FIGURE_KEY
from moothall.core.values import Marker, Unit, format_value
from moothall.release.changes import COUNT_WORDS, COUNTED, LARGEST, Change, Difference, MetricDifference, Rewording
from moothall.release.directory import PARQUET
from moothall.release.queries import Release
from moothall.release.records import ALL
from moothall.release.tables import TABLES

LEFT_OUT = "no figure: not in this release"
_NOT_WORDS = ["position", "applies_to", "breakdowns", "first_period", "latest_period"]  # what figures and register give
_OF_A_METRIC = ("metric_functions", "metric_inputs", "metric_period_notes")
_SAID = {"figures", "metrics", *_OF_A_METRIC, "editions", "metric_periods", "summaries"}
_SHOWN = ("metric_key", "unit", "places")
_SUFFIXES = ("", "_new")  # of the columns of the old release's figures, and of the new one's
_MOST_DECIMALS = 15
_Frames = dict[str, pl.DataFrame]
_Lists = tuple[tuple[str, Sequence[str]], ...]


def diff(old: Release, new: Release, *, largest: int = LARGEST) -> Difference:
    """Compare two releases, with at most `largest` changes of each metric spelled out."""
    before, after = _read(old), _read(new)
    titles = {**_title(before), **_title(after)}
    metrics_added, metrics_removed = _only(after, before, "metric_key"), _only(before, after, "metric_key")
    editions_added, editions_removed = _only(after, before, "edition_key"), _only(before, after, "edition_key")
    both = before["editions"].join(after["editions"], on="edition_key", suffix="_new")
    replaced = tuple(both.filter(pl.col("sha256") != pl.col("sha256_new")).get_column("edition_key").sort())
    metrics = tuple(_compare_figures(before, after, {*metrics_added, *metrics_removed}, largest))
    reworded = tuple(_compare_definitions(before, after))
    named = {*metrics_added, *metrics_removed, *editions_added, *editions_removed, *replaced}
    named |= {each.metric for each in metrics} | {each.metric for each in reworded}
    return Difference(
        old=old.record.id,
        new=new.record.id,
        titles={key: titles[key] for key in sorted(named)},
        metrics_added=metrics_added,
        metrics_removed=metrics_removed,
        metrics_reworded=reworded,
        editions_added=editions_added,
        editions_removed=editions_removed,
        editions_replaced=replaced,
        tables=tuple(_compare_tables(before, after, _SAID | ({"observations"} if metrics else set()))),
        metrics=metrics,
    )


def _read(release: Release) -> _Frames:
    """The tables as they were written; one that an older program did not write is empty."""
    paths = {table.name: release.directory / PARQUET / f"{table.name}.parquet" for table in TABLES}
    return {
        table.name: pl.read_parquet(paths[table.name])
        if paths[table.name].exists()
        else pl.DataFrame(schema=dict(table.frame_schema))
        for table in TABLES
    }


def _title(frames: _Frames) -> dict[str, str]:
    metrics = frames["metrics"].select("metric_key", "title").iter_rows()
    return {**dict(metrics), **dict(frames["editions"].select("edition_key", "title").iter_rows())}


def _only(first: _Frames, second: _Frames, key: str) -> tuple[str, ...]:
    table = {"metric_key": "metrics", "edition_key": "editions"}[key]
    return tuple(first[table].join(second[table], on=key, how="anti").get_column(key).sort())


def _compare_definitions(before: _Frames, after: _Frames) -> Iterator[Rewording]:
    """The metrics of both releases whose definition differs, with the columns, and tables, that do."""
    old, new = ({row["metric_key"]: row for row in _define(frames).iter_rows(named=True)} for frames in (before, after))
    for metric in sorted(old.keys() & new.keys()):
        columns = tuple(name for name in new[metric] if name in old[metric] and old[metric][name] != new[metric][name])
        if columns:
            yield Rewording(metric, columns)


def _define(frames: _Frames) -> pl.DataFrame:
    defined = frames["metrics"].drop(_NOT_WORDS)
    for table in _OF_A_METRIC:
        listed = (
            frames[table]
            .drop("position", strict=False)
            .select("metric_key", pl.struct(pl.exclude("metric_key")).alias(table))
        )
        defined = defined.join(listed.group_by("metric_key", maintain_order=True).all(), on="metric_key", how="left")
    return defined


def _compare_tables(before: _Frames, after: _Frames, said: Collection[str]) -> Iterator[str]:
    """The tables that differ, but for those that other parts of the difference speak of."""
    old, new = before["editions"], after["editions"]
    same_file = ["edition_key", "sha256"]
    if not old.join(new, on=same_file, how="semi").equals(new.join(old, on=same_file, how="semi")):
        yield "editions"
    for table in TABLES:
        if table.name not in said and not before[table.name].equals(after[table.name]):
            yield table.name


def _compare_figures(before: _Frames, after: _Frames, apart: set[str], largest: int) -> Iterator[MetricDifference]:
    old, new = before["figures"], after["figures"]
    held = dict(old.group_by("metric_key").agg(pl.col("value").is_not_null().sum()).iter_rows())
    new_periods, gone_periods = _list_periods(new, old), _list_periods(old, new)
    describe = _Describer(before, after).describe
    found = []
    for (key,), part in _pair(old, new).group_by("metric_key", maintain_order=True):
        metric = str(key)
        counts = dict(part.get_column("kind").value_counts().iter_rows())
        gone = gone_periods.get(metric, ())
        worth = part.head(0) if metric in apart else part.filter(_is_worth_saying(gone)).head(largest)
        found.append(
            MetricDifference(
                metric=metric,
                had=held.get(metric, 0),
                **{kind: int(counts.get(kind, 0)) for kind in COUNTED},
                new_periods=new_periods.get(metric, ()),
                gone_periods=gone,
                largest=tuple(describe(row) for row in worth.iter_rows(named=True)),
            )
        )
    yield from sorted(found, key=_order)


def _list_periods(first: pl.DataFrame, second: pl.DataFrame) -> dict[str, tuple[str, ...]]:
    """The periods, by metric, of which the first has figures and the second none."""
    key = ["metric_key", "period"]
    periods = first.select(key).unique().join(second.select(key).unique(), on=key, how="anti").sort(key)
    return {str(metric): tuple(part.get_column("period")) for (metric,), part in periods.group_by("metric_key")}


def _pair(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The figures that differ, each with its values in both and the kind of difference, what matters most first."""
    columns = [*FIGURE_KEY, "value", "marker", "lower", "upper"]
    sides = [side.select(*columns, pl.lit(value=True).alias("is_there")) for side in (old, new)]
    was, now = pl.col("is_there").is_not_null(), pl.col("is_there_new").is_not_null()
    had, has = pl.col("value").is_not_null(), pl.col("value_new").is_not_null()
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in ("marker", "lower", "upper")]
    kind = (
        pl.when(now.not_()).then(pl.lit("removed"))
        .when(was.not_()).then(pl.lit("added"))
        .when(had & has.not_()).then(pl.lit("lost"))
        .when(has & had.not_()).then(pl.lit("gained"))
        .when(pl.col("value").ne_missing(pl.col("value_new"))).then(pl.lit("changed"))
        .when(pl.any_horizontal(differs)).then(pl.lit("marked"))
    )  # fmt: skip
    return (
        sides[0]
        .join(sides[1], on=FIGURE_KEY, how="full", coalesce=True, suffix="_new")
        .with_columns(kind=kind, size=(pl.col("value_new") - pl.col("value")).abs())
        .filter(pl.col("kind").is_not_null())
        .sort(
            "metric_key",
            pl.col("kind").is_in(["removed", "lost"]) & had,
            "size",
            *FIGURE_KEY[1:],
            descending=[False, True, True, *[False] * 3],
            nulls_last=True,
        )
    )


def _is_worth_saying(gone_periods: Collection[str]) -> pl.Expr:
    """Every figure that both releases have, and those removed one by one that had a value."""
    is_gone = pl.col("value").is_null() | pl.col("period").is_in(list(gone_periods))
    return (pl.col("kind") != "added") & ((pl.col("kind") != "removed") | is_gone.not_())


def _order(metric: MetricDifference) -> tuple[float, ...]:
    """What matters first: figures gone, then the share of values that are others, then what was added."""
    share = metric.changed / metric.had if metric.had else 0
    return (-(metric.removed + metric.lost), -share, -metric.marked, -metric.gained, -metric.added)


class _Describer:
    """Puts a figure in the words that each of the two releases shows for it."""

    def __init__(self, before: _Frames, after: _Frames) -> None:
        self.names = dict(
            pl.concat([each["areas"].select("area_code", "name") for each in (before, after)]).iter_rows()
        )
        self.shown = [
            {key: (Unit(unit), places) for key, unit, places in each["metrics"].select(*_SHOWN).iter_rows()}
            for each in (before, after)
        ]

    def describe(self, row: dict[str, Any]) -> Change:
        """A row of `_pair`, of a metric that both releases have, as a change."""
        old, new = self._tell_apart(row)
        return Change(
            kind=row["kind"],
            breakdown=row["breakdown"],
            area=row["area_code"],
            area_name=self.names[row["area_code"]],
            period=row["period"],
            old_value=row["value"],
            new_value=row["value_new"],
            old_marker=row["marker"],
            new_marker=row["marker_new"],
            old_text=old,
            new_text=LEFT_OUT if row["kind"] == "removed" else new,
        )

    def _tell_apart(self, row: dict[str, Any]) -> tuple[str, str]:
        """Both as shown; with more decimals, or the interval, where they would look alike."""
        old, new = (self._show(row, side) for side in (0, 1))
        if old == new and row["kind"] == "marked":
            return tuple(  # type: ignore[return-value]
                f"{text} ({self._show_interval(row, side)})" for side, text in enumerate((old, new))
            )
        more = 0
        while old == new and more < _MOST_DECIMALS:
            more += 1
            old, new = (self._show(row, side, more) for side in (0, 1))
        return old, new

    def _show(self, row: dict[str, Any], side: int, more: int = 0) -> str:
        value, marker = row[f"value{_SUFFIXES[side]}"], row[f"marker{_SUFFIXES[side]}"]
        label = Marker(marker).meaning.label if marker else ""
        if value is None:
            return f"no figure: {label or Marker.NOT_AVAILABLE.meaning.label}"
        unit, places = self.shown[side][row["metric_key"]]
        return format_value(value, unit, places + more) + (f", {label}" if label else "")

    def _show_interval(self, row: dict[str, Any], side: int) -> str:
        low, high = row[f"lower{_SUFFIXES[side]}"], row[f"upper{_SUFFIXES[side]}"]
        if low is None or high is None:
            return "no interval"
        unit, places = self.shown[side][row["metric_key"]]
        return f"between {format_value(low, unit, places)} and {format_value(high, unit, places)}"


# In words, for a terminal.

_NAMED = 20  # keys listed of each kind
_METRICS = 40  # metrics counted one by one
_SPELLED = 3  # changes spelled out of each of the first `_SPELLED_METRICS`
_SPELLED_METRICS = 20


def write_words(difference: Difference) -> str:
    """The difference for a person to read: what matters first, every count, and at most some 150 lines."""
    return "\n".join(_write_lines(difference))


def _write_lines(difference: Difference) -> Iterator[str]:
    yield f"From {difference.old} to {difference.new}"
    metrics = difference.kept_metrics
    reworded = [f"{each.metric} ({', '.join(each.columns)})" for each in difference.metrics_reworded]
    first: _Lists = (
        ("Metrics removed", difference.metrics_removed),
        ("Editions removed", difference.editions_removed),
        ("Editions read from another file", difference.editions_replaced),
    )
    then: _Lists = (
        ("Metrics defined otherwise", reworded),
        ("Metrics added", difference.metrics_added),
        ("Editions added", difference.editions_added),
        ("Other tables that differ", difference.tables),
    )
    if not metrics and not any(keys for _, keys in (*first, *then)):
        yield "Nothing changed."
        return
    counts = ", ".join(f"{difference.count(kind):,} {words}" for kind, words in COUNT_WORDS.items())
    yield f"Figures of metrics in both: {counts}"
    for label, metrics_apart in (("removed", difference.metrics_removed), ("added", difference.metrics_added)):
        if metrics_apart:
            yield f"Figures of metrics {label}: {difference.count_of(metrics_apart):,}"
    yield from _list_keys(first)
    for place, metric in enumerate(metrics[:_METRICS]):
        yield _write_metric(metric)
        for change in metric.largest[:_SPELLED] if place < _SPELLED_METRICS else ():
            breakdown = "" if change.breakdown == ALL else f", {change.breakdown}"
            yield f"  {change.area_name}, {change.period}{breakdown}: {change.old_text} → {change.new_text}"
    if len(metrics) > _METRICS:
        rest = metrics[_METRICS:]
        yield f"and {sum(each.total for each in rest):,} figures of {len(rest):,} more metrics"
    yield from _list_keys(then)


def _list_keys(lists: _Lists) -> Iterator[str]:
    for label, keys in lists:
        if keys:
            yield f"{label}: {len(keys):,}"
            yield from (f"  {key}" for key in keys[:_NAMED])
            if len(keys) > _NAMED:
                yield f"  and {len(keys) - _NAMED:,} more"


def _write_metric(metric: MetricDifference) -> str:
    of = {"lost": f" of {metric.had:,}", "changed": f" of {metric.had:,}"}
    counts = [
        f"{metric.count(kind):,}{of.get(kind, '')} {words}" for kind, words in COUNT_WORDS.items() if metric.count(kind)
    ]
    periods = (("periods gone", metric.gone_periods), ("new periods", metric.new_periods))
    said = [f"{label} {', '.join(keys)}" for label, keys in periods if keys]
    return f"{metric.metric}: {'; '.join([', '.join(counts), *said])}"
