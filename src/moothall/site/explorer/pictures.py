"""Pictures: the charts of a page as a file, made from the very page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict

from moothall.charts.pictures import Panel, Picture
from moothall.charts.svg import Svg
from moothall.release.queries import Release
from moothall.release.records import BoundaryFileRecord, UnknownKey
from moothall.site.explorer.area_topics import make_area_topic
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_one
from moothall.site.explorer.maps import make_map
from moothall.site.explorer.metrics import make_metric
from moothall.site.explorer.national_metrics import make_national_metric
from moothall.site.explorer.pages import MetricPage
from moothall.site.explorer.parts import AboutData, KeyEntry
from moothall.site.explorer.parts_comparison import ComparisonRow
from moothall.site.explorer.provenance import find_sources
from moothall.site.origin import find_origin

MOST_ROWS = 10
"""How many metrics of a topic one picture has."""


@dataclass(frozen=True, slots=True)
class ChartFile:
    """A picture and what its file is called, without an ending."""

    picture: Picture
    name: str


def make_chart_file(release: Release, request: HttpRequest, kind: str, key: str) -> ChartFile:
    """The chart of a kind, for what the address asks as it would ask the page.

    Raises `UnknownKey` for a kind, a metric or a chart that there is not, and what the page raises.
    """
    if kind not in PICTURES:
        raise UnknownKey("kind of chart", kind)
    try:
        picture = PICTURES[kind](release, key, request.GET, find_origin(request))
    except Redirected as elsewhere:
        path, mark, asked = elsewhere.address.partition("?")
        present = path.rpartition("/")[2] if kind != "topic" else key
        ending = request.path.rpartition(".")[2]
        raise Redirected(f"/charts/{kind}/{present}.{ending}{mark}{asked}", permanent=elsewhere.permanent) from None
    return ChartFile(picture, f"moothall-{key}-{kind}")


def draw_strips(release: Release, key: str, asked: QueryDict, origin: str) -> Picture:
    """Councils side by side, in a row for each group."""
    page = _make_metric(release, key, asked)
    rows = [row for row in page.strips if row.chart]
    several = len(rows) > 1
    panels = tuple(
        Panel(
            row.chart or Svg(),
            row.title if several else "",
            row.sentence if row.sentence != page.sentence and several else "",
        )
        for row in rows
    )
    return _sum_up(
        page.release_id,
        f"{page.heading}, {page.period}",
        page.sentence,
        panels,
        _list_key(page.key),
        (f"{page.direction}. Each dot is one council. The dashed line is the median, the middle value.",),
        page.sources,
        origin + page.canonical,
    )


def draw_trend(release: Release, key: str, asked: QueryDict, origin: str) -> Picture:
    """A metric over time."""
    page = _make_metric(release, key, asked)
    shown = page.over_time
    panels = (Panel(shown.chart),) if shown and shown.chart else ()
    title, sentence, remarks = (shown.title, shown.sentence, shown.remarks) if shown else ("", "", ())
    return _sum_up(
        page.release_id, title, sentence, panels, (), remarks, page.sources, f"{origin}{page.canonical}#over-time"
    )


def draw_funnel(release: Release, key: str, asked: QueryDict, origin: str) -> Picture:
    """Councils by how many cases their figures rest on."""
    page = _make_metric(release, key, asked)
    shown = page.funnel
    panels = (Panel(shown.chart),) if shown else ()
    title, sentence = (shown.title, shown.sentence) if shown else ("", "")
    note = (
        "Of 20 councils that only chance and the usual variation set apart, 19 lie in the shaded part, "
        "and all but 1 in 500 between the outer lines."
    )
    return _sum_up(
        page.release_id,
        title,
        sentence,
        panels,
        _list_key(page.key),
        (note,),
        page.sources,
        f"{origin}{page.canonical}#chance",
    )


def draw_map(release: Release, key: str, asked: QueryDict, origin: str) -> Picture:
    """A metric's map, as outlines or as hexagons."""
    page = make_map(release, key, asked)
    lines = (say_boundaries(page.boundaries),) if page.boundaries else ()
    return _sum_up(
        page.release_id,
        f"{page.heading}, {page.period}",
        " ".join(each for each in (page.sentence, page.chosen_sentence) if each),
        (Panel(page.chart),) if page.chart else (),
        tuple((each.swatch, f"{each.label} ({each.count})") for each in page.classes),
        page.notes,
        page.sources,
        origin + page.canonical,
        lines,
    )


def say_boundaries(file: BoundaryFileRecord) -> str:
    """Whose boundaries a map is drawn from."""
    return f"Boundaries: {file.publisher}, {file.title}. {file.licence_label}. {file.attribution}".strip()


