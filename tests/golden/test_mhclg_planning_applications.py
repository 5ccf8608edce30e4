"""Planning applications as they stand in the edition: counts, cells read by hand, parts that make up the whole."""

from __future__ import annotations

import polars as pl
import pytest

from tests.golden.carried import HandRead, carried, check_every_value, check_published_cell, find, needs_files

SOURCE, EDITION, PERIOD = "mhclg-planning-applications", "2025-q3", "to-2025-09"
DECIDED = "planning-applications-decided"

HAND_READ: list[tuple[str, HandRead]] = [
    (breakdown, (EDITION, metric, area, PERIOD, sheet, cell, value))
    for metric, breakdown, area, sheet, cell, value in (
        ("planning-applications-received", "all", "E09000008", "LT_P134", "C81", 1749.0),  # Croydon
        ("planning-decisions-extended", "all", "E09000008", "LT_P134", "F81", 598.0),
        ("planning-decisions-delegated-share", "all", "E09000008", "LT_P134", "H81", 98.2412060301507),
        ("planning-decisions-granted", "all", "E09000008", "LT_P134", "I81", 1185.0),
        ("planning-decisions-granted-share", "all", "E09000008", "LT_P134", "J81", 74.4346733668342),
        ("planning-decisions-granted-share", "all", "E06000053", "LT_P134", "J149", 92.4242424242424),  # Scilly
        (DECIDED, "major", "E06000052", "LT_P124A", "J76", 161.0),  # Cornwall
        (DECIDED, "minor", "E06000052", "LT_P124A", "Q76", 2184.0),
        (DECIDED, "other", "E06000052", "LT_P124A", "AF76", 2672.0),
        (DECIDED, "all", "E06000052", "LT_P124A", "AG76", 5017.0),
        (DECIDED, "major-homes", "E09000008", "LT_P124A", "C81", 9.0),
        (DECIDED, "minor-homes", "E09000008", "LT_P124A", "K81", 221.0),
        (DECIDED, "house-extensions", "E09000008", "LT_P124A", "AA81", 864.0),
        (DECIDED, "listed-buildings", "E06000053", "LT_P124A", "AC149", 11.0),
        ("planning-contravention-notices", "all", "E06000053", "LT_P130", "F149", 1.0),
        ("planning-breach-of-condition-notices", "all", "E09000008", "LT_P130", "G81", 0.0),
        ("planning-enforcement-notices", "all", "E09000033", "LT_P130", "C313", 167.0),  # Westminster
    )
]


@pytest.mark.parametrize(("breakdown", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand(breakdown: str, hand_read: HandRead) -> None:
    _, metric, area, period, sheet, cell, value = hand_read
    row = carried(SOURCE).filter(metric_key=metric, breakdown=breakdown, area_code=area, period=period)
    assert row.select("sheet", "cell", "value").rows() == [(sheet, cell, value)]


@needs_files
@pytest.mark.parametrize("hand_read", [hand_read for _, hand_read in HAND_READ])
def test_a_cell_read_by_hand_is_in_the_published_file(hand_read: HandRead) -> None:
    check_published_cell(SOURCE, hand_read)


def test_every_council_has_every_number() -> None:
    counted = carried(SOURCE).group_by("metric_key", "breakdown").agg(pl.len(), pl.col("value").count().alias("some"))
    assert len(counted) == 18
    assert set(counted.select("len", "some").iter_rows()) == {(296, 296)}


def test_no_park_or_corporation_is_a_council() -> None:
    assert set(carried(SOURCE)["area_code"].str.slice(0, 3)) == {"E06", "E07", "E08", "E09"}


def test_parts_add_up_to_the_whole() -> None:
    decided = carried(SOURCE).filter(metric_key=DECIDED).pivot("breakdown", index="area_code", values="value")
    assert (decided["major"] + decided["minor"] + decided["other"] == decided["all"]).all()
    others = decided["house-extensions"] + decided["change-of-use"] + decided["advertisements"]
    assert (others + decided["listed-buildings"] <= decided["other"]).all()
    assert (decided["major-homes"] <= decided["major"]).all()
    assert (decided["minor-homes"] <= decided["minor"]).all()


def test_the_share_granted_is_never_more_than_was_granted() -> None:
    found = find(SOURCE, EDITION, "planning-decisions-granted", "E09000008", PERIOD)["value"]
    assert found == pytest.approx(1592 * 0.744346733668342, abs=1)


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == 18 * 296
