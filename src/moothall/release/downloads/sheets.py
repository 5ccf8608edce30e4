"""The sheets of a workbook, in the order of the government's guidance: cover, contents, notes, tables, codes.

The guidance is "Releasing statistics in spreadsheets" of the Analysis Function: one table a sheet, from the first
column, with no merged cells, no blank rows and no meaning in colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from moothall.core.values import MARKERS, Unit
from moothall.release.downloads.table import Column, ColumnKind, Row, Table

_TEXT, _WHOLE = ColumnKind.TEXT, ColumnKind.WHOLE
_NUMBER_PLACES = 3  # of distances and chances, which have no unit


class NumberForm(NamedTuple):
    """How a number is shown in its cell; the cell holds all of it."""

    places: int
    is_grouped: bool = True
    before: str = ""
    after: str = ""


WHOLE_FORM = NumberForm(0)
NUMBER_FORM = NumberForm(_NUMBER_PLACES)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a heading, lines below it, and a table where it has columns.

    In a sheet with units of its own a row's cells are shown in the form of its unit.
    """

    name: str
    heading: str
    lines: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    rows: Iterable[Row] = ()
    height: int = 0
    units: tuple[tuple[str, int], ...] = ()  # of its rows: the unit and its decimals
    links: bool = False  # whether its first column names other sheets

    @property
    def header_row(self) -> int:
        """The row of the headings, from 0."""
        return 1 + len(self.lines)


class Formed(NamedTuple):
    """How the numbers of a row are shown: amounts with their unit's sign, differences without it."""

    amount: NumberForm
    difference: NumberForm


def choose_form(unit: str, places: int) -> Formed:
    """How amounts of a unit are shown, and differences between them."""
    kind = Unit(unit)
    if not kind.is_amount:
        return Formed(NumberForm(0, is_grouped=False), WHOLE_FORM)
    shown = max(places, 0)
    before = "£" if kind.is_money else ""
    return Formed(NumberForm(shown, True, before, "%" if kind is Unit.PERCENT else ""), NumberForm(shown, True, before))


def lay_out(table: Table) -> list[Sheet]:
    """The sheets of a table's workbook; the rows of the table itself can be gone through once."""
    about = table.about
    figures = _lay_out_rows(table)
    codes = [
        *([_list_metrics(table)] if about.metrics else []),
        *([_list_sources(table)] if about.sources else []),
        *([_list_markers()] if about.has_markers else []),
        _list_columns(table, figures.columns),
    ]
    notes = Sheet(
        "Notes",
        "Notes: how to read this, and what not to do with it",
        ("This sheet has one table.",),
        (Column("note", "Note", "", _WHOLE), Column("text", "What it says", "")),
        [(number, text) for number, text in enumerate(about.notes, 1)],
        len(about.notes),
    )
    listed = [notes, figures, *codes]
    contents = Sheet(
        "Contents",
        "Contents: the sheets of this workbook",
        ("This sheet has one table. Its first column leads to each sheet.",),
        (Column("sheet", "Sheet", ""), Column("what", "What it has", "")),
        [(sheet.name, sheet.heading) for sheet in listed],
        len(listed),
        links=True,
    )
    return [_make_cover(table), contents, *listed]


def _make_cover(table: Table) -> Sheet:
    about = table.about
    publishers = dict.fromkeys(f"{source.publisher}: {source.title}" for source in about.sources)
    licences = dict.fromkeys(f"{source.licence_label}, {source.licence_address}" for source in about.sources)
    return Sheet(
        "Cover",
        about.title,
        (
            f"{table.height:,} {table.name} from Moothall, which compares the published figures of English councils.",
            "Moothall is open-source software. It is not a government service.",
            *(f"{label}: {said}" for label, said in about.asked),
            f"Release: {about.release}, made on {about.built.isoformat()}. A release never changes.",
            *([f"Where it is on the site: {about.address}"] if about.address else []),
            *(f"Source: {each}" for each in publishers),
            *(f"Licence: {each}" for each in licences),
            *dict.fromkeys(f"Attribution: {each.attribution}" for each in about.sources if each.attribution),
            "What the columns, markers and notes mean is on sheets of their own. The sheet “Contents” leads to each.",
        ),
    )


