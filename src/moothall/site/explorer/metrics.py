"""The page of one metric: councils beside one another, as a chart, a sentence and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from moothall.charts.strip import MOST_SELECTED, draw_shape
from moothall.charts.svg import Svg
from moothall.core.areas import REGIONS, AreaClass
from moothall.core.statistics import LEAST_COUNCILS
from moothall.core.values import Lever, Marker, Polarity, format_value
from moothall.release.queries import Release
from moothall.release.records import PEERS, AreaRecord, FigureRecord, MetricRecord, Peers, PeriodRecord, UnknownKey
from moothall.site.addresses import api_figures_address, area_address, metric_address, trace_address
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_choice, read_many, read_one
from moothall.site.explorer.comparisons import ClassComparison, compare_area, compare_scope, draw_row, read_slice
from moothall.site.explorer.pages import MetricPage
from moothall.site.explorer.parts import Choice, HistoryRow, KeyEntry, Link, MetricForm, Sorting, StripRow, ValueRow
from moothall.site.explorer.provenance import tell_about_data
from moothall.site.explorer.responsible import stood_on
from moothall.site.explorer.sentences import (
    find_polarity,
    name_period,
    name_place,
    say_coverage,
    say_direction,
    say_distance,
    say_figure,
    say_old,
    say_position,
    say_spread,
)

SORTS = ("name", "value")
_MOST_OTHERS = MOST_SELECTED - 1
_MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class MetricQuestion:
    """What a reader asks of a metric's page, checked against the release."""

    metric: MetricRecord
    area: AreaRecord | None
    others: tuple[AreaRecord, ...]
    peers: Peers
    period: PeriodRecord
    breakdown: str
    sort: str

    def address(self, **changes: object) -> str:
        """The address of this question, or of one that differs in some ways."""
        chosen: dict[str, object] = {
            "area": self.area.code if self.area else None,
            "peers": self.peers,
            "period": None if self.period.is_latest else self.period.key,
            "breakdown": self.breakdown,
            "sort": None if self.sort == SORTS[0] else self.sort,
            "others": tuple(other.code for other in self.others),
        } | changes
        return metric_address(self.metric.key, **chosen)  # type: ignore[arg-type]

    def without(self, other: AreaRecord) -> str:
        """The address of this question with one council less marked."""
        return self.address(others=tuple(each.code for each in self.others if each != other))


def read_question(release: Release, key: str, asked: QueryDict) -> MetricQuestion:
    """Read and check a metric page's parameters.

    Raises `UnknownKey` for an unknown metric, `Refused` for parameters that do not fit, `Redirected` where a council is
    asked for by its name or an old code.
    """
    metric = release.metric(key)
    breakdown = read_choice(asked, "breakdown", metric.breakdowns, _default_breakdown(metric))
    periods = {period.key: period for period in release.periods(metric.key, breakdown)}
    if not periods:
        raise UnknownKey("figure of the metric", key)
    latest = next(
        (key for key, period in periods.items() if period.is_latest), max(periods, key=lambda k: periods[k].end)
    )
    period = periods[read_choice(asked, "period", tuple(periods), latest)]
    said = read_one(asked, "area")
    area = _find_area(release, "area", said, period) if said else None
    said_others = read_many(asked, "with", _MOST_OTHERS)
    others = tuple(_find_area(release, "with", each, period) for each in said_others)
    default: Peers = "type" if area is not None or metric.comparable_within == "class" else "england"
    question = MetricQuestion(
        metric=metric,
        area=area,
        others=tuple(other for other in dict.fromkeys(others) if other != area),
        peers=read_choice(asked, "peers", PEERS, default),
        period=period,
        breakdown=breakdown,
        sort=read_choice(asked, "sort", _sorts(metric), SORTS[0]),
    )
    if (area is not None and area.code != said) or [other.code for other in others] != list(said_others):
        raise Redirected(question.address())
    return question


