"""The rules of `docs/methods/excellence.md`, each example checked against the code."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from moothall.analysis.changes import judge_windows, open_windows
from moothall.analysis.exemplar_checks import look_back
from moothall.analysis.exemplars import find_exemplars, find_steady, was_often_top
from moothall.core.frames import CERTAINTIES, FIGURES
from tests.analysis.panel import ORDINARY, list_ordinary, make_panel, make_real_panels, set_among
from tests.analysis.pool import make_metric
from tests.spec.examples import Examples

PAGE = Examples("excellence.md")
METRIC = make_metric(unit="percent")
YES = {True: "yes", False: "no"}


def numbers(text: str) -> list[float]:
    return [np.nan if part == "-" else float(part) for part in text.split()]


def test_the_page_has_every_table() -> None:
    named = PAGE.named
    assert named == {"tenth", "often", "steady", "window", "change", "kept"}


@pytest.mark.parametrize(("first", "expected"), PAGE.of("tenth"))
def test_tenth(first: str, expected: str) -> None:
    values = [*numbers(first), *(number / 10 for number in range(16))]
    [panel], _, _ = make_real_panels(dict.fromkeys(("2021-22", "2022-23", "2023-24"), values))
    found = [str(place + 1) for place, is_top in enumerate(was_often_top(panel)) if is_top]
    assert " ".join(found) == expected.replace("-", "")


@pytest.mark.parametrize(("in_tenth", "listed"), PAGE.of("often"))
def test_often(in_tenth: str, listed: str) -> None:
    places = np.array([[0.05 if word == "yes" else 0.5] for word in in_tenth.split()[::-1]])
    panel = make_panel(np.zeros_like(places), places=places)
    assert YES[was_often_top(panel)[0]] == listed


@pytest.mark.parametrize(("denominators", "listed"), PAGE.of("steady"))
def test_steady(denominators: str, listed: str) -> None:
    metric = make_metric(unit="percent", adds_up={"numerator": "moots-kept", "denominator": "moots-called"})
    panel = make_panel(np.zeros((3, 1)))
    rows = [
        dict.fromkeys(FIGURES)
        | {"metric_key": "moots-called", "breakdown": "all", "area_code": "E06900000", "period": period, "value": value}
        for period, value in zip(panel.periods, numbers(denominators)[::-1], strict=True)
    ]
    assert YES[find_steady(panel, metric, pl.DataFrame(rows, schema=FIGURES)) == {"E06900000"}] == listed


@pytest.mark.parametrize(("years", "window"), PAGE.of("window"))
def test_window(years: str, window: str) -> None:
    marks, stretches, stretch = [], [], 0
    for mark in years.split():
        if mark == "|":
            stretch += 1
        else:
            marks.append(mark)
            stretches.append(stretch)
    many = len(marks)
    panel = make_panel(
        list_ordinary(many),
        periods=tuple(None if mark == "-" else f"20{10 + place}" for place, mark in reversed(list(enumerate(marks)))),
        stretches=tuple(stretches[::-1]),
        is_left_out=tuple(mark == "c" for mark in marks[::-1]),
    )
    chosen = panel.choose_window()
    found = " ".join(str(many - year) for year in sorted(chosen, reverse=True)) if chosen else "-"
    assert found == window


@pytest.mark.parametrize(("values", "kind"), PAGE.of("change"))
def test_change(values: str, kind: str) -> None:
    panel = set_among(numbers(values))
    found = find_exemplars(
        [panel], pl.DataFrame(schema=FIGURES), {METRIC.key: METRIC}, pl.DataFrame(schema=CERTAINTIES), {}
    )
    assert found.select("area_code", "kind").rows() == ([] if kind == "-" else [(f"E069{ORDINARY:05d}", kind)])


@pytest.mark.parametrize(("values", "kept"), PAGE.of("kept"))
def test_kept(values: str, kept: str) -> None:
    first, after, later = numbers(values)
    # The rest stands still, so that what is gained is what is gained beyond the median.
    rest = np.repeat(list_ordinary(1), 7, axis=0) + np.array([[0], [0], [0.5], [-0.5], [0], [0.5], [-0.5]])
    rest[:, np.argsort(rest[0])[17:23]] = 39.75  # whoever is set among them, the middle stays where it is
    own = np.array([[later], [after], [after], [after], [first], [first], [first]])
    panel = make_panel(np.hstack([rest, own]))
    [judged] = judge_windows(open_windows([panel], 2, {}))
    assert judged.is_flagged[ORDINARY]
    [outlasted] = look_back([panel], {}).values()
    assert outlasted.flags == 1
    assert YES[outlasted.kept == 1] == kept
