"""Checking and comparing releases: damage is found, and every difference is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from moothall.core.loading import Catalogue
from moothall.release.check import check_figure, sample_traces, verify_checksums, verify_release
from moothall.release.diff import diff
from moothall.release.queries import Release
from tests.release.barset import (
    BARCHESTER,
    CATALOGUE,
    FRAMLEY,
    OBSERVED,
    OMNIUM,
    SILVERBRIDGE,
    build_release,
    make_contents,
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def test_a_release_as_it_was_written_has_no_problem(release: Release) -> None:
    assert list(verify_release(release.directory)) == []


@pytest.mark.parametrize("name", ["moothall.sqlite", "parquet/figures.parquet", "manifest.json", "datapackage.json"])
def test_a_changed_file_and_a_missing_one_are_found(tmp_path: Path, name: str) -> None:
    directory = build_release(tmp_path).directory
    path = directory / name
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    (problem,) = verify_checksums(directory)
    assert (problem.code, problem.where.file) == ("RELEASE_DAMAGED", str(path))
    path.unlink()
    assert [problem.where.file for problem in verify_release(directory)] == [str(path)]


def test_a_file_that_nobody_wrote_and_checksums_that_cannot_be_read_are_found(tmp_path: Path) -> None:
    directory = build_release(tmp_path).directory
    (directory / "sheets.sqlite").write_bytes(b"outside the digest")
    assert list(verify_checksums(directory)) == []
    (directory / "parquet" / "more.parquet").write_bytes(b"?")
    assert [Path(problem.where.file).name for problem in verify_checksums(directory)] == ["more.parquet"]
    for text in ("not a checksum", None):
        if text is None:
            (directory / "checksums.txt").unlink()
        else:
            (directory / "checksums.txt").write_text(text)
        (problem,) = verify_release(directory)
        assert Path(problem.where.file).name == "checksums.txt"


def test_data_that_the_digest_does_not_fit_are_found(tmp_path: Path) -> None:
    """Checksums can be written anew by whoever changes a file; the digest in the manifest still tells."""
    directory, other = (
        build_release(tmp_path / "a").directory,
        build_release(tmp_path / "b", make_contents(OBSERVED[:-1])),
    )
    for name, checked in (("moothall.sqlite", "moothall.sqlite"), ("parquet/figures.parquet", "parquet")):
        kept = (directory / name).read_bytes()
        sums = (directory / "checksums.txt").read_text()
        (directory / name).write_bytes((other.directory / name).read_bytes())
        theirs = {line[66:]: line for line in (other.directory / "checksums.txt").read_text().splitlines()}
        lines = [theirs[name] if line[66:] == name else line for line in sums.splitlines()]
        (directory / "checksums.txt").write_text("\n".join(lines) + "\n")
        assert [problem.where.file for problem in verify_release(directory)] == [str(directory / checked)]
        (directory / name).write_bytes(kept)
        (directory / "checksums.txt").write_text(sums)


def test_sampled_cells_are_those_of_the_figures(release: Release) -> None:
    everything = [cell for trace in sample_traces(release, 10_000, seed=1) for cell in trace.cells]
    found = {(cell.metric, cell.area, cell.period, cell.edition.key, cell.cell) for cell in everything}
    observations = (
        make_contents()
        .observations.sort("known_on")
        .unique(["metric_key", "area_code", "period"], keep="last", maintain_order=True)
    )
    assert found == set(observations.select("metric_key", "area_code", "period", "edition_key", "cell").iter_rows())
    for cell in everything:
        assert cell.stored == ("[x]" if cell.value is None else repr(cell.value))
        assert cell.edition in release.source(cell.edition.source).editions
    some = sample_traces(release, 5, seed=1)
    assert len(some) == 5
    assert some == sample_traces(release, 5, seed=1)
    assert some != sample_traces(release, 5, seed=2)


@pytest.mark.parametrize("metric", ["bins-missed", "share-missed"])
def test_a_figure_that_is_not_what_it_rests_on_is_found(metric: str, tmp_path: Path) -> None:
    contents = make_contents()
    wrong = (pl.col("metric_key") == metric) & (pl.col("area_code") == BARCHESTER) & (pl.col("period") == "2023-24")
    figures = contents.figures.with_columns(value=pl.when(wrong).then(pl.col("value") + 1e-9).otherwise("value"))
    release = build_release(tmp_path, replace(contents, figures=figures))
    found = [problem for trace in sample_traces(release, 10_000, seed=1) for problem in check_figure(release, trace)]
    assert f"{metric}/{BARCHESTER}/2023-24" in {problem.where.file for problem in found}
    assert {problem.code for problem in found} == {"CELL_DIFFERS"}


def test_every_sound_figure_is_what_it_rests_on(release: Release) -> None:
    traces = sample_traces(release, 10_000, seed=1)
    assert any(trace.formula for trace in traces)
    assert [problem for trace in traces for problem in check_figure(release, trace)] == []


def test_a_release_does_not_differ_from_itself(release: Release) -> None:
    difference = diff(release, release)
    assert difference.metrics == ()
    assert difference.as_text().splitlines()[-1] == "Nothing changed."


def test_every_difference_is_counted_and_the_largest_shown(release: Release, tmp_path: Path) -> None:
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
    new = build_release(tmp_path, make_contents(observed, catalogue), date(2025, 7, 1))
    difference = diff(release, new)
    assert (difference.metrics_added, difference.metrics_removed) == ((), ("share-not-missed",))
    assert difference.metrics_reworded == ("share-missed",)
    assert difference.editions_added == difference.editions_removed == difference.editions_replaced == ()
    metrics = {metric.metric: metric for metric in difference.metrics}
    missed = metrics["bins-missed"]
    assert (missed.added, missed.removed, missed.changed, missed.gained, missed.lost, missed.markers) == (
        1,
        4,
        1,
        1,
        1,
        3,
    )
    assert [(c.area, c.old_value, c.new_value, c.old_marker, c.new_marker) for c in missed.largest] == [
        (SILVERBRIDGE, 0.0, None, None, "suppressed"),
        (BARCHESTER, 442.0, 400.0, None, None),
        (OMNIUM, 45.0, 45.0, None, "estimated"),
        (FRAMLEY, None, 12.0, "not_submitted", "provisional"),
    ]
    assert (metrics["carers-content"].removed, metrics["carers-content"].largest) == (3, ())
    assert json.loads(json.dumps(difference.as_json()))["metrics"][0]["metric"] == "bins-missed"
    text = difference.as_text()
    assert "Metrics reworded: share-missed" in text
    assert "  Silverbridge, 2023-24: 0 → [suppressed]" in text
    assert "carers-content: 3 removed" in text
    back = diff(new, release)
    assert back.metrics_added == ("share-not-missed",)
    assert {m.metric: (m.added, m.removed) for m in back.metrics}["bins-missed"] == (4, 1)
