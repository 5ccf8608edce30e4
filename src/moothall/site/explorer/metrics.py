"""The page of one metric: councils beside one another, as a chart, a sentence and a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.http import QueryDict

from moothall.charts.strip import draw_shape
from moothall.charts.svg import Svg
from moothall.core.areas import REGIONS, AreaClass
from moothall.core.statistics import LEAST_COUNCILS
from moothall.core.values import Marker, Unit
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, EditionRecord, FigureRecord, UnknownKey
from moothall.site.addresses import against_address, area_address, map_address
from moothall.site.explorer.asked import Mistake, Refused
from moothall.site.explorer.breakdowns import name_metric
from moothall.site.explorer.by_breakdown import show_by_breakdown
from moothall.site.explorer.compared import list_models, show_compared
from moothall.site.explorer.comparisons import (
    ClassComparison,
    compare_area,
    compare_scope,
    draw_row,
    has_map,
    name_sums,
    read_members,
    read_slice,
)
from moothall.site.explorer.council_names import list_peers
from moothall.site.explorer.councils import list_groups, list_sorting, show_rank
from moothall.site.explorer.funnels import has_counts, read_counted, show_funnel
from moothall.site.explorer.lives import make_metric_to_come, say_kind, say_life
from moothall.site.explorer.outcomes import link_outcomes
from moothall.site.explorer.pages import MetricPage, MetricToComePage
from moothall.site.explorer.pairs import find_first_other
from moothall.site.explorer.parts import KeyEntry, Link, MetricForm, StripRow
from moothall.site.explorer.provenance import tell_about_data
from moothall.site.explorer.questions import (
    MOST_CHOSEN,
    MOST_OTHERS,
    MetricQuestion,
    list_breakdowns,
    list_periods,
    list_query,
    read_question,
)
from moothall.site.explorer.responsible import NO_SERVICE, find_runners, list_functions, name_responsible, stood_on
from moothall.site.explorer.revised import list_revisions
from moothall.site.explorer.sentences import say_coverage, say_medians, say_spread
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.explorer.trends import show_over_time
from moothall.site.narrative.ages import say_old
from moothall.site.narrative.caveats import DIFFERENT_KINDS, say_direction
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise, count_words, join_words, name_period, name_place, name_within

_LONG_TABLE = 20  # councils: from there on a table is looked up in and not read


def make_metric(release: Release, key: str, asked: QueryDict) -> MetricPage | MetricToComePage:
    """One metric as asked for; its words alone where it is not published yet."""
    found = release.metric(key)
    if not found.status.has_figures:
        return make_metric_to_come(release, found)
    question = read_question(release, key, asked)
    metric, area, period = question.metric, question.area, question.period
    members = _read_members(release, question)
    selected, marking = tuple(each.code for each in question.marked), question.marking_address
    figure = _find_figure(release, question, area, members) if area else None
    if area is not None and figure is None:
        message = f"{capitalise(name_within(area.name))} did not exist in {name_period(period.label)}."
        raise Refused(Mistake("period", f"{message} Choose another period or council."))
    is_apart = figure is not None and figure.marker is Marker.NOT_RESPONSIBLE
    groups = [] if is_apart else _gather_groups(release, question, members, figure)
    own = _find_own(figure, groups)
    if own is not None:
        figure = next(each for each in own.figures if figure and each.area == figure.area)
    told = narrate(release, figure, question.peers, own.figures if own else ()) if figure else None
    shown = [each for group in groups for each in group.figures]
    regions = {each.area: release.area(each.area).region for each in shown}
    listed, about_bars = list_groups(question, groups, regions)
    return MetricPage(
        release_id=release.record.id,
        metric=metric,
        chosen=area,
        heading=name_metric(metric.title, question.breakdown),
        period=period.label,
        sentence=told.headline if told else _say_groups(question, groups),
        context=told.context if told else "",
        old=say_old(period.label, period.end, release.built, old_after=metric.old_after),
        newer=_link_newer(release, question),
        life=say_life(release, metric),
        note=_say_note(question, groups, is_apart=is_apart),
        wider=_link_wider(question, groups, is_apart=is_apart),
        run_by=_link_runners(release, question) if is_apart else (),
        strips=tuple(
            _show_row(question, group, draw_row(metric, group, selected, f"strip-{place}", address=marking))
            for place, group in enumerate(groups)
            if metric.unit is not Unit.DATE
            and not _is_alone(question, groups)
            and (len(groups) == 1 or group.comparison.eligible >= LEAST_COUNCILS)
        ),
        compared=show_compared(release, area, question.peers, question.readdress),
        key=_list_marked(release, question, shown, members),
        direction=say_direction(metric),
        form=_make_form(release, question),
        table_caption=_caption(question, groups),
        sorting=list_sorting(question),
        groups=listed,
        about_bars=about_bars,
        has_positions=any(show_rank(each) for each in shown),
        has_distances=any(each.mads_peers is not None for each in shown),
        has_intervals=any(each.lower is not None for each in shown),
        has_kinds=len({each.area_class for each in shown}) > 1,
        has_regions=len(set(regions.values())) > 1,
        has_filter=len(shown) > _LONG_TABLE,
        over_time=show_over_time(release, question, own.summary.scope if own else ""),
        funnel=show_funnel(question, read_counted(release, question), marking)
        if groups and has_counts(question)
        else None,
        by_breakdown=None if is_apart else show_by_breakdown(release, question),
        map_address=_address_map(release, question),
        against=_link_against(release, question),
        revisions=list_revisions(release, metric.key),
        sources=tell_about_data(release, metric, [figure] if figure and figure.value is not None else shown, period),
        runs=tuple(each.title for each in metric.functions if each.key != NO_SERVICE),
        outcomes=link_outcomes(release, metric, area),
        classes=capitalise(join_words(tuple(area_class.plural for area_class in metric.applies_to))),
        kind=say_kind(metric, _find_editions(release, shown)),
        depends_on=capitalise(join_words(metric.shared_with)) if metric.shared_with else "",
        canonical=question.address(sort=None),
        download=offer_figures("every council’s figure", _api_query(question)),
    )


def _read_members(release: Release, question: MetricQuestion) -> tuple[FigureRecord, ...]:
    """The figures of those compared and of those marked, or all of England's."""
    key, period, area, peers = question.metric.key, question.period.key, question.area, question.peers
    marked = (*question.marked, *question.others)
    if area is None or not release.list_comparators(area.code, peers):
        return _read_england(release, question)
    beside = [each.code for each in marked]
    members = read_members(release, key, period, question.breakdown, peers, area, beside)
    return name_sums(release, members, marked)


