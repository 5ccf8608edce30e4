"""The map: every council in the shade of its class, with London drawn larger, or every council as a hexagon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from moothall.charts.lettering import wrap
from moothall.charts.svg import Svg, draw, join

WIDTH = 600
"""How wide a map is, in the units of its drawing; it is shown as wide as the page gives it."""

_MARGIN = 8.0
_INSET = 232.0  # how wide the inset is
_SHIFT = 34.0  # how far a map with an inset is pushed aside to make room for it
_LINE = 26.0  # that a line of text takes
_LETTERS, _WIDER = 18, 1.25  # of names; how much wider than Arial a typeface may be that stands in for it
_HATCH = 6.0  # from one stripe to the next
# The shades of the ramp, 1 (lightest) to 5, that so many classes are drawn in.
_SHADES = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    """One council on a map. `shade` is its class from 0, none where there is no value.

    `is_blank` is of a council that the map is not about: outlined, and neither shaded nor hatched.
    """

    code: str
    name: str
    text: str  # its value as shown, or why there is none
    path: str  # SVG path data
    box: tuple[int, int, int, int]  # least x, least y, greatest x, greatest y
    shade: int | None = None
    is_blank: bool = False
    is_inset: bool = False  # drawn larger, too


@dataclass(frozen=True, slots=True)
class Map:
    """What a map shows. `key` is unique on the page; `address` is what a council's code is put behind."""

    key: str
    title: str
    description: str
    shapes: tuple[Shape, ...]
    classes: int
    address: str
    selected: str | None = None
    inset_label: str = "London"


class _Place(NamedTuple):
    """Where shapes are drawn: what of theirs stands at the left and top, where, and how large."""

    left: float
    top: float
    scale: float
    x: float
    y: float

    @property
    def transform(self) -> str:
        shift = (self.x - self.left * self.scale, self.y - self.top * self.scale)
        return f"translate({shift[0]:.1f} {shift[1]:.1f})scale({self.scale:.5g})"

    def across(self, x: float) -> float:
        return self.x + (x - self.left) * self.scale

    def down(self, y: float) -> float:
        return self.y + (y - self.top) * self.scale


def draw_map(plan: Map) -> Svg:
    """Draw a map. Every mark has its council's name and value for a pointer to find.

    What the inset shows is drawn there, and used again, small, in its place: no path is written twice.
    """
    ids = (f"{plan.key}-title", f"{plan.key}-desc")
    inner = [shape for shape in plan.shapes if shape.is_inset]
    outer = [shape for shape in plan.shapes if not shape.is_inset]
    shift = _SHIFT if inner and outer else 0.0
    main, height = _fit(plan.shapes, WIDTH - 2 * _MARGIN - shift, _MARGIN + shift, _MARGIN)
    large = outer or inner
    parts = [
        _define_hatch(f"{plan.key}-hatch", main),
        draw("g", {"transform": main.transform}, *(_draw_shape(plan, shape, "hatch") for shape in large)),
    ]
    chosen = next((shape for shape in plan.shapes if shape.code == plan.selected), None)
    places = [main]
    name_at: tuple[float, float] | None = None
    if inner and outer:
        inset, inset_height = _fit(inner, _INSET - 2 * _MARGIN, _MARGIN, _LINE + 4)
        parts += [
            draw("use", {"href": f"#{plan.key}-inset", "transform": main.transform}),
            draw(
                "rect",
                {
                    "class": "mh-map__frame",
                    "x": 0.5,
                    "y": 0.5,
                    "width": _INSET,
                    "height": inset_height + _LINE + 4 + _MARGIN,
                },
            ),
            draw("text", {"class": "mh-map__place", "x": _MARGIN, "y": _LINE - 4}, plan.inset_label),
            _define_hatch(f"{plan.key}-fine", inset),
            draw(
                "g",
                {"transform": inset.transform},
                draw("g", {"id": f"{plan.key}-inset"}, *(_draw_shape(plan, shape, "fine") for shape in inner)),
            ),
        ]
        if chosen is not None and chosen.is_inset:
            places.append(inset)
            name_at = (_MARGIN, inset_height + 2 * _LINE + 2 * _MARGIN)
    if chosen is not None:
        parts += [_outline(plan, place) for place in places]
        parts.append(_name(chosen, main, name_at))
    return draw(
        "svg",
        {
            "class": "mh-chart mh-map",
            "role": "img",
            "aria-labelledby": " ".join(ids),
            "viewBox": f"0 0 {WIDTH} {height + 2 * _MARGIN:.0f}",
            "data-address": plan.address,
        },
        draw("title", {"id": ids[0]}, plan.title),
        draw("desc", {"id": ids[1]}, plan.description),
        *parts,
    )


