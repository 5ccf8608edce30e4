"""The page of two metrics set against each other: who has both, how the two go together, in a chart and a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from django.http import QueryDict

from moothall.charts.scatter import Axis, Mark, Scatter, draw_form, draw_scatter, gather_beyond
from moothall.charts.strip import draw_shape
from moothall.charts.svg import Svg
from moothall.core.areas import AreaClass
from moothall.core.statistics import median
from moothall.core.values import format_value, round_half_up
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, Comparators, FigureRecord, MetricRecord, PeriodRecord
from moothall.site.addresses import against_address, metric_address, trace_address
from moothall.site.explorer.breakdowns import name_metric
from moothall.site.explorer.comparisons import is_total
from moothall.site.explorer.councils import KIND_LABELS
from moothall.site.explorer.pages_against import AgainstForm, AgainstPage, FormKey, MetricChoices, PairRow, Side
from moothall.site.explorer.pairs import (
    KINDS,
    Pair,
    PairQuestion,
    find_pairs,
    is_offered,
    list_context,
    read_pair_question,
    settle_class,
)
from moothall.site.explorer.parts import Choice
from moothall.site.explorer.provenance import tell_about_data
from moothall.site.explorer.questions import list_breakdowns, list_periods
from moothall.site.explorer.responsible import list_functions, name_responsible
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.narrative.names import capitalise, count_words, join_words, name_period, name_place, name_within
from moothall.site.narrative.together import ABOUT_COUNCILS, CAUTION, correlate_shown, say_together

_FORMS = {each: min(place, 5) for place, each in enumerate(KINDS)}  # two councils are each alone of their kind
_MOST_NAMED = 5


def make_against(release: Release, key: str, other_key: str, asked: QueryDict) -> AgainstPage:
    """Two metrics set against each other as asked for.

    Raises `NotDrawn` where one of them is no amount, `UnknownKey` for an unknown one, `Refused` for parameters that do
    not fit, `Redirected` where a council is asked for by its name or an old code.
    """
    metric, other = release.metric(key), release.metric(other_key)
    asked_for = read_pair_question(release, metric, other, asked)
    everyone = find_pairs(release, asked_for)
    counts = Counter(pair.one.area_class for pair in everyone)
    question, is_within_class = settle_class(asked_for, counts)
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
        chosen_sentence=_say_chosen(question, everyone, pairs, values, others),
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
        download=offer_figures("both metrics", _api_query(question)),
    )


def _list_near(release: Release, area: AreaRecord | None) -> tuple[str, ...]:
    if area is None or not release.has_neighbours(area.code):
        return ()
    return release.list_comparators(area.code, Comparators("neighbours"))


def _make_mark(pair: Pair, near: set[str], forms: Mapping[AreaClass, int]) -> Mark:
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
    question: PairQuestion, marks: Sequence[Mark], sentence: str, values: Sequence[float], others: Sequence[float]
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


def _list_forms(question: PairQuestion, marks: Sequence[Mark], pairs: Sequence[Pair]) -> list[FormKey]:
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
    for kind in KINDS:
        if counts[kind]:
            label = kind.plural if _FORMS[kind] == 5 else f"{kind.plural} ({counts[kind]})"
            listed.append(FormKey(draw_form(forms[kind]), label))
    return listed


def _say_beyond(beyond: Sequence[Mark]) -> str:
    if not beyond:
        return ""
    named = [each.name for each in beyond[:_MOST_NAMED]]
    more = len(beyond) - len(named)
    return f"Hollow marks lie beyond the edge: {join_words([*named, f'{more} more'] if more else named)}."


def _say_chosen(
    question: PairQuestion,
    everyone: Sequence[Pair],
    pairs: Sequence[Pair],
    values: Sequence[float],
    others: Sequence[float],
) -> str:
    """Where the chosen council stands to the two medians, or that it is not among those shown."""
    if question.area is None:
        return ""
    place = capitalise(name_within(question.area.name))
    pair = next((each for each in pairs if each.one.area == question.area.code), None)
    if pair is None:
        is_of_another_kind = any(each.one.area == question.area.code for each in everyone)
        why = "it is of another kind" if is_of_another_kind else "it lacks one of the two figures"
        return f"{place} is not among them: {why}."
    one, other = _say_side(pair.one, median(values)), _say_side(pair.other, median(others))
    return f"{place} has {one} ({question.metric.short}). It has {other} ({question.other.short})."


def _say_side(figure: FigureRecord, middle: float) -> str:
    """A value and on which side of the median it is as shown: "36.1%, below the median of 41.0%"."""
    value, shown = (round_half_up(each, figure.places) for each in (figure.value or 0.0, middle))
    side = "above" if value > shown else "below" if value < shown else "at"
    return f"{figure.text}, {side} the median of {format_value(middle, figure.unit, figure.places)}"


def _list_notes(question: PairQuestion, pairs: Sequence[Pair], is_within_class: bool) -> list[str]:
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
        notes.append(f"The two are of different periods: the first is for {first}, and the second for {second}.")
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


def _make_sides(release: Release, question: PairQuestion, pairs: Sequence[Pair]) -> tuple[Side, Side]:
    area = question.area.code if question.area else None

    def make(metric: MetricRecord, breakdown: str, period: PeriodRecord, figures: Sequence[FigureRecord]) -> Side:
        return Side(
            metric=metric,
            heading=name_metric(metric.title, breakdown),
            short=name_metric(capitalise(metric.short), breakdown),
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


def _make_row(pair: Pair, question: PairQuestion, near: set[str]) -> PairRow:
    one, other = pair
    return PairRow(
        code=one.area,
        name=one.area_name,
        class_label=KIND_LABELS[one.area_class],
        text=one.text,
        trace_address=trace_address(one.metric, one.area, one.period, one.breakdown),
        other_text=other.text,
        other_trace_address=trace_address(other.metric, other.area, other.period, other.breakdown),
        is_selected=question.area is not None and one.area == question.area.code,
        is_near=one.area in near,
    )


def _make_form(release: Release, question: PairQuestion, counts: Counter[AreaClass], is_within: bool) -> AgainstForm:
    kinds = [Choice(str(each), capitalise(each.plural), each == question.area_class) for each in KINDS if counts[each]]
    everyone = [] if is_within else [Choice("", "All councils in England", not question.area_class)]
    return AgainstForm(
        area=question.area.name if question.area else "",
        councils=name_responsible(release, list_functions(question.metric), question.period.end),
        others=_list_others(release, question),
        classes=(*everyone, *kinds),
        periods=list_periods(release, question.metric, question.breakdown, question.period),
        breakdowns=list_breakdowns(question.metric, question.breakdown),
    )


def _list_others(release: Release, question: PairQuestion) -> tuple[MetricChoices, ...]:
    """Context first, then the metric's own topic; and what is chosen, where it is neither."""
    offered = [(title, [each for each in group if each != question.metric]) for title, group in list_context(release)]
    named = {each.key for _, group in offered for each in group}
    own = [
        each
        for each in release.metrics(topic=question.metric.topic)
        if is_offered(each) and each != question.metric and each.key not in named
    ]
    offered.append((f"{question.metric.topic_title}: the other metrics", own))
    if question.other.key not in named | {each.key for each in own}:
        offered.insert(0, (question.other.topic_title, [question.other]))
    return tuple(
        MetricChoices(title, tuple(Choice(each.key, each.title, each == question.other) for each in group))
        for title, group in offered
        if group
    )


def _api_query(question: PairQuestion) -> list[tuple[str, str | None]]:
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
