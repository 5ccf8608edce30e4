"""Provenance: how old a figure is, whose it is, and the cells that it came from."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from django.http import QueryDict

from moothall.core.cells import read_address
from moothall.core.definitions import Cadence
from moothall.core.periods import parse_key
from moothall.core.quality import Quality
from moothall.core.values import Marker
from moothall.release.downloads.formats import SPREADSHEETS_FIRST
from moothall.release.excerpt import Excerpt
from moothall.release.ground import find_inputs
from moothall.release.queries import Release
from moothall.release.records import (
    CellRecord,
    Comparators,
    EditionRecord,
    FigureRecord,
    MetricRecord,
    PeriodRecord,
    SourceRecord,
    TraceRecord,
)
from moothall.site.addresses import api_figures_address, api_trace_address, area_address, metric_address
from moothall.site.explorer.asked import read_one
from moothall.site.explorer.breakdowns import name_metric
from moothall.site.explorer.comparisons import choose_comparators, compare_area
from moothall.site.explorer.pages import TracePage
from moothall.site.explorer.parts import AboutData, Fact, Link, TracedCell, TracedFile
from moothall.site.explorer.reorganisation import MOST_WRITTEN, list_parts
from moothall.site.explorer.responsible import find_who_runs
from moothall.site.explorer.sentences import name_edition_day, say_published, write_formula
from moothall.site.explorer.takeaway import offer
from moothall.site.narrative.ages import say_age, say_old
from moothall.site.narrative.figure import narrate
from moothall.site.narrative.names import capitalise, name_day, name_place, name_span

_NEAR = 2  # columns either side of a cell that its excerpt always shows
_EVERY = {
    Cadence.MONTHLY: "every month",
    Cadence.QUARTERLY: "every three months",
    Cadence.YEARLY: "every year",
    Cadence.EVERY_TWO_YEARS: "every two years",
}


def tell_about_data(
    release: Release, metric: MetricRecord, figures: Sequence[FigureRecord | None], period: PeriodRecord
) -> tuple[AboutData, ...]:
    """Each source behind a metric, with how old the figures of one period are."""
    built = release.built
    used = {figure.edition for figure in figures if figure is not None and figure.edition}
    known = [figure.known_on for figure in figures if figure is not None and figure.known_on]
    told = []
    for source in find_sources(release, metric):
        editions = [each for each in source.editions if {each.key, each.edition} & used]
        said = [f"About {name_span(period.start, period.end)}."]
        if editions:
            said.append(tell_published(editions[0]))
        elif known:
            said.append(f"All it is worked out from was published by {name_day(max(known))}.")
        said.append(f"{say_age(period.end, built)} on {name_day(built)}.")
        if not editions or editions[0].key == source.editions[0].key:
            said.append(say_next(source, source.editions[0], built))
        told.append(AboutData(source, " ".join(part for part in said if part), source.missing_newer))
    return tuple(told)


def find_sources(release: Release, metric: MetricRecord) -> list[SourceRecord]:
    """The source of a metric, or the sources of everything it is worked out from."""
    if metric.source is not None:
        return [release.source(metric.source)]
    found: dict[str, SourceRecord] = {}
    for _, key in metric.inputs:
        found |= {source.key: source for source in find_sources(release, release.metric(key))}
    return list(found.values())


def tell_published(edition: EditionRecord) -> str:
    """When an edition was published and how that is known, as a sentence."""
    said = say_published(edition)
    return f"{capitalise(said)} ({edition.published_basis_label})."


def say_next(source: SourceRecord, newest: EditionRecord, built: date) -> str:
    """When the edition after the newest one held was or is due, seen from the day the release was made."""
    every = _EVERY.get(Cadence(source.cadence))
    if every is None or source.cadence_months is None:
        return "The publisher brought it out once."
    due = _add_months(newest.known_on, source.cadence_months)
    tense = "was" if due < built else "is"
    return f"The publisher brings out a new one {every}; the next {tense} due about {due:%B %Y}."


def make_trace(release: Release, metric_key: str, code: str, period: str, asked: QueryDict) -> TracePage:
    """The page of one figure; `UnknownKey` when there is none."""
    breakdown = read_one(asked, "breakdown") or "all"
    area = release.area(code)
    peers = choose_comparators(release, area)
    trace = release.trace(metric_key, area.code, period, breakdown=breakdown, peers=peers)
    figure, metric = trace.figure, trace.metric
    compared = compare_area(release, metric, figure, area, peers) if figure.value is not None else None
    told = narrate(release, figure, peers, compared.figures if compared else ())
    return TracePage(
        release_id=release.record.id,
        figure=figure,
        metric=metric,
        title=name_metric(metric.title, breakdown),
        area_name=name_place(area.name),
        area_address=area_address(area),
        metric_address=metric_address(metric.key, area=area.code, period=figure.period, breakdown=breakdown),
        sentence=told.headline,
        context=told.context,
        old=say_old(
            figure.period_label,
            parse_key(figure.period).end,
            release.built,
            "This figure is",
            metric.old_after,
        ),
        run_by=find_who_runs(release, area, metric)[0] if figure.marker is Marker.NOT_RESPONSIBLE else (),
        formula=write_formula(trace.formula) if trace.formula else "",
        formula_worked=f"{trace.formula_worked} = {figure.value:.10g}, shown as {figure.text}"
        if trace.formula_worked and figure.value is not None and len(trace.parts) <= MOST_WRITTEN
        else "",
        parts=list_parts(release, trace, _read_inputs(release, trace)) if figure.is_added_up else (),
        files=() if figure.is_added_up else _show_files(release, trace.cells, _say_last_step(figure, trace)),
        download=offer("this figure", SPREADSHEETS_FIRST, partial(_address_download, figure, peers)),
    )


def _address_download(figure: FigureRecord, peers: Comparators, form: str | None) -> str:
    """One figure in a format; as JSON with its lineage."""
    if form is None:
        return api_trace_address(figure.metric, figure.area, figure.period, figure.breakdown)
    return api_figures_address(
        [
            *(("metric", figure.metric), ("area", figure.area), ("period", figure.period)),
            *(("breakdown", figure.breakdown if figure.breakdown != "all" else None), ("peers", peers.kind)),
            ("format", form),
        ]
    )


def _read_inputs(release: Release, trace: TraceRecord) -> list[FigureRecord]:
    """The figures of the same area that a formula puts together."""
    figure = trace.figure
    keys = dict.fromkeys(key for _, key in find_inputs(trace.metric))
    return [release.figure(key, figure.area, figure.period, breakdown=figure.breakdown) for key in keys]


def _say_last_step(figure: FigureRecord, trace: TraceRecord) -> str:
    if figure.value is None:
        return ""
    if not figure.unit.is_amount:
        return f"It is shown as: {figure.text}."
    work = "Put the numbers into the formula, and round" if trace.formula else "Round"
    return f"{work} as shown: {figure.text}."


def _show_files(release: Release, cells: Sequence[CellRecord], shown: str) -> tuple[TracedFile, ...]:
    by_edition: dict[str, list[CellRecord]] = {}
    for cell in cells:
        by_edition.setdefault(cell.edition.key, []).append(cell)
    return tuple(_show_file(release, members, shown) for members in by_edition.values())


def _show_file(release: Release, cells: Sequence[CellRecord], shown: str) -> TracedFile:
    edition = cells[0].edition
    source, quality = release.source(edition.source), Quality(edition.quality)
    facts = [Fact("Published by", source.publisher, ()), Fact("Series", "", (Link(source.title, source.landing_page),))]
    if edition.address:
        facts.append(Fact("File’s address", "", (Link(edition.address, edition.address),)))
    facts += [
        Fact("Published", f"{name_edition_day(edition)} ({edition.published_basis_label})"),
        Fact("Kind of file", f"{quality.label}. {quality.meaning}"),
        Fact("Fingerprint (SHA-256)", edition.sha256),
        Fact("Size", f"{edition.bytes:,} bytes"),
    ]
    if edition.note:
        facts.append(Fact("Note", edition.note))
    steps = _list_steps(edition, quality, cells)
    return TracedFile(
        title=edition.title,
        cells=tuple(
            TracedCell(
                cell=replace(cell, excerpt=_thin(cell.excerpt)) if cell.excerpt else cell,
                heading=f"{cell.metric_title}: “{cell.name}” in the formula"
                if cell.name
                else name_metric(cell.metric_title, cell.breakdown),
                place=name_cell(cell),
                column=cell.cell.rstrip("0123456789"),
                read_as=_say_read_as(cell),
                earlier=tuple((each.edition, each.text, name_cell(each)) for each in cell.earlier),
            )
            for cell in cells
        ),
        facts=tuple(facts),
        steps=(*steps, shown) if shown else tuple(steps),
    )


def _list_steps(edition: EditionRecord, quality: Quality, cells: Sequence[CellRecord]) -> list[str]:
    """How somebody finds the cells in the file; a copy that has no address is checked against the publisher's own."""
    if quality.is_of_the_file and not edition.address:
        return [
            "The file that we read is a copy, and it has no address. Get the publisher’s own file from the page above.",
            "Find the same council and period in it. Its cells may stand elsewhere than in the copy.",
            *(f"Look for {cell.stored or 'no value'}, which the copy has in cell {name_cell(cell)}." for cell in cells),
        ]
    return [
        f"Get the file from {'its address' if edition.address else 'the publisher’s page'} above.",
        f"Make sure it is the same file: its SHA-256 begins {edition.sha256[:12]}.",
        *(f"Open it and find cell {name_cell(cell)}. It holds {cell.stored or 'nothing'}." for cell in cells),
    ]


