"""Pictures of one council, of several, and of the councils of England together."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from moothall.charts.pictures import MOST_LINES, Line, Panel
from moothall.charts.svg import Svg
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, UnknownKey
from moothall.site.addresses import area_address, area_topic_address, national_address, report_address
from moothall.site.explorer.area_topics import make_area_topic
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_one
from moothall.site.explorer.compare import make_compare
from moothall.site.explorer.glances import name_topic
from moothall.site.explorer.national import make_national, make_national_topic
from moothall.site.explorer.parts import KeyEntry
from moothall.site.explorer.parts_comparison import ComparisonRow, MarkedCouncil
from moothall.site.explorer.picture_parts import (
    ChartAlone,
    Credit,
    Key,
    credit_publishers,
    credit_series,
    list_key,
    require_panels,
)
from moothall.site.explorer.profiles import make_area
from moothall.site.explorer.reports import make_report

MOST_ROWS = 10
"""How many metrics one picture has a strip for."""

_STRIPS = "Each mark is one council, and the dashed line is the median. The shaded band is the usual range."
_GLANCE = (
    "Each dot is one figure. The line in the middle is the median, better is to the right, "
    "and the shaded band is the usual range."
)
_REPORT = (
    "The first drawing has the council among those it is compared with: better is to the right, "
    "and higher where neither direction is better. The second has it over time beside their median, dashed. "
    "Its scale does not start at zero."
)
_SPARKS = "The line is the middle council and the band the middle half. Each drawing has a scale of its own."


def take_topic(release: Release, key: str, asked: QueryDict, most: int = MOST_ROWS) -> ChartAlone:
    """The first metrics of a topic, for the council that `area` names and those beside it."""
    code = read_one(asked, "area")
    if not code:
        raise Refused(Mistake("area", "Give “area”: the code of the council that the topic is shown for."))
    rest = asked.copy()
    del rest["area"]
    area = _require_standing(release, code, area_topic_address(release.area(code).code, key), rest)
    page = make_area_topic(release, area, key, rest)
    panels, left_out = _take_rows(page.rows, most)
    return ChartAlone(
        title=page.heading,
        sentence=page.summary,
        panels=require_panels(panels, "topic", key),
        key=_list_councils(page.councils, page.strip_key),
        notes=(f"{page.compared_with.partition('. ')[0].rstrip('.')}. {_STRIPS}", *left_out),
        credits=_credit_rows(release, page.rows, most),
        page=page.canonical,
        release_id=page.release_id,
        is_kept=page.is_kept,
    )


def take_councils(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """The strips of a comparison of any councils in any metrics."""
    if key != "compare":
        raise UnknownKey("comparison", key)
    page = make_compare(release, asked)
    panels, left_out = _take_rows(page.rows, MOST_ROWS)
    return ChartAlone(
        title=page.heading,
        sentence=page.compared_with,
        panels=require_panels(panels, "strip", page.heading),
        key=_list_councils(page.councils, page.strip_key),
        notes=(_STRIPS, *page.notes, *left_out),
        credits=_credit_rows(release, page.rows, MOST_ROWS),
        page=page.canonical,
        release_id=page.release_id,
        is_kept=page.is_kept,
    )


def take_glance(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """Every topic of a council in one glance."""
    area = _require_standing(release, key, area_address(release.area(key)), QueryDict())
    page = make_area(release, area, "")
    lines = [Line(each.title, (each.chart,), each.counted) for each in page.topics if each.chart]
    return ChartAlone(
        title=f"{area.name}: every topic in one glance",
        sentence=page.compared_with,
        panels=require_panels(lines, "glance", key),
        key=list_key(page.key),
        notes=(_GLANCE, "A figure is where a question starts, not a judgement."),
        credits=credit_publishers(release, [each.anchor for each in page.topics if each.chart]),
        page=page.find_canonical(""),
        release_id=page.release_id,
    )


def take_report(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """The charts of one topic of a council's report, or of its first."""
    area = _require_standing(release, key, report_address(release.area(key).code), asked)
    page = make_report(release, area, asked)
    drawn = [(topic, [row for row in topic.rows if row.strip or row.course]) for topic in page.topics]
    first, rows = next(((topic, rows) for topic, rows in drawn if rows), (None, []))
    if first is None:
        raise UnknownKey("report chart of", key)
    lines = [
        Line(f"{row.title}, {row.period}", (row.strip, row.course), _say_value(row.text, row.median))
        for row in rows[:MOST_LINES]
    ]
    return ChartAlone(
        title=f"{area.name}: {name_topic(release.topic(first.anchor))}",
        sentence=page.compared_with,
        panels=tuple(lines),
        key=list_key(page.key),
        notes=(_REPORT,),
        credits=credit_series(release, [release.metric(row.anchor) for row in rows[:MOST_LINES]]),
        page=page.address,
        release_id=page.release_id,
        is_kept=page.is_kept,
    )


