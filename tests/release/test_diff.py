"""What changed: every figure that differs is counted once, and what matters comes first."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from moothall.core.loading import Catalogue
from moothall.release.changes import (
    COUNTED,
    Difference,
    MetricDifference,
    Rewording,
    digest_record,
    keep_difference,
    load_difference,
)
from moothall.release.diff import diff, write_words
from moothall.release.history import note_reading
from moothall.release.write import Contents
from tests.release.barset import (
    BARCHESTER,
    BUILT,
    CATALOGUE,
    FRAMLEY,
    OBSERVED,
    OMNIUM,
    SILVERBRIDGE,
    build_release,
    make_contents,
)
from tests.release.reading import make_difference, make_earlier, make_without_care

LATER = date(2025, 7, 1)
Compare = Callable[..., Difference]


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    """What changes from one release's contents to another's, by default from the earlier one of the county."""

    def run(old: Contents | None = None, new: Contents | None = None) -> Difference:
        before = build_release(tmp_path, old or make_earlier(), BUILT)
        return diff(before, build_release(tmp_path, new or make_contents(), LATER))

    return run


def counts(metric: MetricDifference) -> dict[str, int]:
    return {kind: metric.count(kind) for kind in COUNTED if metric.count(kind)}


def test_each_figure_that_differs_is_counted_once(compare: Compare) -> None:
    found = compare()
    metrics = {each.metric: each for each in found.metrics}
    assert counts(metrics["bins-missed"]) == {"changed": 2, "lost": 1, "marked": 1, "added": 1}
    assert counts(metrics["bins-emptied"]) == {"gained": 1}
    assert counts(metrics["carers-content"]) == {"added": 3}
    assert metrics["carers-content"].new_periods == ("2023-24",)
    assert metrics["bins-missed"].new_periods == ()
    before = make_earlier().figures.filter(pl.col("metric_key") == "bins-missed", pl.col("value").is_not_null())
    assert metrics["bins-missed"].had == before.height


def test_the_counts_are_those_of_a_plain_comparison(compare: Compare) -> None:
    """Figure by figure, in plain Python."""
    found = compare()
    key = ["metric_key", "breakdown", "area_code", "period"]
    rest = ["value", "marker", "lower", "upper"]
    old, new = (
        {row[:4]: row[4:] for row in contents.figures.select(*key, *rest).iter_rows()}
        for contents in (make_earlier(), make_contents())
    )
    both = old.keys() & new.keys()
    assert sum(each.removed for each in found.metrics) == len(old.keys() - new.keys())
    assert sum(each.added for each in found.metrics) == len(new.keys() - old.keys())
    assert sum(each.lost for each in found.metrics) == sum(old[k][0] is not None and new[k][0] is None for k in both)
    assert sum(each.gained for each in found.metrics) == sum(old[k][0] is None and new[k][0] is not None for k in both)
    differ = sum(old[k] != new[k] for k in both)
    assert differ == sum(each.total - each.added - each.removed for each in found.metrics) > 5


def test_what_is_lost_comes_first_and_then_the_largest_change(compare: Compare) -> None:
    metrics = compare().metrics
    assert [each.lost for each in metrics] == [1, 1, 1, 0, 0]
    first = next(each for each in metrics if each.metric == "bins-missed")
    assert [(each.kind, each.area_name, each.old_text, each.new_text) for each in first.largest] == [
        ("lost", "Framley", "58.0 tonnes", "no figure: no return"),
        ("changed", "Silverbridge", "5.0 tonnes", "0.0 tonnes"),
        ("changed", "Barchester", "440.0 tonnes", "442.0 tonnes"),
        ("marked", "Greater Plumstead", "66.3 tonnes", "66.3 tonnes, estimated"),
    ]
    assert (first.largest[0].old_value, first.largest[0].new_value, first.largest[0].new_marker) == (
        58.0,
        None,
        "not_submitted",
    )


def test_the_other_way_round(compare: Compare) -> None:
    found = compare(make_contents(), make_earlier())
    metrics = {each.metric: each for each in found.metrics}
    assert counts(metrics["bins-missed"]) == {"changed": 2, "gained": 1, "marked": 1, "removed": 1}
    assert counts(metrics["carers-content"]) == {"removed": 3}
    assert metrics["carers-content"].gone_periods == ("2023-24",)
    assert metrics["carers-content"].largest == (), "a period that is gone is said once"
    removed = metrics["bins-missed"].largest[0]
    assert (removed.area_name, removed.old_text, removed.new_text) == (
        "Omnium",
        "45.0 tonnes",
        "no figure: not in this release",
    )
    assert found.metrics[0].metric == "carers-content", "most figures gone"


def test_a_change_too_small_to_see_is_shown_with_more_decimals(compare: Compare) -> None:
    changed = [
        (*row[:4], 442.004, None) if row[:3] == ("bins-missed", BARCHESTER, "2023-24") else row for row in OBSERVED
    ]
    found = compare(make_contents(), make_contents(changed))
    texts = {each.metric: [(change.old_text, change.new_text) for change in each.largest] for each in found.metrics}
    assert texts["bins-missed"] == [("442.000 tonnes", "442.004 tonnes")]
    assert texts["share-missed"] == [("6.0267%", "6.0268%")]


def test_another_interval_is_a_difference(compare: Compare) -> None:
    contents = make_contents()
    is_it = (pl.col("metric_key") == "carers-content") & (pl.col("area_code") == "E06900002")
    bounds = [
        pl.when(is_it).then(edge).otherwise(pl.col(name)).alias(name)
        for name, edge in (("lower", 50.0), ("upper", 55.0))
    ]
    found = compare(contents, replace(contents, figures=contents.figures.with_columns(bounds)))
    [metric] = found.metrics
    assert counts(metric) == {"marked": 1}
    assert metric.largest[0].old_text == "52.5% (no interval)"
    assert metric.largest[0].new_text == "52.5% (between 50.0% and 55.0%)"


def test_metrics_added_and_removed_are_apart(compare: Compare) -> None:
    without = make_without_care()
    found = compare(without)
    assert found.metrics_added == ("carers-content",)
    assert found.editions_added == ("barset-care/2023-24",)
    assert found.count("added") == 0
    assert found.count_of(found.metrics_added) == 3
    assert found.titles["carers-content"] == "Carers content"
    back = compare(make_contents(), without)
    assert (back.metrics_removed, back.editions_removed) == (("carers-content",), ("barset-care/2023-24",))
    assert (back.count("removed"), back.count_of(back.metrics_removed)) == (0, 3)


def with_metric(**changes: Any) -> Catalogue:
    derived = CATALOGUE.derived["share-missed"].model_copy(update=changes)
    return replace(CATALOGUE, derived=CATALOGUE.derived | {"share-missed": derived})


@pytest.mark.parametrize(
    ("changes", "columns"),
    [
        ({"title": "Share left out", "why": "It matters."}, ("title", "why")),
        ({"functions": ("care",)}, ("metric_functions",)),
        ({"inputs": {"missed": "bins-emptied", "emptied": "bins-missed"}}, ("metric_inputs",)),
    ],
)
def test_a_definition_that_differs_is_named_with_what_does(
    changes: dict[str, Any], columns: tuple[str, ...], compare: Compare
) -> None:
    found = compare(make_contents(), make_contents(catalogue=with_metric(**changes)))
    assert [(each.metric, each.columns) for each in found.metrics_reworded] == [("share-missed", columns)]


def test_the_same_edition_from_another_file(compare: Compare) -> None:
    contents = make_contents()
    first = pl.col("edition_key") == "barset-bins/2021-22"
    other = contents.editions.with_columns(sha256=pl.when(first).then(pl.lit("f" * 64)).otherwise("sha256"))
    found = compare(contents, replace(contents, editions=other))
    assert (found.editions_replaced, found.metrics, found.tables) == (("barset-bins/2021-22",), (), ())


def test_nothing_is_said_to_be_the_same_that_is_not(compare: Compare) -> None:
    contents = make_contents()
    assert write_words(compare(contents, contents)).endswith("Nothing changed.")
    retitled = contents.editions.with_columns(title=pl.lit("Bins, counted"))
    found = compare(contents, replace(contents, editions=retitled))
    assert found.tables == ("editions",)
    assert "Other tables that differ: 1\n  editions" in write_words(found)


def test_words_for_a_terminal_have_what_matters_first(compare: Compare) -> None:
    words = write_words(compare()).splitlines()
    assert words[0].startswith("From 2025-06-01-")
    assert words[1] == (
        "Figures of metrics in both: 0 removed, 3 without the value they had, 6 revised, 3 with another marker or "
        "interval, 3 with a value where there was none, 6 added"
    )
    assert words[2].startswith("share-missed: 1 of 5 without the value they had, 2 of 5 revised, ")
    assert words[3] == "  Framley, 2023-24: 85.3% → no figure: no return"
    place = next(number for number, line in enumerate(words) if line.startswith("bins-missed: "))
    assert words[place + 1] == "  Framley, 2023-24: 58.0 tonnes → no figure: no return"
    assert words[-3].startswith("carers-content: 3 added; new periods 2023-24")
    assert words[-2:] == ["Other tables that differ: 1", "  trends"], "what goes with figures that changed"


def test_words_for_a_terminal_are_bounded() -> None:
    keys = tuple(f"metric-{number:04}" for number in range(500))
    metrics = tuple(MetricDifference(key, 10, 0, 0, 3, 0, 0, 0, (), (), ()) for key in keys)
    found = replace(make_difference("a", "b"), metrics=metrics, editions_added=keys)
    words = write_words(found)
    assert len(words.splitlines()) < 150
    assert "1,500 revised" in words
    assert "and 1,380 figures of 460 more metrics" in words
    assert "Editions added: 500" in words


def test_a_difference_is_kept_and_found_again(compare: Compare, tmp_path: Path) -> None:
    found = compare()
    path = keep_difference(tmp_path, found)
    text = path.read_bytes()
    assert load_difference(tmp_path, found.old, found.new) == found
    assert keep_difference(tmp_path, compare()).read_bytes() == text
    assert [each.name for each in path.parent.iterdir()] == [f"{found.old}..{found.new}.json"]
    assert load_difference(tmp_path, found.new, found.old) is None


def test_the_record_has_a_digest_that_changes_with_it(tmp_path: Path) -> None:
    digests = [digest_record(tmp_path)]
    release = build_release(tmp_path)
    digests.append(digest_record(tmp_path))
    keep_difference(tmp_path, make_difference(release.record.id, "2025-07-01-aaaaaaaa"))
    digests.append(digest_record(tmp_path))
    note_reading(tmp_path, release.record.id, "2025-07-01-aaaaaaaa")
    digests.append(digest_record(tmp_path))
    assert len(set(digests)) == len(digests)
    assert digest_record(tmp_path) == digests[-1]


def test_a_release_that_an_older_program_wrote_can_be_compared(compare: Compare, tmp_path: Path) -> None:
    """With a table and a column less."""
    old, new = build_release(tmp_path, make_contents(), BUILT), build_release(tmp_path, make_earlier(), LATER)
    folder = old.directory / "parquet"
    (folder / "register_files.parquet").unlink()
    metrics = pl.read_parquet(folder / "metrics.parquet").drop("interval")
    metrics.write_parquet(folder / "metrics.parquet")
    found = diff(old, new)
    assert found.metrics_reworded == ()
    assert any(each.area == FRAMLEY for metric in found.metrics for each in metric.largest)


def test_every_difference_is_counted_and_the_largest_shown(compare: Compare) -> None:
    def change(
        metric: str, area: str, period: str, value: float | None, marker: str | None
    ) -> tuple[float | None, str | None]:
        changes: dict[tuple[str, str, str], tuple[float | None, str | None]] = {
            ("bins-missed", BARCHESTER, "2023-24"): (400.0, None),
            ("bins-missed", SILVERBRIDGE, "2023-24"): (None, "suppressed"),
            ("bins-missed", FRAMLEY, "2023-24"): (12.0, "provisional"),
            ("bins-missed", OMNIUM, "2023-24"): (45.0, "estimated"),
        }
        return changes.get((metric, area, period), (value, marker))

    observed = [
        (metric, area, period, edition, *change(metric, area, period, value, marker))
        for metric, area, period, edition, value, marker in OBSERVED
        if period != "2021-22" and metric != "carers-content"
    ]
    observed += [("bins-missed", OMNIUM, "2022-23", "barset-bins/2022-23", 3.0, None)]
    derived = {
        "share-missed": CATALOGUE.derived["share-missed"].model_copy(update={"title": "Missed, as a share"}),
    }
    catalogue = Catalogue(CATALOGUE.topics, CATALOGUE.functions, CATALOGUE.sources, CATALOGUE.locks, derived)
    new = make_contents(observed, catalogue)
    difference = compare(make_contents(), new)
    assert (difference.metrics_added, difference.metrics_removed) == ((), ("share-not-missed",))
    assert difference.metrics_reworded == (Rewording("share-missed", ("title",)),)
    assert difference.editions_added == difference.editions_removed == difference.editions_replaced == ()
    metrics = {metric.metric: metric for metric in difference.metrics}
    missed = metrics["bins-missed"]
    assert counts(missed) == {"removed": 4, "lost": 1, "changed": 1, "marked": 1, "gained": 1, "added": 1}
    assert missed.gone_periods == ("2021-22",)
    assert [(c.area, c.old_value, c.new_value, c.old_marker, c.new_marker) for c in missed.largest] == [
        (SILVERBRIDGE, 0.0, None, None, "suppressed"),
        (BARCHESTER, 442.0, 400.0, None, None),
        (OMNIUM, 45.0, 45.0, None, "estimated"),
        (FRAMLEY, None, 12.0, "not_submitted", "provisional"),
    ]
    assert (metrics["carers-content"].removed, metrics["carers-content"].largest) == (3, ())
    listed = [each["metric"] for each in json.loads(json.dumps(difference.as_json()))["metrics"]]
    assert listed[:2] == ["share-not-missed", "bins-missed"], "most figures gone"
    text = write_words(difference)
    assert "Metrics defined otherwise: 1\n  share-missed (title)" in text
    assert "  Silverbridge, 2023-24: 0.0 tonnes → no figure: withheld" in text
    assert "carers-content: 3 removed; periods gone 2023-24" in text
    back = compare(new, make_contents())
    assert back.metrics_added == ("share-not-missed",)
    assert {m.metric: (m.added, m.removed) for m in back.metrics}["bins-missed"] == (4, 1)
