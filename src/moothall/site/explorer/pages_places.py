"""The contract of the page of a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moothall.release.records import AreaRecord
from moothall.site.addresses import place_address
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Link
from moothall.site.explorer.parts_areas import (
    Bill,
    BillPart,
    Complaint,
    PlaceAuthority,
    PlaceTopic,
    ServiceGroup,
    SharedOutcome,
)
from moothall.site.explorer.reorganisation import Announcement
from moothall.site.explorer.takeaway import Download


@dataclass(frozen=True, slots=True)
class PlacePage(Page):
    """Everyone who runs services on one council's ground, with both tiers' figures and the council tax bill."""

    template: ClassVar[str] = "place.html"
    section: ClassVar[str] = "areas"
    area: AreaRecord
    place: str  # its name inside a sentence
    lead: str
    notice: str  # that an old code led here, or empty
    announced: tuple[Announcement, ...]
    authorities: tuple[PlaceAuthority, ...]
    services: tuple[ServiceGroup, ...]
    cautions: tuple[str, ...]  # what the list of services does not know
    councils: tuple[Link, ...]  # whose figures are shown, in order
    topics: tuple[PlaceTopic, ...]  # empty where there is one council
    download: Download | None  # of both councils' figures
    shared: tuple[SharedOutcome, ...]
    bill: Bill | None
    bills: tuple[BillPart, ...]  # of a county: the whole bill in each district
    not_held: tuple[str, ...]  # who else is there, that the register does not have
    complaints: tuple[Complaint, ...]

    def find_canonical(self, path: str) -> str:
        """With the area's name, whether asked for with it or not."""
        return place_address(self.area)
