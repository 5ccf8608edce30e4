"""Sentences of pages: on editions, on how councils lie, and on formulas; those on one figure are in `narrative`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from moothall.core.editions import Basis
from moothall.core.values import MINUS, Marker, format_number, format_value
from moothall.release.records import ALL, EditionRecord, MetricRecord, SummaryRecord
from moothall.site.explorer.breakdowns import add_breakdown
from moothall.site.narrative.comparison import Comparison
from moothall.site.narrative.names import join_words, name_day, name_period


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


def say_coverage(comparison: Comparison) -> str:
    """How many of the councils compared have a value: "32 of 33 London boroughs", "13 of Croydon’s 15 neighbours"."""
    return f"{comparison.with_value:,} of {comparison.counted}"


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


def say_medians(
    summaries: Sequence[SummaryRecord], metric: MetricRecord, period_label: str, breakdown: str = ALL
) -> str:
    """From where to where the medians of several groups run; those that look the same are named together."""
    period = add_breakdown(name_period(period_label), breakdown)
    found = sorted(
        ((each.median, each.scope_label) for each in summaries if each.median is not None), key=itemgetter(0)
    )
    if not found:
        return f"For {period} there is no median of any group of councils. {Marker.TOO_FEW.meaning.sentence}"
    texts = [format_value(value, metric.unit, metric.places) for value, _ in found]
    low, high = (
        f"{end} ({join_words(tuple(label for text, (_, label) in zip(texts, found, strict=True) if text == end))})"
        for end in (texts[0], texts[-1])
    )
    if texts[0] == texts[-1]:
        return f"For {period} the median was {low}."
    return f"For {period} the medians of groups of councils ran from {low} to {high}."


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
