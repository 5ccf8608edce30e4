"""Barsetshire: a county of fiction, as a whole project, with the messy files its publishers would send."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]
from odf import element, opendocument, table, text  # type: ignore[import-untyped]

from tests.barsetshire.ground import make_hexagons, make_topology

HERE = Path(__file__).parent
MINUS = "\u2212"
Cell = str | float | int | None
Rows = Sequence[Sequence[Cell]]

# The weights of 2018-19; each later year is a hundred tonnes more, fifty of them recycled.
# code: name, type of row, collected, recycled, bins missed, percentage sent to landfill (less one each year)
_WASTE: dict[str, tuple[str, str, int, int, float | None, int | None]] = {
    "E06900001": ("Barchester [note 2]", "Unitary", 40_000, 18_000, 12.5, 30),
    "E06900002": ("Plumstead Episcopi", "Unitary", 30_000, 15_000, 20, 25),
    "E06900003": ("Framley ", "Unitary", 20_000, 9_000, 8, 20),
    "E06900004": ("Greshamsbury", "Unitary", 25_000, 10_000, 16, 15),
    "E06900005": ("Courcy", "Unitary", 50_000, 12_500, 30, 10),
    "E06900006": ("Silverbridge", "Collection", 36_000, 9_000, 24, None),
    "E06900007": ("Hogglestock", "Collection", 24_000, 4_800, 0, None),
    "E06900008": ("Ullathorne", "Unitary", 16_000, 8_000, 10, 5),
    "E06900010": ("Gatherum", "Unitary", 60_000, 24_000, 40, 0),
    "E07900001 / E07900002": ("Allington and Guestwick (joint)", "Collection", 26_000, 11_700, 9, None),
    "E07900003": ("Crabtree Parva", "Collection", 8_000, 2_000, 14, None),
    "E07900004": ("Crabtree Canonicorum", "Collection", 9_000, 4_500, 15, None),
    "E07900005": ("Crabtree", "Collection", 17_000, 6_500, 18, None),
    "E07900006": ("St Ewold's", "Collection", 10_000, 3_000, 22, None),
    "E07900007": ("Chaldicotes", "Collection", 12_000, 6_000, 6, None),
    "E07900008": ("Boxall Hill", "Collection", 14_000, 3_500, 28, None),
    "E10900001": ("Barsetshire", "Disposal", 110_000, 44_000, None, 40),
    "E50900001": ("East Barsetshire Waste Authority", "Disposal", 60_000, 13_800, None, 12),
}
_FIRST = {"E07900005": 2019, "E06900008": 2020}
_LAST = {"E07900003": 2018, "E07900004": 2018, "E07900006": 2019}


def make_project(directory: Path) -> Path:
    """Write the project of Barsetshire into a directory that does not exist yet; returns it.

    Beside `definitions/` and `edition/areas/` it has `mirror/`, the publishers' files; nothing is fetched yet.
    """
    shutil.copytree(HERE / "project", directory)
    mirror = directory / "mirror"
    write_waste(mirror / "waste" / "waste_2021-22.ods", is_later=False)
    write_waste(mirror / "waste" / "waste_2022-23.ods", is_later=True)
    write_care(mirror / "care")
    write_outturn(mirror / "outturn")
    write_ground(mirror / "ground")
    write_likeness(mirror / "likeness")
    return directory


def add_fourth_source(root: Path) -> None:
    """Add a source to a project as a contributor would: one YAML file (`fetch` writes its lock)."""
    name = "barset-libraries.yaml"
    shutil.copy(HERE / "fourth" / name, root / "definitions" / "sources" / name)
    visits: dict[str, Cell] = {
        "Barchester": 2510,
        "Plumstead": 3000,
        "Framley": 2750,
        "Greshamsbury": 0,
        "Courcy": 1999,
        "Silverbridge": "n/a",
        "Hogglestock": 2250.5,
        "Barsetshire": 2600,
    }
    write_csv(
        root / "mirror" / "libraries" / "libraries_2022-23.csv", [("Council", "Visits per 1000"), *visits.items()]
    )


# Ground: outlines as TopoJSON, a layout of hexagons as HexJSON. Gatherum stands under the code it had.

_PARVA, _CANONICORUM, _ST_EWOLDS = [(2, 1)], [(3, 1)], [(0, 1)]
_DISTRICT_GROUND = {
    "E07900001": [(0, 0)],
    "E07900002": [(1, 0)],
    "E07900005": _PARVA + _CANONICORUM,
    "E07900007": [(2, 0)],
    "E07900008": [(3, 0)],
}
_UNITARY_GROUND = {
    "E06900001": [(1, 1)],
    "E06900002": [(0, 2)],
    "E06900003": [(1, 2)],
    "E06900004": [(2, 2)],
    "E06900005": [(3, 2)],
    "E06900006": [(4, 0)],
    "E06900007": [(4, 1)],
    "E06900008": _ST_EWOLDS,
    "E06900009": [(4, 2)],
}


def write_ground(folder: Path) -> None:
    """Write the outlines of every council there was, and the hexagons of those there are."""
    gone = {"E07900003": _PARVA, "E07900004": _CANONICORUM, "E07900006": _ST_EWOLDS}
    county = {"E10900001": [square for squares in _DISTRICT_GROUND.values() for square in squares]}
    folder.mkdir(parents=True)
    (folder / "map.json").write_bytes(
        make_topology(_DISTRICT_GROUND | _UNITARY_GROUND | gone, _UNITARY_GROUND | county)
    )
    cells = {code: squares[0] for code, squares in (_DISTRICT_GROUND | _UNITARY_GROUND).items()}
    (folder / "hex-2020.hexjson").write_bytes(make_hexagons(cells))


# Likeness: two csv files of neighbours, with a title, old codes, closed councils and places elsewhere.

_LIKENESS_HEADER = ("Council", "Name", "Like 1", "How", "Like 2", "How", "Like 3", "How")
_ELSEWHERE = "W06900001"
LIKENESS: dict[str, tuple[str, ...]] = {
    "E06900001": ("E06900002", "Very Close", _ELSEWHERE, "Close", "E06900003", "Close"),
    "E06900002": ("E06900001", "Very Close", "E06900004", "Close", "E06900009", "Not Close"),
    "E06900003": ("-", "-", "-", "-", "-", "-"),
    "E06900004": ("E07900007", "Close", "E06900005", "Somewhat Close", "E06900006", "Not Close"),
    "E06900009": ("E06900005", "Close", "E06900008", "Close", "E06900001", "Not Close"),
    "E07900001": ("E07900002", "Extremely Close", "E07900003", "Close", "E07900005", "Not Close"),
    "E10900001": ("E06900001", "Not Close", _ELSEWHERE, "Not Close", "", ""),
}


def write_likeness(folder: Path) -> None:
    """Write the lists of 2021, and those of 2023, with other neighbours for Barchester and Gatherum's new code."""
    gone = {"E07900003": ("E07900001", "Close", "E07900002", "Close", "E07900004", "Close"), _ELSEWHERE: ("E06900001",)}
    later = {"E06900001": ("E06900004", "very close", "E06900003", "close", "E06900002", "close")}
    renamed = {"E06900010" if code == "E06900009" else code: row for code, row in LIKENESS.items()}
    for year, lists in (("2021", LIKENESS), ("2023", renamed | later)):
        rows: list[Sequence[Cell]] = [(f"Likeness of councils, {year}",), _LIKENESS_HEADER]
        rows += [(code, "", *row) for code, row in lists.items()]
        rows += [(), ("", "Old lists:"), *((code, "", *row) for code, row in gone.items())]
        write_csv(folder / f"likeness_{year}.csv", rows)


