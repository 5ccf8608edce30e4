"""Neighbours: who is most like whom in a pool, by the inputs of a version of a model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from moothall.analysis.stability import Resampled, compare_lists, resample
from moothall.core.areas import PRINCIPAL_CLASSES, Area, AreaClass, Register
from moothall.core.frames import NEIGHBOUR_FRAMES
from moothall.core.likeness import (
    BENT,
    MISSING_LIMIT,
    SKEW_LIMIT,
    Scale,
    balance,
    bend,
    choose_many,
    find_centre,
    find_skew,
    find_typical,
    name_closeness,
    standardise,
    transform,
)
from moothall.core.neighbour_models import NeighbourModel, Pool, Transform, Version, WhyNone

Floats = npt.NDArray[np.float64]
Key = tuple[str, str]
"""A metric and a breakdown."""
Values = Mapping[Key, Mapping[str, tuple[float, str]]]
"""By input, each area's value in the metric's unit, and its basis."""
_RESAMPLED = 500


@dataclass(frozen=True)
class Space:
    """A pool under one version of a model: one row of `z` an area in order of codes, one column an input.

    The distance of two areas is the root of the weighted sum of squared differences in `z`.
    """

    pool: Pool
    codes: tuple[str, ...]
    inputs: tuple[Key, ...]
    domains: tuple[str, ...]  # of each input
    weights: tuple[float, ...]
    scales: tuple[Scale, ...]
    z: Floats
    is_imputed: npt.NDArray[np.bool_]
    left_out: tuple[str, ...]  # areas of which too much is missing
    k: int

    @cached_property
    def distances(self) -> Floats:
        """The distance of every two areas; each is added up in the order of inputs, as `core.likeness` does."""
        return measure(self.z, self.weights)

    @cached_property
    def order(self) -> npt.NDArray[np.intp]:
        """By area the others, nearest first and equal ones by code, as far as its list goes."""
        return choose_nearest(self.distances, self.k)

    @cached_property
    def pairs(self) -> Floats:
        """The distances of all pairs, smallest first."""
        return np.sort(self.distances[np.triu_indices(len(self.codes), 1)])

    @property
    def seed(self) -> int:
        """A number that only these inputs and weights have, to begin chance with."""
        digest = hashlib.sha256(json.dumps([self.pool, self.codes, self.inputs, self.weights]).encode())
        digest.update(np.ascontiguousarray(self.z).astype("<f8").tobytes())
        return int(digest.hexdigest()[:16], 16)

    def without(self, dropped: Collection[int]) -> Space:
        """The space without some inputs, the weights of the rest of each domain made up to the domain's."""
        kept = [v for v in range(len(self.inputs)) if v not in dropped]
        whole = {
            d: sum(w for w, each in zip(self.weights, self.domains, strict=True) if each == d) for d in self.domains
        }
        left = {d: sum(self.weights[v] for v in kept if self.domains[v] == d) for d in self.domains}
        weights = [self.weights[v] * whole[self.domains[v]] / left[self.domains[v]] for v in kept]
        total = sum(weights)
        return replace(
            self,
            inputs=tuple(self.inputs[v] for v in kept),
            domains=tuple(self.domains[v] for v in kept),
            weights=tuple(weight / total for weight in weights),
            scales=tuple(self.scales[v] for v in kept),
            z=self.z[:, kept],
            is_imputed=self.is_imputed[:, kept],
        )


def measure(z: Floats, weights: Sequence[float]) -> Floats:
    """The weighted Euclidean distance of every two rows of `z`."""
    total = np.zeros((len(z), len(z)))
    for column, weight in zip(z.T, weights, strict=True):
        gap = column[:, None] - column[None, :]
        total = total + weight * (gap * gap)
    found: Floats = np.sqrt(total)
    return found


def choose_nearest(distances: Floats, k: int) -> npt.NDArray[np.intp]:
    """By row the `k` columns with the smallest distances but for itself; equal ones in the order of columns."""
    apart = distances.copy()
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, :k]


