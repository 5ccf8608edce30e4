"""What people type is read as the postcodes it can mean, and words are left words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.postcodes import Postcode, is_postcode, read_postcodes

LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
OUTWARD = st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True)
INWARD = st.builds("{}{}{}".format, st.integers(0, 9), st.sampled_from(LETTERS), st.sampled_from(LETTERS))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("EX2 3JN", ["EX2 3JN"]),
        ("ex11jn", ["EX1 1JN"]),
        ("  ex1   1jn. ", ["EX1 1JN"]),
        ("SW1A-1AA", ["SW1A 1AA"]),
        ("sw1a\u00a01aa", ["SW1A 1AA"]),
        ("GIR 0AA", ["GIR 0AA", "G1R 0AA"]),
        ("EX1 IJN", ["EX1 1JN"]),  # I for 1
        ("0X1 1AA", ["OX1 1AA"]),  # 0 for O
        ("OX1 OAA", ["OX1 0AA"]),  # O for 0
        ("S016 4AB", ["SO16 4AB"]),  # S01 6 and 4AB cannot be
        ("SO2 2AA", ["SO2 2AA", "S02 2AA"]),
        ("EX1", ["EX1"]),
        ("EX22", ["EX22"]),
        ("EX1 1", ["EX1 1"]),
        ("EX1 1J", ["EX1 1J"]),
    ],
)
def test_spaces_case_and_slips_are_forgiven(typed: str, read: list[str]) -> None:
    assert [str(each) for each in read_postcodes(typed)] == read


@pytest.mark.parametrize(
    "typed",
    ["", "exeter", "social", "wi", "oil", "radio", "E0101", "E1121", "E07000041", "covid19", "5G",
     "EX1 1KN", "EX1 1JN 2", "EX1 11", "Z", "٣X1 1AA"],
)  # fmt: skip
def test_what_has_not_the_shape_of_a_postcode_is_none(typed: str) -> None:
    assert read_postcodes(typed) == ()


@pytest.mark.parametrize(
    ("typed", "is_one"), [("EX1 1JN", True), ("ex1 1", True), ("EX1", False), ("CO2", False), ("S106", False)]
)
def test_more_than_the_first_half_says_where_somebody_is(typed: str, is_one: bool) -> None:
    assert is_postcode(typed) is is_one


@given(OUTWARD, INWARD, st.sampled_from(["", " ", "  "]), st.booleans())
def test_every_postcode_is_read_first_as_it_stands(outward: str, inward: str, between: str, is_lower: bool) -> None:
    typed = f"{outward}{between}{inward}"
    assert read_postcodes(typed.lower() if is_lower else typed)[0] == Postcode(outward, inward)


def test_northern_ireland_is_known_by_its_letters() -> None:
    assert Postcode("BT1", "5GS").is_in_northern_ireland
    assert not Postcode("B1", "5GS").is_in_northern_ireland
    assert not Postcode("BTA", "").is_in_northern_ireland
