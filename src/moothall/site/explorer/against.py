"""The page of two metrics set against each other: who has both, how the two go together, in a chart and a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from django.http import QueryDict

from moothall.charts.scatter import Axis, Mark, Scatter, draw_form, draw_scatter, gather_beyond
from moothall.charts.strip import draw_shape
from moothall.charts.svg import Svg
from moothall.core.areas import PRINCIPAL_CLASSES, AreaClass
from moothall.core.statistics import median
from moothall.core.values import format_value, round_half_up
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import EVERYONE, AreaRecord, Comparators, FigureRecord, MetricRecord, PeriodRecord
from moothall.site.addresses import against_address, api_figures_address, metric_address, trace_address
from moothall.site.explorer.asked import Mistake, NotDrawn, Redirected, Refused, read_choice, read_one
from moothall.site.explorer.breakdowns import name_metric
from moothall.site.explorer.comparisons import is_total, read_slice
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.pages_against import AgainstForm, AgainstPage, FormKey, MetricChoices, PairRow, Side
from moothall.site.explorer.parts import Choice
from moothall.site.explorer.provenance import tell_about_data
from moothall.site.explorer.questions import default_breakdown, list_breakdowns, list_periods, read_period
from moothall.site.explorer.responsible import list_functions, name_responsible
from moothall.site.narrative.names import capitalise, count_words, join_words, name_period, name_place, name_within
from moothall.site.narrative.together import ABOUT_COUNCILS, CAUTION, correlate_shown, say_together

_CLASSES = tuple(each for each in AreaClass if each in PRINCIPAL_CLASSES)
_FORMS = {each: min(place, 5) for place, each in enumerate(_CLASSES)}  # two councils are each alone of their kind
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class _Question:
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
        return against_address(
            self.metric.key,
            self.other.key,
            area=self.area.code if self.area else None,
            area_class=self.area_class,
            period=None if self.period.is_latest else self.period.key,
            breakdown=self.breakdown,
        )


class _Pair(NamedTuple):
    """One council with both figures."""

    one: FigureRecord
    other: FigureRecord


def make_against(release: Release, key: str, other_key: str, asked: QueryDict) -> AgainstPage:
    """Two metrics set against each other as asked for.

    Raises `NotDrawn` where one of them is no amount, `UnknownKey` for an unknown one, `Refused` for parameters that do
    not fit, `Redirected` where a council is asked for by its name or an old code.
    """
    metric, other = release.metric(key), release.metric(other_key)
    for each in (metric, other):
        _require_amount(each)
    if metric.key == other.key:
        raise Refused(Mistake("other", "A metric cannot be set against itself. Choose another one."))
    asked_for = _read_question(release, metric, other, asked)
    everyone = _find_pairs(release, asked_for)
    counts = Counter(pair.one.area_class for pair in everyone)
    question, is_within_class = _settle_class(asked_for, counts, asked)
    pairs = [each for each in everyone if question.area_class in {"", each.one.area_class}]
    values, others = [each.one.value or 0.0 for each in pairs], [each.other.value or 0.0 for each in pairs]
    group = AreaClass(question.area_class).plural if question.area_class else "councils in England"
    found = correlate_shown(values, others, metric.places, other.places)
    near = set(_list_near(release, question.area))
    forms = _FORMS if len({each.one.area_class for each in pairs}) > 1 else {}
    marks = [_make_mark(each, near, forms) for each in pairs]
    beyond = gather_beyond(marks) if marks else []
    sentence = say_together(found, len(pairs), group, metric.short, other.short)
    one_side, other_side = _make_sides(release, question, pairs)
    return AgainstPage(
        release_id=release.record.id,
        chosen=question.area,
        one=one_side,
        other=other_side,
        sentence=sentence,
        chosen_sentence=_say_chosen(question, pairs, values, others),
        caution=CAUTION,
        notes=tuple(_list_notes(question, pairs, is_within_class)),
        form=_make_form(release, question, counts, is_within_class),
        chart=_draw(question, marks, sentence, values, others) if marks else None,
        key=tuple(_list_forms(question, marks, pairs)),
        beyond=_say_beyond(beyond),
        table_caption=f"{one_side.heading} and {other_side.heading}: {group}",
        rows=tuple(_make_row(each, question, near) for each in pairs),
        has_kinds=len({each.one.area_class for each in pairs}) > 1,
        turned_address=against_address(other.key, metric.key, area=question.area.code if question.area else None),
        canonical=question.address(),
        csv_address=api_figures_address([*_api_query(question), ("format", "csv")]),
        json_address=api_figures_address(_api_query(question)),
    )


def _require_amount(metric: MetricRecord) -> None:
    if not metric.unit.is_amount:
        reason = f"“{metric.title}” is a judgement or a date, not an amount."
        raise NotDrawn(metric, "This cannot be set against another metric", reason)
    if metric.first_period is None:
        raise NotDrawn(metric, "This cannot be set against another metric", "This release has no figures of it.")


def _read_question(release: Release, metric: MetricRecord, other: MetricRecord, asked: QueryDict) -> _Question:
    breakdown = read_choice(asked, "breakdown", metric.breakdowns, default_breakdown(metric))
    period = read_period(release, metric, breakdown, asked)
    said = read_one(asked, "area")
    area = find_council(release, "area", said, period.end) if said else None
    other_breakdown = default_breakdown(other)
    area_class = read_choice(asked, "class", _CLASSES, "")
    other_period = _match_period(release, other, other_breakdown, period)
    question = _Question(metric, other, breakdown, other_breakdown, period, other_period, area, area_class)
    if area is not None and area.code != said:
        raise Redirected(question.address())
    return question


def _match_period(release: Release, other: MetricRecord, breakdown: str, period: PeriodRecord) -> PeriodRecord:
    """The other metric's period: the same where it has it, else its latest."""
    periods = release.periods(other.key, breakdown)
    same = next((each for each in periods if each.key == period.key), None)
    return same or next((each for each in periods if each.is_latest), periods[0])


