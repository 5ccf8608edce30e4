"""The addresses of the API, each one question to the release."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Literal, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from ninja import NinjaAPI, Query

from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.core.postcodes import is_postcode
from moothall.release.comparators import Comparators
from moothall.release.downloads.changes import tabulate_changes
from moothall.release.downloads.exemplars import tabulate_exemplars
from moothall.release.downloads.figures import as_json, tabulate_figures
from moothall.release.downloads.lists import tabulate_gaps, tabulate_neighbours
from moothall.release.downloads.national import tabulate_national
from moothall.release.downloads.table import Table
from moothall.release.figures import Selection
from moothall.release.neighbour_export import list_as_json
from moothall.release.neighbour_records import NeighbourListRecord
from moothall.release.queries import Release
from moothall.site.addresses import API, FIND
from moothall.site.api.answers import (
    AreaAnswer,
    AreasAnswer,
    FigureAnswer,
    FiguresAnswer,
    Lineage,
    MetricAnswer,
    MetricsAnswer,
    ReleaseAnswer,
    TrendDetail,
    WrongAnswer,
    answer,
    extend,
)
from moothall.site.api.answers_lists import ChangesAnswer, ExcellenceAnswer
from moothall.site.api.answers_national import NationalAnswer, national_as_json
from moothall.site.api.answers_navigation import GapsAnswer, OutcomesAnswer, SearchAnswer, TopicsAnswer
from moothall.site.api.answers_neighbours import NeighboursAnswer
from moothall.site.api.asked import (
    WHOLE,
    AreasAsked,
    ChangesAsked,
    ExcellenceAsked,
    FigureAsked,
    FiguresAsked,
    GapsAsked,
    MetricsAsked,
    NationalAsked,
    NeighboursAsked,
    SearchAsked,
)
from moothall.site.api.downloads import (
    FigureFormat,
    ListFormat,
    answer_rows,
    answer_table,
    describe_contents,
    read_address,
)
from moothall.site.api.errors import Refusal, install_handlers, say_wrong
from moothall.site.api.strictness import answer_strictly
from moothall.site.explorer.asked import Refused
from moothall.site.explorer.comparisons import compare_area
from moothall.site.explorer.neighbour_questions import CUSTOM, MOST_OWN, list_inputs, read_weights
from moothall.site.explorer.releases import find_difference
from moothall.site.narrative.figure import narrate
from moothall.site.served import take_release

MOST_CHOSEN = 100
"""The most councils of a group of one's own."""

api = NinjaAPI(
    title="Moothall",
    version="1",
    description="Comparable figures on every English council: the same as on the pages.",
    docs_url=None,
    openapi_url=None,
)
api.add_decorator(answer_strictly)
install_handlers(api)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
WRONG = {
    400: "A parameter that is unknown, repeated or cannot be read, or too much asked for",
    404: "An unknown key or address",
    405: "Another method than GET",
    500: "A fault of ours",
    503: "There is no release to answer from",
}
"""What is said of an answer that something is wrong, by its status; each has the same shape."""
FORMATS = {
    "/figures": FigureFormat,
    "/gaps": ListFormat,
    "/areas/{code}/neighbours": ListFormat,
    "/national": ListFormat,
    "/excellence": ListFormat,
    "/changes": ListFormat,
}
"""The operations that answer with files, too, and in which formats."""


def _read(path: str, summary: str, made: object, example: str = "") -> Callable[[View], View]:
    """Register an operation: what it answers with, and an address that answers, for the page about the API."""
    registered: Callable[[View], View] = api.get(
        path,
        summary=summary,
        response={200: made} | dict.fromkeys(WRONG, WrongAnswer),
        by_alias=True,
        openapi_extra={"x-example": API + (example or path)},
    )
    return registered


@_read("/release", "The release served", ReleaseAnswer)
def read_release(request: HttpRequest) -> HttpResponse:
    """What it is, what it holds and the published files it was made from."""
    release = take_release()
    return answer(extend(ReleaseAnswer, release.record, sources=release.sources()))


