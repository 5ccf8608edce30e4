"""A strip draws every council once, better to the right, and says in words what it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.charts.scales import Scale
from moothall.charts.strip import MOST_SELECTED, REACH, Dot, Strip, describe_strip, draw_strip
from moothall.core.values import Polarity

distances = st.floats(-60, 60, allow_nan=False)
polarities = st.sampled_from(Polarity)


def make_strip(
    mads: list[float], polarity: Polarity = Polarity.HIGHER, selected: tuple[int, ...] = (), name: str = "Council"
) -> Strip:
    dots = tuple(Dot(f"c{i}", f"{name} {i}", each, f"{each:.3f} kg") for i, each in enumerate(mads))
    return Strip("s", "Bins", dots, tuple(f"c{i}" for i in selected), polarity, "councils", "5.0 kg")


def parse(strip: Strip) -> ET.Element:
    return ET.fromstring(draw_strip(strip))  # noqa: S314 - our own drawing


def titles(root: ET.Element) -> list[str]:
    """Every council named by a mark, without the title of the whole."""
    return [each.text or "" for parent in root.iter() for each in parent.findall("title") if parent is not root]


def places(root: ET.Element) -> dict[str, float]:
    """How far across each council is drawn, in per cent."""
    found = {}
    for mark in root.iter():
        title = mark.find("title")
        if mark is root or title is None:
            continue
        holder = next((p for p in root.iter() if p.tag == "svg" and mark in list(p)), mark)
        x = mark.get("cx") or mark.get("x") or holder.get("x")
        found[(title.text or "").rsplit(" ", 2)[0]] = float((x or "").removesuffix("%"))
    return found


@given(st.lists(distances, min_size=1, max_size=60), polarities, st.data())
def test_every_council_is_drawn_once(mads: list[float], polarity: Polarity, data: st.DataObject) -> None:
    selected = tuple(data.draw(st.lists(st.integers(0, len(mads) - 1), max_size=MOST_SELECTED, unique=True)))
    root = parse(make_strip(mads, polarity, selected))
    assert sorted(titles(root)) == sorted(f"Council {i} {each:.3f} kg" for i, each in enumerate(mads))


@given(st.lists(distances, min_size=2, max_size=30, unique=True), polarities)
def test_better_is_to_the_right(mads: list[float], polarity: Polarity) -> None:
    across = places(parse(make_strip(mads, polarity)))
    sign = -1 if polarity is Polarity.LOWER else 1
    drawn = [across[f"Council {i}"] for i in sorted(range(len(mads)), key=lambda i: sign * mads[i])]
    assert drawn == sorted(drawn)
    assert all(0 < each < 100 for each in drawn)


@pytest.mark.parametrize(
    ("polarity", "left", "right"),
    [
        (Polarity.HIGHER, "← worse (lower)", "better (higher) →"),
        (Polarity.LOWER, "← worse (higher)", "better (lower) →"),
        (Polarity.NONE, "← lower", "higher →"),
    ],
)
def test_ends_are_named(polarity: Polarity, left: str, right: str) -> None:
    texts = [each.text for each in parse(make_strip([0.0, 1.0], polarity)).iter("text")]
    assert left in texts
    assert right in texts
    if polarity is Polarity.NONE:
        assert not any("better" in (text or "") or "worse" in (text or "") for text in texts)


@given(st.lists(distances, min_size=1, max_size=40))
def test_beyond_the_axis_is_marked_with_its_number(mads: list[float]) -> None:
    strip = make_strip(mads)
    root = parse(strip)
    off = [f"Council {i}" for i, each in enumerate(mads) if abs(each) > REACH]
    arrows = [each for each in root.iter("svg") if "mh-strip__beyond" in (each.get("class") or "")]
    assert len(arrows) == len(off)
    said = " ".join(each.text or "" for each in root.iter("text"))
    if min(mads) < -REACH:
        assert f"{min(mads):.3f} kg" in said
    if max(mads) > REACH:
        assert f"{max(mads):.3f} kg" in said
    description = describe_strip(strip)
    assert all(f"{name} " in description for name in off)
    assert ("Beyond" in description) == bool(off)


def test_edge_of_the_axis_is_on_it() -> None:
    root = parse(make_strip([-REACH, REACH]))
    assert not [each for each in root.iter("svg") if "mh-strip__beyond" in (each.get("class") or "")]


def test_selected_is_told_by_shape_and_colour() -> None:
    root = parse(make_strip([0.0] * 8, selected=(0, 1, 2, 3, 4, 5, 6)))
    marks = [each for each in root.iter("svg") if "mh-strip__selected" in (each.get("class") or "")]
    assert len(marks) == MOST_SELECTED
    shapes = {ET.tostring(list(each)[-1]) for each in marks}
    assert len(shapes) == MOST_SELECTED
    assert len({each.get("class") for each in marks}) == MOST_SELECTED
    assert len({(each.get("x"), each.get("y")) for each in marks}) == MOST_SELECTED


def test_it_is_an_image_with_a_name_and_a_description() -> None:
    root = parse(make_strip([0.0, 9.0], selected=(0,)))
    assert root.get("role") == "img"
    named = {each.get("id"): each.text for each in root if each.tag in {"title", "desc"}}
    assert [named[key] for key in (root.get("aria-labelledby") or "").split()] == [
        "Bins",
        describe_strip(make_strip([0.0, 9.0], selected=(0,))),
    ]
    assert "median of 5.0 kg" in (named["s-desc"] or "")
    assert "Council 0: 0.000 kg." in (named["s-desc"] or "")


def test_same_input_same_drawing() -> None:
    strip = make_strip([0.1, 0.1, 0.1, 2.0, -3.0], selected=(1,))
    assert draw_strip(strip) == draw_strip(strip)


def test_many_ties_stay_inside_the_row() -> None:
    root = parse(make_strip([0.0] * 250))
    band = next(each for each in root.iter("rect"))
    top = float(band.get("y") or 0)
    bottom = top + float(band.get("height") or 0)
    assert all(top <= float(each.get("cy") or 0) <= bottom for each in root.iter("circle"))


def test_names_are_escaped() -> None:
    root = parse(make_strip([0.0], name="<script>alert(1)</script> & Sons"))
    assert titles(root) == ["<script>alert(1)</script> & Sons 0 0.000 kg"]


def test_a_mark_has_its_code_and_its_name_first() -> None:
    strip = make_strip([0.0, 1.0, 9.0], selected=(1,))
    root = ET.fromstring(draw_strip(strip, address="/areas/"))  # noqa: S314 - our own drawing
    assert root.get("data-address") == "/areas/"
    marks = [each for each in root.iter() if "mh-mark" in (each.get("class") or "").split()]
    assert {each.get("data-code"): each[0].text for each in marks} == {
        "c0": "Council 0 0.000 kg", "c1": "Council 1 1.000 kg", "c2": "Council 2 9.000 kg",
    }  # fmt: skip
    assert all(each[0].tag == "title" for each in marks)
    quiet = ET.fromstring(draw_strip(strip, is_named=False))  # noqa: S314 - our own drawing
    assert not [each for each in quiet.iter() if "mh-mark" in (each.get("class") or "")]


def test_the_interval_of_a_selected_council_is_drawn_around_it_and_ends_at_the_axis() -> None:
    dots = (
        Dot("a", "A", 1.0, "6 kg", (-1.0, 3.0)),
        Dot("b", "B", 6.0, "9 kg", (4.0, 40.0)),
        Dot("c", "C", 0.0, "5 kg", (-1, 1)),
    )
    for polarity in Polarity:
        root = parse(Strip("s", "Bins", dots, ("a", "b"), polarity, "councils", "5 kg"))
        lines = [each for each in root.iter("line") if (each.get("class") or "").startswith("mh-interval")]
        assert [each.get("class") for each in lines] == ["mh-interval mh-series-1", "mh-interval mh-series-2"]
        across = {name.rsplit(" ", 2)[0]: x for name, x in places(root).items()}
        for name, line in zip("AB", lines, strict=True):
            ends = sorted(float((line.get(end) or "").removesuffix("%")) for end in ("x1", "x2"))
            assert 0 <= ends[0] < across[name] < ends[1] <= 100


@given(st.lists(distances, min_size=1, max_size=60), polarities, st.data())
def test_without_names_every_council_is_drawn_once_the_comparators_as_squares(
    mads: list[float], polarity: Polarity, data: st.DataObject
) -> None:
    numbers = st.integers(0, len(mads) - 1)
    selected = tuple(data.draw(st.lists(numbers, max_size=MOST_SELECTED, unique=True)))
    compared = data.draw(st.sets(numbers))
    strip = replace(make_strip(mads, polarity, selected), comparators=frozenset(f"c{i}" for i in compared))
    root = ET.fromstring(draw_strip(strip, is_named=False))  # noqa: S314 - our own drawing
    inside = {i for i, each in enumerate(mads) if abs(each) <= REACH} - set(selected)
    paths = {each.get("class"): each.get("d") or "" for each in root.iter("path")}
    assert paths.get("mh-strip__comparators", "").count("h.1") == len(inside & compared)
    assert paths.get("mh-strip__others", "").count("h.1") == len(inside - compared)
    ends = [each for each in root.findall("svg") if each.get("class") == "mh-strip__beyond"]
    arrows = sum((path.get("d") or "").count("z") for each in ends for path in each)
    assert arrows == sum(abs(each) > REACH for each in mads)
    across = [int(x) for path in paths.values() for x in re.findall(r"M(\d+) \d+h\.1", path)]
    assert all(0 <= each <= 1000 for each in across)
    scale = Scale(-REACH, REACH, flipped=polarity is Polarity.LOWER)
    wanted = sorted(scale.place(mads[i]) for i in inside)
    assert all(abs(drawn / 10 - at) <= 0.41 for drawn, at in zip(sorted(across), wanted, strict=True))


def test_shapes_do_not_cover_each_other_and_stay_in_the_row() -> None:
    strip = make_strip([0.0, 0.1, -0.1, 0.05, 3.0, 0.0], selected=(0, 1, 2, 3, 4, 5))
    root = ET.fromstring(draw_strip(strip, height=56, is_named=False))  # noqa: S314 - our own drawing
    marks = [each for each in root.iter("svg") if "mh-strip__selected" in (each.get("class") or "")]
    places = [(float((each.get("x") or "").rstrip("%")), float(each.get("y") or 0)) for each in marks]
    assert len(places) == 6
    assert all(
        abs(x - other_x) >= 4 or abs(y - other_y) >= 18
        for number, (x, y) in enumerate(places)
        for other_x, other_y in places[:number]
    )
    axis = next(each for each in root.iter("line") if each.get("class") == "mh-chart__axis")
    assert all(y - 9 >= 20 and y + 9 <= float(axis.get("y1") or 0) for _, y in places)


def test_it_says_how_many_stand_beside_the_comparators() -> None:
    strip = replace(make_strip([0.0, 1.0, -1.0, 2.0, 12.0], selected=(0,)), comparators=frozenset({"c1", "c2"}))
    said = describe_strip(strip)
    assert "Councils, 2 of them, each placed by its distance from their median of 5.0 kg." in said
    assert "2 others are placed by the same measure." in said
    assert "Beyond" not in said, "only comparators and those selected are named there"
