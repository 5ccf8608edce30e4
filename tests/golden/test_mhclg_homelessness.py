"""Homelessness as it stands in the edition: counts, cells read by hand, and which quarters are transcribed."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    check_labels,
    check_parts,
    expect_cells,
    find,
    load_definitions,
    needs_files,
)

SOURCE = "mhclg-homelessness"
HELD = [
    "2019-q1", "2020-q1", "2021-q1", "2022-q1", "2023-q1", "2024-q1", "2024-q2", "2024-q3", "2024-q4",
    "2025-q1", "2025-q2", "2025-q3", "2025-q4",
]  # fmt: skip
ASSESSMENTS, PREVENTION, RELIEF = "homelessness-assessments", "prevention-duties-owed", "relief-duties-owed"
HOUSED, FAMILIES = "temporary-accommodation-households", "temporary-accommodation-families"
HOTELS, LONG_STAYS = "bed-and-breakfast-households", "bed-and-breakfast-families-over-six-weeks"
ELSEWHERE = "temporary-accommodation-out-of-district"
SECTION_21, OWN_PLACE = "section-21-prevention-duties", "homeless-with-own-arrangements"
HOTEL_FAMILIES = "bed-and-breakfast-families"

# Read in the workbooks, and by line in the transcription.
HAND_READ: list[HandRead] = [
    ("2019-q1", ASSESSMENTS, "E09000008", "2019-q1", "A1 - Jan-Mar 19", "E89", 663.0),  # Croydon
    ("2019-q1", RELIEF, "E09000008", "2019-q1", "A1 - Jan-Mar 19", "J89", 491.0),
    ("2019-q1", HOTELS, "E07000223", "2019-q1", "TA1 - Jan-Mar 19", "K18", 4.0),  # Adur
    ("2019-q1", LONG_STAYS, "E07000223", "2019-q1", "TA1 - Jan-Mar 19", "M18", "-"),  # withheld: fewer than five
    ("2019-q1", HOUSED, "E09000004", "2019-q1", "TA1 - Jan-Mar 19", "E35", ".."),  # Bexley
    ("2021-q1", PREVENTION, "E08000025", "2021-q1", "A1", "H37", 273.0),  # Birmingham
    ("2021-q1", "prevention-duties-per-1000", "E08000025", "2021-q1", "A1", "O37", 0.640343017446415),
    ("2024-q1", PREVENTION, "E06000053", "2024-q1", "A1", "H148", 2.0),  # Isles of Scilly
    ("2024-q1", "relief-duties-per-1000", "E06000053", "2024-q1", "A1", "R148", 1.25),
    ("2024-q1", "temporary-accommodation-per-1000", "E09000025", "2024-q1", "TA1", "G184", 53.0918698371292),  # Newham
    ("2024-q1", "temporary-accommodation-children", "E09000025", "2024-q1", "TA1", "I184", 9179.0),
    ("2025-q4", FAMILIES, "E09000008", "2025-q4", "TA1", "H83", 2321.0),
    ("2025-q4", LONG_STAYS, "E09000008", "2025-q4", "TA1", "M83", 0.0),  # a true zero
    ("2025-q4", ELSEWHERE, "E09000008", "2025-q4", "TA1", "AF83", 960.0),
    ("2025-q4", "relief-duties-per-1000", "E07000111", "2025-q4", "A1", "R230", 0.773042616451933),  # Sevenoaks
    ("2019-q1", SECTION_21, "E09000008", "2019-q1", "A1 - Jan-Mar 19", "I89", 58.0),
    ("2021-q1", f"{PREVENTION}/family-or-friends", "E08000025", "2021-q1", "A2P", "W38", 100.0),
    ("2021-q1", f"{PREVENTION}/supported-housing-ended", "E08000025", "2021-q1", "A2P", "AG38", 17.0),
    ("2025-q4", f"{RELIEF}/asylum-support-ended", "E08000003", "2025-q4", "A2R", "BC169", 113.0),  # Manchester
    ("2025-q4", f"{RELIEF}/left-institution", "E08000003", "2025-q4", "A2R", "AV169", 72.0),
    ("2025-q4", f"{RELIEF}/domestic-abuse", "E08000003", "2025-q4", "A2R", "AE169", 52.0),
    ("2025-q4", f"{HOUSED}/nightly-paid", "E09000008", "2025-q4", "TA1", "Q83", 1769.0),
    ("2025-q4", f"{HOUSED}/council-or-association-homes", "E09000008", "2025-q4", "TA1", "Z83", 299.0),
    ("2025-q4", HOTEL_FAMILIES, "E09000008", "2025-q4", "TA1", "L83", 0.0),
    ("2025-q4", OWN_PLACE, "E09000008", "2025-q4", "TA1", "AH83", 28.0),
    ("transcribed", ASSESSMENTS, "E08000025", "2018-q2", "csv", "E30", 1445.0),
    ("transcribed", HOUSED, "E09000008", "2022-q4", "csv", "E86528", 1935.0),
    ("transcribed", HOUSED, "E06000053", "2023-q3", "csv", "E100644", 0.0),
    ("transcribed", LONG_STAYS, "E07000223", "2020-q4", "csv", "E49692", 0.0),
]
_REASONS = {
    "private-tenancy-ended": "Total end of AST",
    "family-or-friends": "Family or friends no longer willing or able to accommodate",
    "relationship-breakdown": "Non-violent relationship breakdown with partner",
    "domestic-abuse": "Domestic abuse",
    "social-tenancy-ended": "Total end of social rented tenancy",
    "supported-housing-ended": "Total evicted from supported housing",
    "left-institution": "Left institution with no accommodation available",
    "asylum-support-ended": "Required to leave accommodation provided by Home Office as asylum support",
}
# What the label over each lettered column must say, in any spelling of footnotes, on one of the rows above the data.
LABELS = {
    ASSESSMENTS: "Total initial assessments",
    PREVENTION: "Threatened with homelessness",
    RELIEF: "Relief duty owed",
    "prevention-duties-per-1000": "Households assessed as threatened with homelessness",
    "relief-duties-per-1000": "Households assessed as homeless",
    HOUSED: "Total number of households in TA",
    "temporary-accommodation-per-1000": "households in TA per (000s)",
    FAMILIES: "households in TA with children",
    "temporary-accommodation-children": "number of children in TA",
    HOTELS: "Bed and breakfast hotels",
    LONG_STAYS: "Total with children and resident more than 6 weeks",
    ELSEWHERE: "In TA in another local authority district",
    SECTION_21: "Section 21 Notice",
    HOTEL_FAMILIES: "Total with children",
    OWN_PLACE: "Duty owed, no accommodation secured",
    f"{HOUSED}/bed-and-breakfast": "Bed and breakfast hotels",
    f"{HOUSED}/nightly-paid": "Nightly paid, privately managed accommodation, self-contained",
    f"{HOUSED}/hostel-or-refuge": "Hostels (including reception centres, emergency units and refuges)",
    f"{HOUSED}/leased-private-homes": "Private sector accommodation leased by",
    f"{HOUSED}/council-or-association-homes": "Local authority or Housing association (LA/HA) stock",
    f"{HOUSED}/other-kinds": "Any other type of temporary accommodation",
    **{f"{duty}/{part}": label for duty in (PREVENTION, RELIEF) for part, label in _REASONS.items()},
}


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_every_housing_authority_has_a_row_in_every_quarter() -> None:
    councils = {"2018": 326, "2019-q1": 326, "2019": 317, "2020-q1": 317, "2020": 314, "2021-q1": 314, "2021": 309,
                "2022": 309, "2023-q1": 309, "2023": 296, "2024": 296, "2025": 296}  # fmt: skip
    for metric in (ASSESSMENTS, HOUSED, HOTELS, ELSEWHERE):
        rows = carried(SOURCE).filter(metric_key=metric, breakdown="all").group_by("period").len()
        found = dict(rows.iter_rows())
        assert len(found) == 31, metric
        assert found == {period: councils.get(period, councils[period[:4]]) for period in found}, metric


def test_rates_of_duties_begin_where_the_tables_have_them() -> None:
    rates = carried(SOURCE).filter(metric_key="relief-duties-per-1000")
    assert rates["period"].min() == "2019-q2"
    assert rates["period"].n_unique() == 27


def test_a_quarter_is_transcribed_only_where_its_own_file_is_not_held() -> None:
    periods = carried(SOURCE).group_by("edition_key").agg(pl.col("period").unique())
    read = {key.split("/")[1]: set(quarters) for key, quarters in periods.iter_rows()}
    transcribed = read.pop("transcribed")
    assert read == {quarter: {quarter} for quarter in HELD}
    assert len(transcribed) == 18
    assert transcribed.isdisjoint(HELD)


def test_copies_are_called_what_they_are() -> None:
    qualities = {each.edition: each.quality for each in load_definitions().sources[SOURCE].editions}
    assert qualities.pop("transcribed") == "transcribed"
    converted = {edition for edition, quality in qualities.items() if quality == "converted"}
    assert converted == {"2021-q1", "2022-q1", "2023-q1", "2024-q4", "2025-q1", "2025-q2", "2025-q3", "2025-q4"}


def test_symbols_are_markers_and_never_zero() -> None:
    absent = carried(SOURCE).filter(pl.col("value").is_null())
    assert set(absent.select("stored", "marker").unique().iter_rows()) == {
        ("..", "not_available"), ("-", "suppressed"), ("", "not_available"), ("", "suppressed"),
    }  # fmt: skip
    blank = absent.filter(stored="")
    assert set(blank["edition_key"]) == {f"{SOURCE}/transcribed"}  # there the symbol stands in the next column
    assert find(SOURCE, "2025-q4", ELSEWHERE, "E07000032", "2025-q4")["marker"] == "suppressed"


def test_parts_are_no_more_than_the_whole() -> None:
    check_parts(SOURCE, {HOUSED: 0.58})


def test_kinds_of_accommodation_add_up_where_none_is_missing() -> None:
    counted = carried(SOURCE).filter(pl.col("edition_key") != f"{SOURCE}/transcribed", metric_key=HOUSED)
    rows = counted.pivot("breakdown", index=["area_code", "period"], values="value").drop_nulls()
    kinds = pl.sum_horizontal(pl.exclude("area_code", "period", "all"))
    differing = rows.filter((pl.col("all") - kinds).abs() > 0.5)
    assert len(differing) <= 0.004 * len(rows)


@needs_files
def test_every_lettered_column_has_its_label() -> None:
    assert check_labels(SOURCE, LABELS) == 447


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == 188_280
