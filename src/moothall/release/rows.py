"""Rows of a release's database, read as records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from moothall.core.adding_up import AddsUp
from moothall.core.ages import is_old
from moothall.core.areas import AreaClass
from moothall.core.editions import Basis
from moothall.core.life_cycle import Status
from moothall.core.periods import parse_key
from moothall.core.quality import Quality
from moothall.core.values import Kind, Lever, Polarity, Unit
from moothall.release.records import EditionRecord, FunctionRecord, MetricRecord, PeriodNote


def read_day(text: str | None) -> date | None:
    """A day as the database has it; none where it is empty."""
    return date.fromisoformat(text) if text else None


def read_file(row: Any) -> dict[str, Any]:
    """A row of `register_files` or `boundary_files`: what both records of a file have in common."""
    return {
        "title": row["title"],
        "publisher": row["publisher"],
        "licence": row["licence"],
        "licence_label": row["licence_title"],
        "licence_address": row["licence_address"],
        "published": row["published"],
        "address": row["address"],
        "sha256": row["sha256"],
    }


def read_metric(
    row: Any,
    functions: Sequence[FunctionRecord],
    inputs: Sequence[tuple[str, str]],
    notes: Sequence[PeriodNote],
    old_after: int,
    built: date,
) -> MetricRecord:
    """A row of `metrics` with its topic's title; `built` is the day on which its newest figures are old or not."""
    unit = Unit(row["unit"])
    latest = row["latest_period"]
    return MetricRecord(
        key=row["metric_key"],
        title=row["title"],
        short=row["short"],
        description=row["description"],
        why=row["why"],
        not_tell=row["not_tell"],
        topic=row["topic_key"],
        topic_title=row["topic_title"],
        source=row["source_key"],
        unit=unit,
        unit_words=unit.words,
        places=row["places"],
        polarity=Polarity(row["polarity"]),
        kind=Kind(row["kind"]),
        functions=tuple(functions),
        applies_to=tuple(AreaClass(each) for each in json.loads(row["applies_to"])),
        lever=Lever(row["lever"]),
        shared_with=tuple(json.loads(row["shared_with"])),
        comparable_within=row["comparable_within"],
        interval=row["interval"],
        owner=row["owner"],
        checker=row["checker"],
        next_review=date.fromisoformat(row["next_review"]),
        formula=row["formula"],
        inputs=tuple(inputs),
        breakdowns=tuple(json.loads(row["breakdowns"])),
        first_period=row["first_period"],
        latest_period=latest,
        period_notes=tuple(notes),
        status=Status(row["status"]),
        status_since=read_day(row["status_since"]),
        status_reason=row["status_reason"],
        replacement=row["replacement"],
        aliases=tuple(json.loads(row["aliases"])),
        quality=Quality(row["quality"]),
        adds_up=AddsUp.model_validate_json(row["adds_up"]) if row["adds_up"] else None,
        old_after=old_after,
        is_old=latest is not None and is_old(parse_key(latest).end, built, old_after),
    )


def read_edition(row: Any) -> EditionRecord:
    """A row of `editions`."""
    return EditionRecord(
        key=row["edition_key"],
        source=row["source_key"],
        edition=row["edition"],
        title=row["title"],
        address=row["address"],
        sha256=row["sha256"],
        bytes=row["bytes"],
        published=row["published"],
        published_precision=row["published_precision"],
        published_basis=row["published_basis"],
        published_basis_label=Basis(row["published_basis"]).label,
        known_on=date.fromisoformat(row["known_on"]),
        quality=row["quality"],
        note=row["note"],
    )
