"""Neighbourhood in frames, against the plain arithmetic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.analysis.position import position
from moothall.core.areas import AreaClass
from moothall.core.statistics import (
    competition_ranks,
    mads_from,
    median,
    median_absolute_deviation,
    quantile,
    quarter_band,
)
from moothall.core.values import Polarity
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_lists, make_metric, make_register

VALUE = st.none() | st.integers(0, 9).map(float) | st.floats(-1e4, 1e4).map(lambda x: round(x, 3))


def place_all(
    values: Sequence[float | None], lists: Mapping[str, Sequence[str]], polarity: Polarity = Polarity.HIGHER
) -> list[dict[str, object]]:
    """The figures of one slice of unitaries, by code, each placed among its neighbours."""
    areas = [make_area(number) for number in range(1, len(values) + 1)]
    rows = [
        {"area_code": area.code, "value": value, "marker": None if value is not None else "suppressed"}
        for area, value in zip(areas, values, strict=True)
    ]
    metric = make_metric(polarity)
    figures, _ = position(
        make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS, neighbours=make_lists(lists)
    )
    return figures.to_dicts()


@given(st.lists(VALUE, min_size=8, max_size=12), st.sampled_from(Polarity), st.data())
def test_frames_agree_with_plain_arithmetic(
    values: list[float | None], polarity: Polarity, data: st.DataObject
) -> None:
    codes = [make_area(number).code for number in range(1, len(values) + 1)]
    lists = {
        code: data.draw(st.lists(st.sampled_from([c for c in codes if c != code]), max_size=7, unique=True))
        for code in codes
    }
    by_code = dict(zip(codes, values, strict=True))
    for figure in place_all(values, lists, polarity):
        own, listed = figure["value"], lists[str(figure["area_code"])]
        others = [value for code in listed if (value := by_code[code]) is not None]
        said = [figure[f"{name}_neighbours"] for name in ("median", "mads", "rank", "band")]
        assert figure["neighbours_with_value"] == (len(others) if listed else None)
        if len(others) < 3 or len(others) * 2 < len(listed):
            assert said == [None] * 4
            continue
        middle, spread = median(others), median_absolute_deviation(others)
        assert said[0] == pytest.approx(middle)
        if not isinstance(own, float):
            assert said[1:] == [None] * 3
            continue
        expected = mads_from(own, middle, spread, 1)
        assert said[1] == (None if expected is None else pytest.approx(expected))
        ranks = competition_ranks([own, *others], polarity, 1)
        assert said[2] == (ranks[0] if ranks else None)
        assert said[3] == quarter_band(own, quantile(others, 0.25), middle, quantile(others, 0.75), polarity)


def test_a_council_is_no_neighbour_of_its_own() -> None:
    lists = {make_area(1).code: [make_area(number).code for number in (2, 3, 4)]}
    [first, *rest] = place_all([100.0, 1.0, 2.0, 3.0], lists)
    assert (first["median_neighbours"], first["mads_neighbours"], first["rank_neighbours"]) == (2.0, 98.0, 1)
    assert all(each["neighbours_with_value"] is None for each in rest), "councils without a list"


def test_half_of_a_list_is_enough_and_less_is_not() -> None:
    listed = [make_area(number).code for number in range(2, 17)]
    lists = {make_area(1).code: listed}
    for with_value, is_enough in ((8, True), (7, False)):
        values = [5.0, *map(float, range(with_value)), *[None] * (15 - with_value)]
        figure = place_all(values, lists)[0]
        assert figure["neighbours_with_value"] == with_value
        assert (figure["median_neighbours"] is not None) == is_enough


def test_neighbours_that_do_not_run_the_service_are_not_counted() -> None:
    unitaries = [make_area(number) for number in range(1, 6)]
    county = make_area(6, AreaClass.COUNTY)  # the function is not a county's
    rows = [{"area_code": area.code, "value": float(n)} for n, area in enumerate([*unitaries, county])]
    lists = make_lists({unitaries[0].code: [each.code for each in (*unitaries[1:], county)]})
    metric = make_metric()
    figures, _ = position(
        make_current(rows),
        {metric.key: metric},
        make_register([*unitaries, county]),
        FUNCTIONS,
        neighbours=lists,
    )
    own = figures.filter(pl.col("area_code") == unitaries[0].code).row(0, named=True)
    assert (own["neighbours_with_value"], own["median_neighbours"]) == (4, 2.5)
    assert figures.filter(pl.col("area_code") == county.code)["mads_neighbours"].to_list() == [None]


def test_judgements_have_no_middle_among_neighbours() -> None:
    areas = [make_area(number) for number in range(1, 6)]
    rows = [{"area_code": area.code, "value": float(n % 4 + 1)} for n, area in enumerate(areas)]
    metric = make_metric(Polarity.NONE, 0, unit="judgement")
    lists = make_lists({areas[0].code: [each.code for each in areas[1:]]})
    figures, _ = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS, neighbours=lists)
    own = figures.row(0, named=True)
    assert (own["neighbours_with_value"], own["median_neighbours"], own["rank_neighbours"]) == (4, None, None)
