"""Places to eat, shops, short-term lets, Ofsted’s grades, births of firms, Universal Credit: counts and cells."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.core.areas import LOWER_TIER_CLASSES, PRINCIPAL_CLASSES, UPPER_TIER_CLASSES, AreaClass, Register
from moothall.core.periods import parse_key
from tests.golden.carried import (
    ROOT,
    HandRead,
    carried,
    check_cell,
    check_every_value,
    check_published_cell,
    count_markers,
    count_values,
    needs_files,
    read_published,
)

SHOPS, LETS, GRADES, FIRMS, CREDIT = (
    "ons-els-food-shops",
    "ons-els-short-term-lets",
    "ons-subnational-school-judgements",
    "ons-business-births-and-deaths",
    "dwp-universal-credit-households",
)
EAT, SHOP, NIGHTS = "food-outlets-per-1000", "supermarkets-per-10000", "short-term-let-guest-nights"
UPPER, BORN, CLOSED, HOUSEHOLDS = (
    "schools-in-ofsteds-upper-grades",
    "firms-born",
    "firms-closed",
    "households-on-universal-credit",
)
F, S, L, G, B, U = "food-outlets-2025", "supermarkets-2023", "2025-12", "2021-22", "2024", "2025-05"
YEAR, MAY, SHEET = "2021-22-academic", "2025-m05", "Data Sheet 0"

HAND_READ: list[tuple[str, HandRead]] = [
    (SHOPS, (F, EAT, "E09000001", "2010-03-15", "csv", "F3371", 41.56445898064868)),  # City of London, the highest
    (SHOPS, (F, EAT, "E09000001", "2025-03-15", "csv", "F3365", 24.154589371980677)),
    (SHOPS, (F, EAT, "E06000063", "2024-03-15", "csv", "F424", 2.6025419347938463)),  # Cumberland, in its first March
    (SHOPS, (F, EAT, "E10000016", "2019-03-15", "csv", "F4392", 2.0763481866345885)),  # Kent
    (
        SHOPS,
        (F, EAT, "E06000058", "2020-03-15", "csv", "F5075", 2.0522369382627064),
    ),  # Bournemouth, Christchurch, Poole
    (SHOPS, (F, EAT, "E07000240", "2010-03-15", "csv", "F3040", 1.827812860634645)),  # St Albans, by its later code
    (SHOPS, (S, SHOP, "E08000038", "2023-08-15", "csv", "F85", 2.45)),  # Barnsley, by its new code
    (SHOPS, (S, SHOP, "E09000001", "2023-08-15", "csv", "F227", 37.28)),
    (SHOPS, (S, SHOP, "E06000066", "2023-08-15", "csv", "F341", 3.11)),  # Somerset
    (LETS, (L, NIGHTS, "E06000052", "2024-m08", "csv", "F9797", 803920.0)),  # Cornwall in August
    (LETS, (L, NIGHTS, "E09000033", "2025-m12", "csv", "F6848", 432700.0)),  # Westminster
    (LETS, (L, NIGHTS, "E10000008", "2023-m07", "csv", "F10098", 310580.0)),  # Devon
    (LETS, (L, NIGHTS, "E08000039", "2025-m01", "csv", "F2284", 27440.0)),  # Sheffield
    (LETS, (L, NIGHTS, "E06000053", "2025-m02", "csv", "F9843", "")),  # Isles of Scilly, too few guests
    (GRADES, (G, UPPER, "E08000038", YEAR, "csv", "I3960", 78.88888889)),  # Barnsley, by its old code
    (GRADES, (G, UPPER, "E09000013", YEAR, "csv", "I3999", 93.33333333)),
    (GRADES, (G, UPPER, "E06000046", YEAR, "csv", "I4007", 79.59183673)),  # Isle of Wight
    (GRADES, (G, UPPER, "E06000053", YEAR, "csv", "I4008", "NA")),
    (GRADES, (G, UPPER, "E06000017", YEAR, "csv", "I4045", 100.0)),  # Rutland, all
    (GRADES, (G, UPPER, "E10000016", YEAR, "csv", "I4098", 91.2371134)),
    (FIRMS, (B, BORN, "E09000033", "2019", "Table 1.1a", "C239", 6745.0)),  # Westminster
    (FIRMS, (B, BORN, "E07000004", "2019", "Table 1.1a", "C274", 1135.0)),  # Aylesbury Vale, closed in 2020
    (FIRMS, (B, BORN, "E10000016", "2023", "Table 1.1c", "E286", 7240.0)),
    (FIRMS, (B, BORN, "E06000053", "2024", "Table 1.1d", "C319", 15.0)),
    (FIRMS, (B, CLOSED, "E10000016", "2020", "Table 2.1b", "C292", 6805.0)),
    (FIRMS, (B, CLOSED, "E06000063", "2024", "Table 2.1d", "C28", 780.0)),  # Cumberland
    (CREDIT, (U, HOUSEHOLDS, "E08000025", MAY, SHEET, "D123", 195085.0)),  # Birmingham
    (CREDIT, (U, HOUSEHOLDS, "E06000053", MAY, SHEET, "D283", 78.0)),  # Isles of Scilly
    (CREDIT, (U, HOUSEHOLDS, "E08000013", MAY, SHEET, "D54", 22058.0)),  # St. Helens
    (CREDIT, (U, HOUSEHOLDS, "E06000023", MAY, SHEET, "D280", 47803.0)),  # Bristol, City of
]


@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand(source: str, hand_read: HandRead) -> None:
    check_cell(source, hand_read)


@needs_files
@pytest.mark.parametrize(("source", "hand_read"), HAND_READ)
def test_a_cell_read_by_hand_is_in_the_published_file(source: str, hand_read: HandRead) -> None:
    check_published_cell(source, hand_read)


def test_counts() -> None:
    # Of today's 317 councils, 306 existed in the Marches to 2019; 310, 311 and 313 twice, then all.
    eat = 10 * 306 + 310 + 311 + 2 * 313 + 2 * 317
    assert count_values(SHOPS) == {EAT: (eat, eat), SHOP: (317, 317)}
    assert count_values(LETS) == {NIGHTS: (30 * 317, 30 * 317 - 3)}
    assert count_markers(LETS, NIGHTS) == {"not_available": 3}
    # The City of London has one state school, the Isles of Scilly too; neither has a share.
    assert count_values(GRADES) == {UPPER: (152, 150)}
    # 343, 339, 333 twice, 313 of those in the workbook for 2023, and 317.
    firms = 343 + 339 + 2 * 333 + 313 + 317
    assert count_values(FIRMS) == {BORN: (firms, firms), CLOSED: (firms, firms)}
    assert count_values(CREDIT) == {HOUSEHOLDS: (296, 296)}
    assert count_markers(CREDIT, HOUSEHOLDS) == {"provisional": 296}


@pytest.mark.parametrize(
    ("source", "metric", "period", "classes", "began_then"),
    [
        (SHOPS, EAT, "2025-03-15", PRINCIPAL_CLASSES, set()),
        (SHOPS, SHOP, "2023-08-15", PRINCIPAL_CLASSES, set()),
        (LETS, NIGHTS, "2023-m07", PRINCIPAL_CLASSES, set()),
        (GRADES, UPPER, YEAR, UPPER_TIER_CLASSES, set()),
        (FIRMS, BORN, "2019", PRINCIPAL_CLASSES, set()),
        (FIRMS, CLOSED, "2021", PRINCIPAL_CLASSES, set()),
        (FIRMS, BORN, "2023", PRINCIPAL_CLASSES, {"E06000063", "E06000064", "E06000065", "E06000066"}),
        (FIRMS, CLOSED, "2024", PRINCIPAL_CLASSES, set()),
        (CREDIT, HOUSEHOLDS, MAY, LOWER_TIER_CLASSES, set()),
    ],
)
def test_the_councils_are_those_of_the_day(
    source: str, metric: str, period: str, classes: frozenset[AreaClass], began_then: set[str]
) -> None:
    alive = Register.read(ROOT / "edition" / "areas").alive(parse_key(period).end, classes)
    held = set(carried(source).filter(metric_key=metric, period=period)["area_code"])
    assert held == {area.code for area in alive} - began_then


@needs_files
@pytest.mark.parametrize(
    ("metric", "period", "sheet", "column"),
    [
        (BORN, "2019", "Table 1.1a", "C"),
        (BORN, "2022", "Table 1.1c", "D"),
        (CLOSED, "2021", "Table 2.1c", "C"),
        (CLOSED, "2024", "Table 2.1d", "C"),
    ],
)
def test_lower_tier_councils_add_up_to_englands_firms(metric: str, period: str, sheet: str, column: str) -> None:
    assert str(read_published(FIRMS, B, sheet, "A8")).strip() == "E92000001"
    lower = carried(FIRMS).filter(~pl.col("area_code").str.starts_with("E10"), metric_key=metric, period=period)
    assert lower["value"].sum() == float(str(read_published(FIRMS, B, sheet, f"{column}8")))


def test_births_agree_with_their_share_of_active_firms() -> None:
    """The same release in Explore Local Statistics has births as a percentage of active firms."""
    els = carried("ons-els-business").filter(period="2024", breakdown="all")
    rate, active = (
        els.filter(metric_key=key).select("area_code", pl.col("value").alias(key))
        for key in ("business-birth-rate", "active-businesses")
    )
    born = carried(FIRMS).filter(metric_key=BORN, period="2024").select("area_code", "value")
    both = born.join(rate, on="area_code").join(active, on="area_code")
    apart = (100 * both["value"] / both["active-businesses"] - both["business-birth-rate"]).abs()
    assert len(both) == 317
    assert apart.max() <= 0.051


def test_the_isles_of_scilly_have_no_guest_nights_in_three_winter_months() -> None:
    scilly = carried(LETS).filter(pl.col("value").is_null())
    assert set(scilly.select("area_code", "period").iter_rows()) == {
        ("E06000053", month) for month in ("2024-m01", "2024-m02", "2025-m02")
    }


@needs_files
@pytest.mark.parametrize("source", [SHOPS, LETS, FIRMS, CREDIT])
def test_every_value_is_its_cell(source: str) -> None:
    assert check_every_value(source) == carried(source).select(pl.col("value").count()).item()
