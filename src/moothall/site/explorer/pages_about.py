"""Page contracts of releases and of pages about the site itself: each field is a variable of its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moothall.release.find import PostcodeFileRecord
from moothall.release.records import (
    BoundaryFileRecord,
    RegisterFileRecord,
    ReleaseRecord,
    SourceRecord,
)
from moothall.site.explorer.changes import ReleaseChanges, ServedRelease
from moothall.site.explorer.life_parts import AcceptedCase
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import (
    Fact,
    Link,
    SettledCase,
)
from moothall.site.explorer.parts_api import ApiOperation, ApiThing
from moothall.site.explorer.release_files import ReleaseFile
from moothall.site.explorer.takeaway import Download


@dataclass(frozen=True, slots=True)
class ReleasesPage(Page):
    """The releases this copy has shown, newest first."""

    template: ClassVar[str] = "releases.html"
    shown: ServedRelease
    entries: tuple[ServedRelease, ...]


@dataclass(frozen=True, slots=True)
class ReleasePage(Page):
    """What changed in a release, what it holds and what it was made from."""

    template: ClassVar[str] = "release.html"
    release: ReleaseRecord
    built: str
    is_shown: bool
    times: tuple[str, ...]  # in which it was shown
    notice: str  # that another release is shown, or that this copy went back to this one, or empty
    notice_link: Link | None
    changes: ReleaseChanges
    download: Download | None  # of what changed, where that is kept
    files: tuple[ReleaseFile, ...]
    sources: tuple[SourceRecord, ...]
    settled: tuple[SettledCase, ...]
    accepted: tuple[AcceptedCase, ...]

    def find_canonical(self, path: str) -> str:
        """The release's own address."""
        return f"/releases/{self.release.id}"


@dataclass(frozen=True, slots=True)
class MethodsPage(Page):
    """The formulas in use."""

    template: ClassVar[str] = "methods.html"
    section: ClassVar[str] = "about"
    bands: tuple[Fact, ...]  # of distances from a median, with their words
    markers: tuple[Fact, ...]
    kinds: tuple[Fact, ...]  # of statistic


@dataclass(frozen=True, slots=True)
class AboutPage(Page):
    """What Moothall is, what it is not, and who operates this copy."""

    template: ClassVar[str] = "about.html"
    section: ClassVar[str] = "about"
    operator: str
    sources: tuple[SourceRecord, ...]
    register_files: tuple[RegisterFileRecord, ...]
    boundary_files: tuple[BoundaryFileRecord, ...]
    postcode_file: PostcodeFileRecord | None
    postcodes_of: str  # the month of the directory


@dataclass(frozen=True, slots=True)
class AccessibilityPage(Page):
    """How accessible the pages are, how that is tested, and whom to tell."""

    template: ClassVar[str] = "accessibility.html"
    section: ClassVar[str] = "about"


@dataclass(frozen=True, slots=True)
class ContactPage(Page):
    """How to reach whoever operates this copy, and who else to turn to."""

    template: ClassVar[str] = "contact.html"
    section: ClassVar[str] = "about"
    operator: str
    contact: Link | None


@dataclass(frozen=True, slots=True)
class ApiPage(Page):
    """How to ask the API."""

    template: ClassVar[str] = "api.html"
    section: ClassVar[str] = "api"
    site: str  # the address of this copy
    first: ApiOperation  # what to begin with
    parts_example: str  # an address that asks for figures in parts
    whole: int  # the most figures in one answer without limit
    etag: str  # of the first example
    refusal: str  # an error as it is answered
    refused: str  # the address that is answered so
    statuses: tuple[Fact, ...]  # what each status other than 200 says
    markers: tuple[Fact, ...]
    licences: tuple[Fact, ...]
    operations: tuple[ApiOperation, ...]
    things: tuple[ApiThing, ...]