@_read("/areas", "Authorities", AreasAnswer, "/areas?class=london_borough")
def list_areas(request: HttpRequest, asked: Query[AreasAsked]) -> HttpResponse:
    """Every authority that existed when the release was made, by name."""
    listed = take_release().areas(area_class=asked.area_class, include_closed=asked.closed)
    return answer(AreasAnswer.model_validate({"areas": listed}))


@_read("/areas/{code}", "One authority", AreaAnswer)
def read_area(request: HttpRequest, code: str) -> HttpResponse:
    """With what took its place, or whose place it took. An old code finds the authority it stands for."""
    release = take_release()
    area = release.area(code)
    around = {"successors": release.successors(area.code), "predecessors": release.predecessors(area.code)}
    return answer(extend(AreaAnswer, area, **around))


@_read("/areas/{code}/neighbours", "An authority’s neighbours", NeighboursAnswer)
def read_neighbours(request: HttpRequest, code: str, asked: Query[NeighboursAsked]) -> HttpResponseBase:
    """Who is most like it, by our own model, by one that somebody publishes, or by weights of your own."""
    release = take_release()
    found = _find_neighbours(release, code, asked)
    if asked.format != "json":
        name = _name_file("neighbours", found.area, found.model.replace("_", "-"), release.record.id)
        return answer_table(request, tabulate_neighbours(release, found, read_address(request)), asked.format, name)
    return JsonResponse(list_as_json(found, release.area, release.record.id))


@_read("/topics", "Topics", TopicsAnswer)
def list_topics(request: HttpRequest) -> HttpResponse:
    """Every topic, in the order of the pages."""
    return answer(TopicsAnswer.model_validate({"topics": take_release().topics()}))


@_read("/outcomes", "Outcomes", OutcomesAnswer)
def list_outcomes(request: HttpRequest) -> HttpResponse:
    """The government's priority outcomes in the framework's order, each with what is held of its metrics."""
    release = take_release()
    return answer(OutcomesAnswer.model_validate({"outcomes": release.outcomes(), "lists": release.framework_lists()}))


@_read("/metrics", "Metrics", MetricsAnswer, "/metrics?topic={topic}")
def list_metrics(request: HttpRequest, asked: Query[MetricsAsked]) -> HttpResponse:
    """Every metric in words and rules, or those of one topic."""
    return answer(MetricsAnswer.model_validate({"metrics": take_release().metrics(topic=asked.topic)}))


@_read("/metrics/{key}", "One metric", MetricAnswer)
def read_metric(request: HttpRequest, key: str) -> HttpResponse:
    """With its periods, newest first, and its source."""
    release = take_release()
    metric = release.metric(key)
    breakdown = metric.breakdowns[0] if metric.breakdowns else "all"
    source = release.source(metric.source) if metric.source else None
    return answer(extend(MetricAnswer, metric, periods=release.periods(metric.key, breakdown), source_detail=source))


@_read("/figures", "Figures", FiguresAnswer, "/figures?metric={metric}&area={area}&period=all")
def list_figures(request: HttpRequest, asked: Query[FiguresAsked]) -> HttpResponseBase:
    """Whole up to 100,000 figures; more only in parts, with limit and cursor, each of which names the release it is of.

    In other formats than JSON the cursor to go on with is in the header X-Next-Cursor.
    """
    release = take_release()
    selection = _select(asked)
    many = release.count_figures(selection)
    if asked.limit is None and asked.cursor is None and many > WHOLE:
        message = f"That is {many:,} figures. Ask for less, or with limit and cursor."
        raise Refusal("too_many", message, "limit")
    start = asked.cursor or 0
    if start and start >= many:
        message = f"cursor: there are {many:,} figures. Give the “next” of the answer before."
        raise Refusal("invalid_parameter", message, "cursor")
    end = start + (asked.limit or WHOLE)
    following = end if end < many else None
    table = tabulate_figures(release, selection, read_address(request), start, end - start)
    if asked.format == "json":
        return answer_rows(table, following)
    return answer_table(request, table, asked.format, _name_download(asked, release), following)


