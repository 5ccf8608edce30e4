"""Position in frames, against the plain arithmetic, and against who is responsible and alive."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.analysis.position import add_displayed, position
from moothall.core.areas import AreaClass
from moothall.core.statistics import (
    competition_ranks,
    is_covered,
    mads_from,
    median,
    median_absolute_deviation,
    quantile,
    quarter_band,
)
from moothall.core.values import Lever, Polarity, round_half_up
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_metric, make_pool, make_register

VALUES = st.lists(
    st.none() | st.floats(-1e5, 1e5).map(lambda x: round(x, 3)) | st.integers(0, 9).map(float), min_size=1
)


@given(VALUES, st.sampled_from(Polarity), st.integers(0, 2))
def test_frames_agree_with_plain_arithmetic(values: list[float | None], polarity: Polarity, places: int) -> None:
    pool = make_pool(values, polarity, places)
    present = [value for value in values if value is not None]
    england = pool.summary("england")
    assert (england["eligible"], england["with_value"]) == (len(values), len(present))
    if not is_covered(len(present), len(values)):
        assert england["median"] is None
        assert pool.figures["mads_england"].null_count() == len(values)
        assert pool.figures["rank_england"].null_count() == len(values)
        return
    middle, spread = median(present), median_absolute_deviation(present)
    assert (england["median"], england["mad"]) == pytest.approx((middle, spread))
    q1, q3 = quantile(present, 0.25), quantile(present, 0.75)
    ranks = iter(competition_ranks(present, polarity, places) or [])
    for value, row in zip(values, pool.figures.iter_rows(named=True), strict=True):
        if value is None:
            assert (row["mads_england"], row["rank_england"], row["band_england"]) == (None, None, None)
            continue
        assert row["mads_england"] == pytest.approx(mads_from(value, middle, spread, places))
        assert row["rank_england"] == next(ranks, None)
        assert row["band_england"] == quarter_band(value, q1, middle, q3, polarity)


THOUSANDTHS = st.integers(-(10**13), 10**13).map(lambda number: number / 1000)


@given(st.lists(THOUSANDTHS | st.floats(-1e12, 1e12), min_size=1), st.integers(-3, 4))
def test_displayed_values_are_rounded_as_people_round(values: list[float], places: int) -> None:
    rows = pl.DataFrame({"value": values}, schema={"value": pl.Float64}).with_columns(places=pl.lit(places, pl.Int8))
    shown = add_displayed(rows)["shown"].to_list()
    assert shown == [float(round_half_up(value, places).scaleb(places)) for value in values]


@given(st.lists(st.floats(0, 100), min_size=3, max_size=20), st.randoms())
def test_the_order_of_councils_does_not_matter(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert make_pool(values).summary("england") == make_pool(shuffled).summary("england")


@given(st.lists(st.floats(0, 1000), min_size=3, max_size=20))
def test_adding_a_missing_council_changes_nothing_but_the_count(values: list[float]) -> None:
    with_missing = make_pool([*values, None]).summary("england")
    without = make_pool(values).summary("england")
    if with_missing["marker"] != "too_few":
        assert with_missing | {"eligible": 0} == without | {"eligible": 0}


def test_the_dead_the_not_responsible_and_the_joint_take_no_part() -> None:
    alive = [make_area(number) for number in (1, 2, 3)]
    closed = make_area(4, closed=date(2023, 4, 1))
    opened_later = make_area(5, opened=date(2024, 4, 1))
    county = make_area(6, AreaClass.COUNTY)  # the function is not a county's
    joint = make_area(7, AreaClass.WASTE_AUTHORITY)
    areas = [*alive, closed, opened_later, county, joint]
    rows = [{"area_code": area.code, "value": float(number)} for number, area in enumerate(areas)]
    metric = make_metric()
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    england = summaries.filter(pl.col("scope") == "england").row(0, named=True)
    assert (england["eligible"], england["with_value"], england["median"]) == (3, 3, 1.0)
    ranked = figures.filter(pl.col("rank_england").is_not_null())["area_code"].to_list()
    assert ranked == [area.code for area in alive]
    assert figures.height == len(areas), "their values are kept"


def test_classes_have_their_own_middle() -> None:
    unitaries = [make_area(number) for number in (1, 2, 3)]
    districts = [make_area(number, AreaClass.DISTRICT) for number in (4, 5, 6)]
    rows = [
        {"area_code": a.code, "value": v} for a, v in zip(unitaries + districts, [1.0, 2, 3, 11, 12, 13], strict=True)
    ]
    metric = make_metric()
    figures, summaries = position(
        make_current(rows), {metric.key: metric}, make_register([*unitaries, *districts]), FUNCTIONS
    )
    medians = dict(summaries.select("scope", "median").iter_rows())
    assert medians == {"england": 7.0, "unitary": 2.0, "district": 12.0}
    assert figures["rank_class"].to_list() == [3, 2, 1, 3, 2, 1]
    assert figures["mads_class"].to_list() == [-1.0, 0.0, 1.0, -1.0, 0.0, 1.0]


def test_change_is_from_the_previous_consecutive_period_only() -> None:
    area = make_area(1)
    rows = [
        {
            "area_code": area.code,
            "period": period,
            "value": value,
            "marker": None if value is not None else "suppressed",
        }
        for period, value in [("2019-20", 5.0), ("2021-22", 8.0), ("2022-23", 6.5), ("2023-24", None)]
    ]
    metric = make_metric()
    figures, _ = position(make_current(rows), {metric.key: metric}, make_register([area]), FUNCTIONS)
    assert figures.select("change", "change_from").rows() == [
        (None, None),
        (None, None),
        (-1.5, "2021-22"),
        (None, None),
    ]


def test_no_change_is_given_over_a_break() -> None:
    area = make_area(1)
    periods = ("2021-22", "2022-23", "2023-24")
    rows = [{"area_code": area.code, "period": each, "value": float(n)} for n, each in enumerate(periods)]
    metric = make_metric()
    breaks = {metric.key: frozenset({"2022-23"}), "another-metric": frozenset({"2023-24"})}
    figures, _ = position(make_current(rows), {metric.key: metric}, make_register([area]), FUNCTIONS, breaks)
    assert figures.select("period", "change", "change_from").rows() == [
        ("2021-22", None, None),
        ("2022-23", None, None),
        ("2023-24", 1.0, "2022-23"),
    ]


def test_a_value_on_another_basis_is_kept_and_takes_no_part() -> None:
    areas = [make_area(number) for number in range(1, 6)]
    values = [1.0, 2.0, 3.0, 4.0, 90.0]
    rows = [
        {"area_code": area.code, "period": period, "value": value, "marker": "other_basis" if value == 90.0 else None}
        for area, value in zip(areas, values, strict=True)
        for period in ("2022-23", "2023-24")
    ]
    metric = make_metric()
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    england = summaries.filter(scope="england", period="2023-24").row(0, named=True)
    assert (england["eligible"], england["with_value"], england["ranked"]) == (5, 4, 4)
    assert (england["median"], england["highest"]) == (2.5, 4.0)
    other = figures.filter(area_code=areas[4].code, period="2023-24").row(0, named=True)
    assert (other["value"], other["marker"]) == (90.0, "other_basis")
    placed = ("mads_england", "mads_class", "rank_england", "band_class", "change")
    assert [other[name] for name in placed] == [None] * 5
    best = figures.filter(area_code=areas[3].code, period="2023-24").row(0, named=True)
    assert (best["rank_england"], best["change"], best["change_from"]) == (1, 0.0, "2022-23")


def test_without_enough_values_on_one_basis_nobody_is_compared() -> None:
    areas = [make_area(number) for number in range(1, 8)]
    rows = [
        {"area_code": area.code, "value": float(place), "marker": "other_basis" if place > 3 else None}
        for place, area in enumerate(areas)
    ]
    metric = make_metric()
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    england = summaries.filter(scope="england").row(0, named=True)
    assert (england["with_value"], england["median"], england["marker"]) == (4, None, "too_few")
    assert figures["value"].null_count() == 0


@pytest.mark.parametrize(
    ("unit", "values"), [("judgement", (1.0, 2.0, 4.0)), ("date", (20210101.0, 20240704.0, 20230615.0))]
)
def test_what_is_no_amount_is_counted_and_never_summed_up_placed_or_subtracted(
    unit: str, values: tuple[float, ...]
) -> None:
    areas = [make_area(number) for number in (1, 2, 3)]
    rows = [
        {"area_code": area.code, "period": period, "value": value}
        for area, value in zip(areas, values, strict=True)
        for period in ("2022-23", "2023-24")
    ]
    metric = make_metric(Polarity.NONE, unit=unit)
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    assert figures.filter(period="2023-24")["value"].to_list() == list(values)
    for name in ("mads_england", "mads_class", "rank_england", "rank_class", "band_england", "band_class", "change"):
        assert figures[name].null_count() == len(figures), name
    england = summaries.filter(scope="england", period="2023-24").row(0, named=True)
    assert (england["eligible"], england["with_value"], england["marker"]) == (3, 3, "not_an_amount")
    for name in ("ranked", "median", "mad", "lower_quartile", "upper_quartile", "lowest", "highest"):
        assert england[name] is None, name


def test_what_is_no_amount_cannot_be_given_a_direction() -> None:
    with pytest.raises(ValueError, match="not scored"):
        make_metric(Polarity.LOWER, unit="judgement")


def test_nobody_is_ranked_by_what_tells_of_the_place() -> None:
    """Its median and distances stand: they describe; a rank or a quarter would judge."""
    areas = [make_area(number) for number in (1, 2, 3)]
    rows = [{"area_code": area.code, "value": float(number)} for number, area in enumerate(areas)]
    metric = make_metric(Polarity.HIGHER).model_copy(update={"lever": Lever.CONTEXTUAL})
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    assert figures["mads_england"].to_list() == [-1, 0, 1]
    for name in ("rank_england", "rank_class", "band_england", "band_class"):
        assert figures[name].null_count() == 3
    assert summaries["ranked"].null_count() == summaries.height
