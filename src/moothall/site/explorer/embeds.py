"""Embeds: a chart of a page by itself, for a frame on somebody else's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest

from moothall.release.queries import Release
from moothall.site.addresses import embed_address
from moothall.site.explorer.area_pictures import take_topic
from moothall.site.explorer.asked import Redirected, read_choice
from moothall.site.explorer.pages import Page
from moothall.site.explorer.picture_parts import ChartAlone
from moothall.site.explorer.pictures import PICTURES

MOST_IN_FRAME = 4
"""How many metrics of a topic a frame has: more would be longer than the page around it."""

OF_A_METRIC = ("strip", "trend", "map", "funnel", "bars", "breakdowns")


@dataclass(frozen=True, slots=True)
class EmbedPage(Page):
    """A chart with its title, sentence, key and source, and nothing around it."""

    template: ClassVar[str] = "embed.html"
    taken: ChartAlone

    @property
    def is_kept(self) -> bool:
        """As its page is."""
        return self.taken.is_kept

    def find_canonical(self, path: str) -> str:
        """The page that it is from."""
        return self.taken.page


def make_embed(release: Release, request: HttpRequest, key: str, kinds: Sequence[str], **more: str) -> EmbedPage:
    """The chart that `chart` names among `kinds`, or the first, for the question that the rest of the address asks.

    `more` is what stands in the path of its page beside the key. Raises `UnknownKey` where that page has no such
    chart, and what the page raises.
    """
    kind = read_choice(request.GET, "chart", kinds, kinds[0])
    asked = request.GET.copy()
    asked.pop("chart", None)
    for name, value in more.items():
        asked[name] = value
    try:
        if kind == "topic":
            taken = take_topic(release, key, asked, MOST_IN_FRAME)
        else:
            taken = PICTURES[kind](release, key, asked)
    except Redirected as elsewhere:
        raise Redirected(embed_address(kind, elsewhere.address), permanent=elsewhere.permanent) from None
    return EmbedPage(taken.release_id, taken)
