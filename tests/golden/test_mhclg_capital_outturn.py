"""Capital outturn (COR) as it stands in `edition/`: counts, cells read by hand, totals of classes, slips left out."""

from __future__ import annotations

import re

import polars as pl
import pytest

from moothall.core.values import scale_exactly
from tests.golden.carried import load_definitions, locate, needs_files, read_published, read_rows
from tests.golden.published import count_rows, find_one, observations_of

SOURCE = "mhclg-capital-outturn"
# Authorities, and those with a return: 353 councils, the Greater London Authority and the combined authorities.
ROWS = {
    "2009-10": (354, 354),
    "2010-11": (354, 354),
    "2011-12": (355, 355),
    "2012-13": (355, 355),
    "2013-14": (355, 355),
    "2014-15": (359, 359),
    "2015-16": (359, 358),
    "2016-17": (361, 360),
    "2017-18-financing": (363, 359),
    "2017-18-prudential": (363, 359),
    "2018-19-financing": (362, 362),
    "2018-19-prudential": (362, 362),
}
FINANCING = (
    "capital-spending",
    "capital-spending-from-government-grants",
    "capital-spending-from-sales",
    "capital-spending-from-revenue",
)
PRUDENTIAL = (
    "capital-spending-by-borrowing",
    "capital-financing-requirement",
    "minimum-revenue-provision",
    "gross-borrowing",
    "other-long-term-liabilities",
    "investments-held",
    "authorised-debt-limit",
)


def test_every_edition_and_metric_has_the_rows_counted_in_its_file() -> None:
    expected = {
        (edition, metric): rows
        for edition, rows in ROWS.items()
        for metric in (*FINANCING, *PRUDENTIAL)
        if not edition.endswith("prudential" if metric in FINANCING else "financing")
    }
    expected["2014-15", "authorised-debt-limit"] = (358, 358)  # without one slip
    expected["2016-17", "authorised-debt-limit"] = (357, 356)  # without four
    assert count_rows(SOURCE) == expected


# Edition, metric, area, cell, what stands there, £ million or why there is none.
HAND_READ = [
    ("2009-10", "capital-financing-requirement", "E08000025", "AD312", "2964356", 2964.356),
    ("2009-10", "capital-spending", "E07000048", "V70", "2019", 2.019),
    ("2010-11", "gross-borrowing", "E09000012", "AH326", "652420", 652.42),
    ("2012-13", "gross-borrowing", "E09000030", "AG337", "92441", 92.441),
    ("2013-14", "other-long-term-liabilities", "E10000023", "AH264", "5791", 5.791),
    ("2014-15", "authorised-debt-limit", "E06000053", "AK191", "6408", 6.408),
    ("2015-16", "capital-spending", "E07000029", "U79", "", "not_submitted"),
    ("2016-17", "gross-borrowing", "E07000213", "AI349", "413288", 413.288),
    ("2016-17", "gross-borrowing", "E06000053", "AI195", "…", "not_submitted"),
    ("2017-18-financing", "capital-spending", "E06000006", "Y161", "748447", 748.447),
    ("2017-18-prudential", "capital-financing-requirement", "E06000038", "O293", ":", "not_submitted"),
    ("2018-19-prudential", "gross-borrowing", "E07000213", "G36", "1050431", 1050.431),
    ("2018-19-prudential", "investments-held", "E06000034", "P37", "810551", 810.551),
    ("2018-19-prudential", "capital-financing-requirement", "E09000001", "O78", "43590", 43.59),
    ("2018-19-prudential", "gross-borrowing", "E61000001", "G7", "16112855.86529", 16112.85586529),
]


@pytest.mark.parametrize(("edition", "metric", "area", "cell", "stored", "value"), HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    edition: str, metric: str, area: str, cell: str, stored: str, value: float | str
) -> None:
    found = find_one(SOURCE, edition, metric, area, edition[:7])
    assert (found["cell"], found["stored"]) == (cell, stored)
    assert value == (found["marker"] if isinstance(value, str) else found["value"])


def test_limits_that_were_slips_are_left_out() -> None:
    limits = observations_of(SOURCE).filter(metric_key="authorised-debt-limit")
    for area, year in (("E07000237", "2014-15"), ("E07000069", "2016-17"), ("E06000052", "2016-17")):
        assert limits.filter(area_code=area, period=year).is_empty()
        assert len(limits.filter(area_code=area)) == 9
    assert limits["value"].max() == 18856.2  # the Greater London Authority's


@needs_files
def test_every_value_is_its_cell_in_millions() -> None:
    """Read again without our reader: every cell of every observation with a value."""
    (scale,) = {column.scale for table in load_definitions().sources[SOURCE].tables for column in table.columns}
    rows = observations_of(SOURCE).filter(pl.col("value").is_not_null())
    for edition, sheet, cell, value in rows.select("edition", "sheet", "cell", "value").iter_rows():
        published = float(str(read_published(SOURCE, edition, sheet, cell)))
        assert value == scale_exactly(published, scale), f"{edition} {cell}"


CLASSES = {
    "E09": ("london boroughs",),
    "E08": ("metropolitan districts",),
    "E06": ("unitary authorities",),
    "E10": ("shire counties", "shire (non-metropolitan) counties"),
    "E07": ("shire districts", "shire (non-metropolitan) districts"),
}


@needs_files
@pytest.mark.parametrize("edition", ["2009-10", "2010-11", "2011-12", "2012-13", "2018-19-financing"])
def test_councils_add_up_to_the_totals_of_their_classes(edition: str) -> None:
    """Of files without estimates for missing returns; those of 2013-14 and 2014-15 stand in the wrong columns."""
    observations = observations_of(SOURCE).filter(edition=edition)
    checked = 0
    for (metric, sheet), mine in observations.group_by("metric_key", "sheet"):
        column = re.sub(r"\d", "", mine["cell"][0])
        place = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(column))) - 1
        for row in read_rows(locate(SOURCE, edition), str(sheet)):
            names = [str(cell).strip().casefold() for cell in row[:3]]
            for prefix, called in CLASSES.items():
                if any(name in called for name in names):
                    total = mine.filter(pl.col("area_code").str.starts_with(prefix))["value"].sum()
                    assert total * 1000 == pytest.approx(float(str(row[place])), abs=3), f"{metric} {prefix}"
                    checked += 1
    assert checked >= 5 * len(FINANCING)


@needs_files
@pytest.mark.parametrize("edition", ["2013-14", "2014-15"])
def test_all_authorities_of_a_column_add_up_to_england(edition: str) -> None:
    rows = read_rows(locate(SOURCE, edition), "Financing & Memorandums ")
    england = next(row for row in rows if row[1] == "England")
    authorities = [row for row in rows if re.match(r"E\d{4}$", str(row[0]))]
    assert len(authorities) == 444
    found = observations_of(SOURCE).filter(edition=edition, area_code="E08000025")
    for cell in found["cell"]:
        letters = re.sub(r"\d", "", cell)
        place = sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))) - 1
        assert sum(float(str(row[place])) for row in authorities) == pytest.approx(float(str(england[place])), abs=3)
