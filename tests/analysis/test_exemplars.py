"""Exemplars: who is among the top tenth, whose change is listed, and how the lists are checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from moothall.analysis.changes import open_windows
from moothall.analysis.exemplar_checks import KEPT, check_exemplars, look_back, shuffle
from moothall.analysis.exemplars import find_exemplars, find_topic_exemplars, find_tops
from moothall.core.frames import CERTAINTIES, EXEMPLARS, FIGURES
from moothall.core.values import Polarity
from tests.analysis.panel import ORDINARY, list_ordinary, make_panel, make_real_panels, set_among, turn
from tests.analysis.pool import make_metric

NO_FIGURES, UNKNOWN = pl.DataFrame(schema=FIGURES), pl.DataFrame(schema=CERTAINTIES)
METRIC = make_metric(unit="percent")
LAST = f"E069{ORDINARY:05d}"


def find(*panels: Any, metrics: dict[str, Any] | None = None) -> list[tuple[str, str, bool]]:
    """Kind, area and whether it is provisional, of every exemplar of made-up panels."""
    keys = {panel.metric_key: METRIC for panel in panels}
    found = find_exemplars(panels, NO_FIGURES, metrics or keys, UNKNOWN, {})
    return found.select("kind", "area_code", "is_provisional").rows()


def list_tops(values: dict[str, list[float | None]], **more: Any) -> list[str]:
    metric = more.pop("metric", METRIC)
    panels, figures, _ = make_real_panels(values, metric)
    return [row["area_code"] for row in find_tops(panels, figures, {metric.key: metric}, more.get("chances", UNKNOWN))]


def climb(first: float, many: int = 20) -> list[float | None]:
    """Twenty councils from 1 to 20; the first has another value."""
    return [first, *(float(number) for number in range(2, many + 1))]


def test_an_improver_has_both_ends_of_its_window_and_what_others_came_to() -> None:
    panel = set_among([40, 41, 50, 60, 61])
    [row] = find_exemplars([panel], NO_FIGURES, {METRIC.key: METRIC}, UNKNOWN, {}).rows(named=True)
    assert (row["kind"], row["area_code"], row["pool"]) == ("improver", LAST, "england")
    assert (row["first"], row["period"]) == ("2019-20", "2023-24")
    assert (row["value_before"], row["value_after"]) == (40.5, 60.5)
    assert row["expected"] == pytest.approx(40.5, abs=1)
    assert row["residual"] > 2.5
    assert row["q"] < 0.1


def test_it_is_provisional_until_the_year_before_shows_the_same() -> None:
    assert find(set_among([40, 41, 40, 41, 60, 61])) == [("improver", LAST, True)]
    assert find(set_among([40, 41, 40, 60, 61, 60])) == [("improver", LAST, False)]


def test_who_left_the_last_quarter_and_is_not_at_the_middle_has_recovered() -> None:
    assert find(set_among([10, 11, 20, 37, 38])) == [("recovery", LAST, True)]


def test_a_setback_has_a_residual_below_nought() -> None:
    panel = turn(set_among([40, 41, 50, 60, 61]))
    rows = find_exemplars([panel], NO_FIGURES, {METRIC.key: METRIC}, UNKNOWN, {})
    assert rows.select("kind", "value_after").rows() == [("improver", 39.5)]
    panel = set_among([60, 59, 50, 40, 39])
    [row] = find_exemplars([panel], NO_FIGURES, {METRIC.key: METRIC}, UNKNOWN, {}).rows(named=True)
    assert row["kind"] == "setback"
    assert row["residual"] < -2.5


def test_the_frame_is_the_same_whatever_the_order_of_panels() -> None:
    panels = [set_among([40, 41, 50, 60, 61], metric_key=f"moots-{number}") for number in range(3)]
    metrics = {panel.metric_key: METRIC for panel in panels}
    forth = find_exemplars(panels, NO_FIGURES, metrics, UNKNOWN, {})
    assert forth.equals(find_exemplars(panels[::-1], NO_FIGURES, metrics, UNKNOWN, {}))
    assert dict(forth.schema) == {
        name: dtype() if isinstance(dtype, type) else dtype for name, dtype in EXEMPLARS.items()
    }


def test_the_best_tenth_in_three_of_four_years_the_latest_among_them() -> None:
    years = ("2020-21", "2021-22", "2022-23", "2023-24")
    top, low = climb(30.0), climb(1.0)
    assert list_tops(dict(zip(years, (top, top, top, top), strict=True))) == ["E06900001", "E06900020"]
    assert list_tops(dict(zip(years, (top, low, top, top), strict=True))) == ["E06900001", "E06900020"]
    assert list_tops(dict(zip(years, (low, low, top, top), strict=True))) == ["E06900020"]
    assert list_tops(dict(zip(years, (top, top, top, low), strict=True))) == ["E06900020"]


def test_two_years_are_not_three() -> None:
    assert list_tops({"2022-23": climb(30.0), "2023-24": climb(30.0)}) == []


def test_those_who_tie_are_in_the_tenth_together_or_not_at_all() -> None:
    tied: list[float | None] = [100.0, 100.0, 100.0, *(float(number) for number in range(17))]
    years = ("2021-22", "2022-23", "2023-24")
    assert list_tops(dict.fromkeys(years, tied)) == []
    tied[2] = 50.0
    assert list_tops(dict.fromkeys(years, tied)) == ["E06900001", "E06900002"]


def test_lower_may_be_better() -> None:
    values = dict.fromkeys(("2021-22", "2022-23", "2023-24"), climb(0.5))
    assert list_tops(values, metric=make_metric(Polarity.LOWER, unit="percent")) == ["E06900001", "E06900002"]


@pytest.mark.parametrize(("absent", "listed"), [(4, 1), (5, 0)])
def test_four_fifths_of_the_councils_have_a_value(absent: int, listed: int) -> None:
    values = [*climb(30.0)[: 20 - absent], *([None] * absent)]
    assert len(list_tops(dict.fromkeys(("2021-22", "2022-23", "2023-24"), values))) == listed


def chance(area: str, value: float | None) -> pl.DataFrame:
    row = dict.fromkeys(CERTAINTIES) | {
        "metric_key": "moots-held",
        "breakdown": "all",
        "period": "2023-24",
        "area_code": area,
        "chance_top": value,
    }
    return pl.DataFrame([row], schema=CERTAINTIES)


@pytest.mark.parametrize(
    ("area", "value", "listed"),
    [
        ("E06900020", 0.79, ["E06900001"]),
        ("E06900020", 0.8, ["E06900001", "E06900020"]),
        ("E06900020", None, ["E06900001", "E06900020"]),
        ("E06900005", 0.9, ["E06900001", "E06900005", "E06900020"]),
    ],
)
def test_where_a_chance_is_known_it_decides(area: str, value: float | None, listed: list[str]) -> None:
    values = dict.fromkeys(("2021-22", "2022-23", "2023-24"), climb(30.0))
    assert list_tops(values, chances=chance(area, value)) == listed


@pytest.mark.parametrize(
    ("denominators", "is_listed"),
    [((100, 100, 100), True), ((100, 100, 125), True), ((100, 100, 126), False), ((100, 100, 74), False)],
)
def test_a_denominator_that_moved_by_more_than_a_quarter_is_asked_about(
    denominators: tuple[float, ...], is_listed: bool
) -> None:
    rate = make_metric(unit="percent", adds_up={"numerator": "moots-kept", "denominator": "moots-called"})
    years = ("2021-22", "2022-23", "2023-24")
    panels, figures, _ = make_real_panels(dict.fromkeys(years, climb(30.0)), rate)
    below = figures.with_columns(metric_key=pl.lit("moots-called"), value=pl.lit(50.0))
    moved = below.with_columns(
        value=pl.when(pl.col("area_code") == "E06900001")
        .then(pl.col("period").replace_strict(dict(zip(years, map(float, denominators), strict=True))))
        .otherwise("value")
    )
    found = find_tops(panels, pl.concat([figures, moved]), {rate.key: rate}, UNKNOWN)
    assert ("E06900001" in {row["area_code"] for row in found}) is is_listed


def make_topic(values: dict[str, list[float]], kinds: dict[str, str]) -> list[tuple[str, str, int, int, int]]:
    """Topic exemplars of metrics that keep the same values for three years."""
    panels, figures, metrics = [], [], {}
    for key, own in values.items():
        metrics[key] = make_metric(key=key, unit="percent", kind=kinds.get(key, "outcome"))
        years: dict[str, Any] = dict.fromkeys(("2021-22", "2022-23", "2023-24"), own)
        made, rows, _ = make_real_panels(years, metrics[key])
        panels += made
        figures.append(rows)
    together = pl.concat(figures)
    tops = find_exemplars(panels, together, metrics, UNKNOWN, {})
    return find_topic_exemplars(tops, panels, together, metrics).rows()


def test_three_metrics_of_a_topic_one_an_outcome_and_none_in_the_last_quarter() -> None:
    top, middle, low = ([value, *(float(number) for number in range(2, 21))] for value in (30.0, 10.5, 1.0))
    three = {"moots-a": top, "moots-b": top, "moots-c": top}
    assert ("moots", "E06900001", 3, 3, 3) in make_topic(three, {})
    assert ("moots", "E06900001", 3, 3, 4) in make_topic({**three, "moots-d": middle}, {})
    outputs = dict.fromkeys(three, "output")
    assert make_topic(three, outputs) == []
    assert ("moots", "E06900001", 3, 1, 3) in make_topic(three, outputs | {"moots-b": "outcome"})
    assert "E06900001" not in {row[1] for row in make_topic({**three, "moots-d": low}, {})}
    assert make_topic({"moots-a": top, "moots-b": top, "moots-c": middle}, {})[0][1] == "E06900020"


def draw_null(many: int, seed: int, councils: int = 100, years: int = 5) -> list[Any]:
    """Panels in which every council wavers around a level of its own, some more than others, and nothing happens."""
    random = np.random.default_rng(seed)
    panels = []
    for number in range(many):
        noise = 1.0 / np.sqrt(random.gamma(2.0, 1.0, councils))
        values = random.normal(50, 8, councils) + noise * random.normal(size=(years, councils))
        panels.append(make_panel(values, metric_key=f"null-{number}"))
    return panels


def test_shuffled_years_rarely_give_a_flag() -> None:
    checks = check_exemplars(draw_null(20, 1), {}, shuffles=20)
    assert checks.get_column("changes").to_list() == [100] * 20
    assert checks.get_column("shuffles_flagged").sum() < 0.10 * 20 * 20


def test_shuffling_keeps_each_councils_values_and_is_the_same_each_time() -> None:
    [window] = open_windows([set_among([40, 41, 50, 60, 61])], 0, {})
    shuffled = shuffle(window, 7)
    assert shuffled.values.shape == (7, 5, ORDINARY + 1)
    middle = np.median(window.values, axis=1, keepdims=True)
    expected = np.sort(window.values - middle, axis=0)
    for each in shuffled.values:
        assert np.sort(each, axis=0) == pytest.approx(expected)
    assert np.array_equal(shuffled.values, shuffle(window, 7).values)
    assert not np.array_equal(shuffled.values[0], shuffled.values[1])


def test_the_same_panels_give_the_same_checks() -> None:
    panels = draw_null(3, 2)
    assert check_exemplars(panels, {}, shuffles=5).equals(check_exemplars(panels[::-1], {}, shuffles=5))


@pytest.mark.parametrize(("two_years_later", "kept"), [(61.0, 1), (51.0, 1), (48.0, 0), (41.0, 0)])
def test_what_became_of_an_earlier_flag(two_years_later: float, kept: int) -> None:
    panel = set_among([40, 41, 41, 60, 61, 60, two_years_later])
    [outlasted] = look_back([panel], {}).values()
    assert (outlasted.flags, outlasted.kept) == (1, kept)
    windows = 2  # of five years and of four that have a year two years later
    assert outlasted.raw_flags == windows * ((ORDINARY + 1) // 10)
    assert KEPT == 0.5


def test_an_earlier_flag_whose_council_has_no_later_value_is_not_followed() -> None:
    panel = set_among([40, 41, 41, 60, 61, 60, np.nan])
    [outlasted] = look_back([panel], {}).values()
    assert (outlasted.flags, outlasted.kept) == (0, 0)


def test_a_panel_with_too_few_years_is_looked_at_for_levels_alone() -> None:
    [row] = check_exemplars([make_panel(list_ordinary(3))], {}).rows(named=True)
    assert (row["levels"], row["changes"], row["shuffles"], row["first"]) == (ORDINARY, 0, 0, None)
