"""Spending on services (RSX) as it stands in `edition/`: counts, cells read by hand, and who is left out."""

from __future__ import annotations

import re
from datetime import date

import polars as pl
import pytest

from moothall.analysis.current import as_known_on, choose_current
from moothall.core.values import scale_exactly
from tests.golden.carried import load_definitions, needs_files, read_published
from tests.golden.published import as_number, count_rows, find_one, observations_of

SOURCE = "mhclg-revenue-outturn-service-expenditure"
EDITIONS = (
    "2021-22-fourth-release",
    "2022-23-second-release",
    "2022-23-third-release",
    "2023-24-first-release",
    "2023-24-second-release",
    "2024-25-second-release",
)
# How many authorities each edition has, and how many of them have a value, by the metrics that are about the same
# ones. 333 councils with a return in 2021-22 and 2022-23, 317 from 2023-24; the Greater London Authority; 10 combined
# authorities, 11 in 2024-25.
RUN_A_FUND = ((344, 340), (344, 322), (344, 340), (328, 289), (328, 314), (329, 320))
HAVE_CARE = ((152, 152), (152, 148), (152, 151), (153, 142), (153, 151), (153, 150))
COUNCILS_AND_LONDON = ((334, 330), (334, 312), (334, 330), (318, 280), (318, 305), (318, 309))
COUNTS = {
    "net-spending-on-services": RUN_A_FUND,
    "gross-spending-on-services": RUN_A_FUND,
    "employee-spending": RUN_A_FUND,
    "fees-and-charges-income": RUN_A_FUND,
    "central-services-spending": RUN_A_FUND,
    "adult-social-care-spending": HAVE_CARE,
    "childrens-social-care-spending": HAVE_CARE,
    "education-spending": HAVE_CARE,
    "public-health-spending": HAVE_CARE,
    "highways-transport-spending": ((163, 163), (163, 159), (163, 162), (164, 152), (164, 161), (165, 162)),
    # With five waste authorities and Greater Manchester.
    "environment-spending": ((340, 336), (340, 318), (340, 336), (324, 286), (324, 311), (324, 315)),
    "culture-spending": COUNCILS_AND_LONDON,
    "planning-spending": COUNCILS_AND_LONDON,
    "housing-spending": ((320, 316), (320, 298), (320, 316), (307, 268), (307, 293), (308, 299)),
    "fire-spending": ((15, 15), (15, 15), (15, 15), (14, 13), (14, 14), (15, 15)),
}
FEES = (
    "adult-social-care",
    "education",
    "highways-transport",
    "environment",
    "culture",
    "housing",
    "planning",
    "central-services",
)
PAY = (*(service for service in FEES if service != "housing"), "childrens-social-care")
GROSS = (*FEES, "childrens-social-care", "public-health")
COUNTS |= {
    f"{service}-{line}": COUNTS[f"{service}-spending"]
    for line, services in {"fees": FEES, "pay": PAY, "gross-spending": GROSS}.items()
    for service in services
}
# The summaries: 353 councils, the Greater London Authority and combined authorities, of which 10 in 2017-18; 152 have
# schools and social care, 326 housing, 15 and London fire. Scilly sent no return in 2016-17, Carlisle none in 2017-18.
YEARS = ("2010-11", "2011-12", "2012-13", "2013-14", "2014-15", "2015-16", "2016-17", "2017-18")
EVERYONE = dict(zip(YEARS, (354, 355, 355, 355, 359, 359, 363, 363), strict=True))
WITH_ROADS = dict(zip(YEARS, (153, 154, 154, 154, 158, 158, 162, 162), strict=True))
SUMMARIES = {
    "net-spending-on-services": EVERYONE,
    "central-services-spending": EVERYONE,
    "highways-transport-spending": WITH_ROADS,
    "education-spending": dict.fromkeys(YEARS, 152),
    "adult-social-care-spending": dict.fromkeys(YEARS[1:], 152),
    "childrens-social-care-spending": dict.fromkeys(YEARS[1:], 152),
    "public-health-spending": dict.fromkeys(YEARS[3:], 152),
    "environment-spending": dict.fromkeys(YEARS, 353),
    "culture-spending": dict.fromkeys(YEARS, 353),
    "planning-spending": dict.fromkeys(YEARS, 353),
    "housing-spending": dict.fromkeys(YEARS, 326),
    "fire-spending": dict.fromkeys(YEARS, 16),
}
WITH_CARLISLE = {metric for metric, counts in SUMMARIES.items() if counts["2017-18"] > 320}


def _absent_in(year: str, metric: str) -> int:
    return int(year == "2016-17" or (year == "2017-18" and metric in WITH_CARLISLE))


SUMMARY_COUNTS = {
    (f"{year}-summary", metric): (rows, rows - _absent_in(year, metric))
    for metric, counts in SUMMARIES.items()
    for year, rows in counts.items()
}


def test_every_edition_and_metric_has_the_rows_counted_in_its_file() -> None:
    assert (
        count_rows(SOURCE)
        == {
            (edition, metric): each
            for metric, counts in COUNTS.items()
            for edition, each in zip(EDITIONS, counts, strict=True)
        }
        | SUMMARY_COUNTS
    )


