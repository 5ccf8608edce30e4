"""Validation: how near the middle of a council's neighbours comes to it, in measures that lists were not made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl

from moothall.analysis.neighbours import Floats, Space, Values
from moothall.core.frames import NEIGHBOUR_VALIDATION
from moothall.core.likeness import choose_many, find_centre
from moothall.core.neighbour_models import DEFAULT_MODEL, Pool

Indices = npt.NDArray[np.intp]
Named = tuple[str, str, str]
"""A test, its subject, and the other of a difference."""
TIERS: Mapping[str, tuple[Pool, ...]] = {
    "single_tier": (Pool.LONDON_BOROUGHS, Pool.SINGLE_TIER),
    "county": (Pool.COUNTIES,),
    "district": (Pool.DISTRICTS,),
}
"""The pools whose councils a tier's measures are of."""
NEAR_DUPLICATE = 0.8  # correlation with a measure beyond which an input is left out when it is scored
LEAST_NEIGHBOURS = 3  # with a value, for their middle to be looked at
_TRIES = 20  # of what is left to chance, of which the mean is taken
_RESAMPLED = 2000


@dataclass(frozen=True)
class Scored:
    """A measure in its latest period: each council's value, by code."""

    metric: str
    theme: str
    values: Mapping[str, float]


@dataclass(frozen=True)
class Ground:
    """What validation looks at: every principal council by its number in `codes`, and who is near it by what."""

    codes: tuple[str, ...]
    classes: tuple[str, ...]  # of each council
    spaces: Mapping[str, Mapping[Pool, Space]]  # of our models' newest versions
    crude: Mapping[Pool, Space]
    published: Mapping[str, Mapping[str, Sequence[str]]]  # by set: each council's list


def lay_out_crudely(space: Space, values: Values, tier: Sequence[str]) -> Space:
    """The space that asks least of anybody: values as they are, scaled by the tier, all weighing the same."""
    z = np.zeros_like(space.z)
    for v, key in enumerate(space.inputs):
        known = {code: value for code, (value, _) in values[key].items()}
        of_tier = [known[code] for code in tier if code in known]
        centre, spread = find_centre(of_tier) if of_tier else (0.0, 0.0)
        for i, code in enumerate(space.codes):
            z[i, v] = (known[code] - centre) / spread if code in known and spread > 0 else 0.0
    return weigh_equally(replace(space, z=z))


def weigh_equally(space: Space) -> Space:
    """The space with every input weighing the same."""
    return replace(space, weights=(1 / len(space.inputs),) * len(space.inputs))


def whiten_half(space: Space) -> Space:
    """The space by its principal components, each scaled by the fourth root of its variance (`methods` 1.2)."""
    centred = space.z - space.z.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(centred, rowvar=False))
    kept = variances > 1e-9
    z = centred @ axes[:, kept] * variances[kept] ** -0.25
    many = int(kept.sum())
    return replace(space, z=z, weights=(1 / many,) * many, inputs=space.inputs[:many], domains=space.domains[:many])


