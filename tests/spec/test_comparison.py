"""The rules of `docs/methods/comparison.md`, each example checked against both implementations."""

from __future__ import annotations

import polars as pl
import pytest

from moothall.analysis.position import add_displayed, position
from moothall.charts.classes import part
from moothall.core.statistics import (
    competition_ranks,
    is_covered,
    is_enough_of_list,
    mads_from,
    median,
    median_absolute_deviation,
    quantile,
    quarter_band,
)
from moothall.core.values import Polarity, Unit, format_number
from tests.analysis.pool import FUNCTIONS, make_area, make_current, make_lists, make_metric, make_pool, make_register
from tests.spec.examples import Examples, number

PAGE = Examples("comparison.md")


def numbers(text: str) -> list[float | None]:
    return [number(part) for part in text.split()]


def known(text: str) -> list[float]:
    return [value for value in numbers(text) if value is not None]


def test_the_page_has_every_table() -> None:
    named = PAGE.named
    assert named == {
        "coverage",
        "list",
        "neighbours",
        "middle",
        "distance",
        "rank",
        "quarter",
        "change",
        "classes",
        "rounding",
    }


@pytest.mark.parametrize(("eligible", "with_value", "compared"), PAGE.of("coverage"))
def test_coverage(eligible: str, with_value: str, compared: str) -> None:
    assert is_covered(int(with_value), int(eligible)) is (compared == "yes")
    if int(eligible):
        values = [float(i) for i in range(int(with_value))] + [None] * (int(eligible) - int(with_value))
        pool = make_pool(values)
        england = pool.summary("england")
        assert (england["median"] is not None) is (compared == "yes")
        assert england["eligible"] == int(eligible)
        assert (england["marker"] == "too_few") is (compared == "no")


@pytest.mark.parametrize(("listed", "with_value", "compared"), PAGE.of("list"))
def test_list(listed: str, with_value: str, compared: str) -> None:
    assert is_enough_of_list(int(with_value), int(listed)) is (compared == "yes")
    values = [float(i) for i in range(int(with_value))] + [None] * (int(listed) - int(with_value))
    figure = place_beside(5.0, values, Polarity.HIGHER, 0)
    assert figure["neighbours_with_value"] == int(with_value)
    assert (figure["median_neighbours"] is not None) is (compared == "yes")


@pytest.mark.parametrize(
    ("own", "others", "better", "decimals", "middle", "distance", "rank", "quarter"), PAGE.of("neighbours")
)
def test_neighbours(
    own: str, others: str, better: str, decimals: str, middle: str, distance: str, rank: str, quarter: str
) -> None:
    figure = place_beside(number(own), numbers(others), Polarity(better), int(decimals))
    said = [figure[f"{name}_neighbours"] for name in ("median", "mads", "rank", "band")]
    assert said == [None if text == "-" else pytest.approx(float(text)) for text in (middle, distance, rank, quarter)]


def place_beside(own: float | None, others: list[float | None], polarity: Polarity, places: int) -> dict[str, object]:
    """The figure of a council beside its neighbours' values."""
    areas = [make_area(place) for place in range(1, len(others) + 2)]
    rows = [
        {"area_code": area.code, "value": value, "marker": None if value is not None else "suppressed"}
        for area, value in zip(areas, [own, *others], strict=True)
    ]
    metric = make_metric(polarity, places)
    lists = make_lists({areas[0].code: [area.code for area in areas[1:]]})
    figures, _ = position(make_current(rows), {metric.key: metric}, make_register(areas), FUNCTIONS, neighbours=lists)
    return figures.row(0, named=True)


@pytest.mark.parametrize(("values", "middle", "mad", "lower", "upper"), PAGE.of("middle"))
def test_middle(values: str, middle: str, mad: str, lower: str, upper: str) -> None:
    present = known(values)
    expected = [float(middle), float(mad), float(lower), float(upper)]
    assert [
        median(present),
        median_absolute_deviation(present),
        quantile(present, 0.25),
        quantile(present, 0.75),
    ] == pytest.approx(expected)
    england = make_pool(numbers(values)).summary("england")
    assert [england[name] for name in ("median", "mad", "lower_quartile", "upper_quartile")] == pytest.approx(expected)


@pytest.mark.parametrize(("value", "values", "decimals", "distance"), PAGE.of("distance"))
def test_distance(value: str, values: str, decimals: str, distance: str) -> None:
    present = known(values)
    expected = pytest.approx(number(distance), abs=1e-9)
    assert mads_from(float(value), median(present), median_absolute_deviation(present), int(decimals)) == expected
    if float(value) in present:
        figures = make_pool(numbers(values), places=int(decimals)).figures
        assert figures.filter(pl.col("value") == float(value))["mads_england"][0] == expected


@pytest.mark.parametrize(("values", "better", "decimals", "ranks"), PAGE.of("rank"))
def test_rank(values: str, better: str, decimals: str, ranks: str) -> None:
    expected = [None if text == "-" else int(text) for text in ranks.split()]
    polarity, places = Polarity(better), int(decimals)
    found = iter(competition_ranks(known(values), polarity, places) or [])
    assert [None if value is None else next(found, None) for value in numbers(values)] == expected
    assert make_pool(numbers(values), polarity, places).figures["rank_england"].to_list() == expected


@pytest.mark.parametrize(("values", "better", "quarters"), PAGE.of("quarter"))
def test_quarter(values: str, better: str, quarters: str) -> None:
    expected = [None if text == "-" else int(text) for text in quarters.split()]
    present = known(values)
    q1, q2, q3 = (quantile(present, share) for share in (0.25, 0.5, 0.75))
    assert [quarter_band(value, q1, q2, q3, Polarity(better)) for value in present] == expected
    assert make_pool(numbers(values), Polarity(better)).figures["band_england"].to_list() == expected


@pytest.mark.parametrize(("values", "breaks", "changes"), PAGE.of("change"))
def test_change(values: str, breaks: str, changes: str) -> None:
    area, metric = make_area(1), make_metric()
    periods = ("2020-21", "2021-22", "2022-23", "2023-24")
    rows = [
        {
            "area_code": area.code,
            "period": period,
            "value": value,
            "marker": None if value is not None else "not_submitted",
        }
        for period, value in zip(periods, numbers(values), strict=True)
    ]
    broken = {metric.key: frozenset(breaks.split()) - {"-"}}
    figures, _ = position(make_current(rows), {metric.key: metric}, make_register([area]), FUNCTIONS, broken)
    assert figures.sort("period")["change"].to_list() == numbers(changes)


@pytest.mark.parametrize(("values", "classes"), PAGE.of("classes"))
def test_classes(values: str, classes: str) -> None:
    assert "; ".join(part(known(values), Unit.COUNT, 0).labels) == classes


@pytest.mark.parametrize(("value", "decimals", "shown"), PAGE.of("rounding"))
def test_rounding(value: str, decimals: str, shown: str) -> None:
    assert format_number(float(value), int(decimals)).replace("\u2212", "-") == shown
    rows = pl.DataFrame({"value": [float(value)], "places": [int(decimals)]})
    displayed = add_displayed(rows)["shown"][0] / 10 ** int(decimals)
    assert displayed == pytest.approx(float(shown.replace(",", "")))
