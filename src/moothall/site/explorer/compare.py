"""Compare: any councils in any metrics, as a table and a strip for each metric, kept whole in the address."""

from __future__ import annotations

from dataclasses import replace

from django.http import QueryDict

from moothall.charts.strip import MOST_SELECTED, draw_shape
from moothall.core.areas import ALONE
from moothall.core.values import Marker
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import Comparators, FigureRecord
from moothall.site.addresses import area_address, report_address
from moothall.site.explorer.compare_questions import CompareQuestion, read_compare_question
from moothall.site.explorer.compared import ComparedWith, list_models, show_compared
from moothall.site.explorer.comparison_rows import make_line, make_rows, make_strip_key
from moothall.site.explorer.comparisons import is_total, label_comparators
from moothall.site.explorer.council_names import list_peers, name_within
from moothall.site.explorer.own_lists import SAY_CALLED
from moothall.site.explorer.pages_compare import CompareCell, CompareForm, CompareLine, ComparePage, CompareTable
from moothall.site.explorer.parts import Choice, Link
from moothall.site.explorer.parts_comparison import MarkedCouncil, MarkedValue
from moothall.site.explorer.questions import list_query
from moothall.site.explorer.selected import SelectedCouncils
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.narrative.caveats import DIFFERENT_KINDS
from moothall.site.narrative.comparators import has_other_kinds
from moothall.site.narrative.names import capitalise, count_words, join_words, name_place

_FEW = 3  # councils that a heading names
_WIDE = 6  # columns of values beyond which paper needs smaller letters
_FIELDS = ("First council", "Second council", "Third council")

ByMetric = dict[str, dict[str, FigureRecord]]


def make_compare(release: Release, asked: QueryDict) -> ComparePage:
    """The councils and metrics asked for side by side, or the form alone: the figures that its download has."""
    question = read_compare_question(release, asked)
    selected = question.selected
    by_metric = _read_figures(release, question, selected) if selected else {}
    rows = make_rows(release, selected, by_metric) if selected else ()
    query = _list_query(question, by_metric)
    return ComparePage(
        release_id=release.record.id,
        heading=_name(question),
        lead=_say_lead(question, by_metric),
        notes=_list_notes(release, question, selected, by_metric),
        form=_make_form(release, question),
        councils=_list_councils(question, selected),
        metrics=_list_metrics(question),
        compared=_show_compared(release, question, selected),
        compared_with=_say_compared_with(question, selected),
        table=_make_table(release, question, selected, by_metric) if selected and by_metric else None,
        rows=rows,
        picture_page=question.address(),
        strip_key=make_strip_key(selected, _label(question, selected))
        if selected and any(row.chart for row in rows)
        else (),
        report=_link_report(question, selected),
        canonical=question.address(peers=Comparators(question.usual) if question.is_own_group else None),
        download=offer_figures("these figures", query),
    )


def _read_figures(release: Release, question: CompareQuestion, selected: SelectedCouncils) -> ByMetric:
    """Each metric's figures of its latest period: those of the topic, then those named."""
    asked = Selection(area=selected.codes, peers=selected.peers)
    found: ByMetric = {}
    for selection in (
        replace(asked, topic=(question.topic.key,)) if question.topic else None,
        replace(asked, metric=tuple(each.key for each in question.metrics)) if question.metrics else None,
    ):
        for figure in release.figures(selection) if selection else ():
            found.setdefault(figure.metric, {})[figure.area] = figure
    order = [each.key for each in question.metrics]
    named = {key: found[key] for key in order if key in found}
    return {key: figures for key, figures in found.items() if key not in named} | named


def _list_query(question: CompareQuestion, by_metric: ByMetric) -> list[tuple[str, str | None]]:
    """What is shown, as the API's parameters."""
    is_topic = question.topic is not None and not question.metrics
    what = [("topic", question.topic.key)] if is_topic and question.topic else [("metric", key) for key in by_metric]
    peers = list_query(question.peers) if question.peers else []
    return [*(("area", each.code) for each in question.councils), *what, *peers]


