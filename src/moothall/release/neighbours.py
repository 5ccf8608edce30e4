"""Neighbours of a release: models, lists, lists by a reader's own weights, and why two places are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Any

from moothall.core.likeness import choose_many, explain, find_distance, find_gaps, find_shares, order_by_distance
from moothall.core.neighbour_models import DEFAULT_MODEL, Pool, WhyNone
from moothall.core.periods import parse_key
from moothall.core.statistics import median
from moothall.core.values import format_value
from moothall.release.index import Index
from moothall.release.neighbour_records import (
    ChurnRecord,
    DomainGapRecord,
    Explanation,
    LikenedRecord,
    ListedRecord,
    NeighbourInputRecord,
    NeighbourListRecord,
    NeighbourModelRecord,
    NeighbourRecord,
    NeighbourVersionRecord,
    SetNotHeldRecord,
    ValidationRecord,
)
from moothall.release.records import UnknownKey

OWN_WEIGHTS = "custom"
"""What the model of a reader's own weights is called."""
Key = tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """Where the areas of one pool stand, by inputs in the order of the version."""

    inputs: tuple[NeighbourInputRecord, ...]
    weights: tuple[float, ...]
    typical: Mapping[str, float]  # by domain
    z: Mapping[str, tuple[float, ...]]
    values: Mapping[str, tuple[tuple[float | None, bool], ...]]  # each value, and whether it is an estimate of ours