# Waste: two OpenDocument files with titles, a blank first column, totals among the rows and notes below them.


def write_waste(path: Path, *, is_later: bool) -> None:
    """Write the waste file of 2021-22 or, `is_later`, of 2022-23, which has one year more and revises the others."""
    last = 2022 if is_later else 2021
    headers = [
        None,
        "Year" if is_later else "Financial year",
        "Region",
        "ONS code ",
        "Authority",
        "Type",
        "Household waste\ncollected (tonnes) ",
        "Sent for  recycling (tonnes)" if is_later else "Household waste recycled (tonnes)",
        "Missed bin collections (per 100,000)" if is_later else "Missed collections per 100,000",
    ]
    weights: list[list[Cell]] = []
    landfill: list[list[Cell]] = []
    for year in range(2018, last + 1):
        label = f"{year}-{(year + 1) % 100:02d}"
        weights.append([None, label, "Barsetshire", "Total", None, "Total", 999_999, 333_333, 99])
        for code, row in _WASTE.items():
            if _FIRST.get(code, 2018) <= year <= _LAST.get(code, last):
                weights += _waste_row(code, row, year, label, is_later=is_later)
                if row[5] is not None:
                    share = max(row[5] - (year - 2018), 0)
                    late = code == "E06900008" and year == 2020
                    landfill.append([label, code, row[0], ":" if late else share / 100])
        weights.append([])
    notes: Rows = [
        (None, "Note 1: Totals include estimates for authorities that sent no return."),
        (None, "Note 2: Barchester moved to weekly collections; 1 January 2020."),
    ]
    write_ods(
        path,
        {
            "Contents": [("Waste of Barsetshire",), ("Enquiries: waste@waste.example",)],
            "Table_1": [
                (None, "Table 1: Weights of household waste [note 1]"),
                (None, "This sheet has one table and two notes below it."),
                (),
                headers,
                *weights,
                *notes,
            ],
            "Table_2": [
                ("Table 2: Landfill",),
                (),
                ("Year", "ONS code", "Authority", "Sent to landfill (note 1)"),
                *landfill,
                ("Note 1: as a fraction of one.",),
            ],
        },
    )


