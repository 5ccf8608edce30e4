"""Comparators: with whom a figure is compared, each group with a median and a distance of its own."""

from __future__ import annotations

from moothall.core.differences import find_chance, share_spread
from moothall.release.queries import Release
from moothall.release.records import (
    ENGLAND,
    EVERYONE,
    AreaRecord,
    Comparators,
    FigureRecord,
    MetricRecord,
    SummaryRecord,
    UnknownKey,
)
from moothall.release.scopes import NOWHERE
from moothall.site.narrative.comparison import Comparison

NEIGHBOURS = Comparators("neighbours")
OWN_KIND = Comparators("type")

Chances = tuple[float | None, float | None]
"""The chance of so large a difference, alone and held against all councils at once; none where it is not known."""


def find_comparisons(
    release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord, peers: Comparators
) -> tuple[Comparison, ...]:
    """Those asked for, and the one group besides that is spoken of where the two disagree; nobody where none is fair.

    A council that is not one of those compared has none, nor has an amount that grows with the size of an area, a
    value added up over others, or a judgement.
    """
    if not area.is_principal or figure.is_added_up or figure.unit.grows_with_size or not figure.unit.is_amount:
        return ()
    first = find_comparison(release, area, figure, peers)
    second = find_comparison(release, area, figure, _choose_second(release, area, metric, peers))
    if first is None:
        return ()
    is_said_twice = second is None or second.median is None or second.label == first.label
    return (first,) if is_said_twice or second is None else (first, second)


def _choose_second(release: Release, area: AreaRecord, metric: MetricRecord, peers: Comparators) -> Comparators:
    """All of England, or its own kind where only those of a kind are alike; beside that, the neighbours."""
    widest = EVERYONE if metric.comparable_within == ENGLAND else OWN_KIND
    if peers != widest:
        return widest
    return NEIGHBOURS if release.has_neighbours(area.code) else OWN_KIND


def find_comparison(release: Release, area: AreaRecord, figure: FigureRecord, peers: Comparators) -> Comparison | None:
    """A figure beside one group; none where the group has nobody else who could have a value."""
    match peers.kind:
        case "england":
            return _read_summary(release, figure, ENGLAND, figure.mads_england, "england")
        case "type":
            return _read_summary(release, figure, str(area.area_class), figure.mads_class, "type")
        case "region":
            return _read_summary(release, figure, area.region_code, figure.mads_peers, "")
        case _:
            return _read_group(release, area, figure, peers)


def _read_summary(
    release: Release, figure: FigureRecord, scope: str, mads: float | None, tested: str
) -> Comparison | None:
    try:
        summary = release.summary(figure.metric, figure.period, breakdown=figure.breakdown, scope=scope)
    except UnknownKey:
        return None
    if summary.eligible < 2:
        return None
    p, q = _read_chances(figure, tested)
    return Comparison(
        summary.scope_label, summary.with_value, summary.eligible, summary.median, mads, summary.marker, p, q
    )


def _read_group(release: Release, area: AreaRecord, figure: FigureRecord, peers: Comparators) -> Comparison | None:
    found = release.compare(figure.metric, area.code, figure.period, peers, breakdown=figure.breakdown)
    if found is None:
        return None
    summary, positions = found
    if not summary.eligible:
        return None
    p, q = _read_chances(figure, "neighbours") if peers == NEIGHBOURS else (_test(release, area, figure, summary), None)
    label, article = ("statistical neighbours", "its") if peers.kind == "neighbours" else ("councils chosen", "the")
    own = positions.get(area.code, NOWHERE)
    return Comparison(
        label,
        summary.with_value,
        summary.eligible,
        summary.median,
        own.mads,
        summary.marker,
        p,
        q,
        article,
        is_joint=sum(each.rank == own.rank for each in positions.values()) > 1,
    )


def _test(release: Release, area: AreaRecord, figure: FigureRecord, summary: SummaryRecord) -> float | None:
    """The chance of so large a difference from the median of a group that no build knew, worked out as builds do."""
    scope = ENGLAND if figure.comparable_within == ENGLAND else str(area.area_class)
    pool = release.summary(figure.metric, figure.period, breakdown=figure.breakdown, scope=scope)
    sure = figure.certainty
    if sure is None or figure.value is None or summary.median is None or summary.mad is None or pool.mad is None:
        return None
    spread = share_spread(summary.mad, summary.with_value, pool.mad)
    return find_chance(figure.value - summary.median, sure.error, spread, summary.with_value, sure.degrees)


def read_chances(figure: FigureRecord) -> Chances:
    """The chances of the difference from the comparators that a figure was asked for with."""
    is_other_list = figure.peers == "neighbours" and figure.mads_peers != figure.mads_neighbours
    return (None, None) if is_other_list else _read_chances(figure, figure.peers)


def _read_chances(figure: FigureRecord, kind: str) -> Chances:
    """The chance of so large a difference from one of the groups that are tested, alone and among all councils."""
    certainty = figure.certainty
    tested = {"england": "england", "type": "class", "neighbours": "neighbours"}.get(kind)
    if certainty is None or tested is None:
        return None, None
    return getattr(certainty, f"p_{tested}"), getattr(certainty, f"q_{tested}")


def has_other_kinds(release: Release, area: AreaRecord, peers: Comparators) -> bool:
    """Whether councils of other kinds than its own are among an area's comparators."""
    if peers.kind == "type":
        return False
    if not peers.leaves_out_itself:
        return True
    codes = release.list_comparators(area.code, peers)
    return any(release.area(code).area_class is not area.area_class for code in codes)


def find_rank_interval(figure: FigureRecord, peers: Comparators) -> tuple[int, int] | None:
    """The 95 % interval of a rank, where the councils it is among are those whose ranks were drawn."""
    scope = "england" if figure.comparable_within == ENGLAND else "type"
    certainty = figure.certainty
    if peers.kind != scope or certainty is None or certainty.rank_low is None or certainty.rank_high is None:
        return None
    return certainty.rank_low, certainty.rank_high