def _read_england(release: Release, question: MetricQuestion) -> tuple[FigureRecord, ...]:
    key, period = question.metric.key, question.period.key
    everyone = read_slice(release, key, period, question.breakdown, question.peers)
    return name_sums(release, everyone, (*question.marked, *question.others))


def _find_editions(release: Release, figures: Sequence[FigureRecord]) -> list[EditionRecord]:
    """The files that figures rest on, as far as each is from one."""
    used = {(figure.source, figure.edition) for figure in figures if figure.value is not None and figure.edition}
    keys = dict.fromkeys(source for source, _ in used if source)
    return [edition for key in keys for edition in release.source(key).editions if (key, edition.edition) in used]


def _address_map(release: Release, question: MetricQuestion) -> str:
    """The map of what is shown, empty where there is none."""
    if not has_map(release, question.metric):
        return ""
    return map_address(
        question.metric.key,
        period=None if question.period.is_latest else question.period.key,
        breakdown=question.breakdown,
        area=question.area.code if question.area and question.area.is_principal else None,
    )


def _link_against(release: Release, question: MetricQuestion) -> Link | None:
    """To the same figures set against what is offered first."""
    other = find_first_other(release, question.metric)
    if other is None:
        return None
    address = against_address(
        question.metric.key,
        other.key,
        area=question.area.code if question.area and question.area.is_principal else None,
        period=None if question.period.is_latest else question.period.key,
        breakdown=question.breakdown,
    )
    return Link("Set it against another metric", address)


def _gather_groups(
    release: Release, question: MetricQuestion, members: Sequence[FigureRecord], figure: FigureRecord | None
) -> list[ClassComparison]:
    """The councils compared with each other: the chosen council's peers; where it has none, every group there is."""
    if question.area is not None and figure is not None:
        marked = [each.code for each in question.marked]
        own = compare_area(release, question.metric, figure, question.area, question.peers, members, marked)
        if own is not None:
            return [own]
    by_kind = {"type": tuple(map(str, AreaClass)), "region": tuple(REGIONS)}
    scopes = by_kind.get(question.peers.kind, ("england",))
    key, period = question.metric.key, question.period.key
    everyone = _read_england(release, question) if question.peers.leaves_out_itself else members
    groups = (compare_scope(release, key, period, question.breakdown, scope, everyone) for scope in scopes)
    return [group for group in groups if group is not None]


def _find_own(figure: FigureRecord | None, groups: Sequence[ClassComparison]) -> ClassComparison | None:
    """The group that a figure is one of."""
    if figure is None:
        return None
    return next((group for group in groups if any(each.area == figure.area for each in group.figures)), None)


def _show_row(question: MetricQuestion, group: ClassComparison, chart: Svg | None) -> StripRow:
    said = group.comparison
    has_median = said.median is not None
    return StripRow(
        title=capitalise(said.group),
        sentence=_say_judged(group.figures, question)
        if question.metric.unit is Unit.JUDGEMENT
        else say_spread(group.summary, question.metric, question.period.label, question.breakdown),
        coverage=_say_coverage(group),
        chart=chart,
        why_no_chart="" if chart or not has_median else Marker.SPREAD_ZERO.meaning.sentence,
    )