def _waste_row(
    code: str, row: tuple[str, str, int, int, float | None, int | None], year: int, label: str, *, is_later: bool
) -> list[list[Cell]]:
    name, kind, first_collected, first_recycled, first_missed, _ = row
    since = year - 2018
    collected: Cell = first_collected + 100 * since
    recycled: Cell = first_recycled + 50 * since
    missed: Cell = "-" if first_missed is None else first_missed + 0.5 * since if first_missed else 0
    match code, year, is_later:
        case "E06900004", 2019, _:
            return []
        case "E06900003", 2020, True:
            recycled = "9,400 [r]"
        case "E06900005", 2020, True:
            recycled = "[x]"
        case ("E06900006", 2022, True) | ("E07900008", 2021, False):
            collected = recycled = missed = ":"
        case "E07900008", 2022, True:
            collected = recycled = 0
        case "E06900001", _, _:
            collected = f"{collected:,} "
    if code == "E06900008":
        code = "E07900006"
    elif code == "E06900010" and not is_later:
        code = "E06900009"
    return [[None, f"{label} ", "South West", f" {code} ", name, kind, collected, recycled, missed]]


# Care: two csv files, one row for each measure, group and council.

_SATISFIED = {
    "E06900001": ("Barchester", 60.0),
    "E06900002": ("Plumstead", 65.5),
    "E06900003": ("Framley", 62.0),
    "E06900004": ("Greshamsbury", 70.0),
    "E06900005": ("Courcy", 55.0),
    "E06900006": ("Silverbridge", 52.0),
    "E06900007": ("Hogglestock", 48.0),
    "E06900008": ("Ullathorne", 58.5),
    "E06900010": ("Gatherum", 66.0),
    "E10900001": ("Barsetshire", 63.0),
}
_SCORES: dict[str, Cell] = {
    "E06900001": 7.125,
    "E06900002": 7.675,
    "E06900003": 7.0,
    "E06900004": 0,
    "E06900005": 8.1,
    "E06900006": "[low]",
    "E06900008": 6.5,
    "E06900010": 7.13,
    "E10900001": "[z]",
}
_REQUESTS: dict[str, Cell] = {
    "E06900001": "1,234",
    "E06900002": "2,344.5",
    "E06900003": 1500,
    "E06900004": 900,
    "E06900005": "3,000e",
    "E06900006": 2000,
    "E06900008": 1800,
    "E06900010": 2500,
    "E10900001": "1,100",
}
_CARE_TITLE: Rows = [
    ("Hiram’s Hospital: care survey",),
    ("[c] withheld; [low] too few answers; [z] not asked; .. no return; E estimated",),
    ("Council code", "Council", "Survey year", "Measure", "Value", "Lower", "Upper", "Status"),
]