def _name(question: CompareQuestion) -> str:
    names = [name_place(each.name) for each in question.councils]
    if not names:
        return "Compare councils"
    if len(names) > _FEW:
        names = [*names[: _FEW - 1], count_words(len(names) - _FEW + 1, "other", "others")]
    about = f": {question.topic.title.lower()}" if question.topic and not question.metrics else ""
    return f"Compare {join_words(names)}{about}"


def _say_lead(question: CompareQuestion, by_metric: ByMetric) -> str:
    if not question.councils:
        return "Set any councils side by side, in any metrics. The address of the page keeps what you choose."
    if not question.topic and not question.metrics:
        return "Now choose a topic, or type the name of a metric."
    councils = count_words(len(question.councils), "council", "councils")
    metrics = count_words(len(by_metric), "metric", "metrics")
    return f"The newest figures of {councils} in {metrics}. The address of this page keeps the choice."


def _list_notes(
    release: Release, question: CompareQuestion, selected: SelectedCouncils | None, by_metric: ByMetric
) -> tuple[str, ...]:
    """What must be known before the councils are compared."""
    if selected is None or not by_metric:
        return ()
    notes = []
    is_across = selected.area.area_class not in ALONE and has_other_kinds(release, selected.area, selected.peers)
    within = [release.metric(key) for key in by_metric if release.metric(key).comparable_within == "class"]
    if within and (selected.has_other_kinds or is_across):
        notes.append(DIFFERENT_KINDS)
    absent = [each for each in question.councils if not any(each.code in figures for figures in by_metric.values())]
    if absent:
        notes.append(f"There are no figures here for {join_words([name_within(each) for each in absent])}.")
    if len(question.councils) > MOST_SELECTED:
        notes.append(
            f"The first {count_words(MOST_SELECTED, '', 'councils')} have a shape of their own on the charts. "
            "The others are among the dots there, and their values are in the table."
        )
    return tuple(notes)


def _say_compared_with(question: CompareQuestion, selected: SelectedCouncils | None) -> str:
    if selected is None or not selected.area.is_principal:
        return ""
    label = _label(question, selected)
    said = f"Every row has the same axis: the distance from the median of {label}."
    if question.name:
        said = f"{said} {SAY_CALLED}"
    return said


def _label(question: CompareQuestion, selected: SelectedCouncils) -> str:
    """The comparators in words."""
    return label_comparators(selected.area, selected.peers, question.name)


def _link_report(question: CompareQuestion, selected: SelectedCouncils | None) -> Link | None:
    """The first council's report beside a group of one's own, to print; none beside the usual ones."""
    if selected is None or not question.is_own_group or not selected.area.is_principal:
        return None
    topic = question.topic.key if question.topic else None
    address = report_address(selected.area.code, topic=topic, peers=question.peers, name=question.name)
    return Link(f"Print a report on {name_within(selected.area)} beside this group", address)


def _show_compared(
    release: Release, question: CompareQuestion, selected: SelectedCouncils | None
) -> ComparedWith | None:
    """Who the first council is compared with by name; none where that is everybody of a kind or a place."""
    if selected is None:
        return None
    shown = show_compared(release, selected.area, selected.peers, question.readdress)
    return replace(shown, title=_label(question, selected)) if shown and question.name else shown


def _list_councils(question: CompareQuestion, selected: SelectedCouncils | None) -> tuple[MarkedCouncil, ...]:
    return tuple(
        MarkedCouncil(
            shape=draw_shape(place) if place < MOST_SELECTED else None,
            name=name_place(council.name),
            address=area_address(council),
            without=question.address(without=council),
        )
        for place, council in enumerate(selected.councils if selected else ())
    )


def _list_metrics(question: CompareQuestion) -> tuple[Link, ...]:
    """What takes the topic, or one of the metrics named, off the page."""
    topic = (
        (Link(f"All of {question.topic.title}", question.address(without=question.topic)),) if question.topic else ()
    )
    return (*topic, *(Link(each.title, question.address(without=each)) for each in question.metrics))


