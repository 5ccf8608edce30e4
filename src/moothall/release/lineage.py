"""The lineage of every figure of a metric at once: the cell it was read from, or what it was worked out from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moothall.core.values import ADDED_UP, Marker
from moothall.release.ground import Ground, find_inputs
from moothall.release.index import Index
from moothall.release.records import EditionRecord, MetricRecord

Key = tuple[str, str, str]
"""Breakdown, area and period."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """Where one figure comes from: a cell of an edition, or other figures."""

    breakdown: str
    area: str
    period: str
    value: float | None
    marker: str | None
    edition: str | None
    sheet: str | None
    cell: str | None
    stored: str | None  # what the cell holds
    made_from: str  # "late=442;all=7334": the inputs of a formula by name, or the councils that were added up


_NOWHERE = (None, None, None, None)
COLUMNS = tuple(Lineage.__dataclass_fields__)


class Lineages:
    """Lists the lineage of metrics' figures, one metric at a time."""

    def __init__(self, index: Index, ground: Ground) -> None:
        """Read from the index's release."""
        self._index = index
        self._ground = ground
        self._parts: dict[tuple[str, str], str] = {}

    def list_metric(self, metric: MetricRecord) -> Iterator[Lineage]:
        """Every figure of a metric, by breakdown, area and period."""
        self._parts.clear()
        cells = self._read_cells(metric.key)
        sums = find_inputs(metric)  # of figures added up; the others of a derived metric have the same
        inputs = {name: self._read_values(key) for name, key in sums}
        for key, value, marker in self._read_figures(metric.key):
            is_added_up = marker is not None and Marker(marker) in ADDED_UP
            made_from = ""
            if sums and (metric.inputs or is_added_up):
                made_from = ";".join(f"{name}={_write(values.get(key))}" for name, values in inputs.items())
            elif is_added_up:
                made_from = self._name_parts(metric, key)
            edition, sheet, cell, stored = cells.get(key, _NOWHERE) if not made_from else _NOWHERE
            yield Lineage(*key, value, marker, edition, sheet, cell, stored, made_from)

    def list_editions(self, metric: MetricRecord) -> list[EditionRecord]:
        """The editions that any observation of a metric was read from, by key."""
        rows = self._index.database.tuples(
            "SELECT DISTINCT edition_key FROM observations WHERE metric_key = ? ORDER BY edition_key", (metric.key,)
        )
        return [self._index.editions[key] for (key,) in rows]

    def _read_figures(self, metric: str) -> Iterator[tuple[Key, float | None, str | None]]:
        for breakdown, area, period, value, marker in self._index.database.tuples(
            "SELECT breakdown, area_code, period, value, marker FROM figures WHERE metric_key = ?"
            " ORDER BY breakdown, area_code, period",
            (metric,),
        ):
            yield (breakdown, area, period), value, marker

    def _read_values(self, metric: str) -> dict[Key, float | None]:
        return {key: value for key, value, _ in self._read_figures(metric)}

    def _read_cells(self, metric: str) -> dict[Key, tuple[str, str, str, str]]:
        """The cells of the newest edition that has the figure: the last row of each key wins."""
        return {
            (breakdown, area, period): (edition, sheet, cell, stored or "")
            for breakdown, area, period, edition, sheet, cell, stored in self._index.database.tuples(
                "SELECT breakdown, area_code, period, edition_key, sheet, cell, stored FROM observations"
                " WHERE metric_key = ? ORDER BY known_on, edition_key",
                (metric,),
            )
        }

    def _name_parts(self, metric: MetricRecord, key: Key) -> str:
        breakdown, area, period = key
        if (area, period) not in self._parts:
            day = self._index.periods(metric.key, breakdown)[period].end
            found = sorted(each.code for each in self._ground.find_parts(metric, area, day))
            self._parts[area, period] = ";".join(found)
        return self._parts[area, period]


def _write(value: float | None) -> str:
    """A number in its shortest form that reads back as it is; nothing where there is none."""
    return "" if value is None else repr(value).removesuffix(".0")
