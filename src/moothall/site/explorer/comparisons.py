"""Comparisons: a set of councils placed beside one another, for a strip and for its sentence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from moothall.charts.strip import Dot, Strip, draw_strip
from moothall.charts.svg import Svg
from moothall.core.areas import REGIONS
from moothall.core.statistics import mads_from
from moothall.core.values import Marker, format_value
from moothall.release.index import label_scope
from moothall.release.queries import Release
from moothall.release.records import (
    EVERYONE,
    AreaRecord,
    Comparators,
    FigureRecord,
    MetricRecord,
    SummaryRecord,
    UnknownKey,
)
from moothall.release.scopes import NOWHERE, Position
from moothall.site.explorer.breakdowns import name_metric
from moothall.site.narrative.comparison import Comparison, find_polarity
from moothall.site.narrative.names import name_place, possessive

_SLICES_KEPT = 640


def is_total(metric: MetricRecord) -> bool:
    """Whether the metric is an amount that grows with the size of a council, so that councils are not alike in it."""
    return metric.unit.grows_with_size


def has_map(release: Release, metric: MetricRecord) -> bool:
    """Whether the metric has a page with a map: it is an amount, has figures, and the release has shapes."""
    return metric.unit.is_amount and metric.first_period is not None and bool(release.shapes())


@lru_cache(maxsize=_SLICES_KEPT)
def read_slice(
    release: Release, metric: str, period: str, breakdown: str, peers: Comparators
) -> tuple[FigureRecord, ...]:
    """Every council responsible for a metric in one period, by name, each beside its own peers.

    Those of a list of neighbours or a chosen group stand beside England: `compare_area` places them. Kept, because the
    page of each council shows the same few dozen slices, and a release never changes.
    """
    if peers.leaves_out_itself:
        return read_slice(release, metric, period, breakdown, EVERYONE)
    members = release.slice(metric, period, breakdown=breakdown, peers=peers)
    return tuple(figure for figure in members if figure.marker is not Marker.NOT_RESPONSIBLE)


def read_members(
    release: Release,
    metric: str,
    period: str,
    breakdown: str,
    peers: Comparators,
    area: AreaRecord,
    beside: Collection[str],
) -> tuple[FigureRecord, ...]:
    """An area, its neighbours or chosen group, and those `beside`, as far as each is responsible; by name.

    What `read_slice` has of them, without making the figures of all others.
    """
    among = (*release.list_comparators(area.code, peers), area.code, *beside)
    members = release.slice(metric, period, breakdown=breakdown, among=among)
    return tuple(figure for figure in members if figure.marker is not Marker.NOT_RESPONSIBLE)


def name_sums(
    release: Release, figures: Sequence[FigureRecord], named: Iterable[AreaRecord]
) -> tuple[FigureRecord, ...]:
    """A slice with what was added up for the areas named, which lists of everyone leave out."""
    wanted = {area.code for area in named}
    return tuple(
        release.figure(each.metric, each.area, each.period, breakdown=each.breakdown, peers=Comparators(each.peers))
        if each.area in wanted and each.value is None
        else each
        for each in figures
    )


@dataclass(frozen=True, slots=True)
class ClassComparison:
    """The councils that a figure is compared with, and how they sum up."""

    comparison: Comparison
    figures: tuple[FigureRecord, ...]
    summary: SummaryRecord


def choose_comparators(release: Release, area: AreaRecord) -> Comparators:
    """An area's neighbours, or its own kind where it has no list of them."""
    return Comparators("neighbours") if release.has_neighbours(area.code) else Comparators("type")


def find_scope(area: AreaRecord, peers: Comparators) -> str:
    """The scope of a summary that an area's peers are: England, its class or its region, or its own comparators."""
    match peers.kind:
        case "england":
            return "england"
        case "type":
            return str(area.area_class)
        case "region":
            return area.region_code
        case _:
            return peers.kind


def label_comparators(area: AreaRecord, peers: Comparators, name: str = "") -> str:
    """An area's comparators in words: "London boroughs", "Croydon’s neighbours", "the councils chosen".

    A group of one's own that has a `name` is called by it, as the words of whoever named it so.
    """
    match peers.kind:
        case "neighbours":
            return f"{possessive(area.name, is_first=False)} neighbours"
        case "custom":
            return f"“{name}”" if name else "the councils chosen"
        case _:
            return label_scope(find_scope(area, peers))


