"""Linked data: what a page is about, in the words that search engines for data read (schema.org)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from moothall.release.downloads.formats import Format
from moothall.release.queries import Release
from moothall.release.records import MetricRecord
from moothall.site.explorer.pages import HomePage, MetricPage, Page, TopicPage
from moothall.site.explorer.provenance import find_sources
from moothall.site.explorer.takeaway import Download

_PLACE = {"@type": "Country", "name": "England"}
_NAME = "Moothall"


def describe_page(release: Release, page: Page, address: str) -> Markup:
    """The page as JSON-LD, safe inside a script element; empty for pages that are about no data."""
    split = urlsplit(address)
    origin = f"{split.scheme}://{split.netloc}"
    match page:
        case MetricPage():
            said = _describe_metric(release, page.metric, f"{origin}/metrics/{page.metric.key}")
            said["distribution"] = _list_files(page.download, origin)
        case TopicPage() if page.download is not None:
            metrics = [each for each in release.metrics(topic=page.topic.key) if each.status.has_figures]
            said = _describe(release, metrics, page.topic.title, page.topic.description, address)
            said["distribution"] = _list_files(page.download, origin)
        case HomePage():
            said = {
                "@type": "DataCatalog",
                "name": _NAME,
                "description": "Comparable figures on every English council, beside others like it.",
                "url": address,
                "spatialCoverage": _PLACE,
                "dataset": [
                    {"@type": "Dataset", "name": topic.title, "description": topic.description, "url": url}
                    for topic in release.topics()
                    if (url := f"{origin}/topics/{topic.key}")
                ],
            }
        case _:
            return Markup()
    text = json.dumps({"@context": "https://schema.org", **said}, ensure_ascii=False, separators=(",", ":"))
    # Nothing in it may close the element or open a comment; in JSON these signs mean the same written so.
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - escaped just above


def _describe_metric(release: Release, metric: MetricRecord, address: str) -> dict[str, Any]:
    return _describe(release, [metric], metric.title, metric.description, address)


def _describe(
    release: Release, metrics: list[MetricRecord], title: str, description: str, address: str
) -> dict[str, Any]:
    sources = {source.key: source for metric in metrics for source in find_sources(release, metric)}
    periods = [
        period
        for metric in metrics
        for breakdown in metric.breakdowns
        for period in release.periods(metric.key, breakdown)
    ]
    said: dict[str, Any] = {
        "@type": "Dataset",
        "name": title,
        "description": description,
        "url": address,
        "version": release.record.id,
        "dateModified": release.built.isoformat(),
        "isAccessibleForFree": True,
        "license": sorted({source.licence_address for source in sources.values()}),
        "creator": [
            {"@type": "Organization", "name": name} for name in sorted({each.publisher for each in sources.values()})
        ],
        "publisher": {"@type": "Organization", "name": _NAME},
        "spatialCoverage": _PLACE,
        "variableMeasured": [
            {"@type": "PropertyValue", "name": each.title, "propertyID": each.key, "unitText": each.unit_words}
            for each in metrics
        ],
    }
    if periods:
        first, last = min(each.start for each in periods), max(each.end for each in periods)
        said["temporalCoverage"] = f"{first.isoformat()}/{last.isoformat()}"
    return said


def _list_files(download: Download, origin: str) -> list[dict[str, str]]:
    media = {form.label: form.media_type for form in Format}
    return [
        {
            "@type": "DataDownload",
            "name": each.label,
            "encodingFormat": media[each.label].partition(";")[0],
            "contentUrl": origin + each.address,
        }
        for each in download.formats
    ]
