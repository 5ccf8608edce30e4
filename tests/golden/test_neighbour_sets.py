"""The published sets of neighbours: lists read by hand from the publishers' files, and how many councils have one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from moothall.core.areas import AreaClass
from moothall.core.neighbour_sets import CLOSED, OUTSIDE_ENGLAND, Listed, read_lists
from moothall.core.problems import ProblemsFound
from moothall.ingest.neighbours import ingest_set
from moothall.ingest.vault import Vault
from moothall.pipeline.carried import load_set
from moothall.pipeline.project import Project
from tests.golden.carried import MIRROR, ROOT, load_definitions, load_register, needs_files

HELD = ["dfe_children", "ons_demographic", "ons_economic", "ons_global"]


def find_list(key: str, edition: str, area: str) -> list[Listed]:
    lists = read_lists(ROOT / "edition" / "neighbours" / f"{key}.csv")
    return [each for each in lists if (each.edition, each.area_code) == (edition, area)]


def name_list(key: str, edition: str, area: str) -> list[str]:
    return [load_register().areas[each.neighbour_code].name for each in find_list(key, edition, area)]


# Read by hand: the workbooks have numbers, whose names stand in their own first rows.
BARNET = ["Waltham Forest", "Reading", "Harrow", "Redbridge", "Merton", "Croydon", "Lewisham", "Hillingdon",
          "Haringey", "Ealing"]  # fmt: skip
BARNSLEY = ["Rotherham", "Wakefield", "Tameside", "Doncaster", "Dudley", "Telford and Wrekin", "County Durham",
            "Gateshead", "Redcar and Cleveland", "Sunderland"]  # fmt: skip


@pytest.mark.parametrize(("area", "names"), [("E09000003", BARNET), ("E08000038", BARNSLEY)])
def test_the_department_for_educations_lists_of_may_2025(area: str, names: list[str]) -> None:
    assert name_list("dfe_children", "2025-05", area) == names


def test_its_words_of_closeness_are_in_small_letters() -> None:
    barnet = find_list("dfe_children", "2025-05", "E09000003")
    assert {each.closeness for each in barnet} == {"close"}
    words = Counter(each.closeness for each in read_lists(ROOT / "edition" / "neighbours" / "dfe_children.csv"))
    assert set(words) == {"extremely close", "very close", "close", "somewhat close", "not close"}


def test_camden_in_april_2021() -> None:
    camden = find_list("dfe_children", "2021-04", "E09000007")
    names = name_list("dfe_children", "2021-04", "E09000007")
    assert names[:3] == ["Westminster", "Hammersmith and Fulham", "Kensington and Chelsea"]
    assert [each.closeness for each in camden][:5] == ["very close", "close", "close", "close", "somewhat close"]
    assert names[5] == "Manchester"


def test_cumbria_keeps_its_place_as_closed() -> None:
    lists = read_lists(ROOT / "edition" / "neighbours" / "dfe_children.csv")
    closed = [each for each in lists if each.left_out == CLOSED and each.edition == "2021-04"]
    with_it = {load_register().areas[each.area_code].name for each in closed if each.neighbour_code == "E10000006"}
    assert with_it == {"Derbyshire", "Staffordshire", "Herefordshire", "Nottinghamshire", "Shropshire", "Lincolnshire",
                       "Norfolk", "North Northamptonshire"}  # fmt: skip
    assert find_list("dfe_children", "2021-04", "E06000063") == []  # Cumberland: dashes in every place


def test_hartlepool_on_all_indicators_of_2026() -> None:
    listed = find_list("ons_global", "2026", "E06000001")
    assert [each.neighbour_code for each in listed][:6] == [
        "E08000018", "E06000003", "E07000171", "E08000008", "E07000038", "W06000022",
    ]  # fmt: skip
    assert listed[5].left_out == OUTSIDE_ENGLAND
    assert len(listed) == 20


def test_a_combined_authority_has_five() -> None:
    listed = find_list("ons_global", "2026", "E47000001")
    assert [each.neighbour_code for each in listed] == [
        "E47000003", "E47000004", "E47000007", "E47000018", "E47000002",
    ]  # fmt: skip


@pytest.mark.parametrize("key", HELD)
def test_every_council_has_a_list_or_a_reason(key: str) -> None:
    published = load_definitions().neighbour_sets[key]
    lists = load_set(Project(ROOT), published)
    newest = [each for each in lists if each.edition == published.editions[-1].edition]
    with_list = {each.area_code for each in newest}
    register = load_register()
    councils = {area.code for area in register.areas.values() if area.is_principal and area.closed is None}
    if key == "dfe_children":
        districts = {c for c in councils if register.areas[c].area_class is AreaClass.DISTRICT}
        assert councils - with_list == districts
        assert {each.place for each in newest} == set(range(1, 11))
    else:
        assert councils <= with_list
        assert {each.place for each in newest} == set(range(1, 21))
    assert all(each.area_code != each.neighbour_code for each in lists)


@needs_files
@pytest.mark.parametrize("key", HELD)
def test_what_is_carried_is_what_the_files_say(key: str, tmp_path: Path) -> None:
    published, lock = load_definitions().neighbour_sets[key], load_definitions().neighbour_locks[key]
    vault = Vault(tmp_path)
    for edition in published.editions:
        assert vault.put((MIRROR / str(edition.mirror)).read_bytes()) == lock.editions[edition.edition].sha256
    read = ingest_set(published, lock, vault, load_register())
    assert list(read.problems) == []
    assert tuple(sorted(read.listed)) == read_lists(ROOT / "edition" / "neighbours" / f"{key}.csv")


def test_the_ministrys_set_is_known_and_not_held() -> None:
    published = load_definitions().neighbour_sets["mhclg_outcomes"]
    assert [edition.held for edition in published.editions] == [False]
    assert load_set(Project(ROOT), published) == ()


def test_lists_that_are_not_there_are_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        load_set(Project(tmp_path), load_definitions().neighbour_sets["ons_global"])
    assert [problem.code for problem in found.value.problems] == ["EDITION_STALE"]


def test_the_gap_register_and_the_set_say_the_same_of_the_ministrys() -> None:
    (gap,) = load_definitions().sources["mhclg-statistical-neighbours"].editions
    (known,) = load_definitions().neighbour_sets["mhclg_outcomes"].editions
    assert (gap.edition, gap.title, gap.held, gap.published) == (
        known.edition,
        known.title,
        known.held,
        known.published,
    )
