"""Metrics in their newest period, beside one another: how councils lie, and one area's figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from moothall.release.figures import Figures
from moothall.release.index import Index
from moothall.release.records import (
    ENGLAND,
    AreaRecord,
    Comparators,
    FigureRecord,
    MetricRecord,
    PeriodRecord,
    SummaryRecord,
)
from moothall.release.scopes import Cut, Scope, Scopes


@dataclass(frozen=True, slots=True)
class LatestRecord:
    """One metric in its newest period."""

    metric: MetricRecord
    period: PeriodRecord | None  # none where the release has no figure of it
    summaries: tuple[SummaryRecord, ...]  # those with a median; of the area's peers where an area is asked for
    figure: FigureRecord | None  # the area's; none where no area is asked for, or it did not exist then


def read_latest(
    index: Index, figures: Figures, keys: Iterable[str], area: AreaRecord | None, peers: Comparators
) -> list[LatestRecord]:
    """The metrics in the order given. Raises `UnknownKey` for a metric.

    Without an area the summaries are of England, or of each kind of council where only those of a kind are comparable.
    """
    found = []
    for key in keys:
        metric = index.metric(key)
        breakdown = metric.breakdowns[0] if metric.breakdowns else None
        periods = index.periods(key, breakdown) if breakdown else {}
        period = periods[metric.latest_period] if metric.latest_period else next(reversed(periods.values()), None)
        if breakdown is None or period is None:
            found.append(LatestRecord(metric, None, (), None))
            continue
        cut = Cut(metric, breakdown, period)
        scopes = _gather_scopes(figures.scopes, cut, area, peers)
        own = figures.answer([cut], [area.code], peers) if area else []
        summaries = tuple(each.summary for each in scopes if each and each.summary.median is not None)
        found.append(LatestRecord(metric, period, summaries, own[0] if own else None))
    return found


def _gather_scopes(scopes: Scopes, cut: Cut, area: AreaRecord | None, peers: Comparators) -> list[Scope | None]:
    metric = cut.metric
    if area is None:
        names = (ENGLAND,) if metric.comparable_within == ENGLAND else tuple(map(str, metric.applies_to))
        return [scopes.summed(cut, name) for name in names]
    if not area.is_principal:
        return []
    match peers.kind:
        case "england":
            return [scopes.summed(cut, ENGLAND)]
        case "type":
            return [scopes.summed(cut, str(area.area_class))]
        case "region":
            return [scopes.summed(cut, area.region_code)]
        case _:
            return [scopes.place_in_group(cut, area, peers)[0]]
