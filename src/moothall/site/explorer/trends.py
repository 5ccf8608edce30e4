"""A metric over time: the lines of its chart, what they say in words, and the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from string import ascii_lowercase

from moothall.charts.axes import Span
from moothall.charts.fan import Ahead
from moothall.charts.strip import draw_shape
from moothall.charts.trend import MOST_LINES, Line, Point, Trend, draw_sample, draw_trend
from moothall.core.periods import end_of, parse_key
from moothall.core.values import Marker, format_difference, format_value
from moothall.release.projection import ProjectionRecord
from moothall.release.queries import Release
from moothall.release.records import (
    FigureRecord,
    MetricRecord,
    SummaryRecord,
)
from moothall.site.addresses import trace_address
from moothall.site.explorer.breakdowns import add_breakdown, name_metric
from moothall.site.explorer.councils import show_rank
from moothall.site.explorer.parts import HistoryCell, HistoryRow, KeyEntry, OverTime
from moothall.site.explorer.questions import MetricQuestion, list_query
from moothall.site.explorer.reorganisation import say_before_it_began
from moothall.site.explorer.series import (
    Council,
    Group,
    choose_groups,
    has_country,
    read_ahead,
    read_councils,
    read_group,
)
from moothall.site.explorer.takeaway import offer_figures
from moothall.site.narrative.names import capitalise, name_period, possessive

_SOLID = {None, Marker.REVISED}
_EMPTY = HistoryCell("", "", False)


def show_over_time(release: Release, question: MetricQuestion, scope: str) -> OverTime | None:
    """The councils chosen in every period held, beside the medians they are compared with; none without any of them.

    `scope` is that of the chosen council's comparators, empty where it has none or none is chosen.
    """
    metric = question.metric
    periods = list(reversed(release.periods(metric.key, question.breakdown)))
    spans, reasons = list_spans(metric, [period.key for period in periods])
    keys = [period.key for period in periods]
    councils = read_councils(release, question, keys)
    groups = choose_groups(release, question, keys, scope)
    country = read_group(release, question, keys, "england") if has_country(metric, groups) else None
    if not councils and not metric.unit.is_amount:
        return None
    if councils and not any(_says_anything(council) for council in councils):
        return None
    is_amount, is_alone = metric.unit.is_amount, len(spans) == 1
    projections = read_ahead(release, question, spans[-1].period)
    trend = _make_trend(question, spans, councils, groups, country, projections)
    chart = draw_trend(trend) if is_amount else None
    title = name_metric(metric.title, question.breakdown)
    return OverTime(
        sentence=_say_alone(spans[0]) if is_alone else _say(question, spans, councils, groups),
        title=f"{title}, {spans[0].period.label} to {spans[-1].period.label}",
        chart=chart,
        key=_list_names(trend) if chart else (),
        remarks=(*_list_remarks(spans, reasons, councils, groups), *_say_ahead(metric, projections)) if chart else (),
        caption=f"{title}, every period held",
        columns=_list_columns(question, councils, groups, country),
        rows=() if is_alone else _list_rows(question, spans, councils, groups, country),
        download=offer_figures("these periods", _query(question)),
    )


def _says_anything(council: Council) -> bool:
    """Whether there is more to say of a council than that it was never responsible."""
    return any(figure is not None and figure.marker is not Marker.NOT_RESPONSIBLE for figure in council.figures)


def list_spans(metric: MetricRecord, keys: Sequence[str]) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    """The periods of the chart, and what is to be known about them in sentences, the breaks by their letters."""
    breaks: dict[str, list[str]] = {}
    affected: dict[str, list[str]] = {}
    for note in metric.period_notes:
        if note.kind.is_break:  # where its own period is not held, it stands before the next that is
            after = (key for key in keys if end_of(key) >= end_of(note.period))
            breaks.setdefault(next(after, ""), []).append(note.reason)
        else:
            affected.setdefault(note.period, []).append(note.reason)
    letters: dict[str, str] = {}
    said = []
    for key in keys[1:]:  # nothing stands before the first
        if key in breaks:
            letters[key] = ascii_lowercase[len(letters)]
            label = name_period(parse_key(key).label)
            reasons = " ".join(dict.fromkeys(breaks[key]))
            said.append(f"{letters[key]}: Figures from {label} on cannot be compared with earlier ones. {reasons}")
    shaded = {reason: None for key in keys for reason in affected.get(key, ())}
    said.extend(f"Shaded as COVID-19: {reason}" for reason in shaded)
    spans = tuple(Span(parse_key(key), letters.get(key, ""), key in affected) for key in keys)
    return spans, tuple(said)


def _make_trend(
    question: MetricQuestion,
    spans: tuple[Span, ...],
    councils: Sequence[Council],
    groups: Sequence[Group],
    country: Group | None,
    projections: Sequence[ProjectionRecord],
) -> Trend:
    metric = question.metric
    start = trace_address(metric.key, "", "").rstrip("/") + "/"
    end = f"?breakdown={question.breakdown}" if question.breakdown != "all" else ""

    def follow(council: Council) -> Line:
        return Line(
            council.name,
            tuple(
                None if figure is None or figure.value is None else Point(
                    figure.value,
                    figure.text,
                    code=f"{figure.area}/{figure.period}{end}",
                    basis=_basis(figure),
                    is_hollow=figure.marker not in _SOLID,
                    interval=None if figure.lower is None or figure.upper is None else (figure.lower, figure.upper),
                )
                for figure in council.figures
            ),
        )  # fmt: skip

    def sum_up(group: Group, *, by_itself: bool = False) -> Line:
        name = capitalise(group.label) if by_itself else group.name_median()
        return Line(
            name,
            tuple(None if each is None else Point(each, _format(metric, each)) for each in group.medians),
            is_median=True,
        )

    one = groups[0] if len(groups) == 1 else None
    lines = tuple(follow(council) for council in councils)
    if not one:
        lines = (*lines, *(sum_up(group, by_itself=True) for group in groups))[:MOST_LINES]
    who = [council.name for council in councils[:1]] or [group.label for group in groups[:1] if one]
    about = ", ".join([*who, f"{spans[0].period.label} to {spans[-1].period.label}"])
    return Trend(
        key="trend",
        title=f"{name_metric(metric.title, question.breakdown)}: {about}",
        spans=spans,
        lines=lines,
        median=sum_up(one) if one else None,
        middle=tuple(_find_middle(summary) for summary in one.summaries) if one else (None,) * len(spans),
        country=sum_up(country) if country else None,
        unit=metric.unit,
        address=start,
        ahead=tuple(
            Ahead(parse_key(each.period), each.value, each.text, (each.half_50, each.half_80, each.half_95))
            for each in projections
        ),
    )


def _find_middle(summary: SummaryRecord | None) -> tuple[float, float] | None:
    if summary is None or summary.lower_quartile is None or summary.upper_quartile is None:
        return None
    return summary.lower_quartile, summary.upper_quartile


def _list_names(trend: Trend) -> tuple[KeyEntry, ...]:
    entries = [(draw_shape(place), line.name) for place, line in enumerate(trend.lines) if any(line.points)]
    if trend.median:
        entries.append((draw_sample("median"), trend.median.name))
    if trend.country:
        entries.append((draw_sample("country"), trend.country.name))
    return tuple(KeyEntry(shape=shape, name=name, address="", text="", position="") for shape, name in entries)


def _list_remarks(
    spans: Sequence[Span], reasons: Sequence[str], councils: Sequence[Council], groups: Sequence[Group]
) -> tuple[str, ...]:
    """What the marks of the chart mean, in sentences."""
    qualified = dict.fromkeys(
        figure.marker
        for council in councils
        for figure in council.figures
        if figure is not None and figure.value is not None and figure.marker is not None and figure.marker not in _SOLID
    )
    said = [f"Shaded: the middle half of {groups[0].label}."] if len(groups) == 1 else []
    if any(figure and figure.upper is not None for council in councils for figure in council.figures):
        said.append("Each thin bar shows how far chance could have moved a figure.")
    said += reasons
    said += [told for council in councils if (told := say_before_it_began(council.area, council.figures))]
    said += [
        _say_nothing(council)
        for council in councils[1:]
        if all(figure is None or figure.value is None for figure in council.figures)
    ]
    said += [f"Hollow points: {marker.meaning.label}. {marker.meaning.sentence}" for marker in qualified]
    if any(after.period.start.toordinal() - before.period.end.toordinal() > 1 for before, after in pairwise(spans)):
        said.append("Where a period is missing, nothing is drawn.")
    return tuple(said)


def _say_ahead(metric: MetricRecord, projections: Sequence[ProjectionRecord]) -> list[str]:
    """What is projected, how near such projections were, and what they are not."""
    if not projections:
        return []
    dotted = "Dotted: a projection if the recent pattern continues, not a forecast of decisions."
    said = [f"{dotted} The shades around it show how far off half, 80% and 95% of such projections were."]
    for each in projections:
        half, most = (format_difference(width, metric.unit, metric.places) for width in (each.half_50, each.half_95))
        said.append(
            f"Projected for {name_period(each.period_label)}: {each.text}. "
            f"Half of such projections came within {half}, and 95% within {most}."
        )
    return said


def _list_columns(
    question: MetricQuestion, councils: Sequence[Council], groups: Sequence[Group], country: Group | None
) -> tuple[str, ...]:
    columns = [council.name for council in councils]
    if question.metric.unit.is_amount:
        for group in groups:
            columns.append(group.name_median())
            if len(groups) == 1:
                columns.append("Their middle half")
        if country:
            columns.append(country.name_median())
    if _has_ranks(question, councils):
        columns.append(f"Position of {councils[0].name}")
    return tuple(columns)


def _has_ranks(question: MetricQuestion, councils: Sequence[Council]) -> bool:
    """Whether the chosen council, the first, has a position in any period."""
    return question.area is not None and any(figure and show_rank(figure) for figure in councils[0].figures)


def _list_rows(
    question: MetricQuestion,
    spans: Sequence[Span],
    councils: Sequence[Council],
    groups: Sequence[Group],
    country: Group | None,
) -> tuple[HistoryRow, ...]:
    metric = question.metric
    has_ranks = _has_ranks(question, councils)
    rows = []
    for place in reversed(range(len(spans))):
        cells = [_show_cell(council.figures[place]) for council in councils]
        if metric.unit.is_amount:
            for group in groups:
                summary = group.summaries[place]
                cells.append(_show_median(metric, summary))
                if len(groups) == 1:
                    middle = _find_middle(summary)
                    cells.append(HistoryCell(name_range(metric, *middle), "", False) if middle else _EMPTY)
            if country:
                cells.append(_show_median(metric, country.summaries[place]))
        if has_ranks:
            figure = councils[0].figures[place]
            cells.append(HistoryCell(show_rank(figure), "", False) if figure else _EMPTY)
        span = spans[place]
        notes = ([f"break {span.letter}"] if span.letter else []) + (["COVID-19"] if span.is_covid else [])
        rows.append(HistoryRow(span.period.label, ", ".join(notes), tuple(cells)))
    return tuple(rows)


def _basis(figure: FigureRecord) -> str:
    """The marker of a figure that is on another basis than others, empty for the rest."""
    return figure.marker if figure.marker and not figure.is_compared else ""


def _show_cell(figure: FigureRecord | None) -> HistoryCell:
    if figure is None:
        return HistoryCell("did not exist", "", True)
    address = "" if figure.value is None else trace_address(figure.metric, figure.area, figure.period, figure.breakdown)
    return HistoryCell(figure.text, address, figure.value is None)


def _show_median(metric: MetricRecord, summary: SummaryRecord | None) -> HistoryCell:
    if summary is None or summary.median is None:
        return _EMPTY
    return HistoryCell(_format(metric, summary.median), "", False)


def name_range(metric: MetricRecord, lower: float, upper: float) -> str:
    """Two values with their unit once: "4,233 to 5,553 per 100,000"."""
    return f"{_format(metric, lower).removesuffix(f' {metric.unit.words}')} to {_format(metric, upper)}"


def _format(metric: MetricRecord, value: float) -> str:
    return format_value(value, metric.unit, metric.places)


def _say(question: MetricQuestion, spans: Sequence[Span], councils: Sequence[Council], groups: Sequence[Group]) -> str:
    """The first and the last figure that can be compared with each other, and the medians beside them."""
    metric = question.metric
    if not metric.unit.is_amount:
        return "Each period stands for itself, and no line is drawn."
    one = groups[0] if len(groups) == 1 else None
    medians = [_format(metric, median) if median is not None else "" for median in one.medians] if one else []
    if not councils:
        if one is None:
            return "Each line is the median of one kind of council." if groups else Marker.TOO_FEW.meaning.sentence
        return say_span(add_breakdown(f"The median of {one.label}", question.breakdown), medians, spans)
    figures = [figure if figure is not None and figure.value is not None else None for figure in councils[0].figures]
    newest = next((figure for figure in reversed(figures) if figure), None)
    if newest is None:
        return _say_nothing(councils[0])
    texts = [figure.text if figure and _basis(figure) == _basis(newest) else "" for figure in figures]
    subject = add_breakdown(f"{possessive(councils[0].area.name)} figure", question.breakdown)
    said = say_span(subject, texts, spans)
    if one is None or _basis(newest):
        return said
    return said + say_beside(one.label, medians, texts, spans)


def _say_nothing(council: Council) -> str:
    if all(figure is None or figure.marker is Marker.NOT_RESPONSIBLE for figure in council.figures):
        return f"{council.name} was not responsible for this service in any period held."
    return f"There is no figure for {council.name} in any period held."


def _say_alone(span: Span) -> str:
    return f"Only figures for {name_period(span.period.label)} are held, so there is nothing to set beside them."


def say_span(subject: str, texts: Sequence[str], spans: Sequence[Span]) -> str:
    """What a figure was in the first and the last period that can be compared; `texts` are empty where it is none."""
    start, first, last = _find_ends(texts, spans)
    period, newest = (name_period(spans[each].period.label) for each in (first, last))
    if first == last:
        said = f"{subject} was {texts[last]} in {newest}."
        said += " No other figure can be compared with it."
    elif texts[first] == texts[last]:
        said = f"{subject} was {texts[last]} in both {period} and {newest}."
    else:
        said = f"{subject} was {texts[first]} in {period} and {texts[last]} in {newest}."
    if first != last and any(texts[:start]):
        said += f" Figures from before {name_period(spans[start].period.label)} cannot be compared with these."
    for each in dict.fromkeys((first, last)):
        if spans[each].is_covid:
            said += f" COVID-19 affected {name_period(spans[each].period.label)}."
    return said


def say_beside(label: str, medians: Sequence[str], texts: Sequence[str], spans: Sequence[Span]) -> str:
    """What the median was in the same periods, or nothing where it has none."""
    _, first, last = _find_ends(texts, spans)
    if not medians[first] or not medians[last]:
        return ""
    if first == last:
        return f" The median of {label} was {medians[last]}."
    if medians[first] == medians[last]:
        return f" The median of {label} was {medians[last]} in both."
    return f" In the same periods the median of {label} was {medians[first]} and {medians[last]}."


def _find_ends(texts: Sequence[str], spans: Sequence[Span]) -> tuple[int, int, int]:
    """Where the newest stretch without a break begins, and the first and the last period in it that has a text."""
    last = max(place for place, text in enumerate(texts) if text)
    start = max((place for place in range(last + 1) if spans[place].letter), default=0)
    return start, next(place for place in range(start, last + 1) if texts[place]), last


def _query(question: MetricQuestion) -> list[tuple[str, str | None]]:
    return [
        ("metric", question.metric.key),
        ("period", "all"),
        *(("area", area.code) for area in question.marked),
        ("breakdown", question.breakdown if question.breakdown != "all" else None),
        *list_query(question.peers),
    ]
