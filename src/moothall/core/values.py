"""Values: units, polarity, markers for what is absent or qualified, and rounding half-up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache


class Polarity(StrEnum):
    """Which direction is better; `none` means neither, and then nothing is ranked or coloured."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"

    @property
    def sign(self) -> int:
        """+1 when higher is better, -1 when lower is, 0 when neither."""
        return {Polarity.HIGHER: 1, Polarity.LOWER: -1, Polarity.NONE: 0}[self]

    @property
    def label(self) -> str:
        """The polarity in plain words."""
        return {
            Polarity.HIGHER: "Higher is better",
            Polarity.LOWER: "Lower is better",
            Polarity.NONE: "Neither higher nor lower is better",
        }[self]


class Kind(StrEnum):
    """What a metric measures in the chain from money to lives."""

    INPUT = "input"
    OUTPUT = "output"
    OUTCOME = "outcome"
    CONTEXT = "context"


class Lever(StrEnum):
    """How far the council itself can move the figure."""

    DIRECT = "direct"
    SHARED = "shared"
    CONTEXTUAL = "contextual"


def score_by(polarity: Polarity, lever: Lever) -> Polarity:
    """The direction by which a council may be ranked: none where a figure is of the place, not of the council."""
    return Polarity.NONE if lever is Lever.CONTEXTUAL else polarity


class Unit(StrEnum):
    """The units that values are stored and shown in."""

    PERCENT = "percent"
    SCORE = "score"
    COUNT = "count"
    TONNES = "tonnes"
    TONNES_PER_PERSON = "tonnes_per_person"
    KILOGRAMS = "kilograms"
    KILOGRAMS_PER_HOUSEHOLD = "kilograms_per_household"
    KILOGRAMS_PER_PERSON = "kilograms_per_person"
    POUNDS = "pounds"
    POUNDS_IN_ALL = "pounds_in_all"  # a sum that grows with the size of an area, unlike a price or a week's pay
    POUNDS_MILLION = "pounds_million"
    POUNDS_PER_HEAD = "pounds_per_head"
    POUNDS_PER_HOUR = "pounds_per_hour"
    PER_100 = "per_100"
    PER_1000 = "per_1000"
    PER_10000 = "per_10000"
    PER_100000 = "per_100000"
    RATIO = "ratio"
    DAYS = "days"
    MINUTES = "minutes"
    KILOWATT_HOURS = "kilowatt_hours"
    SQUARE_KILOMETRES = "square_kilometres"
    PER_SQUARE_KILOMETRE = "per_square_kilometre"
    YEARS = "years"
    JUDGEMENT = "judgement"  # 1 to 4, an inspectorate's words
    DATE = "date"  # the number YYYYMMDD

    @property
    def words(self) -> str:
        """The unit as it is written after a number in a heading or a download."""
        return _UNIT_WORDS[self]

    @property
    def ending(self) -> str:
        """What follows a number in words, with the space before it: " per 100"; empty where a sign says it all."""
        if self in _MONEY:
            return _MONEY[self]
        return f" {self.words}" if self.is_amount and self not in _BARE and self is not Unit.PERCENT else ""

    @property
    def is_amount(self) -> bool:
        """Whether values say how much; those that say which or when are never summed up, placed or subtracted."""
        return self not in _WORDS_AND_DAYS

    @property
    def is_money(self) -> bool:
        """Whether values are written with a pound sign."""
        return self in _MONEY

    @property
    def grows_with_size(self) -> bool:
        """Whether values are amounts that grow with the size of an area, so that areas are not alike in them."""
        return self in _GROWING