def lay_out(
    model: NeighbourModel, version: Version, pool: Pool, values: Values, alive: Mapping[AreaClass, Sequence[str]]
) -> Space:
    """Where the areas of a pool stand; `alive` has the codes of each class on the version's day."""
    tier = sorted(code for each in pool.scaled_among for code in alive.get(each, ()))
    codes = sorted(code for each in pool.classes for code in alive.get(each, ()))
    inputs = version.inputs
    domains = tuple(domain.key for domain in version.domains for _ in domain.inputs)
    if model.method == "nhs_england":
        from moothall.analysis.nhs_method import scale_by_shape  # needs SciPy, which takes long to load

        raw = [{code: known[0] for code, known in values[each.metric, each.breakdown].items()} for each in inputs]
        columns, scales = scale_by_shape(raw, tier)
        weights = [each.weight * each.weight for each in inputs]
    else:
        made = [
            _scale(each.transform or Transform.IDENTITY, values[each.metric, each.breakdown], tier) for each in inputs
        ]
        columns, scales = [column for column, _ in made], [scale for _, scale in made]
        own = [[column.get(code, 0.0) for code in tier] for column in columns]  # what is missing, as the mean
        by_domain = {domain.key: domain.weight for domain in version.domains}
        weights = balance(domains, by_domain, [each.weight for each in inputs], own)
    whole = sum(weights)
    missing = {code: sum(w for w, c in zip(weights, columns, strict=True) if code not in c) for code in codes}
    kept = [code for code in codes if missing[code] <= MISSING_LIMIT * whole]
    z = np.array([[column.get(code, np.nan) for column in columns] for code in kept]).reshape(len(kept), len(columns))
    is_imputed = np.isnan(z)
    for v in range(z.shape[1]):
        there = z[~is_imputed[:, v], v]
        z[is_imputed[:, v], v] = find_typical(there.tolist()) if len(there) else 0.0
    return Space(
        pool=pool,
        codes=tuple(kept),
        inputs=tuple((each.metric, each.breakdown) for each in inputs),
        domains=domains,
        weights=tuple(weights),
        scales=tuple(scales),
        z=z,
        is_imputed=is_imputed,
        left_out=tuple(code for code in codes if code not in kept),
        k=choose_many(model.k, len(kept)),
    )


def _scale(
    by: Transform, known: Mapping[str, tuple[float, str]], tier: Sequence[str]
) -> tuple[dict[str, float], Scale]:
    """Each area's z, and how it came to be; centre and spread are those of the whole tier.

    Where the transform leaves the tier's values too lopsided, they are standardised, bent by Yeo and Johnson's with a
    power kept to four places, and standardised again (`methods` 1.2). Raw values would not do: those of a large
    number to a power far below zero are all alike to a computer.
    """
    name, power = str(by), None
    moved = {code: each for code, (value, _) in known.items() if (each := transform(value, by)) is not None}
    centre, spread, skew = _describe_tier(moved, tier)
    if skew is not None and abs(skew) >= SKEW_LIMIT:
        z = {code: (value - centre) / spread for code, value in moved.items()}
        power = _find_power([z[code] for code in tier if code in z])
        name, moved = f"{by}, then {BENT}", {code: bend(value, power) for code, value in z.items()}
        centre, spread, skew = _describe_tier(moved, tier)
    return {code: standardise(value, centre, spread) for code, value in moved.items()}, Scale(
        name, power, centre, spread, skew
    )


def _describe_tier(moved: Mapping[str, float], tier: Sequence[str]) -> tuple[float, float, float | None]:
    """The centre, the spread and the skew of the tier's values."""
    of_tier = [moved[code] for code in tier if code in moved]
    return (*find_centre(of_tier), find_skew(of_tier))


def _find_power(values: Sequence[float]) -> float:
    """The power with which Yeo and Johnson's transform makes values look most normal, by maximum likelihood."""
    from scipy import stats  # takes long to load

    return round(float(stats.yeojohnson_normmax(np.array(values))), 4)


def find_neighbours(
    models: Sequence[NeighbourModel], values: Mapping[tuple[str, str], Values], register: Register
) -> dict[str, pl.DataFrame]:
    """Every list of every version, and all that explains it: frames by `core.frames.NEIGHBOUR_FRAMES`.

    `values` has what is known of areas by model and version. Distances, ties, closeness, isolation and stability are
    as `docs/methods/neighbours.md` states them; chance begins from the inputs themselves, so that the same inputs give
    the same lists and shares. `neighbour_validation` is empty here.
    """
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in NEIGHBOUR_FRAMES}
    for model in models:
        earlier: dict[str, frozenset[str]] | None = None
        before = ""
        for version in reversed(model.versions):
            found = values.get((model.key, version.key))
            if found is None:
                continue
            alive = group_alive(register, version)
            spaces = [lay_out(model, version, pool, found, alive) for pool in model.pools]
            lists: dict[str, frozenset[str]] = {}
            for space in spaces:
                own = _list_space(rows, (model.key, version.key), space, found)
                if earlier is not None and (compared := compare_lists(earlier, own)):
                    rows["neighbour_churn"].append((model.key, version.key, before, str(space.pool), *compared))
                lists |= own
            rows["neighbour_lists"].extend(_list_none(model, version, spaces, register))
            earlier, before = lists, version.key
    return {
        name: pl.DataFrame(rows[name], schema=schema, orient="row").sort(list(schema)[:4])
        for name, schema in NEIGHBOUR_FRAMES.items()
    }


