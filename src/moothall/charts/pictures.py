"""Pictures: charts that stand alone, with their title, sentence, key, source and styles inside one SVG."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from moothall.charts.lettering import measure, wrap
from moothall.charts.svg import Svg, draw

WIDTH = 1200
"""How wide a picture is shown, in pixels."""

MOST_LINES = 60
"""How many lines a picture has: of more, none could be read."""

CARD = (1200, 630)
"""How wide and high the picture is that stands for a page where it is shared, in pixels."""

_CARD_WITH_CHART, _CARD_OF_WORDS = (40, 34, 30), (56, 46, 38)  # sizes of a card's title, the largest first
_FAMILY = "Arimo, Arial, Helvetica, sans-serif"
_ACROSS = 960  # the drawing's own units over that width, so that a chart's text is large enough for a slide
_PAD = 30
_INSIDE = _ACROSS - 2 * _PAD
_NAME, _WORDS, _BETWEEN, _LETTERS = 300, 260, 20, 15  # of a line: most width of name and words, room between, size
_MAP = 540  # units across that a map takes, its key stands beside it
_MARGINS = {"mh-trend": (60, 216), "mh-funnel": (60, 16)}  # what stands beside the svg's own box, left and right
_OPENING = re.compile(r"<svg\b[^>]*>")
_TRANSFORM = re.compile(r'transform="(translate\([^)]*\)scale\(([^)]+)\))"')
_PAGE_ONLY = re.compile(r' data-[a-z]+="[^"]*"')
_BORDERS = {"mh-map__halo": 6.0, "mh-map__chosen": 3.0}
_BORDER = 0.5
_STRETCHED = re.compile(
    r'<svg ([^>]*)viewBox="0 0 ([0-9]+) ([0-9]+)" preserveAspectRatio="none"([^>]*)>(.*?)</svg>', re.DOTALL
)
_POINT = re.compile(r"([ML])(-?[0-9.]+) (-?[0-9.]+)")
_LONG = 60  # units: a longer text is as long as measured, whatever typeface stands in for Arial


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart of a picture as wide as it is, with what stands above and below it."""

    chart: Svg
    title: str = ""
    sentence: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Small charts in one line, each in its column, with what they are of and what they say; a heading without any."""

    name: str
    charts: tuple[Svg | None, ...] = ()
    text: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """One or more charts that stand alone. `key` has a sign for each name, `notes` and `credits` are sentences."""

    title: str
    sentence: str
    panels: tuple[Panel | Line, ...]
    key: tuple[tuple[Svg, str], ...]
    notes: tuple[str, ...]
    credits: tuple[str, ...]


def draw_picture(picture: Picture) -> Svg:
    """One SVG that needs nothing from outside but a typeface, and names those that look most alike.

    It is valid XML, and `WIDTH` pixels wide unless it is shown at another size. Raises ValueError for a picture without
    a chart.
    """
    if not picture.panels:
        raise ValueError("a picture has at least one chart")
    page = _Page()
    page.write(picture.title, 24, "mh-picture__title")
    page.gap(4)
    page.write(picture.sentence, 18, "mh-picture__words")
    first = picture.panels[0]
    is_map = isinstance(first, Panel) and _read_opening(first.chart).is_map
    if not is_map:
        page.set_key(picture.key)
    columns = _arrange([each for each in picture.panels if isinstance(each, Line)])
    page.gap(8 if isinstance(first, Line) else 0)
    for panel in picture.panels:
        if isinstance(panel, Line):
            page.set_line(panel, columns)
            continue
        page.gap(10)
        page.write(panel.title, 17, "mh-picture__title")
        page.write(panel.sentence, 15, "mh-picture__words")
        page.gap(4)
        page.set_chart(panel.chart, picture.key if is_map else ())
        page.write(panel.below, 17, "mh-picture__title")
    page.gap(6)
    for note in picture.notes:
        page.write(note, 13, "mh-picture__note")
    page.gap(6)
    page.rule()
    for line in picture.credits:
        page.write(line, 13, "mh-picture__note")
    height = round(page.y + _PAD - 10)
    said = " ".join(filter(None, (picture.sentence, *map(_say, picture.panels))))
    return draw(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "role": "img",
            "aria-labelledby": "picture-title picture-desc",
            "width": WIDTH,
            "height": round(height * WIDTH / _ACROSS),
            "viewBox": f"0 0 {_ACROSS} {height}",
            "font-family": _FAMILY,
        },
        draw("title", {"id": "picture-title"}, picture.title),
        draw("desc", {"id": "picture-desc"}, said),
        Svg(f"<style>{read_styles()}</style>"),
        draw("rect", {"width": _ACROSS, "height": height, "fill": "#fff"}),
        *page.drawn,
    )


def draw_card(title: str, sentence: str, chart: Svg | None, foot: str) -> Svg:
    """A small picture that stands for a page where it is shared, `CARD` pixels.

    Words are as large as there is room for, and the last sentences give way to the chart; a chart that has no room even
    then is left out.
    """
    height = round(CARD[1] * _ACROSS / CARD[0])
    page = _fill_card(title, sentence, chart, height - 60)
    return draw(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "mh-card",
            "width": CARD[0],
            "height": CARD[1],
            "viewBox": f"0 0 {_ACROSS} {height}",
            "font-family": _FAMILY,
        },
        draw("title", None, title),
        Svg(f"<style>{read_styles()}</style>"),
        draw("rect", {"width": _ACROSS, "height": height, "fill": "#fff"}),
        draw("rect", {"width": _ACROSS, "height": 64, "fill": "#12436d"}),
        draw("text", {"class": "mh-card__name", "x": _PAD, "y": 42, "font-size": 28}, "Moothall"),
        *page.drawn,
        draw("text", {"class": "mh-picture__note", "x": _PAD, "y": height - 24, "font-size": 17}, foot),
    )


def _fill_card(title: str, sentence: str, chart: Svg | None, bottom: float) -> _Page:
    sentences = re.split(r"(?<=[.!?]) ", sentence)
    for shown in dict.fromkeys((chart, None)):
        needed = _read_opening(shown).height + 12 if shown else 0
        for kept in range(len(sentences), 0, -1):
            for size in _CARD_WITH_CHART if shown else _CARD_OF_WORDS:
                page = _Page()
                page.y = 88.0
                page.write(title, size, "mh-picture__title")
                page.gap(6)
                page.write(" ".join(sentences[:kept]), round(size * 0.63), "mh-picture__words")
                if page.y + needed <= bottom:
                    if shown:
                        page.y = bottom - needed + 12
                        page.set_chart(shown, ())
                    return page
    page = _Page()
    page.y = 88.0
    page.write(title, _CARD_OF_WORDS[-1], "mh-picture__title", most=3)
    page.write(sentence, _CARD_WITH_CHART[-1], "mh-picture__words", most=6)
    return page


def _say(panel: Panel | Line) -> str:
    if isinstance(panel, Panel):
        return panel.sentence
    return f"{panel.name}: {panel.text}." if panel.text else f"{panel.name}."


@cache
def read_styles() -> str:
    """The style sheet of pictures: what the site's has for charts, in the few rules that every reader of SVG knows."""
    return (Path(__file__).parent / "pictures.css").read_text(encoding="utf-8").strip()


