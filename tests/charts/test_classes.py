"""Values are parted at round numbers, and those that look alike stay together."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.classes import MOST, Classes, part
from moothall.core.values import Unit, round_half_up

amounts = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=120)


def digits(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)


@given(amounts, st.integers(-2, 2))
def test_every_class_has_values_and_those_that_look_alike_are_of_one(values: list[float], places: int) -> None:
    classes = part(values, Unit.COUNT, places)
    found = {value: classes.find(value) for value in values}
    assert classes.count <= MOST
    assert set(found.values()) == set(range(classes.count))
    assert list(classes.breaks) == sorted(set(classes.breaks))
    assert len(classes.labels) == classes.count
    by_look: dict[Decimal, set[int]] = {}
    for value, place in found.items():
        by_look.setdefault(round_half_up(value, places), set()).add(place)
    assert all(len(places_of) == 1 for places_of in by_look.values())
    ordered = [found[value] for value in sorted(values)]
    assert ordered == sorted(ordered)


@given(amounts)
def test_zero_parts_what_lies_on_both_sides_of_it(values: list[float]) -> None:
    classes = part(values, Unit.COUNT, 0)
    shown = {round_half_up(value, 0) for value in values}
    if not classes.is_listed and min(shown) < 0 < max(shown):
        assert 0 in classes.breaks


def test_breaks_are_round_and_part_evenly() -> None:
    values = [17.93 + 0.157 * place for place in range(300)]
    classes = part(values, Unit.PERCENT, 1)
    assert classes.labels == (
        "Under 28%",
        "28% to under 36%",
        "36% to under 46%",
        "46% to under 55%",
        "55% or more",
    ) or (all(digits(each) <= 2 for each in classes.breaks))
    counts = Counter(classes.find(value) for value in values)
    assert min(counts.values()) >= 0.4 * 60
    assert max(counts.values()) <= 1.6 * 60


def test_a_value_is_of_the_class_it_is_shown_in() -> None:
    classes = part([*range(50), 9.96], Unit.PERCENT, 0)
    assert Decimal(10) in classes.breaks
    assert classes.find(9.96) == classes.find(10)
    assert classes.find(9.4) == classes.find(9)


def test_skewed_values_have_breaks_as_round_as_each_allows() -> None:
    values = [1.5**place for place in range(30)]
    classes = part(values, Unit.POUNDS, 0)
    assert all(digits(each) == 1 for each in classes.breaks)


def test_many_alike_make_fewer_classes() -> None:
    classes = part([0.0] * 70 + [float(each) for each in range(1, 31)], Unit.COUNT, 0)
    assert 1 < classes.count < MOST
    assert classes.labels[0] == f"Under {classes.breaks[0]:f}"
    assert part([5.0] * 95 + [1.0, 2.0, 3.0, 4.0, 6.0], Unit.COUNT, 0).count == 2


def test_a_few_different_values_are_a_class_each() -> None:
    assert part([3.0, 1.0, 1.04, 2.0], Unit.PERCENT, 1).labels == ("1.0%", "2.0%", "3.0%")
    assert part([7.0], Unit.DAYS, 0).labels == ("7 days",)


@pytest.mark.parametrize(
    ("unit", "places", "first", "second", "last"),
    [
        (Unit.POUNDS_PER_HEAD, 0, "Under £", " to under £", " per head or more"),
        (Unit.PERCENT, 1, "Under ", "% to under ", "% or more"),
        (Unit.PER_1000, 1, "Under ", " to under ", " per 1,000 or more"),
        (Unit.POUNDS_MILLION, 1, "Under £", " to under £", " million or more"),
    ],
)
def test_labels_carry_the_unit(unit: Unit, places: int, first: str, second: str, last: str) -> None:
    labels = part([float(each) for each in range(1, 100)], unit, places).labels
    assert labels[0].startswith(first)
    assert second in labels[1]
    assert labels[-1].endswith(last)


def test_labels_have_no_more_decimals_than_the_breaks() -> None:
    labels = part([0.05 * each for each in range(100)], Unit.PERCENT, 2).labels
    assert labels[0] == "Under 1%"


def test_nothing_is_not_parted() -> None:
    with pytest.raises(ValueError, match="nothing to part"):
        part([], Unit.COUNT, 0)


def test_a_lowest_class_of_one_value_is_called_by_it() -> None:
    breaks = (Decimal(1), Decimal(5))
    assert Classes(breaks, Unit.COUNT, 0, Decimal(0)).labels == ("0", "1 to under 5", "5 or more")
    assert Classes(breaks, Unit.PERCENT, 1, Decimal("0.9")).labels[0] == "0.9%"
    assert Classes(breaks, Unit.PERCENT, 1, Decimal(0)).labels[0] == "Under 1%"
