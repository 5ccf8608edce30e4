"""Trends as a release has them, on figures and in downloads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from moothall.release.directory import PARQUET
from moothall.release.downloads.figures import as_json
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.trend import TrendRecord
from tests.release.barset import (
    ALLINGTON,
    BARCHESTER,
    FRAMLEY,
    GATHERUM,
    OBSERVED,
    SILVERBRIDGE,
    Observed,
    build_release,
    make_contents,
)
from tests.release.reading import read_file

BEFORE = ("2018-19", "2019-20", "2020-21")


def look_back() -> Iterator[Observed]:
    """Three years before those of the county: in one council more and more, in another as it goes."""
    edition = "barset-bins/2021-22"
    for place, period in enumerate(BEFORE):
        yield ("bins-missed", SILVERBRIDGE, period, edition, 90.0 - 10 * place, None)
        yield ("bins-missed", BARCHESTER, period, edition, 1.0 + place, None)
        yield ("bins-missed", ALLINGTON, period, edition, 30.0, None)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("followed"), make_contents([*OBSERVED, *look_back()]))


def test_a_figure_of_the_latest_period_has_its_trend(followed: Release) -> None:
    rows = pl.read_parquet(followed.directory / PARQUET / "trends.parquet").filter(
        pl.col("metric_key") == "bins-missed"
    )
    by_area = {row["area_code"]: row for row in rows.to_dicts()}
    assert by_area[SILVERBRIDGE]["points"] == 6
    for figure in followed.slice("bins-missed", "2023-24"):
        expected = by_area.get(figure.area)
        assert (figure.trend is None) is (expected is None)
        if figure.trend is not None and expected is not None:
            assert figure.trend == TrendRecord(**{name: expected[name] for name in TrendRecord._fields})
            assert followed.figure("bins-missed", figure.area, "2023-24").trend == figure.trend


def test_directions_are_those_of_the_values(followed: Release) -> None:
    directions = {
        figure.area: figure.trend.direction for figure in followed.slice("bins-missed", "2023-24") if figure.trend
    }
    assert directions[BARCHESTER] == "rising"
    assert directions[SILVERBRIDGE] == "falling"
    assert directions[GATHERUM] is None, "two values are no trend"
    assert FRAMLEY not in directions, "it sent no return for the latest year"


def test_earlier_periods_have_none(followed: Release) -> None:
    assert all(figure.trend is None for figure in followed.slice("bins-missed", "2022-23"))
    history = followed.history("bins-missed", BARCHESTER)
    assert [figure.trend is not None for figure in history] == [False] * 5 + [True]


def test_downloads_say_the_direction(followed: Release) -> None:
    selection = Selection(metric=("bins-missed",), area=(BARCHESTER, GATHERUM), period="all")
    figures = followed.figures(selection)
    said = [json.loads(json.dumps(as_json(figure)))["trend"] for figure in figures]
    assert sorted(filter(None, said)) == ["rising"]
    assert [row["trend"] for row in read_file(followed, selection)] == [each or "" for each in said]


def test_nothing_is_said_of_a_release_without_trends(tmp_path: Path) -> None:
    made = build_release(tmp_path, make_contents())
    assert {figure.trend.direction for figure in made.slice("bins-missed", "2023-24") if figure.trend} == {None}