def make_metric(release: Release, key: str, asked: QueryDict) -> MetricPage:
    """One metric as asked for."""
    question = read_question(release, key, asked)
    metric, area, period = question.metric, question.area, question.period
    england = read_slice(release, metric.key, period.key, question.breakdown, question.peers)
    selected = tuple(each.code for each in (area, *question.others) if each is not None)
    figure = _find_figure(release, question, area) if area else None
    if area is not None and figure is None:
        message = (
            f"{name_place(area.name)} did not exist in {name_period(period.label)}. Choose another period or council."
        )
        raise Refused(Mistake("period", message))
    groups = _gather_groups(release, question, england, figure)
    shown = [each for group in groups for each in group.figures]
    return MetricPage(
        release_id=release.record.id,
        metric=metric,
        chosen=area,
        heading=metric.title,
        period=period.label,
        sentence=_say_headline(question, figure, groups),
        old=say_old(period.label, period.end, date.fromisoformat(release.record.built)),
        newer=_link_newer(release, question),
        note=_say_note(question, groups),
        strips=tuple(
            _show_row(question, group, draw_row(metric, group, selected, f"strip-{place}"))
            for place, group in enumerate(groups)
            if len(groups) == 1 or group.comparison.eligible >= LEAST_COUNCILS
        ),
        key=_list_marked(release, question, shown),
        direction=say_direction(metric),
        form=_make_form(release, question, england),
        table_caption=_caption(question, groups),
        sorting=_list_sorting(question),
        rows=_list_rows(question, shown, set(selected)),
        has_positions=any(_show_rank(each) for each in shown),
        has_distances=any(each.mads_peers is not None for each in shown),
        has_intervals=any(each.lower is not None for each in shown),
        history=_list_history(release, question) if area else (),
        history_median=groups[0].comparison.label
        if metric.unit.is_amount and figure and groups and figure in groups[0].figures
        else "",
        sources=tell_about_data(release, metric, [figure] if figure and figure.value is not None else shown, period),
        runs=tuple(function.title for function in metric.functions),
        classes=_capital(_join(tuple(area_class.plural for area_class in metric.applies_to))),
        depends_on=_capital(_join(metric.shared_with)) if metric.shared_with else "",
        canonical=question.address(sort=None),
        csv_address=api_figures_address([*_api_query(question), ("format", "csv")]),
        json_address=api_figures_address(_api_query(question)),
    )


def _sorts(metric: MetricRecord) -> tuple[str, ...]:
    """The orders the table may have; one by judgement would be a ranking."""
    return SORTS if metric.unit.is_amount else SORTS[:1]


def _default_breakdown(metric: MetricRecord) -> str:
    return "all" if "all" in metric.breakdowns or not metric.breakdowns else metric.breakdowns[0]


def _find_area(release: Release, name: str, said: str, period: PeriodRecord) -> AreaRecord:
    """The council of a code, or of a name that is its own or leads to it alone."""
    try:
        return release.area(said)
    except UnknownKey:
        found = release.search(said)
    folded = said.casefold()
    exact = [each for each in found if folded in {each.name.casefold(), each.official_name.casefold()}]
    # A name that went from one authority to the next belongs to the one that stood then.
    for fitting in ([each for each in exact if stood_on(each, period.end)], exact, found):
        if len(fitting) == 1:
            return fitting[0]
    if not found:
        raise Refused(Mistake(name, f"There is no council called “{said}”. Type a name such as Croydon, or its code."))
    names = ", ".join(dict.fromkeys(each.name for each in found[:_MOST_NAMED]))
    raise Refused(
        Mistake(name, f"“{said}” could be one of several councils. Type the whole name, for example {names}.")
    )


