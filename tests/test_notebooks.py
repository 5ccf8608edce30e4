"""The notebooks run on a release, and say what it says; so do the queries that the documentation gives."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from moothall.release.queries import Release
from tests.conftest import Barsetshire
from tests.serving import serve

DOCS = Path(__file__).parents[1] / "docs"
HOW_TO = (DOCS / "how-to" / "query-a-release.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?);\n```", HOW_TO, re.DOTALL)
METRIC = "household-waste-recycled"


def run(name: str, *arguments: object) -> str:
    command = [sys.executable, str(DOCS / "notebooks" / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def open_database(release: Release) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{release.directory / 'moothall.sqlite'}?immutable=1", uri=True)


def choose_area(release: Release) -> str:
    """A council with neighbours."""
    found = (area.code for area in release.areas() if area.is_principal and release.neighbours(area.code).neighbours)
    return next(found)


def test_a_council_beside_its_neighbours_over_time(barsetshire: Barsetshire) -> None:
    release = barsetshire.release
    area = choose_area(release)
    metric = next(
        each for each in release.metrics() if len(release.periods(each.key, "all")) > 1 and each.latest_period
    )
    with serve(release) as address:
        told = run("neighbours_over_time.py", address, area, metric.key)
    assert f"{release.area(area).name} beside {len(release.neighbours(area).neighbours)} of" in told
    lines = [line for line in told.splitlines() if " beside " in line][1:]
    assert len(lines) == len(release.periods(metric.key, "all"))
    figure = release.figure(metric.key, area, metric.latest_period or "")
    said = "no value" if figure.value is None else f"{figure.value:,.{metric.places}f} beside"
    assert said in lines[-1]


def test_polars_finds_the_medians_of_the_release(barsetshire: Barsetshire) -> None:
    told = run("release_with_polars.py", barsetshire.release.directory / "parquet", METRIC)
    same = re.search(r"(\d+) medians are the same as in the release", told)
    assert same
    assert int(same[1]) > 0


def test_duckdb_finds_the_medians_of_the_release(barsetshire: Barsetshire) -> None:
    release = barsetshire.release
    told = run("release_with_duckdb.py", release.directory / "parquet", choose_area(release), METRIC)
    same = re.search(r"(\d+) of (\d+) medians are the same as in the release", told)
    assert same
    assert int(same[1]) == int(same[2]) > 0


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_queries_of_the_documentation_can_be_asked(barsetshire: Barsetshire, query: str) -> None:
    """Of another county's release: tables and columns are there, and what is looked for need not be."""
    assert open_database(barsetshire.release).execute(query).description


def test_there_are_queries() -> None:
    assert len(QUERIES) == 5


def test_queries_of_the_documentation_answer_of_england(real_release: Release) -> None:
    database = open_database(real_release)
    beside, changed, without, cells, metrics = (database.execute(query).fetchall() for query in QUERIES)
    neighbours = real_release.neighbours("E09000008").neighbours
    assert [name for _, name, *_ in beside] == ["Croydon", *(real_release.area(each.area).name for each in neighbours)]
    values = {each.area_name: each.value for each in real_release.slice(METRIC, "2023-24", breakdown="all")}
    assert {name: value for _, name, value, _ in beside}.items() <= values.items()
    assert len(changed) > 250
    assert all(values[name] == after for name, _, after, *_ in changed if name in values)
    period = next(each for each in real_release.periods(METRIC, "all") if each.key == "2023-24")
    assert len(without) == period.eligible - period.with_value
    assert [row[0] for row in cells][-1] == values["Croydon"]
    assert len(metrics) == len(real_release.metrics(topic="waste"))
