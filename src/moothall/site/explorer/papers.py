"""Pages about Moothall itself: methods, the API, what this is and who operates it."""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import quote

from moothall.core.bands import BANDS, Band
from moothall.core.quality import Quality
from moothall.core.values import MARKERS
from moothall.release.queries import Release
from moothall.release.records import UnknownKey
from moothall.site.explorer.pages_about import AboutPage, AccessibilityPage, ApiPage, ContactPage, MethodsPage
from moothall.site.explorer.parts import ApiOperation, Fact, Link
from moothall.site.explorer.sentences import name_published
from moothall.site.narrative.names import capitalise

NO_OPERATOR = "The operator of this copy has not given a name."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PAGE = re.compile(r"https?://\S+")


def make_methods(release: Release) -> MethodsPage:
    """The formulas in use."""
    return MethodsPage(
        release_id=release.record.id,
        bands=tuple(Fact(_say_distances(band), _say_words(band)) for band in BANDS),
        markers=tuple(Fact(capitalise(meaning.label), meaning.sentence) for meaning in MARKERS.values()),
        kinds=tuple(Fact(quality.label, quality.meaning) for quality in Quality),
    )


def _say_distances(band: Band) -> str:
    if band is BANDS[0]:
        return f"less than {band.limit:g}"
    return f"{band.least:g} or more" if band is BANDS[-1] else f"{band.least:g} to less than {band.limit:g}"


def _say_words(band: Band) -> str:
    return band.words.format(direction="better or worse") or "no word: only the numbers"


def make_about(release: Release) -> AboutPage:
    """What Moothall is, and who operates this copy (`MOOTHALL_OPERATOR`)."""
    sources, files = tuple(release.sources()), release.register_files()
    postcodes = release.postcode_file
    return AboutPage(
        *(release.record.id, _say_operator(), sources, files, release.boundary_files()),
        postcode_file=postcodes,
        postcodes_of=name_published(postcodes.published) if postcodes else "",
    )


def make_accessibility(release: Release) -> AccessibilityPage:
    """How accessible the pages are."""
    return AccessibilityPage(release.record.id)


def make_contact(release: Release) -> ContactPage:
    """How to reach whoever operates this copy (`MOOTHALL_CONTACT`, an e-mail address or the address of a page)."""
    return ContactPage(release.record.id, _say_operator(), _read_contact(), tuple(release.sources()))


def _say_operator() -> str:
    name = os.environ.get("MOOTHALL_OPERATOR", "").strip()
    return f"This copy is operated by {name}." if name else NO_OPERATOR


def _read_contact() -> Link | None:
    """The operator's e-mail address or page as a link; none where none is given, or where it is neither."""
    given = os.environ.get("MOOTHALL_CONTACT", "").strip().removeprefix("mailto:")
    if _PAGE.fullmatch(given):
        return Link(given, given)
    return Link(given, f"mailto:{given}") if _EMAIL.fullmatch(given) else None


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