def _find_pairs(release: Release, question: _Question) -> list[_Pair]:
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
    pairs = [_Pair(one, others[area]) for area, one in ones.items() if area in others]
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
    """What was added up for some areas, by area; of areas that stand, not for what was before they began."""
    if not areas:
        return {}
    asked = Selection(metric=(metric.key,), area=tuple(areas), period=(period.key,), breakdown=(breakdown,))
    return {each.area: each for each in release.figures(asked) if each.is_added_up and each.value is not None}


def _settle_class(question: _Question, counts: Counter[AreaClass], asked: QueryDict) -> tuple[_Question, bool]:
    """The question with one kind of council where only those of a kind are alike, and whether that is so.

    The kind asked for, else the chosen council's, else the one of which most have both figures.
    """
    is_within = "class" in {question.metric.comparable_within, question.other.comparable_within}
    if question.area_class or not is_within or not counts:
        return question, is_within
    own = question.area.area_class if question.area else None
    kind = own if own in counts else max(counts, key=lambda each: (counts[each], each))
    return replace(question, area_class=str(kind)), is_within


def _list_near(release: Release, area: AreaRecord | None) -> tuple[str, ...]:
    if area is None or not release.has_neighbours(area.code):
        return ()
    return release.list_comparators(area.code, Comparators("neighbours"))


def _make_mark(pair: _Pair, near: set[str], forms: Mapping[AreaClass, int]) -> Mark:
    one, other = pair
    return Mark(
        key=one.area,
        name=name_place(one.area_name),
        across=other.value or 0.0,
        up=one.value or 0.0,
        text=f"{one.text}, {other.text}",
        form=forms.get(one.area_class, 0),
        is_near=one.area in near,
    )


def _draw(
    question: _Question, marks: Sequence[Mark], sentence: str, values: Sequence[float], others: Sequence[float]
) -> Svg:
    metric, other = question.metric, question.other
    address = against_address(metric.key, other.key, area_class=question.area_class, breakdown=question.breakdown,
                              period=None if question.period.is_latest else question.period.key)  # fmt: skip
    return draw_scatter(
        Scatter(
            key="scatter",
            title=f"{name_metric(metric.title, question.breakdown)} against {other.title}",
            description=sentence,
            marks=tuple(marks),
            across=_make_axis(other, others),
            up=_make_axis(metric, values),
            selected=question.area.code if question.area else "",
            address=f"{address}{'&' if '?' in address else '?'}area=",
        )
    )


def _make_axis(metric: MetricRecord, values: Sequence[float]) -> Axis:
    middle = median(values)
    return Axis(metric.unit, middle, f"median {format_value(middle, metric.unit, metric.places)}")