def _gather_groups(
    release: Release, question: MetricQuestion, england: Sequence[FigureRecord], figure: FigureRecord | None
) -> list[ClassComparison]:
    """The councils compared with each other: the chosen council's peers; where it has none, every group there is."""
    if question.area is not None and figure is not None:
        own = compare_area(release, question.metric, figure, question.area, question.peers)
        if own is not None:
            return [own]
    scopes = {"england": ("england",), "type": tuple(map(str, AreaClass)), "region": tuple(REGIONS)}[question.peers]
    key, period = question.metric.key, question.period.key
    groups = (compare_scope(release, key, period, question.breakdown, scope, england) for scope in scopes)
    return [group for group in groups if group is not None]


def _show_row(question: MetricQuestion, group: ClassComparison, chart: Svg | None) -> StripRow:
    said = group.comparison
    has_median = said.median is not None
    return StripRow(
        title=_capital(said.label),
        sentence=say_spread(group.summary, question.metric, question.period.label),
        coverage=f"{say_coverage(said)} have a figure",
        chart=chart,
        why_no_chart="" if chart or not has_median else Marker.SPREAD_ZERO.meaning.sentence,
    )


def _say_headline(question: MetricQuestion, figure: FigureRecord | None, groups: Sequence[ClassComparison]) -> str:
    if figure is not None:
        own = next((group for group in groups if figure in group.figures), None)
        said = say_figure(figure, question.metric, own.comparison if own else None)
        position = say_position(figure, own.comparison.label, own.figures) if own else ""
        return f"{said} It is {position}." if position else said
    if len(groups) == 1:
        return say_spread(groups[0].summary, question.metric, question.period.label)
    return (
        f"For {name_period(question.period.label)}, each row below shows one group of councils around its own median."
    )


def _say_note(question: MetricQuestion, groups: Sequence[ClassComparison]) -> str:
    if question.metric.comparable_within == "class" and question.peers != "type":
        return (
            "Councils of different kinds do different things with this money or service. "
            "Compare councils of the same kind before you conclude anything."
        )
    if question.area is not None and groups and groups[0].comparison.eligible < 2:
        place = name_place(question.area.name)
        return f"There is no other authority like {place}. Compare it with all of England instead."
    return ""


def _list_marked(release: Release, question: MetricQuestion, shown: Sequence[FigureRecord]) -> tuple[KeyEntry, ...]:
    on_chart = {each.area: each for each in shown}
    marked = []
    for place, area in enumerate(each for each in (question.area, *question.others) if each is not None):
        figure = on_chart.get(area.code) or _find_figure(release, question, area)
        marked.append(
            KeyEntry(
                shape=draw_shape(place) if area.code in on_chart and figure and figure.value is not None else None,
                name=name_place(area.name),
                address=area_address(area),
                text=figure.text if figure else "did not exist then",
                position="" if area.code in on_chart else "not among the councils compared",
            )
        )
    return tuple(marked)


def _find_figure(release: Release, question: MetricQuestion, area: AreaRecord) -> FigureRecord | None:
    """The area's figure in the period asked for; none when it did not exist then."""
    key, period = question.metric.key, question.period.key
    try:
        return release.figure(key, area.code, period, breakdown=question.breakdown, peers=question.peers)
    except UnknownKey:
        return None


def _make_form(release: Release, question: MetricQuestion, england: Sequence[FigureRecord]) -> MetricForm:
    metric, chosen = question.metric, question.area
    breakdowns = metric.breakdowns if len(metric.breakdowns) > 1 else ()
    return MetricForm(
        area=chosen.name if chosen else "",
        councils=tuple(sorted({each.area_name for each in england}, key=str.casefold)),
        can_mark=len(question.others) < _MOST_OTHERS,
        peers=tuple(Choice(each, _name_peers(each, chosen), each == question.peers) for each in PEERS),
        periods=tuple(
            Choice(
                each.key, f"{each.label} (latest)" if each.is_latest else each.label, each.key == question.period.key
            )
            for each in release.periods(metric.key, question.breakdown)
        ),
        breakdowns=tuple(Choice(each, each.replace("-", " "), each == question.breakdown) for each in breakdowns),
        kept=tuple(("with", other.code) for other in question.others),
        removals=tuple(Link(name_place(other.name), question.without(other)) for other in question.others),
    )


