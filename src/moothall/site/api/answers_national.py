"""What the API answers about how councils together are doing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any

from pydantic import Field

from moothall.core.movements import Measure
from moothall.release.export import write_csv
from moothall.release.national import MovementRecord, SpreadRecord
from moothall.release.queries import Release
from moothall.release.trend import Direction
from moothall.site.api.answers import Answer

_SPREAD = (
    *("metric", "breakdown", "period", "scope", "eligible", "with_value"),
    *("lower_tenth", "lower_quartile", "median", "upper_quartile", "upper_tenth"),
)
_MOVEMENT = tuple(field.name for field in fields(MovementRecord))


class Spread(Answer):
    """How the councils of one scope lie in one metric and period."""

    metric: str
    breakdown: str
    period: str
    scope: str = Field(description="england, a class of authority, or the code of a region.")
    eligible: int = Field(description="Councils that existed on the last day and are responsible.")
    with_value: int = Field(description="Those of them that have a value that is compared.")
    lower_tenth: float | None
    lower_quartile: float | None
    median: float | None = Field(description="null, as the rest, where too few have a value.")
    upper_quartile: float | None
    upper_tenth: float | None


class Movement(Answer):
    """Where the councils of one scope together went: those with a value in every period looked at."""

    metric: str
    breakdown: str
    period: str = Field(description="The metric’s latest.")
    scope: str = Field(description="england; or a class, where only councils of a class are alike.")
    first: str = Field(description="The first period looked at.")
    councils: int = Field(description="How many: all that follows is theirs.")
    points: int = Field(description="Periods looked at, without any that the pandemic affected.")
    median_first: float
    median_last: float
    p: float | None = Field(description="Chance of so much of an order of their medians; null of fewer than five.")
    q: float | None = Field(description="That, held against all metrics.")
    direction: Direction | None
    measure: Measure = Field(description="How the tenths are set beside one another.")
    lower_tenth_first: float
    upper_tenth_first: float
    lower_tenth_last: float
    upper_tenth_last: float
    spread_p: float | None = Field(description="Chance of as much of a change of how far they lie apart.")
    spread_q: float | None
    spread_direction: str | None = Field(description="wider, narrower or none; null where that cannot be told.")
    fifth: int | None = Field(description="Councils in the most deprived fifth of them, and in the least.")
    most_deprived_first: float | None
    least_deprived_first: float | None
    most_deprived_last: float | None
    least_deprived_last: float | None


class NationalAnswer(Answer):
    """Where councils together went, and of one metric how they lie in every period."""

    movements: list[Movement]
    spreads: list[Spread] = Field(description="Empty unless one metric is asked for.")
    release: str


def national_as_json(release: Release, topic: str | None, metric: str | None) -> dict[str, Any]:
    """The answer: of everything, of a topic or of one metric. Raises `UnknownKey`."""
    return {
        "movements": [asdict(each) for each in _choose(release, topic, metric)],
        "spreads": list(_list_spreads(release, metric)),
        "release": release.record.id,
    }


def national_as_csv(release: Release, topic: str | None, metric: str | None) -> Iterable[str]:
    """Movements as the lines of a CSV file; of one metric, how its councils lie instead. Raises `UnknownKey`."""
    if metric is None:
        rows = (list(asdict(each).values()) for each in _choose(release, topic, metric))
        return write_csv((*_MOVEMENT, "release"), ([*row, release.record.id] for row in rows))
    spreads = _list_spreads(release, metric)
    return write_csv((*_SPREAD, "release"), ([*each.values(), release.record.id] for each in spreads))


def _choose(release: Release, topic: str | None, metric: str | None) -> list[MovementRecord]:
    found = release.national.movements(metric=metric)
    if topic is None:
        return list(found)
    key = release.topic(topic).key
    return [each for each in found if release.metric(each.metric).topic == key]


def _list_spreads(release: Release, metric: str | None) -> Iterable[dict[str, Any]]:
    """Every period of each scope in which the metric's councils can be compared, then classes and regions beside."""
    if metric is None:
        return
    record = release.metric(metric)
    for spreads in release.national.over_time(metric).values():
        yield from (_show(record.key, record.breakdowns[0], each) for each in spreads)
    yield from (_show(record.key, record.breakdowns[0], each) for each in release.national.beside(metric))


def _show(metric: str, breakdown: str, spread: SpreadRecord) -> dict[str, Any]:
    summary = spread.summary
    values = (
        *(metric, breakdown, spread.period.key, summary.scope, summary.eligible, summary.with_value),
        *(spread.lower_tenth, summary.lower_quartile, summary.median, summary.upper_quartile, spread.upper_tenth),
    )
    return dict(zip(_SPREAD, values, strict=True))
