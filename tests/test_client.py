"""The client asks the application itself and gets what the release holds, in parts, once, and with the API's errors."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import polars as pl
import pytest

from moothall import client as client_module
from moothall.client import ApiError, Moothall, MoothallError, NotReached
from tests.conftest import Barsetshire
from tests.serving import serve


class Counting(httpx.BaseTransport):
    """What was asked, and what was answered, of another transport."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner
        self.answered: list[tuple[str, int]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        self.answered.append((request.url.raw_path.decode(), response.status_code))
        return response


@pytest.fixture
def counting(barsetshire: Barsetshire, monkeypatch: pytest.MonkeyPatch) -> Counting:
    monkeypatch.setenv("MOOTHALL_RELEASE", str(barsetshire.release.directory))
    from moothall.site.wsgi import application

    return Counting(httpx.WSGITransport(app=application))


@pytest.fixture
def moothall(counting: Counting) -> Iterator[Moothall]:
    with Moothall("http://localhost", transport=counting) as opened:
        yield opened


def answer_with(*answers: httpx.Response | Exception) -> tuple[Moothall, list[str]]:
    """A client whose server gives these answers, one after the other, and what it was asked."""
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.decode())
        given = answers[len(asked) - 1]
        if isinstance(given, Exception):
            raise given
        return given

    return Moothall("http://localhost", transport=httpx.MockTransport(handle)), asked


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited; nothing waits."""
    waited: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", waited.append)
    return waited


def test_it_lists_what_the_release_holds(moothall: Moothall, barsetshire: Barsetshire) -> None:
    release = barsetshire.release
    assert moothall.release()["id"] == release.record.id
    assert [each["code"] for each in moothall.areas()] == [area.code for area in release.areas()]
    unitaries = moothall.areas(area_class="unitary")
    assert {each["class"] for each in unitaries} == {"unitary"}
    assert len(moothall.areas(closed=True)) > len(moothall.areas())
    assert [each["key"] for each in moothall.topics()] == [topic.key for topic in release.topics()]
    assert [each["key"] for each in moothall.metrics()] == [metric.key for metric in release.metrics()]
    topic = moothall.topics()[0]["key"]
    assert {each["topic"] for each in moothall.metrics(topic=topic)} == {topic}
    assert moothall.metric(moothall.metrics()[0]["key"])["periods"]
    assert moothall.area(unitaries[0]["code"])["name"] == unitaries[0]["name"]


def test_figures_are_read_in_parts_and_are_all_of_one_release(
    moothall: Moothall, counting: Counting, barsetshire: Barsetshire, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = moothall.figures(period="all")
    assert whole.about["release"] == barsetshire.release.record.id
    counting.answered.clear()
    monkeypatch.setattr(client_module, "PART", 100)
    parts = moothall.figures(period="all")
    assert parts == whole
    assert len(counting.answered) == -(-len(whole) // 100) > 5
    held = pl.read_parquet(barsetshire.release.directory / "parquet" / "figures.parquet").filter(
        pl.col("value").is_not_null(), breakdown="all"
    )
    key = ["metric", "area", "period"]
    values = {tuple(each[name] for name in key): each["value"] for each in whole if each["value"] is not None}
    for metric, area, period, value in held.select("metric_key", "area_code", "period", "value").iter_rows():
        assert values.get((metric, area, period), value) == value
    assert len(values) > 200


def test_several_of_a_thing_are_asked_for_at_once(moothall: Moothall) -> None:
    areas = [each["code"] for each in moothall.areas(area_class="unitary")]
    found = moothall.figures(metric=[each["key"] for each in moothall.metrics()[:2]], area=iter(areas))
    assert {each["area"] for each in found} == set(areas)
    assert len({each["metric"] for each in found}) == 2
    placed = moothall.figures(metric=found[0]["metric"], area=areas[0], peers="custom", with_=areas[1:])
    assert {each["peers"] for each in placed} == {"custom"}


def test_an_empty_list_does_not_ask_for_everything(moothall: Moothall, counting: Counting) -> None:
    with pytest.raises(ValueError, match="area: give at least one"):
        moothall.figures(area=[])
    assert counting.answered == []


def test_a_figure_comes_with_its_lineage(moothall: Moothall) -> None:
    figure = next(each for each in moothall.figures() if each["value"] is not None and each["edition"])
    traced = moothall.figure(figure["metric"], figure["area"], figure["period"])
    assert traced["value"] == figure["value"]
    assert traced["lineage"]["cells"][0]["cell"]
    assert traced["sentence"]


def test_neighbours_say_by_what(moothall: Moothall, barsetshire: Barsetshire) -> None:
    area = moothall.areas(area_class="unitary")[0]["code"]
    found = moothall.neighbours(area)
    held = barsetshire.release.neighbours(area, found.about["model"])
    assert [each["area"] for each in found] == [each.area for each in held.neighbours]
    assert found.about["why_none"] is None


def test_search_tells_kinds_apart(moothall: Moothall) -> None:
    name = moothall.areas()[0]["name"]
    found = moothall.search(name, limit=3)
    assert found["areas"][0]["name"] == name


def test_what_is_held_is_asked_for_but_not_sent_again(moothall: Moothall, counting: Counting) -> None:
    first = moothall.metrics()
    first[0]["title"] = "changed by the caller"
    again = moothall.metrics()
    assert [status for _, status in counting.answered] == [200, 304]
    assert again[0]["title"] != first[0]["title"]


def test_what_is_kept_has_an_end(moothall: Moothall, counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "KEPT", 10)
    for _ in range(2):
        moothall.topics()
    assert [status for _, status in counting.answered] == [200, 200]


def test_errors_have_the_shape_of_the_api(moothall: Moothall, counting: Counting) -> None:
    with pytest.raises(ApiError) as unknown:
        moothall.metric("nothing of the kind")
    assert (unknown.value.status, unknown.value.code, unknown.value.where) == (
        404,
        "unknown_metric",
        "nothing of the kind",
    )
    with pytest.raises(ApiError) as refused:
        moothall.ask("/areas", colour="red")
    assert (refused.value.status, refused.value.code, refused.value.where) == (400, "unknown_parameter", "colour")
    assert len(counting.answered) == 2  # neither was tried again


def test_a_key_cannot_lead_elsewhere(moothall: Moothall, counting: Counting) -> None:
    with pytest.raises(ApiError, match="404"):
        moothall.metric("../topics?x=1")
    assert counting.answered[0][0] == "/api/v1/metrics/..%2Ftopics%3Fx%3D1"


def test_what_is_not_the_api_is_said_to_be_so() -> None:
    moothall, _ = answer_with(httpx.Response(502, text="<h1>Bad gateway</h1>"))
    with pytest.raises(ApiError) as error:
        moothall.topics()
    assert (error.value.status, error.value.code) == (502, "not_the_api")


@pytest.mark.parametrize("trouble", [httpx.Response(503), httpx.ConnectError("refused"), httpx.ReadError("gone")])
def test_what_is_not_there_for_a_moment_is_asked_for_again(
    waits: list[float], trouble: httpx.Response | Exception
) -> None:
    moothall, asked = answer_with(trouble, trouble, httpx.Response(200, json={"id": "a"}))
    assert moothall.release() == {"id": "a"}
    assert len(asked) == 3
    assert 0.5 <= waits[0] < waits[1] <= 1.5


def test_the_server_may_say_how_long_to_wait(waits: list[float]) -> None:
    busy = [httpx.Response(503, headers={"Retry-After": seconds}) for seconds in ("2", "3600")]
    moothall, _ = answer_with(*busy, httpx.Response(200, json={"id": "a"}))
    moothall.release()
    assert waits == [2, 30]


def test_it_gives_up_in_the_end(waits: list[float]) -> None:
    wrong = {"error": {"code": "no_release", "message": "There is no release.", "where": "/api/v1/release"}}
    moothall, asked = answer_with(*[httpx.Response(503, json=wrong)] * 4)
    with pytest.raises(ApiError, match="no_release"):
        moothall.release()
    assert len(asked) == 4
    moothall, asked = answer_with(*[httpx.ConnectError("refused")] * 4)
    with pytest.raises(NotReached, match="http://localhost does not answer"):
        moothall.release()
    assert len(asked) == 4


@pytest.mark.parametrize("trouble", [httpx.ReadTimeout("slow"), httpx.Response(500, json={})])
def test_a_fault_or_a_slow_answer_is_not_asked_for_again(
    waits: list[float], trouble: httpx.Response | Exception
) -> None:
    moothall, asked = answer_with(trouble)
    with pytest.raises(MoothallError):
        moothall.release()
    assert (len(asked), waits) == (1, [])


def make_part(release: str, number: int, following: int | None = None) -> httpx.Response:
    more = {} if following is None else {"next": following}
    return httpx.Response(200, json={"figures": [{"metric": "bins", "value": number}], "release": release, **more})


def test_a_release_that_changes_between_parts_is_read_from_the_start() -> None:
    fewer = {"error": {"code": "invalid_parameter", "message": "cursor: there are fewer.", "where": "cursor"}}
    moothall, asked = answer_with(
        *(make_part("old", 1, 1), make_part("new", 2, 2)),
        *(make_part("new", 1, 1), httpx.Response(400, json=fewer)),
        *(make_part("newer", 1, 1), make_part("newer", 2)),
    )
    found = moothall.figures()
    assert [each["value"] for each in found] == [1, 2]
    assert found.about == {"release": "newer"}
    assert [path.rpartition("cursor=")[2] for path in asked] == ["0", "1"] * 3
    moothall, _ = answer_with(*[make_part("old", 1, 1), make_part("new", 2)] * 4)
    with pytest.raises(MoothallError, match="changed each time"):
        moothall.figures()


@pytest.mark.parametrize("name", ["areas", "topics", "metrics", "figures"])
def test_frames_have_the_types_that_the_api_describes(moothall: Moothall, name: str) -> None:
    listed = getattr(moothall, name)()
    frame = listed.to_polars()
    types = listed.find_types()
    assert list(types) == frame.columns
    is_map = {"chain", "inputs"}  # by key: a frame has a field for each key of any
    flat = [column for column in frame.columns if column not in is_map]
    assert frame.select(flat).to_dicts() == [{column: each[column] for column in flat} for each in listed]
    for column, said in types.items():
        if said in {"string", "number", "integer", "boolean"}:
            assert str(frame[column].dtype) == {"number": "Float64", "integer": "Int64"}.get(said, said.capitalize())


def test_an_empty_frame_has_the_types_of_any_other(moothall: Moothall) -> None:
    some = moothall.figures()
    none = type(some)([], some.about, some.find_types).to_polars()
    assert none.height == 0
    assert none.columns == some.to_polars().columns
    assert pl.concat([none, some.to_polars()], how="vertical_relaxed").schema == some.to_polars().schema


def test_without_pandas_it_says_what_to_install(moothall: Moothall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="pip install pandas"):
        moothall.topics().to_pandas()


def test_pandas_has_the_same(moothall: Moothall) -> None:
    figures = moothall.figures()
    frame = figures.to_pandas()
    assert list(frame["area"]) == [each["area"] for each in figures]
    assert str(frame["value"].dtype) == "float64"
    assert str(frame["rank"].dtype) == "Int64"


def test_it_works_over_a_port(barsetshire: Barsetshire) -> None:
    with serve(barsetshire.release) as address, Moothall(f"{address}/", retries=6) as moothall:
        assert moothall.release()["id"] == barsetshire.release.record.id
        assert moothall.figures().to_polars().height == len(moothall.figures()) > 10


def test_it_stands_alone(tmp_path: Path) -> None:
    copied = tmp_path / "moothall_client.py"
    copied.write_text(Path(client_module.__file__).read_text(encoding="utf-8"), encoding="utf-8")
    code = "import sys, moothall_client; print({'moothall', 'django', 'polars', 'pydantic'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
