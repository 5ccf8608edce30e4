"""What is on a page to take away: the address of each format, of the same query as the page."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from moothall.release.downloads.formats import SPREADSHEETS_FIRST, Format
from moothall.site.addresses import Query, api_figures_address


@dataclass(frozen=True, slots=True)
class DownloadFormat:
    """One format in which a view can be taken away."""

    label: str
    audience: str  # who it is for, in a few words
    address: str


@dataclass(frozen=True, slots=True)
class Download:
    """What is on a page to take away, in every format that it has."""

    what: str  # "every council’s figure"
    formats: tuple[DownloadFormat, ...]


LISTS = tuple(form for form in SPREADSHEETS_FIRST if form is not Format.JSONSTAT)
"""The formats of what is not figures and has no cube."""


def offer_figures(what: str, query: Query) -> Download:
    """Figures in every format; `what` is which, in mid-sentence."""
    asked = list(query)
    return offer(what, SPREADSHEETS_FIRST, lambda form: api_figures_address([*asked, ("format", form)]))


def offer(what: str, formats: Collection[Format], address: Callable[[str | None], str]) -> Download:
    """What `address` leads to in each format; none of a format is JSON, which the API answers with unless asked."""
    return Download(
        what,
        tuple(
            DownloadFormat(form.label, form.audience, address(None if form is Format.JSON else str(form)))
            for form in formats
        ),
    )
