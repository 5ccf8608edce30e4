"""Whatever it is asked, the API answers as it says it does: no fault, and no status, type, header or field unsaid."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.http import JsonResponse
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup

from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.site.api.endpoints import describe_api
from moothall.site.wsgi import application
from tests.conftest import Barsetshire
from tests.site.test_openapi import close

DESCRIPTION = describe_api()
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION | {"components": close(DESCRIPTION["components"])})
SCHEMA.app = application
PLAIN = {"Accept-Encoding": "identity"}  # the library's own client does not unpack
# OpenAPI cannot say which parameters go only with others, or where the last figure is: what fits may be refused there.
MAY_NOT_FIT = {"cursor", "model", "period", "version", "weight", "with"}
ASSUMES_ALL_FITS = [CHECKS.get_one("positive_data_acceptance")]
AS_DESCRIBED = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
FIXED = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture(autouse=True)
def barset(barsetshire: Barsetshire, monkeypatch: pytest.MonkeyPatch) -> Release:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
    return barsetshire.release


def hold(case: Case) -> int:
    """Ask, hold the answer to the description and return its status."""
    response = case.call(headers=PLAIN)
    is_refused = response.status_code == 400 and response.json()["error"]["where"] in MAY_NOT_FIT
    case.validate_response(response, excluded_checks=ASSUMES_ALL_FITS if is_refused else [])
    return response.status_code


@SCHEMA.parametrize()
@seed(20260601)
@FIXED
def test_whatever_is_asked(case: Case) -> None:
    hold(case)


def list_real(release: Release) -> dict[str, list[str]]:
    """Values of each parameter that there are, by its name, and some that only look so."""
    metrics, areas = list(release.metrics()), list(release.areas(include_closed=True))
    inputs = [f"{metric.key}:{weight}" for metric in metrics[:3] for weight in ("2", "0", "0.5")]
    return {
        "area": [area.code for area in areas],
        "with": [area.code for area in areas],
        "metric": [metric.key for metric in metrics],
        "breakdown": ["all", *{each for metric in metrics for each in metric.breakdowns}],
        "period": ["all", "latest", *{each.key for metric in metrics for each in release.periods(metric.key, "all")}],
        "topic": [topic.key for topic in release.topics()],
        "function": sorted({each.key for metric in metrics for each in metric.functions}),
        "model": ["custom", *(model.key for model in release.neighbour_models())],
        "version": [version.key for model in release.neighbour_models() for version in model.versions],
        "weight": inputs,
        "q": [area.name[:5] for area in areas],
    }


def list_figures(release: Release) -> list[dict[str, str]]:
    """Where the figures that have a value stand, by the names of parameters of paths."""
    found = release.figures(Selection(period="all"))
    places = [(each.metric, each.area, each.period) for each in found if each.value is not None]
    return [{"metric": m, "key": m, "area": a, "code": a, "period": p} for m, a, p in places]


def draw_path(data: st.DataObject, parameters: list[dict[str, Any]], figures: list[dict[str, str]]) -> dict[str, str]:
    """A path of a figure that there is, or one that is wrong in a place."""
    figure = data.draw(st.sampled_from(figures), label="figure")
    names = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
    return {name: data.draw(st.sampled_from([figure[name]] * 4 + ["nothing", "a b/é"]), label=name) for name in names}


def draw_query(data: st.DataObject, parameters: list[dict[str, Any]], real: dict[str, list[str]]) -> dict[str, Any]:
    """Some parameters with values most of which there are."""
    asked = {}
    for parameter in parameters:
        name, schema = parameter["name"], parameter["schema"]
        if parameter["in"] != "query" or not data.draw(st.booleans(), label=f"with {name}"):
            continue
        allowed = schema.get("enum") or next((each["enum"] for each in schema.get("anyOf", []) if "enum" in each), None)
        known = real.get(name) or allowed or ["0", "1", "true"]
        values = st.sampled_from([*known, *known, *known, "nothing", "0"])
        is_list = schema.get("type") == "array"
        asked[name] = data.draw(st.lists(values, max_size=3, min_size=1) if is_list else values, label=name)
    return asked


@pytest.mark.parametrize("path", list(DESCRIPTION["paths"]))
def test_whatever_real_thing_is_asked(barset: Release, path: str) -> None:
    real, figures = list_real(barset), list_figures(barset)
    operation = SCHEMA[path]["get"]
    parameters = DESCRIPTION["paths"][path]["get"].get("parameters", [])
    found: set[int] = set()

    @seed(20260602)
    @FIXED
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = operation.Case(
            path_parameters=draw_path(data, parameters, figures),
            query=draw_query(data, parameters, real),
        )
        response = case.call(headers=PLAIN)
        case.validate_response(response, checks=AS_DESCRIBED)
        found.add(response.status_code)

    ask()
    assert 200 in found
    assert found <= {200, 400, 404}


@pytest.mark.parametrize(
    ("status", "answer"), [(200, {"topics": [], "more": 1}), (418, {"topics": []}), (500, {"error": {}})]
)
def test_it_finds_what_is_not_described(monkeypatch: pytest.MonkeyPatch, status: int, answer: Any) -> None:
    monkeypatch.setattr("moothall.site.api.endpoints.answer", lambda _: JsonResponse(answer, status=status))
    monkeypatch.setattr("moothall.site.kept.name_version", lambda: "")  # or what was answered before would be again
    with pytest.raises(FailureGroup):
        hold(SCHEMA["/api/v1/topics"]["get"].Case())