def _link_newer(release: Release, question: MetricQuestion) -> Link | None:
    """To the newest period, when an earlier one is shown."""
    latest = next((each for each in release.periods(question.metric.key, question.breakdown) if each.is_latest), None)
    if latest is None or latest.end <= question.period.end:
        return None
    if question.area is not None and not stood_on(question.area, latest.end):
        return None
    return Link(f"See the figures for {name_period(latest.label)}", question.address(period=None))


def _name_peers(peers: Peers, area: AreaRecord | None) -> str:
    match peers:
        case "england":
            return "All councils in England"
        case "type":
            plural = area.area_class.plural if area else "each kind of council"
            return _capital(plural)
        case "region":
            return f"Councils in the region {area.region}" if area else "Each region"


def _caption(question: MetricQuestion, groups: Sequence[ClassComparison]) -> str:
    label = groups[0].comparison.label if len(groups) == 1 else "councils"
    return f"{question.metric.title}, {label}, {question.period.label}"


def _list_sorting(question: MetricQuestion) -> tuple[Sorting, ...]:
    is_descending = find_polarity(question.metric) is not Polarity.LOWER
    orders = {"name": "ascending", "value": "descending" if is_descending else "ascending"}
    return tuple(
        Sorting(
            title={"name": "Council", "value": "Value"}[each],
            address=question.address(sort=None if each == SORTS[0] else each) + "#table",
            order=orders[each] if question.sort == each else "none",
        )
        for each in _sorts(question.metric)
    )


def _list_rows(question: MetricQuestion, shown: Sequence[FigureRecord], selected: set[str]) -> tuple[ValueRow, ...]:
    sign = -1 if find_polarity(question.metric) is not Polarity.LOWER else 1
    by_name = sorted(shown, key=lambda each: each.area_name.casefold())
    if question.sort == "value":
        by_name.sort(key=lambda each: (each.value is None, sign * (each.value or 0.0)))
    metric = question.metric
    return tuple(
        ValueRow(
            code=each.area,
            name=each.area_name,
            area_address=f"/areas/{each.area}",
            class_label=_capital(each.area_class.label),
            text=each.text,
            is_absent=each.value is None,
            interval="" if each.lower is None or each.upper is None else " to ".join(
                format_value(bound, metric.unit, metric.places) for bound in (each.lower, each.upper)
            ),
            trace_address=trace_address(metric.key, each.area, each.period, each.breakdown),
            position=_show_rank(each),
            distance=say_distance(each.mads_peers),
            is_selected=each.area in selected,
        )
        for each in by_name
    )  # fmt: skip


def _show_rank(figure: FigureRecord) -> str:
    if figure.lever == Lever.CONTEXTUAL or figure.rank is None or figure.rank_of is None:
        return ""
    return f"{figure.rank} of {figure.rank_of}"


def _list_history(release: Release, question: MetricQuestion) -> tuple[HistoryRow, ...]:
    if question.area is None:
        return ()
    metric = question.metric
    figures = release.history(metric.key, question.area.code, breakdown=question.breakdown, peers=question.peers)
    return tuple(
        HistoryRow(
            period=each.period_label,
            text=each.text,
            is_absent=each.value is None,
            trace_address=trace_address(metric.key, each.area, each.period, each.breakdown),
            median="" if each.median_peers is None else format_value(each.median_peers, metric.unit, metric.places),
            position=_show_rank(each),
        )
        for each in sorted(figures, key=lambda each: each.period, reverse=True)
    )


def _api_query(question: MetricQuestion) -> list[tuple[str, str | None]]:
    return [
        ("metric", question.metric.key),
        ("period", question.period.key),
        ("breakdown", question.breakdown if question.breakdown != "all" else None),
        ("peers", question.peers),
    ]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _join(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
