"""NHS England's way to scale what councils are likened by: the transform that makes each input look most normal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from moothall.core.likeness import Scale

Floats = npt.NDArray[np.float64]
Made = tuple[Floats, float | None]
"""Transformed values, and the parameter of the transform where it has one."""


def _make_yeo_johnson(x: Floats) -> Made:
    moved, parameter = stats.yeojohnson(x)
    return np.asarray(moved, dtype=np.float64), float(parameter)


def _make_box_cox(x: Floats) -> Made:
    moved, parameter = stats.boxcox(x)
    return np.asarray(moved, dtype=np.float64), float(parameter)


_ANY: Mapping[str, Callable[[Floats], Made]] = {
    "identity": lambda x: (x, None),
    "yeo_johnson": _make_yeo_johnson,
    "sqrt": lambda x: (np.sqrt(x), None),
    "log1p": lambda x: (np.log1p(x), None),
    "square": lambda x: (x * x, None),
}
_POSITIVE: Mapping[str, Callable[[Floats], Made]] = {
    "box_cox": _make_box_cox,
    "reciprocal_sqrt": lambda x: (1 / np.sqrt(x), None),
    "reciprocal": lambda x: (1 / x, None),
}
"""Tried only where every value is above zero."""


def choose_transform(x: Floats) -> tuple[str, float | None, Floats]:
    """The transform with the highest p of Shapiro and Wilk's test, the first of equals; its parameter; the values."""
    tried = {**_ANY, **_POSITIVE} if bool((x > 0).all()) else dict(_ANY)
    best: tuple[str, float | None, Floats] = ("identity", None, x)
    highest = -1.0
    for name, make in tried.items():
        moved, parameter = make(x)
        if not np.isfinite(moved).all() or np.ptp(moved) == 0:
            continue
        p = float(stats.shapiro(moved).pvalue)
        if p > highest:
            highest, best = p, (name, parameter, moved)
    return best


def scale_by_shape(
    columns: Sequence[Mapping[str, float]], tier: Sequence[str]
) -> tuple[list[dict[str, float]], list[Scale]]:
    """Each input between 0 and 1 over the areas of the tier, by area code, and how it came to be so.

    The published method then multiplies each by its weight, which lies in the squared distance here, and takes plain
    Euclidean distances (`model.py` of NHSDigital/ASC_LA_Peer_Groups, MIT licence).
    """
    scaled, scales = [], []
    for column in columns:
        codes = [code for code in tier if code in column]
        name, parameter, moved = choose_transform(np.array([column[code] for code in codes]))
        low, wide = float(moved.min()), float(np.ptp(moved))
        skew = float(stats.skew(moved)) if wide else None
        scales.append(Scale(name, parameter, low, wide, skew))
        scaled.append({code: (float(x) - low) / wide if wide else 0.0 for code, x in zip(codes, moved, strict=True)})
    return scaled, scales
