"""Comparison: how a value stands to the median of each group it is compared with, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from moothall.core.bands import FAR, SIMILAR, compare_words, find_band
from moothall.core.values import ADDED_UP, Lever, Marker, Polarity, format_value, round_half_up, score_by
from moothall.release.records import FigureRecord, MetricRecord
from moothall.site.narrative.names import capitalise, join_words, ordinal

SURE = 0.05
"""The chance below which a difference is told apart from chance, alone and among all councils (`methods` 2.5, 2.7)."""

Judgement = Literal["better", "similar", "worse", "far", ""]
"""How a figure stands to a median in one word; "far" is too far for a word, empty where neither direction is better."""

# Beside these the median is given, and no words of comparison: the two differ in kind, or the value is too uncertain.
_NUMBERS_ONLY = {Marker.OTHER_BASIS, Marker.LOW_RELIABILITY, *ADDED_UP}
_TIED = "More than half of them have that value, or one that looks the same."


@dataclass(frozen=True, slots=True)
class Comparison:
    """One group of comparators: who they are, how many have a value, their median and how far off a value is."""

    label: str  # "London boroughs", "statistical neighbours"
    with_value: int
    eligible: int
    median: float | None
    mads: float | None
    marker: Marker | None = None
    p: float | None = None  # the chance of so large a difference, where it is known
    q: float | None = None  # that, held against all councils at once
    article: str = ""  # "its", "Croydon’s", "the": what stands before the label of those who are not all of a kind
    is_joint: bool | None = None  # whether one of them has the figure's rank, where that is known

    @property
    def group(self) -> str:
        """The comparators inside a sentence: "London boroughs", "its statistical neighbours"."""
        return f"{self.article} {self.label}".strip()

    @property
    def counted(self) -> str:
        """The comparators with how many they are: "33 London boroughs", "its 15 statistical neighbours"."""
        return f"{self.article} {self.eligible:,} {self.label}".strip()


class Stand(NamedTuple):
    """How a value stands to one median."""

    words: str  # "slightly better than", "the same as"; empty where only the numbers speak
    side: int | None  # +1 above, -1 below, 0 alike; none where nothing is said
    is_chance: bool  # whether the difference could be chance


_NOTHING = Stand("", None, is_chance=False)


def find_polarity(metric: MetricRecord) -> Polarity:
    """The direction by which a council may be called better: none where a figure is of the place, not of it."""
    return score_by(metric.polarity, metric.lever)


def find_stand(figure: FigureRecord, metric: MetricRecord, comparison: Comparison) -> Stand:
    """How a figure stands to a median: by what is shown, then by chance, then by the bands (`methods` 2.3, 2.5, 8)."""
    value, median = figure.value, comparison.median
    if value is None or median is None or figure.marker in _NUMBERS_ONLY:
        return _NOTHING
    if round_half_up(value, metric.places) == round_half_up(median, metric.places):
        return Stand("the same as", 0, is_chance=False)
    if comparison.mads is None:
        return _NOTHING
    if could_be_chance(figure, comparison):
        return Stand("similar to", 0, is_chance=True)
    words = compare_words(comparison.mads, find_polarity(metric))
    if not words:
        return _NOTHING
    side = 0 if find_band(comparison.mads) is SIMILAR else 1 if comparison.mads > 0 else -1
    return Stand(words, side, is_chance=False)


def could_be_chance(figure: FigureRecord, comparison: Comparison) -> bool:
    """Whether the difference from the median is not told apart from chance.

    By its test where there is one (p and q both below 5 %), else by the value's interval, where it has one.
    """
    known = [each for each in (comparison.p, comparison.q) if each is not None]
    if known:
        return any(each >= SURE for each in known)
    if figure.lower is None or figure.upper is None or comparison.median is None:
        return False
    return figure.lower <= comparison.median <= figure.upper


def judge(figure: FigureRecord, metric: MetricRecord, comparison: Comparison | None) -> Judgement:
    """How a figure stands to the median it is compared with, by the same rules as its sentence."""
    polarity = find_polarity(metric)
    if comparison is None or comparison.median is None or polarity is Polarity.NONE:
        return ""
    stand = find_stand(figure, metric, comparison)
    if stand.side is not None:
        return "similar" if stand.side == 0 else "better" if stand.side == polarity.sign else "worse"
    is_far = comparison.mads is not None and find_band(comparison.mads) is FAR
    return "far" if is_far and figure.value is not None and figure.marker not in _NUMBERS_ONLY else ""


def say_comparisons(
    figure: FigureRecord, metric: MetricRecord, comparisons: Sequence[Comparison]
) -> tuple[str, tuple[Comparison, ...]]:
    """What is said of a figure beside its comparators, and those of them that it is said of.

    The first always; the second where the two disagree, with "but".
    """
    if not comparisons:
        return "", ()
    first, *others = comparisons
    stand = find_stand(figure, metric, first)
    said = _say_beside(metric, first, stand)
    for other in others:
        beside = find_stand(figure, metric, other)
        if stand.side is not None and beside.side is not None and beside.side != stand.side:
            return f"{said} But it is {_say_stand(metric, other, beside)}", (first, other)
    return said, (first,) if first.median is not None else ()


def _say_beside(metric: MetricRecord, comparison: Comparison, stand: Stand) -> str:
    if comparison.median is None:
        return f"Too few {'of ' if comparison.article else ''}{comparison.group} have a figure to compare with."
    tied = f" {_TIED}" if comparison.marker is Marker.SPREAD_ZERO else ""
    if not stand.words:
        median = format_value(comparison.median, metric.unit, metric.places)
        return f"{capitalise(f'the median of {comparison.group}')} was {median}.{tied}"
    return f"That is {_say_stand(metric, comparison, stand)}{tied}"


def _say_stand(metric: MetricRecord, comparison: Comparison, stand: Stand) -> str:
    """The end of a sentence: the words, the median and, where it could be, that chance is enough."""
    assert comparison.median is not None  # noqa: S101 - nothing is said without one
    if stand.words == "the same as":
        return f"the same as the median of {comparison.group}."
    median = format_value(comparison.median, metric.unit, metric.places)
    chance = ": the difference could be chance" if stand.is_chance else ""
    return f"{stand.words} the median of {comparison.group} ({median}){chance}."


def say_position(figure: FigureRecord, label: str, *, is_joint: bool) -> str:
    """The rank among those who have one, "12th of 33 London boroughs" or "joint 1st of ...", or nothing without one."""
    if figure.rank is None or figure.rank_of is None or figure.lever == Lever.CONTEXTUAL:
        return ""
    return f"{'joint ' if is_joint else ''}{ordinal(figure.rank)} of {figure.rank_of:,} {label}".strip()


class Ranked(Protocol):
    """Whatever says whose rank it has, and which: a figure, or less."""

    @property
    def area(self) -> str:
        """The code of the council."""

    @property
    def rank(self) -> int | None:
        """Its rank, where it has one."""


def is_shared(figure: FigureRecord, others: Iterable[Ranked]) -> bool:
    """Whether another of those that a figure is ranked among has its rank; `others` may have its own in it."""
    return any(each.rank == figure.rank and each.area != figure.area for each in others)


def say_rank(position: str, interval: tuple[int, int] | None) -> str:
    """The rank in a sentence, with its 95 % interval, or that it is indicative where none is known (`methods` 2.6)."""
    if not position:
        return ""
    if interval is None:
        return f"It is {position}: this rank is indicative."
    low, high = interval
    if low == high:
        return f"It is {position}."
    return f"It is {position}: allowing for chance, between {ordinal(low)} and {ordinal(high)}."


def say_based_on(comparisons: Sequence[Comparison]) -> str:
    """How many have a value that is compared, of those groups in which somebody has none; else nothing."""
    counted = [
        f"{each.with_value:,} of {each.counted}"
        for each in comparisons
        if each.median is not None and each.with_value < each.eligible
    ]
    return f"The comparison is based on {join_words(counted)}." if counted else ""
