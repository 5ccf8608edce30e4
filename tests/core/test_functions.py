"""Functions: spans that agree with each day, exceptions that agree with the register, definitions refused."""

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from moothall.core.areas import AreaClass, Register
from moothall.core.functions import FunctionException, Functions, FunctionsError, FunctionsFile

ROOT = Path(__file__).parents[2]
NOW = date(2026, 11, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.read(ROOT / "edition" / "areas")


def read(given: dict[str, Any]) -> Functions:
    return Functions.from_file(FunctionsFile.model_validate(given))


@pytest.fixture(scope="module")
def functions() -> Functions:
    return read(yaml.safe_load((ROOT / "definitions" / "functions.yaml").read_text("utf-8")))


def test_rows_agree_with_responsibility(register: Register, functions: Functions) -> None:
    spans: dict[tuple[str, str], list[Any]] = {}
    for row in functions.rows(register):
        spans.setdefault((row.function_key, row.area_code), []).append(row)
    days = [date(2010, 4, 1), date(2014, 4, 14), date(2018, 3, 31), date(2018, 4, 1), date(2021, 4, 1), NOW]
    for key in functions.definitions:
        for area in register.areas.values():
            for day in days:
                found = [
                    span.extent
                    for span in spans.get((key, area.code), [])
                    if (span.since is None or span.since <= day) and (span.until is None or day < span.until)
                ]
                expected = functions.responsibility(key, area, day)
                assert found == ([expected] if expected else []), (key, area, day)


def test_rows_lie_within_lives_and_are_ordered(register: Register, functions: Functions) -> None:
    rows = functions.rows(register)
    for row in rows:
        area = register.areas[row.area_code]
        assert area.opened is None or (row.since is not None and row.since >= area.opened)
        assert area.closed is None or (row.until is not None and row.until <= area.closed)
        assert row.since is None or row.until is None or row.since < row.until
    for before, after in pairwise(rows):
        if (before.function_key, before.area_code) == (after.function_key, after.area_code):
            assert before.until is not None
            assert after.since is not None
            assert before.until <= after.since


def test_waste_disposal_is_someone_s_everywhere(register: Register, functions: Functions) -> None:
    for day in (date(2010, 4, 1), date(2018, 3, 31), date(2018, 4, 1), NOW):
        for area in register.alive(day):
            if functions.responsibility("waste_collection", area, day) is None:
                continue
            chain = [
                area.code,
                functions.deliverer("waste_disposal", area, day),
                *register.parents(area.code, day, "county"),
            ]
            holders = [
                code
                for code in chain
                if code and functions.responsibility("waste_disposal", register.areas[code], day) == "statutory"
            ]
            assert len(holders) == 1, (area, day)


def test_waste_exceptions_are_the_waste_authorities_members(register: Register, functions: Functions) -> None:
    for authority in register.areas.values():
        if authority.area_class is AreaClass.WASTE_AUTHORITY:
            members = set(register.members(authority.code, date(2018, 3, 31)))
            excepted = {
                code
                for exception in functions.definitions["waste_disposal"].exceptions
                if exception.delivered_by == authority.code
                for code in exception.areas
            }
            assert members == excepted, authority


def test_transport_exceptions_are_the_combined_authorities_members(register: Register, functions: Functions) -> None:
    for day in (date(2015, 1, 1), date(2019, 1, 1), date(2024, 6, 1), NOW):
        for area in register.alive(day, {AreaClass.UNITARY, AreaClass.COUNTY}):
            parents = register.parents(area.code, day, "combined_authority")
            deliverer = functions.deliverer("local_transport", area, day)
            assert ([deliverer] if deliverer else []) == parents, (area, day)


def test_corporate_is_every_council_combined_authority_and_the_gla(register: Register, functions: Functions) -> None:
    for area in register.alive(NOW):
        expected = None if area.area_class is AreaClass.WASTE_AUTHORITY else "statutory"
        assert functions.responsibility("corporate", area, NOW) == expected


def test_unknown_function(register: Register, functions: Functions) -> None:
    with pytest.raises(KeyError):
        functions.responsibility("magic", register.areas["E09000007"], NOW)


def define(**changes: Any) -> dict[str, Any]:
    base = {
        "key": "f",
        "title": "Moots",
        "statute": "Moot Act s1",
        "statute_checked": False,
        "classes": {"district": "statutory"},
    }
    return {"functions": [{**base, **changes}]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"classes": {"parish": "statutory"}}, r"functions\.0\.classes\.parish"),
        ({"classes": {"district": "some"}}, r"functions\.0\.classes\.district"),
        ({"colour": "red"}, r"functions\.0\.colour"),
        ({"exceptions": [{"areas": ["E07999999"], "has": "maybe"}]}, r"functions\.0\.exceptions\.0\.has"),
        (
            {"exceptions": [{"areas": ["E07999999"], "has": "none"}, {"areas": ["E07999999"], "has": "partial"}]},
            "overlap",
        ),
        ({"exceptions": [{"areas": ["E07999999"], "has": "none", "why": ""}]}, r"exceptions\.0\.why"),
    ],
)
def test_bad_definitions_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        read(define(**changes))


def test_an_exception_about_an_unknown_area_is_refused(register: Register) -> None:
    functions = read(define(exceptions=[{"areas": ["E07999999"], "has": "none"}]))
    with pytest.raises(FunctionsError, match="E07999999"):
        functions.rows(register)


def test_an_exception_is_written_with_its_areas_in_order() -> None:
    codes = [f"E0600{number:04}" for number in range(1, 40)]
    exception = FunctionException(areas=frozenset(reversed(codes)), has="none")
    assert exception.model_dump(mode="json")["areas"] == codes
