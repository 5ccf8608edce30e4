"""A funnel has every council once, its lines around them, and numbers that can be read."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.funnel import Council, Funnel, Limits, choose_numbers, draw_funnel, space_evenly
from moothall.core.values import Unit

SVG = {"svg": "http://www.w3.org/2000/svg"}


def make_funnel(councils: tuple[Council, ...], selected: tuple[str, ...] = ()) -> Funnel:
    least, most = (pick(each.base for each in councils) for pick in (min, max))
    limits = tuple(
        Limits(base, (20 - 100 / base**0.5, 20 + 100 / base**0.5), (20 - 160 / base**0.5, 20 + 160 / base**0.5))
        for base in space_evenly(least * 0.9, most * 1.1, 60)
    )
    return Funnel(
        key="funnel",
        title="Moots",
        councils=councils,
        limits=limits,
        centre=20.0,
        centre_text="all together 20%",
        selected=selected,
        unit=Unit.PERCENT,
        across="Number counted",
        description="None of them.",
        address="/areas/",
    )


COUNCILS = (
    Council("A", "Barchester", 10, 35.0, "35.0%"),
    Council("B", "Silverbridge", 100, 22.0, "22.0%"),
    Council("C", "Allington & <Dale>", 1000, 19.0, "19.0%"),
)


def draw(*selected: str) -> ET.Element:
    return ET.fromstring(draw_funnel(make_funnel(COUNCILS, selected)))  # noqa: S314 - our own


def test_every_council_is_there_once_with_its_name() -> None:
    root = draw("B")
    marks = {each.get("data-code"): each for each in root.iter() if each.get("data-code")}
    assert sorted(str(key) for key in marks) == ["A", "B", "C"]
    assert {mark.tag for mark in marks.values()} == {"circle", "svg"}
    titles = {key: mark.findtext("title") for key, mark in marks.items()}
    assert titles == {"A": "Barchester 35.0%", "B": "Silverbridge 22.0%", "C": "Allington & <Dale> 19.0%"}
    assert [key for key, mark in marks.items() if mark.tag == "svg"] == ["B"]


def test_more_is_to_the_right_and_higher_is_up() -> None:
    circles = [each for each in draw().iter("circle") if each.get("data-code")]
    across = [float(str(each.get("cx")).rstrip("%")) for each in circles]
    down = [float(str(each.get("cy"))) for each in circles]
    assert across == sorted(across)
    assert down == sorted(down)
    # By the logarithm: from 10 to 100 is as far as from 100 to 1,000.
    assert across[1] - across[0] == pytest.approx(across[2] - across[1], abs=0.02)


def test_it_is_named_described_and_its_axes_are_labelled() -> None:
    root = draw()
    assert root.get("role") == "img"
    assert root.findtext("title") == "Moots"
    assert root.findtext("desc") == "None of them."
    texts = [each.text for each in root.iter("text")]
    assert {"10", "100", "1,000", "Number counted →", "dashed: all together 20%"} <= set(texts)


@given(least=st.floats(0.1, 1e5), times=st.floats(1.5, 1e5))
def test_numbers_below_are_round_few_and_on_the_axis(least: float, times: float) -> None:
    found = choose_numbers(least, least * times)
    assert len(found) <= 5
    assert found == sorted(found)
    assert all(least <= each <= least * times for each in found)
    assert {f"{each:.1e}"[0:3] for each in found} <= {"1.0", "1.5", "2.0", "2.5", "3.0", "4.0", "5.0", "6.0", "8.0"}


def test_a_short_axis_has_more_than_one_number() -> None:
    assert choose_numbers(1449, 3038) == [1500, 2000, 2500, 3000]


def test_numbers_are_spaced_evenly_by_their_logarithm() -> None:
    assert space_evenly(1, 100, 3) == pytest.approx([1, 10, 100])
