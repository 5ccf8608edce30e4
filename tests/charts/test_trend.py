"""A trend draws what is known and nothing between, over real time, and says in words what it shows."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.axes import HEIGHT, LINE, Span
from moothall.charts.fan import Ahead
from moothall.charts.scales import choose_ticks
from moothall.charts.trend import MOST_LINES, Line, Point, Trend, describe_trend, draw_trend
from moothall.core.periods import Period, day, financial_year, quarter, wave
from moothall.core.values import Unit

values = st.floats(-1e6, 1e6, allow_nan=False)


def make_line(*numbers: float | None, name: str = "Barchester", is_median: bool = False) -> Line:
    return Line(name, tuple(None if each is None else Point(each, f"{each:.1f}%") for each in numbers), is_median)


def make_trend(*lines: Line, periods: list[Period] | None = None, unit: Unit = Unit.PERCENT) -> Trend:
    many = len(lines[0].points)
    spans = tuple(Span(each) for each in periods or [financial_year(2010 + place) for place in range(many)])
    return Trend("t", "Bins", spans, lines, None, (None,) * many, None, unit)


def parse(trend: Trend) -> ET.Element:
    drawn = draw_trend(trend)
    assert drawn is not None
    return ET.fromstring(drawn)  # noqa: S314 - our own drawing


def classed(root: ET.Element, name: str) -> list[ET.Element]:
    return [each for each in root.iter() if name in (each.get("class") or "").split()]


def runs(root: ET.Element, name: str) -> list[int]:
    """How many points each unbroken piece of a line joins."""
    path = classed(root, name)[0].get("d") or ""
    return [piece.count("L") + 1 for piece in path.split("M")[1:]]


@given(st.lists(st.one_of(st.none(), values), min_size=2, max_size=30))
def test_every_value_is_drawn_once_and_nothing_is_drawn_for_the_rest(numbers: list[float | None]) -> None:
    trend = make_trend(make_line(*numbers))
    drawn = draw_trend(trend)
    held = [each for each in numbers if each is not None]
    if len(held) < 2:
        assert drawn is None
        return
    root = parse(trend)
    titles = [each[0].text for each in classed(root, "mh-mark")]
    assert len(titles) == len(held)
    joined = sum(1 for before, after in itertools.pairwise(numbers) if None not in (before, after))
    paths = "".join(each.get("d") or "" for each in classed(root, "mh-trend__line"))
    assert paths.count("L") == joined


def test_a_missing_period_is_a_gap_and_a_lone_point_still_stands() -> None:
    root = parse(make_trend(make_line(1, 2, None, 4, None, 6, 7)))
    assert runs(root, "mh-trend__line") == [2, 2]
    assert "Barchester 4.0%, 2013-14" in [each[0].text for each in classed(root, "mh-trend__end")]


def test_a_break_cuts_every_line_and_the_band_and_has_its_letter() -> None:
    many = 6
    trend = make_trend(make_line(*range(1, many + 1)))
    trend = replace(
        trend,
        median=make_line(*(3.0,) * many, is_median=True),
        country=make_line(*(4.0,) * many, is_median=True),
        middle=((2.0, 4.0),) * many,
        spans=tuple(replace(span, letter="a" if place == 4 else "") for place, span in enumerate(trend.spans)),
    )
    root = parse(trend)
    for name in ("mh-trend__line--first", "mh-trend__line--median", "mh-trend__line--country"):
        assert runs(root, name) == [4, 2]
    assert len(classed(root, "mh-chart__band")) == 2
    assert [each.text for each in classed(root, "mh-trend__letter")] == ["a"]
    # The mark stands on the first day of its period.
    axis = financial_year(2010).start.toordinal(), financial_year(2015).end.toordinal()
    share = (financial_year(2014).start.toordinal() - axis[0]) / (axis[1] - axis[0])
    assert classed(root, "mh-trend__break")[0].get("x1") == f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"
    assert "The series breaks before 2014-15 (a)." in describe_trend(trend)


def test_values_on_different_bases_are_not_joined() -> None:
    points = tuple(Point(float(each), str(each), basis="other" if each > 2 else "") for each in range(1, 6))
    root = parse(make_trend(Line("Barchester", points)))
    assert runs(root, "mh-trend__line") == [2, 3]


def test_time_is_real() -> None:
    periods = [wave(2012), wave(2014), wave(2016), wave(2021)]
    root = parse(make_trend(make_line(1, 2, 3, 4), periods=periods))
    across = [float((each.get("cx") or each.get("x") or "").removesuffix("%")) for each in classed(root, "mh-mark")]
    steps = [after - before for before, after in itertools.pairwise(across)]
    assert steps[0] == pytest.approx(steps[1], rel=0.01)
    assert steps[2] == pytest.approx(2.5 * steps[0], rel=0.01)
    assert runs(root, "mh-trend__line") == [3]


@pytest.mark.parametrize(
    ("periods", "joined"),
    [
        ([quarter(2023, 3), quarter(2023, 4), quarter(2024, 1)], [3]),
        ([quarter(2023, 3), quarter(2024, 1), quarter(2024, 2)], [2]),
        ([day(financial_year(each).end) for each in (2018, 2019, 2021)], [2]),
    ],
)
def test_what_adjoins_depends_on_the_kind_of_period(periods: list[Period], joined: list[int]) -> None:
    assert runs(parse(make_trend(make_line(1, 2, 3), periods=periods)), "mh-trend__line") == joined


def test_provisional_is_hollow() -> None:
    points = (*(Point(float(each), str(each)) for each in range(3)), Point(3.0, "3", is_hollow=True))
    marks = classed(parse(make_trend(Line("Barchester", points))), "mh-mark")
    assert ["mh-trend__point--hollow" in (each.get("class") or "") for each in marks] == [False, False, False, True]


def test_years_of_the_pandemic_are_shaded_as_one() -> None:
    trend = make_trend(make_line(1, 2, 3, 4, 5))
    spans = tuple(replace(span, is_covid=place in {1, 2}) for place, span in enumerate(trend.spans))
    root = parse(replace(trend, spans=spans))
    (shaded,) = classed(root, "mh-trend__covid")
    assert float((shaded.get("x") or "").removesuffix("%")) == pytest.approx(20, abs=0.1)
    assert float((shaded.get("width") or "").removesuffix("%")) == pytest.approx(40, abs=0.1)
    assert "COVID-19" in [each.text for each in root.iter("text")]


@given(st.lists(values, min_size=2, max_size=MOST_LINES), st.sampled_from([Unit.PERCENT, Unit.POUNDS, Unit.COUNT]))
def test_names_at_the_ends_do_not_overlap(ends: list[float], unit: Unit) -> None:
    lines = [make_line(0.0, end, name=f"A council of a longer name {place}") for place, end in enumerate(ends)]
    root = parse(make_trend(*lines, unit=unit))
    boxes = [[float(text.get("y") or 0) for text in each.iter("text")] for each in classed(root, "mh-trend__name")]
    assert len(boxes) == len(ends)
    every = sorted(y for box in boxes for y in box)
    assert all(after - before >= LINE - 0.5 for before, after in itertools.pairwise(every))
    assert float(root.get("height") or 0) >= every[-1]


def test_a_line_that_ended_says_when() -> None:
    root = parse(make_trend(make_line(1, 2, 3, None), make_line(4, 5, 6, 7, name="Framley")))
    said = [" ".join(text.text or "" for text in each.iter("text")) for each in classed(root, "mh-trend__name")]
    assert sorted(said) == ["Barchester, to 2012-13", "Framley"]


def test_lines_are_told_by_shape_and_colour() -> None:
    root = parse(make_trend(*(make_line(place, place + 1, name=f"C{place}") for place in range(MOST_LINES))))
    ends = classed(root, "mh-trend__end")
    assert len({ET.tostring(each[1][0]) for each in ends}) == MOST_LINES
    assert len({re.findall(r"mh-series-\d", each.get("class") or "")[0] for each in ends}) == MOST_LINES


@given(values, values)
def test_ticks_are_round_few_and_around_the_values(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = choose_ticks(low, high)
    assert 2 <= len(ticks) <= 6
    assert ticks[0] <= low
    assert ticks[-1] >= high
    step = ticks[1] - ticks[0]
    assert float(f"{step:.0e}") == pytest.approx(step)
    assert f"{step:.0e}"[0] in "125"
    assert all(after - before == pytest.approx(step) for before, after in itertools.pairwise(ticks))


@pytest.mark.parametrize(("numbers", "said"), [((30.0, 50.0), True), ((1.0, 50.0), False), ((-5.0, 5.0), False)])
def test_a_scale_without_zero_says_so(numbers: tuple[float, float], said: bool) -> None:
    texts = [each.text for each in parse(make_trend(make_line(*numbers))).iter("text")]
    assert ("The scale does not start at zero." in texts) is said


@pytest.mark.parametrize(
    ("unit", "numbers", "tick", "words"),
    [
        (Unit.PERCENT, (10.0, 20.0), "12%", None),
        (Unit.POUNDS, (1000.0, 2000.0), "£1,200", None),
        (Unit.COUNT, (0.0, 2_500_000.0), "1.5", "Number, millions"),
        (Unit.PER_1000, (0.1, 0.3), "0.1", "per 1,000"),
        (Unit.COUNT, (-40.0, 40.0), "\u221220", "Number"),
    ],
)
def test_ticks_carry_the_unit(unit: Unit, numbers: tuple[float, ...], tick: str, words: str | None) -> None:
    texts = [each.text for each in parse(make_trend(make_line(*numbers), unit=unit)).iter("text")]
    assert tick in texts
    assert words is None or words in texts


def test_a_value_just_below_zero_needs_no_step_below() -> None:
    root = parse(make_trend(make_line(-11.0, 3900.0), unit=Unit.COUNT))
    ticks = [each.text for each in classed(root, "mh-chart__label--quiet") if each.get("text-anchor") == "end"]
    assert "\u22121,000" not in ticks
    lowest = max(float(each.get("cy") or each.get("y") or 0) for each in classed(root, "mh-mark"))
    assert lowest <= HEIGHT + 2 * LINE + 10


def test_years_stand_below_quarters() -> None:
    periods = [quarter(2018 + place // 4, place % 4 + 1) for place in range(1, 30)]
    root = parse(make_trend(make_line(*(float(each) for each in range(29))), periods=periods))
    labels = [each.text for each in root.iter("text") if each.get("text-anchor") == "middle"]
    assert set(labels) == {str(year) for year in range(2018, 2026)}


def test_it_is_an_image_with_a_name_and_a_description() -> None:
    trend = make_trend(make_line(1, 2, None), make_line(None, None, None, name="Framley"))
    root = parse(trend)
    assert root.get("role") == "img"
    named = {each.get("id"): each.text for each in root if each.tag in {"title", "desc"}}
    assert [named[key] for key in (root.get("aria-labelledby") or "").split()] == ["Bins", describe_trend(trend)]
    assert describe_trend(trend) == (
        "Barchester: 1.0% in 2010-11, 2.0% in 2011-12, no figure in 1 of 3 periods. Framley: no figure."
    )


def test_names_are_escaped() -> None:
    root = parse(make_trend(make_line(1, 2, name="<b>A</b> & Sons")))
    assert classed(root, "mh-mark")[0][0].text == "<b>A</b> & Sons 1.0%, 2010-11"


def test_an_interval_is_drawn_through_its_point_and_is_on_the_axis() -> None:
    points = (
        Point(50.0, "50.0%", interval=(30.0, 60.0)),
        Point(52.0, "52.0%", interval=(45.0, 90.0)),
        Point(51.0, "51.0%"),
    )
    root = parse(make_trend(Line("Barchester", points)))
    lines = classed(root, "mh-interval")
    assert len(lines) == 2
    marks = {each[0].text: float(each.get("cy") or 0) for each in classed(root, "mh-trend__point")}
    for line, name in zip(lines, ("Barchester 50.0%, 2010-11", "Barchester 52.0%, 2011-12"), strict=True):
        low, high = float(line.get("y1") or 0), float(line.get("y2") or 0)
        assert 0 < high < marks[name] < low < LINE * 2 + 10 + HEIGHT


def test_a_projection_goes_on_from_the_last_point_with_its_ranges() -> None:
    ahead = tuple(
        Ahead(financial_year(2012 + step), 40.0 + step, f"{40 + step}.0%", (1.0 * step, 2.0 * step, 4.0 * step))
        for step in (1, 2)
    )
    plain = make_trend(make_line(30.0, 35.0, 40.0), make_line(10.0, 10.0, 10.0, name="Silverbridge"))
    trend = replace(plain, ahead=ahead)
    root = parse(trend)
    fans = [each.get("d") or "" for each in classed(root, "mh-trend__fan")]
    assert len(fans) == 3
    starts = {each.split("L")[0] for each in fans}
    [line] = classed(root, "mh-trend__line--ahead")
    assert starts == {(line.get("d") or "").split("L")[0]}, "all begin where the line ends"
    heights = [[float(pair.split(" ")[1]) for pair in each.strip("Mz").split("L")] for each in fans]
    spread = [max(each) - min(each) for each in heights]
    assert spread == sorted(spread, reverse=True), "the widest lies behind"
    hollow = [each[0].text for each in classed(root, "mh-trend__point--hollow")]
    assert hollow == [
        f"Barchester, if the recent pattern continues: {41 + step}.0%, {2013 + step}-{14 + step}" for step in (0, 1)
    ]
    assert "If the recent pattern continues: 41.0% in 2013-14, 42.0% in 2014-15." in describe_trend(trend)
    years = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert {"2013-14", "2014-15"} <= set(years)
    assert "mh-trend__fan" not in str(draw_trend(plain))
