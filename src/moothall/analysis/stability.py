"""Stability: how far a list of neighbours stays the same when what it rests on is resampled, left out or renewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_AT_ONCE = 50  # resampled models whose distances lie in memory together


@dataclass(frozen=True)
class Resampled:
    """How lists hold: one row an area."""

    inclusion: Floats  # one column a neighbour, nearest first: share of the resampled models that have it on the list
    retention: Floats  # one column a domain: share of the list that stays without the domain


def resample(
    z: Floats,
    weights: Sequence[float],
    domains: Sequence[str],
    k: int,
    order: npt.NDArray[np.intp],
    many: int,
    seed: int,
) -> Resampled:
    """Draw inputs anew within each domain, `many` times, and leave each domain out once (`methods` 1.2).

    An input drawn twice weighs twice as much and one not drawn nothing; the domain's weight stays. Where there is one
    domain only, its inputs are left out one by one. `order` has the lists that are looked for.
    """
    drawn = _draw(np.array(weights), domains, many, np.random.default_rng(seed))
    left = _leave_out(np.array(weights), domains)
    member = np.zeros((len(z), len(z)), dtype=np.int64)
    for some in _choose(z, drawn, k):
        member += some.sum(axis=0)
    inclusion = np.take_along_axis(member, order, axis=1) / many
    kept = np.concatenate([np.take_along_axis(some, order[None], axis=2).mean(axis=2) for some in _choose(z, left, k)])
    return Resampled(inclusion, kept.T)


def _draw(weights: Floats, domains: Sequence[str], many: int, chance: np.random.Generator) -> Floats:
    """One row of weights a resampled model."""
    rows = np.zeros((many, len(weights)))
    for domain in dict.fromkeys(domains):
        members = np.array([v for v, each in enumerate(domains) if each == domain])
        picked = chance.integers(0, len(members), size=(many, len(members)))
        counts = (picked[:, :, None] == np.arange(len(members))).sum(axis=1)
        weighed = counts * weights[members]
        rows[:, members] = weighed / weighed.sum(axis=1, keepdims=True) * weights[members].sum()
    return rows


def _leave_out(weights: Floats, domains: Sequence[str]) -> Floats:
    """One row of weights for each domain, or input of a single domain, that is left out."""
    parts = list(dict.fromkeys(domains))
    if len(parts) == 1:
        return weights * (1 - np.eye(len(weights)))
    return np.array([[0.0 if each == part else w for w, each in zip(weights, domains, strict=True)] for part in parts])


def _choose(z: Floats, rows: Floats, k: int) -> list[npt.NDArray[np.bool_]]:
    """Who is on whose list under each row of weights: models, areas, others; in parts of `_AT_ONCE` models."""
    many = len(z)
    # Seven places are enough to say who is near, and take half the time.
    narrow = z.astype(np.float32)
    squares = ((narrow[:, None, :] - narrow[None, :, :]) ** 2).reshape(many * many, -1).T
    found = []
    for start in range(0, len(rows), _AT_ONCE):
        distances = (rows[start : start + _AT_ONCE].astype(np.float32) @ squares).reshape(-1, many, many)
        distances[:, np.arange(many), np.arange(many)] = np.inf
        nearest = np.argpartition(distances, k - 1, axis=2)[:, :, :k]
        is_member = np.zeros(distances.shape, dtype=bool)
        np.put_along_axis(is_member, nearest, True, axis=2)
        found.append(is_member)
    return found


def compare_lists(
    earlier: Mapping[str, frozenset[str]], later: Mapping[str, frozenset[str]]
) -> tuple[int, float, float] | None:
    """How many areas have both lists, the share with the same members, and the mean share of members still there.

    None where no area has both.
    """
    both = [(earlier[code], members) for code, members in later.items() if earlier.get(code)]
    if not both:
        return None
    unchanged = sum(before == after for before, after in both) / len(both)
    return len(both), unchanged, sum(len(before & after) / len(before) for before, after in both) / len(both)
