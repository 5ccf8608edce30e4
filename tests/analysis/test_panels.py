"""Panels: whose years are held beside one another, and whose are not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from moothall.analysis.panels import make_panels
from moothall.analysis.position import position
from moothall.core.areas import AreaClass
from moothall.core.definitions import NoteKind
from moothall.core.values import Polarity
from tests.analysis.panel import list_ordinary, make_panel, make_real_panels
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_metric, make_register

FIVE = [10.0, 20.0, 30.0, 40.0, 50.0]
YEARS = {f"{year}-{(year + 1) % 100:02d}": FIVE for year in range(2019, 2024)}


def test_values_lie_by_year_before_the_latest_and_by_council() -> None:
    [panel], _, _ = make_real_panels({"2021-22": [1, 2, 3], "2023-24": [4, None, 6, 7]})
    assert panel.periods == ("2023-24", None, "2021-22")
    assert panel.area_codes == ("E06900001", "E06900002", "E06900003", "E06900004")
    expected = [[4, np.nan, 6, 7], [np.nan] * 4, [1, 2, 3, np.nan]]
    np.testing.assert_array_equal(panel.values, expected)
    assert panel.key == ("moots-held", "all", "2023-24", "england")
    assert panel.coverage == 0.75


@pytest.mark.parametrize(
    "more",
    [{"polarity": "none"}, {"lever": "contextual"}, {"unit": "count"}, {"status": "proposed", "since": "2026-01-01"}],
    ids=["no direction", "of the place", "grows with size", "proposed"],
)
def test_what_is_not_scored_has_no_panel(more: dict[str, Any]) -> None:
    metric = make_metric(**({"unit": "percent"} | more))
    assert make_real_panels(YEARS, metric)[0] == []


def test_a_value_on_another_basis_takes_no_part() -> None:
    [panel], _, _ = make_real_panels({"2023-24": FIVE}, markers={("2023-24", 1): "other_basis"})
    assert panel.area_codes == ("E06900001", "E06900003", "E06900004", "E06900005")


def test_places_are_shares_and_ties_keep_within_the_same() -> None:
    [panel], _, _ = make_real_panels({"2023-24": [50.0, 50.0, 40.0, 30.0]})
    assert panel.places.tolist() == [[0.5, 0.5, 0.75, 1.0]]
    [lower], _, _ = make_real_panels({"2023-24": [50.0, 50.0, 40.0, 30.0]}, make_metric(Polarity.LOWER, unit="percent"))
    assert lower.places.tolist() == [[1.0, 1.0, 0.5, 0.25]]
    assert lower.sign == -1


def test_of_quarters_only_the_same_season_is_held_beside_it() -> None:
    values = {f"{year}-q{quarter}": FIVE for year in (2022, 2023, 2024) for quarter in (1, 2, 3, 4)}
    del values["2024-q4"]
    [panel], _, _ = make_real_panels(values)
    assert panel.periods == ("2024-q3", "2023-q3", "2022-q3")


def test_of_years_pooled_those_that_overlap_are_left_out() -> None:
    [panel], _, _ = make_real_panels({f"{last - 2}-to-{last}": FIVE for last in range(2014, 2024)})
    assert panel.periods == (
        "2021-to-2023",
        None,
        None,
        "2018-to-2020",
        None,
        None,
        "2015-to-2017",
        None,
        None,
        "2012-to-2014",
    )


def test_the_latest_year_is_one_that_half_of_the_councils_have() -> None:
    [panel], _, _ = make_real_panels({**YEARS, "2024-25": [1.0, 2.0]})
    assert panel.periods[0] == "2023-24"


def test_councils_of_a_kind_are_a_panel_by_themselves() -> None:
    areas = [make_area(n) for n in (1, 2, 3)] + [make_area(n, AreaClass.DISTRICT) for n in (4, 5, 6)]
    metric = make_metric(unit="percent", comparable_within="class")
    rows = [{"area_code": area.code, "value": float(place)} for place, area in enumerate(areas)]
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    classes = {area.code: str(area.area_class) for area in areas}
    district, unitary = make_panels(figures, summaries, {metric.key: metric}, classes, {})
    assert (district.pool, district.values.tolist()) == ("district", [[3, 4, 5]])
    assert (unitary.pool, unitary.values.tolist()) == ("unitary", [[0, 1, 2]])


def test_the_only_council_of_its_kind_takes_no_part_and_leaves_the_places_of_others_alone() -> None:
    areas = [make_area(1, AreaClass.CITY_OF_LONDON), *(make_area(n) for n in (2, 3, 4))]
    metric = make_metric(unit="percent")
    rows = [{"area_code": area.code, "value": value} for area, value in zip(areas, (4.0, 3.0, 2.0, 1.0), strict=True)]
    figures, summaries = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS)
    classes = {area.code: str(area.area_class) for area in areas}
    [panel] = make_panels(figures, summaries, {metric.key: metric}, classes, {})
    assert panel.area_codes == tuple(area.code for area in areas[1:])
    assert panel.places.tolist() == [[0.5, 0.75, 1.0]]


def test_notes_break_the_series_or_leave_a_year_out() -> None:
    notes = {
        "moots-held": [("2021-22", NoteKind.METHOD, "Counted anew."), ("2020-21", NoteKind.COVID, "Nobody could meet.")]
    }
    [panel], _, _ = make_real_panels(YEARS, notes=notes)
    assert panel.stretches == (1, 1, 1, 0, 0)
    assert panel.is_left_out == (False, False, False, True, False)


def test_a_window_is_of_four_years_to_five_values() -> None:
    panel = make_panel(list_ordinary(8))
    assert panel.choose_window() == (0, 1, 2, 3, 4)
    assert panel.choose_window(2) == (2, 3, 4, 5, 6)
    assert panel.choose_window(4) == (4, 5, 6, 7)
    assert panel.choose_window(5) is None


def test_a_window_does_not_end_in_a_year_that_is_left_out() -> None:
    panel = make_panel(list_ordinary(6), is_left_out=(True, False, False, False, False, False))
    assert panel.choose_window() is None
    assert panel.choose_window(1) == (1, 2, 3, 4, 5)


def test_a_window_ends_at_a_break() -> None:
    panel = make_panel(list_ordinary(7), stretches=(1, 1, 1, 0, 0, 0, 0))
    assert panel.choose_window() is None
    assert panel.choose_window(3) == (3, 4, 5, 6)
