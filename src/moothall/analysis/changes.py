"""Changes: which councils moved far more than others that began where they did, and than they themselves waver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from moothall.analysis.panels import Panel
from moothall.analysis.robust import Floats, correct, fit_huber, moderate, take_median

Lists = Mapping[str, tuple[str, ...]]
"""By area, the codes of its neighbours."""

LEAST_COUNCILS = 20  # fewer are no pool to learn from where others that began there came to
LEAST_RESIDUAL = 2.5  # robust standard deviations
MOST_FALSE = 0.10  # of the flags of a list
_LEAST_NEIGHBOURS = 8  # with values, else the whole pool stands for them
_NOISE_FREEDOM = 2  # of two pairs of years, one degree each


@dataclass(frozen=True)
class Window:
    """The years of one panel that changes are judged on.

    `values` are of the shape [repeats ×] years × councils, newest year first; `councils` are their positions in the
    panel; `nearby` has the positions, among these councils, of each one's neighbours, -1 where there is none.
    """

    panel: Panel
    years: tuple[int, ...]
    councils: NDArray[np.intp]
    values: Floats
    nearby: NDArray[np.intp] | None


@dataclass(frozen=True)
class Judged:
    """What came out for each council of a window, of the shape [repeats ×] councils.

    `residual` is in robust standard deviations, better positive; `chance` of so large a one without a change; `q_own`
    that among the councils of the window, `q` the larger of it and that among all windows judged together.
    """

    window: Window
    before: Floats
    after: Floats
    expected: Floats
    residual: Floats
    chance: Floats
    q_own: Floats
    q: Floats
    is_large: NDArray[np.bool_]  # by all that is asked besides q
    is_past_middle: NDArray[np.bool_]  # at least the middle of the others, not only out of the last quarter

    @property
    def is_flagged(self) -> NDArray[np.bool_]:
        """Which councils the rule picks out."""
        return self.is_large & (self.q < MOST_FALSE)

    @property
    def is_flagged_alone(self) -> NDArray[np.bool_]:
        """Which councils it would pick out if this window were the only one."""
        return self.is_large & (self.q_own < MOST_FALSE)


def open_windows(panels: Sequence[Panel], end: int, lists: Lists) -> list[Window]:
    """The windows up to the year `end` years before each panel's latest; none where years or councils are too few."""
    found = []
    for panel in panels:
        years = panel.choose_window(end) if end < len(panel.periods) else None
        if years is None:
            continue
        values = panel.values[list(years)]
        councils = np.flatnonzero(np.all(np.isfinite(values[[0, 1, -2, -1]]), axis=0))
        if councils.size >= LEAST_COUNCILS:
            nearby = _find_nearby([panel.area_codes[each] for each in councils], lists) if lists else None
            found.append(Window(panel, years, councils, values[:, councils], nearby))
    return found


def _find_nearby(codes: Sequence[str], lists: Lists) -> NDArray[np.intp]:
    position = {code: place for place, code in enumerate(codes)}
    found = [[position[each] for each in lists.get(code, ()) if each in position] for code in codes]
    nearby = np.full((len(codes), max(map(len, found), default=0)), -1, dtype=np.intp)
    for row, own in enumerate(found):
        if len(own) >= _LEAST_NEIGHBOURS:
            nearby[row, : len(own)] = own
    return nearby


def judge_windows(windows: Sequence[Window], direction: int = 1) -> list[Judged]:
    """Judge the changes of all windows together, as one list (`methods` 3.4); with `direction` -1, for the worse."""
    judged = [_judge(window, direction * window.panel.sign) for window in windows]
    if not judged:
        return []
    together = correct(np.concatenate([each.chance for each in judged], axis=-1))
    ends = accumulate((each.chance.shape[-1] for each in judged), initial=0)
    return [
        replace(each, q=np.maximum(each.q_own, together[..., start:end]))
        for each, (start, end) in zip(judged, pairwise(ends), strict=True)
    ]