@_read("/figures/{metric}/{area}/{period}", "One figure with its lineage", FigureAnswer)
def read_figure(request: HttpRequest, metric: str, area: str, period: str, asked: Query[FigureAsked]) -> HttpResponse:
    """What it says in words, its formula, and every cell of every published file that it rests on."""
    release, peers = take_release(), _read_comparators(asked)
    trace = release.trace(metric, area, period, breakdown=asked.breakdown, peers=peers)
    compared = compare_area(release, trace.metric, trace.figure, trace.area, peers)
    told = narrate(release, trace.figure, peers, compared.figures if compared else ())
    lineage = Lineage.model_validate(trace).model_dump(mode="json")
    trend = TrendDetail.model_validate(trace.figure.trend).model_dump(mode="json") if trace.figure.trend else None
    return JsonResponse(as_json(trace.figure) | {"sentence": told.text, "trend_detail": trend, "lineage": lineage})


@_read("/gaps", "What is missing, and why", GapsAnswer, "/gaps?topic={topic}")
def list_gaps(request: HttpRequest, asked: Query[GapsAsked]) -> HttpResponseBase:
    """Files not held, series not read, functions without metrics, old figures, and those that some councils lack."""
    release = take_release()
    gaps = release.gaps(topics=asked.topic, functions=asked.function)
    if asked.format != "json":
        name = _name_file("missing", *asked.topic, *asked.function, release.record.id)
        return answer_table(request, tabulate_gaps(release, gaps, read_address(request)), asked.format, name)
    return answer(GapsAnswer.model_validate({"gaps": gaps, "release": release.record.id}))


@_read("/national", "The national picture", NationalAnswer, "/national?topic={topic}")
def read_national(request: HttpRequest, asked: Query[NationalAsked]) -> HttpResponseBase:
    """Where councils together went in each metric, and of one metric how they lie in every period."""
    release = take_release()
    if asked.format != "json":
        named = [each for each in (asked.topic, asked.metric) if each]
        table = tabulate_national(release, asked.topic, asked.metric, read_address(request))
        return answer_table(request, table, asked.format, _name_file("national", *named, release.record.id))
    return JsonResponse(national_as_json(release, asked.topic, asked.metric))


@_read("/excellence", "Councils worth learning from", ExcellenceAnswer, "/excellence?topic={topic}")
def list_exemplars(request: HttpRequest, asked: Query[ExcellenceAsked]) -> HttpResponseBase:
    """Who came much further than others, or is among the top tenth: by topic and name, never ranked."""
    release = take_release()
    table = tabulate_exemplars(release, asked.topic, asked.area_class, read_address(request))
    return _answer_list(request, table, asked.format, "excellence", asked.topic, asked.area_class, release.record.id)


@_read("/changes", "What a release changed", ChangesAnswer)
def list_changes(request: HttpRequest, asked: Query[ChangesAsked]) -> HttpResponseBase:
    """How many figures of each metric differ from the release shown before; empty where that was not kept."""
    release = take_release()
    difference = find_difference(release, asked.release)
    about = difference.new if difference else release.record.id if asked.release == "current" else asked.release
    table = tabulate_changes(difference, about, read_address(request))
    return _answer_list(request, table, asked.format, "changes", about)


@_read("/search", "Search for authorities, metrics and topics", SearchAnswer, "/search?q={name}")
def search(request: HttpRequest, asked: Query[SearchAsked]) -> HttpResponse:
    """By name, code or everyday words, the nearest first. A postcode is refused: addresses are written down."""
    if is_postcode(asked.q):
        message = f"q: a postcode is not looked up from an address. Send it by POST to {FIND}, as the pages do."
        raise Refusal("postcode_in_address", message, "q")
    release = take_release()
    found = release.search(asked.q, asked.limit)
    return answer(
        SearchAnswer.model_validate(
            {
                "areas": found.areas or found.near,
                "metrics": [metric for _, metric in found.subjects.metrics],
                "topics": [topic for _, topic in found.subjects.topics],
                "place": found.place,
                "instead": found.subjects.instead or None,
                "release": release.record.id,
            }
        )
    )