def _make_form(release: Release, question: CompareQuestion) -> CompareForm:
    selected = question.selected
    titles = [each.title for each in release.metrics() if each.first_period is not None and each.status.is_current]
    first = selected.area if selected else None
    group = tuple(map(release.area, selected.peers.group)) if selected else ()
    kept = [("areas", each.code) for each in question.councils] + [("metric", each.key) for each in question.metrics]
    return CompareForm(
        blanks=_FIELDS if not question.councils else ("Add a council",),
        councils=tuple(each.name for each in release.areas() if each not in question.councils),
        metrics=tuple(sorted(titles, key=str.casefold)),
        topics=tuple(Choice(each.key, each.title, each == question.topic) for each in release.topics()),
        peers=_list_peers(release, question, selected) if selected and selected.area.is_principal else (),
        models=list_models(release, first, selected.peers) if selected else (),
        kept=tuple(kept),
        chosen=tuple([("with", each.code) for each in group] + ([("name", question.name)] if question.name else [])),
        group="\n".join(each.name for each in group),
        name=question.name,
    )


def _list_peers(release: Release, question: CompareQuestion, selected: SelectedCouncils) -> tuple[Choice, ...]:
    """The comparators to choose from, said of the first council; a group of one's own once there is one."""
    own = capitalise(_label(question, selected))
    choices = list_peers(release, selected.area, selected.peers, has_custom=question.is_own_group, own=own)
    neighbours = capitalise(label_comparators(selected.area, Comparators("neighbours")))
    return tuple(replace(each, text=neighbours) if each.value == "neighbours" else each for each in choices)


def _make_table(
    release: Release, question: CompareQuestion, selected: SelectedCouncils, by_metric: ByMetric
) -> CompareTable:
    """The figures as a table: councils as its columns, or metrics where they are the fewer."""
    lines = [make_line(release, selected, release.metric(key), figures) for key, figures in by_metric.items()]
    councils = selected.councils
    label = _label(question, selected)
    has_median = selected.area.is_principal
    medians = [
        CompareCell(
            line.median or _say_no_median(release, key, by_metric[key].get(selected.area.code)),
            is_absent=not line.median,
        )
        for key, line in zip(by_metric, lines, strict=True)
    ]
    metrics = [CompareCell(line.title, line.metric_address) for line in lines]
    named = [CompareCell(name_place(each.name), area_address(each)) for each in councils]
    periods = [CompareCell(line.period, note=line.age) for line in lines]
    values = [[_show(value) for value in line.values] for line in lines]
    codes = [CompareCell(each.code) for each in councils]
    caption = (
        f"{_name(question).removeprefix('Compare ')}, newest figures. Source: Moothall, release {release.record.id}"
    )
    if len(councils) <= len(lines):
        ends = [[median] if has_median else [] for median in medians]
        body = [
            CompareLine(head, (*row, *end, period))
            for head, row, end, period in zip(metrics, values, ends, periods, strict=True)
        ]
        blank = [CompareCell("")] * (2 if has_median else 1)
        return CompareTable(
            caption,
            "Metric",
            (*named, *([CompareCell(f"Median of {label}")] if has_median else []), CompareCell("Period")),
            (*body, CompareLine(CompareCell("ONS code"), (*codes, *blank))),
            len(councils) > _WIDE,
        )
    body = [
        CompareLine(head, (*(row[place] for row in values), code))
        for place, (head, code) in enumerate(zip(named, codes, strict=True))
    ]
    if has_median:
        body.append(CompareLine(CompareCell(f"Median of {label}"), (*medians, CompareCell(""))))
    body.append(CompareLine(CompareCell("Period"), (*periods, CompareCell(""))))
    return CompareTable(caption, "Council", (*metrics, CompareCell("ONS code")), tuple(body), len(lines) > _WIDE)


def _say_no_median(release: Release, key: str, first: FigureRecord | None) -> str:
    """Why there is no median of the first council's comparators, in a cell's words."""
    metric = release.metric(key)
    if first is None or first.marker is Marker.NOT_RESPONSIBLE or is_total(metric) or not metric.unit.is_amount:
        return "not compared"
    return "too few to compare"


def _show(value: MarkedValue) -> CompareCell:
    """A value in its cell; who runs what a council does not is said beside the charts."""
    return CompareCell(
        text=value.text,
        address="" if value.is_absent else value.trace_address,
        note="" if value.is_absent else value.note,
        is_absent=value.is_absent,
    )
