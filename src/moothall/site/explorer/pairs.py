"""Pairs: what a reader asks of two metrics set against each other, and the councils that have both figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.http import QueryDict

from moothall.core.areas import PRINCIPAL_CLASSES, AreaClass
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import EVERYONE, AreaRecord, FigureRecord, MetricRecord, PeriodRecord
from moothall.site.addresses import against_address
from moothall.site.explorer.asked import Mistake, NotDrawn, Redirected, Refused, read_choice, read_one
from moothall.site.explorer.comparisons import is_total, read_slice
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.questions import default_breakdown, read_period

KINDS = tuple(each for each in AreaClass if each in PRINCIPAL_CLASSES)
"""The kinds of council that are compared, in the order of forms and keys."""


@dataclass(frozen=True, slots=True)
class PairQuestion:
    """What a reader asks: two metrics, each with its breakdown and period, a council and a kind of council."""

    metric: MetricRecord
    other: MetricRecord
    breakdown: str
    other_breakdown: str
    period: PeriodRecord
    other_period: PeriodRecord
    area: AreaRecord | None
    area_class: str  # that alone is shown; empty for all

    def address(self) -> str:
        """The address of this question."""
        return against_address(
            self.metric.key,
            self.other.key,
            area=self.area.code if self.area else None,
            area_class=self.area_class,
            period=None if self.period.is_latest else self.period.key,
            breakdown=self.breakdown,
        )


class Pair(NamedTuple):
    """One council with both figures."""

    one: FigureRecord
    other: FigureRecord


def _require_amount(metric: MetricRecord) -> None:
    if not metric.unit.is_amount:
        reason = f"“{metric.title}” is a judgement or a date, not an amount."
        raise NotDrawn(metric, "This cannot be set against another metric", reason)
    if metric.first_period is None:
        raise NotDrawn(metric, "This cannot be set against another metric", "This release has no figures of it.")


def read_pair_question(release: Release, metric: MetricRecord, other: MetricRecord, asked: QueryDict) -> PairQuestion:
    """Read and check the parameters; raises as `against.make_against` does."""
    for each in (metric, other):
        _require_amount(each)
    if metric.key == other.key:
        raise Refused(Mistake("other", "A metric cannot be set against itself. Choose another one."))
    breakdown = read_choice(asked, "breakdown", metric.breakdowns, default_breakdown(metric))
    period = read_period(release, metric, breakdown, asked)
    said = read_one(asked, "area")
    area = find_council(release, "area", said, period.end) if said else None
    other_breakdown = default_breakdown(other)
    area_class = read_choice(asked, "class", KINDS, "")
    other_period = _match_period(release, other, other_breakdown, period)
    question = PairQuestion(metric, other, breakdown, other_breakdown, period, other_period, area, area_class)
    if area is not None and area.code != said:
        raise Redirected(question.address())
    return question


def _match_period(release: Release, other: MetricRecord, breakdown: str, period: PeriodRecord) -> PeriodRecord:
    """The other metric's period: the same where it has it, else its latest."""
    periods = release.periods(other.key, breakdown)
    same = next((each for each in periods if each.key == period.key), None)
    return same or next((each for each in periods if each.is_latest), periods[0])


def find_pairs(release: Release, question: PairQuestion) -> list[Pair]:
    """The councils that have both figures, on the usual basis, by name.

    One of the two may be added up over the council's ground, as a county's people are; not both, or a county would
    stand beside its own districts.
    """
    ones = _read_side(release, question.metric, question.breakdown, question.period)
    others = _read_side(release, question.other, question.other_breakdown, question.other_period)
    ones |= _read_sums(release, question.metric, question.breakdown, question.period, others.keys() - ones.keys())
    others |= _read_sums(
        release, question.other, question.other_breakdown, question.other_period, ones.keys() - others.keys()
    )
    pairs = [Pair(one, others[area]) for area, one in ones.items() if area in others]
    return sorted(
        (each for each in pairs if not (each.one.is_added_up and each.other.is_added_up)),
        key=lambda each: each.one.area_name.casefold(),
    )


def _read_side(release: Release, metric: MetricRecord, breakdown: str, period: PeriodRecord) -> dict[str, FigureRecord]:
    """The figures of councils that can be compared, by area."""
    return {
        each.area: each
        for each in read_slice(release, metric.key, period.key, breakdown, EVERYONE)
        if each.area_class in PRINCIPAL_CLASSES and each.value is not None and each.is_compared
    }


def _read_sums(
    release: Release, metric: MetricRecord, breakdown: str, period: PeriodRecord, areas: Collection[str]
) -> dict[str, FigureRecord]:
    """What was added up over others for some areas, by area."""
    if not areas:
        return {}
    asked = Selection(metric=(metric.key,), area=tuple(areas), period=(period.key,), breakdown=(breakdown,))
    return {each.area: each for each in release.figures(asked) if each.is_added_up and each.value is not None}


def settle_class(question: PairQuestion, counts: Counter[AreaClass]) -> tuple[PairQuestion, bool]:
    """The question with one kind of council where only those of a kind are alike, and whether that is so.

    The kind asked for, else the chosen council's, else the one of which most have both figures.
    """
    is_within = "class" in {question.metric.comparable_within, question.other.comparable_within}
    if question.area_class or not is_within or not counts:
        return question, is_within
    own = question.area.area_class if question.area else None
    kind = own if own in counts else max(counts, key=lambda each: (counts[each], each))
    return replace(question, area_class=str(kind)), is_within


@lru_cache(maxsize=2)
def list_context(release: Release) -> tuple[tuple[str, tuple[MetricRecord, ...]], ...]:
    """The metrics that describe places, by topic: topics of nothing else first, of these the largest."""
    groups = []
    for topic in release.topics():
        metrics = [each for each in release.metrics(topic=topic.key) if is_offered(each)]
        context = tuple(each for each in metrics if each.kind == "context")
        if context:
            groups.append((topic.title, context, len(context) < len(metrics)))
    groups.sort(key=lambda each: (each[2], -len(each[1])))
    return tuple((title, context) for title, context, _ in groups)


def find_first_other(release: Release, metric: MetricRecord) -> MetricRecord | None:
    """What a metric is set against before anything is chosen: the first that describes places and is no total."""
    if not is_offered(metric):
        return None
    return next(
        (each for _, group in list_context(release) for each in group if each != metric and not is_total(each)), None
    )


def is_offered(metric: MetricRecord) -> bool:
    """Whether a metric is among those to choose from: a current amount with a latest period."""
    return metric.unit.is_amount and metric.status.is_current and metric.latest_period is not None
