"""Metrics side by side in their newest periods: the chain that a topic opens with."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.core.values import Kind, Marker, format_value
from moothall.release.latest import LatestRecord
from moothall.release.queries import Release
from moothall.release.records import EVERYONE, AreaRecord, Comparators, SummaryRecord, TopicRecord
from moothall.site.addresses import metric_address, trace_address
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_comparison import MarkedValue
from moothall.site.explorer.responsible import find_runners, list_functions, say_runners
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.names import name_place

_TITLES = {Kind.INPUT: "What goes in", Kind.OUTPUT: "What is done", Kind.OUTCOME: "What comes of it"}
GROWS = "An amount that grows with the size of a council, so it has no median here."


@dataclass(frozen=True, slots=True)
class Middle:
    """Where the councils of one scope lie: the median, and the span of the middle half."""

    label: str  # "councils in England"
    median: str
    half: str  # "1.23 to 2.81 per 1,000", or empty where both ends are alike


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One metric in its newest period, with the value of the area chosen, if any."""

    link: Link
    value: MarkedValue | None
    middles: tuple[Middle, ...]
    why_no_middle: str
    period: str  # its label, or empty where there is no figure at all
    age: str


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One step of a chain: without links nothing that is held measures it."""

    title: str
    links: tuple[ChainLink, ...]


def show_chain(
    release: Release, topic: TopicRecord, area: AreaRecord | None = None, peers: Comparators = EVERYONE
) -> tuple[ChainStep, ...]:
    """The steps of a topic's chain, for all councils or for one among its peers; none where the topic has no chain.

    There are none, either, for an area that is responsible for nothing in it.
    """
    keys = [key for links in topic.chain.values() for key in links]
    latest = release.latest(keys, area=area.code if area else None, peers=peers)
    if area and all(each.figure is None or each.figure.marker is Marker.NOT_RESPONSIBLE for each in latest):
        return ()  # the page says who is responsible
    shown = {each.metric.key: show_link(release, each, area, peers) for each in latest}
    return tuple(ChainStep(_TITLES[step], tuple(shown[key] for key in links)) for step, links in topic.chain.items())


def show_link(release: Release, latest: LatestRecord, area: AreaRecord | None, peers: Comparators) -> ChainLink:
    """A metric in its newest period as a page shows it."""
    metric, period = latest.metric, latest.period
    has_middle = metric.unit.is_amount and not is_total(metric)
    return ChainLink(
        link=Link(
            metric.title,
            metric_address(metric.key, area=area.code, peers=peers.kind) if area else metric_address(metric.key),
        ),
        value=_show_value(release, latest, area) if area else None,
        middles=tuple(_show_middle(each, latest) for each in latest.summaries if each.eligible > 1)
        if has_middle
        else (),
        why_no_middle=_say_why(latest),
        period=period.label if period else "",
        age=tag_age(period.end, release.built) if period else "",
    )


def _say_why(latest: LatestRecord) -> str:
    if not latest.metric.unit.is_amount:
        return Marker.NOT_AN_AMOUNT.meaning.sentence
    return GROWS if is_total(latest.metric) else ""


def _show_middle(summary: SummaryRecord, latest: LatestRecord) -> Middle:
    unit, places = latest.metric.unit, latest.metric.places
    ends = [
        format_value(each, unit, places)
        for each in (summary.lower_quartile, summary.upper_quartile)
        if each is not None
    ]
    return Middle(
        label=summary.scope_label,
        median="" if summary.median is None else format_value(summary.median, unit, places),
        half=f"{ends[0].removesuffix(unit.ending)} to {ends[1]}" if len(set(ends)) == 2 else "",
    )


def _show_value(release: Release, latest: LatestRecord, area: AreaRecord) -> MarkedValue:
    name, figure = name_place(area.name), latest.figure
    if figure is None:
        said = "did not exist then" if latest.period else "no figures yet"
        return MarkedValue(None, name, said, True, "", "")
    note = ""
    if figure.marker is Marker.NOT_RESPONSIBLE:
        note = f"run by {say_runners(find_runners(release, area, list_functions(latest.metric)))}"
    elif figure.marker is not None and figure.value is not None:
        note = figure.marker.meaning.label
    address = trace_address(figure.metric, figure.area, figure.period, figure.breakdown)
    return MarkedValue(None, name, figure.text, figure.value is None, address, note)
