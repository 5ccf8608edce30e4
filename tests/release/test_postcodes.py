"""A postcode leads to the councils there today, and what it cannot say is told apart."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moothall.core.postcodes import Postcode
from moothall.release.directory import POSTCODES, verify_checksums
from moothall.release.find import FindQueries
from moothall.release.postcodes import PostcodeLookup, pack_postcodes
from moothall.release.queries import Release
from tests.release.barset import (
    ALLINGTON,
    BARCHESTER,
    FRAMLEY,
    GATHERUM,
    GREATER_PLUMSTEAD,
    SILVERBRIDGE,
    build_release,
)

LETTERS = "ABCXYZ"
HALVES = st.tuples(
    st.sampled_from(["QA1", "QA10", "QB1A", "Q9"]),
    st.builds("{}{}{}".format, st.integers(0, 9), st.sampled_from(LETTERS), st.sampled_from(LETTERS)),
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


@given(known=st.dictionaries(HALVES, st.sampled_from(["E07900001", "E07900002", "", "S"]), min_size=1), asked=HALVES)
def test_the_file_says_what_it_was_made_from(
    tmp_path_factory: pytest.TempPathFactory, known: dict[tuple[str, str], str], asked: tuple[str, str]
) -> None:
    rows = [(*halves, district) for halves, district in known.items()]
    path = tmp_path_factory.mktemp("packed") / POSTCODES
    path.write_bytes(pack_postcodes(pl.DataFrame(rows, schema=["outward", "inward", "district"], orient="row")))
    lookup = PostcodeLookup(path)
    for halves in (*known, asked):
        assert lookup.find(Postcode(*halves)) == known.get(halves)
    for begun in ("", asked[1][:1], asked[1][:2]):
        inside = [d for (outward, inward), d in known.items() if outward == asked[0] and inward.startswith(begun)]
        expected = sorted(set(inside), key=lambda each: (-inside.count(each), each))
        assert lookup.list_districts(Postcode(asked[0], begun)) == expected


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / POSTCODES).write_bytes(b"MHPC9999" + bytes(100))
    with pytest.raises(ValueError, match="not a lookup of postcodes"):
        PostcodeLookup(tmp_path / POSTCODES)


@pytest.mark.parametrize(
    ("typed", "areas"),
    [
        ("qb1 1aa", [BARCHESTER]),
        ("QB1 1AD", [SILVERBRIDGE]),
        ("QB1 2AA", [BARCHESTER]),  # by a code that it had
        ("QP1 1AA", [GREATER_PLUMSTEAD]),  # of a district that is no more
        ("QB1", [BARCHESTER, SILVERBRIDGE, FRAMLEY]),  # the most postcodes first
        ("QB1 1", [BARCHESTER, SILVERBRIDGE]),
        ("QB1 9Z", [FRAMLEY]),
        ("Q01 OAB", [GATHERUM]),  # a figure for the first letter, a letter for the second figure
        ("QT1", [ALLINGTON]),
    ],
)
def test_a_postcode_leads_to_the_councils_of_today(release: Release, typed: str, areas: list[str]) -> None:
    led = release.find_postcode(typed)
    assert led is not None
    assert led.is_known
    assert [area.code for area in led.areas] == areas


@pytest.mark.parametrize(
    ("typed", "nations"),
    [("QT1 1AB", ("Scotland",)), ("QW1A 1AA", ("Wales",)), ("BT1 5GS", ("Northern Ireland",)),
     ("BT99", ("Northern Ireland",)), ("Q1 1AA", ("the Channel Islands",)), ("QT1", ("Scotland",)), ("QA1 1AB", ()),
     ("QA2", ())],
)  # fmt: skip
def test_other_nations_and_no_district_are_told_apart(release: Release, typed: str, nations: tuple[str, ...]) -> None:
    led = release.find_postcode(typed)
    assert led is not None
    assert (led.is_known, led.nations) == (True, nations)
    assert bool(led.areas) is (typed == "QT1")


def test_what_is_no_postcode_is_said_and_two_ways_to_mend_it_are_none(release: Release) -> None:
    for typed in ("QB1 1AE", "QX9 9XX", "Q1I 1AA"):
        led = release.find_postcode(typed)
        assert led is not None
        assert (led.is_known, led.areas) == (False, ())
    assert release.find_postcode("Barchester") is None
    mended = release.find_postcode("QB1 IAA")
    assert mended is not None
    assert str(mended.postcode) == "QB1 1AA"


def test_the_file_belongs_to_the_release(release: Release) -> None:
    assert verify_checksums(release.directory).errors == []
    assert (release.directory / POSTCODES).stat().st_size > 0
    file = release.postcode_file
    assert file is not None
    assert (file.title, file.published, file.licence) == ("The postcodes of Barset", "2025-02", "ogl-3")
    assert "Written down by the archive." in file.attribution
    assert "The postcodes of Barset" in (release.directory / "datapackage.json").read_text(encoding="utf-8")


def test_an_answer_is_quick_even_the_first(release: Release) -> None:
    release.find_postcode("QB1 1AA")  # what the release itself takes to be read is not meant
    many = 200
    start = perf_counter()
    for _ in range(many):
        lookup = PostcodeLookup(release.directory / POSTCODES)
        assert lookup.find(Postcode("QB1", "1AA")) == BARCHESTER
    assert (perf_counter() - start) / many < 0.002


def test_a_release_without_a_directory_has_no_postcodes(tmp_path: Path) -> None:
    without = FindQueries()
    without.directory = tmp_path
    assert without.find_postcode("QB1 1AA") is None
