"""The traces of a fixed copy: for each metric the lineage of all its figures, as one JSON file and one CSV file."""

from __future__ import annotations

import csv
import io
import json

from moothall.release.lineage import COLUMNS
from moothall.release.queries import Release
from moothall.release.records import EditionRecord, MetricRecord
from moothall.site.explorer.pages_frozen import LineagePage, ThisCopyPage
from moothall.site.explorer.parts import Link
from moothall.site.narrative.names import name_day


def write_traces(release: Release, metric: MetricRecord) -> tuple[bytes, bytes, int]:
    """The lineage of a metric's figures as JSON, with its editions, as CSV, and how many figures they are."""
    rows = [
        (r.breakdown, r.area, r.period, r.value, r.marker, r.edition, r.sheet, r.cell, r.stored, r.made_from)
        for r in release.lineages.list_metric(metric)
    ]
    said = {
        "metric": metric.key,
        "title": metric.title,
        "unit": str(metric.unit),
        "release": release.record.id,
        "formula": metric.formula,
        "inputs": [{"name": name, "metric": key} for name, key in metric.inputs],
        "editions": {each.key: _describe(each) for each in release.lineages.list_editions(metric)},
        "columns": COLUMNS,
    }
    head = json.dumps(said, ensure_ascii=False)[:-1]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return f'{head}, "rows": [\n{lines}\n]}}\n'.encode(), table.getvalue().encode(), len(rows)


def _describe(edition: EditionRecord) -> dict[str, str | None]:
    return {
        "title": edition.title,
        "address": edition.address,
        "sha256": edition.sha256,
        "published": edition.published,
        "known_on": edition.known_on.isoformat(),
    }


def make_lineage_page(release: Release, metric: MetricRecord, many: int) -> LineagePage:
    """The page that says where the lineage of a metric's figures is."""
    return LineagePage(
        release_id=release.record.id,
        metric=Link(metric.title, f"/metrics/{metric.key}"),
        figures=many,
        formula=metric.formula,
        inputs=tuple(Link(f"{name}: {release.metric(key).title}", f"/figures/{key}") for name, key in metric.inputs),
        files=(
            Link("All figures as CSV", f"/figures/{metric.key}.csv"),
            Link("All figures as JSON, with the editions they were read from", f"/figures/{metric.key}.json"),
        ),
    )


def make_this_copy(release: Release, live: str) -> ThisCopyPage:
    """The page that says what a fixed copy has; `live` is the address of the live service, or empty."""
    return ThisCopyPage(
        release_id=release.record.id,
        built=name_day(release.built),
        live=Link("the live service", live) if live else None,
        has=(
            Link("Every council", "/areas"),
            Link("Every topic", "/topics"),
            Link("Every metric", "/metrics"),
            Link("The national picture", "/national"),
            Link("The government’s outcomes", "/outcomes"),
            Link("What changed from release to release", "/releases"),
        ),
        file_links=(
            Link("What this copy is: release, program and counts", "/freeze.json"),
            Link("The SHA-256 of every file", "/checksums.txt"),
            Link("What the search box suggests", "/find/entries.json"),
        ),
    )
