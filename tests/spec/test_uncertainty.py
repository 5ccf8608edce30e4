"""The rules of `docs/methods/uncertainty.md`, each example checked against the code, in plain Python and in arrays."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from moothall.analysis.certainty import find_chances
from moothall.analysis.certainty import hold_together as hold_arrays_together
from moothall.analysis.history import find_errors
from moothall.analysis.intervals import count_limits, difference_limits, wilson
from moothall.analysis.shrinkage import find_distances, find_spread, rank_with_chance
from moothall.core.differences import hold_together, share_spread
from moothall.core.statistics import median, median_absolute_deviation
from tests.analysis.pool import make_current, make_metric
from tests.differing import find_plain_chance
from tests.spec.examples import Examples

PAGE = Examples("uncertainty.md")


def numbers(text: str) -> list[float]:
    return [float("nan") if part == "-" else float(part) for part in text.split()]


def near(*expected: str, places: int) -> object:
    return pytest.approx(
        [float(each) if each != "-" else float("nan") for each in expected], abs=0.5 * 10**-places + 1e-9, nan_ok=True
    )


def test_the_page_has_every_table() -> None:
    named = PAGE.named
    tables = "wilson, events, two shares, history, difference, held together, trials, heterogeneity, shrinkage, funnel"
    assert named == set(tables.split(", "))


@pytest.mark.parametrize(("cases", "base", "lower", "upper"), PAGE.of("wilson"))
def test_wilson(cases: str, base: str, lower: str, upper: str) -> None:
    assert [100 * float(limit) for limit in wilson(float(cases), float(base))] == near(lower, upper, places=2)


@pytest.mark.parametrize(("events", "lower", "upper"), PAGE.of("events"))
def test_events(events: str, lower: str, upper: str) -> None:
    assert [float(limit) for limit in count_limits(float(events))] == near(lower, upper, places=4)


@pytest.mark.parametrize(("cases", "base", "other_cases", "other_base", "lower", "upper"), PAGE.of("two shares"))
def test_two_shares(cases: str, base: str, other_cases: str, other_base: str, lower: str, upper: str) -> None:
    found = difference_limits(*(float(each) for each in (cases, base, other_cases, other_base)))
    assert [float(limit) for limit in found] == near(lower, upper, places=4)


@pytest.mark.parametrize(("values", "decimals", "error", "degrees"), PAGE.of("history"))
def test_history(values: str, decimals: str, error: str, degrees: str) -> None:
    """A bar stands for a break, brackets are around a year of the pandemic."""
    parts = values.replace("\\|", "| ").replace("|  ", "| ").split()
    rows, breaks, covid, year = [], set(), set(), 2010
    for part in parts:
        period = str(year)
        if part == "|":
            breaks.add(period)
            continue
        if part.startswith("("):
            covid.add(period)
        if part != "-":
            rows.append({"area_code": "E06900001", "period": period, "value": float(part.strip("()"))})
        year += 1
    metric = make_metric(places=int(decimals))
    latest = pl.DataFrame({"metric_key": [metric.key], "breakdown": ["all"], "period": [rows[-1]["period"]]})
    found = find_errors(
        make_current(rows),
        latest,
        {metric.key: metric},
        {metric.key: frozenset(breaks)},
        {metric.key: frozenset(covid)},
    )
    if error == "-":
        assert found.is_empty()
    else:
        assert found["error"].to_list() == [pytest.approx(float(error), abs=0.00006)]
        assert found["degrees"].to_list() == [int(degrees)]


@pytest.mark.parametrize(("value", "error", "degrees", "others", "pool", "p"), PAGE.of("difference"))
def test_difference(value: str, error: str, degrees: str, others: str, pool: str, p: str) -> None:
    among, pooled = numbers(others), float(pool)
    freedom = None if degrees == "-" else int(degrees)
    found = None if error == "-" else find_plain_chance(float(value), float(error), among, pooled, freedom)
    assert found == (None if p == "-" else pytest.approx(float(p), abs=0.00006))
    spread = share_spread(median_absolute_deviation(among), len(among), pooled)
    arrays = [
        np.array([each], dtype=float)
        for each in (float(value) - median(among), *numbers(error), spread, len(among), *numbers(degrees))
    ]
    assert find_chances(*arrays).tolist() == [pytest.approx(np.nan if found is None else found, nan_ok=True)]


@pytest.mark.parametrize(("p", "q"), PAGE.of("held together"))
def test_held_together(p: str, q: str) -> None:
    assert hold_arrays_together(np.array(numbers(p))).tolist() == near(*q.split(), places=4)
    known = [each for each in numbers(p) if each == each]
    assert hold_together(known) == near(*(each for each in q.split() if each != "-"), places=4)


@pytest.mark.parametrize(("q", "variance", "centre", "error"), PAGE.of("heterogeneity"))
def test_heterogeneity(q: str, variance: str, centre: str, error: str) -> None:
    ill, well, other_ill, other_well = np.array([[float(each) for each in row[1:]] for row in PAGE.read("trials")]).T
    risks = np.log((ill / (ill + well)) / (other_ill / (other_ill + other_well)))
    errors = np.sqrt(1 / ill - 1 / (ill + well) + 1 / other_ill - 1 / (other_ill + other_well))
    found = find_spread(risks, errors)
    assert round(found.heterogeneity, 4) == float(q)
    assert [round(each, 6) for each in (found.variance, found.centre, found.centre_error)] == [
        float(variance),
        float(centre),
        float(error),
    ]


@pytest.mark.parametrize(("values", "errors", "better", "expected", "low", "high"), PAGE.of("shrinkage"))
def test_shrinkage(values: str, errors: str, better: str, expected: str, low: str, high: str) -> None:
    sign = 1 if better == "higher" else -1
    found = rank_with_chance(np.array(numbers(values)), np.array(numbers(errors)), sign)
    assert found.expected.tolist() == pytest.approx(numbers(expected), abs=0.0005)
    assert found.low.tolist() == numbers(low)
    assert found.high.tolist() == numbers(high)


@pytest.mark.parametrize(("values", "errors", "target", "distances"), PAGE.of("funnel"))
def test_funnel(values: str, errors: str, target: str, distances: str) -> None:
    found = find_distances(np.array(numbers(values)), np.array(numbers(errors)), float(target))
    assert found.tolist() == pytest.approx(numbers(distances), abs=0.005)
