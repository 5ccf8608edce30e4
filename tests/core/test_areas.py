"""The committed register of areas holds together, day by day."""

from collections import Counter
from datetime import date, timedelta
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from moothall.core.areas import (
    LOWER_TIER_CLASSES,
    PRINCIPAL_CLASSES,
    REGIONS,
    UPPER_TIER_CLASSES,
    AreaClass,
    Register,
    RegisterError,
)

ROOT = Path(__file__).parents[2]
BEGINS = date(2010, 4, 1)
TODAY = date(2026, 11, 1)
COMBINED = {AreaClass.COMBINED_AUTHORITY, AreaClass.COMBINED_COUNTY_AUTHORITY}


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.read(ROOT / "edition" / "areas")


def turning_days(register: Register) -> list[date]:
    days = {BEGINS, TODAY}
    for area in register.areas.values():
        days |= {day for day in (area.opened, area.closed) if day and day > BEGINS}
    return sorted(days | {day - timedelta(days=1) for day in days if day > BEGINS})


@pytest.mark.parametrize(
    ("day", "lower", "counties"),
    [
        (date(2010, 4, 1), 326, 27),
        (date(2019, 3, 31), 326, 27),
        (date(2019, 4, 1), 317, 26),
        (date(2020, 4, 1), 314, 25),
        (date(2021, 4, 1), 309, 24),
        (date(2023, 3, 31), 309, 24),
        (date(2023, 4, 1), 296, 21),
        (TODAY, 296, 21),
    ],
)
def test_number_of_councils(register: Register, day: date, lower: int, counties: int) -> None:
    assert len(register.alive(day, LOWER_TIER_CLASSES)) == lower
    assert len(register.alive(day, {AreaClass.COUNTY})) == counties


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (BEGINS, {"district": 201, "unitary": 55, "metropolitan": 36, "london_borough": 32}),
        (TODAY, {"district": 164, "unitary": 62, "metropolitan": 36, "london_borough": 32}),
    ],
)
def test_number_of_each_class(register: Register, day: date, expected: dict[str, int]) -> None:
    counts = Counter(area.area_class.value for area in register.alive(day))
    assert {name: counts[name] for name in expected} == expected
    assert counts["city_of_london"] == counts["isles_of_scilly"] == counts["gla"] == 1


def test_councils_of_today(register: Register) -> None:
    assert len(register.alive(TODAY, PRINCIPAL_CLASSES)) == 317
    assert len(register.alive(TODAY, UPPER_TIER_CLASSES)) == 153


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2011, 3, 31), 0), (date(2011, 4, 1), 1), (date(2014, 4, 15), 5), (date(2018, 11, 2), 10), (TODAY, 15)],
)
def test_number_of_combined_authorities(register: Register, day: date, count: int) -> None:
    assert len(register.alive(day, COMBINED)) == count


def test_waste_authorities(register: Register) -> None:
    assert len(register.alive(date(2018, 3, 31), {AreaClass.WASTE_AUTHORITY})) == 6
    assert len(register.alive(date(2018, 4, 1), {AreaClass.WASTE_AUTHORITY})) == 5


def test_every_area_lived_in_the_register_s_time(register: Register) -> None:
    for area in register.areas.values():
        assert area.region_code in REGIONS, area
        assert area.closed is None or area.closed > BEGINS, area
        assert area.closed is None or area.opened is None or area.opened < area.closed, area


def test_councils_close_on_the_first_of_april(register: Register) -> None:
    for area in register.areas.values():
        if area.area_class in PRINCIPAL_CLASSES and area.closed:
            assert (area.closed.month, area.closed.day) == (4, 1), area


def test_every_closed_area_has_a_successor_alive_at_once(register: Register) -> None:
    for area in register.areas.values():
        if area.closed:
            assert register.successors(area.code), area
            assert all(register.is_alive(code, area.closed) for code in register.successors(area.code)), area
            assert register.successors_alive(area.code, TODAY), area


def test_a_succession_is_of_the_day_on_which_one_ended_and_the_other_began(register: Register) -> None:
    for each in register.successions:
        before, after = register.areas.get(each.predecessor_code), register.areas[each.successor_code]
        if before is None:
            assert each.kind in {"recode", "transfer"}, each
            assert register.resolve(each.predecessor_code) == after.code
            assert after.is_alive(each.day), each
            continue
        assert before.closed == each.day, each
        # Only the combined authority that took over waste disposal stood before.
        assert after.opened == each.day or (before.code, after.code) == ("E50000005", "E47000001"), each


