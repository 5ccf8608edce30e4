"""Certainty of whole slices: whose error is known, who differs, whose rank is sure; the same as in plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from moothall.analysis.certainty import find_certainties
from moothall.analysis.counted import add_intervals, find_counts
from moothall.analysis.position import position
from moothall.core.areas import AreaClass
from moothall.core.definitions import Metric
from moothall.core.differences import hold_together
from moothall.core.frames import CERTAINTIES, NEIGHBOURS
from moothall.core.latest import find_latest
from moothall.core.statistics import median_absolute_deviation
from moothall.core.values import Polarity
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_metric, make_register
from tests.differing import find_plain_chance

YEARS = ("2018-19", "2019-20", "2020-21", "2021-22", "2022-23", "2023-24")
NOBODY = pl.DataFrame(schema=NEIGHBOURS)
PUBLISHED = make_metric(unit="percent", interval="published")


def code(number: int) -> str:
    return f"E069{number:05d}"


def make_neighbours(lists: Mapping[int, Sequence[int]]) -> pl.DataFrame:
    rows = [
        ("open_general", "2024", code(area), place, code(each), float(place), None, None, None)
        for area, several in lists.items()
        for place, each in enumerate(several, 1)
    ]
    return pl.DataFrame(rows, schema=NEIGHBOURS, orient="row")


def find(
    rows: Sequence[dict[str, Any]],
    *metrics: Metric,
    count: int,
    neighbours: pl.DataFrame = NOBODY,
    breaks: Sequence[str] = (),
    covid: Sequence[str] = (),
    districts: int = 0,
) -> pl.DataFrame:
    """Certainties of so many councils, the last of them districts."""
    of_class = [AreaClass.UNITARY] * (count - districts) + [AreaClass.DISTRICT] * districts
    register = make_register([make_area(place, each) for place, each in enumerate(of_class, 1)])
    by_key = {metric.key: metric for metric in metrics}
    current = make_current(rows or publish([1])).head(len(rows))
    counts = find_counts(current, by_key)
    current = add_intervals(current, counts, by_key)
    figures, summaries = position(current, by_key, register, FUNCTIONS, neighbours=neighbours)
    notes = [{key: frozenset(periods) for key in by_key} for periods in (breaks, covid)]
    found = find_certainties(figures, summaries, counts, by_key, register, FUNCTIONS, neighbours, *notes)
    assert found.schema == pl.Schema(CERTAINTIES)
    return found


def observe(number: int, value: float | None, half: float | None = None, **more: Any) -> dict[str, Any]:
    limits = {} if half is None or value is None else {"lower": value - half, "upper": value + half}
    return {"area_code": code(number), "value": value, **limits, **more}


def publish(values: Sequence[float | None], half: float | None = 1.96) -> list[dict[str, Any]]:
    """A value and its limits for each council, all with a standard error of one."""
    return [
        observe(number, value, half, marker=None if value is not None else "suppressed")
        for number, value in enumerate(values, 1)
    ]


def test_published_limits_give_the_error() -> None:
    found = find(publish([10, 20, 30, 40]), PUBLISHED, count=4)
    assert found["error"].to_list() == pytest.approx([1.0] * 4)
    assert set(found["error_basis"]) == {"published"}
    assert found["degrees"].null_count() == found["cases"].null_count() == 4


def test_every_chance_is_the_same_in_plain_numbers() -> None:
    """England, the class and the neighbours of 30 councils, some withheld, by both implementations."""
    rng = np.random.default_rng(7)
    values = [None if number in {3, 11} else float(round(rng.normal(50, 10), 1)) for number in range(30)]
    lists = {
        number: [each for each in range(1, 31) if each != number][number % 10 : number % 10 + 8]
        for number in range(1, 29)
    }
    found = find(publish(values, 4.0), PUBLISHED, count=30, neighbours=make_neighbours(lists), districts=10)
    held = {code(number): value for number, value in enumerate(values, 1) if value is not None}
    assert found["area_code"].to_list() == sorted(held)
    classes = [[held[code(n)] for n in span if code(n) in held] for span in (range(1, 21), range(21, 31))]
    everyone = list(held.values())
    spread = median_absolute_deviation(everyone)
    for row in found.iter_rows(named=True):
        number, error = int(row["area_code"][4:]), 8.0 / 3.92
        own = classes[number > 20]
        near = [held[code(each)] for each in lists.get(number, ()) if code(each) in held]
        plain = [
            find_plain_chance(held[row["area_code"]], error, others, pool)
            for others, pool in ((everyone, spread), (own, median_absolute_deviation(own)))
        ]
        assert [row["p_england"], row["p_class"]] == pytest.approx(plain)
        expected = find_plain_chance(held[row["area_code"]], error, near, spread) if near else None
        assert row["p_neighbours"] == (None if expected is None else pytest.approx(expected))
    for scope in ("england", "class", "neighbours"):
        known = found.drop_nulls(f"p_{scope}")
        assert known[f"q_{scope}"].to_list() == pytest.approx(hold_together(known[f"p_{scope}"].to_list()))


@pytest.mark.parametrize(("listed", "has"), [([2, 3, 4], True), ([2, 3], False), ([2, 3, 4, 7, 8, 9, 10], False)])
def test_neighbours_count_from_three_and_half_of_the_list(listed: list[int], has: bool) -> None:
    """Councils 7 to 10 have no value."""
    values = [10, 20, 30, 40, 50, 60, None, None, None, None]
    found = find(publish(values), PUBLISHED, count=10, neighbours=make_neighbours({1: listed}))
    assert (found["p_neighbours"][0] is not None) is has


def grow(number: int, values: Sequence[float], periods: Sequence[str] = YEARS) -> list[dict[str, Any]]:
    return [observe(number, value, period=period) for value, period in zip(values, periods, strict=True)]


def test_without_an_interval_history_says_how_sure_a_figure_is() -> None:
    rows = [row for n in range(1, 6) for row in grow(n, [n, n + 1, n, n + 2, n + 1, n + 2.0])]
    found = find(rows, make_metric(), count=5)
    assert set(found["period"]) == {"2023-24"}
    assert set(found["error_basis"]) == {"history"}
    assert set(found["degrees"]) == {4}
    flat = find([*rows[:24], *grow(5, [7.0] * 6)], make_metric(), count=5)
    assert flat["area_code"].to_list() == [code(n) for n in range(1, 5)]


@pytest.mark.parametrize(("breaks", "covid"), [(["2021-22"], []), ([], ["2020-21", "2021-22"])])
def test_history_keeps_to_one_stretch_of_usual_years(breaks: list[str], covid: list[str]) -> None:
    rows = [row for n in range(1, 6) for row in grow(n, [n, n + 1, n, n + 2, n + 1, n + 2.0])]
    assert find(rows, make_metric(), count=5, breaks=breaks, covid=covid).is_empty()


def test_a_figure_that_should_have_an_interval_is_not_made_sure_by_its_history() -> None:
    rows = [row for n in range(1, 6) for row in grow(n, [n, n + 1, n, n + 2, n + 1, n + 2.0])]
    limited = [row | ({"lower": 0.0, "upper": 9.0} if row["area_code"] != code(5) else {}) for row in rows]
    assert find(limited, PUBLISHED, count=5)["area_code"].to_list() == [code(n) for n in range(1, 5)]


def test_counts_give_the_error_the_cases_and_the_place_in_the_funnel() -> None:
    rate = make_metric(key="late", unit="percent", interval="wilson", counts={"denominator": "held"})
    held = make_metric(key="held", polarity=Polarity.NONE)
    shares = [10.0] * 6 + [12.0, 8.0, 40.0]
    rows = [
        row
        for number, share in enumerate(shares, 1)
        for row in (observe(number, share, metric_key="late"), observe(number, 200.0, metric_key="held"))
    ]
    found = find(rows, rate, held, count=9).filter(metric_key="late")
    assert set(found["error_basis"]) == {"wilson"}
    assert set(found["cases"]) == {200.0}
    pooled = sum(shares) / 900
    plain = 2 * np.sqrt(200) * (np.arcsin(np.sqrt(np.array(shares) / 100)) - np.arcsin(np.sqrt(pooled)))
    signs = np.sign(found["funnel"].to_numpy())
    assert signs.tolist() == np.sign(plain).tolist()
    assert found["funnel"].abs().arg_max() == 8
    assert abs(found["funnel"][8]) > 3.09


def test_of_events_few_are_exact() -> None:
    rate = make_metric(key="fines", unit="per_1000", interval="byar", counts={"numerator": "given"})
    given = make_metric(key="given", polarity=Polarity.NONE)
    rows = [
        row
        for number, events in enumerate((0, 4, 40, 400), 1)
        for row in (observe(number, events / 10, metric_key="fines"), observe(number, events, metric_key="given"))
    ]
    found = find(rows, rate, given, count=4).filter(metric_key="fines")
    # A rate of no events says nothing of what it is a rate of.
    assert found["area_code"].to_list() == [code(2), code(3), code(4)]
    assert found["cases"].to_list() == [4, 40, 400]
    assert (found["error"] / found["cases"]).is_sorted(descending=True)


def test_ranks_are_sure_only_where_errors_are_known_of_most() -> None:
    values = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 100]
    found = find(publish(values), PUBLISHED, count=10)
    assert found["rank_low"].to_list() == found["rank_high"].to_list() == list(range(10, 0, -1))
    assert found["chance_top"].to_list() == [0.0] * 9 + [1.0]
    assert found["chance_bottom"].to_list() == [1.0] + [0.0] * 9
    some = [
        *publish(values)[:6],
        *(row | {"area_code": code(7 + n)} for n, row in enumerate(publish(values[6:], None))),
    ]
    assert find(some, PUBLISHED, count=10)["rank_low"].null_count() == 0
    few = [*some[:5], some[5] | {"lower": None, "upper": None}, *some[6:]]
    assert find(few, PUBLISHED, count=10)["rank_low"].null_count() == 5


@pytest.mark.parametrize(("polarity", "lever"), [(Polarity.NONE, "direct"), (Polarity.HIGHER, "contextual")])
def test_where_no_direction_is_better_nobody_is_ranked(polarity: Polarity, lever: str) -> None:
    metric = make_metric(polarity, unit="percent", interval="published", lever=lever)
    found = find(publish([10, 20, 30, 40]), metric, count=4)
    ranked = found.select("expected", "rank_low", "rank_high", "chance_top", "chance_bottom")
    assert all(column.null_count() == 4 for column in ranked)
    assert found["p_england"].null_count() == 0


def test_what_is_compared_only_in_its_class_is_ranked_there() -> None:
    metric = make_metric(unit="percent", interval="published", comparable_within="class")
    found = find(publish([10, 20, 30, 40, 50, 60, 70, 80]), metric, count=8, districts=4)
    assert found["rank_low"].to_list() == [4, 3, 2, 1, 4, 3, 2, 1]


def test_totals_have_no_place_in_a_funnel() -> None:
    assert find(publish([10, 20, 30, 400]), make_metric(interval="published"), count=4)["funnel"].null_count() == 4
    assert find(publish([10, 20, 30, 400]), PUBLISHED, count=4)["funnel"].null_count() == 0


@pytest.mark.parametrize("values", [[10.0], [10.0, 20.0]], ids=["one council", "two"])
def test_too_few_are_not_compared(values: list[float]) -> None:
    found = find(publish(values), PUBLISHED, count=len(values))
    said = found.drop("metric_key", "breakdown", "period", "area_code", "error", "error_basis")
    assert all(column.null_count() == len(values) for column in said)


def test_all_equal_differ_by_nothing() -> None:
    found = find(publish([5.0] * 6), PUBLISHED, count=6)
    assert found["p_england"].to_list() == found["q_england"].to_list() == [1.0] * 6
    assert found["funnel"].to_list() == [0.0] * 6
    assert (found["rank_low"].to_list(), found["rank_high"].to_list()) == ([1] * 6, [6] * 6)


def test_with_no_spread_only_its_own_error_counts() -> None:
    found = find(publish([5.0] * 5 + [9.0]), PUBLISHED, count=6)
    assert found["p_england"][5] == pytest.approx(6.3e-5, abs=1e-6)


def test_what_is_not_compared_has_no_certainty() -> None:
    rows = publish([10, 20, 30, 40, 50])
    rows[4]["marker"] = "other_basis"
    assert code(5) not in find(rows, PUBLISHED, count=5)["area_code"].to_list()


def test_judgements_have_none() -> None:
    metric = make_metric(polarity=Polarity.NONE, unit="judgement", places=0)
    rows = [row for n in range(1, 6) for row in grow(n, [1.0, 2, 3, 1, 2, 4])]
    assert find(rows, metric, count=5).is_empty()


def test_nothing_gives_nothing() -> None:
    assert find([], PUBLISHED, count=3).is_empty()


def test_under_no_difference_one_in_twenty_seems_different_and_none_does_among_all() -> None:
    """Councils that only chance tells apart: 5 % have p below 0.05 by their history of six years, and q holds them."""
    rng = np.random.default_rng(11)
    shown, flagged = [], 0
    for _ in range(4):
        rows = [row for n in range(1, 101) for row in grow(n, [float(v) for v in rng.normal(50, 4, 6)])]
        found = find(rows, make_metric(places=3), count=100)
        shown.append((found["p_england"] < 0.05).mean())
        flagged += int((found["q_england"] < 0.05).sum())
    assert np.mean(shown) == pytest.approx(0.05, abs=0.03)  # type: ignore[arg-type]
    assert flagged <= 2


def test_the_latest_period_is_the_newest_that_half_have() -> None:
    rows = [
        *publish([1, 2, 3, 4]),
        *(row | {"period": "2024-25"} for row in publish([1, 2, None, None])),
        *(row | {"period": "2025-26"} for row in publish([1, None, None, None])),
    ]
    register = make_register([make_area(number) for number in range(1, 5)])
    _, summaries = position(make_current(rows), {PUBLISHED.key: PUBLISHED}, register, FUNCTIONS)
    assert find_latest(summaries)["period"].to_list() == ["2024-25"]
