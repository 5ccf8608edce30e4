"""Which edition's value stands, and what was known when."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from moothall.analysis.current import as_known_on, choose_current
from tests.analysis.pool import make_current

DAYS = st.dates(date(2020, 1, 1), date(2020, 12, 31))


@st.composite
def observations(draw: st.DrawFn) -> pl.DataFrame:
    """Observations of two areas and periods in up to five editions, some withdrawn."""
    days = draw(st.lists(DAYS, min_size=1, max_size=5, unique=True))
    rows = []
    for number, day in enumerate(days):
        for area in ("E06900001", "E06900002"):
            for period in ("2018-19", "2019-20"):
                if draw(st.booleans()):
                    value = draw(st.none() | st.floats(-1e6, 1e6))
                    rows.append(
                        {
                            "area_code": area,
                            "period": period,
                            "value": value,
                            "marker": None if value is not None else "suppressed",
                            "edition_key": f"moots/{number}",
                            "known_on": day,
                        }
                    )
    return make_current(rows or [{"area_code": "E06900001", "known_on": days[0]}])


@given(observations(), DAYS)
def test_later_editions_cannot_change_what_was_known(rows: pl.DataFrame, day: date) -> None:
    """Deleting every later edition leaves what was known on the day as it was."""
    with_later = choose_current(as_known_on(rows, day))
    later_deleted = choose_current(rows.filter(pl.col("known_on") <= day))
    later_changed = choose_current(
        as_known_on(
            rows.with_columns(value=pl.when(pl.col("known_on") > day).then(pl.lit(-1.0)).otherwise(pl.col("value"))),
            day,
        )
    )
    assert with_later.equals(later_deleted)
    assert with_later.equals(later_changed)


@given(observations())
def test_the_edition_known_last_stands(rows: pl.DataFrame) -> None:
    current = choose_current(rows)
    for figure in current.iter_rows(named=True):
        same = rows.filter((pl.col("area_code") == figure["area_code"]) & (pl.col("period") == figure["period"]))
        assert figure["known_on"] == same["known_on"].max()


def test_a_withdrawn_value_stays_withdrawn() -> None:
    first = {"area_code": "E06900001", "value": 4.0, "edition_key": "moots/a", "known_on": date(2024, 1, 1)}
    withdrawn = first | {"value": None, "marker": "suppressed", "edition_key": "moots/b", "known_on": date(2024, 2, 1)}
    current = choose_current(make_current([withdrawn, first]))
    assert current.select("value", "marker").row(0) == (None, "suppressed")
    before = choose_current(as_known_on(make_current([withdrawn, first]), date(2024, 2, 1) - timedelta(days=1)))
    assert before.select("value", "marker").row(0) == (4.0, None)
