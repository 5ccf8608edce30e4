"""Roll-up on made-up ground: what adds up, what does not, and that nothing is lost or told that was withheld."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.analysis.rollup import roll_up
from moothall.core.definitions import DerivedMetric
from tests.analysis.pool import make_current, make_metric
from tests.analysis.reorganised import (
    AFTER,
    BEFORE,
    BINS,
    CARE,
    DISTRICTS,
    FUNCTIONS,
    PARTS,
    PEOPLE,
    REGISTER,
    RESERVES,
    SPENDING,
    give,
    roll,
)


def test_districts_add_up_to_what_took_their_place_and_to_their_county() -> None:
    found = roll(give("bins", {"D1": 1, "D2": 2, "D3": 4, "E1": 8, "E2": 16}), BINS)
    assert found == {
        ("bins", code, BEFORE): (value, "derived_sum")
        for code, value in {"U1": 3, "U2": 4, "C": 7, "V": 24, "K": 24, "M": 31}.items()
    }


def test_a_divided_county_gives_its_successors_nothing() -> None:
    found = roll(give("care", {"C": 10, "K": 20}), CARE)
    assert found == {("care", "V", BEFORE): (20, "derived_sum"), ("care", "M", BEFORE): (30, "derived_sum")}


def test_money_of_two_tiers_is_summed_only_where_each_has_a_share() -> None:
    values = {"C": 1, "D1": 2, "D2": 4, "D3": 8, "K": 16, "E1": 32, "E2": 64}
    found = roll(give("reserves", values) + give("spending", values), RESERVES, SPENDING)
    # The combined authority has reserves of its own by statute.
    assert found == {("reserves", "V", BEFORE): (112, "derived_sum")}


def test_what_is_nobodys_duty_is_added_up_for_counties_too() -> None:
    """A county is a place with people in it, and answers for none of them by statute."""
    found = roll(give("people", {"D1": 1, "D2": 2, "D3": 4}), PEOPLE)
    assert found["people", "C", BEFORE] == (7, "derived_sum")
    assert found["people", "U1", BEFORE] == (3, "derived_sum")


@pytest.mark.parametrize("missing", [("D1",), ("D1", "D2")])
def test_no_sum_is_partial(missing: tuple[str, ...]) -> None:
    values: dict[str, float | None] = {"D1": 1, "D2": 2, "D3": 4}
    withheld = values | dict.fromkeys(missing)
    found = roll(give("bins", withheld), BINS)
    assert found["bins", "C", BEFORE] == (None, "part_missing")
    assert found["bins", "U1", BEFORE] == (None, "part_missing")
    assert found["bins", "U2", BEFORE] == (4, "derived_sum")
    without = roll(give("bins", {code: value for code, value in values.items() if code not in missing}), BINS)
    assert ("bins", "U1", BEFORE) not in without or without["bins", "U1", BEFORE][0] is None


def test_a_part_on_another_basis_is_as_good_as_missing() -> None:
    rows = give("bins", {"D1": 1}) + give("bins", {"D2": 2}, marker="other_basis")
    assert roll(rows, BINS)["bins", "U1", BEFORE] == (None, "part_missing")


def test_what_is_published_stands() -> None:
    rows = give("bins", {"D1": 1, "D2": 2, "U1": 100}) + give("bins", {"C": 5}, AFTER)
    found = roll(rows, BINS)
    assert ("bins", "U1", BEFORE) not in found
    assert ("bins", "C", BEFORE) not in found


def test_rates_are_sums_over_sums_and_derived_metrics_are_worked_out_again() -> None:
    late = make_metric(key="late", functions=["bins"], adds_up={"sum": "lower"})
    share = make_metric(
        key="share", functions=["bins"], unit="percent", adds_up={"numerator": "late", "denominator": "bins"}
    )
    derived = DerivedMetric.model_validate(
        {**make_metric(key="again", functions=["bins"], unit="percent").model_dump(mode="json"),
         "formula": "100 * late / bins", "inputs": {"late": "late", "bins": "bins"}}
    )  # fmt: skip
    rows = give("bins", {"D1": 100, "D2": 900}) + give("late", {"D1": 50, "D2": 90})
    rows += give("share", {"D1": 50, "D2": 10}) + give("again", {"D1": 50, "D2": 10})
    found = roll(rows, BINS, late, share, derived)
    assert found["share", "U1", BEFORE] == (14, "derived_sum")
    assert found["again", "U1", BEFORE] == (14, "derived_sum")
    assert ("share", "C", BEFORE) not in found  # D3 has none


def test_a_weighted_mean_is_marked_as_rough() -> None:
    bill = make_metric(key="bill", functions=["bins"], unit="pounds", adds_up={"weight": "bins"})
    rows = give("bins", {"D1": 1, "D2": 3}) + give("bill", {"D1": 100, "D2": 200})
    assert roll(rows, BINS, bill)["bill", "U1", BEFORE] == (175, "approx_weighted")


def test_a_metric_that_says_nothing_is_not_added_up() -> None:
    assert roll(give("median-pay", {"D1": 1, "D2": 2}), make_metric(key="median-pay", functions=["bins"])) == {}


def test_nothing_adds_up_to_nothing() -> None:
    assert roll_up(make_current(give("bins", {"D1": 1})).clear(), {"bins": BINS}, PARTS, REGISTER, FUNCTIONS).is_empty()


def test_day_of_knowledge_and_edition_are_those_of_the_last_part() -> None:
    rows = give("bins", {"D1": 1}, known_on=date(2023, 6, 1)) + give(
        "bins", {"D2": 2}, known_on=date(2024, 6, 1), edition_key="moots/2025"
    )
    found = roll_up(make_current(rows), {"bins": BINS}, PARTS, REGISTER, FUNCTIONS).filter(pl.col("area_code") == "U1")
    assert found.select("known_on", "edition_key").row(0) == (date(2024, 6, 1), None)


@given(st.lists(st.integers(0, 10**6) | st.none(), min_size=5, max_size=5))
def test_nothing_is_lost_or_made(values: list[int | None]) -> None:
    """Successors together have what predecessors had, and a sum is there only when all of its parts are."""
    given_values = dict(zip((*DISTRICTS, "E1", "E2"), values, strict=True))
    found = roll(give("bins", dict(given_values)), BINS)
    sums = {code: found.get(("bins", code, BEFORE), (None, None))[0] for code in ("U1", "U2", "V", "C", "K", "M")}
    ground = {"U1": ("D1", "D2"), "U2": ("D3",), "V": ("E1", "E2"), "C": DISTRICTS, "K": ("E1", "E2")}
    for code, parts in (ground | {"M": (*DISTRICTS, "E1", "E2")}).items():
        held = [given_values[part] for part in parts]
        assert sums[code] == (None if None in held else sum(v for v in held if v is not None))
    if None not in values:
        assert sums["U1"] + sums["U2"] + sums["V"] == sums["C"] + sums["K"] == sums["M"] == sum(v or 0 for v in values)


@given(st.permutations(range(5)), st.lists(st.floats(0, 1e6), min_size=5, max_size=5))
def test_the_order_of_rows_does_not_matter(order: list[int], values: list[float]) -> None:
    rows = give("bins", dict(zip((*DISTRICTS, "E1", "E2"), values, strict=True)))
    assert roll([rows[place] for place in order], BINS) == roll(rows, BINS)
