"""Likeness: how far apart two places are by a model's inputs, and in what (`docs/methods/neighbours.md`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, log, log1p, sqrt

from moothall.core.neighbour_models import Transform
from moothall.core.statistics import median

WINSOR = 3.0  # standard deviations; what lies beyond counts as this far
LEAST_SHARE = 0.0005  # half a unit of the last place that shares are shown with, for the logit
SKEW_LIMIT = 1.0  # a lopsided input whose own transform leaves it more so is bent by Yeo and Johnson's instead
BENT = "yeo_johnson"
MISSING_LIMIT = 0.2  # of the weight; with more than that missing an area has no list
CLOSENESS = (
    (1.0, "extremely close"),
    (5.0, "very close"),
    (15.0, "close"),
    (30.0, "somewhat close"),
)
"""Up to which percentile of the distances in the pool each word is used: our own calibration (`methods` 1.2)."""
NOT_CLOSE = "not close"
CORE = 0.8  # inclusion from which a neighbour is of the core (`methods` 1.2)


@dataclass(frozen=True, slots=True)
class Scale:
    """How an input is scaled: z is the transformed value less the centre, over the spread."""

    transform: str
    parameter: float | None  # of the transform, where it has one
    centre: float
    spread: float
    skew: float | None  # of the transformed values; none where they are all alike


def transform(value: float, by: Transform) -> float | None:
    """The value on the scale on which it is compared; none where it has no place there, as zero has no logarithm.

    `logit` takes a percentage and moves what is nearer than 0.05 % to none or all to there.
    """
    if by is Transform.IDENTITY:
        return value
    if by is Transform.LOGIT:
        if not 0 <= value <= 100:
            return None
        share = min(max(value / 100, LEAST_SHARE), 1 - LEAST_SHARE)
        return log(share / (1 - share))
    if by is Transform.LOG:
        return log(value) if value > 0 else None
    if by is Transform.LOG1P:
        return log1p(value) if value > -1 else None
    return sqrt(value) if value >= 0 else None


def bend(value: float, power: float) -> float:
    """Yeo and Johnson's transform of a value by its power, which 1 leaves as it is (Biometrika 87, 2000)."""
    if value >= 0:
        return log1p(value) if power == 0 else ((value + 1) ** power - 1) / power
    return -log1p(-value) if power == 2 else -((1 - value) ** (2 - power) - 1) / (2 - power)


def find_centre(values: Sequence[float]) -> tuple[float, float]:
    """The mean and the standard deviation of a whole population of values; both 0 where there are none."""
    if not values:
        return 0.0, 0.0
    mean = fsum(values) / len(values)
    return mean, sqrt(fsum((value - mean) * (value - mean) for value in values) / len(values))


def find_skew(values: Sequence[float]) -> float | None:
    """How lopsided values lie: the mean cube of their standardised values; none where all are alike."""
    mean, spread = find_centre(values)
    if spread == 0:
        return None
    return fsum(((value - mean) / spread) ** 3 for value in values) / len(values)


def standardise(value: float, centre: float, spread: float) -> float:
    """How many spreads a value lies above the centre, at most `WINSOR` either way; 0 where there is no spread."""
    return min(max((value - centre) / spread, -WINSOR), WINSOR) if spread > 0 else 0.0