class _Columns(NamedTuple):
    """How wide the name and each chart of all lines are, and where their words begin."""

    name: float
    charts: tuple[float, ...]
    words: float


def _arrange(lines: Sequence[Line]) -> _Columns:
    """Columns as narrow as their content; charts that take any width share what is left."""
    drawn = [each for each in lines if each.charts or each.text]
    name = min(_NAME, max((measure(each.name, _LETTERS, is_bold=True) for each in drawn), default=0))
    words = min(_WORDS, max((measure(each.text, _LETTERS) for each in drawn), default=0) + 4)
    own: list[float | None] = []
    for column in zip_longest(*(each.charts for each in drawn)):
        boxes = [_read_opening(each).box for each in column if each]
        own.append(max((box[0] for box in boxes if box), default=0) if all(boxes) else None)
    rest = _INSIDE - name - words - _BETWEEN * (len(own) + 1) - sum(filter(None, own))
    charts = tuple(rest / own.count(None) if each is None else each for each in own)
    return _Columns(name, charts, _PAD + name + _BETWEEN + sum(charts) + _BETWEEN * len(charts))


@dataclass(frozen=True, slots=True)
class _Opening:
    """What a chart says of its own size: its height, and both sides where it has a width of its own or a view box."""

    height: float
    box: tuple[float, float] | None
    margins: tuple[int, int]
    is_map: bool = False


def _write(text: str, x: float, y: float, size: float, style: str) -> Svg:
    """One line of text, squeezed or spread to the room reckoned for it where another typeface would take more."""
    length = measure(text, size, is_bold=style.endswith("title"))
    is_fixed = length > _LONG
    return draw(
        "text",
        {
            "class": style,
            "x": x,
            "y": y,
            "font-size": size,
            "textLength": length if is_fixed else None,
            "lengthAdjust": "spacingAndGlyphs" if is_fixed else None,
        },
        text,
    )


