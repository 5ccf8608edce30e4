"""Could it be chance: the councils of one metric in a funnel, in a sentence, a chart and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, pi, sin, sqrt
from typing import NamedTuple

from moothall.charts.funnel import Council, Funnel, Limits, draw_funnel, space_evenly
from moothall.charts.svg import Svg
from moothall.core.counted import PER
from moothall.core.statistics import median
from moothall.core.values import Unit, format_number, format_value
from moothall.release.index import label_scope
from moothall.release.queries import Release
from moothall.release.records import ENGLAND, AreaRecord, CertaintyRecord, MetricRecord
from moothall.site.explorer.questions import MetricQuestion
from moothall.site.narrative.names import capitalise, count_words, join_words, name_period, name_place

INNER, OUTER = 1.96, 3.09
"""Standard deviations of the limits: 95 % and 99.8 % of councils lie within them by chance and usual variation."""
_FEWEST = 10
_STEPS = 60


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One council of the funnel's table."""

    name: str
    code: str
    text: str
    number: str
    place: str
    is_selected: bool


@dataclass(frozen=True, slots=True)
class ChanceFunnel:
    """What the section says and shows."""

    sentence: str
    title: str
    chart: Svg
    across: str  # what the second column counts
    rows: tuple[FunnelRow, ...]  # those outside the shaded part and those marked, the farthest out first
    rest: str  # how many more lie within it; empty where there are none


class Counted(NamedTuple):
    """One council's value, and how sure it is."""

    area: AreaRecord
    value: float
    certainty: CertaintyRecord


class _Member(NamedTuple):
    area: AreaRecord
    value: float
    base: float  # what the rate is over
    distance: float


def has_counts(question: MetricQuestion) -> bool:
    """Whether the counts behind the figures asked for are held, so that a funnel may be drawn."""
    return question.metric.interval in {"wilson", "byar"} and question.period.is_latest


def read_counted(release: Release, question: MetricQuestion) -> list[Counted]:
    """Every council whose value is compared and of which it is known how sure it is, by name."""
    asked = (question.metric.key, question.period.key)
    values = release.values(*asked, breakdown=question.breakdown)
    known = release.certainties(*asked, breakdown=question.breakdown)
    counted = [Counted(release.area(code), value, known[code]) for code, value in values.items() if code in known]
    return sorted(counted, key=lambda each: each.area.name)


def show_funnel(question: MetricQuestion, counted: Sequence[Counted], address: str) -> ChanceFunnel | None:
    """The funnel of those a council is compared with; none where counts are not held or too few have them.

    `address` is what a council's code is put behind. The table has those that lie outside, and the councils marked: of
    the rest it is enough to say that they lie within. The variation beyond chance is what the release's distances allow
    for: no statistic is worked out twice.
    """
    metric = question.metric
    is_share = metric.interval == "wilson"
    if not has_counts(question):
        return None
    scope = ENGLAND
    if metric.comparable_within == "class":
        if question.area is None:
            return None
        scope = str(question.area.area_class)
    members = [
        member
        for each in counted
        if scope in {ENGLAND, each.area.area_class} and (member := _read_member(each, metric.unit, is_share))
    ]
    if len(members) < _FEWEST:
        return None
    per = PER[metric.unit]
    pooled = sum(each.value / per * each.base for each in members) / sum(each.base for each in members)
    spread = _find_spread(members, pooled, per, is_share)
    times = 1.0 if is_share else pooled  # a rate of events rests on how many are expected
    bases = [each.base for each in members]
    limits = tuple(
        Limits(base * times, *(_find_limits(base, pooled, spread, each, per, is_share) for each in (INNER, OUTER)))
        for base in space_evenly(min(bases) * 0.9, max(bases) * 1.1, _STEPS)
    )
    across = "Number counted" if is_share else "Number expected at the rate of all"
    selected = tuple(each.code for each in question.marked)
    sentence = _say_how_many(members, question, scope)
    title = f"{metric.title}: {label_scope(scope)}, {question.period.label}"
    drawn = Funnel(
        key="funnel",
        title=title,
        councils=tuple(
            Council(
                each.area.code,
                each.area.name,
                each.base * times,
                each.value,
                format_value(each.value, metric.unit, metric.places),
            )
            for each in members
        ),
        limits=limits,
        centre=pooled * per,
        centre_text=f"all together {format_value(pooled * per, metric.unit, metric.places)}",
        selected=selected,
        unit=metric.unit,
        across=across,
        description=sentence,
        address=address,
    )
    told = [each for each in members if abs(each.distance) > INNER or each.area.code in selected]
    rows = tuple(
        _make_row(metric, each, each.base * times, selected)
        for each in sorted(told, key=lambda each: (-abs(each.distance), each.area.name))
    )
    rest = len(members) - len(rows)
    return ChanceFunnel(
        sentence,
        title,
        draw_funnel(drawn),
        across,
        rows,
        rest=f"The other {count_words(rest, 'council lies', 'councils lie')} within the shaded part." if rest else "",
    )


