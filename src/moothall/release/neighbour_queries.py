"""What a release is asked about neighbours."""

from __future__ import annotations

from collections.abc import Mapping

from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.release.index import Index
from moothall.release.neighbour_records import (
    Explanation,
    LikenedRecord,
    NeighbourListRecord,
    NeighbourModelRecord,
    SetNotHeldRecord,
    ValidationRecord,
)
from moothall.release.neighbours import Neighbours


class NeighbourQueries:
    """The part of `queries.Release` that answers who is like whom, and why."""

    _index: Index
    _neighbours: Neighbours

    def neighbour_models(self) -> list[NeighbourModelRecord]:
        """Every way to find a council's neighbours, the default one first; empty where there is none."""
        return list(self._neighbours.models.values())

    def has_neighbours(self, area: str, model: str = DEFAULT_MODEL) -> bool:
        """Whether there is a list of an area's neighbours. Raises `UnknownKey` for a model or an area that is none."""
        return bool(self._index.neighbour_codes(model, self._index.area(area).code))

    def neighbours(self, area: str, model: str = DEFAULT_MODEL, *, version: str | None = None) -> NeighbourListRecord:
        """An area's neighbours, by the newest version unless one is named. Raises `UnknownKey`."""
        return self._neighbours.find(self._index.area(area).code, model, version)

    def own_neighbours(self, area: str, weights: Mapping[str, float], k: int) -> NeighbourListRecord:
        """An area's neighbours by a reader's own weights: see `Neighbours.weigh`. Raises `UnknownKey`, `ValueError`."""
        return self._neighbours.weigh(self._index.area(area).code, weights, k)

    def explain_neighbours(
        self, area: str, neighbour: str, model: str = DEFAULT_MODEL, *, version: str | None = None
    ) -> Explanation:
        """In what an area and another of its pool are alike and differ. Raises `UnknownKey`."""
        return self._neighbours.explain(self._index.area(area).code, self._index.area(neighbour).code, model, version)

    def neighbour_inputs(
        self, area: str, model: str = DEFAULT_MODEL, *, version: str | None = None
    ) -> tuple[LikenedRecord, ...]:
        """The area's value of each input of a model beside the middle of its neighbours'. Raises `UnknownKey`."""
        return self._neighbours.compare_inputs(self._index.area(area).code, model, version)

    def neighbour_sets_not_held(self) -> tuple[SetNotHeldRecord, ...]:
        """Every edition of a published set of neighbours that is known and not here."""
        return self._neighbours.not_held

    def neighbour_validation(self) -> tuple[ValidationRecord, ...]:
        """How lists of neighbours did against measures that they were not made from."""
        return self._neighbours.validation