def validate(measures: Mapping[str, Sequence[Scored]], ground: Ground, lists: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Rows of `core.frames.NEIGHBOUR_VALIDATION` from the measures of each tier (`methods` 0.3, 1.3).

    Skill in a measure is 1 − (mean distance of councils from the middle of their neighbours) ÷ (that from the middle
    of all councils), each without the council itself; a result is the mean over measures. Inputs that a measure nearly
    repeats are left out when it is scored. Intervals are of 2,000 resamples of whole themes. `lists` has the rows of
    `neighbour_lists` of newest versions, for how stable they are. The tier `all` has the measures of every tier.
    """
    rows: list[tuple[object, ...]] = []
    pooled: dict[Named, list[tuple[float, str]]] = {}
    for tier, scored in measures.items():
        default = [space for pool, space in ground.spaces.get(DEFAULT_MODEL, {}).items() if pool in TIERS[tier]]
        if not scored or not any(space.k for space in default):
            continue
        trial = _Trial([space for space in default if space.k], ground, seed)
        found = _score(scored, trial)
        for named, known in found.items():
            pooled.setdefault(named, []).extend(known)
            rows.append(_sum_up(tier, named, known, seed))
        for name, others in trial.variants.items():
            named = ("overlap", f"{DEFAULT_MODEL}/{name}", DEFAULT_MODEL)
            rows.append((named[0], tier, *named[1:], 0, 0, trial.find_overlap(others), None, None))
        for name in ground.published:
            overlap = trial.find_agreement(trial.fixed[name][0])
            if overlap is not None:
                rows.append(("overlap", tier, name, DEFAULT_MODEL, 0, 0, overlap, None, None))
    rows.extend(_sum_up("all", named, known, seed) for named, known in pooled.items())
    rows.extend(_find_stability(lists, ground))
    return pl.DataFrame(rows, schema=NEIGHBOUR_VALIDATION, orient="row")


def _sum_up(tier: str, named: Named, known: Sequence[tuple[float, str]], seed: int) -> tuple[object, ...]:
    test, subject, against = named
    count = (len(known), len({theme for _, theme in known}))
    return test, tier, subject, against, *count, _mean(value for value, _ in known), *resample_themes(known, seed)


def _find_stability(lists: pl.DataFrame, ground: Ground) -> Iterator[tuple[object, ...]]:
    """The mean inclusion of neighbours by model and tier."""
    by_class = {str(each): tier for tier, pools in TIERS.items() for pool in pools for each in pool.classes}
    tiers = {code: by_class.get(each) for code, each in zip(ground.codes, ground.classes, strict=True)}
    of_tier = lists.with_columns(tier=pl.col("area_code").replace_strict(tiers, default=None, return_dtype=pl.String))
    known = of_tier.filter(pl.col("tier").is_not_null() & pl.col("stability").is_not_null())
    for rows in (known, known.with_columns(tier=pl.lit("all"))):
        means = rows.group_by("model_key", "tier").agg(pl.col("stability").mean()).sort("model_key", "tier")
        for model, tier, value in means.iter_rows():
            yield "stability", tier, model, "", 0, 0, value, None, None


def _score(scored: Sequence[Scored], trial: _Trial) -> dict[Named, list[tuple[float, str]]]:
    """By test, subject and the other of a difference: the result in each measure, with the measure's theme."""
    results: dict[Named, list[tuple[float, str]]] = {}

    def note(test: str, subject: str, against: str, value: float, theme: str) -> None:
        if not np.isnan(value):
            results.setdefault((test, subject, against), []).append((value, theme))

    for each in scored:
        values = np.array([each.values.get(code, np.nan) for code in trial.ground.codes])
        far = trial.find_far(values)
        found = {name: [trial.find_errors(values, lists) for lists in tried] for name, tried in trial.list(values)}
        skills = {name: _mean(find_skill(errors, far) for errors in tried) for name, tried in found.items()}
        for name, skill in skills.items():
            note("skill", name, "", skill, each.theme)
            if name != DEFAULT_MODEL:
                gain = _mean(_gain(found[DEFAULT_MODEL][0], errors, far) for errors in found[name])
                note("difference", DEFAULT_MODEL, name, gain, each.theme)
        shuffled = _mean(find_skill(trial.find_errors(values, lists), far) for lists in trial.shuffled)
        note("control", "shuffled", "random", shuffled - skills["random"], each.theme)
        for name, lists in trial.variants.items():
            skill = find_skill(trial.find_errors(values, lists), far)
            note("sensitivity", f"{DEFAULT_MODEL}/{name}", "", skill, each.theme)
    return results


def resample_themes(known: Sequence[tuple[float, str]], seed: int) -> tuple[float | None, float | None]:
    """The 95 % interval of a mean over measures when whole themes are drawn anew; none for a single theme."""
    themes = sorted({theme for _, theme in known})
    if len(themes) < 2:
        return None, None
    sums = np.array([sum(value for value, theme in known if theme == each) for each in themes])
    sizes = np.array([sum(theme == each for _, theme in known) for each in themes])
    drawn = np.random.default_rng(seed).integers(0, len(themes), size=(_RESAMPLED, len(themes)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def find_middle(values: Floats, lists: Indices) -> Floats:
    """The median of the values on each row's list, where at least three have one; `lists` is filled up with −1."""
    held = np.where(lists >= 0, values[lists], np.nan)
    ordered = np.sort(held, axis=1)  # what is not a number comes last
    many = (~np.isnan(held)).sum(axis=1)
    rows = np.arange(len(held))
    upper = ordered[rows, np.minimum(many // 2, held.shape[1] - 1)]
    lower = ordered[rows, np.maximum((many - 1) // 2, 0)]
    return np.where(many >= LEAST_NEIGHBOURS, (lower + upper) / 2, np.nan)


class _Trial:
    """The councils of one tier, and every way to choose whom to compare each with: rows of numbers of councils."""

    def __init__(self, default: Sequence[Space], ground: Ground, seed: int) -> None:
        self.ground = ground
        self.numbers = {code: number for number, code in enumerate(ground.codes)}
        self.default = default
        self.areas = np.array([self.numbers[code] for space in self.default for code in space.codes])
        self._of_tier = frozenset(self.areas.tolist())
        self.ways = {
            name: its
            for name, spaces in {**ground.spaces, "crude": ground.crude}.items()
            if (its := [space for space in spaces.values() if space.k and self._is_of_tier(space)])
        }
        self.chance = np.random.default_rng(seed)
        self._choose = lru_cache(maxsize=None)(self._choose_anew)
        members = [np.array([self.numbers[code] for code in space.codes]) for space in self.default]
        self.fixed: dict[str, list[Indices]] = {
            "same_class": [self._gather_class()],
            "whole_pool": [_stack([_others(its) for its in members])],
            "random": [
                _stack([self._draw(its, s.k) for its, s in zip(members, self.default, strict=True)])
                for _ in range(_TRIES)
            ],
            **{name: [self._translate(lists)] for name, lists in ground.published.items()},
        }
        self.shuffled = [self._list_spaces([self._shuffle(space) for space in self.default]) for _ in range(_TRIES)]
        self.variants = dict(self._vary())
        self.usual = self._list_spaces(self.default)

    def list(self, values: Floats) -> Iterator[tuple[str, list[Indices]]]:
        """Every way to choose, with the lists it gives when `values` are scored; several where chance decides."""
        for name, spaces in self.ways.items():
            yield name, [self._choose(name, self._find_duplicates(values, spaces))]
        yield from self.fixed.items()

    def find_errors(self, values: Floats, lists: Indices) -> Floats:
        """How far each council lies from the middle of its list."""
        errors: Floats = np.abs(values[self.areas] - find_middle(values, lists))
        return errors

    def find_far(self, values: Floats) -> Floats:
        """How far each council lies from the middle of all others that have a value."""
        return find_far(values, values[self.areas])

    def find_overlap(self, lists: Indices) -> float:
        """The mean share of each usual list that is on another."""
        pairs = zip(self.usual, lists, strict=True)
        return _mean(len(set(a[a >= 0]) & set(b[b >= 0])) / int((a >= 0).sum()) for a, b in pairs)

    def find_agreement(self, theirs: Indices) -> float | None:
        """The mean share of the members of a published set's lists that are on the usual ones, of those in the pool.

        None where the set has no list of anybody here.
        """
        pools = [{self.numbers[code] for code in space.codes} for space in self.default]
        shares = []
        for area, own, other in zip(self.areas.tolist(), self.usual, theirs, strict=True):
            pool = next(each for each in pools if area in each)
            members = pool & set(other.tolist())
            if members:
                shares.append(len(members & set(own.tolist())) / len(members))
        return sum(shares) / len(shares) if shares else None

    def _find_duplicates(self, values: Floats, spaces: Sequence[Space]) -> frozenset[int]:
        """The inputs that go with the measure so closely over the tier that they nearly are it."""
        z = np.concatenate([space.z for space in spaces])
        numbers = [self.numbers[code] for space in spaces for code in space.codes]
        y = values[numbers]
        there = ~np.isnan(y) & np.isin(numbers, self.areas)
        if there.sum() < LEAST_NEIGHBOURS or np.ptp(y[there]) == 0:
            return frozenset()
        found = set()
        for v in range(z.shape[1]):
            x = z[there, v]
            if np.ptp(x) > 0 and abs(np.corrcoef(x, y[there])[0, 1]) > NEAR_DUPLICATE:
                found.add(v)
        return frozenset(found)

    def _choose_anew(self, name: str, dropped: frozenset[int]) -> Indices:
        return self._list_spaces([space.without(dropped) if dropped else space for space in self.ways[name]])

    def _is_of_tier(self, space: Space) -> bool:
        return any(self.numbers.get(code) in self._of_tier for code in space.codes)

    def _list_spaces(self, spaces: Sequence[Space]) -> Indices:
        """The list of each council of the tier: a row in the order of `areas`."""
        at = {number: row for row, number in enumerate(self.areas)}
        lists = np.full((len(self.areas), max(space.k for space in spaces)), -1, dtype=np.intp)
        for space in spaces:
            numbers = np.array([self.numbers[code] for code in space.codes])
            for number, near in zip(numbers, numbers[space.order], strict=True):
                if number in at:
                    lists[at[number], : space.k] = near
        return lists

    def _vary(self) -> Iterator[tuple[str, Indices]]:
        """The default model otherwise: with another k, other weights, or without a domain."""
        ways: dict[str, Callable[[Space], Space]] = {
            "k-10": lambda s: replace(s, k=choose_many(10, len(s.codes))),
            "k-20": lambda s: replace(s, k=choose_many(20, len(s.codes))),
            "equal-weights": weigh_equally,
            "half-whitened": whiten_half,
        }
        for name, change in ways.items():
            yield name, self._list_spaces([change(space) for space in self.default])
        for domain in dict.fromkeys(self.default[0].domains):
            its = {v for v, each in enumerate(self.default[0].domains) if each == domain}
            yield f"without-{domain}", self._list_spaces([_drop_domain(space, its) for space in self.default])

    def _shuffle(self, space: Space) -> Space:
        return replace(space, z=space.z[self.chance.permutation(len(space.codes))])

    def _draw(self, members: Indices, k: int) -> Indices:
        return np.array([self.chance.choice(row, k, replace=False) for row in _others(members)])

    def _gather_class(self) -> Indices:
        by_class: dict[str, list[int]] = {}
        for number, each in enumerate(self.ground.classes):
            by_class.setdefault(each, []).append(number)
        return _stack_rows([[o for o in by_class[self.ground.classes[a]] if o != a] for a in self.areas])

    def _translate(self, lists: Mapping[str, Sequence[str]]) -> Indices:
        return _stack_rows(
            [
                [self.numbers[near] for near in lists.get(self.ground.codes[a], ()) if near in self.numbers]
                for a in self.areas
            ]
        )


def _drop_domain(space: Space, its: set[int]) -> Space:
    kept = [v for v in range(len(space.inputs)) if v not in its]
    whole = sum(space.weights[v] for v in kept)
    return replace(
        space,
        inputs=tuple(space.inputs[v] for v in kept),
        domains=tuple(space.domains[v] for v in kept),
        weights=tuple(space.weights[v] / whole for v in kept),
        z=space.z[:, kept],
    )


def find_far(values: Floats, own: Floats) -> Floats:
    """How far each of some councils' `own` values lies from the median of all values but that one."""
    there = values[~np.isnan(values)]
    return np.array([np.nan if np.isnan(y) else abs(y - _median_without(there, y)) for y in own])


def _median_without(there: Floats, value: float) -> float:
    """The median of all but one of the values."""
    return float(np.median(np.delete(there, int(np.argmax(there == value)))))


def _others(members: Indices) -> Indices:
    """Of each member, all the others: a row each."""
    return np.array([members[members != each] for each in members])


def _stack(parts: Sequence[Indices]) -> Indices:
    return _stack_rows([row for part in parts for row in part.tolist()])


def _stack_rows(rows: Sequence[Sequence[int]]) -> Indices:
    """Rows of differing length as one array, filled up with −1."""
    stacked = np.full((len(rows), max(1, *(len(row) for row in rows))), -1, dtype=np.intp)
    for i, row in enumerate(rows):
        stacked[i, : len(row)] = row
    return stacked


def find_skill(errors: Floats, far: Floats) -> float:
    """How much nearer the middle of the lists comes than that of all, over councils that have both."""
    both = ~np.isnan(errors) & ~np.isnan(far)
    return 1 - float(errors[both].mean() / far[both].mean()) if both.any() and far[both].mean() > 0 else np.nan


def _gain(ours: Floats, theirs: Floats, far: Floats) -> float:
    """The skill of the one less that of the other, over the councils that have both."""
    both = ~np.isnan(ours) & ~np.isnan(theirs)
    return find_skill(np.where(both, ours, np.nan), far) - find_skill(np.where(both, theirs, np.nan), far)


def _mean(values: Iterator[float]) -> float:
    found = [value for value in values if not np.isnan(value)]
    return sum(found) / len(found) if found else np.nan
