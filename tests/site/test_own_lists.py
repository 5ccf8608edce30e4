"""A pasted list is read as people paste it, and whatever cannot be used is named."""

from __future__ import annotations

import pytest

from moothall.release.queries import Release
from moothall.site.explorer.own_lists import LONGEST_LIST, MOST_LISTED, read_own_list


def codes(release: Release, text: str) -> list[str]:
    found = read_own_list(release, text)
    assert found.mistakes == ()
    return [area.code for area in found.councils]


@pytest.mark.parametrize(
    "text",
    [
        "E09000008\nE08000038\nE06000023",
        "e09000008, E08000016; E06000023",
        "Croydon\r\nBarnsley\r\nBristol, City of",
        "1. Croydon\n2. Barnsley\n3. Bristol",
        "1\tCroydon\t\n2\tBarnsley\n3\tBristol",
        "E09000008\tCroydon\nE08000038\tBarnsley\nE06000023\tBristol",
        "Croydon, Barnsley, Bristol, City of",
        "Croydon, Barnsley; Bristol, croydon",
        "E09000008 E08000038 E06000023",
    ],
)
def test_lists_are_read_as_they_are_pasted(real_release: Release, text: str) -> None:
    assert codes(real_release, text) == ["E09000008", "E08000038", "E06000023"]


def test_a_name_with_a_comma_is_one_council(real_release: Release) -> None:
    assert codes(real_release, "Bournemouth, Christchurch and Poole, Leeds") == ["E06000058", "E08000035"]


def test_everything_that_is_no_council_is_named(real_release: Release) -> None:
    found = read_own_list(real_release, "Croydon\nBarnsly\nAtlantis\nE09999999\nCroydon")
    assert [area.name for area in found.councils] == ["Croydon"]
    assert [mistake.split(".")[0] for mistake in found.mistakes] == [
        "There is no council called “Barnsly”",
        "There is no council called “Atlantis”",
        "There is no council called “E09999999”",
    ]
    assert found.mistakes[0].endswith("Type Barnsley.")


def test_a_council_that_closed_leads_to_what_took_its_place(real_release: Release) -> None:
    found = read_own_list(real_release, "Corby")
    assert found.councils == ()
    assert found.mistakes == ("Corby closed on 1 April 2021. Type what took its place: North Northamptonshire.",)


def test_there_is_an_end_to_a_list(real_release: Release) -> None:
    names = "\n".join(area.name for area in real_release.areas(principal_only=True)[: MOST_LISTED + 1])
    assert read_own_list(real_release, names).mistakes == (
        f"The list can have at most {MOST_LISTED} councils. It has {MOST_LISTED + 1}.",
    )
    assert read_own_list(real_release, "x" * (LONGEST_LIST + 1)).mistakes == (
        f"The list can have at most {LONGEST_LIST:,} characters.",
    )
    assert read_own_list(real_release, "x" * 100).mistakes[0].startswith("There is no council called “xxx")


def test_nothing_is_an_empty_list(real_release: Release) -> None:
    assert read_own_list(real_release, " \n;,\t") == read_own_list(real_release, "")
