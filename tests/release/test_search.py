"""Names, everyday words, both together and what is spelled like them lead to what a person would expect."""

from __future__ import annotations

import pytest

from moothall.release.queries import Release
from moothall.release.search import list_telling, stem
from tests.release.barset import BARCHESTER, COUNTY, GREATER_PLUMSTEAD, OMNIUM, PLUMSTEAD_OLD, build_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def list_metrics(release: Release, text: str) -> list[str]:
    return [metric.key for _, metric in release.search(text).subjects.metrics]


def list_topics(release: Release, text: str) -> list[str]:
    return [topic.key for _, topic in release.search(text).subjects.topics]


def test_a_name_finds_the_exact_one_first_and_those_that_closed_too(release: Release) -> None:
    found = release.search("Plumstead")
    assert [area.code for area in found.areas] == [PLUMSTEAD_OLD, GREATER_PLUMSTEAD]
    assert found.subjects.nearest is None
    assert [area.code for area in release.find_standing(PLUMSTEAD_OLD)] == [GREATER_PLUMSTEAD]
    assert [area.code for area in release.find_standing(OMNIUM)] == [OMNIUM]


@pytest.mark.parametrize("said", ["rubbish", "Wheelie bin", "the rubbish", "wheelie bins?"])
def test_everyday_words_find_what_people_mean_by_them(release: Release, said: str) -> None:
    assert list_topics(release, said) == ["bins"]
    assert list_metrics(release, said)[0] == "share-missed"


def test_a_title_finds_its_metric_before_others_that_have_its_words(release: Release) -> None:
    assert list_metrics(release, "bins missed")[0] == "bins-missed"
    assert list_metrics(release, "share missed")[0] == "share-missed"
    assert list_metrics(release, "carers-content") == ["carers-content"]
    assert list_metrics(release, "dragons") == []


@pytest.mark.parametrize(
    ("said", "place"),
    [("rubbish in Barchester", BARCHESTER), ("barchester rubbish", BARCHESTER), ("Rubbish in barsetshire?", COUNTY),
     ("rubbish in omn", OMNIUM), ("is the rubbish taken in Barchester", BARCHESTER)],
)  # fmt: skip
def test_a_subject_and_a_council_are_found_together(release: Release, said: str, place: str) -> None:
    found = release.search(said)
    assert found.place is not None
    assert found.place.code == place
    assert [topic.key for _, topic in found.subjects.topics] == ["bins"]


def test_what_nothing_is_spelled_like_is_read_as_what_it_is_spelled_like(release: Release) -> None:
    assert release.search("rubish").subjects.instead == "rubbish"
    assert list_metrics(release, "rubish") == list_metrics(release, "rubbish")
    near = release.search("Barchster")
    assert [area.code for area in near.near] == [BARCHESTER]
    assert (near.areas, near.subjects.nearest) == ((), None)
    nothing = release.search("qqqq")
    assert (nothing.areas, nothing.near, nothing.subjects.nearest) == ((), (), None)


def test_everyday_words_are_found_within_a_sentence(release: Release) -> None:
    found = release.search_subjects("why is rubbish never taken on time", 5)
    assert found.instead == "rubbish"
    assert [topic.key for _, topic in found.topics] == ["bins"]


def test_no_more_is_found_than_asked_for(release: Release) -> None:
    assert len(release.search("missed", 1).subjects.metrics) == 1
    assert len(release.search("council", 3).areas) == 3
    assert release.search("  ").subjects.nearest is None


def test_plurals_and_words_that_tell_nothing() -> None:
    assert [stem(each) for each in ("bins", "bus", "gas", "access", "potholes")] == [
        "bin", "bus", "gas", "access", "pothole"
    ]  # fmt: skip
    assert list_telling("How many bins are there in the") == ("bin",)
    assert list_telling("where is it") == ("it",)
    assert list_telling("in the") == ("in", "the")
