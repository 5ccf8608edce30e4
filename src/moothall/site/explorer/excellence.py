"""The page of councils worth learning from, by topic and name and never ranked, and how far its list can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import ClassVar

from django.http import QueryDict

from moothall.core.areas import PRINCIPAL_CLASSES, AreaClass
from moothall.core.frames import ENGLAND
from moothall.core.periods import PeriodKind, parse_key
from moothall.core.values import format_value
from moothall.release.downloads.exemplars import choose_exemplars
from moothall.release.exemplars import CHANGES, ExemplarRecord, ExemplarTrust, TopicExemplar
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, MetricRecord, TopicRecord
from moothall.site.addresses import api_excellence_address, area_topic_address, excellence_address, metric_address
from moothall.site.explorer.asked import read_choice
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Choice, Link
from moothall.site.explorer.parts_excellence import CheckRow, ExemplarCouncil, ExemplarEntry, ExemplarTopic
from moothall.site.explorer.takeaway import LISTS, Download, offer
from moothall.site.narrative.names import capitalise, count_words, name_period, name_within
from moothall.site.narrative.things import say_expected

_CLASSES = tuple(each for each in AreaClass if each in PRINCIPAL_CLASSES)


@dataclass(frozen=True, slots=True)
class ExcellencePage(Page):
    """Councils worth learning from: of everything, or of one topic or kind of council."""

    template: ClassVar[str] = "excellence.html"
    section: ClassVar[str] = "topics"
    about: str  # the topic and the kind of council chosen, or empty
    looked_at: str  # how much was looked at, and how much of the list may be chance
    topics_form: tuple[Choice, ...]
    classes_form: tuple[Choice, ...]
    topics: tuple[ExemplarTopic, ...]
    nothing: str  # that the list is empty, or empty
    left_out: str  # that some figures are too old to learn from, or empty
    has_provisional: bool
    expected: tuple[str, ...]
    checks: tuple[CheckRow, ...]
    canonical: str
    download: Download | None  # none of an empty list

    def find_canonical(self, path: str) -> str:
        """With the topic and the kind of council chosen."""
        return self.canonical


def make_excellence(release: Release, asked: QueryDict) -> ExcellencePage:
    """Everyone worth learning from, or those of a topic or a class; `Refused` for one that there is not."""
    topics = release.topics()
    topic = read_choice(asked, "topic", tuple(each.key for each in topics), "")
    area_class = read_choice(asked, "class", tuple(str(each) for each in _CLASSES), "")
    shown, left_out = choose_exemplars(release, topic or None, AreaClass(area_class) if area_class else None)
    trust = release.exemplar_trust
    by_topic = {key: list(own) for key, own in groupby(shown, key=lambda each: each.topic)}
    titles = [release.topic(topic).title] if topic else []
    titles += [capitalise(AreaClass(area_class).plural)] if area_class else []
    return ExcellencePage(
        release_id=release.record.id,
        about=", ".join(titles),
        looked_at=say_looked_at(trust),
        topics_form=tuple(Choice(each.key, each.title, each.key == topic) for each in topics),
        classes_form=tuple(Choice(str(each), capitalise(each.plural), each == area_class) for each in _CLASSES),
        topics=tuple(
            _make_topic(release, each, by_topic[each.key], area_class, is_whole=bool(topic))
            for each in topics
            if each.key in by_topic
        ),
        nothing="" if shown else "No council is on this list. That says nothing about councils: it asks for a lot.",
        left_out=_say_left_out(left_out),
        has_provisional=any(each.is_provisional for each in shown),
        expected=_say_expected(trust),
        checks=_list_checks(trust),
        canonical=excellence_address(topic, area_class),
        download=offer("this list", LISTS, partial(api_excellence_address, topic, area_class)) if shown else None,
    )


def list_of_area(release: Release, area: AreaRecord) -> tuple[ExemplarEntry, ...]:
    """What one council is worth learning from for, changes first; nothing that rests on old figures."""
    shown = [each for each in release.exemplars(area=area.code) if not release.metric(each.metric).is_old]
    ordered = sorted(shown, key=lambda each: each.kind not in CHANGES)
    return tuple(_make_entry(release, each) for each in ordered)


def say_looked_at(trust: ExemplarTrust) -> str:
    """How many comparisons were made for the whole list."""
    if not trust.levels:
        return "No metric has enough councils and years to look at."
    metrics = count_words(trust.metrics, "metric", "metrics")
    return f"We looked at {trust.levels:,} values and {trust.changes:,} changes of councils, in {metrics}."


def _make_topic(
    release: Release, topic: TopicRecord, found: Sequence[ExemplarRecord], area_class: str, *, is_whole: bool
) -> ExemplarTopic:
    tops = [each for each in found if each.kind == "top"]
    councils = count_words(len({each.area for each in tops}), "council is", "councils are")
    metrics = len({each.metric for each in tops})
    within = "in one metric" if metrics == 1 else "in at least one metric"
    about = topic.title[0].lower() + topic.title[1:]
    return ExemplarTopic(
        title=topic.title,
        anchor=topic.key,
        several=tuple(
            _link_several(each)
            for each in release.topic_exemplars()
            if each.topic == topic.key and (not area_class or each.area_class == AreaClass(area_class))
        ),
        changes=_list_councils(release, (each for each in found if each.kind in CHANGES)),
        tops=_list_councils(release, tops) if is_whole else (),
        counted=f"{capitalise(councils)} among the top tenth {within}." if tops else "",
        whole=Link(f"See them for {about}", excellence_address(topic.key, area_class))
        if tops and not is_whole
        else None,
    )


def _link_several(exemplar: TopicExemplar) -> Link:
    said = f"{exemplar.area_name}: among the top tenth in {exemplar.metrics} of {exemplar.judged} metrics"
    return Link(said, area_topic_address(exemplar.area, exemplar.topic))


def _list_councils(release: Release, found: Iterable[ExemplarRecord]) -> tuple[ExemplarCouncil, ...]:
    return tuple(
        ExemplarCouncil(own[0].area_name, own[0].area_class.label, tuple(_make_entry(release, each) for each in own))
        for _, each_own in groupby(found, key=lambda each: each.area)
        for own in (list(each_own),)
    )


def _make_entry(release: Release, exemplar: ExemplarRecord) -> ExemplarEntry:
    metric = release.metric(exemplar.metric)
    peers = "england" if exemplar.pool == ENGLAND else "type"
    address = metric_address(metric.key, area=exemplar.area, peers=peers, breakdown=exemplar.breakdown)
    is_change = exemplar.kind in CHANGES
    return ExemplarEntry(
        metric=Link(capitalise(metric.short), address),
        reason="Came much further than others, by the means of two years:" if is_change else "Among the top tenth:",
        sentence=say_change_of(exemplar, metric) if is_change else say_top(exemplar, metric),
        is_provisional=exemplar.is_provisional,
    )


def say_change_of(exemplar: ExemplarRecord, metric: MetricRecord) -> str:
    """From what a council came to what, and what others that began there came to, in two sentences."""
    if exemplar.before is None or exemplar.after is None or exemplar.expected is None:
        raise ValueError("a change has values at either end")
    before, after = _show_apart(exemplar.before, exemplar.after, metric)
    years = f"between {name_period(exemplar.first_label or '')} and {name_period(exemplar.period_label)}"
    expected = format_value(exemplar.expected, metric.unit, metric.places)
    recovered = " It left the last quarter." if exemplar.kind == "recovery" else ""
    return (
        f"{capitalise(name_within(exemplar.area_name))} went from {before} to {after} {years}."
        f" {capitalise(exemplar.pool_label)} that began there came to {expected}.{recovered}"
    )


def _show_apart(first: float, second: float, metric: MetricRecord) -> tuple[str, str]:
    """Two values as shown, with a decimal more where they would look the same."""
    for places in (metric.places, metric.places + 1):
        shown = (format_value(first, metric.unit, places), format_value(second, metric.unit, places))
        if shown[0] != shown[1]:
            break
    return shown


def say_top(exemplar: ExemplarRecord, metric: MetricRecord) -> str:
    """What a council among the top tenth had, and the median, in two sentences."""
    if exemplar.value is None:
        raise ValueError("a council without a value is among no tenth")
    when = f"{'on' if parse_key(exemplar.period).kind is PeriodKind.DAY else 'in'} {name_period(exemplar.period_label)}"
    value = format_value(exemplar.value, metric.unit, metric.places)
    said = f"{capitalise(name_within(exemplar.area_name))} had {value} {when}."
    if exemplar.median is None:
        return said
    median = format_value(exemplar.median, metric.unit, metric.places)
    return f"{said} The median of {exemplar.pool_label} was {median}."


def _say_left_out(number: int) -> str:
    if not number:
        return ""
    said = count_words(number, "entry rests on old figures and is", "entries rest on old figures and are")
    return f"{capitalise(said)} left out."


def _say_expected(trust: ExemplarTrust) -> tuple[str, ...]:
    """How many entries of the whole list may be there by chance alone."""
    said = []
    if trust.flags:
        shuffled = trust.shuffled_flags / trust.shuffles if trust.shuffles else 0.0
        many = say_expected(max(trust.flags_expected_false, shuffled))
        said.append(f"Of the {count_words(trust.flags, 'change', 'changes')} listed, {many} may be chance alone.")
    if trust.tops_with_chance:
        many = say_expected(trust.tops_expected_false)
        places = count_words(trust.tops_with_chance, "place", "places")
        said.append(f"Of the {places} among the top tenth whose chance is known, {many} may be chance alone.")
    if unknown := trust.tops - trust.tops_with_chance:
        places = count_words(unknown, "place rests", "places rest")
        said.append(f"{capitalise(places)} on three of the last four years, as no chance can be worked out.")
    return tuple(said)


def _list_checks(trust: ExemplarTrust) -> tuple[CheckRow, ...]:
    rows = []
    if trust.panels:
        rows.append(
            CheckRow(
                "How often a metric by itself flags anyone when each council’s years are shuffled",
                f"{trust.panels_flagged / trust.panels:.1%} of {trust.panels:,} shuffles",
                "under 10%",
            )
        )
        rows.append(
            CheckRow(
                "How many changes a whole list has when the years are shuffled",
                f"{trust.shuffled_flags / trust.shuffles:.1f}, beside {trust.flags} in the real list",
                "close to none",
            )
        )
    if trust.past_flags:
        rows.append(
            CheckRow(
                "How many earlier entries kept half of their gain or more two years later",
                f"{trust.past_kept / trust.past_flags:.0%} of {trust.past_flags:,}",
                "60% or more",
            )
        )
    if trust.raw_flags:
        rows.append(
            CheckRow(
                "The same of a plain list of the tenth with the largest change",
                f"{trust.raw_kept / trust.raw_flags:.0%} of {trust.raw_flags:,}",
                "less than the row above",
            )
        )
    return tuple(rows)