_UNIT_WORDS: dict[Unit, str] = {
    Unit.PERCENT: "%",
    Unit.SCORE: "score",
    Unit.COUNT: "number",
    Unit.TONNES: "tonnes",
    Unit.TONNES_PER_PERSON: "tonnes per person",
    Unit.KILOGRAMS: "kg",
    Unit.KILOGRAMS_PER_HOUSEHOLD: "kg per household",
    Unit.KILOGRAMS_PER_PERSON: "kg per person",
    Unit.POUNDS: "£",
    Unit.POUNDS_IN_ALL: "£",
    Unit.POUNDS_MILLION: "£ million",
    Unit.POUNDS_PER_HEAD: "£ per head",
    Unit.POUNDS_PER_HOUR: "£ per hour",
    Unit.PER_100: "per 100",
    Unit.PER_1000: "per 1,000",
    Unit.PER_10000: "per 10,000",
    Unit.PER_100000: "per 100,000",
    Unit.RATIO: "ratio",
    Unit.DAYS: "days",
    Unit.MINUTES: "minutes",
    Unit.KILOWATT_HOURS: "kWh",
    Unit.SQUARE_KILOMETRES: "square kilometres",
    Unit.PER_SQUARE_KILOMETRE: "per square kilometre",
    Unit.YEARS: "years",
    Unit.JUDGEMENT: "judgement (1 outstanding to 4 inadequate)",
    Unit.DATE: "date (YYYYMMDD)",
}
JUDGEMENTS = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
"""What the judgements 1 to 4 are called, in the words of the inspectorate that gives them."""
_MONEY = {
    Unit.POUNDS: "",
    Unit.POUNDS_IN_ALL: "",
    Unit.POUNDS_MILLION: " million",
    Unit.POUNDS_PER_HEAD: " per head",
    Unit.POUNDS_PER_HOUR: " per hour",
}
_WORDS_AND_DAYS = frozenset({Unit.JUDGEMENT, Unit.DATE})
_GROWING = frozenset({Unit.COUNT, Unit.TONNES, Unit.KILOGRAMS, Unit.POUNDS_IN_ALL, Unit.POUNDS_MILLION})
_BARE = {Unit.SCORE, Unit.COUNT, Unit.RATIO}
ADDITIVE = _GROWING | {Unit.POUNDS, Unit.SQUARE_KILOMETRES}
"""The units that may be summed over councils; rates, scores, years and the like may not."""
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class MarkerMeaning:
    """What a marker says: a short label for a table, a sentence, and whether a value stands beside it.

    A value beside a marker that is not compared is shown, and is left out of medians, distances and ranks.
    """

    label: str
    sentence: str
    has_value: bool = False
    is_compared: bool = True


class Marker(StrEnum):
    """Why a value is absent or qualified."""

    NOT_SUBMITTED = "not_submitted"
    SUPPRESSED = "suppressed"
    UNRELIABLE = "unreliable"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    NEARLY_ZERO = "nearly_zero"
    REPORTED_JOINTLY = "reported_jointly"
    NOT_COMPUTABLE = "not_computable"
    OUT_OF_RANGE = "out_of_range"
    NO_ROW = "no_row"
    NOT_RESPONSIBLE = "not_responsible"
    NO_NEIGHBOURS = "no_neighbours"
    TOO_FEW = "too_few"
    SPREAD_ZERO = "spread_zero"
    NOT_AN_AMOUNT = "not_an_amount"
    PROVISIONAL = "provisional"
    REVISED = "revised"
    ESTIMATED = "estimated"
    LOW_RELIABILITY = "low_reliability"
    OTHER_BASIS = "other_basis"
    PART_MISSING = "part_missing"
    DERIVED_SUM = "derived_sum"
    APPROX_WEIGHTED = "approx_weighted"

    @property
    def meaning(self) -> MarkerMeaning:
        """The marker in words."""
        return MARKERS[self]


MARKERS: dict[Marker, MarkerMeaning] = {
    Marker.NOT_SUBMITTED: MarkerMeaning("no return", "The council had not sent in this return when it was published."),
    Marker.SUPPRESSED: MarkerMeaning(
        "withheld", "The publisher withheld this to protect people from being identified."
    ),
    Marker.UNRELIABLE: MarkerMeaning("unreliable", "The publisher says this is too unreliable to show."),
    Marker.NOT_AVAILABLE: MarkerMeaning("not available", "The publisher gives no figure and does not say why."),
    Marker.NOT_APPLICABLE: MarkerMeaning("not applicable", "The publisher says this does not apply."),
    Marker.NEARLY_ZERO: MarkerMeaning("nearly zero", "The publisher says this rounds to zero but is not zero."),
    Marker.REPORTED_JOINTLY: MarkerMeaning(
        "reported jointly", "The council reported together with others, so it has no figure of its own."
    ),
    Marker.NOT_COMPUTABLE: MarkerMeaning(
        "cannot be worked out", "One of the numbers this is worked out from is missing or zero."
    ),
    Marker.OUT_OF_RANGE: MarkerMeaning(
        "cannot be used", "The published numbers give a result that is not possible, so it is not shown."
    ),
    Marker.NO_ROW: MarkerMeaning("not published", "The published file has no row for this council and period."),
    Marker.NOT_RESPONSIBLE: MarkerMeaning("not responsible", "This council is not responsible for this service."),
    Marker.NO_NEIGHBOURS: MarkerMeaning("no neighbours", "There is no list of councils most like this one."),
    Marker.TOO_FEW: MarkerMeaning("too few", "Too few councils have a figure to compare with."),
    Marker.SPREAD_ZERO: MarkerMeaning(
        "most are the same", "More than half of the councils have the same value, or one that looks the same."
    ),
    Marker.NOT_AN_AMOUNT: MarkerMeaning(
        "not an amount", "This is a judgement or a date, not an amount, so nobody is compared or ranked by it."
    ),
    Marker.PROVISIONAL: MarkerMeaning("provisional", "The publisher may still change this.", has_value=True),
    Marker.REVISED: MarkerMeaning("revised", "The publisher has changed this since it was first published.", True),
    Marker.ESTIMATED: MarkerMeaning("estimated", "The publisher estimated this for the council.", has_value=True),
    Marker.LOW_RELIABILITY: MarkerMeaning(
        "less reliable", "The publisher says this estimate is unreliable: it rests on very few people.", has_value=True
    ),
    Marker.OTHER_BASIS: MarkerMeaning(
        "other basis",
        "It was counted or measured in another way than most councils’ figures, so it is not compared with them.",
        has_value=True,
        is_compared=False,
    ),
    Marker.PART_MISSING: MarkerMeaning(
        "a part is missing",
        "A council that it would be added up over has no figure, one on another basis, or only a share of the service.",
    ),
    Marker.DERIVED_SUM: MarkerMeaning(
        "added up",
        "We added this up over councils on the same ground. No publisher gives it, so it is not compared.",
        has_value=True,
        is_compared=False,
    ),
    Marker.APPROX_WEIGHTED: MarkerMeaning(
        "approximate",
        "We worked this out roughly: a mean of councils on the same ground, by their size. It is not compared.",
        has_value=True,
        is_compared=False,
    ),
}
UNCOMPARED = tuple(str(marker) for marker, meaning in MARKERS.items() if not meaning.is_compared)
"""The markers of values that are shown and take no part in comparisons, as texts."""
ADDED_UP = frozenset({Marker.PART_MISSING, Marker.DERIVED_SUM, Marker.APPROX_WEIGHTED})
"""The markers of figures that are worked out over several councils, or cannot be for want of one."""
# Markers that a publisher's file may carry; the others are computed and never stored in observations.
READABLE_MARKERS = frozenset(Marker) - {
    Marker.NO_ROW,
    Marker.NOT_RESPONSIBLE,
    Marker.NO_NEIGHBOURS,
    Marker.TOO_FEW,
    Marker.SPREAD_ZERO,
    Marker.NOT_AN_AMOUNT,
    *ADDED_UP,
}


