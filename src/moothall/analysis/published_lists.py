"""Published lists of neighbours in the frames of ours, restricted to one pool where their publisher mixes kinds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

import polars as pl

from moothall.analysis.stability import compare_lists
from moothall.core.areas import PRINCIPAL_CLASSES, AreaClass, Register
from moothall.core.frames import NEIGHBOUR_FRAMES
from moothall.core.neighbour_models import Pool, WhyNone
from moothall.core.neighbour_sets import CLOSED, OUTSIDE_ENGLAND, Listed, NeighbourSet

OTHER_KIND = "other_kind"
_POOLS = tuple(pool for pool in Pool if pool is not Pool.UPPER_TIER)


@dataclass(frozen=True)
class PublishedLists:
    """One set with its lists, and the day on which each edition of it became known."""

    published: NeighbourSet
    listed: Sequence[Listed]
    days: Mapping[str, date]


def tabulate_lists(sets: Iterable[PublishedLists], register: Register) -> dict[str, pl.DataFrame]:
    """Frames by `core.frames.NEIGHBOUR_FRAMES`: those that published lists have rows in.

    A neighbour keeps the place that its publisher gives it. There are no distances, and nothing is resampled.
    """
    schemas = {name: NEIGHBOUR_FRAMES[name] for name in _NAMES}
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in schemas}
    for each in sets:
        earlier: dict[str, frozenset[str]] = {}
        before = ""
        for edition in (edition.edition for edition in each.published.editions if edition.edition in each.days):
            found = _Edition(each, edition, register)
            found.add(rows)
            members = {code: frozenset(row.neighbour_code for row in kept) for code, kept in found.kept.items()}
            for pool in sorted(set(found.pools.values())):
                own = {code: its for code, its in members.items() if found.pools[code] == pool}
                if (compared := compare_lists(earlier, own)) is not None:
                    rows["neighbour_churn"].append((*found.named, before, pool, *compared))
            earlier, before = members, edition
    return {
        name: pl.DataFrame(rows[name], schema=schema, orient="row").sort(list(schema)[:4])
        for name, schema in schemas.items()
    }


_NAMES = ("neighbours", "neighbour_lists", "neighbour_listed", "neighbour_pools", "neighbour_churn")


class _Edition:
    """The lists of one edition, with what is left out of each."""

    def __init__(self, each: PublishedLists, edition: str, register: Register) -> None:
        self.named = each.published.key, edition
        self.places = each.published.layout.places
        self.register = register
        self.day = each.days[edition]
        self.kept: dict[str, list[Listed]] = {}
        self.left_out: dict[str, Counter[str]] = {}
        self.pools: dict[str, str] = {}
        chosen = sorted(row for row in each.listed if row.edition == edition)
        for code, group in groupby(chosen, key=lambda row: row.area_code):
            whole = list(group)
            pool = each.published.pool or _find_pool(register.areas[code].area_class)
            fates = [row.left_out or self._judge(row, each.published.pool, pool) for row in whole]
            self.left_out[code] = Counter(fates)
            kept = [row for row, fate in zip(whole, fates, strict=True) if not fate]
            if kept and pool is not None:
                self.kept[code], self.pools[code] = kept, str(pool)

    def _judge(self, row: Listed, theirs: Pool | None, pool: Pool | None) -> str:
        """Why a neighbour of today's England is not shown, or nothing: a publisher's own pool is not questioned."""
        is_kin = pool is not None and self.register.areas[row.neighbour_code].area_class in pool.classes
        return "" if theirs is not None or is_kin else OTHER_KIND

    def add(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        """Add the rows of the edition."""
        sizes: dict[str, int] = {}
        for pool in sorted(set(self.pools.values())):
            classes = self._find_classes(Pool(pool))
            sizes[pool] = len(self.register.alive(self.day, classes))
            said = (Pool(pool).label, " ".join(sorted(classes)), None, sizes[pool], self.places, None, None)
            rows["neighbour_pools"].append((*self.named, pool, *said))
        for code, kept in self.kept.items():
            is_all = len(kept) >= sizes[self.pools[code]] - 1
            state = (self.pools[code], len(kept), None, None, False, is_all, None)
            rows["neighbour_lists"].append((*self.named, code, *state))
            rows["neighbours"].extend(
                (*self.named, code, row.place, row.neighbour_code, None, None, row.closeness or None, None)
                for row in kept
            )
        for code, fates in self.left_out.items():
            why = (fates[CLOSED], fates[OUTSIDE_ENGLAND], fates[OTHER_KIND])
            rows["neighbour_listed"].append((*self.named, code, fates.total(), *why))
        listed = {self.register.areas[code].area_class for code in self.left_out}
        wanted = PRINCIPAL_CLASSES | Pool.COMBINED_AUTHORITIES.classes | {AreaClass.GLA}
        for area in self.register.alive(self.day, wanted):
            if area.code not in self.kept:
                why_none = self._explain(area.code, area.area_class, listed)
                rows["neighbour_lists"].append(
                    (*self.named, area.code, None, 0, None, None, False, False, str(why_none))
                )

    def _find_classes(self, pool: Pool) -> frozenset[AreaClass]:
        """The classes of a pool, with others that its publisher has a list for."""
        own = {self.register.areas[code].area_class for code, its in self.pools.items() if its == pool}
        return pool.classes | own

    def _explain(self, code: str, area_class: AreaClass, listed: set[AreaClass]) -> WhyNone:
        if code in self.left_out:
            return WhyNone.NONE_OF_KIND if _find_pool(area_class) else WhyNone.OWN_KIND
        return WhyNone.NOT_LISTED if area_class in listed else WhyNone.NOT_IN_MODEL


def _find_pool(area_class: AreaClass) -> Pool | None:
    return next((pool for pool in _POOLS if area_class in pool.classes), None)