@_read("/openapi.json", "This description, for programs", dict[str, Any])
def describe(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description of the API."""
    return JsonResponse(describe_api())


@cache
def describe_api() -> dict[str, Any]:
    """The OpenAPI description, with what every operation may answer besides what was asked for."""
    description: dict[str, Any] = dict(api.get_openapi_schema())
    for path, operations in description["paths"].items():
        answers: dict[Any, Any] = operations["get"]["responses"]
        for status, words in WRONG.items():
            answers[status]["description"] = words
        answers[304] = {"description": "The answer has not changed since the ETag that was sent back"}
        formats = FORMATS.get(path.removeprefix(API))
        if formats is not None:
            describe_contents(answers[200]["content"], formats)
        if path == f"{API}/figures":
            answers[200]["headers"] = {
                "X-Next-Cursor": {
                    "description": "But for JSON: the cursor to go on with; not there when these were the last.",
                    "schema": {"type": "integer"},
                }
            }
        operations["get"]["responses"] = {str(status): answers[status] for status in sorted(answers, key=int)}
    return description


def refuse_root(request: HttpRequest) -> HttpResponse:
    """`/api/v1` itself is no address of the API; its error has the API's shape, too."""
    return say_wrong(404, "unknown_address", f"The API begins below {API}/.", request.path)


def _select(asked: FiguresAsked) -> Selection:
    period: tuple[str, ...] | Literal["latest", "all"]
    if asked.period in ([], ["latest"]):
        period = "latest"
    elif asked.period == ["all"]:
        period = "all"
    elif {"all", "latest"} & set(asked.period):
        raise Refusal("invalid_parameter", "period: “all” and “latest” stand alone.", "period")
    else:
        period = tuple(asked.period)
    return Selection(
        metric=tuple(asked.metric),
        area=tuple(asked.area),
        period=period,
        topic=tuple(asked.topic),
        breakdown=tuple(asked.breakdown) or ("all",),
        peers=_read_comparators(asked),
    )


def _read_comparators(asked: FiguresAsked | FigureAsked) -> Comparators:
    """The comparators asked for."""
    release = take_release()
    if asked.peers != "custom" and asked.with_:
        raise Refusal("invalid_parameter", "with: councils are named with peers=custom only.", "with")
    if asked.peers != "neighbours" and asked.model != DEFAULT_MODEL:
        raise Refusal("invalid_parameter", "model: a model is named with peers=neighbours only.", "model")
    if asked.peers == "custom" and not 0 < len(asked.with_) <= MOST_CHOSEN:
        raise Refusal("invalid_parameter", f"with: name 1 to {MOST_CHOSEN} councils.", "with")
    group = tuple(dict.fromkeys(release.area(code).code for code in asked.with_))
    return Comparators(asked.peers, asked.model, group)


def _find_neighbours(release: Release, code: str, asked: NeighboursAsked) -> NeighbourListRecord:
    if asked.model != CUSTOM:
        if asked.weight:
            raise Refusal("invalid_parameter", "weight: it is only for model=custom.", "weight")
        return release.neighbours(code, asked.model, version=asked.version)
    if asked.version is not None:
        raise Refusal("invalid_parameter", "version: weights are of the newest version’s inputs.", "version")
    try:
        weights = read_weights(tuple(asked.weight), list_inputs(release))
    except Refused as refused:
        raise Refusal("invalid_parameter", f"weight: {refused.mistakes[0].message}", "weight") from refused
    if not any(weights.values()):
        raise Refusal("invalid_parameter", "weight: give at least one thing a weight above 0.", "weight")
    return release.own_neighbours(code, weights, MOST_OWN)


def _answer_list(request: HttpRequest, table: Table, form: str, *named: str | None) -> HttpResponseBase:
    """A list in JSON, with what is to be known of it, or as a file named by what was asked."""
    if form == "json":
        return answer_rows(table)
    return answer_table(request, table, form, _name_file(*filter(None, named)))


def _name_download(asked: FiguresAsked, release: Release) -> str:
    """A file name that says what was asked: only letters, digits and hyphens come from the address."""
    alone = [each[0] for each in (asked.metric, asked.area, asked.period) if len(each) == 1]
    return _name_file(*alone, release.record.id, *([f"from-{asked.cursor}"] if asked.cursor else []))


def _name_file(*parts: str) -> str:
    return "-".join("".join(c for c in part if c.isalnum() or c == "-") for part in ("moothall", *parts))
