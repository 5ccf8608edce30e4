"""A figure is old when two more periods have ended since and a year has passed in which they could come out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.ages import OLD_AFTER, count_months, find_old_after, is_old
from moothall.core.definitions import Cadence

AUGUST = date(2023, 8, 31)
DAYS = st.dates(date(1990, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("cadence", "months"),
    [
        (Cadence.MONTHLY, 14),
        (Cadence.QUARTERLY, 18),
        (Cadence.YEARLY, 36),
        (Cadence.EVERY_TWO_YEARS, 60),
        (Cadence.ONE_OFF, 36),
    ],
)
def test_how_often_a_source_comes_out_decides_when_its_figures_are_old(cadence: Cadence, months: int) -> None:
    assert find_old_after(cadence.months) == months


def test_every_cadence_has_been_thought_of() -> None:
    assert len(Cadence) == 5
    assert find_old_after(Cadence.YEARLY.months) == OLD_AFTER


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (AUGUST, 0),
        (date(2023, 9, 30), 0),
        (date(2023, 10, 1), 1),
        (date(2024, 8, 30), 11),
        (date(2024, 8, 31), 12),
        (date(2023, 8, 30), -1),
    ],
)
def test_months_are_whole(day: date, months: int) -> None:
    assert count_months(AUGUST, day) == months


@given(ended=DAYS, days=st.integers(0, 4000), old_after=st.integers(1, 60))
def test_what_is_old_stays_old(ended: date, days: int, old_after: int) -> None:
    day = ended + timedelta(days=days)
    if is_old(ended, day, old_after):
        assert is_old(ended, day + timedelta(days=1), old_after)
        assert days >= 28 * old_after
    else:
        assert days < 31 * (old_after + 1)
