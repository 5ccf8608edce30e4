"""Selected: the councils that a page sets side by side, and every other council placed around their comparators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from moothall.charts.strip import REACH, Dot, Strip, draw_strip
from moothall.charts.svg import Svg
from moothall.core.statistics import mads_from
from moothall.core.values import format_value, round_half_up
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord, MetricRecord, SummaryRecord, UnknownKey
from moothall.site.explorer.comparisons import find_scope, label_comparators
from moothall.site.narrative.comparison import Comparison, find_polarity
from moothall.site.narrative.names import name_place, possessive

_STRIP_HEIGHT = 56


@dataclass(frozen=True, slots=True)
class SelectedCouncils:
    """The councils that are set side by side, and the first one's comparators, around whose median all are placed."""

    area: AreaRecord
    others: tuple[AreaRecord, ...]
    peers: Comparators

    @property
    def councils(self) -> tuple[AreaRecord, ...]:
        """The first council and those beside it."""
        return (self.area, *self.others)

    @property
    def codes(self) -> tuple[str, ...]:
        """Their codes."""
        return tuple(each.code for each in self.councils)

    @property
    def scope(self) -> str:
        """The scope of the first council's comparators."""
        return find_scope(self.area, self.peers)

    @property
    def label(self) -> str:
        """The first council's comparators in words."""
        return label_comparators(self.area, self.peers)

    @property
    def has_other_kinds(self) -> bool:
        """Whether the councils set side by side are of more than one kind."""
        return len({each.area_class for each in self.councils if each.is_principal}) > 1


class Tied(NamedTuple):
    """A council that has the rank of the one spoken of."""

    area: str
    rank: int | None


@dataclass(frozen=True, slots=True)
class Placed:
    """One metric's comparators summed up, and the councils placed by their distance from the comparators' median."""

    comparison: Comparison
    summary: SummaryRecord
    dots: tuple[Dot, ...]
    comparators: frozenset[str]  # empty where everybody is one of them

    @property
    def on_chart(self) -> frozenset[str]:
        """The codes of the councils that have a place."""
        return frozenset(dot.key for dot in self.dots)


def place_councils(
    release: Release,
    metric: MetricRecord,
    period: str,
    selected: SelectedCouncils,
    figures: Mapping[str, FigureRecord],
) -> Placed | None:
    """Every council around the median of the comparators; none where those are nobody.

    `figures` are those of the councils selected, by code. Where only councils of a kind are alike, councils of kinds
    that are neither selected nor among the comparators have no place.
    """
    found = _sum_up(release, metric, period, selected)
    if found is None:
        return None
    comparison, summary = found
    values = release.values(metric.key, period)
    comparators = _list_comparators(release, selected, values)
    if summary.median is None or summary.mad is None:
        return Placed(comparison, summary, (), comparators)
    kinds = {each.area_class for each in selected.councils} if metric.comparable_within == "class" else None
    dots = []
    for code, value in values.items():
        figure = figures.get(code)
        is_besides = figure is None and bool(comparators) and code not in comparators
        if is_besides and kinds and release.area(code).area_class not in kinds:
            continue
        mads = mads_from(value, summary.median, summary.mad, metric.places)
        if mads is None:
            break
        if figure is not None:
            dots.append(Dot(code, name_place(figure.area_name), mads, figure.text, _place_ends(figure, summary)))
        elif abs(mads) > REACH:  # of the others, the chart says the values of those beyond the axis only
            name = name_place(release.area(code).name)
            dots.append(Dot(code, name, mads, format_value(value, metric.unit, metric.places)))
        else:
            dots.append(Dot(code, "", mads, ""))
    return Placed(comparison, summary, tuple(dots), comparators)


def list_tied(release: Release, metric: MetricRecord, placed: Placed | None, figure: FigureRecord) -> list[Tied]:
    """Who of the comparators has the rank of a figure: those whose values are shown alike."""
    if placed is None or figure.rank is None or figure.value is None:
        return []
    shown, hair = round_half_up(figure.value, metric.places), 10.0**-metric.places
    return [
        Tied(code, figure.rank)
        for code, value in release.values(metric.key, figure.period).items()
        if abs(value - figure.value) <= hair
        and code != figure.area
        and (code in placed.comparators or not placed.comparators)
        and round_half_up(value, metric.places) == shown
    ]


def draw_placed(
    metric: MetricRecord, placed: Placed, selected: SelectedCouncils, period_label: str, key: str
) -> Svg | None:
    """The strip of a metric, none where there is no median or no spread to place councils by."""
    if not placed.dots or placed.summary.median is None:
        return None
    return draw_strip(
        Strip(
            key=key,
            title=f"{metric.title}: {placed.comparison.group}, {period_label}",
            dots=placed.dots,
            selected=selected.codes,
            polarity=find_polarity(metric),
            peers_label=placed.comparison.group,
            median_text=format_value(placed.summary.median, metric.unit, metric.places),
            comparators=placed.comparators,
        ),
        height=_STRIP_HEIGHT,
        is_named=False,
    )


def _sum_up(
    release: Release, metric: MetricRecord, period: str, selected: SelectedCouncils
) -> tuple[Comparison, SummaryRecord] | None:
    """The comparators of the first council, in words and in numbers; none where they are nobody."""
    area, peers = selected.area, selected.peers
    if not area.is_principal and peers.kind != "england":
        return None
    if peers.leaves_out_itself:
        found = release.compare(metric.key, area.code, period, peers)
        if found is None:
            return None
        summary = found[0]
        is_list = peers.kind == "neighbours"
        label, article = (
            ("neighbours", possessive(area.name, is_first=False)) if is_list else ("councils chosen", "the")
        )
    else:
        try:
            summary = release.summary(metric.key, period, scope=selected.scope)
        except UnknownKey:
            return None
        label, article = summary.scope_label, ""
    said = Comparison(
        label, summary.with_value, summary.eligible, summary.median, None, summary.marker, article=article
    )
    return said, summary


def _list_comparators(release: Release, selected: SelectedCouncils, codes: Iterable[str]) -> frozenset[str]:
    """Those of the councils that are comparators of the first one; nobody where all are."""
    peers = selected.peers
    if peers.kind == "england":
        return frozenset()
    if peers.leaves_out_itself:
        return frozenset(release.list_comparators(selected.area.code, peers))
    return frozenset(code for code in codes if find_scope(release.area(code), peers) == selected.scope)


def _place_ends(figure: FigureRecord, summary: SummaryRecord) -> tuple[float, float] | None:
    """The ends of a figure's interval as distances from the median, none where it has no interval."""
    median, mad = summary.median, summary.mad
    if figure.lower is None or figure.upper is None or median is None or not mad:
        return None
    return (figure.lower - median) / mad, (figure.upper - median) / mad