# Edition, metric, area, cell, what stands there, £ million: looked up in the published files by a person.
HAND_READ = [
    ("2021-22-fourth-release", "adult-social-care-spending", "E09000008", "AH92", "127,740", 127.74),
    ("2021-22-fourth-release", "environment-spending", "E08000025", "BJ34", "60,517", 60.517),
    ("2021-22-fourth-release", "fire-spending", "E10000030", "CE360", "42,647", 42.647),
    ("2022-23-second-release", "net-spending-on-services", "E06000038", "DA290", "274403", 274.403),
    ("2022-23-third-release", "net-spending-on-services", "E06000034", "DA380", "237,301", 237.301),
    ("2022-23-third-release", "net-spending-on-services", "E07000127", "DA404", "-9,309", -9.309),
    ("2022-23-third-release", "fire-spending", "E06000057", "CF271", "19,979", 19.979),
    ("2023-24-first-release", "adult-social-care-spending", "E08000035", "AI203", "298336", 298.336),
    ("2023-24-second-release", "childrens-social-care-spending", "E06000052", "AB83", "117,505", 117.505),
    ("2023-24-second-release", "highways-transport-spending", "E61000001", "U149", "1,563,752", 1563.752),
    ("2023-24-second-release", "highways-transport-spending", "E47000001", "U150", "304,658", 304.658),
    ("2024-25-second-release", "adult-social-care-spending", "E09000008", "AI83", "172354.24", 172.35424),
    ("2024-25-second-release", "highways-transport-spending", "E09000033", "U398", "-66320.75", -66.32075),
    ("2024-25-second-release", "education-spending", "E10000016", "N185", "1242308.67", 1242.30867),
    ("2024-25-second-release", "public-health-spending", "E06000053", "AP182", "145", 0.145),
    ("2024-25-second-release", "environment-spending", "E47000001", "BK147", "110159.07", 110.15907),
    ("2024-25-second-release", "environment-spending", "E50000001", "BK114", "81335", 81.335),
    ("2024-25-second-release", "fees-and-charges-income", "E07000008", "CX54", "24640", 24.64),
    ("2024-25-second-release", "housing-spending", "E07000105", "AW12", "6743", 6.743),
    ("2024-25-second-release", "employee-spending", "E10000014", "CU155", "1247799", 1247.799),
    ("2024-25-second-release", "gross-spending-on-services", "E61000001", "CW146", "9538863.4", 9538.8634),
    ("2024-25-second-release", "adult-social-care-fees", "E09000008", "AF83", "31197.08", 31.19708),
    ("2022-23-third-release", "education-gross-spending", "E10000016", "J195", "1,137,219", 1137.219),
    ("2021-22-fourth-release", "environment-gross-spending", "E08000025", "BF34", "130,262", 130.262),
    ("2023-24-second-release", "culture-pay", "E06000052", "AX83", "8,425", 8.425),
    ("2024-25-second-release", "highways-transport-fees", "E09000033", "R398", "131070.66", 131.07066),
    ("2024-25-second-release", "central-services-pay", "E07000008", "CG54", "12960", 12.96),
    ("2010-11-summary", "net-spending-on-services", "E08000025", "Q316", "2132014", 2132.014),
    ("2011-12-summary", "adult-social-care-spending", "E09000008", "I346", "107106", 107.106),
    ("2013-14-summary", "public-health-spending", "E06000053", "J291", "65", 0.065),
    ("2014-15-summary", "fire-spending", "E10000020", "Q196", "28141", 28.141),
    ("2015-16-summary", "highways-transport-spending", "E10000023", "G205", "41521", 41.521),
    ("2017-18-summary", "net-spending-on-services", "E61000001", "S175", "4851942", 4851.942),
]
READ = ("edition", "metric", "area", "cell", "stored", "value")


@pytest.mark.parametrize(READ, HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    edition: str, metric: str, area: str, cell: str, stored: str, value: float
) -> None:
    found = find_one(SOURCE, edition, metric, area, edition[:7])
    assert (found["cell"], found["stored"], found["value"], found["marker"]) == (cell, stored, value, None)


