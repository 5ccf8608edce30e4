"""Exemplars: councils worth learning from, for where they stand or for how far they came; and the mirror list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from moothall.analysis.changes import Judged, Lists, judge_windows, open_windows
from moothall.analysis.panels import Panel, is_scored
from moothall.analysis.robust import Floats
from moothall.core.definitions import Metric
from moothall.core.frames import ALL, ENGLAND, EXEMPLARS, FIGURE_KEY, TOPIC_EXEMPLARS, conform
from moothall.core.values import Kind

TOP_SHARE = 0.1  # of the pool: the top tenth
LEAST_CHANCE = 0.8  # of being among them, where chances are known
LOOKED_BACK, LEAST_TIMES = (
    4,
    3,
)  # periods looked back over, and in how many a council was among them, where they are not
LEAST_COVERAGE = 0.8
STEADY = 0.25  # how far a denominator may lie from its middle value of three years
LEAST_METRICS = 3  # of a topic
_DIGITS = 6  # significant digits kept of what is estimated; the last of a double differ between machines


def find_exemplars(
    panels: Sequence[Panel],
    figures: pl.DataFrame,
    metrics: Mapping[str, Metric],
    certainties: pl.DataFrame,
    lists: Lists,
) -> pl.DataFrame:
    """Every exemplar by the schema of `EXEMPLARS` (`methods` 3.4).

    `panels` are those of `analysis.panels`, `figures` and `certainties` frames by `core.frames`, `lists` each area's
    neighbours by the default model; the last two may be empty.
    """
    rows = [
        *find_tops(panels, figures, metrics, certainties),
        *_find_changes(panels, lists, 1),
        *_find_changes(panels, lists, -1),
    ]
    found = conform(pl.DataFrame(rows, schema=EXEMPLARS, orient="row"), EXEMPLARS)
    return found.with_columns(pl.col("expected", "residual", "q").round_sig_figs(_DIGITS)).sort(*FIGURE_KEY, "kind")


def find_tops(
    panels: Sequence[Panel], figures: pl.DataFrame, metrics: Mapping[str, Metric], certainties: pl.DataFrame
) -> Iterator[dict[str, Any]]:
    """The councils that are surely in the top tenth of a panel, as rows of `EXEMPLARS`.

    Surely: with a chance of 80 % or more; where no chance is known, in three of the last four periods, the latest among
    them. Nowhere with values of fewer than 80 % of the councils, nor where the denominator that the definition names
    lies more than a quarter off its middle value of three years.
    """
    chances = {
        (row[0], row[1], row[2], row[3]): row[4]
        for row in certainties.filter(pl.col("chance_top").is_not_null()).select(*FIGURE_KEY, "chance_top").iter_rows()
    }
    for panel in panels:
        if panel.coverage < LEAST_COVERAGE:
            continue
        metric_key, breakdown, period, pool = panel.key
        steady = find_steady(panel, metrics[metric_key], figures)
        is_often = was_often_top(panel)
        for place, code in enumerate(panel.area_codes):
            if np.isnan(panel.values[0, place]) or (steady is not None and code not in steady):
                continue
            chance = chances.get((metric_key, breakdown, code, period))
            if is_often[place] if chance is None else chance >= LEAST_CHANCE:
                yield {
                    "metric_key": metric_key,
                    "breakdown": breakdown,
                    "period": period,
                    "area_code": code,
                    "kind": "top",
                    "pool": pool,
                    "chance_top": chance,
                    "is_provisional": False,
                }


def was_often_top(panel: Panel) -> list[bool]:
    """Which councils were in the top tenth of those ranked in the latest period and two more of the last four.

    Councils that tie are in it together or not at all.
    """
    held = [year for year, period in enumerate(panel.periods) if period][:LOOKED_BACK]
    with np.errstate(invalid="ignore"):
        is_top = panel.places[held] <= TOP_SHARE
    return [bool(own[0] and own.sum() >= LEAST_TIMES) for own in is_top.T]


def find_steady(panel: Panel, metric: Metric, figures: pl.DataFrame) -> set[str] | None:
    """The areas whose denominator is within a quarter of its middle value of three years; none where none is named."""
    key = metric.adds_up.denominator if metric.adds_up else None
    if key is None:
        return None
    years = [period for period in panel.periods[:3] if period]
    return set(
        figures.filter((pl.col("metric_key") == key) & (pl.col("breakdown") == ALL) & pl.col("period").is_in(years))
        .group_by("area_code")
        .agg(now=pl.col("value").filter(pl.col("period") == years[0]).first(), middle=pl.col("value").median())
        .filter((pl.col("now") - pl.col("middle")).abs() <= STEADY * pl.col("middle"))
        .get_column("area_code")
    )


def _find_changes(panels: Sequence[Panel], lists: Lists, direction: int) -> Iterator[dict[str, Any]]:
    """The councils whose change stands out, as rows of `EXEMPLARS`; with `direction` -1 the setbacks.

    One is provisional until the window that ends a year earlier, with another first and another last year, shows the
    same of it.
    """
    earlier = {
        (judged.window.panel.key, code)
        for judged in judge_windows(open_windows(panels, 1, lists), direction)
        for code, _ in list_flagged(judged)
    }
    for judged in judge_windows(open_windows(panels, 0, lists), direction):
        panel, years = judged.window.panel, judged.window.years
        metric_key, breakdown, period, pool = panel.key
        for code, place in list_flagged(judged):
            kind = "improver" if judged.is_past_middle[place] else "recovery"
            yield {
                "metric_key": metric_key,
                "breakdown": breakdown,
                "period": period,
                "area_code": code,
                "kind": kind if direction > 0 else "setback",
                "pool": pool,
                "first": panel.periods[years[-1]],
                "value_before": _take(judged.before, place),
                "value_after": _take(judged.after, place),
                "expected": _take(judged.expected, place),
                "residual": direction * _take(judged.residual, place),
                "q": _take(judged.q, place),
                "is_provisional": (panel.key, code) not in earlier,
            }


def list_flagged(judged: Judged) -> list[tuple[str, int]]:
    """The areas that the rule picks out, each with its place in the window."""
    window = judged.window
    places = map(int, np.flatnonzero(judged.is_flagged))
    return [(window.panel.area_codes[window.councils[place]], place) for place in places]


def _take(values: Floats, place: int) -> float:
    return float(values[place])


def find_topic_exemplars(
    exemplars: pl.DataFrame, panels: Sequence[Panel], figures: pl.DataFrame, metrics: Mapping[str, Metric]
) -> pl.DataFrame:
    """The councils in the top tenth of three or more metrics of a topic, by the schema of `TOPIC_EXEMPLARS`.

    One of them at least is an outcome, and in no metric of the topic with its latest figure is the council in the last
    quarter of those it is compared with.
    """
    words = pl.DataFrame(
        [
            (key, metric.topic, metric.kind is Kind.OUTCOME, metric.comparable_within == ENGLAND)
            for key, metric in metrics.items()
            if is_scored(metric)
        ],
        schema={
            "metric_key": pl.String,
            "topic_key": pl.String,
            "is_outcome": pl.Boolean,
            "is_in_england": pl.Boolean,
        },
        orient="row",
    )
    group = ["topic_key", "area_code"]
    tops = (
        exemplars.filter(pl.col("kind") == "top")
        .join(words, on="metric_key")
        .group_by(group)
        .agg(metrics=pl.len(), outcomes=pl.col("is_outcome").sum())
        .filter((pl.col("metrics") >= LEAST_METRICS) & (pl.col("outcomes") >= 1))
    )
    latest = _list_slices(panels)
    bands = (
        figures.join(latest, on=["metric_key", "breakdown", "period"], how="semi")
        .join(words, on="metric_key")
        .with_columns(band=pl.when("is_in_england").then(pl.col("band_england")).otherwise(pl.col("band_class")))
        .group_by(group)
        .agg(judged=pl.col("band").count(), last=pl.col("band").max())
    )
    found = tops.join(bands, on=group).filter(pl.col("last") < 4)
    return conform(found, TOPIC_EXEMPLARS).sort(group)


def _list_slices(panels: Iterable[Panel]) -> pl.DataFrame:
    rows = sorted({panel.key[:3] for panel in panels})
    return pl.DataFrame(rows, schema=dict.fromkeys(("metric_key", "breakdown", "period"), pl.String), orient="row")
