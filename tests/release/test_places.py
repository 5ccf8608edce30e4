"""Areas, topics, metrics and sources as a release answers for them."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path

import pytest

from moothall.core.areas import AreaClass
from moothall.core.problems import ProblemsFound
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.release.barset import (
    AUTHORITY,
    BARCHESTER,
    COUNTY,
    GREATER_PLUMSTEAD,
    MERGER,
    OBSERVED,
    OLD_BARCHESTER_CODE,
    PLUMSTEAD_OLD,
    SILVERBRIDGE,
    build_release,
    make_contents,
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def test_areas_come_by_name_and_those_that_closed_when_asked_for(release: Release) -> None:
    names = [area.name for area in release.areas()]
    assert names == sorted(names)
    assert "Plumstead" not in names
    assert [a.name for a in release.areas(include_closed=True, area_class=AreaClass.DISTRICT)] == [
        "Barchester",
        "Framley",
        "Plumstead",
        "Silverbridge",
    ]
    assert {a.name for a in release.areas()} - {a.name for a in release.areas(principal_only=True)} == {
        "Greater Barset"
    }


def test_an_old_code_leads_to_the_area(release: Release) -> None:
    assert release.area(OLD_BARCHESTER_CODE) == release.area(BARCHESTER)
    with pytest.raises(UnknownKey) as caught:
        release.area("E07000000")
    assert (caught.value.kind, caught.value.key) == ("area", "E07000000")


def test_an_area_says_what_it_is_inside(release: Release) -> None:
    barchester = release.area(BARCHESTER)
    assert (barchester.county, barchester.county_code) == ("Barsetshire", COUNTY)
    assert (barchester.combined_authority, barchester.combined_authority_code) == ("Greater Barset", AUTHORITY)
    assert release.area(GREATER_PLUMSTEAD).county is None
    closed = release.area(PLUMSTEAD_OLD)
    assert (closed.county, closed.closed) == ("Barsetshire", MERGER)


def test_successions_lead_both_ways_and_recodes_to_nowhere(release: Release) -> None:
    (forward,) = release.successors(PLUMSTEAD_OLD)
    assert (forward.successor.code, forward.day, forward.kind) == (GREATER_PLUMSTEAD, MERGER, "merge")
    assert release.predecessors(GREATER_PLUMSTEAD) == [forward]
    assert release.successors(GREATER_PLUMSTEAD) == release.predecessors(BARCHESTER) == []


def test_search_finds_by_name_and_by_any_code(release: Release) -> None:
    assert [area.name for area in release.find_areas("plumstead")] == ["Plumstead", "Greater Plumstead"]
    assert [area.code for area in release.find_areas("e9901")] == [SILVERBRIDGE]
    assert len(release.find_areas("council", limit=3)) == 3
    assert release.find_areas("  ") == []


def test_topics_and_metrics_come_in_the_order_of_the_definitions(release: Release) -> None:
    assert [topic.key for topic in release.topics()] == ["bins", "care"]
    assert [topic.headlines for topic in release.topics()] == [("share-missed", "bins-missed"), ()]
    assert [metric.key for metric in release.metrics()] == [
        "bins-missed",
        "bins-emptied",
        "share-missed",
        "share-not-missed",
        "carers-content",
    ]
    assert [metric.key for metric in release.metrics(topic="care")] == ["carers-content"]
    with pytest.raises(UnknownKey, match="topic 'moots'"):
        release.metrics(topic="moots")


def test_a_metric_says_whom_it_applies_to_and_what_it_is_made_from(release: Release) -> None:
    read = release.metric("bins-missed")
    assert read.applies_to == (AreaClass.DISTRICT, AreaClass.UNITARY)
    assert [function.title for function in read.functions] == ["Emptying bins"]
    assert (read.source, read.formula, read.inputs) == ("barset-bins", None, ())
    assert (read.first_period, read.latest_period) == ("2021-22", "2023-24")
    derived = release.metric("share-missed")
    assert (derived.source, derived.inputs) == (None, (("missed", "bins-missed"), ("emptied", "bins-emptied")))
    with pytest.raises(UnknownKey, match="metric 'moots'"):
        release.metric("moots")


def test_the_latest_period_is_the_newest_in_which_half_have_a_value(release: Release) -> None:
    periods = release.periods("bins-missed")
    assert [(p.key, p.eligible, p.with_value, p.is_latest) for p in periods] == [
        ("2023-24", 7, 6, True),
        ("2022-23", 7, 6, False),
        ("2021-22", 7, 4, False),
    ]
    assert [p.is_latest for p in release.periods("carers-content")] == [True]  # 3 of 5


def test_a_thin_newest_period_is_not_the_latest(tmp_path: Path) -> None:
    thin = [each for each in OBSERVED if each[0] == "bins-missed" and (each[2] != "2023-24" or each[1] == BARCHESTER)]
    release = build_release(tmp_path, make_contents(thin))
    assert [(p.key, p.is_latest) for p in release.periods("bins-missed")][:2] == [("2023-24", False), ("2022-23", True)]
    assert release.metric("bins-missed").latest_period == "2022-23"
    assert release.metric("carers-content").latest_period is None
    assert release.periods("carers-content") == []
    assert {figure.period for figure in release.area_figures(BARCHESTER)} == {"2022-23"}


def test_a_source_lists_its_editions_and_those_that_are_missing(release: Release) -> None:
    source = release.source("barset-bins")
    assert [edition.edition for edition in source.editions] == ["2023-24", "2022-23-revised", "2022-23", "2021-22"]
    assert [(edition.edition, edition.published) for edition in source.missing] == [("2024-25", "2025-11")]
    assert (source.licence_label, source.cadence_months) == ("Open Government Licence v3.0", 12)
    assert source.editions[0].published_basis_label == "printed in the file"
    assert [each.key for each in release.sources()] == ["barset-bins", "barset-care"]


def test_a_release_is_read_by_many_threads_at_once(release: Release) -> None:
    expected = release.area_figures(BARCHESTER)
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(Release.open(release.directory).area_figures(BARCHESTER)))
        for _ in range(4)
    ] + [threading.Thread(target=lambda: answers.append(release.area_figures(BARCHESTER))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 8


def test_a_release_cannot_be_written_to(release: Release) -> None:
    with pytest.raises(sqlite3.OperationalError):
        release._index.database.rows("DELETE FROM figures")


def test_a_directory_that_is_no_release_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        Release.open(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["RELEASE_UNKNOWN"]
    for manifest in ("{", "[]", "{}", json.dumps({"format": 99})):
        (tmp_path / "manifest.json").write_text(manifest)
        with pytest.raises(ProblemsFound) as caught:
            Release.open(tmp_path)
        assert [problem.code for problem in caught.value.problems] == ["RELEASE_DAMAGED"]


def test_a_release_without_its_database_is_a_problem(tmp_path: Path) -> None:
    directory = build_release(tmp_path).directory
    (directory / "moothall.sqlite").unlink()
    with pytest.raises(ProblemsFound) as caught:
        Release.open(directory)
    assert [problem.code for problem in caught.value.problems] == ["RELEASE_DAMAGED"]
