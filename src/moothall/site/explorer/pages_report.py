"""The contract of a council's report: the page to print and the PDF are made of it alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moothall.charts.svg import Svg
from moothall.release.records import AreaRecord
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Choice, Fact, KeyEntry, Link, Missing, View
from moothall.site.explorer.parts_areas import Things
from moothall.site.explorer.reorganisation import Announcement


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One figure of a report: its value beside its comparators, on a slim strip and over time, and in words."""

    title: str
    anchor: str  # the metric's key
    address: str
    trace_address: str
    text: str
    is_absent: bool
    note: str  # what qualifies the value, or empty
    standing: str  # "slightly better than", or empty where only the numbers speak
    median: str
    position: str  # "7 of 16"
    period: str
    age: str
    strip: Svg | None
    strip_words: str
    course: Svg | None
    course_words: str
    sentence: str  # empty, as is the next, where the report leaves words to the metric's page
    not_tell: str


@dataclass(frozen=True, slots=True)
class ReportTopic:
    """One topic of a report: how its figures stand, counted, and those that it has room for."""

    title: str
    anchor: str
    address: str
    counted: str  # "3 better, 9 similar, 1 worse", or empty
    rows: tuple[ReportRow, ...]
    more: Link | None  # to the figures that there is no room for


@dataclass(frozen=True, slots=True)
class Evidence:
    """A figure that raises a question, in its own words, with the way to the cell it came from."""

    title: str
    address: str
    trace_address: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ReportQuestion:
    """A question that somebody might ask the council: what raises it, the figures, and the open question itself."""

    raised: str  # "A difference from others"
    question: str
    why: str  # what the figures do not say themselves, or empty
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ReportPublisher:
    """A publisher whose series figures of the report come from, under one licence; several where none is listed."""

    name: str
    licence: str
    series: tuple[str, ...]  # "Planning statistics (published 27 March 2025)"; empty where publishers alone are named


@dataclass(frozen=True, slots=True)
class ReportForm:
    """The form that makes another report of the same council."""

    audiences: tuple[Choice, ...]
    topics: tuple[Choice, ...]
    peers: tuple[Choice, ...]
    models: tuple[Choice, ...]
    group: tuple[str, ...]  # codes of the councils chosen to compare with, which the form keeps
    name: str  # what that group is called, which the form keeps too


@dataclass(frozen=True, slots=True)
class ReportPage(Page):
    """A council's profile to print, for one kind of reader."""

    template: ClassVar[str] = "report.html"
    section: ClassVar[str] = "areas"
    area: AreaRecord
    place: str  # its name inside a sentence
    title: str  # "Croydon: a report for councillors"
    subtitle: str
    lead: str
    announced: tuple[Announcement, ...]
    facts: tuple[Fact, ...]
    compared_with: str
    comparators: tuple[Link, ...]  # by name, the most alike first; empty where they are a kind or a region
    notes: tuple[str, ...]  # what must be known before anything is compared
    things: Things | None
    in_short: tuple[Fact, ...]  # "Better than the median" and how many figures are
    by_chance: str
    questions: tuple[ReportQuestion, ...]
    questions_looked_at: str
    key: tuple[KeyEntry, ...]
    median_of: str  # "Croydon’s neighbours", or empty where nothing is compared
    topics: tuple[ReportTopic, ...]
    missing: tuple[Missing, ...]
    publishers: tuple[ReportPublisher, ...]
    built: str  # the day of the release in words
    form: ReportForm
    audiences: tuple[View, ...]
    address: str
    canonical: str
    pdf_address: str
    area_link: Link

    @property
    def is_kept(self) -> bool:
        """Nobody keeps a group that a reader brought, nor what it is called."""
        return not self.form.group

    def find_canonical(self, path: str) -> str:
        """The address of this report, without a group that a reader brought."""
        return self.canonical
