"""Pictures of one metric, or of two: each chart of its page, its map, the scatter and the national picture."""

from __future__ import annotations

from django.http import QueryDict

from moothall.charts.pictures import MOST_LINES, Line, Panel
from moothall.charts.svg import Svg
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import against_address, national_address
from moothall.site.explorer.against import make_against
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_one, require_present_key
from moothall.site.explorer.maps import make_map
from moothall.site.explorer.metrics import make_metric
from moothall.site.explorer.national_metrics import NationalMetricPage, make_national_metric
from moothall.site.explorer.pages import MetricPage
from moothall.site.explorer.picture_parts import ChartAlone, credit, credit_boundaries, list_key, require_panels

_FUNNEL = (
    "Of 20 councils that only chance and the usual variation set apart, 19 lie in the shaded part, "
    "and all but 1 in 500 between the outer lines."
)
_STRIP = (
    "Each dot is one council. The dashed line is the median, the middle value. "
    "About half of the councils compared are in the shaded band."
)
_BOXES = "The box holds the middle half, the line through it is the middle, and the thin line reaches eight in ten."


def take_strips(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """Councils side by side, in a row for each group."""
    page = _make_metric(release, key, asked)
    rows = [row for row in page.strips if row.chart]
    several = len(rows) > 1
    panels = [
        Panel(
            row.chart or Svg(),
            row.title if several else "",
            row.sentence if several and row.sentence != page.sentence else "",
        )
        for row in rows
    ]
    bar = " A thin bar shows how far chance could have moved a figure." if page.has_intervals and page.key else ""
    return ChartAlone(
        title=f"{page.heading}, {page.period}",
        sentence=page.sentence,
        panels=require_panels(panels, "strip", key),
        key=list_key(page.key),
        notes=(f"{page.direction}. {_STRIP}{bar}",),
        credits=credit(page.sources),
        page=page.canonical,
        release_id=page.release_id,
    )


def take_trend(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """A metric over time."""
    page = _make_metric(release, key, asked)
    shown = page.over_time
    if shown is None or shown.chart is None:
        raise UnknownKey("trend chart of", key)
    return ChartAlone(
        title=shown.title,
        sentence=shown.sentence,
        panels=(Panel(shown.chart),),
        key=(),
        names=list_key(shown.key),
        notes=shown.remarks,
        credits=credit(page.sources),
        page=f"{page.canonical}#over-time",
        release_id=page.release_id,
    )


def take_funnel(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """Councils by how many cases their figures rest on."""
    page = _make_metric(release, key, asked)
    if page.funnel is None:
        raise UnknownKey("funnel chart of", key)
    return ChartAlone(
        title=page.funnel.title,
        sentence=page.funnel.sentence,
        panels=(Panel(page.funnel.chart),),
        key=list_key(page.key),
        notes=(_FUNNEL,),
        credits=credit(page.sources),
        page=f"{page.canonical}#chance",
        release_id=page.release_id,
    )


def take_bars(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """The councils of a metric's table, a bar for each; of more than `MOST_LINES` there is no picture."""
    page = _make_metric(release, key, asked)
    groups = page.groups if page.about_bars else ()
    if sum(len(group.rows) for group in groups) > MOST_LINES:
        raise UnknownKey("bar chart of so many councils in", key)
    lines = [
        Line(
            row.name,
            (row.bar or None,),
            f"{row.text}, {row.note}" if row.note and not row.is_absent else row.text,
            is_strong=row.is_selected,
        )
        for group in groups
        for row in group.rows
    ]
    return ChartAlone(
        title=f"{page.heading}, {page.period}",
        sentence=page.sentence,
        panels=require_panels(lines, "bar", key),
        key=(),
        notes=(page.about_bars,),
        credits=credit(page.sources),
        page=f"{page.canonical}#table",
        release_id=page.release_id,
    )


def take_breakdowns(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """Each breakdown of a metric beside the median."""
    page = _make_metric(release, key, asked)
    shown = page.by_breakdown
    if shown is None or not shown.about_bars:
        raise UnknownKey("chart of the breakdowns of", key)
    lines = [
        Line(
            row.link.text,
            (row.bar or None,),
            ", ".join(filter(None, (row.text, f"median {row.median}" if row.median else ""))),
            is_strong=row.is_shown,
        )
        for row in shown.rows
    ]
    return ChartAlone(
        title=f"{page.metric.title}, {page.period}, by breakdown",
        sentence=shown.sentence,
        panels=require_panels(lines, "breakdown", key),
        key=(),
        notes=(shown.about_bars,),
        credits=credit(page.sources),
        page=f"{page.canonical}#by-breakdown",
        release_id=page.release_id,
    )


def take_map(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """A metric's map, as outlines or as hexagons."""
    page = make_map(release, key, asked)
    return ChartAlone(
        title=f"{page.heading}, {page.period}",
        sentence=" ".join(filter(None, (page.sentence, page.chosen_sentence))),
        panels=require_panels((Panel(page.chart),) if page.chart else (), "map", key),
        key=tuple((each.swatch, f"{each.label} ({each.count})") for each in page.classes),
        notes=page.notes,
        credits=credit(page.sources) + credit_boundaries(page.boundaries),
        page=page.canonical,
        release_id=page.release_id,
    )


def take_hexagons(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """A metric's map as hexagons, however the address was asked."""
    hexagons = asked.copy()
    hexagons["view"] = "hex"
    return take_map(release, key, hexagons)


def take_scatter(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """Two metrics set against each other; `other` names the one across."""
    present, said = release.metric(key).key, read_one(asked, "other")
    if not said:
        raise Refused(Mistake("other", "Give “other”: the key of the metric to set this one against."))
    rest = asked.copy()
    del rest["other"]
    other = release.metric(said).key
    if (present, other) != (key, said):
        address = against_address(present, other) + (f"?{rest.urlencode()}" if rest else "")
        raise Redirected(address, permanent=True)
    page = make_against(release, key, other, rest)
    one, two = page.one, page.other
    panels = (
        [Panel(page.chart, f"↑ {one.heading}, {one.period}", below=f"→ {two.heading}, {two.period}")]
        if page.chart
        else []
    )
    medians = "Each mark is one council. The dashed lines are the medians of those shown."
    return ChartAlone(
        title=f"{one.heading} set against {two.heading}",
        sentence=" ".join(filter(None, (page.sentence, page.chosen_sentence))),
        panels=require_panels(panels, "scatter", key),
        key=tuple((each.form, each.text) for each in page.key),
        notes=tuple(filter(None, (f"{medians} The scales need not start at zero.", page.beyond, page.caution))),
        credits=credit([*one.sources, *two.sources]),
        page=page.canonical,
        release_id=page.release_id,
    )


def take_national(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """The middle, the middle half and eight tenths of councils over time."""
    page = _make_national(release, key)
    shown = [(each, each.over_time) for each in page.scopes if each.over_time and each.over_time.chart]
    several = len(shown) > 1
    panels = [
        Panel(course.chart or Svg(), scope.title if several else "", scope.sentence if several else "")
        for scope, course in shown
    ]
    return ChartAlone(
        title=page.metric.title if several or not shown else shown[0][1].title,
        sentence="" if several or not shown else shown[0][0].sentence,
        panels=require_panels(panels, "national", key),
        key=(),
        notes=shown[0][1].remarks if shown else (),
        credits=credit(page.sources),
        page=national_address(page.metric.topic, page.metric.key),
        release_id=page.release_id,
    )


def take_boxes(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """Kinds of council and regions, a box for each."""
    page = _make_national(release, key)
    lines = [
        line
        for table in page.boxes
        for line in (
            Line(table.title),
            *(Line(row.label, (row.box,), _say_box(row.cells)) for row in table.rows),
        )
    ]
    return ChartAlone(
        title=f"{page.metric.title}: kinds of council and regions",
        sentence=" ".join(table.sentence for table in page.boxes),
        panels=require_panels(lines, "box", key),
        key=(),
        notes=(f"{_BOXES} The scale need not start at zero.",),
        credits=credit(page.sources),
        page=national_address(page.metric.topic, page.metric.key),
        release_id=page.release_id,
    )


def _say_box(cells: tuple[str, ...]) -> str:
    return f"middle {cells[0]}" if cells else "too few have a figure"


def _make_national(release: Release, key: str) -> NationalMetricPage:
    return make_national_metric(release, release.metric(key).topic, key)


def _make_metric(release: Release, key: str, asked: QueryDict) -> MetricPage:
    require_present_key(release, key, asked, "/metrics/{}")
    page = make_metric(release, key, asked)
    if not isinstance(page, MetricPage):
        raise UnknownKey("chart of the metric", key)
    return page
