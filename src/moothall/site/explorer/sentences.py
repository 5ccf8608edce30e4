"""Sentences: what a figure says in plain English, and never more than its numbers do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from moothall.core.ages import OLD_AFTER, count_months, is_old
from moothall.core.editions import Basis
from moothall.core.periods import parse_key
from moothall.core.values import (
    ADDED_UP,
    MINUS,
    Kind,
    Lever,
    Marker,
    Polarity,
    format_number,
    format_value,
    round_half_up,
    score_by,
)
from moothall.release.records import ALL, EditionRecord, FigureRecord, MetricRecord, SummaryRecord
from moothall.site.explorer.breakdowns import add_breakdown

SIMILAR, SLIGHT, PLAIN, MUCH = 0.5, 1.5, 3.0, 7.5
"""Where the words change, in median absolute deviations; each band includes its lower bound (`methods` 8)."""

Judgement = Literal["better", "similar", "worse", "far", ""]
"""How a figure stands to a median in one word; "far" is too far for a word, empty where neither direction is better."""

# Beside these the median is given, and no words of comparison: the two differ in kind, or the value is too uncertain.
_NUMBERS_ONLY = {Marker.OTHER_BASIS, Marker.LOW_RELIABILITY, *ADDED_UP}
DIFFERENT_KINDS = (
    "Councils of different kinds do different things with this money or service. "
    "Compare councils of the same kind before you conclude anything."
)
"""What must be known before councils of different kinds are compared in what only those of a kind are alike in."""

_CONTEXT = "Describes the area and its people, not the council"
_GIVEN = "Decided by others, not by the council"
_TURNED = re.compile(r"^(?P<place>.+), (?:City|County|Borough) of$")
_WITH_ARTICLE = {
    "City of London", "Isles of Scilly", "Greater London Authority", "East Midlands", "West Midlands", "North East",
    "West of England", "Liverpool City Region",
}  # fmt: skip
_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparators' side of a sentence: who they are, how many have a value, their median and how far off it is."""

    label: str  # "London boroughs"
    with_value: int
    eligible: int
    median: float | None
    mads: float | None
    marker: Marker | None = None


def capitalise(text: str) -> str:
    """The text with a capital at its beginning, and nothing else changed."""
    return text[:1].upper() + text[1:]


def join_words(parts: Sequence[str]) -> str:
    """The parts as they are listed in a sentence: "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def name_place(name: str) -> str:
    """A council's name as it reads in a sentence: "Bristol, City of" is "Bristol"."""
    turned = _TURNED.match(name)
    return turned["place"] if turned else name


def name_within(name: str) -> str:
    """A council's name inside a sentence, with the article it needs: "Croydon", "the Isles of Scilly"."""
    place = name_place(name)
    return f"the {place}" if place in _WITH_ARTICLE or place.endswith(" Waste Authority") else place


def possessive(name: str) -> str:
    """The name at the head of a sentence, with its apostrophe: "Croydon’s", "The Isles of Scilly’s"."""
    place = capitalise(name_within(name))
    return f"{place}’" if place.endswith("s") else f"{place}’s"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th ... 11th, 12th, 13th."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def count_words(number: int, singular: str, plural: str) -> str:
    """A number and its noun: one to nine in words, larger ones in figures."""
    said = _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else f"{number:,}"
    return f"{said} {singular if number == 1 else plural}"


def name_day(day: date) -> str:
    """A day as people write it: 27 March 2025."""
    return f"{day.day} {day:%B %Y}"


def name_published(published: str) -> str:
    """A day, month or year of publication as precisely as it is known: "27 March 2025", "March 2025", "2025"."""
    if len(published) == 10:
        return name_day(date.fromisoformat(published))
    if len(published) == 7:
        return f"{date.fromisoformat(published + '-01'):%B %Y}"
    return published


def say_published(edition: EditionRecord) -> str:
    """When an edition was published, no more surely than it is known: "published by 1 November 2024"."""
    return f"published {name_edition_day(edition)}"


def name_edition_day(edition: EditionRecord) -> str:
    """The day of publication, no more surely than it is known: "by 1 November 2024"."""
    how = {Basis.FILE_METADATA: "about ", Basis.UPPER_BOUND: "by ", Basis.RETRIEVED: "by ", Basis.MEMORY: "about "}
    return f"{how.get(Basis(edition.published_basis), '')}{name_published(edition.published)}"


def name_span(start: date, end: date) -> str:
    """The months that a period is about: "April 2023 to March 2024"; a single day is that day."""
    if start == end:
        return name_day(start)
    first, last = f"{start:%B %Y}", f"{end:%B %Y}"
    return first if first == last else f"{first} to {last}"


def name_period(label: str) -> str:
    """The period as it follows "for": "2023-24", "the year to September 2025"."""
    return f"the {label}" if label.startswith(("academic year", "year to", "survey of")) else label


