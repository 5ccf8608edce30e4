"""A scatter has every council once, where its two values put it, and keeps the far ones on the page."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.scatter import MOST_FORMS, Axis, Mark, Scatter, draw_form, draw_scatter, gather_beyond
from moothall.core.values import Unit

SVG = {"svg": "http://www.w3.org/2000/svg"}
MARKS = (
    Mark("A", "Barchester", 10, 35.0, "35.0%, 10", 0),
    Mark("B", "Silverbridge", 20, 22.0, "22.0%, 20", 1, is_near=True),
    Mark("C", "Allington & <Dale>", 30, 19.0, "19.0%, 30", 2),
)


def make_scatter(marks: tuple[Mark, ...], selected: str = "") -> Scatter:
    axis = Axis(Unit.COUNT, 20.0, "median 20")
    up = Axis(Unit.PERCENT, 22.0, "median 22.0%")
    return Scatter("scatter", "Moots", "Three of them.", marks, axis, up, selected, "/against?area=")


def draw(marks: tuple[Mark, ...] = MARKS, selected: str = "") -> ET.Element:
    return ET.fromstring(draw_scatter(make_scatter(marks, selected)))  # noqa: S314 - our own


def find_marks(root: ET.Element) -> dict[str, ET.Element]:
    found = [each for each in root.iter() if "data-code" in each.attrib]
    assert len(found) == len({each.attrib["data-code"] for each in found})
    return {each.attrib["data-code"]: each for each in found}


def test_every_council_is_there_once_with_its_name_and_both_values() -> None:
    marks = find_marks(draw(selected="B"))
    titles = {code: "".join(mark.itertext()) for code, mark in marks.items()}
    assert titles == {
        "A": "Barchester 35.0%, 10",
        "B": "Silverbridge 22.0%, 20",
        "C": "Allington & <Dale> 19.0%, 30",
    }


def test_more_is_to_the_right_and_up() -> None:
    marks = find_marks(draw())
    across = [float(marks[each].attrib["x"].rstrip("%")) for each in "ABC"]
    up = [float(marks[each].attrib["y"]) for each in "ABC"]
    assert across == sorted(across)
    assert up == sorted(up)


def test_kinds_have_forms_neighbours_their_own_look_and_the_chosen_its_name() -> None:
    root = draw(selected="A")
    marks = find_marks(root)
    assert marks["B"].attrib["href"] == "#scatter-1"
    assert marks["C"].attrib["href"] == "#scatter-2"
    near = next(each for each in root.iter() if each.get("class") == "mh-scatter__near")
    assert [each.get("data-code") for each in near] == ["B"]
    texts = [each.text for each in root.iter() if each.get("class") == "mh-scatter__name"]
    assert texts == ["Barchester"]
    assert len({str(draw_form(each)) for each in range(MOST_FORMS)}) == MOST_FORMS


def test_medians_stand_where_they_are() -> None:
    marks = find_marks(draw())
    up, down = [each for each in draw().iter() if each.get("class") == "mh-chart__median"]
    assert up.attrib["x1"] == up.attrib["x2"]
    assert float(up.attrib["x1"].rstrip("%")) == pytest.approx(float(marks["B"].attrib["x"].rstrip("%")), abs=0.01)
    assert float(down.attrib["y1"]) == pytest.approx(float(marks["B"].attrib["y"]), abs=0.11)


def test_one_far_out_stands_at_the_edge_and_the_others_keep_their_room() -> None:
    many = tuple(Mark(f"E{i}", f"Moot {i}", i, i % 7, "", 0) for i in range(40))
    far = Mark("F", "Omnium", 9000, 3, "", 0)
    assert gather_beyond(many) == []
    assert gather_beyond((*many, far)) == [far]
    marks = find_marks(draw((*many, far)))
    assert "mh-scatter__beyond" in marks["F"].attrib["class"]
    assert float(marks["E39"].attrib["x"].rstrip("%")) > 80
    assert float(marks["F"].attrib["x"].rstrip("%")) <= 100


@given(
    st.lists(
        st.tuples(st.floats(-1e7, 1e7, allow_subnormal=False), st.floats(-1e4, 1e4, allow_subnormal=False)),
        min_size=1,
        max_size=30,
    )
)
def test_it_is_whole_and_on_the_page_whatever_the_values(values: list[tuple[float, float]]) -> None:
    marks = tuple(replace(MARKS[0], key=f"E{i}", across=x, up=y) for i, (x, y) in enumerate(values))
    root = draw(marks)
    assert "nan" not in ET.tostring(root, encoding="unicode")
    height = float(root.attrib["height"])
    for mark in find_marks(root).values():
        assert 0 <= float(mark.attrib["x"].rstrip("%")) <= 100
        assert 0 <= float(mark.attrib["y"]) <= height
