"""Series: councils and the medians that they are compared with, in every period of a metric."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moothall.charts.trend import MOST_LINES
from moothall.core.areas import AreaClass
from moothall.core.periods import Period, years_after
from moothall.release.projection import ProjectionRecord
from moothall.release.queries import Release
from moothall.release.records import (
    EVERYONE,
    AreaRecord,
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
    councils = []
    for area in question.marked:
        # Only the chosen council's position is shown, and those of the others in regions of their own are dear to find.
        peers = question.peers if area == question.area else EVERYONE
        history = release.history(question.metric.key, area.code, breakdown=question.breakdown, peers=peers)
        figures = {figure.period: figure for figure in history}
        councils.append(Council(area, tuple(map(figures.get, keys))))
    return tuple(councils)


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
    summaries = _sum_up(release, question, keys, scope)
    label = next((summary.scope_label for summary in summaries if summary), "")
    if question.area and scope == question.peers.kind:
        label = label_comparators(question.area, question.peers)
    return Group(label, summaries) if label else None


def _sum_up(
    release: Release, question: MetricQuestion, periods: Sequence[str], scope: str
) -> tuple[SummaryRecord | None, ...]:
    """The councils of a scope in each period: the chosen council's own comparators, or those of a class or all."""
    key, breakdown, peers = question.metric.key, question.breakdown, question.peers
    if question.area and peers.leaves_out_itself and scope == peers.kind:
        return tuple(release.compare_over_time(key, question.area.code, periods, peers, breakdown=breakdown))

    def find(period: str) -> SummaryRecord | None:
        try:
            return release.summary(key, period, breakdown=breakdown, scope=scope)
        except UnknownKey:
            return None

    return tuple(find(period) for period in periods)
