"""Every topic of an authority in one glance: how its figures stand, counted and drawn, and those shown first."""

from __future__ import annotations

from collections.abc import Sequence

from moothall.charts.glance import Speck, draw_glance
from moothall.charts.svg import Svg
from moothall.core.areas import ALONE
from moothall.core.periods import end_of
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, FigureRecord, MetricRecord, TopicRecord
from moothall.site.addresses import area_topic_address, metric_address, trace_address
from moothall.site.explorer.council_names import name_within
from moothall.site.explorer.councils import note_marker
from moothall.site.explorer.parts_areas import AreaFigure, AreaTopic
from moothall.site.explorer.standing import Standing, count_standing, judge_standing
from moothall.site.narrative.ages import tag_age
from moothall.site.narrative.comparison import Judgement, find_polarity
from moothall.site.narrative.names import capitalise

MOST_INSTEAD = 3
"""How many figures of a topic a page shows of an authority that has none of those the topic shows first."""

_COUNTED: tuple[tuple[Judgement, str], ...] = (
    ("better", "better"),
    ("similar", "similar"),
    ("worse", "worse"),
    ("far", "very far off"),
)


def is_compared(area: AreaRecord) -> bool:
    """Whether there are others of its kind that an authority is fairly compared with."""
    return area.is_principal and area.area_class not in ALONE


def glance_at(release: Release, area: AreaRecord, topic: TopicRecord, figures: Sequence[FigureRecord]) -> AreaTopic:
    """One topic of an authority, of whose figures one has a value or more."""
    held = {figure.metric: figure for figure in figures if figure.value is not None}
    # A combined authority may have none of those shown first of a council.
    shown = [key for key in topic.headlines if key in held] or list(held)[:MOST_INSTEAD]
    first, *others = (show_figure(release, area, release.metric(key), held[key]) for key in shown)
    return AreaTopic(
        title=topic.title,
        anchor=topic.key,
        address=area_topic_address(area.code, topic.key),
        chart=_draw(release, area, list(held.values())) if is_compared(area) else None,
        counted=count_in_short(count_standing(release, area, figures)) if is_compared(area) else "",
        first=first,
        others=tuple(others),
        all_figures=_say_all(len(held)),
        about=f"on {name_topic(topic)} {place_topic(area)}",
    )


def show_figure(release: Release, area: AreaRecord, metric: MetricRecord, figure: FigureRecord) -> AreaFigure:
    """One figure of an authority as a list has it."""
    return AreaFigure(
        title=capitalise(metric.short),
        metric_address=metric_address(metric.key, area=area.code),
        trace_address=trace_address(metric.key, area.code, figure.period, figure.breakdown),
        text=figure.text,
        period=figure.period_label,
        age=tag_age(end_of(figure.period), release.built, metric.old_after),
        note=note_marker(figure),
    )


def count_in_short(standing: Standing) -> str:
    """The counts in a line: "3 better, 9 similar, 1 worse, 8 others, 2 missing"."""
    said = [f"{standing.judged[judged]:,} {words}" for judged, words in _COUNTED if standing.judged[judged]]
    rest = standing.judged[""]
    if standing.is_in_words:
        said.append("judgements, not compared")
    elif standing.is_context:
        said.append("about the place")
    elif rest:
        said.append(f"{rest:,} others" if said else f"{rest:,} neither better nor worse")
    if standing.absent:
        said.append(f"{standing.absent:,} missing")
    return capitalise(", ".join(said))


def _draw(release: Release, area: AreaRecord, held: Sequence[FigureRecord]) -> Svg | None:
    """The scored figures of a topic on one axis; none where none can be placed."""
    specks = []
    for figure in held:
        metric = release.metric(figure.metric)
        judged = judge_standing(area, metric, figure) if not figure.is_added_up else ""
        if judged and figure.mads_peers is not None:
            specks.append(Speck(find_polarity(metric).sign * figure.mads_peers, judged != "similar"))
    return draw_glance(specks) if specks else None


def _say_all(number: int) -> str:
    return "The figure" if number == 1 else "Both figures" if number == 2 else f"All {number} figures"


def name_topic(topic: TopicRecord) -> str:
    """A topic's title inside a sentence: "waste and recycling"."""
    return topic.title[0].lower() + topic.title[1:]


def place_topic(area: AreaRecord) -> str:
    """Where, or for whom, figures are: "in Croydon", "for Greater Manchester"."""
    return f"{'in' if area.is_principal else 'for'} {name_within(area)}"