def test_successions_go_forward_only(register: Register) -> None:
    order = TopologicalSorter({code: register.successors(code) for code in register.areas})
    assert len(list(order.static_order())) >= len(register.areas)


def test_successions_lose_no_ground(register: Register) -> None:
    """What an area's councils became is inside what took its place, and nothing else is."""
    seen = 0
    for day in sorted({each.day for each in register.successions if each.predecessor_code in register.areas}):
        last = day - timedelta(days=1)
        gained: dict[str, set[str]] = {}
        for area in register.areas.values():
            if area.closed != day or area.area_class is AreaClass.WASTE_AUTHORITY:
                continue
            after = {
                c for code in register.territory(area.code, last, "lower") for c in register.successors_alive(code, day)
            }
            held = {c for code in register.successors(area.code) for c in register.territory(code, day, "lower")}
            assert after <= held, (area, after - held)
            for code in register.successors(area.code):
                gained.setdefault(code, set()).update(after)
            seen += 1
        for code, after in gained.items():
            assert set(register.territory(code, day, "lower")) <= after, (code, day)
    assert seen == sum(
        a.closed is not None and a.area_class is not AreaClass.WASTE_AUTHORITY for a in register.areas.values()
    )


def test_every_new_council_has_predecessors(register: Register) -> None:
    for area in register.areas.values():
        if area.area_class in PRINCIPAL_CLASSES and area.opened and area.opened > BEGINS:
            assert register.predecessors(area.code), area


def test_every_district_is_in_exactly_one_county_every_day(register: Register) -> None:
    for day in turning_days(register):
        for area in register.alive(day, {AreaClass.DISTRICT}):
            parents = register.parents(area.code, day, "county")
            assert len(parents) == 1, (area, day)
            assert register.is_alive(parents[0], day), (area, day)
        for county in register.alive(day, {AreaClass.COUNTY}):
            assert register.members(county.code, day), (county, day)


def test_memberships_fit_both_lives(register: Register) -> None:
    for membership in register.memberships:
        day = membership.since or BEGINS
        last = (membership.until or TODAY) - timedelta(days=1)
        for code in (membership.area_code, membership.parent_code):
            assert register.is_alive(code, day), membership
            assert register.is_alive(code, last), membership


def test_no_council_is_in_two_combined_authorities(register: Register) -> None:
    for day in turning_days(register):
        for area in register.alive(day, PRINCIPAL_CLASSES):
            assert len(register.parents(area.code, day, "combined_authority")) <= 1, (area, day)


def test_districts_are_not_members_of_combined_county_authorities(register: Register) -> None:
    for authority in register.alive(TODAY, {AreaClass.COMBINED_COUNTY_AUTHORITY}):
        classes = {register.areas[code].area_class for code in register.members(authority.code, TODAY)}
        assert classes == {AreaClass.COUNTY, AreaClass.UNITARY}, authority


def test_names_differ_within_a_class_on_every_day(register: Register) -> None:
    for day in turning_days(register):
        names = Counter((area.area_class, area.name) for area in register.alive(day))
        assert max(names.values()) == 1, day


def test_slugs_differ(register: Register) -> None:
    slugs = [area.slug for area in register.areas.values()]
    assert len(set(slugs)) == len(slugs)


def test_aliases_are_unique_and_never_areas(register: Register) -> None:
    keys = Counter((alias.scheme, alias.alias) for alias in register.aliases)
    assert max(keys.values()) == 1
    assert not {alias.alias for alias in register.aliases if alias.scheme == "gss"} & set(register.areas)


def test_every_principal_council_has_an_ecode(register: Register) -> None:
    coded = {alias.area_code for alias in register.aliases if alias.scheme == "ecode"}
    assert {a.code for a in register.areas.values() if a.area_class in PRINCIPAL_CLASSES} <= coded


def test_every_education_authority_of_today_has_a_dfe_number(register: Register) -> None:
    numbered = {alias.area_code for alias in register.aliases if alias.scheme == "dfe"}
    assert {area.code for area in register.alive(TODAY, UPPER_TIER_CLASSES)} <= numbered


