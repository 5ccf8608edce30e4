"""What a release is asked about its catalogue: topics, metrics, sources and what is missing, without figures."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

from moothall.release.gaps import Gap, Measured, choose_gaps, count_measured, list_gaps
from moothall.release.index import Index
from moothall.release.navigation import FrameworkList
from moothall.release.records import (
    ALL,
    FunctionRecord,
    MetricRecord,
    OutcomeRecord,
    PeriodRecord,
    SourceRecord,
    TopicRecord,
    UnknownKey,
    UnreadSource,
)


class CatalogueQueries:
    """The part of `queries.Release` that answers what is measured, by whom, for which periods, and what is not."""

    _index: Index

    def topics(self) -> list[TopicRecord]:
        """Every topic, in order."""
        return list(self._index.topics.values())

    def topic(self, key: str) -> TopicRecord:
        """The topic. Raises `UnknownKey`."""
        return self._index.topic(key)

    def outcomes(self) -> list[OutcomeRecord]:
        """Every outcome of the government's framework, in its order; none where the release has no framework."""
        return list(self._index.framework.outcomes.values())

    def framework_lists(self) -> tuple[FrameworkList, ...]:
        """Where the names of outcomes and of their metrics were read, in order."""
        return self._index.framework.lists

    def outcome(self, number: str) -> OutcomeRecord:
        """The outcome with this number. Raises `UnknownKey`."""
        found = {str(each.number): each for each in self.outcomes()}.get(number)
        if found is None:
            raise UnknownKey("outcome", number)
        return found

    def metrics(self, *, topic: str | None = None) -> list[MetricRecord]:
        """Every metric, or those of one topic, in order. Raises `UnknownKey` for the topic."""
        if topic is not None:
            self.topic(topic)
        return [metric for metric in self._index.metrics.values() if topic is None or metric.topic == topic]

    def metric(self, key: str) -> MetricRecord:
        """The metric. Raises `UnknownKey`."""
        return self._index.metric(key)

    def periods(self, metric: str, breakdown: str = ALL) -> list[PeriodRecord]:
        """The periods that the metric has figures for, newest first. Raises `UnknownKey`."""
        return list(reversed(self._index.periods(metric, breakdown).values()))

    def functions(self) -> list[FunctionRecord]:
        """Every function, in order."""
        return list(self._index.functions.values())

    def sources(self) -> list[SourceRecord]:
        """Every source, in order."""
        return list(self._index.sources.values())

    def source(self, key: str) -> SourceRecord:
        """The source. Raises `UnknownKey`."""
        return self._index.source(key)

    def unread_sources(self) -> tuple[UnreadSource, ...]:
        """Every source that is known and of which nothing is read, in order."""
        return self._index.unread_sources

    def gaps(self, *, topics: Collection[str] = (), functions: Collection[str] = ()) -> tuple[Gap, ...]:
        """What is missing and why: all of it, or what is of any of these topics and functions. Raises `UnknownKey`."""
        for topic in topics:
            self.topic(topic)
        for function in functions:
            if function not in self._index.functions:
                raise UnknownKey("function", function)
        return choose_gaps(self._gaps, topics, functions)

    @cached_property
    def _gaps(self) -> tuple[Gap, ...]:
        return list_gaps(self._index)

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """How many metrics there are of each function that is somebody's duty, by what they measure."""
        return count_measured(self._index)
