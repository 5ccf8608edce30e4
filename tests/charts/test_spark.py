"""Sparks draw what is joined as a line and what is not as dots; marks are as many as there are series."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.spark import Middle, draw_marks, draw_spark


def make(values: list[float], apart: set[int] = frozenset()) -> list[Middle]:  # type: ignore[assignment]
    return [
        Middle(place, value - 1, value, value + 1, place > 0 and place not in apart)
        for place, value in enumerate(values)
    ]


def test_one_period_has_no_spark() -> None:
    assert draw_spark(make([1.0])) is None
    assert draw_spark([]) is None


def test_a_break_parts_the_line() -> None:
    assert str(draw_spark(make([1, 2, 3, 4]))).count("mh-spark__line") == 1
    assert str(draw_spark(make([1, 2, 3, 4], {2}))).count("mh-spark__line") == 2
    alone = str(draw_spark(make([1, 2, 3], {1, 2})))
    assert (alone.count("mh-spark__line"), alone.count('r="1.5"')) == (0, 3)


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=2, max_size=30))
def test_nothing_leaves_the_drawing(values: list[float]) -> None:
    drawn = str(draw_spark(make(values)))
    points = re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", drawn)
    assert all(0 <= float(x) <= 120 and 0 <= float(y) <= 32 for x, y in points)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_there_is_a_mark_for_each_series(better: int, unclear: int, worse: int) -> None:
    drawn = str(draw_marks(better, unclear, worse) or "")
    counts = [drawn.count(f"mh-spark__{kind}") for kind in ("better", "unclear", "worse")]
    assert counts == [better, unclear, worse]
    assert bool(drawn) == bool(better + unclear + worse)