def _read_member(counted: Counted, unit: Unit, is_share: bool) -> _Member | None:
    sure, value = counted.certainty, counted.value
    if sure.funnel is None or not sure.cases or (not value and not is_share):
        return None
    return _Member(counted.area, value, sure.cases if is_share else sure.cases / value * PER[unit], sure.funnel)


def _even_out(rate: float, is_share: bool) -> float:
    """A share or rate on the scale on which its variance does not depend on it."""
    return asin(sqrt(min(max(rate, 0.0), 1.0))) if is_share else sqrt(rate)


def _find_spread(members: Sequence[_Member], pooled: float, per: float, is_share: bool) -> float:
    """The variance between councils that the distances allow for, on that scale."""
    middle = _even_out(pooled, is_share)
    allowed = [
        ((_even_out(each.value / per, is_share) - middle) / each.distance) ** 2 - 0.25 / each.base
        for each in members
        if abs(each.distance) > 0.5
    ]
    return max(0.0, median(allowed)) if allowed else 0.0


def _find_limits(
    base: float, pooled: float, spread: float, reach: float, per: float, is_share: bool
) -> tuple[float, float]:
    middle, half = _even_out(pooled, is_share), reach * sqrt(0.25 / base + spread)
    low, high = max(middle - half, 0.0), middle + half
    if is_share:
        return per * sin(low) ** 2, per * sin(min(high, pi / 2)) ** 2
    return per * low**2, per * high**2


def _say_how_many(members: Sequence[_Member], question: MetricQuestion, scope: str) -> str:
    out = {each.area.code for each in members if abs(each.distance) > OUTER}
    lie = "lies" if len(out) == 1 else "lie"
    said = (
        f"For {name_period(question.period.label)}, {len(out) or 'none'} of {len(members)} {label_scope(scope)} {lie} "
        "beyond what chance and the usual variation between councils would explain."
    )
    shown = {each.area.code for each in members}
    chosen = [area for area in question.marked if area.code in shown]
    for is_out, words in ((True, "one of them"), (False, "not one of them")):
        names = tuple(name_place(area.name) for area in chosen if (area.code in out) is is_out)
        if names and out:
            verb = "is" if len(names) == 1 else "are"
            each_of = words if len(names) == 1 else words.replace("one of", "among")
            said += f" {capitalise(join_words(names))} {verb} {each_of}."
    return said


def _make_row(metric: MetricRecord, member: _Member, number: float, selected: Sequence[str]) -> FunnelRow:
    size, side = abs(member.distance), "above" if member.distance > 0 else "below"
    return FunnelRow(
        name=member.area.name,
        code=member.area.code,
        text=format_value(member.value, metric.unit, metric.places),
        number=format_number(number, 0 if number >= 10 else 1),
        place=capitalise(f"far {side}" if size > OUTER else side if size > INNER else "within"),
        is_selected=member.area.code in selected,
    )
