"""Reading who is worth learning from: what a release says is what was put into it, and setbacks are not let out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from moothall.core.frames import EXEMPLARS
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.release.barset import ALLINGTON, BARCHESTER, GATHERUM, SILVERBRIDGE, build_release, make_contents
from tests.release.exemplars import make_exemplary


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("exemplary"), make_exemplary())


def named(release: Release, **asked: Any) -> list[tuple[str, str, str]]:
    return [(each.kind, each.area, each.metric) for each in release.exemplars(**asked)]


def test_they_are_listed_by_topic_name_and_metric(release: Release) -> None:
    assert named(release) == [
        ("top", ALLINGTON, "share-missed"),
        ("improver", BARCHESTER, "share-missed"),
        ("recovery", GATHERUM, "share-missed"),
        ("top", GATHERUM, "share-not-missed"),
        ("top", ALLINGTON, "carers-content"),
    ]


def test_they_can_be_asked_for_by_metric_area_topic_and_kind(release: Release) -> None:
    assert named(release, topic="care") == [("top", ALLINGTON, "carers-content")]
    assert named(release, area=BARCHESTER) == [("improver", BARCHESTER, "share-missed")]
    assert named(release, metric="share-not-missed") == [("top", GATHERUM, "share-not-missed")]
    assert named(release, area=GATHERUM, kind="recovery") == [("recovery", GATHERUM, "share-missed")]
    assert named(release, area=ALLINGTON, topic="bins") == [("top", ALLINGTON, "share-missed")]
    for asked in ({"topic": "moots"}, {"metric": "moots"}, {"area": "E1"}):
        with pytest.raises(UnknownKey):
            release.exemplars(**asked)


def test_a_setback_is_only_found_by_asking_for_it(release: Release) -> None:
    assert named(release, kind="setback") == [("setback", SILVERBRIDGE, "share-missed")]
    assert SILVERBRIDGE not in {each.area for each in release.exemplars()}


def test_a_record_has_the_figure_and_the_median_of_its_pool(release: Release) -> None:
    [top, improver, *_] = release.exemplars()
    figure = release.figure("share-missed", ALLINGTON, "2023-24")
    assert (top.value, top.median) == (figure.value, figure.median_england)
    assert (top.pool_label, top.period_label, top.chance_top) == ("councils in England", "2023-24", 0.85)
    assert (improver.first_label, improver.before, improver.after, improver.expected) == ("2019-20", 12.0, 6.0, 11.0)
    assert improver.is_provisional


def test_how_much_was_looked_at_is_counted_over_all_metrics(release: Release) -> None:
    trust = release.exemplar_trust
    assert (trust.metrics, trust.levels, trust.changes) == (2, 13, 9)
    assert (trust.tops, trust.tops_with_chance) == (3, 1)
    assert trust.tops_expected_false == pytest.approx(0.15)
    assert (trust.flags, trust.flags_expected_false) == (2, pytest.approx(0.16))
    assert (trust.shuffles, trust.panels, trust.panels_flagged, trust.shuffled_flags) == (50, 50, 3, 40)
    assert (trust.past_flags, trust.past_kept, trust.raw_flags, trust.raw_kept) == (10, 9, 20, 12)


def test_councils_of_a_whole_topic(release: Release) -> None:
    [found] = release.topic_exemplars()
    assert (found.topic, found.area_name, found.metrics, found.judged) == ("bins", "Gatherum", 3, 4)


def test_a_release_without_any_has_none(tmp_path: Path) -> None:
    release = build_release(tmp_path, make_contents())
    assert release.exemplars() == ()
    assert release.exemplar_trust.levels == 0


def test_the_order_of_rows_does_not_change_a_release(tmp_path: Path) -> None:
    contents = make_exemplary()
    first = build_release(tmp_path / "one", contents)
    turned = {name: getattr(contents, name).reverse() for name in ("exemplars", "topic_exemplars", "exemplar_checks")}
    second = build_release(tmp_path / "two", make_exemplary(**turned))
    assert first.record.digest == second.record.digest
    fewer = contents.exemplars.filter(pl.col("kind") != "setback")
    assert fewer.schema == pl.DataFrame(schema=EXEMPLARS).schema
    assert build_release(tmp_path / "three", make_exemplary(exemplars=fewer)).record.digest != first.record.digest
