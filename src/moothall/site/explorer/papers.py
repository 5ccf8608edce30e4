"""Pages about Moothall itself: releases, methods, the API, what this is and who operates it."""

from __future__ import annotations

import os
from datetime import date
from typing import Any
from urllib.parse import quote

from moothall.core.values import MARKERS
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.explorer.pages import AboutPage, AccessibilityPage, ApiPage, MethodsPage, ReleasePage, ReleasesPage
from moothall.site.explorer.parts import ApiOperation, Fact, SettledCase
from moothall.site.explorer.sentences import count_words, name_day

NO_OPERATOR = "The operator of this copy has not given a name."
_CURRENT = "current"
_SETTLED = {"correction": "Read as another area", "ignore": "Left out", "joint": "Reported together"}


def make_releases(release: Release) -> ReleasesPage:
    """The release that is served, and where to read about it."""
    record = release.record
    return ReleasesPage(record.id, record, f"/releases/{record.id}", name_day(date.fromisoformat(record.built)))


def make_release(release: Release, release_id: str) -> ReleasePage:
    """What the served release holds; `UnknownKey` for any other."""
    record = release.record
    if release_id not in {record.id, _CURRENT}:
        raise UnknownKey("release", release_id)
    return ReleasePage(
        release_id=record.id,
        release=record,
        built=name_day(date.fromisoformat(record.built)),
        sources=tuple(release.sources()),
        settled=_gather_settled(release),
    )


def _gather_settled(release: Release) -> tuple[SettledCase, ...]:
    """The rows settled by a rule, each reason once with every file and table it is about."""
    titles = {edition.key: edition.title for source in release.sources() for edition in source.editions}
    cases: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in release.record.settled:
        cases.setdefault((row["rule"], row["reason"]), []).append(row)
    return tuple(
        SettledCase(
            done=_SETTLED.get(rule, rule),
            reason=reason,
            rows=sum(row["rows"] for row in rows),
            places=tuple(
                f"{titles.get(row['edition_key'], row['edition_key'])}, table “{row['table']}”: "
                f"{count_words(row['rows'], 'row', 'rows')}, the first at {row['first_cell']}"
                for row in rows
            ),
        )
        for (rule, reason), rows in cases.items()
    )


def make_methods(release: Release) -> MethodsPage:
    """The formulas in use."""
    return MethodsPage(
        release.record.id, tuple(Fact(_capital(meaning.label), meaning.sentence) for meaning in MARKERS.values())
    )


def make_about(release: Release) -> AboutPage:
    """What Moothall is, and who operates this copy (`MOOTHALL_OPERATOR`)."""
    name = os.environ.get("MOOTHALL_OPERATOR", "").strip()
    operator = f"This copy is operated by {name}." if name else NO_OPERATOR
    sources, files = tuple(release.sources()), release.register_files()
    return AboutPage(release.record.id, operator, sources, files, release.boundary_files())


def make_accessibility(release: Release) -> AccessibilityPage:
    """How accessible the pages are."""
    return AccessibilityPage(release.record.id)


def make_api(release: Release, description: dict[str, Any]) -> ApiPage:
    """How to ask the API, from its own OpenAPI description."""
    samples = _find_samples(release)
    operations = []
    for path, methods in description["paths"].items():
        operation = methods["get"]
        parameters = tuple(
            Fact(
                parameter["name"] + (" (may be repeated)" if parameter["schema"].get("type") == "array" else ""),
                parameter.get("description") or parameter["schema"].get("description", ""),
            )
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        )
        example = str(operation.get("x-example", path))
        operations.append(
            ApiOperation(path, operation["summary"], operation["description"], example.format(**samples), parameters)
        )
    return ApiPage(release.record.id, tuple(operations))


def _find_samples(release: Release) -> dict[str, str]:
    """The keys of a figure that has a value, for examples that answer."""
    for metric in release.metrics():
        if metric.latest_period is None:
            continue
        for figure in release.slice(metric.key, metric.latest_period, breakdown=metric.breakdowns[0]):
            if figure.value is not None:
                return {
                    "metric": metric.key,
                    "key": metric.key,
                    "topic": metric.topic,
                    "area": figure.area,
                    "code": figure.area,
                    "name": quote(figure.area_name),
                    "period": figure.period,
                }
    raise UnknownKey("figure", "with a value")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