def _list_forms(question: _Question, marks: Sequence[Mark], pairs: Sequence[_Pair]) -> list[FormKey]:
    """What the forms on the chart stand for: the chosen council, its neighbours, then each kind of council."""
    listed = []
    if question.area is not None and any(each.key == question.area.code for each in marks):
        listed.append(FormKey(draw_shape(0), name_place(question.area.name)))
    near = sum(each.is_near for each in marks)
    if near:
        form = next(each.form for each in marks if each.is_near)
        listed.append(FormKey(draw_form(form, "near"), f"its neighbours ({near})"))
    counts = Counter(pair.one.area_class for pair in pairs)
    forms = {pair.one.area_class: mark.form for pair, mark in zip(pairs, marks, strict=True)}
    for kind in _CLASSES:
        if counts[kind]:
            label = kind.plural if _FORMS[kind] == 5 else f"{kind.plural} ({counts[kind]})"
            listed.append(FormKey(draw_form(forms[kind]), label))
    return listed


def _say_beyond(beyond: Sequence[Mark]) -> str:
    if not beyond:
        return ""
    named = [f"{each.name} ({each.text})" for each in beyond[:_MOST_NAMED]]
    more = len(beyond) - len(named)
    return f"Hollow marks lie beyond the edge: {join_words([*named, f'{more} more'] if more else named)}."


def _say_chosen(question: _Question, pairs: Sequence[_Pair], values: Sequence[float], others: Sequence[float]) -> str:
    """Where the chosen council stands to the two medians, or that it is not among those shown."""
    if question.area is None:
        return ""
    place = capitalise(name_within(question.area.name))
    pair = next((each for each in pairs if each.one.area == question.area.code), None)
    if pair is None:
        return f"{place} is not among them: it lacks one of the two figures, or is of another kind."
    one, other = _say_side(pair.one, median(values)), _say_side(pair.other, median(others))
    return f"{place} has {one} ({question.metric.short}). It has {other} ({question.other.short})."


def _say_side(figure: FigureRecord, middle: float) -> str:
    """A value and on which side of the median it is as shown: "36.1%, below the median of 41.0%"."""
    value, shown = (round_half_up(each, figure.places) for each in (figure.value or 0.0, middle))
    side = "above" if value > shown else "below" if value < shown else "at"
    return f"{figure.text}, {side} the median of {format_value(middle, figure.unit, figure.places)}"


def _list_notes(question: _Question, pairs: Sequence[_Pair], is_within_class: bool) -> list[str]:
    metric, other = question.metric, question.other
    notes = [ABOUT_COUNCILS]
    for name, many in (
        (metric.short, sum(each.one.is_added_up for each in pairs)),
        (other.short, sum(each.other.is_added_up for each in pairs)),
    ):
        if many:
            who = count_words(many, "council", "councils")
            notes.append(f"For {who}, {name} is added up over the councils on its ground.")
    if question.period.key != question.other_period.key:
        first, second = (name_period(each.label) for each in (question.period, question.other_period))
        notes.append(f"The two are of different periods: {metric.short} for {first}, {other.short} for {second}.")
    if is_within_class and question.area_class:
        notes.append("Only councils of one kind are shown, as councils of different kinds are not alike in this.")
    totals = [each.short for each in (metric, other) if is_total(each)]
    if len(totals) == 2:
        notes.append(
            "Both are totals, so both are larger where a council is larger. That alone makes them go together."
        )
    elif totals:
        notes.append(f"One is a total ({totals[0]}), so a larger council has a larger number.")
    if shared := _find_shared(metric, other):
        notes.append(shared)
    return notes


def _find_shared(metric: MetricRecord, other: MetricRecord) -> str:
    """That two figures go together by arithmetic, as one is made from the other or both from the same; or empty."""
    ones, others = ({key for _, key in each.inputs} for each in (metric, other))
    if metric.key in others or other.key in ones:
        return "One of the two is worked out from the other, so they go together by arithmetic."
    if ones & others:
        return "Both are worked out from a figure that they share, so they go together by arithmetic in part."
    return ""


