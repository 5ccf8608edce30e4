"""The strip: one row of councils by their distance from the median of those they are compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from moothall.charts.scales import Scale, Side
from moothall.charts.svg import Svg, draw, join, percent, quote
from moothall.core.values import Polarity

REACH = 7.5
"""How far the axis runs to each side of the median, in median absolute deviations."""

MOST_SELECTED = 6
"""How many councils can be told apart by shape."""

_COLUMN = 0.8  # per cent of the width within which dots would cover each other, and are stacked instead
_TENTHS = 8  # the same in tenths
_LANE = 18  # pixels between shapes one above the other
_APART = 4.0  # per cent of the width within which shapes would cover each other
_RADIUS, _LEAST_RADIUS = 3.5, 2.0  # pixels, of a dot that is not selected
_LINE = 20  # pixels that a line of text takes
_LONGEST = 40  # characters of a caption that fit the narrowest phone
SHAPES = (
    draw("circle", {"r": 8}),
    draw("path", {"d": "M0-10 10 0 0 10-10 0z"}),
    draw("path", {"d": "M-3-9h6v6h6v6h-6v6h-6v-6h-6v-6h6z"}),
    draw("path", {"d": "M0-10 2.9-4 9.5-3.1 4.8 1.5 5.9 8.1 0 5-5.9 8.1-4.8 1.5-9.5-3.1-2.9-4z"}),
    draw("path", {"d": "M0-9 9.5 7.5h-19z"}),
    draw("path", {"d": "M-8-8h16v16h-16z"}),
)
"""The shapes of the councils selected, in order, each about 20 pixels across and around its own middle."""


class Dot(NamedTuple):
    """One council: its distance from the median in median absolute deviations (not flipped), and its value as shown.

    `ends` are those of its interval, as distances like `mads`; they are drawn of a selected council.
    """

    key: str
    name: str
    mads: float
    text: str
    ends: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """What a strip shows. `key` is unique on the page; `selected` lists keys of dots, the first six by shape."""

    key: str
    title: str
    dots: tuple[Dot, ...]
    selected: tuple[str, ...]
    polarity: Polarity
    peers_label: str  # "London boroughs"
    median_text: str  # "36.1%"
    comparators: frozenset[str] = frozenset()
    """Keys of those whose median it is, where others are drawn besides; empty where everybody is one of them."""


def draw_strip(strip: Strip, *, height: int = 96, is_named: bool = True, address: str = "") -> Svg:
    """Draw a strip as wide as the page gives it, its row of dots `height` pixels high, or higher where shapes need it.

    Better is to the right; where neither direction is better, higher is. Every council is drawn once. `is_named` makes
    each dot a mark: with its council's name and value for a pointer or the arrow keys to find, and its key, which
    put behind `address` is where it leads. Without it the dots are two paths, the comparators as squares.
    """
    scale = Scale(-REACH, REACH, flipped=strip.polarity is Polarity.LOWER)
    chosen = {key: place for place, key in enumerate(strip.selected[:MOST_SELECTED])}
    others = [dot for dot in strip.dots if dot.key not in chosen]
    selected = sorted((dot for dot in strip.dots if dot.key in chosen), key=lambda dot: chosen[dot.key])
    lanes = _spread(scale, selected)
    if not is_named:
        height = max(height, _LANE * (max(lanes.values(), default=0) + 1) + _LANE // 2)
    beyond = _gather_beyond(scale, [*selected, *others])
    top, bottom = _LINE, _LINE + height
    middle = top + height / 2
    band_left, band_right = sorted((scale.place(-1), scale.place(1)))
    ids = (f"{strip.key}-title", f"{strip.key}-desc")
    background = join(
        draw(
            "rect",
            {
                "class": "mh-chart__band",
                "x": percent(band_left),
                "y": top,
                "width": percent(band_right - band_left),
                "height": height,
            },
        ),
        draw("line", {"class": "mh-chart__axis", "x1": "0", "x2": "100%", "y1": bottom, "y2": bottom}),
        draw("line", {"class": "mh-chart__median", "x1": "50%", "x2": "50%", "y1": top, "y2": bottom}),
        _text("50%", _LINE - 6, "middle", f"median {strip.median_text}"),
    )
    crowd = _draw_others(scale, others, middle, height) if is_named else _draw_crowd(scale, strip, others, top, height)
    marks = join(
        *(
            _draw_selected(scale, dot, chosen[dot.key], middle + _LANE * _turn(lanes[dot.key]), is_named)
            for dot in selected
        )
    )
    captions = _draw_captions(strip.polarity, beyond, bottom)
    total = bottom + _LINE * (1 + len(beyond)) + 4
    return draw(
        "svg",
        {
            "class": "mh-chart mh-strip",
            "role": "img",
            "aria-labelledby": " ".join(ids),
            "width": "100%",
            "height": total,
            "data-address": address or None,
        },
        draw("title", {"id": ids[0]}, strip.title),
        draw("desc", {"id": ids[1]}, describe_strip(strip)),
        background,
        crowd,
        marks,
        captions,
    )


@cache
def draw_shape(place: int) -> Svg:
    """The shape of the selected council in a place (0 to 5), for a key."""
    return draw(
        "svg",
        {"class": f"mh-key mh-series-{place + 1}", "viewBox": "-11 -11 22 22", "width": 22, "height": 22,
         "aria-hidden": "true"},
        SHAPES[place],
    )  # fmt: skip


def draw_other() -> Svg:
    """The dot of a council that is not selected, for a key."""
    return _draw_key("mh-chart__other", draw("circle", {"r": 4}))


def draw_comparator() -> Svg:
    """The square of a comparator, for the key of strips that draw others besides."""
    return _draw_key("mh-strip__comparator", draw("path", {"d": "M-3-3h6v6h-6z"}))


def _draw_key(style: str, shape: Svg) -> Svg:
    return draw(
        "svg",
        {"class": f"mh-key {style}", "viewBox": "-11 -11 22 22", "width": 22, "height": 22, "aria-hidden": "true"},
        shape,
    )


def describe_strip(strip: Strip) -> str:
    """What the strip shows, in words, for those who do not see it."""
    scale = Scale(-REACH, REACH, flipped=strip.polarity is Polarity.LOWER)
    by_key = {dot.key: dot for dot in strip.dots}
    compared = [dot for dot in strip.dots if dot.key in strip.comparators] if strip.comparators else strip.dots
    named = [by_key[key] for key in strip.selected[:MOST_SELECTED] if key in by_key]
    group = f"{strip.peers_label[:1].upper()}{strip.peers_label[1:]}, {len(compared)} of them"
    said = [f"{group}, each placed by its distance from their median of {strip.median_text}."]
    if besides := len({dot.key for dot in strip.dots} - {dot.key for dot in (*compared, *named)}):
        said.append(f"{besides} others are placed by the same measure.")
    said.append(f"{_direction_words(strip.polarity)[1]} is to the right.")
    said += [f"{dot.name}: {dot.text}." for dot in named]
    # Those beyond the axis by name where they are compared; of all others the chart says how many.
    for side, dots in _gather_beyond(scale, [*compared, *(each for each in named if each not in compared)]).items():
        names = ", ".join(f"{dot.name} {dot.text}" for dot in dots)
        said.append(f"Beyond the {side} end of the axis: {names}.")
    return " ".join(said)


def _gather_beyond(scale: Scale, dots: Iterable[Dot]) -> dict[Side, list[Dot]]:
    beyond: dict[Side, list[Dot]] = defaultdict(list)
    for dot in dots:
        side = scale.beyond(dot.mads)
        if side:
            beyond[side].append(dot)
    return dict(beyond)


def _direction_words(polarity: Polarity) -> tuple[str, str]:
    match polarity:
        case Polarity.HIGHER:
            return "Worse (lower)", "Better (higher)"
        case Polarity.LOWER:
            return "Worse (higher)", "Better (lower)"
        case Polarity.NONE:
            return "Lower", "Higher"


def _stack(
    scale: Scale, dots: Iterable[Dot], height: int
) -> tuple[dict[tuple[int, Side | None], list[Dot]], float, float]:
    """Dots in columns across the chart, by column and side, with the radius of all and the step within a column."""
    columns: dict[tuple[int, Side | None], list[Dot]] = defaultdict(list)
    for dot in sorted(dots, key=lambda dot: (dot.mads, dot.key)):
        columns[round(scale.place(dot.mads) / _COLUMN), scale.beyond(dot.mads)].append(dot)
    fullest = max((len(column) for column in columns.values()), default=1)
    # The fuller the fullest column, the smaller every dot, down to what can still be seen, before dots overlap.
    radius = min(_RADIUS, max(_LEAST_RADIUS, (height - 2) / (2 * fullest + 2)))
    return columns, radius, min(2 * radius + 0.5, (height / 2 - radius - 1) / max(fullest // 2, 1))


def _turn(place: int) -> int:
    """Above and below the middle in turn: 0, 1, -1, 2, -2 ..."""
    return (place + 1) // 2 * (1 if place % 2 else -1)


def _draw_others(scale: Scale, dots: Sequence[Dot], middle: float, height: int) -> Svg:
    """Dots that are marks, each with its name."""
    columns, radius, step = _stack(scale, dots, height)
    drawn: list[str] = []
    size = f"{radius:.1f}"
    for (number, side), column in columns.items():
        x = f"{number * _COLUMN:.1f}%"
        for place, dot in enumerate(column):
            y = middle + step * _turn(place)
            if side:
                drawn.append(_draw_arrow(x, y, side, dot))
            else:
                drawn.append(
                    f'<circle class="mh-mark" data-code="{quote(dot.key)}" cx="{x}" cy="{y:.1f}" r="{size}">'
                    f"<title>{quote(f'{dot.name} {dot.text}')}</title></circle>"
                )
    return draw("g", {"class": "mh-chart__other"}, Svg("".join(drawn))) if drawn else Svg()


def _draw_crowd(scale: Scale, strip: Strip, dots: Sequence[Dot], top: int, height: int) -> Svg:
    """Dots without names, as points of a path for each kind: a strip of 300 councils in 2 kB.

    A point is a line of next to no length, which a round or a square end makes a dot or a square; the path is stretched
    to the width of the chart, its lines are not. Tenths of a per cent and of a pixel spare the decimal points. Of no
    length at all, a line with square ends would be missing on paper.
    """
    pale = [dot for dot in dots if dot.key not in strip.comparators]
    near = [dot for dot in dots if dot.key in strip.comparators]
    columns, radius, step = _stack(scale, [*near, *pale], height)
    points: dict[bool, list[str]] = {False: [], True: []}
    arrows: dict[Side, list[str]] = defaultdict(list)
    for (number, side), column in columns.items():
        column.sort(key=lambda dot: dot.key not in strip.comparators)  # comparators in the middle of a column
        for place, dot in enumerate(column):
            y = height / 2 + step * _turn(place)
            if side:
                tip = 6 if side == "right" else -6
                arrows[side].append(f"M0 {top + y - 3:.1f}l{tip} 3 {-tip} 3z")
            else:
                points[dot.key in strip.comparators].append(f"M{number * _TENTHS} {10 * y:.0f}h.1")
    parts = [
        draw("path", {"class": f"mh-strip__{'comparators' if is_near else 'others'}", "d": "".join(places),
                      "stroke-width": round(2 * radius, 1)})
        for is_near, places in points.items() if places
    ]  # fmt: skip
    box: dict[str, str | int] = {"y": top, "width": "100%", "height": height, "viewBox": f"0 0 1000 {10 * height}"}
    crowd = draw("svg", box | {"preserveAspectRatio": "none"}, *parts) if parts else Svg()
    edges = {"left": percent(scale.inset), "right": percent(100 - scale.inset)}
    ends = (
        draw(
            "svg",
            {"class": "mh-strip__beyond", "x": edges[side], "overflow": "visible"},
            draw("path", {"d": "".join(each)}),
        )
        for side, each in arrows.items()
    )
    return join(crowd, *ends)


def _spread(scale: Scale, selected: Sequence[Dot]) -> dict[str, int]:
    """The lane of each selected council: the first in which no shape placed before it would be covered."""
    lanes: dict[str, int] = {}
    taken: dict[int, list[float]] = defaultdict(list)
    for dot in selected:
        x = scale.place(dot.mads)
        lanes[dot.key] = next(
            lane for lane in range(len(selected)) if all(abs(x - each) >= _APART for each in taken[lane])
        )
        taken[lanes[dot.key]].append(x)
    return lanes


def _draw_selected(scale: Scale, dot: Dot, place: int, y: float, is_named: bool) -> Svg:
    side = scale.beyond(dot.mads)
    shape = draw(
        "svg",
        {"class": f"mh-strip__selected mh-series-{place + 1}" + (" mh-mark" if is_named else ""),
         "data-code": dot.key if is_named else None, "x": percent(scale.place(dot.mads)),
         "y": round(y, 1), "overflow": "visible"},
        draw("title", None, f"{dot.name} {dot.text}"),
        SHAPES[place],
    )  # fmt: skip
    if dot.ends is not None:
        x1, x2 = (percent(scale.place(each)) for each in dot.ends)
        style = f"mh-interval mh-series-{place + 1}"
        line = draw("line", {"class": style, "x1": x1, "x2": x2, "y1": round(y, 1), "y2": round(y, 1)})
        shape = join(line, shape)
    if side is None:
        return shape
    return join(shape, _draw_arrow(percent(scale.place(dot.mads)), y, side, push=12))


def _draw_arrow(x: str, y: float, side: Side, named: Dot | None = None, push: int = 0) -> Svg:
    turn = 1 if side == "right" else -1
    path = f"M{push * turn}-4.5 {(push + 8) * turn} 0 {push * turn} 4.5z"
    title = (draw("title", None, f"{named.name} {named.text}"),) if named else ()
    return draw(
        "svg",
        {"class": "mh-strip__beyond mh-mark" if named else "mh-strip__beyond",
         "data-code": named.key if named else None, "x": x, "y": round(y, 1), "overflow": "visible"},
        *title,
        draw("path", {"d": path}),
    )  # fmt: skip


def _draw_captions(polarity: Polarity, beyond: dict[Side, list[Dot]], bottom: int) -> Svg:
    left, right = _direction_words(polarity)
    line = bottom + _LINE - 4
    captions = [
        _text("0", line, "start", f"← {left.lower()}"),
        _text("100%", line, "end", f"{right.lower()} →"),
    ]
    # One line for each end: on a phone the two would run into each other.
    for side, x, anchor in (("left", "0", "start"), ("right", "100%", "end")):
        if dots := beyond.get(side):  # type: ignore[call-overload]
            line += _LINE
            captions.append(_text(x, line, anchor, _say_beyond(dots)))
    return join(*captions)


def _say_beyond(dots: Sequence[Dot]) -> str:
    """The numbers beyond one end: all of up to two where they fit a phone, else how many and the furthest."""
    named = "beyond: " + " and ".join(dot.text for dot in dots)
    if len(dots) <= 2 and len(named) <= _LONGEST:
        return named
    furthest = max(dots, key=lambda dot: (abs(dot.mads), dot.key))
    return f"{len(dots)} beyond, furthest {furthest.text}"


def _text(x: str, y: int, anchor: str, words: str) -> Svg:
    return draw("text", {"x": x, "y": y, "text-anchor": anchor}, words)