@pytest.mark.parametrize(
    ("text", "scheme", "code"),
    [
        ("E08000016", "gss", "E08000038"),
        ("E08000019", "gss", "E08000039"),
        ("E07000100", "gss", "E07000240"),
        ("E07000104", "gss", "E07000241"),
        ("E07000097", "gss", "E07000242"),
        ("E07000101", "gss", "E07000243"),
        ("E06000048", "gss", "E06000057"),
        ("E08000020", "gss", "E08000037"),
        (" e09000007 ", "gss", "E09000007"),
        ("E12000007", "gss", None),
        ("E5100", "ecode", "E61000001"),
        ("E2721", "ecode", "E10000023"),
        ("E2702", "ecode", "E06000065"),
        ("E6202", "ecode", "E50000005"),
        ("E6355", "ecode", "E47000006"),
        ("202", "dfe", "E09000007"),
        ("840", "dfe", "E06000047"),
        ("835", "dfe", "E10000009"),
        ("825", "dfe", "E06000060"),
        ("CMD", "register", "E09000007"),
    ],
)
def test_codes_resolve(register: Register, text: str, scheme: str, code: str | None) -> None:
    assert register.resolve(text, scheme) == code  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("code", "successors"),
    [
        ("E10000002", ["E06000060"]),
        ("E10000023", ["E06000065"]),
        ("E10000027", ["E06000066"]),
        ("E10000009", ["E06000058", "E06000059"]),
        ("E10000006", ["E06000063", "E06000064"]),
        ("E10000021", ["E06000061", "E06000062"]),
        ("E47000005", ["E47000010", "E47000011"]),
        ("E50000005", ["E47000001"]),
    ],
)
def test_successors(register: Register, code: str, successors: list[str]) -> None:
    assert register.successors(code) == successors


def test_successors_are_followed(register: Register) -> None:
    assert register.successors_alive("E07000190", date(2018, 1, 1)) == ["E07000190"]
    assert register.successors_alive("E07000190", date(2020, 1, 1)) == ["E07000246"]
    assert register.successors_alive("E07000190", date(2024, 1, 1)) == ["E06000066"]
    assert register.successors_alive("E08000019", TODAY) == ["E08000039"]
    assert register.successors_alive("E47000005", TODAY) == ["E47000014"]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("durham", "County Durham"),
        ("hull", "Kingston upon Hull"),
        ("Kingston upon Hull, City of", "Kingston upon Hull"),
        ("Bristol, City of", "Bristol"),
        ("Herefordshire, County of", "Herefordshire"),
        ("st helens", "St Helens"),
        ("St. Helens", "St Helens"),
        ("kings lynn", "King's Lynn and West Norfolk"),
        ("telford & wrekin", "Telford and Wrekin"),
        ("London Borough of Camden", "Camden"),
        ("camden council", "Camden"),
        ("city of york", "York"),
        ("stoke on trent", "Stoke-on-Trent"),
        ("scilly", "Isles of Scilly"),
        ("manch", "Manchester"),
        ("E08000016", "Barnsley"),
        ("gateshead metropolitan borough council", "Gateshead"),
    ],
)
def test_search_finds_first(register: Register, query: str, name: str) -> None:
    assert register.find(query)[0].name == name


def test_search_puts_open_councils_first(register: Register) -> None:
    found = [(area.name, area.area_class) for area in register.find("dorset")]
    assert found[:2] == [("Dorset", AreaClass.UNITARY), ("Dorset", AreaClass.COUNTY)]
    assert register.find("buckinghamshire county council")[0].code == "E10000002"
    assert register.find("  ") == register.find("zzz") == []
    assert len(register.find("north", limit=3)) == 3


def test_territory_counts_each_place_once(register: Register) -> None:
    assert len(register.members("E47000008", TODAY)) == 7
    assert len(register.territory("E47000008", TODAY, "lower")) == 6
    assert register.territory("E47000008", TODAY, "upper") == ["E06000031", "E10000003"]
    assert len(register.territory("E47000013", TODAY, "lower")) == 17
    assert len(register.territory("E61000001", TODAY, "upper")) == 33
    assert register.territory("E10000003", TODAY, "upper") == ["E10000003"]
    assert len(register.territory("E10000003", TODAY, "lower")) == 5


def test_an_error_names_file_and_line(tmp_path: Path) -> None:
    for name in ("areas", "memberships", "successions", "aliases"):
        content = (ROOT / "edition" / "areas" / f"{name}.csv").read_text("utf-8")
        (tmp_path / f"{name}.csv").write_text(content.replace(",unitary,", ",parish,", 1), "utf-8")
    with pytest.raises(RegisterError, match=r"areas\.csv:2: 'parish'"):
        Register.read(tmp_path)


@pytest.mark.parametrize("area_class", list(AreaClass))
def test_every_class_has_words(area_class: AreaClass) -> None:
    assert area_class.label
    assert area_class.plural