def draw_swatch(shade: int, classes: int) -> Svg:
    """The shade of a class, counted from 0, for a key."""
    return _frame_swatch(draw("rect", {"class": _shade(shade, classes), **_SWATCH}))


def draw_hatched_swatch(key: str) -> Svg:
    """The hatching of councils without a value, for a key; `key` is unique on the page."""
    place = _Place(0, 0, 1, 0, 0)
    return _frame_swatch(_define_hatch(key, place), draw("rect", {"fill": f"url(#{key})", **_SWATCH}))


def draw_blank_swatch() -> Svg:
    """The outline of councils that the map is not about, for a key."""
    return _frame_swatch(draw("rect", {"class": "mh-map__blank", **_SWATCH}))


_SWATCH: dict[str, str | int | float | None] = {"x": 0.5, "y": 0.5, "width": 27, "height": 19}


def _frame_swatch(*parts: Svg) -> Svg:
    return draw("svg", {"class": "mh-key mh-map__swatch", "width": 28, "height": 20, "aria-hidden": "true"}, *parts)


def _shade(shade: int, classes: int) -> str:
    return f"mh-map__{_SHADES[classes][shade]}"


def _fit(shapes: Sequence[Shape], width: float, x: float, y: float) -> tuple[_Place, float]:
    """Where shapes are drawn so that they take that width, from `x` and `y` on; and how high they are then."""
    left, top = min(shape.box[0] for shape in shapes), min(shape.box[1] for shape in shapes)
    right, bottom = max(shape.box[2] for shape in shapes), max(shape.box[3] for shape in shapes)
    # A lone tall shape is not drawn as wide as the page: no map is more than a third higher than it is wide.
    scale = min(width / (right - left), width * 1.35 / (bottom - top))
    indent = (width - scale * (right - left)) / 2
    return _Place(left, top, scale, x + indent, y), scale * (bottom - top)


def _draw_shape(plan: Map, shape: Shape, hatch: str) -> Svg:
    look: dict[str, str | int | float | None]
    if shape.is_blank:
        look = {"class": "mh-mark mh-map__blank"}
    elif shape.shade is None:
        look = {"class": "mh-mark mh-map__none", "fill": f"url(#{plan.key}-{hatch})"}
    else:
        look = {"class": f"mh-mark {_shade(shape.shade, plan.classes)}"}
    if shape.code == plan.selected:
        look["id"] = f"{plan.key}-chosen"
    label = draw("title", None, f"{shape.name} {shape.text}")
    return draw("path", {**look, "data-code": shape.code, "d": shape.path}, label)


def _define_hatch(key: str, place: _Place) -> Svg:
    """Stripes from bottom left to top right, as far apart on the page wherever they are used."""
    step = round(_HATCH / place.scale, 2)
    return draw(
        "pattern",
        {
            "id": key,
            "patternUnits": "userSpaceOnUse",
            "width": step,
            "height": step,
            "patternTransform": "rotate(45)",
        },
        draw("rect", {"class": "mh-map__ground", "width": step, "height": step}),
        draw("rect", {"class": "mh-map__stripe", "width": round(step / 3, 2), "height": step}),
    )


def _outline(plan: Map, place: _Place) -> Svg:
    return join(
        *(
            draw("use", {"class": each, "href": f"#{plan.key}-chosen", "transform": place.transform})
            for each in ("mh-map__halo", "mh-map__chosen")
        )
    )


def _name(chosen: Shape, place: _Place, at: tuple[float, float] | None) -> Svg:
    """The chosen council's name where it is told to be, else beside the council, on the side with more room."""
    if at is not None:
        return draw("text", {"class": "mh-map__name", "x": at[0], "y": at[1]}, chosen.name)
    left, right = place.across(chosen.box[0]), place.across(chosen.box[2])
    middle = place.down((chosen.box[1] + chosen.box[3]) / 2) + 6
    is_left = left > WIDTH - right
    x = left - 8 if is_left else right + 8
    room = (left if is_left else WIDTH - right) - 8
    lines = wrap(chosen.name, room / _WIDER, _LETTERS, is_bold=True)
    first = middle - (len(lines) - 1) * _LINE / 2
    return draw(
        "text",
        {"class": "mh-map__name", "x": x, "y": first, "text-anchor": "end" if is_left else "start"},
        *(draw("tspan", {"x": x, "dy": _LINE if below else None}, line) for below, line in enumerate(lines))
        if len(lines) > 1
        else lines,
    )
