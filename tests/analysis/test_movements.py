"""Movements, against a recomputation in plain Python, and who takes no part."""

from __future__ import annotations

from datetime import date
from math import ceil, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from moothall.analysis.movements import find_spread_chance
from moothall.core.areas import AreaClass
from moothall.core.statistics import median, quantile
from tests.analysis.movements import make_movements
from tests.analysis.pool import make_area
from tests.analysis.series import make_trends, name_years

VALUE = st.none() | st.integers(1, 40).map(float)
YEARS = 6


SERIES = st.tuples(*[VALUE] * (YEARS - 1), st.integers(1, 40).map(float))


@settings(max_examples=25)
@given(st.lists(SERIES, min_size=3, max_size=9), st.sets(st.integers(0, YEARS - 1), max_size=1))
def test_a_movement_is_what_plain_arithmetic_comes_to(series: list[list[float | None]], affected: set[int]) -> None:
    keys = name_years(YEARS)
    found = make_movements(series, affected={keys[place] for place in affected})
    need = max(3, ceil(0.6 * len(series)))
    is_alone = YEARS - 1 in affected  # where the latest period itself was affected it is looked at alone
    taken, same = [], set(range(len(series)))
    for place in reversed(range(YEARS)):
        have = {number for number, each in enumerate(series) if each[place] is not None}
        if ((place in affected or is_alone) and place != YEARS - 1) or len(have) < need:
            continue
        if len(same & have) < need:
            break
        same &= have
        taken.insert(0, place)
    [movement] = found
    assert (movement["first"], movement["points"], movement["councils"]) == (keys[taken[0]], len(taken), len(same))
    for end, place in (("first", taken[0]), ("last", taken[-1])):
        values = [value for number in sorted(same) if (value := series[number][place]) is not None]
        expected = (median(values), quantile(values, 0.1), quantile(values, 0.9))
        names = (f"median_{end}", f"lower_tenth_{end}", f"upper_tenth_{end}")
        assert tuple(movement[name] for name in names) == pytest.approx(expected)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=10, max_size=40), st.booleans())
def test_the_test_of_pairs_is_scipys(pairs: list[tuple[int, int]], is_ratio: bool) -> None:
    unit = "per_1000" if is_ratio else "percent"
    [movement] = make_movements([[float(a), float(b)] for a, b in pairs], metric={"unit": unit})
    x, y = (np.array([log(each) if is_ratio else float(each) for each in side]) for side in zip(*pairs, strict=True))
    apart = np.round(y - x, 9)
    if len(set(apart)) == 1 or len(set(np.round(x + y, 9))) == 1:
        assert movement["spread_p"] is None
        return
    expected = stats.spearmanr(np.round(x + y, 9), apart)
    assert movement["spread_p"] == pytest.approx(expected.pvalue, abs=1e-9)


@pytest.mark.parametrize(
    ("agreement", "councils", "p"), [(1.0, 20, 0.0), (0.0, 20, 1.0), (None, 20, None), (0.5, 9, None)]
)
def test_the_edges_of_the_test_of_pairs(agreement: float | None, councils: int, p: float | None) -> None:
    found = find_spread_chance(agreement, councils)
    assert found == (None if p is None else pytest.approx(p))


def test_a_chance_is_never_below_nought() -> None:
    assert find_spread_chance(0.99999, 300) == pytest.approx(0.0, abs=1e-9)
    assert all((find_spread_chance(agreement / 1000, 300) or 0.0) >= 0 for agreement in range(900, 1000))


@pytest.mark.parametrize("seed", [2, 3])
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    series = [[float(number * year % 7) for year in range(1, 7)] for number in range(1, 13)]
    assert make_movements(series, shuffled=seed) == make_movements(series)


def test_councils_that_all_move_alike_move_as_one_of_them_does() -> None:
    line = [1.0, 2, 3, 4, 5, 6, 7]
    [movement] = make_movements([[*line], [each + 1 for each in line], [each + 2 for each in line]])
    [_, middle, _] = make_trends([[*line], [each + 1 for each in line], [each + 2 for each in line]])
    assert (
        (movement["direction"], movement["p"])
        == (middle["direction"], middle["p"])
        == ("rising", pytest.approx(middle["p"]))
    )


def test_a_class_is_followed_by_itself_where_only_a_class_is_alike() -> None:
    areas = [
        *(make_area(number) for number in range(1, 5)),
        *(make_area(number, AreaClass.DISTRICT, code=f"E07{number:06d}") for number in range(5, 9)),
    ]
    series = [[1.0, 2.0], [1.0, 2.0], [1.0, 2.0], [1.0, 2.0], *[[10.0, 5.0]] * 4]
    found = make_movements(series, areas=areas, metric={"comparable_within": "class"})
    assert [(each["scope"], each["median_first"], each["median_last"]) for each in found] == [
        ("district", 10.0, 5.0),
        ("unitary", 1.0, 2.0),
    ]


def test_a_council_that_has_closed_or_is_not_responsible_is_not_followed() -> None:
    areas = [*(make_area(number) for number in range(1, 5)), make_area(5, AreaClass.COUNTY, code="E10000005")]
    closed = make_area(6, closed=date(2023, 4, 1))
    series = [[1.0, 2.0]] * 4 + [[50.0, 60.0]]
    [movement] = make_movements([*series, [90.0, None]], areas=[*areas, closed])
    assert (movement["councils"], movement["median_last"]) == (4, 2.0)


def test_a_value_on_another_basis_takes_no_part() -> None:
    [movement] = make_movements([[1.0, 2.0]] * 4 + [[9.0, 9.0]], markers={(5, "2023-24"): "other_basis"})
    assert movement["councils"] == 4


@pytest.mark.parametrize("more", [{"unit": "count"}, {"unit": "judgement", "polarity": "none"}])
def test_amounts_that_grow_with_size_and_words_are_left_out(more: dict[str, str]) -> None:
    assert make_movements([[1.0, 2.0]] * 5, metric=more) == []


def test_a_metric_that_describes_places_is_not_set_beside_deprivation() -> None:
    series = [[float(number)] for number in range(30)]
    scores = [float(number) for number in range(30)]
    [outcome] = make_movements(series, deprivation=scores)
    [context] = make_movements(series, deprivation=scores, metric={"kind": "context", "lever": "contextual"})
    assert (outcome["fifth"], context["fifth"]) == (6, None)
    assert (outcome["most_deprived_last"], outcome["least_deprived_last"]) == (26.5, 2.5)


def test_the_order_of_many_rows_does_not_change_the_last_digit() -> None:
    """A sum of hundreds of numbers depends on their order, and the same data have to give the same release."""
    drawn = np.random.default_rng(3).normal(50, 9, size=(300, 7)).round(2).tolist()
    assert len({repr(make_movements(drawn, shuffled=seed)) for seed in range(1, 13)}) == 1
