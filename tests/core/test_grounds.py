"""Grounds: which councils' figures make up those of an area, and when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from moothall.core.announced import AnnouncedChange
from moothall.core.areas import LOWER_TIER_CLASSES, AreaClass, Register
from moothall.core.grounds import Part, Tier, find_ground, list_parts
from moothall.core.loading import load_catalogue
from moothall.pipeline.carried import check_announced

ROOT = Path(__file__).parents[2]
TODAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.read(ROOT / "edition" / "areas")


@pytest.fixture(scope="module")
def parts(register: Register) -> list[Part]:
    return list_parts(register)


def find_parts(parts: list[Part], code: str, tier: Tier, day: date) -> list[str]:
    return [part.part_code for part in parts if part.area_code == code and part.tier is tier and part.holds(day)]


@pytest.mark.parametrize(
    ("code", "tier", "day", "expected"),
    [
        pytest.param("E07000246", Tier.SAME, date(2019, 3, 31), ["E07000190", "E07000191"], id="two districts merge"),
        pytest.param("E07000246", Tier.LOWER, date(2019, 4, 1), [], id="a council that stands has its own figures"),
        pytest.param("E06000060", Tier.UPPER, date(2020, 3, 31), ["E10000002"], id="a county becomes one council"),
        pytest.param("E06000063", Tier.UPPER, date(2023, 3, 31), [], id="a divided county is not splittable"),
        pytest.param("E06000063", Tier.EVERY, date(2023, 3, 31), [], id="nor is its share of anything"),
        pytest.param("E06000059", Tier.UPPER, date(2019, 3, 31), [], id="a county that lost ground is not the same"),
        pytest.param("E06000058", Tier.UPPER, date(2019, 3, 31), [], id="nor is what gained it"),
        pytest.param("E06000058", Tier.SAME, date(2019, 3, 31), [], id="money of two tiers is not summed"),
        pytest.param("E10000003", Tier.UPPER, TODAY, [], id="a county publishes its own services"),
        pytest.param("E10000009", Tier.LOWER, TODAY, [], id="a closed county has no more"),
        pytest.param("E47000008", Tier.UPPER, TODAY, ["E06000031", "E10000003"], id="territory, not membership"),
        pytest.param("E47000008", Tier.SAME, TODAY, [], id="two tiers are not one"),
        pytest.param("E47000012", Tier.UPPER, date(2020, 1, 1), ["E06000014", "E10000023"], id="before it began"),
        pytest.param("E47000005", Tier.LOWER, date(2012, 1, 1), [], id="an ended authority has no more than its time"),
        pytest.param("E08000038", Tier.LOWER, date(2020, 1, 1), [], id="a recoded council is itself"),
        pytest.param("E50000001", Tier.LOWER, TODAY, [], id="a waste authority has its own figures"),
    ],
)
def test_parts(parts: list[Part], code: str, tier: Tier, day: date, expected: list[str]) -> None:
    assert find_parts(parts, code, tier, day) == expected


def test_numbers_of_parts(parts: list[Part]) -> None:
    counted = {
        ("E61000001", Tier.LOWER): 33,
        ("E47000001", Tier.LOWER): 10,
        ("E47000008", Tier.LOWER): 6,
        ("E47000013", Tier.LOWER): 17,
        ("E47000013", Tier.UPPER): 4,
    }
    assert {key: len(find_parts(parts, *key, TODAY)) for key in counted} == counted


def test_chains_are_followed_to_their_beginning(parts: list[Part], register: Register) -> None:
    somerset = "E06000066"
    assert {"E07000190", "E07000191"} <= set(find_parts(parts, somerset, Tier.LOWER, date(2018, 1, 1)))
    assert "E07000246" in find_parts(parts, somerset, Tier.LOWER, date(2020, 1, 1))
    assert find_ground(register, somerset, date(2025, 1, 1)) == [somerset]


def test_parts_are_alive_and_no_place_is_counted_twice(parts: list[Part], register: Register) -> None:
    for area in register.areas.values():
        for day in (date(2010, 12, 31), date(2018, 12, 31), date(2019, 12, 31), date(2022, 12, 31), TODAY):
            for tier in (Tier.LOWER, Tier.UPPER, Tier.SAME):
                found = find_parts(parts, area.code, tier, day)
                grounds = [code for part in found for code in register.territory(part, day, "lower")]
                assert len(grounds) == len(set(grounds)), (area, tier, day)
                assert all(register.is_alive(part, day) for part in found), (area, tier, day)
                if found:
                    assert sorted(grounds) == find_ground(register, area.code, day), (area, tier, day)


def test_every_merger_since_2010_is_covered(parts: list[Part], register: Register) -> None:
    new = {a.code for a in register.areas.values() if a.opened and a.opened > date(2010, 4, 1)}
    councils = {code for code in new if register.areas[code].area_class in LOWER_TIER_CLASSES}
    assert councils <= {part.area_code for part in parts}
    assert {a.code for a in register.alive(TODAY, {AreaClass.COUNTY})} <= {part.area_code for part in parts}


def test_announced_changes_are_of_councils_that_stand(register: Register) -> None:
    catalogue, _ = load_catalogue(ROOT)
    assert list(check_announced(catalogue.announced, register)) == []
    assert {change.successor for change in catalogue.announced} == {"East Surrey Council", "West Surrey Council"}
    surrey = {code for change in catalogue.announced for code in change.predecessors}
    assert surrey == {"E10000030", *register.territory("E10000030", TODAY, "lower")}


@pytest.mark.parametrize("code", ["E07000999", "E07000190"])
def test_an_announced_change_of_no_council_is_a_problem(register: Register, code: str) -> None:
    change = AnnouncedChange(
        successor="New Council",
        predecessors=(code,),
        day=TODAY,
        source="A notice",
        address="https://a.example",
        checked=True,
    )
    assert [problem.code for problem in check_announced([change], register)] == ["REFERENCE_UNKNOWN"]