def _thin(excerpt: Excerpt) -> Excerpt:
    """The excerpt without columns far from the cell that say nothing about it: empty ones and other numbers."""
    target = read_address(excerpt.cell)[1]

    def is_kept(place: int) -> bool:
        if abs(read_address(f"{excerpt.columns[place]}1")[1] - target) <= _NEAR:
            return True
        return any(texts[place] and not _is_number(texts[place]) for _, texts in excerpt.rows)

    places = [place for place in range(len(excerpt.columns)) if is_kept(place)]

    def take(rows: Sequence[tuple[int, tuple[str, ...]]]) -> tuple[tuple[int, tuple[str, ...]], ...]:
        return tuple((number, tuple(texts[place] for place in places)) for number, texts in rows)

    return replace(
        excerpt,
        columns=tuple(excerpt.columns[place] for place in places),
        header=take(excerpt.header),
        rows=take(excerpt.rows),
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _say_read_as(cell: CellRecord) -> str:
    """The number computed with, where the cell stores another: the file has thousands, or a share for a percentage."""
    if cell.value is None or not _is_number(cell.stored) or float(cell.stored) == cell.value:
        return ""
    return f"{cell.value:.10g}"


def name_cell(cell: CellRecord) -> str:
    """A cell in words; a file without sheets has only the cell."""
    return f"{cell.cell} on sheet “{cell.sheet}”" if cell.sheet else cell.cell


def _add_months(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
