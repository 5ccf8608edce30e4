"""Children in care and care leavers as they stand in the edition: counts and cells read by hand."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    count_markers,
    count_values,
    expect_cells,
    needs_files,
)

SOURCE = "dfe-children-looked-after"
IN_CARE = "children-in-care"
NUMBERS, PLACES, HEALTH = "numbers-2025", "placements-2025", "health-2025"
HOMES, ACTIVITY = "accommodation-2025", "activity-2025"

# Read in the files: a large council and small ones, some since closed, old codes, a zero, symbols of each kind.
HAND_READ: list[HandRead] = [
    (NUMBERS, IN_CARE, "E08000025", "2024-25", "csv", "M240", 2317.0),  # Birmingham
    (NUMBERS, f"{IN_CARE}-per-10000", "E09000008", "2024-25", "csv", "N462", 58.0),  # Croydon
    (NUMBERS, "children-entering-care", "E10000021", "2020-21", "csv", "M2227", 377.0),  # Northamptonshire
    # The county of North Yorkshire, by the code of the council that came after it.
    (NUMBERS, "children-leaving-care-per-10000", "E10000023", "2021-22", "csv", "N1667", 12.0),
    (NUMBERS, IN_CARE, "E06000053", "2024-25", "csv", "M384", "z"),  # Isles of Scilly
    (
        PLACES,
        f"{IN_CARE}-moved-twice-or-more",
        "E08000038",
        "2024-25",
        "csv",
        "N337",
        14.0,
    ),  # Barnsley, by its old code
    (PLACES, f"{IN_CARE}-with-same-carer", "E06000017", "2024-25", "csv", "N398", 100.0),  # Rutland
    (HEALTH, f"{IN_CARE}-teeth-checked", "E09000008", "2020-21", "csv", "N6628", 19.0),
    (HEALTH, f"{IN_CARE}-wellbeing-score", "E09000008", "2024-25", "csv", "M14350", 14.5),
    (HEALTH, f"{IN_CARE}-substance-misuse", "E09000008", "2024-25", "csv", "N11469", "c"),
    (
        HEALTH,
        f"{IN_CARE}-immunised",
        "E06000061",
        "2023-24",
        "csv",
        "N4283",
        0.0,
    ),  # North Northamptonshire, as published
    (HEALTH, f"{IN_CARE}-wellbeing-score", "E09000001", "2023-24", "csv", "M14498", "0"),  # City of London, no score
    (HOMES, "care-leavers-in-suitable-homes-19-to-21", "E08000006", "2024-25", "csv", "N302", 93.0),  # Salford
    (HOMES, "care-leavers-in-suitable-homes-17-to-18", "E10000006", "2022-23", "csv", "N3050", 92.0),  # Cumbria
    (ACTIVITY, "care-leavers-in-education-or-work-19-to-21", "E09000008", "2024-25", "csv", "N3695", 52.0),
    (
        ACTIVITY,
        "care-leavers-not-in-education-or-work-19-to-21",
        "E10000027",
        "2021-22",
        "csv",
        "N15193",
        42.0,
    ),  # Somerset
    (ACTIVITY, "care-leavers-activity-not-known-17-to-18", "E06000001", "2024-25", "csv", "N300", 7.0),  # Hartlepool
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 151 councils in 2020-21, 152 in the next two years and 153 in the last two, of the 155 rows of every year.
    counts = count_values(SOURCE)
    rows = 151 + 2 * 152 + 2 * 153
    assert counts[IN_CARE] == (rows, 755)
    assert counts[f"{IN_CARE}-moved-twice-or-more"] == (rows, 745)
    assert counts[f"{IN_CARE}-wellbeing-score"] == (rows, 751)
    assert counts["care-leavers-in-suitable-homes-19-to-21"] == (rows, 747)
    assert counts["care-leavers-in-education-or-work-19-to-21"] == (rows * 3, 1835)
    assert counts["care-leavers-not-in-education-or-work-19-to-21"] == (rows * 4, 2611)
    # "k" is one person among many.
    assert count_markers(SOURCE, "care-leavers-activity-not-known-19-to-21") == {
        "nearly_zero": 14,
        "suppressed": 5,
        "not_applicable": 5,
    }


def test_every_council_is_there_in_its_own_years() -> None:
    rows = carried(SOURCE).filter(metric_key=IN_CARE).group_by("area_code").len()
    years = dict(rows.iter_rows())
    assert {years[code] for code in ("E06000061", "E06000062")} == {4}
    assert {years[code] for code in ("E06000063", "E06000064", "E06000065", "E06000066")} == {2}
    assert {years[code] for code in ("E10000006", "E10000023", "E10000027")} == {3}
    assert years["E10000021"] == 1


def test_what_care_leavers_do_adds_up() -> None:
    """Learning or working, doing neither and not known make a hundred, but for rounding."""
    for age in ("17-to-18", "19-to-21"):
        keys = [
            f"care-leavers-{name}-{age}"
            for name in ("in-education-or-work", "not-in-education-or-work", "activity-not-known")
        ]
        found = carried(SOURCE).filter(pl.col("metric_key").is_in(keys), breakdown="all")
        wide = found.pivot(on="metric_key", index=["area_code", "period"], values="value").drop_nulls()
        assert len(wide) > 500
        assert wide.filter((pl.sum_horizontal(keys) - 100).abs() > 1.5).is_empty()


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
