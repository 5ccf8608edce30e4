"""The national picture as tables to take away: where councils together went, and how those of one metric lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple

from moothall.release.downloads.figures import find_sources
from moothall.release.downloads.table import About, Column, ColumnKind, Row, Table
from moothall.release.national import MovementRecord, SpreadRecord
from moothall.release.queries import Release

_NUMBER, _WHOLE = ColumnKind.NUMBER, ColumnKind.WHOLE
_METRIC, _BREAKDOWN = Column("metric", "Metric key", "The metric."), Column("breakdown", "Breakdown", "Its breakdown.")
_RELEASE = Column("release", "Release", "The release that it is from.")
MOVEMENT_COLUMNS = (
    _METRIC,
    _BREAKDOWN,
    Column("period", "Period key", "The metric’s latest."),
    Column("scope", "Councils", "england; or a class, where only councils of a class are alike."),
    Column("first", "From", "The first period looked at."),
    Column("councils", "How many councils", "Those with a value in every period; all that follows is theirs.", _WHOLE),
    Column("points", "Periods", "Periods looked at, without any that the pandemic affected.", _WHOLE),
    Column("median_first", "Median then", "Their median in the first period.", _NUMBER),
    Column("median_last", "Median now", "Their median in the last period.", _NUMBER),
    Column("p", "p", "Chance of so much of an order of their medians; empty of fewer than five.", _NUMBER),
    Column("q", "q", "That, held against all metrics.", _NUMBER),
    Column("direction", "Direction", "rising, falling or none; empty where that cannot be told."),
    Column("measure", "Measure", "How the tenths are set beside one another: ratio or difference."),
    Column("lower_tenth_first", "Lowest tenth then", "A tenth lay below, in the first period.", _NUMBER),
    Column("upper_tenth_first", "Highest tenth then", "A tenth lay above, in the first period.", _NUMBER),
    Column("lower_tenth_last", "Lowest tenth now", "A tenth lies below, in the last period.", _NUMBER),
    Column("upper_tenth_last", "Highest tenth now", "A tenth lies above, in the last period.", _NUMBER),
    Column("spread_p", "p of the gap", "Chance of as much of a change of how far they lie apart.", _NUMBER),
    Column("spread_q", "q of the gap", "That, held against all metrics.", _NUMBER),
    Column("spread_direction", "Gap", "wider, narrower or none; empty where that cannot be told."),
    Column("fifth", "Fifth", "Councils in the most deprived fifth of them, and in the least.", _WHOLE),
    Column("most_deprived_first", "Most deprived then", "Median of the most deprived fifth, first period.", _NUMBER),
    Column("least_deprived_first", "Least deprived then", "Median of the least deprived fifth, first period.", _NUMBER),
    Column("most_deprived_last", "Most deprived now", "Median of the most deprived fifth, last period.", _NUMBER),
    Column("least_deprived_last", "Least deprived now", "Median of the least deprived fifth, last period.", _NUMBER),
    _RELEASE,
)
"""The columns of a downloaded movement, named as `MovementRecord` names them."""
SPREAD_COLUMNS = (
    _METRIC,
    _BREAKDOWN,
    Column("period", "Period key", "The period."),
    Column("scope", "Councils", "england, a class of authority, or the code of a region."),
    Column("eligible", "Responsible", "Councils that existed on the last day and are responsible.", _WHOLE),
    Column("with_value", "With a figure", "Those of them that have a value that is compared.", _WHOLE),
    Column("lower_tenth", "Lowest tenth", "A tenth of councils lie below.", _NUMBER),
    Column("lower_quartile", "Lower quartile", "A quarter of councils lie below.", _NUMBER),
    Column("median", "Median", "The middle value; empty, as the rest, where too few have a value.", _NUMBER),
    Column("upper_quartile", "Upper quartile", "A quarter of councils lie above.", _NUMBER),
    Column("upper_tenth", "Highest tenth", "A tenth of councils lie above.", _NUMBER),
    _RELEASE,
)
"""The columns of how councils lie, in order."""
_NOTES = (
    "All values are in the unit of the metric.",
    "An empty cell means that there is none, or that it cannot be told. It never means zero.",
    "These numbers are of councils together. They say nothing about any one council.",
)


def choose_movements(release: Release, topic: str | None, metric: str | None) -> list[MovementRecord]:
    """Where councils together went: in everything, in a topic or in one metric. Raises `UnknownKey`."""
    found = release.national.movements(metric=metric)
    if topic is None:
        return list(found)
    key = release.topic(topic).key
    return [each for each in found if release.metric(each.metric).topic == key]


def list_spreads(release: Release, metric: str) -> Iterator[Row]:
    """Every period of each scope in which a metric's councils can be compared, then classes and regions beside.

    The columns are `SPREAD_COLUMNS`. Raises `UnknownKey`.
    """
    record = release.metric(metric)
    for spreads in release.national.over_time(metric).values():
        yield from (_list(release, record.key, record.breakdowns[0], each) for each in spreads)
    yield from (_list(release, record.key, record.breakdowns[0], each) for each in release.national.beside(metric))


def tabulate_national(release: Release, topic: str | None, metric: str | None, address: str) -> Table:
    """Movements; of one metric, how its councils lie. `address` is where the API has it. Raises `UnknownKey`."""
    movements = choose_movements(release, topic, metric)
    asked = [("Topic", release.topic(topic).title)] if topic else []
    metrics = (
        [release.metric(metric)] if metric else [release.metric(key) for key in {m.metric: None for m in movements}]
    )
    about = About(
        title=f"The national picture: {metrics[0].title}" if metric else "The national picture",
        asked=(*asked, *((("Metric", metrics[0].title),) if metric else ())),
        release=release.record.id,
        built=release.built,
        address=address,
        notes=_NOTES,
        sources=find_sources(release, metrics),
    )
    if metric:
        spreads = list(list_spreads(release, metric))
        return Table("spreads", SPREAD_COLUMNS, ("metric", "period", "scope"), spreads, len(spreads), about)
    rows = [(*astuple(each), release.record.id) for each in movements]
    return Table("movements", MOVEMENT_COLUMNS, ("metric", "breakdown", "scope"), rows, len(rows), about)


def _list(release: Release, metric: str, breakdown: str, spread: SpreadRecord) -> Row:
    summary = spread.summary
    return (
        *(metric, breakdown, spread.period.key, summary.scope, summary.eligible, summary.with_value),
        *(spread.lower_tenth, summary.lower_quartile, summary.median, summary.upper_quartile, spread.upper_tenth),
        release.record.id,
    )
