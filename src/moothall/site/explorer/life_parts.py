"""Parts of pages about a metric's life, and about what was accepted before publishing."""

from __future__ import annotations

from dataclasses import dataclass

from moothall.site.explorer.parts import Link


@dataclass(frozen=True, slots=True)
class MetricLife:
    """That a metric was improved or retired, in a sentence, with the way to what took its place."""

    sentence: str
    replacement: Link | None


@dataclass(frozen=True, slots=True)
class AcceptedCase:
    """What the checks before publishing found and was accepted for one reason: which check, and where."""

    check: str
    reason: str
    places: tuple[str, ...]