class Neighbours:
    """Answers who is like whom, and why."""

    def __init__(self, index: Index) -> None:
        """Read from the index's release, when first asked."""
        self._index = index
        self.stand = lru_cache(maxsize=64)(self._stand)
        self._lists = lru_cache(maxsize=500)(self._find)

    @cached_property
    def models(self) -> dict[str, NeighbourModelRecord]:
        """Every model by its key, in order."""
        rows = self._index.database.rows(
            "SELECT * FROM neighbour_models ORDER BY position, model_key, is_current DESC, day DESC, version DESC"
        )
        return {
            key: self._read_model(list(group)) for key, group in groupby(rows, key=lambda row: str(row["model_key"]))
        }

    @cached_property
    def validation(self) -> tuple[ValidationRecord, ...]:
        """Every result of validation, by test, tier and subject."""
        rows = self._index.database.rows("SELECT * FROM neighbour_validation ORDER BY test, tier, subject, against")
        return tuple(ValidationRecord(**dict(row)) for row in rows)

    def model(self, key: str) -> NeighbourModelRecord:
        """The model. Raises `UnknownKey`."""
        if key not in self.models:
            raise UnknownKey("model", key)
        return self.models[key]

    def version(self, model: str, key: str | None) -> NeighbourVersionRecord:
        """A version of the model, the newest when none is named. Raises `UnknownKey`."""
        found = next((each for each in self.model(model).versions if key in (None, each.key)), None)
        if found is None:
            raise UnknownKey("version", str(key))
        return found

    def find(self, code: str, model: str, version: str | None) -> NeighbourListRecord:
        """An area's list; where there are no models at all, none by the default one.

        Raises `UnknownKey` for the model or its version.
        """
        return self._lists(code, model, version)

    def _find(self, code: str, model: str, version: str | None) -> NeighbourListRecord:
        if not self.models and model == DEFAULT_MODEL and version is None:
            return NeighbourListRecord(code, model, "", why_none=WhyNone.NO_LISTS)
        chosen = self.version(model, version)
        named = (model, chosen.key, code)
        where = "WHERE model_key = ? AND version = ? AND area_code = ?"
        found = self._index.database.rows(f"SELECT * FROM neighbour_lists {where}", named)  # noqa: S608 - our own words
        if not found or found[0]["pool"] is None:
            why = WhyNone(found[0]["why_none"]) if found else self._explain_absence(code, chosen.day)
            return NeighbourListRecord(code, model, chosen.key, why_none=why, published=self._read_listed(named))
        row, pool = found[0], self._pools[model, chosen.key, found[0]["pool"]]
        rows = self._index.database.rows(f"SELECT * FROM neighbours {where} ORDER BY place", named)  # noqa: S608
        farthest = pool["farthest"]
        return NeighbourListRecord(
            area=code,
            model=model,
            version=chosen.key,
            pool=row["pool"],
            pool_label=pool["title"],
            pool_size=pool["size"],
            neighbours=tuple(
                NeighbourRecord(
                    area=each["neighbour_code"],
                    place=each["place"],
                    distance=each["distance"],
                    rebased=each["distance"] / farthest if farthest and each["distance"] is not None else None,
                    percentile=each["percentile"],
                    closeness=each["closeness"],
                    inclusion=each["inclusion"],
                )
                for each in rows
            ),
            stability=row["stability"],
            retention=row["retention"],
            is_isolated=bool(row["is_isolated"]),
            is_all_of_kind=bool(row["is_all_of_kind"]),
            published=self._read_listed(named),
        )

    def _read_listed(self, named: tuple[str, str, str]) -> ListedRecord | None:
        columns = "listed, closed, outside_england, other_kind"
        where = "WHERE model_key = ? AND version = ? AND area_code = ?"
        found = self._index.database.rows(f"SELECT {columns} FROM neighbour_listed {where}", named)  # noqa: S608
        return ListedRecord(**dict(found[0])) if found else None

    @cached_property
    def not_held(self) -> tuple[SetNotHeldRecord, ...]:
        """Every edition of a published set that is known and not here, in order."""
        rows = self._index.database.rows("SELECT * FROM neighbour_sets_not_held ORDER BY model_key, edition")
        return tuple(SetNotHeldRecord(row["model_key"], *tuple(row)[1:]) for row in rows)

    def weigh(self, code: str, weights: Mapping[str, float], k: int) -> NeighbourListRecord:
        """An area's list by a reader's own weights of the default model's inputs, those not named weighing nothing.

        Weights are not corrected for what inputs have in common. Distances are rebased on the farthest from the area
        itself; there is no percentile and no inclusion, which would take all pairs. Raises `UnknownKey` for an input
        that the model has not, `ValueError` where a weight is negative or not a number, none is above zero, or k < 1.
        """
        usual = self.find(code, DEFAULT_MODEL, None)
        inputs = {each.metric for each in self.version(DEFAULT_MODEL, None).inputs}
        for key, weight in weights.items():
            if key not in inputs:
                raise UnknownKey("input", key)
            if not 0 <= weight < float("inf"):
                raise ValueError(f"the weight of {key} is {weight}")
        whole = sum(weights.values())
        if whole <= 0 or k < 1:
            raise ValueError("something must weigh more than nothing, and a list has at least one neighbour")
        standing = self.stand(DEFAULT_MODEL, usual.version, usual.pool) if usual.pool is not None else None
        if standing is None:
            return NeighbourListRecord(code, OWN_WEIGHTS, usual.version, why_none=usual.why_none)
        own = [weights.get(each.metric, 0.0) / whole for each in standing.inputs]
        at = standing.z[code]
        distances = {other: find_distance(at, z, own) for other, z in standing.z.items() if other != code}
        farthest = max(distances.values())
        many = choose_many(k, len(standing.z))
        nearest = order_by_distance(distances)[:many]
        return NeighbourListRecord(
            area=code,
            model=OWN_WEIGHTS,
            version=usual.version,
            pool=usual.pool,
            pool_label=usual.pool_label,
            pool_size=len(standing.z),
            neighbours=tuple(
                NeighbourRecord(other, place, distance, distance / farthest if farthest else 0.0, None, None, None)
                for place, (other, distance) in enumerate(nearest, 1)
            ),
            is_all_of_kind=many >= len(standing.z) - 1,
        )

    def explain(self, code: str, neighbour: str, model: str, version: str | None) -> Explanation:
        """In what two areas of a pool are alike and differ.

        Raises `UnknownKey` for the model, or of the kind "neighbour" where the two are not in one pool of it.
        """
        found = self.find(code, model, version)
        standing = self.stand(model, found.version, found.pool) if found.pool is not None else None
        if standing is None or neighbour not in standing.z or code not in standing.z or neighbour == code:
            raise UnknownKey("neighbour", neighbour)
        domains = [each.domain for each in standing.inputs]
        gaps = find_gaps(standing.z[code], standing.z[neighbour], standing.weights, domains, standing.typical)
        shares = find_shares(standing.z[code], standing.z[neighbour], standing.weights)
        by_domain = {gap.domain: gap for gap in gaps}
        alike, far = explain(gaps)

        def record(domain: str) -> DomainGapRecord:
            its = [v for v, each in enumerate(domains) if each == domain]
            said = [
                self._liken(standing, v, standing.values[code][v], standing.values[neighbour][v], shares[v])
                for v in its
            ]
            gap = by_domain[domain]
            return DomainGapRecord(domain, standing.inputs[its[0]].domain_title, gap.share, gap.relative, tuple(said))

        return Explanation(
            area=code,
            neighbour=neighbour,
            model=model,
            similar=tuple(record(each) for each in alike),
            differs=tuple(record(each) for each in far),
        )

    def compare_inputs(self, code: str, model: str, version: str | None) -> tuple[LikenedRecord, ...]:
        """The area's value of each input beside the middle of its neighbours'; empty for a list without inputs."""
        found = self.find(code, model, version)
        standing = self.stand(model, found.version, found.pool) if found.pool is not None else None
        if standing is None or code not in standing.z:
            return ()
        said = []
        for v in range(len(standing.inputs)):
            known = [standing.values[near.area][v][0] for near in found.neighbours if near.area in standing.values]
            there = [value for value in known if value is not None]
            middle = (median(there) if there else None, False)
            said.append(self._liken(standing, v, standing.values[code][v], middle, None))
        return tuple(said)

    def _liken(
        self,
        standing: Standing,
        v: int,
        one: tuple[float | None, bool],
        other: tuple[float | None, bool],
        share: float | None,
    ) -> LikenedRecord:
        metric = self._index.metric(standing.inputs[v].metric)

        def word(value: float | None) -> str:
            return "not known" if value is None else format_value(value, metric.unit, metric.places)

        return LikenedRecord(
            input=standing.inputs[v],
            value=one[0],
            text=word(one[0]),
            other=other[0],
            other_text=word(other[0]),
            share=share,
            is_estimated=one[1] or other[1],
            weight=standing.weights[v] / sum(standing.weights),
        )

    def _explain_absence(self, code: str, day: date) -> WhyNone:
        """Why nothing is said of an area."""
        return WhyNone.OWN_KIND if self._index.is_alive(code, day) else WhyNone.CLOSED

    @cached_property
    def _pools(self) -> dict[tuple[str, str, str], Any]:
        rows = self._index.database.rows("SELECT * FROM neighbour_pools")
        return {(row["model_key"], row["version"], row["pool"]): row for row in rows}

    def _stand(self, model: str, version: str, pool: str) -> Standing | None:
        """Where the areas of a pool stand; none for a list that somebody published without saying why."""
        read, named = self._index.database.rows, (model, version, pool)
        inputs = self.version(model, version).inputs
        scales = {
            (row["metric_key"], row["breakdown"]): row["weight"]
            for row in read("SELECT * FROM neighbour_scales WHERE model_key = ? AND version = ? AND pool = ?", named)
        }
        if not scales:
            return None
        typical = {
            row["domain"]: row["typical_gap"]
            for row in read("SELECT * FROM neighbour_domains WHERE model_key = ? AND version = ? AND pool = ?", named)
        }
        at: dict[str, dict[Key, tuple[float, float | None, bool]]] = {}
        for row in read(
            "SELECT v.* FROM neighbour_values AS v JOIN neighbour_lists AS l USING (model_key, version, area_code)"
            " WHERE model_key = ? AND version = ? AND l.pool = ?",
            named,
        ):
            estimated = bool(row["is_imputed"]) or row["basis"] == "ground"
            at.setdefault(row["area_code"], {})[row["metric_key"], row["breakdown"]] = (
                *(row["z"], row["value"]),
                estimated,
            )
        keys = [(each.metric, each.breakdown) for each in inputs]
        return Standing(
            inputs=inputs,
            weights=tuple(scales[key] for key in keys),
            typical=typical,
            z={code: tuple(its[key][0] for key in keys) for code, its in sorted(at.items())},
            values={code: tuple((its[key][1], its[key][2]) for key in keys) for code, its in at.items()},
        )

    def _read_model(self, rows: list[Any]) -> NeighbourModelRecord:
        row = rows[0]
        return NeighbourModelRecord(
            key=row["model_key"],
            title=row["title"],
            description=row["description"],
            kind=row["kind"],
            method=row["method"],
            k=row["k"],
            is_default=bool(row["is_default"]),
            publisher=row["publisher"],
            licence=row["licence"],
            licence_label=row["licence_title"],
            licence_address=row["licence_address"],
            attribution=row["attribution"],
            landing_page=row["landing_page"],
            versions=tuple(self._read_version(each) for each in rows),
        )

    def _read_version(self, row: Any) -> NeighbourVersionRecord:
        read, named = self._index.database.rows, (row["model_key"], row["version"])
        where = "WHERE model_key = ? AND version = ?"
        churn = read(f"SELECT * FROM neighbour_churn {where} ORDER BY pool", named)  # noqa: S608 - our own words
        missing = read(f"SELECT title, reason FROM neighbour_missing {where} ORDER BY position", named)  # noqa: S608
        return NeighbourVersionRecord(
            key=row["version"],
            day=date.fromisoformat(row["day"]),
            note=row["note"],
            is_current=bool(row["is_current"]),
            inputs=tuple(
                NeighbourInputRecord(
                    metric=each["metric_key"],
                    breakdown=each["breakdown"],
                    title=self._index.metric(each["metric_key"]).title,
                    period=each["period"],
                    period_label=parse_key(each["period"]).label,
                    domain=each["domain"],
                    domain_title=each["domain_title"],
                    domain_weight=each["domain_weight"],
                    weight=each["weight"],
                    transform=each["transform"],
                    stands_for=each["stands_for"],
                )
                for each in read(f"SELECT * FROM neighbour_inputs {where} ORDER BY position", named)  # noqa: S608
            ),
            missing=tuple((each["title"], each["reason"]) for each in missing),
            previous=churn[0]["previous"] if churn else None,
            address=row["address"],
            sha256=row["sha256"],
            published=row["published"],
            published_basis=row["published_basis"],
            churn=tuple(
                ChurnRecord(each["pool"], Pool(each["pool"]).label, each["lists"], each["unchanged"], each["overlap"])
                for each in churn
            ),
        )
