"""What a build works out of who is worth learning from, and when it takes that over from the release before."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import polars as pl
import pytest

from moothall.core.frames import CERTAINTIES, NEIGHBOURS
from moothall.pipeline.excellence import Excellence, take_excellence, work_out_excellence
from moothall.release.contents import Kept
from tests.release.barset import CATALOGUE, REGISTER, build_release, make_contents
from tests.release.exemplars import make_exemplary

EVERY = tuple(CATALOGUE.metrics)


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_release(tmp_path_factory.mktemp("earlier"), make_exemplary()).directory


def take(earlier: Path, anew: Collection[str]) -> Excellence | None:
    kept = Kept(earlier, {key: "0" for key in EVERY if key not in anew})
    return take_excellence(kept, anew, CATALOGUE)


def test_all_of_it_is_taken_over_where_nothing_that_is_scored_changed(earlier: Path) -> None:
    for anew in ((), ("bins-emptied",), ("bins-missed",)):  # no direction; and a total
        taken = take(earlier, anew)
        assert taken is not None
        contents = make_exemplary()
        for name, rows in taken._asdict().items():
            own = getattr(contents, name)
            assert rows.sort(rows.columns).equals(own.sort(own.columns))


@pytest.mark.parametrize("changed", ["share-missed", "share-not-missed", "carers-content"])
def test_one_scored_metric_that_changed_may_change_any(earlier: Path, changed: str) -> None:
    assert take(earlier, (changed,)) is None


def test_a_metric_that_had_rows_and_is_no_more_changes_them(earlier: Path) -> None:
    kept = Kept(earlier, {key: "0" for key in EVERY if key != "carers-content"})
    assert take_excellence(kept, (), CATALOGUE) is None


def test_without_an_earlier_release_nothing_is_taken_over() -> None:
    assert take_excellence(None, EVERY, CATALOGUE) is None


def test_it_is_worked_out_of_figures_and_does_not_depend_on_the_order_of_rows() -> None:
    contents = make_contents()
    found = [
        work_out_excellence(
            figures, summaries, pl.DataFrame(schema=CERTAINTIES), pl.DataFrame(schema=NEIGHBOURS), CATALOGUE, REGISTER
        )
        for figures, summaries in (
            (contents.figures, contents.summaries),
            (contents.figures.reverse(), contents.summaries.reverse()),
        )
    ]
    checks = found[0].exemplar_checks
    assert checks.get_column("metric_key").unique().sort().to_list() == [
        "carers-content",
        "share-missed",
        "share-not-missed",
    ]
    assert checks.get_column("levels").sum() > 0
    for one, other in zip(*found, strict=True):
        assert one.equals(other)
