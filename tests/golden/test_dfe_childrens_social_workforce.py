"""Children’s social workers as they stand in the edition: counts, cells read by hand, and who reports together."""

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

SOURCE = "dfe-childrens-social-workforce"
EDITION = "indicators-2025"
WORKERS, TURNOVER = "childrens-social-workers", "childrens-social-worker-turnover"

# Read in the file: a large council and small ones, some since closed, a zero, symbols of each kind.
HAND_READ: list[HandRead] = [
    (EDITION, WORKERS, "E08000025", "to-2025-09", "csv", "K74", 769.6),  # Birmingham
    (EDITION, TURNOVER, "E09000008", "to-2025-09", "csv", "Q152", 12.9),  # Croydon
    (EDITION, "childrens-social-worker-caseload", "E09000008", "to-2025-09", "csv", "AD152", 19.1),
    (
        EDITION,
        "childrens-social-worker-vacancies",
        "E06000029",
        "to-2017-09",
        "csv",
        "Z1427",
        7.8,
    ),  # Poole, ended in 2019
    (EDITION, "childrens-social-workers-leaving", "E10000021", "to-2020-09", "csv", "O882", 44.4),  # Northamptonshire
    (EDITION, "childrens-social-workers-joining", "E08000038", "to-2025-09", "csv", "M50", 40.1),  # Barnsley
    (EDITION, "childrens-social-workers-from-agencies", "E08000024", "to-2025-09", "csv", "U25", "low"),  # Sunderland
    (EDITION, "childrens-social-worker-vacancies-covered", "E08000034", "to-2025-09", "csv", "AA56", 0.0),  # Kirklees
    (EDITION, "childrens-social-worker-absence", "E08000025", "to-2024-09", "csv", "AF237", "u"),
    (EDITION, WORKERS, "E09000033", "to-2025-09", "csv", "K146", "x"),  # Westminster
    (EDITION, WORKERS, "E06000063", "to-2023-09", "csv", "K358", 162.9),  # Cumberland, begun that April
    (EDITION, "childrens-social-worker-vacancies", "E09000001", "to-2025-09", "csv", "Z134", 0.0),  # City of London
    (EDITION, TURNOVER, "E06000053", "to-2022-09", "csv", "Q613", "z"),  # Isles of Scilly
]


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_counts() -> None:
    # 151 rows in 2017, 2018 and from 2023, 150 between; each row of two councils gives a marker to both.
    rows = 151 * 5 + 150 * 4 + 9 + 5
    counts = count_values(SOURCE)
    assert set(counts.values()) >= {(rows, 1339), (rows, 1331)}
    assert {all_rows for all_rows, _ in counts.values()} == {rows}
    assert count_markers(SOURCE, WORKERS) == {"reported_jointly": 2 * (9 + 5), "not_available": 2}


def test_councils_that_report_together_have_no_figure_of_their_own() -> None:
    found = carried(SOURCE).filter(metric_key=TURNOVER, marker="reported_jointly")
    spans = found.group_by("area_code").agg(pl.col("period").min(), pl.len()).sort("area_code")
    assert spans.rows() == [
        ("E06000061", "to-2021-09", 5),
        ("E06000062", "to-2021-09", 5),
        ("E09000021", "to-2017-09", 9),
        ("E09000027", "to-2017-09", 9),
    ]


def test_turnover_is_leavers_over_staff() -> None:
    keys = {"s": WORKERS, "l": "childrens-social-workers-leaving", "t": TURNOVER}
    found = carried(SOURCE).filter(pl.col("metric_key").is_in(list(keys.values())))
    wide = found.pivot(on="metric_key", index=["area_code", "period"], values="value").drop_nulls()
    wide = wide.rename({name: short for short, name in keys.items()}).filter(pl.col("s") > 20)
    assert len(wide) > 1300
    assert wide.filter((100 * pl.col("l") / pl.col("s") - pl.col("t")).abs() > 0.3).is_empty()


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == carried(SOURCE).select(pl.col("value").count()).item()
