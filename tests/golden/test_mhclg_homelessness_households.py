"""Who is owed help with homelessness, as it stands in the edition: cells read by hand, labels, parts and wholes."""

from __future__ import annotations

import polars as pl

from tests.golden.carried import (
    HandRead,
    carried,
    check_every_value,
    check_labels,
    check_parts,
    expect_cells,
    needs_files,
)

SOURCE = "mhclg-homelessness-households"
BEFORE, AFTER = "prevention-duties-by-household-type", "relief-duties-by-household-type"
NEEDS, SENT = "homelessness-support-needs", "homelessness-referrals"
AGE, GROUP = "homelessness-duties-by-age", "homelessness-duties-by-ethnic-group"
WORK = "homelessness-duties-by-employment"
CAME = "relief-duties-by-accommodation"

# Read in the workbooks.
HAND_READ: list[HandRead] = [
    ("2025-q4", AFTER, "E09000008", "2025-q4", "A5R", "E82", 395.0),  # Croydon
    ("2025-q4", f"{AFTER}/man-alone", "E09000008", "2025-q4", "A5R", "O82", 217.0),
    ("2025-q4", f"{AFTER}/single-mother", "E09000008", "2025-q4", "A5R", "J82", 35.0),
    ("2024-q1", BEFORE, "E06000053", "2024-q1", "A5P", "E147", 2.0),  # Isles of Scilly
    ("2024-q1", f"{BEFORE}/couple-with-children", "E06000053", "2024-q1", "A5P", "V147", "-"),  # fewer than five
    ("2025-q4", NEEDS, "E08000025", "2025-q4", "A3", "H35", 233.0),  # Birmingham
    ("2025-q4", f"{NEEDS}/mental-health", "E08000025", "2025-q4", "A3", "V35", 94.0),
    ("2025-q4", f"{NEEDS}/armed-forces", "E08000025", "2025-q4", "A3", "AH35", 1.0),
    ("2024-q2", f"{AGE}/aged-75-and-over", "E07000223", "2024-q2", "A6", "U19", 1.0),  # Adur
    ("2024-q2", f"{AGE}/aged-16-to-17", "E07000223", "2024-q2", "A6", "G19", 0.0),  # a true zero
    ("2024-q4", f"{GROUP}/asian", "E09000025", "2024-q4", "A8", "AB183", 352.0),  # Newham
    ("2024-q4", f"{GROUP}/not-known", "E09000025", "2024-q4", "A8", "BG183", 55.0),
    ("2025-q1", f"{WORK}/registered-unemployed", "E08000003", "2025-q1", "A10", "I169", 405.0),  # Manchester
    ("2025-q3", SENT, "E09000001", "2025-q3", "A7", "E79", 2.0),  # City of London
    ("2025-q3", f"{SENT}/adult-social-care", "E09000001", "2025-q3", "A7", "O79", 1.0),
    ("2025-q2", f"{CAME}/rough-sleeping", "E08000035", "2025-q2", "A4R", "AB157", 48.0),  # Leeds
    ("2025-q2", f"{CAME}/leaving-institution", "E08000035", "2025-q2", "A4R", "AF157", 71.0),
]
_TYPES = {
    "single-father": "Single parent with dependent children - Male",
    "single-mother": "Single parent with dependent children - Female",
    "couple-with-children": "Couple with dependent children",
    "man-alone": "Single adult - Male",
    "woman-alone": "Single adult - Female",
    "couple-without-children": "Couple / two adults without dependent children",
}
_PLACES = {
    "private-rented": "Private rented sector",
    "social-rented": "Social rented sector",
    "own-home": "Owner-occupier / shared ownership",
    "family": "Living with family",
    "friends": "Living with friends",
}
LABELS = {
    BEFORE: "Total owed a prevention duty",
    AFTER: "Total owed a relief duty",
    **{f"{metric}/{part}": label for metric in (BEFORE, AFTER) for part, label in _TYPES.items()},
    CAME: "Total owed a relief duty",
    **{f"{CAME}/{part}": label for part, label in _PLACES.items()},
    f"{CAME}/temporary-accommodation": "Temporary accommodation",
    f"{CAME}/no-fixed-abode": "Total No fixed abode",
    f"{CAME}/rough-sleeping": "Rough sleeping",
    f"{CAME}/refuge": "Refuge",
    f"{CAME}/asylum-accommodation": "National Asylum Seeker Support",
    f"{CAME}/leaving-institution": "Total homeless on departure from institution",
    NEEDS: "Total households with support need",
    f"{NEEDS}/mental-health": "History of mental health problems",
    f"{NEEDS}/physical-ill-health-or-disability": "Physical ill health and disability",
    f"{NEEDS}/domestic-abuse": "At risk of / has experienced domestic abuse",
    f"{NEEDS}/repeat-homelessness": "History of repeat homelessness",
    f"{NEEDS}/rough-sleeping": "History of rough sleeping",
    f"{NEEDS}/offending": "Offending history",
    f"{NEEDS}/drugs": "Drug dependency needs",
    f"{NEEDS}/alcohol": "Alcohol dependency needs",
    f"{NEEDS}/learning-disability": "Learning disability",
    f"{NEEDS}/aged-18-to-25": "Young person aged 18-25 years",
    f"{NEEDS}/care-leaver-aged-18-to-20": "Care leaver aged 18-20 years",
    f"{NEEDS}/armed-forces": "Served in HM Forces",
    AGE: "Total owed a prevention or relief duty",
    **{
        f"{AGE}/aged-{first}-to-{last}": f"{first}-{last}"
        for first, last in ((16, 17), (18, 24), (25, 34), (35, 44), (45, 54), (55, 64), (65, 74))
    },
    f"{AGE}/aged-75-and-over": "75+",
    GROUP: "Total owed a prevention or relief duty",
    f"{GROUP}/white": "White",
    f"{GROUP}/black": "Black / African / Caribbean / Black British",
    f"{GROUP}/asian": "Asian / Asian British",
    f"{GROUP}/mixed": "Mixed / Multiple ethnic groups",
    f"{GROUP}/other-ethnic-group": "Other ethnic group",
    f"{GROUP}/not-known": "Not known",
    WORK: "Total owed a prevention or relief duty",
    f"{WORK}/full-time-work": "Full-time work",
    f"{WORK}/part-time-work": "Part-time work",
    f"{WORK}/registered-unemployed": "Registered unemployed",
    f"{WORK}/too-ill-to-work": "Not working due to long-term illness / disability",
    f"{WORK}/retired": "Retired",
    SENT: "Total households assessed as a result of a referral",
    f"{SENT}/under-the-duty-to-refer": "Total households referred under the Duty to Refer",
    f"{SENT}/prison": "Adult Secure Estate (prison)",
    f"{SENT}/probation": "National Probation Service",
    f"{SENT}/hospital": "Hospital A&E, Urgent Treatment Centres or in-patient care",
    f"{SENT}/jobcentre": "Jobcentre Plus",
    f"{SENT}/adult-social-care": "Adult Social Services",
    f"{SENT}/childrens-social-care": "Children's Social Services",
    f"{SENT}/other-agency": "Households referred by an agency (not subject to the Duty to Refer)",
}


test_a_cell_read_by_hand, test_a_cell_read_by_hand_is_in_the_published_file = expect_cells(SOURCE, HAND_READ)


def test_every_part_has_a_row_for_every_housing_authority_in_every_quarter() -> None:
    counted = carried(SOURCE).group_by("metric_key", "breakdown", "period").len()
    assert set(counted["len"]) == {296}
    assert len(counted) == 70 * 8


def test_parts_are_no_more_than_the_whole() -> None:
    check_parts(SOURCE, {GROUP: 0.01, AGE: 0.03}, overlapping=frozenset({NEEDS, SENT}))


def test_referrals_under_the_duty_and_by_others_are_no_more_than_all() -> None:
    rows = carried(SOURCE).filter(metric_key=SENT).pivot("breakdown", index=["area_code", "period"], values="value")
    assert (rows["under-the-duty-to-refer"] + rows["other-agency"] <= rows["all"]).all()
    assert len(rows.filter(pl.col("all").is_not_null())) == 2313


@needs_files
def test_every_lettered_column_has_its_label() -> None:
    assert check_labels(SOURCE, LABELS) == 70 * 8


@needs_files
def test_every_value_is_its_cell() -> None:
    assert check_every_value(SOURCE) == 162_672
