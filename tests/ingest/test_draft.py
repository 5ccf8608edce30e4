"""A draft is a definition once a person has written what only a person can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from moothall.core.definitions import SourceDefinition
from moothall.core.documents import read_document, validate
from moothall.core.problems import Problems, ProblemsFound
from moothall.ingest.draft import draft_source
from moothall.ingest.sources import ingest_source
from moothall.ingest.vault import Vault
from tests.ingest.county import BARCHESTER, PLUMSTEAD, Rows, make_lock, make_ods, make_register, make_xlsx

ROOT = Path(__file__).parents[2]
MIRROR = ROOT.parent / "shared" / "data"
ROWS: Rows = [
    ["Moots of Barsetshire"],
    [],
    ["ONS code", "Council", "Year", "Moots held", "Share by night", "Share by night"],
    ["E92000001", "England", "2022-23", 9, 0.5, 1],
    [BARCHESTER, "Barchester", "2022-23", 4, 0.25, "[c]"],
    [PLUMSTEAD, "Plumstead", "2022-23", 5, 0.5, 2],
    ["Note: a moot is a moot."],
]
QUOTE = '"'
# What a person might write, by the name of the field.
WRITTEN = {
    "licence": "ogl-3", "landing_page": "https://moots.example/", "cadence": "yearly", "quality": "official_statistics",
    "published": "2024-06-01", "basis": "front_sheet", "topic": "moots", "unit": "count", "polarity": "none",
    "kind": "output", "functions": "[moot_keeping]", "lever": "direct", "comparable_within": "class",
    "next_review": "2027-04-01", "period": "2022-23",
}  # fmt: skip


def check(draft: str, folder: Path) -> tuple[SourceDefinition | None, Problems]:
    path = folder / "draft.yaml"
    path.write_text(draft)
    problems = Problems()
    document = read_document(path, folder, problems)
    assert document is not None, [str(problem) for problem in problems]
    return validate(document, SourceDefinition, problems), problems


def write_words(draft: str) -> str:
    """The draft as a person might finish it."""

    def write(line: re.Match[str]) -> str:
        field = line[1].strip(" -")
        return f"{line[1]}: {'suppressed' if field.startswith(QUOTE) else WRITTEN.get(field, 'Moots and their ways')}"

    return re.sub(r'^([^#\n]+?): \[?"?TO WRITE.*$', write, draft, flags=re.MULTILINE)


@pytest.mark.parametrize(("make", "name"), [(make_ods, "Moots 2023.ods"), (make_xlsx, "moots.xlsx")])
def test_a_draft_says_what_is_to_be_written_and_nothing_else_is_wrong(tmp_path: Path, make: object, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(make({"Notes": [["x"]], "Moots": ROWS}))  # type: ignore[operator]
    draft = draft_source(path)
    source, problems = check(draft, tmp_path)
    assert source is None
    marked = {
        number for number, line in enumerate(draft.splitlines(), 1) if "TO WRITE" in line and line.lstrip()[0] != "#"
    }
    assert {problem.where.line for problem in problems} == marked
    assert {problem.code for problem in problems} == {"DEFINITION_INVALID"}


def test_a_finished_draft_reads_its_file(tmp_path: Path) -> None:
    path = tmp_path / "moots.xlsx"
    path.write_bytes(make_xlsx({"Notes": [["x"]], "Moots": ROWS}))
    source, problems = check(write_words(draft_source(path)), tmp_path)
    assert [str(problem) for problem in problems] == []
    assert source is not None
    vault = Vault(tmp_path / "vault")
    lock = make_lock(source, vault, {source.editions[0].edition: path.read_bytes()})
    ingested = ingest_source(source, lock, vault, make_register())
    assert [str(problem) for problem in ingested.problems] == []
    assert ingested.observations.select("metric_key", "area_code", "period", "value", "marker").rows() == [
        ("moots-held", BARCHESTER, "2022-23", 4.0, None),
        ("moots-held", PLUMSTEAD, "2022-23", 5.0, None),
        ("share-by-night", BARCHESTER, "2022-23", 0.25, None),
        ("share-by-night", PLUMSTEAD, "2022-23", 0.5, None),
        ("share-by-night-2", BARCHESTER, "2022-23", None, "suppressed"),
        ("share-by-night-2", PLUMSTEAD, "2022-23", 2.0, None),
    ]


def test_a_period_in_the_files_name(tmp_path: Path) -> None:
    path = tmp_path / "moots_2022-23.xlsx"
    path.write_bytes(make_xlsx({"Moots": [[*row[:2], *row[3:]] for row in ROWS]}))
    draft = draft_source(path)
    assert "    period: 2022-23" in draft
    assert "period: {kind: financial_year}" in draft


def test_a_file_without_councils(tmp_path: Path) -> None:
    path = tmp_path / "moots.csv"
    path.write_text("Code,Moots\nE92000001,4\n")
    with pytest.raises(ProblemsFound, match="TABLE_EMPTY"):
        draft_source(path)


@pytest.mark.parametrize(
    ("file", "header_row", "sheet"),
    [
        ("services/waste/defra_lacw_annual_results_2023-24.ods", 4, "Table_3"),
        ("finance/bbc-council-reserves/RS_2016-17_data_by_LA.xlsx", 7, "RS LA Data 2016-17"),
        ("services/oflog-asc/ASC_data.csv", 1, "csv"),
    ],
)
def test_published_files(tmp_path: Path, file: str, header_row: int, sheet: str) -> None:
    if not MIRROR.is_dir():
        pytest.skip("the mirror of published files is not beside the repository")
    source, problems = check(write_words(draft_source(MIRROR / file)), tmp_path)
    assert [str(problem) for problem in problems] == []
    assert source is not None
    assert (source.tables[0].header_row, source.tables[0].sheet) == (header_row, sheet)