class _Page:
    """What has been put on a picture, and how far down."""

    def __init__(self) -> None:
        self.y = float(_PAD)
        self.drawn: list[Svg] = []

    def gap(self, height: float) -> None:
        self.y += height

    def write(self, text: str, size: int, style: str, most: int = 0) -> None:
        """A text in as many lines as it takes, or the first so many with a sign that there is more."""
        is_bold = style.endswith("title")
        lines = wrap(text, _INSIDE, size, is_bold=is_bold)
        if most and len(lines) > most:
            lines = [*lines[: most - 1], f"{lines[most - 1].rpartition(' ')[0]} …"]
        for line in lines:
            self.y += size
            self.drawn.append(_write(line, _PAD, self.y, size, style))
            self.y += size * 0.35

    def rule(self) -> None:
        self.drawn.append(
            draw("line", {"class": "mh-chart__axis", "x1": _PAD, "x2": _ACROSS - _PAD, "y1": self.y, "y2": self.y})
        )
        self.gap(8)

    def set_key(self, key: tuple[tuple[Svg, str], ...]) -> None:
        x = float(_PAD)
        if key:
            self.gap(8)
        for sign, name in key:
            width = 30 + measure(name, 15) + 26
            if x > _PAD and x + width > _ACROSS - _PAD:
                x, self.y = float(_PAD), self.y + 26
            self._sign(sign, name, x, self.y)
            x += width
        if key:
            self.gap(24)

    def set_line(self, line: Line, columns: _Columns) -> None:
        """A name, its charts one after the other, and its words, in columns and centred on one line."""
        is_heading = not any(line.charts)
        named = wrap(
            line.name, _INSIDE if is_heading and not line.text else columns.name, _LETTERS, is_bold=line.is_strong
        )
        words = wrap(line.text, _ACROSS - _PAD - columns.words, _LETTERS)
        openings = [_read_opening(each) if each else None for each in line.charts]
        tall = max([len(named) * 20, len(words) * 20, *(each.height for each in openings if each)])
        tall += 14 if is_heading else 4
        middle = self.y + tall / 2 + (4 if is_heading else 0)
        style = "mh-picture__title" if line.is_strong or is_heading else "mh-picture__words"
        for column, lines, how in ((_PAD, named, style), (columns.words, words, "mh-picture__words")):
            for place, text in enumerate(lines):
                y = middle + (place - (len(lines) - 1) / 2) * 20 + 5
                self.drawn.append(_write(text, column, y, _LETTERS, how))
        x = _PAD + columns.name + _BETWEEN
        for chart, opening, room in zip(line.charts, openings, columns.charts, strict=False):
            if chart and opening:
                width = opening.box[0] if opening.box else room
                inside = {"x": x, "y": round(middle - opening.height / 2, 1), "width": width, "height": opening.height}
                self.drawn.append(draw("svg", inside | {"overflow": "visible"}, _set_free(chart, width)))
            x += room + _BETWEEN
        self.y += tall

    def set_chart(self, chart: Svg, beside: tuple[tuple[Svg, str], ...]) -> None:
        opening = _read_opening(chart)
        if opening.box and opening.is_map:
            width = float(_MAP)
            height = width * opening.box[1] / opening.box[0]
            for place, (sign, name) in enumerate(beside):
                self._sign(sign, name, _PAD + _MAP + 40, self.y + 20 + place * 30)
        else:
            width, height = _INSIDE - sum(opening.margins), opening.height
        x = _PAD + opening.margins[0]
        self.drawn.append(
            draw(
                "svg",
                {"x": x, "y": round(self.y, 1), "width": width, "height": round(height, 1), "overflow": "visible"},
                _set_free(chart, width),
            )
        )
        self.y += height

    def _sign(self, sign: Svg, name: str, x: float, y: float) -> None:
        self.drawn.append(draw("svg", {"x": x, "y": y, "width": 28, "height": 22, "overflow": "visible"}, sign))
        self.drawn.append(_write(name, x + 34, y + 16, 15, "mh-picture__words"))


def _read_opening(chart: Svg) -> _Opening:
    found = _OPENING.match(chart)
    said = dict(re.findall(r'([a-zA-Z-]+)="([^"]*)"', found[0])) if found else {}
    margins = next((_MARGINS[each] for each in said.get("class", "").split() if each in _MARGINS), (0, 0))
    if "height" in said:
        own = (float(said["width"]), float(said["height"])) if said.get("width", "100%").isdigit() else None
        return _Opening(float(said["height"]), own, margins)
    _, _, width, height = (float(each) for each in said["viewBox"].split())
    return _Opening(height, (width, height), margins, is_map=True)


def _set_free(chart: Svg, width: float) -> Svg:
    """A chart without what only a page can use, `width` units wide.

    What a style sheet keeps from being scaled on a page (the widths of lines) not every reader of SVG does: drawings
    that are stretched are drawn again to the width, and scaled ones get borders as much wider before.
    """
    text = _PAGE_ONLY.sub("", chart).replace(' mh-trend__unit"', ' mh-trend__unit" x="-60"')
    if "mh-chart__band--outer" in text:  # the inner of two bands is darker
        text = text.replace('class="mh-chart__band"', 'class="mh-picture__half"')
    text = _STRETCHED.sub(lambda found: _draw_unstretched(found, width), text)
    return Svg(_TRANSFORM.sub(_keep_border, text))


def _draw_unstretched(found: re.Match[str], width: float) -> str:
    before, wide, high, after, inside = found.groups()
    height = re.search(r'height="([0-9.]+)"', before)
    across, down = width / float(wide), float(height[1] if height else high) / float(high)

    def move(point: re.Match[str]) -> str:
        return f"{point[1]}{float(point[2]) * across:.1f} {float(point[3]) * down:.1f}"

    return f"<svg {before.strip()}{after}>{_POINT.sub(move, inside)}</svg>"


def _keep_border(found: re.Match[str]) -> str:
    before = found.string[found.string.rfind("<", 0, found.start()) : found.start()]
    width = next((each for name, each in _BORDERS.items() if name in before), _BORDER)
    return f'{found[0]} stroke-width="{width / float(found[2]):.4g}"'
