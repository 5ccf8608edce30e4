"""Counts behind rates: found, refused where they do not fit, and made into intervals."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from moothall.analysis.counted import add_intervals, find_counts
from moothall.analysis.intervals import rate_limits, wilson
from moothall.core.definitions import Metric
from tests.analysis.pool import make_current, make_metric

BARCHESTER = "E06900001"


def make_share(interval: str = "wilson", unit: str = "percent", **counts: str) -> Metric:
    return make_metric(key="late-share", unit=unit, interval=interval, counts=counts)


HELD = make_metric(key="held", places=0)
LATE = make_metric(key="late", places=0)


def observe(key: str, value: float | None, **more: Any) -> dict[str, Any]:
    return {"metric_key": key, "area_code": BARCHESTER, "value": value, **more}


def limit(metric: Metric, *rows: dict[str, Any]) -> list[tuple[float | None, float | None]]:
    """The limits of every row of the metric."""
    metrics = {each.key: each for each in (metric, HELD, LATE)}
    current = make_current(rows)
    limited = add_intervals(current, find_counts(current, metrics), metrics)
    assert limited.drop("lower", "upper").equals(current.drop("lower", "upper"))
    return limited.filter(metric_key=metric.key).select("lower", "upper").rows()


BOTH = make_share(numerator="late", denominator="held")


def test_a_proportion_of_what_is_counted() -> None:
    expected = tuple(100 * float(each) for each in wilson(15, 148))
    found = limit(BOTH, observe("late-share", 10.1), observe("late", 15.0), observe("held", 148.0))
    assert found == [pytest.approx(expected)]


def test_a_proportion_whose_cases_follow_from_it() -> None:
    expected = tuple(100 * float(each) for each in wilson(0.101 * 148, 148))
    assert limit(make_share(denominator="held"), observe("late-share", 10.1), observe("held", 148.0)) == [
        pytest.approx(expected)
    ]


@pytest.mark.parametrize(("value", "limits"), [(0.0, (0.0, 16.11)), (100.0, (83.89, 100.0))])
def test_none_and_all(value: float, limits: tuple[float, float]) -> None:
    found = limit(make_share(denominator="held"), observe("late-share", value), observe("held", 20.0))
    assert found == [pytest.approx(limits, abs=0.005)]


def test_a_rate_of_events() -> None:
    metric = make_share("byar", "per_1000", numerator="late")
    found = limit(metric, observe("late-share", 5.0), observe("late", 20.0))
    assert found == [pytest.approx(tuple(1000 * float(each) for each in rate_limits(20, 4000)))]


def test_no_events_have_limits_only_where_their_base_is_held() -> None:
    none = (observe("late-share", 0.0), observe("late", 0.0), observe("held", 1000.0))
    assert limit(make_share("byar", "per_1000", numerator="late"), *none) == [(None, None)]
    assert limit(make_share("byar", "per_1000", numerator="late", denominator="held"), *none) == [
        pytest.approx((0.0, 3.688879), abs=1e-6)
    ]


@pytest.mark.parametrize(("value", "has"), [(10.1, True), (10.5, True), (10.6, False), (9.0, False)])
def test_counts_that_do_not_give_the_rate_make_no_interval(value: float, has: bool) -> None:
    """15 of 148 is 10.135 %; half a case of either more or less and half the last place leave it below 10.57 %."""
    ((low, _),) = limit(BOTH, observe("late-share", value), observe("late", 15.0), observe("held", 148.0))
    assert (low is not None) is has


@pytest.mark.parametrize(
    "other",
    [
        observe("held", None),
        observe("held", 148.0, area_code="E06900002"),
        observe("held", 148.0, breakdown="by-night"),
        observe("held", 148.0, period="2022-23"),
        observe("held", 0.0),
        observe("held", 10.0),
    ],
    ids=["absent", "another council's", "of a part", "of another year", "of nobody", "of fewer than the cases"],
)
def test_without_its_own_counts_a_figure_has_no_interval(other: dict[str, Any]) -> None:
    assert limit(BOTH, observe("late-share", 10.1), observe("late", 15.0), other) == [(None, None)]


def test_a_count_on_the_last_day_of_the_year_is_the_years() -> None:
    rate = make_share(denominator="held")
    found = limit(rate, observe("late-share", 10.1, period="2024-03-31"), observe("held", 148.0, period="2023-24"))
    assert found[0][0] is not None


def test_of_two_periods_that_end_on_one_day_its_own_is_taken() -> None:
    rate = make_share(denominator="held")
    rows = (observe("held", 5.0, period="2024-q1"), observe("held", 148.0), observe("held", 3.0, period="2024-03-31"))
    assert limit(rate, observe("late-share", 10.1), *rows) == limit(
        rate, observe("late-share", 10.1), observe("held", 148.0)
    )


def test_a_publishers_limits_stay() -> None:
    metric = make_metric(key="late-share", unit="percent", interval="published")
    assert limit(metric, observe("late-share", 10.1, lower=9.0, upper=11.0)) == [(9.0, 11.0)]


def test_counts_of_what_has_no_interval_are_nobodys() -> None:
    metric = make_metric(key="late-share", unit="percent")
    current = make_current([observe("late-share", 10.1), observe("held", 148.0)])
    assert find_counts(current, {metric.key: metric, "held": HELD}).is_empty()
    assert add_intervals(current, pl.DataFrame(schema=find_counts(current, {}).schema), {}).equals(current)
