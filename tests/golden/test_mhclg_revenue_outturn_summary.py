"""The outturn summaries of 2010-11 to 2014-15 as they stand in `edition/`, and against the published files."""

from __future__ import annotations

import re

import polars as pl
import pytest

from tests.golden.carried import MIRROR, load_definitions, needs_files, read_rows
from tests.golden.published import find_one, observations_of

SOURCE = "mhclg-revenue-outturn-summary"
YEARS = ("2010-11", "2011-12", "2012-13", "2013-14", "2014-15")
# Year, metric, area, cell, what stands there, £ million.
HAND_READ = [
    ("2010-11", "net-revenue-expenditure", "E08000025", "BC316", "994228", 994.228),
    ("2010-11", "interest-paid", "E09000009", "AP347", "32106", 32.106),
    ("2010-11", "unallocated-reserves", "E06000053", "BQ291", "238", 0.238),
    ("2011-12", "net-revenue-expenditure", "E47000001", "BF440", "-15419", -15.419),
    ("2011-12", "council-tax-requirement", "E61000001", "BQ361", "934822", 934.822),
    ("2012-13", "other-earmarked-reserves", "E07000048", "BR74", "4769", 4.769),
    ("2012-13", "interest-paid", "E09000001", "AQ328", "0", 0.0),
    ("2013-14", "interest-paid", "E09000001", "AQ328", "-39452", -39.452),
    ("2013-14", "unallocated-reserves", "E10000023", "BT205", "53433", 53.433),
    ("2014-15", "council-tax-requirement", "E10000023", "BQ205", "233216", 233.216),
    ("2014-15", "unallocated-reserves", "E06000023", "BU9", "78703", 78.703),
    ("2014-15", "other-earmarked-reserves", "E06000023", "BT9", "20000", 20.0),
    ("2010-11", "revenue-support-grant", "E08000025", "BI316", "-85971", 85.971),
    ("2011-12", "specific-grants-inside-aggregate-finance", "E10000016", "BE150", "-972753", 972.753),
    ("2012-13", "council-housing-account-income", "E08000025", "CG316", "271825", 271.825),
    ("2012-13", "council-housing-reserves", "E08000025", "CJ316", "2419", 2.419),
    ("2013-14", "retained-business-rates", "E09000033", "BN340", "-26489", 26.489),
    ("2014-15", "council-housing-reserves", "E07000121", "CL170", "-3111", -3.111),
    ("2015-16", "interest-and-investment-income", "E07000217", "AT274", "-8140", 8.14),
    ("2016-17", "council-housing-account-income", "E07000220", "CQ278", "-18439", -18.439),
    ("2016-17", "added-to-earmarked-reserves", "E09000008", "BK346", "-8444.01156", -8.44401156),
    ("2014-15", "specific-grants-outside-aggregate-finance", "E07000076", "AY102", "-63488", 63.488),
]


@pytest.mark.parametrize(("year", "metric", "area", "cell", "stored", "value"), HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    year: str, metric: str, area: str, cell: str, stored: str, value: float
) -> None:
    found = find_one(SOURCE, year, metric, area, year)
    assert (found["cell"], found["stored"], found["value"], found["marker"]) == (cell, stored, value, None)


def test_every_council_has_eight_years_of_reserves() -> None:
    reserves = observations_of(SOURCE).filter(metric_key="unallocated-reserves")
    councils = reserves.filter(pl.col("area_code").str.contains(r"^E(0[6-9]|10)"))
    years = councils.group_by("area_code").agg(pl.col("period").n_unique())
    assert (len(years), set(years["period"])) == (353, {8})


CLASSES = {"L": ("E09",), "MD": ("E08",), "UA": ("E06",), "SC": ("E10",), "SD": ("E07",)}
TOTALS = {
    "net-current-expenditure": (1, "NET CURRENT EXPENDITURE"),
    "net-revenue-expenditure": (1, "NET REVENUE EXPENDITURE"),
    "council-tax-requirement": (1, "COUNCIL TAX REQUIREMENT"),
    "interest-paid": (1, "Interest payable"),
    "debt-repayment-provision": (1, "Provision for repayment"),
    "interest-charged-to-council-homes": (1, "Interest: HRA item 8"),
    "revenue-support-grant": (1, "Revenue Support Grant"),
    "added-to-unallocated-reserves": (1, "Appropriations to(+)/ from(-) unallocated"),
    "unallocated-reserves": (2, "Unallocated financial reserves level"),
    "other-earmarked-reserves": (2, "Other earmarked financial reserves level"),
    "schools-reserves": (2, "Schools reserves level"),
}
BELOW_ZERO_IN_FILES = {"interest-charged-to-council-homes", "revenue-support-grant"}


@needs_files
@pytest.mark.parametrize("year", YEARS)
def test_councils_add_up_to_the_totals_of_their_classes(year: str) -> None:
    edition = next(each for each in load_definitions().sources[SOURCE].editions if each.edition == year)
    observations = observations_of(SOURCE).filter(edition=year)
    for metric, (number, label) in TOTALS.items():
        rows = read_rows(MIRROR / str(edition.mirror), f"RS LA Data {year} ({number})")
        headers = [str(header) for header in rows[5]]
        shapes = [header.replace("to(+)/from", "to(+)/ from") for header in headers]
        column = next(place for place, header in enumerate(shapes) if header.startswith(label))
        place = headers.index("Class")
        totals = {row[place]: row[column] for row in rows[6:] if not re.match(r"E\d{4}", str(row[0]))}
        for name, prefixes in CLASSES.items():
            if metric == "schools-reserves" and name == "SD":
                continue
            mine = observations.filter(pl.col("area_code").str.slice(0, 3).is_in(list(prefixes)), metric_key=metric)
            sign = -1 if metric in BELOW_ZERO_IN_FILES else 1
            assert mine["value"].sum() * 1000 * sign == pytest.approx(totals[name], abs=1.5), f"{metric} {name}"


@needs_files
def test_reserves_are_those_at_the_end_of_the_year() -> None:
    for year in YEARS:
        edition = next(each for each in load_definitions().sources[SOURCE].editions if each.edition == year)
        rows = read_rows(MIRROR / str(edition.mirror), f"RS LA Data {year} (2)")
        assert f"Financial reserves levels at 31 March 20{year[-2:]}" in rows[4]
