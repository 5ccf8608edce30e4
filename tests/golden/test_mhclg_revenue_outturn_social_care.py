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
    assert len(counts) == 3 * 16
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


@needs_files
def test_every_value_is_its_cell_in_millions() -> None:
    """Read again without our reader: every cell of every observation with a value."""
    (scale,) = {column.scale for table in load_definitions().sources[SOURCE].tables for column in table.columns}
    rows = observations_of(SOURCE).filter(pl.col("value").is_not_null())
    for edition, sheet, cell, value in rows.select("edition", "sheet", "cell", "value").iter_rows():
        published = float(str(read_published(SOURCE, edition, sheet, cell)))
        assert value == scale_exactly(published, scale), f"{edition} {cell}"
