"""Capital estimates (CER) as they stand in `edition/`: counts, cells read by hand, and headers of the year."""

from __future__ import annotations

import pytest

from tests.golden.carried import needs_files, read_published
from tests.golden.published import count_rows, expect_scaled_cells, observations_of

SOURCE = "mhclg-capital-estimates"

# Edition, metric, area, period, cell, what stands there, £ million: looked up in the published file by a person.
HAND_READ = [
    ("2019-20-financing", "planned-capital-spending", "E07000223", "2019-20", "Y6", "73161", 73.161),
    ("2019-20-financing", "planned-capital-spending-by-borrowing", "E07000217", "2019-20", "W429", "89211", 89.211),
    (
        "2019-20-financing",
        "planned-capital-spending-from-sales",
        "E61000001",
        "2019-20",
        "O153",
        "296668.66251",
        296.66866251,
    ),
    ("2019-20-prudential", "forecast-gross-borrowing", "E06000034", "2019-20", "L382", "1164989", 1164.989),
    ("2019-20-prudential", "forecast-capital-financing-requirement", "E06000053", "2019-20", "I190", "5888", 5.888),
    ("2019-20-prudential", "planned-authorised-debt-limit", "E47000001", "2019-20", "AC154", "2203223", 2203.223),
    ("2020-21-financing", "planned-capital-spending", "E08000025", "2020-21", "Y28", "710092", 710.092),
    (
        "2020-21-financing",
        "planned-capital-spending-from-government-grants",
        "E10000032",
        "2020-21",
        "F414",
        "55810",
        55.81,
    ),
    ("2020-21-prudential", "forecast-investments", "E07000150", "2020-21", "U81", "0", 0.0),
    ("2020-21-prudential", "forecast-other-long-term-liabilities", "E07000223", "2020-21", "O6", "0", 0.0),
    ("2020-21-prudential", "forecast-gross-borrowing", "E06000060", "2020-21", "L50", "509230", 509.23),
]


test_a_cell_read_by_hand_is_the_observation, test_a_cell_read_by_hand_is_in_the_published_file = expect_scaled_cells(
    SOURCE, HAND_READ
)


def test_every_edition_and_metric_has_the_rows_counted_in_its_file() -> None:
    """Councils, ten combined authorities and the Greater London Authority; two sent nothing in 2020-21."""
    assert set(count_rows(SOURCE).values()) == {(354, 354), (350, 348)}
    assert len(count_rows(SOURCE)) == 18


def test_a_return_that_was_not_sent_is_no_zero() -> None:
    absent = {
        (area, marker)
        for area, marker in observations_of(SOURCE).filter(stored=":").select("area_code", "marker").iter_rows()
    }
    assert absent == {("E09000003", "not_submitted"), ("E07000030", "not_submitted")}


@needs_files
@pytest.mark.parametrize(("year", "end"), [("2019-20", "31 March 2020"), ("2020-21", "31 March 2021")])
def test_stocks_are_those_expected_at_the_end_of_the_year(year: str, end: str) -> None:
    edition = f"{year}-prudential"
    stocks = observations_of(SOURCE).filter(edition=edition).group_by("metric_key").first()
    for sheet, cell in stocks.select("sheet", "cell").iter_rows():
        header = str(read_published(SOURCE, edition, sheet, cell.rstrip("0123456789") + "5"))
        assert header.endswith(end), header
