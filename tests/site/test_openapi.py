"""The API is what it says it is: its description is valid, and real answers are as described."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate

from moothall.release.downloads.formats import Format
from moothall.release.queries import Release
from moothall.site.api.answers import Figure
from moothall.site.api.endpoints import describe_api
from tests.real import open_real_release
from tests.release.barset import BARCHESTER, FRAMLEY, PLUMSTEAD_OLD


@pytest.fixture(scope="module")
def described(django_ready: None) -> dict[str, Any]:
    return describe_api()


def check(described: dict[str, Any], path: str, status: int, answer: Any) -> None:
    """Hold an answer against the schema described for an address and status; no field may be undescribed."""
    schema = described["paths"][path]["get"]["responses"][str(status)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": close(described["components"])}
    errors = list(Draft202012Validator(whole, format_checker=FormatChecker(["date"])).iter_errors(answer))
    assert errors == [], [error.message for error in errors[:3]]


def close(components: Any) -> Any:
    """The schemas with nothing allowed in them but what they name."""
    if isinstance(components, list):
        return [close(each) for each in components]
    if not isinstance(components, dict):
        return components
    closed = {name: close(each) for name, each in components.items()}
    return closed | {"additionalProperties": False} if isinstance(closed.get("properties"), dict) else closed


def match_path(described: dict[str, Any], address: str) -> str:
    """The described path that an address is of; one without parameters before one with."""
    asked = address.partition("?")[0]
    fitting = [path for path in described["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), asked)]
    return min(fitting, key=lambda path: path.count("{"))


def list_examples(client: Client) -> list[str]:
    """The examples on the page about the API."""
    page = client.get("/api").content.decode()
    return [html.unescape(each) for each in re.findall(r'For example <a [^>]*href="([^"]+)"', page)]


def test_the_description_is_valid(described: dict[str, Any]) -> None:
    validate(described)


def test_every_operation_describes_every_answer(described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        responses = operations["get"]["responses"]
        assert list(responses) == ["200", "304", "400", "404", "405", "500", "503"], path
        assert all(response["description"] for response in responses.values())
        assert "content" not in responses["304"]
        assert {
            responses[status]["content"]["application/json"]["schema"]["$ref"] for status in list(responses)[2:]
        } == {"#/components/schemas/WrongAnswer"}
    csv = described["paths"]["/api/v1/figures"]["get"]["responses"]["200"]
    assert set(csv["content"]) == {form.media_type.partition(";")[0] for form in Format}
    assert "X-Next-Cursor" in csv["headers"]


def test_a_described_figure_has_the_fields_of_a_download(client: Client) -> None:
    (header, *_) = client.get("/api/v1/figures?format=csv").content.decode().splitlines()
    assert header.split(",") == [field.serialization_alias or name for name, field in Figure.model_fields.items()]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("release", 200),
        ("areas?closed=true", 200),
        (f"areas/{PLUMSTEAD_OLD}", 200),
        (f"areas/{BARCHESTER}", 200),
        ("topics", 200),
        ("outcomes", 200),
        ("metrics", 200),
        ("metrics/bins-missed", 200),
        ("metrics/share-missed", 200),
        ("figures?period=all", 200),
        ("figures?period=all&limit=2&peers=region", 200),
        (f"figures/share-missed/{BARCHESTER}/2023-24", 200),
        (f"figures/bins-missed/{FRAMLEY}/2023-24", 200),
        ("search?q=bar", 200),
        ("openapi.json", 200),
        ("figures?limit=0", 400),
        ("figures?metric=nothing", 404),
    ],
)
def test_answers_are_as_described(client: Client, described: dict[str, Any], address: str, status: int) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status
    check(described, match_path(described, f"/api/v1/{address}"), status, response.json())


def test_a_method_and_a_fault_are_as_described(
    client: Client, described: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(described, "/api/v1/topics", 405, client.post("/api/v1/topics").json())
    monkeypatch.setattr("moothall.site.api.endpoints.take_release", lambda: 1 / 0)
    client.raise_request_exception = False
    check(described, "/api/v1/topics", 500, client.get("/api/v1/topics").json())


def test_the_check_finds_what_is_not_described(described: dict[str, Any]) -> None:
    for wrong in ({"topics": [{"key": "bins"}]}, {"topics": [], "more": 1}, {}):
        with pytest.raises(AssertionError):
            check(described, "/api/v1/topics", 200, wrong)


def check_examples(client: Client, described: dict[str, Any]) -> dict[str, Any]:
    """Ask every example and return the answers."""
    examples = list_examples(client)
    assert {match_path(described, example) for example in examples} == set(described["paths"])
    answers = {}
    for example in examples:
        response = client.get(example)
        assert response.status_code == 200, example
        answers[example] = response.json()
        check(described, match_path(described, example), 200, answers[example])
    return answers


def test_the_examples_answer(client: Client, described: dict[str, Any]) -> None:
    check_examples(client, described)


@pytest.fixture
def real_client(
    tmp_path_factory: pytest.TempPathFactory, django_ready: None, monkeypatch: pytest.MonkeyPatch
) -> Client:
    release: Release = open_real_release(tmp_path_factory)
    monkeypatch.setenv("MOOTHALL_RELEASE", str(release.directory))
    return Client(HTTP_HOST="localhost")


def test_the_examples_answer_on_the_real_release(real_client: Client, described: dict[str, Any]) -> None:
    for example, answer in check_examples(real_client, described).items():
        lists = [answer[name] for name in ("areas", "topics", "metrics", "figures") if name in answer]
        assert not lists or any(lists), example  # a search finds something of some kind


def test_real_answers_are_as_described(real_client: Client, described: dict[str, Any]) -> None:
    for address in (
        "areas?closed=true",
        "metrics",
        "figures?area=E09000008&period=all",
        "figures?topic=waste&limit=500",
    ):
        response = real_client.get(f"/api/v1/{address}")
        assert response.status_code == 200
        check(described, match_path(described, f"/api/v1/{address}"), 200, json.loads(response.getvalue()))
    for metric in [each["key"] for each in real_client.get("/api/v1/metrics").json()["metrics"]]:
        check(described, "/api/v1/metrics/{key}", 200, real_client.get(f"/api/v1/metrics/{metric}").json())
