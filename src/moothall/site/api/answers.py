"""Answers: the records of a release as plain data for JSON."""

from __future__ import annotations

from typing import Any

from moothall.release.records import (
    AreaRecord,
    CellRecord,
    EditionRecord,
    MetricRecord,
    PeriodRecord,
    ReleaseRecord,
    SourceRecord,
    SuccessionRecord,
    TopicRecord,
    TraceRecord,
)

Plain = dict[str, Any]


def answer_release(record: ReleaseRecord, sources: list[SourceRecord]) -> Plain:
    """What the release is, what it holds, and the editions it was made from."""
    counts = record.counts
    return {
        "id": record.id,
        "digest": record.digest,
        "built": record.built,
        "code_revision": record.code_revision,
        "definitions": record.definitions,
        "counts": {
            "metrics": counts.metrics,
            "sources": counts.sources,
            "observations": counts.observations,
            "figures": counts.figures,
            "areas": counts.areas,
        },
        "sources": [answer_source(source) for source in sources],
        "settled": [dict(row) for row in record.settled],
    }


def answer_source(source: SourceRecord) -> Plain:
    """A publisher's series with the editions held and those known and not held."""
    return {
        "key": source.key,
        "title": source.title,
        "publisher": source.publisher,
        "licence": source.licence,
        "licence_address": source.licence_address,
        "attribution": source.attribution,
        "landing_page": source.landing_page,
        "cadence": source.cadence,
        "quality": source.quality,
        "note": source.note,
        "editions": [answer_edition(edition) for edition in source.editions],
        "missing": [
            {"edition": each.edition, "title": each.title, "address": each.address, "published": each.published}
            for each in source.missing
        ],
    }


def answer_edition(edition: EditionRecord) -> Plain:
    """One published file."""
    return {
        "key": edition.key,
        "source": edition.source,
        "edition": edition.edition,
        "title": edition.title,
        "address": edition.address,
        "sha256": edition.sha256,
        "bytes": edition.bytes,
        "published": edition.published,
        "published_precision": edition.published_precision,
        "published_basis": edition.published_basis,
        "known_on": edition.known_on,
        "quality": edition.quality,
        "note": edition.note,
    }


def answer_area(area: AreaRecord) -> Plain:
    """One authority."""
    return {
        "code": area.code,
        "name": area.name,
        "official_name": area.official_name,
        "slug": area.slug,
        "class": str(area.area_class),
        "region": area.region_code,
        "region_name": area.region,
        "county": area.county_code,
        "county_name": area.county,
        "combined_authority": area.combined_authority_code,
        "combined_authority_name": area.combined_authority,
        "opened": area.opened,
        "closed": area.closed,
        "is_principal": area.is_principal,
    }


def answer_succession(succession: SuccessionRecord) -> Plain:
    """What took an authority's place, or whose place it took."""
    return {
        "predecessor": succession.predecessor.code,
        "successor": succession.successor.code,
        "day": succession.day,
        "kind": succession.kind,
        "note": succession.note,
    }


def answer_topic(topic: TopicRecord) -> Plain:
    """One topic."""
    return {
        "key": topic.key,
        "title": topic.title,
        "description": topic.description,
        "headlines": list(topic.headlines),
    }


def answer_metric(metric: MetricRecord) -> Plain:
    """One metric, in words and rules."""
    return {
        "key": metric.key,
        "title": metric.title,
        "short": metric.short,
        "description": metric.description,
        "why": metric.why,
        "not_tell": metric.not_tell,
        "topic": metric.topic,
        "source": metric.source,
        "unit": str(metric.unit),
        "unit_words": metric.unit_words,
        "places": metric.places,
        "polarity": str(metric.polarity),
        "kind": str(metric.kind),
        "functions": [function.key for function in metric.functions],
        "applies_to": [str(area_class) for area_class in metric.applies_to],
        "lever": str(metric.lever),
        "shared_with": list(metric.shared_with),
        "comparable_within": metric.comparable_within,
        "interval": metric.interval,
        "owner": metric.owner,
        "checker": metric.checker,
        "next_review": metric.next_review,
        "formula": metric.formula,
        "inputs": dict(metric.inputs),
        "breakdowns": list(metric.breakdowns),
        "first_period": metric.first_period,
        "latest_period": metric.latest_period,
    }


def answer_period(period: PeriodRecord) -> Plain:
    """One period of a metric and how full it is."""
    return {
        "key": period.key,
        "label": period.label,
        "start": period.start,
        "end": period.end,
        "eligible": period.eligible,
        "with_value": period.with_value,
        "is_latest": period.is_latest,
    }


def answer_lineage(trace: TraceRecord) -> Plain:
    """The formula and every cell that a figure rests on."""
    return {
        "formula": trace.formula,
        "formula_worked": trace.formula_worked,
        "cells": [
            _answer_cell(cell) | {"earlier": [_answer_cell(each) for each in cell.earlier]} for cell in trace.cells
        ],
    }


def _answer_cell(cell: CellRecord) -> Plain:
    return {
        "metric": cell.metric,
        "name": cell.name,
        "breakdown": cell.breakdown,
        "area": cell.area,
        "period": cell.period,
        "value": cell.value,
        "marker": str(cell.marker) if cell.marker else None,
        "stored": cell.stored,
        "sheet": cell.sheet,
        "cell": cell.cell,
        "edition": answer_edition(cell.edition),
    }
