"""The page about the API cannot drift: its examples run, its answers are the API's, and what it promises is kept."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from moothall.client import Moothall
from moothall.core.values import Marker
from moothall.release.queries import Release
from moothall.site.api.endpoints import WRONG, describe_api
from moothall.site.api.examples import shorten

PROMISED = Path(__file__).parent / "api_v1.txt"


@pytest.fixture
def page(client: Client) -> str:
    return client.get("/api").content.decode()


@pytest.fixture
def moothall(served: Release, django_ready: None) -> Iterator[Moothall]:
    from moothall.site.wsgi import application

    with Moothall("http://localhost", transport=httpx.WSGITransport(app=application)) as opened:
        yield opened


def read_operations(page: str) -> list[tuple[str, str, str]]:
    """The address, the code and the answer of each example."""
    example = r'For example <a [^>]*href="([^"]+)"'
    code, answer = r'<pre class="mh-listing"><code>(.*?)</code>', r'<pre class="[^"]*--tall"[^>]*><code>(.*?)</code>'
    found = re.findall(f"{example}.*?{code}.*?{answer}", page, re.DOTALL)
    return [(html.unescape(address), html.unescape(code), html.unescape(answer)) for address, code, answer in found]


def test_every_operation_has_its_answer_shortened(page: str, client: Client) -> None:
    operations = read_operations(page)
    assert len(operations) == len(describe_api()["paths"])
    for address, code, answer in operations:
        assert answer == shorten(client.get(address).json())
        assert f'curl "$SITE{address}"' in code


def test_every_python_example_gives_what_the_address_gives(page: str, client: Client, moothall: Moothall) -> None:
    for address, code, _ in read_operations(page):
        given = eval(code.splitlines()[-1], {"moothall": moothall})  # noqa: S307 - what the page tells people to run
        answer = client.get(address).json()
        assert given in [answer, *answer.values()] or given == {
            name: each for name, each in answer.items() if isinstance(each, list)
        }, address


def test_parameters_and_fields_are_all_there(page: str) -> None:
    description = describe_api()
    for path, methods in description["paths"].items():
        section = page.partition(f'mh-operation__title">{html.escape(path)}</h2>')[2].partition("</section>")[0]
        for parameter in methods["get"].get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in section
            assert parameter["in"] == "path" or parameter["description"]
    for name in ("Figure", "MetricAnswer", "Lineage", "Neighbour"):
        assert f'id="{name}"' in page
    for target in re.findall(r'href="#([^"]+)"', page):
        assert f'id="{target}"' in page, target
    for name, field in description["components"]["schemas"]["Figure"]["properties"].items():
        assert field.get("description") or name in {"area_name", "metric_title"}, name


def test_errors_markers_and_guidance_are_there(page: str) -> None:
    assert "unknown_metric" in page
    for status in (304, *WRONG):
        assert f">{status}</dt>" in page
    for marker in Marker:
        assert f">{marker}</dt>" in page
    for name in ("comparable_within", "lever", "shared_with", "marker", "period=all", "ETag"):
        assert f"<code>{name}</code>" in page or name in page


def test_it_is_for_the_site_that_was_asked(client: Client) -> None:
    page = client.get("/api", HTTP_HOST="127.0.0.1:8067").content.decode()
    assert "SITE=http://127.0.0.1:8067\n" in page
    assert "testserver" not in page


def test_shortening_keeps_what_is_there_and_counts_the_rest() -> None:
    answer = {"figures": [{"value": 0, "text": "é" * 200}, {"value": 1}, {"value": 2}], "none": [], "lever": None}
    said = shorten(answer)
    assert "… and 2 more" in said
    assert "é" * 90 + "…" in said
    assert '"value": 0,' in said
    assert '"value": 1' not in said
    assert '"none": [],' in said
    assert json.loads(shorten({"a": {"b": 1.5, "c": [True]}})) == {"a": {"b": 1.5, "c": [True]}}


def list_promises(described: dict[str, Any]) -> set[str]:
    """Every address with its parameters, and every field of what it answers, each as a line."""
    schemas = described["components"]["schemas"]
    lines: set[str] = set()

    def walk(place: str, schema: dict[str, Any], above: tuple[str, ...]) -> None:
        for held in schema.get("anyOf", [schema]):
            name = held.get("$ref", "").rpartition("/")[2]
            if name in above:
                continue
            found = schemas[name] if name else held
            if found.get("type") == "array":
                walk(f"{place}[]", found["items"], above)
            for field, inner in found.get("properties", {}).items():
                lines.add(f"{place}.{field}")
                walk(f"{place}.{field}", inner, (*above, name))

    for path, methods in described["paths"].items():
        lines |= {f"{path} ?{parameter['name']}" for parameter in methods["get"].get("parameters", [])}
        walk(f"{path} ", methods["get"]["responses"]["200"]["content"]["application/json"]["schema"], ())
    return lines


def test_nothing_promised_is_taken_away(django_ready: None) -> None:
    """New lines are added to the file by `python -m tests.site.test_api_page`; none may go."""
    promised = set(PROMISED.read_text(encoding="utf-8").splitlines())
    there = list_promises(describe_api())
    assert promised - there == set(), "taken away: this would need /api/v2"
    assert there - promised == set(), "new: add them to the file, as they are promised from now on"


if __name__ == "__main__":
    import django

    django.setup()
    PROMISED.write_text("".join(f"{line}\n" for line in sorted(list_promises(describe_api()))), encoding="utf-8")