@needs_files
@pytest.mark.parametrize(READ, HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(
    edition: str, metric: str, area: str, cell: str, stored: str, value: float
) -> None:
    sheet = str(find_one(SOURCE, edition, metric, area, edition[:7])["sheet"])
    assert as_number(read_published(SOURCE, edition, sheet, cell)) == as_number(stored)


# Councils whose return had not arrived, by the Notes column of each file.
LATE = {
    "2021-22-fourth-release": {"E07000147", "E07000217", "E07000234", "E07000236"},
    "2022-23-third-release": {"E07000037", "E07000134", "E07000217", "E08000025"},
    "2024-25-second-release": {
        "E06000039",
        "E06000063",
        "E07000032",
        "E07000134",
        "E07000170",
        "E07000209",
        "E07000218",
        "E07000222",
        "E08000025",
    },
}


@pytest.mark.parametrize("edition", LATE)
def test_a_return_that_had_not_arrived_is_no_zero(edition: str) -> None:
    total = observations_of(SOURCE).filter(edition=edition, metric_key="net-spending-on-services")
    absent = total.filter(pl.col("value").is_null())
    assert set(absent["area_code"]) == LATE[edition]
    assert set(absent["marker"]) == {"not_submitted"}


def test_the_newest_publication_stands_and_the_earlier_one_is_still_known() -> None:
    """Thurrock's return of 2022-23 came after the second release, and Cornwall's of 2023-24 after the first."""
    observations = observations_of(SOURCE)
    for area, period, metric, day, value in (
        ("E06000034", "2022-23", "net-spending-on-services", date(2024, 1, 1), 237.301),
        ("E06000052", "2023-24", "childrens-social-care-spending", date(2024, 9, 1), 117.505),
    ):
        one = observations.filter(area_code=area, period=period, metric_key=metric)
        before = choose_current(as_known_on(one, day))
        assert before.select("value", "marker").row(0) == (None, "not_submitted")
        assert choose_current(one)["value"].to_list() == [value]


def test_no_zero_of_a_council_without_the_service_is_read() -> None:
    observations = observations_of(SOURCE)
    districts = observations.filter(pl.col("area_code").str.starts_with("E07"))
    net_or_total = districts.filter(~pl.col("metric_key").str.contains("-(fees|pay|gross-spending)$"))
    assert set(net_or_total["metric_key"]) == {
        "net-spending-on-services",
        "gross-spending-on-services",
        "employee-spending",
        "fees-and-charges-income",
        "central-services-spending",
        "environment-spending",
        "culture-spending",
        "planning-spending",
        "housing-spending",
    }
    counties = observations.filter(pl.col("area_code").str.starts_with("E10"))
    assert "housing-spending" not in set(counties["metric_key"])
    net = observations.filter(pl.col("metric_key").str.ends_with("spending"))
    assert set(net.filter(value=0.0)["area_code"].str.slice(0, 3)) == {"E47"}


def test_fire_is_read_for_the_authorities_that_have_it() -> None:
    fire = observations_of(SOURCE).filter(metric_key="fire-spending", period="2024-25")
    functions = load_definitions().functions
    exceptions = functions.definitions["fire"].exceptions
    named = {area for each in exceptions if each.has == "statutory" and each.until is None for area in each.areas}
    assert set(fire["area_code"]) == (named | {"E61000001"}) - {"E10000006"}  # Cumbria ended in 2023


@needs_files
def test_every_value_is_its_cell_in_millions() -> None:
    """Read again without our reader: every cell of every observation with a value."""
    scales = {
        column.metric: column.scale for table in load_definitions().sources[SOURCE].tables for column in table.columns
    }
    rows = observations_of(SOURCE).filter(pl.col("value").is_not_null())
    for edition, metric, sheet, cell, value in rows.select(
        "edition", "metric_key", "sheet", "cell", "value"
    ).iter_rows():
        published = as_number(read_published(SOURCE, edition, sheet, cell))
        assert value == scale_exactly(published, scales[metric]), f"{edition} {cell}"
    counted = [*(each for counts in COUNTS.values() for each in counts), *SUMMARY_COUNTS.values()]
    assert len(rows) == sum(some for _, some in counted)


@needs_files
def test_the_services_stand_under_their_own_headers() -> None:
    """The one header without a service, of 2021-22, stands between those of environmental services and of planning."""
    edition = "2021-22-fourth-release"
    assert re.search("^Environmental and regulatory", str(read_published(SOURCE, edition, "csv", "BI11")))
    assert re.search("^Net Current Expenditure", str(read_published(SOURCE, edition, "csv", "BJ11")))
    assert re.search("^Planning and development", str(read_published(SOURCE, edition, "csv", "BK11")))
    assert str(read_published(SOURCE, edition, "csv", "BJ7")) == "RSX-env-net-cur-exp"


LINES = {"fees": "Sales, Fees and Charges", "pay": "Employees", "gross-spending": "Total Expenditure"}
SERVICES = {
    "adult-social-care": "Adult Social Care",
    "childrens-social-care": "Children Social Care",
    "education": "Education services",
    "public-health": "Public Health",
    "highways-transport": "Highways and transport services",
    "environment": "Environmental and regulatory services",
    "culture": "Cultural and related services",
    "housing": "Housing services (GFRA only)",
    "planning": "Planning and development services",
    "central-services": "Central services",
}


@needs_files
@pytest.mark.parametrize("edition", EDITIONS)
def test_each_line_of_a_service_stands_under_its_header(edition: str) -> None:
    rows = observations_of(SOURCE).filter(edition=edition)
    for line, services in {"fees": FEES, "pay": PAY, "gross-spending": GROSS}.items():
        for service in services:
            sheet, cell = rows.filter(metric_key=f"{service}-{line}").select("sheet", "cell").row(0)
            column = cell.rstrip("0123456789")
            row = 7 if edition.startswith("2024-25") else 11
            header = str(read_published(SOURCE, edition, sheet, f"{column}{row}"))
            assert header.startswith(SERVICES[service]), f"{service} {line}: {header}"
            assert LINES[line] in header, f"{service} {line}: {header}"
