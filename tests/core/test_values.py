"""Values: rounding as people round, numbers in words, and markers that say why."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.values import (
    MARKERS,
    READABLE_MARKERS,
    Marker,
    Unit,
    format_difference,
    format_value,
    read_words,
    round_half_up,
    scale_exactly,
)

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "unit", "places", "text"),
    [
        (45.65, Unit.PERCENT, 1, "45.7%"),
        (0.0, Unit.PERCENT, 1, "0.0%"),
        (-0.04, Unit.PERCENT, 1, "0.0%"),
        (-2.5, Unit.PERCENT, 0, "−3%"),
        (1234.5, Unit.POUNDS_MILLION, 1, "£1,234.5 million"),
        (-6.4, Unit.POUNDS_MILLION, 1, "−£6.4 million"),
        (312.5, Unit.POUNDS_PER_HEAD, 0, "£313 per head"),
        (416.96, Unit.KILOGRAMS_PER_HOUSEHOLD, 1, "417.0 kg per household"),
        (48346.0, Unit.TONNES, 0, "48,346 tonnes"),
        (5.22, Unit.TONNES_PER_PERSON, 1, "5.2 tonnes per person"),
        (2491.9, Unit.KILOWATT_HOURS, 0, "2,492 kWh"),
        (1572.4, Unit.SQUARE_KILOMETRES, 0, "1,572 square kilometres"),
        (5690.6, Unit.PER_SQUARE_KILOMETRE, 0, "5,691 per square kilometre"),
        (48346.0, Unit.COUNT, -3, "48,000"),
        (7.65, Unit.SCORE, 1, "7.7"),
        (1.0, Unit.JUDGEMENT, 0, "Outstanding"),
        (3.0, Unit.JUDGEMENT, 0, "Requires improvement to be good"),
        (20240704.0, Unit.DATE, 0, "4 July 2024"),
    ],
)
def test_a_value_in_words(value: float, unit: Unit, places: int, text: str) -> None:
    assert format_value(value, unit, places) == text


@pytest.mark.parametrize(
    ("value", "unit", "places", "text"),
    [
        (-2.5, Unit.PERCENT, 1, "2.5 percentage points"),
        (1.0, Unit.PERCENT, 0, "1 percentage point"),
        (-3.0, Unit.POUNDS_MILLION, 1, "£3.0 million"),
    ],
)
def test_a_difference_in_words(value: float, unit: Unit, places: int, text: str) -> None:
    assert format_difference(value, unit, places) == text


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_has_words(unit: Unit) -> None:
    assert unit.words
    assert format_value(20240101.0 if unit is Unit.DATE else 1.0, unit, 0)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("Good", Unit.JUDGEMENT, 2.0),
        (" requires improvement  to be good ", Unit.JUDGEMENT, 3.0),
        ("4", Unit.JUDGEMENT, 4.0),
        ("0", Unit.JUDGEMENT, None),
        ("5", Unit.JUDGEMENT, None),
        ("1.5", Unit.JUDGEMENT, None),
        ("Requires improvement", Unit.JUDGEMENT, None),
        ("", Unit.JUDGEMENT, None),
        ("2024-07-04", Unit.DATE, 20240704.0),
        ("2024-02-30", Unit.DATE, None),
        ("4 July 2024", Unit.DATE, None),
        ("45477", Unit.DATE, None),
    ],
)
def test_words_are_read_where_values_are_no_amounts(text: str, unit: Unit, value: float | None) -> None:
    assert read_words(text, unit) == value


@pytest.mark.parametrize("number", range(1, 5))
def test_a_judgement_is_read_as_it_is_written(number: int) -> None:
    assert read_words(format_value(number, Unit.JUDGEMENT, 0), Unit.JUDGEMENT) == number


@pytest.mark.parametrize("unit", [Unit.JUDGEMENT, Unit.DATE])
def test_what_is_no_amount_is_not_subtracted(unit: Unit) -> None:
    assert not unit.is_amount
    with pytest.raises(ValueError, match="not subtracted"):
        format_difference(1.0, unit, 0)


@given(NUMBERS, st.integers(-3, 4))
def test_rounding_is_half_up_on_the_decimal_form(value: float, places: int) -> None:
    rounded = round_half_up(value, places)
    assert abs(rounded - Decimal(repr(value))) <= Decimal(1).scaleb(-places) / 2
    assert rounded == Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert not (rounded == 0 and rounded.is_signed())


@given(st.integers(0, 10_000))
def test_a_fraction_scaled_to_a_percentage_is_what_it_says(thousandths: int) -> None:
    """0.367 x 100 is 36.7: in binary it would be 36.699999999999996."""
    assert scale_exactly(thousandths / 1000, Decimal(100)) == thousandths / 10


def test_a_zero_turned_round_has_no_minus_sign() -> None:
    assert str(scale_exactly(0.0, Decimal("-0.001"))) == "0.0"


def test_every_marker_says_why() -> None:
    assert set(MARKERS) == set(Marker)
    for marker in Marker:
        assert marker.meaning.label
        assert marker.meaning.sentence.endswith(".")
    computed = {Marker.NOT_RESPONSIBLE, Marker.NO_ROW, Marker.NO_NEIGHBOURS, Marker.TOO_FEW, Marker.SPREAD_ZERO}
    computed |= {Marker.NOT_AN_AMOUNT, Marker.PART_MISSING, Marker.DERIVED_SUM, Marker.APPROX_WEIGHTED}
    assert set(Marker) - READABLE_MARKERS == computed