def write_care(folder: Path) -> None:
    """Write the care files: 2021-22 in Windows-1252 with semicolons, 2022-23 in UTF-8 with a byte-order mark."""
    earlier: list[Sequence[Cell]] = [*_CARE_TITLE]
    for code, (name, share) in _SATISFIED.items():
        earlier.append((code, name, "2021/22", "Satisfied, all", share - 1, share - 3, share + 1, ""))
        earlier.append((code, name, "2021/22", "Carers' score", 7, "", "", ""))
    few = ("E06900001", "E06900002", "E06900003")
    earlier += [(code, _SATISFIED[code][0], "2021/22", "Requests", 1000, "", "", "") for code in few]
    write_csv(folder / "care_2021-22.csv", earlier, encoding="cp1252", delimiter=";")

    later: list[Sequence[Cell]] = [*_CARE_TITLE]
    for code, (name, share) in _SATISFIED.items():
        status = {"E06900003": "E", "E06900007": "No return"}.get(code, "")
        for measure, value in (
            ("Satisfied, all", share),
            ("Satisfied, 18 to 64", share - 5),
            ("Satisfied, 65 and over", share + 3),
            ("Carers' score", _SCORES.get(code)),
            ("Requests", _REQUESTS.get(code)),
        ):
            shown, lower, upper = value, "", ""
            if measure.startswith("Satisfied") and isinstance(value, float):
                lower, upper = f"{value - 2:.1f}", f"{value + 2:.1f}"
            if (code, measure) in {("E06900006", "Satisfied, all"), ("E06900006", "Satisfied, 18 to 64")}:
                shown, lower, upper = "[c]", "", ""
            if (code, measure) == ("E06900005", "Satisfied, 18 to 64"):
                shown, lower, upper = "..", "", ""
            if (code, measure) == ("E06900010", "Satisfied, all"):
                shown, lower, upper = 64.0, "62.0", "66.0"
            if status == "No return":
                shown, lower, upper = "-", "", ""
            later.append((f"{code} ", name, "2022/23", measure, shown, lower, upper, status))
    later.append(("", "Barsetshire, all councils", "2022/23", "Satisfied, all", 61.9, "", "", ""))
    later.append(("E06900010", "Gatherum", "2022/23", "Satisfied, all", 66.0, "64.0", "68.0", ""))
    later.append(("Notes: a row at the foot of the file corrects one above it.",))
    write_csv(folder / "care_2022-23.csv", later, encoding="utf-8-sig")


# Outturn: four Excel files with two rows of headers, in £ thousand and later in £.

# code: E-code, name, unallocated reserves and net spending in 2021-22, in £ thousand; none where no return was sent
_OUTTURN: dict[str, tuple[str, str, int | None, int | None]] = {
    "E06900001": ("E9101", "Barchester", 12_345, 100_000),
    "E06900002": ("E9102", "Plumstead", 8_000, 80_000),
    "E06900003": ("E9103", "Framley", 5_150, 60_000),
    "E06900004": ("E9104", "Greshamsbury", 3_000, 75_000),
    "E06900005": ("E9105", "Courcy", -1_500, 120_000),
    "E06900006": ("E9106", "Silverbridge", 7_000, 90_000),
    "E06900007": ("E9107", "Hogglestock", 0, 50_000),
    "E06900008": ("E9108", "Ullathorne", 2_500, 40_000),
    "E06900010": ("E9110", "Gatherum", 20_000, 150_000),
    "E07900001": ("E9131", "Allington", 1_000, 10_000),
    "E07900002": ("E9132", "Guestwick", 1_500, 12_000),
    "E07900005": ("E9135", "Crabtree", 2_000, 14_000),
    "E07900007": ("E9137", "Chaldicotes", 500, 9_000),
    "E07900008": ("E9138", "Boxall Hill", None, None),
    "E10900001": ("E9120", "Barsetshire", 45_000, 400_000),
}


