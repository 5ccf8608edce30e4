"""Who is worth learning from on the figures that the repository carries: recomputed from history, and checked."""

from __future__ import annotations

from statistics import mean

import numpy as np
import pytest
from scipy.optimize import minimize

from moothall.core.values import score_by
from moothall.release.comparators import Comparators, Peers
from moothall.release.exemplars import CHANGES, ExemplarRecord
from moothall.release.queries import Release

K, CONSISTENT = 1.345, 1.482602218505602
NEIGHBOURS = Comparators("neighbours")


def read_values(release: Release, exemplar: ExemplarRecord, area: str) -> dict[str, float]:
    history = release.history(exemplar.metric, area, breakdown=exemplar.breakdown)
    return {each.period: each.value for each in history if each.value is not None and each.is_compared}


def list_window(release: Release, exemplar: ExemplarRecord) -> list[str]:
    """The periods from the first of the window on, oldest first, without those that the pandemic affected."""
    metric = release.metric(exemplar.metric)
    affected = {note.period for note in metric.period_notes if not note.kind.is_break}
    periods = [each.key for each in reversed(release.periods(metric.key, exemplar.breakdown))]
    start, end = periods.index(exemplar.first or ""), periods.index(exemplar.period)
    within = [each for each in periods[start : end + 1] if each not in affected]
    return [each for each in within if each.endswith(exemplar.period[4:]) or "-q" not in each]


def fit(before: list[float], near: list[float], after: list[float]) -> np.ndarray:
    """Huber's regression by minimising his loss, the scale found by turns: nothing of it is the analysis's."""
    y = np.array(after)
    design = np.stack([np.ones_like(y), np.array(before), np.array(near)], axis=1)
    coefficients = np.linalg.lstsq(design, y, rcond=None)[0]
    for _ in range(60):
        scale = CONSISTENT * np.median(np.abs(y - design @ coefficients))

        def loss(c: np.ndarray, scale: float = scale) -> float:
            size = np.abs(y - design @ c) / scale
            return float(np.sum(np.where(size <= K, size**2 / 2, K * size - K**2 / 2)))

        coefficients = minimize(loss, coefficients, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}).x
    return coefficients


def test_every_change_listed_is_one(real_release: Release) -> None:
    changes = [each for each in real_release.exemplars() if each.kind in CHANGES]
    assert changes
    for each in changes:
        metric = real_release.metric(each.metric)
        sign = score_by(metric.polarity, metric.lever).sign
        values = read_values(real_release, each, each.area)
        window = list_window(real_release, each)
        early, late = window[:2], window[-2:]
        assert each.before == pytest.approx(mean(values[period] for period in early))
        assert each.after == pytest.approx(mean(values[period] for period in late))
        assert min(sign * values[period] for period in late) > max(sign * values[period] for period in early)
        assert sign * (each.after or 0) > sign * (each.expected or 0)
        assert each.q is not None
        assert each.q < 0.1


def test_what_others_came_to_is_what_another_regression_says(real_release: Release) -> None:
    [each, *_] = [each for each in real_release.exemplars() if each.kind in CHANGES]
    metric = real_release.metric(each.metric)
    window = list_window(real_release, each)
    before, after = dict[str, float](), dict[str, float]()
    for figure in real_release.slice(metric.key, each.period, breakdown=each.breakdown):
        if each.pool != "england" and figure.area_class != each.pool:
            continue
        values = read_values(real_release, each, figure.area)
        if all(period in values for period in (*window[:2], *window[-2:])):
            before[figure.area] = mean(values[period] for period in window[:2])
            after[figure.area] = mean(values[period] for period in window[-2:])
    near = {}
    for area in before:
        listed = [before[code] for code in real_release.list_comparators(area, NEIGHBOURS) if code in before]
        near[area] = mean(listed) if len(listed) >= 8 else mean(before.values())
    intercept, slope, beside = fit(list(before.values()), list(near.values()), list(after.values()))
    expected = intercept + slope * before[each.area] + beside * near[each.area]
    assert each.expected == pytest.approx(expected, rel=2e-3)


def test_nobody_of_the_best_tenth_has_more_than_a_tenth_before_it(real_release: Release) -> None:
    assert real_release.exemplars(kind="top")
    tops = [each for each in real_release.exemplars(kind="top") if each.chance_top is None]
    for each in tops[:: max(1, len(tops) // 40)]:
        peers: Peers = "england" if each.pool == "england" else "type"
        figure = real_release.figure(
            each.metric, each.area, each.period, breakdown=each.breakdown, peers=Comparators(peers)
        )
        assert figure.rank is not None
        assert figure.rank_of is not None
        assert figure.rank <= figure.rank_of / 10


def test_shuffled_years_flag_anyone_in_fewer_than_a_tenth_of_metrics(real_release: Release) -> None:
    trust = real_release.exemplar_trust
    assert trust.panels > 1000
    assert trust.panels_flagged / trust.panels < 0.10
    # A whole list of chance is a small part of the real one.
    assert trust.shuffled_flags / trust.shuffles < 0.25 * trust.flags


def test_most_earlier_entries_kept_half_of_their_gain_and_more_of_them_than_of_the_largest_changes(
    real_release: Release,
) -> None:
    trust = real_release.exemplar_trust
    assert trust.past_flags >= 30
    assert trust.past_kept / trust.past_flags >= 0.60
    assert trust.past_kept / trust.past_flags > trust.raw_kept / trust.raw_flags
