"""Cards: the small picture that stands for a page where it is shared."""

from __future__ import annotations

from django.http import QueryDict

from moothall.charts.pictures import draw_card
from moothall.charts.svg import Svg
from moothall.core.values import Unit
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import CARD, card_address
from moothall.site.explorer.metrics import make_metric
from moothall.site.explorer.pages import AreaPage, AreaTopicPage, MetricPage, Page, TopicPage
from moothall.site.explorer.profiles import make_area

_SAYS = "How England’s councils compare"


def find_card(page: Page, canonical: str) -> str:
    """The address of the card of a page; most have the one that stands for the whole site."""
    match page:
        case AreaPage() | AreaTopicPage():
            return card_address("areas", page.area.code, "")
        case MetricPage():
            return card_address("metrics", page.metric.key, canonical)
        case TopicPage():
            return card_address("topics", page.topic.key, "")
    return CARD


def make_card(release: Release, kind: str, key: str, asked: QueryDict) -> Svg:
    """The card of one council, metric or topic; of the site where no kind is given.

    Raises `UnknownKey` for what there is not, and what a metric's page raises.
    """
    foot = f"{_SAYS}. Release {release.record.id}."
    match kind:
        case "":
            if key != "moothall":
                raise UnknownKey("card", key)
            counts = release.record.counts
            said = f"{counts.metrics:,} figures on {counts.areas:,} councils, traceable to the published cell."
            return draw_card(_SAYS, said, None, f"Release {release.record.id}.")
        case "areas":
            return _draw_area(release, key, foot)
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
    raise UnknownKey("kind of card", kind)


def _draw_area(release: Release, code: str, foot: str) -> Svg:
    """A council with the first thing to know of it, and that figure among its neighbours where it is an amount."""
    area = release.area(code)
    if area.closed is not None and area.closed <= release.built:
        return draw_card(area.name, "This council no longer exists. See what took its place.", None, foot)
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
