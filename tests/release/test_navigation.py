"""A release gives chains, signposts and outcomes back as they were defined, and metrics in their newest period."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from moothall.core.values import Kind, Marker
from moothall.release.comparators import Comparators
from moothall.release.contents import digest_definitions
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.release.barset import (
    ALLINGTON,
    AUTHORITY,
    BARCHESTER,
    CATALOGUE,
    GREATER_PLUMSTEAD,
    PLUMSTEAD_OLD,
    build_release,
    make_contents,
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def test_a_topic_has_its_chain_or_why_not_and_its_signposts(release: Release) -> None:
    bins, care = release.topics()
    assert bins.chain == {
        Kind.INPUT: (),
        Kind.OUTPUT: (),
        Kind.OUTCOME: ("share-missed", "bins-missed", "carers-content"),
    }
    assert bins.no_chain is None
    assert [each.address for each in bins.signposts] == ["https://archive.example/bins/"]
    assert (care.chain, care.signposts) == ({}, ())
    assert care.no_chain == "Care has no chain in Barsetshire."


def test_outcomes_are_in_order_with_what_is_held(release: Release) -> None:
    first, second, third = release.outcomes()
    assert [each.holding for each in first.metrics] == ["same", "near", "not_held", "no_measure"]
    assert [first.count(holding) for holding in ("same", "near", "not_held", "no_measure")] == [1, 1, 1, 1]
    assert first.keys == ("share-missed", "bins-missed", "share-not-missed")
    assert [each.key for each in first.lists] == ["decree"]
    assert first.metrics[1].matches[0].differs == "Ours is for a year, not a month."
    assert (second.is_contextual, second.listing, second.metrics[0].role) == (True, "part", None)
    assert (third.listing, third.metrics, third.others, third.lists) == ("undecided", (), (), ())
    assert [each.key for each in release.framework_lists()] == ["decree", "hearsay"]
    assert release.outcome("2") is second
    for number in ("0", "4", "02", "x", ""):
        with pytest.raises(UnknownKey):
            release.outcome(number)


def test_a_release_without_a_framework_has_no_outcomes(tmp_path: Path) -> None:
    without = build_release(tmp_path, make_contents(catalogue=replace(CATALOGUE, outcomes=None)))
    assert (without.outcomes(), without.framework_lists()) == ([], ())
    assert digest_definitions(replace(CATALOGUE, outcomes=None)) != digest_definitions(CATALOGUE)


def test_the_newest_figures_are_those_of_the_figures_query(release: Release) -> None:
    for area in (BARCHESTER, ALLINGTON, GREATER_PLUMSTEAD, AUTHORITY):
        for latest in release.latest(("share-missed", "carers-content"), area=area, peers=Comparators("type")):
            assert latest.period is not None
            expected = release.figure(latest.metric.key, area, latest.period.key, peers=Comparators("type"))
            assert latest.figure == expected
            medians = {each.median for each in latest.summaries}
            assert medians <= {expected.median_peers}


def test_without_an_area_the_median_is_of_england_or_of_each_kind(tmp_path: Path, release: Release) -> None:
    (england,) = release.latest(["share-missed"])
    assert [each.scope for each in england.summaries] == ["england"]
    derived = {
        key: metric.model_copy(update={"comparable_within": "class"}) for key, metric in CATALOGUE.derived.items()
    }
    alike = build_release(tmp_path, make_contents(catalogue=replace(CATALOGUE, derived=derived)))
    (by_kind,) = alike.latest(["share-missed"])
    assert {each.scope for each in by_kind.summaries} == {"unitary"}, "too few districts have a figure"


def test_what_is_not_there_is_said(release: Release) -> None:
    (closed,) = release.latest(["share-missed"], area=PLUMSTEAD_OLD)
    assert closed.figure is None, "it did not exist in the newest period"
    (district,) = release.latest(["carers-content"], area=BARCHESTER)
    assert district.figure is not None
    assert district.figure.marker is Marker.NOT_RESPONSIBLE
    with pytest.raises(UnknownKey):
        release.latest(["nothing"])