def compare_area(
    release: Release,
    metric: MetricRecord,
    figure: FigureRecord,
    area: AreaRecord,
    peers: Comparators,
    england: Sequence[FigureRecord] | None = None,
    beside: Collection[str] = (),
) -> ClassComparison | None:
    """An area's figure among its peers of the same period; none for an area that is not compared with others.

    `england` is the slice of the figure, where it is at hand; `beside` are codes of councils that are to be placed
    beside neighbours or a chosen group without being counted among them.
    """
    if not area.is_principal or figure.marker is Marker.NOT_RESPONSIBLE:
        return None
    if england is None:
        england = read_slice(release, metric.key, figure.period, figure.breakdown, peers)
    if peers.leaves_out_itself:
        return _compare_group(release, figure, area, peers, england, beside)
    scope = find_scope(area, peers)
    return compare_scope(release, metric.key, figure.period, figure.breakdown, scope, england, figure.mads_peers)


def _compare_group(
    release: Release,
    figure: FigureRecord,
    area: AreaRecord,
    peers: Comparators,
    england: Sequence[FigureRecord],
    beside: Collection[str],
) -> ClassComparison | None:
    """An area among its neighbours or a chosen group, each at its distance from their middle."""
    found = release.compare(figure.metric, area.code, figure.period, peers, breakdown=figure.breakdown)
    if found is None:
        return None
    summary, positions = found
    group = {*release.list_comparators(area.code, peers), area.code, *beside}
    members = tuple(_place_in_group(each, summary, positions) for each in england if each.area in group)
    comparison = Comparison(
        label="neighbours" if peers.kind == "neighbours" else "councils chosen",
        article=f"{possessive(area.name, is_first=False)}" if peers.kind == "neighbours" else "the",
        with_value=summary.with_value,
        eligible=summary.eligible,
        median=summary.median,
        mads=positions[area.code].mads if area.code in positions else None,
        marker=summary.marker,
    )
    return ClassComparison(comparison, members, summary)


def _place_in_group(figure: FigureRecord, summary: SummaryRecord, positions: Mapping[str, Position]) -> FigureRecord:
    """A figure at its place in a group; one that is not of it has a distance and no rank."""
    position = positions.get(figure.area, NOWHERE)
    mads = position.mads
    if figure.area not in positions and figure.value is not None and figure.is_compared and summary.mad is not None:
        mads = mads_from(figure.value, summary.median or 0.0, summary.mad, figure.places)
    return figure._replace(
        mads_peers=mads,
        median_peers=summary.median,
        rank=position.rank,
        rank_of=len(positions) if position.rank is not None else None,
        band=position.band,
    )


def compare_scope(
    release: Release,
    metric: str,
    period: str,
    breakdown: str,
    scope: str,
    england: Sequence[FigureRecord],
    mads: float | None = None,
) -> ClassComparison | None:
    """Those councils of England that are of one scope, among themselves; none when it has none that could have a value.

    `mads` is the distance of the one among them that the comparison is for.
    """
    try:
        summary = release.summary(metric, period, breakdown=breakdown, scope=scope)
    except UnknownKey:
        return None
    if scope == "england":
        members = tuple(england)
    elif scope in REGIONS:
        members = tuple(each for each in england if release.area(each.area).region_code == scope)
    else:
        members = tuple(each for each in england if each.area_class == scope)
    comparison = Comparison(
        label=summary.scope_label,
        with_value=summary.with_value,
        eligible=summary.eligible,
        median=summary.median,
        mads=mads,
        marker=summary.marker,
    )
    return ClassComparison(comparison, members, summary)


def _place_ends(figure: FigureRecord, compared: ClassComparison) -> tuple[float, float] | None:
    """The ends of a figure's interval as distances from the median, none where it has no interval."""
    median, mad = compared.summary.median, compared.summary.mad
    if figure.lower is None or figure.upper is None or median is None or not mad:
        return None
    return (figure.lower - median) / mad, (figure.upper - median) / mad


def draw_row(
    metric: MetricRecord,
    compared: ClassComparison,
    selected: tuple[str, ...],
    key: str,
    *,
    height: int = 96,
    is_named: bool = True,
    address: str = "",
) -> Svg | None:
    """The strip of a comparison, none where there is no median or no spread to place councils by.

    A mark leads to `address` with its council's code behind it.
    """
    if compared.comparison.median is None:
        return None
    dots = tuple(
        Dot(figure.area, name_place(figure.area_name), figure.mads_peers, figure.text, _place_ends(figure, compared))
        for figure in compared.figures
        if figure.value is not None and figure.mads_peers is not None
    )
    if not dots:
        return None
    shown = compared.figures[0]
    strip = Strip(
        key=key,
        title=f"{name_metric(metric.title, shown.breakdown)}: {compared.comparison.group}, {shown.period_label}",
        dots=dots,
        selected=selected,
        polarity=find_polarity(metric),
        peers_label=compared.comparison.group,
        median_text=format_value(compared.comparison.median, metric.unit, metric.places),
    )
    return draw_strip(strip, height=height, is_named=is_named, address=address)
