"""Page contracts of the search: each field is a variable of its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moothall.site.addresses import FIND, find_address
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Link


@dataclass(frozen=True, slots=True)
class FoundArea:
    """An authority that was found, with who else runs services there, or what took its place."""

    link: Link
    class_label: str
    note: str  # "until 31 March 2019", or empty
    beside: str  # what the links are to, in a sentence that they end
    others: tuple[Link, ...]
    place: Link | None  # everyone who runs services there


@dataclass(frozen=True, slots=True)
class FoundSubject:
    """A metric or a topic that was found."""

    link: Link
    note: str


@dataclass(frozen=True, slots=True)
class FoundSubjects:
    """The topics and metrics found, together or of one authority."""

    heading: str  # "Topics and metrics in Devon"
    topics: tuple[FoundSubject, ...]
    metrics: tuple[FoundSubject, ...]
    more: Link | None  # every metric found, where not all are shown


@dataclass(frozen=True, slots=True)
class FindPage(Page):
    """What a search led to, or the search box alone."""

    template: ClassVar[str] = "find.html"
    heading: str
    query: str  # what stands in the box
    messages: tuple[str, ...]
    areas: tuple[FoundArea, ...]
    subjects: FoundSubjects | None
    links: tuple[Link, ...]  # where else to look
    tips: tuple[str, ...]  # what to try

    def find_canonical(self, path: str) -> str:
        """The address of the search; it has what was asked for."""
        return find_address(self.query) if self.query else path


@dataclass(frozen=True, slots=True)
class PostcodePage(FindPage):
    """What a postcode led to: the answer to one form, of which nobody keeps a copy."""

    @property
    def is_kept(self) -> bool:
        """Never: the page says which postcode somebody typed."""
        return False

    def find_canonical(self, path: str) -> str:
        """The search itself: what was typed stands in no address."""
        return FIND
