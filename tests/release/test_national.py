"""How councils lie in each period and where they went, as the query layer answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from moothall.core.statistics import quantile
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.release.barset import build_release


def test_a_movement_is_of_the_councils_followed(moved: Release) -> None:
    [movement] = moved.national.movements(metric="carers-content")
    assert (movement.scope, movement.councils, movement.points) == ("england", 4, 7)
    assert (movement.first, movement.period) == ("2017-18", "2023-24")
    assert (movement.median_first, movement.direction, movement.scope_label) == (42.0, "rising", "councils in England")
    assert movement.gap_first == pytest.approx(quantile([30, 40, 44, 47], 0.9) - quantile([30, 40, 44, 47], 0.1))


def test_movements_are_in_the_order_of_topics_and_metrics(moved: Release) -> None:
    keys = [each.metric for each in moved.national.movements()]
    assert keys == [each.key for each in moved.metrics() if each.key in keys]
    assert [each.metric for each in moved.national.movements(topic="care")] == ["carers-content"]
    for kind in ("metric", "topic"):
        with pytest.raises(UnknownKey):
            moved.national.movements(**{kind: "nix"})


def test_every_period_has_the_medians_that_are_stored_and_the_tenths_of_the_same_councils(moved: Release) -> None:
    [(scope, spreads)] = moved.national.over_time("carers-content").items()
    assert scope == "england"
    assert [each.period.key for each in spreads] == [each.key for each in reversed(moved.periods("carers-content"))]
    for each in spreads:
        figures = moved.slice("carers-content", each.period.key)
        values = [figure.value for figure in figures if figure.value is not None and figure.is_compared]
        assert each.summary == moved.summary("carers-content", each.period.key, scope="england")
        assert (each.lower_tenth, each.upper_tenth) == (quantile(values, 0.1), quantile(values, 0.9))


def test_kinds_and_regions_stand_beside_one_another_in_the_latest_period(moved: Release) -> None:
    beside = moved.national.beside("carers-content")
    assert {each.period.key for each in beside} == {"2023-24"}
    assert [each.summary.scope for each in beside] == ["unitary", "E12000008", "E12000009"]
    [south_east] = [each for each in beside if each.summary.scope == "E12000008"]
    assert (south_east.summary.with_value, south_east.summary.median) == (3, 56.0)
    assert (south_east.lower_tenth, south_east.upper_tenth) == pytest.approx((53.2, 58.4))


def test_too_few_councils_have_no_tenths(moved: Release) -> None:
    [south_west] = [each for each in moved.national.beside("carers-content") if each.summary.scope == "E12000009"]
    assert (south_west.summary.median, south_west.lower_tenth, south_west.upper_tenth) == (None, None, None)


def test_a_release_without_movements_answers_with_none(tmp_path: Path) -> None:
    assert build_release(tmp_path).national.movements() == ()
