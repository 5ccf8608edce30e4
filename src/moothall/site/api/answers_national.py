"""What the API answers about how councils together are doing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import Field

from moothall.core.movements import Measure
from moothall.release.downloads.national import SPREAD_COLUMNS, choose_movements, list_spreads
from moothall.release.queries import Release
from moothall.release.trend import Direction
from moothall.site.api.answers import Answer


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
    names = [column.name for column in SPREAD_COLUMNS if column.name != "release"]
    return {
        "movements": [asdict(each) for each in choose_movements(release, topic, metric)],
        "spreads": [dict(zip(names, row, strict=False)) for row in list_spreads(release, metric)] if metric else [],
        "release": release.record.id,
    }