def group_alive(register: Register, version: Version) -> dict[AreaClass, list[str]]:
    """The codes of the authorities that existed on a version's day, by class."""
    alive: dict[AreaClass, list[str]] = {}
    for area in register.alive(version.day):
        alive.setdefault(area.area_class, []).append(area.code)
    return alive


def _list_space(
    rows: dict[str, list[tuple[Any, ...]]], named: tuple[str, str], space: Space, values: Values
) -> dict[str, frozenset[str]]:
    """Add the rows of one pool; gives the members of each list."""
    pool, codes, k = str(space.pool), space.codes, space.k
    for i, code in enumerate(codes):
        for v, key in enumerate(space.inputs):
            value, basis = values[key].get(code, (None, None))
            z = float(space.z[i, v])
            rows["neighbour_values"].append((*named, code, *key, value, basis, z, bool(space.is_imputed[i, v])))
    for code in space.left_out:
        for key in space.inputs:
            rows["neighbour_values"].append((*named, code, *key, *values[key].get(code, (None, None)), None, False))
    if k < 1:
        return {}
    pairs = space.pairs
    last = space.distances[np.arange(len(codes)), space.order[:, -1]]
    limit = float(np.quantile(last, 0.9))
    kinds = (" ".join(sorted(space.pool.classes)), " ".join(sorted(space.pool.scaled_among)))
    rows["neighbour_pools"].append((*named, pool, space.pool.label, *kinds, len(codes), k, float(pairs[-1]), limit))
    _describe(rows, named, space)
    shares = resample(space.z, space.weights, space.domains, k, space.order, _RESAMPLED, space.seed)
    for i, code in enumerate(codes):
        rows["neighbours"].extend(_list_one(named, space, shares, i))
        state = (float(shares.inclusion[i].mean()), float(shares.retention[i].mean()))
        flags = (bool(last[i] > limit), k >= len(codes) - 1)
        rows["neighbour_lists"].append((*named, code, pool, k, *state, *flags, None))
    return {code: frozenset(codes[j] for j in space.order[i]) for i, code in enumerate(codes)}


def _list_one(named: tuple[str, str], space: Space, shares: Resampled, i: int) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for place, j in enumerate(space.order[i]):
        distance = float(space.distances[i, j])
        percentile = 100.0 * int(np.searchsorted(space.pairs, distance, side="right")) / len(space.pairs)
        word, inclusion = name_closeness(percentile), float(shares.inclusion[i, place])
        found.append((*named, space.codes[i], place + 1, space.codes[j], distance, percentile, word, inclusion))
    return found


def _describe(rows: dict[str, list[tuple[Any, ...]]], named: tuple[str, str], space: Space) -> None:
    """Add how inputs are scaled and weighed in a pool, and what gaps between two areas are usual."""
    pool = str(space.pool)
    upper = np.triu_indices(len(space.codes), 1)
    squares: dict[str, Floats] = {}
    for v, (key, scale) in enumerate(zip(space.inputs, space.scales, strict=True)):
        gap = np.abs(space.z[upper[0], v] - space.z[upper[1], v])
        said = (scale.transform, scale.parameter, scale.centre, scale.spread, scale.skew, space.weights[v])
        rows["neighbour_scales"].append((*named, pool, *key, *said, float(np.median(gap))))
        part = space.weights[v] * (gap * gap)
        squares[space.domains[v]] = squares[space.domains[v]] + part if space.domains[v] in squares else part
    for domain, square in squares.items():
        weight = sum(w for w, each in zip(space.weights, space.domains, strict=True) if each == domain)
        rows["neighbour_domains"].append((*named, pool, domain, weight, float(np.median(np.sqrt(square)))))


def _list_none(
    model: NeighbourModel, version: Version, spaces: Sequence[Space], register: Register
) -> list[tuple[Any, ...]]:
    """The rows of authorities that existed on the day and have no list."""
    listed = {code for space in spaces if space.k >= 1 for code in space.codes}
    left_out = {code for space in spaces for code in space.left_out}

    def why(area: Area) -> WhyNone:
        if area.code in left_out:
            return WhyNone.INPUTS_MISSING
        is_asked = any(area.area_class in pool.classes for pool in model.pools)
        has_kin = any(area.area_class in pool.classes for pool in Pool)
        return WhyNone.NOT_IN_MODEL if has_kin and not is_asked else WhyNone.OWN_KIND

    wanted = PRINCIPAL_CLASSES | Pool.COMBINED_AUTHORITIES.classes | {AreaClass.GLA}
    return [
        (model.key, version.key, area.code, None, 0, None, None, False, False, str(why(area)))
        for area in register.alive(version.day, wanted)
        if area.code not in listed
    ]
