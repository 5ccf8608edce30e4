"""Published sets of neighbours in a release: their lists under their own name, and what is left out of each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from moothall.core.neighbour_models import WhyNone
from moothall.pipeline.project import Project
from moothall.pipeline.release import build
from moothall.release.neighbour_records import ListedRecord
from moothall.release.queries import Release
from tests.conftest import BUILT, Barsetshire

SET = "hospital_likeness"
BARCHESTER, PLUMSTEAD, FRAMLEY, GRESHAMSBURY = "E06900001", "E06900002", "E06900003", "E06900004"
ALLINGTON, CHALDICOTES, COUNTY = "E07900001", "E07900007", "E10900001"


@pytest.fixture(scope="module")
def release(barsetshire: Barsetshire) -> Release:
    return barsetshire.release


def members(release: Release, area: str, version: str | None = None) -> list[tuple[int, str, str | None]]:
    found = release.neighbours(area, SET, version=version)
    return [(each.place, each.area, each.closeness) for each in found.neighbours]


def test_a_set_stands_after_our_models_with_its_editions(release: Release) -> None:
    *_, model = release.neighbour_models()
    assert (model.key, model.kind, model.is_default, model.method) == (SET, "published", False, None)
    assert model.publisher == "Hiram's Hospital"
    assert model.licence_label == "Open Government Licence v3.0"
    assert model.description == "For figures on the old and the poor. Nobody knows how the Hospital chose them."
    newest, first = model.versions
    assert (newest.key, newest.day, newest.published, newest.address) == (
        *("2023", date(2023, 5, 1), "2023-05-01"),
        "https://likeness.example/likeness_2023.csv",
    )
    assert newest.note == "Likeness, 2023. The Hospital’s second list."
    assert (first.key, first.published, first.day) == ("2021", "2021-05", date(2021, 5, 31))
    assert all(len(each.sha256 or "") == 64 for each in model.versions)


def test_neighbours_keep_the_places_and_words_of_their_publisher(release: Release) -> None:
    assert members(release, BARCHESTER, "2021") == [(1, PLUMSTEAD, "very close"), (3, FRAMLEY, "close")]
    assert members(release, BARCHESTER) == [
        (1, GRESHAMSBURY, "very close"),
        (2, FRAMLEY, "close"),
        (3, PLUMSTEAD, "close"),
    ]
    assert all(
        (each.distance, each.rebased, each.inclusion) == (None, None, None)
        for each in release.neighbours(BARCHESTER, SET).neighbours
    )


def test_only_councils_of_the_same_kind_are_shown_and_the_others_counted(release: Release) -> None:
    found = release.neighbours(GRESHAMSBURY, SET)
    assert [each.place for each in found.neighbours] == [2, 3]  # a district stands first
    assert found.published == ListedRecord(listed=3, closed=0, outside_england=0, other_kind=1)
    assert release.neighbours(BARCHESTER, SET, version="2021").published == ListedRecord(3, 0, 1, 0)
    assert release.neighbours(ALLINGTON, SET).published == ListedRecord(3, 1, 0, 0)
    assert found.pool_label == "metropolitan boroughs and unitary councils"


@pytest.mark.parametrize(
    ("area", "why"),
    [(FRAMLEY, WhyNone.NOT_LISTED), (COUNTY, WhyNone.NONE_OF_KIND), (CHALDICOTES, WhyNone.NOT_LISTED)],
)
def test_who_has_no_list_is_told_why(release: Release, area: str, why: WhyNone) -> None:
    found = release.neighbours(area, SET)
    assert (found.neighbours, found.why_none) == ((), why)


def test_what_changed_between_editions_is_counted(release: Release) -> None:
    *_, model = release.neighbour_models()
    newest, first = model.versions
    assert newest.previous == "2021"
    single_tier = next(each for each in newest.churn if each.pool == "single_tier")
    assert single_tier.lists == 4
    assert single_tier.unchanged == pytest.approx(3 / 4)  # Barchester has one more
    assert single_tier.overlap == 1.0
    assert first.churn == ()


def test_an_edition_that_is_not_held_is_known(release: Release) -> None:
    (known,) = release.neighbour_sets_not_held()
    assert (known.model, known.edition, known.publisher, known.published) == (
        *(SET, "2024", "Hiram's Hospital"),
        "2024-05-01",
    )


def test_looking_back_only_what_was_known_is_there(barsetshire: Barsetshire, tmp_path: Path) -> None:
    written = build(Project(barsetshire.copy(tmp_path)), built=BUILT, as_of=date(2023, 4, 1))
    earlier = Release.open(written.path)
    *_, model = earlier.neighbour_models()
    assert [each.key for each in model.versions] == ["2021"]
    assert model.version.is_current
