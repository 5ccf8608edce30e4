"""The description of the API held against the API by Schemathesis: no fault of ours, and no answer undescribed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from moothall.release.downloads.formats import Format
from moothall.release.queries import Release
from tests.release.barset import BARCHESTER, COUNTY, GATHERUM, OLD_BARCHESTER_CODE, PLUMSTEAD_OLD

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# What Schemathesis makes up seldom names anything that the release has: half of the questions do.
KNOWN = {
    "metric": ["bins-missed", "share-missed", "care-requests"],
    "area": [BARCHESTER, COUNTY, GATHERUM, PLUMSTEAD_OLD, OLD_BARCHESTER_CODE],
    "period": ["2022-23", "2023-24", "all", "latest"],
    "topic": ["bins", "care"],
    "with": [BARCHESTER, GATHERUM],
}


@pytest.fixture
def schema(served: Release, django_ready: None) -> Any:
    from moothall.site.wsgi import application

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def hold(schema: Any, path: str, examples: int) -> Counter[int]:
    """Ask an address in many ways and hold every answer against the description; how often each status came."""
    seen: Counter[int] = Counter()

    @settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=schema[path]["GET"].as_strategy(), data=st.data())
    def ask(case: Any, data: st.DataObject) -> None:
        query = dict(case.query or {})
        if data.draw(st.booleans()):
            for name in [*query, "metric", "format"]:
                if name in KNOWN:
                    query[name] = data.draw(st.lists(st.sampled_from(KNOWN[name]), max_size=2))
                elif name in {"breakdown", "cursor", "limit", "model"}:
                    query.pop(name, None)
            query["format"] = str(data.draw(st.sampled_from(Format)))
            case.query = query
        response = case.call(headers={"Accept-Encoding": "identity"})  # its client undoes no compression
        seen[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    ask()
    return seen


def test_figures_answer_as_described(schema: Any) -> None:
    seen = hold(schema, "/api/v1/figures", 150)
    assert seen[200] >= 20
    assert seen[400] + seen[404] >= 20


@pytest.mark.parametrize("path", ["/api/v1/gaps", "/api/v1/areas/{code}/neighbours", "/api/v1/metrics/{key}"])
def test_others_answer_as_described(schema: Any, path: str) -> None:
    assert sum(hold(schema, path, 25).values()) >= 20
