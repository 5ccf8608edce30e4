"""Certainty from the frame to the record, the API and the download: of the latest period and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from moothall.core.frames import CERTAINTIES
from moothall.release.certainty import CertaintyRecord
from moothall.release.downloads.figures import as_json
from moothall.release.figures import Selection
from moothall.release.queries import Release
from tests.release.barset import ALLINGTON, BARCHESTER, GATHERUM, build_release, make_contents

SURE = {
    "metric_key": "bins-missed",
    "breakdown": "all",
    "period": "2023-24",
    "area_code": BARCHESTER,
    "error": 2.5,
    "error_basis": "history",
    "degrees": 4,
    "p_england": 0.01,
    "q_england": 0.03,
    "q_neighbours": 0.2,
    "expected": 430.0,
    "rank_low": 3,
    "rank_high": 7,
    "chance_top": 0.0,
    "chance_bottom": 0.6,
}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    rows = [SURE, SURE | {"area_code": ALLINGTON, "error": 1.0, "rank_low": None, "rank_high": None}]
    certainties = pl.DataFrame(rows, schema=dict(CERTAINTIES))
    folder: Path = tmp_path_factory.mktemp("releases")
    return build_release(folder, replace(make_contents(), certainties=certainties))


def test_a_figure_of_the_latest_period_has_its_certainty(release: Release) -> None:
    expected = CertaintyRecord(**{name: SURE.get(name) for name in CertaintyRecord._fields})  # type: ignore[arg-type]
    figure = release.figure("bins-missed", BARCHESTER, "2023-24")
    assert figure.certainty == expected
    assert release.figure("bins-missed", BARCHESTER, "2022-23").certainty is None
    assert release.figure("bins-missed", GATHERUM, "2023-24").certainty is None


def test_it_is_the_same_for_one_council_and_for_all(release: Release) -> None:
    everyone = {each.area: each.certainty for each in release.figures(Selection(metric=("bins-missed",)))}
    assert {area for area, known in everyone.items() if known is not None} == {BARCHESTER, ALLINGTON}
    for area in (BARCHESTER, ALLINGTON):
        assert release.figure("bins-missed", area, "2023-24").certainty == everyone[area]


def test_a_download_has_it_and_is_empty_where_it_is_not_known(release: Release) -> None:
    names = ("error", "error_basis", "q_neighbours", "rank_low", "rank_high")
    known, unknown = (as_json(release.figure("bins-missed", area, "2023-24")) for area in (BARCHESTER, GATHERUM))
    assert [known[name] for name in names] == [2.5, "history", 0.2, 3, 7]
    assert [unknown[name] for name in names] == [None] * 5
