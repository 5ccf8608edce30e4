"""Reorganisation in words: figures added up over councils, councils that are to end, and what those that did leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from moothall.core.areas import AreaClass
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, TraceRecord
from moothall.site.addresses import trace_address
from moothall.site.narrative.names import capitalise, join_words, name_day, name_place, name_within

_FEW = 3  # figures of a topic that shows none first
MOST_WRITTEN = 8
"""How many parts a sum is written out with."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """That an authority is to be replaced, in a sentence, with what says so."""

    sentence: str
    source: str
    address: str
    caution: str


@dataclass(frozen=True, slots=True)
class TracedPart:
    """One of the figures that another is worked out from."""

    name: str
    text: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class LastFigure:
    """The last figure of an authority that has ended."""

    topic: str
    title: str
    text: str
    period: str
    address: str


def say_whole_ground(area: AreaRecord, figures: Sequence[FigureRecord]) -> str:
    """What to know of an authority's page that has figures added up; empty where there are none."""
    held = [figure for figure in figures if figure.value is not None]
    if not any(figure.is_added_up for figure in held):
        return ""
    is_all = all(figure.is_added_up for figure in held)
    who = "district councils" if area.area_class is AreaClass.COUNTY else "councils"
    whose = "the county council’s" if area.area_class is AreaClass.COUNTY else "the authority’s"
    return (
        f"{'These' if is_all else 'Some'} figures are added up over the {who} that together cover all of its area"
        f"{'' if is_all else ', and say so'}. "
        f"They describe the area, not {whose} own performance, and are not compared."
    )


def list_announced(release: Release, area: AreaRecord) -> tuple[Announcement, ...]:
    """What is to take an authority's place: one sentence for each day and source."""
    announced = release.announced(area.code) if area.closed is None else []
    grouped = dict.fromkeys((each.day, each.source, each.address, each.is_checked) for each in announced)
    found = []
    for day, source, address, is_checked in grouped:
        names = join_words([each.successor for each in announced if (each.day, each.source) == (day, source)])
        verb = "is" if day > release.built else "was"
        sentence = f"This council {verb} to be replaced on {name_day(day)} by {names}."
        caution = "" if is_checked else "We have not checked this against the order that makes the change."
        found.append(Announcement(sentence, source, address, caution))
    return tuple(found)


def list_parts(release: Release, trace: TraceRecord, inputs: Sequence[FigureRecord]) -> tuple[TracedPart, ...]:
    """The figures that one added up is made of, each with its own page: of councils, or those in its formula."""
    parts = trace.parts or tuple(inputs)
    return tuple(
        TracedPart(
            name=name_place(each.area_name) if trace.parts else capitalise(release.metric(each.metric).short),
            text=each.text,
            note=each.marker.meaning.label if each.value is not None and each.marker is not None else "",
            address=trace_address(each.metric, each.area, each.period, each.breakdown),
        )
        for each in parts
    )


@lru_cache(maxsize=128)  # an authority that ended has a page for itself and for each topic, all with these
def list_last_figures(release: Release, area: AreaRecord) -> tuple[LastFigure, ...]:
    """The last figures of an authority that has ended: those that each topic shows first, else its first few."""
    figures = release.area_figures(area.code)
    held = {each.metric: each for each in figures if each.value is not None and not each.is_added_up}
    shown = {
        topic.key: [key for key in topic.headlines if key in held]
        or [metric.key for metric in release.metrics(topic=topic.key) if metric.key in held][:_FEW]
        for topic in release.topics()
    }
    return tuple(
        LastFigure(
            topic=topic.title,
            title=capitalise(release.metric(key).short),
            text=held[key].text,
            period=held[key].period_label,
            address=trace_address(key, area.code, held[key].period, held[key].breakdown),
        )
        for topic in release.topics()
        for key in shown[topic.key]
    )


def say_before_it_began(area: AreaRecord, figures: Sequence[FigureRecord | None]) -> str:
    """What is to be known of a line that goes back beyond a council's beginning; empty where it does not."""
    if area.opened is None or not any(each and each.is_added_up and each.value is not None for each in figures):
        return ""
    if not area.is_principal:
        return f"{capitalise(name_within(area.name))}: figures are added up over the councils on its ground."
    return (
        f"{capitalise(name_within(area.name))} began on {name_day(area.opened)}. "
        "Its earlier figures are added up over the councils whose place it took."
    )
