"""Caveats: what must be known before a figure is made much of, and who else it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from moothall.core.areas import AreaClass
from moothall.core.periods import end_of, parse_key
from moothall.core.values import Kind, Lever, Marker
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord
from moothall.site.narrative.names import count_words, join_words, name_period, name_within

DIFFERENT_KINDS = (
    "Councils of different kinds do different things with this money or service. "
    "Compare councils of the same kind before you conclude anything."
)
"""What must be known before councils of different kinds are compared in what only those of a kind are alike in."""

FEW_CASES = 30
"""Below so many people or cases a figure carries a caution (`methods` 2.4)."""

TOTAL = "This grows with the size of the area, so we do not call it higher or lower."

_CONTEXT = "Describes the area and its people, not the council"
_GIVEN = "Decided by others, not by the council"


def say_marker(figure: FigureRecord) -> str:
    """What qualifies a value; of one added up, over which councils that is comes from `say_added_up`."""
    if figure.marker is None or not figure.marker.meaning.has_value or figure.is_added_up:
        return ""
    return figure.marker.meaning.sentence


def say_few_cases(figure: FigureRecord) -> str:
    """That a value rests on few people or cases, where it is known on how many."""
    if figure.certainty is None or figure.certainty.cases is None or figure.certainty.cases >= FEW_CASES:
        return ""
    return f"This rests on fewer than {FEW_CASES} cases."


def say_added_up(area: AreaRecord, figure: FigureRecord, parts: Sequence[AreaRecord]) -> str:
    """Over which councils a figure is added up, and what it is not; empty for a figure that is not added up."""
    if not figure.is_added_up or figure.value is None:
        return ""
    how = "Worked out roughly" if figure.marker is Marker.APPROX_WEIGHTED else "Added up"
    if area.area_class is AreaClass.COUNTY:
        councils = count_words(len(parts), "district council", "district councils")
        return f"{how} over the {councils} that cover its area; not the county council’s own performance."
    if not area.is_principal:
        councils = count_words(len(parts), "council", "councils")
        return f"{how} over the {councils} that cover its area; not the authority’s own performance."
    if len(parts) == 1:
        return f"From before it began: the figure of {name_within(parts[0].official_name)}, which had the same ground."
    councils = count_words(len(parts), "council", "councils")
    return f"From before it began: {how.lower()} over the {councils} that had the same ground."


def say_breaks(metric: MetricRecord, periods: Iterable[str]) -> str:
    """That what is before a break cannot be compared, for each of the periods that one falls in."""
    spans = [parse_key(period) for period in periods]
    broken = dict.fromkeys(
        note.period
        for note in metric.period_notes
        if note.kind.is_break and any(span.start <= end_of(note.period) <= span.end for span in spans)
    )
    return " ".join(f"Figures from before {_name(period)} cannot be compared with later ones." for period in broken)


def say_pandemic(metric: MetricRecord, periods: Iterable[str]) -> str:
    """Which of the periods spoken of the pandemic affected."""
    affected = {note.period for note in metric.period_notes if not note.kind.is_break}
    named = [_name(period) for period in sorted(affected.intersection(periods), key=end_of)]
    return f"COVID-19 affected figures for {join_words(named)}." if named else ""


def say_lever(metric: MetricRecord) -> str:
    """Who else a figure depends on, or that it is not the council's doing at all."""
    if metric.lever is Lever.CONTEXTUAL:
        if not metric.unit.is_amount:
            return ""
        said = f"is {_GIVEN}" if metric.kind is Kind.INPUT else _CONTEXT
        return f"This {said[0].lower()}{said[1:].replace('Decided', 'decided')}."
    return f"It also depends on {join_words(metric.shared_with)}." if metric.shared_with else ""


def say_direction(metric: MetricRecord) -> str:
    """Which way is better, or that nothing is scored."""
    if not metric.unit.is_amount:
        return "Not scored, and nobody is ranked"
    if metric.lever is not Lever.CONTEXTUAL:
        return metric.polarity.label
    return _GIVEN if metric.kind is Kind.INPUT else _CONTEXT


def _name(period: str) -> str:
    return name_period(parse_key(period).label)
