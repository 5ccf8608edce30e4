"""The API keeps its contract, and says the same numbers as the pages and the CSV."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moothall.core.values import format_value
from moothall.release.downloads.figures import as_json
from moothall.release.queries import Release
from moothall.site.api import endpoints
from tests.release.barset import BARCHESTER, COUNTY, FRAMLEY, OLD_BARCHESTER_CODE, PLUMSTEAD_OLD, SILVERBRIDGE
from tests.release.reading import write_alone

CONTRACT = {
    "metric", "breakdown", "area", "area_name", "class", "comparable_within", "lever", "shared_with", "period", "value",
    "unit", "marker", "lower", "upper", "mads_england", "mads_neighbours", "median_england", "median_neighbours",
    "rank", "rank_of", "trend", "release", "source", "edition", "published",
}  # fmt: skip


def ask(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == status, response.content
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def test_release_counts(client: Client, release: Release) -> None:
    answer = ask(client, "release")
    assert answer["digest"] == release.record.digest
    assert set(answer["counts"]) == {"metrics", "sources", "observations", "figures", "areas"}
    assert answer["sources"][0]["editions"][0]["sha256"]


def test_lists_sit_under_their_own_name(client: Client) -> None:
    assert {area["code"] for area in ask(client, "areas?class=district")["areas"]} == {
        BARCHESTER,
        SILVERBRIDGE,
        FRAMLEY,
    }
    assert PLUMSTEAD_OLD in {area["code"] for area in ask(client, "areas?closed=true")["areas"]}
    assert [topic["key"] for topic in ask(client, "topics")["topics"]] == ["bins", "care"]
    assert ask(client, "topics")["topics"][0]["headlines"] == ["share-missed", "bins-missed"]
    metric = ask(client, "metrics?topic=care")["metrics"][0]
    assert set(metric) >= {"key", "title", "description", "topic", "source", "unit", "polarity", "kind", "applies_to"}
    assert [area["code"] for area in ask(client, "search?q=barch")["areas"]] == [BARCHESTER]


def test_an_old_code_finds_its_area(client: Client) -> None:
    assert ask(client, f"areas/{OLD_BARCHESTER_CODE}")["code"] == BARCHESTER
    assert ask(client, f"areas/{PLUMSTEAD_OLD}")["successors"][0]["kind"] == "merge"


def test_a_metric_has_its_periods_newest_first(client: Client) -> None:
    periods = [period["key"] for period in ask(client, "metrics/bins-missed")["periods"]]
    assert periods == ["2023-24", "2022-23", "2021-22"]


def test_a_figure_carries_the_contract(client: Client) -> None:
    figures = ask(client, "figures")["figures"]
    assert figures
    assert all(set(figure) >= CONTRACT for figure in figures)


def test_period_all_is_history_and_none_is_the_latest(client: Client) -> None:
    latest = ask(client, f"figures?metric=bins-missed&area={BARCHESTER}")["figures"]
    assert [figure["period"] for figure in latest] == ["2023-24"]
    history = ask(client, f"figures?metric=bins-missed&area={BARCHESTER}&period=all")["figures"]
    assert [figure["period"] for figure in history] == ["2021-22", "2022-23", "2023-24"]
    two = ask(client, f"figures?metric=bins-missed&area={BARCHESTER}&period=2021-22&period=2022-23")["figures"]
    assert [figure["period"] for figure in two] == ["2021-22", "2022-23"]


def test_three_states_are_kept_apart(client: Client) -> None:
    figures = {figure["area"]: figure for figure in ask(client, "figures?metric=bins-missed&period=2023-24")["figures"]}
    assert (figures[SILVERBRIDGE]["value"], figures[SILVERBRIDGE]["marker"]) == (0, None)
    assert (figures[FRAMLEY]["value"], figures[FRAMLEY]["marker"]) == (None, "not_submitted")
    assert (figures[COUNTY]["value"], figures[COUNTY]["marker"]) == (None, "not_responsible")


def test_lineage(client: Client, release: Release) -> None:
    answer = ask(client, f"figures/share-missed/{BARCHESTER}/2023-24")
    assert set(answer) >= CONTRACT
    cells = answer["lineage"]["cells"]
    assert {cell["name"] for cell in cells} == {"missed", "emptied"}
    assert all(cell["edition"]["sha256"] and cell["cell"] and cell["sheet"] for cell in cells)
    assert answer["lineage"]["formula_worked"] == release.trace("share-missed", BARCHESTER, "2023-24").formula_worked


@pytest.mark.parametrize("peers", ["england", "type", "region"])
def test_a_figure_is_told_in_the_words_of_its_page(client: Client, peers: str) -> None:
    told = ask(client, f"figures/share-missed/{BARCHESTER}/2023-24?peers={peers}")["sentence"]
    page = client.get("/metrics/share-missed", {"area": BARCHESTER, "peers": peers}).content.decode()
    headline = re.search(r'mh-sentence">([^<]+)<', page)
    assert headline
    assert told.startswith(headline[1].strip())
    assert told.startswith("Barchester’s figure for 2023-24 was 6.0%.")


def test_of_a_missing_value_only_the_reason_is_told(client: Client) -> None:
    told = ask(client, f"figures/share-missed/{FRAMLEY}/2023-24")["sentence"]
    assert re.fullmatch(r"There is no figure for Framley for 2023-24\. [A-Z][^.]+\.", told)


@pytest.mark.parametrize(
    ("address", "status", "code", "where"),
    [
        ("figures?metrc=bins-missed", 400, "unknown_parameter", "metrc"),
        ("areas?limit=3", 400, "unknown_parameter", "limit"),
        ("release?x=1", 400, "unknown_parameter", "x"),
        ("figures?peers=type&peers=region", 400, "repeated_parameter", "peers"),
        ("figures?format=json&format=csv", 400, "repeated_parameter", "format"),
        ("figures?peers=friends", 400, "invalid_parameter", "peers"),
        ("figures?format=pdf", 400, "invalid_parameter", "format"),
        ("figures?limit=0", 400, "invalid_parameter", "limit"),
        ("figures?limit=many", 400, "invalid_parameter", "limit"),
        ("figures?limit=%2B5", 400, "invalid_parameter", "limit"),
        ("figures?limit=1_0", 400, "invalid_parameter", "limit"),
        ("figures?limit=100001", 400, "invalid_parameter", "limit"),
        ("figures?limit=", 400, "invalid_parameter", "limit"),
        ("figures?cursor=-1", 400, "invalid_parameter", "cursor"),
        ("figures?cursor=99999999999999999999999", 400, "invalid_parameter", "cursor"),
        ("figures?cursor=1.0&limit=5", 400, "invalid_parameter", "cursor"),
        ("figures?Metric=bins-missed", 400, "unknown_parameter", "Metric"),
        ("figures?metric[]=bins-missed", 400, "unknown_parameter", "metric[]"),
        ("figures?%00=1", 400, "unknown_parameter", "\0"),
        ("figures?=1", 400, "unknown_parameter", ""),
        ("figures?metric=%00", 404, "unknown_metric", "\0"),
        ("figures?metric=%FF", 404, "unknown_metric", "\ufffd"),
        (f"figures?metric={'x' * 3000}", 404, "unknown_metric", "x" * 200 + "…"),
        (f"areas/{'x' * 3000}", 404, "unknown_area", "x" * 200 + "…"),
        (f"figures?{'x' * 3000}=1", 400, "unknown_parameter", "x" * 200 + "…"),
        (
            "?".join(["figures", "&".join(f"a{place}=1" for place in range(1500))]),
            400,
            "bad_request",
            "/api/v1/figures",
        ),
        ("search?q=" + "b" * 101, 400, "invalid_parameter", "q"),
        ("search?q=a&q=b", 400, "repeated_parameter", "q"),
        ("areas?closed=perhaps", 400, "invalid_parameter", "closed"),
        ("figures/", 404, "unknown_address", "/api/v1/figures/"),
        ("areas/", 404, "unknown_address", "/api/v1/areas/"),
        ("figures?metric=", 400, "invalid_parameter", "metric"),
        ("figures?period=all&period=2022-23", 400, "invalid_parameter", "period"),
        ("areas?class=village", 400, "invalid_parameter", "class"),
        ("search", 400, "invalid_parameter", "q"),
        ("figures?metric=nothing", 404, "unknown_metric", "nothing"),
        ("figures?area=E99999999", 404, "unknown_area", "E99999999"),
        ("figures?period=1999-00", 404, "unknown_period", "1999-00"),
        ("figures?topic=nothing", 404, "unknown_topic", "nothing"),
        ("figures?breakdown=nothing", 404, "unknown_breakdown", "nothing"),
        ("metrics/nothing", 404, "unknown_metric", "nothing"),
        ("areas/E99999999", 404, "unknown_area", "E99999999"),
        (f"figures/bins-missed/{BARCHESTER}/1999-00", 404, "unknown_period", "1999-00"),
        ("nothing", 404, "unknown_address", "/api/v1/nothing"),
        ("", 404, "unknown_address", "/api/v1/"),
    ],
)
def test_one_error_shape(client: Client, address: str, status: int, code: str, where: str) -> None:
    answer = ask(client, address, status)
    assert set(answer) == {"error"}
    assert set(answer["error"]) == {"code", "message", "where"}
    assert (answer["error"]["code"], answer["error"]["where"]) == (code, where)
    assert answer["error"]["message"]


@pytest.mark.parametrize("wanted", ["xls", "json-stat", "CSV", ""])
def test_a_format_that_is_not_there_is_refused_with_those_that_are(client: Client, wanted: str) -> None:
    error = ask(client, f"figures?format={wanted}", 400)["error"]
    assert (error["code"], error["where"]) == ("invalid_parameter", "format")
    assert "json" in error["message"]
    assert "csv" in error["message"]


def test_the_root_answers_in_the_shape_of_the_api(client: Client) -> None:
    response = client.get("/api/v1")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "unknown_address"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_fault_of_ours_has_the_one_shape_and_says_nothing_of_itself(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("what nobody should read")

    monkeypatch.setattr(endpoints, "take_release", fail)
    client.raise_request_exception = False
    response = client.get("/api/v1/topics")
    assert response.status_code == 500
    assert set(response.json()["error"]) == {"code", "message", "where"}
    assert "nobody" not in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_script_of_another_site_may_read_and_revalidate(client: Client) -> None:
    allowed = client.options("/api/v1/figures", HTTP_ORIGIN="https://example.org")
    assert allowed.status_code == 204
    assert allowed.content == b""
    assert allowed["Access-Control-Allow-Origin"] == "*"
    assert allowed["Access-Control-Allow-Headers"] == "If-None-Match"
    assert set(allowed["Access-Control-Allow-Methods"].split(", ")) == {"GET", "HEAD"}
    answered = client.get("/api/v1/figures?limit=1", HTTP_ORIGIN="https://example.org")
    assert answered["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answered
    assert {"ETag", "X-Next-Cursor"} <= set(answered["Access-Control-Expose-Headers"].split(", "))
    again = client.get("/api/v1/figures?limit=1", HTTP_IF_NONE_MATCH=answered["ETag"])
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")
    assert "Access-Control-Allow-Origin" not in client.get("/about")


@pytest.mark.parametrize("accept", ["text/csv", "application/xml", "nonsense", "*/*;q=0"])
def test_the_format_is_asked_for_in_the_address_alone(client: Client, accept: str) -> None:
    response = client.get("/api/v1/topics", HTTP_ACCEPT=accept)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


def test_too_many_figures_are_refused_and_can_be_read_in_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ask(client, "figures?period=all")["figures"]
    monkeypatch.setattr(endpoints, "WHOLE", 10)
    refused = ask(client, "figures?period=all", 400)
    assert refused["error"]["code"] == "too_many"
    parts, cursor = [], 0
    while cursor is not None:
        answer = ask(client, f"figures?period=all&limit=7&cursor={cursor}")
        parts += answer["figures"]
        assert len(answer["figures"]) <= 7
        cursor = answer.get("next")
    assert parts == whole


def test_csv_can_be_read_in_parts_too(client: Client) -> None:
    response = client.get("/api/v1/figures?period=all&limit=3&format=csv")
    assert response["X-Next-Cursor"] == "3"
    assert len(list(csv.DictReader(io.StringIO(response.content.decode())))) == 3


def test_csv_is_a_file_with_a_telling_name(client: Client, release: Release) -> None:
    response = client.get(f"/api/v1/figures?metric=bins-missed&area={BARCHESTER}&format=csv")
    assert response["Content-Type"].startswith("text/csv")
    name = f"moothall-bins-missed-{BARCHESTER}-{release.record.id}.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


def test_a_file_of_several_or_of_a_part_is_not_named_for_one(client: Client, release: Release) -> None:
    def name(query: str) -> str:
        return client.get(f"/api/v1/figures?format=csv&{query}")["Content-Disposition"].split('"')[1]

    assert name("metric=bins-missed&metric=share-missed") == f"moothall-{release.record.id}.csv"
    assert name("period=all&limit=3&cursor=3") == f"moothall-all-{release.record.id}-from-3.csv"
    odd = name(f"area={BARCHESTER.lower()}&period=2022-23")
    assert re.fullmatch(r"[\w-]+\.csv", odd, re.ASCII)


def test_text_never_becomes_a_formula_and_numbers_stay_numbers(release: Release) -> None:
    figure = release.figure("bins-missed", BARCHESTER, "2022-23")
    for start in ("=", "+", "-", "@", "\t", "\r", "＝"):
        harmful = figure._replace(area_name=f'{start}HYPERLINK("x")', value=-1.5, change=-0.25)
        row = write_alone(harmful)
        assert row["area_name"] == f"'{harmful.area_name}"
        assert (row["value"], row["change"]) == ("-1.5", "-0.25")
        assert as_json(harmful)["area_name"] == harmful.area_name
    awkward = figure._replace(area_name='Barset, "New"\nand Old')
    assert write_alone(awkward)["area_name"] == awkward.area_name


def test_csv_is_plain_utf_8(client: Client) -> None:
    body = client.get("/api/v1/figures?format=csv").content
    assert body.startswith(b"metric,breakdown,area,")
    assert body.count(b"\r\n") == body.count(b"\n")
    assert body.decode("utf-8")


def test_openapi_describes_every_address(client: Client) -> None:
    described = ask(client, "openapi.json")
    paths = {path.removeprefix("/api/v1") for path in described["paths"]}
    assert paths == {
        "/release", "/areas", "/areas/{code}", "/areas/{code}/neighbours", "/topics", "/outcomes", "/metrics",
        "/metrics/{key}", "/figures", "/figures/{metric}/{area}/{period}", "/gaps", "/national", "/excellence",
        "/changes", "/search", "/openapi.json",
    }  # fmt: skip
    asked = {parameter["name"] for parameter in described["paths"]["/api/v1/figures"]["get"]["parameters"]}
    assert asked == {
        "metric", "area", "period", "topic", "breakdown", "peers", "model", "with", "format", "limit", "cursor",
    }  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_page_csv_and_json_say_the_same(client: Client, release: Release, data: st.DataObject) -> None:
    metric = data.draw(st.sampled_from(release.metrics()))
    period = data.draw(st.sampled_from(release.periods(metric.key)))
    area = data.draw(st.sampled_from(release.slice(metric.key, period.key))).area
    peers = data.draw(st.sampled_from(["england", "type", "region"]))
    query = {"metric": metric.key, "period": period.key, "area": area, "peers": peers}
    answered = client.get("/api/v1/figures", query).json()["figures"][0]
    row = next(csv.DictReader(io.StringIO(client.get("/api/v1/figures", query | {"format": "csv"}).content.decode())))
    for name in ("value", "median_england", "mads_peers", "rank", "rank_of", "marker", "text", "period", "area"):
        told = answered[name]
        if told is None:
            assert row[name] == ""
        elif isinstance(told, str):
            assert row[name] == told
        else:
            assert float(row[name]) == told
    page = client.get(f"/metrics/{metric.key}", {"area": area, "peers": peers, "period": period.key}).content.decode()
    if answered["value"] is None:
        assert "figure for" in page or "is not responsible" in page
        assert answered["marker"]
    else:
        text = format_value(answered["value"], metric.unit, metric.places)
        assert f" figure for {period.label} was {text}" in page
        assert answered["text"] == text
        if answered["rank"] is not None:
            assert f" of {answered['rank_of']}" in page
    traced = client.get(f"/api/v1/figures/{metric.key}/{area}/{period.key}", {"peers": peers}).json()
    assert {name: traced[name] for name in answered} == answered


def test_a_release_without_lists_of_neighbours_says_so(client: Client) -> None:
    answer = client.get(f"/api/v1/areas/{BARCHESTER}/neighbours").json()
    assert (answer["neighbours"], answer["why_none"]["reason"]) == ([], "no_lists")
    assert client.get(f"/areas/{BARCHESTER}/neighbours").status_code == 404
    assert client.get("/methods/neighbours").status_code == 200
