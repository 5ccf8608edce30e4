"""Comparators: neighbours by any model and groups of one's own, the same whether stored or worked out."""

from __future__ import annotations

from pathlib import Path

import pytest

from moothall.core.neighbour_models import DEFAULT_MODEL
from moothall.core.statistics import median
from moothall.core.values import Marker
from moothall.release.comparators import Comparators
from moothall.release.figures import Selection
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from tests.release.barset import (
    ALLINGTON,
    BARCHESTER,
    COUNTY,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    OLD_BARCHESTER_CODE,
    OMNIUM,
    SILVERBRIDGE,
    build_release,
    make_contents,
)

EVERYBODY = (BARCHESTER, SILVERBRIDGE, FRAMLEY, GREATER_PLUMSTEAD, ALLINGTON, GATHERUM, OMNIUM)
LISTS = {code: tuple(other for other in EVERYBODY if other != code) for code in EVERYBODY}
OURS = {code: LISTS[code][:5] for code in EVERYBODY if code != OMNIUM}
THEIRS = {code: tuple(reversed(LISTS[code]))[:4] for code in EVERYBODY}
LATEST = "2023-24"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Release:
    lists = {DEFAULT_MODEL: OURS, "theirs": THEIRS, "same_as_ours": OURS}
    return build_release(tmp_path_factory.mktemp("compared"), make_contents(lists=lists))


def test_what_is_stored_is_what_would_be_worked_out(compared: Release) -> None:
    """A model with the same lists under another key is worked out when it is asked for."""
    for metric in compared.metrics():
        for period in compared.periods(metric.key):
            for area in EVERYBODY:
                try:
                    stored, made = (
                        compared.figure(metric.key, area, period.key, peers=Comparators("neighbours", model))
                        for model in (DEFAULT_MODEL, "same_as_ours")
                    )
                except UnknownKey:
                    continue
                assert stored == made


def test_neighbours_leave_the_council_out_and_rank_it_in(compared: Release) -> None:
    figure = compared.figure("bins-missed", BARCHESTER, LATEST, peers=Comparators("neighbours"))
    others = [
        each.value
        for code in OURS[BARCHESTER]
        if (each := compared.figure("bins-missed", code, LATEST)).value is not None
    ]
    assert figure.median_peers == figure.median_neighbours == median(others)
    assert figure.neighbours_with_value == len(others) == 4, "Framley sent no return"
    assert (figure.rank, figure.rank_of) == (5, 5)
    assert figure.peers == "neighbours"
    assert figure.neighbours_marker is None


def test_another_model_has_other_neighbours(compared: Release) -> None:
    figure = compared.figure("bins-missed", BARCHESTER, LATEST, peers=Comparators("neighbours", "theirs"))
    values = {code: compared.figure("bins-missed", code, LATEST).value for code in THEIRS[BARCHESTER]}
    assert figure.median_peers == median([value for value in values.values() if value is not None])
    assert figure.median_peers != figure.median_neighbours
    with pytest.raises(UnknownKey, match="model"):
        compared.figure("bins-missed", BARCHESTER, LATEST, peers=Comparators("neighbours", "nobody"))


def test_a_council_without_a_list_is_not_placed(compared: Release) -> None:
    figure = compared.figure("bins-missed", OMNIUM, LATEST, peers=Comparators("neighbours"))
    assert (figure.mads_peers, figure.median_peers, figure.rank, figure.neighbours_with_value) == (None,) * 4
    assert figure.neighbours_marker is Marker.NO_NEIGHBOURS
    assert compared.has_neighbours(ALLINGTON)
    assert not compared.has_neighbours(OMNIUM)
    assert compared.compare("bins-missed", OMNIUM, LATEST, Comparators("neighbours")) is None


def test_a_group_of_ones_own_leaves_the_council_out(compared: Release) -> None:
    chosen = Comparators("custom", group=(ALLINGTON, BARCHESTER, GATHERUM, OMNIUM))
    figure = compared.figure("bins-missed", BARCHESTER, LATEST, peers=chosen)
    assert figure.median_peers == 31.04
    assert (figure.rank, figure.rank_of) == (4, 4)
    found = compared.compare("bins-missed", BARCHESTER, LATEST, chosen)
    assert found is not None
    summary, positions = found
    assert (summary.eligible, summary.with_value, summary.scope) == (3, 3, "custom")
    assert positions.keys() == {ALLINGTON, BARCHESTER, GATHERUM, OMNIUM}


def test_two_councils_are_no_group_and_half_a_group_is_enough(compared: Release) -> None:
    pair = compared.compare("bins-missed", BARCHESTER, LATEST, Comparators("custom", group=(ALLINGTON, GATHERUM)))
    assert pair is not None
    assert (pair[0].with_value, pair[0].median, pair[0].marker, pair[1]) == (2, None, Marker.TOO_FEW, {})
    listed = (ALLINGTON, GATHERUM, OMNIUM, FRAMLEY, COUNTY)  # one sent no return, one does not run the service
    wide = compared.compare("bins-missed", BARCHESTER, LATEST, Comparators("custom", group=listed))
    assert wide is not None
    assert (wide[0].eligible, wide[0].with_value, wide[0].median) == (4, 3, 31.04)


def test_a_slice_of_neighbours_is_they_and_the_council(compared: Release) -> None:
    members = compared.slice("bins-missed", LATEST, peers=Comparators("neighbours"), for_area=ALLINGTON)
    assert {member.area for member in members} == {*OURS[ALLINGTON], ALLINGTON}
    assert compared.list_comparators(OLD_BARCHESTER_CODE, Comparators("neighbours")) == OURS[BARCHESTER]


def test_figures_of_everyone_stand_each_among_its_own_neighbours(compared: Release) -> None:
    asked = Selection(metric=("bins-missed",), peers=Comparators("neighbours", "theirs"))
    for figure in compared.figures(asked):
        alone = compared.figure("bins-missed", figure.area, LATEST, peers=asked.peers)
        assert figure == alone


def test_a_release_without_lists_has_no_neighbours(tmp_path: Path) -> None:
    bare = build_release(tmp_path)
    assert bare.neighbour_models() == []
    assert not bare.has_neighbours(ALLINGTON)
    figure = bare.figure("bins-missed", ALLINGTON, LATEST, peers=Comparators("neighbours"))
    assert (figure.median_peers, figure.neighbours_marker) == (None, Marker.NO_NEIGHBOURS)