def say_figure(figure: FigureRecord, metric: MetricRecord, comparison: Comparison | None) -> str:
    """One or two sentences on a council's figure: the value and how it compares, or why there is none."""
    period = add_breakdown(name_period(figure.period_label), figure.breakdown)
    if figure.value is None:
        return say_absent(figure)
    if not figure.unit.is_amount:
        return f"As at {period}, {metric.short} in {name_within(figure.area_name)} was {figure.text}."
    said = f"{possessive(figure.area_name)} figure for {period} {_say_value(figure, metric)}"
    if comparison is not None:
        said += say_comparison(figure, metric, comparison)
    else:
        said += "."
    # Over which councils a figure is added up is said where its parts are known.
    if figure.marker is not None and figure.marker.meaning.has_value and not figure.is_added_up:
        said += f" {figure.marker.meaning.sentence}"
    return said


def say_absent(figure: FigureRecord) -> str:
    """Why there is no value, in words; never a number."""
    place = name_within(figure.area_name)
    if figure.marker is Marker.NOT_RESPONSIBLE:
        return f"{capitalise(place)} is not responsible for this service."
    reason = figure.marker.meaning.sentence if figure.marker else Marker.NO_ROW.meaning.sentence
    period = add_breakdown(name_period(figure.period_label), figure.breakdown)
    return f"There is no figure for {place} for {period}. {reason}"


def say_comparison(figure: FigureRecord, metric: MetricRecord, comparison: Comparison) -> str:
    """The end of a sentence that began with the value, from its comma or full stop on."""
    if figure.value is None:
        raise ValueError("a missing value is not compared")
    if comparison.median is None:
        reason = (comparison.marker or Marker.TOO_FEW).meaning.sentence
        return f". {reason}"
    median_text = format_value(comparison.median, metric.unit, metric.places)
    median = f"the median of {comparison.label}"
    if figure.marker in _NUMBERS_ONLY:
        return f". {capitalise(median)} was {median_text}."
    if round_half_up(figure.value, metric.places) == round_half_up(comparison.median, metric.places):
        tied = (
            " More than half of them have that value, or one that looks the same."
            if comparison.marker is Marker.SPREAD_ZERO
            else ""
        )
        return f", the same as {median}.{tied}"
    if comparison.mads is None:
        tied = (
            " More than half of them have that value, or one that looks the same."
            if comparison.marker is Marker.SPREAD_ZERO
            else ""
        )
        return f". {capitalise(median)} was {median_text}.{tied}"
    if not is_told_apart(figure, comparison.median):
        return f", similar to {median} ({median_text}): the difference could be due to chance."
    words = compare_words(comparison.mads, find_polarity(metric))
    return f", {words} {median} ({median_text})." if words else f". {capitalise(median)} was {median_text}."


def compare_words(mads: float, polarity: Polarity) -> str:
    """The words for a distance from a median, for example "slightly better than".

    Where neither direction is better they are "higher" and "lower". Empty from 7.5 on: then only the numbers speak.
    """
    size = abs(mads)
    if size >= MUCH:
        return ""
    if size < SIMILAR:
        return "similar to"
    if polarity is Polarity.NONE:
        direction = "higher" if mads > 0 else "lower"
    else:
        direction = "better" if mads * polarity.sign > 0 else "worse"
    degree = "slightly " if size < SLIGHT else "" if size < PLAIN else "much "
    return f"{degree}{direction} than"


def judge(figure: FigureRecord, metric: MetricRecord, comparison: Comparison | None) -> Judgement:
    """How a figure stands to the median it is compared with, by the same rules as its sentence."""
    if comparison is None or comparison.median is None or figure.value is None:
        return ""
    polarity = find_polarity(metric)
    if polarity is Polarity.NONE or figure.marker in _NUMBERS_ONLY:
        return ""
    if round_half_up(figure.value, metric.places) == round_half_up(comparison.median, metric.places):
        return "similar"
    if comparison.mads is None:
        return ""
    size = abs(comparison.mads)
    if size < SIMILAR or not is_told_apart(figure, comparison.median):
        return "similar"
    if size >= MUCH:
        return "far"
    return "better" if comparison.mads * polarity.sign > 0 else "worse"


def is_told_apart(figure: FigureRecord, median: float) -> bool:
    """Whether the value's interval, where it has one, leaves the median outside."""
    if figure.lower is None or figure.upper is None:
        return True
    return not figure.lower <= median <= figure.upper


def say_direction(metric: MetricRecord) -> str:
    """Which way is better, or that nothing is scored."""
    if not metric.unit.is_amount:
        return "Not scored, and nobody is ranked"
    if metric.lever is not Lever.CONTEXTUAL:
        return metric.polarity.label
    return _GIVEN if metric.kind is Kind.INPUT else _CONTEXT


def find_polarity(metric: MetricRecord) -> Polarity:
    """The direction by which a council may be called better: none where a figure is of the place, not of it."""
    return score_by(metric.polarity, metric.lever)


