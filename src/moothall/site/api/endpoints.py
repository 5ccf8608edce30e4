"""The addresses of the API, each one question to the release."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Query, Schema
from pydantic import Field

from moothall.core.areas import AreaClass
from moothall.release.export import as_csv, as_json
from moothall.release.queries import Release, Selection
from moothall.release.records import Peers
from moothall.site.addresses import API
from moothall.site.api.answers import (
    answer_area,
    answer_lineage,
    answer_metric,
    answer_period,
    answer_release,
    answer_source,
    answer_succession,
    answer_topic,
)
from moothall.site.api.errors import Refusal, install_handlers
from moothall.site.api.strictness import answer_strictly
from moothall.site.served import take_release

WHOLE = 100_000
"""The most figures that are answered without `limit`."""

api = NinjaAPI(
    title="Moothall",
    version="1",
    description="Comparable figures on every English council: the same as on the pages.",
    docs_url=None,
    openapi_url=None,
)
api.add_decorator(answer_strictly)
install_handlers(api)

Texts = list[str]


class AreasAsked(Schema):
    """Which authorities to list."""

    area_class: AreaClass | None = Field(None, alias="class", description="Only this class of authority.")
    closed: bool = Field(False, description="true: those that no longer exist, too.")


class MetricsAsked(Schema):
    """Which metrics to list."""

    topic: str | None = Field(None, min_length=1, description="Only this topic.")


class SearchAsked(Schema):
    """What to search for."""

    q: str = Field(min_length=1, max_length=100, description="A name of an authority, or the start of one, or a code.")
    limit: int = Field(20, ge=1, le=500, description="The most to find.")


class FiguresAsked(Schema):
    """Which figures to answer with."""

    metric: Texts = Field([], description="Keys of metrics; all unless given.")
    area: Texts = Field([], description="ONS codes; every council unless given.")
    period: Texts = Field(
        [], description="Keys of periods, such as 2022-23; “all” for history. The latest of each metric unless given."
    )
    topic: Texts = Field([], description="Keys of topics.")
    breakdown: Texts = Field([], description="Keys of breakdowns; “all” unless given.")
    peers: Peers = Field(
        "england", description="Among whom rank, band, mads_peers and median_peers are: england, type or region."
    )
    format: Literal["json", "csv"] = Field("json", description="json or csv.")
    limit: int | None = Field(
        None, ge=1, le=WHOLE, description="The most figures to answer with; with cursor, for more than 100,000."
    )
    cursor: int | None = Field(None, ge=0, description="Where to go on: 0 at first, then “next” of the answer before.")


class FigureAsked(Schema):
    """Which figure of a metric, area and period."""

    breakdown: str = Field("all", min_length=1, description="Key of a breakdown.")
    peers: Peers = Field("england", description="england, type or region.")


def _example(address: str) -> dict[str, Any]:
    return {"x-example": API + address}


@api.get("/release", summary="The release served", openapi_extra=_example("/release"))
def read_release(request: HttpRequest) -> HttpResponse:
    """What it is, what it holds and the published files it was made from."""
    release = take_release()
    return JsonResponse(answer_release(release.record, release.sources()))


@api.get("/areas", summary="Authorities", openapi_extra=_example("/areas?class=london_borough"))
def list_areas(request: HttpRequest, asked: Query[AreasAsked]) -> HttpResponse:
    """Every authority that existed when the release was made, by name."""
    listed = take_release().areas(area_class=asked.area_class, include_closed=asked.closed)
    return JsonResponse({"areas": [answer_area(area) for area in listed]})


@api.get("/areas/{code}", summary="One authority", openapi_extra=_example("/areas/{code}"))
def read_area(request: HttpRequest, code: str) -> HttpResponse:
    """With what took its place, or whose place it took. An old code finds the authority it stands for."""
    release = take_release()
    area = release.area(code)
    return JsonResponse(
        answer_area(area)
        | {
            "successors": [answer_succession(each) for each in release.successors(area.code)],
            "predecessors": [answer_succession(each) for each in release.predecessors(area.code)],
        }
    )


@api.get("/topics", summary="Topics", openapi_extra=_example("/topics"))
def list_topics(request: HttpRequest) -> HttpResponse:
    """Every topic, in the order of the pages."""
    return JsonResponse({"topics": [answer_topic(topic) for topic in take_release().topics()]})


@api.get("/metrics", summary="Metrics", openapi_extra=_example("/metrics?topic={topic}"))
def list_metrics(request: HttpRequest, asked: Query[MetricsAsked]) -> HttpResponse:
    """Every metric in words and rules, or those of one topic."""
    listed = take_release().metrics(topic=asked.topic)
    return JsonResponse({"metrics": [answer_metric(metric) for metric in listed]})


@api.get("/metrics/{key}", summary="One metric", openapi_extra=_example("/metrics/{key}"))
def read_metric(request: HttpRequest, key: str) -> HttpResponse:
    """With its periods, newest first, and its source."""
    release = take_release()
    metric = release.metric(key)
    breakdown = metric.breakdowns[0] if metric.breakdowns else "all"
    return JsonResponse(
        answer_metric(metric)
        | {
            "periods": [answer_period(period) for period in release.periods(metric.key, breakdown)],
            "source_detail": answer_source(release.source(metric.source)) if metric.source else None,
        }
    )


@api.get("/figures", summary="Figures", openapi_extra=_example("/figures?metric={metric}&area={area}&period=all"))
def list_figures(request: HttpRequest, asked: Query[FiguresAsked]) -> HttpResponse:
    """Whole up to 100,000 figures; for more, ask with limit and cursor."""
    release = take_release()
    selection = _select(asked)
    many = release.count_figures(selection)
    if asked.limit is None and asked.cursor is None and many > WHOLE:
        message = f"That is {many:,} figures. Ask for less, or with limit and cursor."
        raise Refusal("too_many", message, "limit")
    start = asked.cursor or 0
    end = start + (asked.limit or WHOLE)
    shown = release.figures(selection, start, end - start)
    following = end if end < many else None
    if asked.format == "csv":
        response = HttpResponse("".join(as_csv(shown)), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{_name_download(asked, release)}.csv"'
        if following is not None:
            response["X-Next-Cursor"] = str(following)
        return response
    answer: dict[str, Any] = {"figures": [as_json(figure) for figure in shown], "release": release.record.id}
    if following is not None:
        answer["next"] = following
    return JsonResponse(answer)


@api.get(
    "/figures/{metric}/{area}/{period}",
    summary="One figure with its lineage",
    openapi_extra=_example("/figures/{metric}/{area}/{period}"),
)
def read_figure(request: HttpRequest, metric: str, area: str, period: str, asked: Query[FigureAsked]) -> HttpResponse:
    """The formula, and every cell of every published file that it rests on."""
    trace = take_release().trace(metric, area, period, breakdown=asked.breakdown, peers=asked.peers)
    return JsonResponse(as_json(trace.figure) | {"lineage": answer_lineage(trace)})


@api.get("/search", summary="Search for an authority", openapi_extra=_example("/search?q={name}"))
def search(request: HttpRequest, asked: Query[SearchAsked]) -> HttpResponse:
    """By name or code, the best match first."""
    return JsonResponse({"areas": [answer_area(area) for area in take_release().search(asked.q, asked.limit)]})


@api.get("/openapi.json", summary="This description, for programs", openapi_extra=_example("/openapi.json"))
def describe(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description of the API."""
    return JsonResponse(describe_api())


