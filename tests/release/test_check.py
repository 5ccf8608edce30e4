"""Checking releases: damage is found, and so is a figure that is not what it rests on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from moothall.release.check import check_figure, sample_traces, verify_checksums, verify_release
from moothall.release.queries import Release
from tests.release.barset import (
    BARCHESTER,
    OBSERVED,
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
