"""The page about the API: from its own description, with answers of the release that is served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest

from moothall.core.values import MARKERS
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.addresses import API
from moothall.site.api.asked import WHOLE
from moothall.site.api.endpoints import describe_api
from moothall.site.api.examples import ask, read_answer, shorten, write_call
from moothall.site.explorer.pages_about import ApiPage
from moothall.site.explorer.parts import Fact, Link
from moothall.site.explorer.parts_api import ApiField, ApiOperation, ApiParameter, ApiThing
from moothall.site.freshness import name_version
from moothall.site.narrative.names import count_words

Schema = dict[str, Any]
FIRST = f"{API}/figures"
UNKNOWN = f"{API}/metrics/no-such-metric"
_JSON = "application/json"
_OR_NULL = " or null"
_PLAIN = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true or false"}


def make_api(release: Release, request: HttpRequest) -> ApiPage:
    """How to ask the API; every answer on the page is asked for while it is made."""
    description = describe_api()
    schemas: dict[str, Schema] = description["components"]["schemas"]
    samples = find_samples(release)
    operations = tuple(
        _make_operation(request, path, methods["get"], samples, schemas)
        for path, methods in description["paths"].items()
    )
    first = next(each for each in operations if each.path == FIRST)
    described = description["paths"][FIRST]["get"]["responses"]
    return ApiPage(
        release_id=release.record.id,
        site=request.build_absolute_uri("/").rstrip("/"),
        first=first,
        parts_example=f"{API}/figures?topic={quote(samples['topic'])}&period=all&limit=1000&cursor=0",
        whole=WHOLE,
        etag=f'"{name_version()}',
        refusal=shorten(read_answer(ask(request, UNKNOWN))),
        refused=UNKNOWN,
        statuses=tuple(Fact(status, each["description"]) for status, each in described.items() if status != "200"),
        markers=tuple(Fact(str(marker), meaning.sentence) for marker, meaning in MARKERS.items()),
        licences=_list_licences(release),
        operations=operations,
        things=tuple(_list_things(description["paths"], schemas)),
    )


def find_samples(release: Release) -> dict[str, str]:
    """The keys of a figure that has a value, for examples that answer."""
    for metric in release.metrics():
        if metric.latest_period is None:
            continue
        for figure in release.slice(metric.key, metric.latest_period, breakdown=metric.breakdowns[0]):
            if figure.value is not None:
                return {
                    "metric": metric.key,
                    "key": metric.key,
                    "topic": metric.topic,
                    "area": figure.area,
                    "code": figure.area,
                    "name": figure.area_name,
                    "period": figure.period,
                }
    raise UnknownKey("figure", "with a value")


def _make_operation(
    request: HttpRequest, path: str, operation: Schema, samples: dict[str, str], schemas: dict[str, Schema]
) -> ApiOperation:
    address = operation["x-example"].format(**{name: quote(value) for name, value in samples.items()})
    answered = operation["responses"]["200"]["content"]
    return ApiOperation(
        path=path,
        anchor="-".join(path.removeprefix(API).replace(".", "-").translate(str.maketrans("", "", "{}")).split("/")[1:]),
        summary=operation["summary"],
        description=operation["description"],
        parameters=tuple(_make_parameter(each, schemas) for each in operation.get("parameters", [])),
        gives=_name(answered[_JSON]["schema"]),
        formats=tuple(media for media in answered if media != _JSON),
        example=address,
        curl=f'curl "$SITE{address}"',
        python=write_call(path, address, samples),
        answer=shorten(read_answer(ask(request, address))),
    )


def _make_parameter(parameter: Schema, schemas: dict[str, Schema]) -> ApiParameter:
    schema = parameter["schema"]
    is_repeated = schema.get("type") == "array"
    usual = schema.get("default")
    allowed = _say_type(schema["items"] if is_repeated else schema, schemas).removesuffix(_OR_NULL)
    notes = (
        allowed if allowed != _PLAIN["string"] else "",
        f"{usual} unless given" if usual not in (None, []) and not isinstance(usual, bool) else "",
        "may be repeated" if is_repeated else "",
        "required" if parameter["required"] else "",
    )
    said = parameter.get("description") or _IN_PATH.get(parameter["name"], "")
    return ApiParameter(parameter["name"], said, tuple(note for note in notes if note))


_IN_PATH = {
    "code": "ONS code of an authority, also one that it once had.",
    "area": "ONS code of an authority.",
    "key": "Key of a metric, also one that it once had.",
    "metric": "Key of a metric.",
    "period": "Key of a period.",
}


def _list_things(paths: dict[str, Any], schemas: dict[str, Schema]) -> Iterator[ApiThing]:
    """Everything that answers are made of, once, in the order in which it is first met."""
    met: dict[str, None] = {}

    def meet(name: str) -> None:
        if name and name not in met and "properties" in schemas[name]:
            met[name] = None
            for field in schemas[name]["properties"].values():
                meet(_name(field))

    for methods in paths.values():
        meet(_name(methods["get"]["responses"]["200"]["content"][_JSON]["schema"]))
    fields = {name: schemas[name]["properties"] for name in met}
    for name in met:
        within = [other for other in met if len(fields[other]) > 3 and fields[other].keys() < fields[name].keys()]
        part = max(within, key=lambda other: len(fields[other]), default="")
        own = {key: field for key, field in fields[name].items() if not part or key not in fields[part]}
        said = f"All that {part} has, and:" if part else ""
        yield ApiThing(name, said, tuple(_make_field(key, field, schemas) for key, field in own.items()))


def _make_field(name: str, field: Schema, schemas: dict[str, Schema]) -> ApiField:
    thing = _name(field)
    is_thing = bool(thing) and "properties" in schemas[thing]
    return ApiField(name, _say_type(field, schemas), field.get("description", ""), thing if is_thing else "")


def _find(schema: Schema) -> tuple[Schema, bool]:
    """What a field holds where it is not null, and whether it may be."""
    options = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
    return options[0], len(options) < len(schema.get("anyOf", options))


def _name(schema: Schema) -> str:
    """The name of the schema that a field holds, itself or in a list; empty where it holds none."""
    held = _find(schema)[0]
    while held.get("type") == "array":
        held = held["items"]
    return str(held.get("$ref", "")).rpartition("/")[2]


def _say_type(schema: Schema, schemas: dict[str, Schema]) -> str:
    """What a field may be, in words; nothing of one that is a thing with fields of its own."""
    held, may_be_null = _find(schema)
    if "$ref" in held:
        held = schemas[_name(held)]
    if held.get("type") == "array":
        inner = _say_type(held["items"], schemas)
        said = f"list of {inner}" if inner else "list"
    elif "enum" in held:
        said = ", ".join(map(str, held["enum"]))
    elif held.get("format") == "date":
        said = "day, as 2024-03-31"
    elif "properties" in held:
        said = ""
    else:
        said = _PLAIN.get(str(held.get("type")), "object")
        said += _say_limits(held)
    return f"{said}{_OR_NULL}" if may_be_null and said else said


def _say_limits(held: Schema) -> str:
    least, most = held.get("minimum"), held.get("maximum")
    if most is not None:
        return f" from {least or 0:,} to {most:,}"
    return f", {least:,} or more" if least is not None else ""


def _list_licences(release: Release) -> tuple[Fact, ...]:
    """Each licence that figures are under, and of how many sources."""
    sources: Iterable[Any] = [source for source in release.sources() if source.editions]
    many = Counter((source.licence_label, source.licence_address) for source in sources)
    return tuple(
        Fact(label, f"{count_words(number, 'source', 'sources')}, ", (Link("the licence", address),))
        for (label, address), number in many.most_common()
    )