def draw_hexagons(release: Release, key: str, asked: QueryDict, origin: str) -> Picture:
    """A metric's map as hexagons, however the address was asked."""
    hexagons = asked.copy()
    hexagons["view"] = "hex"
    return draw_map(release, key, hexagons, origin)


def draw_topic(release: Release, key: str, asked: QueryDict, origin: str) -> Picture:
    """The first metrics of a topic, for the council that `area` names and those beside it."""
    code = read_one(asked, "area")
    if not code:
        raise Refused(Mistake("area", "Give “area”: the code of the council that the topic is shown for."))
    rest = asked.copy()
    del rest["area"]
    page = make_area_topic(release, release.area(code), key, rest)
    rows = [row for row in page.rows if row.chart]
    notes = [f"{page.compared_with.partition('. ')[0].rstrip('.')}."]  # the rest is about the page
    if len(rows) > MOST_ROWS:
        notes.append(f"These are {MOST_ROWS} of the {len(rows)} metrics compared. The others are at the address below.")
    return _sum_up(
        page.release_id,
        page.heading,
        page.summary,
        tuple(Panel(row.chart or Svg(), f"{row.title}, {row.period}", _say_row(row)) for row in rows[:MOST_ROWS]),
        _list_key([*(KeyEntry(each.shape, each.name, "", "", "") for each in page.councils), *page.strip_key]),
        notes,
        (),
        origin + page.canonical,
        (f"Sources: {_list_publishers(release, rows[:MOST_ROWS])}.",),
    )


def draw_national(release: Release, key: str, asked: QueryDict, origin: str) -> Picture:
    """The middle, the middle half and eight tenths of councils over time."""
    metric = release.metric(key)
    page = make_national_metric(release, metric.topic, key)
    scopes = [each for each in page.scopes if each.over_time and each.over_time.chart]
    several = len(scopes) > 1
    panels = tuple(
        Panel(each.over_time.chart, each.title if several else "", each.sentence if several else "")
        for each in scopes
        if each.over_time and each.over_time.chart
    )
    first = scopes[0].over_time if scopes else None
    return _sum_up(
        page.release_id,
        page.metric.title if several or first is None else first.title,
        "" if several or not scopes else scopes[0].sentence,
        panels,
        (),
        first.remarks if first else (),
        page.sources,
        f"{origin}/national/{metric.topic}/{metric.key}",
    )


PICTURES: dict[str, Callable[[Release, str, QueryDict, str], Picture]] = {
    "strip": draw_strips,
    "trend": draw_trend,
    "funnel": draw_funnel,
    "map": draw_map,
    "hexagons": draw_hexagons,
    "topic": draw_topic,
    "national": draw_national,
}
"""Every kind of chart that there is as a file, by the name it has in addresses."""


def _make_metric(release: Release, key: str, asked: QueryDict) -> MetricPage:
    metric = release.metric(key)
    if metric.key != key:
        raise Redirected(
            f"/metrics/{metric.key}" + (f"?{asked.urlencode()}" if asked else ""),
            permanent=True,
        )
    page = make_metric(release, key, asked)
    if not isinstance(page, MetricPage):
        raise UnknownKey("chart of the metric", key)
    return page


def _sum_up(
    release_id: str,
    title: str,
    sentence: str,
    panels: tuple[Panel, ...],
    key: tuple[tuple[Svg, str], ...],
    notes: Iterable[str],
    sources: Sequence[AboutData],
    address: str,
    more: tuple[str, ...] = (),
) -> Picture:
    if not panels:
        raise UnknownKey("chart at", address)
    said = [
        f"Source: {each.source.publisher}, {each.source.title}. {each.source.licence_label}. {each.source.attribution}"
        for each in sources
    ]
    last = f"Moothall, release {release_id}, {address}"
    return Picture(title, sentence, panels, key, tuple(filter(None, notes)), (*said, *more, last))


def _list_key(entries: Iterable[KeyEntry]) -> tuple[tuple[Svg, str], ...]:
    return tuple((each.shape, f"{each.name} {each.text}".strip()) for each in entries if each.shape)


def _list_publishers(release: Release, rows: Sequence[ComparisonRow]) -> str:
    keys = dict.fromkeys(row.metric_address.partition("?")[0].rpartition("/")[2] for row in rows)
    said = dict.fromkeys(
        f"{source.publisher}, {source.title} ({source.licence_label})"
        for key in keys
        for source in find_sources(release, release.metric(key))
    )
    return "; ".join(said)


def _say_row(row: ComparisonRow) -> str:
    """What is said of the first council, and each one's value where there are several."""
    values = ", ".join(f"{each.name} {each.text}" for each in row.values)
    return f"{row.sentence} {values}." if len(row.values) > 1 else row.sentence
