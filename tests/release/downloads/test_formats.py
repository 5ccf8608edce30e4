"""Every format says the same: read back with other readers, all values of many views are those of the JSON."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from moothall.core.values import MARKERS
from moothall.release.downloads.figures import FIGURE_COLUMNS, NOTES, read_row, tabulate_figures
from moothall.release.downloads.formats import Format, write
from moothall.release.downloads.lists import GAP_COLUMNS, tabulate_gaps, tabulate_neighbours
from moothall.release.downloads.table import Table
from moothall.release.figures import Selection
from moothall.release.gaps import Gap
from moothall.release.queries import Release
from moothall.release.records import Comparators
from tests.conftest import Barsetshire
from tests.release.barset import BARCHESTER, COUNTY, GATHERUM, PLUMSTEAD_OLD, build_release
from tests.release.downloads import reading

ADDRESS = "/api/v1/figures?metric=bins-missed"
VIEWS = {
    "everything": Selection(period="all", breakdown=()),
    "latest": Selection(),
    "one metric": Selection(metric=("bins-missed",), period="all"),
    "its region": Selection(metric=("bins-missed", "share-missed"), peers=Comparators("region")),
    "its class": Selection(area=(BARCHESTER, COUNTY), period="all", peers=Comparators("type")),
    "its neighbours": Selection(area=(BARCHESTER,), peers=Comparators("neighbours")),
    "a group": Selection(metric=("bins-missed",), peers=Comparators("custom", group=(GATHERUM, BARCHESTER))),
    "closed": Selection(area=(PLUMSTEAD_OLD,), period="all"),
}
_EMPTY_CELL = "An empty cell means that there is none. It never means zero"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build_release(tmp_path_factory.mktemp("releases"))


def tabulate(release: Release, selection: Selection) -> Table:
    return tabulate_figures(release, selection, ADDRESS)


def write_all(release: Release, selection: Selection, form: Format) -> bytes:
    return b"".join(write(tabulate(release, selection), form, "figures.csv"))


def parse(archive: zipfile.ZipFile, name: str) -> ET.Element:
    return ET.fromstring(archive.read(name))  # noqa: S314 - we wrote it


def put(table: Table, rows: Iterable[Any]) -> Table:
    listed = list(rows)
    return replace(table, rows=listed, height=len(listed))


def assert_same(read: reading.Rows, expected: reading.Rows) -> None:
    assert len(read) == len(expected)
    for row, wanted in zip(read, expected, strict=True):
        wanted = {name: cell if cell != [] else None for name, cell in wanted.items()}
        row = {name: cell if cell != [] else None for name, cell in row.items()}
        assert {name: row[name] for name in wanted} == wanted
        assert row.keys() == wanted.keys()


def compare_formats(release: Release, selection: Selection) -> None:
    """Hold every value of every format against the JSON."""
    kinds = reading.kinds_of(tabulate(release, selection))
    made = {form: write_all(release, selection, form) for form in Format}
    expected = reading.read_json(made[Format.JSON], "figures")
    assert expected
    assert len(expected) == release.count_figures(selection)
    assert_same(reading.read_csv(made[Format.CSV], kinds), expected)
    assert_same(reading.read_workbook(made[Format.XLSX], "Figures", kinds), expected)
    assert_same(reading.read_workbook(made[Format.ODS], "Figures", kinds), expected)
    assert_same(reading.read_parquet(made[Format.PARQUET]), expected)
    assert_same(reading.read_described(made[Format.CSV], made[Format.CSVW]), expected)
    names = ("metric", "breakdown", "area", "period", "value", "lower", "upper", "marker")

    def order(row: dict[str, Any]) -> tuple[str, ...]:
        return tuple(row[name] for name in names[:4])

    cube = sorted(reading.read_cube(made[Format.JSONSTAT]), key=order)
    assert cube == sorted(({name: row[name] for name in names} for row in expected), key=order)


@pytest.mark.parametrize("view", VIEWS)
def test_every_format_has_the_values_of_the_json(release: Release, view: str) -> None:
    compare_formats(release, VIEWS[view])


@pytest.mark.parametrize("seed", range(4))
def test_every_format_has_the_values_of_the_json_on_the_real_release(real_release: Release, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to draw, not to hide
    metrics = [metric for metric in real_release.metrics() if metric.latest_period is not None]
    areas = [area.code for area in real_release.areas()]
    compare_formats(real_release, Selection(area=(chance.choice(areas),), peers=Comparators("neighbours")))
    compare_formats(real_release, Selection(metric=tuple(metric.key for metric in chance.sample(metrics, 3))))
    drawn = chance.choice(metrics)
    compare_formats(
        real_release,
        Selection((drawn.key,), tuple(chance.sample(areas, 5)), "all", breakdown=(), peers=Comparators("region")),
    )


def test_missing_zero_and_not_responsible_are_three_things_in_every_format(release: Release) -> None:
    rows = reading.read_json(write_all(release, VIEWS["everything"], Format.JSON), "figures")
    states = {(row["value"] == 0, row["value"] is None, row["marker"] == "not_responsible") for row in rows}
    assert {(True, False, False), (False, True, False), (False, True, True)} <= states
    for form in (Format.XLSX, Format.ODS):
        sheets = reading.read_sheets(write_all(release, VIEWS["everything"], form))
        headings = sheets["Figures"][3]
        value, marker = headings.index("Value"), headings.index("Marker")
        for row in sheets["Figures"][4:]:
            if isinstance(row[value], str):
                assert row[value] == f"[{next(m for k, m in MARKERS.items() if k == row[marker]).label}]"
        assert 0 in [row[value] for row in sheets["Figures"][4:]]


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.CSVW])
def test_the_same_release_and_question_give_the_same_bytes(
    release: Release, form: Format, tmp_path_factory: pytest.TempPathFactory
) -> None:
    again = build_release(tmp_path_factory.mktemp("releases"))
    first, second = (write_all(each, VIEWS["latest"], form) for each in (release, again))
    assert first == second
    assert first


def test_text_never_becomes_a_formula_and_codes_stay_text(release: Release) -> None:
    figure = release.figure("bins-missed", BARCHESTER, "2022-23")
    names = [f'{start}HYPERLINK("http://x","y")' for start in ("=", "+", "-", "@", "\t", "＝")]
    names += ["01234", "1E5", "2022-23", "TRUE", "Bare & <tag> ]]>", "two\nlines", "  spaced  ", "a\x0bcontrol"]
    harmful = [figure._replace(area_name=name, breakdown=str(place)) for place, name in enumerate(names)]
    for form in (Format.XLSX, Format.ODS):
        table = put(tabulate(release, VIEWS["one metric"]), map(read_row, harmful))
        content = b"".join(write(table, form))
        rows = reading.read_workbook(content, "Figures", reading.kinds_of(table))
        # XML has no such control character; calamine reads no tab elements, so these are looked for by themselves.
        expected = [name.translate({9: None, 11: None}) if form is Format.ODS else name for name in names]
        read = [row["area_name"].replace("_x000B_", "\x0b") for row in rows]
        assert read == expected, form
        assert [row["period"] for row in rows] == ["2022-23"] * len(names)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            whole = b"".join(archive.read(name) for name in archive.namelist())
            if form is Format.ODS:
                assert b"<text:tab/>HYPERLINK" in archive.read("content.xml")
        assert b"<f>" not in whole
        assert b"table:formula" not in whole
    table = put(tabulate(release, VIEWS["one metric"]), map(read_row, harmful[:6]))
    rows = reading.read_csv(b"".join(write(table, Format.CSV)), reading.kinds_of(table))
    assert [row["area_name"] for row in rows] == [f"'{name}" for name in names[:6]]


@pytest.mark.parametrize("form", [Format.XLSX, Format.ODS])
def test_a_workbook_follows_the_guidance_for_spreadsheets(release: Release, form: Format) -> None:
    sheets = reading.read_sheets(write_all(release, VIEWS["latest"], form))
    assert list(sheets) == ["Cover", "Contents", "Notes", "Figures", "Metrics", "Sources", "Markers", "Columns"]
    for name, rows in sheets.items():
        assert all(any(cell != "" for cell in row) for row in rows), f"{name} has a blank row"
        assert rows[0][0]
        if name != "Cover":
            assert rows[1][0].startswith("This sheet has one table.")
    cover = [row[0] for row in sheets["Cover"]]
    assert all(len(row) == 1 for row in sheets["Cover"])
    said = "\n".join(cover)
    for wanted in (release.record.id, release.record.built, ADDRESS, "Compared with: Councils in England"):
        assert wanted in said
    for source in release.sources():
        assert source.publisher in said
        assert source.attribution in said
        assert source.licence_address in said
    assert [row[1] for row in sheets["Notes"][3:]] == list(NOTES)
    assert [row[0] for row in sheets["Contents"][3:]] == list(sheets)[2:]
    assert [row[2] for row in sheets["Markers"][3:]] == [meaning.sentence for meaning in MARKERS.values()]
    assert _EMPTY_CELL in sheets["Figures"][1][0]
    metrics = {row[0] for row in sheets["Metrics"][3:]}
    figures = reading.read_json(write_all(release, VIEWS["latest"], Format.JSON), "figures")
    assert metrics >= {row["metric"] for row in figures}
    assert {row[0] for row in sheets["Sources"][3:]} >= {row["source"] for row in figures if row["source"]}


def test_xlsx_tables_are_marked_and_their_headings_frozen(release: Release) -> None:
    content = write_all(release, VIEWS["latest"], Format.XLSX)
    sheets = reading.read_sheets(content)
    spaces = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        tables = [parse(archive, name) for name in archive.namelist() if "/tables/" in name]
        for number, name in enumerate(sheets, 1):
            sheet = parse(archive, f"xl/worksheets/sheet{number}.xml")
            assert sheet.find(".//m:mergeCells", spaces) is None
            pane = sheet.find(".//m:pane", spaces)
            assert (pane is None) is (name == "Cover")
            assert pane is None or pane.get("state") == "frozen"
    by_name = {table.get("name"): table for table in tables}
    assert by_name.keys() == sheets.keys() - {"Cover"}
    for name, table in by_name.items():
        rows = sheets[str(name)]
        first, last = re.findall(r"\d+", str(table.get("ref")))
        assert int(last) == len(rows), name
        columns = [column.get("name") for column in table.findall(".//m:tableColumn", spaces)]
        assert columns == rows[int(first) - 1]
        assert table.find("m:autoFilter", spaces).get("ref") == table.get("ref")  # type: ignore[union-attr]


def test_ods_opens_with_another_library_and_has_its_tables_marked(release: Release, tmp_path: Path) -> None:
    from odf.opendocument import load
    from odf.table import DatabaseRange, TableHeaderRows

    path = tmp_path / "figures.ods"
    path.write_bytes(write_all(release, VIEWS["latest"], Format.ODS))
    document = load(path)
    sheets = reading.read_sheets(path.read_bytes())
    ranges = {each.getAttribute("name"): each for each in document.getElementsByType(DatabaseRange)}
    assert ranges.keys() == sheets.keys() - {"Cover"}
    for name, each in ranges.items():
        assert str(each.getAttribute("targetrangeaddress")).endswith(str(len(sheets[name])))
    assert len(document.getElementsByType(TableHeaderRows)) == len(sheets) - 1
    with zipfile.ZipFile(path) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        for name in archive.namelist()[1:]:
            parse(archive, name)
        assert archive.read("settings.xml").count(b"VerticalSplitPosition") == len(sheets) - 1


def test_numbers_are_shown_by_their_unit(release: Release) -> None:
    content = write_all(release, VIEWS["everything"], Format.XLSX)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    units = {(str(metric.unit), metric.places) for metric in release.metrics()}
    assert ("percent", 1) in units
    assert "#,##0.0&quot;%&quot;" in styles
    assert any(unit.startswith("pounds") for unit, _ in units) is ("&quot;£&quot;#,##0" in styles)


def test_parquet_has_types_and_says_what_it_is(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "figures.parquet"
    path.write_bytes(write_all(release, VIEWS["latest"], Format.PARQUET))
    schema = pl.read_parquet_schema(path)
    assert list(schema) == [column.name for column in FIGURE_COLUMNS]
    assert (schema["value"], schema["rank"], schema["known_on"]) == (pl.Float64, pl.Int64, pl.Date)
    assert (schema["is_old"], schema["shared_with"]) == (pl.Boolean, pl.List(pl.String))
    assert (schema["area"], schema["period"]) == (pl.String, pl.String)
    kept = pl.read_parquet_metadata(path)
    about = json.loads(kept["moothall"])
    assert kept["release"] == release.record.id
    assert about["notes"] == list(NOTES)
    assert about["markers"]["not_responsible"]
    assert [source["attribution"] for source in about["sources"]]


def test_an_empty_table_is_a_whole_file_in_every_format(release: Release) -> None:
    for form in Format:
        table = put(tabulate(release, VIEWS["latest"]), [])
        content = b"".join(write(table, form, "figures.csv"))
        kinds = reading.kinds_of(table)
        match form:
            case Format.JSON:
                assert reading.read_json(content, "figures") == []
            case Format.CSV:
                assert reading.read_csv(content, kinds) == []
            case Format.XLSX | Format.ODS:
                assert reading.read_workbook(content, "Figures", kinds) == []
            case Format.PARQUET:
                assert reading.read_parquet(content) == []
            case Format.JSONSTAT:
                assert json.loads(content)["value"] == {}
            case Format.CSVW:
                assert json.loads(content)["url"] == "figures.csv"


def test_a_cube_is_as_json_stat_says(release: Release) -> None:
    cube = json.loads(write_all(release, VIEWS["everything"], Format.JSONSTAT))
    assert (cube["version"], cube["class"]) == ("2.0", "dataset")
    assert set(cube["id"]) == set(cube["dimension"])
    assert cube["role"] == {"time": ["period"], "geo": ["area"], "metric": ["metric", "measure"]}
    whole = 1
    for name, size in zip(cube["id"], cube["size"], strict=True):
        category = cube["dimension"][name]["category"]
        assert len(category["index"]) == len(category["label"]) == size
        assert set(category["index"]) == set(category["label"])
        whole *= size
    assert all(0 <= int(number) < whole for number in [*cube["value"], *cube["status"]])
    units = cube["dimension"]["metric"]["category"]["unit"]
    for metric in release.metrics():
        if metric.key in units:
            assert units[metric.key] == {"label": str(metric.unit), "decimals": max(metric.places, 0)}
            said = cube["extension"]["metrics"][metric.key]
            assert (said["comparable_within"], said["lever"]) == (metric.comparable_within, str(metric.lever))
    assert set(cube["status"].values()) <= {str(marker) for marker in MARKERS}


# What "Metadata Vocabulary for Tabular Data" (W3C, 17 December 2015) allows, of what is used here.
_TABLE = {"@context", "url", "dialect", "tableSchema"}
_DIALECT = {"delimiter": str, "encoding": str, "header": bool, "quoteChar": str, "doubleQuote": bool}
_COLUMN = {"name", "titles", "datatype", "required", "separator"}
_TYPES = {"string", "number", "integer", "boolean", "date"}
_PREFIXES = {"dc", "schema", "rdfs"}  # of the initial context of RDFa 1.1, which the recommendation takes on


def test_csvw_metadata_is_as_the_recommendation_says(release: Release) -> None:
    made = json.loads(write_all(release, VIEWS["everything"], Format.CSVW))
    assert made["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "en"}]
    assert made["url"] == "figures.csv"
    common = {name for name in made if ":" in name}
    assert set(made) - common == _TABLE
    assert {name.partition(":")[0] for name in common} <= _PREFIXES
    for name, kind in _DIALECT.items():
        assert isinstance(made["dialect"][name], kind)
    assert set(made["dialect"]) == set(_DIALECT)
    columns = made["tableSchema"]["columns"]
    names = [column["name"] for column in columns]
    assert len(set(names)) == len(names)
    assert set(made["tableSchema"]["primaryKey"]) <= set(names)
    for column in columns:
        common = {name for name in column if ":" in name}
        assert set(column) - common <= _COLUMN
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", column["name"])
        kind = column["datatype"]
        assert kind in _TYPES if isinstance(kind, str) else kind == {"base": "boolean", "format": "true|false"}
        assert column["dc:description"]
    assert NOTES[0] in made["rdfs:comment"]
    assert made["dc:issued"] == {"@value": release.record.built, "@type": "xsd:date"}


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX, Format.ODS, Format.PARQUET])
def test_lists_that_are_no_figures_can_be_taken_away_too(barsetshire: Barsetshire, form: Format) -> None:
    release = barsetshire.release
    gaps = release.gaps()
    found = next(
        each for area in release.areas(principal_only=True) if (each := release.neighbours(area.code)).neighbours
    )
    for make in (
        lambda: tabulate_gaps(release, gaps, "/api/v1/gaps"),
        lambda: tabulate_neighbours(release, found, "/api/v1/areas/x/neighbours"),
    ):
        table: Table = make()
        kinds = reading.kinds_of(table)
        content = b"".join(write(table, form))
        expected = reading.read_json(b"".join(write(make(), Format.JSON)), table.name)
        assert expected
        read = {
            Format.CSV: lambda content=content, kinds=kinds: reading.read_csv(content, kinds),
            Format.PARQUET: lambda content=content: reading.read_parquet(content),
        }.get(form, lambda content=content, table=table, kinds=kinds: reading.read_workbook(
            content, table.name.capitalize(), kinds))  # fmt: skip
        assert_same(read(), expected)


def test_gaps_are_columns_of_what_a_gap_has() -> None:
    assert [column.name for column in GAP_COLUMNS] == list(Gap.__dataclass_fields__)


def test_words_on_files_are_plain() -> None:
    words = r"because|led to|thanks to|due to|good|bad|fail\w*|excellent|best|worst|average|significant\w*|league"
    banned = re.compile(rf"\b({words})\b", re.IGNORECASE)
    for text in [*NOTES, *(column.description for column in (*FIGURE_COLUMNS, *GAP_COLUMNS))]:
        assert not banned.search(text), text
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            assert len(sentence.split()) <= 25, sentence
