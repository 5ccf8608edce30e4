"""A client of the API: figures, areas, metrics and neighbours of a copy of Moothall, as lists and as frames.

    from moothall.client import Moothall

    with Moothall("http://localhost:8000") as moothall:
        figures = moothall.figures(metric="household-waste-recycled", area="E09000008", period="all")
        print(figures.to_polars())

It needs httpx and nothing else, so that this file can be copied. What the fields mean is on the copy's page `/api`.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import httpx

if TYPE_CHECKING:
    import polars as pl

Record = dict[str, Any]  # one thing, by the names of its fields
Some = str | Iterable[str]  # one key, or several
Given = list[tuple[str, str | int | float | bool | None]]

PART: Final = 20_000
"""How many figures are asked for at a time."""
KEPT: Final = 64 * 1024 * 1024
"""Bytes of answers that are kept, to ask only whether they still hold."""
_API = "/api/v1"
_quote = partial(quote, safe="")
_AGAIN = (httpx.NetworkError, httpx.ConnectTimeout, httpx.RemoteProtocolError)
_WAIT, _LONGEST_WAIT = 0.5, 30.0  # seconds: the first, and the longest whatever the server asks for


class MoothallError(Exception):
    """What went wrong when a copy of Moothall was asked."""


class ApiError(MoothallError):
    """The API refused a request: `status` of HTTP, and the API's `code`, `message` and `where`."""

    def __init__(self, status: int, code: str, message: str, where: str) -> None:
        self.status, self.code, self.message, self.where = status, code, message, where
        super().__init__(f"{status} {code}: {message}")


class NotReached(MoothallError):  # noqa: N818 - a state, as a person would say it
    """Nothing answered at the address."""


class Records(list[Record]):
    """A list of things of one kind, in the API's order; `about` is what else the answer said, such as its release."""

    def __init__(self, records: Iterable[Record], about: Record, find_types: Callable[[], Mapping[str, str]]) -> None:
        super().__init__(records)
        self.about = about
        self.find_types = find_types

    def to_polars(self) -> pl.DataFrame:
        """A row for each, a column for each field.

        The API's description decides the types, so that an empty list, or a field that is null everywhere, has the
        same types as any other. Fields that are lists or hold others have the type that polars finds in them.
        """
        import polars as pl

        known = {"number": pl.Float64, "integer": pl.Int64, "boolean": pl.Boolean, "string": pl.String}
        types = self.find_types()
        if not self:
            return pl.DataFrame(schema={name: known.get(said, pl.Null) for name, said in types.items()})
        plain = {name: known[types[name]] for name in self[0] if types.get(name) in known}
        return pl.DataFrame(list(self), schema_overrides=plain, infer_schema_length=None)

    def to_pandas(self) -> Any:
        """A `pandas.DataFrame` with a row for each, a column for each field; whole numbers may be missing in it.

        Raises `ImportError` where pandas is not installed: Moothall itself does not need it.
        """
        try:
            pandas = import_module("pandas")
        except ImportError as error:
            raise ImportError("to_pandas() needs pandas, which is not installed: pip install pandas") from error
        known = {"number": "float64", "integer": "Int64", "boolean": "boolean"}
        types = self.find_types()
        frame = pandas.DataFrame.from_records(list(self), columns=list(self[0]) if self else list(types))
        return frame.astype({name: known[types[name]] for name in frame.columns if types.get(name) in known})