def _judge(window: Window, sign: int) -> Judged:
    latest, earliest = window.values[..., :2, :], window.values[..., -2:, :]
    before, after = np.mean(earliest, axis=-2), np.mean(latest, axis=-2)
    fit = fit_huber(before, after, _average_nearby(before, window.nearby))
    beyond = sign * (after - fit.expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        residual = np.where(fit.scale > 0, beyond / fit.scale, np.nan)
        own = _weigh_by_noise(beyond, latest, earliest, fit.slope)
    chance = np.fmax(_give_normal_tail(residual), own)
    chance = np.where(np.isnan(residual) | np.isnan(own), np.nan, chance)
    change = sign * (after - before)
    middle = take_median(after)
    spread = take_median(np.abs(after - middle))
    first, last = np.min(sign * latest, axis=-2), np.max(sign * earliest, axis=-2)
    last_quarter_before, last_quarter_after = (
        np.quantile(sign * each, 0.25, axis=-1, keepdims=True) for each in (before, after)
    )
    is_past_middle = sign * after >= sign * _take_nearby_median(after, window.nearby)
    has_left = (sign * before <= last_quarter_before) & (sign * after > last_quarter_after)
    q_own = correct(chance)
    return Judged(
        window=window,
        before=before,
        after=after,
        expected=fit.expected,
        residual=residual,
        chance=chance,
        q_own=q_own,
        q=q_own,
        is_large=(residual >= LEAST_RESIDUAL)
        & (change - _take_nearby_median(change, window.nearby) >= spread)
        & (spread >= window.panel.least_spread)
        & (first > last)
        & (is_past_middle | has_left),
        is_past_middle=is_past_middle,
    )


def _weigh_by_noise(beyond: Floats, latest: Floats, earliest: Floats, slope: Floats) -> Floats:
    """The chance of a residual so large, were there nothing but what the council's figures waver from year to year.

    That is known from the two pairs of neighbouring years, two degrees of freedom, and drawn towards the other
    councils' (`moderate`), but never below its own: calm others do not make a wavering council calm. The mean of two
    years wavers by half the variance of one, the expected value by the slope's square of that.
    """
    from scipy.special import stdtr

    pairs = (latest[..., 0, :] - latest[..., 1, :]) ** 2 + (earliest[..., 0, :] - earliest[..., 1, :]) ** 2
    own = pairs / 4
    variances, freedom = moderate(own, _NOISE_FREEDOM)
    moderated = beyond / np.sqrt(np.maximum(variances, own) * (1 + slope**2) / 2)
    return np.asarray(stdtr(np.minimum(freedom, 1e6), -moderated), dtype=np.float64)


def _give_normal_tail(values: Floats) -> Floats:
    from scipy.special import ndtr

    return np.asarray(ndtr(-values), dtype=np.float64)


def _average_nearby(values: Floats, nearby: NDArray[np.intp] | None) -> Floats | None:
    """The mean of each council's neighbours; of all councils for one that has too few."""
    if nearby is None or nearby.shape[1] == 0:
        return None
    is_there = nearby >= 0
    count = is_there.sum(axis=1)
    total = np.sum(np.where(is_there, values[..., nearby], 0.0), axis=-1)
    whole = np.mean(values, axis=-1, keepdims=True)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), whole), dtype=np.float64)


def _take_nearby_median(values: Floats, nearby: NDArray[np.intp] | None) -> Floats:
    """The median of each council's neighbours; of all councils for one that has too few, or where none are known."""
    middle = take_median(values)
    if nearby is None or nearby.shape[1] == 0:
        return middle
    is_there = nearby >= 0
    count = is_there.sum(axis=1)
    ordered = np.sort(np.where(is_there, values[..., nearby], np.inf), axis=-1)
    at = np.stack([np.maximum(count - 1, 0) // 2, np.minimum(count // 2, nearby.shape[1] - 1)], axis=-1)
    two = np.take_along_axis(ordered, np.broadcast_to(at, (*ordered.shape[:-1], 2)), axis=-1)
    return np.where(count > 0, np.mean(two, axis=-1), middle)