def write_outturn(folder: Path) -> None:
    """Write the four outturn files; reserves grow by £100 thousand a year but where there are none."""
    for name, years, is_in_pounds in (
        ("outturn_2021-22", 0, False),
        ("outturn_2022-23_provisional", 1, False),
        ("outturn_2022-23", 1, True),
        ("outturn_2023-24_provisional", 2, True),
    ):
        rows: list[Sequence[Cell]] = []
        for code, (ecode, council, first, spending) in _OUTTURN.items():
            reserves: Cell = first + 100 * years if first else first
            if code == "E06900002" and name == "outturn_2022-23":
                reserves = 8_250
            reserves, net = (
                amount if amount is None or not is_in_pounds else amount * 1000 for amount in (reserves, spending)
            )
            if isinstance(reserves, int) and reserves < 0 and not is_in_pounds:
                reserves = f"{MINUS}{-reserves:,}"
            cells = ("..." if reserves is None else reserves, 77, "..." if net is None else net, 88_888)
            rows.append((None, ecode, code, council, *cells))
        write_xlsx(folder / f"{name}.xlsx", f"Outturn {name[8:15]}", rows, is_in_pounds=is_in_pounds)


def write_xlsx(path: Path, sheet: str, rows: Rows, *, is_in_pounds: bool) -> None:
    """Write one outturn file: a front sheet, then a sheet whose headers are in rows 5 and 6 and begin in column B."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": datetime(2023, 1, 1)})  # noqa: DTZ001 - the same bytes each time
        front = workbook.add_worksheet("Front")
        front.merge_range("A1:F3", "Outturn of Barsetshire")
        body = workbook.add_worksheet(sheet)
        body.write("B2", f"Outturn of Barsetshire, {'£' if is_in_pounds else '£ thousand'}")
        reserves, spending = ("Closing", "Net revenue") if is_in_pounds else ("At 31 March", "Net")
        body.merge_range("E5:F5", "Unallocated  reserves")
        body.merge_range("G5:H5", "Spending ")
        body.write_row("B6", ["E-code", "ONS code", "Authority", reserves, "Opening", spending, "Gross"])
        body.write_row("E7", ["£" if is_in_pounds else "£ thousand"] * 4)
        for number, row in enumerate(rows, start=7):
            body.write_row(number, 0, row)
        end = 7 + len(rows)
        body.write_row(end, 0, [None, "Total", "Total", "Barsetshire", 105_495, 0, 1_210_000, 0])
        body.write_row(end + 2, 0, [None, "Note: not audited.", "Note: not audited."])
        body.write_row(end + 3, 0, [None, None, None, "... no return had arrived"])


# Writing files as publishers' software does.


def write_csv(path: Path, rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> None:
    """Write rows as csv."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def write_ods(path: Path, sheets: dict[str, Rows]) -> None:
    """Write sheets as an OpenDocument spreadsheet; a title alone in its row spans five columns."""
    # odfpy names the namespaces of all documents that a process has read or written, so that the same sheets would be
    # other bytes after another document: it starts anew here, and what is kept is what it writes a second time.
    element.Element.namespaces.clear()
    document = opendocument.OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        sheet = table.Table(name=name)
        for cells in rows:
            row = table.TableRow()
            is_title = sum(cell is not None for cell in cells) == 1
            for cell in cells:
                row.addElement(_ods_cell(cell, span=5 if is_title and cell is not None else 1))
            if is_title:
                row.addElement(table.CoveredTableCell(numbercolumnsrepeated=4))
            sheet.addElement(row)
        document.spreadsheet.addElement(sheet)
    document.write(io.BytesIO())
    buffer = io.BytesIO()
    document.write(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_forget_times(buffer.getvalue()))


def _ods_cell(cell: Cell, span: int) -> table.TableCell:
    attributes: dict[str, object] = {"numbercolumnsspanned": span} if span > 1 else {}
    if cell is None:
        return table.TableCell(**attributes)
    if isinstance(cell, str):
        made = table.TableCell(valuetype="string", **attributes)
        for line in cell.split("\n"):
            made.addElement(text.P(text=line))
        return made
    made = table.TableCell(valuetype="float", value=repr(cell), **attributes)
    made.addElement(text.P(text=f"{cell:,}"))
    return made


def _forget_times(content: bytes) -> bytes:
    """The archive with its hours and the day of its making taken out, so that the same cells are the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.infolist():
            data = old.read(member) if member.filename != "meta.xml" else b"<office:document-meta/>"
            kind = zipfile.ZIP_STORED if member.filename == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0)), data, compress_type=kind)
    return buffer.getvalue()
