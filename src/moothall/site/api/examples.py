"""Examples of the API: what each address answers from the release that is served, shortened, and how to ask for it."""

from __future__ import annotations

import copy
import json
from typing import Any
from urllib.parse import parse_qsl, unquote

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import resolve

from moothall.site.addresses import API

CALLS = {
    "/release": "release()",
    "/areas": 'areas(area_class="london_borough")',
    "/areas/{code}": 'area("{code}")',
    "/areas/{code}/neighbours": 'neighbours("{code}")',
    "/topics": "topics()",
    "/metrics": 'metrics(topic="{topic}")',
    "/metrics/{key}": 'metric("{key}")',
    "/figures": 'figures(metric="{metric}", area="{area}", period="all")',
    "/figures/{metric}/{area}/{period}": 'figure("{metric}", "{area}", "{period}")',
    "/search": 'search("{name}")',
}
"""What of the Python client asks for an operation's example; the rest is asked for with `ask`."""

_LONGEST = 90  # characters of a text that are shown
_MOST = 6  # entries of an object that is a list by keys
_DEEPEST = 4


def write_call(path: str, address: str, samples: dict[str, str]) -> str:
    """How the Python client asks for the example of an operation."""
    operation = path.removeprefix(API)
    if operation in CALLS:
        return f"moothall.{CALLS[operation].format(**samples)}"
    asked, _, query = address.removeprefix(API).partition("?")
    given = [json.dumps(asked), *(f"{name}={json.dumps(value)}" for name, value in parse_qsl(query))]
    return f"moothall.ask({', '.join(given)})"


def ask(request: HttpRequest, address: str) -> HttpResponseBase:
    """What the API answers at an address, asked for from within a request for a page."""
    path, _, query = address.partition("?")
    asked = copy.copy(request)
    asked.method, asked.path, asked.path_info, asked.GET = "GET", unquote(path), unquote(path), QueryDict(query)
    asked.META = request.META | {"PATH_INFO": asked.path_info, "QUERY_STRING": query}
    found = resolve(asked.path_info)
    response: HttpResponseBase = found.func(asked, *found.args, **found.kwargs)
    return response


def read_answer(response: HttpResponseBase) -> Any:
    """The JSON of an answer, whether or not it is sent in pieces."""
    return json.loads(b"".join(response))


def shorten(answer: Any) -> str:
    """JSON to be read by a person: of each list the first, and how many more there are; long texts cut."""
    return "\n".join(_write(answer, 0))


def _write(value: Any, depth: int) -> list[str]:
    if isinstance(value, list) and value and not (depth > 1 and all(isinstance(each, str) for each in value)):
        lines, rest = _write(value[0], depth + 1), len(value) - 1
        return _wrap("[", [lines], f"… and {rest:,} more" if rest else "", "]")
    if isinstance(value, dict) and value:
        if depth > _DEEPEST:
            return ["{ … }"]
        names = list(value)
        is_long = len(names) > _MOST and all(isinstance(each, dict) for each in value.values())
        shown = names[:2] if is_long else names
        entries = []
        for name in shown:
            first, *more = _write(value[name], depth + 1)
            entries.append([f"{json.dumps(name, ensure_ascii=False)}: {first}", *more])
        rest = len(names) - len(shown)
        return _wrap("{", entries, f"… and {rest:,} more" if rest else "", "}")
    if isinstance(value, str) and len(value) > _LONGEST:
        value = value[:_LONGEST].rstrip() + "…"
    return [json.dumps(value, ensure_ascii=False)]


def _wrap(start: str, entries: list[list[str]], more: str, end: str) -> list[str]:
    lines = [start]
    for number, entry in enumerate(entries):
        is_last = number == len(entries) - 1 and not more
        lines += [f"  {line}" for line in entry[:-1]] + [f"  {entry[-1]}" + ("" if is_last else ",")]
    return [*lines, *([f"  {more}"] if more else []), end]