def _make_sides(release: Release, question: _Question, pairs: Sequence[_Pair]) -> tuple[Side, Side]:
    area = question.area.code if question.area else None

    def make(metric: MetricRecord, breakdown: str, period: PeriodRecord, figures: Sequence[FigureRecord]) -> Side:
        return Side(
            metric=metric,
            heading=name_metric(metric.title, breakdown),
            period=period.label,
            address=metric_address(
                metric.key, area=area, period=None if period.is_latest else period.key, breakdown=breakdown
            ),
            sources=tell_about_data(release, metric, figures, period),
        )

    return (
        make(question.metric, question.breakdown, question.period, [each.one for each in pairs]),
        make(question.other, question.other_breakdown, question.other_period, [each.other for each in pairs]),
    )


def _make_row(pair: _Pair, question: _Question, near: set[str]) -> PairRow:
    one, other = pair
    return PairRow(
        code=one.area,
        name=one.area_name,
        class_label=capitalise(one.area_class.label),
        text=one.text,
        trace_address=trace_address(one.metric, one.area, one.period, one.breakdown),
        other_text=other.text,
        other_trace_address=trace_address(other.metric, other.area, other.period, other.breakdown),
        is_selected=question.area is not None and one.area == question.area.code,
        is_near=one.area in near,
    )


def _make_form(release: Release, question: _Question, counts: Counter[AreaClass], is_within: bool) -> AgainstForm:
    kinds = [
        Choice(str(each), capitalise(each.plural), each == question.area_class) for each in _CLASSES if counts[each]
    ]
    everyone = [] if is_within else [Choice("", "All councils in England", not question.area_class)]
    return AgainstForm(
        area=question.area.name if question.area else "",
        councils=name_responsible(release, list_functions(question.metric), question.period.end),
        others=_list_others(release, question),
        classes=(*everyone, *kinds),
        periods=list_periods(release, question.metric, question.breakdown, question.period),
        breakdowns=list_breakdowns(question.metric, question.breakdown),
    )


def _list_others(release: Release, question: _Question) -> tuple[MetricChoices, ...]:
    """Context first, then the metric's own topic; and what is chosen, where it is neither."""
    offered = [(title, [each for each in group if each != question.metric]) for title, group in _list_context(release)]
    named = {each.key for _, group in offered for each in group}
    own = [
        each
        for each in release.metrics(topic=question.metric.topic)
        if _is_offered(each) and each != question.metric and each.key not in named
    ]
    offered.append((f"{question.metric.topic_title}: the other metrics", own))
    if question.other.key not in named | {each.key for each in own}:
        offered.insert(0, (question.other.topic_title, [question.other]))
    return tuple(
        MetricChoices(title, tuple(Choice(each.key, each.title, each == question.other) for each in group))
        for title, group in offered
        if group
    )


@lru_cache(maxsize=2)
def _list_context(release: Release) -> tuple[tuple[str, tuple[MetricRecord, ...]], ...]:
    """The metrics that describe places, by topic: topics of nothing else first, of these the largest."""
    groups = []
    for topic in release.topics():
        metrics = [each for each in release.metrics(topic=topic.key) if _is_offered(each)]
        context = tuple(each for each in metrics if each.kind == "context")
        if context:
            groups.append((topic.title, context, len(context) < len(metrics)))
    groups.sort(key=lambda each: (each[2], -len(each[1])))
    return tuple((title, context) for title, context, _ in groups)


def find_first_other(release: Release, metric: MetricRecord) -> MetricRecord | None:
    """What a metric is set against before anything is chosen: the first that describes places and is no total."""
    if not _is_offered(metric):
        return None
    return next(
        (each for _, group in _list_context(release) for each in group if each != metric and not is_total(each)), None
    )


def _is_offered(metric: MetricRecord) -> bool:
    return metric.unit.is_amount and metric.status.is_current and metric.latest_period is not None


def _api_query(question: _Question) -> list[tuple[str, str | None]]:
    """Both metrics' figures; of periods that are not the latest, those of both."""
    is_latest = question.period.is_latest and question.other_period.is_latest
    periods = [] if is_latest else dict.fromkeys((question.period.key, question.other_period.key))
    breakdowns = dict.fromkeys((question.breakdown, question.other_breakdown))
    return [
        ("metric", question.metric.key),
        ("metric", question.other.key),
        *(("period", each) for each in periods),
        *(("breakdown", each) for each in breakdowns if list(breakdowns) != ["all"]),
    ]
