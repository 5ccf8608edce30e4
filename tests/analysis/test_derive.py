"""Metrics worked out from metrics."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from moothall.analysis.derive import derive
from moothall.core.definitions import DerivedMetric
from moothall.core.formulas import FormulaInvalid, order_by_need
from tests.analysis.pool import make_current, make_metric


def make_derived(formula: str = "100 * a / (a + b)", **more: Any) -> DerivedMetric:
    plain = make_metric().model_dump(mode="json") | {"key": "share", "inputs": {"a": "left", "b": "right"}}
    return DerivedMetric.model_validate(plain | {"formula": formula} | more)


def work_out(a: dict[str, Any] | None, b: dict[str, Any] | None, metric: DerivedMetric | None = None) -> dict[str, Any]:
    """The derived row of one council; another council has both inputs, so that the period counts."""
    rows = [{"metric_key": key, "area_code": "E06900009", "value": 1.0} for key in ("left", "right")]
    for key, given in (("left", a), ("right", b)):
        if given is not None:
            rows.append({"metric_key": key, "area_code": "E06900001", **given})
    metric = metric or make_derived()
    found = derive(make_current(rows), {metric.key: metric})
    return found.filter((pl.col("metric_key") == metric.key) & (pl.col("area_code") == "E06900001")).row(0, named=True)


def test_a_value_is_worked_out_and_known_when_its_last_input_is() -> None:
    row = work_out({"value": 1.0, "known_on": date(2024, 1, 1)}, {"value": 3.0, "known_on": date(2024, 5, 1)})
    assert (row["value"], row["marker"], row["known_on"]) == (25.0, None, date(2024, 5, 1))
    assert row["edition_key"] == "moots/2024"


def test_a_value_from_two_editions_is_of_neither() -> None:
    row = work_out({"value": 1.0, "edition_key": "moots/2023"}, {"value": 3.0})
    assert (row["value"], row["edition_key"]) == (25.0, None)


def test_a_true_zero_is_a_value() -> None:
    assert work_out({"value": 0.0}, {"value": 3.0})["value"] == 0.0


@pytest.mark.parametrize(
    ("a", "b", "marker"),
    [
        ({"value": None, "marker": "suppressed"}, {"value": 3.0}, "suppressed"),
        ({"value": 1.0}, {"value": None, "marker": "not_submitted"}, "not_submitted"),
        ({"value": None, "marker": "suppressed"}, {"value": None, "marker": "not_submitted"}, "suppressed"),
        ({"value": 1.0}, None, "not_computable"),
        (None, {"value": None, "marker": "not_submitted"}, "not_computable"),
        ({"value": 0.0}, {"value": 0.0}, "not_computable"),
        ({"value": 1.0}, {"value": -1.0}, "not_computable"),
    ],
)
def test_an_absent_input_is_never_taken_for_zero(
    a: dict[str, Any] | None, b: dict[str, Any] | None, marker: str
) -> None:
    row = work_out(a, b)
    assert (row["value"], row["marker"]) == (None, marker)


def test_an_impossible_result_is_not_shown() -> None:
    metric = make_derived(range={"min": 0})
    row = work_out({"value": -1.0}, {"value": 4.0}, metric)
    assert (row["value"], row["marker"]) == (None, "out_of_range")


def test_a_qualified_input_qualifies_the_result() -> None:
    row = work_out({"value": 1.0}, {"value": 3.0, "marker": "provisional"})
    assert (row["value"], row["marker"]) == (25.0, "provisional")


def test_that_an_input_is_not_to_be_compared_outweighs_other_markers() -> None:
    row = work_out({"value": 1.0, "marker": "provisional"}, {"value": 3.0, "marker": "other_basis"})
    assert (row["value"], row["marker"]) == (25.0, "other_basis")


def test_a_period_that_one_input_never_has_gives_no_rows() -> None:
    rows = [{"metric_key": "left", "area_code": "E06900001", "value": 1.0}]
    metric = make_derived()
    assert derive(make_current(rows), {metric.key: metric}).height == 1


def test_derived_metrics_may_rest_on_derived_metrics() -> None:
    rows = [
        {"metric_key": key, "area_code": "E06900001", "value": value} for key, value in (("left", 1.0), ("right", 3.0))
    ]
    first = make_derived(key="first")
    second = make_derived("2 * a", key="second", inputs={"a": "first"})
    found = derive(make_current(rows), {"second": second, "first": first})
    assert dict(found.select("metric_key", "value").iter_rows())["second"] == 50.0


def test_derived_metrics_may_not_rest_on_one_another_in_a_circle() -> None:
    circle = {"first": ["second"], "second": ["first"]}
    with pytest.raises(FormulaInvalid, match=r"first → second → first|second → first → second"):
        order_by_need(circle)
