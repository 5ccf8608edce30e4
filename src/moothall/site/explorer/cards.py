"""Cards: the small picture that stands for a page where it is shared."""

from __future__ import annotations

from django.http import QueryDict

from moothall.charts.pictures import Panel, draw_card
from moothall.charts.svg import Svg
from moothall.core.values import Unit
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, UnknownKey
from moothall.site.addresses import CARD, card_address
from moothall.site.explorer.council_names import name_within
from moothall.site.explorer.metrics import make_metric
from moothall.site.explorer.national_metrics import NationalMetricPage
from moothall.site.explorer.pages import AreaPage, AreaTopicPage, MapPage, MetricPage, Page, TopicPage
from moothall.site.explorer.pages_against import AgainstPage
from moothall.site.explorer.pages_compare import ComparePage
from moothall.site.explorer.pages_places import PlacePage
from moothall.site.explorer.pictures import PICTURES
from moothall.site.explorer.places import make_place
from moothall.site.explorer.profiles import make_area

_SAYS = "How England’s councils compare"
_CLOSED = "This council no longer exists. See what took its place."


def find_card(page: Page, canonical: str) -> str:
    """The address of the card of a page; most have the one that stands for the whole site."""
    path = canonical.partition("?")[0]
    match page:
        case AreaPage():
            return card_address("areas", path)
        case PlacePage():
            return card_address("places", path)
        case AreaTopicPage(rows=rows) if any(row.chart for row in rows):
            return card_address("topic", canonical)
        case AreaTopicPage():
            return card_address("areas", f"/areas/{page.area.code}")
        case MetricPage():
            return card_address("metrics", canonical)
        case MapPage(chart=chart) if chart:
            return card_address("map", canonical)
        case AgainstPage(chart=chart) if chart:
            return card_address("scatter", canonical)
        case ComparePage(rows=rows) if page.is_kept and any(row.chart for row in rows):
            return card_address("councils", canonical)
        case TopicPage():
            return card_address("topics", path)
        case NationalMetricPage(scopes=scopes) if any(each.over_time and each.over_time.chart for each in scopes):
            return card_address("national", path)
    return CARD


def make_card(release: Release, kind: str, key: str, asked: QueryDict) -> Svg:
    """The card of one council, place, metric or topic, or of a picture; of the site where no kind is given.

    Raises `UnknownKey` for what there is not, and what a page raises.
    """
    foot = f"{_SAYS}. Release {release.record.id}."
    match kind:
        case "":
            if key != "moothall":
                raise UnknownKey("card", key)
            counts = release.record.counts
            said = f"{counts.metrics:,} metrics of {counts.areas:,} councils. Every figure leads to the published cell."
            return draw_card(_SAYS, said, None, f"Release {release.record.id}.")
        case "areas":
            return _draw_area(release, key, foot)
        case "places":
            area = release.area(key)
            if _is_closed(release, area):
                return draw_card(area.name, _CLOSED, None, foot)
            return draw_card(
                f"Who runs services in {name_within(area)}", make_place(release, area, "").lead, None, foot
            )
        case "metrics":
            page = make_metric(release, key, asked)
            if not isinstance(page, MetricPage):
                raise UnknownKey("card of the metric", key)
            title = f"{page.chosen.name}: {page.heading}" if page.chosen else page.heading
            charts = [row.chart for row in page.strips if row.chart]
            return draw_card(title, page.sentence, charts[0] if len(charts) == 1 else None, foot)
        case "topics":
            topic = release.topic(key)
            return draw_card(topic.title, topic.description, None, foot)
        case _ if kind in PICTURES:
            taken = PICTURES[kind](release, key, asked)
            first = taken.panels[0]
            chart = first.chart if isinstance(first, Panel) and len(taken.panels) == 1 and kind != "map" else None
            return draw_card(taken.title, taken.sentence, chart, foot)
    raise UnknownKey("kind of card", kind)


def _is_closed(release: Release, area: AreaRecord) -> bool:
    return area.closed is not None and area.closed <= release.built


def _draw_area(release: Release, code: str, foot: str) -> Svg:
    """A council with the first thing to know of it, and that figure among its neighbours where it is an amount."""
    area = release.area(code)
    if _is_closed(release, area):
        return draw_card(area.name, _CLOSED, None, foot)
    page = make_area(release, area, "")
    if page.things is None or not page.things.entries:
        return draw_card(area.name, page.lead, None, foot)
    first = page.things.entries[0]
    key = first.trace_address.split("/")[2]
    chart = None
    if release.metric(key).unit is not Unit.JUDGEMENT:
        shown = make_metric(release, key, QueryDict(f"area={area.code}"))
        chart = next((row.chart for row in shown.strips if row.chart), None) if isinstance(shown, MetricPage) else None
    return draw_card(area.name, f"{first.title}: {first.sentence}", chart, foot)