def _lay_out_rows(table: Table) -> Sheet:
    """The table itself: what people read first stands first, and why there is no value stands in its place."""
    names = [column.name for column in table.columns]
    order = [names.index(name) for name in (*table.first, *(name for name in names if name not in table.first))]
    lines = ["This sheet has one table. An empty cell means that there is none. It never means zero."]
    if table.has_amounts:
        lines.append("Words in square brackets say why there is no value. The sheet “Markers” explains them.")
    units = dict.fromkeys((str(metric.unit), metric.places) for metric in table.about.metrics)
    return Sheet(
        table.name.capitalize(),
        table.about.title,
        tuple(lines),
        tuple(table.columns[place] for place in order),
        _arrange(table, order),
        table.height,
        tuple(units) if table.has_amounts else (),
    )


def _arrange(table: Table, order: list[int]) -> Iterator[Row]:
    if not table.has_amounts:
        for row in table.rows:
            yield [row[place] for place in order]
        return
    value, text = table.place("value"), table.place("text")
    at = order.index(value)
    for row in table.rows:
        arranged = [row[place] for place in order]
        if arranged[at] is None:
            arranged[at] = f"[{row[text]}]"
        yield arranged


def _list_metrics(table: Table) -> Sheet:
    headings = (
        *("Metric key", "Metric", "Unit", "What it is", "What it does not tell", "Direction", "Compare within"),
        *("Lever", "Shared with", "Kind of statistic", "Source key", "Worked out as"),
    )
    rows: list[Row] = [
        (
            *(metric.key, metric.title, metric.unit_words, metric.description, metric.not_tell),
            *(
                metric.polarity.label,
                metric.comparable_within,
                str(metric.lever),
                ", ".join(metric.shared_with) or None,
            ),
            *(str(metric.quality).replace("_", " "), metric.source, metric.formula),
        )
        for metric in table.about.metrics
    ]
    return _list_codes("Metrics", "Metrics: what each is, and how to read it", headings, rows)


def _list_sources(table: Table) -> Sheet:
    headings = ("Source key", "Series", "Publisher", "Licence", "Licence address", "Attribution", "Published at")
    rows: list[Row] = [
        (
            *(source.key, source.title, source.publisher, source.licence_label, source.licence_address),
            *(source.attribution, source.landing_page),
        )
        for source in table.about.sources
    ]
    return _list_codes("Sources", "Sources: who published the figures, and under which licence", headings, rows)


def _list_markers() -> Sheet:
    rows: list[Row] = [
        (str(key), meaning.label, meaning.sentence, "yes" if meaning.has_value else "no")
        for key, meaning in MARKERS.items()
    ]
    headings = ("Marker", "In words", "What it means", "Whether a value stands beside it")
    return _list_codes("Markers", "Markers: why a value is absent, or what qualifies it", headings, rows)


def _list_columns(table: Table, columns: tuple[Column, ...]) -> Sheet:
    rows: list[Row] = [(column.heading, column.name, column.description) for column in columns]
    heading = f"Columns: what stands in each column of the sheet “{table.name.capitalize()}”"
    return _list_codes("Columns", heading, ("Column", "Name in CSV and JSON", "What stands in it"), rows)


def _list_codes(name: str, heading: str, headings: tuple[str, ...], rows: list[Row]) -> Sheet:
    columns = tuple(Column(f"{name}{place}", each, "") for place, each in enumerate(headings))
    return Sheet(name, heading, ("This sheet has one table.",), columns, rows, len(rows))


def write_text(cell: Any) -> str:
    """A cell of a column of texts, as one text."""
    return "; ".join(cell) if isinstance(cell, tuple) else str(cell)


_WIDTHS = {ColumnKind.TEXT: 18, ColumnKind.TEXTS: 18}
_WIDE = {"metric_title": 46, "area_name": 26, "marker_meaning": 40, "text": 18, "what": 80, "title": 50, "reason": 60}


def choose_width(sheet: Sheet, place: int) -> int:
    """How many characters wide a column is; sentences of code sheets are wide and wrapped."""
    column = sheet.columns[place]
    if sheet.units or column.name in _WIDE or column.kind not in _WIDTHS:
        return _WIDE.get(column.name, max(_WIDTHS.get(column.kind, 12), len(column.heading) + 3))
    longest = (
        max((len(write_text(row[place])) for row in sheet.rows if row[place] is not None), default=0)
        if (isinstance(sheet.rows, list))
        else _WIDTHS[column.kind]
    )
    return max(min(longest + 2, 60), len(column.heading) + 3)
