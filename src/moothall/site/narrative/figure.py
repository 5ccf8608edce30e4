"""The words on one figure: lead, comparison, rank, trend and caveats, in that order and always the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from moothall.core.periods import end_of
from moothall.core.values import Marker, format_value
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord, MetricRecord
from moothall.site.explorer.breakdowns import add_breakdown
from moothall.site.narrative.ages import say_old
from moothall.site.narrative.caveats import (
    DIFFERENT_KINDS,
    TOTAL,
    say_added_up,
    say_breaks,
    say_few_cases,
    say_lever,
    say_marker,
    say_pandemic,
)
from moothall.site.narrative.change import say_change, say_trend
from moothall.site.narrative.comparators import find_comparisons, find_rank_interval, has_other_kinds
from moothall.site.narrative.comparison import (
    Comparison,
    Ranked,
    is_shared,
    say_based_on,
    say_comparisons,
    say_position,
    say_rank,
)
from moothall.site.narrative.names import capitalise, name_period, name_within, possessive


@dataclass(frozen=True, slots=True)
class Narrative:
    """What one figure says, slot by slot; a slot with nothing to say is empty."""

    lead: str
    comparison: str = ""
    rank: str = ""
    trend: str = ""
    coverage: str = ""
    caveats: str = ""
    lever: str = ""
    kinds: str = ""  # a page that compares many figures says this once
    age: str = ""

    @property
    def headline(self) -> str:
        """What is said first: the value, how it compares, and the rank."""
        return _join(self.lead, self.comparison, self.rank)

    @property
    def context(self) -> str:
        """What is said next: the trend, what to be careful about, and who else it depends on."""
        return _join(self.trend, self.coverage, self.caveats, self.lever)

    @property
    def brief(self) -> str:
        """What is said beside a chart, among many: neither the rank nor who else it depends on."""
        return _join(self.lead, self.comparison, self.trend, self.coverage, self.caveats)

    @property
    def text(self) -> str:
        """All of it, to stand alone."""
        return _join(self.headline, self.context, self.kinds, self.age)


def narrate(release: Release, figure: FigureRecord, peers: Comparators, others: Iterable[Ranked] = ()) -> Narrative:
    """The words on a figure, beside the comparators it was asked for with.

    `others` are the figures that its rank is among, its own or not: they may share it. Of a value that is missing
    there is nothing but the reason.
    """
    metric, area = release.metric(figure.metric), release.area(figure.area)
    if figure.value is None:
        return Narrative(say_absent(figure))
    comparisons = find_comparisons(release, area, metric, figure, peers)
    compared, stated = say_comparisons(figure, metric, comparisons)
    position = _say_position(figure, comparisons[0], peers, others) if comparisons else ""
    trend = say_trend(figure, metric, figure.trend)
    return Narrative(
        lead=say_lead(figure, metric),
        comparison=compared,
        rank=say_rank(position, find_rank_interval(figure, peers)),
        trend=trend or say_change(figure),
        coverage=say_based_on(stated),
        caveats=_say_caveats(release, area, metric, figure),
        lever=say_lever(metric),
        kinds=DIFFERENT_KINDS if stated and _is_across_kinds(release, area, metric, peers) else "",
        age=say_old(figure.period_label, end_of(figure.period), release.built, "This figure is", metric.old_after),
    )


def _is_across_kinds(release: Release, area: AreaRecord, metric: MetricRecord, peers: Comparators) -> bool:
    return metric.comparable_within == "class" and has_other_kinds(release, area, peers)


def _say_position(figure: FigureRecord, comparison: Comparison, peers: Comparators, others: Iterable[Ranked]) -> str:
    """The rank among its comparators, or among itself and them where they leave it out."""
    is_joint = is_shared(figure, others) if comparison.is_joint is None else comparison.is_joint
    if not peers.leaves_out_itself:
        return say_position(figure, comparison.label, is_joint=is_joint)
    position = say_position(figure, "", is_joint=is_joint)
    return f"{position}, counted with {comparison.group}" if position else ""


def say_lead(figure: FigureRecord, metric: MetricRecord) -> str:
    """The value, whose it is and when; with its interval where it has one."""
    period = add_breakdown(name_period(figure.period_label), figure.breakdown)
    if not figure.unit.is_amount:
        return f"As at {period}, {metric.short} in {name_within(figure.area_name)} was {figure.text}."
    subject = f"{possessive(figure.area_name)} figure for {period} was"
    if figure.lower is None or figure.upper is None:
        return f"{subject} {figure.text}."
    low, high = (format_value(each, figure.unit, figure.places) for each in (figure.lower, figure.upper))
    span = f"between {low.removesuffix(f' {figure.unit.words}')} and {high}"
    if metric.interval == "published":
        return f"{subject} estimated at {figure.text}, {span}."
    return f"{subject} {figure.text}, or {span} allowing for chance."


def say_alone(figure: FigureRecord, metric: MetricRecord) -> str:
    """A figure beside nobody: its value and what qualifies it, or why there is none."""
    return say_absent(figure) if figure.value is None else _join(say_lead(figure, metric), say_marker(figure))


def say_absent(figure: FigureRecord) -> str:
    """Why there is no value, in words; never a number."""
    place = name_within(figure.area_name)
    if figure.marker is Marker.NOT_RESPONSIBLE:
        return f"{capitalise(place)} is not responsible for this service."
    reason = figure.marker.meaning.sentence if figure.marker else Marker.NO_ROW.meaning.sentence
    period = add_breakdown(name_period(figure.period_label), figure.breakdown)
    return f"There is no figure for {place} for {period}. {reason}"


def _say_caveats(release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord) -> str:
    spoken = [figure.period]
    if figure.trend is not None and figure.trend.direction is not None:
        spoken.append(figure.trend.first)
    elif figure.change_from is not None:
        spoken.append(figure.change_from)
    return _join(
        say_added_up(area, figure, release.parts(figure)),
        say_marker(figure),
        say_few_cases(figure),
        TOTAL if area.is_principal and not figure.is_added_up and figure.unit.grows_with_size else "",
        say_breaks(metric, dict.fromkeys(spoken)),
        say_pandemic(metric, spoken),
    )


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)
