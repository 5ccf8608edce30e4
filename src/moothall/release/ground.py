"""The ground of a release's areas: which councils' figures are added up for others, and what is announced of them."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from moothall.core.grounds import Part, Tier
from moothall.release.index import Index
from moothall.release.records import AnnouncedRecord, AreaRecord, FigureRecord, MetricRecord


class Ground:
    """Answers which councils an added-up figure is made of."""

    def __init__(self, index: Index) -> None:
        """Read from the index's release, when first asked."""
        self._index = index

    @cached_property
    def _parts(self) -> dict[str, list[Part]]:
        parts: dict[str, list[Part]] = {}
        for code, tier, part, since, until in self._index.database.rows(
            "SELECT area_code, tier, part_code, since, until FROM area_parts"
        ):
            parts.setdefault(code, []).append(Part(code, Tier(tier), part, _day(since), _day(until)))
        return parts

    @cached_property
    def announced(self) -> dict[str, list[AnnouncedRecord]]:
        """By area, what is to take its place, in the order of days and names."""
        found: dict[str, list[AnnouncedRecord]] = {}
        for row in self._index.database.rows("SELECT * FROM announced_changes ORDER BY day, successor"):
            found.setdefault(row["area_code"], []).append(
                AnnouncedRecord(
                    row["successor"],
                    date.fromisoformat(row["day"]),
                    row["source"],
                    row["address"],
                    bool(row["is_checked"]),
                )
            )
        return found

    def find_parts(self, metric: MetricRecord, area: str, day: date) -> tuple[AreaRecord, ...]:
        """The councils that an area's figure of a metric is added up over on a day, by name; none where it is not.

        Of a derived metric those of all its inputs together.
        """
        found: set[str] = set()
        for tier in self._list_tiers(metric):
            found |= {p.part_code for p in self._parts.get(area, ()) if p.tier is tier and p.holds(day)}
        return tuple(each for code, each in self._index.areas.items() if code in found)

    def _list_tiers(self, metric: MetricRecord) -> set[Tier]:
        if metric.inputs:
            return {tier for _, key in metric.inputs for tier in self._list_tiers(self._index.metric(key))}
        if metric.adds_up is None:
            return set()
        if metric.adds_up.sum is not None:
            return {metric.adds_up.sum}
        return {tier for key in metric.adds_up.needs for tier in self._list_tiers(self._index.metric(key))}


def find_inputs(metric: MetricRecord) -> tuple[tuple[str, str], ...]:
    """What a figure is worked out from at the same area, as name and metric: of a formula or of a rate of two sums."""
    rule = metric.adds_up
    if rule is not None and rule.numerator is not None and rule.denominator is not None:
        return (("numerator", rule.numerator), ("denominator", rule.denominator))
    return metric.inputs


def find_formula(metric: MetricRecord, figure: FigureRecord) -> str | None:
    """The formula of a figure: its metric's, or that of the rate of two sums where it is added up."""
    rule = metric.adds_up
    if figure.is_added_up and rule is not None and rule.numerator is not None:
        return f"{rule.times:g} * numerator / denominator"
    return metric.formula


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
