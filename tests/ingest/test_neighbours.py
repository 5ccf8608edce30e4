"""Lists of neighbours are read with old codes and closed councils, and every cell that cannot be read is named."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from moothall.core.areas import Alias, Area, AreaClass, Register
from moothall.core.definitions import Lock
from moothall.core.editions import Basis, LockedEdition
from moothall.core.neighbour_sets import Listed, NeighbourSet, NeighbourSetError, print_lists, read_lists
from moothall.ingest.neighbours import ReadSet, ingest_set, write_set
from moothall.ingest.vault import Vault
from moothall.pipeline.edition import check, fetch, ingest
from moothall.pipeline.project import Project
from tests.barsetshire.make import LIKENESS, write_csv
from tests.conftest import FETCHED, Barsetshire

Rows = list[tuple[str, ...]]
HEADER = ("Code", "1", "word", "2", "word")


def make_register() -> Register:
    def area(code: str, name: str, closed: date | None = None) -> Area:
        return Area(code, name, f"{name} Council", AreaClass.UNITARY, "E12000009", None, closed, name.lower())

    areas = [
        area("E06900001", "Barchester"),
        area("E06900002", "Plumstead"),
        area("E06900003", "Framley"),
        area("E06900004", "Ullathorne", date(2020, 4, 1)),
    ]
    return Register(areas, [], [], [Alias("gss", "E06900093", "E06900003"), Alias("dfe", "901", "E06900001")])


def make_set(scheme: str = "gss", **edition: object) -> NeighbourSet:
    return NeighbourSet.model_validate(
        {
            "key": "hospital_likeness",
            "kind": "published",
            "title": "Likeness",
            "publisher": "Hiram's Hospital",
            "licence": "ogl-3",
            "attribution": "By Hiram's Hospital.",
            "landing_page": "https://likeness.example/",
            "purpose": "For figures on the old.",
            "limits": "Nobody knows how they were chosen.",
            "layout": {
                "sheet": "csv",
                "scheme": scheme,
                "area": "Code",
                "neighbour": "{place}",
                "places": 2,
                "has_closeness": True,
                "blanks": ["-"],
            },
            "editions": [
                {
                    "edition": "2021",
                    "title": "Likeness, 2021",
                    "published": "2021-05-01",
                    "basis": "front_sheet",
                    "mirror": "likeness/likeness.csv",
                }
                | edition
            ],
        }
    )


def read(tmp_path: Path, rows: Rows, published: NeighbourSet | None = None) -> ReadSet:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    vault = Vault(tmp_path / "vault")
    line = LockedEdition(
        published="2021-05-01",
        basis=Basis.FRONT_SHEET,
        sha256=vault.put(text.getvalue().encode()),
        bytes=1,
        retrieved=date(2025, 6, 1),
    )
    return ingest_set(
        published or make_set(), Lock(source="hospital_likeness", editions={"2021": line}), vault, make_register()
    )


def said(found: ReadSet) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.where.cell) for problem in found.problems]


def test_old_codes_are_todays_and_words_are_in_small_letters(tmp_path: Path) -> None:
    found = read(tmp_path, [HEADER, ("E06900001", "E06900093", "Very Close", "E06900002", "Not close")])
    assert list(found.problems) == []
    assert found.listed == [
        Listed("2021", "E06900001", 1, "E06900003", "very close", ""),
        Listed("2021", "E06900001", 2, "E06900002", "not close", ""),
    ]


def test_closed_councils_and_places_elsewhere_keep_their_place_with_the_reason(tmp_path: Path) -> None:
    found = read(tmp_path, [HEADER, ("E06900001", "E06900004", "Close", "W06000001", "Close")])
    assert [(each.place, each.neighbour_code, each.left_out) for each in found.listed] == [
        (1, "E06900004", "closed"),
        (2, "W06000001", "outside_england"),
    ]


def test_their_own_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    gone = [("E06900004", "E06900001", "Close", "", ""), ("S12000033", "E06900001", "Close", "", "")]
    found = read(tmp_path, [HEADER, ("E06900001", "E06900002", "Close", "", ""), *gone, ("", "", "", "", "")])
    assert dict(found.rows_left_out) == {"closed": 1, "outside_england": 1}
    assert {each.area_code for each in found.listed} == {"E06900001"}
    assert list(found.problems) == []


def test_a_council_without_neighbours_has_no_list(tmp_path: Path) -> None:
    found = read(tmp_path, [HEADER, ("E06900002", "-", "-", "-", "-"), ("E06900001", "E06900002", "Close", "", "")])
    assert {each.area_code for each in found.listed} == {"E06900001"}


def test_three_digit_numbers_are_read_by_their_own_scheme(tmp_path: Path) -> None:
    found = read(tmp_path, [HEADER, ("901", "999", "Close", "", "")], make_set("dfe"))
    assert said(found) == [("AREA_UNKNOWN", "B2")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([HEADER, ("E06900001", "E06900777", "Close", "", "")], ("AREA_UNKNOWN", "B2")),
        ([HEADER, ("", "E06900001", "Close", "", "")], ("AREA_UNKNOWN", "A2")),
        ([HEADER, ("E06900001", "E06900001", "Close", "", "")], ("KEY_DUPLICATED", "B2")),
        ([HEADER, ("E06900001", "E06900003", "Close", "E06900093", "Close")], ("KEY_DUPLICATED", "D2")),
        ([("Code", "1", "word"), ("E06900001", "E06900002", "Close")], ("HEADER_MISSING", "A1")),
        ([("Code", "1", "2", "2"), ("E06900001", "E06900002", "", "")], ("HEADER_AMBIGUOUS", "D1")),
        (
            [HEADER, *[(code, "E06900002", "Close", "", "") for code in ("E06900003", "E06900093")]],
            ("KEY_DUPLICATED", "A3"),
        ),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_cell(tmp_path: Path, rows: Rows, expected: tuple[str, str]) -> None:
    assert expected in said(read(tmp_path, rows))


def test_a_file_without_lists_is_a_problem(tmp_path: Path) -> None:
    assert said(read(tmp_path, [HEADER])) == [("TABLE_EMPTY", None)]


def test_an_edition_that_is_held_is_in_the_lock(tmp_path: Path) -> None:
    found = ingest_set(make_set(), None, Vault(tmp_path), make_register())
    assert said(found) == [("LOCK_MISSING", None)]
    assert list(ingest_set(make_set(held=False), None, Vault(tmp_path), make_register()).problems) == []


def test_a_lock_of_another_hash_is_a_problem(tmp_path: Path) -> None:
    found = read(tmp_path, [HEADER], make_set(sha256="0" * 64))
    assert said(found) == [("LOCK_DIFFERS", None)]


def test_the_same_lists_give_the_same_bytes_and_are_not_written_again(tmp_path: Path) -> None:
    rows = [HEADER, ("E06900001", "E06900002", "Close", "", ""), ("E06900002", "E06900001", "Close", "", "")]
    path = tmp_path / "set.csv"
    assert write_set(read(tmp_path, rows), path)
    assert not write_set(read(tmp_path, [rows[0], *reversed(rows[1:])]), path)
    assert print_lists(read_lists(path)) == path.read_bytes()


@pytest.mark.parametrize("row", ["2021,E06900001,one,E06900002,,", "2021,E06900001,1,E06900002,,why not", "2021"])
def test_a_damaged_file_names_its_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "set.csv"
    path.write_text(f"edition,area_code,place,neighbour_code,closeness,left_out\n{row}\n")
    with pytest.raises(NeighbourSetError, match=r"set\.csv:2"):
        read_lists(path)


def test_barsetshires_lists_come_from_the_mirror_into_the_edition(barsetshire: Barsetshire) -> None:
    listed = read_lists(barsetshire.project.neighbours / "hospital_likeness.csv")
    assert {each.edition for each in listed} == {"2021", "2023"}
    gatherum = {each.edition for each in listed if each.area_code == "E06900010"}
    assert gatherum == {"2021", "2023"}  # under an old code, and under its own
    assert {each.left_out for each in listed} == {"", "closed", "outside_england"}
    assert len({each.area_code for each in listed}) == len(LIKENESS) - 1  # Framley has dashes


def test_an_edition_that_was_known_comes_in_when_its_file_is_there(barsetshire: Barsetshire, tmp_path: Path) -> None:
    project = Project(barsetshire.copy(tmp_path))
    definition = project.definitions / "neighbours" / "hospital_likeness.yaml"
    mirrored = "mirror: likeness/likeness_2024.csv"
    definition.write_text(definition.read_text().replace("held: false", mirrored))
    header = ("Council", "Name", "Like 1", "How", "Like 2", "How", "Like 3", "How")
    rows = [("2024",), header, ("E06900001", "", "E06900008", "Close")]
    write_csv(project.root / "mirror" / "likeness" / "likeness_2024.csv", rows)
    assert [problem.code for problem in check(project).problems] == ["LOCK_MISSING", "EDITION_STALE"]
    for outcome in (
        fetch(project, ["hospital_likeness"], project.root / "mirror", FETCHED),
        ingest(project, ["hospital_likeness"]),
        check(project),
    ):
        assert list(outcome.problems) == []
    listed = read_lists(project.neighbours / "hospital_likeness.csv")
    assert [each.neighbour_code for each in listed if each.edition == "2024"] == ["E06900008"]


def test_a_set_with_errors_keeps_the_lists_it_had(barsetshire: Barsetshire, tmp_path: Path) -> None:
    project = Project(barsetshire.copy(tmp_path))
    definition = project.definitions / "neighbours" / "hospital_likeness.yaml"
    definition.write_text(definition.read_text().replace("Like {place}", "Unlike {place}"))
    before = (project.neighbours / "hospital_likeness.csv").read_bytes()
    outcome = ingest(project, ["hospital_likeness"])
    assert outcome.done == {"hospital_likeness": "not written: 6 errors"}
    assert {problem.code for problem in outcome.problems} == {"HEADER_MISSING"}
    assert (project.neighbours / "hospital_likeness.csv").read_bytes() == before


def test_a_set_is_called_what_its_file_is_called(barsetshire: Barsetshire, tmp_path: Path) -> None:
    project = Project(barsetshire.copy(tmp_path))
    definition = project.definitions / "neighbours" / "hospital_likeness.yaml"
    definition.write_text(definition.read_text().replace("key: hospital_likeness", "key: hospital_unlikeness"))
    assert "DEFINITION_INVALID" in [problem.code for problem in check(project).problems]