def describe_api() -> dict[str, Any]:
    """The OpenAPI description, with the answers that every operation may give when something is wrong."""
    description: dict[str, Any] = dict(api.get_openapi_schema())
    wrong = {
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": {
                "type": "object",
                "required": ["code", "message", "where"],
                "properties": {name: {"type": "string"} for name in ("code", "message", "where")},
            }
        },
    }
    answers = {
        status: {"description": words, "content": {"application/json": {"schema": wrong}}}
        for status, words in (
            ("400", "A parameter that is unknown, repeated or cannot be read, or too much asked for"),
            ("404", "An unknown key"),
            ("503", "There is no release to answer from"),
        )
    }
    for operations in description["paths"].values():
        for operation in operations.values():
            operation["responses"] = {**operation["responses"], **answers}
    return description


def _select(asked: FiguresAsked) -> Selection:
    for name in ("metric", "area", "period", "topic", "breakdown"):
        if "" in getattr(asked, name):
            raise Refusal("invalid_parameter", f"{name}: give a key, or leave the parameter out.", name)
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
        peers=asked.peers,
    )


def _name_download(asked: FiguresAsked, release: Release) -> str:
    """A file name that says what was asked: only letters, digits and hyphens come from the address."""
    parts = ["moothall", *asked.metric[:1], *asked.area[:1], *asked.period[:1], release.record.id]
    return "-".join("".join(c for c in part if c.isalnum() or c == "-") for part in parts)
