"""The contracts of the pages that only a fixed copy of the site has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Link


@dataclass(frozen=True, slots=True)
class ThisCopyPage(Page):
    """What a fixed copy has, and what it leaves to the live service."""

    template: ClassVar[str] = "this_copy.html"
    built: str
    live: Link | None
    has: tuple[Link, ...]
    file_links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class LineagePage(Page):
    """Where to find the lineage of one metric's figures in a fixed copy."""

    template: ClassVar[str] = "lineage.html"
    section: ClassVar[str] = "metrics"
    metric: Link
    figures: int
    formula: str | None
    inputs: tuple[Link, ...]  # the traces of the metrics that it is worked out from
    files: tuple[Link, ...]
