"""Who runs what an authority does not is read from who has the function, and from nothing else."""

from __future__ import annotations

import pytest

from moothall.release.queries import Release
from moothall.site.explorer.responsible import find_runners, list_elsewhere
from tests.release.barset import ALLINGTON, AUTHORITY, BARCHESTER, COUNTY


def test_a_district_and_its_county_run_each_others_rest(release: Release) -> None:
    assert [each.code for each in find_runners(release, release.area(BARCHESTER), ("care",))[0]] == [COUNTY]
    districts = find_runners(release, release.area(COUNTY), ("bin_emptying",))[0]
    assert BARCHESTER in {each.code for each in districts}
    assert all(each.county_code == COUNTY for each in districts)


@pytest.mark.parametrize("code", [ALLINGTON, BARCHESTER, COUNTY])
def test_nobody_is_named_for_what_nobody_in_the_register_has(release: Release, code: str) -> None:
    """A county runs no fire service unless the register says that it does."""
    assert find_runners(release, release.area(code), ("fire",)) == ((), "the fire and rescue authority there")
    assert find_runners(release, release.area(code), ("unheard-of",)) == ((), "another body")


def test_a_joint_authority_names_itself_for_nothing(release: Release) -> None:
    authority = release.area(AUTHORITY)
    for service in list_elsewhere(release, authority, release.metrics()):
        assert authority.name not in {each.text for each in service.who}
        assert bool(service.who) != bool(service.words)
