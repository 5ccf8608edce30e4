"""Certainty: how sure a figure of a metric's latest period is, as the release has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from moothall.release.database import Database, placeholders

_MOST_ASKED_BY_AREA = 60  # a council with its comparators; more than this, and the whole slice is read and kept
_SLICES_KEPT = 256


class CertaintyRecord(NamedTuple):
    """How sure one figure is, and what that allows to be said of it; the rules are in `docs/methods/uncertainty.md`.

    `p_*` is the chance of so large a difference from the median if there were none, `q_*` the same held against all
    councils of the metric and period. Ranks are in England, or in the council's class where it is compared only there.
    """

    error: float  # standard error, in the unit of the value
    error_basis: str  # published, wilson, byar or history
    degrees: int | None  # of freedom, of an error known from history
    cases: float | None  # people or cases a proportion is of, or events a rate is made of
    p_england: float | None
    p_class: float | None
    p_neighbours: float | None
    q_england: float | None
    q_class: float | None
    q_neighbours: float | None
    expected: float | None  # the value drawn towards the rest, as rankings use it
    rank_low: int | None
    rank_high: int | None
    chance_top: float | None  # of being among the best tenth
    chance_bottom: float | None
    funnel: float | None  # standard deviations from the pooled value, over-dispersion allowed for


_COLUMNS = ", ".join(CertaintyRecord._fields)
Certainties = Mapping[str, CertaintyRecord]
"""By area."""
NONE_KNOWN: Certainties = MappingProxyType({})


class CertaintyReader:
    """Reads certainties: those of a few areas as they are asked for, those of a whole slice once."""

    def __init__(self, database: Database) -> None:
        """Read from a release's database."""
        self._database = database
        self._slices = lru_cache(maxsize=_SLICES_KEPT)(self._read)

    def read(self, metric_key: str, breakdown: str, period: str, areas: Sequence[str] | None) -> Certainties:
        """The certainties of one metric, breakdown and period: of those areas, or of all; none but of the latest."""
        if areas is None or len(areas) > _MOST_ASKED_BY_AREA:
            return self._slices(metric_key, breakdown, period)
        return self._read(metric_key, breakdown, period, tuple(areas))

    def _read(self, metric_key: str, breakdown: str, period: str, areas: tuple[str, ...] = ()) -> Certainties:
        statement = (
            f"SELECT area_code, {_COLUMNS} FROM certainties WHERE metric_key = ? AND breakdown = ? AND period = ?"  # noqa: S608 - our columns
        )
        if areas:
            statement += f" AND area_code IN ({placeholders(areas)})"
        rows = self._database.tuples(statement, [metric_key, breakdown, period, *areas])
        return {row[0]: CertaintyRecord._make(row[1:]) for row in rows}
