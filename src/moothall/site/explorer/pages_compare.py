"""The page contract of the comparison of any councils in any metrics, and the parts it is put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from moothall.site.explorer.compared import ComparedWith
from moothall.site.explorer.pages import Page
from moothall.site.explorer.parts import Choice, KeyEntry, Link
from moothall.site.explorer.parts_comparison import ComparisonRow, MarkedCouncil
from moothall.site.explorer.takeaway import Download


@dataclass(frozen=True, slots=True)
class CompareCell:
    """One cell: what it says, where that leads, and what qualifies it; plain, so that it pastes as it reads."""

    text: str
    address: str = ""
    note: str = ""
    is_absent: bool = False


@dataclass(frozen=True, slots=True)
class CompareLine:
    """One line of the table: what it is about, and a cell for each column."""

    head: CompareCell
    cells: tuple[CompareCell, ...]


@dataclass(frozen=True, slots=True)
class CompareTable:
    """Councils and metrics as a table, whichever are the fewer as its columns."""

    caption: str
    corner: str  # what the first column has
    columns: tuple[CompareCell, ...]
    lines: tuple[CompareLine, ...]
    is_wide: bool  # whether it has so many columns that paper needs smaller letters


@dataclass(frozen=True, slots=True)
class CompareForm:
    """The forms that add councils, metrics and a group of one's own."""

    blanks: tuple[str, ...]  # labels of the fields for councils
    councils: tuple[str, ...]  # names to choose from
    metrics: tuple[str, ...]  # titles to choose from
    topics: tuple[Choice, ...]
    peers: tuple[Choice, ...]
    models: tuple[Choice, ...]  # lists of neighbours
    kept: tuple[tuple[str, str], ...]  # hidden fields: the councils and metrics there are
    chosen: tuple[tuple[str, str], ...]  # hidden fields: the group and its name, where one is compared with
    group: str  # its councils by name, one on each line
    name: str


@dataclass(frozen=True, slots=True)
class ComparePage(Page):
    """Any councils in any metrics: a table, and a strip for each metric."""

    template: ClassVar[str] = "compare.html"
    section: ClassVar[str] = "areas"
    heading: str
    lead: str  # what there is to see, or what to do first
    notes: tuple[str, ...]
    form: CompareForm
    councils: tuple[MarkedCouncil, ...]
    metrics: tuple[Link, ...]  # each metric named, with the address that takes it away; and the topic
    compared: ComparedWith | None
    compared_with: str
    table: CompareTable | None
    rows: tuple[ComparisonRow, ...]
    report: Link | None  # the first council's, beside a group of one's own
    picture_page: str  # with everything that was asked for, a group that a reader brought too
    strip_key: tuple[KeyEntry, ...]
    canonical: str
    download: Download

    @property
    def is_kept(self) -> bool:
        """Nobody keeps a group that a reader brought, nor what it is called."""
        return not self.form.chosen

    def find_canonical(self, path: str) -> str:
        """With what is compared, and without a group that a reader brought."""
        return self.canonical
