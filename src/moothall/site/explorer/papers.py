"""Pages about Moothall itself: methods, what this is and who operates it."""

from __future__ import annotations

import os
import re

from moothall.core.bands import BANDS, Band
from moothall.core.quality import Quality
from moothall.core.values import MARKERS
from moothall.release.queries import Release
from moothall.site.explorer.pages_about import AboutPage, AccessibilityPage, ContactPage, MethodsPage
from moothall.site.explorer.parts import Fact, Link
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
    return ContactPage(release.record.id, _say_operator(), _read_contact())


def _say_operator() -> str:
    name = os.environ.get("MOOTHALL_OPERATOR", "").strip()
    return f"This copy is operated by {name}." if name else NO_OPERATOR


def _read_contact() -> Link | None:
    """The operator's e-mail address or page as a link; none where none is given, or where it is neither."""
    given = os.environ.get("MOOTHALL_CONTACT", "").strip().removeprefix("mailto:")
    if _PAGE.fullmatch(given):
        return Link(given, given)
    return Link(given, f"mailto:{given}") if _EMAIL.fullmatch(given) else None
