"""Social care in detail (RO3) as it stands in `edition/`: counts, cells read by hand, headings, what is no amount."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.core.values import scale_exactly
from tests.golden.carried import load_definitions, needs_files, read_published
from tests.golden.published import count_rows, find_one, observations_of

SOURCE = "mhclg-revenue-outturn-social-care"
EDITIONS = ("2022-23-second-release", "2023-24-first-release", "2024-25-second-release")
KINDS = ("residential-care-for-children-spending", "fostering-spending")


def test_every_edition_and_metric_has_the_rows_counted_in_its_file() -> None:
    """The councils with social care, and those whose return had arrived: 4, 11 and 3 had not."""
    counts = count_rows(SOURCE)
    assert len(counts) == 3 * 32
    expected = dict(zip(EDITIONS, ((152, 148), (153, 142), (153, 150)), strict=True))
    others = {key: rows for key, rows in counts.items() if rows != expected[key[0]]}
    assert others.pop((EDITIONS[1], "looked-after-children-spending")) == (153, 140)  # Harrow and Southwark
    assert others == {
        (EDITIONS[0], KINDS[0]): (152, 138),
        (EDITIONS[0], KINDS[1]): (152, 136),
        (EDITIONS[1], KINDS[0]): (153, 133),
        (EDITIONS[1], KINDS[1]): (153, 131),
        (EDITIONS[2], KINDS[0]): (153, 146),
        (EDITIONS[2], KINDS[1]): (153, 146),
    }


# Edition, metric, area, cell, what stands there, £ million or why there is none.
HAND_READ = [
    (EDITIONS[0], "looked-after-children-spending", "E09000008", "U93", "39538", 39.538),
    (EDITIONS[0], "childrens-safeguarding-spending", "E10000023", "BY267", "10930", 10.93),
    (EDITIONS[0], "fostering-spending", "E08000025", "AI35", "[x]", "not_submitted"),
    (EDITIONS[1], "looked-after-children-spending", "E09000015", "U164", "0", "not_submitted"),
    (EDITIONS[1], "looked-after-children-spending", "E09000027", "U288", "19734", 19.734),
    (EDITIONS[1], "residential-care-for-children-spending", "E09000028", "AB326", "0", None),
    (EDITIONS[1], "learning-disability-support-adults-spending", "E10000016", "ER189", "235712", 235.712),
    (EDITIONS[2], "looked-after-children-spending", "E08000037", "U138", "39182.99959", 39.18299959),
    (EDITIONS[2], "fostering-spending", "E08000037", "AI138", "[note 4]", "not_available"),
    (EDITIONS[2], "physical-support-older-people-spending", "E06000053", "DI182", "907", 0.907),
    (EDITIONS[2], "memory-support-older-people-spending", "E06000065", "EK253", "15463", 15.463),
    (EDITIONS[2], "youth-justice-spending", "E09000001", "BR75", "0", 0.0),
    (EDITIONS[0], "sexual-health-testing-spending", "E09000022", "LL205", "6728", 6.728),
    (EDITIONS[1], "health-visiting-spending", "E10000016", "QO189", "9781", 9.781),
    (EDITIONS[2], "drug-treatment-spending", "E06000009", "NW31", "1241", 1.241),
    (EDITIONS[2], "stop-smoking-spending", "E06000053", "PF182", "6", 0.006),
    (EDITIONS[2], "care-equipment-spending", "E09000008", "HJ83", "2321.64", 2.32164),
]


@pytest.mark.parametrize(("edition", "metric", "area", "cell", "stored", "value"), HAND_READ)
def test_a_cell_read_by_hand_is_the_observation(
    edition: str, metric: str, area: str, cell: str, stored: str, value: float | str | None
) -> None:
    found = find_one(SOURCE, edition, metric, area, edition[:7])
    assert (found["cell"], found["stored"]) == (cell, stored)
    if isinstance(value, float):
        assert (found["value"], found["marker"]) == (value, None)
    else:
        assert found["value"] is None
        assert found["marker"] in ({value} if value else {"unreliable", "not_available"})


def test_looked_after_children_are_a_part_of_childrens_social_care() -> None:
    """The two forms of one release agree: no council spends more on the part than on the whole."""
    whole = observations_of("mhclg-revenue-outturn-service-expenditure").filter(
        pl.col("edition").is_in(EDITIONS), metric_key="childrens-social-care-spending"
    )
    part = observations_of(SOURCE).filter(metric_key="looked-after-children-spending")
    both = part.join(whole.select("edition", "area_code", whole="value"), on=["edition", "area_code"])
    assert len(both) == 458
    assert both.filter(pl.col("value") > pl.col("whole")).is_empty()


@needs_files
def test_the_columns_of_both_layouts_are_the_same_lines() -> None:
    """The hidden codes up to 2023-24 and the words of 2024-25, both in row 7."""
    for letters, code, words in (
        ("U", "csclkd", "Children's social care - Children Looked After - Net Current Expenditure"),
        ("AB", "csclkdres", "Children's social care - Children Looked After of which residential care"),
        ("BY", "cscsfg", "Children's social care: Safeguarding children and young people"),
        ("ER", "asclrnadl", "Learning disability support - adults"),
        ("IE", "asccrasssfg", "Care assessment and safeguarding"),
    ):
        for edition, sheet in ((EDITIONS[0], "RO3_LA_Data_2022-23"), (EDITIONS[1], "RO3_LA_Data_2023-24")):
            assert read_published(SOURCE, edition, sheet, f"{letters}7") == f"RO3-{code}-net-cur-exp"
        assert str(read_published(SOURCE, EDITIONS[2], "RO3_LA_Data_202425", f"{letters}7")).startswith(words)


# The line of the form, in row 9 up to 2023-24, and the words of 2024-25. Numbers run alike in the budget form (RA).
LINES = {
    "carer-support-spending": ("51.0", "Social support: Support for carer -"),
    "sexual-health-testing-spending": ("61.0", "Sexual health services - STI testing"),
    "health-checks-spending": ("65.0", "NHS health check programme"),
    "child-obesity-spending": ("72.0", "Obesity - children"),
    "drug-treatment-spending": ("76.0", "Substance misuse - Treatment for drug misuse"),
    "alcohol-treatment-spending": ("77.0", "Substance misuse - Treatment for alcohol misuse"),
    "stop-smoking-spending": ("81.0", "Smoking and tobacco - Stop smoking"),
    "school-nursing-spending": ("83.0", "Children 5–19 public health programmes"),
    "health-visiting-spending": ("84.0", "Miscellaneous public health services - Children's 0–5"),
    "public-mental-health-spending": ("87.0", "Public mental health"),
}


@needs_files
@pytest.mark.parametrize("metric", LINES)
def test_a_line_that_moved_is_read_where_it_stands(metric: str) -> None:
    number, words = LINES[metric]
    for edition, row, start in ((EDITIONS[1], 9, number), (EDITIONS[2], 7, words)):
        sheet, cell = observations_of(SOURCE).filter(edition=edition, metric_key=metric).select("sheet", "cell").row(0)
        assert str(read_published(SOURCE, edition, sheet, f"{cell.rstrip('0123456789')}{row}")).startswith(start)


@needs_files
def test_every_value_is_its_cell_in_millions() -> None:
    """Read again without our reader: every cell of every observation with a value."""
    (scale,) = {column.scale for table in load_definitions().sources[SOURCE].tables for column in table.columns}
    rows = observations_of(SOURCE).filter(pl.col("value").is_not_null())
    for edition, sheet, cell, value in rows.select("edition", "sheet", "cell", "value").iter_rows():
        published = float(str(read_published(SOURCE, edition, sheet, cell)))
        assert value == scale_exactly(published, scale), f"{edition} {cell}"
