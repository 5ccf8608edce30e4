"""Periods: what publishers write, the keys we give, and the days they cover."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.periods import (
    Period,
    PeriodKind,
    PeriodUnreadable,
    academic_year,
    calendar_year,
    day,
    financial_year,
    month,
    parse_key,
    quarter,
    read_period,
    rolling_year,
    wave,
    years,
)

YEARS = st.integers(1950, 2090)
MONTHS = st.integers(1, 12)
PERIODS = st.one_of(
    YEARS.map(financial_year),
    YEARS.map(calendar_year),
    YEARS.map(academic_year),
    YEARS.map(wave),
    st.builds(rolling_year, YEARS, MONTHS),
    st.builds(month, YEARS, MONTHS),
    st.builds(quarter, YEARS, st.integers(1, 4)),
    st.dates(date(1950, 1, 1), date(2090, 12, 31)).map(day),
    st.builds(lambda first, more: years(first, first + more), YEARS, st.integers(1, 5)),
)


@pytest.mark.parametrize(
    ("kind", "text", "key", "start", "end", "label"),
    [
        ("financial_year", "2023-24", "2023-24", "2023-04-01", "2024-03-31", "2023-24"),
        ("financial_year", "2023/24", "2023-24", "2023-04-01", "2024-03-31", "2023-24"),
        ("financial_year", "2023-2024", "2023-24", "2023-04-01", "2024-03-31", "2023-24"),
        ("financial_year", "2023 – 24", "2023-24", "2023-04-01", "2024-03-31", "2023-24"),
        ("financial_year", "1999-00", "1999-00", "1999-04-01", "2000-03-31", "1999-00"),
        ("financial_year", "FYE 2025", "2024-25", "2024-04-01", "2025-03-31", "2024-25"),
        ("financial_year", "2024-04-01T00:00:00/P1Y", "2024-25", "2024-04-01", "2025-03-31", "2024-25"),
        ("calendar_year", "2023", "2023", "2023-01-01", "2023-12-31", "2023"),
        ("calendar_year", "2023.0", "2023", "2023-01-01", "2023-12-31", "2023"),
        ("month", "2024-12-01/P1M", "2024-m12", "2024-12-01", "2024-12-31", "December 2024"),
        ("calendar_year", "2023-01-01/P12M", "2023", "2023-01-01", "2023-12-31", "2023"),
        ("academic_year", "2019-08-01/P1Y", "2019-20-academic", "2019-08-01", "2020-07-31", "academic year 2019/20"),
        ("academic_year", "2019-09-01/P1Y", "2019-20-academic", "2019-08-01", "2020-07-31", "academic year 2019/20"),
        ("academic_year", "201920", "2019-20-academic", "2019-08-01", "2020-07-31", "academic year 2019/20"),
        ("academic_year", "2019/20", "2019-20-academic", "2019-08-01", "2020-07-31", "academic year 2019/20"),
        (
            "rolling_year",
            "year ending September 2025",
            "to-2025-09",
            "2024-10-01",
            "2025-09-30",
            "year to September 2025",
        ),
        ("rolling_year", "Jan 2019 to Dec 2019", "to-2019-12", "2019-01-01", "2019-12-31", "year to December 2019"),
        ("rolling_year", "2024-02-01/P1Y", "to-2025-01", "2024-02-01", "2025-01-31", "year to January 2025"),
        ("rolling_year", "2023-11-16/P1Y", "to-2024-11", "2023-12-01", "2024-11-30", "year to November 2024"),
        ("rolling_year", "2012-02-01/P1Y", "to-2013-01", "2012-02-01", "2013-01-31", "year to January 2013"),
        ("quarter", "2018-06", "2018-q2", "2018-04-01", "2018-06-30", "April to June 2018"),
        ("quarter", "2024 Q1", "2024-q1", "2024-01-01", "2024-03-31", "January to March 2024"),
        ("quarter", "Apr-Jun 2024", "2024-q2", "2024-04-01", "2024-06-30", "April to June 2024"),
        ("quarter", "October to December 2024", "2024-q4", "2024-10-01", "2024-12-31", "October to December 2024"),
        ("month", "Sept 2024", "2024-m09", "2024-09-01", "2024-09-30", "September 2024"),
        ("month", "February 2024", "2024-m02", "2024-02-01", "2024-02-29", "February 2024"),
        ("day", "2021-03-21", "2021-03-21", "2021-03-21", "2021-03-21", "21 March 2021"),
        ("years", "2020 to 2022", "2020-to-2022", "2020-01-01", "2022-12-31", "2020 to 2022"),
        ("years", "2020-01-01/P5Y", "2020-to-2024", "2020-01-01", "2024-12-31", "2020 to 2024"),
        ("wave", "2021-22", "2021-22-wave", "2021-04-01", "2022-03-31", "survey of 2021-22"),
    ],
)
def test_what_publishers_write(kind: str, text: str, key: str, start: str, end: str, label: str) -> None:
    period = read_period(text, PeriodKind(kind))
    assert (period.key, period.start.isoformat(), period.end.isoformat(), period.label) == (key, start, end, label)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("financial_year", "2023-25"),
        ("financial_year", "2023"),
        ("financial_year", "2023-24 (provisional)"),
        ("financial_year", ""),
        ("financial_year", "2024-01-01/P1Y"),
        ("calendar_year", "2024-01-01/P1M"),
        ("month", "2024-01-01/P3M"),
        ("calendar_year", "2024-01-31/P1M"),
        ("calendar_year", "2024-13-01/P1Y"),
        ("academic_year", "2019-10-01/P1Y"),
        ("rolling_year", "2019-02-30/P1Y"),
        ("years", "2020-01-01/P1Y"),
        ("years", "2020-04-01/P3Y"),
        ("calendar_year", "23"),
        ("quarter", "2018-05"),
        ("academic_year", "201921"),
        ("rolling_year", "2024-13"),
        ("rolling_year", "Jan 2018 to Dec 2019"),
        ("quarter", "2024 Q5"),
        ("quarter", "January to December 2024"),
        ("quarter", "February to April 2024"),
        ("month", "Smarch 2024"),
        ("month", "Marzipan 2024"),
        ("day", "2023-02-29"),
        ("years", "2020"),
    ],
)
def test_what_is_no_period(kind: str, text: str) -> None:
    with pytest.raises(PeriodUnreadable):
        read_period(text, PeriodKind(kind))


@given(PERIODS)
def test_a_key_reads_back(period: Period) -> None:
    assert parse_key(period.key) == period
    assert "/" not in period.key
    assert period.key == period.key.lower()


@given(PERIODS)
def test_a_period_and_the_one_before_it_meet(period: Period) -> None:
    before = period.previous
    if period.kind in (PeriodKind.DAY, PeriodKind.WAVE):
        assert before is None
    else:
        assert before is not None
        assert before.kind is period.kind
        assert before.end + timedelta(days=1) == period.start


@given(st.lists(YEARS.map(financial_year), min_size=2))
def test_keys_sort_as_the_periods_do(periods: list[Period]) -> None:
    assert [period.key for period in sorted(periods)] == sorted(period.key for period in periods)


@pytest.mark.parametrize(
    "key", ["2010-12", "2010_11", "2024-Q1", "to-2024-00", "2021-02-30", "", "latest", "2022-to-2020"]
)
def test_what_is_no_key(key: str) -> None:
    with pytest.raises(PeriodUnreadable):
        parse_key(key)
