"""Changes: who stands out, and who does not though the change is large."""

from __future__ import annotations

import numpy as np
import pytest

from moothall.analysis.changes import judge_windows, open_windows
from moothall.analysis.exemplars import list_flagged
from moothall.analysis.panels import Panel
from tests.analysis.panel import ORDINARY, list_ordinary, make_panel, set_among, turn

RISEN = [40, 41, 50, 60, 61]
LAST = ORDINARY  # the place of the council set among the ordinary ones


def flag(*panels: Panel, direction: int = 1, end: int = 0) -> list[list[int]]:
    """The places flagged of each panel, judged together."""
    judged = judge_windows(open_windows(panels, end, {}), direction)
    return [[place for _, place in list_flagged(each)] for each in judged]


def test_an_ordinary_pool_has_nobody_that_stands_out() -> None:
    assert flag(make_panel(list_ordinary(5))) == [[]]
    assert flag(make_panel(list_ordinary(5)), direction=-1) == [[]]


def test_who_rose_far_and_stayed_stands_out() -> None:
    [judged] = judge_windows(open_windows([set_among(RISEN)], 0, {}))
    assert [place for _, place in list_flagged(judged)] == [LAST]
    assert (judged.before[LAST], judged.after[LAST]) == (40.5, 60.5)
    assert judged.expected[LAST] == pytest.approx(40.5, abs=1)
    assert judged.is_past_middle[LAST]


def test_where_lower_is_better_the_same_holds_the_other_way_round() -> None:
    assert flag(turn(set_among(RISEN))) == flag(set_among(RISEN))


def test_the_mirror_list_is_of_those_who_fell() -> None:
    fallen = [100 - value for value in (60, 59, 50, 40, 39)][::-1]
    panel = set_among(fallen)
    assert flag(panel) == [[]]
    assert flag(panel, direction=-1) == [[LAST]]


def test_one_odd_year_is_not_enough() -> None:
    assert flag(set_among([40, 41, 40, 40, 80])) == [[]]


def test_both_late_years_are_beyond_both_early_ones() -> None:
    assert flag(set_among([40, 62, 50, 61, 85])) == [[]]


def test_who_wavers_as_much_as_it_rose_does_not_stand_out() -> None:
    assert flag(set_among([30, 50, 45, 51, 75])) == [[]]


def test_who_began_low_and_came_up_as_the_rest_that_began_low_does_not_stand_out() -> None:
    """A pool that draws together: everyone loses four fifths of the way to the middle."""
    pool = list_ordinary(5)
    pool[:2] = 40 + (pool[:2] - 40) / 5
    low = np.array([[38.5], [38], [30], [29], [28]])
    assert flag(make_panel(np.hstack([pool, low]))) == [[]]
    high = np.array([[66.5], [66], [50], [49], [48]])
    assert flag(make_panel(np.hstack([pool, high]))) == [[ORDINARY]]


def test_who_is_still_behind_has_left_the_last_quarter() -> None:
    history = [10, 11, 20, 37, 38]
    [judged] = judge_windows(open_windows([set_among(history)], 0, {}))
    assert [place for _, place in list_flagged(judged)] == [LAST]
    assert not judged.is_past_middle[LAST]


def test_who_is_still_in_the_last_quarter_is_not_listed() -> None:
    assert flag(set_among([5, 6, 10, 29, 30])) == [[]]


def test_a_change_smaller_than_the_usual_distance_is_not_listed() -> None:
    calm = list_ordinary(5) * 0.05 + np.linspace(0, 100, ORDINARY)
    risen = np.array([[58.0], [58.1], [55.0], [50.1], [50.0]])
    [judged] = judge_windows(open_windows([make_panel(np.hstack([calm, risen]))], 0, {}))
    assert judged.residual[LAST] > 10
    assert judged.q[LAST] < 0.001
    assert not judged.is_flagged[LAST]


def test_a_council_without_a_value_at_either_end_is_not_judged() -> None:
    for year in (0, 1, 3, 4):
        panel = set_among(RISEN)
        panel.values[4 - year, LAST] = np.nan
        assert flag(panel) == [[]]
    panel = set_among(RISEN)
    panel.values[2, LAST] = np.nan
    assert flag(panel) == [[LAST]]


def test_fewer_than_twenty_councils_are_no_pool() -> None:
    panel = set_among(RISEN)
    few = make_panel(panel.values[:, -19:])
    assert open_windows([few], 0, {}) == []
    assert len(open_windows([make_panel(panel.values[:, -20:])], 0, {})) == 1


def test_the_more_is_looked_at_the_more_is_asked_of_each() -> None:
    borderline = [40, 41, 47, 53, 54.5]
    [alone] = judge_windows(open_windows([set_among(borderline)], 0, {}))
    others = [make_panel(list_ordinary(5), metric_key=f"moots-{number}") for number in range(60)]
    together = judge_windows(open_windows([set_among(borderline), *others], 0, {}))
    assert together[0].q_own[LAST] == alone.q_own[LAST]
    assert together[0].q[LAST] > alone.q[LAST]
    assert together[0].is_flagged_alone[LAST] == alone.is_flagged[LAST]


def test_an_earlier_list_does_not_know_the_latest_year() -> None:
    panel = set_among([40, 41, 40, 41, 60, 61])
    assert flag(panel) == [[LAST]]
    assert flag(panel, end=1) == [[]]
    assert flag(set_among([40, 41, 50, 60, 61, 62]), end=1) == [[LAST]]


def test_neighbours_are_what_a_change_is_held_against_where_they_are_known() -> None:
    panel = set_among(RISEN)
    rising = list(range(10, 25))
    panel.values[:2, rising] += 20.0  # so did its neighbours
    lists = {panel.area_codes[LAST]: tuple(panel.area_codes[place] for place in rising)}
    [without] = judge_windows(open_windows([panel], 0, {}))
    [beside] = judge_windows(open_windows([panel], 0, lists))
    change = without.after[LAST] - without.before[LAST]
    assert change - np.median(without.after - without.before) > 10
    assert not beside.is_large[LAST]


def test_a_council_with_few_neighbours_is_held_against_the_pool() -> None:
    panel = set_among(RISEN)
    lists = {panel.area_codes[LAST]: panel.area_codes[:7]}
    [judged] = judge_windows(open_windows([panel], 0, lists))
    [without] = judge_windows(open_windows([panel], 0, {}))
    assert judged.is_flagged[LAST]
    assert judged.expected == pytest.approx(without.expected)