def _say_coverage(group: ClassComparison) -> str:
    """How many have a figure, apart from those whose figures are not compared."""
    said = group.comparison
    verb = "has" if said.with_value == 1 else "have"
    apart = sum(
        each.value is not None and each.marker is not None and not each.marker.meaning.is_compared
        for each in group.figures
    )
    if not apart:
        return f"{say_coverage(said)} {verb} a figure"
    others = count_words(apart, "other has one", "others have one")
    return f"{say_coverage(said)} {verb} a figure that is compared, and {others} on another basis"


def _say_judged(figures: Sequence[FigureRecord], question: MetricQuestion) -> str:
    """How many councils have each judgement, in the inspectorate's order."""
    counts = Counter((each.value, each.text) for each in figures if each.value is not None)
    said = ", ".join(f"{text}: {count:,}" for (_, text), count in sorted(counts.items()))
    reason = Marker.NOT_AN_AMOUNT.meaning.sentence
    return f"As at {name_period(question.period.label)}, {said}. {reason}" if said else reason


def _link_runners(release: Release, question: MetricQuestion) -> tuple[Link, ...]:
    """The same page for each of those who have the service where the chosen council has not."""
    if question.area is None:
        return ()
    runners, _ = find_runners(release, question.area, list_functions(question.metric))
    return tuple(Link(name_place(each.name), question.address(area=each.code, peers=None)) for each in runners)


def _is_alone(question: MetricQuestion, groups: Sequence[ClassComparison]) -> bool:
    """Whether the council chosen has no other to be compared with."""
    return question.area is not None and len(groups) == 1 and groups[0].comparison.eligible < 2


def _say_groups(question: MetricQuestion, groups: Sequence[ClassComparison]) -> str:
    """The page's answer while no council is chosen."""
    if question.metric.unit is Unit.JUDGEMENT:
        return _say_judged([each for group in groups for each in group.figures], question)
    if not question.metric.unit.is_amount:
        held = sum(group.comparison.with_value for group in groups)
        asked = sum(group.comparison.eligible for group in groups)
        return f"As at {name_period(question.period.label)}, {held:,} of {asked:,} councils have a date."
    if len(groups) == 1:
        return say_spread(groups[0].summary, question.metric, question.period.label, question.breakdown)
    return say_medians([group.summary for group in groups], question.metric, question.period.label, question.breakdown)


def _link_wider(question: MetricQuestion, groups: Sequence[ClassComparison], *, is_apart: bool) -> Link | None:
    """To those who have figures, from a page that compares nobody."""
    if is_apart:
        return Link("See every council that is", question.address(area=None, peers=None))
    if _is_alone(question, groups):
        return Link("Compare it with all of England", question.address(peers="england"))
    return None


def _say_note(question: MetricQuestion, groups: Sequence[ClassComparison], *, is_apart: bool) -> str:
    if is_apart:
        return "Only councils that are responsible for the service are compared."
    if question.metric.comparable_within == "class" and any(
        len({each.area_class for each in group.figures}) > 1 for group in groups
    ):
        return DIFFERENT_KINDS
    if question.area is not None and _is_alone(question, groups):
        return f"There is no other authority like {name_within(question.area.name)}."
    return ""


def _list_marked(
    release: Release, question: MetricQuestion, shown: Sequence[FigureRecord], members: Sequence[FigureRecord]
) -> tuple[KeyEntry, ...]:
    on_chart = {each.area: each for each in shown}
    marked = []
    for place, area in enumerate(question.marked):
        figure = on_chart.get(area.code) or _find_figure(release, question, area, members)
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


def _find_figure(
    release: Release, question: MetricQuestion, area: AreaRecord, members: Sequence[FigureRecord]
) -> FigureRecord | None:
    """The area's figure in the period asked for, one of those read or another; none when it did not exist then."""
    for figure in members:
        if figure.area == area.code:
            return figure
    key, period = question.metric.key, question.period.key
    try:
        return release.figure(key, area.code, period, breakdown=question.breakdown, peers=question.peers)
    except UnknownKey:
        return None


def _make_form(release: Release, question: MetricQuestion) -> MetricForm:
    chosen = question.area
    return MetricForm(
        area=chosen.name if chosen else "",
        councils=name_responsible(release, list_functions(question.metric), question.period.end),
        can_mark=len(question.others) < (MOST_CHOSEN if question.peers.kind == "custom" else MOST_OTHERS),
        peers=list_peers(release, chosen, question.peers),
        models=list_models(release, chosen, question.peers),
        periods=list_periods(release, question.metric, question.breakdown, question.period),
        breakdowns=list_breakdowns(question.metric, question.breakdown),
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


def _caption(question: MetricQuestion, groups: Sequence[ClassComparison]) -> str:
    label = groups[0].comparison.group if len(groups) == 1 else "councils"
    return f"{name_metric(question.metric.title, question.breakdown)}, {label}, {question.period.label}"


def _api_query(question: MetricQuestion) -> list[tuple[str, str | None]]:
    return [
        ("metric", question.metric.key),
        ("period", question.period.key),
        ("breakdown", question.breakdown if question.breakdown != "all" else None),
        *list_query(question.peers),
    ]
