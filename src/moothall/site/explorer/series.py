"""Series: councils and the medians that they are compared with, in every period of a metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.charts.trend import MOST_LINES
from moothall.core.areas import AreaClass
from moothall.core.periods import Period, years_after
from moothall.release.projection import ProjectionRecord
from moothall.release.queries import Release, Selection
from moothall.release.records import (
    EVERYONE,
    AreaRecord,
    Comparators,
    FigureRecord,
    MetricRecord,
    SummaryRecord,
    UnknownKey,
)
from moothall.site.explorer.comparisons import label_comparators
from moothall.site.explorer.questions import MetricQuestion
from moothall.site.narrative.names import name_place


@dataclass(frozen=True, slots=True)
class Group:
    """Councils that sum up to a median, in every period that has one."""

    label: str
    summaries: tuple[SummaryRecord | None, ...]

    @property
    def medians(self) -> list[float | None]:
        return [summary.median if summary else None for summary in self.summaries]

    def name_median(self) -> str:
        return f"Median of {self.label}"


@dataclass(frozen=True, slots=True)
class Council:
    """One council, with its figure of each period; none where it did not exist."""

    area: AreaRecord
    figures: tuple[FigureRecord | None, ...]

    @property
    def name(self) -> str:
        return name_place(self.area.name)


def read_councils(release: Release, question: MetricQuestion, keys: Sequence[str]) -> tuple[Council, ...]:
    """The councils marked that have a value in any period, the chosen one in any case."""
    if not question.marked:
        return ()
    found: dict[tuple[str, str], FigureRecord] = {}
    # Only the chosen council's position is shown, and those of the others in regions of their own are dear to find.
    chosen = (question.area,) if question.area else ()
    asked: tuple[tuple[tuple[AreaRecord, ...], Comparators], ...] = (
        (chosen, question.peers),
        (question.marked[len(chosen) :], EVERYONE),
    )
    for areas, peers in asked:
        if areas:
            selection = Selection(
                metric=(question.metric.key,),
                area=tuple(area.code for area in areas),
                period="all",
                breakdown=(question.breakdown,),
                peers=peers,
            )
            found |= {(figure.area, figure.period): figure for figure in release.figures(selection)}
    return tuple(Council(area, tuple(found.get((area.code, key)) for key in keys)) for area in question.marked)


def read_ahead(release: Release, question: MetricQuestion, last: Period) -> tuple[ProjectionRecord, ...]:
    """What the chosen council's figure is projected to come to, where that goes on from the last period held."""
    if question.area is None:
        return ()
    found = release.projections(question.metric.key, question.area.code, breakdown=question.breakdown)
    goes_on = all((after := years_after(last, each.step)) and after.key == each.period for each in found)
    return found if goes_on else ()


def choose_groups(release: Release, question: MetricQuestion, keys: Sequence[str], scope: str) -> tuple[Group, ...]:
    """The comparators of the chosen council; without any, England, or each class that has a median of its own."""
    is_by_class = question.metric.comparable_within == "class"
    if scope:
        scopes: tuple[str, ...] = (scope,)
    elif question.area is None and (is_by_class or question.peers.kind == "type"):
        scopes = tuple(map(str, AreaClass))
    else:
        scopes = () if is_by_class else ("england",)
    groups = (read_group(release, question, keys, each) for each in scopes)
    return tuple(group for group in groups if group and any(each is not None for each in group.medians))[:MOST_LINES]


def has_country(metric: MetricRecord, groups: Sequence[Group]) -> bool:
    """Whether England's median belongs on the chart: where all of its councils can be compared, and once."""
    return metric.comparable_within == "england" and not any(
        summary.scope == "england" for group in groups for summary in group.summaries if summary
    )


def read_group(release: Release, question: MetricQuestion, keys: Sequence[str], scope: str) -> Group | None:
    """The councils of a scope in each period; none where there are none in any."""
    summaries = tuple(_sum_up(release, question, key, scope) for key in keys)
    label = next((summary.scope_label for summary in summaries if summary), "")
    if question.area and scope == question.peers.kind:
        label = label_comparators(question.area, question.peers)
    return Group(label, summaries) if label else None


def _sum_up(release: Release, question: MetricQuestion, period: str, scope: str) -> SummaryRecord | None:
    """The councils of a scope in one period: the chosen council's own comparators, or those of a class or all."""
    key, peers = question.metric.key, question.peers
    if question.area and peers.leaves_out_itself and scope == peers.kind:
        found = release.compare(key, question.area.code, period, peers, breakdown=question.breakdown)
        return found[0] if found else None
    try:
        return release.summary(key, period, breakdown=question.breakdown, scope=scope)
    except UnknownKey:
        return None
