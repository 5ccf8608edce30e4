"""Reading who is worth learning from, and how far such lists can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

from moothall.core.areas import AreaClass
from moothall.core.periods import parse_key
from moothall.release.index import Index, label_scope

ExemplarKind = Literal["top", "improver", "recovery", "setback"]
CHANGES: tuple[ExemplarKind, ...] = ("improver", "recovery")
PUBLIC: tuple[ExemplarKind, ...] = ("top", *CHANGES)
"""The kinds that a council may be listed for; a setback is none: it prompts a question, and only to the council."""


@dataclass(frozen=True, slots=True)
class ExemplarRecord:
    """One council that one metric shows to be worth learning from, or one to ask; see `methods` 3.4.

    `before` and `after` are the means of two years at either end, `expected` what others that began there came to; all
    three are absent of a top, whose `value` is that of the period.
    """

    kind: ExemplarKind
    metric: str
    topic: str
    breakdown: str
    period: str
    period_label: str
    area: str
    area_name: str
    area_class: AreaClass
    pool: str
    pool_label: str  # "councils in England", "district councils"
    first: str | None
    first_label: str | None
    before: float | None
    after: float | None
    expected: float | None
    value: float | None
    median: float | None  # of the pool in the period
    chance_top: float | None
    q: float | None
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class TopicExemplar:
    """One council that is among the top tenth in several metrics of a topic, and in the last quarter in none."""

    topic: str
    area: str
    area_name: str
    area_class: AreaClass
    metrics: int
    outcomes: int
    judged: int


@dataclass(frozen=True, slots=True)
class ExemplarTrust:
    """How much was looked at for the lists of exemplars of a release, and how much of them may be chance.

    Everything is of all metrics together, however few of them a page shows.
    """

    metrics: int  # in which councils were looked at
    levels: int  # councils and metrics whose value was looked at
    changes: int  # councils and metrics whose change was looked at
    tops: int
    tops_with_chance: int
    tops_expected_false: float  # of those with a chance
    flags: int  # of changes for the better
    flags_expected_false: float  # by the rule: the largest q times the flags
    shuffles: int  # how often the years of every council were shuffled
    panels: int  # metrics, each within its pool, times shuffles
    panels_flagged: int  # of these, how many gave any flag by themselves
    shuffled_flags: int  # flags of all shuffled lists
    past_flags: int
    past_kept: int
    raw_flags: int
    raw_kept: int


class Exemplars:
    """Answers who is worth learning from; read when first asked, kept for good."""

    def __init__(self, index: Index) -> None:
        """Read from the index's release."""
        self._index = index

    @cached_property
    def _all(self) -> tuple[ExemplarRecord, ...]:
        rows = self._index.database.rows(
            "SELECT exemplars.*, figures.value AS value, summaries.median AS median FROM exemplars"
            " JOIN figures USING (metric_key, breakdown, period, area_code)"
            " JOIN summaries USING (metric_key, breakdown, period) WHERE summaries.scope = exemplars.pool"
        )
        topics = {key: place for place, key in enumerate(self._index.topics)}
        metrics = {key: place for place, key in enumerate(self._index.metrics)}
        records = [self._read(row) for row in rows]

        def order(record: ExemplarRecord) -> tuple[int, str, str, int]:
            return topics[record.topic], record.area_name.casefold(), record.area, metrics[record.metric]

        return tuple(sorted(records, key=order))

    def _read(self, row: object) -> ExemplarRecord:
        found = dict(row)  # type: ignore[call-overload]
        area, metric = self._index.areas[found["area_code"]], self._index.metric(found["metric_key"])
        return ExemplarRecord(
            kind=found["kind"],
            metric=metric.key,
            topic=metric.topic,
            breakdown=found["breakdown"],
            period=found["period"],
            period_label=parse_key(found["period"]).label,
            area=area.code,
            area_name=area.name,
            area_class=area.area_class,
            pool=found["pool"],
            pool_label=label_scope(found["pool"]),
            first=found["first"],
            first_label=parse_key(found["first"]).label if found["first"] else None,
            before=found["value_before"],
            after=found["value_after"],
            expected=found["expected"],
            value=found["value"],
            median=found["median"],
            chance_top=found["chance_top"],
            q=found["q"],
            is_provisional=bool(found["is_provisional"]),
        )

    @cached_property
    def _by_area(self) -> dict[str, tuple[ExemplarRecord, ...]]:
        by_area = sorted(self._all, key=lambda each: each.area)  # stable: topics and metrics stay in order
        return {area: tuple(own) for area, own in groupby(by_area, key=lambda each: each.area)}

    def find(
        self, metric: str | None, area: str | None, topic: str | None, kinds: Iterable[ExemplarKind]
    ) -> tuple[ExemplarRecord, ...]:
        """Exemplars by topic, name of the council and metric; those of one metric, area or topic, where given."""
        wanted = frozenset(kinds)
        return tuple(
            each
            for each in (self._all if area is None else self._by_area.get(area, ()))
            if each.kind in wanted and metric in (None, each.metric) and topic in (None, each.topic)
        )

    @cached_property
    def topics(self) -> tuple[TopicExemplar, ...]:
        """Councils that are exemplars of a whole topic, by topic and name."""
        rows = self._index.database.rows("SELECT * FROM topic_exemplars")
        found = [
            TopicExemplar(
                row["topic_key"], area.code, area.name, area.area_class, row["metrics"], row["outcomes"], row["judged"]
            )
            for row in rows
            for area in (self._index.areas[row["area_code"]],)
        ]
        places = {key: place for place, key in enumerate(self._index.topics)}
        return tuple(sorted(found, key=lambda each: (places[each.topic], each.area_name.casefold(), each.area)))

    @cached_property
    def trust(self) -> ExemplarTrust:
        """How far the lists can be trusted."""
        [totals] = self._index.database.rows(
            "SELECT count(DISTINCT metric_key) AS metrics, total(levels) AS levels, total(changes) AS changes,"
            " max(shuffles) AS shuffles, total(shuffles) AS panels, total(shuffles_flagged) AS panels_flagged,"
            " total(shuffled_flags) AS shuffled_flags, total(past_flags) AS past_flags, total(past_kept) AS past_kept,"
            " total(raw_flags) AS raw_flags, total(raw_kept) AS raw_kept FROM exemplar_checks"
        )
        tops = [each for each in self._all if each.kind == "top"]
        chances = [each.chance_top for each in tops if each.chance_top is not None]
        flags = [each.q or 0.0 for each in self._all if each.kind in CHANGES]
        return ExemplarTrust(
            **{name: int(totals[name] or 0) for name in totals.keys()},  # noqa: SIM118 - a row is no mapping
            tops=len(tops),
            tops_with_chance=len(chances),
            tops_expected_false=sum(1 - chance for chance in chances),
            flags=len(flags),
            flags_expected_false=max(flags, default=0.0) * len(flags),
        )