def correlate(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's correlation; 0 where either does not vary."""
    mean_a, spread_a = find_centre(one)
    mean_b, spread_b = find_centre(other)
    if spread_a == 0 or spread_b == 0:
        return 0.0
    shared = fsum((a - mean_a) * (b - mean_b) for a, b in zip(one, other, strict=True)) / len(one)
    return shared / (spread_a * spread_b)


def balance(
    domains: Sequence[str],
    domain_weights: Mapping[str, float],
    own_weights: Sequence[float],
    columns: Sequence[Sequence[float]],
) -> list[float]:
    """Each input's weight, all together one, such that no domain counts more for having more inputs (`methods` 1.2).

    `domains`, `own_weights` and `columns`, the scaled values of all places, are by input. Within a domain an input is
    weighed down by the squares of its correlations with the others, each as far as that one weighs itself: two that
    say the same count as one.
    """
    kept = []
    for v, domain in enumerate(domains):
        others = (u for u, each in enumerate(domains) if each == domain and u != v)
        said = 1.0 + fsum(own_weights[u] * correlate(columns[v], columns[u]) ** 2 for u in others)
        kept.append(own_weights[v] / said)
    of_domain = {domain: fsum(r for r, each in zip(kept, domains, strict=True) if each == domain) for domain in domains}
    whole = fsum(domain_weights[domain] for domain in of_domain)
    return [domain_weights[domain] / whole * r / of_domain[domain] for r, domain in zip(kept, domains, strict=True)]


def find_distance(one: Sequence[float], other: Sequence[float], weights: Sequence[float]) -> float:
    """The weighted Euclidean distance of two places (`methods` 1.2); weights come to one.

    The squares are added in the order of inputs, so that every implementation gets the same bits.
    """
    total = 0.0
    for a, b, weight in zip(one, other, weights, strict=True):
        gap = a - b
        total = total + weight * (gap * gap)
    return sqrt(total)


def order_by_distance(distances: Mapping[str, float]) -> list[tuple[str, float]]:
    """Areas and distances, the nearest first; equal distances by code."""
    return sorted(distances.items(), key=lambda each: (each[1], each[0]))


def choose_many(k: int, pool_size: int) -> int:
    """How many neighbours each of a pool has: `k`, or half of a pool of fewer than twenty (`methods` 1.2)."""
    return min(k, pool_size // 2) if pool_size < 20 else min(k, pool_size - 1)


def name_closeness(percentile: float) -> str:
    """The word for a distance by its percentile among those of all pairs of the pool."""
    return next((word for limit, word in CLOSENESS if percentile <= limit), NOT_CLOSE)


def find_shares(one: Sequence[float], other: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Each input's part of the squared distance of two places, all together one; all zero where they are the same."""
    parts = [weight * ((a - b) * (a - b)) for a, b, weight in zip(one, other, weights, strict=True)]
    whole = fsum(parts)
    return [part / whole if whole else 0.0 for part in parts]


@dataclass(frozen=True, slots=True)
class Gap:
    """How far apart two places are in one domain, and how that compares with what is usual in the pool."""

    domain: str
    gap: float  # square root of the domain's part of the squared distance
    share: float  # that part, of the squared distance
    relative: float  # the gap over the typical one: 1 is usual


def find_gaps(
    one: Sequence[float],
    other: Sequence[float],
    weights: Sequence[float],
    domains: Sequence[str],
    typical: Mapping[str, float],
) -> list[Gap]:
    """The gap in each domain, the smallest beside the typical first; `domains` has each input's, `typical` each gap."""
    parts: dict[str, float] = {}
    for a, b, weight, domain in zip(one, other, weights, domains, strict=True):
        parts[domain] = parts.get(domain, 0.0) + weight * ((a - b) * (a - b))
    whole = fsum(parts.values())
    gaps = [
        Gap(domain, sqrt(part), part / whole if whole else 0.0, _compare(sqrt(part), typical[domain]))
        for domain, part in parts.items()
    ]
    return sorted(gaps, key=lambda gap: (gap.relative, gap.domain))


def _compare(gap: float, typical: float) -> float:
    """The gap over the typical one; where the typical is none, nothing but no gap is usual."""
    if typical > 0:
        return gap / typical
    return 0.0 if gap == 0 else float("inf")


def explain(gaps: Sequence[Gap], similar: int = 3, differs: int = 2) -> tuple[list[str], list[str]]:
    """The domains in which two places are most alike, and those in which they differ most: never the same one.

    `gaps` are in the order of `find_gaps`; the largest difference comes first.
    """
    alike = [gap.domain for gap in gaps[:similar]]
    far = [gap.domain for gap in reversed(gaps) if gap.domain not in alike]
    return alike, far[:differs]


def find_typical(gaps: Iterable[float]) -> float:
    """What is usual: the median over pairs."""
    return median(list(gaps))
