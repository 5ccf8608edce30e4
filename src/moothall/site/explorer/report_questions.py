"""Report questions: for whom a report is asked for, on what and beside whom, checked against the release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from django.http import QueryDict

from moothall.release.queries import Release
from moothall.release.records import PEERS, AreaRecord, Comparators, TopicRecord
from moothall.site.addresses import report_address
from moothall.site.explorer.asked import Mistake, Redirected, Refused, read_choice, read_many, read_one
from moothall.site.explorer.comparisons import choose_comparators, label_comparators
from moothall.site.explorer.council_names import find_council
from moothall.site.explorer.own_lists import read_group_name
from moothall.site.explorer.questions import MOST_CHOSEN, read_comparators

Audience = Literal["resident", "councillor", "officer"]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a report for one kind of reader has."""

    label: str
    readers: str  # "for councillors"
    rows: int  # figures of each topic, at most
    questions: int
    pages: int  # of a PDF, at most
    named: int  # missing figures that each reason names, at most
    lists_series: bool  # whether every series is named, or their publishers alone
    tells_words: bool  # whether each figure has its words and says what it does not tell


AUDIENCES: dict[Audience, Extent] = {
    "resident": Extent(
        "Resident", "for residents", rows=1, questions=3, pages=2, named=0, lists_series=False, tells_words=False
    ),
    "councillor": Extent(
        "Councillor", "for councillors", rows=3, questions=8, pages=6, named=3, lists_series=True, tells_words=False
    ),
    "officer": Extent(
        "Officer", "for officers", rows=10, questions=12, pages=30, named=5, lists_series=True, tells_words=True
    ),
}
DEFAULT: Audience = "councillor"


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """What a reader asks a report for."""

    area: AreaRecord
    audience: Audience
    topic: TopicRecord | None
    peers: Comparators
    usual: Comparators
    name: str  # of a group of one's own, as somebody called it, or empty

    @property
    def extent(self) -> Extent:
        """How much of everything this reader is given."""
        return AUDIENCES[self.audience]

    @property
    def label(self) -> str:
        """The comparators in words."""
        return label_comparators(self.area, self.peers, self.name)

    def tells_words_of(self, metric: str) -> bool:
        """Whether a figure has its words: all an officer's, and of a report on one topic those shown first."""
        return self.extent.tells_words or (self.topic is not None and metric in self.topic.headlines)

    def address(self, *, is_pdf: bool = False) -> str:
        """The address of this report, with no more in it than must be said."""
        return report_address(
            self.area.code,
            is_pdf=is_pdf,
            audience=None if self.audience == DEFAULT else self.audience,
            topic=self.topic.key if self.topic else None,
            peers=None if self.peers == self.usual else self.peers,
            name=self.name,
        )

    def generalise(self) -> ReportQuery:
        """The same without a group of one's own."""
        return replace(self, peers=self.usual, name="") if self.peers.group else self

    def readdress(self, audience: Audience) -> str:
        """The address of the same report for other readers."""
        return replace(self, audience=audience).address()


def read_report(release: Release, area: AreaRecord, asked: QueryDict, *, is_pdf: bool = False) -> ReportQuery:
    """Read and check the parameters.

    Raises `Refused` for parameters that do not fit, `Redirected` where a council is asked for by its name.
    """
    audience = read_choice(asked, "audience", tuple(AUDIENCES), DEFAULT)
    topics = {topic.key: topic for topic in release.topics()}
    topic = topics.get(read_choice(asked, "topic", tuple(topics), ""))
    usual = choose_comparators(release, area)
    kind = read_choice(asked, "peers", PEERS, usual.kind)
    said = read_many(asked, "with", MOST_CHOSEN)
    found = [find_council(release, "with", each, release.built) for each in said]
    if kind == "custom" and not found:
        raise Refused(Mistake("with", "Give “with” the code of each council to compare with."))
    if kind == "neighbours" and usual.kind != "neighbours":
        raise Refused(Mistake("peers", "There is no list of neighbours of this authority."))
    peers = read_comparators(release, asked, kind, [other.code for other in found if other.code != area.code])
    name = read_group_name(asked) if kind == "custom" else ""
    query = ReportQuery(area, audience, topic, peers, usual, name)
    is_other = read_one(asked, "model") if kind != "neighbours" else ""
    is_renamed = asked.get("name", name) != name
    if is_other or is_renamed or (kind == "custom" and [other.code for other in found] != asked.getlist("with")):
        raise Redirected(query.address(is_pdf=is_pdf))
    return query