class Moothall:
    """A copy of Moothall at an address.

    Answers are kept by their ETag, so that asking again costs the server next to nothing. Where nothing answers, or
    with 503, a request is made again up to `retries` times, each after a longer wait; nothing else is tried again.
    """

    def __init__(
        self,
        address: str = "http://localhost:8000",
        *,
        timeout: float = 60.0,
        retries: int = 3,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Take the address of the site, without `/api`; `timeout` is in seconds."""
        self.address = address.rstrip("/")
        self.retries = retries
        headers = {"User-Agent": "moothall-client", "Accept": "application/json"}
        self._http = httpx.Client(timeout=timeout, transport=transport, headers=headers, follow_redirects=True)
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def __enter__(self) -> Moothall:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def release(self) -> Record:
        """The release served: its id, counts, sources with licences and attributions, and the files it is made of."""
        return self.ask("/release")

    def areas(self, *, area_class: str | None = None, closed: bool = False) -> Records:
        """Authorities by name, of one class where it is given; with those that no longer exist where `closed`."""
        return self._records(
            "/areas", "areas", self.ask("/areas", **{"class": area_class}, closed="true" if closed else None)
        )

    def area(self, code: str) -> Record:
        """One authority, with what took its place or whose place it took."""
        return self.ask(f"/areas/{_quote(code)}")

    def topics(self) -> Records:
        """Every topic, in the order of the pages."""
        return self._records("/topics", "topics", self.ask("/topics"))

    def metrics(self, *, topic: str | None = None) -> Records:
        """Metrics in words and rules, of one topic where it is given."""
        return self._records("/metrics", "metrics", self.ask("/metrics", topic=topic))

    def metric(self, key: str) -> Record:
        """One metric with its periods, newest first, and its source."""
        return self.ask(f"/metrics/{_quote(key)}")

    def figures(
        self,
        *,
        metric: Some | None = None,
        area: Some | None = None,
        period: Some | None = None,
        topic: Some | None = None,
        breakdown: Some | None = None,
        peers: str | None = None,
        model: str | None = None,
        with_: Some | None = None,
    ) -> Records:
        """Figures, as many as there are: the latest of each metric unless `period` is given; `"all"` is history.

        `peers` is among whom they are placed: england, type, region, neighbours (by `model`) or custom (`with_` those
        areas). Read in parts of 20,000; where another release is published meanwhile, from the start again, so that
        all are of one. Raises `MoothallError` where that does not end.
        """
        chosen = {"metric": metric, "area": area, "period": period, "topic": topic, "breakdown": breakdown}
        given = _list_given(chosen | {"peers": peers, "model": model, "with": with_, "limit": str(PART)})
        for _ in range(self.retries + 1):
            if parts := self._read_parts(given):
                return Records((each for part in parts for each in part), parts[0].about, parts[0].find_types)
        raise MoothallError("The release changed each time before all figures were read.")

    def figure(
        self,
        metric: str,
        area: str,
        period: str,
        *,
        breakdown: str | None = None,
        peers: str | None = None,
        model: str | None = None,
        with_: Some | None = None,
    ) -> Record:
        """One figure with its sentence and its lineage: the formula, and every cell of every file it rests on."""
        path = f"/figures/{_quote(metric)}/{_quote(area)}/{_quote(period)}"
        return self.ask(path, **{"breakdown": breakdown, "peers": peers, "model": model, "with": with_})

    def neighbours(
        self, area: str, *, model: str | None = None, version: str | None = None, weight: Some | None = None
    ) -> Records:
        """An authority's neighbours, nearest first; `about` says by what, how sure, and why where there are none."""
        answer = self.ask(f"/areas/{_quote(area)}/neighbours", model=model, version=version, weight=weight)
        return self._records("/areas/{code}/neighbours", "neighbours", answer)

    def search(self, q: str, *, limit: int | None = None) -> dict[str, Records]:
        """What a text finds, the best match first, by kind: `search("barnet")["areas"]`."""
        answer = self.ask("/search", q=q, limit=None if limit is None else str(limit))
        return {name: self._records("/search", name, answer) for name, each in answer.items() if isinstance(each, list)}

    def ask(self, path: str, **asked: Some | None) -> Record:
        """The answer of any path below `/api/v1`; parameters that are None are left out."""
        return self._ask(path, _list_given(asked))

    def _ask(self, path: str, given: Given) -> Record:
        return dict(json.loads(self._get(str(httpx.URL(f"{self.address}{_API}{path}", params=given)))))

    def _records(self, path: str, name: str, answer: Record) -> Records:
        about = {key: value for key, value in answer.items() if not isinstance(value, list)}
        return Records(answer[name], about, lambda: self._find_types(path, name))

    def _read_parts(self, given: Given) -> list[Records]:
        """All parts of an answer; none where the release changed before the last."""
        parts: list[Records] = []
        cursor: int | None = 0
        while cursor is not None:
            try:
                answer = self._ask("/figures", [*given, ("cursor", str(cursor))])
            except ApiError as error:
                if parts and error.where == "cursor":  # the other release has fewer figures
                    return []
                raise
            cursor = answer.pop("next", None)
            parts.append(self._records("/figures", "figures", answer))
            if parts[-1].about["release"] != parts[0].about["release"]:
                return []
        return parts

    def _find_types(self, path: str, name: str) -> dict[str, str]:
        """The JSON type of each field of the things listed under a name, as the API describes itself."""
        described = self.ask("/openapi.json")

        def find(schema: Mapping[str, Any]) -> Record:
            found = next((each for each in schema.get("anyOf", ()) if each.get("type") != "null"), schema)
            return described["components"]["schemas"][found["$ref"].split("/")[-1]] if "$ref" in found else dict(found)

        answers = described["paths"][_API + path]["get"]["responses"]
        listed = find(answers["200"]["content"]["application/json"]["schema"])["properties"][name]
        fields = find(listed["items"])["properties"]
        return {field: str(find(schema).get("type", "object")) for field, schema in fields.items()}

    def _get(self, address: str) -> bytes:
        with self._lock:
            etag, body = self._kept.get(address, ("", b""))
        response = self._send(address, {"If-None-Match": etag} if etag else {})
        if response.status_code == httpx.codes.NOT_MODIFIED:
            return body
        if response.status_code != httpx.codes.OK:
            raise _read_error(response)
        if "ETag" in response.headers:
            self._keep(address, response.headers["ETag"], response.content)
        return response.content

    def _send(self, address: str, headers: Mapping[str, str], attempt: int = 0) -> httpx.Response:
        is_last, said = attempt == self.retries, ""
        try:
            response = self._http.get(address, headers=headers)
        except httpx.TransportError as error:
            if is_last or not isinstance(error, _AGAIN):
                raise NotReached(f"{self.address} does not answer: {error}") from error
        else:
            if is_last or response.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return response
            said = response.headers.get("Retry-After", "")
        longer = _WAIT * 2**attempt * random.uniform(1, 1.5)  # noqa: S311 - only so that all do not ask at once
        time.sleep(min(float(said) if said.isdecimal() else longer, _LONGEST_WAIT))
        return self._send(address, headers, attempt + 1)

    def _keep(self, address: str, etag: str, body: bytes) -> None:
        with self._lock:
            self._kept[address] = etag, body
            self._kept.move_to_end(address)
            while sum(len(each) for _, each in self._kept.values()) > KEPT:
                self._kept.popitem(last=False)


def _list_given(asked: Mapping[str, Some | None]) -> Given:
    """Parameters with their values; an empty list is refused, as leaving it out would ask for everything."""
    several = {
        name: [each] if isinstance(each, str) else list(each) for name, each in asked.items() if each is not None
    }
    if empty := [name for name, values in several.items() if not values]:
        raise ValueError(f"{empty[0]}: give at least one, or leave it out to ask for all.")
    return [(name, value) for name, values in several.items() for value in values]


def _read_error(response: httpx.Response) -> ApiError:
    try:
        wrong = response.json()["error"]
        return ApiError(response.status_code, wrong["code"], wrong["message"], wrong["where"])
    except (ValueError, KeyError, TypeError):  # not the API: something between it and us
        return ApiError(response.status_code, "not_the_api", "This answer is not the API’s.", str(response.url))
