"""Figures as a table to take away: their columns, their rows, and what is to be known of a selection."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from moothall.core.values import MARKERS
from moothall.release.downloads.table import About, Column, ColumnKind, Row, Table, as_plain
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import Comparators, FigureRecord, MetricRecord, SourceRecord

_AMOUNT, _NUMBER, _WHOLE, _DAY = ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.WHOLE, ColumnKind.DAY
FIGURE_COLUMNS = (
    Column("metric", "Metric key", "Key of the metric."),
    Column("breakdown", "Breakdown", "A value within the metric’s own dimension, such as an age; “all” unless said."),
    Column("area", "Area code", "ONS code of the authority."),
    Column("area_name", "Area", "Name of the authority."),
    Column("class", "Class", "What kind of authority it is."),
    Column(
        "comparable_within", "Compare within", "Among whom councils are alike in this: england, or their own class."
    ),
    Column(
        "lever", "Lever", "How far a council itself can move this: direct, shared with others, or contextual (not)."
    ),
    Column("shared_with", "Shared with", "Who else moves this.", ColumnKind.TEXTS),
    Column("period", "Period key", "Key of the period that the value is about."),
    Column(
        "value", "Value", "The value. Where there is none, the marker says why; it is never zero for that.", _AMOUNT
    ),
    Column("unit", "Unit", "The unit of the value, and of its interval and medians."),
    Column("marker", "Marker", "Why there is no value, or what qualifies it."),
    Column("lower", "Lower end", "Lower end of the 95% confidence interval.", _AMOUNT),
    Column("upper", "Upper end", "Upper end of the 95% confidence interval.", _AMOUNT),
    Column(
        "mads_england",
        "Distance, England",
        "From the median of England, in median absolute deviations; above 0 is higher.",
        _NUMBER,
    ),
    Column("mads_neighbours", "Distance, neighbours", "The same from the median of its neighbours.", _NUMBER),
    Column("median_england", "Median, England", "Median of the councils in England that run the service.", _AMOUNT),
    Column("median_neighbours", "Median, neighbours", "Median of its neighbours.", _AMOUNT),
    Column("rank", "Rank", "Its place among the comparators asked for. Read it with its interval.", _WHOLE),
    Column("rank_of", "Ranked", "How many have a rank.", _WHOLE),
    Column("trend", "Trend", "Where its series goes. Empty where nothing can be said."),
    Column("release", "Release", "The release that it is from."),
    Column("source", "Source key", "Key of the publisher’s series."),
    Column("edition", "Edition", "The published file that it is from."),
    Column("published", "Published", "The day of that file, or no more than the month or year where no more is known."),
    Column("known_on", "Known on", "First day on which it was certainly public.", _DAY),
    Column("metric_title", "Metric", "Name of the metric."),
    Column("period_label", "Period", "The period in words."),
    Column("text", "As shown", "The value as the pages show it, or the marker in words."),
    Column("places", "Decimals", "How many decimals the pages show; below 0, to tens or hundreds.", _WHOLE),
    Column("peers", "Comparators", "Among whom rank, band and the columns for peers are."),
    Column("band", "Band", "Quarter of the comparators: 1 is the quarter in the better direction, 4 the last.", _WHOLE),
    Column("mads_class", "Distance, class", "The same distance from the median of its class.", _NUMBER),
    Column("median_class", "Median, class", "Median of the councils of its class.", _AMOUNT),
    Column("mads_peers", "Distance, peers", "The same distance from the median of the comparators.", _NUMBER),
    Column("median_peers", "Median, peers", "Median of the comparators asked for.", _AMOUNT),
    Column("neighbours_marker", "Marker, neighbours", "Why there is no distance from its neighbours."),
    Column("change", "Change", "From the period before, in the unit of the value.", ColumnKind.DIFFERENCE),
    Column("change_from", "Change from", "Key of the period before."),
    Column(
        "is_old",
        "Old",
        "Whether newer figures should have come out by the day the release was made.",
        ColumnKind.TRUTH,
    ),
    Column("error", "Standard error", "Standard error, in the unit of the value.", ColumnKind.DIFFERENCE),
    Column("error_basis", "How the error is known", "published, wilson, byar or history."),
    Column(
        "q_neighbours",
        "Chance, neighbours",
        "Chance of so large a difference from its neighbours, held against all councils.",
        _NUMBER,
    ),
    Column("rank_low", "Rank from", "Lower end of the 95% interval of its rank.", _WHOLE),
    Column("rank_high", "Rank to", "Upper end of that interval.", _WHOLE),
    Column("marker_meaning", "What the marker means", "The marker in a sentence."),
)
"""The columns of a downloaded figure, in the order of the API."""
FIELDS: tuple[str, ...] = tuple(column.name for column in FIGURE_COLUMNS)
FIGURE_KEY = ("metric", "breakdown", "area", "period")
_READ_FIRST = (
    *("metric_title", "breakdown", "area_name", "area", "class", "period_label", "value", "unit", "marker"),
    *("marker_meaning", "lower", "upper", "peers", "median_peers", "rank", "rank_of", "rank_low", "rank_high"),
    *("comparable_within", "lever", "shared_with", "source", "edition", "published"),
)

_OTHERWISE = {"class": "area_class"}
_SURE = ("error", "error_basis", "q_neighbours", "rank_low", "rank_high")
_read_own = attrgetter(*(_OTHERWISE.get(name, name) for name in FIELDS if name not in {*_SURE, "marker_meaning"}))
_read_sure = attrgetter(*_SURE)
_UNSURE = (None,) * len(_SURE)
_TREND = FIELDS.index("trend")

NOTES = (
    "An empty cell means that there is none. It never means zero: zero is written as 0.",
    "Where there is no value, a marker says why. “Not responsible” means that another authority runs the service.",
    "“Compare within” says who is alike: where it says “class”, set a council beside its own class only.",
    "“Lever” says how far a council itself can move a figure. A “contextual” figure describes the place.",
    "A rank among close values says little. “Rank from” and “Rank to” say how far it could lie either way.",
    "Do not add these figures up into one score, or put all councils in one order by them.",
    "What differs between councils is often a legitimate local choice.",
    "A later release may hold other figures. Name the source and the release when you use one.",
)
"""How to read figures, and what is not to be done with them, in every file."""
_MOST_NAMED = 4  # metrics, areas or periods, before they are counted


def read_row(figure: FigureRecord) -> Row:
    """The cells of a figure, in the order of `FIGURE_COLUMNS`."""
    cells = list(_read_own(figure))
    if figure.trend is not None:
        cells[_TREND] = figure.trend.direction  # the one word; the rest is in the release's table of trends
    cells.extend(_UNSURE if figure.certainty is None else _read_sure(figure.certainty))
    cells.append(None if figure.marker is None else MARKERS[figure.marker].sentence)
    return cells


def as_json(figure: FigureRecord) -> dict[str, Any]:
    """The figure as JSON takes it: numbers as numbers, what is missing as null, never as zero."""
    return dict(zip(FIELDS, map(as_plain, read_row(figure)), strict=True))


def tabulate_figures(
    release: Release, selection: Selection, address: str = "", start: int = 0, many: int | None = None
) -> Table:
    """The figures selected, or from `start` on no more than `many`, with what is to be known of them.

    `address` is where the API has them. Raises `UnknownKey` for what the release does not have.
    """
    whole = release.count_figures(selection)
    height = max(whole - start, 0) if many is None else max(min(many, whole - start), 0)
    figures = release.iterate_figures(selection, start, many)
    part = (start, height) if height < whole else None
    about = describe_selection(release, selection, address, part)
    return Table("figures", FIGURE_COLUMNS, FIGURE_KEY, map(read_row, figures), height, about, _READ_FIRST)


def describe_selection(
    release: Release, selection: Selection, address: str, part: tuple[int, int] | None = None
) -> About:
    """What is to be known of the figures selected; `part` is after how many they begin, and how many they are."""
    metrics = release.selected_metrics(selection)
    asked = [
        ("Metrics", _name_metrics(release, selection, metrics)),
        ("Areas", _name([release.area(code).name for code in selection.area], "authorities") or "Every council"),
        ("Periods", _name_periods(release, selection, metrics)),
        ("Breakdowns", _name(list(selection.breakdown), "breakdowns")),
        ("Compared with", say_comparators(release, selection.peers)),
    ]
    if part is not None:
        asked.append(("Part", f"{part[1]:,} figures, after the first {part[0]:,}"))
    title = ", ".join([asked[0][1], _lower(asked[1][1]), _lower(asked[2][1])])
    return About(
        title=title,
        asked=tuple(asked),
        release=release.record.id,
        built=release.built,
        address=address,
        notes=NOTES,
        sources=find_sources(release, metrics),
        metrics=metrics,
        has_markers=True,
    )


def find_sources(release: Release, metrics: Sequence[MetricRecord]) -> tuple[SourceRecord, ...]:
    """The sources that metrics rest on, in order: their own, and those of what they are worked out from."""
    found: set[str] = set()
    pending, seen = [metric.key for metric in metrics], set[str]()
    while pending:
        key = pending.pop()
        if key not in seen:
            seen.add(key)
            metric = release.metric(key)
            found |= {metric.source} if metric.source else set()
            pending.extend(each for _, each in metric.inputs)
    return tuple(source for source in release.sources() if source.key in found)


def say_comparators(release: Release, peers: Comparators) -> str:
    """With whom figures are compared, in words."""
    if peers.kind == "neighbours":
        model = next((each.title for each in release.neighbour_models() if each.key == peers.model), peers.model)
        return f"The council’s neighbours ({model})"
    if peers.kind == "custom":
        return _name([release.area(code).name for code in peers.group], "councils chosen")
    return {"england": "Councils in England", "type": "Councils of its class", "region": "Councils in its region"}[
        peers.kind
    ]


def _name_metrics(release: Release, selection: Selection, metrics: Sequence[MetricRecord]) -> str:
    if selection.metric or not selection.topic:
        is_all = not selection.metric and not selection.topic
        return "Every metric" if is_all else _name([metric.title for metric in metrics], "metrics")
    return _name([release.topic(key).title for key in selection.topic], "topics")


def _name_periods(release: Release, selection: Selection, metrics: Sequence[MetricRecord]) -> str:
    if selection.period == "latest":
        return "The latest period" if len(metrics) == 1 else "The latest period of each metric"
    if selection.period == "all" or not selection.period:
        return "Every period"
    return _name(list(selection.period), "periods")


def _name(names: Sequence[str], many: str) -> str:
    """The names, or how many they are."""
    if len(names) > _MOST_NAMED:
        return f"{len(names):,} {many}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _lower(text: str) -> str:
    """A phrase of ours as it stands in mid-sentence."""
    return text[0].lower() + text[1:] if text.startswith(("Every ", "The latest")) else text
