"""Local plans as they stand in the edition: days read by hand, councils with one plan together, what is left out."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import carried, needs_files, read_published

SOURCE, EDITION, PERIOD, METRIC = "mhclg-local-plans", "2026-01", "2026-01-08", "local-plan-adopted"

# Read in the file: council, cell, the day that stands in it.
HAND_READ = [
    ("E06000014", "J92", "2025-02-27"),  # York, the newest
    ("E06000047", "J88", "2020-10-21"),  # County Durham
    ("E07000040", "J9", "2016-01-28"),  # East Devon, entered twice
    ("E07000223", "J44", "2017-12-14"),  # Adur, entered twice
    ("E08000017", "J126", "2021-09-23"),  # Doncaster, by its old name
    ("E08000025", "J153", "2017-01-10"),  # Birmingham
    ("E09000033", "J29", "2021-04-21"),  # Westminster, whose older plan is left out
]


@pytest.mark.parametrize(("area", "cell", "day"), HAND_READ)
def test_a_day_read_by_hand(area: str, cell: str, day: str) -> None:
    row = carried(SOURCE).filter(area_code=area).row(0, named=True)
    assert (row["cell"], row["stored"], row["value"]) == (cell, day, float(day.replace("-", "")))
    assert (row["metric_key"], row["period"], row["breakdown"]) == (METRIC, PERIOD, "all")


@needs_files
@pytest.mark.parametrize(("area", "cell", "day"), HAND_READ)
def test_a_day_read_by_hand_is_in_the_published_file(area: str, cell: str, day: str) -> None:
    assert read_published(SOURCE, EDITION, "csv", cell) == day


def test_a_council_has_one_plan_and_joint_plans_have_no_day_of_their_own() -> None:
    assert (len(carried(SOURCE)), carried(SOURCE)["area_code"].n_unique()) == (89, 89)
    joint = carried(SOURCE).filter(marker="reported_jointly")
    black_country, gloucester = {f"E080000{n}" for n in (27, 28, 30, 31)}, {f"E070000{n}" for n in (78, 81, 83)}
    assert set(joint["area_code"]) == black_country | gloucester
    assert joint["value"].null_count() == 7


def test_no_park_and_no_county_is_there() -> None:
    assert set(carried(SOURCE)["area_code"].str.slice(0, 3)) == {"E06", "E07", "E08", "E09"}


@needs_files
def test_every_value_is_its_cell() -> None:
    for sheet, cell, value in carried(SOURCE).drop_nulls("value").select("sheet", "cell", "value").iter_rows():
        day = str(read_published(SOURCE, EDITION, sheet, cell))
        assert value == float(day.replace("-", "")), cell


@needs_files
def test_no_newer_day_of_a_council_is_left_out() -> None:
    organisations = {}
    for row in range(2, 160):
        try:
            name, day = (str(read_published(SOURCE, EDITION, "csv", f"{column}{row}")) for column in "KJ")
        except IndexError:
            break
        if name and len(day) == 10:
            organisations.setdefault(name, []).append(day)
    newest = sorted(
        max(days) for name, days in organisations.items() if "Authority" not in name and "County" not in name
    )
    read = carried(SOURCE).drop_nulls("value").filter(pl.col("area_code") != "E06000047")
    assert sorted(read["stored"]) == newest