def round_half_up(value: float, places: int) -> Decimal:
    """The value rounded half away from zero on its shortest decimal form, as people round (`methods` 2.3).

    `places` may be negative (thousands: -3). Never returns a negative zero.
    """
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def scale_exactly(value: float, scale: Decimal) -> float:
    """The value times the scale in decimal arithmetic, so that 0.367 x 100 is 36.7; a zero has no sign."""
    return float(Decimal(repr(float(value))) * scale) + 0.0


def format_number(value: float, places: int) -> str:
    """The number in words for a screen: thousands separated, a real minus sign, `places` decimals."""
    rounded = round_half_up(value, places)
    text = f"{abs(rounded):,.{max(places, 0)}f}"
    return MINUS + text if rounded < 0 else text


def read_words(text: str, unit: Unit) -> float | None:
    """The value that a cell of a unit that is no amount means: a judgement's words or number, or an ISO date.

    None where it means none.
    """
    if unit is Unit.JUDGEMENT:
        names = [name.casefold() for name in JUDGEMENTS]
        folded = " ".join(text.split()).casefold()
        if folded in names:
            return float(names.index(folded) + 1)
        return float(folded) if folded in {"1", "2", "3", "4"} else None
    try:
        return float(date.fromisoformat(text.strip()).strftime("%Y%m%d"))
    except ValueError:
        return None


def _format_words(value: float, unit: Unit) -> str:
    """A judgement's words, or a day as people write it."""
    if unit is Unit.JUDGEMENT:
        return JUDGEMENTS[int(value) - 1]
    day = date.fromisoformat(f"{int(value):08d}")
    return f"{day.day} {day:%B %Y}"


@lru_cache(maxsize=100_000)  # published values repeat, and each is shown in several places
def format_value(value: float, unit: Unit, places: int) -> str:
    """The value with its unit, for example "45.6%", "£12.3 million", "417 kg per household" or "Good"."""
    if not unit.is_amount:
        return _format_words(value, unit)
    number = format_number(value, places)
    if unit in _MONEY:
        sign, digits = (MINUS, number[1:]) if number.startswith(MINUS) else ("", number)
        return f"{sign}£{digits}{unit.ending}"
    return f"{number}%" if unit is Unit.PERCENT else f"{number}{unit.ending}"


def show_value(value: float | None, marker: Marker | None, unit: Unit, places: int) -> str:
    """The value as shown, or else the marker's label."""
    if value is not None:
        return format_value(value, unit, places)
    return (marker or Marker.NOT_AVAILABLE).meaning.label


def format_difference(value: float, unit: Unit, places: int) -> str:
    """The size of a difference, without its sign, in the words that fit the unit.

    Raises ValueError for a unit whose values are no amounts.
    """
    if not unit.is_amount:
        raise ValueError(f"values of {unit} are not subtracted")
    number = format_number(abs(value), places)
    if unit is Unit.PERCENT:
        return f"{number} percentage point{'' if number in {'1', '1.0'} else 's'}"
    return format_value(abs(value), unit, places)
