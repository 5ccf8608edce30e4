"""Borrowing by lender and investments as they stand in `edition/`: counts, cells read by hand, both sides of a loan."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.core.values import scale_exactly
from tests.golden.carried import load_definitions, needs_files, read_published
from tests.golden.published import count_rows, find_one, observations_of

SOURCE = "mhclg-borrowing-and-investment"
# 353 councils (343 in 2019-20), the Greater London Authority, and the combined authorities that have a row.
ROWS = {
    "2009-10": 354,
    "2010-11": 354,
    "2011-12": 354,
    "2012-13": 355,
    "2013-14": 355,
    "2014-15": 358,
    "2015-16": 358,
    "2016-17": 359,
    "2017-18": 363,
    "2018-19": 362,
    "2019-20": 354,
}


def test_every_year_end_and_metric_has_the_rows_counted_in_its_sheet() -> None:
    counts = count_rows(SOURCE)
    assert len(counts) == 15 * len(ROWS)
    assert {key: rows for key, rows in counts.items() if rows != (ROWS[key[0]], ROWS[key[0]])} == {}


# Year, metric, area, cell, what stands there, £ million.
HAND_READ = [
    ("2009-10", "bank-borrowing", "E08000025", "N45", "123000", 123.0),
    ("2009-10", "bank-deposits", "E07000048", "C102", "3835", 3.835),
    ("2010-11", "money-market-funds", "E09000001", "L107", "140900", 140.9),
    ("2012-13", "pwlb-borrowing", "E08000003", "M283", "0", 0.0),
    ("2013-14", "pwlb-borrowing", "E06000053", "M242", "227", 0.227),
    ("2015-16", "pwlb-borrowing", "E10000023", "M319", "297819", 297.819),
    ("2016-17", "loans-to-councils", "E06000015", "O128", "49000", 49.0),
    ("2018-19", "externally-managed-funds", "E10000014", "N203", "106356", 106.356),
    ("2019-20", "central-government-borrowing", "E47000001", "T193", "181256", 181.256),
    ("2019-20", "pwlb-borrowing", "E06000059", "N134", "84920", 84.92),
    ("2019-20", "pwlb-borrowing", "E07000213", "N419", "1057149", 1057.149),
    ("2019-20", "pwlb-borrowing", "E07000217", "N509", "1283816", 1283.816),
    ("2019-20", "short-borrowing-from-councils", "E06000034", "W458", "1061200", 1061.2),
]


@pytest.mark.parametrize(("year", "metric", "area", "cell", "stored", "value"), HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    year: str, metric: str, area: str, cell: str, stored: str, value: float
) -> None:
    found = find_one(SOURCE, year, metric, area, year)
    assert (found["cell"], found["stored"], found["value"]) == (cell, stored, value)


def test_figures_carried_forward_are_marked() -> None:
    marked = observations_of(SOURCE).filter(pl.col("marker").is_not_null())
    assert set(marked.select("area_code", "period", "marker").iter_rows()) == {("E10000023", "2015-16", "estimated")}


def test_what_councils_lend_each_other_is_about_what_they_owe_each_other() -> None:
    """Not exactly: police, fire and other authorities, and those of Scotland and Wales, lend and borrow too."""
    observations = observations_of(SOURCE)
    for year in ROWS:
        totals = dict(observations.filter(period=year).group_by("metric_key").agg(pl.col("value").sum()).iter_rows())
        owed = totals["short-borrowing-from-councils"] + totals["long-borrowing-from-councils"]
        assert 0.55 < totals["loans-to-councils"] / owed < 1.0


@needs_files
def test_every_value_is_its_cell_in_millions() -> None:
    """Read again without our reader: every cell of every observation with a value."""
    (scale,) = {column.scale for table in load_definitions().sources[SOURCE].tables for column in table.columns}
    rows = observations_of(SOURCE).filter(pl.col("value").is_not_null())
    for edition, sheet, cell, value in rows.select("edition", "sheet", "cell", "value").iter_rows():
        published = float(str(read_published(SOURCE, edition, sheet, cell)))
        assert value == scale_exactly(published, scale), f"{edition} {cell}"
