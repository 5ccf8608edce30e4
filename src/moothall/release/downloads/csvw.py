"""CSV on the Web: what the columns of a CSV file are, for programs, by the W3C's recommendation of 2015."""

from __future__ import annotations

from typing import Any

from moothall.core.values import MARKERS
from moothall.release.downloads.delimited import SEPARATOR
from moothall.release.downloads.table import Column, ColumnKind, Table

_DATATYPES = {
    ColumnKind.AMOUNT: "number",
    ColumnKind.DIFFERENCE: "number",
    ColumnKind.NUMBER: "number",
    ColumnKind.WHOLE: "integer",
    ColumnKind.TRUTH: "boolean",
    ColumnKind.DAY: "date",
}


def describe_csv(table: Table, csv_address: str) -> dict[str, Any]:
    """The metadata of a table's CSV file, found at an address; its rows are not looked at."""
    about = table.about
    markers = [f"{key}: {meaning.sentence}" for key, meaning in MARKERS.items()] if about.has_markers else []
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": csv_address,
        "dc:title": about.title,
        "dc:description": " ".join(f"{label}: {said}." for label, said in about.asked),
        "dc:issued": {"@value": about.built.isoformat(), "@type": "xsd:date"},
        "dc:identifier": about.release,
        "dc:publisher": [{"schema:name": name} for name in dict.fromkeys(each.publisher for each in about.sources)],
        "dc:license": [{"@id": each} for each in dict.fromkeys(source.licence_address for source in about.sources)],
        "dc:rights": list(dict.fromkeys(each.attribution for each in about.sources if each.attribution)),
        "dc:source": [
            {"dc:title": f"{each.publisher}: {each.title}", "schema:url": {"@id": each.landing_page}}
            for each in about.sources
        ],
        "rdfs:comment": [*about.notes, *markers],
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "quoteChar": '"', "doubleQuote": True},
        "tableSchema": {
            "columns": [_describe(column, is_required=column.name in table.key) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _describe(column: Column, *, is_required: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:title": column.heading,
        "dc:description": column.description,
        "datatype": _DATATYPES.get(column.kind, "string"),
        "required": is_required,
    }
    if column.kind is ColumnKind.TEXTS:
        described["separator"] = SEPARATOR
    if column.kind is ColumnKind.TRUTH:
        described["datatype"] = {"base": "boolean", "format": "true|false"}
    return described