def take_courses(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """Every series of a topic nationally: the middle of councils and where it went."""
    page = make_national_topic(release, key)
    lines = [
        line
        for group in page.groups
        for entry in group.entries
        for line in (
            Line(f"{entry.link.text}, {entry.period}"),
            *(Line(each.scope, (each.spark,), f"middle {each.middle}. {each.course}") for each in entry.lines),
        )
    ]
    return ChartAlone(
        title=f"{page.topic.title}: the national picture",
        sentence=page.sentence,
        panels=_cut(require_panels(lines, "national", key)),
        key=(),
        notes=(_SPARKS, *_say_cut(lines)),
        credits=credit_publishers(release, [page.topic.key]),
        page=national_address(page.topic.key),
        release_id=page.release_id,
    )


def take_moves(release: Release, key: str, asked: QueryDict) -> ChartAlone:
    """The series of every topic that moved nationally: the middle of the same councils then and now."""
    if key != "national":
        raise UnknownKey("national picture", key)
    page = make_national(release)
    lines = [
        line
        for moved in page.moved
        for metric, moves in moved.metrics
        for line in (
            Line(f"{metric.text}: towards {moved.direction}"),
            *(Line(each.scope, (each.spark,), f"{each.before}, {each.after}") for each in moves),
        )
    ]
    return ChartAlone(
        title="The national picture: what moved towards better or worse",
        sentence=page.sentence,
        panels=_cut(require_panels(lines, "national", key)),
        key=(),
        notes=(_SPARKS, page.by_chance, *_say_cut(lines)),
        credits=credit_publishers(release, [each.key for each in release.topics()]),
        page=national_address(),
        release_id=page.release_id,
    )


def _require_standing(release: Release, code: str, present: str, asked: QueryDict) -> AreaRecord:
    """A council that stands. Raises `Redirected` to its present page, `UnknownKey` for one that is no more."""
    area = release.area(code)
    if area.closed is not None and area.closed <= release.built:
        raise UnknownKey("chart of", area.name)
    if code != area.code:
        raise Redirected(present + (f"?{asked.urlencode()}" if asked else ""))
    return area


def _take_rows(rows: Sequence[ComparisonRow], most: int) -> tuple[list[Panel], tuple[str, ...]]:
    """The strips of a page, and that some were left out."""
    drawn = [row for row in rows if row.chart]
    panels = [Panel(row.chart or Svg(), f"{row.title}, {row.period}", _say_row(row)) for row in drawn[:most]]
    if len(drawn) <= most:
        return panels, ()
    said = f"These are {most} of the {len(drawn)} metrics compared. The others are on the page that this is from."
    return panels, (said,)


def _say_row(row: ComparisonRow) -> str:
    """What is said of the first council, and each one's value where there are several."""
    values = ", ".join(f"{each.name} {each.text}" for each in row.values)
    return f"{row.sentence} {values}." if len(row.values) > 1 else row.sentence


def _list_councils(councils: Sequence[MarkedCouncil], strip_key: Sequence[KeyEntry]) -> Key:
    return (*((each.shape, each.name) for each in councils if each.shape), *list_key(strip_key))


def _credit_rows(release: Release, rows: Sequence[ComparisonRow], most: int) -> tuple[Credit, ...]:
    drawn = [row for row in rows if row.chart][:most]
    keys = dict.fromkeys(row.metric_address.partition("?")[0].rpartition("/")[2] for row in drawn)
    return credit_series(release, map(release.metric, keys))


def _say_value(text: str, median: str) -> str:
    return f"{text}, median {median}" if median else text


def _cut(lines: tuple[Panel | Line, ...]) -> tuple[Panel | Line, ...]:
    return lines[:MOST_LINES]


def _say_cut(lines: Sequence[Line]) -> tuple[str, ...]:
    drawn = sum(any(each.charts) for each in lines)
    shown = sum(any(each.charts) for each in lines[:MOST_LINES])
    if shown == drawn:
        return ()
    return (f"These are {shown} of {drawn} series. The others are on the page that this is from.",)
