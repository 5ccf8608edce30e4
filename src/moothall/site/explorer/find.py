"""The search: what a name, everyday words or a postcode lead to, and every entry that suggestions are made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from django.http import HttpRequest, QueryDict

from moothall.core.areas import AreaClass
from moothall.core.postcodes import Postcode, is_postcode
from moothall.release.find import PostcodeRecord
from moothall.release.queries import Release
from moothall.release.records import AreaRecord, MetricRecord, TopicRecord
from moothall.release.search import IN_TEXT, Found, Subjects
from moothall.site.addresses import (
    area_address,
    area_topic_address,
    catalogue_address,
    find_address,
    metric_address,
    place_address,
    topic_address,
)
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_one
from moothall.site.explorer.pages_find import FindPage, FoundArea, FoundSubject, FoundSubjects, PostcodePage
from moothall.site.explorer.parts import Link
from moothall.site.explorer.responsible import find_runners
from moothall.site.explorer.sentences import name_published
from moothall.site.narrative.names import capitalise, join_words, name_day, name_place, name_within

_FORM = "application/x-www-form-urlencoded"
_MOST = 50
_SHOWN = 10  # metrics shown of those found
_KINGDOM = {"Scotland", "Wales", "Northern Ireland"}
_ELSEWHERE = Link("Find a council anywhere in the United Kingdom, on GOV.UK", "https://www.gov.uk/find-local-council")
_TIPS = (
    "a postcode, such as EX1 1JN, or its first half",
    "the name of a council, such as Croydon or North Yorkshire",
    "a service, such as bins, potholes or council tax",
    "a service and a council together, such as potholes in Devon",
)
_NO_TOWNS = "Towns, villages and wards cannot be searched for. A postcode leads to the councils of a place."
_EMPTY = "Type a postcode, a council or a topic, for example Croydon or bins."


class FindEntry(NamedTuple):
    """One thing that the search box can lead to."""

    title: str
    kind: str
    address: str
    words: str  # other words that it is found by


def list_entries(release: Release) -> Iterator[FindEntry]:
    """Everything that suggestions are made from: authorities that stand, topics, metrics, authorities that do not.

    The box takes them all at once and looks among them in the browser, so that nothing typed is sent anywhere.
    """
    gone = []
    for area in release.areas(include_closed=True):
        entry = FindEntry(area.name, area.area_class.label, area_address(area), area.official_name)
        if area.closed is not None and area.closed <= release.built:
            gone.append(entry._replace(kind=f"until {(area.closed - timedelta(days=1)).year}"))
        else:
            yield entry
    for topic in release.topics():
        said = " ".join(release.list_everyday_words("topic", topic.key))
        yield FindEntry(topic.title, "topic", topic_address(topic.key), said)
    for metric in release.metrics():
        if metric.first_period is not None and metric.status.is_current:
            said = " ".join([metric.short, *release.list_everyday_words("metric", metric.key)])
            yield FindEntry(metric.title, "metric", metric_address(metric.key), said)
    yield from gone


def answer_find(release: Release, request: HttpRequest) -> FindPage:
    """The answer to the box: raises `Redirected` to a place or to the page of what was found.

    A postcode is looked up here and nowhere else, and stands in no address that this leads to. Raises `Refused`.
    """
    if request.content_type != _FORM:
        raise Refused(Mistake("q", "Send the form as a page of this site does."))
    text = read_one(request.POST, "q")
    if not text:
        raise Refused(Mistake("q", _EMPTY))
    led = release.find_postcode(text)
    if led is None or (not led.is_known and not is_postcode(text)):
        # Without a directory a postcode is still not to be put into an address.
        raise Redirected(find_address("" if is_postcode(text) else text))
    # What begins like a postcode may be a word, too: CO2 is in Colchester and in the air.
    said = release.search_subjects(text, _MOST) if not is_postcode(text) else Subjects()
    subjects = Subjects() if said.instead else said
    if len(led.areas) == 1 and not led.nations and subjects.nearest is None:
        raise Redirected(place_address(led.areas[0]))
    heading, messages = _say_postcode(release, led)
    return PostcodePage(
        release_id=release.record.id,
        heading=heading,
        query=text,
        messages=messages,
        areas=tuple(_describe(release, area) for area in led.areas),
        subjects=_list_subjects(release, Found((), subjects), text),
        links=(_ELSEWHERE,) if not _KINGDOM.isdisjoint(led.nations) or not led.is_known else (),
        tips=() if led.is_known else _TIPS,
    )


def _say_postcode(release: Release, led: PostcodeRecord) -> tuple[str, tuple[str, ...]]:
    """The heading and what else is to be said of a postcode."""
    postcode, nations = led.postcode, join_words(led.nations)
    directory = release.postcode_file
    of = name_published(directory.published) if directory else ""
    if not led.is_known:
        return f"{postcode} is not in the postcode directory", (
            f"The directory is of {of}, so a newer postcode is not in it. Check the letters and figures.",
            _say_first_half(postcode),
        )
    if led.areas:
        said = {
            "The council with most of its postcodes comes first.": len(led.areas) > 1,
            "Where there is a district council there is a county council, too.": any(a.county for a in led.areas),
            f"Some of it is in {nations}, and Moothall has councils in England only.": bool(nations),
        }
        return f"Councils in {postcode}", tuple(each for each, is_so in said.items() if is_so)
    if nations:
        return f"{postcode} is in {nations}", ("Moothall has councils in England only.",)
    return f"No council is recorded for {postcode}", (
        f"The directory of {of} has this postcode without a district. Many such postcodes are of large organisations.",
        "Search for the council by its name.",
    )


def _say_first_half(postcode: Postcode) -> str:
    return f"Or search for its first half, {postcode.outward}, to see the councils there."


def make_find(release: Release, asked: QueryDict) -> FindPage:
    """What `q` leads to; nothing is looked up for a postcode. One authority alone redirects to its page."""
    text = read_one(asked, "q")
    if is_postcode(text):
        said = "An address is written down on its way, so a postcode in one is not looked up. Type it in the box."
        return _make_box(release, "Search for a place", said)
    if not text:
        return _make_box(release, "Search") if "q" not in asked else _make_box(release, "Search", _EMPTY)
    found = release.search(text, _MOST)
    standing = _find_the_one(release, found, text)
    if standing is not None:
        raise Redirected(area_address(standing))
    areas = found.areas or found.near
    heading, messages = _say_found(found, text)
    return FindPage(
        release_id=release.record.id,
        heading=heading,
        query=text,
        messages=messages,
        areas=tuple(_describe(release, area) for area in areas),
        subjects=_list_subjects(release, found, text),
        links=(),
        tips=_TIPS if not areas and found.subjects.nearest is None else (),
    )


def _make_box(release: Release, heading: str, *messages: str) -> PostcodePage:
    """The page with nothing but the box."""
    return PostcodePage(release.record.id, heading, "", messages, (), None, (), _TIPS)


def _find_the_one(release: Release, found: Found, text: str) -> AreaRecord | None:
    """The authority that stands and is meant: the only one of that name, or found at all, and no subject is so near."""
    nearest = found.subjects.nearest
    if found.place is not None or (nearest is not None and nearest < IN_TEXT):
        return None
    standing = [area for area in found.areas if area.closed is None or area.closed > release.built]
    folded = text.casefold()
    exact = [
        area
        for area in standing
        if folded in {area.name.casefold(), area.official_name.casefold(), area.code.casefold()}
    ]
    if len(exact) == 1:
        return exact[0]
    return standing[0] if len(found.areas) == len(standing) == 1 else None


def _say_found(found: Found, text: str) -> tuple[str, tuple[str, ...]]:
    nothing = f"Nothing found for “{text}”"
    if found.near:
        return nothing, ("These councils have names spelled like it.", _NO_TOWNS)
    if found.subjects.instead:
        said = f"Nothing has all of these words. This is what there is for “{found.subjects.instead}”."
        return f"Search results for “{text}”", (said,)
    if not found.areas and found.subjects.nearest is None:
        return nothing, (_NO_TOWNS,)
    return f"Search results for “{text}”", ()


def _describe(release: Release, area: AreaRecord) -> FoundArea:
    is_gone = area.closed is not None and area.closed <= release.built
    beside, place = "", None
    others: tuple[Link, ...] = ()
    if is_gone:
        standing = release.find_standing(area.code)
        beside = "Its area is now run by" if standing else ""
        others = tuple(Link(name_place(each.name), area_address(each)) for each in standing)
    elif area.area_class is AreaClass.DISTRICT and area.county_code and area.county:
        beside = "Two councils run services here. The other is"
        others = (Link(f"{area.county}, county council", area_address(release.area(area.county_code))),)
    if not is_gone and area.is_principal and area.area_class is not AreaClass.COUNTY:
        place = Link(f"Everyone who runs services in {name_within(area.name)}", place_address(area))
    return FoundArea(
        link=Link(name_place(area.name), area_address(area)),
        class_label=area.area_class.label if area.area_class.label != area.name else "",
        note=f"until {name_day(area.closed - timedelta(days=1))}" if is_gone and area.closed else "",
        beside=beside,
        others=others,
        place=place,
    )


def _list_subjects(release: Release, found: Found, text: str) -> FoundSubjects | None:
    """The topics and metrics found, of one authority where one was named."""
    place, subjects = found.place, found.subjects
    metrics = [_name_metric(release, metric, place) for _, metric in subjects.metrics[:_SHOWN]]
    nearest = [topic for near, topic in subjects.topics if near < IN_TEXT or near == subjects.nearest]
    topics = [_name_topic(release, topic, place) for topic in nearest]
    more = None
    if len(subjects.near_metrics) > _SHOWN and place is None:
        more = Link("See these and other metrics in the catalogue", catalogue_address(q=subjects.instead or text))
    of = f"Topics and metrics in {name_within(place.name)}" if place else "Topics and metrics"
    return FoundSubjects(of, tuple(topics), tuple(metrics), more) if metrics or topics else None


def _name_topic(release: Release, topic: TopicRecord, place: AreaRecord | None) -> FoundSubject:
    """A topic, of an authority or of whoever runs the service there, by what the topic shows first."""
    if place is None:
        return FoundSubject(Link(topic.title, topic_address(topic.key)), topic.description)
    first = next((release.metric(key) for key in topic.headlines), None)
    runner, said = _find_runner(release, first, place) if first else (place, "")
    link = Link(f"{topic.title} in {name_within(runner.name)}", area_topic_address(runner.code, topic.key))
    return FoundSubject(link, said or topic.description)


def _name_metric(release: Release, metric: MetricRecord, place: AreaRecord | None) -> FoundSubject:
    """A metric, of an authority or of whoever runs the service there."""
    if place is None:
        return FoundSubject(Link(metric.title, metric_address(metric.key)), metric.topic_title)
    runner, said = _find_runner(release, metric, place)
    return FoundSubject(Link(metric.title, metric_address(metric.key, area=runner.code)), said or metric.topic_title)


def _find_runner(release: Release, metric: MetricRecord, place: AreaRecord) -> tuple[AreaRecord, str]:
    """Whose figure stands for a place: its own, or that of the one authority that runs the service, with words."""
    functions = tuple(function.key for function in metric.functions)
    if place.code in release.responsible(functions, release.built):
        return place, ""
    runners, _ = find_runners(release, place, functions)
    if len(runners) != 1:
        return place, ""
    return runners[0], f"{capitalise(name_within(runners[0].name))} runs this service in {name_within(place.name)}."
