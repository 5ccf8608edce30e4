"""The rules of `docs/methods/national.md`, each example checked against the code."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from moothall.core.movements import find_gap
from moothall.core.values import Lever, Polarity, Unit
from moothall.release.national import MovementRecord
from moothall.release.records import MetricRecord
from moothall.site.narrative.national import find_course
from tests.analysis.movements import make_movements
from tests.spec.examples import Examples, number

PAGE = Examples("national.md")
NEAR = 5e-5  # the page has four decimals


def numbers(text: str) -> list[float | None]:
    return [number(part) for part in text.split()]


def words(text: str) -> list[str]:
    return [] if text == "-" else text.split()


def test_the_page_has_every_table() -> None:
    assert PAGE.named == {"tenths", "followed", "course", "gap", "fifths"}


@pytest.mark.parametrize(("values", "lower", "middle", "upper"), PAGE.of("tenths"))
def test_tenths(values: str, lower: str, middle: str, upper: str) -> None:
    [found] = make_movements([[each] for each in numbers(values)])
    given = [found["lower_tenth_last"], found["median_last"], found["upper_tenth_last"]]
    assert given == pytest.approx([float(lower), float(middle), float(upper)])


@pytest.mark.parametrize(("councils", "breaks", "affected", "first", "many", "periods"), PAGE.of("followed"))
def test_followed(councils: str, breaks: str, affected: str, first: str, many: str, periods: str) -> None:
    series = [numbers(each) for each in councils.split(";")]
    [found] = make_movements(series, breaks=words(breaks), affected=words(affected))
    assert (found["first"], found["councils"], found["points"]) == (first, int(many), int(periods))


@pytest.mark.parametrize(("direction", "better", "lever", "said"), PAGE.of("course"))
def test_course(direction: str, better: str, lever: str, said: str) -> None:
    metric = SimpleNamespace(polarity=Polarity(better), lever=Lever(lever), unit=Unit.PERCENT, places=1)
    plain: dict[str, Any] = dict.fromkeys(MovementRecord.__dataclass_fields__)
    movement = replace(MovementRecord(**plain), median_first=1.0, median_last=2.0)
    movement = replace(movement, direction=None if direction == "-" else direction)  # type: ignore[arg-type]
    assert find_course(cast(MetricRecord, metric), movement) == said


@pytest.mark.parametrize(("unit", "first", "last", "measure", "before", "after", "chance", "said"), PAGE.of("gap"))
def test_gap(unit: str, first: str, last: str, measure: str, before: str, after: str, chance: str, said: str) -> None:
    series = [list(pair) for pair in zip(numbers(first), numbers(last), strict=True)]
    [found] = make_movements(series, metric={"unit": unit})
    assert found["measure"] == measure
    for end, expected in (("first", before), ("last", after)):
        gap = find_gap(found["measure"], found[f"lower_tenth_{end}"], found[f"upper_tenth_{end}"])
        assert gap == pytest.approx(float(expected), abs=NEAR)
    p = number(chance)
    assert found["spread_p"] == (None if p is None else pytest.approx(p, abs=0.05))
    assert found["spread_direction"] == (None if said == "-" else said)


@pytest.mark.parametrize(("scores", "values", "many", "most", "least"), PAGE.of("fifths"))
def test_fifths(scores: str, values: str, many: str, most: str, least: str) -> None:
    deprivation = [float(each) for each in scores.split()]
    [found] = make_movements([[each] for each in numbers(values)], deprivation=deprivation)
    given = [found[name] for name in ("fifth", "most_deprived_last", "least_deprived_last")]
    assert given == [number(many), number(most), number(least)]