def say_position(figure: FigureRecord, label: str, others: Iterable[FigureRecord]) -> str:
    """The rank among those who have one, "12th of 33 London boroughs" or "joint 1st of ...", or nothing without one.

    `others` are the figures it is ranked among, its own or not.
    """
    if figure.rank is None or figure.rank_of is None or figure.lever == Lever.CONTEXTUAL:
        return ""
    is_shared = any(each.rank == figure.rank and each.area != figure.area for each in others)
    return f"{'joint ' if is_shared else ''}{ordinal(figure.rank)} of {figure.rank_of:,} {label}"


def say_coverage(comparison: Comparison) -> str:
    """How many of the councils compared have a value."""
    return f"{comparison.with_value:,} of {comparison.eligible:,} {comparison.label}"


def say_spread(summary: SummaryRecord, metric: MetricRecord, period_label: str, breakdown: str = ALL) -> str:
    """What a chart of all councils shows: the middle half and the two ends."""
    period = add_breakdown(name_period(period_label), breakdown)
    if not metric.unit.is_amount:
        return Marker.NOT_AN_AMOUNT.meaning.sentence
    if summary.median is None or summary.lower_quartile is None or summary.upper_quartile is None:
        reason = (summary.marker or Marker.TOO_FEW).meaning.sentence
        return f"For {period} there is no median of {summary.scope_label}. {reason}"
    low, high = (
        format_value(each, metric.unit, metric.places) for each in (summary.lower_quartile, summary.upper_quartile)
    )
    middle = format_value(summary.median, metric.unit, metric.places)
    if low == high:
        return (
            f"For {period} the median of {summary.scope_label} was {middle}, and at least half of them had that value."
        )
    return (
        f"For {period} the median of {summary.scope_label} was {middle}; the middle half lay between {low} and {high}."
    )


def say_change(figure: FigureRecord) -> str:
    """How the value changed since the previous period, only where the displayed values differ."""
    if figure.change is None or figure.value is None or figure.change_from is None:
        return ""
    before = figure.value - figure.change
    was, now = (format_value(each, figure.unit, figure.places) for each in (before, figure.value))
    period = name_period(parse_key(figure.change_from).label)
    if was == now:
        return f"In {period} the figure was the same."
    return f"In {period} the figure was {was}."


def say_age(period_end: date, built: date) -> str:
    """How long before the release was made a period had ended."""
    months = (built.year - period_end.year) * 12 + built.month - period_end.month
    if months < 1:
        return "The period ended shortly before this release was made"
    return f"The period ended {_say_months(months)} before this release was made"


def tag_age(period_end: date, built: date, old_after: int = OLD_AFTER) -> str:
    """What marks an old figure, "8 years old" when the release was made; empty where it is not old."""
    months = count_months(period_end, built)
    if not is_old(period_end, built, old_after):
        return ""
    return f"{months // 12} years old" if months >= 24 else f"{months} months old"


def say_old(
    period_label: str,
    period_end: date,
    built: date,
    subject: str = "These figures are",
    old_after: int = OLD_AFTER,
) -> str:
    """That figures are old, in a sentence; empty where they are not."""
    if not is_old(period_end, built, old_after):
        return ""
    months = count_months(period_end, built)
    ago = count_words(months // 12, "year", "years") if months >= 24 else count_words(months, "month", "months")
    return f"{subject} old: {name_period(period_label)} ended {ago} before this release was made."


def _say_months(months: int) -> str:
    """A time in words: months below two years, years and months below five, then whole years."""
    if months < 24:
        return count_words(months, "month", "months")
    years, rest = divmod(months, 12)
    said = count_words(years, "year", "years")
    return f"{said} and {count_words(rest, 'month', 'months')}" if rest and years < 5 else said


def write_formula(formula: str) -> str:
    """A formula with the signs that people write."""
    return formula.replace("*", "×").replace("/", "÷").replace(" - ", f" {MINUS} ")


def say_distance(mads: float | None) -> str:
    """A distance in median absolute deviations with one decimal, for a table."""
    if mads is None:
        return ""
    # Only next to a tie does rounding half-up differ from the quick way, and a table has hundreds of these.
    is_tie = abs(abs(mads) * 10 % 1 - 0.5) < 1e-6 or abs(mads) >= 999
    text = format_number(mads, 1) if is_tie else f"{mads:.1f}".replace("-0.0", "0.0").replace("-", MINUS)
    return f"+{text}" if mads > 0 and text != "0.0" else text


def _say_value(figure: FigureRecord, metric: MetricRecord) -> str:
    if figure.lower is None or figure.upper is None:
        return f"was {figure.text}"
    low, high = (format_value(each, figure.unit, figure.places) for each in (figure.lower, figure.upper))
    if metric.interval in {"wilson", "byar"}:
        return f"was {figure.text} (chance alone gives {low} to {high})"
    return f"was estimated at {figure.text} (between {low} and {high})"
