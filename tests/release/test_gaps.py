"""The gap register says what is missing and why, and nothing that is there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from moothall.core.definitions import Cadence
from moothall.core.values import Kind, Marker
from moothall.release.contents import tabulate
from moothall.release.gaps import Gap, GapKind
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.release.barset import BARCHESTER, CATALOGUE, FRAMLEY, OBSERVED, SILVERBRIDGE, build_release, make_contents


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def of(release: Release, kind: GapKind) -> list[Gap]:
    return [gap for gap in release.gaps() if gap.kind is kind]


def test_files_that_are_known_and_not_held(release: Release) -> None:
    told = [(gap.source, gap.edition, gap.published, gap.topics, gap.functions) for gap in of(release, GapKind.FILE)]
    assert told == [
        ("barset-bins", "2024-25", "2025-11", ("bins",), ("bin_emptying",)),
        ("barset-care", "2024-25", None, ("care",), ("care",)),
        ("barset-visits", "2023-24", "2025-02", ("care",), ("care",)),
    ]
    bins, care, visits = of(release, GapKind.FILE)
    assert bins.reason == "It is newer than the files that are here. Only the publisher’s page is known."
    assert (care.address, care.landing_page) == (None, "https://archive.example/barset")
    assert visits.landing_page == "https://infirmary.example/visits/2023-24"
    assert visits.reason == "Nothing of its series is read. It can be fetched from its address."


def test_series_of_which_nothing_is_read(release: Release) -> None:
    (visits,) = of(release, GapKind.SERIES)
    assert (visits.title, visits.tells) == ("Visits of carers", "How often carers call.")
    assert visits.reason == "No copy of the files could be had."
    assert [source.key for source in release.unread_sources()] == ["barset-visits"]
    assert release.record.counts.sources == len(release.sources()) == 2
    with pytest.raises(UnknownKey):
        release.source("barset-visits")


def test_functions_without_a_metric_of_a_kind(release: Release) -> None:
    assert [(gap.functions, gap.measures) for gap in of(release, GapKind.FUNCTION)] == [
        (("bin_emptying",), Kind.INPUT),
        (("bin_emptying",), Kind.OUTPUT),
        (("care",), Kind.INPUT),
        (("care",), Kind.OUTPUT),
    ]
    assert [(each.function, each.counts) for each in release.measured] == [
        ("bin_emptying", ((Kind.INPUT, 0), (Kind.OUTPUT, 0), (Kind.OUTCOME, 4))),
        ("care", ((Kind.INPUT, 0), (Kind.OUTPUT, 0), (Kind.OUTCOME, 1))),
    ]


def test_councils_that_are_responsible_and_have_no_figure(release: Release) -> None:
    """Each marker is counted as a reader would count it in the slice, and full metrics are left out."""
    told = {gap.metric: gap for gap in of(release, GapKind.COUNCILS)}
    assert told["bins-missed"].reason == "One council has no figure: 1 no return."
    for metric in release.metrics():
        assert metric.latest_period is not None
        figures = release.slice(metric.key, metric.latest_period)
        run = [figure for figure in figures if figure.marker is not Marker.NOT_RESPONSIBLE]
        absent = [figure.text for figure in run if figure.value is None]
        assert (metric.key in told) == bool(absent)
        if absent:
            gap = told[metric.key]
            assert (gap.eligible, gap.with_value) == (len(run), len(run) - len(absent))
            said = re.sub(r"^.*: |\..*$", "", gap.reason).split(", ")
            assert sorted(said) == sorted(f"{absent.count(text)} {text}" for text in set(absent))


def test_a_class_without_any_figure_is_named(tmp_path: Path) -> None:
    few = [each for each in OBSERVED if each[0] != "bins-missed" or each[1] not in {BARCHESTER, SILVERBRIDGE, FRAMLEY}]
    release = build_release(tmp_path, make_contents(few))
    (gap,) = (gap for gap in release.gaps() if gap.kind is GapKind.COUNCILS and gap.metric == "bins-missed")
    assert gap.reason == "3 councils have no figure: 3 not published. There is none for district councils."


def test_figures_are_old_by_the_cadence_of_their_source(tmp_path: Path) -> None:
    day = date(2025, 10, 1)  # 18 months after 2023-24
    yearly = build_release(tmp_path / "yearly", built=day)
    assert of(yearly, GapKind.AGE) == []
    often = {key: source.model_copy(update={"cadence": Cadence.QUARTERLY}) for key, source in CATALOGUE.sources.items()}
    catalogue = replace(CATALOGUE, sources=CATALOGUE.sources | {"barset-bins": often["barset-bins"]})
    quarterly = build_release(tmp_path / "quarterly", make_contents(catalogue=catalogue), built=day)
    old = of(quarterly, GapKind.AGE)
    assert {gap.metric for gap in old} == {metric.key for metric in quarterly.metrics(topic="bins")}
    assert {gap.reason for gap in old} == {
        "The newest period is 2023-24. It ended 18 months before this release was made."
    }
    assert [metric.old_after for metric in quarterly.metrics()] == [18, 18, 18, 18, 36]
    assert quarterly.figure("bins-missed", "E07900001", "2023-24").is_old
    assert not quarterly.figure("carers-content", "E06900002", "2023-24").is_old


def test_a_derived_metric_is_as_slow_as_the_slowest_of_its_sources(tmp_path: Path) -> None:
    often = CATALOGUE.sources["barset-bins"].model_copy(update={"cadence": Cadence.MONTHLY})
    both = CATALOGUE.derived["share-missed"].model_copy(
        update={"formula": "a + b", "inputs": {"a": "bins-missed", "b": "carers-content"}}
    )
    catalogue = replace(
        CATALOGUE, sources=CATALOGUE.sources | {"barset-bins": often}, derived=CATALOGUE.derived | {both.key: both}
    )
    release = build_release(tmp_path, make_contents(catalogue=catalogue))
    assert {metric.key: metric.old_after for metric in release.metrics()} == {
        "bins-missed": 14,
        "bins-emptied": 14,
        "share-missed": 36,
        "share-not-missed": 36,
        "carers-content": 36,
    }


def test_a_topic_and_a_function_choose(release: Release) -> None:
    whole = release.gaps()
    bins, care = release.gaps(topics=["bins"]), release.gaps(functions=["care"])
    assert set(bins) | set(care) == set(whole)
    assert not set(bins) & set(care)
    assert release.gaps(topics=["bins"], functions=["care"]) == ()
    assert release.gaps(topics=["bins", "care"]) == whole
    with pytest.raises(UnknownKey, match="topic 'moots'"):
        release.gaps(topics=["moots"])
    with pytest.raises(UnknownKey, match="function 'moots'"):
        release.gaps(functions=["moots"])


def test_a_day_that_nobody_knows_was_not_known_on_any_day() -> None:
    contents = replace(make_contents(), as_of=date(2025, 12, 31))
    missing = tabulate(contents)["missing_editions"].select("source_key", "edition").rows()
    assert missing == [("barset-bins", "2024-25"), ("barset-visits", "2023-24")]
