"""What a release is asked about areas: the authorities themselves, what became of them, and their shapes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from moothall.core.areas import AreaClass
from moothall.core.frames import OUTLINE_LAYOUT
from moothall.core.functions import Extent
from moothall.release.ground import Ground
from moothall.release.index import Index
from moothall.release.records import (
    AnnouncedRecord,
    AreaRecord,
    BoundaryFileRecord,
    RegisterFileRecord,
    ShapeRecord,
    SuccessionRecord,
)


class AreaQueries:
    """The part of `queries.Release` that answers which authorities there are and were, and what each runs."""

    _index: Index
    _ground: Ground

    def areas(
        self, *, area_class: AreaClass | None = None, include_closed: bool = False, principal_only: bool = False
    ) -> list[AreaRecord]:
        """Areas by name: those that existed when the release was built, or all that ever did."""
        return [
            area
            for area in self._index.areas.values()
            if (area_class is None or area.area_class is area_class)
            and (include_closed or self._index.is_alive(area.code, self._index.built))
            and (area.is_principal or not principal_only)
        ]

    def area(self, code: str) -> AreaRecord:
        """The area with this code, or for which this code used to stand. Raises `UnknownKey`."""
        return self._index.area(code)

    def successors(self, code: str) -> list[SuccessionRecord]:
        """What directly took the area's place, by day. Raises `UnknownKey`."""
        return self._index.successions(predecessor=self.area(code).code)

    def predecessors(self, code: str) -> list[SuccessionRecord]:
        """Whose place the area directly took, by day; a recoded predecessor is the area itself and not listed."""
        return self._index.successions(successor=self.area(code).code)

    def announced(self, code: str) -> list[AnnouncedRecord]:
        """What is to take the area's place, as sources say. Raises `UnknownKey`."""
        return self._ground.announced.get(self.area(code).code, [])

    def responsible(self, functions: Collection[str], day: date, extent: Extent | None = None) -> frozenset[str]:
        """The codes of the authorities that had any of these functions on a day, or had them to one extent."""
        return self._index.responsible(tuple(functions), day, extent)

    def register_files(self) -> tuple[RegisterFileRecord, ...]:
        """The files that the register of authorities was read from."""
        return self._index.register_files

    def boundary_files(self) -> tuple[BoundaryFileRecord, ...]:
        """The files that maps were drawn from."""
        return self._index.boundary_files

    def shapes(self, layout: str = OUTLINE_LAYOUT) -> Mapping[str, ShapeRecord]:
        """Every area's shape in a layout, by its code; empty for a layout that the release does not have."""
        return self._index.shapes.get(layout, {})

    def find_hexagons(self, codes: Collection[str]) -> str | None:
        """The newest layout of hexagons that has all of these areas; none where no layout has them all."""
        layouts = sorted(self._index.shapes.keys() - {OUTLINE_LAYOUT}, reverse=True)
        return next((layout for layout in layouts if self.shapes(layout).keys() >= set(codes)), None)
